//! The traffic log: what all sessions sent, received, opened and ended, in order, within a memory limit.
//!
//! Payloads are never changed and never copied again once they are in. The sessions are drained one after the other, so that
//! a record of the first may be later than one of the last that comes with the next draining: what is later than the
//! beginning of a draining waits for the next one.

use std::sync::Arc;
use std::time::Duration;

use super::view::end_reason;
use super::{ConnInfo, EngineConfig, LogView, Record, RecordKind, TrafficTotals};
use crate::stats::Log;
use crate::trace::{RawKind, RawRecord};

/// See the module.
pub(super) struct Traffic {
    log: Log<Record>,
    limit_bytes: u64,
    limit_rows: usize,
    /// Records that came through a ring.
    drained: u64,
    evicted: u64,
    held_bytes: u64,
    /// Shared by all rows without payload.
    nothing: Arc<[u8]>,
    view: Option<LogView<Record>>,
    /// Drained, not yet in the log: this round's, and those of earlier ones that were too new.
    round: Vec<Record>,
    /// Put into the log since they were taken for the recording; none while there is no recording.
    fresh: Option<Vec<Record>>,
}

/// What a row takes besides its payload: itself, and the payload's counts and what the allocator adds to it.
const ROW: u64 = size_of::<Record>() as u64 + 32;

fn size(record: &Record) -> u64 {
    ROW + record.data.len() as u64
}

impl Traffic {
    pub fn new(config: &EngineConfig) -> Self {
        Self {
            log: Log::default(),
            limit_bytes: config.traffic_limit_bytes,
            limit_rows: config.traffic_limit_rows,
            drained: 0,
            evicted: 0,
            held_bytes: 0,
            nothing: Arc::new([]),
            view: None,
            round: Vec::new(),
            fresh: None,
        }
    }

    /// Rows that come into the log from now on are kept for the recording, or no longer.
    pub fn keep_fresh(&mut self, keeps: bool) {
        self.fresh = keeps.then(Vec::new);
    }

    /// Rows that came into the log since the last time.
    pub fn take_fresh(&mut self) -> Vec<Record> {
        self.fresh.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Memory that the rows may take from now on.
    pub fn set_limit(&mut self, bytes: u64) {
        self.limit_bytes = bytes;
        while self.is_over() && self.evict() {}
    }

    fn is_over(&self) -> bool {
        self.held_bytes > self.limit_bytes || self.log.len() > self.limit_rows
    }

    /// The oldest rows go. Without a full chunk only the short tail is left, which stays.
    fn evict(&mut self) -> bool {
        let Some(chunk) = self.log.evict_chunk() else { return false };
        self.evicted += chunk.len() as u64;
        self.held_bytes -= chunk.iter().map(size).sum::<u64>();
        self.view = None;
        true
    }

    /// Takes a record of this round.
    pub fn take(&mut self, raw: RawRecord<'_>, conn: Arc<ConnInfo>) {
        let (kind, cut) = match raw.kind {
            RawKind::Received { cut } => (RecordKind::Received, *cut),
            RawKind::Sent => (RecordKind::Sent, false),
            RawKind::Opened => (RecordKind::Opened, false),
            RawKind::Ended(end) => (RecordKind::Ended(end_reason(end, &conn.peer)), false),
        };
        let data = if raw.data.is_empty() { Arc::clone(&self.nothing) } else { Arc::from(raw.data) };
        self.round.push(Record { at: Duration::from_nanos(raw.at_ns), conn, kind, data, len: raw.len, cut });
    }

    /// All sessions were drained: puts what is older than `horizon` in order of time into the log and evicts what is too much.
    /// Nothing older may come later.
    pub fn settle(&mut self, horizon: Duration) {
        // Stable: two records of one ring keep their order.
        self.round.sort_by_key(|r| r.at);
        let ripe = self.round.partition_point(|r| r.at < horizon);
        if ripe == 0 {
            return;
        }
        self.view = None;
        self.drained += ripe as u64;
        if let Some(fresh) = &mut self.fresh {
            fresh.extend_from_slice(&self.round[..ripe]);
        }
        let mut round = std::mem::take(&mut self.round);
        for record in round.drain(..ripe) {
            self.held_bytes += size(&record);
            self.log.push(record);
            if self.is_over() {
                self.evict();
            }
        }
        self.round = round;
    }

    /// Whether records wait for the next draining.
    pub fn is_holding(&self) -> bool {
        !self.round.is_empty()
    }

    /// Whether the log changed since its last view.
    pub fn is_new(&self) -> bool {
        self.view.is_none()
    }

    /// Forgets the rows; what was made stays counted.
    pub fn clear(&mut self) {
        self.settle(Duration::MAX);
        self.log.clear();
        self.held_bytes = 0;
        self.view = None;
    }

    /// The rows held now.
    pub fn view(&mut self) -> LogView<Record> {
        let log = &mut self.log;
        self.view.get_or_insert_with(|| log.view()).clone()
    }

    /// With what the rings of all sessions lost.
    pub fn totals(&self, dropped: u64) -> TrafficTotals {
        TrafficTotals {
            made: self.drained + dropped,
            dropped,
            evicted: self.evicted,
            held_bytes: self.held_bytes,
            limit_bytes: self.limit_bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::engine::conns::ConnBook;
    use crate::lab::{EndpointId, Side, Transport};
    use crate::trace::{Board, ConnStage};

    fn rounds(config: EngineConfig, payload: usize, rounds: usize) -> Traffic {
        let board = Board::new(Instant::now());
        let conn = board.add(3, "a", "b", ConnStage::Open);
        let mut book = ConnBook::new(EndpointId(1), Side::Client, Transport::Tcp);
        let mut traffic = Traffic::new(&config);
        for _ in 0..rounds {
            (0..100).for_each(|_| board.received(&conn, &vec![7; payload], false));
            board.drain(|raw| {
                let info = book.info(raw.conn, &"c".into());
                traffic.take(raw, info);
            });
            traffic.settle(Duration::MAX);
        }
        assert_eq!(traffic.totals(board.dropped()).made, rounds as u64 * 100 + 1);
        traffic
    }

    #[test]
    fn it_stays_under_its_limits_and_counts_what_it_removed() {
        let config = EngineConfig { traffic_limit_bytes: 100_000, traffic_limit_rows: 1_000 };
        for payload in [10, 1_000] {
            let mut traffic = rounds(config, payload, 50);
            let (view, totals) = (traffic.view(), traffic.totals(0));
            assert!(view.len() <= 1_000 + 256 && totals.held_bytes <= 100_000 + 256 * (1_000 + ROW), "{totals:?}");
            assert_eq!(view.len() as u64 + totals.evicted, totals.made);
            assert_eq!(view.iter().map(size).sum::<u64>(), totals.held_bytes);
            assert!(totals.evicted > 0);
            traffic.set_limit(50_000);
            let (view, totals) = (traffic.view(), traffic.totals(0));
            assert!(totals.held_bytes <= 50_000 + 256 * (1_000 + ROW) && totals.limit_bytes == 50_000, "{totals:?}");
            assert_eq!(view.len() as u64 + totals.evicted, totals.made);
        }
    }

    #[test]
    fn rows_are_in_order_of_time_and_can_be_forgotten() {
        let mut traffic = rounds(EngineConfig::default(), 10, 5);
        let rows: Vec<_> = traffic.view().iter().map(|r| r.at).collect();
        assert!(rows.is_sorted() && rows.len() == 501);
        traffic.clear();
        assert_eq!((traffic.view().len(), traffic.totals(0).held_bytes, traffic.totals(0).made), (0, 0, 501));
    }

    #[test]
    fn what_is_newer_than_the_draining_waits_for_what_the_others_tell_of_that_time() {
        let board = Board::new(Instant::now());
        let conn = board.add(3, "a", "b", ConnStage::Open);
        let info = ConnBook::new(EndpointId(1), Side::Client, Transport::Tcp).info(&conn, &"c".into());
        let mut traffic = Traffic::new(&EngineConfig::default());
        let mut round = |times: &[u64], horizon: u64| {
            for at_ns in times {
                traffic.take(RawRecord { at_ns: *at_ns, conn: &conn, kind: &RawKind::Sent, data: b"x", len: 1 }, Arc::clone(&info));
            }
            traffic.settle(Duration::from_nanos(horizon));
            let rows: Vec<_> = traffic.view().iter().map(|r| r.at.as_nanos()).collect();
            (rows, traffic.totals(0).made, traffic.is_holding())
        };
        // One that was drained first, and one that was drained last, while the first already went on.
        assert_eq!(round(&[10, 20, 130], 100), (vec![10, 20], 2, true));
        assert_eq!(round(&[120, 140], 200), (vec![10, 20, 120, 130, 140], 5, false));
    }
}
