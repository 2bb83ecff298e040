//! Rows and arrows of the ladder: each record of the log that is in scope is a row; what left one end and came at the other
//! is an arrow between two rows. Pure: it follows the log and keeps places, never bytes.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use super::join::{Datagrams, Stream, Told};
use crate::engine::{ConnInfo, EndReason, Record, RecordKind, SessionState, Snapshot};
use crate::lab::{EndpointId, Side};
use crate::report::filter::Filter;
use crate::trace::ConnId;
use crate::ui::panel::walk::Walk;

/// Rows kept; the oldest leave first.
const KEPT: usize = 50_000;
/// Lines at most; more could not be told apart.
pub const LINES: usize = 8;
/// The other end of a connection is known so soon; a record younger than that waits for it.
const FOUND: Duration = Duration::from_millis(300);

/// What is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    #[default]
    All,
    /// Connections of this endpoint, both ends.
    Endpoint(EndpointId),
    /// This connection, both ends.
    Conn(ConnId),
}

/// Who has a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// An endpoint of the lab.
    Ours(EndpointId, Side, Arc<str>),
    /// A program elsewhere, by its host.
    Outside(Arc<str>),
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// The record's index in the log.
    pub index: u64,
    /// When.
    pub at: Duration,
    /// Whose line.
    pub line: usize,
    /// The line of the other end.
    pub other: usize,
    /// What.
    pub what: What,
    /// Bytes.
    pub len: u32,
    /// It has an arrow to a row of the other end.
    pub joined: bool,
    /// The other end is ours and tells of itself.
    pub both: bool,
}

/// What a row or an arrow tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Bytes left here.
    Sent,
    /// Bytes came here.
    Received,
    /// A connection opened.
    Opened,
    /// It ended as it should.
    Closed,
    /// It was reset, or broke.
    Broken,
}

/// From one row to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The row it leaves, counted from the first ever.
    pub from: u64,
    /// The row it comes to.
    pub to: u64,
    /// Bytes both have in common.
    pub len: u64,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Gathered {
    scope: Scope,
    filter: Filter,
    walk: Walk,
    /// Who has a line, in order of appearance.
    pub lines: Vec<Who>,
    /// The rows that are kept.
    pub rows: VecDeque<Row>,
    /// Rows that left.
    pub gone: u64,
    /// In the order of their later row.
    pub arrows: VecDeque<Arrow>,
    /// Rows that the longest arrow spans.
    pub longest: u64,
    /// Rows of lines beyond the last.
    pub left_out: u64,
    streams: HashMap<ConnId, Stream>,
    datagrams: HashMap<(EndpointId, EndpointId), Datagrams>,
    /// Ends whose beginning the log had, with the row of it.
    opened: HashMap<ConnId, u64>,
    ended: HashMap<ConnId, u64>,
    /// A record waits for its other end: the next moment may know it.
    waits: bool,
}

impl Gathered {
    /// Follows the log; another scope or filter begins anew. Answers how many rows left at the front.
    pub fn update(&mut self, snap: &Snapshot, scope: Scope, filter: &Filter) -> usize {
        if self.scope != scope || self.filter != *filter {
            *self = Self { scope, filter: filter.clone(), ..Self::default() };
        }
        let mut walk = std::mem::take(&mut self.walk);
        self.waits = false;
        // When nothing runs no later moment comes.
        let runs = snap.sessions.len() > 1 && snap.sessions.iter().any(|s| s.state == SessionState::Running);
        walk.go_while(&snap.traffic, |index, record| {
            let young = record.conn.other_end.get().is_none() && record.at + FOUND > snap.at;
            let ours = || snap.sessions.iter().any(|s| s.local.as_deref() == Some(&*record.conn.peer)) || record.conn.side == Side::Server;
            if runs && young && ours() {
                self.waits = true;
                return None;
            }
            Some(self.take(index, record))
        });
        self.walk = walk;
        let first = snap.traffic.first_index();
        let gone = self.rows.partition_point(|r| r.index < first).max(self.rows.len().saturating_sub(KEPT));
        self.rows.drain(..gone);
        self.gone += gone as u64;
        let start = self.gone;
        let stale = self.arrows.partition_point(|a| a.from.max(a.to) < start);
        self.arrows.drain(..stale);
        gone
    }

    /// Whether rows of this moment can be examined and were not yet.
    pub fn behind(&self, snap: &Snapshot) -> bool {
        self.walk.behind(&snap.traffic) && !self.waits
    }

    /// Rows that ever came.
    pub fn passed(&self) -> u64 {
        self.gone + self.rows.len() as u64
    }

    /// A row by its number from the first ever.
    pub fn row(&self, number: u64) -> Option<&Row> {
        self.rows.get(usize::try_from(number.checked_sub(self.gone)?).ok()?)
    }

    /// The arrows that touch these rows.
    pub fn touching(&self, rows: std::ops::Range<u64>) -> impl Iterator<Item = &Arrow> {
        let first = self.arrows.partition_point(|a| a.from.max(a.to) < rows.start);
        let last = rows.end + self.longest;
        self.arrows.range(first..).take_while(move |a| a.from.max(a.to) <= last).filter(move |a| a.from.min(a.to) < rows.end)
    }

    fn in_scope(&self, conn: &ConnInfo) -> bool {
        match self.scope {
            Scope::All => true,
            Scope::Endpoint(id) => conn.session == id || conn.other_end.get().is_some_and(|(other, ..)| *other == id),
            Scope::Conn(id) => conn.id == id || conn.other_end.get().is_some_and(|(_, other, _)| *other == id),
        }
    }

    fn take(&mut self, index: u64, record: &Record) -> usize {
        let conn = &*record.conn;
        if !self.in_scope(conn) || !self.filter.matches(record) {
            return if self.filter.reads_data() { record.data.len() } else { 0 };
        }
        let own = Who::Ours(conn.session, conn.side, Arc::clone(&conn.session_name));
        let other = match conn.other_end.get() {
            Some((id, _, name)) => Who::Ours(*id, opposite(conn.side), Arc::clone(name)),
            None => Who::Outside(host(&conn.peer)),
        };
        let (Some(line), Some(there)) = (self.line(own), self.line(other)) else {
            self.left_out += 1;
            return 0;
        };
        let what = match &record.kind {
            RecordKind::Sent => What::Sent,
            RecordKind::Received => What::Received,
            RecordKind::Opened => What::Opened,
            RecordKind::Ended(EndReason::Orderly | EndReason::Here | EndReason::Service | EndReason::Idle) => What::Closed,
            RecordKind::Ended(EndReason::Reset | EndReason::Framing(_) | EndReason::Failed(_)) => What::Broken,
        };
        let number = self.passed();
        let both = conn.other_end.get().is_some();
        self.rows.push_back(Row { index, at: record.at, line, other: there, what, len: record.len, joined: false, both });
        if let Some((_, peer, _)) = conn.other_end.get() {
            self.join(number, record, what, *peer);
        }
        0
    }

    fn join(&mut self, number: u64, record: &Record, what: What, peer: ConnId) {
        let conn = &*record.conn;
        match what {
            What::Opened => {
                self.opened.insert(conn.id, number);
                if let Some(&other) = self.opened.get(&peer) {
                    // A client's connect is what begins, whichever end was told first.
                    let (from, to) = if conn.side == Side::Client { (number, other) } else { (other, number) };
                    self.arrow(from, to, 0);
                }
            }
            What::Closed | What::Broken => {
                self.ended.insert(conn.id, number);
                if let Some(&other) = self.ended.get(&peer) {
                    self.arrow(other, number, 0);
                }
            }
            What::Sent | What::Received => {
                let (told, sender) = if what == What::Sent { (Told::Sent, conn.id) } else { (Told::Received, peer) };
                if conn.transport.is_stream() {
                    // Without the beginning, places in the stream are not known.
                    if !self.opened.contains_key(&conn.id) {
                        return;
                    }
                    let mut stream = self.streams.remove(&sender).unwrap_or_default();
                    let mut pairs = Vec::new();
                    stream.push(told, number, record.len.into(), |from, to, len| pairs.push((from, to, len)));
                    self.streams.insert(sender, stream);
                    pairs.into_iter().for_each(|(from, to, len)| self.arrow(from, to, len));
                } else {
                    let Some((other, ..)) = conn.other_end.get() else { return };
                    let key = if what == What::Sent { (conn.session, *other) } else { (*other, conn.session) };
                    let mut hasher = DefaultHasher::new();
                    record.data.hash(&mut hasher);
                    let pair = self.datagrams.entry(key).or_default().push(told, number, hasher.finish());
                    if let Some((from, to)) = pair {
                        self.arrow(from, to, record.len.into());
                    }
                }
            }
        }
    }

    fn arrow(&mut self, from: u64, to: u64, len: u64) {
        for number in [from, to] {
            let at = number.checked_sub(self.gone).and_then(|n| usize::try_from(n).ok());
            if let Some(row) = at.and_then(|at| self.rows.get_mut(at)) {
                row.joined = true;
            }
        }
        self.longest = self.longest.max(from.abs_diff(to));
        self.arrows.push_back(Arrow { from, to, len });
    }

    fn line(&mut self, who: Who) -> Option<usize> {
        let same = |w: &Who| match (w, &who) {
            (Who::Ours(a, ..), Who::Ours(b, ..)) => a == b,
            (a, b) => a == b,
        };
        if let Some(at) = self.lines.iter().position(same) {
            return Some(at);
        }
        if self.lines.len() >= LINES {
            return None;
        }
        self.lines.push(who);
        Some(self.lines.len() - 1)
    }

    /// The lines from left to right: clients, programs elsewhere, servers.
    pub fn places(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        order.sort_by_key(|n| match &self.lines[*n] {
            Who::Ours(_, Side::Client, _) => 0,
            Who::Outside(_) => 1,
            Who::Ours(_, Side::Server, _) => 2,
        });
        order
    }
}

fn opposite(side: Side) -> Side {
    match side {
        Side::Server => Side::Client,
        Side::Client => Side::Server,
    }
}

/// An address without its port.
fn host(address: &str) -> Arc<str> {
    let socket = address.parse::<std::net::SocketAddr>();
    socket.map_or_else(|_| Arc::from(address), |a| a.ip().to_string().into())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ends, snap_of};
    use super::*;

    fn arrows(gathered: &Gathered) -> Vec<(u64, u64, u64)> {
        gathered.arrows.iter().map(|a| (a.from, a.to, a.len)).collect()
    }

    #[test]
    fn both_ends_of_a_connection_are_joined() {
        let (far, near) = ends();
        use RecordKind::{Ended, Opened, Received, Sent};
        let snap = snap_of(&[
            (&near, Opened, b"".as_slice()),
            (&far, Opened, b""),
            (&near, Sent, b"one"),
            (&near, Sent, b"two"),
            (&far, Received, b"onetwo"),
            (&far, Sent, b"answer"),
            (&near, Received, b"ans"),
            (&near, Received, b"wer"),
            (&near, Ended(EndReason::Orderly), b""),
            (&far, Ended(EndReason::Orderly), b""),
        ]);
        let mut gathered = Gathered::default();
        gathered.update(&snap, Scope::All, &Filter::default());
        assert_eq!(arrows(&gathered), [(0, 1, 0), (2, 4, 3), (3, 4, 3), (5, 6, 3), (5, 7, 3), (8, 9, 0)]);
        assert_eq!((gathered.lines.len(), gathered.places(), gathered.longest), (2, vec![0, 1], 2));
        assert!(gathered.rows.iter().all(|r| r.joined));
        assert_eq!(gathered.touching(4..5).count(), 2);
        gathered.update(&snap, Scope::All, &Filter::parse("dir:tx").unwrap());
        assert_eq!((gathered.rows.len(), gathered.arrows.len()), (3, 0));
        gathered.update(&snap, Scope::Endpoint(EndpointId(77)), &Filter::default());
        assert!(gathered.rows.is_empty());
    }

    #[test]
    fn an_outside_peer_has_a_line_by_its_host_and_no_arrow() {
        let alone = crate::ui::panel::tables_fake::conn(3, "echo-tcp", None);
        let snap = snap_of(&[(&alone, RecordKind::Opened, b"".as_slice()), (&alone, RecordKind::Received, b"hi")]);
        let mut gathered = Gathered::default();
        gathered.update(&snap, Scope::Conn(alone.id), &Filter::default());
        assert_eq!((gathered.rows.len(), gathered.arrows.len(), gathered.rows[1].both), (2, 0, false));
        assert_eq!(gathered.lines[1], Who::Outside("127.0.0.1".into()));
    }
}
