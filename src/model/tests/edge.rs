//! Edge-triggered: with the classic mistakes it stalls, without them it never does, nor does anybody starve.

use std::time::{Duration, Instant};

use super::harness::{Client, Over, Server, pattern, until};
use crate::model::{ModelDef, find};
use crate::settings::Setting;
use crate::trace::{Call, Doing};

fn epoll_et() -> &'static ModelDef {
    find("epoll-et").unwrap()
}

fn mistake(over: Over, settings: &[(&str, Setting)]) -> Server {
    Server::with_settings(epoll_et(), over, "echo", settings)
}

/// The server's thread sleeps in `epoll_wait`, and went on doing so for a while.
fn stalls(server: &Server) -> bool {
    let lanes = server.tap.lanes(1);
    let calls = || (matches!(lanes[0].doing(), Doing::InCall(Call::EpollWait, ..)), lanes[0].counts()[0]);
    let mut before = calls();
    let mut since = Instant::now();
    until(|| calls().0) && {
        let start = Instant::now();
        while since.elapsed() < Duration::from_millis(200) && start.elapsed() < Duration::from_secs(10) {
            std::thread::park_timeout(Duration::from_millis(10));
            let now = calls();
            if now != before || !now.0 {
                (before, since) = (now, Instant::now());
            }
        }
        since.elapsed() >= Duration::from_millis(200)
    }
}

#[test]
fn one_read_per_event_strands_600_of_1000_bytes() {
    let small = ("read_bytes", Setting::Number(400));
    for over in Over::STREAMS {
        let server = mistake(*over, &[("read_once", Setting::Switch(true)), small.clone()]);
        let client = server.client("a");
        client.send(&pattern(1_000));
        assert_eq!(client.recv_exact(400), pattern(1_000)[..400]);
        assert!(stalls(&server), "{over:?}");
        let conn = server.board.live()[0].clone();
        assert_eq!((conn.totals().rx_bytes, conn.totals().rx_messages), (400, 1), "{over:?}");
        if *over == Over::Tcp {
            assert_eq!(server.control.buffers(conn.id).and_then(|b| b.unread), Some(600), "they stay in the kernel");
        }
        // Something new comes: one more event, one more read.
        client.send(b"!");
        assert_eq!(client.recv_exact(400), pattern(1_000)[400..800], "{over:?}");
        assert!(stalls(&server), "{over:?}");
        assert_eq!(conn.totals().rx_bytes, 800);
        // Without the mistake the same small reads strand nothing.
        let server = mistake(*over, std::slice::from_ref(&small));
        let client = server.client("b");
        assert_eq!(client.ask(&pattern(1_000)), pattern(1_000));
        assert_eq!(server.board.live()[0].totals().rx_messages, 3);
    }
}

#[test]
fn one_accept_per_event_leaves_nine_of_ten_at_the_door() {
    for over in Over::STREAMS {
        for (once, accepted) in [(true, 1), (false, 10)] {
            let mut server = Server::bound(epoll_et(), *over, "echo", &[("accept_once", Setting::Switch(once))], 64);
            let clients: Vec<Client> = (0..10).map(|n| server.client(&n.to_string())).collect();
            server.serve();
            assert!(until(|| server.board.totals().opened == accepted));
            assert!(stalls(&server), "{over:?}");
            assert_eq!(server.board.totals().opened, accepted, "{over:?}");
            if *over == Over::Tcp {
                assert_eq!(server.control.listener_queue().map(|q| q.waiting), Ok(10 - accepted as u32));
            }
            assert_eq!(clients[0].ask(b"served"), b"served");
            // One more comes: one more is accepted, the one that waited longest.
            let _late = server.client("late");
            assert!(until(|| server.board.totals().opened == accepted + 1), "{over:?}");
        }
    }
}

#[test]
fn one_read_per_event_strands_datagrams_too() {
    for (once, heard) in [(true, 1), (false, 10)] {
        let mut server = Server::bound(epoll_et(), Over::Udp, "echo", &[("read_once", Setting::Switch(once))], 0);
        let client = server.client("a");
        (0..10).for_each(|n| assert_eq!(client.sock.send(&[n]).unwrap(), 1));
        server.serve();
        assert!(until(|| server.board.totals().rx_messages == heard));
        assert!(stalls(&server));
        assert_eq!(server.board.totals().rx_messages, heard);
    }
}

#[test]
fn ten_thousand_messages_of_fifty_clients_never_stall() {
    for over in Over::STREAMS {
        for read_bytes in [65_536, 400] {
            let server = mistake(*over, &[("read_bytes", Setting::Number(read_bytes))]);
            std::thread::scope(|scope| {
                for n in 0..50_usize {
                    let client = server.client(&n.to_string());
                    scope.spawn(move || {
                        for round in 0..200_usize {
                            // 1 B to 20 KB; each size that a buffer ends at is among them.
                            let size = [1, 399, 400, 401, 1_000, 65_536 / 16, 20_000][(n + round) % 7] + round % 3;
                            assert!(client.ask(&pattern(size)) == pattern(size), "client {n}, round {round}");
                        }
                    });
                }
            });
            assert_eq!(server.board.totals().opened, 50);
        }
    }
}

#[test]
fn who_was_not_read_for_want_of_room_is_read_on_without_being_told() {
    for over in Over::STREAMS {
        let server = mistake(*over, &[]);
        let client = server.client("a");
        let message = pattern(12_000_000);
        std::thread::scope(|scope| {
            scope.spawn(|| client.send(&message));
            // It reads nothing until the server has stopped reading as well and sleeps, with bytes unread.
            assert!(until(|| stalls(&server)));
            let conn = server.board.live()[0].clone();
            let held = conn.totals().rx_bytes - conn.totals().tx_bytes;
            assert!(held > 0 && conn.totals().rx_bytes < 12_000_000, "{over:?}: {held} wait");
            assert!(client.recv_exact(message.len()) == message, "{over:?}");
        });
    }
}

#[test]
fn an_endless_sender_starves_nobody() {
    let server = Server::start(epoll_et(), Over::Tcp, "discard");
    let (greedy, other) = (server.client("greedy"), server.client("other"));
    assert!(until(|| server.open() == 2));
    let live = server.board.live();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let chunk = pattern(256 << 10);
            // Until the server is closed to it, below or by a failed assertion.
            while matches!(greedy.sock.send(&chunk), Ok(n) if n > 0) {}
        });
        let _end = Ending(&greedy);
        assert!(until(|| live[0].totals().rx_bytes > 10_000_000));
        for n in 1..=50 {
            let before = live[0].totals().rx_bytes;
            other.send(b"x");
            assert!(until(|| live[1].totals().rx_bytes == n), "message {n} is not read");
            assert!(until(|| live[0].totals().rx_bytes > before), "the endless sender has its turns too");
        }
    });
}

/// Ends a client's sending, also when an assertion fails.
struct Ending<'a>(&'a Client);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        let _gone = self.0.sock.shutdown(std::net::Shutdown::Both);
    }
}
