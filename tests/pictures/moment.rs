//! A lab and a moment of it, written down by hand: no socket, no engine, no clock. It must not change by itself, for every
//! reference picture hangs on it.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use socketlab::engine::{
    AcceptQueue, CallsView, Cause, ConnInfo, ConnState, ConnView, Counters, Events, Failure, LaneDoing, LaneView, ListenerSample,
    ListenerView, Operation, Rates, ReadyFd, ReadySet, Record, RecordKind, Sample, SessionState, SessionView, Snapshot, Source, SourceLine,
    Span, TrafficTotals, catalog,
};
use socketlab::lab::{AcceptPace, EndpointId, Lab, Side, Target};
use socketlab::stats::LogView;
use socketlab::trace::{Call, ConnId};

use super::theatre;

/// The moment, since the engine started.
pub const AT: Duration = Duration::from_secs(252);

const LAB: &str = r#"
name = "first-sockets"
[[server]]
name = "echo-tcp"
transport = "tcp"
address = "127.0.0.1:7788"
model = "epoll-lt"
backlog = 8
[[server]]
name = "clock-udp"
transport = "udp"
address = "127.0.0.1:7713"
model = "iterative"
[[server]]
name = "local-echo"
transport = "unix-stream"
address = "/tmp/lab.sock"
model = "poll"
[[server]]
name = "web"
transport = "tcp"
address = "127.0.0.1:80"
model = "threads"
[[client]]
name = "board"
server = "echo-tcp"
[[client]]
name = "phone"
server = "echo-tcp"
[[client]]
name = "kiosk"
server = "echo-tcp"
[[client]]
name = "watch"
server = "clock-udp"
"#;

/// The lab and the moment: a selector between two calls, a queue of one, datagrams, one stopped and one failed server.
pub struct Moment {
    /// The document.
    pub lab: Lab,
    /// Its snapshot.
    pub snap: Snapshot,
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

impl Moment {
    pub fn new() -> Self {
        let lab = socketlab::lab::parse(LAB, &catalog::known()).unwrap();
        let id = |name: &str| lab.names().find(|(_, n)| *n == name).unwrap().0;
        let [echo, clock, web] = ["echo-tcp", "clock-udp", "web"].map(id);
        let [board, phone, kiosk, watch] = ["board", "phone", "kiosk", "watch"].map(id);

        let pairs = [(board, echo, 15, 51_842), (phone, echo, 17, 51_844), (watch, clock, 21, 40_100)];
        let ends: Vec<_> = pairs.iter().enumerate().map(|(n, pair)| connect(&lab, n as u64, *pair)).collect();
        let of = |who: EndpointId| -> Arc<[ConnView]> {
            ends.iter().flatten().filter(|info| info.session == who).map(|info| view(info, info.fd == 17)).collect()
        };
        let waits = ConnView {
            state: ConnState::Waiting,
            connect: Some(theatre::connected(0)),
            ..view(&end(&lab, kiosk, 9, 29, "127.0.0.1:51846", "127.0.0.1:7788"), false)
        };

        let mut sessions = Vec::new();
        for (who, _) in lab.names().filter(|(who, _)| *who != id("local-echo")) {
            let mut session = session(&lab, who);
            session.connections = if who == kiosk { Arc::new([waits.clone()]) } else { of(who) };
            session.counters.open = session.connections.iter().filter(|c| c.state == ConnState::Open).count() as u64;
            session.series = history();
            if who == echo {
                session.queue = Some(AcceptQueue { waiting: 1, limit: Some(8), source: Source::Measured("TCP_INFO, tcpi_unacked") });
                session.counters.waiting = 1;
                session.listener = Some(Arc::new(door()));
                session.rates = Rates { rx_bytes: 36.0, tx_bytes: 36.0, calls: 5_712.0, wakeups: 1_904.0, ..Rates::default() };
                session.lanes = Arc::new([selector()]);
            } else if who == clock {
                let doing = LaneDoing::InCall { call: Call::RecvFrom, fd: 21, since: AT - ms(1_800) };
                session.lanes = Arc::new([LaneView { doing, ..LaneView { name: "iterative".into(), spans: Arc::new([]), ..selector() } }]);
            } else if who == web {
                (session.state, session.local, session.listener_fd, session.queue) = (SessionState::Failed, None, None, None);
                session.failure = Some(Failure {
                    operation: Operation::Bind,
                    endpoint: "127.0.0.1:80".into(),
                    cause: Cause::PermissionDenied,
                    errno: Some("EACCES"),
                });
            }
            sessions.push(Arc::new(session));
        }
        sessions.sort_by_key(|s| s.id);
        let series = history();
        let snap = Snapshot {
            seq: 1,
            at: AT,
            started: SystemTime::UNIX_EPOCH + Duration::from_secs(38_525),
            sessions,
            counters: series.last().map(|s| s.counters).unwrap_or_default(),
            rates: Rates { rx_bytes: 36.0, tx_bytes: 36.0, ..Rates::default() },
            series,
            traffic: traffic(&ends),
            traffic_totals: TrafficTotals { made: 24, held_bytes: 408, limit_bytes: 256 << 20, ..TrafficTotals::default() },
            recording: None,
        };
        Self { lab, snap }
    }
}

/// Its door: two clients were met half a minute ago, one waits.
fn door() -> ListenerView {
    let zero = AT.as_secs_f64() - 60.0;
    let sample = |n: u64| {
        let (accepted, queue) = (u64::from(n >= 600) + u64::from(n >= 602), u32::from(n >= 603));
        let at_secs = zero + n as f64 / 30.0;
        ListenerSample {
            at_secs,
            queue,
            places: Some(9),
            half_open: Some(0),
            accepted,
            arrived: accepted + u64::from(queue),
            ..ListenerSample::default()
        }
    };
    let series = (0..1_800).map(sample).collect();
    ListenerView { accepted: 2, arrived: 3, series, ..theatre::listener(8, 1, AcceptPace::Eager) }
}

/// The server's end and the client's end of one connection.
fn connect(lab: &Lab, n: u64, (client, server, fd, port): (EndpointId, EndpointId, i64, u16)) -> [Arc<ConnInfo>; 2] {
    let address = lab.server(server).unwrap().address.to_string();
    let peer = format!("127.0.0.1:{port}");
    let far = end(lab, server, 2 * n + 1, fd, &address, &peer);
    let near = end(lab, client, 2 * n + 2, fd + 20, &peer, &address);
    far.other_end.set((client, near.id, near.session_name.clone())).unwrap();
    near.other_end.set((server, far.id, far.session_name.clone())).unwrap();
    [far, near]
}

fn end(lab: &Lab, who: EndpointId, id: u64, fd: i64, local: &str, peer: &str) -> Arc<ConnInfo> {
    let side = if lab.server(who).is_some() { Side::Server } else { Side::Client };
    Arc::new(ConnInfo {
        id: ConnId(id),
        session: who,
        side,
        transport: lab.server(who).map(|s| s.transport).or(lab.client(who).map(|c| c.transport)).unwrap(),
        session_name: lab.names().find(|(other, _)| *other == who).unwrap().1.into(),
        number: if side == Side::Server { id.div_ceil(2) as u32 } else { 1 },
        fd,
        local: local.into(),
        peer: peer.into(),
        opened: AT - ms(40_000),
        other_end: OnceLock::new(),
    })
}

fn view(info: &Arc<ConnInfo>, busy: bool) -> ConnView {
    ConnView {
        info: Arc::clone(info),
        state: ConnState::Open,
        end: None,
        closed: None,
        rx_bytes: 400,
        tx_bytes: 364,
        rx_rate: if busy { 36.0 } else { 0.0 },
        tx_rate: 0.0,
        unread: Some(if busy { 36 } else { 0 }),
        unsent: Some(0),
        tcp: None,
        connect: None,
        active: AT - ms(if busy { 2 } else { 3_000 }),
    }
}

pub fn session(lab: &Lab, who: EndpointId) -> SessionView {
    let (server, client) = (lab.server(who), lab.client(who));
    let target = client.and_then(|c| match &c.target {
        Target::Server(name) => lab.server_named(name).map(|s| s.address.to_string().into()),
        Target::Address(address) => Some(address.to_string().into()),
        Target::Pair => Some("pair".into()),
    });
    let stream = server.filter(|s| s.transport.is_stream());
    SessionView {
        id: who,
        side: if server.is_some() { Side::Server } else { Side::Client },
        name: lab.names().find(|(id, _)| *id == who).unwrap().1.into(),
        transport: server.map_or_else(|| client.unwrap().transport, |s| s.transport),
        generation: 1,
        state: SessionState::Running,
        since: Duration::ZERO,
        model: server.map(|s| if s.transport.is_stream() { "epoll-lt" } else { "iterative" }),
        service: server.map(|_| "echo"),
        local: server.map(|s| s.address.to_string().into()),
        target,
        listener_fd: server.map(|_| 12),
        backlog: stream.map(|s| s.backlog),
        failure: None,
        counters: Counters { opened: 3, rx_bytes: 400, tx_bytes: 364, rx_messages: 12, tx_messages: 11, ..Counters::default() },
        rates: Rates::default(),
        queue: None,
        listener: None,
        connections: Arc::new([]),
        lanes: Arc::new([]),
        live_lanes: 0,
        calls: CallsView::default(),
        refused: 0,
        series: LogView::default(),
        retry: None,
        sending: None,
        messages: Arc::default(),
    }
}

/// The selector's last 10 ms, and the receive it stands in now.
fn selector() -> LaneView {
    let span = |call, start_us: u64, took_us: u64, bytes| {
        let start = AT - Duration::from_micros(10_000 - start_us);
        Span { call, fd: 17, start, took: Duration::from_micros(took_us), bytes, again: false }
    };
    let spans = [(100, 1_300), (2_000, 1_500), (4_000, 800), (5_400, 1_700), (7_600, 1_200)].into_iter().flat_map(|(start, sleep)| {
        [
            span(Call::EpollWait, start, sleep, 0),
            span(Call::Recv, start + sleep + 60, 160, 36),
            span(Call::Send, start + sleep + 330, 180, 36),
        ]
    });
    let got = Events { read: true, ..Events::default() };
    let ready =
        ReadySet { call: Call::EpollWait, at_ns: 0, fds: vec![ReadyFd { fd: 17, got, ..ReadyFd::default() }], watched: None, ready: 1 };
    LaneView {
        id: 0,
        name: "epoll-lt".into(),
        doing: LaneDoing::InCall { call: Call::Recv, fd: 17, since: AT - Duration::from_micros(4) },
        calls: 400,
        eagain: 3,
        spans: spans.collect(),
        at: source_line(),
        ready: Some(Arc::new(ready)),
        cpu: None,
        switches: None,
    }
}

/// Where the model's file receives.
fn source_line() -> Option<SourceLine> {
    let source = catalog::models().find(|m| m.id == "epoll-lt")?.source;
    let line = source.lines().position(|line| line.contains("connection.recv("))?;
    Some(SourceLine { file: "src/model/epoll_lt.rs", line: line as u32 + 1 })
}

/// Ten samples a second over the last minute: a slow start, then a steady flow.
fn history() -> LogView<Sample> {
    let mut counters = Counters::default();
    (0..600_u64)
        .map(|i| {
            let busy = i > 300;
            counters.open = if busy { 3 } else { i / 150 };
            counters.opened = counters.open;
            counters.waiting = u64::from(i > 500);
            counters.rx_bytes += if busy { 1_200 + i * 37 % 140 } else { 0 };
            counters.tx_bytes += if busy { 1_150 + i * 53 % 140 } else { 0 };
            counters.rx_messages += u64::from(busy) * 20;
            counters.tx_messages += u64::from(busy) * 19;
            Sample { at_secs: AT.as_secs_f64() - 60.0 + i as f64 * 0.1, counters }
        })
        .collect()
}

/// Words, control characters, bytes that are no text, both ways, a connection that opens.
fn traffic(ends: &[[Arc<ConnInfo>; 2]]) -> LogView<Record> {
    let words: [&[u8]; 4] = [b"hello from board\n", "你好，世界\r\n".as_bytes(), b"\x00\x01\xff raw", b"How long is a string?\n"];
    let record = |at: Duration, conn: &Arc<ConnInfo>, kind, data: &[u8]| Record {
        at,
        conn: Arc::clone(conn),
        kind,
        data: data.into(),
        len: data.len() as u32,
        cut: false,
    };
    let mut rows = vec![record(AT - ms(40_000), &ends[0][0], RecordKind::Opened, b"")];
    for i in 0..24_u64 {
        let conn = &ends[(i / 2 % 3) as usize][0];
        let kind = if i % 2 == 0 { RecordKind::Received } else { RecordKind::Sent };
        rows.push(record(AT - ms(9_600) + Duration::from_micros(i * 391_377), conn, kind, words[(i / 2 % 4) as usize]));
    }
    rows.into_iter().collect()
}
