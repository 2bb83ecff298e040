//! What the kernel knows: queue lengths, handshakes, drop counters, unread and unsent bytes. Each system in a file of its own.
//! It only asks; what cannot be known here is said with the reason, never guessed.

mod threads;
mod unavailable;
mod watch;

pub use crate::sys::TcpState;
pub use threads::THREADS;
pub use unavailable::Unavailable;
pub use watch::{Calling, ForeignListener, HalfStage, Handshakes, KernelWatch, ListenAddr, ServerHalf};

use crate::sys::{Sock, unread_bytes, unsent_bytes};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as here;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
use macos as here;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as here;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
mod elsewhere;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
use elsewhere as here;

/// A listener's accept queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Connected, not yet accepted.
    pub waiting: u32,
    /// The limit n in force; see [`places`] for how many that lets wait.
    pub limit: u32,
}

impl Listener {
    /// How many may wait; see [`places`].
    pub fn places(self) -> Option<u32> {
        places(self.limit)
    }
}

/// The most that `listen(n)` is given here, whatever it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clamp {
    /// The largest n in force.
    pub most: u32,
    /// Which setting of the system says so, e.g. `net.core.somaxconn`.
    pub by: &'static str,
}

/// What this machine (on Linux: this network namespace) dropped at listeners since it began, all listeners together. Only
/// differences mean something. What this system does not count is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops {
    /// A full accept queue turned a SYN or a final ACK away (`ListenOverflows`).
    pub overflows: Option<u64>,
    /// SYNs or final ACKs dropped at a listener for any reason (`ListenDrops`); overflows are among them.
    pub drops: Option<u64>,
    /// A full SYN queue was answered with a cookie (`TCPReqQFullDoCookies`).
    pub cookies: Option<u64>,
    /// A full SYN queue dropped the SYN (`TCPReqQFullDrop`).
    pub syn_queue_drops: Option<u64>,
    /// Half-open connections that RST ended (`EmbryonicRsts`): ours for a final ACK that found the queue full, where
    /// net.ipv4.tcp_abort_on_overflow is on, or the client's.
    pub resets: Option<u64>,
}

impl Drops {
    /// What was added since `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        let added = |now: Option<u64>, then: Option<u64>| Some(now?.saturating_sub(then?));
        Self {
            overflows: added(self.overflows, earlier.overflows),
            drops: added(self.drops, earlier.drops),
            cookies: added(self.cookies, earlier.cookies),
            syn_queue_drops: added(self.syn_queue_drops, earlier.syn_queue_drops),
            resets: added(self.resets, earlier.resets),
        }
    }
}

/// A connect that goes on, told by its own socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connecting {
    /// Whether the SYN is still unanswered.
    pub is_calling: bool,
    /// How often the SYN was sent again.
    pub retries: u32,
}

/// What a connection's buffers hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buffers {
    /// Arrived, not yet read.
    pub unread: Option<u32>,
    /// Taken by the kernel, not yet acknowledged or taken by the peer.
    pub unsent: Option<u32>,
}

/// Who stands in the accept queue of this listening socket, TCP or Unix. Whoever asks often for Unix listeners takes
/// [`KernelWatch::listener`], which keeps what it asks with.
pub fn listener(sock: &Sock) -> Result<Listener, Unavailable> {
    here::listener(sock)
}

/// How many may wait in an accept queue whose limit in force is `n`; `None` where nobody knows.
pub fn places(n: u32) -> Option<u32> {
    here::places(n)
}

/// What this system makes of large backlogs; `None` where it does not tell.
pub fn clamp() -> Option<Clamp> {
    here::clamp()
}

/// What was dropped at listeners so far. [`KernelWatch::drops`] is cheaper for whoever asks often.
pub fn drops() -> Result<Drops, Unavailable> {
    here::drops()
}

/// Whether a final ACK that finds the accept queue full is answered with RST; `None` where there is no such switch.
pub fn resets_on_overflow() -> Option<bool> {
    here::resets_on_overflow()
}

/// How the connect of one of our own TCP sockets goes, cheaply; [`KernelWatch::handshakes`] also tells when the next try is.
pub fn connecting(sock: &Sock) -> Result<Connecting, Unavailable> {
    here::connecting(sock)
}

/// What the buffers of this stream hold. Datagram sockets are shared by many peers: there it means nothing for one of them.
pub fn buffers(sock: &Sock, stream: bool) -> Option<Buffers> {
    let buffers = Buffers { unread: unread_bytes(sock), unsent: unsent_bytes(sock) };
    (stream && buffers != Buffers { unread: None, unsent: None }).then_some(buffers)
}
