//! `poll(2)`, and `WSAPoll` on Windows: one wait for many sockets, on every system.

use std::io;
use std::time::Duration;

use crate::trace::{Call, Lane};

use super::{RawFd, Sock};

#[cfg(unix)]
use libc::{POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, pollfd as Raw};
#[cfg(windows)]
use windows_sys::Win32::Networking::WinSock::{POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, WSAPOLLFD as Raw};

/// One entry of the array that `poll` takes: what to wait for, and what came.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct PollFd(Raw);

impl PollFd {
    /// Waits for bytes (or a connection) to read, and for room to write if asked.
    pub fn new(sock: &Sock, readable: bool, writable: bool) -> Self {
        Self::of(sock.fd(), readable, writable)
    }

    pub(super) fn of(fd: RawFd, readable: bool, writable: bool) -> Self {
        Self(Raw { fd: fd as _, events: interest(readable, writable), revents: 0 })
    }

    /// Changes what is waited for.
    pub fn set(&mut self, readable: bool, writable: bool) {
        self.0.events = interest(readable, writable);
    }

    /// Reading will not wait: bytes, the end, or an error are there.
    pub fn is_readable(&self) -> bool {
        self.0.revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0
    }

    /// Writing will not wait, or fails at once.
    pub fn is_writable(&self) -> bool {
        self.0.revents & (POLLOUT | POLLHUP | POLLERR | POLLNVAL) != 0
    }

    /// The other side hung up or the socket failed.
    pub fn is_hung_up(&self) -> bool {
        self.0.revents & (POLLHUP | POLLERR | POLLNVAL) != 0
    }

    /// Whether anything came.
    pub fn is_ready(&self) -> bool {
        self.0.revents != 0
    }
}

impl std::fmt::Debug for PollFd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PollFd(fd {}, events {:#x}, revents {:#x})", self.0.fd, self.0.events, self.0.revents)
    }
}

fn interest(readable: bool, writable: bool) -> i16 {
    (if readable { POLLIN } else { 0 }) | (if writable { POLLOUT } else { 0 })
}

/// `poll(2)`: sleeps until one of them is ready or the time is over; answers how many are ready. An interrupted wait counts
/// as nothing ready.
pub fn poll(lane: &Lane, fds: &mut [PollFd], limit: Option<Duration>) -> io::Result<usize> {
    let timeout = super::millis(limit);
    let op = || {
        // SAFETY: `PollFd` is a transparent `pollfd`; pointer and length describe one exclusive slice.
        #[cfg(unix)]
        let n = unsafe { libc::poll(fds.as_mut_ptr().cast(), fds.len() as libc::nfds_t, timeout) };
        // SAFETY: as above, with `WSAPOLLFD`.
        #[cfg(windows)]
        let n = unsafe { windows_sys::Win32::Networking::WinSock::WSAPoll(fds.as_mut_ptr().cast(), fds.len() as u32, timeout) };
        if n >= 0 { Ok(n as usize) } else { Err(super::last_socket_error()) }
    };
    match lane.call(Call::Poll, -1, true, op, |_| 0) {
        Err(e) if e.kind() == io::ErrorKind::Interrupted => {
            fds.iter_mut().for_each(|fd| fd.0.revents = 0);
            Ok(0)
        }
        other => other,
    }
}
