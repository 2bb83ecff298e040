//! Signal-driven: a queue that overflows, two servers in one process, who gets the signals.

use std::process::Command;

use super::harness::{Client, Over, Server, pattern, until};
use crate::model::{ModelDef, find};
use crate::trace::Call;

fn sigio() -> &'static ModelDef {
    find("sigio").unwrap()
}

#[test]
fn a_full_queue_of_signals_loses_no_connection_and_no_byte() {
    let own = std::env::current_exe().unwrap();
    // Of this user's signals only one may be queued (RLIMIT_SIGPENDING), so nearly all are lost.
    let script = "ulimit -i 1 && exec \"$0\" --exact model::tests::sigio::overflowing --ignored --nocapture";
    let out = Command::new("bash").args(["-c", script]).arg(own).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
#[ignore = "run by a_full_queue_of_signals_loses_no_connection_and_no_byte"]
fn overflowing() {
    for over in Over::STREAMS {
        let server = Server::start(sigio(), *over, "echo");
        let clients: Vec<Client> = (0..100).map(|n| server.client(&n.to_string())).collect();
        for round in 0..20 {
            clients.iter().for_each(|client| client.send(&pattern(1_000 + round)));
            clients.iter().for_each(|client| assert_eq!(client.recv_exact(1_000 + round), pattern(1_000 + round)));
        }
        let overflows = server.tap.drain().filter(|call| call.call == Call::SigWait && call.errno == 0 && call.result == -1).count();
        assert!(overflows > 0, "plain SIGIO told of the overflow");
        drop(clients);
        assert!(until(|| server.open() == 0));
    }
    for over in Over::DATAGRAMS {
        let server = Server::start(sigio(), *over, "echo");
        let clients: Vec<Client> = (0..5).map(|n| server.client(&n.to_string())).collect();
        for _ in 0..20 {
            clients.iter().for_each(|client| client.send(b"ping"));
            clients.iter().for_each(|client| assert_eq!(client.recv_exact(4), b"ping"));
        }
    }
}

#[test]
fn two_servers_in_one_process_get_their_own_signals() {
    let mut servers = [Server::start(sigio(), Over::Tcp, "echo"), Server::start(sigio(), Over::Tcp, "upper")];
    let talk = |server: &Server, heard: &[u8]| {
        let clients: Vec<Client> = (0..50).map(|n| server.client(&n.to_string())).collect();
        for client in clients.iter().cycle().take(500) {
            client.send(b"abc");
            assert_eq!(client.recv_exact(3), heard);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| talk(&servers[0], b"abc"));
        scope.spawn(|| talk(&servers[1], b"ABC"));
    });
    // One stops; its late signals do not matter to the other one.
    let last = servers[0].client("last");
    assert_eq!(last.ask(b"abc"), b"abc");
    servers[0].stop();
    let _refused = last.sock.send(b"too late");
    talk(&servers[1], b"ABC");
}

#[test]
fn each_wait_names_the_descriptor_that_its_signal_named() {
    let server = Server::start(sigio(), Over::Tcp, "echo");
    let client = server.client("a");
    assert_eq!(client.ask(b"abc"), b"abc");
    let fd = server.board.live()[0].fd;
    let said = || server.tap.drain().any(|call| call.call == Call::SigWait && call.result == fd);
    // The first bytes may have been there before the signals were on.
    assert!(until(|| client.ask(b"abc") == b"abc" && said()));
}
