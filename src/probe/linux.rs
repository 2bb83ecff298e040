//! Linux: TCP_INFO on the listener.

use crate::sys::{Sock, accept_queue};

use super::{Listener, Unavailable};

pub(super) fn listener(sock: &Sock) -> Result<Listener, Unavailable> {
    if !sock.local_addr().is_ok_and(|addr| addr.as_socket().is_some()) {
        return Err(Unavailable("Linux tells the accept queue of TCP listeners only"));
    }
    match accept_queue(sock) {
        Ok(Some((waiting, limit))) => Ok(Listener { waiting, limit }),
        Ok(None) => Err(Unavailable("the socket is not listening")),
        Err(_) => Err(Unavailable("the kernel did not answer TCP_INFO")),
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
