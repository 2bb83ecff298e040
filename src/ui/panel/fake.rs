//! Hand-made labs and snapshots for tests of the window. No socket and no engine: every value is written down here.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use eframe::egui::Ui;

use super::Panel;
use crate::engine::{
    AcceptQueue, CallsView, Cause, ConnInfo, ConnState, ConnView, Counters, EndReason, Failure, LaneDoing, LaneView, Operation, Rates,
    Retry, Sample, SessionState, SessionView, Snapshot, Source, Span, TrafficTotals,
};
use crate::insight::Insight;
use crate::lab::{Address, EndpointId, Lab, Side, Target, Transport};
use crate::stats::LogView;
use crate::trace::{Call, ConnId};
use crate::ui::theme::{self, Theme};
use crate::ui::{Action, Cx, Language, Selection, Text};

/// A lab, a snapshot of it and what is needed to show a panel.
pub struct World {
    pub lab: Lab,
    pub snap: Snapshot,
    pub text: Text,
    pub theme: Theme,
    pub selection: Selection,
    pub still: bool,
    pub actions: Vec<Action>,
    pub insights: Vec<Insight>,
    dressed: bool,
    next_conn: u64,
    next_fd: i64,
}

/// The moment of every fake.
pub const AT: Duration = Duration::from_secs(252);

pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

impl World {
    /// Nothing in the lab, nothing started.
    pub fn empty() -> Self {
        let snap = Snapshot {
            seq: 1,
            at: AT,
            started: SystemTime::UNIX_EPOCH,
            sessions: Vec::new(),
            counters: Counters::default(),
            rates: Rates::default(),
            series: LogView::default(),
            traffic: LogView::default(),
            traffic_totals: TrafficTotals { limit_bytes: 256 << 20, ..TrafficTotals::default() },
            recording: None,
        };
        let mut lab = Lab::default();
        lab.name = "fake".into();
        Self {
            lab,
            snap,
            text: Text::new(Language::English),
            theme: Theme::dark(),
            selection: Selection::None,
            still: true,
            actions: Vec::new(),
            insights: Vec::new(),
            dressed: false,
            next_conn: 1,
            next_fd: 15,
        }
    }

    pub fn look(mut self, language: Language, theme: Theme) -> Self {
        self.text = Text::new(language);
        self.theme = theme;
        self
    }

    /// Adds a server to the lab, not started.
    pub fn server(&mut self, name: &str, transport: Transport, address: &str, model: &str) -> EndpointId {
        let id = self.lab.add_server(transport, model);
        let server = self.lab.server_mut(id).unwrap();
        server.name = name.into();
        server.address = Address::parse(transport, address).unwrap();
        server.backlog = 8;
        id
    }

    /// Adds a client of a server to the lab, not started.
    pub fn client(&mut self, name: &str, server: EndpointId) -> EndpointId {
        let (transport, target) = self.lab.server(server).map(|s| (s.transport, s.name.clone())).unwrap();
        let id = self.lab.add_client(transport, Some(&target));
        self.lab.client_mut(id).unwrap().name = name.into();
        id
    }

    /// A client of an outside address.
    pub fn outside_client(&mut self, name: &str, address: &str) -> EndpointId {
        let id = self.lab.add_client(Transport::Tcp, None);
        let client = self.lab.client_mut(id).unwrap();
        client.name = name.into();
        client.target = Target::Address(Address::parse(Transport::Tcp, address).unwrap());
        id
    }

    fn blank(&self, id: EndpointId) -> SessionView {
        let server = self.lab.server(id);
        let client = self.lab.client(id);
        let (side, name, transport) = match (server, client) {
            (Some(s), _) => (Side::Server, s.name.as_str(), s.transport),
            (None, Some(c)) => (Side::Client, c.name.as_str(), c.transport),
            (None, None) => panic!("{id} is not in the lab"),
        };
        SessionView {
            id,
            side,
            name: name.into(),
            transport,
            generation: 1,
            state: SessionState::Running,
            since: Duration::ZERO,
            model: server.and_then(|s| ["epoll-lt", "iterative", "threads", "poll"].into_iter().find(|m| *m == s.model)),
            service: server.map(|_| "echo"),
            local: server.map(|s| s.address.to_string().into()),
            target: client.and_then(|c| match &c.target {
                Target::Server(name) => self.lab.servers.iter().find(|s| s.name == *name).map(|s| s.address.to_string().into()),
                Target::Address(address) => Some(address.to_string().into()),
                Target::Pair => Some("pair".into()),
            }),
            listener_fd: server.map(|_| 12),
            backlog: server.filter(|s| s.transport.is_stream()).map(|s| s.backlog),
            failure: None,
            counters: Counters::default(),
            rates: Rates::default(),
            queue: server.filter(|s| s.transport.is_stream()).map(|s| AcceptQueue {
                waiting: 0,
                limit: Some(s.backlog),
                source: Source::Measured("TCP_INFO, tcpi_unacked"),
            }),
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

    /// The session of an endpoint, made (running, empty) if it has none, to be changed.
    pub fn session(&mut self, id: EndpointId) -> &mut SessionView {
        let at = match self.snap.sessions.binary_search_by_key(&id, |s| s.id) {
            Ok(at) => at,
            Err(at) => {
                let blank = self.blank(id);
                self.snap.sessions.insert(at, Arc::new(blank));
                at
            }
        };
        Arc::make_mut(&mut self.snap.sessions[at])
    }

    /// A fresh connection end, not yet in any session.
    pub fn conn(&mut self, id: EndpointId, peer: &str, opened: Duration) -> ConnView {
        let (conn, fd) = (ConnId(self.next_conn), self.next_fd);
        self.next_conn += 1;
        self.next_fd += 2;
        let session = self.session(id);
        let info = ConnInfo {
            id: conn,
            session: id,
            side: session.side,
            transport: session.transport,
            session_name: session.name.clone(),
            number: session.connections.len() as u32 + 1,
            fd,
            local: session.local.clone().unwrap_or_else(|| format!("127.0.0.1:{}", 51_840 + conn.0).into()),
            peer: peer.into(),
            opened,
            other_end: OnceLock::new(),
        };
        ConnView {
            info: Arc::new(info),
            state: ConnState::Open,
            end: None,
            closed: None,
            rx_bytes: 0,
            tx_bytes: 0,
            rx_rate: 0.0,
            tx_rate: 0.0,
            unread: Some(0),
            unsent: Some(0),
            tcp: None,
            connect: None,
            active: opened,
        }
    }

    pub fn push(&mut self, id: EndpointId, conn: ConnView) {
        let session = self.session(id);
        let mut all = session.connections.to_vec();
        session.counters.opened += 1;
        session.counters.open += u64::from(conn.state != ConnState::Closed);
        all.push(conn);
        session.connections = all.into();
    }

    /// Connects a client to a server of the lab: one connection end in each session. `change` is given both (server's first).
    pub fn connect(&mut self, client: EndpointId, server: EndpointId, change: impl FnOnce(&mut ConnView, &mut ConnView)) -> ConnId {
        let opened = AT - ms(9_000);
        let (mut near, mut far) = (self.conn(client, "127.0.0.1:7788", opened), self.conn(server, "127.0.0.1:51842", opened));
        let names = (self.session(client).name.clone(), self.session(server).name.clone());
        far.info.other_end.set((client, near.info.id, names.0)).unwrap();
        near.info.other_end.set((server, far.info.id, names.1)).unwrap();
        change(&mut far, &mut near);
        let id = far.info.id;
        self.push(client, near);
        self.push(server, far);
        id
    }

    /// A client's connection that its server has not accepted yet.
    pub fn wait(&mut self, client: EndpointId, server: EndpointId) {
        let mut near = self.conn(client, "127.0.0.1:7788", AT - ms(1_200));
        near.state = ConnState::Waiting;
        self.push(client, near);
        let session = self.session(server);
        session.counters.waiting += 1;
        if let Some(queue) = &mut session.queue {
            queue.waiting += 1;
        }
    }

    /// Gives a session one more lane that stands in a call.
    pub fn lane(&mut self, id: EndpointId, name: &str, doing: LaneDoing, spans: Vec<Span>) {
        let session = self.session(id);
        let mut lanes = session.lanes.to_vec();
        lanes.push(LaneView {
            id: lanes.len() as u32,
            name: name.into(),
            doing,
            calls: 400,
            eagain: 0,
            spans: spans.into(),
            at: None,
            ready: None,
            cpu: None,
            switches: None,
        });
        session.lanes = lanes.into();
    }

    /// History of the whole and of every session: a slow start, then many connections and a steady flow.
    pub fn history(&mut self) {
        let series = history();
        self.snap.series = series.clone();
        let ids: Vec<_> = self.snap.sessions.iter().map(|s| s.id).collect();
        for id in ids {
            self.session(id).series = series.clone();
        }
        if let Some(last) = series.last() {
            self.snap.counters = last.counters;
        }
    }

    /// Runs one panel for a frame, as the tiles do: head, then content. The first frame only puts fonts and style in place.
    pub fn show(&mut self, panel: &mut dyn Panel, ui: &mut Ui) {
        if !std::mem::replace(&mut self.dressed, true) {
            theme::install_fonts(ui.ctx());
            theme::install(ui.ctx(), &self.theme);
            return;
        }
        let colors = &self.theme.colors;
        let mut cx = Cx {
            theme: &self.theme,
            text: &self.text,
            lab: &self.lab,
            snap: &self.snap,
            frozen: false,
            selection: self.selection,
            stale: &[],
            insights: &self.insights,
            in_lesson: false,
            own: &[],
            rename: None,
            still: self.still,
            actions: &mut self.actions,
        };
        ui.painter().rect_filled(ui.max_rect(), 0.0, colors.panel);
        let head = ui.available_rect_before_wrap().with_max_y(ui.max_rect().top() + theme::size::PANEL_HEAD);
        let body = ui.max_rect().with_min_y(head.bottom());
        ui.scope_builder(
            eframe::egui::UiBuilder::new()
                .max_rect(head.shrink2(eframe::egui::vec2(theme::space::M, 2.0)))
                .layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center)),
            |ui| panel.head_ui(ui, &mut cx),
        );
        ui.scope_builder(eframe::egui::UiBuilder::new().max_rect(body), |ui| panel.ui(ui, &mut cx));
    }
}

/// Ten samples a second over the last minute and a half.
pub fn history() -> LogView<Sample> {
    let mut counters = Counters::default();
    let mut noise = 7_u64;
    (0..900)
        .map(|i| {
            let at_secs = AT.as_secs_f64() - 90.0 + f64::from(i) * 0.1;
            let since = at_secs - (AT.as_secs_f64() - 29.0);
            noise = noise * 16_807 % 2_147_483_647;
            counters.open = if since < 0.0 { (i / 250).min(3) as u64 } else { 3 + (since * 10.0).min(40.0) as u64 };
            counters.opened = counters.open;
            counters.waiting = u64::from(since > 20.0);
            let rate = if since < 0.0 { u64::from(noise.is_multiple_of(40)) * 400 } else { 12_000 + noise % 1_400 };
            counters.rx_bytes += rate;
            counters.tx_bytes += rate * 95 / 100;
            counters.rx_messages += rate / 64;
            counters.tx_messages += rate / 64;
            Sample { at_secs, counters }
        })
        .collect()
}

/// A selector's last 10 ms: it sleeps, wakes, receives, answers.
pub fn busy_spans() -> Vec<Span> {
    let span = |call, start_us: u64, took_us: u64, bytes| Span {
        call,
        fd: 17,
        start: AT - Duration::from_micros(10_000) + Duration::from_micros(start_us),
        took: Duration::from_micros(took_us),
        bytes,
        again: false,
    };
    let mut spans = Vec::new();
    for (start, sleep) in [(100, 1_300), (2_000, 1_500), (4_000, 800), (5_400, 1_700), (7_600, 1_200)] {
        spans.push(span(Call::EpollWait, start, sleep, 0));
        spans.push(span(Call::Recv, start + sleep + 60, 160, 36));
        spans.push(span(Call::Send, start + sleep + 330, 180, 36));
    }
    spans
}

fn asleep(call: Call, fd: i64, for_ms: u64) -> LaneDoing {
    LaneDoing::InCall { call, fd, since: AT - ms(for_ms) }
}

/// A server that runs and has no client yet, beside one that was never started.
pub fn idle() -> World {
    let mut world = World::empty();
    let echo = world.server("echo-tcp", Transport::Tcp, "127.0.0.1:7788", "epoll-lt");
    world.client("board", echo);
    world.server("local-echo", Transport::UnixStream, "/tmp/lab.sock", "poll");
    world.session(echo);
    world.lane(echo, "epoll-lt", asleep(Call::EpollWait, 5, 4_300), Vec::new());
    world
}

/// The mock-up: three clients and a load of 40 on one epoll server, one waiting, UDP and an idle server beside it.
pub fn busy() -> World {
    let mut world = World::empty();
    let echo = world.server("echo-tcp", Transport::Tcp, "127.0.0.1:7788", "epoll-lt");
    let clock = world.server("clock-udp", Transport::Udp, "127.0.0.1:7713", "iterative");
    let chat = world.server("chat", Transport::Tcp, "127.0.0.1:7790", "threads");
    let [board, phone, lamp, kiosk] = ["board", "phone", "lamp", "kiosk"].map(|name| world.client(name, echo));
    let load = world.client("load-1", echo);
    let watch = world.client("watch", clock);
    for id in [echo, clock, chat] {
        world.session(id);
    }
    world.connect(board, echo, |far, _| far.active = AT - ms(3_000));
    world.connect(phone, echo, |far, near| {
        (far.unread, far.active, far.rx_bytes) = (Some(36), AT - ms(2), 400);
        (near.tx_bytes, near.active) = (436, AT);
        (far.rx_rate, near.tx_rate) = (36.0, 36.0);
    });
    world.connect(lamp, echo, |far, _| far.active = AT - ms(1_000));
    for n in 0..40_u64 {
        world.connect(load, echo, |far, near| {
            (far.rx_bytes, far.tx_bytes) = (9_000 + n, 8_900);
            (far.rx_rate, far.tx_rate, far.active) = (1_600.0, 1_600.0, AT - ms(n));
            (near.rx_rate, near.tx_rate, near.active) = (1_600.0, 1_600.0, AT - ms(n));
            (far.unread, far.unsent) = (Some(if n % 8 == 0 { 64 } else { 0 }), Some(if n % 16 == 0 { 64 } else { 0 }));
        });
    }
    let session = world.session(load);
    session.rates = Rates { rx_bytes: 64_000.0, tx_bytes: 64_000.0, ..Rates::default() };
    world.wait(kiosk, echo);
    world.connect(watch, clock, |far, _| (far.active, far.tx_bytes) = (AT - ms(1_800), 26));
    world.lane(echo, "epoll-lt", LaneDoing::InCall { call: Call::Recv, fd: 17, since: AT - Duration::from_micros(4) }, busy_spans());
    let echo_lane = world.session(echo).connections.iter().find(|c| c.unread == Some(36)).map(|c| c.info.fd).unwrap();
    let lanes: Vec<_> = world
        .session(echo)
        .lanes
        .iter()
        .cloned()
        .map(|mut lane| {
            lane.doing = LaneDoing::InCall { call: Call::Recv, fd: echo_lane, since: AT - Duration::from_micros(4) };
            lane
        })
        .collect();
    world.session(echo).lanes = lanes.into();
    world.lane(clock, "iterative", asleep(Call::RecvFrom, 21, 1_800), Vec::new());
    world.lane(chat, "accept", asleep(Call::Accept, 23, 240_000), Vec::new());
    world.selection = Selection::Endpoint(echo);
    world.history();
    world
}

/// One client at a time: the second is connected and waits, the third is refused and will try again.
pub fn iterative() -> World {
    let mut world = World::empty();
    let echo = world.server("echo-tcp", Transport::Tcp, "127.0.0.1:7788", "iterative");
    let [first, second, third] = ["first", "second", "third"].map(|name| world.client(name, echo));
    world.session(echo);
    world.connect(first, echo, |far, _| (far.unread, far.unsent) = (None, None));
    world.wait(second, echo);
    let session = world.session(third);
    session.failure = Some(Failure::because(Operation::Connect, "127.0.0.1:7788", Cause::Refused));
    session.retry = Some(Retry { attempt: 2, at: AT + ms(1_240) });
    world.lane(echo, "iterative", asleep(Call::Recv, 17, 7_500), Vec::new());
    world
}

/// A server that could not bind.
pub fn failed() -> World {
    let mut world = World::empty();
    let web = world.server("web", Transport::Tcp, "127.0.0.1:80", "threads");
    world.client("browser", web);
    let session = world.session(web);
    session.state = SessionState::Failed;
    session.local = None;
    session.failure = Some(Failure {
        operation: Operation::Bind,
        endpoint: "127.0.0.1:80".into(),
        cause: Cause::PermissionDenied,
        errno: Some("EACCES"),
    });
    world
}

/// A thread for each connection: 300 asleep in `recv`, outside peers, a peer that ended, a connection just closed.
pub fn threads() -> World {
    let mut world = World::empty();
    let echo = world.server("echo-threads", Transport::Tcp, "127.0.0.1:7790", "threads");
    world.lab.server_mut(echo).unwrap().backlog = 128;
    let load = world.client("load-1", echo);
    let probe = world.outside_client("probe", "127.0.0.1:9000");
    world.lane(echo, "accept", asleep(Call::Accept, 12, 900), Vec::new());
    for _ in 0..300 {
        world.connect(load, echo, |far, _| far.active = AT - ms(2_500));
    }
    for n in 0..299 {
        world.lane(echo, &format!("conn-{n}"), asleep(Call::Recv, 20 + n, 1_800), Vec::new());
    }
    let mut outside = world.conn(echo, "127.0.0.1:40022", AT - ms(4_000));
    (outside.state, outside.unread) = (ConnState::PeerEnded, None);
    world.push(echo, outside);
    let mut gone = world.conn(echo, "127.0.0.1:40024", AT - ms(8_000));
    (gone.state, gone.end, gone.closed) = (ConnState::Closed, Some(EndReason::Orderly), Some(AT - ms(700)));
    world.push(echo, gone);
    let near = world.conn(probe, "127.0.0.1:9000", AT - ms(3_000));
    world.push(probe, near);
    world
}

/// Datagrams and Unix sockets.
pub fn udp_and_unix() -> World {
    let mut world = World::empty();
    let udp = world.server("clock-udp", Transport::Udp, "127.0.0.1:7713", "iterative");
    let unix = world.server("local-echo", Transport::UnixStream, "/tmp/a-rather-long-directory/lab.sock", "poll");
    for id in [udp, unix] {
        world.session(id);
        let client = world.client("watch", id);
        world.connect(client, id, |far, _| far.active = AT - ms(600));
    }
    world.lane(udp, "iterative", asleep(Call::RecvFrom, 21, 1_800), Vec::new());
    world.lane(unix, "poll", asleep(Call::Poll, -1, 600), Vec::new());
    world
}
