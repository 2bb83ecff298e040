//! What the session's threads cost: processor time and context switches, of living and of ended ones.
//!
//! Counted by thread and not by lane, because a thread may have several lanes; from a thread's first call on. The tap makes no
//! system calls itself: whoever makes it hands in how a thread is asked.

use std::collections::BTreeMap;

use parking_lot::Mutex;

/// How a thread is asked for its figures. `None` is what a system does not tell.
#[derive(Clone, Copy, Debug)]
pub struct ThreadProbe {
    /// The calling thread's number.
    pub current: fn() -> Option<u64>,
    /// What the calling thread has used.
    pub own: fn() -> Spent,
    /// Processor time of another thread, in nanoseconds. Must be cheap: all threads are asked some times a second.
    pub cpu_of: fn(u64) -> Option<u64>,
    /// Context switches of another thread: voluntary, involuntary. May cost a file to read.
    pub switches_of: fn(u64) -> Option<[u64; 2]>,
}

/// What a thread, or all of a session, has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Processor time in nanoseconds.
    pub cpu_ns: Option<u64>,
    /// Context switches: voluntary, involuntary.
    pub switches: Option<[u64; 2]>,
}

impl Spent {
    fn with(self, other: Self, sum: impl Fn(u64, u64) -> u64) -> Self {
        let both =
            |a: Option<u64>, b: Option<u64>| if a.is_none() && b.is_none() { None } else { Some(sum(a.unwrap_or(0), b.unwrap_or(0))) };
        let [a, b] = [self, other].map(|s| s.switches.map_or([None; 2], |s| s.map(Some)));
        let switches = match [both(a[0], b[0]), both(a[1], b[1])] {
            [Some(voluntary), Some(involuntary)] => Some([voluntary, involuntary]),
            [None, _] | [_, None] => None,
        };
        Self { cpu_ns: both(self.cpu_ns, other.cpu_ns), switches }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        self.with(other, u64::wrapping_add)
    }

    pub(super) fn since(self, before: Self) -> Self {
        self.with(before, u64::saturating_sub)
    }
}

#[derive(Debug)]
struct Thread {
    /// Its lanes.
    lanes: u32,
    /// What it had used when its first lane came.
    before: Spent,
    now: Spent,
    /// It ran since its switches were asked for.
    ran: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Threads {
    live: Mutex<Live>,
}

#[derive(Debug, Default)]
struct Live {
    threads: BTreeMap<u64, Thread>,
    /// Of ended ones.
    gone: Spent,
    /// From this thread on the next ones are asked for their switches.
    turn: u64,
}

impl Threads {
    /// The calling thread got a lane; its number.
    pub fn enter(&self, probe: &ThreadProbe) -> Option<u64> {
        let (id, own) = ((probe.current)()?, (probe.own)());
        let mut live = self.live.lock();
        live.threads.entry(id).or_insert(Thread { lanes: 0, before: own, now: own, ran: true }).lanes += 1;
        Some(id)
    }

    /// A lane of this thread ended; what the thread had used since its first lane.
    pub fn leave(&self, id: u64, probe: &ThreadProbe) -> Spent {
        let is_own = (probe.current)() == Some(id);
        let last = if is_own {
            Some((probe.own)())
        } else {
            (probe.cpu_of)(id).map(|ns| Spent { cpu_ns: Some(ns), switches: (probe.switches_of)(id) })
        };
        let mut live = self.live.lock();
        let Some(thread) = live.threads.get_mut(&id) else { return Spent::default() };
        thread.lanes -= 1;
        thread.now = last.map_or(thread.now, |last| Spent { switches: last.switches.or(thread.now.switches), ..last });
        let spent = thread.now.since(thread.before);
        if thread.lanes == 0 {
            live.threads.remove(&id);
            live.gone = live.gone.plus(spent);
        }
        spent
    }

    /// Asks all living threads for their processor time, and at most `most` for their switches: of those that ran since they
    /// were asked last, for the others were not switched either, each in its turn.
    pub fn sample(&self, probe: &ThreadProbe, most: usize) {
        let (mut found, turn) = {
            let live = self.live.lock();
            let all = live.threads.iter().map(|(id, thread)| (*id, thread.now, thread.ran));
            (all.collect::<Vec<_>>(), live.turn)
        };
        for (id, now, ran) in &mut found {
            let cpu_ns = (probe.cpu_of)(*id);
            *ran |= cpu_ns != now.cpu_ns;
            now.cpu_ns = cpu_ns.or(now.cpu_ns);
        }
        let first = found.partition_point(|(id, ..)| *id < turn);
        let (before, from) = found.split_at_mut(first);
        let mut next = turn;
        for (id, now, ran) in from.iter_mut().chain(before).filter(|(.., ran)| *ran).take(most) {
            now.switches = (probe.switches_of)(*id).or(now.switches);
            *ran = false;
            next = *id + 1;
        }
        let mut live = self.live.lock();
        live.turn = next;
        for (id, now, ran) in found {
            if let Some(thread) = live.threads.get_mut(&id) {
                (thread.now, thread.ran) = (now, ran);
            }
        }
    }

    /// What each of these threads has used since its first lane.
    pub fn spent(&self, ids: impl Iterator<Item = Option<u64>>) -> Vec<Spent> {
        let live = self.live.lock();
        ids.map(|id| id.and_then(|id| live.threads.get(&id)).map_or(Spent::default(), |t| t.now.since(t.before))).collect()
    }

    /// All of them, also the ended ones.
    pub fn total(&self) -> Spent {
        let live = self.live.lock();
        live.threads.values().fold(live.gone, |sum, thread| sum.plus(thread.now.since(thread.before)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    static NOW: AtomicU64 = AtomicU64::new(1_000);
    static ASKED: AtomicU64 = AtomicU64::new(0);

    fn now(per: u64) -> u64 {
        NOW.load(Ordering::Relaxed) * per
    }

    fn probe() -> ThreadProbe {
        ThreadProbe {
            current: || Some(1),
            own: || Spent { cpu_ns: Some(now(1)), switches: Some([now(2), now(3)]) },
            cpu_of: |id| Some(if id % 2 == 1 { now(1) } else { 1_000 }),
            switches_of: |_| {
                ASKED.fetch_add(1, Ordering::Relaxed);
                Some([now(2), now(3)])
            },
        }
    }

    #[test]
    fn a_thread_counts_once_from_its_first_lane_on_also_after_its_end() {
        let (threads, probe) = (Threads::default(), probe());
        assert_eq!((threads.enter(&probe), threads.enter(&probe)), (Some(1), Some(1)), "two lanes of one thread");
        NOW.store(1_100, Ordering::Relaxed);
        threads.sample(&probe, 9);
        let spent = Spent { cpu_ns: Some(100), switches: Some([200, 300]) };
        assert_eq!((threads.total(), threads.spent([Some(1), None].into_iter())), (spent, vec![spent, Spent::default()]));
        threads.leave(1, &probe);
        NOW.store(1_200, Ordering::Relaxed);
        threads.leave(1, &probe);
        let spent = Spent { cpu_ns: Some(200), switches: Some([400, 600]) };
        assert_eq!(threads.total(), spent);
        // Of many, only those that ran are asked for their switches, in turns.
        for id in 1..=20 {
            let at = Spent { cpu_ns: Some(1_000), switches: Some([0; 2]) };
            threads.live.lock().threads.insert(id, Thread { lanes: 1, before: at, now: at, ran: false });
        }
        ASKED.store(0, Ordering::Relaxed);
        (0..4).for_each(|_| threads.sample(&probe, 3));
        assert_eq!(ASKED.load(Ordering::Relaxed), 10, "the ten that ran, once each");
        let all = threads.spent((1..=20).map(Some));
        assert!(all.iter().zip(1..).all(|(s, id)| s.switches == Some(if id % 2 == 1 { [2_400, 3_600] } else { [0; 2] })));
    }
}
