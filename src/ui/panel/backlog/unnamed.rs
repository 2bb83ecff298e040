//! Who believes to be connected, was not accepted, and stands elsewhere than in the accept queue. The kernel names them where it can;
//! of the others only the numbers are known, and those who came last are taken. One answer for every panel. Pure.

use std::time::Duration;

use super::gather::Step;
use crate::engine::{Figure, HalfThere, Source};
use crate::trace::ConnId;

/// Clients by which the two ends' counts may differ because they are read one after the other.
const APART: usize = 8;

/// One who was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmet {
    /// When its `connect` returned.
    pub since: Duration,
    pub id: ConnId,
    /// The kernel said where it stands.
    pub named: bool,
}

/// Where one stands who was not accepted, by the kernel's word or as far as nobody knows better.
pub fn step(there: Option<HalfThere>) -> Step {
    match there {
        Some(HalfThere::HalfOpen) => Step::HalfOpen,
        Some(HalfThere::Nowhere) => Step::Forgotten,
        Some(HalfThere::Queued) | None => Step::Queued,
    }
}

/// Those of `queued` who must stand elsewhere, by the kernel's counts: which, and where. Of the half-open ones `half_open` are named.
pub fn elsewhere(mut queued: Vec<Unmet>, half_open: usize, held: Option<Figure>, queue: Figure) -> Vec<(ConnId, Step)> {
    let more = queued.len().saturating_sub(queue.value as usize);
    let held = held.map_or(0, |h| h.value as usize).saturating_sub(half_open);
    let in_syn_queue = more.min(held);
    // With SYN cookies the kernel keeps nothing of those whose last ACK found the queue full. A few more than it counts are only
    // two readings a moment apart.
    let is_counted = matches!(queue.source, Source::Measured(_)) && more - in_syn_queue > APART;
    let nowhere = if is_counted { more - in_syn_queue } else { 0 };
    queued.retain(|unmet| !unmet.named);
    queued.sort_unstable();
    let steps = std::iter::repeat_n(Step::HalfOpen, in_syn_queue).chain(std::iter::repeat_n(Step::Forgotten, nowhere));
    queued.iter().rev().map(|unmet| unmet.id).zip(steps).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: u64) -> Figure {
        Figure { value, source: Source::Measured("TCP_INFO") }
    }

    fn crowd(named: usize, unnamed: usize) -> Vec<Unmet> {
        (0..named + unnamed).map(|n| Unmet { since: Duration::from_millis(n as u64), id: ConnId(n as u64), named: n < named }).collect()
    }

    #[test]
    fn the_youngest_of_those_the_kernel_did_not_name_stand_elsewhere() {
        let moved = elsewhere(crowd(2, 3), 0, Some(figure(2)), figure(3));
        assert_eq!(moved, [(ConnId(4), Step::HalfOpen), (ConnId(3), Step::HalfOpen)]);
        let moved = elsewhere(crowd(0, 30), 1, Some(figure(3)), figure(4));
        let count = |step| moved.iter().filter(|(_, s)| *s == step).count();
        assert_eq!((count(Step::HalfOpen), count(Step::Forgotten)), (2, 24));
    }

    #[test]
    fn whom_the_kernel_named_stays_and_a_few_apart_are_not_forgotten() {
        assert_eq!(elsewhere(crowd(30, 0), 0, None, figure(4)), []);
        assert_eq!(elsewhere(crowd(0, 4 + APART), 0, None, figure(4)), []);
        let derived = Figure { value: 4, source: Source::Derived("both ends") };
        assert_eq!(elsewhere(crowd(0, 30), 0, None, derived), []);
        let steps = [Some(HalfThere::Queued), None, Some(HalfThere::HalfOpen), Some(HalfThere::Nowhere)].map(step);
        assert_eq!(steps, [Step::Queued, Step::Queued, Step::HalfOpen, Step::Forgotten]);
    }
}
