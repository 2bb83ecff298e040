//! How a server's life ends, and what is told of it: finishing, N requests, refused peers, ended schedules, buffers at both ends.

use super::echo::{of, pair};
use super::*;
use crate::lab::Filter;
use crate::trace::Unserved;

/// How this session ended.
fn ended(rig: &Rig, id: EndpointId) -> Event {
    loop {
        let event = rig.event(|k| matches!(k, EventKind::Stopped { .. } | EventKind::Failed(_)));
        if event.session == id {
            return event;
        }
    }
}

#[test]
fn a_finishing_server_serves_on_and_stops_with_its_last_client() {
    for model in catalog::models().filter(|m| m.missing.is_none()) {
        let rig = Rig::new();
        let pair = pair(Transport::Tcp, model.id);
        pair.start(&rig);
        let (server, client) = (pair.server.id, pair.client.id);
        rig.until("connected", |s| of(s, server).counters.open == 1);
        rig.tell(Command::Finish(server));
        let view = rig.until_state(server, SessionState::Stopping);
        assert_eq!(view.counters.open, 1, "{}", model.id);
        let outgoing = Outgoing::once(*b"still served");
        rig.tell(Command::Send { from: client, to: SendTo::All, outgoing });
        rig.until("it answers", |s| of(s, client).counters.rx_bytes == 12);
        assert_eq!(of(&rig.engine.snapshot(), server).state, SessionState::Stopping);
        rig.tell(Command::Stop(client));
        let view = rig.until_state(server, SessionState::Stopped);
        assert_eq!(view.connections[0].end, Some(EndReason::Orderly), "{}", model.id);
        let told = ended(&rig, server);
        assert!(matches!(told.kind, EventKind::Stopped { closed: 0 }), "{told:?}");
    }
}

#[test]
fn a_stop_while_it_finishes_closes_at_once_and_a_start_waits_for_the_end() {
    let rig = Rig::new();
    let pair = pair(Transport::Tcp, "threads");
    pair.start(&rig);
    let server = pair.server.id;
    rig.until("connected", |s| of(s, server).counters.open == 1);
    rig.tell(Command::Finish(server));
    rig.until_state(server, SessionState::Stopping);
    rig.tell(Command::Start(spec(&pair.server)));
    rig.tell(Command::Stop(pair.client.id));
    rig.until("the next generation", |s| of(s, server).generation == 2 && of(s, server).state == SessionState::Running);
    pair.start_client(&rig);
    rig.until("connected again", |s| of(s, server).counters.open == 1);
    rig.tell(Command::Finish(server));
    rig.until_state(server, SessionState::Stopping);
    rig.tell(Command::Stop(server));
    rig.until_state(server, SessionState::Stopped);
    assert!(matches!(ended(&rig, server).kind, EventKind::Stopped { closed: 0 }), "the first time nobody was closed");
    assert!(matches!(ended(&rig, server).kind, EventKind::Stopped { closed: 1 }));
}

#[test]
fn after_its_requests_a_server_is_stopped_and_says_so() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Udp, "poll");
    pair.server.life.requests = 2;
    pair.start(&rig);
    let outgoing = Outgoing::fixed(*b"x", Duration::from_millis(1), 2);
    rig.tell(Command::Send { from: pair.client.id, to: SendTo::All, outgoing });
    let view = rig.until_state(pair.server.id, SessionState::Stopped);
    assert_eq!((view.counters.rx_messages, view.counters.tx_messages, view.failure.clone()), (2, 2, None));
    let told = rig.event(|k| matches!(k, EventKind::Stopped { .. }));
    assert_eq!(told.session, pair.server.id);
}

#[test]
fn who_is_turned_away_is_counted_and_told_at_most_ten_times_a_second() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "poll");
    pair.server.life.accept = Filter { allow: Vec::new(), deny: vec![Filter::parse_range("127.0.0.0/8").unwrap()] };
    pair.client.connections = 200;
    pair.start(&rig);
    let snapshot = rig.until("200 are refused", |s| of(s, pair.server.id).refused == 200);
    let server = of(&snapshot, pair.server.id);
    assert_eq!((server.counters.opened, server.connections.len()), (0, 0));
    let mut told = 0;
    while let Some(event) = rig.engine.next_event(Duration::ZERO) {
        let is_meant = |f: &Failure| f.cause == Cause::Unserved(Unserved::TurnedAway) && f.operation == Operation::Accept;
        told += u32::from(matches!(&event.kind, EventKind::Trouble(failure) if is_meant(failure)));
    }
    assert!((1..200).contains(&told), "{told}");
}

#[test]
fn a_servers_ended_schedule_is_told_with_its_messages() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "poll");
    pair.client.connections = 3;
    pair.start(&rig);
    let server = pair.server.id;
    rig.until("connected", |s| of(s, server).counters.open == 3);
    let outgoing = Outgoing::fixed(*b"news", Duration::from_millis(1), 5);
    rig.tell(Command::Send { from: server, to: SendTo::All, outgoing });
    let told = rig.event(|k| matches!(k, EventKind::SendDone { .. }));
    assert!(matches!(told.kind, EventKind::SendDone { messages: 15 }) && told.session == server, "{told:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn both_ends_know_what_waits_in_their_buffers() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "poll");
    pair.server.service = "silent".into();
    pair.start(&rig);
    let outgoing = Outgoing::once(*b"into the silence");
    rig.until("connected", |s| of(s, pair.server.id).counters.open == 1);
    rig.tell(Command::Send { from: pair.client.id, to: SendTo::All, outgoing });
    let snapshot = rig.until("it waits at the server", |s| {
        let first = |id| of(s, id).connections[0].clone();
        first(pair.server.id).unread == Some(16) && first(pair.client.id).unsent == Some(0)
    });
    assert_eq!(of(&snapshot, pair.client.id).connections[0].unread, Some(0));
    rig.tell(Command::Close { session: pair.client.id, pick: ConnPick::All, how: CloseHow::Orderly });
    let snapshot = rig.until("closed", |s| of(s, pair.client.id).counters.open == 0);
    assert_eq!(of(&snapshot, pair.client.id).connections[0].unsent, None);
}
