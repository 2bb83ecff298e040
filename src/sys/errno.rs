//! Error numbers by their POSIX names, on every system.

use std::io;

/// `EADDRINUSE` and the like, or `None` for an error that did not come from the system or that nobody meets on a socket.
pub fn errno_name(error: &io::Error) -> Option<&'static str> {
    name(error.raw_os_error()?)
}

macro_rules! names {
    ($module:ident: $($posix:ident $(= $here:ident)?),* $(,)?) => {
        fn name(number: i32) -> Option<&'static str> {
            $(if number == names!(@value $module $posix $($here)?) { return Some(stringify!($posix)); })*
            None
        }
    };
    (@value $module:ident $posix:ident) => { $module::$posix };
    (@value $module:ident $posix:ident $here:ident) => { $module::$here };
}

#[cfg(unix)]
names!(libc: EADDRINUSE, EADDRNOTAVAIL, EACCES, EPERM, EHOSTUNREACH, ENETUNREACH, ENETDOWN, EHOSTDOWN, ECONNREFUSED, ETIMEDOUT,
    ECONNRESET, ECONNABORTED, EPIPE, ENAMETOOLONG, EMFILE, ENFILE, EMSGSIZE, ENOENT, ENOTSOCK, EAGAIN, EINPROGRESS, EINTR, EINVAL,
    ENOTCONN, EISCONN, EALREADY, EAFNOSUPPORT, EPROTONOSUPPORT, EOPNOTSUPP, ENOBUFS, ENOMEM, EBADF, EDESTADDRREQ, EPROTOTYPE,
    ENOPROTOOPT, EEXIST, ENOTDIR, EISDIR, EROFS, ENOSPC, ELOOP, EDOM, EFAULT, ESHUTDOWN);

#[cfg(windows)]
use windows_sys::Win32::Networking::WinSock as ws;

// WSAECONNREFUSED and the like are told by the POSIX name that students know.
#[cfg(windows)]
names!(ws: EADDRINUSE = WSAEADDRINUSE, EADDRNOTAVAIL = WSAEADDRNOTAVAIL, EACCES = WSAEACCES, EHOSTUNREACH = WSAEHOSTUNREACH,
    ENETUNREACH = WSAENETUNREACH, ENETDOWN = WSAENETDOWN, EHOSTDOWN = WSAEHOSTDOWN, ECONNREFUSED = WSAECONNREFUSED,
    ETIMEDOUT = WSAETIMEDOUT, ECONNRESET = WSAECONNRESET, ECONNABORTED = WSAECONNABORTED, EPIPE = WSAESHUTDOWN,
    ENAMETOOLONG = WSAENAMETOOLONG, EMFILE = WSAEMFILE, EMSGSIZE = WSAEMSGSIZE, ENOTSOCK = WSAENOTSOCK, EAGAIN = WSAEWOULDBLOCK,
    EINPROGRESS = WSAEINPROGRESS, EINTR = WSAEINTR, EINVAL = WSAEINVAL, ENOTCONN = WSAENOTCONN, EISCONN = WSAEISCONN,
    EALREADY = WSAEALREADY, EAFNOSUPPORT = WSAEAFNOSUPPORT, EPROTONOSUPPORT = WSAEPROTONOSUPPORT, EOPNOTSUPP = WSAEOPNOTSUPP,
    ENOBUFS = WSAENOBUFS, EBADF = WSAEBADF, EDESTADDRREQ = WSAEDESTADDRREQ, ENOPROTOOPT = WSAENOPROTOOPT, EFAULT = WSAEFAULT);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_connect_has_a_name() {
        let error = std::net::TcpStream::connect(("127.0.0.1", 1)).unwrap_err();
        assert_eq!(errno_name(&error), Some("ECONNREFUSED"), "{error}");
        assert_eq!(errno_name(&io::ErrorKind::Other.into()), None);
    }
}
