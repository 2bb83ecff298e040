//! Counters that belong to the whole machine are exact only where nobody else is: in a network namespace of the test's own. The test
//! runs itself again under `unshare -rn` (util-linux), which needs no privileges where user namespaces are allowed.

use std::io::Write;
use std::process::Command;

use socketlab::probe::{self, KernelWatch};

use crate::command::look;
use crate::stage::{At, Door, is_connected, tool};
use crate::support::until;

/// Set for the run inside.
const INSIDE: &str = "SOCKETLAB_TEST_NAMESPACE";

/// Runs one of the tests below inside; says loudly when this machine forbids namespaces.
fn inside(test: &str) {
    let may =
        Command::new("unshare").args(["-rn", "true"]).output().unwrap_or_else(|e| panic!("unshare: {e}; these tests need util-linux"));
    if !may.status.success() {
        // To the descriptor itself: what a passing test prints is swallowed.
        let why = String::from_utf8_lossy(&may.stderr);
        let words = format!("SKIPPED {test}: this machine allows no user namespaces: {}\n", why.trim());
        std::io::stderr().write_all(words.as_bytes()).unwrap();
        return;
    }
    let name = format!("namespace::{test}");
    let mut run = Command::new("unshare");
    run.args(["-rn", "--"]).arg(std::env::current_exe().unwrap()).args(["--ignored", "--exact", "--nocapture", &name]).env(INSIDE, "1");
    let output = run.output().unwrap();
    let words = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && words.contains("1 passed"), "{words}");
}

/// The loopback interface of a new namespace is down.
fn enter() {
    assert!(std::env::var_os(INSIDE).is_some(), "this test changes the network; it is run by the test without '_inside'");
    tool("ip", &["link", "set", "lo", "up"]);
}

/// A counter as `nstat` (iproute2) reads it.
fn nstat(name: &str) -> u64 {
    let shown = tool("nstat", &["-asz", name]);
    let line = shown.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name} is not in\n{shown}"));
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn drops_are_the_difference_of_the_kernels_counters() {
    inside("drops_inside");
}

#[test]
#[ignore = "run by the test above, in a namespace"]
fn drops_inside() {
    enter();
    let mut watch = KernelWatch::new().unwrap();
    let mut sent = 0;
    for at in ["127.0.0.1:0", "[::1]:0"] {
        let door = Door::open(&At::Inet(at.parse().unwrap()), 2);
        let (before, overflows) = (watch.drops().unwrap(), nstat("TcpExtListenOverflows"));
        let clients: Vec<_> = (0..10).map(|_| door.call().unwrap()).collect();
        assert_eq!(clients.iter().filter(|c| is_connected(c)).count(), 3);
        let added = watch.drops().unwrap().since(before);
        // Loopback delivers within connect(2), and the first retry is a second away.
        assert_eq!((added.overflows, added.drops), (Some(7), Some(7)), "{added:?}");
        assert_eq!(probe::drops().unwrap().since(before), added);
        sent += 7;
        assert_eq!((nstat("TcpExtListenOverflows") - overflows, nstat("TcpExtListenDrops")), (7, sent));
        let again = until("every client to have tried again", || {
            let retries: u32 = watch.handshakes().unwrap().calling.iter().map(|c| c.retries).sum();
            let added = watch.drops().unwrap().since(before).drops.unwrap();
            // A retry may fall between the two looks.
            (retries >= 7 && added == 7 + u64::from(retries)).then_some(added)
        });
        drop(clients);
        sent += again - 7;
        assert_eq!(nstat("TcpExtListenDrops"), sent);
    }
}

#[test]
fn the_command_counts_from_when_it_began() {
    inside("command_inside");
}

#[test]
#[ignore = "run by the test above, in a namespace"]
fn command_inside() {
    enter();
    let door = Door::open(&At::Inet("127.0.0.1:0".parse().unwrap()), 1);
    let early: Vec<_> = (0..5).map(|_| door.call().unwrap()).collect();
    assert_eq!(nstat("TcpExtListenDrops"), 3);
    let line = look(&door.name());
    assert_eq!((&line["accept_queue"], &line["listen_drops"], &line["listen_overflows"]), (&2.into(), &0.into(), &0.into()), "{line}");
    // Those who wait would try again in the middle of it.
    drop(early);
    let mut child = crate::command::watching(&door.name());
    let first = child.next();
    let late: Vec<_> = (0..9).map(|_| door.call().unwrap()).collect();
    assert_eq!(first["listen_drops"], 0);
    // The queue still holds the two whose clients are gone. More than nine are not dropped before the first retry, a second later.
    until("all drops to be told", || (child.next()["listen_drops"] == 9).then_some(()));
    assert_eq!(nstat("TcpExtListenDrops"), 3 + 9);
    drop(late);
}

#[test]
fn the_switch_that_resets_on_overflow_is_read() {
    inside("switch_inside");
}

#[test]
#[ignore = "run by the test above, in a namespace"]
fn switch_inside() {
    enter();
    assert_eq!(probe::resets_on_overflow(), Some(false));
    std::fs::write("/proc/sys/net/ipv4/tcp_abort_on_overflow", "1").unwrap();
    assert_eq!(probe::resets_on_overflow(), Some(true));
    std::fs::write("/proc/sys/net/core/somaxconn", "17").unwrap();
    assert_eq!(probe::clamp().unwrap().most, 17);
}
