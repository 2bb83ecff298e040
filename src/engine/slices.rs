//! What each lane did in each stretch of time: sums that outlive the calls they are made of.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{CallKind, LaneSlice, LogView};
use crate::stats::Log;
use crate::trace::CallRecord;

/// How long a stretch is.
const SLICE_NS: u64 = 100_000_000;
/// How far back they reach.
const REACH: Duration = Duration::from_secs(600);
/// Lanes with stretches of this length; with more lanes they are longer, so that memory stays and the reach too.
const LANES: usize = 20;
/// Stretches a session keeps at most: those lanes for that time.
const MOST: usize = 131_072;

/// See the module.
#[derive(Default)]
pub(super) struct Slices {
    open: BTreeMap<u32, Open>,
    log: Log<LaneSlice>,
    view: Option<LogView<LaneSlice>>,
}

/// A stretch that is not over.
struct Open {
    from: u64,
    to: u64,
    spent: [u64; CallKind::ALL.len()],
    calls: u32,
    eagain: u32,
}

impl Open {
    /// The stretch that `at` lies in, from `from` on.
    fn new(from: u64, at: u64, len: u64) -> Self {
        Self { from, to: (at / len + 1) * len, spent: [0; CallKind::ALL.len()], calls: 0, eagain: 0 }
    }

    fn close(self, lane: u32) -> LaneSlice {
        let Self { from, to, spent, calls, eagain } = self;
        // Records of many calls in a row may lie side by side, and would together be longer than the time there was.
        let (sum, len) = (spent.iter().sum::<u64>(), to - from);
        let fair = |ns: u64| if sum > len { (u128::from(ns) * u128::from(len) / u128::from(sum)) as u64 } else { ns };
        let spent = spent.map(|ns| u32::try_from(fair(ns) / 1_000).unwrap_or(u32::MAX));
        LaneSlice { lane, start: Duration::from_nanos(from), len: Duration::from_nanos(len), spent, calls, eagain }
    }
}

impl Slices {
    /// One more call; those of one lane come in order of their ends.
    pub fn add(&mut self, call: &CallRecord) {
        let kind = CallKind::from(call.call) as usize;
        let len = SLICE_NS * (self.open.len() as u64 / LANES as u64 + 1);
        let (mut from, end) = (call.start_ns, call.end_ns());
        let open = self.open.entry(call.lane).or_insert_with(|| Open::new(from, from, len));
        if end >= open.to {
            // It reaches into later stretches: the first one ends; a long time in the one call is one stretch.
            let rest = open.to.saturating_sub(from.max(open.from));
            open.spent[kind] += rest;
            let before = std::mem::replace(open, Open::new(end / len * len, end, len));
            // The length may have changed.
            open.from = open.from.max(before.to);
            from = from.max(before.to);
            let now = open.from;
            self.log.push(before.close(call.lane));
            if from < now {
                let mut middle = Open { from, to: now, ..Open::new(0, 0, 1) };
                middle.spent[kind] = middle.to - middle.from;
                self.log.push(middle.close(call.lane));
                from = now;
            }
            self.view = None;
        }
        if let Some(open) = self.open.get_mut(&call.lane) {
            open.spent[kind] += end - from.max(open.from).min(end);
            open.calls = open.calls.saturating_add(call.count);
            open.eagain = open.eagain.saturating_add(if call.again { call.count } else { 0 });
        }
    }

    /// What is over by now is shown, what is too old goes.
    pub fn settle(&mut self, now: Duration) {
        let now_ns = now.as_nanos() as u64;
        let over: Vec<u32> = self.open.iter().filter(|(_, open)| open.to + SLICE_NS < now_ns).map(|(lane, _)| *lane).collect();
        for lane in over {
            if let Some(open) = self.open.remove(&lane) {
                self.log.push(open.close(lane));
                self.view = None;
            }
        }
        let is_old = |log: &Log<LaneSlice>| log.next_to_go().is_some_and(|slice| slice.start + REACH < now);
        while self.log.len() > MOST || is_old(&self.log) {
            if self.log.evict_chunk().is_none() {
                break;
            }
            self.view = None;
        }
    }

    pub fn view(&mut self) -> LogView<LaneSlice> {
        let log = &mut self.log;
        self.view.get_or_insert_with(|| log.view()).clone()
    }

    pub fn clear(&mut self) {
        self.open.clear();
        self.log.clear();
        self.view = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Call, Place};

    const MS: u64 = 1_000_000;

    fn call(lane: u32, call: Call, from_ms: u64, to_ms: u64) -> CallRecord {
        let (start_ns, took_ns, at) = (from_ms * MS, (to_ms - from_ms) * MS, Place::caller());
        CallRecord { lane, call, fd: 3, args: [0; 2], result: 0, count: 1, at, start_ns, took_ns, bytes: 0, errno: 0, again: false }
    }

    /// Start, length and time in `recv` and in waits, in milliseconds; calls.
    fn told(slices: &mut Slices) -> Vec<(u128, u128, u32, u32, u32)> {
        let of = |s: &LaneSlice| {
            let spent = |kind: CallKind| s.spent[kind as usize] / 1_000;
            (s.start.as_millis(), s.len.as_millis(), spent(CallKind::Receive), spent(CallKind::Wait), s.calls)
        };
        slices.view().iter().map(of).collect()
    }

    #[test]
    fn time_is_divided_among_the_stretches_and_a_long_sleep_is_one() {
        let mut slices = Slices::default();
        for record in
            [call(1, Call::Recv, 10, 20), call(1, Call::Recv, 30, 40), call(1, Call::EpollWait, 90, 950), call(1, Call::Recv, 960, 970)]
        {
            slices.add(&record);
        }
        assert_eq!(told(&mut slices), [(10, 90, 20, 10, 2), (100, 800, 0, 800, 0)]);
        slices.settle(Duration::from_millis(1_101));
        assert_eq!(told(&mut slices)[2..], [(900, 100, 10, 50, 2)]);
        // What was told is not told again, also when it is over only later.
        slices.add(&call(1, Call::EpollWait, 980, 2_010));
        slices.settle(Duration::from_secs(3));
        assert_eq!(told(&mut slices)[3..], [(980, 20, 0, 20, 0), (1_000, 1_000, 0, 1_000, 0), (2_000, 100, 0, 10, 1)]);
        slices.settle(Duration::from_secs(3));
        assert_eq!(slices.log.len(), 6);
    }

    #[test]
    fn bursts_side_by_side_are_not_longer_than_the_time_there_was() {
        let mut slices = Slices::default();
        slices.add(&CallRecord { again: true, count: 500, ..call(1, Call::Recv, 0, 99) });
        slices.add(&CallRecord { again: true, count: 500, ..call(1, Call::EpollWait, 0, 99) });
        slices.settle(Duration::from_secs(1));
        assert_eq!(told(&mut slices), [(0, 100, 50, 50, 1_000)]);
        assert_eq!(slices.view().last().map(|s| s.eagain), Some(1_000));
    }

    #[test]
    fn they_stay_under_their_limit_with_few_lanes_and_with_very_many() {
        for lanes in [1, 20, 2_000] {
            let mut slices = Slices::default();
            // Fifteen minutes in steps of a second.
            for second in 0..900 {
                (0..lanes).for_each(|lane| slices.add(&call(lane, Call::Recv, second * 1_000, second * 1_000 + 1)));
                slices.settle(Duration::from_secs(second));
            }
            let (view, oldest) = (slices.view(), Duration::from_secs(300));
            assert!(view.len() <= MOST, "{lanes}: {}", view.len());
            let first = view.iter().next().unwrap().start;
            assert!(first <= oldest + Duration::from_secs(12), "{lanes}: {first:?}");
            assert!(lanes == 1 || first + Duration::from_secs(30) >= oldest, "{lanes}: {first:?}");
        }
    }
}
