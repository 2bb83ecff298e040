//! The gate before `accept`, under every model: one each T, paused, one by hand, changed while clients wait and while it stops.

use std::time::{Duration, Instant};

use super::contract::case;
use super::harness::{Client, Over, STOP_LIMIT, Server, models, until};
use crate::lab::AcceptPace;
use crate::model::{ModelDef, ModelGroup};
use crate::settings::Setting;

const T: Duration = Duration::from_millis(50);

fn each(mut test: impl FnMut(&'static ModelDef, Over)) {
    for model in models() {
        for over in Over::STREAMS {
            case(model.id, *over);
            test(model, *over);
        }
    }
}

fn paced(model: &'static ModelDef, over: Over, pace: AcceptPace) -> Server {
    let mut server = Server::gated(model, over, pace);
    server.serve();
    server
}

fn clients(server: &Server, count: usize) -> Vec<Client> {
    (0..count).map(|n| server.client(&n.to_string())).collect()
}

fn accepted(server: &Server) -> u64 {
    server.board.totals().opened
}

/// As often as it looks, for so long.
fn stays(time: Duration, holds: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < time {
        if !holds() {
            return false;
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
    true
}

/// Whether its worker sleeps in `accept` with its pass in hand, or will: one more is taken after a pause.
fn may_take_one_more(model: &ModelDef) -> bool {
    model.group == ModelGroup::Blocking
}

#[test]
fn those_who_wait_come_in_one_by_one_on_the_beat() {
    each(|model, over| {
        let mut server = Server::gated(model, over, AcceptPace::Every(50));
        let _waiting = clients(&server, 5);
        let start = Instant::now();
        server.serve();
        let mut came = Vec::new();
        while came.len() < 5 {
            let open = accepted(&server) as usize;
            came.resize(open.min(5), start.elapsed());
            assert!(start.elapsed() < super::harness::LIMIT, "{came:?}");
            std::thread::yield_now();
        }
        // The first one at once; each of the others not before its time, whatever the one before it did.
        for (n, at) in came.iter().enumerate() {
            assert!(*at >= T * n as u32, "{came:?}");
        }
        let took = server.stop();
        assert!(took < STOP_LIMIT, "{took:?}");
    });
}

#[test]
fn a_paused_server_lets_nobody_in_but_those_it_is_told_to() {
    each(|model, over| {
        let server = paced(model, over, AcceptPace::Paused);
        let waiting = clients(&server, 6);
        assert!(stays(T, || accepted(&server) == 0));
        server.control.accept_one();
        assert!(until(|| accepted(&server) == 1));
        assert!(stays(T, || accepted(&server) == 1));
        server.control.accept_one();
        server.control.accept_one();
        assert!(until(|| accepted(&server) == 3));
        assert!(stays(T, || accepted(&server) == 3));
        server.control.set_pace(AcceptPace::Eager);
        assert!(until(|| accepted(&server) == 6));
        drop(waiting);
        // Open again for good, and as fast as they come.
        let _others = clients(&server, 3);
        assert!(until(|| accepted(&server) == 9));
    });
}

#[test]
fn a_ticket_waits_for_the_next_client() {
    each(|model, over| {
        let server = paced(model, over, AcceptPace::Paused);
        server.control.accept_one();
        assert!(stays(T / 2, || accepted(&server) == 0));
        let _waiting = clients(&server, 3);
        assert!(until(|| accepted(&server) == 1));
        assert!(stays(T, || accepted(&server) == 1));
    });
}

#[test]
fn a_change_takes_effect_at_once_for_those_who_wait() {
    each(|model, over| {
        let server = paced(model, over, AcceptPace::Every(60_000));
        let waiting = clients(&server, 4);
        assert!(until(|| accepted(&server) == 1));
        assert!(server.control.next_accept().is_some_and(|at| at > Duration::from_secs(30)), "{:?}", server.control.next_accept());
        assert!(stays(T, || accepted(&server) == 1));
        // A ticket comes besides the beat.
        server.control.accept_one();
        assert!(until(|| accepted(&server) == 2));
        let start = Instant::now();
        server.control.set_pace(AcceptPace::Every(20));
        assert!(until(|| accepted(&server) == 4));
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
        server.control.set_pace(AcceptPace::Paused);
        assert_eq!((server.control.pace(), server.control.next_accept()), (AcceptPace::Paused, None));
        let more = clients(&server, 4);
        let most = 4 + u64::from(may_take_one_more(model));
        assert!(stays(T, || accepted(&server) <= most), "{}", accepted(&server));
        server.control.set_pace(AcceptPace::Eager);
        assert!(until(|| accepted(&server) == 8));
        drop((waiting, more));
    });
}

#[test]
fn a_pause_keeps_out_whoever_comes_after_it() {
    each(|model, over| {
        let server = paced(model, over, AcceptPace::Eager);
        let first = clients(&server, 2);
        assert!(until(|| accepted(&server) == 2));
        server.control.set_pace(AcceptPace::Paused);
        assert!(stays(T / 2, || accepted(&server) == 2));
        let others = clients(&server, 3);
        // See `Pace`: a blocking worker sleeps in `accept` already, if it was quick enough.
        let most = 2 + u64::from(may_take_one_more(model));
        assert!(stays(2 * T, || accepted(&server) <= most), "{}", accepted(&server));
        if model.id != "iterative" && !may_take_one_more(model) {
            // Those inside are served on.
            assert_eq!(first[0].ask(b"still"), b"still");
        }
        drop((first, others));
    });
}

#[test]
fn a_stop_and_a_finish_end_the_pause() {
    each(|model, over| {
        for pace in [AcceptPace::Paused, AcceptPace::Every(60_000)] {
            let mut server = paced(model, over, pace);
            let _waiting = clients(&server, 3);
            assert!(pace == AcceptPace::Paused || until(|| accepted(&server) == 1));
            let took = server.stop();
            assert!(took < STOP_LIMIT, "{took:?}");

            let server = paced(model, over, pace);
            server.control.finish_up();
            assert!(server.ends(), "nothing is left to finish");
        }
        if model.id == "iterative" {
            return;
        }
        let server = paced(model, over, AcceptPace::Paused);
        server.control.accept_one();
        let client = server.client("a");
        assert_eq!(client.ask(b"x"), b"x");
        let late = server.client("b");
        server.control.finish_up();
        assert_eq!(client.ask(b"still served"), b"still served");
        drop(client);
        assert!(server.ends());
        drop(late);
        assert_eq!(accepted(&server), 1);
    });
}

#[test]
fn a_paused_server_costs_nothing_whoever_waits() {
    each(|model, over| {
        if model.id == "busy-poll" {
            return;
        }
        for pace in [AcceptPace::Paused, AcceptPace::Every(60_000)] {
            let server = paced(model, over, pace);
            let _waiting = clients(&server, 4);
            assert!(pace == AcceptPace::Paused || until(|| accepted(&server) == 1));
            let wakes = || server.tap.counts().iter().sum::<u64>();
            let settled = std::cell::Cell::new((wakes(), Instant::now()));
            // It may still look once at each of those who came; a child process may only just have been started for one.
            let quiet = if model.id == "processes" { 20 * T } else { T };
            assert!(until(|| {
                if wakes() != settled.get().0 {
                    settled.set((wakes(), Instant::now()));
                }
                settled.get().1.elapsed() > quiet
            }));
            let before = wakes();
            assert!(stays(4 * T, || wakes() == before), "{} calls and wake-ups in {:?}", wakes() - before, 4 * T);
        }
    });
}

/// So many clients; fewer where each is a process, which takes Windows tenths of a second to start.
fn crowd(model: &ModelDef, many: usize) -> usize {
    if cfg!(windows) && model.id == "processes" { 10 } else { many }
}

#[test]
fn a_long_queue_under_a_fast_beat_is_taken_to_the_last_one() {
    each(|model, over| {
        let server = paced(model, over, AcceptPace::Every(1));
        let many = crowd(model, 60);
        let waiting = clients(&server, many);
        assert!(until(|| accepted(&server) == many as u64), "{}", accepted(&server));
        drop(waiting);
    });
}

#[test]
fn a_crowd_of_changes_loses_nobody() {
    each(|model, over| {
        let server = paced(model, over, AcceptPace::Paused);
        let many = crowd(model, 40);
        let waiting = clients(&server, many);
        let paces = [AcceptPace::Every(1), AcceptPace::Paused, AcceptPace::Every(3), AcceptPace::Paused];
        for round in 0..400 {
            server.control.set_pace(paces[round % paces.len()]);
            if round % 7 == 0 {
                server.control.accept_one();
            }
            std::thread::yield_now();
        }
        server.control.set_pace(AcceptPace::Eager);
        assert!(until(|| accepted(&server) == many as u64), "{}", accepted(&server));
        drop(waiting);
    });
}

#[test]
fn the_listener_gets_another_limit_while_it_serves() {
    for model in models() {
        case(model.id, Over::Tcp);
        let server = Server::with_backlog(model, Over::Tcp, "echo", 0);
        // Windows keeps the first one, and is said to.
        assert_eq!(server.control.listen(3).is_ok(), !cfg!(windows));
        #[cfg(target_os = "linux")]
        {
            assert_eq!(server.control.listener_queue().unwrap().limit, 3);
            server.control.listen(0).unwrap();
            assert_eq!(server.control.listener_queue().unwrap().limit, 0);
        }
        assert_eq!(server.client("a").ask(b"x"), b"x");
        server.control.stop();
        assert!(server.control.listen(3).is_err(), "its door is closed");
        assert!(server.ends());
    }
}

#[test]
fn a_pool_that_is_full_waits_before_the_gate_too() {
    let pool = crate::model::find("thread-pool").unwrap();
    let mut server = Server::bound(pool, Over::Tcp, "echo", &[("workers", Setting::Number(1)), ("queue", Setting::Number(1))], 64);
    server.control.set_pace(AcceptPace::Every(1));
    let waiting = clients(&server, 10);
    server.serve();
    // One is served, one is in the queue, one in the hand of who accepts.
    assert!(until(|| accepted(&server) == 3));
    assert!(stays(T, || accepted(&server) == 3));
    drop(waiting);
    assert!(until(|| accepted(&server) == 10));
}
