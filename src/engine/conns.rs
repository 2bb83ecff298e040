//! The connections of one session as snapshots show them: what never changes is made once and shared, rates are metered
//! only where bytes move.
//!
//! Everything here is walked with 5,000 connections thirty times a second: no formatting, no look-up per connection.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::dial::Dial;
use super::view::end_reason;
use super::{ConnInfo, EndReason};
use crate::lab::{EndpointId, Side, Transport};
use crate::probe::TcpState;
use crate::stats::RateMeter;
use crate::trace::{Board, Conn, ConnId, ConnStage, End, Totals};

/// Ended connections that stay in view.
pub(super) const ENDED_SHOWN: usize = 256;
/// Rates of connections are taken this often, sessions more often.
const METER_PERIOD: Duration = Duration::from_millis(100);
/// A connection that was quiet this long has the rate zero, without a meter.
const QUIET: Duration = Duration::from_millis(1_100);

/// One connection in view.
pub(super) struct Entry {
    pub conn: Arc<Conn>,
    pub info: Arc<ConnInfo>,
    /// The server of ours it goes to (client ends), as far as known.
    pub door: Option<EndpointId>,
    /// When the doors were last searched for it.
    pub doors_seen: u64,
    /// When and why it ended.
    pub end: Option<(Duration, EndReason)>,
    /// Received and sent bytes a second.
    pub rates: [f64; 2],
    /// Unread and unsent bytes, where the kernel was asked.
    pub buffers: (Option<u32>, Option<u32>),
    /// TCP: the state in which the kernel holds this end, where it was asked.
    pub tcp: Option<TcpState>,
    /// Clients over streams: how its connect goes.
    pub dial: Option<Box<Dial>>,
    /// Handed to the matching of both ends.
    offered: bool,
    meter: Option<Box<RateMeter<2>>>,
    metered: [u64; 2],
}

/// All connections of one session in view.
pub(super) struct ConnBook {
    session: EndpointId,
    side: Side,
    transport: Transport,
    /// In order of their ids, which is the order of birth.
    pub live: Vec<Entry>,
    /// In the order they ended.
    pub ended: VecDeque<Entry>,
    /// Open for the first time: their other ends are looked for.
    pub fresh: Vec<Arc<ConnInfo>>,
    /// No longer in view.
    pub gone: Vec<Arc<ConnInfo>>,
    last_metered: Duration,
    followed: Option<Members>,
}

/// Changes whenever a connection comes, opens or goes: opened, failed, open and connecting ones, and the one that ended last
/// (one that came and went as it was connecting leaves the numbers as they were).
type Members = ([u64; 4], Option<ConnId>);

impl ConnBook {
    pub fn new(session: EndpointId, side: Side, transport: Transport) -> Self {
        Self {
            session,
            side,
            transport,
            live: Vec::new(),
            ended: VecDeque::new(),
            fresh: Vec::new(),
            gone: Vec::new(),
            last_metered: Duration::ZERO,
            followed: None,
        }
    }

    fn entry(&self, conn: &Arc<Conn>, name: &Arc<str>) -> Entry {
        Entry {
            conn: Arc::clone(conn),
            info: self.describe(conn, name),
            door: None,
            doors_seen: 0,
            end: None,
            rates: [0.0; 2],
            buffers: (None, None),
            tcp: None,
            dial: None,
            offered: false,
            meter: None,
            metered: [0; 2],
        }
    }

    fn describe(&self, conn: &Conn, name: &Arc<str>) -> Arc<ConnInfo> {
        Arc::new(ConnInfo {
            id: conn.id,
            session: self.session,
            side: self.side,
            transport: self.transport,
            session_name: Arc::clone(name),
            number: conn.number,
            fd: conn.fd,
            local: Arc::clone(&conn.local),
            peer: Arc::clone(&conn.peer),
            opened: Duration::from_nanos(conn.opened_ns),
            other_end: OnceLock::new(),
        })
    }

    /// What never changes about this connection, for a record that names it.
    pub fn info(&mut self, conn: &Arc<Conn>, name: &Arc<str>) -> Arc<ConnInfo> {
        match self.live.binary_search_by_key(&conn.id, |e| e.conn.id) {
            Ok(at) => {
                self.refresh(at, conn, name);
                Arc::clone(&self.live[at].info)
            }
            Err(at) => {
                if let Some(entry) = self.ended.iter().rev().find(|e| e.conn.id == conn.id) {
                    return Arc::clone(&entry.info);
                }
                let entry = self.entry(conn, name);
                self.live.insert(at, entry);
                // Whether it lives is known only after the next comparison with the board.
                self.followed = None;
                self.refresh(at, conn, name);
                Arc::clone(&self.live[at].info)
            }
        }
    }

    /// A connect that finished replaces its `Conn`, with the same id and the local address known at last.
    fn refresh(&mut self, at: usize, conn: &Arc<Conn>, name: &Arc<str>) {
        let entry = &mut self.live[at];
        if !Arc::ptr_eq(&entry.conn, conn) && entry.conn.stage() == ConnStage::Connecting {
            entry.conn = Arc::clone(conn);
            if entry.info.local != conn.local {
                let info = self.describe(conn, name);
                self.live[at].info = info;
            }
        }
        let entry = &mut self.live[at];
        if !entry.offered && entry.conn.stage() != ConnStage::Connecting {
            entry.offered = true;
            self.fresh.push(Arc::clone(&entry.info));
        }
    }

    /// Follows the board. The caller has drained the board's records before, so that even a connection that came and went
    /// since the last time was seen.
    pub fn follow(&mut self, board: &Board, name: &Arc<str>) {
        let Totals { opened, failed, open, connecting, .. } = board.totals();
        let members = ([opened, failed, open, connecting], board.recently_ended(1).last().map(|(conn, ..)| conn.id));
        if self.followed.replace(members) == Some(members) {
            return;
        }
        let live = board.live();
        let ended = board.recently_ended(ENDED_SHOWN);
        let mut old = std::mem::replace(&mut self.live, Vec::with_capacity(live.len())).into_iter().peekable();
        let mut leavers = HashMap::new();
        for conn in &live {
            while let Some(left) = old.next_if(|e| e.conn.id < conn.id) {
                leavers.insert(left.conn.id, left);
            }
            let entry = old.next_if(|e| e.conn.id == conn.id).unwrap_or_else(|| self.entry(conn, name));
            self.live.push(entry);
            self.refresh(self.live.len() - 1, conn, name);
        }
        leavers.extend(old.map(|e| (e.conn.id, e)));
        self.follow_ended(&ended, leavers, name);
    }

    fn follow_ended(&mut self, ended: &[(Arc<Conn>, u64, Arc<End>)], mut leavers: HashMap<ConnId, Entry>, name: &Arc<str>) {
        let first = ended.first().map(|(conn, ..)| conn.id);
        while let Some(front) = self.ended.front()
            && Some(front.conn.id) != first
        {
            self.gone.extend(self.ended.pop_front().map(|e| e.info));
        }
        for (conn, at_ns, end) in ended.iter().skip(self.ended.len()) {
            let mut entry = leavers.remove(&conn.id).unwrap_or_else(|| self.entry(conn, name));
            entry.conn = Arc::clone(conn);
            entry.end = Some((Duration::from_nanos(*at_ns), end_reason(end, &conn.peer)));
            (entry.rates, entry.buffers, entry.meter) = ([0.0; 2], (None, None), None);
            self.ended.push_back(entry);
        }
        self.gone.extend(leavers.into_values().map(|e| e.info));
    }

    /// Takes the rates of the connections where bytes move. True when a shown rate changed.
    pub fn meter(&mut self, now: Duration) -> bool {
        if now.saturating_sub(self.last_metered) < METER_PERIOD {
            return false;
        }
        let before = std::mem::replace(&mut self.last_metered, now);
        let mut changed = false;
        for entry in &mut self.live {
            if now.saturating_sub(Duration::from_nanos(entry.conn.active_ns())) > QUIET {
                changed |= entry.meter.take().is_some();
                entry.rates = [0.0; 2];
                continue;
            }
            let totals = entry.conn.totals();
            let bytes = [totals.rx_bytes, totals.tx_bytes];
            let meter = entry.meter.get_or_insert_with(|| {
                let mut meter = Box::new(RateMeter::default());
                // Quiet until now, so the totals of the last look were true until just before this one.
                meter.update(before.max(entry.info.opened).min(now), entry.metered);
                meter
            });
            entry.rates = meter.update(now, bytes);
            entry.metered = bytes;
            changed = true;
        }
        changed
    }

    /// The session starts again: nothing of the last generation stays in view.
    pub fn clear(&mut self) {
        self.gone.extend(self.live.drain(..).chain(self.ended.drain(..)).map(|e| e.info));
        self.fresh.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_connection_keeps_its_number_from_connecting_to_ended_and_leaves_after_256_others() {
        let (board, name) = (Board::new(Instant::now()), Arc::from("c"));
        let mut book = ConnBook::new(EndpointId(1), Side::Client, Transport::Tcp);
        let conn = board.add(3, "unnamed", "b", ConnStage::Connecting);
        book.follow(&board, &name);
        assert_eq!((book.live.len(), book.fresh.len()), (1, 0), "not open: no other end to look for");
        let conn = board.opened(&conn, "127.0.0.1:5");
        book.follow(&board, &name);
        book.follow(&board, &name);
        assert_eq!(&*book.live[0].info.local, "127.0.0.1:5");
        assert_eq!(book.fresh.len(), 1, "offered once");
        let info = Arc::clone(&book.live[0].info);
        board.ended(&conn, End::Reset);
        book.follow(&board, &name);
        assert!(book.live.is_empty() && Arc::ptr_eq(&book.ended[0].info, &info));
        assert_eq!(book.ended[0].end.as_ref().map(|e| e.1.clone()), Some(EndReason::Reset));
        for n in 0..ENDED_SHOWN {
            let conn = board.add(3, "a", "b", ConnStage::Open);
            if n % 2 == 0 {
                book.follow(&board, &name);
            }
            board.ended(&conn, End::Orderly);
        }
        book.follow(&board, &name);
        assert_eq!((book.live.len(), book.ended.len()), (0, ENDED_SHOWN));
        assert!(book.gone.iter().any(|i| Arc::ptr_eq(i, &info)));
    }

    #[test]
    fn a_rate_appears_with_bytes_and_falls_to_zero_in_silence() {
        let (board, name) = (Board::new(Instant::now()), Arc::from("c"));
        let mut book = ConnBook::new(EndpointId(1), Side::Client, Transport::Tcp);
        let conn = board.add(3, "a", "b", ConnStage::Open);
        book.follow(&board, &name);
        let at = Duration::from_millis;
        assert!(book.meter(at(100)));
        board.received(&conn, &[0; 1_000], false);
        book.meter(at(600));
        assert!((book.live[0].rates[0] - 1_000.0 / 0.6).abs() < 50.0, "1,000 bytes in the 0.6 s since it began: {:?}", book.live[0].rates);
        book.meter(at(5_000));
        assert_eq!(book.live[0].rates, [0.0; 2]);
        assert!(!book.meter(at(5_200)), "nothing to show");
    }
}
