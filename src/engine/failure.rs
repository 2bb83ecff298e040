//! A failure names the operation, the endpoint and the cause. English words here are for the command line and logs;
//! the window words [`Cause`] in the person's language.

use std::{fmt, io, sync::Arc};

use crate::bytes::FramingError;
use crate::trace::{Call, Unserved};

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the call of that name")]
pub enum Operation {
    Resolve,
    Socket,
    Bind,
    Listen,
    Accept,
    Connect,
    Receive,
    Send,
    Close,
    SocketFile,
    Thread,
    Wait,
    Start,
    Serve,
    Framing,
    Join,
    Sequence,
}

impl From<Call> for Operation {
    /// The operation that a person would say this call belongs to.
    fn from(call: Call) -> Self {
        match call {
            Call::GetAddrInfo => Self::Resolve,
            Call::Socket | Call::SocketPair | Call::GetSockOpt | Call::SetSockOpt | Call::Fcntl => Self::Socket,
            Call::Bind => Self::Bind,
            Call::Listen => Self::Listen,
            Call::Accept => Self::Accept,
            Call::Connect => Self::Connect,
            Call::Recv | Call::RecvFrom => Self::Receive,
            Call::Send | Call::SendTo => Self::Send,
            Call::Shutdown | Call::Close => Self::Close,
            Call::Unlink => Self::SocketFile,
            Call::Spawn => Self::Start,
            Call::Poll
            | Call::EpollCreate
            | Call::EpollCtl
            | Call::EpollWait
            | Call::Kqueue
            | Call::Kevent
            | Call::Select
            | Call::SigWait
            | Call::IoUringSetup
            | Call::IoUringEnter
            | Call::Completion
            | Call::Await
            | Call::Sleep
            | Call::WaitPid
            | Call::CondWait
            | Call::Gate => Self::Wait,
        }
    }
}

impl Operation {
    /// The word for it, as in C where there is one.
    pub fn word(self) -> &'static str {
        match self {
            Self::Resolve => "getaddrinfo",
            Self::Socket => "socket",
            Self::Bind => "bind",
            Self::Listen => "listen",
            Self::Accept => "accept",
            Self::Connect => "connect",
            Self::Receive => "recv",
            Self::Send => "send",
            Self::Close => "close",
            Self::SocketFile => "socket file",
            Self::Thread => "thread",
            Self::Wait => "wait",
            Self::Start => "start",
            Self::Serve => "service",
            Self::Framing => "framing",
            Self::Join => "join",
            Self::Sequence => "sequence",
        }
    }
}

/// Why it failed, as far as we can tell apart. `Other` keeps the system's own words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the causes; `words` spells them out")]
pub enum Cause {
    AddressInUse,
    AddressNotAvailable,
    PermissionDenied,
    Unreachable,
    Refused,
    TimedOut,
    Reset,
    BrokenPipe,
    NameNotFound,
    PathTooLong,
    TooManyDescriptors,
    NoPortsLeft,
    MessageTooLong,
    NoSuchFile,
    /// A socket file cannot be made: its directory does not exist.
    NoSuchDirectory,
    NotASocket,
    LiveSocketFile,
    /// A datagram socket was not asked to allow broadcasts.
    BroadcastNotAllowed,
    /// A client names a server of the lab that has no address yet.
    ServerNotRunning,
    /// This system lacks it; the reason.
    NotAvailable(Arc<str>),
    /// The server or its service sent a peer away.
    Unserved(Unserved),
    /// A stream, or a message to be sent, breaks its framing.
    Framing(FramingError),
    /// No reply came to a sequence that waits for one, within so many milliseconds.
    NoReply(u32),
    /// What the system said.
    Other(Arc<str>),
}

/// Operation, endpoint, cause.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    /// What was being done.
    pub operation: Operation,
    /// To which address, path or name.
    pub endpoint: Arc<str>,
    /// Why it failed.
    pub cause: Cause,
    /// `EADDRINUSE` and the like, where the system gave one.
    pub errno: Option<&'static str>,
}

impl Failure {
    /// From a system error.
    pub fn new(operation: Operation, endpoint: impl Into<Arc<str>>, error: &io::Error) -> Self {
        let (errno, endpoint) = (crate::sys::errno_name(error), endpoint.into());
        let cause = match Cause::of(operation, error, errno) {
            // bind(2), EADDRINUSE: port 0 was asked for, and all ephemeral ports are in use.
            Cause::AddressInUse if operation == Operation::Bind && endpoint.ends_with(":0") => Cause::NoPortsLeft,
            // sendto(2), connect(2), EACCES: a broadcast address without the socket's broadcast flag.
            Cause::PermissionDenied
                if errno == Some("EACCES")
                    && matches!(operation, Operation::Send | Operation::Connect)
                    && endpoint.parse::<std::net::SocketAddr>().is_ok() =>
            {
                Cause::BroadcastNotAllowed
            }
            cause => cause,
        };
        Self { operation, endpoint, cause, errno }
    }

    /// The failure that was wrapped in this error, on its way through a board.
    pub fn inside(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// A cause of our own.
    pub fn because(operation: Operation, endpoint: impl Into<Arc<str>>, cause: Cause) -> Self {
        Self { operation, endpoint: endpoint.into(), cause, errno: None }
    }
}

impl Cause {
    fn of(operation: Operation, error: &io::Error, errno: Option<&'static str>) -> Self {
        match errno {
            Some("EADDRINUSE") => Self::AddressInUse,
            // connect(2): an ephemeral port could not be found; bind(2): the address is not local.
            Some("EADDRNOTAVAIL") if operation == Operation::Connect => Self::NoPortsLeft,
            Some("EADDRNOTAVAIL") => Self::AddressNotAvailable,
            Some("EACCES" | "EPERM") => Self::PermissionDenied,
            Some("EHOSTUNREACH" | "ENETUNREACH" | "ENETDOWN" | "EHOSTDOWN") => Self::Unreachable,
            Some("ECONNREFUSED") => Self::Refused,
            Some("ETIMEDOUT") => Self::TimedOut,
            Some("ECONNRESET" | "ECONNABORTED") => Self::Reset,
            Some("EPIPE") => Self::BrokenPipe,
            Some("ENAMETOOLONG") => Self::PathTooLong,
            Some("EMFILE" | "ENFILE") => Self::TooManyDescriptors,
            Some("EMSGSIZE") => Self::MessageTooLong,
            // bind(2): a component in the directory prefix of the socket pathname does not exist.
            Some("ENOENT") if operation == Operation::Bind => Self::NoSuchDirectory,
            Some("ENOENT") => Self::NoSuchFile,
            Some("ENOTSOCK") => Self::NotASocket,
            _ if error.kind() == io::ErrorKind::TimedOut => Self::TimedOut,
            _ => Self::Other(error.to_string().into()),
        }
    }

    /// What happened and what to try, in English.
    pub fn words(&self) -> String {
        match self {
            Self::AddressInUse => "the address is in use. Stop the other program or choose another port (0 lets the system choose)".into(),
            Self::AddressNotAvailable => "this machine does not have that address. Try 127.0.0.1".into(),
            Self::PermissionDenied => {
                "permission denied. Ports below 1024 need privileges; a socket file needs a directory you may write".into()
            }
            Self::Unreachable => "no route to that address. Check the address and the network".into(),
            Self::Refused => "refused: nothing listens there. Start the server first".into(),
            Self::TimedOut => "timed out: no answer within the limit".into(),
            Self::Reset => "the peer reset the connection".into(),
            Self::BrokenPipe => "the peer has already closed the connection".into(),
            Self::NameNotFound => "name not found. Check the spelling, or use a numeric address".into(),
            Self::PathTooLong => "the path is too long for a socket address. Use a shorter one, such as /tmp/lab.sock".into(),
            Self::TooManyDescriptors => "too many open descriptors. Close some connections or raise the limit (ulimit -n)".into(),
            Self::NoPortsLeft => "no local port is left. Wait for TIME_WAIT to end or use fewer connections".into(),
            Self::MessageTooLong => "the message is too long for one datagram. Send fewer bytes".into(),
            Self::NoSuchFile => "no such file. Start the server, or check the path".into(),
            Self::NoSuchDirectory => "its directory does not exist. Create it first, or choose another path".into(),
            Self::BroadcastNotAllowed => {
                "that is a broadcast address, which needs SO_BROADCAST. Turn it on, or choose the address of one machine".into()
            }
            Self::NotASocket => "the path exists and is not a socket. It was left alone; choose another path".into(),
            Self::LiveSocketFile => "a running server owns this socket file. It was left alone; choose another path".into(),
            Self::ServerNotRunning => "that server has no address yet. Start it first".into(),
            Self::NotAvailable(reason) => format!("not available on this system: {reason}"),
            Self::Unserved(why) => why.to_string(),
            Self::Framing(why) => why.to_string(),
            Self::NoReply(ms) => format!("no message that matches came within {ms} ms"),
            Self::Other(words) => words.to_string(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.operation.word(), self.endpoint, self.cause.words())?;
        match self.errno {
            Some(errno) => write!(f, " ({errno})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bind_to_port_0_that_finds_no_port_says_so() {
        #[cfg(unix)]
        let in_use = io::Error::from_raw_os_error(libc::EADDRINUSE);
        #[cfg(windows)]
        let in_use = io::Error::from_raw_os_error(windows_sys::Win32::Networking::WinSock::WSAEADDRINUSE);
        let cause = |endpoint: &str| Failure::new(Operation::Bind, endpoint, &in_use).cause;
        assert_eq!((cause("127.0.0.1:0"), cause("[::1]:0")), (Cause::NoPortsLeft, Cause::NoPortsLeft));
        assert_eq!((cause("127.0.0.1:7780"), cause("/tmp/x")), (Cause::AddressInUse, Cause::AddressInUse));
    }
}
