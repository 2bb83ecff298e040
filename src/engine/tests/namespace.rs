//! Broadcast and IPv6 multicast between sockets of this machine, in a network namespace of the test's own: the test runs itself again
//! under `unshare -rn` (util-linux), on a pair of virtual interfaces that are gone with the last process in it.

use std::io::Write;
use std::net::{Ipv6Addr, SocketAddr, UdpSocket};
use std::process::Command as Process;

use super::echo::of;
use super::*;
use crate::lab::{Cast, Group};

/// Set for the run inside.
const INSIDE: &str = "SOCKETLAB_TEST_NAMESPACE";
const GROUP: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0x77, 0x88);

/// Runs one of the tests below inside; says loudly when this machine forbids namespaces or such interfaces.
fn inside(test: &str) {
    let setting = "ip link set lo up && ip link add v0 type veth peer name v1 && ip addr add 10.9.8.1/24 brd + dev v0 \
                   && ip -6 addr add fd00::1/64 dev v0 nodad && ip link set v0 up && ip link set v1 up";
    let run = |words: &str| {
        Process::new("unshare").args(["-rn", "sh", "-c", words]).arg(std::env::current_exe().unwrap()).arg(test).env(INSIDE, "1").output()
    };
    let may = run(setting).unwrap_or_else(|e| panic!("unshare: {e}; these tests need util-linux and iproute2"));
    if !may.status.success() {
        // To the descriptor itself: what a passing test prints is swallowed.
        let why = String::from_utf8_lossy(&may.stderr);
        let words = format!("SKIPPED {test}: this machine allows no network namespaces with interfaces of their own: {}\n", why.trim());
        std::io::stderr().write_all(words.as_bytes()).unwrap();
        return;
    }
    let run = run(&format!("{setting} && exec \"$0\" --ignored --exact --nocapture engine::tests::namespace::$1")).unwrap();
    let words = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && words.contains("1 passed"), "{words}");
}

fn datagrams(host: &str) -> Server {
    let mut server = server("poll");
    server.transport = Transport::Udp;
    server.address = Address::Inet { host: host.into(), port: 0 };
    server.service = "discard".into();
    server
}

fn port(view: &SessionView) -> u16 {
    view.local.as_ref().unwrap().rsplit_once(':').unwrap().1.parse().unwrap()
}

#[test]
fn a_broadcast_goes_out_and_comes_in_once_its_option_is_on() {
    inside("broadcast_inside");
}

#[test]
#[ignore = "run by the test above, in a namespace"]
fn broadcast_inside() {
    assert!(std::env::var_os(INSIDE).is_some(), "run by the test without '_inside'");
    let rig = Rig::new();
    let mut server = datagrams("0.0.0.0");
    rig.tell(Command::Start(spec(&server)));
    let port = port(&rig.until_state(server.id, SessionState::Running));
    let other = UdpSocket::bind(("0.0.0.0", 0)).unwrap();
    other.set_read_timeout(Some(LIMIT)).unwrap();
    let to_all = |port: u16| SendTo::Address(format!("10.9.8.255:{port}").into());
    let theirs = other.local_addr().unwrap().port();
    let send = |words: &'static [u8]| {
        rig.tell(Command::Send { from: server.id, to: to_all(theirs), outgoing: Outgoing::once(words) });
    };
    send(b"too early");
    let told = rig.event(|k| matches!(k, EventKind::Trouble(_)));
    assert!(matches!(&told.kind, EventKind::Trouble(f) if f.cause == Cause::BroadcastNotAllowed), "{told:?}");
    server.messages.cast.broadcast = true;
    rig.tell(Command::SetMessages(server.id, Box::new(server.messages.clone())));
    send(b"to all");
    let mut buffer = [0; 64];
    let (n, from) = other.recv_from(&mut buffer).unwrap();
    assert_eq!((&buffer[..n], from), (&b"to all"[..], SocketAddr::from(([10, 9, 8, 1], port))), "nothing left before the option was on");
    // And one that comes in.
    other.set_broadcast(true).unwrap();
    other.send_to(b"from another", ("10.9.8.255", port)).unwrap();
    rig.until("it came", |s| of(s, server.id).counters.rx_bytes == 12);
    // Off again, while it lives.
    server.messages.cast.broadcast = false;
    rig.tell(Command::SetMessages(server.id, Box::new(server.messages.clone())));
    send(b"too late");
    rig.event(|k| matches!(k, EventKind::Trouble(f) if f.cause == Cause::BroadcastNotAllowed));
}

#[test]
fn an_ipv6_group_is_joined_heard_and_left() {
    inside("group_inside");
}

#[test]
#[ignore = "run by the test above, in a namespace"]
fn group_inside() {
    assert!(std::env::var_os(INSIDE).is_some(), "run by the test without '_inside'");
    let rig = Rig::new();
    let group = |last: u16| {
        let [a, .., g, _] = GROUP.segments();
        Group { address: Ipv6Addr::new(a, 0, 0, 0, 0, 0, g, last).into(), interface: "v0".into() }
    };
    let mut server = datagrams("::");
    server.messages.cast = Cast { groups: vec![group(0x88)], interface: "v0".into(), ttl: Some(1), loopback: Some(true), broadcast: false };
    rig.tell(Command::Start(spec(&server)));
    let view = rig.until_state(server.id, SessionState::Running);
    assert_eq!(*view.messages.groups, [GroupView { group: group(0x88), error: None }]);
    let port = port(&view);
    let other = socket2::Socket::new(socket2::Domain::IPV6, socket2::Type::DGRAM, None).unwrap();
    other.set_multicast_if_v6(index()).unwrap();
    let other = UdpSocket::from(other);
    let send = |words: &[u8], group: &Group| assert_eq!(other.send_to(words, (group.address, port)).unwrap(), words.len());
    send(b"to the group", &group(0x88));
    rig.until("it came", |s| of(s, server.id).counters.rx_bytes == 12);
    rig.tell(Command::Send {
        from: server.id,
        to: SendTo::Address(format!("[{GROUP}]:{port}").into()),
        outgoing: Outgoing::once(*b"own words"),
    });
    rig.until("its own came back", |s| of(s, server.id).counters.rx_bytes == 12 + 9);
    // Another one instead.
    server.messages.cast.groups = vec![group(0x89)];
    rig.tell(Command::SetMessages(server.id, Box::new(server.messages.clone())));
    rig.until("changed", |s| *of(s, server.id).messages.groups == [GroupView { group: group(0x89), error: None }]);
    send(b"nobody is there", &group(0x88));
    send(b"here", &group(0x89));
    rig.until("only the second", |s| of(s, server.id).counters.rx_bytes >= 12 + 9 + 4);
    assert_eq!(of(&rig.engine.snapshot(), server.id).counters.rx_bytes, 12 + 9 + 4);
}

/// The number of v0. `/sys` may be that of another namespace (network_namespaces(7)).
fn index() -> u32 {
    let shown = Process::new("ip").args(["-o", "link", "show", "v0"]).output().unwrap();
    String::from_utf8_lossy(&shown.stdout).split(':').next().unwrap().trim().parse().unwrap()
}
