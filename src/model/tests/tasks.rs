//! Tasks: very many on one thread, on a few threads, and what their lanes show.

use super::harness::{Client, Over, STOP_LIMIT, Server, until};
use crate::model::{ModelDef, find};
use crate::settings::Setting;
use crate::trace::{Call, Doing};

fn tasks() -> &'static ModelDef {
    find("async").unwrap()
}

#[test]
fn a_task_that_waits_stands_in_await_on_a_lane_of_its_own() {
    let mut server = Server::start(tasks(), Over::Tcp, "echo");
    let clients: Vec<Client> = (0..3).map(|n| server.client(&n.to_string())).collect();
    clients.iter().for_each(|client| assert_eq!(client.ask(b"x"), b"x"));
    let fds: Vec<i64> = server.board.live().iter().map(|conn| conn.fd).collect();
    let waits = |fd| server.tap.lanes(9).iter().any(|lane| matches!(lane.doing(), Doing::InCall(Call::Await, on, _) if on == fd));
    assert!(until(|| fds.iter().all(|fd| waits(*fd))), "each task waits for its socket");
    assert!(until(|| server.tap.lanes(9).iter().any(|lane| &*lane.name == "server:2")));
    let lines: Vec<_> = server.tap.drain().filter(|call| matches!(call.call, Call::Await | Call::Recv)).collect();
    assert!(lines.iter().any(|call| call.call == Call::Recv && call.bytes == 1));
    assert!(lines.iter().all(|call| call.at.file().ends_with("tasks.rs") && call.at.file().contains("model")), "{lines:?}");
    server.stop();
    assert!(until(|| server.tap.live_lanes() == 0), "{:?}", server.tap.lanes(9));
}

#[test]
fn tasks_on_four_threads_are_served_by_several_of_them_and_none_is_left() {
    for over in Over::STREAMS.iter().chain(Over::DATAGRAMS) {
        let mut server = Server::with_settings(tasks(), *over, "echo", &[("threads", Setting::Number(4))]);
        let clients: Vec<Client> = (0..40).map(|n| server.client(&n.to_string())).collect();
        for client in clients.iter().cycle().take(400) {
            assert_eq!(client.ask(b"four"), b"four");
        }
        let workers = || server.tap.lanes(100).iter().filter(|lane| lane.name.starts_with("server:worker-")).count();
        // A busy machine starts a thread when it pleases; the others have answered meanwhile.
        assert!(until(|| workers() == 4), "{}", workers());
        assert!(until(|| server
            .tap
            .lanes(100)
            .iter()
            .any(|lane| lane.name.starts_with("server:worker-") && matches!(lane.doing(), Doing::InCall(Call::Await, -1, _)))));
        assert!(server.stop() < STOP_LIMIT);
        assert!(until(|| server.tap.live_lanes() == 0), "{:?}", server.tap.lanes(9));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn two_thousand_tasks_share_one_thread() {
    super::leaks::alone_in("tasks::two_thousand", 8_192);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "run by two_thousand_tasks_share_one_thread"]
fn two_thousand() {
    let threads = || std::fs::read_dir("/proc/self/task").unwrap().count();
    let before = threads();
    let mut server = Server::start(tasks(), Over::Tcp, "echo");
    let clients: Vec<Client> = (0..2_000).map(|n| server.client(&n.to_string())).collect();
    for round in 0..3_u8 {
        clients.iter().for_each(|client| client.send(&[round; 100]));
        clients.iter().for_each(|client| assert_eq!(client.recv_exact(100), [round; 100]));
    }
    assert_eq!((server.open(), threads()), (2_000, before + 1), "the server's own thread and no other");
    let took = server.stop();
    assert!(took < STOP_LIMIT, "the stop took {took:?}");
    assert!(clients.iter().all(|client| client.recv_rest().is_empty()));
}
