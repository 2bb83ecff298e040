//! The calls we trace, by their POSIX names.

/// A call to the system. Closed set; a new call is added here and wrapped in `sys`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is the call of that name")]
pub enum Call {
    Socket = 1,
    SocketPair,
    Bind,
    Listen,
    Accept,
    Connect,
    Recv,
    RecvFrom,
    Send,
    SendTo,
    Shutdown,
    Close,
    GetSockOpt,
    SetSockOpt,
    Fcntl,
    Poll,
    EpollCreate,
    EpollCtl,
    EpollWait,
    Kqueue,
    Kevent,
    GetAddrInfo,
    Unlink,
    Select,
    SigWait,
    IoUringSetup,
    IoUringEnter,
    /// Not a call: an operation the kernel does by itself, from its submission to its completion.
    Completion,
    /// Not a call: a task that waits and leaves its thread to others.
    Await,
    Sleep,
    Spawn,
    WaitPid,
    CondWait,
    /// Not a call: a person held the lane before one.
    Gate,
}

impl Call {
    /// Every call.
    pub const ALL: [Self; 34] = [
        Self::Socket,
        Self::SocketPair,
        Self::Bind,
        Self::Listen,
        Self::Accept,
        Self::Connect,
        Self::Recv,
        Self::RecvFrom,
        Self::Send,
        Self::SendTo,
        Self::Shutdown,
        Self::Close,
        Self::GetSockOpt,
        Self::SetSockOpt,
        Self::Fcntl,
        Self::Poll,
        Self::EpollCreate,
        Self::EpollCtl,
        Self::EpollWait,
        Self::Kqueue,
        Self::Kevent,
        Self::GetAddrInfo,
        Self::Unlink,
        Self::Select,
        Self::SigWait,
        Self::IoUringSetup,
        Self::IoUringEnter,
        Self::Completion,
        Self::Await,
        Self::Sleep,
        Self::Spawn,
        Self::WaitPid,
        Self::CondWait,
        Self::Gate,
    ];

    /// Its name in this system's C.
    pub fn name(self) -> &'static str {
        match self {
            Self::Socket => "socket",
            Self::SocketPair => "socketpair",
            Self::Bind => "bind",
            Self::Listen => "listen",
            Self::Accept if cfg!(target_os = "linux") => "accept4",
            Self::Accept => "accept",
            Self::Connect => "connect",
            Self::Recv => "recv",
            Self::RecvFrom => "recvfrom",
            Self::Send => "send",
            Self::SendTo => "sendto",
            Self::Shutdown => "shutdown",
            Self::Close if cfg!(windows) => "closesocket",
            Self::Close => "close",
            Self::GetSockOpt => "getsockopt",
            Self::SetSockOpt => "setsockopt",
            Self::Fcntl if cfg!(windows) => "ioctlsocket",
            Self::Fcntl => "fcntl",
            Self::Poll if cfg!(windows) => "WSAPoll",
            Self::Poll => "poll",
            Self::EpollCreate => "epoll_create1",
            Self::EpollCtl => "epoll_ctl",
            Self::EpollWait => "epoll_wait",
            Self::Kqueue => "kqueue",
            Self::Kevent => "kevent",
            Self::GetAddrInfo => "getaddrinfo",
            Self::Unlink => "unlink",
            Self::Select => "select",
            Self::SigWait => "sigwaitinfo",
            Self::IoUringSetup => "io_uring_setup",
            Self::IoUringEnter => "io_uring_enter",
            Self::Completion => "completion",
            Self::Await => "await",
            Self::Sleep => "sleep",
            Self::Spawn if cfg!(windows) => "CreateProcess",
            Self::Spawn => "fork + exec",
            Self::WaitPid if cfg!(windows) => "WaitForSingleObject",
            Self::WaitPid => "waitpid",
            Self::CondWait if cfg!(windows) => "SleepConditionVariable",
            Self::CondWait => "pthread_cond_wait",
            Self::Gate => "held",
        }
    }

    /// Whether it waits for readiness of many descriptors.
    pub fn is_readiness_wait(self) -> bool {
        matches!(self, Self::Poll | Self::EpollWait | Self::Kevent | Self::Select | Self::SigWait | Self::IoUringEnter)
    }

    /// Whether it sleeps on a blocking socket.
    pub(super) fn may_block(self) -> bool {
        matches!(self, Self::Accept | Self::Connect | Self::Recv | Self::RecvFrom | Self::Send | Self::SendTo)
    }

    /// The call with this number.
    pub fn from_u8(n: u8) -> Option<Self> {
        Self::ALL.get(usize::from(n).wrapping_sub(1)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_match_the_list() {
        for call in Call::ALL {
            assert_eq!(Call::from_u8(call as u8), Some(call));
        }
        assert_eq!(Call::from_u8(0), None);
    }
}
