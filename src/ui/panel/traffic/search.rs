//! Search among the rows shown: the next or the one before that fits, found little by little. It filters nothing out.

use crate::engine::{LogView, Record};
use crate::report::filter::Filter;

use super::shown::Shown;

/// Rows and bytes examined in one frame at most.
const ROWS_A_FRAME: usize = 20_000;
const BYTES_A_FRAME: usize = 4 << 20;

/// What is searched for, and how far.
#[derive(Debug, Default)]
pub struct Search {
    /// The strip is open.
    pub is_open: bool,
    /// As typed.
    pub typed: String,
    /// The text is understood.
    pub fits: bool,
    filter: Filter,
    under_way: Option<UnderWay>,
    /// The last search came round and found nothing.
    pub nothing: bool,
}

#[derive(Clone, Copy, Debug)]
struct UnderWay {
    forward: bool,
    /// The next row to look at.
    row: usize,
    /// Rows still to look at.
    left: usize,
}

impl Search {
    /// The text changed.
    pub fn read(&mut self) {
        let parsed = Filter::parse(&self.typed);
        (self.fits, self.nothing, self.under_way) = (parsed.is_ok(), false, None);
        self.filter = parsed.unwrap_or_default();
    }

    /// Whether a row fits; none while nothing is searched for.
    pub fn matches(&self, record: &Record) -> bool {
        self.is_open && !self.filter.is_empty() && self.filter.matches(record)
    }

    /// Begins from this row, which is looked at last.
    pub fn go(&mut self, from: Option<usize>, rows: usize, forward: bool) {
        if rows == 0 || self.filter.is_empty() {
            return;
        }
        let row = match (from, forward) {
            (Some(row), true) => (row + 1) % rows,
            (None, true) => 0,
            (Some(row), false) => row.checked_sub(1).unwrap_or(rows - 1),
            (None, false) => rows - 1,
        };
        (self.nothing, self.under_way) = (false, Some(UnderWay { forward, row: row.min(rows - 1), left: rows }));
    }

    /// Whether it goes on in the next frame.
    pub fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    /// Goes on; answers the row that was found.
    pub fn step(&mut self, log: &LogView<Record>, shown: &Shown) -> Option<usize> {
        let mut way = self.under_way?;
        let rows = shown.len(log);
        let (mut looked, mut bytes) = (0, 0);
        while way.left > 0 && rows > 0 && looked < ROWS_A_FRAME && bytes < BYTES_A_FRAME {
            let row = way.row.min(rows - 1);
            if let Some(record) = shown.index(row).and_then(|i| log.get(i)) {
                if self.filter.matches(record) {
                    self.under_way = None;
                    return Some(row);
                }
                bytes += record.data.len();
            }
            way.row = if way.forward { (row + 1) % rows } else { row.checked_sub(1).unwrap_or(rows - 1) };
            (way.left, looked) = (way.left - 1, looked + 1);
        }
        self.nothing = way.left == 0 || rows == 0;
        self.under_way = (!self.nothing).then_some(way);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{RecordKind, Snapshot};
    use crate::ui::panel::tables_fake::{conn, record, snapshot};

    #[test]
    fn it_goes_round_and_says_when_there_is_nothing() {
        let end = conn(1, "echo-tcp", None);
        let text = |n: usize| if n % 30_000 == 7 { b"needle".as_slice() } else { b"hay" };
        let traffic = (0..90_000).map(|n| record(&end, RecordKind::Received, text(n))).collect();
        let snap = Snapshot { traffic, ..snapshot() };
        let mut shown = Shown::default();
        while shown.behind(&snap.traffic) {
            shown.update(&snap);
        }
        let mut search = Search { is_open: true, typed: "needle".into(), ..Search::default() };
        search.read();
        let mut find = |from, forward| {
            search.go(from, 90_000, forward);
            let mut found = None;
            while search.is_under_way() {
                found = search.step(&snap.traffic, &shown);
            }
            (found, search.nothing)
        };
        assert_eq!([find(None, true), find(Some(7), true), find(Some(60_007), true)], [7, 30_007, 7].map(|n| (Some(n), n > 90_000)));
        assert_eq!([find(None, false), find(Some(7), false)], [60_007, 60_007].map(|n| (Some(n), false)));
        search.typed = "thread".into();
        search.read();
        search.go(Some(3), 90_000, true);
        while search.is_under_way() {
            assert_eq!(search.step(&snap.traffic, &shown), None);
        }
        assert!(search.nothing);
    }
}
