//! Rows that a person marked, pinned or noted something about: places in the log, with the words.

use std::collections::BTreeMap;

/// Rows pinned at most: they take room from the table.
pub const MOST_PINNED: usize = 6;

/// What a person said of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// It is marked.
    pub marked: bool,
    /// It stays in sight.
    pub pinned: bool,
    /// A note, in the person's words.
    pub note: String,
}

/// All of them.
#[derive(Debug, Default)]
pub struct Marks(BTreeMap<u64, Mark>);

impl Marks {
    /// Of one row.
    pub fn get(&self, index: u64) -> Option<&Mark> {
        self.0.get(&index)
    }

    /// Changes what is said of a row; a row of which nothing is said any more leaves.
    pub fn change(&mut self, index: u64, change: impl FnOnce(&mut Mark)) {
        let mark = self.0.entry(index).or_default();
        change(mark);
        if *mark == Mark::default() {
            self.0.remove(&index);
        }
    }

    /// Rows that left the log are forgotten.
    pub fn keep_from(&mut self, first: u64) {
        if self.0.first_key_value().is_some_and(|(index, _)| *index < first) {
            self.0 = self.0.split_off(&first);
        }
    }

    /// The pinned rows, oldest first.
    pub fn pinned(&self) -> impl Iterator<Item = u64> {
        self.0.iter().filter(|(_, mark)| mark.pinned).map(|(index, _)| *index)
    }

    /// Whether one more may be pinned.
    pub fn may_pin(&self) -> bool {
        self.pinned().count() < MOST_PINNED
    }

    /// The next row of which something is said, after or before this one; round the end.
    pub fn next(&self, from: Option<u64>, forward: bool) -> Option<u64> {
        let first = |from: u64| self.0.range(from..).next().or_else(|| self.0.first_key_value()).map(|(i, _)| *i);
        let last = |to: u64| self.0.range(..to).next_back().or_else(|| self.0.last_key_value()).map(|(i, _)| *i);
        if forward { first(from.map_or(0, |i| i + 1)) } else { last(from.unwrap_or(u64::MAX)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_walked_round_and_leave_with_their_rows() {
        let mut marks = Marks::default();
        [3, 9, 20].into_iter().for_each(|i| marks.change(i, |m| m.marked = true));
        marks.change(9, |m| m.pinned = true);
        assert_eq!((marks.next(None, true), marks.next(Some(9), true), marks.next(Some(20), true)), (Some(3), Some(20), Some(3)));
        assert_eq!((marks.next(None, false), marks.next(Some(9), false), marks.next(Some(3), false)), (Some(20), Some(3), Some(20)));
        marks.change(9, |m| (m.marked, m.pinned) = (false, false));
        assert_eq!((marks.get(9), marks.pinned().count(), marks.may_pin()), (None, 0, true));
        marks.keep_from(10);
        assert_eq!((marks.get(3), marks.next(None, true)), (None, Some(20)));
    }
}
