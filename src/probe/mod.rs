//! What the kernel knows: queue lengths, unread and unsent bytes. Each system in a file of its own.
//! It only asks; what cannot be known here is said with the reason, never guessed.

mod threads;

pub use threads::THREADS;

use crate::sys::{Sock, unread_bytes, unsent_bytes};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as here;
#[cfg(target_vendor = "apple")]
mod macos;
#[cfg(target_vendor = "apple")]
use macos as here;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as here;
#[cfg(not(any(target_os = "linux", target_vendor = "apple", windows)))]
mod elsewhere;
#[cfg(not(any(target_os = "linux", target_vendor = "apple", windows)))]
use elsewhere as here;

/// A listener's accept queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Connected, not yet accepted.
    pub waiting: u32,
    /// The limit n in force; Linux lets n + 1 wait.
    pub limit: u32,
}

/// What a connection's buffers hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buffers {
    /// Arrived, not yet read.
    pub unread: Option<u32>,
    /// Taken by the kernel, not yet acknowledged or taken by the peer.
    pub unsent: Option<u32>,
}

/// Why a figure cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unavailable(pub &'static str);

/// Who stands in the accept queue of this listening socket.
pub fn listener(sock: &Sock) -> Result<Listener, Unavailable> {
    here::listener(sock)
}

/// What the buffers of this stream hold. Datagram sockets are shared by many peers: there it means nothing for one of them.
pub fn buffers(sock: &Sock, stream: bool) -> Option<Buffers> {
    let buffers = Buffers { unread: unread_bytes(sock), unsent: unsent_bytes(sock) };
    (stream && buffers != Buffers { unread: None, unsent: None }).then_some(buffers)
}
