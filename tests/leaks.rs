//! Starting and stopping every kind of endpoint leaks nothing. One test in a process of its own, because it counts the
//! descriptors and threads of the whole process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use socketlab::engine::{Command, SessionState, Spec};
use socketlab::lab::{Address, EndpointId, Transport};
use support::{Rig, descriptors_and_threads, has_a_meaning, models, transports, until};

/// Starts and stops in all, over every model and transport, servers and clients.
const CYCLES: usize = 200;

#[test]
fn two_hundred_starts_and_stops_leak_no_descriptor_thread_or_socket_file() {
    let rig = Rig::new();
    let kinds: Vec<_> =
        models().into_iter().flat_map(|m| transports().into_iter().map(move |t| (m, t))).filter(|(m, t)| has_a_meaning(m, *t)).collect();
    // Whatever is made once (the engine's own things) is there after one round.
    cycle(&rig, kinds[0].0, kinds[0].1);
    let before = until("the first round is over", || settled(&rig));
    for (model, transport) in kinds.iter().cycle().take(CYCLES) {
        cycle(&rig, model, *transport);
    }
    until("everything is given back", || (settled(&rig)? == before).then_some(()));
    let left: Vec<_> = std::fs::read_dir(rig.dir.path()).unwrap().collect();
    assert!(left.is_empty(), "socket files stay: {left:?}");
}

fn settled(rig: &Rig) -> Option<(usize, usize)> {
    let over = |s: &socketlab::engine::SessionView| s.state == SessionState::Stopped;
    rig.engine.snapshot().sessions.iter().all(|s| over(s)).then(descriptors_and_threads)
}

/// A server with a client of ours that has three connections, each way used once; then both stop.
fn cycle(rig: &Rig, model: &str, transport: Transport) {
    let server = rig.server(transport, model, "echo");
    let at = rig.start(&server);
    let mut client = rig.client(transport, Address::parse(transport, &at).unwrap());
    client.connections = 3;
    client.packet.body = "hello".into();
    client.packet.on_connect = true;
    rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
    let answered = if model == "iterative" && transport.is_stream() { 5 } else { 15 };
    rig.view_when(client.id, "the echoes came", |s| s.counters.rx_bytes >= answered);
    stop(rig, client.id);
    stop(rig, server.id);
    rig.send(Command::Forget(client.id));
    rig.send(Command::Forget(server.id));
    until("both are forgotten", || rig.engine.snapshot().sessions.is_empty().then_some(()));
}

fn stop(rig: &Rig, id: EndpointId) {
    rig.stop(id);
    assert_eq!(rig.engine.snapshot().session(id).unwrap().state, SessionState::Stopped);
}
