//! Linux: TCP_INFO on our own TCP listeners, sock_diag(7) for Unix listeners, handshakes and other programs, `/proc` for counters and
//! settings.

mod netstat;
mod watch;

pub(super) use watch::Watch;

use crate::sys::sock_diag::{SockDiag, inode};
use crate::sys::{Sock, accept_queue, connecting as connect_state};

use super::{Clamp, Connecting, Drops, Listener, Unavailable};

const SILENT: Unavailable = Unavailable::SockDiag;
const NOT_LISTENING: Unavailable = Unavailable::NotListening;

pub(super) fn listener(sock: &Sock) -> Result<Listener, Unavailable> {
    if is_inet(sock) { tcp_listener(sock) } else { unix_listener(&mut SockDiag::open().map_err(|_| SILENT)?, sock) }
}

fn is_inet(sock: &Sock) -> bool {
    sock.local_addr().is_ok_and(|addr| addr.as_socket().is_some())
}

fn tcp_listener(sock: &Sock) -> Result<Listener, Unavailable> {
    match accept_queue(sock) {
        Ok(Some((waiting, limit))) => Ok(Listener { waiting, limit }),
        Ok(None) => Err(NOT_LISTENING),
        Err(_) => Err(Unavailable::TcpInfo),
    }
}

fn unix_listener(diag: &mut SockDiag, sock: &Sock) -> Result<Listener, Unavailable> {
    let inode = inode(sock).map_err(|_| SILENT)?;
    match diag.unix_listener(inode) {
        Ok(Some(found)) => Ok(Listener { waiting: found.waiting, limit: found.limit }),
        Ok(None) => Err(NOT_LISTENING),
        Err(_) => Err(SILENT),
    }
}

/// The queue is full when it holds *more* than n (`sk_acceptq_is_full`; `unix_recvq_full` likewise).
pub(super) fn places(n: u32) -> Option<u32> {
    Some(n.saturating_add(1))
}

/// listen(2), NOTES.
pub(super) fn clamp() -> Option<Clamp> {
    Some(Clamp { most: setting("/proc/sys/net/core/somaxconn")?, by: "net.core.somaxconn" })
}

/// tcp(7).
pub(super) fn resets_on_overflow() -> Option<bool> {
    setting("/proc/sys/net/ipv4/tcp_abort_on_overflow").map(|on| on != 0)
}

fn setting(path: &str) -> Option<u32> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

pub(super) fn drops() -> Result<Drops, Unavailable> {
    netstat::Netstat::open()?.read()
}

pub(super) fn connecting(sock: &Sock) -> Result<Connecting, Unavailable> {
    match connect_state(sock) {
        Ok((is_calling, retries)) => Ok(Connecting { is_calling, retries }),
        Err(_) => Err(Unavailable::TcpInfo),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn connections_wait_until_they_are_accepted() {
        let door = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        door.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        door.listen(5).unwrap();
        let addr = door.local_addr().unwrap().as_socket().unwrap();
        let sock = Sock::from(door);
        assert_eq!(listener(&sock), Ok(Listener { waiting: 0, limit: 5 }));
        let _clients: Vec<_> = (0..3).map(|_| std::net::TcpStream::connect(addr).unwrap()).collect();
        assert_eq!(listener(&sock), Ok(Listener { waiting: 3, limit: 5 }));
        let _first = sock.options().accept().unwrap();
        assert_eq!(listener(&sock), Ok(Listener { waiting: 2, limit: 5 }));
    }

    #[test]
    fn what_is_no_tcp_listener_is_said_so() {
        let door = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let stream = std::net::TcpStream::connect(door.local_addr().unwrap()).unwrap();
        assert!(listener(&Sock::from(socket2::Socket::from(stream))).is_err());
        let (unix, _peer) = socket2::Socket::pair(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
        assert!(listener(&Sock::from(unix)).is_err());
    }

    #[test]
    fn unread_bytes_are_counted() {
        let (ours, peer) = socket2::Socket::pair(socket2::Domain::UNIX, socket2::Type::STREAM, None).unwrap();
        let ours = Sock::from(ours);
        assert_eq!(super::super::buffers(&ours, true).unwrap().unread, Some(0));
        peer.send(b"seven b").unwrap();
        assert_eq!(super::super::buffers(&ours, true).unwrap().unread, Some(7));
        assert_eq!(super::super::buffers(&ours, false), None);
    }
}
