//! Datagrams: exact bytes, empty and largest, peers on the board, stops.

#[cfg(unix)]
use super::harness::STOP_LIMIT;
use super::harness::{Over, Server, datagram_models, pattern, until};

#[test]
fn datagrams_echo_exactly_also_empty_and_largest() {
    for model in datagram_models() {
        for over in Over::DATAGRAMS {
            let server = Server::start(model, *over, "echo");
            let (one, two) = (server.client("one"), server.client("two"));
            for len in [1, 0, 65_507, 1_400] {
                assert_eq!(one.sock.send(&pattern(len)).unwrap(), len);
                assert!(one.recv().unwrap() == pattern(len), "{} over {over:?}: {len} bytes differ", model.id);
            }
            two.send(b"me too");
            assert_eq!(two.recv().unwrap(), b"me too");
            let live = server.board.live();
            assert_eq!(live.len(), 2, "each peer stands on the board");
            assert!(live.iter().all(|conn| conn.fd == live[0].fd));
            let totals = live[0].totals();
            assert_eq!((totals.rx_messages, totals.tx_messages, totals.rx_bytes), (4, 4, 66_908));
        }
    }
}

#[test]
fn every_service_answers_datagrams() {
    for model in datagram_models() {
        for over in Over::DATAGRAMS {
            for (service, says, hears) in [("upper", "aBc", "ABC"), ("greeter", "World", "Hello, World"), ("echo", "x", "x")] {
                let server = Server::start(model, *over, service);
                let client = server.client("a");
                client.send(says.as_bytes());
                assert_eq!(client.recv().unwrap(), hears.as_bytes(), "{} over {over:?}", model.id);
            }
            let server = Server::start(model, *over, "greeter");
            let client = server.client("a");
            client.send(b"exit");
            assert!(until(|| server.board.totals().opened == 1 && server.open() == 0), "the greeter left");
            client.send(b"me");
            assert_eq!(client.recv().unwrap(), b"Hello, me");
            let silent = Server::start(model, *over, "discard");
            silent.client("a").send(b"gone");
            assert!(until(|| silent.board.totals().rx_bytes == 4));
            assert_eq!(silent.board.totals().tx_messages, 0);
        }
    }
}

#[test]
fn peers_on_the_board_are_bounded() {
    for model in datagram_models() {
        let server = Server::start(model, Over::Udp, "echo");
        for n in 0..1_100 {
            let client = server.client("a");
            client.send(b"x");
            assert_eq!(client.recv().unwrap(), b"x", "client {n}");
        }
        // The system may give a port twice.
        assert!(server.open() <= 1_024 && server.board.totals().opened > 1_024, "{:?}", server.board.totals());
    }
}

#[cfg(unix)]
#[test]
fn a_nameless_peer_is_counted_and_told_once() {
    for model in datagram_models() {
        let server = Server::start(model, Over::UnixDgram, "echo");
        let sock = socket2::Socket::new(server.addr.domain(), socket2::Type::DGRAM, None).unwrap();
        for _ in 0..3 {
            sock.send_to(b"who am I", &server.addr).unwrap();
        }
        assert!(until(|| server.board.totals().rx_messages == 3));
        assert_eq!(server.client("named").ask(b"served on"), b"served on");
        assert_eq!(server.board.drain_troubles().count(), 1, "{}", model.id);
    }
}

#[cfg(unix)]
#[test]
fn a_deaf_peer_costs_the_others_nothing_under_a_selector_and_nobody_a_stop() {
    for model in datagram_models() {
        let mut server = Server::start(model, Over::UnixDgram, "echo");
        let (deaf, other) = (server.client("deaf"), server.client("other"));
        deaf.sock.set_nonblocking(true).unwrap();
        let mut stuck = 0;
        let message = pattern(5_000);
        let blocking = model.group == crate::model::ModelGroup::Blocking;
        while stuck < 50 && server.board.totals().rx_messages < 500 {
            match deaf.sock.send(&message) {
                Ok(_) => stuck = 0,
                Err(e) => {
                    // ENOBUFS is macOS' word for it.
                    assert!(e.kind() == std::io::ErrorKind::WouldBlock || cfg!(target_vendor = "apple"), "{e}");
                    stuck += 1;
                    std::thread::park_timeout(std::time::Duration::from_millis(2));
                }
            }
        }
        if !blocking {
            // What the deaf peer has not read fills the server's buffer for all (unix(7)); the answer waits, it is not lost.
            other.send(b"ping");
            assert!(until(|| server.board.totals().opened == 2));
            other.sock.set_nonblocking(true).unwrap();
            let answered = || {
                while deaf.recv().is_ok() {}
                other.recv().is_ok_and(|data| data == b"ping")
            };
            assert!(until(answered), "{}", model.id);
        }
        let took = server.stop();
        assert!(took < STOP_LIMIT, "{}: the stop took {took:?}", model.id);
    }
}
