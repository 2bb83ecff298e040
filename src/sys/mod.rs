//! The only door to the operating system and the only `unsafe`. Every wrapper takes the [`Lane`](crate::trace::Lane) of
//! the calling thread, so that no call escapes the tap.

mod errno;
mod handover;
mod interrupt;
mod sleep;
mod sock;
#[cfg(target_os = "linux")]
pub mod sock_diag;
mod waker;

#[cfg(target_os = "linux")]
pub mod epoll;
#[cfg(any(
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly"
))]
pub mod kqueue;
mod limits;
mod multicast;
mod poll;
#[cfg(target_os = "macos")]
pub mod proc_info;
mod process;
mod queue;
mod select;
#[cfg(target_os = "linux")]
pub mod sigio;
pub mod tasks;
#[cfg(any(target_os = "linux", windows))]
mod tcp_info;
mod tcp_options;
mod tcp_state;
#[cfg(windows)]
pub mod tcp_table;
mod threads;
#[cfg(target_os = "linux")]
pub mod uring;

pub use errno::errno_name;
pub use handover::Handover;
pub use interrupt::Knock;
pub use limits::{descriptor_limit, may_bind};
pub use multicast::Interface;
pub use poll::{PollFd, poll};
pub use process::{Channel, Worker, ending_signal, handed, shared_clock_ns};
pub use queue::{unread_bytes, unsent_bytes};
pub use select::{FdSet, Sets, nap, select};
pub use sleep::sleep;
pub use sock::{Domain, Kind, RawFd, SendFlags, Shutdown, Sock, SockAddr, fmt_addr, has_ipv6, has_name, has_unix_streams, unlink};
#[cfg(target_os = "linux")]
pub use tcp_info::accept_queue;
#[cfg(any(target_os = "linux", windows))]
pub use tcp_info::connecting;
pub use tcp_state::TcpState;
pub use threads::{current_thread, own_thread_spent, process_switches, thread_cpu_ns};
pub use waker::Waker;

/// A limit as `poll` and `epoll_wait` take it: whole milliseconds, rounded up so that a timer is never early; −1 for none.
fn millis(limit: Option<std::time::Duration>) -> i32 {
    limit.map_or(-1, |d| i32::try_from(d.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX))
}

fn last_socket_error() -> std::io::Error {
    // Windows keeps socket errors in the thread's last error too (WSAGetLastError is GetLastError).
    std::io::Error::last_os_error()
}
