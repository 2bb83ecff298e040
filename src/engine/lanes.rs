//! The threads of one session as snapshots show them, with their latest calls.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::{LaneDoing, LaneView, Span};
use crate::trace::{Doing, LaneState, Tap};

/// Lanes in view at most.
const LANES_SHOWN: usize = 256;
/// Lanes whose calls are kept.
const LANES_WITH_SPANS: usize = 16;
/// Calls kept of one lane.
const SPANS: usize = 64;

/// See the module.
#[derive(Default)]
pub(super) struct LaneBook {
    kept: BTreeMap<u32, Kept>,
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
    /// Empties the ring of finished calls; answers how many there were.
    pub fn drain(&mut self, tap: &Tap) -> usize {
        let lanes = tap.lanes(LANES_WITH_SPANS);
        let keeps = |id: u32| lanes.iter().take(LANES_WITH_SPANS).any(|l| l.id == id);
        self.kept.retain(|id, _| keeps(*id));
        for lane in lanes.iter().take(LANES_WITH_SPANS) {
            self.kept.entry(lane.id).or_default();
        }
        let mut count = 0;
        for call in tap.drain() {
            count += 1;
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
        count
    }

    /// The lanes now; the same `Arc` as long as nothing changed.
    pub fn view(&mut self, tap: &Tap) -> Arc<[LaneView]> {
        let mut lanes = tap.lanes(LANES_SHOWN);
        lanes.truncate(LANES_SHOWN);
        let views: Vec<LaneView> = lanes.iter().map(|lane| self.lane(lane)).collect();
        if !same(&views, &self.shown) {
            self.shown = views.into();
        }
        Arc::clone(&self.shown)
    }

    fn lane(&mut self, lane: &LaneState) -> LaneView {
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
        LaneView { id: lane.id, name, doing, calls, eagain, spans, at: None, ready: None, cpu: None, switches: None }
    }

    /// The session starts again.
    pub fn clear(&mut self) {
        self.kept.clear();
    }
}

fn same(a: &[LaneView], b: &[LaneView]) -> bool {
    let one = |(a, b): (&LaneView, &LaneView)| {
        a.id == b.id && a.doing == b.doing && a.calls == b.calls && a.eagain == b.eagain && Arc::ptr_eq(&a.spans, &b.spans)
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
        let lanes: Vec<_> = (0..300).map(|n| tap.lane(format!("worker-{n}"))).collect();
        for lane in &lanes {
            (0..70_u8).for_each(|n| drop(lane.call(Call::Recv, 3, [0; 2], true, || Ok(n), |_| Got::moved(usize::from(n)))));
        }
        let mut book = LaneBook::default();
        tap.drain().for_each(drop);
        (0..70_u8).for_each(|n| drop(lanes[0].call(Call::Recv, 3, [0; 2], true, || Ok(n), |_| Got::moved(usize::from(n)))));
        (0..70_u8).for_each(|n| drop(lanes[16].call(Call::Recv, 3, [0; 2], true, || Ok(n), |_| Got::moved(usize::from(n)))));
        assert_eq!(book.drain(&tap), 140);
        let view = book.view(&tap);
        assert_eq!((view.len(), view[0].spans.len(), view[16].spans.len()), (256, 64, 0));
        assert_eq!((view[0].spans[0].bytes, view[0].spans[63].bytes, view[0].calls), (6, 69, 140));
        assert!(Arc::ptr_eq(&view, &book.view(&tap)), "nothing changed");
        drop(lanes);
        assert_eq!(book.view(&tap)[0].doing, LaneDoing::Gone);
    }
}
