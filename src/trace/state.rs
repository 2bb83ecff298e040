//! A lane's shared side: what it does now and its exact counts, read by others while the lane runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use super::record::Words;
use super::{Call, Place, ReadySet, Spent};

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

/// Held at the gate; below it seven bits of call, sixteen of place, forty of descriptor.
const GATE: u64 = 1 << 63;
const CALL_AT: u32 = 56;
const PLACE_AT: u32 = 40;
const FD: u64 = (1 << PLACE_AT) - 1;

/// See the module. On cache lines of its own, because the lane writes it at each call.
#[derive(Debug)]
#[repr(align(128))]
pub struct LaneState {
    /// From 0 within its session, in order of birth.
    pub id: u32,
    /// The thread's name.
    pub name: Arc<str>,
    /// Never held at the gate: it does what the engine or an operator asked for, not the experiment's work.
    pub is_free: bool,
    /// Call, descriptor and line of the current call; without the call, of the last one.
    now: AtomicU64,
    /// The start of the current call, or the end of the last one.
    pub(super) since_ns: AtomicU64,
    gone: AtomicBool,
    pub(super) calls: AtomicU64,
    pub(super) wakeups: AtomicU64,
    pub(super) again: AtomicU64,
    /// The thread's number plus 2; 0: not asked yet; 1: not known.
    thread: AtomicU64,
    /// Grows with each ready set.
    ready_seq: AtomicU64,
    ready: Mutex<Option<ReadySet>>,
    /// What the thread had used when the lane ended; what another process said last that it has used.
    last_spent: Mutex<Option<Spent>>,
}

impl LaneState {
    pub(super) fn new(id: u32, name: Arc<str>, is_free: bool, has_thread: bool) -> Self {
        Self {
            id,
            name,
            is_free,
            now: AtomicU64::new(0),
            since_ns: AtomicU64::new(0),
            gone: AtomicBool::new(false),
            calls: AtomicU64::new(0),
            wakeups: AtomicU64::new(0),
            again: AtomicU64::new(0),
            thread: AtomicU64::new(u64::from(!has_thread)),
            ready_seq: AtomicU64::new(0),
            ready: Mutex::default(),
            last_spent: Mutex::default(),
        }
    }

    /// What it does now. The two words are read one after the other; a reading may be torn between two calls, which shows as
    /// the newer call with the older start for one frame.
    pub fn doing(&self) -> Doing {
        if self.gone.load(Ordering::Acquire) {
            return Doing::Gone;
        }
        let since = Duration::from_nanos(self.since_ns.load(Ordering::Acquire));
        let now = self.now.load(Ordering::Acquire);
        let fd = (now & FD) as i64 - 1;
        match Call::from_u8((now >> CALL_AT) as u8 & 0x7f) {
            Some(call) if now & GATE != 0 => Doing::AtGate(call, fd, since),
            Some(call) => Doing::InCall(call, fd, since),
            None => Doing::Running,
        }
    }

    /// The line that makes the current call, or made the last one.
    pub fn at(&self) -> Option<Place> {
        Some(Place::from_number((self.now.load(Ordering::Acquire) >> PLACE_AT) as u16)).filter(|place| place.is_known())
    }

    /// Calls, wake-ups and `EAGAIN`s so far.
    pub fn counts(&self) -> [u64; 3] {
        [&self.calls, &self.wakeups, &self.again].map(|c| c.load(Ordering::Relaxed))
    }

    /// What its last readiness wait answered, if that is newer than `seen`; with its number, for the next time.
    pub fn ready_since(&self, seen: u64) -> Option<(u64, ReadySet)> {
        let seq = self.ready_seq.load(Ordering::Acquire);
        if seq == seen {
            return None;
        }
        self.ready.lock().clone().map(|set| (seq, set))
    }

    /// Its thread, once it has made a call.
    pub(super) fn thread(&self) -> Option<u64> {
        self.thread.load(Ordering::Relaxed).checked_sub(2)
    }

    #[inline]
    pub(super) fn knows_thread(&self) -> bool {
        self.thread.load(Ordering::Relaxed) != 0
    }

    pub(super) fn set_thread(&self, thread: Option<u64>) {
        self.thread.store(thread.map_or(1, |id| id + 2), Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn enters(&self, call: Call, fd: i64, at: Place, since_ns: u64, is_held: bool) {
        self.since_ns.store(since_ns, Ordering::Release);
        let word = (call as u64) << CALL_AT | u64::from(at.number()) << PLACE_AT | (fd + 1).cast_unsigned() & FD;
        self.now.store(if is_held { word | GATE } else { word }, Ordering::Release);
    }

    #[inline]
    pub(super) fn leaves(&self, at: Place) {
        self.now.store(u64::from(at.number()) << PLACE_AT, Ordering::Release);
    }

    /// Only the lane's thread writes the counts; a plain load and store is enough and cheaper than a locked add.
    #[inline]
    pub(super) fn count(&self, calls: u64, woke: bool, again: u64) {
        let add = |counter: &AtomicU64, n: u64| counter.store(counter.load(Ordering::Relaxed) + n, Ordering::Relaxed);
        add(&self.calls, calls);
        if woke {
            add(&self.wakeups, 1);
        }
        if again > 0 {
            add(&self.again, again);
        }
    }

    /// A new ready set, made by `fill` in the memory of the last one. When the reader is just copying, a moment is waited for it;
    /// when that does not help, the set is left out.
    pub(super) fn publish_ready(&self, call: Call, fill: impl FnOnce(&mut ReadySet)) {
        const TRIES: u32 = 100;
        let Some(mut place) = (0..TRIES).find_map(|_| {
            let place = self.ready.try_lock();
            if place.is_none() {
                std::hint::spin_loop();
            }
            place
        }) else {
            return;
        };
        let set = place.get_or_insert_with(|| ReadySet { call, at_ns: 0, fds: Vec::new(), watched: None, ready: 0 });
        set.call = call;
        set.at_ns = self.since_ns.load(Ordering::Relaxed);
        fill(set);
        drop(place);
        self.ready_seq.store(self.ready_seq.load(Ordering::Relaxed) + 1, Ordering::Release);
    }

    pub(super) fn ends(&self, spent: Option<Spent>) {
        if spent.is_some() {
            *self.last_spent.lock() = spent;
        }
        self.gone.store(true, Ordering::Release);
    }

    /// What another process, which makes this lane's calls, has used so far; what it had said before.
    pub(super) fn told_spent(&self, spent: Spent) -> Spent {
        self.last_spent.lock().replace(spent).unwrap_or_default()
    }

    /// What its thread had used, once the lane is gone; of another process always what it said last.
    pub(super) fn last_spent(&self) -> Option<Spent> {
        *self.last_spent.lock()
    }
}

/// Calls that found nothing there, one after the other, waiting to become one record. Two kinds at a time, because a busy poller
/// asks `accept` and `recv` in turns. Only the lane's thread uses it.
#[derive(Debug, Default)]
pub(super) struct Folds {
    used: AtomicU64,
    slots: [Fold; 2],
}

#[derive(Debug, Default)]
struct Fold([AtomicU64; 8]);

impl Folds {
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.used.load(Ordering::Relaxed) == 0
    }

    /// Adds a record of one such call to those of its kind. False when it begins something new and there is no place, or when
    /// the oldest has waited for `longest`.
    #[inline]
    pub fn add(&self, words: Words, longest: u64) -> bool {
        use super::record::{FD, KIND, MOVED, START, TOOK};
        const CALL: u64 = 0xff00;
        let used = self.used.load(Ordering::Relaxed) as usize;
        let (start, end) = (words[START], words[START] + words[TOOK]);
        for fold in &self.slots[..used] {
            let get = |n: usize| fold.0[n].load(Ordering::Relaxed);
            if start.saturating_sub(get(START)) > longest {
                return false;
            }
            if (get(KIND) ^ words[KIND]) & CALL == 0 {
                fold.0[TOOK].store(end - get(START), Ordering::Relaxed);
                // The count is the low half, and bytes are 0.
                fold.0[MOVED].store(get(MOVED) + words[MOVED], Ordering::Relaxed);
                if get(FD) != words[FD] {
                    // Calls on several descriptors name none.
                    fold.0[FD].store(u64::MAX, Ordering::Relaxed);
                }
                return true;
            }
        }
        let Some(free) = self.slots.get(used) else { return false };
        free.0.iter().zip(words).for_each(|(to, word)| to.store(word, Ordering::Relaxed));
        self.used.store(used as u64 + 1, Ordering::Relaxed);
        true
    }

    /// Takes out what was folded.
    pub fn take(&self) -> impl Iterator<Item = Words> {
        let used = self.used.swap(0, Ordering::Relaxed) as usize;
        self.slots[..used].iter().map(|fold| std::array::from_fn(|n| fold.0[n].load(Ordering::Relaxed)))
    }
}
