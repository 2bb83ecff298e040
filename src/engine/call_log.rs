//! A session's finished calls, drained, kept and shown.

use std::time::Duration;

use super::lanes::LaneBook;
use super::slices::Slices;
use super::{CallsView, LogView};
use crate::stats::Log;
use crate::trace::{CallRecord, Tap};

/// Calls a session keeps at most.
const MOST: usize = 262_144;
/// Calls all sessions keep together at most.
pub(super) const MOST_IN_ALL: usize = 1_000_000;

/// See the module.
#[derive(Default)]
pub(super) struct CallLog {
    log: Log<CallRecord>,
    view: Option<LogView<CallRecord>>,
    slices: Slices,
    evicted: u64,
    /// What is being drained, kept for its memory.
    round: Vec<CallRecord>,
}

impl CallLog {
    /// Empties the rings of the session's lanes. True when one was more than half full.
    pub fn drain(&mut self, tap: &Tap, lanes: &mut LaneBook, now: Duration) -> bool {
        let is_pressed = tap.drain_into(&mut self.round);
        lanes.note(tap, &self.round);
        if !self.round.is_empty() {
            self.view = None;
        }
        for record in self.round.drain(..) {
            self.slices.add(&record);
            self.log.push(record);
        }
        self.slices.settle(now);
        while self.log.len() > MOST && self.evict() {}
        is_pressed
    }

    /// Calls kept.
    pub fn len(&self) -> usize {
        self.log.len()
    }

    /// The oldest go, a chunk of them; false when only the newest are left.
    pub fn evict(&mut self) -> bool {
        let Some(chunk) = self.log.evict_chunk() else { return false };
        self.evicted += chunk.iter().map(|call| u64::from(call.count)).sum::<u64>();
        self.view = None;
        true
    }

    /// What is kept now.
    pub fn view(&mut self, tap: &Tap) -> CallsView {
        let log = &mut self.log;
        let log = self.view.get_or_insert_with(|| log.view()).clone();
        CallsView { log, slices: self.slices.view(), dropped: tap.dropped(), evicted: self.evicted, level: tap.level() }
    }

    /// The session starts again.
    pub fn clear(&mut self) {
        self.log.clear();
        self.view = None;
        self.slices.clear();
        self.evicted = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::trace::{Call, Got};

    #[test]
    fn the_log_is_bounded_and_what_went_is_counted() {
        let tap = Tap::new(Instant::now(), 16_384);
        let lane = tap.lane("worker");
        let (mut log, mut lanes) = (CallLog::default(), LaneBook::default());
        let mut made = 0;
        let mut pressed = 0;
        while made < MOST as u64 + 60_000 {
            for _ in 0..10_000 {
                lane.call(Call::Recv, 3, [0; 2], false, || Ok(made), |n| Got::value(*n as i64)).unwrap();
                made += 1;
            }
            pressed += u32::from(log.drain(&tap, &mut lanes, Duration::ZERO));
        }
        let view = log.view(&tap);
        assert!(view.log.len() <= MOST && view.log.len() > MOST - 512, "{}", view.log.len());
        assert_eq!((view.log.len() as u64 + view.evicted, view.dropped), (made, 0));
        assert_eq!((view.log.first_index(), view.log.last().map(|c| c.result)), (view.evicted, Some(made as i64 - 1)));
        assert!(pressed > 10, "10,000 is more than half of a ring: {pressed}");
        while log.evict() {}
        assert!(log.len() < 256);
        log.clear();
        assert_eq!((log.len(), log.view(&tap).evicted), (0, 0));
    }

    #[test]
    #[ignore = "a measurement"]
    #[expect(clippy::print_stderr, reason = "a figure for whoever runs it by hand")]
    fn what_draining_costs() {
        for lanes_made in [1_u32, 2_000] {
            let tap = Tap::new(Instant::now(), 16_384);
            let lanes: Vec<_> = (0..lanes_made).map(|n| tap.lane(format!("{n}"))).collect();
            let (mut log, mut book) = (CallLog::default(), LaneBook::default());
            let mut best = Duration::MAX;
            for _ in 0..100 {
                // A look's worth at 300,000 calls a second.
                for n in 0..10_000 {
                    lanes[n % lanes.len()].call(Call::Recv, 3, [0; 2], false, || Ok(n), |n| Got::value(*n as i64)).unwrap();
                }
                let start = Instant::now();
                log.drain(&tap, &mut book, start.elapsed());
                drop(log.view(&tap));
                drop(book.view(&tap));
                best = best.min(start.elapsed());
            }
            let share = best.as_secs_f64() * 30.0 * 100.0;
            eprintln!("{lanes_made} lanes: {best:?} for 10,000 calls, {share:.1} % of a core at 30 looks a second");
        }
    }
}
