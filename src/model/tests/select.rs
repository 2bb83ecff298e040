//! `select` beyond its descriptors. In processes of their own, because the limit counts descriptors of the whole process.

use std::io::ErrorKind;
use std::process::Command;

use super::harness::{Client, Over, Server, pattern, until};
use crate::model::{ModelDef, find};
use crate::trace::{Call, End};

fn select() -> &'static ModelDef {
    find("select").unwrap()
}

fn alone(test: &str) {
    let own = std::env::current_exe().unwrap();
    let script = format!("ulimit -n 4096 && exec \"$0\" --exact model::tests::select::{test} --ignored --nocapture");
    let out = Command::new("sh").args(["-c", &script]).arg(own).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn beyond_descriptor_1023_clients_are_sent_away_and_the_others_served_on() {
    alone("beyond");
}

#[test]
#[ignore = "run by beyond_descriptor_1023_clients_are_sent_away_and_the_others_served_on"]
fn beyond() {
    for over in Over::STREAMS {
        let server = Server::start(select(), *over, "echo");
        // One after the other, else the few at the end of the row could overtake each other.
        let clients: Vec<(Client, bool)> = (0..1_100)
            .map(|n| {
                let client = server.client(&n.to_string());
                assert!(until(|| server.board.totals().opened == n + 1));
                assert!(until(|| server.open() + server.board.recently_ended(2_000).len() as u64 == n + 1));
                let _gone = client.sock.send(b"?");
                let mut byte = [0];
                let is_served = match std::io::Read::read(&mut &client.sock, &mut byte) {
                    Ok(n) => n == 1,
                    Err(error) => {
                        assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}");
                        false
                    }
                };
                (client, is_served)
            })
            .collect();
        let refused = clients.iter().filter(|(_, is_served)| !is_served).count();
        assert!((500..700).contains(&refused), "client and server share the process: {refused} refused");
        assert_eq!(server.open() as usize, 1_100 - refused);
        let troubles: Vec<_> = server.board.drain_troubles().collect();
        assert_eq!(troubles.len(), refused, "each is told");
        for trouble in &troubles {
            let said = trouble.error.to_string();
            let fd: i64 = said.strip_prefix("select cannot watch descriptor ").unwrap().split(':').next().unwrap().parse().unwrap();
            assert!(trouble.call == Call::Select && fd >= 1_024 && said.ends_with("FD_SETSIZE is 1024"), "{said}");
        }
        let ended = server.board.recently_ended(2_000);
        assert!(ended.iter().all(|ended| ended.0.fd >= 1_024 && matches!(*ended.2, End::Failed(Call::Select, _))));
        assert!(server.board.live().iter().all(|conn| conn.fd < 1_024));
        let message = pattern(5_000);
        clients.iter().filter(|(_, is_served)| *is_served).for_each(|(client, _)| assert!(client.ask(&message) == message));
        // Room again: low numbers are free, and the next client gets one.
        drop(clients);
        assert!(until(|| server.open() == 0));
        assert_eq!(server.client("late").ask(b"served"), b"served");
    }
}

#[test]
fn a_listener_beyond_the_limit_is_a_clear_failure_at_the_start() {
    alone("listener");
}

#[test]
#[ignore = "run by a_listener_beyond_the_limit_is_a_clear_failure_at_the_start"]
fn listener() {
    let hoard: Vec<_> = (0..1_100).map(|_| std::fs::File::open("/dev/null").unwrap()).collect();
    let error = Server::start(select(), Over::Tcp, "echo").failure().to_string();
    assert!(error.contains("select cannot watch descriptor 1") && error.contains("FD_SETSIZE is 1024"), "{error}");
    drop(hoard);
}
