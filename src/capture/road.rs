//! Between which IP addresses a connection's packets go, and which of its two ends tells of it.
//!
//! Unix sockets have no IP addresses: they go between 192.0.2.1 and 192.0.2.2 (TEST-NET-1, RFC 5737, never on a wire) as TCP or UDP.
//! Each path is a port of 192.0.2.1 and each connection a port of 192.0.2.2; the first packet's comment says the path.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::End;
use super::headers::Path;
use crate::lab::{Side, Transport};

/// Roads of ended connections that are remembered, for the end of ours that comes late.
const REMEMBERED: usize = 16_384;
/// Of Unix servers and clients.
const STAND_INS: [Ipv4Addr; 2] = [Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2)];
/// Where the ports of stand-in clients begin.
const FIRST_PORT: u16 = 1_024;

/// Transport, the server's address, the client's.
type Road = (Transport, String, String);

#[derive(Debug)]
struct Teller {
    id: u64,
    side: Side,
    /// The end that does not tell.
    other: Option<u64>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Roads {
    tellers: HashMap<Road, Teller>,
    /// In the order they began to tell.
    order: VecDeque<(Road, u64)>,
    /// Paths of Unix servers whose own end tells.
    served: HashSet<String>,
    /// The port of each stand-in path.
    ports: HashMap<String, u16>,
    next_client: u16,
}

impl Roads {
    /// A Unix server of ours listens there: it tells of its clients, whose own ends have no address to be known by.
    pub fn serves(&mut self, path: &str) {
        if !self.served.contains(path) {
            self.served.insert(path.to_owned());
        }
    }

    /// Whether this end, which is new, is the one that tells. `tells` answers it for ends that are known already.
    pub fn is_told_by(&mut self, end: &End<'_>, tells: impl Fn(u64) -> Option<bool>) -> bool {
        if let Some(tells) = end.other.and_then(tells) {
            return !tells;
        }
        let Some(road) = road(end) else {
            return end.side == Side::Server || !self.served.contains(end.peer);
        };
        if let Some(teller) = self.tellers.get_mut(&road)
            && teller.side != end.side
            && teller.other.is_none_or(|other| other == end.id)
            && end.other.is_none_or(|other| other == teller.id)
        {
            teller.other = Some(end.id);
            return false;
        }
        self.order.push_back((road.clone(), end.id));
        self.tellers.insert(road, Teller { id: end.id, side: end.side, other: end.other });
        if self.order.len() > REMEMBERED
            && let Some((road, id)) = self.order.pop_front()
            && self.tellers.get(&road).is_some_and(|teller| teller.id == id)
        {
            self.tellers.remove(&road);
        }
        true
    }

    /// The path from this end to the other, and whether it is a stand-in.
    pub fn path(&mut self, end: &End<'_>) -> (Path, bool) {
        match inet(end) {
            Some(path) => (path, false),
            None => (self.stand_in(end), true),
        }
    }

    fn stand_in(&mut self, end: &End<'_>) -> Path {
        let path = if end.side == Side::Server { end.local } else { end.peer };
        let next = u16::try_from(self.ports.len() + 1).unwrap_or(u16::MAX);
        let port = *self.ports.entry(path.to_owned()).or_insert(next);
        let client = FIRST_PORT + self.next_client;
        self.next_client = (self.next_client + 1) % (u16::MAX - FIRST_PORT);
        let [server, client] = [(STAND_INS[0], port), (STAND_INS[1], client)].map(SocketAddr::from);
        if end.side == Side::Server { Path { from: server, to: client } } else { Path { from: client, to: server } }
    }
}

/// The road by which the two ends of a connection are known to be one. None for unnamed ends.
fn road(end: &End<'_>) -> Option<Road> {
    let (server, client) = if end.side == Side::Server { (end.local, end.peer) } else { (end.peer, end.local) };
    if end.transport.is_unix() {
        return (server != "unnamed" && client != "unnamed").then(|| (end.transport, server.to_owned(), client.to_owned()));
    }
    let canonical = |text: &str| match text.parse::<SocketAddr>() {
        Ok(at) if at.ip().is_unspecified() => SocketAddr::new(loopback(at.ip()), at.port()).to_string(),
        Ok(at) => SocketAddr::new(at.ip().to_canonical(), at.port()).to_string(),
        Err(_) => text.to_owned(),
    };
    Some((end.transport, canonical(server), canonical(client)))
}

fn loopback(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    }
}

/// Both addresses in one family. A datagram server on a wildcard address knows only that: where the peer is this machine, so is it.
fn inet(end: &End<'_>) -> Option<Path> {
    if end.transport.is_unix() {
        return None;
    }
    let peer = canonical(end.peer.parse().ok()?);
    // A connect that failed before it had an address.
    let any = if peer.is_ipv4() { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
    let local = end.local.parse().map_or_else(|_| SocketAddr::new(any, 0), canonical);
    let local = match local.ip() {
        ip if !ip.is_unspecified() && ip.is_ipv4() == peer.is_ipv4() => local,
        ip if !ip.is_unspecified() => return None,
        _ if peer.ip().is_loopback() => SocketAddr::new(loopback(peer.ip()), local.port()),
        _ => SocketAddr::new(any, local.port()),
    };
    Some(Path { from: local, to: peer })
}

fn canonical(at: SocketAddr) -> SocketAddr {
    SocketAddr::new(at.ip().to_canonical(), at.port())
}
