//! The thread `kernel-watch`: asks the kernel what costs too much for the engine's thread, which is who is in the middle of a
//! handshake and how many were turned away.
//!
//! It begins with the first thing to watch, sleeps without a wake-up while there is nothing, and is joined by its owner. It only
//! asks and keeps the newest answer; what the answers mean is said elsewhere.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use parking_lot::Mutex;

use super::singles::{Asker, Singles, Wanted};
use crate::probe::{self, Drops, KernelWatch, Unavailable};

/// Between two readings of the counters, and between two looks at whether the handshakes are due.
const COUNTERS: Duration = Duration::from_millis(50);
/// Between two readings of the handshakes while there are some: the kernel walks all its sockets for it.
const HANDSHAKES: Duration = Duration::from_millis(200);
/// The same while there are none, and none of our own clients is connecting.
const NO_HANDSHAKES: Duration = Duration::from_secs(1);
/// With very many sockets they are read more rarely: at most one part in so many of a core. Those whom the engine asks about are
/// then looked at one by one.
const SHARE: u32 = 200;
/// But at least this often.
const HANDSHAKES_AT_LEAST: Duration = Duration::from_secs(2);

/// What is asked with, once something was asked.
pub(super) type Kernel = Option<Result<KernelWatch, Unavailable>>;

/// A client's own address, and where it connects to.
pub(super) type Road = (SocketAddr, SocketAddr);

/// One spelling for one address: a dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
pub(super) fn canonical(at: SocketAddr) -> SocketAddr {
    SocketAddr::new(at.ip().to_canonical(), at.port())
}

/// A client in `SYN_SENT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// When this was read, on the engine's clock.
    pub at: Duration,
    /// How often its SYN was sent again.
    pub retries: u32,
    /// When it is sent again, on the engine's clock.
    pub next_try: Option<Duration>,
}

impl Caller {
    /// What was told of it at this moment.
    pub fn told(calling: &probe::Calling, at: Duration) -> Self {
        Self { at, retries: calling.retries, next_try: calling.next_in.map(|left| at + left) }
    }
}

/// Handshakes under way at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Handshakes {
    /// When they were read, on the engine's clock.
    pub at: Duration,
    /// Clients of this machine.
    pub callers: HashMap<Road, Caller>,
    /// Clients whose server's half is not finished, where the system names them.
    pub half_open: Option<HashSet<Road>>,
    /// The same as it was told, with the half-open ones.
    pub all: probe::Handshakes,
}

/// The newest answers.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// Grows with each reading of the handshakes, of all and of single ones.
    pub round: u64,
    /// `Err` says why not.
    pub handshakes: Result<Arc<Handshakes>, Unavailable>,
    /// What was told of single sockets since.
    pub singles: Arc<Singles>,
    /// `Err` says why not.
    pub turned: Result<Drops, Unavailable>,
}

impl Default for Told {
    fn default() -> Self {
        Self { round: 0, handshakes: Err(Unavailable::NotAsked), singles: Arc::default(), turned: Err(Unavailable::NotAsked) }
    }
}

impl Told {
    /// What was read last of the caller on this road.
    pub fn caller(&self, road: &Road) -> Option<Caller> {
        let walk = self.handshakes.as_ref().ok().and_then(|seen| seen.callers.get(road));
        [walk, self.singles.callers.get(road)].into_iter().flatten().max_by_key(|caller| caller.at).copied()
    }
}

/// What both sides share.
#[derive(Debug, Default)]
struct Shared {
    told: Mutex<Told>,
    /// Whom to ask about one by one.
    wanted: Mutex<Arc<Wanted>>,
    /// Something is to be watched.
    awake: AtomicBool,
    /// Connects of our own are under way.
    calling: AtomicBool,
    /// Times the thread woke up.
    wakes: AtomicU64,
}

/// The owner's side.
#[derive(Debug)]
pub(super) struct Lookout {
    epoch: Instant,
    shared: Arc<Shared>,
    running: Option<(Sender<()>, JoinHandle<()>)>,
    asked: (bool, bool),
}

impl Lookout {
    /// Without a thread as yet. Times count from `epoch`.
    pub fn new(epoch: Instant) -> Self {
        Self { epoch, shared: Arc::default(), running: None, asked: (false, false) }
    }

    /// Whether something is to be watched, and whether connects of our own are under way. Returns at once.
    pub fn attend(&mut self, awake: bool, calling: bool) {
        if self.asked == (awake, calling) {
            return;
        }
        self.asked = (awake, calling);
        self.shared.calling.store(calling, Ordering::Release);
        self.shared.awake.store(awake, Ordering::Release);
        if self.running.is_none() && awake {
            let (bell, rings) = bounded(1);
            let (shared, epoch) = (Arc::clone(&self.shared), self.epoch);
            // Opened once and kept: looks come and go with the servers.
            let kernel = KernelWatch::new();
            let run = move || watch(&shared, &rings, epoch, kernel);
            match std::thread::Builder::new().name("kernel-watch".into()).spawn(run) {
                Ok(thread) => self.running = Some((bell, thread)),
                Err(_) => {
                    let why = Unavailable::NoThread;
                    let mut told = self.shared.told.lock();
                    (told.handshakes, told.turned) = (Err(why), Err(why));
                    return;
                }
            }
        }
        if let Some((bell, _)) = &self.running {
            // Full: it is about to look anyway.
            let _rung_already = bell.try_send(());
        }
    }

    /// About whom to ask one by one from now on.
    pub fn ask_about(&self, wanted: Wanted) {
        let mut asked = self.shared.wanted.lock();
        if **asked != wanted {
            *asked = Arc::new(wanted);
        }
    }

    /// The newest answers.
    pub fn told(&self) -> Told {
        self.shared.told.lock().clone()
    }
}

impl Drop for Lookout {
    fn drop(&mut self) {
        if let Some((bell, thread)) = self.running.take() {
            drop(bell);
            // A panic was reported by the panic hook.
            let _reported = thread.join();
        }
    }
}

fn watch(shared: &Shared, rings: &Receiver<()>, epoch: Instant, mut kernel: Result<KernelWatch, Unavailable>) {
    while rings.recv().is_ok() {
        shared.wakes.fetch_add(1, Ordering::Relaxed);
        if shared.awake.load(Ordering::Acquire) && !attentive(shared, rings, epoch, &mut kernel) {
            return;
        }
    }
}

/// Asks until there is nothing to watch any more; false when the owner is gone.
fn attentive(shared: &Shared, rings: &Receiver<()>, epoch: Instant, kernel: &mut Result<KernelWatch, Unavailable>) -> bool {
    let (mut counters, mut handshakes) = (Instant::now(), None);
    let (mut pause, mut are_some) = (HANDSHAKES, false);
    let (mut walk, mut asker) = (None, Asker::default());
    loop {
        let now = Instant::now();
        if now >= counters {
            let turned = match kernel {
                Ok(kernel) => kernel.drops(),
                Err(_) => probe::drops(),
            };
            shared.told.lock().turned = turned;
            counters = now + COUNTERS;
        }
        let pause_now = if are_some || shared.calling.load(Ordering::Acquire) { pause } else { pause.max(NO_HANDSHAKES) };
        if handshakes.is_none_or(|last| now >= last + pause_now) {
            let before = own_cpu();
            let read = match kernel {
                Ok(kernel) => kernel.handshakes().map(|seen| Arc::new(translated(seen, epoch.elapsed()))),
                Err(why) => Err(*why),
            };
            are_some = read.as_ref().is_ok_and(|seen| !seen.callers.is_empty() || !seen.all.half_open.is_empty());
            walk = read.as_ref().ok().map(Arc::clone);
            // What it replaces is freed after the lock.
            let old = {
                let mut told = shared.told.lock();
                told.round += 1;
                std::mem::replace(&mut told.handshakes, read)
            };
            drop(old);
            let cost = own_cpu().saturating_sub(before);
            pause = (cost * SHARE).clamp(HANDSHAKES, HANDSHAKES_AT_LEAST);
            handshakes = Some(now);
        }
        let wanted = Arc::clone(&shared.wanted.lock());
        let asked = kernel.as_mut().ok().and_then(|kernel| asker.round(kernel, &wanted, walk.as_deref(), epoch.elapsed()));
        if let Some(singles) = asked.map(Arc::new) {
            let old = {
                let mut told = shared.told.lock();
                told.round += 1;
                std::mem::replace(&mut told.singles, singles)
            };
            drop(old);
        }
        match rings.recv_timeout(counters.saturating_duration_since(Instant::now())) {
            Ok(()) if !shared.awake.load(Ordering::Acquire) => return true,
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        shared.wakes.fetch_add(1, Ordering::Relaxed);
    }
}

fn own_cpu() -> Duration {
    Duration::from_nanos((probe::THREADS.own)().cpu_ns.unwrap_or(0))
}

fn translated(all: probe::Handshakes, at: Duration) -> Handshakes {
    let caller = |c: &probe::Calling| ((canonical(c.local), canonical(c.peer)), Caller::told(c, at));
    let road = |(server, client): &(SocketAddr, SocketAddr)| (canonical(*client), canonical(*server));
    let half_open = all.half_open_of.as_ref().map(|named| named.iter().map(road).collect());
    Handshakes { at, callers: all.calling.iter().map(caller).collect(), half_open, all }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits without a sleep: nobody ever rings.
    fn pass(time: Duration) {
        let (_kept, never) = bounded::<()>(0);
        let _timeout = never.recv_timeout(time);
    }

    #[test]
    fn it_wakes_only_while_something_is_watched_and_ends_with_its_owner() {
        let mut lookout = Lookout::new(Instant::now());
        let shared = Arc::downgrade(&lookout.shared);
        lookout.attend(false, false);
        assert!(lookout.running.is_none(), "no thread before there is something to watch");
        lookout.attend(true, true);
        let limit = Instant::now() + Duration::from_secs(10);
        while lookout.told().round < 3 {
            assert!(Instant::now() < limit, "it does not look");
            pass(Duration::from_millis(10));
        }
        lookout.attend(false, false);
        // It may be in the middle of a look.
        let mut before = lookout.shared.wakes.load(Ordering::Relaxed);
        loop {
            pass(Duration::from_millis(500));
            let now = lookout.shared.wakes.load(Ordering::Relaxed);
            if now == before {
                break;
            }
            assert!(Instant::now() < limit, "it never rests");
            before = now;
        }
        lookout.attend(true, true);
        let round = lookout.told().round;
        while lookout.told().round == round {
            assert!(Instant::now() < limit, "it does not wake again");
            pass(Duration::from_millis(10));
        }
        drop(lookout);
        assert!(shared.upgrade().is_none(), "its thread holds nothing any more: it was joined");
    }
}
