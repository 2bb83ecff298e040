//! The one readiness wait of a client: epoll on Linux, kqueue on macOS and the BSDs, poll elsewhere. Level-triggered.
//!
//! It must not read or write: it only says who is ready.

#[cfg(target_os = "linux")]
mod epoll;
#[cfg(any(
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly"
))]
mod kqueue;
// Its test runs everywhere.
#[cfg(any(
    test,
    not(any(
        target_os = "linux",
        target_os = "macos",
        target_os = "ios",
        target_os = "freebsd",
        target_os = "netbsd",
        target_os = "openbsd",
        target_os = "dragonfly"
    ))
))]
mod poll;

#[cfg(target_os = "linux")]
pub(super) use epoll::Selector;
#[cfg(any(
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly"
))]
pub(super) use kqueue::Selector;
#[cfg(not(any(
    target_os = "linux",
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly"
)))]
pub(super) use poll::Selector;

/// The waker's token. Connections are numbered from 1.
const WAKER: u64 = 0;

/// One ready connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine::client) struct Ready {
    pub token: u64,
    pub readable: bool,
    pub writable: bool,
}
