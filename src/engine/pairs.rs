//! Finds the two ends of one connection when both are ours, by their addresses.
//!
//! Unnamed ends (clients of Unix stream sockets) have no address to tell them apart and are not matched, except the two of a
//! socketpair: both are of one client, which numbers them one after the other.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use super::ConnInfo;
use super::server::loopback;
use crate::lab::{EndpointId, Side, Transport};

/// The server's address, then the client's.
type Road = (Transport, Arc<str>, Arc<str>);
type Ends = HashMap<Road, Arc<ConnInfo>>;
/// A client, and which of its pairs.
type Couple = (EndpointId, u32);

/// Ends whose other end was not seen yet.
#[derive(Default)]
pub(super) struct Pairs {
    clients: Ends,
    servers: Ends,
    couples: HashMap<Couple, Arc<ConnInfo>>,
}

impl Pairs {
    /// An end that is new in view. True when it completes a pair.
    pub fn add(&mut self, transport: Transport, info: Arc<ConnInfo>) -> bool {
        if let Some(couple) = couple(&info) {
            let Some(other) = self.couples.remove(&couple) else {
                self.couples.insert(couple, info);
                return false;
            };
            return introduce(&info, &other);
        }
        let Some(road) = road(transport, &info) else { return false };
        let (own, others) = self.sides(info.side);
        let Some(other) = others.remove(&road) else {
            own.insert(road, info);
            return false;
        };
        introduce(&info, &other)
    }

    /// An end that left the view unmatched.
    pub fn remove(&mut self, transport: Transport, info: &Arc<ConnInfo>) {
        if info.other_end.get().is_some() {
            return;
        }
        if let Some(couple) = couple(info) {
            if self.couples.get(&couple).is_some_and(|i| i.id == info.id) {
                self.couples.remove(&couple);
            }
            return;
        }
        let Some(road) = road(transport, info) else { return };
        let own = self.sides(info.side).0;
        if own.get(&road).is_some_and(|i| i.id == info.id) {
            own.remove(&road);
        }
    }

    fn sides(&mut self, side: Side) -> (&mut Ends, &mut Ends) {
        match side {
            Side::Client => (&mut self.clients, &mut self.servers),
            Side::Server => (&mut self.servers, &mut self.clients),
        }
    }
}

/// Each learns of the other.
fn introduce(one: &ConnInfo, other: &ConnInfo) -> bool {
    let tell = |of: &ConnInfo, it: &ConnInfo| of.other_end.set((it.session, it.id, Arc::clone(&it.session_name))).is_ok();
    tell(one, other) && tell(other, one)
}

/// Which pair an end is of: only the ends of a socketpair are a client's and have no name at either side.
fn couple(info: &ConnInfo) -> Option<Couple> {
    let is_end = info.transport.is_unix() && info.side == Side::Client && &*info.local == "unnamed" && &*info.peer == "unnamed";
    is_end.then(|| (info.session, info.number.wrapping_sub(1) / 2))
}

fn road(transport: Transport, info: &ConnInfo) -> Option<Road> {
    let (server, client) = match info.side {
        Side::Server => (&info.local, &info.peer),
        Side::Client => (&info.peer, &info.local),
    };
    if transport.is_unix() {
        return (&**client != "unnamed" && &**server != "unnamed").then(|| (transport, Arc::clone(server), Arc::clone(client)));
    }
    Some((transport, canonical(server), canonical(client)))
}

/// One spelling for one address: a datagram server on a wildcard address knows only that, and a dual-stack socket shows IPv4
/// peers as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
fn canonical(text: &Arc<str>) -> Arc<str> {
    match text.parse::<SocketAddr>() {
        Ok(at) if at.ip().is_unspecified() => loopback(at).to_string().into(),
        Ok(at) if at.ip().to_canonical() != at.ip() => SocketAddr::new(at.ip().to_canonical(), at.port()).to_string().into(),
        _ => Arc::clone(text),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;
    use std::time::Duration;

    use super::*;
    use crate::trace::ConnId;

    fn end(id: u64, side: Side, local: &str, peer: &str) -> Arc<ConnInfo> {
        Arc::new(ConnInfo {
            id: ConnId(id),
            session: EndpointId(id),
            side,
            transport: Transport::Tcp,
            session_name: "n".into(),
            number: 1,
            fd: 3,
            local: local.into(),
            peer: peer.into(),
            opened: Duration::ZERO,
            other_end: OnceLock::new(),
        })
    }

    #[test]
    fn both_ends_learn_of_each_other() {
        let mut pairs = Pairs::default();
        let client = end(1, Side::Client, "127.0.0.1:5", "127.0.0.1:80");
        let server = end(2, Side::Server, "0.0.0.0:80", "127.0.0.1:5");
        assert!(!pairs.add(Transport::Udp, Arc::clone(&client)));
        assert!(!pairs.add(Transport::Tcp, end(3, Side::Server, "127.0.0.1:80", "127.0.0.1:5")), "another transport");
        assert!(pairs.add(Transport::Udp, Arc::clone(&server)));
        assert_eq!(client.other_end.get().map(|o| o.1), Some(ConnId(2)));
        assert_eq!(server.other_end.get().map(|o| o.1), Some(ConnId(1)));
        assert!(pairs.clients.is_empty());
    }

    #[test]
    fn the_two_ends_of_a_socketpair_are_told_by_their_numbers() {
        let mut pairs = Pairs::default();
        let end = |id: u64, session: u64, number: u32| {
            let end = Arc::into_inner(end(id, Side::Client, "unnamed", "unnamed")).unwrap();
            Arc::new(ConnInfo { session: EndpointId(session), number, transport: Transport::UnixStream, ..end })
        };
        let (one, two, three, other) = (end(1, 7, 1), end(2, 7, 2), end(3, 7, 3), end(4, 8, 4));
        for first in [&two, &three, &other] {
            assert!(!pairs.add(Transport::UnixStream, Arc::clone(first)));
        }
        assert!(pairs.add(Transport::UnixStream, Arc::clone(&one)));
        assert_eq!((one.other_end.get().map(|o| o.1), two.other_end.get().map(|o| o.1)), (Some(ConnId(2)), Some(ConnId(1))));
        assert!(three.other_end.get().is_none() && other.other_end.get().is_none());
        pairs.remove(Transport::UnixStream, &three);
        assert!(!pairs.add(Transport::UnixStream, end(5, 7, 4)), "its first end left");
    }

    #[test]
    fn what_left_is_not_matched_later() {
        let mut pairs = Pairs::default();
        let client = end(1, Side::Client, "/tmp/c", "/tmp/s");
        pairs.add(Transport::UnixDgram, Arc::clone(&client));
        pairs.remove(Transport::UnixDgram, &client);
        assert!(!pairs.add(Transport::UnixDgram, end(2, Side::Server, "/tmp/s", "/tmp/c")));
        assert!(!pairs.add(Transport::UnixStream, end(3, Side::Client, "unnamed", "/tmp/s")));
        assert_eq!(pairs.clients.len(), 0);
    }
}
