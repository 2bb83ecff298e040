//! `epoll(7)`, Linux: the kernel keeps the list of watched descriptors and returns only the ready ones.

use std::collections::HashMap;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use parking_lot::Mutex;

use crate::trace::{Call, Events, Got, Lane, ReadyFd, TapLevel};

use super::{RawFd, Sock, Waker};

/// An epoll instance.
#[derive(Debug)]
pub struct Epoll {
    fd: OwnedFd,
    /// What the kernel was told to watch, because it answers with tokens and not with descriptors.
    watched: Mutex<Watched>,
}

#[derive(Debug, Default)]
struct Watched {
    /// By token: descriptor and interest.
    told: HashMap<u64, (RawFd, u32)>,
    /// The token of each descriptor: one that was closed leaves the kernel's list without a word, and its number comes again.
    tokens: HashMap<RawFd, u64>,
}

impl Watched {
    fn note(&mut self, op: i32, fd: RawFd, token: u64, events: u32) {
        let before = if op == libc::EPOLL_CTL_DEL { self.tokens.remove(&fd) } else { self.tokens.insert(fd, token) };
        if let Some(before) = before.filter(|before| self.told.get(before).is_some_and(|told| told.0 == fd)) {
            self.told.remove(&before);
        }
        if op != libc::EPOLL_CTL_DEL {
            self.told.insert(token, (fd, events));
        }
    }

    fn ready(&self, event: &Event) -> ReadyFd {
        // A token that was not told here was told before a fork, or the descriptor is known by its other copy.
        let (fd, asked) = self.told.get(&event.token()).copied().unwrap_or((-1, 0));
        ReadyFd { fd, asked: kinds(asked), got: kinds(event.0.events) }
    }
}

fn kinds(events: u32) -> Events {
    Events {
        read: events & (libc::EPOLLIN | libc::EPOLLRDHUP) as u32 != 0,
        write: events & libc::EPOLLOUT as u32 != 0,
        error: events & (libc::EPOLLERR | libc::EPOLLHUP) as u32 != 0,
    }
}

/// One ready descriptor, with the number it was added under.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Event(libc::epoll_event);

impl Event {
    /// For a buffer that `wait` fills.
    pub const EMPTY: Self = Self(libc::epoll_event { events: 0, u64: 0 });

    /// The number it was added under.
    pub fn token(&self) -> u64 {
        self.0.u64
    }

    /// Reading will not wait: bytes, the end, or an error are there.
    pub fn is_readable(&self) -> bool {
        self.0.events & (libc::EPOLLIN | libc::EPOLLHUP | libc::EPOLLRDHUP | libc::EPOLLERR) as u32 != 0
    }

    /// Writing will not wait, or fails at once.
    pub fn is_writable(&self) -> bool {
        self.0.events & (libc::EPOLLOUT | libc::EPOLLHUP | libc::EPOLLERR) as u32 != 0
    }

    /// The connection is over in both directions, or failed. Reported whatever one asked for.
    pub fn is_hung_up(&self) -> bool {
        self.0.events & (libc::EPOLLHUP | libc::EPOLLERR) as u32 != 0
    }
}

impl Epoll {
    /// `epoll_create1(EPOLL_CLOEXEC)`.
    #[track_caller]
    pub fn new(lane: &Lane) -> io::Result<Self> {
        let op = || {
            // SAFETY: no pointers; the result is a new descriptor or −1.
            let fd = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
            if fd < 0 {
                return Err(io::Error::last_os_error());
            }
            // SAFETY: `fd` is open and nobody else owns it.
            Ok(unsafe { OwnedFd::from_raw_fd(fd) })
        };
        let fd = lane.call(Call::EpollCreate, -1, [0; 2], false, op, |fd| Got::value(fd.as_raw_fd().into()))?;
        Ok(Self { fd, watched: Mutex::default() })
    }

    /// Its own descriptor.
    pub fn fd(&self) -> RawFd {
        self.fd.as_raw_fd().into()
    }

    /// `EPOLL_CTL_ADD`, level-triggered.
    #[track_caller]
    pub fn add(&self, lane: &Lane, sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        self.ctl(lane, libc::EPOLL_CTL_ADD, sock.fd(), token, interest(readable, writable))
    }

    /// `EPOLL_CTL_MOD`.
    #[track_caller]
    pub fn modify(&self, lane: &Lane, sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        self.ctl(lane, libc::EPOLL_CTL_MOD, sock.fd(), token, interest(readable, writable))
    }

    /// `EPOLL_CTL_ADD`, edge-triggered: what is there already is reported once, and then only what is new.
    #[track_caller]
    pub fn add_edge(&self, lane: &Lane, sock: &Sock, token: u64, writable: bool) -> io::Result<()> {
        self.ctl(lane, libc::EPOLL_CTL_ADD, sock.fd(), token, interest(true, writable) | libc::EPOLLET as u32)
    }

    /// `EPOLL_CTL_MOD`, edge-triggered. It looks again at what is there now, so it reports that once more.
    #[track_caller]
    pub fn modify_edge(&self, lane: &Lane, sock: &Sock, token: u64, writable: bool) -> io::Result<()> {
        self.ctl(lane, libc::EPOLL_CTL_MOD, sock.fd(), token, interest(true, writable) | libc::EPOLLET as u32)
    }

    /// `EPOLL_CTL_DEL`. Closing a descriptor removes it too, once no copy of it is open.
    #[track_caller]
    pub fn delete(&self, lane: &Lane, sock: &Sock) -> io::Result<()> {
        self.ctl(lane, libc::EPOLL_CTL_DEL, sock.fd(), 0, 0)
    }

    /// Watches the waker.
    #[track_caller]
    pub fn add_waker(&self, lane: &Lane, waker: &Waker, token: u64) -> io::Result<()> {
        self.ctl(lane, libc::EPOLL_CTL_ADD, waker.fd(), token, libc::EPOLLIN as u32)
    }

    #[track_caller]
    fn ctl(&self, lane: &Lane, op: i32, fd: RawFd, token: u64, events: u32) -> io::Result<()> {
        let call = || {
            let mut event = libc::epoll_event { events, u64: token };
            // SAFETY: `event` lives through the call; wrong descriptors are answered with an error.
            let result = unsafe { libc::epoll_ctl(self.fd.as_raw_fd(), op, fd as i32, &raw mut event) };
            if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
        };
        lane.call(Call::EpollCtl, self.fd(), [i64::from(op) | i64::from(events) << 8, fd], false, call, Got::done)?;
        self.watched.lock().note(op, fd, token, events);
        Ok(())
    }

    /// `epoll_wait`: sleeps until something is ready or the time is over; answers the ready ones. An interrupted wait counts as
    /// nothing ready.
    #[track_caller]
    pub fn wait<'a>(&self, lane: &Lane, ready: &'a mut [Event], limit: Option<Duration>) -> io::Result<&'a [Event]> {
        let most = i32::try_from(ready.len()).unwrap_or(i32::MAX);
        let args = [most.into(), super::millis(limit).into()];
        let op = || {
            // SAFETY: `Event` is a transparent `epoll_event`; the kernel writes at most `most` of them.
            let n = unsafe { libc::epoll_wait(self.fd.as_raw_fd(), ready.as_mut_ptr().cast(), most, super::millis(limit)) };
            if n >= 0 { Ok(n as usize) } else { Err(io::Error::last_os_error()) }
        };
        match lane.call(Call::EpollWait, self.fd(), args, true, op, |n| Got::value(*n as i64)) {
            Ok(n) => {
                let events = &ready[..n];
                if lane.tap().level() == TapLevel::Full {
                    let watched = self.watched.lock();
                    lane.publish_ready(Call::EpollWait, None, n as u32, events.iter().map(|event| watched.ready(event)));
                }
                Ok(events)
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => Ok(&[]),
            Err(e) => Err(e),
        }
    }
}

fn interest(readable: bool, writable: bool) -> u32 {
    (if readable { libc::EPOLLIN | libc::EPOLLRDHUP } else { 0 } | if writable { libc::EPOLLOUT } else { 0 }) as u32
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Instant;

    use super::*;
    use crate::trace::{ReadySet, Tap};

    #[test]
    fn the_ready_set_names_the_descriptors_and_what_was_asked() {
        let lane = Tap::new(Instant::now(), 64).lane("test");
        let epoll = Epoll::new(&lane).unwrap();
        let pair = || socket2::Socket::pair(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
        let told = |epoll: &Epoll| -> ReadySet {
            let mut events = [Event::EMPTY; 8];
            epoll.wait(&lane, &mut events, Some(Duration::from_secs(10))).unwrap();
            lane.state().ready_since(0).unwrap().1
        };
        let read = Events { read: true, ..Events::default() };
        let ((a, mut peer), (b, _quiet)) = (pair(), pair());
        let (a, b) = (Sock::from(a), Sock::from(b));
        epoll.add(&lane, &a, 70, true, false).unwrap();
        epoll.add(&lane, &b, 80, true, false).unwrap();
        peer.write_all(b"x").unwrap();
        let set = told(&epoll);
        assert_eq!(
            (set.call, set.watched, set.ready, set.fds),
            (Call::EpollWait, None, 1, vec![ReadyFd { fd: a.fd(), asked: read, got: read }])
        );
        epoll.modify(&lane, &b, 81, true, true).unwrap();
        let both = Events { write: true, ..read };
        let write = Events { write: true, ..Events::default() };
        let set = told(&epoll);
        assert!(set.fds.contains(&ReadyFd { fd: b.fd(), asked: both, got: write }) && set.fds.len() == 2, "{set:?}");
        epoll.delete(&lane, &a).unwrap();
        epoll.delete(&lane, &b).unwrap();
        let watched = epoll.watched.lock();
        assert!(watched.told.is_empty() && watched.tokens.is_empty(), "{watched:?}");
    }

    #[test]
    fn nothing_is_kept_of_a_descriptor_that_was_closed_without_a_word() {
        let mut watched = Watched::default();
        for token in 1..1_000 {
            // Closed, and its number comes again under another token.
            watched.note(libc::EPOLL_CTL_ADD, 7, token, libc::EPOLLIN as u32);
            watched.note(libc::EPOLL_CTL_ADD, 8, 0, 0);
        }
        assert_eq!((watched.told.len(), watched.tokens.len()), (2, 2));
        assert_eq!(watched.told[&999], (7, libc::EPOLLIN as u32));
    }
}
