//! Child processes that are handed a socket: inherited as standard input on Unix, as inetd(8) does; duplicated into the child
//! on Windows (`WSADuplicateSocketW`). Parent and child talk over a channel that is our own plumbing and not traced.
//!
//! It knows nothing of what they say to each other.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::trace::{Call, Got, Lane};

use super::Sock;

/// A child process. It must be waited for with [`Worker::reap`]: dropping it leaves a zombie until the program ends.
#[derive(Debug)]
pub struct Worker {
    child: Child,
}

/// The parent's end of the channel.
pub struct Channel {
    /// What the child says.
    pub from: Box<dyn Read + Send>,
    /// What the child hears.
    pub to: Box<dyn Write + Send>,
}

impl Worker {
    /// Starts `program` with `args` and hands it `sock`. The caller keeps its own copy of the socket.
    #[track_caller]
    pub fn spawn(lane: &Lane, program: &Path, args: &[&str], sock: &Sock) -> io::Result<(Self, Channel)> {
        let mut command = Command::new(program);
        command.args(args);
        lane.call(Call::Spawn, sock.fd(), [0; 2], false, || start(command, sock), |(worker, _)| Got::value(worker.child.id().into()))
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended; one that has is reaped by this question already, and its status kept for [`reap`](Self::reap).
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// Ends it by force: `SIGKILL`, `TerminateProcess`. Nothing happens when it was reaped.
    pub fn kill(&mut self) {
        // It may have ended by itself in the meantime.
        let _ended = self.child.kill();
    }

    /// `waitpid`: sleeps until it has ended, so that it is no zombie.
    #[track_caller]
    pub fn reap(&mut self, lane: &Lane) -> io::Result<ExitStatus> {
        let id = self.child.id();
        lane.call(Call::WaitPid, id.into(), [0; 2], true, || self.child.wait(), |status| Got::value(status.code().unwrap_or(-1).into()))
    }
}

/// The signal that ended a process, where the system has signals.
pub fn ending_signal(status: ExitStatus) -> Option<i32> {
    #[cfg(unix)]
    return std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    {
        let _no_signals = status;
        None
    }
}

#[cfg(unix)]
fn start(mut command: Command, sock: &Sock) -> io::Result<(Worker, Channel)> {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;
    let copy = OwnedFd::from(sock.options().try_clone()?);
    let (ours, theirs) = UnixStream::pair()?;
    let child = command.stdin(Stdio::from(copy)).stdout(Stdio::from(OwnedFd::from(theirs))).spawn()?;
    let to = ours.try_clone()?;
    Ok((Worker { child }, Channel { from: Box::new(ours), to: Box::new(to) }))
}

#[cfg(windows)]
fn start(mut command: Command, sock: &Sock) -> io::Result<(Worker, Channel)> {
    use windows_sys::Win32::Networking::WinSock::{SOCKET, WSADuplicateSocketW, WSAPROTOCOL_INFOW};
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("the child has no pipes"));
    };
    let handed = (|| {
        // SAFETY: a structure of numbers and arrays of numbers, for which all zero is a value.
        let mut info: WSAPROTOCOL_INFOW = unsafe { std::mem::zeroed() };
        // SAFETY: the socket is open as long as `sock` lives, and `info` has room for the answer.
        let result = unsafe { WSADuplicateSocketW(sock.fd() as SOCKET, child.id(), &raw mut info) };
        if result != 0 {
            return Err(super::last_socket_error());
        }
        // SAFETY: the structure holds numbers only, so each of its bytes was written by the call or zeroed above.
        let bytes = unsafe { std::slice::from_raw_parts((&raw const info).cast::<u8>(), size_of::<WSAPROTOCOL_INFOW>()) };
        to.write_all(bytes)
    })();
    if let Err(error) = handed {
        let _ended = child.kill();
        let _reaped = child.wait();
        return Err(error);
    }
    Ok((Worker { child }, Channel { from: Box::new(from), to: Box::new(to) }))
}

/// In the child: takes over the socket it was handed and the channel to the parent. Once only, before anything else uses
/// standard input or output.
#[cfg(unix)]
pub fn handed() -> io::Result<(Sock, Channel)> {
    use std::os::fd::{AsFd, FromRawFd};
    use std::os::unix::net::UnixStream;
    // SAFETY: descriptor 0 is open (checked) and is the socket; this program reads nothing else from its standard input.
    let sock = unsafe { socket2::Socket::from_raw_fd(0) };
    if let Err(error) = sock.r#type() {
        std::mem::forget(sock);
        return Err(io::Error::other(format!("standard input is no socket: {error}")));
    }
    let channel = UnixStream::from(io::stdout().as_fd().try_clone_to_owned()?);
    let to = channel.try_clone()?;
    Ok((Sock::from(sock), Channel { from: Box::new(channel), to: Box::new(to) }))
}

/// In the child: takes over the socket it was handed and the channel to the parent. Once only, before anything else uses
/// standard input or output.
#[cfg(windows)]
pub fn handed() -> io::Result<(Sock, Channel)> {
    use std::os::windows::io::FromRawSocket;
    use windows_sys::Win32::Networking::WinSock::{
        FROM_PROTOCOL_INFO, INVALID_SOCKET, WSA_FLAG_NO_HANDLE_INHERIT, WSA_FLAG_OVERLAPPED, WSAPROTOCOL_INFOW, WSASocketW,
    };
    // Starts Winsock, which WSASocketW alone does not.
    drop(socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?);
    // SAFETY: a structure of numbers and arrays of numbers, for which all zero is a value.
    let mut info: WSAPROTOCOL_INFOW = unsafe { std::mem::zeroed() };
    // SAFETY: any bytes are a value of it, and the slice covers exactly the structure.
    let bytes = unsafe { std::slice::from_raw_parts_mut((&raw mut info).cast::<u8>(), size_of::<WSAPROTOCOL_INFOW>()) };
    io::stdin().read_exact(bytes)?;
    let flags = WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT;
    // SAFETY: `info` came from WSADuplicateSocketW for this very process and is used once.
    let socket = unsafe { WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &raw const info, 0, flags) };
    if socket == INVALID_SOCKET {
        return Err(super::last_socket_error());
    }
    // SAFETY: the socket was just made and nobody else owns it.
    let sock = unsafe { socket2::Socket::from_raw_socket(socket as _) };
    Ok((Sock::from(sock), Channel { from: Box::new(io::stdin()), to: Box::new(io::stdout()) }))
}

/// A clock that all processes of this machine share, in nanoseconds from some moment in the past.
pub fn shared_clock_ns() -> u64 {
    #[cfg(unix)]
    {
        // What `Instant` counts there too: it stands still while the machine sleeps.
        #[cfg(any(target_os = "macos", target_os = "ios"))]
        let clock = libc::CLOCK_UPTIME_RAW;
        #[cfg(not(any(target_os = "macos", target_os = "ios")))]
        let clock = libc::CLOCK_MONOTONIC;
        let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `now` lives through the call; the clock exists on every such system (clock_gettime(2)).
        unsafe { libc::clock_gettime(clock, &raw mut now) };
        now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
    }
    #[cfg(windows)]
    {
        use windows_sys::Win32::System::Performance::{QueryPerformanceCounter, QueryPerformanceFrequency};
        let (mut count, mut frequency) = (0, 1);
        // SAFETY: both write one number; neither fails since Windows XP.
        unsafe {
            QueryPerformanceCounter(&raw mut count);
            QueryPerformanceFrequency(&raw mut frequency);
        }
        (count as u128 * 1_000_000_000 / frequency.max(1) as u128) as u64
    }
}
