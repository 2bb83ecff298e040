//! What a service may ask for happens under every model: timers, more to send, its pace, resets, failures, panics.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::harness::{Over, STOP_LIMIT, Server, models_here, pattern, serves_only_some, transports_of, until};
use crate::lab::Life;
use crate::model::{Ending, ModelGroup};
use crate::service::{Actions, Handler, Pace, Peer, Service};
use crate::trace::{End, Unserved};

/// A service of two functions, and a count of those who are gone.
#[derive(Clone)]
pub(super) struct Script {
    pub bytes: fn(&[u8], &mut Actions),
    pub later: fn(&mut Actions),
    pub pace: Pace,
    pub gone: Arc<AtomicUsize>,
}

impl Script {
    pub fn new(bytes: fn(&[u8], &mut Actions), later: fn(&mut Actions)) -> Self {
        Self { bytes, later, pace: Pace::Eager, gone: Arc::default() }
    }

    fn gone(&self) -> usize {
        self.gone.load(Ordering::SeqCst)
    }
}

impl Service for Script {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(self.clone())
    }

    fn pace(&self) -> Pace {
        self.pace
    }
}

impl Handler for Script {
    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        (self.bytes)(data, out);
    }

    fn on_timer(&mut self, out: &mut Actions) {
        (self.later)(out);
    }

    fn on_room(&mut self, out: &mut Actions) {
        (self.later)(out);
    }

    fn on_gone(&mut self, _out: &mut Actions) {
        self.gone.fetch_add(1, Ordering::SeqCst);
    }
}

fn serve(model: &'static crate::model::ModelDef, over: Over, script: &Script) -> Server {
    Server::living(model, over, Arc::new(script.clone()), Life::default())
}

fn each(test: impl Fn(&'static crate::model::ModelDef, Over)) {
    for model in models_here() {
        for over in transports_of(model) {
            case(model.id, *over);
            test(model, *over);
        }
    }
}

#[expect(clippy::print_stderr, reason = "says which case failed; the test harness shows it only then")]
pub(super) fn case(model: &str, over: Over) {
    eprintln!("{model} over {over:?}");
}

#[test]
fn a_timer_comes_when_it_was_asked_for_and_not_before() {
    let later = Script::new(
        |data, out| {
            assert!(out.now() > std::time::SystemTime::UNIX_EPOCH);
            out.wake_after(Duration::from_millis(if data == b"long" { 3_600_000 } else { 60 }));
        },
        |out| out.send(b"later"),
    );
    each(|model, over| {
        let server = serve(model, over, &later);
        let client = server.client("a");
        // The later wish replaces the earlier one.
        client.send(b"long");
        assert!(until(|| server.board.totals().rx_messages == 1));
        let start = Instant::now();
        client.send(b"short");
        assert_eq!(client.recv().unwrap(), b"later");
        assert!(start.elapsed() >= Duration::from_millis(60), "{:?}", start.elapsed());
        client.send(b"again");
        assert_eq!(client.recv().unwrap(), b"later");
        assert!(until(|| server.board.totals().tx_messages == 2));
    });
}

#[test]
fn a_service_that_always_has_more_starves_nobody_and_notices_who_leaves() {
    let endless = Script::new(
        |data, out| if data == b"go" { out.more() } else { out.send(data) },
        |out| {
            out.send(&[7; 10_000]);
            out.more();
        },
    );
    for model in models_here() {
        for over in Over::STREAMS {
            case(model.id, *over);
            let server = serve(model, *over, &endless);
            let greedy = server.client("greedy");
            greedy.send(b"go");
            assert!(greedy.recv_exact(3_000_000).iter().all(|byte| *byte == 7));
            if !serves_only_some(model) {
                let other = server.client("other");
                assert_eq!(other.ask(b"me"), b"me");
                // One who does not read while all are served.
                assert!(until(|| server.open() == 2));
            }
            greedy.send(b"heard?");
            greedy.end();
            drop(greedy);
            assert!(until(|| server.open() == 0), "{:?}", server.board.live());
        }
    }
}

#[test]
fn a_datagram_peer_is_answered_and_never_asked_for_more() {
    let endless = Script::new(
        |_, out| {
            out.send(b"once");
            out.more();
        },
        |out| {
            out.send(b"more");
            out.more();
        },
    );
    each(|model, over| {
        if Over::DATAGRAMS.contains(&over) {
            let server = serve(model, over, &endless);
            let client = server.client("a");
            // A second answer to the first would be heard here.
            assert!((0..3).all(|_| client.ask(b"more") == b"once"));
            assert!(until(|| server.board.totals().tx_messages == 3));
        }
    });
}

#[test]
fn what_is_never_read_stays_in_the_kernel_and_nobody_spins() {
    let deaf = Script { pace: Pace::Never, ..Script::new(|_, _| {}, |_| {}) };
    each(|model, over| {
        let mut server = serve(model, over, &deaf);
        let client = server.client("a");
        client.send(b"hello?");
        let stream = Over::STREAMS.contains(&over);
        assert!(!stream || until(|| server.open() == 1));
        if model.id != "busy-poll" {
            let wakes = || server.tap.counts()[1];
            let (start, before) = (Instant::now(), wakes());
            while start.elapsed() < Duration::from_millis(100) {
                std::thread::park_timeout(Duration::from_millis(10));
            }
            assert!(wakes() - before < 20, "it woke {} times", wakes() - before);
        }
        assert_eq!(server.board.totals().rx_messages, 0);
        if stream {
            let live = server.board.live();
            server.control.close(&[live[0].id], Ending::Orderly);
            assert!(until(|| server.open() == 0));
            // Not on Windows: there `poll` leaves out those who wait for nothing, because WSAPoll would tell them of a FIN for ever.
            if over == Over::Tcp
                && cfg!(unix)
                && (model.group == ModelGroup::Blocking || matches!(model.id, "poll" | "epoll-lt" | "epoll-et"))
            {
                let client = server.client("b");
                assert!(until(|| server.open() == 1));
                client.sock.set_linger(Some(Duration::ZERO)).unwrap();
                drop(client);
                assert!(until(|| server.open() == 0), "a reset is noticed");
                assert!(matches!(*server.last_end(), End::Reset), "{:?}", server.last_end());
            }
            let _another = server.client("c");
            assert!(until(|| server.open() == 1));
        }
        let took = server.stop();
        assert!(took < STOP_LIMIT, "{took:?}");
    });
}

#[test]
fn a_slow_service_reads_a_little_and_pauses() {
    let (bytes, every) = (4, Duration::from_millis(40));
    let slow = Script { pace: Pace::Slow { bytes, every }, ..Script::new(|data, out| out.send(data), |_| {}) };
    each(|model, over| {
        let server = serve(model, over, &slow);
        let client = server.client("a");
        let start = Instant::now();
        if Over::STREAMS.contains(&over) {
            client.send(b"012345678901");
            assert_eq!(client.recv_exact(12), b"012345678901");
        } else {
            for n in 0..3 {
                client.send(&[n; 9]);
            }
            for n in 0..3 {
                assert_eq!(client.recv().unwrap(), [n; 9], "datagrams are not cut");
            }
        }
        assert!(until(|| server.board.totals().rx_messages == 3));
        assert!(start.elapsed() >= 2 * every, "{:?}", start.elapsed());
    });
}

#[test]
fn a_reset_is_a_reset() {
    let resetter = Script::new(|_, out| out.reset(), |_| {});
    each(|model, over| {
        let server = serve(model, over, &resetter);
        let client = server.client("a");
        client.send(b"x");
        if over == Over::Tcp {
            assert_eq!(client.recv().unwrap_err().kind(), ErrorKind::ConnectionReset);
        }
        assert!(until(|| server.board.recently_ended(9).len() == 1));
        assert!(matches!(*server.last_end(), End::Service), "{:?}", server.last_end());
        assert!(until(|| resetter.gone() > 0));
    });
}

#[test]
fn a_failure_and_a_panic_end_one_connection_and_say_why() {
    each(|model, over| {
        let faulty = Script::new(
            |data, out| match data {
                b"fail" => out.fail("no such word"),
                b"panic" => panic!("out of cheese"),
                _ => out.send(data),
            },
            |_| {},
        );
        let server = serve(model, over, &faulty);
        for (n, word) in [&b"fail"[..], b"panic"].into_iter().enumerate() {
            let (client, other) = (server.client(&format!("a{n}")), server.client(&format!("b{n}")));
            let others = if serves_only_some(model) { None } else { Some(&other) };
            others.inspect(|other| assert_eq!(other.ask(b"one"), b"one"));
            client.send(word);
            assert!(until(|| server.board.recently_ended(9).iter().filter(|e| matches!(*e.2, End::Unserved(_))).count() == n + 1));
            let end = server.last_end();
            let End::Unserved(why) = &*end else { panic!("{end:?}") };
            let expected = [Unserved::Failed("no such word".into()), Unserved::Panicked("out of cheese".into())];
            assert_eq!(*why, expected[n]);
            let troubles: Vec<_> = server.board.drain_troubles().collect();
            assert_eq!(troubles.len(), 1, "{troubles:?}");
            assert_eq!(troubles[0].error.to_string(), why.to_string());
            assert!(until(|| faulty.gone() > n), "also after a panic it hears that it is gone");
            if Over::STREAMS.contains(&over) {
                assert_eq!(client.recv_rest(), b"");
            }
            // Everybody else is served on, also who comes later.
            assert_eq!(other.ask(b"two"), b"two");
            drop(client);
            drop(other);
            assert!(!Over::STREAMS.contains(&over) || until(|| server.open() == 0));
        }
    });
}

#[test]
fn a_service_that_cannot_even_begin_loses_that_connection_only() {
    struct Picky(AtomicUsize);
    impl Service for Picky {
        fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
            assert!(self.0.fetch_add(1, Ordering::SeqCst) > 0, "not the first one");
            (crate::service::find("echo").unwrap().make)(&crate::settings::Settings::default())
                .connect(&Peer { id: crate::service::PeerId(1), address: "a" })
        }
    }
    each(|model, over| {
        let server = Server::living(model, over, Arc::new(Picky(AtomicUsize::new(0))), Life::default());
        let first = server.client("a");
        first.send(b"x");
        assert!(until(|| server.board.recently_ended(1).len() == 1));
        assert!(matches!(&*server.last_end(), End::Unserved(Unserved::Panicked(why)) if &**why == "not the first one"));
        assert_eq!(server.client("b").ask(b"y"), b"y");
    });
}

#[test]
fn everybody_is_gone_once_however_they_leave() {
    each(|model, over| {
        let echo = Script::new(|data, out| out.send(data), |_| {});
        let mut server = serve(model, over, &echo);
        let stream = Over::STREAMS.contains(&over);
        let meet = |name: &str| {
            let client = server.client(name);
            assert_eq!(client.ask(b"x"), b"x");
            client
        };
        let mut expected = 0;
        if stream {
            drop(meet("leaves"));
            let resets = meet("resets");
            resets.sock.set_linger(Some(Duration::ZERO)).unwrap();
            drop(resets);
            expected = 2;
            assert!(until(|| echo.gone() == expected), "{}", echo.gone());
        }
        let closed = meet("closed");
        server.control.close(&[server.board.live()[0].id], Ending::Reset);
        assert!(until(|| server.open() == 0));
        drop(closed);
        // A blocking recvfrom has to come back before it sees that a peer was taken from it.
        let last = meet("last");
        expected += 1;
        assert!(until(|| echo.gone() == expected), "{}", echo.gone());
        server.stop();
        assert_eq!(echo.gone(), expected + 1, "also at a stop");
        drop(last);
    });
}

#[test]
fn timers_under_many_threads_and_under_one_loop_are_each_their_own() {
    let later = Script::new(
        |data, out| out.wake_after(Duration::from_millis(data[0].into())),
        |out| {
            out.send(b"!");
            out.close();
        },
    );
    for model in models_here().filter(|m| !serves_only_some(m)) {
        case(model.id, Over::Tcp);
        let server = serve(model, Over::Tcp, &later);
        let clients: Vec<_> = (0..20).map(|n| server.client(&n.to_string())).collect();
        let start = Instant::now();
        clients.iter().enumerate().for_each(|(n, client)| client.send(&[200 - 10 * n as u8]));
        for (n, client) in clients.iter().enumerate().rev() {
            assert_eq!(client.recv_rest(), b"!", "{}", model.id);
            assert!(start.elapsed() >= Duration::from_millis(200 - 10 * n as u64), "{n}: {:?}", start.elapsed());
        }
    }
    let selectors = models_here().filter(|m| m.group != ModelGroup::Blocking).count();
    assert!(selectors > 0);
}

#[test]
fn a_timer_goes_on_while_bytes_flow() {
    let both = Script::new(
        |data, out| {
            out.send(data);
            if data == b"start" {
                out.wake_after(Duration::from_millis(80));
            }
        },
        |out| out.close(),
    );
    for model in models_here() {
        let server = serve(model, Over::Tcp, &both);
        let client = server.client("a");
        let start = Instant::now();
        assert_eq!(client.ask(b"start"), b"start");
        let data = pattern(100);
        // The limit of `recv` is set anew each time, and the timer is not put off by it.
        while start.elapsed() < Duration::from_secs(5) {
            if client.sock.send(&data).is_err() || client.recv().map_or(true, |back| back.is_empty()) {
                break;
            }
        }
        assert!((80..4_000).contains(&(start.elapsed().as_millis() as u64)), "{}: {:?}", model.id, start.elapsed());
    }
}
