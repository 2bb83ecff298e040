//! Which rows of the log are shown: indices that pass the filter, found little by little so that no frame is long.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use crate::engine::{LogView, Record, Snapshot};
use crate::lab::Side;
use crate::report::filter::Filter;
use crate::trace::ConnId;
use crate::ui::panel::walk::Walk;

/// Whose rows are shown. Between two of our own endpoints everything is seen twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SeenBy {
    /// Servers, and clients that talk to outside programs.
    #[default]
    Servers,
    /// Clients, and servers that talk to outside programs.
    Clients,
    /// Both ends.
    Both,
    /// This end of this connection: a conversation.
    Only(ConnId),
}

impl SeenBy {
    /// Every choice of the menu.
    pub const ALL: [Self; 3] = [Self::Servers, Self::Clients, Self::Both];
}

/// The rows that pass, oldest first, as indices of the log.
#[derive(Debug, Default)]
pub struct Shown {
    filter: Filter,
    seen_by: SeenBy,
    rows: VecDeque<u64>,
    walk: Walk,
    /// Rows that ever passed, also those that left since.
    passed: u64,
}

impl Shown {
    /// Starts over with other rules.
    pub fn set(&mut self, filter: &Filter, seen_by: SeenBy) {
        if (&self.filter, self.seen_by) != (filter, seen_by) {
            *self = Self { filter: filter.clone(), seen_by, ..Self::default() };
        }
    }

    /// Takes in what is new, within the frame's limit. Answers how many rows left at the front.
    pub fn update(&mut self, snap: &Snapshot) -> usize {
        let log = &snap.traffic;
        let gone = self.rows.partition_point(|&i| i < log.first_index());
        self.rows.drain(..gone);
        if self.behind(log) {
            let ours = Ours::of(snap);
            let Self { filter, seen_by, rows, walk, passed } = self;
            let reads = filter.reads_data();
            walk.go(log, |index, record| {
                if seen_by.takes(record, &ours) && filter.matches(record) {
                    rows.push_back(index);
                    *passed += 1;
                }
                if reads { record.data.len() } else { 0 }
            });
        }
        gone
    }

    /// Whether rows of this log wait to be examined.
    pub fn behind(&self, log: &LogView<Record>) -> bool {
        self.walk.behind(log)
    }

    /// Rows shown. A frozen moment may lie before rows that were already found.
    pub fn len(&self, log: &LogView<Record>) -> usize {
        let end = log.end_index();
        match self.rows.back() {
            Some(&last) if last >= end => self.rows.partition_point(|&i| i < end),
            _ => self.rows.len(),
        }
    }

    /// The log's index of a row.
    pub fn index(&self, row: usize) -> Option<u64> {
        self.rows.get(row).copied()
    }

    /// The first row that is not before this index of the log.
    pub fn row_from(&self, index: u64) -> usize {
        self.rows.partition_point(|&i| i < index)
    }

    /// Rows that ever passed; the difference of two says how many are new.
    pub fn passed(&self) -> u64 {
        self.passed
    }
}

/// Addresses of our own servers and clients.
struct Ours(HashSet<Arc<str>>);

impl Ours {
    fn of(snap: &Snapshot) -> Self {
        Self(snap.sessions.iter().filter_map(|s| s.local.clone()).collect())
    }

    /// Whether the other end is one of ours. `other_end` is found a moment after the first rows, the address at once.
    fn has_peer_of(&self, record: &Record) -> bool {
        record.conn.other_end.get().is_some() || (record.conn.side == Side::Client && self.0.contains(&record.conn.peer))
    }
}

impl SeenBy {
    fn takes(self, record: &Record, ours: &Ours) -> bool {
        let wanted = match self {
            Self::Servers => Side::Server,
            Self::Clients => Side::Client,
            Self::Both => return true,
            Self::Only(conn) => return record.conn.id == conn,
        };
        record.conn.side == wanted || !ours.has_peer_of(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::RecordKind;
    use crate::ui::panel::tables_fake::{conn, record, snapshot};

    fn with_rows(rows: impl Iterator<Item = Record>) -> Snapshot {
        Snapshot { traffic: rows.collect(), ..snapshot() }
    }

    #[test]
    fn a_long_log_is_examined_over_several_frames() {
        let (a, b) = (conn(1, "echo-tcp", Some("phone")), conn(2, "echo-tcp", Some("lamp")));
        let snap = with_rows((0..250_000).map(|n| record(if n % 2 == 0 { &a } else { &b }, RecordKind::Received, b"x")));
        let mut shown = Shown::default();
        shown.set(&Filter::parse("lamp").unwrap(), SeenBy::Servers);
        let mut frames = 0;
        while shown.behind(&snap.traffic) {
            assert_eq!(shown.update(&snap), 0);
            frames += 1;
        }
        assert_eq!((shown.len(&snap.traffic), shown.index(0), shown.passed()), (125_000, Some(1), 125_000));
        assert!(frames > 2 && shown.row_from(100) == 50);
    }

    #[test]
    fn a_frozen_moment_hides_later_rows_and_a_cleared_log_has_none() {
        let a = conn(1, "echo-tcp", Some("phone"));
        let rows: Vec<_> = (0..600).map(|_| record(&a, RecordKind::Sent, b"x")).collect();
        let (early, late) = (with_rows(rows[..100].iter().cloned()), with_rows(rows.iter().cloned()));
        let mut shown = Shown::default();
        shown.update(&late);
        assert_eq!((shown.len(&late.traffic), shown.len(&early.traffic)), (600, 100));
        let mut log = crate::stats::Log::default();
        rows.into_iter().for_each(|r| log.push(r));
        assert!(log.evict_chunk().is_some());
        let evicted = Snapshot { traffic: log.view(), ..snapshot() };
        assert_eq!((shown.update(&evicted), shown.len(&evicted.traffic), shown.index(0)), (256, 344, Some(256)));
        log.clear();
        let cleared = Snapshot { traffic: log.view(), ..snapshot() };
        assert_eq!((shown.update(&cleared), shown.len(&cleared.traffic)), (344, 0));
    }

    #[test]
    fn what_happens_between_our_own_endpoints_is_shown_once() {
        let (server, inside, outside) = (conn(1, "echo-tcp", Some("phone")), conn(11, "phone", Some("echo-tcp")), conn(12, "phone", None));
        let snap = with_rows([&server, &inside, &outside].into_iter().map(|c| record(c, RecordKind::Sent, b"x")));
        let rows = |seen_by| {
            let mut shown = Shown::default();
            shown.set(&Filter::default(), seen_by);
            shown.update(&snap);
            (0..shown.len(&snap.traffic)).filter_map(|r| shown.index(r)).collect::<Vec<u64>>()
        };
        assert_eq!((rows(SeenBy::Servers), rows(SeenBy::Clients), rows(SeenBy::Both)), (vec![0, 2], vec![1, 2], vec![0, 1, 2]));
        assert_eq!(rows(SeenBy::Only(inside.id)), [1]);
    }
}
