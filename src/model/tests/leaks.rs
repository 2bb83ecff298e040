//! Nothing stays behind: descriptors and threads are counted in a process of their own, because the other tests open
//! sockets too.

use super::harness::{Over, Server, models, until};

const INNER: &str = "model::tests::leaks::counted_alone";

#[cfg(target_os = "linux")]
#[test]
fn no_descriptor_or_thread_is_left() {
    let own = std::env::current_exe().unwrap();
    let out = std::process::Command::new(own).args(["--exact", INNER, "--ignored", "--test-threads", "1"]).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&out.stderr));
}

#[cfg(target_os = "linux")]
fn entries(dir: &str) -> usize {
    std::fs::read_dir(dir).unwrap().count()
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "run by no_descriptor_or_thread_is_left, in a process of its own"]
fn counted_alone() {
    let count = || (entries("/proc/self/fd"), entries("/proc/self/task"));
    let before = count();
    for round in 0..10 {
        for model in models() {
            for over in Over::STREAMS.iter().chain(Over::DATAGRAMS) {
                let mut server = Server::start(model, *over, "echo");
                let clients: Vec<_> = (0..5).map(|n| server.client(&n.to_string())).collect();
                assert_eq!(clients[0].ask(b"x"), b"x");
                server.control.send(crate::model::To::All, [7; 10].into(), std::time::Duration::ZERO, round);
                clients[0].recv_exact(10 * (round as usize).min(1));
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
