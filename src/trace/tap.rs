//! The tap of one session: its lanes, how much of their calls is kept, and the gate before them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

use parking_lot::Mutex;

use super::gate::{Gate, GateMove};
use super::ring::{Rings, Room};
use super::state::Folds;
use super::threads::{Spent, ThreadProbe, Threads};
use super::{CallRecord, Lane, LaneState};

/// Lanes that ended and are still shown.
const GONE_KEPT: usize = 16;
/// Lanes that ended and whose calls wait to be drained, at most.
const ENDED_KEPT: usize = 1_024;

/// How much of a session's calls is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TapLevel {
    /// Nothing: not counted, not timed, no current call.
    Off,
    /// Counted, and each lane says which call it is in.
    Counters,
    /// Every call is timed and recorded too.
    #[default]
    Full,
}

/// The level and, in a bit of its own, whether the gate is closed for someone: one load says whether there is anything to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Mode(u32);

impl Mode {
    const GATED: u32 = 4;

    #[inline]
    pub fn is_silent(self) -> bool {
        self.0 == 0
    }

    #[inline]
    pub fn is_gated(self) -> bool {
        self.0 & Self::GATED != 0
    }

    #[inline]
    pub fn level(self) -> TapLevel {
        match self.0 & 3 {
            0 => TapLevel::Off,
            1 => TapLevel::Counters,
            _ => TapLevel::Full,
        }
    }
}

/// What a lane leaves for whoever drains.
#[derive(Debug)]
pub(super) struct Feed {
    pub lane: u32,
    pub rings: Rings,
    pub folds: Folds,
}

/// All lanes of one session and the rings of their finished calls.
#[derive(Debug)]
pub struct Tap {
    mode: AtomicU32,
    epoch: Instant,
    pub(super) room: Room,
    pub(super) probe: Option<ThreadProbe>,
    pub(super) gate: Gate,
    pub(super) threads: Threads,
    /// What other processes said that they used for lanes of this session.
    far: Mutex<Spent>,
    lanes: Mutex<Lanes>,
    next_id: AtomicU32,
    pub(super) dropped: AtomicU64,
    /// The feeds of one draining, kept for their memory; one drains at a time.
    draining: Mutex<Vec<Arc<Feed>>>,
}

#[derive(Debug, Default)]
struct Lanes {
    live: BTreeMap<u32, (Arc<LaneState>, Arc<Feed>)>,
    gone: VecDeque<Arc<LaneState>>,
    /// Of lanes that ended; drained once more.
    ended: Vec<Arc<Feed>>,
    /// Counts of lanes that ended.
    gone_counts: [u64; 3],
}

impl Tap {
    /// A tap whose clock counts from `epoch`; a lane keeps at most about `most` finished calls undrained. Everything is kept.
    pub fn new(epoch: Instant, most: usize) -> Arc<Self> {
        Self::build(epoch, most, None)
    }

    /// A tap that also says what the lanes' threads cost.
    pub fn with_threads(epoch: Instant, most: usize, probe: ThreadProbe) -> Arc<Self> {
        Self::build(epoch, most, Some(probe))
    }

    fn build(epoch: Instant, most: usize, probe: Option<ThreadProbe>) -> Arc<Self> {
        let tap = Self {
            mode: AtomicU32::new(0),
            epoch,
            room: Room::new(most),
            probe,
            gate: Gate::default(),
            threads: Threads::default(),
            far: Mutex::default(),
            lanes: Mutex::default(),
            next_id: AtomicU32::new(0),
            dropped: AtomicU64::new(0),
            draining: Mutex::default(),
        };
        tap.set_level(TapLevel::Full);
        Arc::new(tap)
    }

    #[inline]
    pub(super) fn mode(&self) -> Mode {
        Mode(self.mode.load(Ordering::Relaxed))
    }

    /// How much is kept from each lane's next call on.
    pub fn set_level(&self, level: TapLevel) {
        // Both ways leave the gate's bit as it is.
        let set = |mode: u32| Some(mode & Mode::GATED | level as u32);
        let _always = self.mode.fetch_update(Ordering::Relaxed, Ordering::Relaxed, set);
    }

    /// Whether a gate is closed for someone.
    pub fn is_gated(&self) -> bool {
        self.mode().is_gated()
    }

    /// How much is kept.
    pub fn level(&self) -> TapLevel {
        self.mode().level()
    }

    /// A new lane. Made by the thread it stands for, or for it just before it starts.
    pub fn lane(self: &Arc<Self>, name: impl Into<Arc<str>>) -> Lane {
        self.add(name.into(), false, true)
    }

    /// A lane for what is asked from outside the experiment (a stop, a close, an operator's send): it never stands at the gate.
    pub fn free_lane(self: &Arc<Self>, name: impl Into<Arc<str>>) -> Lane {
        self.add(name.into(), true, true)
    }

    /// A lane that is no thread: a task that shares threads with others, or another process's. It has no processor time of
    /// its own, unless another process tells it ([`Lane::relay_spent`]).
    pub fn task_lane(self: &Arc<Self>, name: impl Into<Arc<str>>) -> Lane {
        self.add(name.into(), false, false)
    }

    fn add(self: &Arc<Self>, name: Arc<str>, is_free: bool, has_thread: bool) -> Lane {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let state = Arc::new(LaneState::new(id, name, is_free, has_thread && self.probe.is_some()));
        let feed = Arc::new(Feed { lane: id, rings: Rings::default(), folds: Folds::default() });
        self.lanes.lock().live.insert(id, (Arc::clone(&state), Arc::clone(&feed)));
        Lane::new(state, feed, Arc::clone(self))
    }

    /// The lane is at its end.
    pub(super) fn remove(&self, state: &LaneState) {
        self.gate.forget(state.id, |closed| self.set_gated(closed));
        let mut lanes = self.lanes.lock();
        let Some((state, feed)) = lanes.live.remove(&state.id) else { return };
        lanes.gone_counts = add(lanes.gone_counts, state.counts());
        lanes.gone.push_back(state);
        if lanes.gone.len() > GONE_KEPT {
            lanes.gone.pop_front();
        }
        lanes.ended.push(feed);
        let too_many = if lanes.ended.len() > ENDED_KEPT { Some(lanes.ended.remove(0)) } else { None };
        drop(lanes);
        // Nobody drains: what the oldest left is lost, and counted.
        if let Some(feed) = too_many {
            let mut lost = 0;
            self.take(&feed, |record| lost += u64::from(record.count));
            feed.rings.give_back(&self.room);
            self.dropped.fetch_add(lost, Ordering::Relaxed);
        }
    }

    /// Nanoseconds since the engine started.
    #[inline]
    pub fn now_ns(&self) -> u64 {
        self.epoch.elapsed().as_nanos() as u64
    }

    /// Holds, steps or frees one lane, or all and those to come, at the gate before their next call.
    pub fn gate(&self, lane: Option<u32>, gate: GateMove) {
        self.gate.apply(lane, gate, |closed| self.set_gated(closed));
    }

    /// Lets all through, for good: the session stops.
    pub fn open_gates(&self) {
        self.gate.open(|closed| self.set_gated(closed));
    }

    fn set_gated(&self, is_gated: bool) {
        if is_gated {
            self.mode.fetch_or(Mode::GATED, Ordering::Relaxed);
        } else {
            self.mode.fetch_and(!Mode::GATED, Ordering::Relaxed);
        }
    }

    /// Live lanes in order of birth (at most `most`), then the ones that ended last.
    pub fn lanes(&self, most: usize) -> Vec<Arc<LaneState>> {
        let lanes = self.lanes.lock();
        lanes.live.values().map(|(state, _)| state).take(most).chain(&lanes.gone).cloned().collect()
    }

    /// How many lanes are alive.
    pub fn live_lanes(&self) -> usize {
        self.lanes.lock().live.len()
    }

    /// Calls, wake-ups and `EAGAIN`s of all lanes, also of ended ones.
    pub fn counts(&self) -> [u64; 3] {
        let lanes = self.lanes.lock();
        lanes.live.values().fold(lanes.gone_counts, |sum, (lane, _)| add(sum, lane.counts()))
    }

    /// Asks all threads for their processor time and at most `most` for their switches. Some times a second, by one caller.
    pub fn sample_threads(&self, most: usize) {
        if let Some(probe) = &self.probe {
            self.threads.sample(probe, most);
        }
    }

    /// What the threads of these lanes have used, as last sampled.
    pub fn spent(&self, lanes: &[Arc<LaneState>]) -> Vec<Spent> {
        let live = self.threads.spent(lanes.iter().map(|lane| lane.thread()));
        lanes.iter().zip(live).map(|(lane, live)| lane.last_spent().unwrap_or(live)).collect()
    }

    /// What all threads have used, also the ended ones, and the processes that told it.
    pub fn total_spent(&self) -> Spent {
        self.threads.total().plus(*self.far.lock())
    }

    /// The other process of this lane has used so much by now.
    pub(super) fn relay_spent(&self, lane: &LaneState, now: Spent) {
        let more = now.since(lane.told_spent(now));
        let mut far = self.far.lock();
        *far = far.plus(more);
    }

    /// Finished calls not drained yet, in order of their ends.
    pub fn drain(&self) -> impl Iterator<Item = CallRecord> + '_ {
        let mut records = Vec::new();
        self.drain_into(&mut records);
        records.into_iter()
    }

    /// Adds them to `records`; true when a lane's ring was more than half full.
    pub fn drain_into(&self, records: &mut Vec<CallRecord>) -> bool {
        let first = records.len();
        let mut feeds = self.draining.lock();
        let ended = {
            let mut lanes = self.lanes.lock();
            feeds.append(&mut lanes.ended);
            let ended = feeds.len();
            feeds.extend(lanes.live.values().map(|(_, feed)| Arc::clone(feed)));
            ended
        };
        let mut pressed = false;
        for (n, feed) in feeds.drain(..).enumerate() {
            pressed |= self.take(&feed, |record| records.push(record));
            if n < ended {
                feed.rings.give_back(&self.room);
            }
        }
        drop(feeds);
        records[first..].sort_by_key(CallRecord::end_ns);
        pressed
    }

    fn take(&self, feed: &Feed, mut each: impl FnMut(CallRecord)) -> bool {
        feed.rings.drain(&self.room, |words| {
            if let Some(record) = CallRecord::from_words(feed.lane, words) {
                each(record);
            }
        })
    }

    /// Calls that found their ring full.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

fn add(a: [u64; 3], b: [u64; 3]) -> [u64; 3] {
    std::array::from_fn(|i| a[i] + b[i])
}
