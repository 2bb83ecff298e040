//! `setsockopt` of the TCP options that decide how a connection comes about. They exist on Linux alone (tcp(7)); elsewhere the
//! answer is that there is no such option.

use std::io;

use super::Sock;
use crate::trace::Lane;
#[cfg(target_os = "linux")]
use crate::trace::{Call, Got};

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
