//! A socket and its traced calls. Names are those of POSIX; each method is one call.

use std::io::{self, Read};
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use socket2::SockAddr;

use crate::trace::{Call, Got, Lane};

/// A descriptor number, wide enough for Windows' `SOCKET`.
pub type RawFd = i64;

/// Address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "AF_INET, AF_INET6, AF_UNIX")]
pub enum Domain {
    Ipv4,
    Ipv6,
    Unix,
}

/// Socket type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "SOCK_STREAM, SOCK_DGRAM")]
pub enum Kind {
    Stream,
    Dgram,
}

/// Which half `shutdown` ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "SHUT_RD, SHUT_WR, SHUT_RDWR")]
pub enum Shutdown {
    Read,
    Write,
    Both,
}

/// How one `send` may wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SendFlags {
    /// As the socket is set.
    #[default]
    None,
    /// Never wait (`MSG_DONTWAIT`). On Windows the flag does not exist: poll for `POLLOUT` first.
    DontWait,
}

/// An open socket. Dropping it closes the descriptor unseen; [`Sock::close`] is the traced way.
#[derive(Debug)]
pub struct Sock {
    inner: socket2::Socket,
    nonblocking: AtomicBool,
}

impl Sock {
    /// `socket(2)`, close-on-exec.
    #[track_caller]
    pub fn open(lane: &Lane, domain: Domain, kind: Kind) -> io::Result<Self> {
        let domain = match domain {
            Domain::Ipv4 => socket2::Domain::IPV4,
            Domain::Ipv6 => socket2::Domain::IPV6,
            Domain::Unix => socket2::Domain::UNIX,
        };
        let kind = match kind {
            Kind::Stream => socket2::Type::STREAM,
            Kind::Dgram => socket2::Type::DGRAM,
        };
        let inner =
            lane.call(Call::Socket, -1, [0; 2], false, || socket2::Socket::new(domain, kind, None), |sock| Got::value(number(sock)))?;
        Ok(Self::from(inner))
    }

    /// `socketpair(2)` of the Unix domain: two ends, connected to each other, with no address; close-on-exec and non-blocking. Linux and
    /// most BSDs take both as flags of the type; elsewhere (macOS) each end is set by `fcntl`. Answers the number of the first.
    #[cfg(unix)]
    #[track_caller]
    pub fn pair(lane: &Lane, kind: Kind) -> io::Result<[Self; 2]> {
        let kind = match kind {
            Kind::Stream => socket2::Type::STREAM,
            Kind::Dgram => socket2::Type::DGRAM,
        };
        #[cfg(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd", target_os = "dragonfly"))]
        let (kind, is_set) = (kind.nonblocking(), true);
        #[cfg(not(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd", target_os = "dragonfly")))]
        let is_set = false;
        let op = || socket2::Socket::pair(socket2::Domain::UNIX, kind, None);
        let (one, other) = lane.call(Call::SocketPair, -1, [0; 2], false, op, |pair| Got::value(number(&pair.0)))?;
        let ends = [one, other].map(|inner| Self { inner, nonblocking: AtomicBool::new(is_set) });
        if !is_set {
            ends.iter().try_for_each(|end| end.set_nonblocking(lane, true))?;
        }
        Ok(ends)
    }

    /// Winsock has no `socketpair`. Whoever asks looks first whether there is one.
    #[cfg(not(unix))]
    pub fn pair(_lane: &Lane, _kind: Kind) -> io::Result<[Self; 2]> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// The descriptor's number.
    pub fn fd(&self) -> RawFd {
        number(&self.inner)
    }

    /// Socket options that need no wrapper of their own (`set_reuse_address`, `set_linger` …). Waits and transfers go through the lane.
    pub fn options(&self) -> &socket2::Socket {
        &self.inner
    }

    /// Whether calls on it may sleep.
    pub fn is_blocking(&self) -> bool {
        !self.nonblocking.load(Ordering::Relaxed)
    }

    /// `fcntl(O_NONBLOCK)` / `ioctlsocket(FIONBIO)`.
    #[track_caller]
    pub fn set_nonblocking(&self, lane: &Lane, on: bool) -> io::Result<()> {
        lane.call(Call::Fcntl, self.fd(), [on.into(), 0], false, || self.inner.set_nonblocking(on), Got::done)?;
        self.nonblocking.store(on, Ordering::Relaxed);
        Ok(())
    }

    /// `bind(2)`.
    #[track_caller]
    pub fn bind(&self, lane: &Lane, addr: &SockAddr) -> io::Result<()> {
        lane.call(Call::Bind, self.fd(), [0; 2], false, || self.inner.bind(addr), Got::done)
    }

    /// `listen(2)` with exactly this backlog.
    #[track_caller]
    pub fn listen(&self, lane: &Lane, backlog: u32) -> io::Result<()> {
        let n = i32::try_from(backlog).unwrap_or(i32::MAX);
        lane.call(Call::Listen, self.fd(), [n.into(), 0], false, || self.inner.listen(n), Got::done)
    }

    /// `accept4(2)`, close-on-exec. The new socket is blocking.
    #[track_caller]
    pub fn accept(&self, lane: &Lane) -> io::Result<(Self, SockAddr)> {
        let (inner, peer) =
            lane.call(Call::Accept, self.fd(), [0; 2], self.is_blocking(), || self.inner.accept(), |new| Got::value(number(&new.0)))?;
        // BSD-derived systems (macOS) and Windows let the new socket inherit O_NONBLOCK; Linux does not (accept(2)).
        if !cfg!(target_os = "linux") && !self.is_blocking() {
            inner.set_nonblocking(false)?;
        }
        Ok((Self::from(inner), peer))
    }

    /// `connect(2)`. On a non-blocking socket `EINPROGRESS` (`WouldBlock` on Windows) means it goes on.
    #[track_caller]
    pub fn connect(&self, lane: &Lane, addr: &SockAddr) -> io::Result<()> {
        lane.call(Call::Connect, self.fd(), [0; 2], self.is_blocking(), || self.inner.connect(addr), Got::done)
    }

    /// `getsockopt(SO_ERROR)`: how a non-blocking connect ended. Reading clears it.
    #[track_caller]
    pub fn take_error(&self, lane: &Lane) -> io::Result<Option<io::Error>> {
        lane.call(Call::GetSockOpt, self.fd(), [0; 2], false, || self.inner.take_error(), Got::done)
    }

    /// `recv(2)`; 0 is the end of the stream (or an empty datagram).
    #[track_caller]
    pub fn recv(&self, lane: &Lane, buf: &mut [u8]) -> io::Result<usize> {
        lane.call(Call::Recv, self.fd(), [buf.len() as i64, 0], self.is_blocking(), || (&self.inner).read(buf), |n| Got::moved(*n))
    }

    /// `recvfrom(2)` (as `recvmsg`, to learn of a cut): bytes stored, sender, and whether the datagram was larger.
    #[track_caller]
    pub fn recv_from(&self, lane: &Lane, buf: &mut [u8]) -> io::Result<(usize, SockAddr, bool)> {
        let len = buf.len();
        let op = || {
            // SAFETY: `MaybeUninit<u8>` has the layout of `u8`, and `recvmsg` only ever writes initialised bytes into the buffer.
            let spare = unsafe { &mut *(std::ptr::from_mut::<[u8]>(buf) as *mut [MaybeUninit<u8>]) };
            let mut slices = [socket2::MaybeUninitSlice::new(spare)];
            let (n, flags, from) = self.inner.recv_from_vectored(&mut slices)?;
            // A cut datagram is an error on Windows (WSAEMSGSIZE), of which socket2 makes the flag; not every system then says how
            // much it stored, but what was cut has filled the buffer.
            let is_cut = flags.is_truncated();
            Ok((if is_cut { len } else { n }, from, is_cut))
        };
        lane.call(Call::RecvFrom, self.fd(), [len as i64, 0], self.is_blocking(), op, |r| Got::moved(r.0))
    }

    /// `send(2)`: the bytes the kernel took, possibly fewer than given. Never raises `SIGPIPE`.
    #[track_caller]
    pub fn send(&self, lane: &Lane, data: &[u8], flags: SendFlags) -> io::Result<usize> {
        lane.call(
            Call::Send,
            self.fd(),
            [data.len() as i64, 0],
            self.is_blocking() && flags == SendFlags::None,
            || self.inner.send_with_flags(data, send_flags(flags)),
            |n| Got::moved(*n),
        )
    }

    /// `sendto(2)`: one datagram.
    #[track_caller]
    pub fn send_to(&self, lane: &Lane, data: &[u8], to: &SockAddr, flags: SendFlags) -> io::Result<usize> {
        let op = || self.inner.send_to_with_flags(data, to, send_flags(flags));
        let may_sleep = self.is_blocking() && flags == SendFlags::None;
        lane.call(Call::SendTo, self.fd(), [data.len() as i64, 0], may_sleep, op, |n| Got::moved(*n))
    }

    /// `shutdown(2)`.
    #[track_caller]
    pub fn shutdown(&self, lane: &Lane, how: Shutdown) -> io::Result<()> {
        let args = [how as i64, 0];
        let how = match how {
            Shutdown::Read => std::net::Shutdown::Read,
            Shutdown::Write => std::net::Shutdown::Write,
            Shutdown::Both => std::net::Shutdown::Both,
        };
        lane.call(Call::Shutdown, self.fd(), args, false, || self.inner.shutdown(how), Got::done)
    }

    /// `close(2)`.
    #[track_caller]
    pub fn close(self, lane: &Lane) {
        let fd = self.fd();
        let closed = lane.call(
            Call::Close,
            fd,
            [0; 2],
            false,
            move || {
                drop(self);
                Ok(())
            },
            Got::done,
        );
        debug_assert!(closed.is_ok());
    }

    /// `close(2)` of a socket that another thread may ask about at this moment: it lets go within microseconds, and then the
    /// descriptor is closed.
    #[track_caller]
    pub fn close_shared(this: std::sync::Arc<Self>, lane: &Lane) {
        let fd = this.fd();
        let op = move || {
            drop(this);
            Ok(())
        };
        let closed = lane.call(Call::Close, fd, [0; 2], false, op, Got::done);
        debug_assert!(closed.is_ok());
    }

    /// Makes the coming `close` send RST: `SO_LINGER` with 0 seconds (tcp(7), socket(7)).
    #[track_caller]
    pub fn set_reset_on_close(&self, lane: &Lane) -> io::Result<()> {
        lane.call(Call::SetSockOpt, self.fd(), [0; 2], false, || self.inner.set_linger(Some(Duration::ZERO)), Got::done)
    }

    /// `SO_RCVTIMEO`: a blocking `recv` that got nothing for so long fails (`EAGAIN`; `WSAETIMEDOUT` on Windows).
    #[track_caller]
    pub fn set_recv_limit(&self, lane: &Lane, limit: Option<Duration>) -> io::Result<()> {
        lane.call(Call::SetSockOpt, self.fd(), [0; 2], false, || self.inner.set_read_timeout(limit), Got::done)
    }

    /// `SO_SNDTIMEO`: a blocking `send` that found no room for so long fails likewise.
    #[track_caller]
    pub fn set_send_limit(&self, lane: &Lane, limit: Option<Duration>) -> io::Result<()> {
        lane.call(Call::SetSockOpt, self.fd(), [0; 2], false, || self.inner.set_write_timeout(limit), Got::done)
    }

    /// Takes a listener that nobody sleeps on out of its port, so that whoever comes is refused. The descriptor stays with its
    /// owners. Linux: `shutdown`, after which the socket has left LISTEN. Other Unix systems have no such call: `dup2` of an
    /// unconnected datagram socket closes the listener behind the descriptor. Windows has neither: there clients go on
    /// queueing until the descriptor is closed.
    #[track_caller]
    pub fn stop_listening(&self, lane: &Lane) -> io::Result<()> {
        if cfg!(target_os = "linux") {
            return self.shutdown(lane, Shutdown::Read);
        }
        #[cfg(unix)]
        return lane.call(Call::Close, self.fd(), [0; 2], false, || self.replace(), Got::done);
        #[cfg(not(unix))]
        Ok(())
    }

    #[cfg(unix)]
    fn replace(&self) -> io::Result<()> {
        let idle = socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::DGRAM, None)?;
        // SAFETY: both descriptors are open: ours as long as `self` lives, the other as long as `idle` does.
        let result = unsafe { libc::dup2(number(&idle) as i32, self.fd() as i32) };
        if result < 0 {
            return Err(super::last_socket_error());
        }
        // `dup2` does not copy FD_CLOEXEC.
        self.inner.set_cloexec(true)
    }

    /// `SO_EXCLUSIVEADDRUSE`: no other socket may bind this address, whatever its options. Before `bind`.
    #[cfg(windows)]
    #[track_caller]
    pub fn set_exclusive_address(&self, lane: &Lane, on: bool) -> io::Result<()> {
        use windows_sys::Win32::Networking::WinSock::{SO_EXCLUSIVEADDRUSE, SOL_SOCKET, setsockopt};
        let op = || {
            let on = i32::from(on);
            // SAFETY: the option is a BOOL of four bytes, which lives through the call; the socket is open as long as `self` lives.
            let result = unsafe { setsockopt(self.fd() as _, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (&raw const on).cast(), 4) };
            if result == 0 { Ok(()) } else { Err(super::last_socket_error()) }
        };
        lane.call(Call::SetSockOpt, self.fd(), [0; 2], false, op, Got::done)
    }

    /// Another descriptor of the same socket: `dup(2)`. Our own plumbing, so it is not traced.
    pub fn duplicate(&self) -> io::Result<Self> {
        self.inner.try_clone().map(Self::from)
    }

    /// `getsockname(2)`.
    pub fn local_addr(&self) -> io::Result<SockAddr> {
        self.inner.local_addr()
    }

    /// `getpeername(2)`.
    pub fn peer_addr(&self) -> io::Result<SockAddr> {
        self.inner.peer_addr()
    }
}

#[cfg(unix)]
impl std::os::fd::AsFd for Sock {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.inner.as_fd()
    }
}

#[cfg(windows)]
impl std::os::windows::io::AsSocket for Sock {
    fn as_socket(&self) -> std::os::windows::io::BorrowedSocket<'_> {
        self.inner.as_socket()
    }
}

impl From<socket2::Socket> for Sock {
    /// A blocking socket, as systems make them.
    fn from(inner: socket2::Socket) -> Self {
        Self { inner, nonblocking: AtomicBool::new(false) }
    }
}

fn number(sock: &socket2::Socket) -> RawFd {
    #[cfg(unix)]
    let fd = std::os::fd::AsRawFd::as_raw_fd(sock);
    #[cfg(windows)]
    let fd = std::os::windows::io::AsRawSocket::as_raw_socket(sock);
    fd as RawFd
}

fn send_flags(flags: SendFlags) -> i32 {
    #[cfg(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd", target_os = "dragonfly"))]
    let quiet = libc::MSG_NOSIGNAL;
    // macOS: socket2 sets SO_NOSIGPIPE on every socket it makes. Windows has no signals.
    #[cfg(not(any(target_os = "linux", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd", target_os = "dragonfly")))]
    let quiet = 0;
    #[cfg(unix)]
    let wait = if flags == SendFlags::DontWait { libc::MSG_DONTWAIT } else { 0 };
    #[cfg(windows)]
    let wait = {
        let _no_such_flag = flags;
        0
    };
    quiet | wait
}

/// An address as people write it: `127.0.0.1:7788`, `[::1]:7788`, a path, `@abstract`, or `unnamed`.
pub fn fmt_addr(addr: &SockAddr) -> String {
    if let Some(inet) = addr.as_socket() {
        return inet.to_string();
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if let Some(name) = addr.as_abstract_namespace() {
        return format!("@{}", String::from_utf8_lossy(name).trim_end_matches('\0'));
    }
    #[cfg(unix)]
    if let Some(path) = addr.as_pathname() {
        return path.display().to_string();
    }
    #[cfg(windows)]
    if addr.is_unix() {
        // SAFETY: a `SockAddr` holds `len` initialised bytes: the family in two, then the path.
        let bytes = unsafe { std::slice::from_raw_parts(addr.as_ptr().cast::<u8>(), addr.len() as usize) };
        let path = bytes.get(2..).and_then(|path| path.split(|byte| *byte == 0).next()).filter(|path| !path.is_empty());
        if let Some(path) = path {
            return String::from_utf8_lossy(path).into_owned();
        }
    }
    "unnamed".to_owned()
}

/// Whether something can be sent to it: a Unix socket that was never bound has no name (unix(7)).
pub fn has_name(addr: &SockAddr) -> bool {
    if addr.as_socket().is_some() {
        return true;
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if addr.as_abstract_namespace().is_some() {
        return true;
    }
    #[cfg(unix)]
    return addr.as_pathname().is_some();
    #[cfg(not(unix))]
    false
}

/// Whether this system makes Unix stream sockets. Asking is no part of the experiment, so it is not traced.
pub fn has_unix_streams() -> bool {
    socket2::Socket::new(socket2::Domain::UNIX, socket2::Type::STREAM, None).is_ok()
}

/// Whether a socket can be bound to IPv6's loopback address. Asking is no part of the experiment, so it is not traced.
pub fn has_ipv6() -> bool {
    std::net::UdpSocket::bind((std::net::Ipv6Addr::LOCALHOST, 0)).is_ok()
}

/// `unlink(2)`: removes a socket file.
#[track_caller]
pub fn unlink(lane: &Lane, path: &std::path::Path) -> io::Result<()> {
    lane.call(Call::Unlink, -1, [0; 2], false, || std::fs::remove_file(path), Got::done)
}
