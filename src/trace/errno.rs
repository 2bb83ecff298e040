//! Error numbers by their POSIX names, on every system. Names only; no call is made here.

/// `EADDRINUSE` and the like, or `None` for a number that nobody meets on a socket.
pub fn errno_name(number: i32) -> Option<&'static str> {
    name(number)
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
    ENOPROTOOPT, EEXIST, ENOTDIR, EISDIR, EROFS, ENOSPC, ELOOP, EDOM, EFAULT, ESHUTDOWN, ECANCELED, ENOSYS,
    ECHILD, ESRCH);

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
