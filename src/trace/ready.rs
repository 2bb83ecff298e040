//! What a readiness wait was asked to watch, and what it answered.

use super::Call;

/// Descriptors a ready set names at most; of more, the first ones and a count.
pub const READY_NAMED: usize = 64;

/// One wait's question and answer. For `select` these are the bits of its three sets, for `epoll_wait` the list it filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadySet {
    /// The wait.
    pub call: Call,
    /// When it came back, in nanoseconds since the engine started.
    pub at_ns: u64,
    /// Watched descriptors with what was asked and answered, in the order of the call; where the kernel keeps the list
    /// (`epoll`, `kqueue`), only the ready ones.
    pub fds: Vec<ReadyFd>,
    /// Descriptors watched in all; `None` where the kernel keeps the list.
    pub watched: Option<u32>,
    /// Descriptors ready in all.
    pub ready: u32,
}

/// One descriptor of a ready set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadyFd {
    /// Which.
    pub fd: i64,
    /// What was asked for; all off where the kernel keeps the list.
    pub asked: Events,
    /// What was answered.
    pub got: Events,
}

/// Kinds of readiness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// `POLLIN`, the read set.
    pub read: bool,
    /// `POLLOUT`, the write set.
    pub write: bool,
    /// `POLLERR`, `POLLHUP`, the exception set.
    pub error: bool,
}
