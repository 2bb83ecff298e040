//! What must hold for the whole process: nothing leaks, and its limit of descriptors is told. Each runs alone in a process of
//! its own, because other tests open descriptors and threads beside it.
#![cfg(target_os = "linux")]

use std::net::UdpSocket;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::process::Command;

use crate::sys::errno_name;
use crate::trace::Call;

use super::*;

/// Runs an ignored test of this file alone, under a limit of descriptors.
fn alone(test: &str, descriptors: u32) {
    let run = Command::new("sh")
        .args(["-c", &format!("ulimit -n {descriptors} && exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("engine::client::tests::process::{test}"), "--ignored", "--test-threads=1"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&run.stderr));
}

fn count(dir: &str) -> usize {
    std::fs::read_dir(dir).unwrap().count()
}

#[test]
fn nothing_leaks() {
    alone("cycles", 1_024);
}

#[test]
#[ignore = "run alone by `nothing_leaks`"]
fn cycles() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let (tcp, udp) = (listener(), UdpSocket::bind("127.0.0.1:0").unwrap());
    let (stream, dgram) = (UnixListener::bind(path("s")).unwrap(), UnixDatagram::bind(path("d")).unwrap());
    stream.set_nonblocking(true).unwrap();
    dgram.set_nonblocking(true).unwrap();
    let mut before = None;
    for round in 0..50 {
        for transport in Transport::ALL {
            let target = match transport {
                Transport::Tcp => tcp.local_addr().unwrap().to_string(),
                Transport::Udp => udp.local_addr().unwrap().to_string(),
                Transport::UnixStream => path("s").display().to_string(),
                Transport::UnixDgram => path("d").display().to_string(),
            };
            let local = (transport.is_unix() && round % 2 == 0).then(|| Address::Path(path("c").display().to_string()));
            let few = Client { local, ..many(transport, if round % 2 == 0 { 1 } else { 5 }) };
            let open = u64::from(few.connections);
            let rig = Rig::start(few, to(transport, target), Some(outgoing(b"x", 0, 1)));
            let mut accepted = Vec::new();
            until("open", || {
                while let Ok((peer, _)) = stream.accept() {
                    accepted.push(peer);
                }
                while dgram.recv(&mut [0; 8]).is_ok() {}
                rig.board.totals().opened == open
            });
            (0..if transport == Transport::Tcp { open } else { 0 }).for_each(|_| drop(accept(&tcp)));
            rig.stop();
        }
        let refused = Rig::start(many(Transport::Tcp, 3), to(Transport::Tcp, "127.0.0.1:1"), None);
        refused.until("refused", |board| board.totals().failed == 3);
        refused.stop();
        assert!(!path("c").exists(), "its socket file is gone");
        // The first round may open what the process keeps, such as the test's own.
        let now = (count("/proc/self/fd"), count("/proc/self/task"));
        assert_eq!(*before.get_or_insert(now), now, "round {round}");
    }
}

#[test]
fn the_limit_of_descriptors_is_told_once() {
    alone("beyond_the_limit", 128);
}

#[test]
#[ignore = "run alone by `the_limit_of_descriptors_is_told_once`"]
fn beyond_the_limit() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    let rig = Rig::start(many(Transport::Udp, 500), to(Transport::Udp, peer.local_addr().unwrap()), None);
    let trouble = rig.trouble();
    assert_eq!((trouble.call, errno_name(&trouble.error)), (Call::Socket, Some("EMFILE")));
    let open = rig.board.totals().open;
    assert!(trouble.endpoint.ends_with(&format!("({} connections not opened)", 500 - open)), "{}", trouble.endpoint);
    assert!((50..128).contains(&open), "{open}");
    assert!(rig.board.drain_troubles().next().is_none(), "told once");
    rig.close(CloseHow::Orderly);
    rig.until_open(0);
    rig.control.open(10);
    rig.until_open(10);
    rig.stop();
}
