//! Snapshots made by hand for tests of rules: one server, and time that goes on when it is told to.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use super::{Insight, Rule, Watch};
use crate::engine::{
    AcceptQueue, Call, CallsView, ConnId, ConnInfo, ConnState, ConnView, Counters, Events, LaneDoing, LaneView, ListenerView, Rates,
    ReadyFd, ReadySet, SessionState, SessionView, Snapshot, Source, Switches, TrafficTotals,
};
use crate::lab::{AcceptPace, EndpointId, Lab, Side, Transport};
use crate::settings::Setting;
use crate::stats::LogView;

pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// One server and whoever watches it.
pub struct Fake {
    pub at: Duration,
    pub server: SessionView,
    pub others: Vec<SessionView>,
    pub lab: Lab,
    watch: Watch,
    seq: u64,
}

impl Fake {
    pub fn new(model: &'static str) -> Self {
        Self::limited(model, None)
    }

    pub fn limited(model: &'static str, limit: Option<u64>) -> Self {
        let mut lab = Lab::default();
        let id = lab.add_server(Transport::Tcp, model);
        let server = session(id, Side::Server, model);
        Self { at: ms(60_000), server, others: Vec::new(), lab, watch: Watch::new(limit), seq: 0 }
    }

    /// A classic mistake, before the watch has seen the server.
    pub fn mistake(&mut self, setting: &str) {
        self.lab.servers[0].model_settings.set(setting, Setting::Switch(true));
    }

    /// A client that was accepted this long ago on this descriptor.
    pub fn conn(&mut self, fd: i64, ago: Duration) -> &mut ConnView {
        let number = self.server.connections.len() as u32 + 1;
        let info = ConnInfo {
            id: ConnId(u64::from(number)),
            session: self.server.id,
            side: Side::Server,
            transport: self.server.transport,
            session_name: self.server.name.clone(),
            number,
            fd,
            local: "127.0.0.1:7788".into(),
            peer: format!("127.0.0.1:{}", 50_000 + number).into(),
            opened: self.at - ago,
            other_end: OnceLock::new(),
        };
        let conn = ConnView {
            active: info.opened,
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
        };
        let mut all = self.server.connections.to_vec();
        all.push(conn);
        self.server.connections = all.into();
        self.server.counters.open += 1;
        self.server.counters.opened += 1;
        self.last_conn()
    }

    pub fn last_conn(&mut self) -> &mut ConnView {
        Arc::get_mut(&mut self.server.connections).unwrap().last_mut().unwrap()
    }

    pub fn waiting(&mut self, waiting: u32) {
        self.server.queue = Some(AcceptQueue { waiting, limit: Some(8), source: Source::Measured("TCP_INFO, tcpi_unacked") });
        self.server.counters.waiting = waiting.into();
    }

    /// Its listener has this many in the queue, of 4 places, and so many of our clients believe that they wait there.
    pub fn listener(&mut self, queue: u64, derived_queue: u32) {
        self.server.listener = Some(Arc::new(ListenerView {
            at: self.at,
            asked: 3,
            in_force: None,
            clamp: None,
            places: Some(4),
            queue: crate::engine::Figure { value: queue, source: Source::Measured("TCP_INFO, tcpi_unacked") },
            derived_queue,
            half_open: None,
            overflows: None,
            drops: None,
            unavailable: None,
            accepted: 0,
            arrived: queue,
            accept_rate: 0.0,
            arrival_rate: 0.0,
            pace: AcceptPace::Paused,
            next_accept: None,
            series: LogView::default(),
        }));
    }

    pub fn lane(&mut self, doing: LaneDoing) {
        let mut lanes = self.server.lanes.to_vec();
        let (id, name) = (lanes.len() as u32, format!("lane-{}", lanes.len()).into());
        let (cpu, switches) = (Some(Duration::ZERO), Some(Switches::default()));
        lanes.push(LaneView { id, name, doing, calls: 0, eagain: 0, spans: Arc::new([]), at: None, ready: None, cpu, switches });
        self.server.lanes = lanes.into();
        self.server.live_lanes += 1;
    }

    /// Stands in a call since that long.
    pub fn in_call(&mut self, call: Call, fd: i64, ago: Duration) {
        let since = self.at - ago;
        self.lane(LaneDoing::InCall { call, fd, since });
    }

    pub fn change_lanes(&mut self, mut change: impl FnMut(&mut LaneView)) {
        let mut lanes = self.server.lanes.to_vec();
        lanes.iter_mut().for_each(&mut change);
        self.server.lanes = lanes.into();
    }

    /// Time goes on and one more snapshot is seen.
    pub fn after(&mut self, time: Duration) -> Vec<Insight> {
        self.at += time;
        self.seq += 1;
        let mut sessions: Vec<_> = [&self.server].into_iter().chain(&self.others).cloned().map(Arc::new).collect();
        sessions.sort_by_key(|s| s.id);
        let snap = Snapshot {
            seq: self.seq,
            at: self.at,
            started: SystemTime::UNIX_EPOCH,
            sessions,
            counters: Counters::default(),
            rates: Rates::default(),
            series: LogView::default(),
            traffic: LogView::default(),
            traffic_totals: TrafficTotals::default(),
            recording: None,
        };
        self.watch.see(&snap, &self.lab).to_vec()
    }

    /// Ten snapshots a second; what is said at the end. `change` moves the figures before each.
    pub fn run(&mut self, time: Duration, mut change: impl FnMut(&mut Self)) -> Vec<Insight> {
        let mut said = Vec::new();
        for _ in 0..time.as_millis() / 100 {
            change(self);
            said = self.after(ms(100));
        }
        said
    }

    /// The same without a change.
    pub fn stay(&mut self, time: Duration) -> Vec<Insight> {
        self.run(time, |_| ())
    }
}

pub fn only(said: &[Insight], rule: Rule) -> Insight {
    let [one] = said else { panic!("{said:#?}") };
    assert_eq!(one.rule, rule);
    one.clone()
}

pub fn session(id: EndpointId, side: Side, model: &'static str) -> SessionView {
    SessionView {
        id,
        side,
        name: "echo".into(),
        transport: Transport::Tcp,
        generation: 1,
        state: SessionState::Running,
        since: Duration::ZERO,
        model: (side == Side::Server).then_some(model),
        service: (side == Side::Server).then_some("echo"),
        local: None,
        target: None,
        listener_fd: Some(5),
        backlog: Some(8),
        failure: None,
        counters: Counters::default(),
        rates: Rates::default(),
        queue: Some(AcceptQueue { waiting: 0, limit: Some(8), source: Source::Measured("TCP_INFO, tcpi_unacked") }),
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

/// What a wait answered: each descriptor with whether it may be read and written.
pub fn ready(call: Call, at: Duration, fds: &[(i64, bool, bool)]) -> Option<Arc<ReadySet>> {
    let fd = |&(fd, read, write): &(i64, bool, bool)| {
        let got = Events { read, write, error: false };
        ReadyFd { fd, asked: Events { read: true, ..got }, got }
    };
    let fds: Vec<_> = fds.iter().map(fd).collect();
    let ready = fds.iter().filter(|fd| fd.got.any()).count() as u32;
    Some(Arc::new(ReadySet { call, at_ns: at.as_nanos() as u64, fds, watched: None, ready }))
}
