//! What a person does to a running server: sends, schedules, closes, resets.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::harness::{Client, LIMIT, Over, STOP_LIMIT, Server, datagram_models, models, pattern, transports_of, until};
use crate::model::{Ending, To};
use crate::sys::{PollFd, Sock, poll};
use crate::trace::{ConnStage, End};

fn ready(clients: &[&Client]) {
    clients.iter().for_each(|client| assert_eq!(client.ask(b"?"), b"?"));
}

#[test]
fn sends_to_one_and_to_all() {
    for model in models().filter(|m| m.id != "iterative") {
        for over in transports_of(model) {
            let server = Server::start(model, *over, "echo");
            let (a, b) = (server.client("a"), server.client("b"));
            ready(&[&a, &b]);
            let live = server.board.live();
            server.control.send(To::One(live[1].id), Arc::from(&b"for you"[..]), Duration::ZERO, 1);
            assert_eq!(b.recv_exact(7), b"for you", "{} over {over:?}", model.id);
            assert!(until(|| server.control.progress().is_none()));
            server.control.send(To::All, Arc::from(&b"all"[..]), Duration::from_millis(1), 3);
            for client in [&a, &b] {
                (0..3).for_each(|_| assert_eq!(client.recv_exact(3), b"all"));
            }
            assert!(until(|| server.control.progress().is_none()));
            // What another process sent is counted a moment later.
            assert!(until(|| live[1].totals().tx_bytes == 1 + 7 + 9));
        }
    }
}

#[test]
fn a_schedule_goes_on_until_it_is_stopped_and_nobody_waits_for_a_deaf_peer() {
    for model in models().filter(|m| m.id != "iterative") {
        for over in Over::STREAMS {
            let server = Server::start(model, *over, "echo");
            let (deaf, listener) = (server.client("a"), server.client("b"));
            ready(&[&deaf, &listener]);
            let message = pattern(10_000);
            server.control.send(To::All, Arc::from(&message[..]), Duration::ZERO, 0);
            // Far more than the deaf peer's buffers hold.
            for _ in 0..1_500 {
                assert!(listener.recv_exact(10_000) == message);
            }
            assert!(until(|| server.control.progress().is_some_and(|(done, of)| done >= 1_500 && of == 0)));
            server.control.stop_sending();
            assert_eq!(server.control.progress(), None);
            assert_eq!(server.board.drain_troubles().count(), 0);
            drop(deaf);
        }
    }
}

#[test]
fn a_send_to_nobody_is_over_at_once() {
    let server = Server::start(models().next().unwrap(), Over::Tcp, "echo");
    server.control.send(To::All, Arc::from(&b"x"[..]), Duration::ZERO, 5);
    assert!(until(|| server.control.progress().is_none()));
    server.control.send(To::All, Arc::from(&b"hello"[..]), Duration::ZERO, 0);
    // Whoever comes is sent to.
    assert_eq!(server.client("a").recv_exact(5), b"hello");
}

#[test]
fn closes_in_order_by_half_and_by_reset() {
    for model in models() {
        for over in Over::STREAMS {
            let server = Server::start(model, *over, "echo");
            let case = format!("{} over {over:?}", model.id);

            let client = server.client("a");
            ready(&[&client]);
            server.control.close(&[server.board.live()[0].id], Ending::Orderly);
            assert_eq!(client.recv_rest(), b"", "{case}");
            assert!(until(|| server.open() == 0), "{case}");

            let client = server.client("b");
            ready(&[&client]);
            let conn = Arc::clone(&server.board.live()[0]);
            server.control.close(&[conn.id], Ending::HalfClose);
            assert_eq!(client.recv_rest(), b"", "{case}");
            assert_eq!(conn.stage(), ConnStage::LocalEnded);
            client.send(b"still heard");
            assert!(until(|| conn.totals().rx_bytes == 12), "{case}");
            client.end();
            assert!(until(|| server.open() == 0), "{case}");
            assert!(matches!(*server.board.recently_ended(1)[0].2, End::Orderly), "{case}");

            let client = server.client("c");
            ready(&[&client]);
            server.control.close(&[server.board.live()[0].id], Ending::Reset);
            match client.recv() {
                Err(error) if *over == Over::Tcp => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{case}"),
                // Unix sockets know no RST.
                Ok(data) if *over != Over::Tcp => assert_eq!(data, b"", "{case}"),
                other => panic!("{case}: {other:?}"),
            }
            assert!(until(|| server.open() == 0), "{case}");
            assert!(matches!(*server.board.recently_ended(1)[0].2, End::Here), "{case}");
        }
    }
}

#[test]
fn a_peer_that_does_not_read_is_reset_while_its_worker_sleeps_in_send() {
    for model in models() {
        let server = Server::start(model, Over::Tcp, "echo");
        let client = server.client("a");
        ready(&[&client]);
        client.sock.set_nonblocking(true).unwrap();
        let chunk = pattern(64 << 10);
        let mut stuck = 0;
        while stuck < 50 {
            match client.sock.send(&chunk) {
                Ok(_) => stuck = 0,
                Err(_) => {
                    stuck += 1;
                    std::thread::park_timeout(Duration::from_millis(1));
                }
            }
        }
        // An operator that sends to it at the same time must not keep it alive.
        server.control.send(To::All, Arc::from(&b"more"[..]), Duration::ZERO, 0);
        server.control.close(&[server.board.live()[0].id], Ending::Reset);
        assert!(until(|| server.open() == 0), "{}", model.id);
        // Reading makes room, and before the close that room would let the FIN through: wait for the RST unread.
        let (lane, sock) = (server.tap.lane("client"), Sock::from(client.sock.try_clone().unwrap()));
        let hung_up = || {
            let mut fds = [PollFd::new(&sock, true, false)];
            poll(&lane, &mut fds, Some(Duration::ZERO)).unwrap();
            fds[0].is_hung_up()
        };
        assert!(until(hung_up), "{}", model.id);
        client.sock.set_nonblocking(false).unwrap();
        let start = Instant::now();
        let error = loop {
            match client.recv() {
                Ok(data) => assert!(!data.is_empty() && start.elapsed() < LIMIT, "{}: no RST came", model.id),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{}", model.id);
    }
}

#[test]
fn a_datagram_peer_is_forgotten_and_met_again() {
    for model in datagram_models() {
        for over in Over::DATAGRAMS {
            let server = Server::start(model, *over, "echo");
            let client = server.client("a");
            ready(&[&client]);
            server.control.close(&[server.board.live()[0].id], Ending::Orderly);
            assert_eq!(server.open(), 0);
            ready(&[&client]);
            assert_eq!((server.open(), server.board.totals().opened), (1, 2));
        }
    }
}

#[test]
fn stops_while_an_operator_sends_as_fast_as_it_can() {
    for model in models() {
        for over in transports_of(model) {
            let mut server = Server::start(model, *over, "echo");
            let client = server.client("a");
            ready(&[&client]);
            server.control.send(To::All, Arc::from(&pattern(1_000)[..]), Duration::ZERO, 0);
            client.recv_exact(1_000);
            let took = server.stop();
            assert!(took < STOP_LIMIT, "{} over {over:?}: {took:?}", model.id);
            assert_eq!(server.control.progress(), None);
        }
    }
}

#[test]
fn buffers_of_a_live_connection_can_be_asked() {
    let server = Server::start(crate::model::find("poll").unwrap(), Over::Tcp, "echo");
    let client = server.client("a");
    ready(&[&client]);
    let id = server.board.live()[0].id;
    assert_eq!(server.control.buffers(id).and_then(|b| b.unread), Some(0));
    drop(client);
    assert!(until(|| server.control.buffers(id).is_none()));
}
