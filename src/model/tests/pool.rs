//! The pool: so many are served at once, the others wait where one can see them.

use super::harness::{Client, Over, STOP_LIMIT, Server, until};
use crate::model::{Ending, ModelDef, find};
use crate::settings::Setting;
use crate::trace::{Call, ConnStage, Doing, End};

fn pool() -> &'static ModelDef {
    find("thread-pool").unwrap()
}

/// Accepted ones that no worker has taken.
fn queued(server: &Server) -> usize {
    server.board.live().iter().filter(|conn| conn.stage() == ConnStage::Queued).count()
}

/// Lanes asleep in this call.
fn asleep(server: &Server, call: Call) -> Vec<String> {
    let lanes = server.tap.lanes(1_000);
    let is_in = |doing: Doing| matches!(doing, Doing::InCall(now, ..) if now == call);
    lanes.iter().filter(|lane| is_in(lane.doing())).map(|lane| lane.name.to_string()).collect()
}

#[test]
fn four_workers_serve_exactly_four_of_six_until_one_leaves() {
    for over in Over::STREAMS {
        let server = Server::start(pool(), *over, "echo");
        assert!(until(|| asleep(&server, Call::CondWait).len() == 4), "idle workers sleep, and it shows");
        let mut clients: Vec<Client> = (0..6).map(|n| server.client(&n.to_string())).collect();
        clients.iter().for_each(|client| client.send(b"hi"));
        for client in &clients[..4] {
            assert_eq!(client.recv_exact(2), b"hi");
        }
        assert!(until(|| server.open() == 6 && queued(&server) == 2), "two are accepted and wait");
        let names: Vec<_> = (1..=4).map(|n| format!("server:worker-{n}")).collect();
        assert!(until(|| asleep(&server, Call::Recv) == names), "{:?}", asleep(&server, Call::Recv));
        for client in &clients[4..] {
            client.sock.set_nonblocking(true).unwrap();
            assert_eq!(client.recv().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody answers");
        }
        let waiting = server.board.live()[4].id;
        if *over == Over::Tcp {
            assert_eq!(server.control.buffers(waiting).and_then(|b| b.unread), Some(2), "its bytes stay in the kernel");
        }
        drop(clients.remove(0));
        clients[3].sock.set_nonblocking(false).unwrap();
        assert_eq!(clients[3].recv_exact(2), b"hi", "the first in the queue is next");
        assert!(until(|| queued(&server) == 1));
        assert_eq!(clients[4].recv().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "the last one goes on waiting");
    }
}

#[test]
fn with_a_full_queue_nobody_is_accepted_and_a_stop_is_prompt() {
    let settings = [("workers", Setting::Number(1)), ("queue", Setting::Number(2))];
    let mut server = Server::with_settings(pool(), Over::Tcp, "echo", &settings);
    let clients: Vec<Client> = (0..8).map(|n| server.client(&n.to_string())).collect();
    assert_eq!(clients[0].ask(b"x"), b"x");
    // One is served, two are in the queue, one is in the hands of the thread that accepts and cannot put it in.
    assert!(until(|| queued(&server) == 3 && asleep(&server, Call::CondWait) == ["server"]));
    assert_eq!(server.board.totals().opened, 4);
    if cfg!(target_os = "linux") {
        assert_eq!(server.control.listener_queue().map(|q| q.waiting), Ok(4), "the others stand in the kernel's queue");
    }
    let took = server.stop();
    assert!(took < STOP_LIMIT, "the stop took {took:?}");
    assert!(server.board.recently_ended(9).iter().all(|ended| matches!(*ended.2, End::Here)));
    assert_eq!(clients[1].recv_rest(), b"");
}

#[test]
fn an_operator_ends_one_that_waits_and_its_turn_is_passed_over() {
    let server = Server::with_settings(pool(), Over::Tcp, "echo", &[("workers", Setting::Number(1))]);
    let [first, second, third] = ["1", "2", "3"].map(|name| server.client(name));
    assert_eq!(first.ask(b"x"), b"x");
    assert!(until(|| queued(&server) == 2));
    server.control.close(&[server.board.live()[1].id], Ending::Orderly);
    assert_eq!((second.recv_rest(), server.open()), (vec![], 2), "at once, though the only worker is busy");
    server.control.close(&[server.board.live()[1].id], Ending::HalfClose);
    assert_eq!(third.recv_rest(), b"");
    third.send(b"heard");
    drop(first);
    assert!(until(|| server.open() == 1 && queued(&server) == 0));
    assert!(until(|| server.board.live()[0].totals().rx_bytes == 5));
    third.end();
    assert!(until(|| server.open() == 0));
}

#[test]
fn two_hundred_and_fifty_six_workers_serve_as_many_and_stop_at_once() {
    let mut server = Server::with_settings(pool(), Over::Tcp, "upper", &[("workers", Setting::Number(256))]);
    let clients: Vec<Client> = (0..257).map(|n| server.client(&n.to_string())).collect();
    clients.iter().for_each(|client| client.send(b"a"));
    clients[..256].iter().for_each(|client| assert_eq!(client.recv_exact(1), b"A"));
    assert!(until(|| queued(&server) == 1));
    let took = server.stop();
    assert!(took < STOP_LIMIT, "the stop took {took:?}");
}
