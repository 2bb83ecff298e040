//! How bytes go through a socket, seen from its other end: in pieces, held back by a cork, and changed while connections live.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use super::echo::of;
use super::*;
use crate::lab::{Match, Messages, Packet, Rule, Target, Wire};

fn connect(view: &SessionView) -> TcpStream {
    let peer = TcpStream::connect(&**view.local.as_ref().unwrap()).unwrap();
    peer.set_read_timeout(Some(LIMIT)).unwrap();
    peer
}

fn answers(reply: &str) -> Messages {
    let reply = Packet { body: reply.into(), ..Packet::default() };
    Messages { rules: vec![Rule { is_on: true, when: Match::Prefix("ping".into()), reply }], ..Messages::default() }
}

/// A client of the engine and its peer.
fn client(rig: &Rig, messages: Messages) -> (EndpointId, TcpStream) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let mut lab = Lab::default();
    let id = lab.add_client(Transport::Tcp, None);
    let client = lab.client_mut(id).unwrap();
    client.target = Target::Address(Address::parse(Transport::Tcp, &listener.local_addr().unwrap().to_string()).unwrap());
    client.messages = messages;
    rig.tell(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
    let (peer, _) = listener.accept().unwrap();
    peer.set_read_timeout(Some(LIMIT)).unwrap();
    rig.until("connected", |s| s.session(id).is_some_and(|s| s.counters.open == 1));
    (id, peer)
}

/// Lengths of this kind's records, of this session.
fn lens(s: &Snapshot, id: EndpointId, kind: &RecordKind) -> Vec<u32> {
    s.traffic.iter().filter(|r| r.conn.session == id && r.kind == *kind).map(|r| r.len).collect()
}

#[test]
fn a_services_posts_go_out_in_pieces_under_every_model() {
    for model in catalog::models().filter(|m| m.missing.is_none() && m.id != "iterative") {
        let rig = Rig::new();
        let mut server = server(model.id);
        server.service = "chat".into();
        server.messages.wire = Wire { piece_bytes: 4, piece_ms: 10, ..Wire::default() };
        rig.tell(Command::Start(spec(&server)));
        let view = rig.until_state(server.id, SessionState::Running);
        let mut one = BufReader::new(connect(&view));
        rig.until("the first is in", |s| of(s, server.id).counters.open == 1);
        let mut other = BufReader::new(connect(&view));
        let hear = |who: &mut BufReader<TcpStream>, words: &str| {
            let mut heard = String::new();
            loop {
                let begin = heard.len();
                who.read_line(&mut heard).unwrap();
                match heard[begin..].split_once("] ") {
                    Some((_, line)) if line == format!("{words}\n") => return heard.len(),
                    // The first one may be announced only when the other is there already.
                    Some((_, "joined\n")) => {}
                    _ => panic!("{}: {heard:?}", model.id),
                }
            }
        };
        let joined = hear(&mut one, "joined");
        let start = Instant::now();
        other.get_mut().write_all(b"hello there\n").unwrap();
        let said = hear(&mut one, "hello there");
        assert!(start.elapsed() >= Duration::from_millis(10 * (said as u64).div_ceil(4) - 10), "{}: {:?}", model.id, start.elapsed());
        // Both ways at once; whoever leaves is let go once his last words are out.
        one.get_mut().write_all(b"one\n").unwrap();
        other.get_mut().write_all(b"two\n").unwrap();
        let (two, first) = (hear(&mut one, "two"), hear(&mut other, "one"));
        other.get_mut().write_all(b"quit\n").unwrap();
        let left = hear(&mut one, "left");
        assert_eq!(other.read_line(&mut String::new()).unwrap(), 0, "{}", model.id);
        let all = joined + said + two + first + left;
        let snapshot = rig.until("the log has all", |s| lens(s, server.id, &RecordKind::Sent).iter().sum::<u32>() as usize == all);
        let sent = lens(&snapshot, server.id, &RecordKind::Sent);
        assert!(sent.iter().all(|len| *len <= 4), "{}: {sent:?}", model.id);
    }
}

/// tcp(7): what is corked is held back for 200 ms at most, so an attempt counts only when all of it was faster than that.
#[test]
#[cfg(target_os = "linux")]
fn a_cork_holds_several_sends_back_and_pulled_out_lets_them_go_as_one() {
    let rig = Rig::new();
    let corked = |cork| Messages { wire: Wire { cork, ..Wire::default() }, ..Messages::default() };
    let (id, mut peer) = client(&rig, corked(true));
    let mut buffer = [0; 64];
    let freed = (0..20).any(|_| {
        let start = Instant::now();
        rig.tell(Command::Send { from: id, to: SendTo::All, outgoing: Outgoing::fixed(*b"ab", Duration::from_millis(1), 5) });
        rig.event(|k| matches!(k, EventKind::SendDone { messages: 5 }));
        peer.set_nonblocking(true).unwrap();
        let early = peer.peek(&mut buffer);
        let is_held = early.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
        assert!(is_held || start.elapsed() >= Duration::from_millis(200), "it came though it is corked");
        peer.set_nonblocking(false).unwrap();
        rig.tell(Command::SetMessages(id, Box::new(corked(false))));
        let n = peer.read(&mut buffer).unwrap();
        let counts = is_held && start.elapsed() < Duration::from_millis(180);
        if counts {
            assert_eq!(&buffer[..n], b"ababababab", "five sends are one receive");
        } else {
            peer.read_exact(&mut buffer[n..10]).unwrap();
            rig.tell(Command::SetMessages(id, Box::new(corked(true))));
            // It has heard of that once it answers to what was asked after it.
            rig.tell(Command::Send { from: id, to: SendTo::All, outgoing: Outgoing::once(*b".") });
            peer.read_exact(&mut buffer[..1]).unwrap();
            rig.event(|k| matches!(k, EventKind::SendDone { messages: 1 }));
        }
        counts
    });
    assert!(freed, "no attempt was fast enough");
    // Without a cork each leaves by itself.
    for _ in 0..3 {
        rig.tell(Command::Send { from: id, to: SendTo::All, outgoing: Outgoing::once(*b"ab") });
        assert_eq!(peer.read(&mut buffer).unwrap(), 2);
    }
}

#[test]
fn rules_and_wire_change_under_a_living_connection_of_a_server() {
    for model in catalog::models().filter(|m| m.missing.is_none()) {
        let rig = Rig::new();
        let server = server(model.id);
        rig.tell(Command::Start(spec(&server)));
        let mut peer = connect(&rig.until_state(server.id, SessionState::Running));
        let mut said = |words: &[u8]| {
            let mut got = vec![0; words.len()];
            peer.write_all(words).unwrap();
            peer.read_exact(&mut got).unwrap();
            got
        };
        assert_eq!(said(b"ping"), b"ping");
        // A child process hears of a change a moment later.
        let start = Instant::now();
        let mut becomes = |messages: Messages, expected: &[u8]| {
            rig.tell(Command::SetMessages(server.id, Box::new(messages)));
            while said(b"ping") != expected {
                assert!(start.elapsed() < LIMIT, "{}", model.id);
            }
        };
        becomes(answers("pong"), b"pong");
        becomes(answers("gong"), b"gong");
        // One byte is no ping any more; each goes out alone.
        let wire = Wire { recv_bytes: 1, piece_bytes: 1, ..Wire::default() };
        becomes(Messages { wire, ..answers("gong") }, b"ping");
        let before = rig.until("the log has it", |s| lens(s, server.id, &RecordKind::Received).ends_with(&[1; 4]));
        let known = [RecordKind::Received, RecordKind::Sent].map(|kind| lens(&before, server.id, &kind).len());
        becomes(Messages { wire, ..Messages::default() }, b"ping");
        let after = rig.until("and the next", |s| lens(s, server.id, &RecordKind::Sent).len() >= known[1] + 4);
        for (kind, known) in [RecordKind::Received, RecordKind::Sent].into_iter().zip(known) {
            assert!(lens(&after, server.id, &kind)[known..].iter().all(|len| *len == 1), "{} {kind:?}", model.id);
        }
        becomes(Messages::default(), b"ping");
        assert_eq!(of(&rig.engine.snapshot(), server.id).counters.opened, 1, "all on one connection");
    }
}

#[test]
fn rules_and_wire_change_under_a_living_connection_of_a_client() {
    let rig = Rig::new();
    let (id, mut peer) = client(&rig, Messages::default());
    let mut becomes = |messages: Messages, expected: &[u8]| {
        rig.tell(Command::SetMessages(id, Box::new(messages)));
        peer.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let (start, mut got) = (Instant::now(), vec![0; expected.len()]);
        loop {
            assert!(start.elapsed() < LIMIT, "{}", String::from_utf8_lossy(&got));
            peer.write_all(b"ping").unwrap();
            let n = match peer.read(&mut got) {
                Ok(n) => n,
                // Not yet: nothing is answered.
                Err(_) => continue,
            };
            peer.set_read_timeout(Some(LIMIT)).unwrap();
            peer.read_exact(&mut got[n..]).unwrap();
            if got == expected {
                return;
            }
            peer.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        }
    };
    becomes(answers("pong"), b"pong");
    becomes(answers("gong"), b"gong");
    let wire = Wire { piece_bytes: 2, ..Wire::default() };
    becomes(Messages { wire, ..answers("song") }, b"song");
    rig.until("in pieces", |s| lens(s, id, &RecordKind::Sent).ends_with(&[2, 2]));
    assert_eq!(of(&rig.engine.snapshot(), id).counters.opened, 1, "all on one connection");
}
