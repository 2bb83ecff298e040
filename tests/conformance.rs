//! Every model × transport × service with exact bytes, half-close, many connections, a slow reader and a stop within the
//! limit. The peers are plain programs of the standard library. A model that is added to the list is covered at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::time::Duration;

use socketlab::engine::{Command, ConnState, SessionState, Spec, catalog};
use socketlab::lab::Transport;
use support::{Peer, Rig, has_a_meaning, models, pattern, serves_only_some, transports, until};

/// What a stop may take. The promise is 100 ms; the limit asserted is wider because test machines are shared.
const STOP_LIMIT: Duration = Duration::from_secs(2);

/// Each model with each transport.
fn grid(mut each: impl FnMut(&Rig, &str, Transport)) {
    let rig = Rig::new();
    for model in models() {
        for transport in transports().into_iter().filter(|transport| has_a_meaning(model, *transport)) {
            each(&rig, model, transport);
        }
    }
}

#[test]
fn the_list_of_models_is_not_empty_and_holds_the_three_of_every_system() {
    let models = models();
    for id in ["iterative", "threads", "poll"] {
        assert!(models.contains(&id), "{id} is missing: {models:?}");
    }
}

#[test]
fn echo_returns_exact_bytes_of_every_size() {
    grid(|rig, model, transport| {
        let server = rig.server(transport, model, "echo");
        let at = rig.start(&server);
        let mut peer = Peer::connect(transport, &at).unwrap();
        let sizes: &[usize] = match transport {
            Transport::Tcp | Transport::UnixStream => &[1, 2, 1_000, 65_536, 200_000],
            Transport::Udp => &[0, 1, 1_400, 65_507],
            Transport::UnixDgram => &[0, 1, 1_400, 65_507],
        };
        // One thread both writes and reads here, so a message must fit the buffers or the other side must read meanwhile:
        // a writer thread would hide a server that only answers after it has read everything.
        for &size in sizes {
            let data = pattern(size);
            let mut echoed = Vec::new();
            if peer.is_stream() {
                for piece in data.chunks(16_384) {
                    peer.send(piece).unwrap();
                    echoed.extend(peer.recv_exactly(piece.len()).unwrap());
                }
            } else {
                peer.send(&data).unwrap();
                echoed = peer.recv_exactly(size + 1).unwrap();
            }
            assert!(echoed == data, "{model} {transport}: {size} bytes came back as {}", echoed.len());
        }
        drop(peer);
        assert!(rig.stop(server.id) < STOP_LIMIT, "{model} {transport}");
    });
}

#[test]
fn a_large_message_sent_before_anything_is_read_comes_back_whole() {
    grid(|rig, model, transport| {
        if !transport.is_stream() {
            return;
        }
        let server = rig.server(transport, model, "echo");
        let at = rig.start(&server);
        let peer = Peer::connect(transport, &at).unwrap();
        // 200 KB in one write from a thread of its own: blocking servers stop reading while their answer is not read.
        let data = pattern(200_000);
        let (mut writer, mut reader) = two_hands(peer);
        let sent = data.clone();
        let hand = std::thread::Builder::new().name("writer".into()).spawn(move || writer.send(&sent).map(|()| writer)).unwrap();
        let echoed = reader.recv_exactly(data.len()).unwrap();
        let writer = hand.join().unwrap().unwrap();
        assert!(echoed == data, "{model} {transport}");
        drop((writer, reader));
        rig.stop(server.id);
    });
}

/// The same connection twice, for a writer and a reader.
fn two_hands(peer: Peer) -> (Peer, Peer) {
    match &peer {
        Peer::Tcp(s) => (Peer::Tcp(s.try_clone().unwrap()), peer),
        #[cfg(unix)]
        Peer::Stream(s) => (Peer::Stream(s.try_clone().unwrap()), peer),
        _ => unreachable!("streams only"),
    }
}

#[test]
fn half_close_by_the_client_still_gets_the_whole_answer() {
    grid(|rig, model, transport| {
        if !transport.is_stream() {
            return;
        }
        for (service, answer) in
            [("echo", Some("half closed\n")), ("upper", Some("HALF CLOSED\n")), ("discard", Some("")), ("greeter", None)]
        {
            let server = rig.server(transport, model, service);
            let at = rig.start(&server);
            let mut peer = Peer::connect(transport, &at).unwrap();
            peer.send(b"half closed\n").unwrap();
            peer.half_close().unwrap();
            let got = peer.recv_to_end().unwrap();
            let got = String::from_utf8_lossy(&got);
            match answer {
                Some(answer) => assert_eq!(got, answer, "{model} {transport} {service}"),
                None => assert_eq!(got, "Welcome!\nHello, half closed\n", "{model} {transport} {service}"),
            }
            rig.stop(server.id);
        }
    });
}

#[test]
fn every_service_answers_by_its_rule() {
    grid(|rig, model, transport| {
        for (service, said, heard) in [("echo", "abc", "abc"), ("upper", "grün abc", "GRüN ABC"), ("greeter", "you", "Hello, you")] {
            let server = rig.server(transport, model, service);
            let at = rig.start(&server);
            let mut peer = Peer::connect(transport, &at).unwrap();
            if service == "greeter" && transport.is_stream() {
                assert_eq!(peer.recv_exactly(9).unwrap(), b"Welcome!\n", "{model} {transport}");
            }
            peer.send(said.as_bytes()).unwrap();
            assert_eq!(String::from_utf8_lossy(&peer.recv_exactly(heard.len()).unwrap()), heard, "{model} {transport} {service}");
            if service == "greeter" && transport.is_stream() {
                peer.send(b"exit\r\n").unwrap();
                assert_eq!(peer.recv_to_end().unwrap(), b"", "{model} {transport}: the greeter leaves");
            }
            rig.stop(server.id);
        }
        let server = rig.server(transport, model, "discard");
        let at = rig.start(&server);
        let mut peer = Peer::connect(transport, &at).unwrap();
        peer.send(&pattern(1_000)).unwrap();
        rig.view_when(server.id, "discard has read it all", |s| s.counters.rx_bytes == 1_000 && s.counters.tx_bytes == 0);
        rig.stop(server.id);
    });
}

#[test]
fn three_hundred_connections_at_once() {
    grid(|rig, model, transport| {
        if serves_only_some(model) && transport.is_stream() {
            return; // see below
        }
        // To start a process takes Windows tenths of a second.
        let many = if cfg!(windows) && model == "processes" { 30 } else { 300 };
        let server = rig.server(transport, model, "echo");
        let at = rig.start(&server);
        let mut peers: Vec<_> = (0..many).map(|_| Peer::connect(transport, &at).unwrap()).collect();
        for (n, peer) in peers.iter_mut().enumerate() {
            peer.send(format!("from {n}").as_bytes()).unwrap();
            // A datagram socket's buffer holds few (UDP 256 small ones by default, unix(7) max_dgram_qlen), so that three hundred
            // at once may rightly be lost: there each answer is taken before the next one is sent.
            if !transport.is_stream() {
                assert_eq!(
                    peer.recv_exactly(64).unwrap_or_else(|e| panic!("{model} {transport} {n}: {e}")),
                    format!("from {n}").as_bytes()
                );
            }
        }
        if transport.is_stream() {
            for (n, peer) in peers.iter_mut().enumerate() {
                let expected = format!("from {n}");
                assert_eq!(
                    String::from_utf8_lossy(&peer.recv_exactly(expected.len()).unwrap_or_else(|e| panic!("{model} {transport} {n}: {e}"))),
                    expected,
                    "{model} {transport}"
                );
            }
        }
        rig.view_when(server.id, "all are open", |s| s.counters.open == many);
        assert!(rig.stop(server.id) < STOP_LIMIT, "{model} {transport} with {many} connections");
        let view = rig.view_when(server.id, "none is open", |s| s.counters.open == 0);
        assert_eq!(view.counters.opened, many, "{model} {transport}");
    });
}

#[test]
fn under_iterative_the_second_client_waits_until_the_first_leaves() {
    let rig = Rig::new();
    for transport in transports().into_iter().filter(|t| t.is_stream()) {
        let server = rig.server(transport, "iterative", "echo");
        let at = rig.start(&server);
        let mut first = Peer::connect(transport, &at).unwrap();
        first.send(b"1").unwrap();
        assert_eq!(first.recv_exactly(1).unwrap(), b"1");
        let mut second = Peer::connect(transport, &at).unwrap();
        second.send(b"2").unwrap();
        if transport == Transport::Tcp && cfg!(target_os = "linux") {
            rig.view_when(server.id, "the second stands in the accept queue", |s| s.queue.is_some_and(|q| q.waiting == 1));
        }
        first.send(b"more").unwrap();
        assert_eq!(first.recv_exactly(4).unwrap(), b"more", "the first is served on");
        rig.view_when(server.id, "only the first was accepted, and its bytes were counted", |s| {
            assert!(s.counters.opened <= 1, "{transport}: a second connection was accepted");
            s.counters.open == 1 && s.counters.rx_bytes == 5
        });
        drop(first);
        assert_eq!(second.recv_exactly(1).unwrap(), b"2", "{transport}: now the second is served");
        rig.stop(server.id);
    }
}

#[test]
fn a_transport_without_a_meaning_under_a_model_is_refused_with_the_reason() {
    let rig = Rig::new();
    for model in models() {
        for transport in transports().into_iter().filter(|transport| !has_a_meaning(model, *transport)) {
            let server = rig.server(transport, model, "echo");
            rig.send(Command::Start(Box::new(Spec::Server(server.clone()))));
            let view = rig.view_when(server.id, "it is refused", |s| s.state == SessionState::Failed);
            let reason = catalog::models().find(|m| m.id == model).and_then(|m| m.no_datagrams).unwrap();
            let said = view.failure.as_ref().unwrap().to_string();
            assert!(said.contains(reason), "{model} {transport}: {said}");
        }
    }
}

#[test]
fn under_thread_pool_the_fifth_client_waits_until_one_of_four_leaves() {
    let rig = Rig::new();
    for transport in transports().into_iter().filter(|t| t.is_stream()) {
        let server = rig.server(transport, "thread-pool", "echo");
        let at = rig.start(&server);
        let mut served: Vec<_> = (0..4).map(|_| Peer::connect(transport, &at).unwrap()).collect();
        for peer in &mut served {
            peer.send(b"1").unwrap();
            assert_eq!(peer.recv_exactly(1).unwrap(), b"1");
        }
        let mut fifth = Peer::connect(transport, &at).unwrap();
        fifth.send(b"5").unwrap();
        rig.view_when(server.id, "the fifth is accepted and shown as waiting", |s| {
            s.counters.opened == 5 && s.connections.iter().filter(|c| c.state == ConnState::Waiting).count() == 1
        });
        for peer in &mut served {
            peer.send(b"more").unwrap();
            assert_eq!(peer.recv_exactly(4).unwrap(), b"more", "the four are served on");
        }
        rig.view_when(server.id, "only their bytes were read", |s| s.counters.rx_bytes == 20);
        served.remove(2);
        assert_eq!(fifth.recv_exactly(1).unwrap(), b"5", "{transport}: now the fifth is served");
        rig.view_when(server.id, "and no longer waits", |s| s.connections.iter().all(|c| c.state != ConnState::Waiting));
        rig.stop(server.id);
    }
}

#[test]
fn a_slow_reader_does_not_hold_up_the_others() {
    grid(|rig, model, transport| {
        if !transport.is_stream() || model == "iterative" {
            return;
        }
        let server = rig.server(transport, model, "echo");
        let at = rig.start(&server);
        let slow = Peer::connect(transport, &at).unwrap();
        let (mut slow_writer, mut slow_reader) = two_hands(slow);
        let data = pattern(8 << 20);
        let sent = data.clone();
        let hand = std::thread::Builder::new().name("slow".into()).spawn(move || slow_writer.send(&sent)).unwrap();
        // It does not read until the server has had to stop reading it: its bytes no longer move.
        let mut before = 0;
        let mut still = 0;
        until("the slow connection stands", || {
            let now = rig.engine.snapshot().session(server.id)?.counters.rx_bytes;
            still = if now > 0 && now == before { still + 1 } else { 0 };
            before = now;
            (still > 200).then_some(())
        });
        let mut quick = Peer::connect(transport, &at).unwrap();
        for _ in 0..100 {
            quick.send(b"quick").unwrap();
            assert_eq!(quick.recv_exactly(5).unwrap(), b"quick", "{model} {transport}");
        }
        let echoed = slow_reader.recv_exactly(data.len()).unwrap();
        assert!(echoed == data, "{model} {transport}: the slow one still gets everything");
        hand.join().unwrap().unwrap();
        rig.stop(server.id);
    });
}

#[test]
fn a_stop_ends_idle_busy_and_stuck_connections_within_the_limit() {
    grid(|rig, model, transport| {
        let server = rig.server(transport, model, "echo");
        let at = rig.start(&server);
        let idle: Vec<_> = (0..20).map(|_| Peer::connect(transport, &at).unwrap()).collect();
        let stuck = Peer::connect(transport, &at).unwrap();
        let hand = stuck.is_stream().then(|| {
            let (mut writer, reader) = two_hands(stuck);
            let hand = std::thread::Builder::new().name("stuck".into()).spawn(move || writer.send(&pattern(16 << 20))).unwrap();
            (hand, reader)
        });
        let took = rig.stop(server.id);
        assert!(took < STOP_LIMIT, "{model} {transport}: {took:?}");
        drop(idle);
        if let Some((hand, reader)) = hand {
            drop(reader);
            let _reset_or_broken = hand.join().unwrap();
        }
        if let socketlab::lab::Address::Path(path) = &server.address {
            assert!(!std::path::Path::new(path).exists(), "{model} {transport}: the socket file is gone");
        }
    });
}

#[test]
fn a_restart_with_another_model_keeps_the_address_that_the_system_chose() {
    let rig = Rig::new();
    let models = models();
    let mut server = rig.server(Transport::Tcp, models[0], "echo");
    let at = rig.start(&server);
    for (generation, model) in models.iter().cycle().skip(1).take(models.len()).enumerate() {
        server.model = (*model).into();
        rig.send(Command::Restart(Box::new(Spec::Server(server.clone()))));
        let view =
            rig.view_when(server.id, "it runs again", |s| s.generation as usize == generation + 2 && s.state == SessionState::Running);
        assert_eq!((view.local.as_deref(), view.model), (Some(at.as_str()), Some(*model)));
        let mut peer = Peer::connect(Transport::Tcp, &at).unwrap();
        peer.send(b"again").unwrap();
        assert_eq!(peer.recv_exactly(5).unwrap(), b"again");
    }
}
