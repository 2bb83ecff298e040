//! When rounds of an operator's sends are due. Pure: the time comes in as an argument.

use std::time::{Duration, Instant};

/// Rounds that were missed (a suspended machine, a busy one) and are made up for at once, at most.
const LATE_ROUNDS: u32 = 8;
/// So much lateness is made up for in any case: a busy machine does not slow a schedule down.
const LATE: Duration = Duration::from_millis(250);

/// A row of rounds. The first is due at once; each next one `every` after the one before *was due*, so nothing drifts.
#[derive(Debug)]
pub(super) struct Schedule {
    next: Instant,
    every: Duration,
    done: u64,
    of: u64,
}

impl Schedule {
    /// `times` 0 goes on for ever; `every` zero has the next round due at once.
    pub fn new(now: Instant, every: Duration, times: u32) -> Self {
        Self { next: now, every, done: 0, of: times.into() }
    }

    /// Rounds given out and rounds asked.
    pub fn progress(&self) -> (u64, u64) {
        (self.done, self.of)
    }

    /// Whether every round was given out.
    pub fn is_over(&self) -> bool {
        self.of != 0 && self.done >= self.of
    }

    /// Whether rounds follow each other as fast as the sockets take them.
    pub fn is_unpaced(&self) -> bool {
        self.every.is_zero()
    }

    /// Takes the rounds that are due.
    pub fn take_due(&mut self, now: Instant) -> u64 {
        let Some(late) = now.checked_duration_since(self.next).filter(|_| !self.is_over()) else { return 0 };
        let due = if self.is_unpaced() {
            1
        } else {
            let due = u32::try_from(late.as_nanos() / self.every.as_nanos()).unwrap_or(u32::MAX).saturating_add(1);
            let most = LATE_ROUNDS.max(u32::try_from(LATE.as_nanos() / self.every.as_nanos()).unwrap_or(u32::MAX));
            if due > most {
                // Too far behind: what was missed beyond is left out, and the row starts anew from here.
                self.next = now + self.every;
            } else {
                self.next += self.every * due;
            }
            due.min(most)
        };
        let due = if self.of == 0 { due.into() } else { u64::from(due).min(self.of - self.done) };
        self.done += due;
        due
    }

    /// How long until the next round; `None` when all were given out.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        (!self.is_over()).then(|| self.next.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn rounds_keep_to_their_row_when_they_are_looked_at_late() {
        let start = Instant::now();
        let mut row = Schedule::new(start, 10 * MS, 5);
        assert_eq!((row.take_due(start), row.take_due(start)), (1, 0));
        assert_eq!(row.take_due(start + 13 * MS), 1);
        assert_eq!(row.wait(start + 13 * MS), Some(7 * MS), "the third is due at 20, not at 23");
        assert_eq!(row.take_due(start + 35 * MS), 2);
        assert_eq!((row.take_due(start + 1_000 * MS), row.is_over(), row.progress()), (1, true, (5, 5)));
        assert_eq!((row.take_due(start + 2_000 * MS), row.wait(start)), (0, None));
    }

    #[test]
    fn a_long_sleep_is_not_made_up_for() {
        let start = Instant::now();
        let mut row = Schedule::new(start, MS, 0);
        assert_eq!(row.take_due(start + 100_000 * MS), 250);
        assert_eq!(row.take_due(start + 100_000 * MS), 0);
        assert_eq!(row.take_due(start + 100_001 * MS), 1);
        assert!(!row.is_over());
    }

    #[test]
    fn unpaced_rounds_are_always_due() {
        let start = Instant::now();
        let mut row = Schedule::new(start, Duration::ZERO, 2);
        assert_eq!((row.take_due(start), row.take_due(start), row.take_due(start)), (1, 1, 0));
    }
}
