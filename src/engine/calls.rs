//! The calls of one session as snapshots show them: every one for the near past, sums for the time before.

use std::time::Duration;

use crate::stats::LogView;
use crate::trace::{Call, CallRecord, TapLevel};

/// The calls of one session, for the timeline and the call log.
#[derive(Clone, Debug, Default)]
pub struct CallsView {
    /// Finished calls, about in the order they ended. The oldest go first.
    pub log: LogView<CallRecord>,
    /// What each lane did in each tenth of a second, for times that the log no longer reaches; the last ten minutes.
    pub slices: LogView<LaneSlice>,
    /// Calls made and not kept at all: the worker's ring was full. The counters include them.
    pub dropped: u64,
    /// Calls that were kept and went, oldest first.
    pub evicted: u64,
    /// How much is kept.
    pub level: TapLevel,
}

/// What one lane did in one stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneSlice {
    /// [`LaneView::id`].
    pub lane: u32,
    /// When it begins, on the engine's clock.
    pub start: Duration,
    /// How long it is.
    pub len: Duration,
    /// Microseconds spent in calls of each [`CallKind`], in its order; the rest is code of its own.
    pub spent: [u32; CallKind::ALL.len()],
    /// Calls that ended in it.
    pub calls: u32,
    /// Of these, how many answered `EAGAIN`.
    pub eagain: u32,
}

/// What a call means for its lane: the hue of its span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// Takes bytes in: `recv`, `recvfrom`.
    Receive,
    /// Hands bytes out: `send`, `sendto`.
    Send,
    /// `accept`.
    Accept,
    /// Waits for many: `select`, `poll`, `epoll_wait`, `kevent`, `sigwaitinfo`, `io_uring_enter`, a task's `await`, a
    /// worker's `pthread_cond_wait`.
    Wait,
    /// Sleeps on purpose, or is held by a person.
    Sleep,
    /// `connect`.
    Connect,
    /// All others: opening, closing, setting.
    Other,
}

impl CallKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [Self::Receive, Self::Send, Self::Accept, Self::Wait, Self::Sleep, Self::Connect, Self::Other];
}

impl From<Call> for CallKind {
    fn from(call: Call) -> Self {
        match call {
            Call::Recv | Call::RecvFrom => Self::Receive,
            Call::Send | Call::SendTo => Self::Send,
            Call::Accept => Self::Accept,
            Call::Connect => Self::Connect,
            Call::Sleep | Call::Gate => Self::Sleep,
            Call::Poll
            | Call::EpollWait
            | Call::Kevent
            | Call::Select
            | Call::SigWait
            | Call::IoUringEnter
            | Call::Completion
            | Call::Await
            | Call::CondWait => Self::Wait,
            Call::Socket
            | Call::SocketPair
            | Call::Bind
            | Call::Listen
            | Call::Shutdown
            | Call::Close
            | Call::GetSockOpt
            | Call::SetSockOpt
            | Call::Fcntl
            | Call::EpollCreate
            | Call::EpollCtl
            | Call::Kqueue
            | Call::GetAddrInfo
            | Call::Unlink
            | Call::IoUringSetup
            | Call::Spawn
            | Call::WaitPid => Self::Other,
        }
    }
}
