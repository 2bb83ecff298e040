//! As many connections as one process may hold, with the clients in a second process (`tests/peers/crowd.py`): every byte
//! echoed is compared there, and here the counters with it; at the end all are gone, with their descriptors and threads.
//!
//! Each test runs in a process of its own that may have 20,000 descriptors, alone, because it counts them.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "a test says what it expects")]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command as Process, Stdio};
use std::sync::Mutex;

use socketlab::engine::{EventKind, catalog};
use socketlab::lab::{Server, Transport};
use support::{Rig, descriptors_and_threads, python_peer, until};

/// What the first word of each connection weighs, in bytes.
const HELLO: u64 = 16;
/// Connections that the crowd opens at once.
const WAVE: u32 = 256;

/// One at a time: the machine's ports and memory are shared.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs an ignored test of this file in a process that may have 20,000 descriptors.
fn alone(test: &str) {
    let _one = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let out = Process::new("sh")
        .args(["-c", "ulimit -n 20000 && exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&out.stderr));
}

/// An echo server whose accept queue holds two waves of the crowd.
fn server(rig: &Rig, model: &str) -> Server {
    let mut server = rig.server(Transport::Tcp, model, "echo");
    server.backlog = 2 * WAVE;
    server
}

/// The second process, with all clients.
struct Crowd {
    child: Child,
    tells: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Crowd {
    fn new(to: &str, may_refuse: bool) -> Self {
        let mut peer = python_peer("crowd.py", Transport::Tcp, to);
        // Ports are not scarce with several addresses to come from: the whole of 127.0.0.0/8 is this machine.
        peer.args(["--source", "127.0.0.2", "--source", "127.0.0.3", "--source", "127.0.0.4"]);
        peer.args(["--wave", &WAVE.to_string()]);
        if may_refuse {
            peer.arg("--may-refuse");
        }
        let mut child = peer.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { tells: child.stdin.take(), child, answers }
    }

    /// Has it do that and waits for the answer; it gives up by itself when nothing happens for some time.
    fn does(&mut self, what: &str) -> String {
        writeln!(self.tells.as_mut().unwrap(), "{what}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert!(!answer.is_empty(), "the crowd ended at `{what}`; its words are on standard error");
        answer.trim().to_owned()
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        drop(self.tells.take());
        if std::thread::panicking() {
            let _ended = self.child.kill();
        }
        let _reaped = self.child.wait();
    }
}

#[test]
fn fifteen_thousand_connections_on_one_epoll_server() {
    alone("fifteen_thousand");
}

#[test]
#[ignore = "run by fifteen_thousand_connections_on_one_epoll_server"]
fn fifteen_thousand() {
    const ALL: u64 = 15_000;
    const SIZE: u64 = 1_000;
    let rig = Rig::new();
    let server = server(&rig, "epoll-lt");
    let before = at_rest(&rig, &server);
    let mut crowd = Crowd::new(&rig.start(&server), false);
    assert_eq!(crowd.does(&format!("open {ALL}")), format!("open {ALL} refused 0"));
    rig.view_when(server.id, "all are open", |s| s.counters.open == ALL && s.connections.len() as u64 == ALL);
    assert_eq!(crowd.does(&format!("echo {SIZE}")), format!("echoed {}", ALL * SIZE));
    let bytes = ALL * (HELLO + SIZE);
    let view = rig.view_when(server.id, "every byte is counted", |s| (s.counters.rx_bytes, s.counters.tx_bytes) == (bytes, bytes));
    assert_eq!((view.counters.opened, view.counters.open, view.counters.failed), (ALL, ALL, 0));
    // Those who leave do not disturb those who come.
    assert_eq!(crowd.does("churn 0.5").split(' ').next(), Some("churned"));
    assert_eq!(crowd.does(&format!("echo {HELLO}")), format!("echoed {}", ALL * HELLO));
    assert_eq!(crowd.does("close"), format!("closed {ALL}"));
    rig.view_when(server.id, "all have gone", |s| s.counters.open == 0);
    rig.stop(server.id);
    drop(crowd);
    nothing_left(before);
}

#[test]
fn five_thousand_connections_under_every_selector() {
    alone("five_thousand_each");
}

#[test]
#[ignore = "run by five_thousand_connections_under_every_selector"]
fn five_thousand_each() {
    for model in ["poll", "epoll-lt", "epoll-et", "busy-poll", "sigio", "io-uring", "async"] {
        held_and_let_go(model, 5_000);
    }
    // As many threads; a machine may have fewer to give than descriptors.
    held_and_let_go("threads", 2_000);
}

/// What is there between two runs: the engine keeps what it asks the kernel with from the first server on.
fn at_rest(rig: &Rig, server: &Server) -> (usize, usize) {
    rig.start(server);
    rig.stop(server.id);
    descriptors_and_threads()
}

/// Waits until no more descriptors and threads are there than before.
fn nothing_left(before: (usize, usize)) {
    let mut now = before;
    let start = std::time::Instant::now();
    while start.elapsed() < support::LIMIT {
        now = descriptors_and_threads();
        if now.0 <= before.0 && now.1 <= before.1 {
            return;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(5));
    }
    panic!("descriptors and threads: {before:?} before, {now:?} after");
}

/// So many connect, each is answered, and a stop ends them all.
fn held_and_let_go(model: &str, count: u64) {
    let def = catalog::models().find(|m| m.id == model).unwrap();
    if let Some(missing) = def.missing {
        eprintln!("{model} is not here: {missing:?}");
        return;
    }
    let rig = Rig::new();
    let server = server(&rig, model);
    let before = at_rest(&rig, &server);
    let mut crowd = Crowd::new(&rig.start(&server), false);
    let start = std::time::Instant::now();
    assert_eq!(crowd.does(&format!("open {count}")), format!("open {count} refused 0"), "{model}");
    let bytes = count * HELLO;
    rig.view_when(server.id, "all are open and answered", |s| {
        (s.counters.open, s.counters.rx_bytes, s.counters.tx_bytes) == (count, bytes, bytes)
    });
    let opened = start.elapsed();
    let stopped = rig.stop(server.id);
    assert_eq!(crowd.does("gone"), format!("gone {count}"), "{model}");
    let view = rig.view_when(server.id, "all are gone", |s| s.counters.open == 0);
    assert_eq!((view.counters.opened, view.counters.failed), (count, 0), "{model}");
    drop(crowd);
    nothing_left(before);
    eprintln!("{model}: {count} opened and echoed in {opened:.1?}, stopped in {stopped:.1?}");
}

#[test]
fn select_serves_what_its_sets_hold_and_says_why_it_refuses_the_rest() {
    alone("select_past_its_sets");
}

#[test]
#[ignore = "run by select_serves_what_its_sets_hold_and_says_why_it_refuses_the_rest"]
fn select_past_its_sets() {
    const ALL: u64 = 1_500;
    let rig = Rig::new();
    let server = server(&rig, "select");
    let mut crowd = Crowd::new(&rig.start(&server), true);
    let answer = crowd.does(&format!("open {ALL}"));
    let numbers: Vec<u64> = answer.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [open, refused] = numbers[..] else { panic!("{answer}") };
    // The server's process has a few descriptors of its own below 1,024.
    assert!((900..1_024).contains(&open) && open + refused == ALL, "{answer}");
    rig.view_when(server.id, "the refused ones are gone", |s| s.counters.open == open && s.counters.opened == ALL);
    until("it says why", || {
        rig.engine.drain_events().find(|event| {
            let EventKind::Trouble(failure) = &event.kind else { return false };
            let said = failure.to_string();
            said.contains("select cannot watch descriptor") && said.contains("FD_SETSIZE is 1024")
        })
    });
    // The others are served on.
    assert_eq!(crowd.does("echo 100"), format!("echoed {}", open * 100));
    rig.stop(server.id);
    assert_eq!(crowd.does("gone"), format!("gone {open}"));
}
