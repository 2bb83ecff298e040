//! `setsockopt` of TCP options: how a connection comes about, and how its segments leave. What a system lacks is answered so.

use std::io;

use super::Sock;
use crate::trace::{Call, Got, Lane};

impl Sock {
    /// `TCP_DEFER_ACCEPT`: a connection is handed over only once bytes are there, or after about so many seconds.
    #[track_caller]
    pub fn set_defer_accept(&self, lane: &Lane, seconds: u32) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        return self.set_tcp(lane, libc::TCP_DEFER_ACCEPT, seconds);
        #[cfg(not(target_os = "linux"))]
        self.has_no(lane, "TCP_DEFER_ACCEPT", seconds)
    }

    /// `TCP_SYNCNT`: how often a SYN is sent again before `connect` gives up.
    #[track_caller]
    pub fn set_syn_retries(&self, lane: &Lane, count: u32) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        return self.set_tcp(lane, libc::TCP_SYNCNT, count);
        #[cfg(not(target_os = "linux"))]
        self.has_no(lane, "TCP_SYNCNT", count)
    }

    /// `TCP_NODELAY`: small segments leave at once; off is Nagle's algorithm (RFC 896), which systems begin with.
    #[track_caller]
    pub fn set_no_delay(&self, lane: &Lane, on: bool) -> io::Result<()> {
        lane.call(Call::SetSockOpt, self.fd(), [0, on.into()], false, || self.options().set_tcp_nodelay(on), Got::done)
    }

    /// `TCP_CORK` (Linux: full segments only, for at most 200 ms; tcp(7)), `TCP_NOPUSH` (BSD, macOS; tcp(4)).
    #[track_caller]
    pub fn set_cork(&self, lane: &Lane, on: bool) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let op = || self.options().set_tcp_cork(on);
        #[cfg(any(target_os = "macos", target_os = "ios", target_os = "freebsd", target_os = "openbsd", target_os = "dragonfly"))]
        let op = || self.set_no_push(on);
        #[cfg(not(any(
            target_os = "linux",
            target_os = "android",
            target_os = "macos",
            target_os = "ios",
            target_os = "freebsd",
            target_os = "openbsd",
            target_os = "dragonfly"
        )))]
        let op = || Err(io::Error::new(io::ErrorKind::Unsupported, "neither TCP_CORK nor TCP_NOPUSH exists here"));
        lane.call(Call::SetSockOpt, self.fd(), [0, on.into()], false, op, Got::done)
    }

    #[cfg(any(target_os = "macos", target_os = "ios", target_os = "freebsd", target_os = "openbsd", target_os = "dragonfly"))]
    fn set_no_push(&self, on: bool) -> io::Result<()> {
        let value = libc::c_int::from(on);
        let len = size_of_val(&value) as libc::socklen_t;
        // SAFETY: the kernel reads `len` bytes, an int that lives through the call; the descriptor is open as long as `self` lives.
        let result =
            unsafe { libc::setsockopt(self.fd() as libc::c_int, libc::IPPROTO_TCP, libc::TCP_NOPUSH, (&raw const value).cast(), len) };
        if result == 0 { Ok(()) } else { Err(super::last_socket_error()) }
    }

    #[cfg(target_os = "linux")]
    #[track_caller]
    fn set_tcp(&self, lane: &Lane, option: libc::c_int, value: u32) -> io::Result<()> {
        let value = libc::c_int::try_from(value).unwrap_or(libc::c_int::MAX);
        let op = || {
            let len = size_of_val(&value) as libc::socklen_t;
            // SAFETY: the kernel reads `len` bytes, an int that lives through the call; the descriptor is open as long as `self` lives.
            let result = unsafe { libc::setsockopt(self.fd() as libc::c_int, libc::IPPROTO_TCP, option, (&raw const value).cast(), len) };
            if result == 0 { Ok(()) } else { Err(super::last_socket_error()) }
        };
        lane.call(Call::SetSockOpt, self.fd(), [option.into(), value.into()], false, op, Got::done)
    }

    #[cfg(not(target_os = "linux"))]
    fn has_no(&self, _lane: &Lane, option: &str, _value: u32) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, format!("{option} exists on Linux (tcp(7))")))
    }
}
