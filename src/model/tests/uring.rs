//! Completion: what is recorded, more connections than buffers, and a system that forbids it.

use std::time::Duration;

use super::harness::{Client, Over, Server, pattern, until};
use crate::model::{ModelDef, find};
use crate::sys::errno_name;
use crate::trace::{Call, CallRecord};

fn io_uring() -> &'static ModelDef {
    find("io-uring").unwrap()
}

/// linux/io_uring.h: IORING_OP_ACCEPT, IORING_OP_SEND, IORING_OP_RECV.
const ACCEPT: i64 = 13;
const SEND: i64 = 26;
const RECV: i64 = 27;

#[test]
fn each_operation_is_shown_from_its_submission_to_its_completion() {
    let server = Server::start(io_uring(), Over::Tcp, "echo");
    let client = server.client("a");
    assert_eq!(client.ask(b"one"), b"one");
    // The next receive was handed over together with this answer; it takes as long as the client is silent.
    let silent_from = server.tap.now_ns();
    let pause = Duration::from_millis(30);
    assert!(until(|| server.tap.now_ns() - silent_from > pause.as_nanos() as u64));
    assert_eq!(client.ask(b"three"), b"three");
    let conn = server.board.live()[0].fd;
    let mut calls: Vec<CallRecord> = Vec::new();
    let done = std::cell::RefCell::new(&mut calls);
    let is = |call: &CallRecord, op, bytes| call.call == Call::Completion && call.args[0] == op && call.bytes == bytes;
    assert!(until(|| {
        done.borrow_mut().extend(server.tap.drain());
        done.borrow().iter().any(|call| is(call, SEND, 5))
    }));
    let accept = calls.iter().find(|call| is(call, ACCEPT, 0)).unwrap();
    assert_eq!((accept.result, accept.errno), (conn, 0), "an accept answers the new descriptor");
    let recv = calls.iter().find(|call| is(call, RECV, 5)).unwrap();
    assert!(recv.fd == conn && recv.start_ns <= silent_from && recv.took_ns >= pause.as_nanos() as u64, "{recv:?}");
    assert!(recv.at.file().ends_with("model/uring.rs"), "{}", recv.at);
    let send = calls.iter().find(|call| is(call, SEND, 5)).unwrap();
    assert!(send.start_ns >= recv.start_ns + recv.took_ns, "the answer was handed over after the question was there");
    let waits: Vec<_> = calls.iter().filter(|call| call.call == Call::IoUringEnter).collect();
    assert!(waits.iter().any(|call| call.took_ns >= pause.as_nanos() as u64 && call.result == 1), "the thread slept in io_uring_enter");
    assert!(!calls.iter().any(|call| matches!(call.call, Call::Accept | Call::Recv | Call::Send)), "the kernel does these by itself");
}

#[test]
fn more_connections_than_buffers_are_served_also_all_at_once() {
    for over in Over::STREAMS {
        let server = Server::start(io_uring(), *over, "echo");
        let clients: Vec<Client> = (0..400).map(|n| server.client(&n.to_string())).collect();
        assert!(until(|| server.open() == 400));
        for round in 0..5 {
            let message = pattern(3_000 + round);
            clients.iter().for_each(|client| client.send(&message));
            clients.iter().for_each(|client| assert!(client.recv_exact(message.len()) == message));
        }
    }
}

#[test]
fn where_it_is_forbidden_the_server_says_so() {
    let refused = || {
        crate::sys::uring::tests::forbid_here();
        let server = Server::start(io_uring(), Over::Tcp, "echo");
        server.failure()
    };
    // The filter stays with its thread, so it gets one of its own.
    let error = std::thread::Builder::new().name("forbidden".into()).spawn(refused).unwrap().join().unwrap();
    assert!(error.to_string().contains("io_uring is forbidden here"), "{error}");
    assert_eq!(errno_name(&error), None, "these words are told, not those of EPERM");
    // Elsewhere it goes on.
    assert_eq!(Server::start(io_uring(), Over::Tcp, "echo").client("a").ask(b"x"), b"x");
}
