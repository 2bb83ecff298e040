//! What is counted or limited for the whole process: descriptors and threads that stay behind, a lack of descriptors, very
//! many threads. Each runs in a process of its own, because the other tests open sockets too.

use std::process::Command;

use super::harness::{Client, LIMIT, Over, STOP_LIMIT, Server, is_accept, models, transports_of, until};
use crate::trace::{Call, Doing};

/// Runs one ignored test of this file alone, with this limit of descriptors.
fn alone(test: &str, descriptors: u32) {
    alone_in(&format!("leaks::{test}"), descriptors);
}

/// The same of any file beside this one.
pub(super) fn alone_in(test: &str, descriptors: u32) {
    let own = std::env::current_exe().unwrap();
    let script = format!("ulimit -n {descriptors} && exec \"$0\" --exact model::tests::{test} --ignored --nocapture");
    let out = Command::new("sh").args(["-c", &script]).arg(own).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&out.stderr));
}

fn entries(dir: &str) -> usize {
    std::fs::read_dir(dir).unwrap().count()
}

#[test]
fn no_descriptor_or_thread_is_left() {
    alone("counted", 1_024);
}

#[test]
#[ignore = "run by no_descriptor_or_thread_is_left"]
fn counted() {
    let count = || (entries("/proc/self/fd"), entries("/proc/self/task"));
    let before = count();
    for round in 0..10_u32 {
        for model in models() {
            for over in transports_of(model) {
                let mut server = Server::start(model, *over, "echo");
                let clients: Vec<_> = (0..5).map(|n| server.client(&n.to_string())).collect();
                assert_eq!(clients[0].ask(b"x"), b"x");
                server.control.send(crate::model::To::All, [7; 10].into(), std::time::Duration::ZERO, round);
                clients[0].recv_exact(10 * round.min(1) as usize);
                if round % 2 == 0 {
                    drop(clients);
                    server.stop();
                } else {
                    server.stop();
                    drop(clients);
                }
            }
        }
    }
    // A joined thread may linger in /proc for a moment.
    assert!(until(|| count() == before), "before {before:?}, after {:?}", count());
}

#[test]
fn a_lack_of_descriptors_is_told_once_and_waited_out() {
    alone("out_of_descriptors", 64);
}

#[test]
#[ignore = "run by a_lack_of_descriptors_is_told_once_and_waited_out"]
fn out_of_descriptors() {
    for model in models() {
        let mut server = Server::start(model, Over::Tcp, "echo");
        let served = server.client("a");
        assert_eq!(served.ask(b"x"), b"x");
        let waiting = socket2::Socket::new(server.addr.domain(), socket2::Type::STREAM, None).unwrap();
        waiting.set_read_timeout(Some(LIMIT)).unwrap();
        let waiting = Client { sock: waiting };
        let mut hoard = Vec::new();
        while let Ok(file) = std::fs::File::open("/dev/null") {
            hoard.push(file);
        }
        waiting.sock.connect(&server.addr).unwrap();
        waiting.send(b"me too");
        if model.id == "iterative" {
            // It can only notice once it accepts again.
            drop(served);
            hoard.extend(std::fs::File::open("/dev/null"));
        } else {
            let tried = |call: &crate::trace::CallRecord| is_accept(call) || call.call == Call::Spawn;
            let refused = || server.tap.drain().filter(|call| tried(call) && call.errno != 0 && !call.again).count();
            let (in_time, mut tries) = (std::time::Instant::now(), 0);
            while in_time.elapsed() < std::time::Duration::from_millis(350) {
                assert_eq!(served.ask(b"still served"), b"still served", "{}", model.id);
                tries += refused();
            }
            let troubles: Vec<_> = server.board.drain_troubles().collect();
            // The copies of the socket and the channel are what a process needs most.
            let out_of = if model.id == "processes" { Call::Spawn } else { Call::Accept };
            assert_eq!(troubles.len(), 1, "{}: {troubles:?}", model.id);
            assert_eq!((troubles[0].call, crate::sys::errno_name(&troubles[0].error)), (out_of, Some("EMFILE")), "{}", model.id);
            assert!((2..=8).contains(&tries), "{} tried {tries} times in 350 ms", model.id);
        }
        drop(hoard);
        assert_eq!(waiting.recv_exact(6), b"me too", "{}", model.id);
        let took = server.stop();
        assert!(took < STOP_LIMIT, "{took:?}");
    }
}

#[test]
fn two_thousand_threads_stop_at_once() {
    alone("very_many_threads", 8_192);
}

#[test]
#[ignore = "run by two_thousand_threads_stop_at_once"]
fn very_many_threads() {
    let server = Server::start(crate::model::find("threads").unwrap(), Over::Tcp, "echo");
    let clients: Vec<Client> = (0..2_000).map(|n| server.client(&n.to_string())).collect();
    assert!(until(|| server.open() == 2_000));
    let asleep = || server.tap.lanes(2_001).iter().filter(|lane| matches!(lane.doing(), Doing::InCall(Call::Recv, ..))).count();
    assert!(until(|| asleep() == 2_000), "{} sleep in recv", asleep());
    stops_at_once(server, "threads", 2_000);
    assert!(clients.iter().all(|client| client.recv_rest().is_empty()));
}

#[test]
fn five_thousand_connections_of_one_loop_stop_at_once() {
    alone("very_many_connections", 16_384);
}

#[test]
#[ignore = "run by five_thousand_connections_of_one_loop_stop_at_once"]
fn very_many_connections() {
    for model in ["epoll-lt", "sigio", "io-uring", "async"] {
        let server = Server::start(crate::model::find(model).unwrap(), Over::Tcp, "echo");
        let clients: Vec<Client> = (0..5_000).map(|n| server.client(&n.to_string())).collect();
        assert!(until(|| server.open() == 5_000));
        assert_eq!(clients[4_999].ask(b"all are served"), b"all are served");
        stops_at_once(server, &format!("connections of {model}"), 5_000);
        assert!(clients.iter().all(|client| client.recv_rest().is_empty()));
    }
}

/// The engine's thread calls `stop`: that call must return before the many are woken.
fn stops_at_once(mut server: Server, what: &str, count: usize) {
    let (start, before) = (std::time::Instant::now(), crate::sys::own_thread_spent().cpu_ns.unwrap_or(0));
    server.control.stop();
    let (returned, worked) = (start.elapsed(), crate::sys::own_thread_spent().cpu_ns.unwrap_or(0) - before);
    let rest = server.stop();
    said(&format!("stopping {count} {what}: the call returned after {returned:?}, all was over {:?} after that", rest));
    // Not the time on the wall: beside other programs that says how long they held the core.
    assert!(worked < 20_000_000, "stop() worked for {worked} ns");
    assert!(returned + rest < LIMIT, "the stop took {:?}", returned + rest);
}

#[expect(clippy::print_stderr, reason = "a figure for whoever runs it by hand")]
fn said(what: &str) {
    eprintln!("{what}");
}
