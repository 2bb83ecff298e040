//! `select(2)`: one wait for the sockets of three sets, on every system. What the kernel answers overwrites what was asked,
//! so the sets are filled anew for each wait.
//!
//! On Unix a set is a row of `FD_SETSIZE` bits, one for each descriptor number, and a higher number does not exist in it:
//! `FD_SET` would write past its end. On Windows it is a counted list of sockets, whatever their numbers; the count may be
//! larger than the header's 64 as long as the list is (winsock2.h: `FD_SETSIZE` may be defined by the program), 1,024 here.

#[cfg(test)]
mod tests;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::io;
use std::time::Duration;

use crate::trace::{Call, Events, Got, Lane, ReadyFd, TapLevel};

use super::{RawFd, Sock, Waker};

#[cfg(unix)]
use unix as set;
#[cfg(windows)]
use windows as set;

/// One set.
pub use set::FdSet;

/// The three sets of one call.
#[derive(Clone, Debug, Default)]
pub struct Sets {
    /// Wait for bytes, a connection, or the end; told: reading will not wait.
    pub read: FdSet,
    /// Wait for room; told: writing will not wait, or fails at once.
    pub write: FdSet,
    /// Wait for urgent data (TCP's URG).
    pub urgent: FdSet,
}

impl Sets {
    /// `FD_ZERO` on all three.
    pub fn clear(&mut self) {
        self.read.clear();
        self.write.clear();
        self.urgent.clear();
    }

    /// Every descriptor that was asked for, with what was answered.
    fn outcome(&self) -> impl Iterator<Item = ReadyFd> + '_ {
        let Self { read, write, urgent } = self;
        let write_only = write.asked().filter(|fd| !read.was_asked(*fd));
        let urgent_only = urgent.asked().filter(|fd| !read.was_asked(*fd) && !write.was_asked(*fd));
        read.asked().chain(write_only).chain(urgent_only).map(|fd| ReadyFd {
            fd,
            asked: Events { read: read.was_asked(fd), write: write.was_asked(fd), error: urgent.was_asked(fd) },
            got: Events { read: read.has(fd), write: write.has(fd), error: urgent.has(fd) },
        })
    }
}

impl FdSet {
    /// Whether `select` can watch this socket beside so many others; the error says what stands against it.
    pub fn admits(sock: &Sock, others: usize) -> io::Result<()> {
        set::admits(sock.fd(), others)
    }

    /// The same for the waker.
    pub fn admits_waker(waker: &Waker) -> io::Result<()> {
        set::admits(waker.fd(), 0)
    }

    /// `FD_SET`. One that the set cannot hold is left out; [`admits`](Self::admits) says so before.
    pub fn insert(&mut self, sock: &Sock) {
        self.put(sock.fd());
    }

    /// `FD_SET` of the waker.
    pub fn insert_waker(&mut self, waker: &Waker) {
        self.put(waker.fd());
    }

    /// `FD_ISSET`.
    pub fn contains(&self, sock: &Sock) -> bool {
        self.has(sock.fd())
    }

    /// `FD_ISSET` of the waker.
    pub fn contains_waker(&self, waker: &Waker) -> bool {
        self.has(waker.fd())
    }
}

/// `select(2)`: sleeps until something in the sets is ready or the time is over; what is ready is left in them. An
/// interrupted wait counts as nothing ready. Its arguments in a record: `nfds` (Windows, which ignores it: how many sockets),
/// and the limit in milliseconds, −1 for none.
#[track_caller]
pub fn select(lane: &Lane, sets: &mut Sets, limit: Option<Duration>) -> io::Result<usize> {
    let args = [set::nfds(sets), super::millis(limit).into()];
    match lane.call(Call::Select, -1, args, true, || set::wait(sets, limit), |n| Got::value(*n as i64)) {
        Err(e) if e.kind() == io::ErrorKind::Interrupted => {
            sets.clear();
            Ok(0)
        }
        Ok(n) => {
            if lane.tap().level() == TapLevel::Full {
                // One that is ready in two sets is counted twice by `select`.
                let (watched, ready) = sets.outcome().fold((0, 0), |(all, ready), fd| (all + 1, ready + u32::from(fd.got.any())));
                lane.publish_ready(Call::Select, Some(watched), ready, sets.outcome());
            }
            Ok(n)
        }
        Err(e) => Err(e),
    }
}

/// Sleeps for this time, or until the waker is woken: a `sleep` that a stop can end. Its argument in a record: microseconds.
#[track_caller]
pub fn nap(lane: &Lane, time: Duration, waker: &Waker) {
    let args = [i64::try_from(time.as_micros()).unwrap_or(i64::MAX), 0];
    let op = || {
        if set::admits(waker.fd(), 0).is_ok() {
            // `select` counts in microseconds, where `poll` counts in milliseconds.
            let mut sets = Sets::default();
            sets.read.insert_waker(waker);
            set::wait(&mut sets, Some(time))
        } else {
            super::poll::wait(&mut [waker.poll_fd()], Some(time))
        }
    };
    // An interruption ends it early, which is no harm.
    let _interrupted = lane.call(Call::Sleep, -1, args, true, op, Got::done);
}

/// Seconds and microseconds, rounded up so that a timer is never early.
fn split(limit: Duration) -> (u64, u32) {
    let micros = limit.as_nanos().div_ceil(1_000);
    // A year is as good as for ever, and fits every `timeval`.
    let seconds = u64::try_from(micros / 1_000_000).unwrap_or(u64::MAX);
    if seconds > 31_536_000 { (31_536_000, 0) } else { (seconds, (micros % 1_000_000) as u32) }
}
