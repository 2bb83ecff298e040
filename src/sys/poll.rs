//! `poll(2)`, and `WSAPoll` on Windows: one wait for many sockets, on every system.

use std::io;
use std::time::Duration;

use crate::trace::{Call, Events, Got, Lane, ReadyFd};

use super::{RawFd, Sock};

#[cfg(unix)]
use libc::{POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, pollfd as Raw};
#[cfg(windows)]
use windows_sys::Win32::Networking::WinSock::{POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, WSA_OPERATION_ABORTED, WSAPOLLFD as Raw};

/// One entry of the array that `poll` takes: what to wait for, and what came.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct PollFd(Raw);

impl PollFd {
    /// Waits for bytes (or a connection) to read, and for room to write if asked.
    pub fn new(sock: &Sock, readable: bool, writable: bool) -> Self {
        Self::of(sock.fd(), readable, writable)
    }

    /// Asks for neither, only whether the connection is over: see [`is_over`](Self::is_over).
    pub fn for_hang_up(sock: &Sock) -> Self {
        // WSAPoll leaves out those who wait for nothing.
        Self::new(sock, false, cfg!(windows))
    }

    pub(super) fn of(fd: RawFd, readable: bool, writable: bool) -> Self {
        Self(Raw { fd: fd as _, events: interest(readable, writable), revents: 0 })
    }

    /// `poll` passes it over from now on, whatever happens to the descriptor.
    pub fn ignore(&mut self) {
        self.set(false, false);
        self.0.revents = 0;
        // poll(2) ignores negative descriptors; the `wait` for Windows leaves out those who wait for nothing.
        #[cfg(unix)]
        {
            self.0.fd = -1;
        }
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

    /// The connection failed, or both sides ended it. (`WSAPoll` says POLLHUP from the peer's FIN on, so there only a failure
    /// counts.)
    pub fn is_over(&self) -> bool {
        let hung_up = if cfg!(windows) { 0 } else { POLLHUP };
        self.0.revents & (hung_up | POLLERR | POLLNVAL) != 0
    }

    /// What was asked and answered, for the tap.
    fn as_ready(&self) -> ReadyFd {
        let events =
            |bits: i16| Events { read: bits & POLLIN != 0, write: bits & POLLOUT != 0, error: bits & (POLLERR | POLLHUP | POLLNVAL) != 0 };
        ReadyFd { fd: self.0.fd as RawFd, asked: events(self.0.events), got: events(self.0.revents) }
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
#[track_caller]
pub fn poll(lane: &Lane, fds: &mut [PollFd], limit: Option<Duration>) -> io::Result<usize> {
    let args = [fds.len() as i64, super::millis(limit).into()];
    match lane.call(Call::Poll, -1, args, true, || wait(fds, limit), |n| Got::value(*n as i64)) {
        Err(e) if e.kind() == io::ErrorKind::Interrupted => {
            fds.iter_mut().for_each(|fd| fd.0.revents = 0);
            Ok(0)
        }
        Ok(ready) => {
            let named = fds.iter().map(PollFd::as_ready);
            lane.publish_ready(Call::Poll, u32::try_from(fds.len()).ok(), u32::try_from(ready).unwrap_or(u32::MAX), named);
            Ok(ready)
        }
        Err(e) => Err(e),
    }
}

#[cfg(unix)]
pub(super) fn wait(fds: &mut [PollFd], limit: Option<Duration>) -> io::Result<usize> {
    // SAFETY: `PollFd` is a transparent `pollfd`; pointer and length describe one exclusive slice.
    let n = unsafe { libc::poll(fds.as_mut_ptr().cast(), fds.len() as libc::nfds_t, super::millis(limit)) };
    if n >= 0 { Ok(n as usize) } else { Err(super::last_socket_error()) }
}

/// `poll(2)` says POLLHUP when a connection is over in both directions. `WSAPoll` says it from the peer's FIN on, also to those
/// who only wait for room or for nothing, and so would come back at once for ever. Here those who wait for nothing are left out,
/// and those who wait for room are told of a lone POLLHUP a while later, for their next `send` says whether all is over.
#[cfg(windows)]
pub(super) fn wait(fds: &mut [PollFd], limit: Option<Duration>) -> io::Result<usize> {
    const PAUSE: Duration = Duration::from_millis(10);
    let is_lone = |fd: &PollFd| fd.0.events == POLLOUT && fd.0.revents == POLLHUP;
    let ready = wsa_poll(fds, |fd| fd.0.events == 0, limit)?;
    if ready == 0 || fds.iter().any(|fd| fd.is_ready() && !is_lone(fd)) {
        return Ok(ready);
    }
    if limit.is_some_and(|limit| limit.is_zero()) {
        // Whoever only asks is told the truth: there is no room.
        fds.iter_mut().for_each(|fd| fd.0.revents = 0);
        return Ok(0);
    }
    if ready == fds.len() {
        return Ok(ready);
    }
    let lone: Vec<bool> = fds.iter().map(is_lone).collect();
    let mut each = lone.iter();
    let is_out = |fd: &PollFd| each.next().is_some_and(|lone| *lone) || fd.0.events == 0;
    let others = wsa_poll(fds, is_out, Some(limit.map_or(PAUSE, |limit| limit.min(PAUSE))))?;
    fds.iter_mut().zip(&lone).filter(|(_, lone)| **lone).for_each(|(fd, _)| fd.0.revents = POLLHUP);
    Ok(others + ready)
}

/// One `WSAPoll` that leaves some entries out: it ignores negative descriptors.
#[cfg(windows)]
fn wsa_poll(fds: &mut [PollFd], mut left_out: impl FnMut(&PollFd) -> bool, limit: Option<Duration>) -> io::Result<usize> {
    for fd in fds.iter_mut() {
        if left_out(fd) {
            fd.0.fd = !fd.0.fd;
        }
    }
    // SAFETY: `PollFd` is a transparent `WSAPOLLFD`; pointer and length describe one exclusive slice.
    let n = unsafe { windows_sys::Win32::Networking::WinSock::WSAPoll(fds.as_mut_ptr().cast(), fds.len() as u32, super::millis(limit)) };
    let result = match super::last_socket_error() {
        _ if n >= 0 => Ok(()),
        // WSAPoll is an operation on the first of the sockets, so `Sock::cancel` of another thread ends it too.
        error if error.raw_os_error() == Some(WSA_OPERATION_ABORTED) => Err(io::ErrorKind::Interrupted.into()),
        error => Err(error),
    };
    for fd in fds.iter_mut().filter(|fd| (fd.0.fd as isize) < 0) {
        fd.0.fd = !fd.0.fd;
        // Wine says POLLNVAL here, Windows' documentation that it is cleared.
        fd.0.revents = 0;
    }
    result.map(|()| fds.iter().filter(|fd| fd.is_ready()).count())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};
    use std::time::Instant;

    use super::super::Waker;
    use super::*;
    use crate::trace::Tap;

    #[test]
    fn the_peers_fin_is_neither_room_nor_news_to_those_who_do_not_read() {
        let lane = Tap::new(Instant::now(), 64).lane("test");
        let door = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let mut ours = TcpStream::connect(door.local_addr().unwrap()).unwrap();
        let (peer, _) = door.accept().unwrap();
        peer.shutdown(std::net::Shutdown::Write).unwrap();
        ours.set_nonblocking(true).unwrap();
        let sock = Sock::from(socket2::Socket::from(ours.try_clone().unwrap()));
        let mut reader = [PollFd::new(&sock, true, false)];
        assert_eq!(poll(&lane, &mut reader, Some(Duration::from_secs(10))).unwrap(), 1);
        assert!(reader[0].is_readable());
        // A peer that does not read: at last there is no room, also a while later.
        let room = [PollFd::new(&sock, false, true)];
        while poll(&lane, &mut room.clone(), Some(Duration::from_millis(50))).unwrap() == 1 && ours.write(&[0; 65_536]).is_ok() {}
        assert_eq!(poll(&lane, &mut room.clone(), Some(Duration::ZERO)).unwrap(), 0, "no room");
        let waker = Waker::new().unwrap();
        let mut idle = [waker.poll_fd(), PollFd::new(&sock, false, false)];
        assert_eq!(poll(&lane, &mut idle, Some(Duration::from_millis(20))).unwrap(), 0, "nothing to tell");
        waker.wake();
        assert_eq!(poll(&lane, &mut idle, Some(Duration::from_secs(10))).unwrap(), 1);
        assert!(idle[0].is_ready() && !idle[1].is_ready());
    }
}
