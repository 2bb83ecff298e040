//! The theatre over the engine and a real kernel: what is drawn is what the kernel says.

use std::sync::Arc;
use std::time::Instant;

use super::super::gather::STRANGER_AFTER;
use super::*;
use crate::engine::{Command, Engine, EngineConfig, EngineHandle, Snapshot, Spec};
use crate::lab::{Address, Lab};

fn until(engine: &EngineHandle, what: &str, good: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let start = Instant::now();
    loop {
        let snap = engine.snapshot();
        if good(&snap) {
            return snap;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{what}: {:?}", snap.sessions);
        let _events = engine.next_event(ms(20));
    }
}

/// Nobody accepts, ten come to four places.
#[test]
fn a_full_queue_of_this_kernel() {
    let dir = tempfile::tempdir().unwrap();
    let inet = |host: &str| Address::Inet { host: host.into(), port: 0 };
    full_queue(Transport::Tcp, inet("127.0.0.1"));
    full_queue(Transport::Tcp, inet("::1"));
    full_queue(Transport::UnixStream, Address::Path(dir.path().join("door.sock").display().to_string()));
}

fn full_queue(transport: Transport, address: Address) {
    let unix = transport.is_unix();
    let mut lab = Lab::default();
    let door = lab.add_server(transport, "iterative");
    let name = lab.servers[0].name.clone();
    let server = lab.server_mut(door).unwrap();
    server.address = address;
    (server.backlog, server.life.accept_pace) = (3, AcceptPace::Paused);
    let crowd = lab.add_client(transport, Some(&name));
    let client = lab.client_mut(crowd).unwrap();
    (client.connections, client.opening.at_once, client.connect_timeout_ms) = (10, 10, 60_000);
    let engine = Engine::spawn(EngineConfig::default(), || {}).unwrap();
    let server = lab.servers[0].clone();
    engine.send(Command::Start(Box::new(Spec::Server(server.clone())))).unwrap();
    until(&engine, "it listens", |s| s.session(door).is_some_and(|v| v.state == SessionState::Running));
    engine.send(Command::Start(Box::new(Spec::Client { client: lab.clients[0].clone(), server: Some(server) }))).unwrap();
    let snap = until(&engine, "four wait, six ask again", |s| {
        let facts = facts(s, &lab, &lab.servers[0]);
        // A Unix client asks every few milliseconds; when next is told only while it waits for that.
        let again = |g: &Guest<'_>| g.sent() > 1 && (unix || g.next_try(s.at).is_some());
        facts.queued.len() == 4 && facts.calling.len() == 6 && facts.calling.iter().all(again)
    });
    let mut world = World::empty();
    (world.lab, world.snap, world.selection) = (lab.clone(), (*snap).clone(), Selection::Endpoint(door));
    let told = told(&world);
    assert_eq!((told.queue.value, told.places, told.full(), told.strangers), (4, Some(4), true, 0));
    let (sentence, outside) = if unix {
        ("4 of 4 places are taken: a blocking connect waits, a non-blocking one gets EAGAIN.", "finds no place: connect() answered EAGAIN")
    } else {
        ("The queue is full, so the kernel drops every further SYN.", "gets no answer: its SYN was sent")
    };
    assert_eq!(voice::sentence(&world.text, &told), sentence);
    assert!(told.calling.iter().all(|g| g.dropped(told.now)), "each was turned away at least once");
    let mut shown = harness(world.look(Language::English, Theme::light()), vec2(1_067.0, 414.0));
    shown.run();
    assert_eq!(shown.query_all_by_label_contains(outside).count(), 6, "{:?}", labels(&shown));
    assert_eq!(shown.query_all_by_label_contains("believes it is connected; nobody has accepted it").count(), 4);

    engine.send(Command::SetPace(door, AcceptPace::Eager)).unwrap();
    let is_served = |s: &Snapshot| {
        let facts = facts(s, &lab, &lab.servers[0]);
        facts.serving.len() == 1 && facts.queued.len() >= 3
    };
    let snap = until(&engine, "one is served, and nobody of those who waited is lost", is_served);
    // Who is not met after a while would be called an outside program.
    let later = snap.at + STRANGER_AFTER * 2;
    let snap = until(&engine, "a while later", |s| s.at > later && is_served(s));
    let first = facts(&snap, &lab, &lab.servers[0]);
    assert!(first.serving.iter().all(|g| g.number.is_some()) && first.strangers == 0, "{:?}", first.serving);
    assert_eq!(words::descriptor(&first, &first.serving[0]).is_some_and(|fd| fd > 2), !unix, "a Unix client has no name to be met by");
    engine.shutdown();
}
