//! Multicast pinned to loopback: every socket's interface is 127.0.0.1, so that nothing leaves this machine.

use std::net::{Ipv4Addr, UdpSocket};

use super::echo::of;
use super::*;
use crate::lab::{Cast, Group};

const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 77, 88);

fn group(address: Ipv4Addr) -> Group {
    Group { address: address.into(), interface: "127.0.0.1".into() }
}

#[test]
fn groups_are_joined_left_and_told_and_what_is_sent_to_them_comes() {
    let rig = Rig::new();
    let mut server = server("poll");
    server.transport = Transport::Udp;
    server.address = Address::Inet { host: "0.0.0.0".into(), port: 0 };
    server.service = "discard".into();
    let cast = Cast { groups: vec![group(GROUP)], interface: "127.0.0.1".into(), ttl: Some(0), loopback: Some(true), broadcast: false };
    server.messages.cast = cast.clone();
    rig.tell(Command::Start(spec(&server)));
    let view = rig.until_state(server.id, SessionState::Running);
    assert_eq!(*view.messages.groups, [GroupView { group: group(GROUP), error: None }]);
    let port = view.local.as_ref().unwrap().rsplit_once(':').unwrap().1.parse::<u16>().unwrap();
    // A person's program sends to the group, through loopback as well.
    let other = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).unwrap();
    other.set_multicast_if_v4(&Ipv4Addr::LOCALHOST).unwrap();
    other.set_multicast_ttl_v4(0).unwrap();
    other.bind(&std::net::SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
    let other = UdpSocket::from(other);
    other.send_to(b"to the group", (GROUP, port)).unwrap();
    rig.until("it came", |s| of(s, server.id).counters.rx_bytes == 12);
    // The server's own words to the group come back to it.
    let to = SendTo::Address(format!("{GROUP}:{port}").into());
    rig.tell(Command::Send { from: server.id, to, outgoing: Outgoing::once(*b"own words") });
    rig.until("its own came back", |s| of(s, server.id).counters.rx_bytes == 12 + 9);
    // Another group, and one that cannot be joined: not an address of this machine (TEST-NET-1, RFC 5737).
    let bad = Group { address: GROUP.into(), interface: "192.0.2.1".into() };
    let second = group(Ipv4Addr::new(239, 255, 77, 89));
    let mut messages = server.messages.clone();
    messages.cast = Cast { groups: vec![second.clone(), bad.clone()], ..cast };
    rig.tell(Command::SetMessages(server.id, Box::new(messages)));
    let snapshot = rig.until("changed", |s| of(s, server.id).messages.groups.len() == 2);
    let groups = &of(&snapshot, server.id).messages.groups;
    assert_eq!(groups[0], GroupView { group: second, error: None });
    let error = groups[1].error.as_ref().unwrap();
    assert_eq!((error.operation, &*error.endpoint), (Operation::Join, "239.255.77.88%192.0.2.1"));
    other.send_to(b"nobody is there", (GROUP, port)).unwrap();
    other.send_to(b"here", (Ipv4Addr::new(239, 255, 77, 89), port)).unwrap();
    rig.until("only the second", |s| of(s, server.id).counters.rx_bytes >= 12 + 9 + 4);
    assert_eq!(of(&rig.engine.snapshot(), server.id).counters.rx_bytes, 12 + 9 + 4);
}
