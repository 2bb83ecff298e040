//! `kqueue(2)`, macOS and the BSDs: the kernel keeps a list of filters (one per descriptor and direction) and returns only
//! the ones that fired. Used level-triggered: without `EV_CLEAR` a filter fires as long as its condition holds.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use crate::trace::{Call, Events, Got, Lane, ReadyFd};

use super::{RawFd, Sock, Waker};

/// A kernel event queue.
#[derive(Debug)]
pub struct Kqueue {
    fd: OwnedFd,
}

/// What a filter waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// `EVFILT_READ`: bytes, a connection, or the end.
    Read,
    /// `EVFILT_WRITE`: room in the send buffer.
    Write,
}

/// One filter that fired, with the number it was added under.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Event(libc::kevent);

impl Event {
    /// For a buffer that `wait` fills.
    // SAFETY: `kevent` is made of integers and one pointer that is never followed; all zero is valid. Its fields differ from
    // BSD to BSD (FreeBSD has four more words), so it is not spelled out here.
    pub const EMPTY: Self = Self(unsafe { std::mem::zeroed() });

    /// The number it was added under.
    pub fn token(&self) -> u64 {
        // The structure is packed on macOS: the field is copied, not borrowed.
        let udata = self.0.udata;
        udata as usize as u64
    }

    /// Reading will not wait: bytes, the end, or an error are there.
    pub fn is_readable(&self) -> bool {
        self.0.filter == libc::EVFILT_READ
    }

    /// Writing will not wait, or fails at once.
    pub fn is_writable(&self) -> bool {
        self.0.filter == libc::EVFILT_WRITE
    }

    /// What was asked and answered, for the tap: a filter fires only for what it was added for.
    fn as_ready(&self) -> ReadyFd {
        let asked = Events { read: self.is_readable(), write: self.is_writable(), error: false };
        let ident = self.0.ident;
        ReadyFd { fd: ident as RawFd, asked, got: Events { error: self.0.flags & (libc::EV_EOF | libc::EV_ERROR) != 0, ..asked } }
    }

    /// `EV_EOF` in the direction of the filter: the peer's FIN for reading, a dead connection for writing.
    pub fn is_hung_up(&self) -> bool {
        self.is_writable() && self.0.flags & libc::EV_EOF != 0
    }
}

impl Kqueue {
    /// `kqueue(2)`; the queue is not inherited by children (fork) and closed on exec.
    #[track_caller]
    pub fn new(lane: &Lane) -> io::Result<Self> {
        let op = || {
            // SAFETY: no arguments; the result is a new descriptor or −1.
            let fd = unsafe { libc::kqueue() };
            if fd < 0 {
                return Err(io::Error::last_os_error());
            }
            // SAFETY: `fd` is open and nobody else owns it.
            let fd = unsafe { OwnedFd::from_raw_fd(fd) };
            // SAFETY: no pointers; the descriptor is open.
            if unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFD, libc::FD_CLOEXEC) } < 0 {
                return Err(io::Error::last_os_error());
            }
            Ok(fd)
        };
        Ok(Self { fd: lane.call(Call::Kqueue, -1, [0; 2], false, op, |fd| Got::value(fd.as_raw_fd().into()))? })
    }

    /// Its own descriptor.
    pub fn fd(&self) -> RawFd {
        self.fd.as_raw_fd().into()
    }

    /// `EV_ADD`. A filter that is there already stays one (kqueue(2): adding again only changes its parameters).
    #[track_caller]
    pub fn add(&self, lane: &Lane, sock: &Sock, filter: Filter, token: u64) -> io::Result<()> {
        self.change(lane, sock.fd(), filter, Change::Add, token)
    }

    /// `EV_DELETE`. Closing a descriptor removes its filters too. One that is not there needs no deleting (`ENOENT`): the kernel
    /// does not keep a filter that it refused with `EPIPE`.
    #[track_caller]
    pub fn delete(&self, lane: &Lane, sock: &Sock, filter: Filter) -> io::Result<()> {
        match self.change(lane, sock.fd(), filter, Change::Delete, 0) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Watches the waker.
    #[track_caller]
    pub fn add_waker(&self, lane: &Lane, waker: &Waker, token: u64) -> io::Result<()> {
        self.change(lane, waker.fd(), Filter::Read, Change::Add, token)
    }

    #[track_caller]
    fn change(&self, lane: &Lane, fd: RawFd, filter: Filter, change: Change, token: u64) -> io::Result<()> {
        let mut event = Event::EMPTY.0;
        event.ident = fd as usize as _;
        event.filter = match filter {
            Filter::Read => libc::EVFILT_READ,
            Filter::Write => libc::EVFILT_WRITE,
        };
        event.flags = match change {
            Change::Add => libc::EV_ADD,
            Change::Delete => libc::EV_DELETE,
        };
        event.udata = token as usize as _;
        let op = || {
            // SAFETY: one change that lives through the call, no room for events, no time-out: only the change is made.
            let n = unsafe { libc::kevent(self.fd.as_raw_fd(), &raw const event, 1, std::ptr::null_mut(), 0, std::ptr::null()) };
            if n >= 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
        };
        match lane.call(Call::Kevent, self.fd(), [1, fd], false, op, Got::done) {
            // macOS says so when the other end is gone already, which the read filter tells too (mio does the same).
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// `kevent(2)` without changes: sleeps until a filter fires or the time is over; answers those that fired. An interrupted
    /// wait counts as nothing fired.
    #[track_caller]
    pub fn wait<'a>(&self, lane: &Lane, ready: &'a mut [Event], limit: Option<Duration>) -> io::Result<&'a [Event]> {
        let args = [0, super::millis(limit).into()];
        let limit = limit.map(|d| libc::timespec { tv_sec: d.as_secs() as _, tv_nsec: d.subsec_nanos() as _ });
        let limit = limit.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        let op = || {
            // SAFETY: `Event` is a transparent `kevent`; the kernel writes at most `ready.len()` of them; `limit` is null or
            // points to a value of this frame.
            let n = unsafe { libc::kevent(self.fd.as_raw_fd(), std::ptr::null(), 0, ready.as_mut_ptr().cast(), ready.len() as _, limit) };
            if n >= 0 { Ok(n as usize) } else { Err(io::Error::last_os_error()) }
        };
        match lane.call(Call::Kevent, self.fd(), args, true, op, |n| Got::value(*n as i64)) {
            Ok(n) => {
                let fired = &ready[..n];
                lane.publish_ready(Call::Kevent, None, n as u32, fired.iter().map(Event::as_ready));
                Ok(fired)
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => Ok(&[]),
            Err(e) => Err(e),
        }
    }
}

enum Change {
    Add,
    Delete,
}
