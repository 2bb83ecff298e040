//! How many bytes a socket holds. Asking is no part of the experiment, so these calls are not traced.

use super::Sock;

/// Bytes that arrived and were not read yet (`FIONREAD`, tcp(7) SIOCINQ).
pub fn unread_bytes(sock: &Sock) -> Option<u32> {
    #[cfg(unix)]
    {
        let mut n: libc::c_int = 0;
        // SAFETY: FIONREAD writes one int, which lives through the call; the descriptor is open as long as `sock` lives.
        let result = unsafe { libc::ioctl(sock.fd() as libc::c_int, libc::FIONREAD as _, &raw mut n) };
        if result == 0 { u32::try_from(n).ok() } else { None }
    }
    #[cfg(windows)]
    {
        use windows_sys::Win32::Networking::WinSock::{FIONREAD, ioctlsocket};
        let mut n: u32 = 0;
        // SAFETY: FIONREAD writes one u_long, which lives through the call; the socket is open as long as `sock` lives.
        let result = unsafe { ioctlsocket(sock.fd() as _, FIONREAD, &raw mut n) };
        (result == 0).then_some(n)
    }
}

/// Bytes the kernel took from us and the peer has not acknowledged (TCP) or read (Unix stream), where the system tells.
pub fn unsent_bytes(sock: &Sock) -> Option<u32> {
    #[cfg(target_os = "linux")]
    {
        let mut n: libc::c_int = 0;
        // SIOCOUTQ is TIOCOUTQ (linux/sockios.h, tcp(7)).
        // SAFETY: it writes one int, which lives through the call; the descriptor is open as long as `sock` lives.
        let result = unsafe { libc::ioctl(sock.fd() as libc::c_int, libc::TIOCOUTQ, &raw mut n) };
        if result == 0 { u32::try_from(n).ok() } else { None }
    }
    #[cfg(target_vendor = "apple")]
    {
        let mut n: libc::c_int = 0;
        let mut len = size_of::<libc::c_int>() as libc::socklen_t;
        // SAFETY: SO_NWRITE writes one int of which `len` tells the size; both live through the call.
        let result =
            unsafe { libc::getsockopt(sock.fd() as libc::c_int, libc::SOL_SOCKET, libc::SO_NWRITE, (&raw mut n).cast(), &raw mut len) };
        if result == 0 { u32::try_from(n).ok() } else { None }
    }
    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    {
        let _system_does_not_tell = sock;
        None
    }
}
