//! The running servers by address: which of them a client's connection goes to.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::lab::{EndpointId, Transport};

/// One running server.
struct Door {
    server: EndpointId,
    transport: Transport,
    address: DoorAddress,
}

enum DoorAddress {
    Inet(SocketAddr),
    Unix(Arc<str>),
}

/// See the module.
#[derive(Default)]
pub(super) struct Doors {
    doors: Vec<Door>,
    version: u64,
}

impl Doors {
    /// Grows when a server starts: whoever found no door looks again then.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// A server is bound.
    pub fn opened(&mut self, server: EndpointId, transport: Transport, local: &Arc<str>, inet: Option<SocketAddr>) {
        self.closed(server);
        let address = inet.map_or_else(|| DoorAddress::Unix(Arc::clone(local)), DoorAddress::Inet);
        self.doors.push(Door { server, transport, address });
        self.version += 1;
    }

    /// It stopped.
    pub fn closed(&mut self, server: EndpointId) {
        self.doors.retain(|d| d.server != server);
    }

    /// Whether it runs.
    pub fn is_open(&self, server: EndpointId) -> bool {
        self.doors.iter().any(|d| d.server == server)
    }

    /// The running server that a client of this transport reaches at `peer`.
    pub fn find(&self, transport: Transport, peer: &str) -> Option<EndpointId> {
        let to: Option<SocketAddr> = if transport.is_unix() { None } else { peer.parse().ok() };
        let is_it = |door: &&Door| {
            door.transport == transport
                && match (&door.address, to) {
                    (DoorAddress::Unix(path), _) => **path == *peer,
                    (DoorAddress::Inet(at), Some(to)) => reaches(*at, to),
                    (DoorAddress::Inet(_), None) => false,
                }
        };
        self.doors.iter().find(is_it).map(|d| d.server)
    }
}

/// Whether a connect to `to` arrives at a socket bound to `at`. A wildcard takes every address of this machine, of which only
/// loopback is certain here.
fn reaches(at: SocketAddr, to: SocketAddr) -> bool {
    at.port() == to.port() && (at.ip().to_canonical() == to.ip().to_canonical() || at.ip().is_unspecified() && to.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_finds_the_server_behind_an_address() {
        let mut doors = Doors::default();
        let mut open = |id, transport, text: &str| doors.opened(EndpointId(id), transport, &text.into(), text.parse().ok());
        open(1, Transport::Tcp, "127.0.0.1:80");
        open(2, Transport::Tcp, "0.0.0.0:81");
        open(3, Transport::Udp, "127.0.0.1:80");
        open(4, Transport::UnixStream, "/tmp/a");
        let found = |doors: &Doors, transport, to| doors.find(transport, to).map(|id| id.0);
        assert_eq!(found(&doors, Transport::Tcp, "127.0.0.1:80"), Some(1));
        assert_eq!(found(&doors, Transport::Tcp, "127.0.0.9:81"), Some(2));
        assert_eq!(found(&doors, Transport::Tcp, "192.0.2.1:81"), None);
        assert_eq!(found(&doors, Transport::Udp, "127.0.0.1:80"), Some(3));
        assert_eq!(found(&doors, Transport::UnixStream, "/tmp/a"), Some(4));
        doors.closed(EndpointId(4));
        assert_eq!(found(&doors, Transport::UnixStream, "/tmp/a"), None);
    }
}
