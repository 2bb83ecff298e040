//! Lanes: one per thread that makes calls. A lane counts its calls, says which one it is in right now, and leaves a record of
//! each finished one in a ring of its own.
//!
//! What a call costs here beside the call itself: with the tap off one load; with counters a few stores to memory that no other
//! thread writes, and before a wait a look at the clock; in full two looks at the clock and one cache line more. No lock, no allocation.

use std::io;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::record::{Got, Words};
use super::state::LaneState;
use super::tap::{Feed, Mode, Tap, TapLevel};
use super::{Call, CallRecord, GateMove, Place, ReadyFd, Spent};

/// How long calls that find nothing wait to become one record.
const FOLD_NS: u64 = 2_000_000;

/// One thread's way to the system: every wrapper in `sys` takes it. Dropping it marks the lane as gone.
#[derive(Debug)]
pub struct Lane {
    state: Arc<LaneState>,
    feed: Arc<Feed>,
    tap: Arc<Tap>,
}

/// A wait that is not one call of this thread: it begins, other lanes have the thread meanwhile, it ends.
#[derive(Debug)]
#[must_use = "the lane stands in it until `end`"]
pub struct Begun {
    call: Call,
    fd: i64,
    args: [i64; 2],
    waits: bool,
    at: Place,
    level: TapLevel,
    start_ns: u64,
}

impl Lane {
    pub(super) fn new(state: Arc<LaneState>, feed: Arc<Feed>, tap: Arc<Tap>) -> Self {
        Self { state, feed, tap }
    }

    /// Its shared side.
    pub fn state(&self) -> &Arc<LaneState> {
        &self.state
    }

    /// The session's tap, for lanes of further threads and for the clock.
    pub fn tap(&self) -> &Arc<Tap> {
        &self.tap
    }

    /// Runs one call: stands at the gate if that is closed, publishes that the lane is in it, times it, counts it, records it. Only
    /// `sys` calls this. `may_sleep` says whether coming back counts as a wake-up; `got` puts the result in brief. Every wrapper on
    /// the way from a model's file to here is `#[track_caller]`, so that the record can name the line there.
    #[track_caller]
    #[inline]
    pub fn call<T>(
        &self,
        call: Call,
        fd: i64,
        args: [i64; 2],
        may_sleep: bool,
        op: impl FnOnce() -> io::Result<T>,
        got: impl FnOnce(&T) -> Got,
    ) -> io::Result<T> {
        let mode = self.tap.mode();
        if mode.is_silent() && self.state.knows_thread() {
            return op();
        }
        let begun = self.enter(mode, Location::caller(), call, fd, args, may_sleep);
        let result = op();
        match (begun.level, &result) {
            (TapLevel::Off, _) => {}
            (_, Ok(value)) => self.leave(begun, Ok(got(value))),
            (_, Err(error)) => self.leave(begun, Err(error)),
        }
        result
    }

    /// From now on the lane stands in this wait, until [`end`](Self::end). Only `sys` calls this.
    #[track_caller]
    pub fn begin(&self, call: Call, fd: i64, args: [i64; 2]) -> Begun {
        self.enter(self.tap.mode(), Location::caller(), call, fd, args, true)
    }

    /// The wait is over: it counts as one call and one wake-up.
    pub fn end(&self, begun: Begun, result: i64) {
        if begun.level != TapLevel::Off {
            self.leave(begun, Ok(Got::value(result)));
        }
    }

    /// An operation that the kernel did by itself, from its submission at `start_ns` until now. It is no call of this thread, so
    /// it is recorded and not counted. Only `sys` calls this.
    #[track_caller]
    pub fn completed(&self, call: Call, fd: i64, args: [i64; 2], start_ns: u64, result: Result<Got, i32>) {
        if self.tap.level() != TapLevel::Full {
            return;
        }
        let took_ns = self.tap.now_ns().saturating_sub(start_ns);
        let (got, errno) = result.map_or_else(|errno| (Got::default(), errno), |got| (got, 0));
        let (lane, bytes, at) = (self.state.id, got.bytes as u32, Place::caller());
        let again = false;
        let record = CallRecord { lane, call, fd, args, result: got.result, count: 1, at, start_ns, took_ns, bytes, errno, again };
        self.push(record.to_words());
    }

    #[inline]
    fn enter(&self, mode: Mode, at: &'static Location<'static>, call: Call, fd: i64, args: [i64; 2], waits: bool) -> Begun {
        let state = &*self.state;
        let level = mode.level();
        if !state.knows_thread() {
            self.introduce();
        }
        if mode.is_gated() && !state.is_free {
            self.stand_at_gate(at, call, fd, waits);
        }
        if level == TapLevel::Off {
            return Begun { call, fd, args, waits, at: Place::default(), level, start_ns: 0 };
        }
        // Whoever falls asleep now would keep them from being seen.
        if waits && !self.feed.folds.is_empty() {
            self.flush();
        }
        let at = Place::of(at);
        // Since when matters where it can last, and where the call is timed.
        let is_timed = waits || level == TapLevel::Full;
        let start_ns = if is_timed { self.tap.now_ns() } else { state.since_ns.load(Ordering::Relaxed) };
        state.enters(call, fd, at, start_ns, false);
        Begun { call, fd, args, waits, at, level, start_ns }
    }

    #[inline]
    fn leave(&self, begun: Begun, result: Result<Got, &io::Error>) {
        let Begun { call, fd, args, waits, at, level, start_ns } = begun;
        let (got, errno, again) = match result {
            Ok(got) => (got, 0, false),
            Err(error) => (Got::default(), error.raw_os_error().unwrap_or(-1), error.kind() == io::ErrorKind::WouldBlock),
        };
        let state = &*self.state;
        state.count(1, waits, again.into());
        if level != TapLevel::Full {
            return state.leaves(at);
        }
        let end_ns = self.tap.now_ns();
        state.leaves(at);
        state.since_ns.store(end_ns, Ordering::Relaxed);
        let (lane, took_ns, bytes) = (state.id, end_ns - start_ns, got.bytes as u32);
        let record = CallRecord { lane, call, fd, args, result: got.result, count: 1, at, start_ns, took_ns, bytes, errno, again };
        let words = record.to_words();
        if again {
            self.fold(words);
        } else {
            if !self.feed.folds.is_empty() {
                self.flush();
            }
            self.push(words);
        }
    }

    fn fold(&self, words: Words) {
        if !self.feed.folds.add(words, FOLD_NS) {
            self.flush();
            // The places are free now.
            let _added = self.feed.folds.add(words, FOLD_NS);
        }
    }

    /// What was folded becomes records.
    fn flush(&self) {
        self.feed.folds.take().for_each(|words| self.push(words));
    }

    #[inline]
    fn push(&self, words: Words) {
        if !self.feed.rings.push(&self.tap.room, words) {
            let calls = CallRecord::calls_in(&words);
            self.tap.dropped.fetch_add(calls, Ordering::Relaxed);
        }
    }

    /// Its first call: which thread it is.
    #[cold]
    fn introduce(&self) {
        self.state.set_thread(self.tap.probe.as_ref().and_then(|probe| self.tap.threads.enter(probe)));
    }

    #[cold]
    fn stand_at_gate(&self, at: &'static Location<'static>, call: Call, fd: i64, waits: bool) {
        let at = Place::of(at);
        self.flush();
        let start_ns = self.tap.now_ns();
        let stand = || self.state.enters(call, fd, at, start_ns, true);
        if self.tap.gate.pass(self.state.id, waits, stand) {
            self.state.leaves(at);
            if self.tap.level() == TapLevel::Full {
                // No call, so it is counted nowhere; but this time was not the lane's own.
                let (lane, took_ns) = (self.state.id, self.tap.now_ns() - start_ns);
                let (args, call) = ([call as i64, 0], Call::Gate);
                let held =
                    CallRecord { lane, call, fd, args, result: 0, count: 1, at, start_ns, took_ns, bytes: 0, errno: 0, again: false };
                self.push(held.to_words());
            }
        }
    }

    /// What a readiness wait was asked and answered, for whoever steps through: `watched` descriptors in all (`None` where the
    /// kernel keeps the list), `ready` of them ready; `fds` is only run through when the tap is at full, and at most
    /// [`READY_NAMED`](super::READY_NAMED) are kept. Called by `sys` when the wait has come back.
    #[inline]
    pub fn publish_ready(&self, call: Call, watched: Option<u32>, ready: u32, fds: impl IntoIterator<Item = ReadyFd>) {
        if self.tap.level() == TapLevel::Full {
            self.state.publish_ready(call, |set| {
                (set.watched, set.ready) = (watched, ready);
                set.fill(fds.into_iter());
            });
        }
    }

    /// This lane's calls are made in another process, which has entered this one there, or is held before it.
    pub fn relay_enters(&self, call: Call, fd: i64, at: Place, since_ns: u64, is_held: bool) {
        self.state.enters(call, fd, at, since_ns, is_held);
    }

    /// Another process has finished this call for this lane. It was a blocking one, so that it came back from a sleep unless it
    /// found nothing.
    pub fn relay_called(&self, record: CallRecord) {
        let state = &*self.state;
        let level = self.tap.level();
        if level == TapLevel::Off {
            return;
        }
        let woke = !record.again && (record.call.is_readiness_wait() || record.call.may_block());
        state.count(record.count.into(), woke, if record.again { record.count.into() } else { 0 });
        state.leaves(record.at);
        if level == TapLevel::Full {
            state.since_ns.store(record.end_ns(), Ordering::Relaxed);
            self.push(record.to_words());
        }
    }

    /// What the other process that makes this lane's calls has used so far, as it said itself.
    pub fn relay_spent(&self, spent: Spent) {
        self.tap.relay_spent(&self.state, spent);
    }

    /// This lane's calls are made in another process: moves at the gate go there too, at once the one that holds it now.
    pub fn relay_gate(&self, to: impl Fn(GateMove) + Send + Sync + 'static) {
        self.tap.gate.relay(self.state.id, Arc::new(to));
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.flush();
        let spent = match (&self.tap.probe, self.state.thread()) {
            (Some(probe), Some(thread)) => Some(self.tap.threads.leave(thread, probe)),
            (_, None) | (None, _) => None,
        };
        self.state.ends(spent);
        self.tap.remove(&self.state);
    }
}
