//! Deadlines of a selector's connections: which comes first, and which are due. Cheap with thousands of connections, most
//! of which have none.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::{Duration, Instant};

/// See the module. Keys are the selector's tokens.
#[derive(Debug, Default)]
pub(super) struct Timers {
    /// May hold outdated entries; `due` skips them.
    heap: BinaryHeap<Reverse<(Instant, u64)>>,
    set: HashMap<u64, Instant>,
}

impl Timers {
    /// Sets or removes a key's deadline.
    pub fn set(&mut self, key: u64, deadline: Option<Instant>) {
        match deadline {
            Some(at) if self.set.insert(key, at) != Some(at) => self.heap.push(Reverse((at, key))),
            Some(_) => {}
            None => drop(self.set.remove(&key)),
        }
    }

    /// How long the selector may sleep at most, given what else limits it.
    pub fn limit(&mut self, other: Option<Duration>) -> Option<Duration> {
        let first = self.first().map(|at| at.saturating_duration_since(Instant::now()));
        match (first, other) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// A key whose deadline has come; it is removed.
    pub fn due(&mut self, now: Instant) -> Option<u64> {
        if self.first()? > now {
            return None;
        }
        let Reverse((_, key)) = self.heap.pop()?;
        self.set.remove(&key);
        Some(key)
    }

    fn first(&mut self) -> Option<Instant> {
        while let Some(Reverse((at, key))) = self.heap.peek() {
            if self.set.get(key) == Some(at) {
                return Some(*at);
            }
            self.heap.pop();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_replaced_or_removed_ones_never() {
        let mut timers = Timers::default();
        let now = Instant::now();
        let after = |ms| Some(now + Duration::from_millis(ms));
        timers.set(1, after(30));
        timers.set(2, after(10));
        timers.set(3, after(20));
        timers.set(2, after(40));
        timers.set(3, None);
        let later = now + Duration::from_millis(35);
        assert_eq!((timers.due(now), timers.due(later), timers.due(later)), (None, Some(1), None));
        assert!(timers.limit(None).is_some_and(|left| left <= Duration::from_millis(40)));
        assert_eq!(timers.limit(Some(Duration::ZERO)), Some(Duration::ZERO));
        timers.set(2, None);
        assert_eq!(timers.limit(None), None);
    }
}
