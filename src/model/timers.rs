//! Deadlines of a selector's connections: which comes first, and which are due. Cheap with thousands of connections, most
//! of which have none.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use super::by_id::ById;

/// See the module. Keys are the selector's tokens.
#[derive(Debug, Default)]
pub(super) struct Timers {
    /// May hold outdated entries; `first` passes over them.
    heap: BinaryHeap<Reverse<(Instant, u64)>>,
    set: ById<u64, Timer>,
}

#[derive(Debug)]
struct Timer {
    due: Instant,
    /// Where it stands in the heap: at its deadline or before. One that is put off is moved only when it comes up.
    listed: Instant,
}

/// Outdated entries are tolerated up to as many as there are true ones and this.
const OUTDATED: usize = 64;

impl Timers {
    /// Sets or removes a key's deadline.
    pub fn set(&mut self, key: u64, deadline: Option<Instant>) {
        match (self.set.get_mut(&key), deadline) {
            (Some(timer), Some(at)) if at >= timer.listed => timer.due = at,
            (_, Some(at)) => {
                self.set.insert(key, Timer { due: at, listed: at });
                self.heap.push(Reverse((at, key)));
            }
            (Some(_), None) => drop(self.set.remove(&key)),
            (None, None) => return,
        }
        if self.heap.len() > 2 * self.set.len() + OUTDATED {
            let set = &self.set;
            self.heap.retain(|Reverse((at, key))| set.get(key).is_some_and(|timer| timer.listed == *at));
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

    /// The same by now. The clock is asked only where something can be due.
    #[cfg(unix)]
    pub fn due_now(&mut self) -> Option<u64> {
        if self.set.is_empty() { None } else { self.due(Instant::now()) }
    }

    /// Whether nothing will become due.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    fn first(&mut self) -> Option<Instant> {
        while let Some(Reverse((at, key))) = self.heap.peek().copied() {
            let timer = self.set.get_mut(&key).filter(|timer| timer.listed == at);
            if timer.as_ref().is_some_and(|timer| timer.due == at) {
                return Some(at);
            }
            self.heap.pop();
            if let Some(timer) = timer {
                timer.listed = timer.due;
                self.heap.push(Reverse((timer.due, key)));
            }
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

    #[test]
    fn one_that_is_put_off_at_every_message_costs_one_entry() {
        let mut timers = Timers::default();
        let now = Instant::now();
        for n in 0..10_000 {
            timers.set(7, Some(now + Duration::from_millis(100 + n)));
        }
        assert_eq!(timers.heap.len(), 1);
        for key in 0..1_000 {
            timers.set(key, Some(now + Duration::from_secs(3_600)));
            timers.set(key, None);
        }
        assert!(timers.heap.len() <= OUTDATED + 3 && timers.is_empty(), "{}", timers.heap.len());
        assert_eq!(timers.due(now + Duration::from_secs(9_999)), None);
    }
}
