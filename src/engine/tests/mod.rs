//! The engine through its face, as the window and the command line use it.

mod accepting;
mod backlog;
mod casting;
mod echo;
mod living;
mod messages;
#[cfg(target_os = "linux")]
mod namespace;
#[cfg(target_os = "linux")]
mod process;
mod sequences;
mod tap;
mod wire;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};

use super::*;
use crate::lab::{Address, EndpointId, Lab, Server, Transport};

/// Nothing takes so long, also on a machine that others keep busy.
const LIMIT: Duration = Duration::from_secs(30);

struct Rig {
    engine: EngineHandle,
    woken: Receiver<()>,
}

impl Rig {
    fn new() -> Self {
        let (wake, woken) = bounded(1);
        let engine = Engine::spawn(EngineConfig::default(), move || {
            let _woken_already = wake.try_send(());
        })
        .unwrap();
        Self { engine, woken }
    }

    fn tell(&self, command: Command) {
        self.engine.send(command).unwrap();
    }

    /// The first snapshot for which it holds.
    fn until(&self, what: &str, holds: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let start = Instant::now();
        loop {
            let snapshot = self.engine.snapshot();
            if holds(&snapshot) {
                return snapshot;
            }
            let left = LIMIT.saturating_sub(start.elapsed());
            assert!(!left.is_zero(), "not within the limit: {what}\n{:#?}", snapshot.sessions);
            let _late = self.woken.recv_timeout(left.min(Duration::from_millis(50)));
        }
    }

    fn until_state(&self, id: EndpointId, state: SessionState) -> Arc<SessionView> {
        let is_there = |s: &Snapshot| s.session(id).is_some_and(|s| s.state == state);
        Arc::clone(self.until(&format!("{state:?}"), is_there).session(id).unwrap())
    }

    /// The next event for which it holds.
    fn event(&self, holds: impl Fn(&EventKind) -> bool) -> Event {
        let start = Instant::now();
        let mut others = Vec::new();
        while let Some(event) = self.engine.next_event(LIMIT.saturating_sub(start.elapsed())) {
            if holds(&event.kind) {
                return event;
            }
            others.push(event);
        }
        panic!("no such event among {others:#?}");
    }
}

fn server(model: &str) -> Server {
    let mut lab = Lab::default();
    lab.add_server(Transport::Tcp, model);
    lab.servers.remove(0)
}

fn spec(server: &Server) -> Box<Spec> {
    Box::new(Spec::Server(server.clone()))
}

#[test]
fn a_server_starts_says_where_it_is_and_stops() {
    let rig = Rig::new();
    let server = server("poll");
    rig.tell(Command::Start(spec(&server)));
    let view = rig.until_state(server.id, SessionState::Running);
    let local = view.local.clone().unwrap();
    assert!(local.starts_with("127.0.0.1:") && !local.ends_with(":0"), "{local}");
    assert_eq!((view.model, view.service, view.backlog, view.generation), (Some("poll"), Some("echo"), Some(128), 1));
    assert!(matches!(rig.event(|_| true).kind, EventKind::Started { local: Some(l) } if l == local));
    rig.tell(Command::Start(spec(&server)));
    rig.tell(Command::Rename(server.id, "door".into()));
    rig.until("renamed", |s| s.session(server.id).is_some_and(|s| &*s.name == "door" && s.generation == 1));
    let asked = Instant::now();
    rig.tell(Command::Stop(server.id));
    rig.until_state(server.id, SessionState::Stopped);
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    let event = rig.event(|_| true);
    assert!(matches!(event.kind, EventKind::Stopped { closed: 0 }) && &*event.name == "door", "{event:?}");
    std::net::TcpListener::bind(&*local).expect("Stopped means that the address is free");
    rig.tell(Command::Forget(server.id));
    rig.until("forgotten", |s| s.sessions.is_empty());
}

#[test]
fn a_model_switch_keeps_the_port_and_a_new_address_does_not() {
    let rig = Rig::new();
    let mut server = server("poll");
    rig.tell(Command::Start(spec(&server)));
    let local = rig.until_state(server.id, SessionState::Running).local.clone();
    server.model = catalog::models().find(|m| m.id != "poll" && m.missing.is_none()).unwrap().id.into();
    rig.tell(Command::Restart(spec(&server)));
    let second = rig.event(|k| matches!(k, EventKind::ModelSwitched { .. }));
    assert!(matches!(second.kind, EventKind::ModelSwitched { from, to, closed: 0 } if &*from == "poll" && *to == *server.model));
    let view = rig.until_state(server.id, SessionState::Running);
    assert_eq!((view.local.clone(), view.generation), (local.clone(), 2));
    // Again: the chosen port is still known.
    rig.tell(Command::Restart(spec(&server)));
    rig.event(|k| matches!(k, EventKind::Started { .. }));
    assert_eq!(rig.until("third", |s| s.session(server.id).is_some_and(|s| s.generation == 3)).session(server.id).unwrap().local, local);
    server.address = Address::Inet { host: "localhost".into(), port: 0 };
    rig.tell(Command::Restart(spec(&server)));
    rig.event(|k| matches!(k, EventKind::Started { .. }));
    assert_ne!(rig.until_state(server.id, SessionState::Running).local, local);
}

#[test]
fn of_many_restarts_the_last_one_wins_and_a_stop_is_not_overtaken_by_an_older_start() {
    let rig = Rig::new();
    let mut server = server("poll");
    rig.tell(Command::Start(spec(&server)));
    for backlog in 1..=50 {
        server.backlog = backlog;
        rig.tell(Command::Restart(spec(&server)));
    }
    rig.until("the last one", |s| s.session(server.id).is_some_and(|s| s.backlog == Some(50) && s.state == SessionState::Running));
    for _ in 0..50 {
        rig.tell(Command::Start(spec(&server)));
        rig.tell(Command::Stop(server.id));
    }
    // A backlog longer than a round of the engine.
    for _ in 0..2_000 {
        rig.tell(Command::Start(spec(&server)));
    }
    rig.tell(Command::Stop(server.id));
    // Nothing is left that could start it: the engine answers this after all of the above.
    rig.tell(Command::Rename(server.id, "end".into()));
    rig.until("stopped for good", |s| s.session(server.id).is_some_and(|s| &*s.name == "end" && s.state == SessionState::Stopped));
}

#[test]
fn failures_are_named_with_operation_address_and_cause() {
    let rig = Rig::new();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let mut server = server("poll");
    server.address = Address::Inet { host: "127.0.0.1".into(), port: taken.local_addr().unwrap().port() };
    rig.tell(Command::Start(spec(&server)));
    let failure = rig.until_state(server.id, SessionState::Failed).failure.clone().unwrap();
    assert_eq!((failure.operation, &failure.cause, failure.errno), (Operation::Bind, &Cause::AddressInUse, Some("EADDRINUSE")));
    assert_eq!(*failure.endpoint, server.address.to_string());
    assert!(matches!(rig.event(|_| true).kind, EventKind::Failed(f) if f == failure));
    drop(taken);
    rig.tell(Command::Start(spec(&server)));
    assert_eq!(rig.until_state(server.id, SessionState::Running).failure, None, "it goes on working");
    server.model = "telepathy".into();
    rig.tell(Command::Restart(spec(&server)));
    let failure = rig.until_state(server.id, SessionState::Failed).failure.clone().unwrap();
    assert!(matches!(failure.cause, Cause::NotAvailable(why) if why.contains("telepathy")));
}

#[test]
fn commands_for_what_does_not_run_are_answered() {
    let rig = Rig::new();
    let outgoing = Outgoing::once([1]);
    rig.tell(Command::Send { from: EndpointId(9), to: SendTo::All, outgoing });
    let event = rig.event(|_| true);
    assert!(matches!(&event.kind, EventKind::Trouble(f) if f.operation == Operation::Send), "{event:?}");
    rig.tell(Command::Stop(EndpointId(9)));
    rig.tell(Command::Open { client: EndpointId(9), count: 1 });
    assert!(matches!(rig.event(|_| true).kind, EventKind::Trouble(f) if f.operation == Operation::Connect), "no answer to the stop");
}

#[test]
fn history_grows_while_it_runs_and_nothing_happens_afterwards() {
    let rig = Rig::new();
    let server = server("poll");
    rig.tell(Command::Start(spec(&server)));
    let points = |s: &Snapshot| s.session(server.id).map_or(0, |s| s.series.len());
    rig.until("a second of history", |s| points(s) >= 10 && s.series.len() >= 10);
    rig.tell(Command::Stop(server.id));
    rig.until_state(server.id, SessionState::Stopped);
    rig.tell(Command::Start(spec(&server)));
    let again = rig.until_state(server.id, SessionState::Running);
    assert!(again.generation == 2 && again.series.len() >= 10, "a restart keeps the series");
    rig.tell(Command::Stop(server.id));
    rig.until_state(server.id, SessionState::Stopped);
    // The rates fall for a second; then the engine sleeps.
    let start = Instant::now();
    while rig.woken.recv_timeout(Duration::from_millis(700)).is_ok() {
        assert!(start.elapsed() < LIMIT, "it never rests");
    }
}

#[test]
fn shutdown_stops_everything() {
    let rig = Rig::new();
    let servers: Vec<_> = (0..5).map(|n| Server { id: EndpointId(n + 1), ..server("poll") }).collect();
    servers.iter().for_each(|s| rig.tell(Command::Start(spec(s))));
    servers.iter().for_each(|s| drop(rig.until_state(s.id, SessionState::Running)));
    let last = rig.engine.shutdown();
    assert_eq!(last.sessions.len(), 5);
    assert!(last.sessions.iter().all(|s| s.state == SessionState::Stopped), "{last:#?}");
}
