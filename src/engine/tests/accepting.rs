//! What a person does to a running listener: the backlog, the pace, one client more; and clients that are never accepted.

use super::echo::{of, pair};
use super::*;
use crate::lab::AcceptPace;
#[cfg(target_os = "linux")]
use crate::lab::Opening;

#[test]
fn a_pace_is_changed_on_a_running_server_and_one_more_is_let_in() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, catalog::default_model());
    pair.server.life.accept_pace = AcceptPace::Paused;
    pair.client.connections = 5;
    pair.start(&rig);
    let (server, client) = (pair.server.id, pair.client.id);
    rig.until("connected, and not accepted", |s| of(s, client).counters.open + of(s, client).counters.waiting == 5);
    assert_eq!(of(&rig.engine.snapshot(), server).counters.opened, 0);
    rig.tell(Command::AcceptOne(server));
    rig.until("one is let in", |s| of(s, server).counters.opened == 1);
    rig.tell(Command::SetPace(server, AcceptPace::Every(10)));
    rig.until("all are", |s| of(s, server).counters.opened == 5);
    rig.tell(Command::SetPace(server, AcceptPace::Paused));
    rig.tell(Command::Finish(server));
    rig.until_state(server, SessionState::Stopping);
    rig.tell(Command::Stop(client));
    rig.until_state(server, SessionState::Stopped);
}

#[cfg(unix)]
#[test]
fn a_backlog_is_changed_on_a_running_server() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "poll");
    pair.server.life.accept_pace = AcceptPace::Paused;
    pair.server.backlog = 0;
    pair.client.connections = 4;
    pair.start(&rig);
    let (server, client) = (pair.server.id, pair.client.id);
    if cfg!(target_os = "linux") {
        // n + 1.
        rig.until("one is connected", |s| of(s, server).queue.is_some_and(|q| (q.waiting, q.limit) == (1, Some(0))));
    }
    rig.tell(Command::SetBacklog(server, 8));
    let event = rig.event(|k| matches!(k, EventKind::BacklogChanged { .. }));
    assert!(matches!(event.kind, EventKind::BacklogChanged { from: 0, to: 8 }) && event.session == server, "{event:?}");
    let snapshot = rig.until("it is shown", |s| of(s, server).backlog == Some(8));
    assert_eq!(of(&snapshot, server).generation, 1, "it is the same socket");
    if cfg!(target_os = "linux") {
        // Those who found it full call again after a second.
        rig.until("the others are connected", |s| of(s, server).queue.is_some_and(|q| (q.waiting, q.limit) == (4, Some(8))));
    }
    rig.tell(Command::SetBacklog(server, 0));
    rig.until("down again", |s| of(s, server).backlog == Some(0));
    rig.tell(Command::Restart(spec(&Server { backlog: 5, ..pair.server.clone() })));
    rig.until("a restart has its own", |s| of(s, server).backlog == Some(5) && of(s, server).state == SessionState::Running);
    rig.tell(Command::Stop(client));
    rig.until_state(client, SessionState::Stopped);
}

#[test]
fn who_does_not_listen_is_answered() {
    let rig = Rig::new();
    let answer = |command, operation| {
        rig.tell(command);
        let event = rig.event(|k| matches!(k, EventKind::Trouble(_)));
        assert!(matches!(&event.kind, EventKind::Trouble(f) if f.operation == operation), "{event:?}");
        event
    };
    let nobody = EndpointId(9);
    answer(Command::SetBacklog(nobody, 1), Operation::Listen);
    answer(Command::SetPace(nobody, AcceptPace::Paused), Operation::Accept);
    answer(Command::AcceptOne(nobody), Operation::Accept);
    let pair = pair(Transport::Udp, "poll");
    pair.start(&rig);
    let event = answer(Command::SetBacklog(pair.server.id, 1), Operation::Listen);
    assert!(matches!(&event.kind, EventKind::Trouble(f) if f.to_string().contains("neither listen nor accept")), "{event:?}");
    answer(Command::AcceptOne(pair.client.id), Operation::Accept);
}

#[cfg(target_os = "linux")]
#[test]
fn a_deferred_accept_waits_for_bytes_and_unix_sockets_say_that_they_have_none() {
    let rig = Rig::new();
    let mut over_tcp = pair(Transport::Tcp, "poll");
    over_tcp.server.life.defer_accept_s = 3;
    over_tcp.start(&rig);
    let (server, client) = (over_tcp.server.id, over_tcp.client.id);
    rig.until("connected, as it believes", |s| of(s, client).counters.open + of(s, client).counters.waiting == 1);
    assert_eq!(of(&rig.engine.snapshot(), server).counters.opened, 0, "it has not said anything yet");
    let outgoing = Outgoing::once(*b"hello");
    rig.tell(Command::Send { from: client, to: SendTo::All, outgoing });
    rig.until("it is heard", |s| of(s, client).counters.rx_bytes == 5);

    let mut over_unix = pair(Transport::UnixStream, "poll");
    over_unix.server.id = EndpointId(50);
    over_unix.server.life.defer_accept_s = 3;
    rig.tell(Command::Start(spec(&over_unix.server)));
    let told = rig.event(|k| matches!(k, EventKind::Trouble(_)));
    assert!(matches!(&told.kind, EventKind::Trouble(f) if matches!(f.cause, Cause::NotAvailable(_))), "{told:?}");
    rig.until_state(over_unix.server.id, SessionState::Running);
}

#[test]
fn a_client_that_opens_nothing_opens_one_with_each_click() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, catalog::default_model());
    pair.client.connections = 0;
    pair.start(&rig);
    for count in 1..=3 {
        rig.tell(Command::Open { client: pair.client.id, count: 1 });
        rig.until("one more", |s| of(s, pair.server.id).counters.open == count);
    }
}

/// Half of them stand in the accept queue, half are still calling.
#[cfg(target_os = "linux")]
#[test]
fn clients_that_nobody_accepts_end_cleanly_with_everything_else() {
    for transport in [Transport::Tcp, Transport::UnixStream] {
        let rig = Rig::new();
        let mut pair = pair(transport, "poll");
        pair.server.life.accept_pace = AcceptPace::Paused;
        pair.server.backlog = 99;
        pair.client.connections = 200;
        pair.client.connect_timeout_ms = 0;
        pair.client.opening = Opening { at_once: 5_000, ..Opening::default() };
        pair.start(&rig);
        let (server, client) = (pair.server.id, pair.client.id);
        // With SYN cookies some more believe that they are connected; what waits in the queue is exact.
        rig.until("the queue is full, the others call", |s| {
            let counters = of(s, client).counters;
            let board = of(s, client).connections.iter().filter(|c| c.state == ConnState::Connecting).count();
            counters.opened >= 100 && board as u64 + counters.opened == 200 && board > 0
        });
        let asked = Instant::now();
        rig.tell(Command::StopAll);
        let last = rig.until_state(client, SessionState::Stopped);
        rig.until_state(server, SessionState::Stopped);
        assert!(asked.elapsed() < Duration::from_secs(1), "{transport}: {:?}", asked.elapsed());
        assert_eq!((last.counters.open, last.counters.waiting, last.counters.failed), (0, 0, 0), "{transport}");
        // Also when the server is gone first, whose end resets those who stood in its queue and refuses those who still call.
        let is_clean = |c: &&ConnView| c.state == ConnState::Closed && c.end == Some(EndReason::Here);
        let unclean: Vec<_> = last.connections.iter().filter(|c| !is_clean(c)).map(|c| (c.state, &c.end)).collect();
        assert!(unclean.is_empty() && last.connections.len() == 200, "{transport}: {unclean:?}");
    }
}
