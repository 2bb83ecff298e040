//! Errors of the system by their POSIX names.

use std::io;

/// `EADDRINUSE` and the like, or `None` for an error that did not come from the system or that nobody meets on a socket.
pub fn errno_name(error: &io::Error) -> Option<&'static str> {
    crate::trace::errno_name(error.raw_os_error()?)
}

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
