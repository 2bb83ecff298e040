//! `select(2)`: one wait for the sockets of three sets, on every system. What the kernel answers overwrites what was asked,
//! so the sets are filled anew for each wait.
//!
//! On Unix a set is a row of `FD_SETSIZE` bits, one for each descriptor number, and a higher number does not exist in it:
//! `FD_SET` would write past its end. On Windows it is a counted list of sockets, whatever their numbers; the count may be
//! larger than the header's 64 as long as the list is (winsock2.h: `FD_SETSIZE` may be defined by the program), 1,024 here.

use std::io;
use std::time::Duration;

use crate::trace::{Call, Events, Got, Lane, ReadyFd, TapLevel};

use super::{RawFd, Sock, Waker};

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

#[cfg(unix)]
mod set {
    use super::*;

    const BITS: RawFd = libc::FD_SETSIZE as RawFd;
    const WORDS: usize = libc::FD_SETSIZE.div_ceil(64);

    /// See the module.
    #[derive(Clone, Copy)]
    pub struct FdSet {
        bits: libc::fd_set,
        /// What was asked for: the kernel overwrites the bits.
        asked: [u64; WORDS],
        /// The highest descriptor in it, −1 for none.
        highest: libc::c_int,
    }

    pub(super) fn admits(fd: RawFd, _others: usize) -> io::Result<()> {
        let is_in = (0..BITS).contains(&fd);
        if is_in { Ok(()) } else { Err(io::Error::other(format!("select cannot watch descriptor {fd}: FD_SETSIZE is {BITS}"))) }
    }

    impl FdSet {
        pub(super) fn put(&mut self, fd: RawFd) {
            if admits(fd, 0).is_ok() {
                // SAFETY: the number is one of the set's bits.
                unsafe { libc::FD_SET(fd as libc::c_int, &raw mut self.bits) };
                self.asked[fd as usize / 64] |= 1 << (fd % 64);
                self.highest = self.highest.max(fd as libc::c_int);
            }
        }

        pub(super) fn asked(&self) -> impl Iterator<Item = RawFd> + '_ {
            self.asked.iter().zip(0..).flat_map(|(word, n)| {
                let mut rest = *word;
                std::iter::from_fn(move || {
                    let bit = rest.trailing_zeros();
                    // The lowest bit goes out.
                    rest &= rest.checked_sub(1)?;
                    Some(n * 64 + RawFd::from(bit))
                })
            })
        }

        pub(super) fn was_asked(&self, fd: RawFd) -> bool {
            admits(fd, 0).is_ok() && self.asked[fd as usize / 64] & 1 << (fd % 64) != 0
        }

        pub(super) fn has(&self, fd: RawFd) -> bool {
            // SAFETY: the number is one of the set's bits.
            admits(fd, 0).is_ok() && unsafe { libc::FD_ISSET(fd as libc::c_int, &raw const self.bits) }
        }

        pub(super) fn clear(&mut self) {
            *self = Self::default();
        }
    }

    impl Default for FdSet {
        fn default() -> Self {
            // SAFETY: `fd_set` is an array of integers; all zero is the empty set (FD_ZERO).
            Self { bits: unsafe { std::mem::zeroed() }, asked: [0; WORDS], highest: -1 }
        }
    }

    impl std::fmt::Debug for FdSet {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_set().entries((0..=self.highest.into()).filter(|fd| self.has(*fd))).finish()
        }
    }

    /// The highest descriptor of any set, plus one (select(2)).
    pub(super) fn nfds(sets: &Sets) -> i64 {
        i64::from(sets.read.highest.max(sets.write.highest).max(sets.urgent.highest)) + 1
    }

    pub(super) fn wait(sets: &mut Sets, limit: Option<Duration>) -> io::Result<usize> {
        let mut time = limit.map(|limit| {
            let (seconds, micros) = split(limit);
            libc::timeval { tv_sec: seconds as libc::time_t, tv_usec: micros as libc::suseconds_t }
        });
        let nfds = nfds(sets) as libc::c_int;
        let time = time.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
        let Sets { read, write, urgent } = sets;
        // SAFETY: the sets and the time live through the call, and `nfds` is at most FD_SETSIZE.
        let n = unsafe { libc::select(nfds, &raw mut read.bits, &raw mut write.bits, &raw mut urgent.bits, time) };
        if n >= 0 { Ok(n as usize) } else { Err(super::super::last_socket_error()) }
    }
}

#[cfg(windows)]
mod set {
    use windows_sys::Win32::Networking::WinSock as ws;

    use super::*;

    /// Sockets in one set at most.
    const MOST: usize = 1_024;

    /// An `fd_set` as winsock2.h makes it where a program defines FD_SETSIZE.
    #[derive(Clone)]
    #[repr(C)]
    struct Raw {
        count: u32,
        array: [ws::SOCKET; MOST],
    }

    /// See the module.
    #[derive(Clone)]
    pub struct FdSet {
        raw: Box<Raw>,
        /// What was asked for: Winsock overwrites the list.
        asked: Vec<ws::SOCKET>,
    }

    pub(super) fn admits(fd: RawFd, others: usize) -> io::Result<()> {
        if others < MOST {
            return Ok(());
        }
        Err(io::Error::other(format!("select cannot watch socket {fd}: its set holds {MOST} sockets (FD_SETSIZE)")))
    }

    impl FdSet {
        pub(super) fn put(&mut self, fd: RawFd) {
            if let Some(slot) = self.raw.array.get_mut(self.raw.count as usize) {
                *slot = fd as ws::SOCKET;
                self.raw.count += 1;
                self.asked.push(fd as ws::SOCKET);
            }
        }

        pub(super) fn asked(&self) -> impl Iterator<Item = RawFd> + '_ {
            self.asked.iter().map(|socket| *socket as RawFd)
        }

        pub(super) fn was_asked(&self, fd: RawFd) -> bool {
            self.asked.contains(&(fd as ws::SOCKET))
        }

        pub(super) fn has(&self, fd: RawFd) -> bool {
            self.sockets().binary_search(&(fd as ws::SOCKET)).is_ok()
        }

        pub(super) fn clear(&mut self) {
            self.raw.count = 0;
            self.asked.clear();
        }

        fn sockets(&self) -> &[ws::SOCKET] {
            &self.raw.array[..(self.raw.count as usize).min(MOST)]
        }

        /// When the time was over the lists may be as they were. `FD_ISSET` searches them from the start for each socket; in
        /// order it is found faster.
        fn take_answer(&mut self, n: i32) {
            if n == 0 {
                self.raw.count = 0;
            }
            let count = (self.raw.count as usize).min(MOST);
            self.raw.array[..count].sort_unstable();
        }
    }

    impl Default for FdSet {
        fn default() -> Self {
            Self { raw: Box::new(Raw { count: 0, array: [0; MOST] }), asked: Vec::new() }
        }
    }

    impl std::fmt::Debug for FdSet {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_set().entries(self.sockets()).finish()
        }
    }

    pub(super) fn nfds(sets: &Sets) -> i64 {
        [&sets.read, &sets.write, &sets.urgent].iter().map(|set| i64::from(set.raw.count)).sum()
    }

    pub(super) fn wait(sets: &mut Sets, limit: Option<Duration>) -> io::Result<usize> {
        let time = limit.map(|limit| {
            let (seconds, micros) = split(limit);
            ws::TIMEVAL { tv_sec: seconds as i32, tv_usec: micros as i32 }
        });
        let time = time.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // An empty set is passed as none at all; at least one must hold a socket (select: WSAEINVAL).
        let raw = |set: &mut FdSet| if set.raw.count == 0 { std::ptr::null_mut() } else { (&raw mut *set.raw).cast::<ws::FD_SET>() };
        let Sets { read, write, urgent } = &mut *sets;
        // SAFETY: each set is a count and at least as many sockets, which is all that Winsock looks at; they and the time live
        // through the call.
        let n = unsafe { ws::select(0, raw(read), raw(write), raw(urgent), time) };
        let error = super::super::last_socket_error();
        match n {
            0.. => {
                for set in [&mut sets.read, &mut sets.write, &mut sets.urgent] {
                    set.take_answer(n);
                }
                Ok(n as usize)
            }
            // `Sock::cancel` of another thread ends what waits on the socket (see `poll`).
            _ if error.raw_os_error() == Some(ws::WSA_OPERATION_ABORTED) => Err(io::ErrorKind::Interrupted.into()),
            _ => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::trace::Tap;

    #[test]
    fn the_sets_answer_what_is_ready_and_a_nap_ends_with_a_wake() {
        let lane = Tap::new(Instant::now(), 64).lane("test");
        let late = Instant::now() + Duration::from_secs(60);
        let (waker, sock) = loop {
            let waker = Waker::new().unwrap();
            let sock = Sock::open(&lane, super::super::Domain::Ipv4, super::super::Kind::Dgram).unwrap();
            // Tests beside this one may hold very many descriptors for a while.
            if cfg!(windows) || sock.fd().max(waker.fd()) < 1_024 {
                break (waker, sock);
            }
            assert!(Instant::now() < late, "no descriptor below 1,024 is free");
            std::thread::yield_now();
        };
        let mut sets = Sets::default();
        sets.read.insert_waker(&waker);
        sets.read.insert(&sock);
        assert_eq!(select(&lane, &mut sets, Some(Duration::ZERO)).unwrap(), 0);
        assert!(!sets.read.contains_waker(&waker) && !sets.read.contains(&sock));
        waker.wake();
        sets.clear();
        sets.read.insert_waker(&waker);
        sets.write.insert(&sock);
        assert_eq!(select(&lane, &mut sets, Some(Duration::from_secs(60))).unwrap(), 2);
        let outcome: Vec<_> = sets.outcome().map(|fd| (fd.fd, fd.asked.write, fd.got.read, fd.got.write)).collect();
        assert_eq!(outcome.len(), 2);
        assert!(outcome.contains(&(sock.fd(), true, false, true)) && outcome.contains(&(waker.fd(), false, true, false)), "{outcome:?}");
        assert!(sets.read.contains_waker(&waker) && sets.write.contains(&sock) && !sets.read.contains(&sock));
        let start = Instant::now();
        nap(&lane, Duration::from_secs(600), &waker);
        assert!(start.elapsed() < Duration::from_secs(60));
        waker.drain();
        let start = Instant::now();
        nap(&lane, Duration::from_micros(300), &waker);
        assert!(start.elapsed() >= Duration::from_micros(300));
        assert_eq!(split(Duration::from_nanos(1_000_000_001)), (1, 1));
        assert_eq!(split(Duration::MAX), (31_536_000, 0));
    }

    #[cfg(unix)]
    #[test]
    fn a_descriptor_beyond_the_bits_is_refused_in_words_and_never_set() {
        let error = set::admits(1_024, 0).unwrap_err().to_string();
        assert_eq!(error, "select cannot watch descriptor 1024: FD_SETSIZE is 1024");
        let mut set = FdSet::default();
        [1_024, -1, 1_023, i64::from(u32::MAX)].into_iter().for_each(|fd| set.put(fd));
        assert_eq!((format!("{set:?}").as_str(), set.has(1_024), set.has(1_023)), ("{1023}", false, true));
    }
}
