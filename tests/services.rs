//! Every service as an outside peer meets it, under every model and over every transport: with exact bytes, and with the
//! settings that make the difference. What a service decides is tested beside it; here a model carries it out.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::io;
use std::time::{Duration, Instant};

use socketlab::engine::catalog;
use socketlab::lab::{Server, Transport};
use support::{Peer, Rig, models, transports};

/// Each model with each transport that it serves, and a server of this service, set as typed on the command line.
fn grid(service: &str, settings: &[(&str, &str)], mut each: impl FnMut(&Rig, &Server, &str)) {
    let rig = Rig::new();
    for model in models() {
        for transport in transports().into_iter().filter(|t| catalog::conflict(*t, model).is_none()) {
            let mut server = rig.server(transport, model, service);
            for (id, value) in settings {
                let def = catalog::service_settings(service).iter().find(|def| def.id == *id).unwrap();
                server.service_settings.set(id, def.parse(value).unwrap());
            }
            let at = rig.start(&server);
            each(&rig, &server, &at);
            rig.stop(server.id);
        }
    }
}

fn connect(server: &Server, at: &str) -> Peer {
    Peer::connect(server.transport, at).unwrap()
}

/// One line of a stream, or one datagram.
fn line(peer: &mut Peer) -> String {
    let mut line = Vec::new();
    let mut buf = vec![0; if peer.is_stream() { 1 } else { 65_536 }];
    while line.last() != Some(&b'\n') {
        let n = peer.recv(&mut buf).unwrap();
        assert!(n > 0, "it ended after {:?}", String::from_utf8_lossy(&line));
        line.extend_from_slice(&buf[..n]);
    }
    String::from_utf8(line).unwrap()
}

#[test]
fn list_echo_answers_items_however_they_were_cut() {
    grid("list-echo", &[("delimiter", ";")], |_, server, at| {
        let mut peer = connect(server, at);
        peer.send(b"one;two;thr").unwrap();
        let mut heard = peer.recv_exactly(4).unwrap();
        heard.extend(peer.recv_exactly(4).unwrap());
        peer.send(b"ee;").unwrap();
        heard.extend(peer.recv_exactly(6).unwrap());
        assert_eq!(heard, b"one;two;three;", "{} {}", server.model, server.transport);
    });
}

#[test]
fn a_delayed_answer_comes_in_order_and_not_before_its_time() {
    grid("delayed", &[("delay_ms", "60")], |_, server, at| {
        let mut peer = connect(server, at);
        let begin = Instant::now();
        peer.send(b"first ").unwrap();
        peer.send(b"second").unwrap();
        let mut heard = peer.recv_exactly(6).unwrap();
        heard.extend(peer.recv_exactly(6).unwrap());
        assert_eq!(heard, b"first second", "{} {}", server.model, server.transport);
        assert!(begin.elapsed() >= Duration::from_millis(59), "{} {}: {:?}", server.model, server.transport, begin.elapsed());
        if peer.is_stream() {
            peer.send(b"third").unwrap();
            peer.half_close().unwrap();
            assert_eq!(peer.recv_to_end().unwrap(), b"third", "{}: what waits is sent before it closes", server.model);
        }
    });
}

#[test]
fn a_delayed_greeter_leaves_after_what_it_has_to_say() {
    grid("greeter", &[("delay_ms", "30"), ("greeting", "220 ready\\r\\n")], |_, server, at| {
        let mut peer = connect(server, at);
        if peer.is_stream() {
            assert_eq!(line(&mut peer), "220 ready\r\n");
        }
        peer.send(b"you\n").unwrap();
        assert_eq!(line(&mut peer), "Hello, you\n", "{} {}", server.model, server.transport);
        if peer.is_stream() {
            peer.send(b"exit").unwrap();
            assert_eq!(peer.recv_to_end().unwrap(), b"", "{}", server.model);
        }
    });
}

#[test]
fn chargen_goes_on_line_after_line() {
    grid("chargen", &[], |_, server, at| {
        let mut peer = connect(server, at);
        if !peer.is_stream() {
            peer.send(b"?").unwrap();
            assert!(peer.recv_exactly(1_000).unwrap().len() <= 512, "{} {}", server.model, server.transport);
            return;
        }
        // More than the buffers of the kernel hold, so that it has to wait for room.
        for n in 0..60_000_usize {
            let heard = peer.recv_exactly(74).unwrap();
            let place = |at: usize| b' ' + ((n + at) % 95) as u8;
            assert!((0..72).all(|at| heard[at] == place(at)) && heard.ends_with(b"\r\n"), "{} line {n}: {heard:?}", server.model);
        }
    });
}

#[test]
fn daytime_tells_the_time_and_closes() {
    grid("daytime", &[], |_, server, at| {
        let mut peer = connect(server, at);
        let told = if peer.is_stream() {
            String::from_utf8(peer.recv_to_end().unwrap()).unwrap()
        } else {
            peer.send(b"").unwrap();
            line(&mut peer)
        };
        assert!(told.len() == 22 && told.starts_with("20") && told.ends_with("Z\r\n"), "{} {}: {told}", server.model, server.transport);
    });
}

#[test]
fn chat_reaches_all_others_and_says_who_comes_and_goes() {
    grid("chat", &[], |rig, server, at| {
        // One that serves one client at a time has no second member.
        if server.model == "iterative" && server.transport.is_stream() {
            return;
        }
        let about = format!("{} {}", server.model, server.transport);
        let open = |n| rig.view_when(server.id, "members", |s| s.counters.open == n);
        let mut one = connect(server, at);
        // Once it was heard it has joined: a child process says so some time after it was accepted.
        one.send(if one.is_stream() { b"here\n" } else { b"here" }).unwrap();
        rig.view_when(server.id, "the first has joined", |s| s.counters.open == 1 && s.counters.rx_bytes >= 4);
        let mut two = connect(server, at);
        two.send(b"hel").unwrap();
        if two.is_stream() {
            two.send(b"lo\n").unwrap();
        }
        let word = if two.is_stream() { "hello" } else { "hel" };
        assert!(line(&mut one).ends_with("] joined\n"), "{about}");
        assert!(line(&mut one).ends_with(&format!("] {word}\n")), "{about}");
        one.send(b"and you?\n").unwrap();
        assert!(line(&mut two).ends_with("] and you?\n"), "{about}: nobody hears himself");
        two.send(b"quit\n").unwrap();
        assert!(line(&mut one).ends_with("] left\n"), "{about}");
        if two.is_stream() {
            assert_eq!(two.recv_to_end().unwrap(), b"", "{about}");
        }
        open(1);
    });
}

#[test]
fn a_failed_request_ends_its_connection_and_never_the_server() {
    grid("faulty", &[("fail_on", "oops")], |_, server, at| {
        let about = format!("{} {}", server.model, server.transport);
        let mut peer = connect(server, at);
        peer.send(b"well").unwrap();
        assert_eq!(peer.recv_exactly(4).unwrap(), b"well", "{about}");
        peer.send(b"oops").unwrap();
        if peer.is_stream() {
            assert!(is_over(peer.recv(&mut [0; 9])), "{about}");
        }
        let mut next = connect(server, at);
        next.send(b"again").unwrap();
        assert_eq!(next.recv_exactly(5).unwrap(), b"again", "{about}");
    });
}

/// The end of a stream, orderly or by a reset.
fn is_over(result: io::Result<usize>) -> bool {
    match result {
        Ok(n) => n == 0,
        Err(error) => matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted),
    }
}

#[test]
fn those_that_read_little_read_little() {
    grid("silent", &[], |rig, server, at| {
        let mut peer = connect(server, at);
        peer.send(b"anyone?").unwrap();
        if peer.is_stream() {
            rig.view_when(server.id, "it is accepted", |s| s.counters.opened == 1);
        }
        let begin = Instant::now();
        let quiet = |s: &socketlab::engine::SessionView| {
            assert_eq!(s.counters.rx_bytes, 0, "{} {}", server.model, server.transport);
            begin.elapsed() > Duration::from_millis(50)
        };
        rig.view_when(server.id, "50 ms of silence", quiet);
    });
    grid("slow-reader", &[("bytes", "10"), ("every_ms", "20")], |rig, server, at| {
        let mut peer = connect(server, at);
        let begin = Instant::now();
        (0..5).for_each(|_| peer.send(b"0123456789").unwrap());
        rig.view_when(server.id, &format!("{} {} has read it all", server.model, server.transport), |s| s.counters.rx_bytes == 50);
        assert!(begin.elapsed() >= Duration::from_millis(79), "{} {}: {:?}", server.model, server.transport, begin.elapsed());
    });
}

#[test]
fn those_that_end_end_as_they_say() {
    let streams = |server: &Server| server.transport.is_stream();
    grid("half-closer", &[("on_open", "on")], |rig, server, at| {
        let mut peer = connect(server, at);
        if !streams(server) {
            peer.send(b"x").unwrap();
            assert_eq!(line(&mut peer), "Goodbye!\n", "{} {}", server.model, server.transport);
            return;
        }
        assert_eq!(peer.recv_to_end().unwrap(), b"Goodbye!\n", "{} {}", server.model, server.transport);
        peer.send(b"still read").unwrap();
        rig.view_when(server.id, "it reads on", |s| s.counters.rx_bytes == 10);
    });
    grid("resetter", &[], |_, server, at| {
        let mut peer = connect(server, at);
        peer.send(b"x").unwrap();
        if streams(server) {
            let end = peer.recv(&mut [0; 9]);
            let is_reset = matches!(&end, Err(error) if error.kind() == io::ErrorKind::ConnectionReset);
            // A Unix stream knows no RST: its peer sees the end (unix(7)).
            assert!(is_reset || server.transport == Transport::UnixStream && is_over(end), "{} {}", server.model, server.transport);
        }
    });
    grid("manual", &[], |rig, server, at| {
        let mut peer = connect(server, at);
        peer.send(b"anyone?").unwrap();
        peer.half_close().unwrap();
        let about = "it stays for a person to answer";
        rig.view_when(server.id, about, |s| s.counters.rx_bytes == 7 && s.counters.open == 1 && s.counters.tx_bytes == 0);
    });
}
