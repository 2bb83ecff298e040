//! Lanes: one per thread that makes calls. A lane counts its calls, says which one it is in right now, and records the
//! finished ones in its session's bounded ring.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_queue::ArrayQueue;
use parking_lot::Mutex;

use super::Call;

/// Lanes that ended and are still shown.
const GONE_KEPT: usize = 16;

/// One finished call.
#[derive(Clone, Copy, Debug)]
pub struct CallRecord {
    /// [`LaneState::id`].
    pub lane: u32,
    /// Which call.
    pub call: Call,
    /// On which descriptor; −1 for none.
    pub fd: i64,
    /// Its brief arguments after the descriptor; what they mean depends on the call.
    pub args: [i64; 2],
    /// What it answered when it did not fail.
    pub result: i64,
    /// How many calls of this kind in a row this record stands for; more than one only for `EAGAIN`.
    pub count: u32,
    /// Where it was made: in a model's own file, as long as every function between is `#[track_caller]`.
    pub at: &'static Location<'static>,
    /// Since the engine started, in nanoseconds.
    pub start_ns: u64,
    /// Duration in nanoseconds.
    pub took_ns: u64,
    /// Bytes moved.
    pub bytes: u32,
    /// The error number, 0 for success.
    pub errno: i32,
    /// Whether that error is "would block".
    pub again: bool,
}

/// What a call answered, in brief.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Got {
    /// Bytes it moved.
    pub bytes: usize,
    /// Its result as a number.
    pub result: i64,
}

impl Got {
    /// It says only that it worked.
    pub fn done<T>(_value: &T) -> Self {
        Self::default()
    }

    /// It moved so many bytes.
    pub fn moved(n: usize) -> Self {
        Self { bytes: n, result: n as i64 }
    }

    /// It answered a number that counts no bytes: a descriptor, how many are ready.
    pub fn value(result: i64) -> Self {
        Self { bytes: 0, result }
    }
}

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

/// What a lane does at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Its own code.
    Running,
    /// In this call, on this descriptor, since then.
    InCall(Call, i64, Duration),
    /// Held by a person before this call, on this descriptor, since then.
    AtGate(Call, i64, Duration),
    /// The thread ended.
    Gone,
}

/// A lane's shared side, read by the control thread while the lane runs.
#[derive(Debug)]
pub struct LaneState {
    /// From 0 within its session, in order of birth.
    pub id: u32,
    /// The thread's name.
    pub name: Arc<str>,
    /// `call << 56 | (fd + 1)`; 0 when in no call.
    now: AtomicU64,
    since_ns: AtomicU64,
    gone: AtomicBool,
    calls: AtomicU64,
    wakeups: AtomicU64,
    again: AtomicU64,
}

impl LaneState {
    /// What it does now. The two words are read one after the other; a reading may be torn between two calls, which shows as
    /// the newer call with the older start for one frame.
    pub fn doing(&self) -> Doing {
        if self.gone.load(Ordering::Acquire) {
            return Doing::Gone;
        }
        let since = self.since_ns.load(Ordering::Acquire);
        let now = self.now.load(Ordering::Acquire);
        match Call::from_u8((now >> 56) as u8) {
            Some(call) => Doing::InCall(call, (now & ((1 << 56) - 1)) as i64 - 1, Duration::from_nanos(since)),
            None => Doing::Running,
        }
    }

    /// Calls, wake-ups and `EAGAIN`s so far.
    pub fn counts(&self) -> [u64; 3] {
        [&self.calls, &self.wakeups, &self.again].map(|c| c.load(Ordering::Relaxed))
    }
}

/// All lanes of one session and the ring of their finished calls.
#[derive(Debug)]
pub struct Tap {
    epoch: Instant,
    lanes: Mutex<Lanes>,
    next_id: AtomicU32,
    ring: ArrayQueue<CallRecord>,
    dropped: AtomicU64,
}

#[derive(Debug, Default)]
struct Lanes {
    live: BTreeMap<u32, Arc<LaneState>>,
    gone: VecDeque<Arc<LaneState>>,
    /// Counts of lanes that ended.
    gone_counts: [u64; 3],
}

impl Tap {
    /// A tap whose clock counts from `epoch` and that keeps at most `capacity` undrained calls.
    pub fn new(epoch: Instant, capacity: usize) -> Arc<Self> {
        Arc::new(Self {
            epoch,
            lanes: Mutex::default(),
            next_id: AtomicU32::new(0),
            ring: ArrayQueue::new(capacity.max(1)),
            dropped: AtomicU64::new(0),
        })
    }

    /// A new lane. Made by the thread it stands for, or for it just before it starts.
    pub fn lane(self: &Arc<Self>, name: impl Into<Arc<str>>) -> Lane {
        let state = Arc::new(LaneState {
            id: self.next_id.fetch_add(1, Ordering::Relaxed),
            name: name.into(),
            now: AtomicU64::new(0),
            since_ns: AtomicU64::new(0),
            gone: AtomicBool::new(false),
            calls: AtomicU64::new(0),
            wakeups: AtomicU64::new(0),
            again: AtomicU64::new(0),
        });
        self.lanes.lock().live.insert(state.id, Arc::clone(&state));
        Lane { state, tap: Arc::clone(self) }
    }

    /// Nanoseconds since the engine started.
    pub fn now_ns(&self) -> u64 {
        self.epoch.elapsed().as_nanos() as u64
    }

    /// Live lanes in order of birth (at most `most`), then the ones that ended last.
    pub fn lanes(&self, most: usize) -> Vec<Arc<LaneState>> {
        let lanes = self.lanes.lock();
        lanes.live.values().take(most).chain(&lanes.gone).cloned().collect()
    }

    /// How many lanes are alive.
    pub fn live_lanes(&self) -> usize {
        self.lanes.lock().live.len()
    }

    /// Calls, wake-ups and `EAGAIN`s of all lanes, also of ended ones.
    pub fn counts(&self) -> [u64; 3] {
        let lanes = self.lanes.lock();
        lanes.live.values().fold(lanes.gone_counts, |sum, lane| add(sum, lane.counts()))
    }

    /// Finished calls not drained yet, oldest first.
    pub fn drain(&self) -> impl Iterator<Item = CallRecord> + '_ {
        std::iter::from_fn(|| self.ring.pop()).take(self.ring.capacity())
    }

    /// Calls that found the ring full.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

fn add(a: [u64; 3], b: [u64; 3]) -> [u64; 3] {
    std::array::from_fn(|i| a[i] + b[i])
}

/// One thread's way to the system: every wrapper in `sys` takes it. Dropping it marks the lane as gone.
#[derive(Debug)]
pub struct Lane {
    state: Arc<LaneState>,
    tap: Arc<Tap>,
}

impl Lane {
    /// Its shared side.
    pub fn state(&self) -> &Arc<LaneState> {
        &self.state
    }

    /// The session's tap, for lanes of further threads and for the clock.
    pub fn tap(&self) -> &Arc<Tap> {
        &self.tap
    }

    /// Runs one call: publishes that the lane stands in it, times it, counts it, records it. Only `sys` calls this.
    /// `may_sleep` says whether coming back counts as a wake-up; `got` puts the result in brief. Every wrapper on the way from a
    /// model's file to here is `#[track_caller]`, so that the record can name the line there.
    #[track_caller]
    pub fn call<T>(
        &self,
        call: Call,
        fd: i64,
        args: [i64; 2],
        may_sleep: bool,
        op: impl FnOnce() -> io::Result<T>,
        got: impl FnOnce(&T) -> Got,
    ) -> io::Result<T> {
        let state = &*self.state;
        let start_ns = self.tap.now_ns();
        state.since_ns.store(start_ns, Ordering::Release);
        state.now.store((call as u64) << 56 | (fd + 1) as u64 & ((1 << 56) - 1), Ordering::Release);
        let result = op();
        state.now.store(0, Ordering::Release);
        let took_ns = self.tap.now_ns() - start_ns;
        let (got, errno, again) = match &result {
            Ok(value) => (got(value), 0, false),
            Err(error) => (Got::default(), error.raw_os_error().unwrap_or(-1), error.kind() == io::ErrorKind::WouldBlock),
        };
        // Only this thread writes these; a plain load and store is enough and cheaper than a locked add.
        bump(&state.calls);
        if may_sleep {
            bump(&state.wakeups);
        }
        if again {
            bump(&state.again);
        }
        let record = CallRecord {
            lane: state.id,
            call,
            fd,
            args,
            result: got.result,
            count: 1,
            at: Location::caller(),
            start_ns,
            took_ns,
            bytes: got.bytes as u32,
            errno,
            again,
        };
        if self.tap.ring.push(record).is_err() {
            self.tap.dropped.fetch_add(1, Ordering::Relaxed);
        }
        result
    }
}

/// A wait that is not one call of this thread: it begins, other lanes have the thread meanwhile, it ends.
#[derive(Debug)]
#[must_use = "the lane stands in it until `end`"]
pub struct Begun {
    call: Call,
    fd: i64,
    args: [i64; 2],
    start_ns: u64,
    at: &'static Location<'static>,
}

impl Lane {
    /// From now on the lane stands in this wait, until [`end`](Self::end). Only `sys` calls this.
    #[track_caller]
    pub fn begin(&self, call: Call, fd: i64, args: [i64; 2]) -> Begun {
        let start_ns = self.tap.now_ns();
        self.state.since_ns.store(start_ns, Ordering::Release);
        self.state.now.store((call as u64) << 56 | (fd + 1) as u64 & ((1 << 56) - 1), Ordering::Release);
        Begun { call, fd, args, start_ns, at: Location::caller() }
    }

    /// The wait is over: it counts as one call and one wake-up.
    pub fn end(&self, begun: Begun, result: i64) {
        self.state.now.store(0, Ordering::Release);
        bump(&self.state.calls);
        bump(&self.state.wakeups);
        self.record(&begun, Ok(Got::value(result)));
    }

    /// An operation that the kernel did by itself, from its submission at `start_ns` until now. It is no call of this thread, so
    /// it is recorded and not counted. Only `sys` calls this.
    #[track_caller]
    pub fn completed(&self, call: Call, fd: i64, args: [i64; 2], start_ns: u64, result: Result<Got, i32>) {
        self.record(&Begun { call, fd, args, start_ns, at: Location::caller() }, result);
    }

    fn record(&self, begun: &Begun, result: Result<Got, i32>) {
        let &Begun { call, fd, args, start_ns, at } = begun;
        let took_ns = self.tap.now_ns().saturating_sub(start_ns);
        let (got, errno) = result.map_or_else(|errno| (Got::default(), errno), |got| (got, 0));
        let (lane, result, bytes) = (self.state.id, got.result, got.bytes as u32);
        let record = CallRecord { lane, call, fd, args, result, count: 1, at, start_ns, took_ns, bytes, errno, again: false };
        if self.tap.ring.push(record).is_err() {
            self.tap.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn bump(counter: &AtomicU64) {
    counter.store(counter.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.state.gone.store(true, Ordering::Release);
        let mut lanes = self.tap.lanes.lock();
        if let Some(state) = lanes.live.remove(&self.state.id) {
            lanes.gone_counts = add(lanes.gone_counts, state.counts());
            lanes.gone.push_back(state);
            if lanes.gone.len() > GONE_KEPT {
                lanes.gone.pop_front();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_says_what_it_is_in_and_keeps_its_counts_after_it_is_gone() {
        let tap = Tap::new(Instant::now(), 2);
        let lane = tap.lane("worker");
        let state = Arc::clone(lane.state());
        let inside = lane.call(Call::Recv, 7, [0; 2], true, || Ok(state.doing()), |_| Got::moved(3)).unwrap();
        assert!(matches!(inside, Doing::InCall(Call::Recv, 7, _)), "{inside:?}");
        assert_eq!(state.doing(), Doing::Running);
        for _ in 0..2 {
            let failed: io::Result<()> = lane.call(Call::Accept, -1, [0; 2], false, || Err(io::ErrorKind::WouldBlock.into()), Got::done);
            assert!(failed.is_err());
        }
        drop(lane);
        assert_eq!(state.doing(), Doing::Gone);
        assert_eq!((tap.counts(), tap.dropped(), tap.live_lanes()), ([3, 1, 2], 1, 0));
        let drained: Vec<_> = tap.drain().collect();
        assert_eq!((drained.len(), drained[0].bytes, drained[0].fd, drained[1].again), (2, 3, 7, true));
    }
}
