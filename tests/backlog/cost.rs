//! What looking costs. Measurements, by hand: `cargo test --test backlog cost -- --ignored --nocapture --test-threads=1`.
#![expect(clippy::print_stdout, reason = "a measurement is read")]

use std::hint::black_box;
use std::time::Duration;

use socketlab::probe::{self, KernelWatch, THREADS};
use socketlab::sys::Sock;

use crate::stage::{At, Door};

/// Connected pairs, and clients that nobody answers.
const PAIRS: usize = 1_000;
const CALLING: usize = 20;

/// Processor time of one turn, in microseconds.
fn measure<T>(name: &str, mut turn: impl FnMut() -> T) -> f64 {
    let turns = 300;
    black_box(turn());
    let begin = (THREADS.own)().cpu_ns.unwrap();
    for _ in 0..turns {
        black_box(turn());
    }
    let micros = ((THREADS.own)().cpu_ns.unwrap() - begin) as f64 / 1_000.0 / f64::from(turns);
    println!("{name:46} {micros:8.1} µs");
    micros
}

#[test]
#[ignore = "a measurement"]
fn one_listener_and_a_thousand_clients_thirty_times_a_second() {
    let dir = tempfile::tempdir().unwrap();
    let busy = Door::open(&At::Inet("127.0.0.1:0".parse().unwrap()), 100);
    let pairs: Vec<_> = (0..PAIRS).map(|_| (busy.call().unwrap(), busy.socket.accept().unwrap())).collect();
    let full = Door::open(&At::Inet("127.0.0.1:0".parse().unwrap()), 0);
    let calling: Vec<_> = (0..=CALLING).map(|_| full.call().unwrap()).collect();
    let unix = Door::open(&At::Unix(dir.path().join("door.sock")), 5);
    let mut watch = KernelWatch::new().unwrap();
    let (tcp, unix) = (Sock::from(full.socket.try_clone().unwrap()), Sock::from(unix.socket));
    let (local, peer) = (calling[3].local_addr().unwrap().as_socket().unwrap(), full.inet());

    let own = measure("own TCP listener (TCP_INFO)", || watch.listener(&tcp));
    measure("own Unix listener (unix_diag)", || watch.listener(&unix));
    measure("own Unix listener, a netlink socket each", || probe::listener(&unix));
    measure("all TCP listeners", || watch.tcp_listeners());
    measure("all Unix listeners", || watch.unix_listeners());
    let handshakes = measure("all handshakes", || watch.handshakes());
    let one = measure("one client's handshake", || watch.calling(local, peer));
    measure("one server's half", || watch.server_half(peer, local));
    measure("one of our own clients (TCP_INFO)", || probe::connecting(&tcp));
    let drops = measure("drop counters, file kept open", || watch.drops());
    measure("drop counters, file opened", probe::drops);
    let percent = |micros: f64, hertz: f64| micros * hertz / 10_000.0;
    let cheap = percent(own + drops + one * CALLING as f64, 30.0);
    println!("30 Hz: queue, drops and {CALLING} clients one by one: {cheap:.2} % of a core");
    println!(
        "handshakes at 30, 10, 5 Hz: {:.2}, {:.2}, {:.2} %",
        percent(handshakes, 30.0),
        percent(handshakes, 10.0),
        percent(handshakes, 5.0)
    );
    assert!(cheap + percent(handshakes, 5.0) < 1.0, "a listener is watched for less than 1 % of a core");
    drop(pairs);
}

#[test]
#[ignore = "a measurement"]
fn the_command_beside_a_thousand_clients() {
    let door = Door::open(&At::Inet("127.0.0.1:0".parse().unwrap()), 100);
    let pairs: Vec<_> = (0..PAIRS).map(|_| (door.call().unwrap(), door.socket.accept().unwrap())).collect();
    let mut child = crate::command::watching(&door.name());
    // Nanoseconds on a processor of its first thread, which does all the work (Documentation/scheduler/sched-stats.rst).
    let spent = |pid: u32| -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap();
        Duration::from_nanos(stat.split(' ').next().unwrap().parse().unwrap())
    };
    let first = child.next()["at_secs"].as_f64().unwrap();
    let begin = spent(child.pid());
    let (mut last, mut looks) = (first, 0);
    while last < first + 10.0 {
        last = child.next()["at_secs"].as_f64().unwrap();
        looks += 1;
    }
    let used = spent(child.pid()) - begin;
    let percent = used.as_secs_f64() / (last - first) * 100.0;
    println!("socketlab backlog: {looks} looks in {:.1} s, {used:?} of processor time: {percent:.2} % of a core", last - first);
    assert!(percent < 1.0, "a listener is watched for less than 1 % of a core");
    drop(pairs);
}
