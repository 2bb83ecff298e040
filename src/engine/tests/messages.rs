//! Framing, rules, pieces, rates and addresses, on real sockets on loopback.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};

use super::echo::{of, pair};
use super::*;
use crate::bytes::{ByteOrder, Framing, FramingError, LengthHeader};
use crate::lab::{Match, Messages, Packet, Rule, Wire};

fn length() -> Framing {
    Framing::Length { header: LengthHeader { width: 2, order: ByteOrder::Big, counts_itself: false }, most: 1_000 }
}

fn ping() -> Vec<Rule> {
    vec![Rule { is_on: true, when: Match::Prefix("ping".into()), reply: Packet { body: "pong {{counter}}".into(), ..Packet::default() } }]
}

fn connect(view: &SessionView) -> TcpStream {
    let peer = TcpStream::connect(&**view.local.as_ref().unwrap()).unwrap();
    peer.set_read_timeout(Some(LIMIT)).unwrap();
    peer
}

fn read(peer: &mut TcpStream, expected: &[u8]) {
    let mut got = vec![0; expected.len()];
    peer.read_exact(&mut got).unwrap();
    assert_eq!(got, expected, "{}", String::from_utf8_lossy(&got));
}

#[test]
fn under_every_model_messages_are_cut_answered_and_framed_and_a_broken_stream_ends_alone() {
    for model in catalog::models().filter(|m| m.missing.is_none() && m.id != "iterative") {
        let rig = Rig::new();
        let mut server = server(model.id);
        server.messages = Messages { framing: length(), rules: ping(), ..Messages::default() };
        rig.tell(Command::Start(spec(&server)));
        let view = rig.until_state(server.id, SessionState::Running);
        let (mut good, mut bad) = (connect(&view), connect(&view));
        good.write_all(b"\0\x05hel").unwrap();
        good.write_all(b"lo\0\x06ping").unwrap();
        good.write_all(b" 1\0\x06ping 2\0\0").unwrap();
        read(&mut good, b"\0\x05hello\0\x06pong 1\0\x06pong 2\0\0");
        bad.write_all(b"\xff\xff").unwrap();
        let mut rest = Vec::new();
        // A close with bytes unread may be a reset.
        let _reset = bad.read_to_end(&mut rest);
        assert!(rest.is_empty(), "{}", model.id);
        let broke = FramingError::TooLong { len: 65_535, most: 1_000 };
        let trouble = rig.event(|k| matches!(k, EventKind::Trouble(_)));
        let peer = bad.local_addr().unwrap().to_string();
        let EventKind::Trouble(failure) = &trouble.kind else { unreachable!() };
        let told = (failure.operation, &*failure.endpoint, &failure.cause);
        assert_eq!(told, (Operation::Framing, &*peer, &Cause::Framing(broke)), "{}", model.id);
        good.write_all(b"\0\x03bye").unwrap();
        read(&mut good, b"\0\x03bye");
        let snapshot = rig.until("all is counted", |s| {
            let of = of(s, server.id);
            let ended = of.connections.iter().any(|c| c.end == Some(EndReason::Framing(broke)));
            ended && (of.messages.received, of.messages.by_rule, of.messages.broken) == (5, 2, 1)
        });
        assert_eq!((of(&snapshot, server.id).messages.sent, &of(&snapshot, server.id).messages.framing), (3, &length()), "{}", model.id);
        // Changed while the connection lives.
        rig.tell(Command::SetMessages(server.id, Box::default()));
        rig.until("raw", |s| of(s, server.id).messages.framing == Framing::Raw);
        // A child process hears of it a moment later: then a message is whole only with its second byte.
        let mut echoed = [0; 2];
        for _ in 0.. {
            good.write_all(b"\0").unwrap();
            good.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
            let is_raw = good.read_exact(&mut echoed[..1]).is_ok();
            good.set_read_timeout(Some(LIMIT)).unwrap();
            if is_raw {
                break;
            }
            good.write_all(b"\0").unwrap();
            good.read_exact(&mut echoed).unwrap();
        }
        rig.tell(Command::Stop(server.id));
        rig.until_state(server.id, SessionState::Stopped);
    }
}

#[test]
fn a_client_cuts_answers_and_frames_too() {
    let rig = Rig::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let mut lab = Lab::default();
    let id = lab.add_client(Transport::Tcp, None);
    let client = lab.client_mut(id).unwrap();
    client.target = crate::lab::Target::Address(Address::parse(Transport::Tcp, &listener.local_addr().unwrap().to_string()).unwrap());
    client.messages = Messages { framing: length(), rules: ping(), ..Messages::default() };
    client.packet = Packet { body: "hi {{counter}}".into(), every_ms: 1, times: 2, on_connect: true, ..Packet::default() };
    rig.tell(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
    let (mut peer, _) = listener.accept().unwrap();
    peer.set_read_timeout(Some(LIMIT)).unwrap();
    read(&mut peer, b"\0\x04hi 1\0\x04hi 2");
    peer.write_all(b"\0\x04pi").unwrap();
    peer.write_all(b"ng\0\x05other\0\x04ping").unwrap();
    read(&mut peer, b"\0\x06pong 1\0\x06pong 2");
    rig.until("counted", |s| (of(s, id).messages.received, of(s, id).messages.by_rule) == (3, 2));
    peer.write_all(b"\0\x05thr").unwrap();
    drop(peer);
    let end = FramingError::Unfinished { have: 5 };
    rig.until("it ends with the reason", |s| of(s, id).connections.iter().any(|c| c.end == Some(EndReason::Framing(end))));
}

#[test]
fn a_period_of_10_ms_keeps_its_mean_on_both_sides() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "threads");
    pair.server.service = "discard".into();
    pair.start(&rig);
    let (server, client) = (pair.server.id, pair.client.id);
    rig.until("connected", |s| of(s, server).counters.open == 1 && of(s, client).counters.open == 1);
    let every = Duration::from_millis(10);
    for from in [client, server] {
        let packet = Packet { body: "{{counter}}".into(), every_ms: 10, times: 200, ..Packet::default() };
        let made = Payload::Made(Arc::new(Recipe::of(&packet, &Framing::Raw).unwrap()));
        rig.tell(Command::Send { from, to: SendTo::All, outgoing: Outgoing::of(&packet, made) });
        rig.event(|k| matches!(k, EventKind::SendDone { messages: 200 }));
        let snapshot = rig.until("measured", |s| of(s, from).messages.period.is_some_and(|p| p.count == 199));
        let period = of(&snapshot, from).messages.period.unwrap();
        // Nothing drifts: all together are off by 1 % at most, and by what the first or the last send was late for want of a processor.
        let off = (period.mean * 199).abs_diff(every * 199);
        assert!(off <= every * 199 / 100 + period.most.saturating_sub(every), "{period:?}");
        assert!(period.asked == every && period.least <= period.mean && period.mean <= period.most, "{period:?}");
    }
}

#[test]
fn pieces_are_calls_of_their_own_and_a_receive_is_as_small_as_asked() {
    for model in catalog::models().filter(|m| m.missing.is_none()) {
        let rig = Rig::new();
        let mut server = server(model.id);
        let wire = Wire { recv_bytes: 3, nagle: false, piece_bytes: 2, piece_ms: 5, ..Wire::default() };
        server.messages.wire = wire;
        rig.tell(Command::Start(spec(&server)));
        let view = rig.until_state(server.id, SessionState::Running);
        let mut peer = connect(&view);
        let start = Instant::now();
        peer.write_all(b"0123456789").unwrap();
        read(&mut peer, b"0123456789");
        // 3, 3, 3 and 1 bytes are received; each answer of 3 goes out as 2 and 1 (or joins what waits).
        assert!(start.elapsed() >= Duration::from_millis(15), "{}: {:?}", model.id, start.elapsed());
        rig.until("records of all", |s| of(s, server.id).counters.tx_bytes == 10);
        let snapshot = rig.engine.snapshot();
        let lens = |kind: RecordKind| -> Vec<u32> {
            snapshot.traffic.iter_from(snapshot.traffic.first_index()).filter(|r| r.kind == kind).map(|r| r.len).collect()
        };
        assert!(lens(RecordKind::Received).iter().all(|len| *len <= 3), "{}: {:?}", model.id, lens(RecordKind::Received));
        assert!(lens(RecordKind::Sent).iter().all(|len| *len <= 2), "{}: {:?}", model.id, lens(RecordKind::Sent));
    }
}

#[test]
fn a_rate_is_kept_and_a_client_sends_in_pieces() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "poll");
    pair.server.service = "discard".into();
    pair.client.messages.wire = Wire { piece_bytes: 100, ..Wire::default() };
    pair.start(&rig);
    let (server, client) = (pair.server.id, pair.client.id);
    rig.until("connected", |s| of(s, server).counters.open == 1 && of(s, client).counters.open == 1);
    for from in [client, server] {
        let start = Instant::now();
        let outgoing = Outgoing { bytes_per_s: 20_000, ..Outgoing::fixed(vec![7; 1_000], Duration::ZERO, 10) };
        rig.tell(Command::Send { from, to: SendTo::All, outgoing });
        rig.event(|k| matches!(k, EventKind::SendDone { messages: 10 }));
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(440) && took < Duration::from_secs(3), "{took:?}");
    }
    assert!(of(&rig.engine.snapshot(), client).counters.tx_messages >= 100);
}

#[test]
fn only_the_chosen_get_it() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "epoll-lt");
    if catalog::models().any(|m| m.id == "epoll-lt" && m.missing.is_some()) {
        pair.server.model = "poll".into();
    }
    pair.client.connections = 4;
    pair.start(&rig);
    let server = pair.server.id;
    let snapshot = rig.until("connected", |s| of(s, server).counters.open == 4 && of(s, pair.client.id).counters.open == 4);
    for from in [pair.client.id, server] {
        let these: Arc<[ConnId]> = of(&snapshot, from).connections.iter().take(2).map(|c| c.info.id).collect();
        rig.tell(Command::Send { from, to: SendTo::These(these), outgoing: Outgoing::once(*b"chosen") });
        rig.event(|k| matches!(k, EventKind::SendDone { messages: 2 }));
    }
}

#[test]
fn udp_goes_to_any_address_and_a_broadcast_without_the_option_says_which() {
    let rig = Rig::new();
    let pair = pair(Transport::Udp, "poll");
    pair.start(&rig);
    let (server, client) = (pair.server.id, pair.client.id);
    rig.until("running", |s| of(s, server).state == SessionState::Running && of(s, client).counters.open == 1);
    let other = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
    other.set_read_timeout(Some(LIMIT)).unwrap();
    let address: Arc<str> = other.local_addr().unwrap().to_string().into();
    for from in [client, server] {
        rig.tell(Command::Send { from, to: SendTo::Address(Arc::clone(&address)), outgoing: Outgoing::once(*b"stranger") });
        let mut buffer = [0; 64];
        let (n, sender) = other.recv_from(&mut buffer).unwrap();
        assert_eq!(&buffer[..n], b"stranger");
        if from == server {
            assert_eq!(Some(sender.to_string().as_str()), of(&rig.engine.snapshot(), server).local.as_deref());
        }
        rig.event(|k| matches!(k, EventKind::SendDone { messages: 1 }));
        let snapshot = rig.until("its peer was on the board", |s| of(s, from).connections.iter().any(|c| *c.info.peer == *address));
        assert!(of(&snapshot, from).counters.tx_bytes >= 8);
        // The kernel refuses it before anything leaves; 127.255.255.255 is loopback's own (RFC 1122, 3.2.1.3).
        rig.tell(Command::Send { from, to: SendTo::Address("127.255.255.255:9".into()), outgoing: Outgoing::once(*b"all") });
        let told = rig.event(|k| matches!(k, EventKind::Trouble(_)));
        assert!(
            matches!(&told.kind, EventKind::Trouble(f) if f.cause == Cause::BroadcastNotAllowed && f.errno == Some("EACCES")),
            "{told:?}"
        );
    }
    rig.tell(Command::Send { from: client, to: SendTo::Address("nowhere".into()), outgoing: Outgoing::once(*b"x") });
    assert!(matches!(rig.event(|k| matches!(k, EventKind::Trouble(_))).kind, EventKind::Trouble(f) if &*f.endpoint == "nowhere"));
}
