//! The threads of one session as snapshots show them, with their latest calls.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::{LaneDoing, LaneView, SourceLine, Span, Switches};
use crate::trace::{CallRecord, Doing, LaneState, ReadySet, Spent, Tap};

/// Lanes in view at most, as many as a server may have child processes; of more, views say how many there are.
const LANES_SHOWN: usize = 4_096;
/// Lanes whose calls are kept.
const LANES_WITH_SPANS: usize = 16;
/// Calls kept of one lane.
const SPANS: usize = 64;

/// See the module.
#[derive(Default)]
pub(super) struct LaneBook {
    kept: BTreeMap<u32, Kept>,
    /// The last ready set of each lane in view, with its number.
    ready: BTreeMap<u32, (u64, Option<Arc<ReadySet>>)>,
    shown: Arc<[LaneView]>,
    nothing: Arc<[Span]>,
}

#[derive(Default)]
struct Kept {
    spans: VecDeque<Span>,
    /// The same as the last view showed; `None` when a call came in since.
    shared: Option<Arc<[Span]>>,
}

impl LaneBook {
    /// Keeps the last of these calls, which were just drained.
    pub fn note(&mut self, tap: &Tap, calls: &[CallRecord]) {
        let lanes = tap.lanes(LANES_WITH_SPANS);
        let keeps = |id: u32| lanes.iter().take(LANES_WITH_SPANS).any(|l| l.id == id);
        self.kept.retain(|id, _| keeps(*id));
        for lane in lanes.iter().take(LANES_WITH_SPANS) {
            self.kept.entry(lane.id).or_default();
        }
        for call in calls {
            let Some(kept) = self.kept.get_mut(&call.lane) else { continue };
            if kept.spans.len() == SPANS {
                kept.spans.pop_front();
            }
            kept.spans.push_back(Span {
                call: call.call,
                fd: call.fd,
                start: Duration::from_nanos(call.start_ns),
                took: Duration::from_nanos(call.took_ns),
                bytes: call.bytes,
                again: call.again,
            });
            kept.shared = None;
        }
    }

    /// The lanes now; the same `Arc` as long as nothing changed.
    pub fn view(&mut self, tap: &Tap) -> Arc<[LaneView]> {
        let mut lanes = tap.lanes(LANES_SHOWN);
        lanes.truncate(LANES_SHOWN);
        let spent = tap.spent(&lanes);
        let views: Vec<LaneView> = lanes.iter().zip(spent).map(|(lane, spent)| self.lane(lane, spent)).collect();
        let shown: HashSet<u32> = views.iter().map(|lane| lane.id).collect();
        self.ready.retain(|id, _| shown.contains(id));
        if !same(&views, &self.shown) {
            self.shown = views.into();
        }
        Arc::clone(&self.shown)
    }

    fn lane(&mut self, lane: &LaneState, spent: Spent) -> LaneView {
        let spans = match self.kept.get_mut(&lane.id) {
            Some(kept) => Arc::clone(kept.shared.get_or_insert_with(|| kept.spans.iter().copied().collect())),
            None => Arc::clone(&self.nothing),
        };
        let doing = match lane.doing() {
            Doing::Running => LaneDoing::Running,
            Doing::InCall(call, fd, since) => LaneDoing::InCall { call, fd, since },
            Doing::AtGate(call, fd, since) => LaneDoing::AtGate { call, fd, since },
            Doing::Gone => LaneDoing::Gone,
        };
        let [calls, _, eagain] = lane.counts();
        let name = Arc::clone(&lane.name);
        let ready = self.ready.entry(lane.id).or_default();
        if let Some((number, set)) = lane.ready_since(ready.0) {
            *ready = (number, Some(Arc::new(set)));
        }
        let ready = ready.1.clone();
        let at = lane.at().map(|at| SourceLine { file: at.file(), line: at.line() });
        let cpu = spent.cpu_ns.map(Duration::from_nanos);
        let switches = spent.switches.map(|[voluntary, involuntary]| Switches { voluntary, involuntary });
        LaneView { id: lane.id, name, doing, calls, eagain, spans, at, ready, cpu, switches }
    }

    /// The session starts again.
    pub fn clear(&mut self) {
        self.kept.clear();
        self.ready.clear();
    }
}

fn same(a: &[LaneView], b: &[LaneView]) -> bool {
    let one = |(a, b): (&LaneView, &LaneView)| {
        a.id == b.id
            && a.doing == b.doing
            && (a.calls, a.eagain, a.at, a.cpu, a.switches) == (b.calls, b.eagain, b.at, b.cpu, b.switches)
            && Arc::ptr_eq(&a.spans, &b.spans)
            && a.ready.as_ref().map(Arc::as_ptr) == b.ready.as_ref().map(Arc::as_ptr)
    };
    a.len() == b.len() && a.iter().zip(b).all(one)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::trace::{Call, Got};

    #[test]
    fn the_first_sixteen_lanes_keep_their_last_calls() {
        let tap = Tap::new(Instant::now(), 10_000);
        let lanes: Vec<_> = (0..LANES_SHOWN + 44).map(|n| tap.lane(format!("worker-{n}"))).collect();
        for lane in &lanes {
            (0..70_u8).for_each(|n| drop(lane.call(Call::Recv, 3, [0; 2], true, || Ok(n), |_| Got::moved(usize::from(n)))));
        }
        let mut book = LaneBook::default();
        tap.drain().for_each(drop);
        let drain = |book: &mut LaneBook| {
            let calls: Vec<_> = tap.drain().collect();
            book.note(&tap, &calls);
            calls.len()
        };
        (0..70_u8).for_each(|n| drop(lanes[0].call(Call::Recv, 3, [0; 2], true, || Ok(n), |_| Got::moved(usize::from(n)))));
        (0..70_u8).for_each(|n| drop(lanes[16].call(Call::Recv, 3, [0; 2], true, || Ok(n), |_| Got::moved(usize::from(n)))));
        assert_eq!(drain(&mut book), 140);
        let view = book.view(&tap);
        assert_eq!((view.len(), view[0].spans.len(), view[16].spans.len()), (LANES_SHOWN, 64, 0));
        assert_eq!((view[0].spans[0].bytes, view[0].spans[63].bytes, view[0].calls), (6, 69, 140));
        assert!(Arc::ptr_eq(&view, &book.view(&tap)), "nothing changed");
        drop(lanes);
        assert_eq!(book.view(&tap)[0].doing, LaneDoing::Gone);
    }
}
