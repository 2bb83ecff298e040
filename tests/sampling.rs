//! What watching listeners costs, and that nobody watches when nothing runs. One test in a process of its own, because it counts the
//! threads of the whole process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::fs;
use std::time::{Duration, Instant};

use socketlab::engine::{Command, Spec, catalog};
use socketlab::lab::{Address, Transport};
use support::{Rig, until};

/// Threads of this process with this name, by their ids.
fn threads(name: &str) -> Vec<String> {
    let named = |task: &String| fs::read_to_string(format!("/proc/self/task/{task}/comm")).is_ok_and(|comm| comm.trim() == name);
    let all = fs::read_dir("/proc/self/task").unwrap().map(|task| task.unwrap().file_name().into_string().unwrap());
    all.filter(named).collect()
}

/// The processor time a thread has used.
fn used(task: &str) -> Duration {
    let stat = fs::read_to_string(format!("/proc/self/task/{task}/schedstat")).unwrap();
    Duration::from_nanos(stat.split(' ').next().unwrap().parse().unwrap())
}

/// How often it went to sleep.
fn sleeps(task: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/self/task/{task}/status")).unwrap();
    status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:")).unwrap().trim().parse().unwrap()
}

fn pass(time: Duration) {
    let end = Instant::now() + time;
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        std::thread::park_timeout(left);
    }
}

#[test]
fn a_listener_with_a_thousand_clients_costs_under_one_percent_of_a_core_to_watch() {
    let rig = Rig::new();
    assert!(threads("kernel-watch").is_empty(), "nothing to watch, no thread");
    let server = rig.server(Transport::Tcp, catalog::default_model(), "echo");
    let at = Address::parse(Transport::Tcp, &rig.start(&server)).unwrap();
    let mut client = rig.client(Transport::Tcp, at);
    (client.connections, client.connect_timeout_ms) = (1_000, 0);
    rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
    rig.view_when(server.id, "all are open", |s| s.counters.open == 1_000);
    let [watch, engine] = ["kernel-watch", "socketlab-engin"].map(|name| threads(name).pop().expect(name));
    let points = || rig.engine.snapshot().session(server.id).unwrap().listener.as_ref().unwrap().series.len();
    let (began, before, points_before) = (Instant::now(), [used(&watch), used(&engine)], points());
    pass(Duration::from_secs(4));
    let wall = began.elapsed().as_secs_f64();
    let share = |now: Duration, before: Duration| (now - before).as_secs_f64() / wall;
    let (asking, ticking) = (share(used(&watch), before[0]), share(used(&engine), before[1]));
    let rate = (points() - points_before) as f64 / wall;
    assert!(asking < 0.01, "kernel-watch uses {asking:.4} of a core; the engine's whole thread {ticking:.4}, {rate:.1} points a second");
    assert!(rate > 15.0, "{rate:.1} points a second");
    // Nothing runs: nobody wakes up.
    rig.stop(client.id);
    rig.stop(server.id);
    let quiet = until("it rests", || {
        let before = sleeps(&watch);
        pass(Duration::from_millis(600));
        (sleeps(&watch) == before).then_some(before)
    });
    pass(Duration::from_secs(1));
    assert_eq!(sleeps(&watch), quiet);
    // A second server wakes the same thread, and it ends with the engine.
    rig.start(&server);
    until("it watches again", || (sleeps(&watch) > quiet).then_some(()));
    assert_eq!(threads("kernel-watch"), [watch]);
    drop(rig);
    assert!(threads("kernel-watch").is_empty(), "it was joined");
}
