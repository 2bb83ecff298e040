//! Wakes a thread that sleeps in a readiness wait: a connected pair of sockets, one end watched, the other written to.
//!
//! A pair works with every readiness call on every system (an eventfd would be Linux only). It is our own plumbing, not part
//! of the experiment, so its calls are not traced.

use std::io::{self, Read, Write};

use super::{PollFd, RawFd};

/// See the module.
#[derive(Debug)]
pub struct Waker {
    read: socket2::Socket,
    write: socket2::Socket,
}

impl Waker {
    /// A new pair.
    pub fn new() -> io::Result<Self> {
        let (read, write) = pair()?;
        read.set_nonblocking(true)?;
        write.set_nonblocking(true)?;
        Ok(Self { read, write })
    }

    /// Wakes the waiting thread, now or when it next waits. Never blocks.
    pub fn wake(&self) {
        // A full buffer means that it is awake already.
        let _full = (&self.write).write(&[1]);
    }

    /// Takes back all wakes so far.
    pub fn drain(&self) {
        let mut bin = [0; 64];
        while matches!((&self.read).read(&mut bin), Ok(n) if n > 0) {}
    }

    /// The entry that `poll` watches.
    pub fn poll_fd(&self) -> PollFd {
        PollFd::of(self.fd(), true, false)
    }

    pub(super) fn fd(&self) -> RawFd {
        #[cfg(unix)]
        let fd = std::os::fd::AsRawFd::as_raw_fd(&self.read);
        #[cfg(windows)]
        let fd = std::os::windows::io::AsRawSocket::as_raw_socket(&self.read);
        fd as RawFd
    }
}

#[cfg(unix)]
impl std::os::fd::AsFd for Waker {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.read.as_fd()
    }
}

#[cfg(windows)]
impl std::os::windows::io::AsSocket for Waker {
    fn as_socket(&self) -> std::os::windows::io::BorrowedSocket<'_> {
        self.read.as_socket()
    }
}

#[cfg(unix)]
fn pair() -> io::Result<(socket2::Socket, socket2::Socket)> {
    socket2::Socket::pair(socket2::Domain::UNIX, socket2::Type::STREAM, None)
}

/// Windows has no socketpair: a connection through loopback, accepted only from our own end.
#[cfg(windows)]
fn pair() -> io::Result<(socket2::Socket, socket2::Socket)> {
    let door = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    let write = std::net::TcpStream::connect(door.local_addr()?)?;
    write.set_nodelay(true)?;
    loop {
        let (read, from) = door.accept()?;
        if from == write.local_addr()? {
            return Ok((read.into(), write.into()));
        }
    }
}
