//! Broadcast and multicast of a datagram socket, as a person set them: at its start, and changed while it lives.

use std::io;

use super::{Failure, GroupView, Operation};
use crate::lab::{Cast, Group, Transport};
use crate::sys::{Interface, Sock};
use crate::trace::{Board, Call, Lane};

/// Sets what is not as it was `before`; a group that cannot be joined says why, the other options tell the board.
pub(super) fn set(lane: &Lane, board: &Board, sock: &Sock, before: &Cast, now: &Cast) -> Vec<GroupView> {
    let is_v6 = sock.local_addr().is_ok_and(|local| local.is_ipv6());
    let tell = |option: &str, result: io::Result<()>| {
        if let Err(error) = result {
            board.trouble(Call::SetSockOpt, option, error);
        }
    };
    if before.broadcast != now.broadcast {
        tell("SO_BROADCAST", sock.set_broadcast(lane, now.broadcast));
    }
    if before.interface != now.interface {
        let set = Interface::named(&now.interface).and_then(|interface| sock.set_multicast_interface(lane, is_v6, interface));
        tell(if is_v6 { "IPV6_MULTICAST_IF" } else { "IP_MULTICAST_IF" }, set);
    }
    // RFC 1112: 1 where nobody says otherwise; ip(7), ipv6(7).
    if before.ttl != now.ttl {
        tell(if is_v6 { "IPV6_MULTICAST_HOPS" } else { "IP_MULTICAST_TTL" }, sock.set_multicast_hops(lane, is_v6, now.ttl.unwrap_or(1)));
    }
    if before.loopback != now.loopback {
        let set = sock.set_multicast_loop(lane, is_v6, now.loopback.unwrap_or(true));
        tell(if is_v6 { "IPV6_MULTICAST_LOOP" } else { "IP_MULTICAST_LOOP" }, set);
    }
    for group in before.groups.iter().filter(|group| !now.groups.contains(group)) {
        // One that was never joined cannot be left, and that was told when it was not joined.
        let _left = member(lane, sock, group, false);
    }
    let joined = |group: &Group| {
        let known = before.groups.contains(group);
        let error = member(lane, sock, group, true).err().filter(|error| !(known && is_member_already(error)));
        GroupView { group: group.clone(), error: error.map(|error| Failure::new(Operation::Join, group.to_string(), &error)) }
    };
    now.groups.iter().map(joined).collect()
}

fn member(lane: &Lane, sock: &Sock, group: &Group, on: bool) -> io::Result<()> {
    sock.set_member(lane, group.address, Interface::named(&group.interface)?, on)
}

/// Whether a transport has broadcasts and multicast.
pub(super) fn has(transport: Transport) -> bool {
    transport == Transport::Udp
}

/// ip(7): a second join of the same group answers `EADDRINUSE`.
fn is_member_already(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrInUse
}
