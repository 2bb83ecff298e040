//! How a server lives, under every model: N requests, whom it lets in, idle time-outs, poll intervals, finishing.

use std::time::{Duration, Instant};

use super::contract::case;
use super::harness::{Client, Over, STOP_LIMIT, Server, is_accept, models, serves_only_some, transports_of, until};
use crate::lab::Life;
use crate::trace::End;

fn each(mut test: impl FnMut(&'static crate::model::ModelDef, Over)) {
    for model in models() {
        for over in transports_of(model) {
            case(model.id, *over);
            test(model, *over);
        }
    }
}

fn tries_to_connect(server: &Server) -> std::io::Result<()> {
    let sock = socket2::Socket::new(server.addr.domain(), socket2::Type::STREAM, None)?;
    sock.connect(&server.addr)
}

#[test]
fn after_n_requests_it_serves_those_it_has_and_ends() {
    each(|model, over| {
        let server = Server::living_named(model, over, "echo", Life { requests: 3, ..Life::default() });
        if !Over::STREAMS.contains(&over) {
            let client = server.client("a");
            (0..3).for_each(|n| assert_eq!(client.ask(&[n]), [n]));
            assert!(server.ends());
            assert_eq!(server.board.totals().rx_messages, 3);
            return;
        }
        let one = |n: usize| {
            let client = server.client(&n.to_string());
            assert_eq!(client.ask(b"x"), b"x");
            client
        };
        if model.id == "iterative" {
            drop(one(0));
            drop(one(1));
        }
        let kept: Vec<Client> = (server.board.totals().opened as usize..3).map(one).collect();
        // The door is closed while the last ones are still served. (Where the system can.)
        if cfg!(unix) {
            assert!(until(|| tries_to_connect(&server).is_err()));
        }
        kept.iter().for_each(|client| assert_eq!(client.ask(b"still served"), b"still served"));
        drop(kept);
        assert!(server.ends());
        assert_eq!((server.board.totals().opened, server.open()), (3, 0));
        assert!(server.board.recently_ended(9).iter().all(|e| matches!(*e.2, End::Orderly)));
    });
}

#[test]
fn finishing_up_serves_those_who_are_there_and_a_stop_does_not() {
    each(|model, over| {
        let mut server = Server::living_named(model, over, "echo", Life::default());
        server.control.finish_up();
        assert!(server.ends(), "nothing is left to finish");
        server.stop();

        let server = Server::living_named(model, over, "echo", Life::default());
        let client = server.client("a");
        assert_eq!(client.ask(b"x"), b"x");
        server.control.finish_up();
        if !Over::STREAMS.contains(&over) {
            assert!(server.ends());
            return;
        }
        if cfg!(unix) {
            assert!(until(|| tries_to_connect(&server).is_err()));
        }
        // It neither ends nor spins meanwhile.
        let (start, before) = (Instant::now(), server.tap.counts()[1]);
        while start.elapsed() < Duration::from_millis(50) {
            std::thread::park_timeout(Duration::from_millis(10));
        }
        let wakes = server.tap.counts()[1] - before;
        assert!(model.id == "busy-poll" || wakes < 40, "{wakes} wake-ups");
        assert_eq!(client.ask(b"still here"), b"still here");
        drop(client);
        assert!(server.ends());
        assert!(matches!(*server.last_end(), End::Orderly), "{:?}", server.last_end());

        let mut server = Server::living_named(model, over, "echo", Life::default());
        let client = server.client("a");
        assert_eq!(client.ask(b"x"), b"x");
        server.control.finish_up();
        let took = server.stop();
        assert!(took < STOP_LIMIT, "{took:?}");
        assert_eq!(client.recv_rest(), b"");
        assert!(matches!(*server.last_end(), End::Here), "{:?}", server.last_end());
    });
}

#[cfg(target_os = "linux")]
#[test]
fn who_is_not_let_in_never_reaches_the_service() {
    use crate::lab::Filter;
    use crate::trace::{Call, Unserved};
    let accept = Filter { allow: Vec::new(), deny: vec![Filter::parse_range("127.0.0.2").unwrap()] };
    each(|model, over| {
        let server = Server::living_named(model, over, "echo", Life { accept: accept.clone(), ..Life::default() });
        let inet = matches!(over, Over::Tcp | Over::Udp);
        let stream = Over::STREAMS.contains(&over);
        if inet {
            let kind = if stream { socket2::Type::STREAM } else { socket2::Type::DGRAM };
            let sock = socket2::Socket::new(server.addr.domain(), kind, None).unwrap();
            sock.bind(&std::net::SocketAddr::from(([127, 0, 0, 2], 0)).into()).unwrap();
            sock.connect(&server.addr).unwrap();
            let denied = Client { sock };
            if stream {
                assert_eq!(denied.recv_rest(), b"", "closed at once");
            } else {
                denied.send(b"let me in");
            }
            assert!(until(|| server.board.totals().refused == 1));
            let told: Vec<_> = server.board.drain_troubles().collect();
            assert_eq!(told.len(), 1);
            assert_eq!((told[0].call, told[0].error.to_string()), (Call::Accept, Unserved::TurnedAway.to_string()));
            assert!(told[0].endpoint.starts_with("127.0.0.2:"), "{told:?}");
        }
        assert_eq!(server.client("a").ask(b"x"), b"x");
        // What another process heard is counted a moment later.
        assert!(until(|| server.board.totals().rx_bytes == 1));
        let totals = server.board.totals();
        assert_eq!((totals.opened, totals.refused), (1, inet.into()));
    });
}

#[test]
fn an_idle_connection_is_closed_and_a_busy_one_is_not() {
    let life = Life { idle_timeout_ms: 150, ..Life::default() };
    each(|model, over| {
        let server = Server::living_named(model, over, "echo", life.clone());
        let stream = Over::STREAMS.contains(&over);
        let busy = server.client("busy");
        assert_eq!(busy.ask(b"x"), b"x");
        let busy_id = server.board.live()[0].id;
        let idle = server.client("idle");
        if !stream {
            assert_eq!(idle.ask(b"x"), b"x");
        }
        // On a machine that is itself too busy for that, a pause may have been as long as the limit.
        let (start, mut last, mut longest) = (Instant::now(), Instant::now(), Duration::ZERO);
        while start.elapsed() < Duration::from_millis(500) && longest < Duration::from_millis(100) {
            assert_eq!(busy.ask(b"x"), b"x");
            std::thread::park_timeout(Duration::from_millis(30));
            longest = longest.max(last.elapsed());
            last = Instant::now();
        }
        assert!(longest >= Duration::from_millis(100) || server.board.get(busy_id).is_some(), "it was busy all the time");
        if stream {
            if model.id == "iterative" {
                drop(busy);
            }
            assert_eq!(idle.recv_rest(), b"");
        }
        assert!(until(|| server.board.recently_ended(9).iter().any(|e| matches!(*e.2, End::Idle))), "{:?}", server.board.recently_ended(9));
        assert!(until(|| server.open() == 0));
        assert_eq!(server.board.drain_troubles().count(), 0);
    });
}

#[test]
fn a_peer_that_takes_nothing_is_idle_too() {
    let life = Life { idle_timeout_ms: 200, ..Life::default() };
    for model in models() {
        case(model.id, Over::Tcp);
        let server = Server::living_named(model, Over::Tcp, "echo", life.clone());
        let deaf = server.client("deaf");
        deaf.sock.set_nonblocking(true).unwrap();
        let chunk = super::harness::pattern(64 << 10);
        let start = Instant::now();
        // It goes on sending as long as the server takes it, then neither moves.
        while server.board.recently_ended(1).is_empty() {
            let _full = deaf.sock.send(&chunk);
            assert!(start.elapsed() < super::harness::LIMIT);
            std::thread::park_timeout(Duration::from_millis(1));
        }
        assert!(matches!(*server.last_end(), End::Idle), "{:?}", server.last_end());
    }
}

#[test]
fn no_wait_is_longer_than_the_poll_interval() {
    let life = Life { poll_interval_ms: 20, ..Life::default() };
    each(|model, over| {
        let mut server = Server::living_named(model, over, "echo", life.clone());
        let wakes = || server.tap.counts()[1];
        if model.id != "busy-poll" {
            let before = wakes();
            assert!(until(|| wakes() >= before + 5), "it goes round");
        }
        assert_eq!(server.client("a").ask(b"x"), b"x");
        let took = server.stop();
        assert!(took < STOP_LIMIT, "{took:?}");
        let accepts = server.tap.drain().filter(|call| is_accept(call) && call.errno == 0).count();
        assert!(!Over::STREAMS.contains(&over) || serves_only_some(model) || accepts == 1, "{accepts}");
    });
}
