//! A shop with a slow till, played by hand: twelve clients, four places, one accept a second. It follows the retry times that Linux
//! was measured to have, so that queue, tokens, crosses and counters agree at every moment.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use socketlab::engine::{
    Clamp, ConnInfo, ConnState, ConnView, ConnectView, Counters, EndReason, Figure, HalfThere, ListenerSample, ListenerView, Rates,
    Snapshot, Source, TrafficTotals, catalog,
};
use socketlab::lab::{AcceptPace, EndpointId, Lab, Side, Transport};
use socketlab::stats::LogView;
use socketlab::trace::ConnId;

use super::moment::{AT, Moment, session};

const LAB: &str = include_str!("../../examples/backlog-3.toml");
const CLIENTS: usize = 12;
const PLACES: usize = 4;
/// Between two clients, in milliseconds; the first accept; its beat, and how long each is served.
const BEAT: u64 = 20;
const FIRST: u64 = 600;
const EACH: u64 = 1_000;
/// When a dropped SYN is sent again, after the first (Linux, in milliseconds).
const RETRIES: [u64; 7] = [1_000, 2_000, 3_100, 4_100, 5_100, 7_100, 11_300];

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A listener whose figures are Linux's.
pub fn listener(backlog: u32, waiting: u32, pace: AcceptPace) -> ListenerView {
    let info = |value: u32, field| Figure { value: value.into(), source: Source::Measured(field) };
    let counter = |field| Some(Figure { value: 0, source: Source::Measured(field) });
    ListenerView {
        at: AT,
        asked: backlog,
        in_force: Some(info(backlog, "TCP_INFO, tcpi_sacked")),
        clamp: Some(Clamp { most: 4_096, by: "net.core.somaxconn" }),
        places: Some(backlog + 1),
        queue: info(waiting, "TCP_INFO, tcpi_unacked"),
        derived_queue: waiting,
        half_open: Some(info(0, "sock_diag, sockets in SYN_RECV")),
        overflows: counter("/proc/net/netstat ListenOverflows, all listeners of this machine"),
        drops: counter("/proc/net/netstat ListenDrops, all listeners of this machine"),
        unavailable: None,
        accepted: 0,
        arrived: u64::from(waiting),
        accept_rate: 0.0,
        arrival_rate: 0.0,
        pace,
        next_accept: None,
        series: LogView::default(),
    }
}

/// How a client that got in stands: so long its connect took, and nobody has accepted it.
pub fn connected(took_ms: u64) -> Arc<ConnectView> {
    let unread = Figure { value: 5, source: Source::Measured("sock_diag, idiag_rqueue of the server's half") };
    let there = (Some(HalfThere::Queued), Some(unread));
    // Nobody connects in no time.
    let took = ms(took_ms) + Duration::from_micros(118);
    Arc::new(ConnectView { took: Some(took), is_measured: true, there: there.0, unread_there: there.1, ..ConnectView::default() })
}

#[derive(Clone, Copy, Default)]
struct Fate {
    tries: usize,
    next: u64,
    entered: Option<u64>,
    accepted: Option<u64>,
}

impl Fate {
    fn is_over(&self, now: u64) -> bool {
        self.accepted.is_some_and(|at| at + EACH <= now)
    }
}

/// What has happened until a moment, and what was sampled on the way.
struct Play {
    fates: [Fate; CLIENTS],
    drops: u64,
    queue: u32,
    samples: Vec<ListenerSample>,
}

fn play(until: u64) -> Play {
    let mut all = Play { fates: [Fate::default(); CLIENTS], drops: 0, queue: 0, samples: Vec::new() };
    let mut queue = VecDeque::new();
    let (mut accepted, mut arrived) = (0, 0);
    for now in 0..=until {
        if now >= FIRST
            && (now - FIRST).is_multiple_of(EACH)
            && let Some(first) = queue.pop_front()
        {
            let fate: &mut Fate = &mut all.fates[first];
            fate.accepted = Some(now);
            accepted += 1;
        }
        for (n, fate) in all.fates.iter_mut().enumerate() {
            let came = BEAT * n as u64;
            if fate.entered.is_some() || now < came || (fate.tries > 0 && now < fate.next) {
                continue;
            }
            fate.tries += 1;
            fate.next = came + RETRIES.get(fate.tries - 1).copied().unwrap_or(60_000);
            if queue.len() < PLACES {
                queue.push_back(n);
                fate.entered = Some(now);
                arrived += 1;
            } else {
                all.drops += 1;
            }
        }
        if now % 33 == 0 {
            all.samples.push(ListenerSample {
                at_secs: (AT - ms(until) + ms(now)).as_secs_f64(),
                queue: queue.len() as u32,
                places: Some(PLACES as u32),
                half_open: Some(0),
                overflows: all.drops,
                drops: all.drops,
                accepted,
                arrived,
            });
        }
    }
    all.queue = queue.len() as u32;
    all
}

/// The shop so many milliseconds after its first client came.
pub fn shop(now: u64) -> Moment {
    let text = LAB.replace("connections = 10", "connections = 12").replace("127.0.0.1:0", "127.0.0.1:7788");
    let lab = socketlab::lab::parse(&text, &catalog::known()).unwrap();
    let (till, crowd) = (lab.servers[0].id, lab.clients[0].id);
    let all = play(now);
    let zero = AT - ms(now);
    let (mut near, mut far) = (Vec::new(), Vec::new());
    for (n, fate) in all.fates.iter().enumerate().filter(|(_, fate)| fate.tries > 0) {
        let came = BEAT * n as u64;
        let ours = info(&lab, crowd, n, zero + ms(came));
        let mut connect = ConnectView { retries: fate.tries as u32 - 1, is_measured: true, ..ConnectView::default() };
        for (place, at) in connect.tries.iter_mut().zip(RETRIES).take(fate.tries - 1) {
            *place = Some(zero + ms(came + at));
        }
        let mut state = ConnState::Connecting;
        match (fate.entered, fate.accepted) {
            (None, _) => connect.next_try = Some(zero + ms(fate.next)),
            (Some(entered), None) => {
                state = ConnState::Waiting;
                let told = connected(entered - came);
                (connect.took, connect.there, connect.unread_there) = (told.took, told.there, told.unread_there);
            }
            (Some(entered), Some(accepted)) => {
                state = if fate.is_over(now) { ConnState::Closed } else { ConnState::Open };
                connect.took = connected(entered - came).took;
                let theirs = info(&lab, till, n, zero + ms(accepted));
                ours.other_end.set((till, theirs.id, theirs.session_name.clone())).unwrap();
                theirs.other_end.set((crowd, ours.id, ours.session_name.clone())).unwrap();
                far.push(view(theirs, state, fate.is_over(now).then(|| zero + ms(accepted + EACH)), None));
            }
        }
        let closed = fate.accepted.filter(|_| fate.is_over(now)).map(|at| zero + ms(at + EACH));
        near.push(view(ours, state, closed, Some(Arc::new(connect))));
    }
    let queue = all.queue;
    let mut listens = listener(3, queue, AcceptPace::Every(EACH));
    listens.accepted = far.len() as u64;
    listens.arrived = listens.accepted + u64::from(queue);
    listens.accept_rate = if now > FIRST { 1.0 } else { 0.0 };
    listens.next_accept = Some(AT + ms(EACH - (now + EACH - FIRST) % EACH));
    for figure in [&mut listens.overflows, &mut listens.drops] {
        *figure = figure.map(|f| Figure { value: all.drops, ..f });
    }
    listens.series = all.samples.into_iter().collect();
    let mut server = session(&lab, till);
    (server.since, server.model, server.service) = (zero - ms(300), Some("poll"), Some("greeter"));
    server.counters = Counters { opened: listens.accepted, waiting: queue.into(), ..Counters::default() };
    (server.connections, server.listener) = (far.into(), Some(Arc::new(listens)));
    let mut client = session(&lab, crowd);
    client.since = zero;
    client.counters = Counters { opened: CLIENTS as u64, ..Counters::default() };
    client.connections = near.into();
    let snap = Snapshot {
        seq: 1,
        at: AT,
        started: SystemTime::UNIX_EPOCH + Duration::from_secs(38_525),
        sessions: vec![Arc::new(server), Arc::new(client)],
        counters: Counters::default(),
        rates: Rates::default(),
        series: LogView::default(),
        traffic: LogView::default(),
        traffic_totals: TrafficTotals::default(),
        recording: None,
    };
    Moment { lab, snap }
}

fn info(lab: &Lab, who: EndpointId, n: usize, opened: Duration) -> Arc<ConnInfo> {
    let side = if lab.server(who).is_some() { Side::Server } else { Side::Client };
    let (till, client) = ("127.0.0.1:7788", format!("127.0.0.1:{}", 51_842 + 2 * n));
    let (local, peer) = if side == Side::Server { (till, client.as_str()) } else { (client.as_str(), till) };
    Arc::new(ConnInfo {
        id: ConnId(2 * n as u64 + u64::from(side == Side::Client)),
        session: who,
        side,
        session_name: lab.names().find(|(id, _)| *id == who).unwrap().1.into(),
        number: n as u32 + 1,
        transport: Transport::Tcp,
        fd: 7 + n as i64,
        local: local.into(),
        peer: peer.into(),
        opened,
        other_end: OnceLock::new(),
    })
}

fn view(info: Arc<ConnInfo>, state: ConnState, closed: Option<Duration>, connect: Option<Arc<ConnectView>>) -> ConnView {
    ConnView {
        tcp: None,
        info,
        state,
        end: closed.map(|_| EndReason::Orderly),
        closed,
        rx_bytes: 12,
        tx_bytes: 5,
        rx_rate: 0.0,
        tx_rate: 0.0,
        unread: Some(0),
        unsent: Some(0),
        connect,
        active: closed.unwrap_or(AT),
    }
}
