//! Servers and clients of the engine with each other.

use super::*;
use crate::lab::{Client, LineEnding, Packet, Side};

pub(super) struct Pair {
    _dir: tempfile::TempDir,
    pub server: Server,
    pub client: Client,
}

pub(super) fn pair(transport: Transport, model: &str) -> Pair {
    let mut lab = Lab::default();
    lab.add_server(transport, model);
    let name = lab.servers[0].name.clone();
    lab.add_client(transport, Some(&name));
    let dir = tempfile::tempdir().unwrap();
    let (mut server, client) = (lab.servers.remove(0), lab.clients.remove(0));
    if transport.is_unix() {
        server.address = Address::Path(dir.path().join("s").display().to_string());
    }
    Pair { _dir: dir, server, client }
}

impl Pair {
    pub(super) fn start(&self, rig: &Rig) {
        rig.tell(Command::Start(spec(&self.server)));
        rig.until_state(self.server.id, SessionState::Running);
        self.start_client(rig);
    }

    pub(super) fn start_client(&self, rig: &Rig) {
        rig.tell(Command::Start(Box::new(Spec::Client { client: self.client.clone(), server: Some(self.server.clone()) })));
        rig.until_state(self.client.id, SessionState::Running);
    }
}

pub(super) fn of(s: &Snapshot, id: EndpointId) -> &SessionView {
    s.session(id).unwrap()
}

#[test]
fn a_client_sends_a_server_echoes_and_every_byte_is_seen_at_both_ends() {
    for transport in Transport::ALL.into_iter().filter(|t| catalog::missing(*t).is_none()) {
        let rig = Rig::new();
        let mut pair = pair(transport, catalog::default_model());
        pair.client.packet =
            Packet { body: r"hi \xff".into(), line_ending: LineEnding::Lf, every_ms: 1, times: 20, on_connect: true, ..Packet::default() };
        pair.start(&rig);
        let (server, client) = (pair.server.id, pair.client.id);
        let done = |s: &Snapshot| {
            let (server, client) = (of(s, server).counters, of(s, client).counters);
            server.rx_bytes == 100 && server.tx_bytes == 100 && client.tx_bytes == 100 && client.rx_bytes == 100
        };
        rig.until(&format!("{transport}: 20 messages there and back"), done);
        // The log may be a tick behind the counters, never ahead of them.
        let moved = |s: &Snapshot| s.traffic.iter().map(|r| r.len).sum::<u32>();
        let snapshot = rig.until("both ends know each other, and the log has every byte", |s| {
            moved(s) == 400
                && (transport == Transport::UnixStream || of(s, client).connections.iter().all(|c| c.info.other_end.get().is_some()))
        });
        assert!(matches!(rig.event(|k| matches!(k, EventKind::SendDone { .. })).kind, EventKind::SendDone { messages: 20 }));
        assert_eq!((snapshot.counters.rx_bytes, snapshot.counters.tx_bytes), (100, 100), "not counted twice");
        assert!(snapshot.traffic.iter().map(|r| r.at).is_sorted());
        let sum = |side: Side, kind: RecordKind| {
            let rows: Vec<_> = snapshot.traffic.iter().filter(|r| r.conn.side == side && r.kind == kind).collect();
            assert!(rows.iter().all(|r| r.data.starts_with(b"hi \xff\n") && r.len as usize == r.data.len() && !r.cut));
            rows.iter().map(|r| r.len).sum::<u32>()
        };
        for (side, kind) in [(Side::Client, RecordKind::Sent), (Side::Server, RecordKind::Received), (Side::Server, RecordKind::Sent)] {
            assert_eq!(sum(side, kind.clone()), 100, "{transport} {side:?} {kind:?}");
        }
        assert_eq!(sum(Side::Client, RecordKind::Received), 100);
        assert_eq!((snapshot.traffic_totals.dropped, snapshot.traffic_totals.made), (0, snapshot.traffic.len() as u64));
        let ends = of(&snapshot, client).connections[0].info.other_end.get().map(|o| o.1);
        if transport != Transport::UnixStream {
            assert_eq!(ends, Some(of(&snapshot, server).connections[0].info.id));
        }
        assert!(of(&snapshot, server).lanes.iter().any(|l| !l.spans.is_empty()));
        rig.tell(Command::StopAll);
        rig.until_state(server, SessionState::Stopped);
        let last = rig.until_state(client, SessionState::Stopped);
        assert_eq!((last.counters.open, last.counters.tx_bytes, last.connections[0].state), (0, 100, ConnState::Closed));
    }
}

#[test]
fn under_iterative_the_second_client_is_connected_and_waits() {
    for transport in [Transport::Tcp, Transport::UnixStream].into_iter().filter(|t| catalog::missing(*t).is_none()) {
        let rig = Rig::new();
        let mut pair = pair(transport, "iterative");
        pair.client.connections = 3;
        pair.start(&rig);
        let states = |s: &Snapshot| -> Vec<ConnState> { of(s, pair.client.id).connections.iter().map(|c| c.state).collect() };
        let snapshot = rig.until("one is served, two wait", |s| {
            states(s) == [ConnState::Open, ConnState::Waiting, ConnState::Waiting] && of(s, pair.server.id).counters.waiting == 2
        });
        let queue = of(&snapshot, pair.server.id).queue.unwrap();
        let measured = cfg!(target_os = "linux");
        assert_eq!((queue.waiting, matches!(queue.source, Source::Measured(_))), (2, measured));
        let first = of(&snapshot, pair.client.id).connections[0].info.id;
        rig.tell(Command::Close { session: pair.client.id, pick: ConnPick::One(first), how: CloseHow::Orderly });
        rig.until("the second one is served", |s| {
            states(s).starts_with(&[ConnState::Open, ConnState::Waiting]) && of(s, pair.server.id).counters.opened == 2
        });
        let event = rig.event(|k| matches!(k, EventKind::ConnectionsClosed { .. }));
        assert!(matches!(event.kind, EventKind::ConnectionsClosed { count: 1, how: CloseHow::Orderly }));
    }
}

#[test]
fn a_server_sends_to_all_and_closes_some() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, catalog::default_model());
    pair.client.connections = 5;
    pair.start(&rig);
    let (server, client) = (pair.server.id, pair.client.id);
    rig.until("5 accepted", |s| of(s, server).counters.open == 5);
    let outgoing = Outgoing::once(*b"news");
    rig.tell(Command::Send { from: server, to: SendTo::All, outgoing });
    rig.until("all heard it", |s| of(s, client).counters.rx_bytes == 20);
    rig.tell(Command::Close { session: server, pick: ConnPick::Newest(2), how: CloseHow::Reset });
    let snapshot = rig.until("3 are left at both ends", |s| of(s, server).counters.open == 3 && of(s, client).counters.open == 3);
    assert!(of(&snapshot, client).connections.iter().skip(3).all(|c| c.end == Some(EndReason::Reset)));
    rig.tell(Command::Open { client, count: 5_000 });
    let refused = rig.event(|k| matches!(k, EventKind::Trouble(f) if f.operation == Operation::Connect));
    assert!(refused.side == Side::Client);
    rig.tell(Command::Stop(client));
    rig.until_state(client, SessionState::Stopped);
}

#[test]
fn a_switch_says_how_many_connections_it_closed() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "iterative");
    pair.start(&rig);
    rig.until("accepted", |s| of(s, pair.server.id).counters.open == 1);
    pair.server.model = "threads".into();
    rig.tell(Command::Restart(spec(&pair.server)));
    let event = rig.event(|k| matches!(k, EventKind::ModelSwitched { .. }));
    assert!(matches!(event.kind, EventKind::ModelSwitched { closed: 1, .. }), "{event:?}");
    rig.tell(Command::Open { client: pair.client.id, count: 1 });
    rig.until("the client finds it again", |s| of(s, pair.server.id).counters.open == 1);
}

#[test]
fn a_flood_keeps_counters_exact_while_rows_are_dropped_and_counted() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, catalog::default_model());
    pair.client.packet = Packet { body: "x".repeat(100), every_ms: 0, times: 0, on_connect: true, ..Packet::default() };
    pair.start(&rig);
    rig.until("a flood", |s| of(s, pair.server.id).counters.rx_bytes > 20_000_000);
    let asked = Instant::now();
    rig.tell(Command::Stop(pair.client.id));
    let client = rig.until_state(pair.client.id, SessionState::Stopped).counters;
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    let snapshot = rig.until("all was read", |s| of(s, pair.server.id).counters.open == 0);
    let server = of(&snapshot, pair.server.id).counters;
    assert!(server.rx_bytes <= client.tx_bytes && client.rx_bytes <= server.tx_bytes);
    let totals = snapshot.traffic_totals;
    assert_eq!(totals.made, snapshot.traffic.len() as u64 + totals.evicted + totals.dropped, "{totals:?}");
    assert!(totals.held_bytes <= EngineConfig::default().traffic_limit_bytes + (256 << 16));
}

#[test]
fn a_client_started_in_the_same_breath_as_its_server_finds_it_bound() {
    let rig = Rig::new();
    for _ in 0..20 {
        // Port 0: without waiting there would be no address at all. No reconnect: a refusal would stay.
        let pair = pair(Transport::Tcp, catalog::default_model());
        rig.tell(Command::Start(spec(&pair.server)));
        rig.tell(Command::Start(Box::new(Spec::Client { client: pair.client.clone(), server: Some(pair.server.clone()) })));
        rig.until("it is connected", |s| {
            assert!(s.session(pair.client.id).is_none_or(|c| c.failure.is_none()), "{:?}", s.session(pair.client.id));
            s.session(pair.client.id).is_some_and(|c| c.counters.open == 1)
        });
        // The same at a model switch, with the client started while the server is away.
        rig.tell(Command::Restart(spec(&pair.server)));
        rig.tell(Command::Stop(pair.client.id));
        rig.until("the client is stopped", |s| of(s, pair.client.id).state == SessionState::Stopped);
        rig.tell(Command::Start(Box::new(Spec::Client { client: pair.client.clone(), server: Some(pair.server.clone()) })));
        rig.until("it is connected again", |s| of(s, pair.client.id).generation == 2 && of(s, pair.client.id).counters.open == 1);
        rig.tell(Command::Forget(pair.client.id));
        rig.tell(Command::Forget(pair.server.id));
        rig.until("both are forgotten", |s| s.sessions.is_empty());
    }
}
