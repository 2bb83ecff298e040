//! What a snapshot tells of a listening server: the road from a client's SYN to `accept`, with where each figure comes from.
//! Values only.

use std::time::Duration;

use super::{LogView, Source};
use crate::lab::AcceptPace;
use crate::probe::Unavailable;

/// A number and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The number.
    pub value: u64,
    /// Measured or derived.
    pub source: Source,
}

/// What made the limit smaller than what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clamp {
    /// The most this system allows.
    pub most: u32,
    /// Which setting of the system says so, e.g. `net.core.somaxconn`.
    pub by: &'static str,
}

/// The listener of a running stream server at one moment.
#[derive(Clone, Debug)]
pub struct ListenerView {
    /// When its kernel figures were read, on the engine's clock.
    pub at: Duration,
    /// The `n` given to the last `listen(n)`.
    pub asked: u32,
    /// The `n` in force, where the system tells or it follows from the clamp.
    pub in_force: Option<Figure>,
    /// What this system allows at most, where it is known.
    pub clamp: Option<Clamp>,
    /// Places of the accept queue: n + 1 on Linux, where measured. `None` where nobody knows.
    pub places: Option<u32>,
    /// Connected and not accepted yet.
    pub queue: Figure,
    /// The same, worked out from both ends: connects completed − accepts. Always there, to compare.
    pub derived_queue: u32,
    /// In the SYN queue: half-open (SYN_RECV), where the system tells.
    pub half_open: Option<Figure>,
    /// `ListenOverflows` since this server started. Of all listeners of this machine (network namespace).
    pub overflows: Option<Figure>,
    /// `ListenDrops` since this server started, likewise.
    pub drops: Option<Figure>,
    /// Why a figure is missing, if one is; e.g. what the system does not tell.
    pub unavailable: Option<Unavailable>,
    /// Connections accepted since it started.
    pub accepted: u64,
    /// Connections that arrived in the queue since it started: accepted and waiting.
    pub arrived: u64,
    /// Accepted a second, over about the last second.
    pub accept_rate: f64,
    /// Arrived a second, likewise.
    pub arrival_rate: f64,
    /// When it takes the next client.
    pub pace: AcceptPace,
    /// When the gate before `accept` opens next, on the engine's clock; `None` when it is open, or shut until a person says so.
    pub next_accept: Option<Duration>,
    /// Thirty a second, the last ten minutes.
    pub series: LogView<ListenerSample>,
}

/// One point of a listener's history.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ListenerSample {
    /// Seconds since the engine started.
    pub at_secs: f64,
    /// Connected and not accepted yet.
    pub queue: u32,
    /// Places at that moment.
    pub places: Option<u32>,
    /// Half-open, where known.
    pub half_open: Option<u32>,
    /// Totals since the server started.
    pub overflows: u64,
    /// Likewise.
    pub drops: u64,
    /// Likewise.
    pub accepted: u64,
    /// Likewise.
    pub arrived: u64,
}

/// How a client's connect went, or goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConnectView {
    /// How long `connect` took, once it has ended well.
    pub took: Option<Duration>,
    /// How often its SYN was sent again, as far as the system tells.
    pub retries: u32,
    /// When it is sent again, on the engine's clock, where the system tells.
    pub next_try: Option<Duration>,
    /// When each retry left, on the engine's clock: the first fifteen, and the newest.
    pub tries: [Option<Duration>; 16],
    /// Whether the kernel told it (`inet_diag`), or it is only waiting for all we know.
    pub is_measured: bool,
    /// Connected for its own kernel and not accepted: where the server's half stands, as far as the kernel told (`sock_diag`).
    pub there: Option<HalfThere>,
    /// Not accepted yet, and this many bytes of it wait in the kernel to be read.
    pub unread_there: Option<Figure>,
}

/// Where the server's half stands of a connection that nobody has accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HalfThere {
    /// SYN_RECV: in the SYN queue.
    HalfOpen,
    /// In the accept queue.
    Queued,
    /// The kernel knows of none: it answered with a SYN cookie and found the accept queue full as the last ACK came (tcp(7),
    /// `tcp_syncookies`), so that only the client believes in it.
    Nowhere,
}
