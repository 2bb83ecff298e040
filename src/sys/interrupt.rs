//! Ends another thread's sleep in a call on a socket. Like the [`Waker`](super::Waker) this is our own plumbing and no part
//! of the experiment, so it is not traced. It never closes a descriptor: only the owner may, else its number could be
//! reused under a sleeping thread.

use super::{Shutdown, Sock};

/// A connection of our own to our own door. Closing it before the handshake is over would call it off (RFC 9293, 3.10.4), and
/// only Linux is through with that within `connect`.
#[derive(Debug)]
#[must_use = "it knocks as long as it lives"]
pub struct Knock {
    _socket: socket2::Socket,
}

impl Sock {
    /// Ends this half (or both) and makes whoever sleeps in `recv` or `send` on it come back.
    pub fn interrupt(&self, how: Shutdown) {
        let how = match how {
            Shutdown::Read => std::net::Shutdown::Read,
            Shutdown::Write => std::net::Shutdown::Write,
            Shutdown::Both => std::net::Shutdown::Both,
        };
        // Fails only where the connection is gone, and then nobody sleeps on it.
        let _gone = self.options().shutdown(how);
        #[cfg(windows)]
        self.cancel();
    }

    /// Makes whoever sleeps in `accept` on this listener come back. The answer is to be kept until it has.
    pub fn interrupt_accept(&self) -> Option<Knock> {
        // Linux: a listener that is shut down leaves LISTEN, `accept` answers EINVAL. Elsewhere that is ENOTCONN and changes
        // nothing, so a connection of our own comes to the door.
        let shut = self.options().shutdown(std::net::Shutdown::Read);
        if cfg!(target_os = "linux") && shut.is_ok() {
            return None;
        }
        #[cfg(windows)]
        self.cancel();
        let own = self.local_addr().ok()?;
        let knock = socket2::Socket::new(own.domain(), socket2::Type::STREAM, None).ok()?;
        knock.set_nonblocking(true).ok()?;
        // EINPROGRESS is the usual answer; the connection comes about without us.
        let _under_way = knock.connect(&reachable(own));
        Some(Knock { _socket: knock })
    }

    /// Makes whoever sleeps in `recvfrom` on this datagram socket come back, with an empty datagram or an error.
    pub fn interrupt_receive(&self) {
        // Linux wakes the sleeper and then says ENOTCONN for an unconnected socket (inet_shutdown).
        let _not_connected = self.options().shutdown(std::net::Shutdown::Read);
        if cfg!(target_os = "linux") {
            return;
        }
        #[cfg(windows)]
        self.cancel();
        if let Ok(own) = self.local_addr()
            && let Ok(knock) = socket2::Socket::new(own.domain(), socket2::Type::DGRAM, None)
            && knock.set_nonblocking(true).is_ok()
        {
            // A full queue is as good: then nobody sleeps.
            let _full = knock.send_to(&[], &reachable(own));
        }
    }

    /// `CancelIoEx`: blocking Winsock calls are cancelled with ERROR_OPERATION_ABORTED.
    #[cfg(windows)]
    fn cancel(&self) {
        // SAFETY: the handle is open as long as `self` lives; a null OVERLAPPED means every operation on it.
        unsafe { windows_sys::Win32::System::IO::CancelIoEx(self.fd() as usize as _, std::ptr::null()) };
    }
}

/// A wildcard address is reached through loopback.
fn reachable(addr: super::SockAddr) -> super::SockAddr {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
    match addr.as_socket() {
        Some(inet) if inet.ip().is_unspecified() => {
            let own = if inet.is_ipv4() { IpAddr::from(Ipv4Addr::LOCALHOST) } else { IpAddr::from(Ipv6Addr::LOCALHOST) };
            SocketAddr::new(own, inet.port()).into()
        }
        Some(_) | None => addr,
    }
}
