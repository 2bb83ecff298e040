//! Signal-driven I/O, Linux (fcntl(2), signal(7)): the kernel sends the owner of a descriptor a signal whenever something may
//! have become possible on it, and the owner takes the signals one by one, like messages.
//!
//! Signals go to one thread (`F_OWNER_TID`), which blocks them and waits for them; no handler ever runs and no other thread of
//! the process sees them. A signal is a hint: it may be outdated, or speak of a descriptor's number that was reused since.

use std::io;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::sync::Once;
use std::time::Duration;

use libc::{c_int, c_long, sigset_t};

use crate::trace::{Call, Events, Got, Lane, ReadyFd};

use super::{RawFd, Sock, Waker};

// asm-generic/fcntl.h; the libc crate lacks them.
const F_SETSIG: c_int = 10;
const F_SETOWN_EX: c_int = 15;
const F_OWNER_TID: c_int = 0;

/// `struct f_owner_ex`.
#[repr(C)]
struct Owner {
    kind: c_int,
    id: libc::pid_t,
}

/// The front of `siginfo_t` as the kernel fills it for signals about descriptors (sigaction(2), `SIGIO/SIGPOLL fills in
/// si_band and si_fd`). The kernel writes all 128 bytes.
#[repr(C)]
struct Info {
    signal: c_int,
    errno: c_int,
    code: c_int,
    band: c_long,
    fd: c_int,
    _rest: [u8; 128],
}

/// What a signal said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Reading or writing may be possible on this descriptor.
    Ready {
        /// `si_fd`.
        fd: RawFd,
        /// `si_band` has `POLLERR` or `POLLHUP`.
        hung_up: bool,
    },
    /// Plain `SIGIO`: there was no room to queue a signal, so some descriptor's news is lost. All are to be looked at.
    Overflow,
}

/// This thread's queue of signals about descriptors, from [`block`](Self::block) until it is dropped, on the same thread.
/// Each descriptor must be disarmed before.
#[derive(Debug)]
pub struct Signals {
    set: sigset_t,
    before: sigset_t,
    /// A mask belongs to its thread.
    _thread: PhantomData<*const ()>,
}

impl Signals {
    /// Blocks the signals for this thread, so that they queue up until it takes them.
    pub fn block() -> io::Result<Self> {
        ignore_late_ones();
        let mut set = MaybeUninit::<sigset_t>::uninit();
        let mut before = MaybeUninit::<sigset_t>::uninit();
        // SAFETY: sigemptyset initialises the set it is given; the two signals exist, so sigaddset cannot fail.
        let set = unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            libc::sigaddset(set.as_mut_ptr(), libc::SIGIO);
            libc::sigaddset(set.as_mut_ptr(), queued_signal());
            set.assume_init()
        };
        // SAFETY: both sets live through the call, which reads one and writes the other.
        let error = unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, before.as_mut_ptr()) };
        if error != 0 {
            return Err(io::Error::from_raw_os_error(error));
        }
        // SAFETY: the call succeeded, so it wrote the mask that was in force.
        Ok(Self { set, before: unsafe { before.assume_init() }, _thread: PhantomData })
    }

    /// `F_SETOWN_EX`, `F_SETSIG`, `O_ASYNC`: from now on each change on this socket is told to this thread. What was there
    /// before is not.
    #[track_caller]
    pub fn arm(&self, lane: &Lane, sock: &Sock) -> io::Result<()> {
        self.own(lane, sock.fd())?;
        self.choose_signal(lane, sock.fd())?;
        self.set_async(lane, sock.fd(), true)
    }

    /// The same for the waker; answers the descriptor that its signals name.
    #[track_caller]
    pub fn arm_waker(&self, lane: &Lane, waker: &Waker) -> io::Result<RawFd> {
        self.own(lane, waker.fd())?;
        self.choose_signal(lane, waker.fd())?;
        self.set_async(lane, waker.fd(), true)?;
        Ok(waker.fd())
    }

    /// No more signals about this socket are sent once this has returned; queued ones may still come.
    #[track_caller]
    pub fn disarm(&self, lane: &Lane, sock: &Sock) {
        // F_SETFL with a flag less does not fail on an open socket.
        let _cannot_fail = self.set_async(lane, sock.fd(), false);
    }

    /// The same for the waker.
    #[track_caller]
    pub fn disarm_waker(&self, lane: &Lane, waker: &Waker) {
        let _cannot_fail = self.set_async(lane, waker.fd(), false);
    }

    /// `sigwaitinfo`, with a limit `sigtimedwait`: sleeps until a signal is queued and takes it. `SIGIO` comes before real-time
    /// signals, and these in the order in which they were sent (signal(7)). `None` when the time is over.
    #[track_caller]
    pub fn wait(&self, lane: &Lane, limit: Option<Duration>) -> io::Result<Option<Signal>> {
        let args = [limit.map_or(-1, |limit| i64::try_from(limit.as_micros()).unwrap_or(i64::MAX)), 0];
        let may_sleep = limit != Some(Duration::ZERO);
        match lane.call(Call::SigWait, -1, args, may_sleep, || self.take(limit), described) {
            Ok((signal, told)) => {
                lane.publish_ready(Call::SigWait, None, told.is_some().into(), told);
                Ok(Some(signal))
            }
            // EAGAIN is the time-out; EINTR another signal's handler.
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn take(&self, limit: Option<Duration>) -> io::Result<(Signal, Option<ReadyFd>)> {
        let mut info = MaybeUninit::<Info>::zeroed();
        let time = limit.map(timespec);
        let time = time.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: the set is initialised; `info` has more room than a siginfo_t, whose layout its front has; a null time means
        // no limit (sigtimedwait(2), NOTES) and another one lives through the call.
        let signal = unsafe { libc::sigtimedwait(&raw const self.set, info.as_mut_ptr().cast(), time) };
        if signal < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it was zeroed, the call filled its front, and integers have no invalid bit patterns.
        let info = unsafe { info.assume_init() };
        if signal == libc::SIGIO {
            return Ok((Signal::Overflow, None));
        }
        let says = |events: libc::c_short| info.band & c_long::from(events) != 0;
        let (fd, hung_up) = (info.fd.into(), says(libc::POLLERR | libc::POLLHUP));
        let got = Events { read: says(libc::POLLIN), write: says(libc::POLLOUT), error: hung_up };
        Ok((Signal::Ready { fd, hung_up }, Some(ReadyFd { fd, asked: Events::default(), got })))
    }

    #[track_caller]
    fn own(&self, lane: &Lane, fd: RawFd) -> io::Result<()> {
        // SAFETY: no arguments, cannot fail.
        let owner = Owner { kind: F_OWNER_TID, id: unsafe { libc::gettid() } };
        let op = || {
            // SAFETY: `owner` has the layout of f_owner_ex and lives through the call; a wrong descriptor is answered with EBADF.
            done(unsafe { libc::fcntl(fd as c_int, F_SETOWN_EX, &raw const owner) })
        };
        lane.call(Call::Fcntl, fd, [owner.id.into(), F_SETOWN_EX.into()], false, op, Got::done)
    }

    #[track_caller]
    fn choose_signal(&self, lane: &Lane, fd: RawFd) -> io::Result<()> {
        let op = || {
            // SAFETY: no pointers; a wrong descriptor is answered with EBADF.
            done(unsafe { libc::fcntl(fd as c_int, F_SETSIG, queued_signal()) })
        };
        lane.call(Call::Fcntl, fd, [queued_signal().into(), F_SETSIG.into()], false, op, Got::done)
    }

    #[track_caller]
    fn set_async(&self, lane: &Lane, fd: RawFd, on: bool) -> io::Result<()> {
        let op = || {
            // SAFETY: no pointers; a wrong descriptor is answered with EBADF.
            let flags = unsafe { libc::fcntl(fd as c_int, libc::F_GETFL) };
            done(flags)?;
            let flags = if on { flags | libc::O_ASYNC } else { flags & !libc::O_ASYNC };
            // SAFETY: as above.
            done(unsafe { libc::fcntl(fd as c_int, libc::F_SETFL, flags) })
        };
        lane.call(Call::Fcntl, fd, [if on { libc::O_ASYNC.into() } else { 0 }, libc::F_SETFL.into()], false, op, Got::done)
    }
}

impl Drop for Signals {
    /// Takes what is still queued, and only then lets signals through again.
    fn drop(&mut self) {
        while self.take(Some(Duration::ZERO)).is_ok() {}
        // SAFETY: the set is the mask that was in force before, and lives through the call; it is the same thread (not `Send`).
        let result = unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.before, std::ptr::null_mut()) };
        debug_assert_eq!(result, 0);
    }
}

/// The real-time signal that queues: the C library keeps the first ones to itself, which `SIGRTMIN` skips (signal(7)).
fn queued_signal() -> c_int {
    libc::SIGRTMIN() + 2
}

/// Unblocked, both signals end the process by default (signal(7)). A thread that died without disarming its descriptors must
/// not leave such a mine behind: ignored, they end nothing, and a thread that blocks them still gets them (on Linux a blocked
/// signal is queued whatever is to happen on its delivery).
fn ignore_late_ones() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for signal in [libc::SIGIO, queued_signal()] {
            // SAFETY: SIG_IGN runs no code; the signals exist and may be ignored.
            unsafe { libc::signal(signal, libc::SIG_IGN) };
        }
    });
}

fn timespec(limit: Duration) -> libc::timespec {
    libc::timespec { tv_sec: libc::time_t::try_from(limit.as_secs()).unwrap_or(libc::time_t::MAX), tv_nsec: limit.subsec_nanos().into() }
}

fn done(result: c_int) -> io::Result<()> {
    if result >= 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// `si_fd`; −1 for an overflow.
fn described((signal, _): &(Signal, Option<ReadyFd>)) -> Got {
    match signal {
        Signal::Ready { fd, .. } => Got::value(*fd),
        Signal::Overflow => Got::value(-1),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    use std::time::Instant;

    use super::*;
    use crate::trace::Tap;

    fn pair() -> (Sock, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        (Sock::from(socket2::Socket::from(std::os::fd::OwnedFd::from(ours))), theirs)
    }

    #[test]
    fn a_change_is_told_with_its_descriptor_and_nothing_is_told_once_disarmed() {
        let lane = Tap::new(Instant::now(), 64).lane("test");
        let signals = Signals::block().unwrap();
        let (sock, mut peer) = pair();
        signals.arm(&lane, &sock).unwrap();
        assert_eq!(signals.wait(&lane, Some(Duration::from_millis(1))).unwrap(), None);
        peer.write_all(b"x").unwrap();
        assert_eq!(signals.wait(&lane, None).unwrap(), Some(Signal::Ready { fd: sock.fd(), hung_up: false }));
        signals.disarm(&lane, &sock);
        peer.write_all(b"y").unwrap();
        assert_eq!(signals.wait(&lane, Some(Duration::ZERO)).unwrap(), None);
    }

    #[test]
    fn late_signals_do_not_end_the_process() {
        let lane = Tap::new(Instant::now(), 64).lane("test");
        let signals = Signals::block().unwrap();
        let (sock, mut peer) = pair();
        signals.arm(&lane, &sock).unwrap();
        peer.write_all(b"queued").unwrap();
        drop(signals);
        // Still armed, no longer blocked. The default of a real-time signal is to end the process (signal(7)).
        peer.write_all(b"late").unwrap();
        assert_eq!(sock.recv(&lane, &mut [0; 16]).unwrap(), 10);
    }
}
