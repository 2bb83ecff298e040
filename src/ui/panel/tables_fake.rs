//! Hand-made rows, connections and a stage for one panel, for the tests of tables and inspector. No socket, no engine.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use eframe::egui::{Align, Layout, Ui, UiBuilder, vec2};
use egui_kittest::Harness;

use super::Panel;
use crate::engine::{
    AcceptQueue, CallsView, ConnInfo, ConnState, ConnView, Counters, EndReason, Rates, Record, RecordKind, SessionState, SessionView,
    Snapshot, Source, TrafficTotals,
};
use crate::lab::{Address, EndpointId, Lab, SavedPacket, Side, Target, Transport};
use crate::stats::LogView;
use crate::trace::ConnId;
use crate::ui::theme::{self, Theme};
use crate::ui::{Action, Cx, Language, Selection, Text};

pub const AT: Duration = Duration::from_millis(252_300);

/// An empty moment.
pub fn snapshot() -> Snapshot {
    Snapshot {
        seq: 1,
        at: AT,
        started: SystemTime::UNIX_EPOCH + Duration::from_secs(38_525),
        sessions: Vec::new(),
        counters: Counters::default(),
        rates: Rates::default(),
        series: LogView::default(),
        traffic: LogView::default(),
        traffic_totals: TrafficTotals { limit_bytes: 256 << 20, ..TrafficTotals::default() },
        recording: None,
    }
}

/// One end: numbers under 10 are a server's, others a client's. `other` is the name at the other end, if it is ours.
pub fn conn(number: u32, session: &str, other: Option<&str>) -> Arc<ConnInfo> {
    let (side, id) = if number < 10 { (Side::Server, EndpointId(1)) } else { (Side::Client, EndpointId(2)) };
    let end = OnceLock::new();
    if let Some(name) = other {
        end.set((EndpointId(9), ConnId(u64::from(number) + 1_000), name.into())).unwrap();
    }
    let peer = if side == Side::Server { format!("127.0.0.1:{}", 51_840 + number) } else { "127.0.0.1:9000".to_owned() };
    Arc::new(ConnInfo {
        id: ConnId(u64::from(number)),
        session: id,
        side,
        transport: Transport::Tcp,
        session_name: session.into(),
        number,
        fd: i64::from(number) + 14,
        local: "127.0.0.1:7788".into(),
        peer: peer.into(),
        opened: Duration::from_secs(u64::from(number)),
        other_end: end,
    })
}

pub fn record(conn: &Arc<ConnInfo>, kind: RecordKind, data: &[u8]) -> Record {
    Record { at: Duration::from_millis(42_118), conn: Arc::clone(conn), kind, data: data.into(), len: data.len() as u32, cut: false }
}

pub fn view(info: Arc<ConnInfo>, state: ConnState) -> ConnView {
    let n = u64::from(info.number);
    let closed = state == ConnState::Closed;
    ConnView {
        state,
        end: closed.then_some(EndReason::Reset),
        closed: closed.then_some(AT - Duration::from_secs(3)),
        rx_bytes: n * 1_000,
        tx_bytes: 5_000 - n * 100,
        rx_rate: 36.0,
        tx_rate: 0.0,
        unread: Some(36),
        unsent: Some(0),
        tcp: None,
        connect: None,
        active: AT,
        info,
    }
}

fn session(id: EndpointId, side: Side, name: &str, connections: Vec<ConnView>) -> SessionView {
    let server = side == Side::Server;
    let open = connections.iter().filter(|c| c.state != ConnState::Closed).count() as u64;
    SessionView {
        id,
        side,
        name: name.into(),
        transport: Transport::Tcp,
        generation: 1,
        state: SessionState::Running,
        since: Duration::ZERO,
        model: server.then_some("epoll-lt"),
        service: server.then_some("echo"),
        local: server.then(|| "127.0.0.1:7788".into()),
        target: (!server).then(|| "127.0.0.1:7788".into()),
        listener_fd: server.then_some(12),
        backlog: server.then_some(8),
        failure: None,
        counters: Counters { open, ..Counters::default() },
        rates: Rates { wakeups: 1_904.0, calls: 5_712.0, ..Rates::default() },
        queue: server.then_some(AcceptQueue { waiting: 1, limit: Some(8), source: Source::Measured("TCP_INFO, tcpi_unacked") }),
        listener: None,
        connections: connections.into(),
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

/// What one panel is shown with.
pub struct World {
    pub lab: Lab,
    pub snap: Snapshot,
    pub text: Text,
    pub theme: Theme,
    pub selection: Selection,
    pub actions: Vec<Action>,
    pub own: Vec<SavedPacket>,
    pub panel: Box<dyn Panel>,
}

impl World {
    /// A stopped echo server and a client of it.
    pub fn stopped(panel: Box<dyn Panel>) -> Self {
        let mut lab = Lab::starter("epoll-lt");
        lab.servers[0].backlog = 8;
        Self {
            lab,
            snap: snapshot(),
            text: Text::new(Language::English),
            theme: Theme::dark(),
            selection: Selection::None,
            actions: Vec::new(),
            own: Vec::new(),
            panel,
        }
    }

    /// Both running, three connections and traffic.
    pub fn running(panel: Box<dyn Panel>) -> Self {
        let mut world = Self::stopped(panel);
        let (server, client) = (world.server(), world.client());
        let ends: Vec<_> = ["board", "phone", "lamp"].iter().zip(1..).map(|(name, n)| conn(n, "echo-tcp", Some(name))).collect();
        let outside = conn(11, "client", None);
        let words: [&[u8]; 4] = [b"hello from board\n", "你好,世界\r\n".as_bytes(), b"\x00\x01\xff raw", b"How long is a string?\n"];
        let mut rows = vec![Record { data: Arc::new([]), len: 0, kind: RecordKind::Opened, ..record(&ends[0], RecordKind::Opened, b"") }];
        for i in 0..60_u64 {
            let at = Duration::from_micros(42_118_000 + i * 391_377);
            let kind = if i % 2 == 0 { RecordKind::Received } else { RecordKind::Sent };
            let row = record(&ends[(i / 2 % 3) as usize], kind, words[(i / 2 % 4) as usize]);
            rows.push(Record { at, cut: i == 10, ..row });
        }
        rows.push(Record { at: AT, ..record(&ends[2], RecordKind::Ended(EndReason::Reset), b"") });
        world.snap.traffic = rows.into_iter().collect();
        let states = [ConnState::Open, ConnState::PeerEnded, ConnState::Closed];
        let views = ends.into_iter().zip(states).map(|(info, state)| view(info, state)).collect();
        world.snap.sessions = vec![
            Arc::new(session(server, Side::Server, "echo-tcp", views)),
            Arc::new(session(client, Side::Client, "client", vec![view(outside, ConnState::Connecting)])),
        ];
        world
    }

    pub fn server(&self) -> EndpointId {
        self.lab.servers[0].id
    }

    pub fn client(&self) -> EndpointId {
        self.lab.clients[0].id
    }

    pub fn session(&mut self, id: EndpointId) -> &mut SessionView {
        Arc::make_mut(self.snap.sessions.iter_mut().find(|s| s.id == id).unwrap())
    }

    pub fn look(mut self, language: Language, theme: Theme) -> Self {
        (self.text, self.theme) = (Text::new(language), theme);
        self
    }

    /// Shows the panel as the tiles do and carries out what needs no engine: edits and selection.
    fn frame(&mut self, ui: &mut Ui) {
        let Self { lab, snap, text, theme, selection, actions, own, panel } = self;
        let before = actions.len();
        let mut cx = Cx {
            theme,
            text,
            lab,
            snap,
            frozen: false,
            selection: *selection,
            still: true,
            stale: &[],
            insights: &[],
            in_lesson: false,
            own,
            rename: None,
            actions,
        };
        let full = ui.max_rect();
        ui.painter().rect_filled(full, 0.0, cx.theme.colors.panel);
        let (head, body) = full.split_top_bottom_at_y(full.top() + theme::size::PANEL_HEAD);
        let builder = UiBuilder::new().max_rect(head.shrink2(vec2(theme::space::M, 2.0))).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(builder, |ui| panel.head_ui(ui, &mut cx));
        ui.painter().hline(full.x_range(), head.bottom(), (1.0, cx.theme.colors.line));
        ui.scope_builder(UiBuilder::new().max_rect(body), |ui| {
            ui.shrink_clip_rect(body);
            panel.ui(ui, &mut cx);
        });
        for action in &actions[before..] {
            match action {
                Action::Edit { lab: changed, .. } => *lab = (**changed).clone(),
                Action::Select(new) => *selection = *new,
                Action::KeepOwn(new) => own.clone_from(new),
                _ => {}
            }
        }
    }

    /// A window of this size with only the panel.
    pub fn window(self, width: f32, height: f32) -> Harness<'static, Self> {
        let theme = self.theme.clone();
        let mut harness = Harness::builder()
            .with_size(vec2(width, height))
            .with_context_setup(move |ctx| {
                theme::install_fonts(ctx);
                theme::install(ctx, &theme);
            })
            .build_ui_state(|ui, world: &mut Self| world.frame(ui), self);
        harness.run_steps(3);
        harness
    }
}

/// The panel's picture under `target/tables`, to be looked at.
pub fn picture(harness: &mut Harness<'_, World>, name: &str) {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tables");
    std::fs::create_dir_all(&dir).unwrap();
    harness.render().unwrap().save(dir.join(format!("{name}.png"))).unwrap();
}

/// Both languages in both themes.
pub fn looks() -> impl Iterator<Item = (Language, Theme, &'static str)> {
    [
        (Language::English, Theme::dark(), "en-dark"),
        (Language::English, Theme::light(), "en-light"),
        (Language::Chinese, Theme::dark(), "zh-dark"),
        (Language::Chinese, Theme::light(), "zh-light"),
    ]
    .into_iter()
}

/// A target that no lab server has.
pub fn outside_target() -> Target {
    Target::Address(Address::Inet { host: "127.0.0.1".into(), port: 9_000 })
}
