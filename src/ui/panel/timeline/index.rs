//! The calls of a session by lane and by descriptor, taken in from snapshots little by little. Pure, and only a memo: it could
//! be made again from any snapshot.

use std::collections::{BTreeMap, HashMap};

use super::mip::{Between, Mip, Stretch, Sum};
use super::tint::{self, Sockets, Spent, Tint};
use crate::engine::{CallKind, LaneSlice, SessionView};
use crate::lab::EndpointId;
use crate::trace::{Call, CallRecord};

/// One finished call of a lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaf {
    /// When it began, in nanoseconds.
    pub start: u64,
    /// When it ended.
    pub end: u64,
    /// Its index in the log.
    pub index: u64,
    /// How it is drawn at its end …
    pub tint: Tint,
    /// … from here on; before, it slept.
    pub awake: u64,
}

impl Stretch for Leaf {
    fn start(&self) -> u64 {
        self.start
    }

    fn end(&self) -> u64 {
        self.end
    }

    fn add_to(&self, spent: &mut Spent, calls: &mut u64) {
        spent[Tint::Asleep.at()] += (self.awake - self.start) as f32;
        spent[self.tint.at()] += (self.end - self.awake) as f32;
        *calls += 1;
    }
}

/// Sums of a stretch of time whose calls are gone, or will be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slice {
    /// What they come to.
    pub sum: Sum,
    /// Its index in its log.
    pub index: u64,
}

impl Stretch for Slice {
    fn start(&self) -> u64 {
        self.sum.start
    }

    fn end(&self) -> u64 {
        self.sum.end
    }

    fn add_to(&self, spent: &mut Spent, calls: &mut u64) {
        self.sum.add_to(spent, calls);
    }
}

/// One lane.
#[derive(Clone, Debug)]
pub struct LaneIndex {
    /// Its finished calls.
    pub calls: Mip<Leaf>,
    /// Sums for the time before.
    pub slices: Mip<Slice>,
    /// From when data were known to be there until they were read, by descriptor; only of lanes that wait for readiness.
    pub reads: BTreeMap<i64, Mip<Leaf>>,
    /// Operations the kernel does by itself, by descriptor.
    pub kernel: BTreeMap<i64, Mip<Leaf>>,
    /// Whether its sockets block.
    pub sockets: Sockets,
    /// When its last readiness wait came back.
    pub woken: Option<u64>,
}

impl Default for LaneIndex {
    fn default() -> Self {
        Self {
            calls: Mip::new(Between::OwnCode),
            slices: Mip::new(Between::OwnCode),
            reads: BTreeMap::new(),
            kernel: BTreeMap::new(),
            sockets: Sockets::default(),
            woken: None,
        }
    }
}

impl LaneIndex {
    fn take(&mut self, index: u64, call: &CallRecord) {
        self.sockets.learn(call);
        let end = call.start_ns.saturating_add(call.took_ns);
        if call.call == Call::Completion {
            // It runs beside the lane's own calls and not in order with them.
            let track = self.kernel.entry(call.fd).or_insert_with(|| Mip::new(Between::Nothing));
            push(track, Leaf { start: call.start_ns, end, index, tint: Tint::Received, awake: call.start_ns });
            return;
        }
        let (tint, awake) = tint::finished(call, self.sockets);
        push(&mut self.calls, Leaf { start: call.start_ns, end, index, tint, awake: end - awake });
        if call.call.is_readiness_wait() {
            self.woken = Some(end);
        } else if let Some(woken) = self.woken.filter(|_| reads(call)) {
            let track = self.reads.entry(call.fd).or_insert_with(|| Mip::new(Between::Nothing));
            // A second read after the same wait takes what the first left.
            let before = track.leaves().back().map_or(0, |l| l.end);
            push(track, Leaf { start: woken.max(before).min(call.start_ns), end, index, tint, awake: call.start_ns });
        }
    }

    fn is_empty(&self) -> bool {
        self.calls.leaves().is_empty() && self.slices.leaves().is_empty()
    }

    /// When the first kept call began.
    pub fn first_call(&self) -> Option<u64> {
        self.calls.leaves().front().map(|l| l.start)
    }

    /// When the last kept call ended.
    pub fn last_end(&self) -> Option<u64> {
        self.calls.leaves().back().map(|l| l.end).or_else(|| self.slices.leaves().back().map(|s| s.sum.end))
    }
}

/// Whether a call took in what waited at its descriptor.
fn reads(call: &CallRecord) -> bool {
    call.errno == 0 && matches!(CallKind::from(call.call), CallKind::Receive | CallKind::Accept)
}

/// Appends a call, held after the one before: a lane makes one call after the other, but a clock may stand still.
fn push(track: &mut Mip<Leaf>, mut leaf: Leaf) {
    let done = track.leaves().back().map_or(0, |l| l.end);
    leaf.start = leaf.start.max(done);
    leaf.end = leaf.end.max(leaf.start);
    leaf.awake = leaf.awake.clamp(leaf.start, leaf.end);
    track.push(leaf);
}

/// One session.
#[derive(Clone, Debug, Default)]
pub struct SessionIndex {
    generation: u32,
    /// The oldest index of the log that is in here, and the next one to take in.
    first: u64,
    next: u64,
    first_slice: u64,
    next_slice: u64,
    /// Its lanes by id.
    pub lanes: BTreeMap<u32, LaneIndex>,
}

impl SessionIndex {
    /// Takes in what is new, at most `budget` records, and lets go of what is gone.
    fn update(&mut self, session: &SessionView, budget: &mut usize) {
        let (log, slices) = (&session.calls.log, &session.calls.slices);
        let older = log.first_index() < self.first || slices.first_index() < self.first_slice;
        if session.generation != self.generation || older {
            // A new run has new lanes; an older moment knows what was let go here.
            *self = Self { generation: session.generation, first: log.first_index(), first_slice: slices.first_index(), ..Self::default() };
            (self.next, self.next_slice) = (self.first, self.first_slice);
        }
        if log.first_index() > self.first || slices.first_index() > self.first_slice {
            self.evict(session);
        }
        self.next = self.next.max(self.first);
        self.next_slice = self.next_slice.max(self.first_slice);
        for slice in slices.iter_from(self.next_slice).take(*budget) {
            self.lanes.entry(slice.lane).or_default().slices.push(Slice { sum: sum(slice), index: self.next_slice });
            self.next_slice += 1;
            *budget -= 1;
        }
        // Calls of one lane often come in a row.
        let mut of: Option<(u32, &mut LaneIndex)> = None;
        for call in log.iter_from(self.next).take(*budget) {
            let lane = match of.take() {
                Some((id, lane)) if id == call.lane => lane,
                Some(_) | None => self.lanes.entry(call.lane).or_default(),
            };
            lane.take(self.next, call);
            of = Some((call.lane, lane));
            self.next += 1;
            *budget -= 1;
        }
    }

    fn evict(&mut self, session: &SessionView) {
        self.first = session.calls.log.first_index();
        self.first_slice = session.calls.slices.first_index();
        let (first, first_slice) = (self.first, self.first_slice);
        self.lanes.retain(|_, lane| {
            lane.calls.evict(|l| l.index < first);
            lane.slices.evict(|s| s.index < first_slice);
            for tracks in [&mut lane.reads, &mut lane.kernel] {
                tracks.retain(|_, track| {
                    track.evict(|l| l.index < first);
                    !track.leaves().is_empty()
                });
            }
            !lane.is_empty() || lane.woken.is_some()
        });
    }

    /// Whether records of this session wait to be taken in.
    fn behind(&self, session: &SessionView) -> bool {
        session.generation != self.generation
            || self.next < session.calls.log.end_index()
            || self.next_slice < session.calls.slices.end_index()
    }
}

fn sum(slice: &LaneSlice) -> Sum {
    let start = slice.start.as_nanos() as u64;
    Sum { start, end: start + slice.len.as_nanos() as u64, spent: tint::summed(slice), calls: slice.calls.into() }
}

/// All sessions.
#[derive(Clone, Debug, Default)]
pub struct Index {
    sessions: HashMap<EndpointId, SessionIndex>,
}

/// Records taken in within one frame at most.
pub const RECORDS_A_FRAME: usize = 12_288;

impl Index {
    /// Takes in what is new in these sessions, within the frame's limit; answers whether more waits.
    pub fn update<'a>(&mut self, sessions: impl Iterator<Item = &'a SessionView> + Clone) -> bool {
        let mut budget = RECORDS_A_FRAME;
        self.sessions.retain(|id, _| sessions.clone().any(|s| s.id == *id));
        for session in sessions.clone() {
            self.sessions.entry(session.id).or_default().update(session, &mut budget);
        }
        sessions.into_iter().any(|s| self.sessions.get(&s.id).is_none_or(|i| i.behind(s)))
    }

    /// One session's lanes.
    pub fn session(&self, id: EndpointId) -> Option<&SessionIndex> {
        self.sessions.get(&id)
    }

    /// One lane.
    pub fn lane(&self, id: EndpointId, lane: u32) -> Option<&LaneIndex> {
        self.sessions.get(&id)?.lanes.get(&lane)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Log;
    use crate::ui::panel::timeline::fake::{self, record};

    #[test]
    fn a_selectors_reads_begin_when_its_wait_came_back() {
        let mut world = fake::world();
        let id = fake::server(&mut world, "epoll-lt");
        let calls = [
            record(0, Call::EpollWait, 5, 100, 900),
            record(0, Call::Recv, 15, 1_100, 50),
            record(0, Call::Recv, 15, 1_200, 50),
            CallRecord { again: true, errno: 11, ..record(0, Call::Recv, 17, 1_300, 10) },
        ];
        fake::calls(&mut world, id, calls);
        let mut index = Index::default();
        assert!(!index.update(world.snap.sessions.iter().map(|s| &**s)));
        let lane = index.lane(id, 0).unwrap();
        let reads: Vec<_> = lane.reads[&15].leaves().iter().map(|l| (l.start, l.end)).collect();
        assert_eq!((reads, lane.reads.len()), (vec![(1_000, 1_150), (1_150, 1_250)], 1));
    }

    #[test]
    fn what_the_kernel_does_by_itself_lies_beside_the_lanes_own_calls() {
        let mut world = fake::world();
        let id = fake::server(&mut world, "io-uring");
        let enters = [record(0, Call::IoUringEnter, 5, 100, 900), record(0, Call::IoUringEnter, 5, 1_200, 900)];
        fake::calls(&mut world, id, enters.into_iter().chain([record(0, Call::Completion, 15, 150, 1_100)]));
        let mut index = Index::default();
        index.update(world.snap.sessions.iter().map(|s| &**s));
        let lane = index.lane(id, 0).unwrap();
        let extents = |mip: &Mip<Leaf>| mip.leaves().iter().map(|l| (l.start, l.end)).collect::<Vec<_>>();
        assert_eq!((extents(&lane.calls), extents(&lane.kernel[&15])), (vec![(100, 1_000), (1_200, 2_100)], vec![(150, 1_250)]));
    }

    #[test]
    fn what_the_log_forgets_leaves_and_a_new_run_starts_over() {
        let mut world = fake::world();
        let id = fake::server(&mut world, "threads");
        let mut log = Log::default();
        (0..100_000_u64).for_each(|n| log.push(record((n % 2) as u32, Call::Recv, 15, n * 100, 60)));
        fake::log(&mut world, id, log.view());
        let mut index = Index::default();
        let mut frames = 1;
        while index.update(world.snap.sessions.iter().map(|s| &**s)) {
            frames += 1;
        }
        let held = |index: &Index| [0, 1].map(|lane| index.lane(id, lane).map_or(0, |l| l.calls.leaves().len()));
        assert_eq!((frames, held(&index)), (9, [50_000, 50_000]));
        let early = log.view();
        (0..100).for_each(|_| drop(log.evict_chunk()));
        fake::log(&mut world, id, log.view());
        index.update(world.snap.sessions.iter().map(|s| &**s));
        assert_eq!(held(&index), [37_200, 37_200], "evicted at once");
        fake::log(&mut world, id, early);
        while index.update(world.snap.sessions.iter().map(|s| &**s)) {}
        assert_eq!(held(&index), [50_000, 50_000], "an older moment is shown whole");
        log.clear();
        log.push(record(0, Call::Accept, 12, 5, 5));
        fake::log(&mut world, id, log.view());
        world.session(id).generation += 1;
        index.update(world.snap.sessions.iter().map(|s| &**s));
        assert_eq!(held(&index), [1, 0]);
    }
}
