//! Many connections at once, and connections that are not there yet: what the client shows is what the server has.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use socketlab::engine::{Cause, CloseHow, Command, ConnPick, EventKind, Operation, SessionState, Spec, catalog};
use socketlab::lab::{Address, Client, Reconnect, Server, Transport};
use support::{LIMIT, Rig, until};

#[test]
fn close_all_takes_back_connections_that_wait_to_be_made() {
    let rig = Rig::new();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut client = rig.client(Transport::Tcp, Address::parse(Transport::Tcp, &free).unwrap());
    client.connections = 40;
    client.reconnect = Reconnect::Backoff;
    rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
    rig.view_when(client.id, "all were refused and wait", |s| s.counters.failed >= 40 && s.retry.is_some() && s.counters.waiting == 0);
    rig.send(Command::Close { session: client.id, pick: ConnPick::All, how: CloseHow::Orderly });
    let view = rig.view_when(client.id, "nothing is tried any more", |s| s.retry.is_none() && s.counters.waiting == 0);
    let closed = until("it is told", || {
        rig.engine.drain_events().find_map(|e| if let EventKind::ConnectionsClosed { count, .. } = e.kind { Some(count) } else { None })
    });
    assert_eq!(closed, 40);
    // The client runs on, and only what is asked for now is opened.
    let listener = std::net::TcpListener::bind(&free).unwrap();
    rig.send(Command::Open { client: client.id, count: 2 });
    let view = rig.view_when(client.id, "two more", |s| s.counters.open == 2 && s.generation == view.generation);
    assert_eq!((view.state, view.counters.opened), (SessionState::Running, 2));
    drop(listener);
}

#[test]
fn a_reconnecting_client_says_that_the_name_was_not_found() {
    let rig = Rig::new();
    let nowhere = Address::Inet { host: "no-such-host.invalid".into(), port: 7 };
    let mut client = rig.client(Transport::Tcp, nowhere);
    client.reconnect = Reconnect::Backoff;
    rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
    let view = rig.view_when(client.id, "it says why", |s| s.failure.is_some());
    let failure = view.failure.clone().unwrap();
    assert_eq!((failure.operation, failure.cause), (Operation::Resolve, Cause::NameNotFound));
    assert!(rig.stop(client.id) < LIMIT);
}

#[test]
fn five_thousand_at_once_are_as_many_for_the_server_as_for_the_client() {
    let rig = Rig::new();
    let mut server = rig.server(Transport::Tcp, catalog::default_model(), "echo");
    // All have a place: on a busy machine 128 are taken before the server's turn comes, and whose last ACK is dropped then is met
    // only when the kernel has repeated its SYN-ACK a few times, half a minute later.
    server.backlog = 4_096;
    let at = Address::parse(Transport::Tcp, &rig.start(&server)).unwrap();
    let mut client = rig.client(Transport::Tcp, at);
    client.connections = 5_000;
    client.connect_timeout_ms = 0;
    rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
    rig.view_when(client.id, "all are open", |s| s.counters.open == 5_000);
    rig.view_when(server.id, "the server knows them all", |s| s.counters.open == 5_000);
    rig.stop(client.id);
    rig.view_when(server.id, "all are gone", |s| s.counters.open == 0);
    assert_eq!(rig.engine.snapshot().session(server.id).unwrap().counters.opened, 5_000);
}

/// Forty at once, more than the accept queue of nine holds (`listen(8)` on Linux), from a client that does `more`.
fn burst(rig: &Rig, model: &str, more: impl Fn(&mut Client)) -> (Server, Client) {
    let mut server = rig.server(Transport::Tcp, model, "echo");
    server.backlog = 8;
    let at = Address::parse(Transport::Tcp, &rig.start(&server)).unwrap();
    let mut client = rig.client(Transport::Tcp, at);
    client.connections = 40;
    more(&mut client);
    rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
    (server, client)
}

#[test]
fn a_burst_into_a_short_queue_is_let_in_in_the_end() {
    for model in support::models_for(Transport::Tcp).into_iter().filter(|model| ["epoll-lt", "poll", "threads"].contains(model)) {
        let rig = Rig::new();
        // Linux drops a SYN that finds the queue full; it is sent again after a second (tcp(7)). An ACK that finds it full is
        // dropped too: then only the client believes in the connection, until what it sends is answered by a reset.
        let (server, client) = burst(&rig, model, |client| {
            client.reconnect = Reconnect::Backoff;
            client.packet.body = "x".into();
            client.packet.on_connect = true;
            client.packet.every_ms = 100;
            client.packet.times = 0;
        });
        rig.view_when(server.id, "the server has them all", |s| s.counters.open == 40);
        rig.view_when(client.id, "and so has the client", |s| s.counters.open == 40 && s.counters.waiting == 0);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn who_finds_no_place_in_the_queue_is_connecting_until_it_is_told_why_not() {
    let rig = Rig::new();
    let (_server, client) = burst(&rig, "iterative", |client| client.connect_timeout_ms = 2_000);
    // One is served and nine wait. Of the others some SYNs are dropped: those try until they time out. Some are answered while
    // there is room and their ACK is dropped: those are connected for their own kernel (and for this client) alone. How many of
    // each is a race in the kernel; none is left in between, and each that failed says why.
    let view = rig.view_when(client.id, "each is connected or has failed", |s| s.counters.open + s.counters.failed == 40);
    use socketlab::engine::{ConnState, ConnView};
    let still = |c: &&ConnView| c.state == ConnState::Connecting;
    assert_eq!((view.counters.waiting, view.connections.iter().filter(still).count()), (0, 0));
    assert!(view.counters.open >= 10, "{:?}", view.counters);
    if view.counters.failed > 0 {
        let failure = view.failure.clone().unwrap();
        assert_eq!((failure.operation, failure.cause), (Operation::Connect, Cause::TimedOut));
    }
}
