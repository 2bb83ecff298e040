//! Connections: bytes, ends, many at once, stops.

use std::io::ErrorKind;

use super::harness::{Client, Over, STOP_LIMIT, Server, models, pattern, serves_only_some, until};
use crate::trace::{Call, Doing, End};

fn each(test: impl Fn(&'static crate::model::ModelDef, Over)) {
    for model in models() {
        for over in Over::STREAMS {
            eprintln_case(model.id, *over);
            test(model, *over);
        }
    }
}

#[expect(clippy::print_stderr, reason = "says which case failed; the test harness shows it only then")]
fn eprintln_case(model: &str, over: Over) {
    eprintln!("{model} over {over:?}");
}

#[test]
fn the_simple_services_answer_exact_bytes_and_end_in_order() {
    each(|model, over| {
        for (service, says, hears) in [
            ("echo", &b"a\0b\xff\r\n"[..], &b"a\0b\xff\r\n"[..]),
            ("upper", b"Hello \xc3\xa4\n", b"HELLO \xc3\xa4\n"),
            ("discard", b"into the void", b""),
            ("greeter", b"World", b"Welcome!\nHello, World"),
        ] {
            let server = Server::start(model, over, service);
            let client = server.client("a");
            client.send(says);
            // Half-closing must not lose what is on its way back.
            client.end();
            assert_eq!(client.recv_rest(), hears, "{service}");
            assert!(until(|| server.open() == 0));
            let totals = server.board.totals();
            assert_eq!((totals.rx_bytes, totals.tx_bytes, totals.opened), (says.len() as u64, hears.len() as u64, 1));
            let ended = server.board.recently_ended(1);
            assert!(matches!(*ended[0].2, End::Orderly), "{:?}", ended[0].2);
        }
    });
}

#[test]
fn the_greeter_leaves_when_it_is_told_to() {
    each(|model, over| {
        let server = Server::start(model, over, "greeter");
        let client = server.client("a");
        assert_eq!(client.recv_exact(9), b"Welcome!\n");
        client.send(b"exit\n");
        assert_eq!(client.recv_rest(), b"");
        assert!(until(|| server.open() == 0));
        assert!(matches!(*server.board.recently_ended(1)[0].2, End::Service));
    });
}

#[test]
fn large_messages_echo_exactly_also_to_a_slow_reader() {
    let message = pattern(3_000_000);
    each(|model, over| {
        let server = Server::start(model, over, "echo");
        let client = server.client("a");
        std::thread::scope(|scope| {
            // Reads nothing until the writer is well ahead: the server must hold back without losing a byte.
            let reader = scope.spawn(|| {
                assert!(until(|| server.board.totals().rx_bytes > 100_000));
                client.recv_exact(200_000);
                client.recv_rest()
            });
            client.send(&message);
            client.end();
            assert!(reader.join().unwrap() == message[200_000..], "the rest differs");
        });
    });
}

#[test]
fn a_selector_stops_reading_from_a_peer_that_does_not_read() {
    for model in models().filter(|m| m.group == crate::model::ModelGroup::Multiplexing) {
        let server = Server::start(model, Over::Tcp, "echo");
        let (greedy, other) = (server.client("a"), server.client("b"));
        greedy.sock.set_nonblocking(true).unwrap();
        let (chunk, mut sent) = (pattern(64 << 10), 0_u64);
        // Until the window closes and stays closed while the other peer is served a few times.
        let mut stuck = 0;
        while stuck < 20 {
            match greedy.sock.send(&chunk) {
                Ok(n) => (sent, stuck) = (sent + n as u64, 0),
                Err(e) if e.kind() == ErrorKind::WouldBlock => {
                    assert_eq!(other.ask(b"ping"), b"ping");
                    stuck += 1;
                }
                Err(e) => panic!("{e}"),
            }
        }
        let totals = server.board.totals();
        let held = totals.rx_bytes - totals.tx_bytes;
        assert!(held <= (256 + 128) << 10, "{} holds {held} of {sent} bytes", model.id);
    }
}

#[test]
fn a_hundred_connections_at_once() {
    for model in models().filter(|m| !serves_only_some(m)) {
        for over in Over::STREAMS {
            let server = Server::start(model, *over, "echo");
            let clients: Vec<Client> = (0..100).map(|n| server.client(&n.to_string())).collect();
            let say = |n: usize| pattern(100 + n);
            clients.iter().enumerate().for_each(|(n, client)| client.send(&say(n)));
            for (n, client) in clients.iter().enumerate() {
                assert_eq!(client.recv_exact(100 + n), say(n), "{} over {over:?}", model.id);
            }
            assert!(until(|| server.open() == 100));
            drop(clients);
            assert!(until(|| server.open() == 0));
            assert_eq!(server.board.totals().opened, 100);
        }
    }
}

#[test]
fn under_iterative_the_second_client_waits_until_the_first_leaves() {
    let model = crate::model::find("iterative").unwrap();
    let server = Server::start(model, Over::Tcp, "echo");
    let (first, second) = (server.client("a"), server.client("b"));
    assert_eq!(first.ask(b"one"), b"one");
    second.send(b"two");
    assert_eq!(server.board.totals().opened, 1);
    if cfg!(target_os = "linux") {
        assert_eq!(server.control.listener_queue().map(|q| (q.waiting, q.limit)), Ok((1, 512)));
    }
    assert_eq!(first.ask(b"still me"), b"still me");
    assert_eq!(server.board.totals().opened, 1, "nobody was accepted meanwhile");
    drop(first);
    assert_eq!(second.recv_exact(3), b"two");
}

#[test]
fn a_reset_by_the_peer_ends_only_that_connection() {
    for model in models() {
        let server = Server::start(model, Over::Tcp, "echo");
        let client = server.client("a");
        assert_eq!(client.ask(b"x"), b"x");
        client.sock.set_linger(Some(std::time::Duration::ZERO)).unwrap();
        drop(client);
        assert!(until(|| server.board.recently_ended(9).len() == 1));
        assert!(matches!(*server.board.recently_ended(1)[0].2, End::Reset), "{:?}", server.board.recently_ended(1));
        assert_eq!(server.client("b").ask(b"y"), b"y");
    }
}

#[test]
fn stops_while_clients_are_connected_idle_and_not_reading() {
    each(|model, over| {
        let mut server = Server::start(model, over, "echo");
        let idle: Vec<Client> = (0..20).map(|n| server.client(&n.to_string())).collect();
        assert_eq!(idle[0].ask(b"hello"), b"hello");
        let deaf = server.client("deaf");
        deaf.sock.set_nonblocking(true).unwrap();
        let served = if model.id == "iterative" { 1 } else { 21 };
        assert!(until(|| server.open() == served));
        // Send until the server can no longer answer, nor take more.
        let chunk = pattern(64 << 10);
        let mut stuck = 0;
        while stuck < 50 {
            match deaf.sock.send(&chunk) {
                Ok(_) => stuck = 0,
                Err(e) => {
                    assert_eq!(e.kind(), ErrorKind::WouldBlock);
                    stuck += 1;
                    std::thread::park_timeout(std::time::Duration::from_millis(1));
                }
            }
        }
        if model.id == "threads" {
            let in_send = || server.tap.lanes(100).iter().any(|lane| matches!(lane.doing(), Doing::InCall(Call::Send, ..)));
            assert!(until(in_send), "the worker of the deaf client sleeps in send");
        }
        let took = server.stop();
        assert!(took < STOP_LIMIT, "the stop took {took:?}");
        if model.id != "iterative" {
            assert_eq!(idle[19].recv_rest(), b"");
        }
        for ended in server.board.recently_ended(100) {
            assert!(matches!(*ended.2, End::Here), "{:?}", ended.2);
        }
    });
}

/// Sets the flag when it goes, in whatever way.
struct Ends<'a>(&'a std::sync::atomic::AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

#[test]
fn stops_while_connections_come_and_go() {
    each(|model, over| {
        let mut server = Server::start(model, over, "echo");
        let addr = server.addr.clone();
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            // A failed assertion ends the flood too, which the scope waits for.
            let _ends = Ends(&done);
            let flood = || {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let sock = socket2::Socket::new(addr.domain(), socket2::Type::STREAM, None).unwrap();
                    sock.set_nonblocking(true).unwrap();
                    let _refused_once_it_stopped = sock.connect(&addr);
                    let _not_connected = sock.send(b"x");
                }
            };
            scope.spawn(flood);
            assert!(until(|| server.board.totals().opened > 20), "{} {over:?}", model.id);
            let took = server.stop();
            assert!(took < STOP_LIMIT, "{} {over:?}: the stop took {took:?}", model.id);
        });
    });
}
