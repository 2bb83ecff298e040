//! How a TCP socket's handshake and queue stand, from the socket itself: `getsockopt(TCP_INFO)` on Linux, `SIO_TCP_INFO` on Windows.
//! Asking is no part of the experiment, so it is not traced.

#[cfg(target_os = "linux")]
pub use linux::{accept_queue, connecting};
#[cfg(windows)]
pub use windows::connecting;

#[cfg(target_os = "linux")]
mod linux {
    use std::io;

    use crate::sys::Sock;

    /// The front of `struct tcp_info` (linux/tcp.h); the kernel fills as much as it is given room for.
    #[repr(C)]
    #[derive(Default)]
    struct TcpInfo {
        state: u8,
        ca_state: u8,
        retransmits: u8,
        probes: u8,
        backoff: u8,
        options: u8,
        wscale: u8,
        flags: u8,
        rto: u32,
        ato: u32,
        snd_mss: u32,
        rcv_mss: u32,
        unacked: u32,
        sacked: u32,
    }

    /// `TCP_LISTEN` (include/net/tcp_states.h).
    const LISTEN: u8 = 10;

    /// `TCP_SYN_SENT` (likewise).
    const SYN_SENT: u8 = 2;

    /// A TCP listener's accept queue: how many wait, and the limit n in force, which lets n + 1 wait. The kernel answers
    /// `tcpi_unacked` and `tcpi_sacked` with them (tcp_get_info). `None` for a socket that does not listen.
    pub fn accept_queue(sock: &Sock) -> io::Result<Option<(u32, u32)>> {
        let info = tcp_info(sock)?;
        Ok((info.state == LISTEN).then_some((info.unacked, info.sacked)))
    }

    /// Whether a TCP socket is in SYN_SENT, and how often its SYN was sent again.
    pub fn connecting(sock: &Sock) -> io::Result<(bool, u32)> {
        let info = tcp_info(sock)?;
        let is_calling = info.state == SYN_SENT;
        Ok((is_calling, if is_calling { info.retransmits.into() } else { 0 }))
    }

    fn tcp_info(sock: &Sock) -> io::Result<TcpInfo> {
        let mut info = TcpInfo::default();
        let mut len = size_of::<TcpInfo>() as libc::socklen_t;
        // SAFETY: the kernel writes at most `len` bytes into `info`, plain integers for which every bit pattern is valid; both
        // live through the call, and the descriptor is open as long as `sock` lives.
        let result =
            unsafe { libc::getsockopt(sock.fd() as libc::c_int, libc::IPPROTO_TCP, libc::TCP_INFO, (&raw mut info).cast(), &raw mut len) };
        match result {
            0 if len as usize >= size_of::<TcpInfo>() => Ok(info),
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

#[cfg(windows)]
mod windows {
    use std::io;

    use windows_sys::Win32::Networking::WinSock::{SIO_TCP_INFO, TCP_INFO_v0, TCPSTATE_SYN_SENT, WSAIoctl};

    use crate::sys::Sock;

    /// Whether a TCP socket is in SYN_SENT, and how often its SYN was sent again. Windows 10 1703 and later answer.
    pub fn connecting(sock: &Sock) -> io::Result<(bool, u32)> {
        let version: u32 = 0;
        let mut info = TCP_INFO_v0::default();
        let mut len: u32 = 0;
        // SAFETY: the system reads four bytes of `version` and writes at most `size_of::<TCP_INFO_v0>()` into `info`, of which it is
        // told the sizes; all live through the call, which is not overlapped, and the socket is open as long as `sock` lives.
        let result = unsafe {
            WSAIoctl(
                sock.fd() as _,
                SIO_TCP_INFO,
                (&raw const version).cast(),
                size_of::<u32>() as u32,
                (&raw mut info).cast(),
                size_of::<TCP_INFO_v0>() as u32,
                &raw mut len,
                std::ptr::null_mut(),
                None,
            )
        };
        match result {
            0 if len as usize >= size_of::<TCP_INFO_v0>() => {
                let is_calling = info.State == TCPSTATE_SYN_SENT;
                Ok((is_calling, if is_calling { info.SynRetrans.into() } else { 0 }))
            }
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Err(super::super::last_socket_error()),
        }
    }
}
