//! Hand-made moments of a backlog: filling, full, draining, and the odd ones. They follow the kernel's retry times as they
//! were measured, so that figures, tokens and countdowns agree. Nothing here is a socket.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{
    Cause, Clamp, ConnState, ConnView, ConnectView, EndReason, Failure, Figure, HalfThere, ListenerView, Operation, Source,
};
use crate::lab::{AcceptPace, EndpointId, Transport};
use crate::stats::LogView;
use crate::ui::Selection;
use crate::ui::panel::fake::{AT, World, ms};

/// When a dropped SYN is sent again, after the first (Linux, in milliseconds).
pub const RETRIES: [u64; 10] = [1_000, 2_000, 3_100, 4_100, 5_100, 7_100, 11_300, 19_500, 35_700, 69_000];

const UNREAD: Source = Source::Measured("sock_diag, idiag_rqueue of the server's half");

/// One run: `clients` come 20 ms apart, one is accepted each second from 600 ms on and served for as long.
pub struct Run {
    pub clients: u32,
    pub backlog: u32,
    pub pace: AcceptPace,
    /// Since the first client came.
    pub now_ms: u64,
    /// Bytes that a waiting client has sent.
    pub sent: u32,
    pub transport: Transport,
}

impl Default for Run {
    fn default() -> Self {
        Self { clients: 12, backlog: 3, pace: AcceptPace::Every(1_000), now_ms: 4_400, sent: 0, transport: Transport::Tcp }
    }
}

/// What became of a client.
#[derive(Clone, Copy, Default)]
struct Fate {
    tries: u32,
    next_ms: u64,
    entered: Option<u64>,
    accepted: Option<u64>,
}

impl Run {
    /// Plays it up to now.
    fn play(&self) -> (Vec<Fate>, u64) {
        let mut fates = vec![Fate::default(); self.clients as usize];
        let mut queue = std::collections::VecDeque::new();
        let mut drops = 0;
        for now in 0..=self.now_ms {
            if matches!(self.pace, AcceptPace::Every(pause) if now >= 600 && (now - 600).is_multiple_of(pause))
                && let Some(first) = queue.pop_front()
            {
                fates[first as usize].accepted = Some(now);
            }
            for (n, fate) in fates.iter_mut().enumerate() {
                let came = 20 * n as u64;
                if fate.entered.is_some() || now < came || (fate.tries > 0 && now < fate.next_ms) {
                    continue;
                }
                fate.tries += 1;
                fate.next_ms = came + 20 + RETRIES.get(fate.tries as usize - 1).copied().unwrap_or(134_000);
                if queue.len() <= self.backlog as usize {
                    queue.push_back(n as u32);
                    fate.entered = Some(now);
                } else {
                    drops += 1;
                }
            }
        }
        (fates, drops)
    }

    /// The world at that moment: one server, one client endpoint with all connections.
    pub fn world(&self) -> World {
        let mut world = World::empty();
        let address = if self.transport.is_unix() { "/tmp/door.sock" } else { "127.0.0.1:7788" };
        let name = if self.transport.is_unix() { "door-unix" } else { "door-tcp" };
        let door = world.server(name, self.transport, address, "iterative");
        let server = world.lab.server_mut(door).unwrap();
        (server.backlog, server.service, server.life.accept_pace) = (self.backlog, "greeter".into(), self.pace);
        let crowd = world.client("crowd", door);
        let client = world.lab.client_mut(crowd).unwrap();
        (client.connections, client.opening.every_ms) = (self.clients, 20);
        world.session(door).service = Some("greeter");
        world.session(crowd);
        self.fill(&mut world, door, crowd);
        world.selection = Selection::Endpoint(door);
        world
    }

    fn fill(&self, world: &mut World, door: EndpointId, crowd: EndpointId) {
        let (fates, drops) = self.play();
        let zero = AT - ms(self.now_ms);
        let (mut near_ends, mut far_ends, mut met) = (Vec::new(), Vec::new(), Vec::new());
        let mut waiting = 0;
        for (n, fate) in fates.iter().enumerate().filter(|(n, _)| 20 * *n as u64 <= self.now_ms) {
            let came = 20 * n as u64;
            let mut near = world.conn(crowd, "127.0.0.1:7788", zero + ms(came));
            number(&mut near, n as u32 + 1);
            let tcp = !self.transport.is_unix();
            let mut connect = ConnectView { retries: if tcp { fate.tries - 1 } else { 0 }, is_measured: tcp, ..ConnectView::default() };
            for (slot, at) in connect.tries.iter_mut().zip(RETRIES).take(connect.retries as usize) {
                *slot = Some(zero + ms(came + 20 + at));
            }
            match (fate.entered, fate.accepted) {
                (None, _) => {
                    near.state = ConnState::Connecting;
                    connect.next_try = tcp.then(|| zero + ms(fate.next_ms));
                }
                (Some(entered), None) => {
                    waiting += 1;
                    near.state = ConnState::Waiting;
                    connect.took = Some(ms(entered - came));
                    connect.there = tcp.then_some(HalfThere::Queued);
                    connect.unread_there = (self.sent > 0).then_some(Figure { value: self.sent.into(), source: UNREAD });
                }
                (Some(entered), Some(accepted)) => {
                    connect.took = Some(ms(entered - came));
                    let over = accepted + 1_000;
                    if over <= self.now_ms {
                        (near.state, near.end, near.closed) = (ConnState::Closed, Some(EndReason::Orderly), Some(zero + ms(over)));
                    }
                    met.push((n, accepted));
                }
            }
            near.connect = Some(Arc::new(connect));
            near_ends.push(near);
        }
        // After all the near ends, so that a client keeps its ids from moment to moment.
        for (n, accepted) in met {
            let mut far = world.conn(door, "127.0.0.1:51842", zero + ms(accepted));
            number(&mut far, n as u32 + 1);
            let near = &near_ends[n];
            far.info.other_end.set((crowd, near.info.id, "crowd".into())).unwrap();
            near.info.other_end.set((door, far.info.id, world.session(door).name.clone())).unwrap();
            (far.state, far.end, far.closed) = (near.state, near.end.clone(), near.closed);
            far_ends.push(far);
        }
        let accepted = far_ends.len() as u64;
        world.session(crowd).connections = near_ends.into();
        world.session(door).connections = far_ends.into();
        let mut view = listener(self.backlog, waiting, self.pace);
        view.next_accept = match self.pace {
            AcceptPace::Every(pause) => {
                let passed = (self.now_ms + pause).saturating_sub(600) % pause;
                Some(AT + ms(pause - passed))
            }
            AcceptPace::Eager | AcceptPace::Paused => None,
        };
        (view.accepted, view.arrived, view.accept_rate) = (accepted, accepted + u64::from(waiting), 1.0);
        let counted = |value| Some(Figure { value, source: Source::Measured("/proc/net/netstat, TcpExt") });
        (view.overflows, view.drops) = (counted(drops), counted(drops));
        if self.transport.is_unix() {
            (view.half_open, view.overflows, view.drops) = (None, None, None);
            view.queue.source = Source::Measured("unix_diag, UNIX_DIAG_RQLEN");
        }
        world.session(door).listener = Some(Arc::new(view));
    }
}

/// A listener on Linux with this many waiting.
pub fn listener(backlog: u32, waiting: u32, pace: AcceptPace) -> ListenerView {
    let most = 4_096;
    let n = backlog.min(most);
    let tcp_info = |value| Figure { value, source: Source::Measured("TCP_INFO, tcpi_unacked") };
    ListenerView {
        at: AT,
        asked: backlog,
        in_force: Some(Figure { value: n.into(), source: Source::Measured("TCP_INFO, tcpi_sacked") }),
        clamp: Some(Clamp { most, by: "net.core.somaxconn" }),
        places: Some(n + 1),
        queue: tcp_info(waiting.into()),
        derived_queue: waiting,
        half_open: Some(Figure { value: 0, source: Source::Measured("inet_diag, SYN_RECV") }),
        overflows: None,
        drops: None,
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

fn number(view: &mut ConnView, number: u32) {
    let info = Arc::get_mut(&mut view.info).unwrap();
    (info.number, info.fd) = (number, 5 + i64::from(number));
}

/// Changes what the kernel says of the (one) listener.
pub fn change(world: &mut World, change: impl FnOnce(&mut ListenerView)) {
    let door = world.lab.servers[0].id;
    let mut view = (**world.session(door).listener.as_ref().unwrap()).clone();
    change(&mut view);
    world.session(door).listener = Some(Arc::new(view));
}

/// Three have come, nobody was accepted yet.
pub fn filling() -> World {
    Run { now_ms: 50, ..Run::default() }.world()
}

/// The mock-up: the queue is full and four send their SYN again.
pub fn full() -> World {
    Run::default().world()
}

/// Everyone has got in; the queue runs empty.
pub fn draining() -> World {
    Run { clients: 6, now_ms: 4_900, ..Run::default() }.world()
}

/// Accepting is paused; who waits has sent 36 bytes.
pub fn paused() -> World {
    Run { clients: 3, backlog: 5, pace: AcceptPace::Paused, now_ms: 2_300, sent: 36, ..Run::default() }.world()
}

/// A thousand against a backlog of 3.
pub fn burst() -> World {
    Run { clients: 1_000, now_ms: 20_400, ..Run::default() }.world()
}

/// A thousand against a long queue; what was asked for is cut by the system.
pub fn long_queue(backlog: u32) -> World {
    Run { clients: 1_000, backlog, now_ms: 20_400, ..Run::default() }.world()
}

/// A Unix queue is full: one connect sleeps, one asks again and again, two took `EAGAIN` for an answer.
pub fn unix() -> World {
    let run = Run { clients: 7, backlog: 2, pace: AcceptPace::Paused, now_ms: 1_900, transport: Transport::UnixStream, ..Run::default() };
    let mut world = run.world();
    let crowd = world.lab.clients[0].id;
    let mut all = world.session(crowd).connections.to_vec();
    all[3].connect = Some(Arc::new(ConnectView { retries: 91, next_try: Some(AT + ms(14)), ..ConnectView::default() }));
    world.session(crowd).connections = all.into();
    turn_away(&mut world, 5, Cause::Other("try again".into()), Some("EAGAIN"), ms(1));
    turn_away(&mut world, 6, Cause::Other("try again".into()), Some("EAGAIN"), ms(1));
    world
}

/// One was refused, one gave up, one was reset, and three stand in the SYN queue.
pub fn turned_away() -> World {
    let mut world = Run { clients: 10, pace: AcceptPace::Paused, now_ms: 6_900, ..Run::default() }.world();
    turn_away(&mut world, 7, Cause::TimedOut, Some("ETIMEDOUT"), ms(6_500));
    turn_away(&mut world, 8, Cause::Refused, Some("ECONNREFUSED"), ms(1));
    turn_away(&mut world, 9, Cause::Reset, Some("ECONNRESET"), ms(4_100));
    for index in [2, 3] {
        there(&mut world, index, HalfThere::HalfOpen);
    }
    change(&mut world, |view| {
        view.queue.value = 2;
        view.half_open = Some(Figure { value: 2, source: Source::Measured("inet_diag, SYN_RECV") });
    });
    world
}

/// The last ACK of two found the queue full, and a SYN cookie had answered them.
pub fn ghosts() -> World {
    let mut world = Run { clients: 9, pace: AcceptPace::Paused, backlog: 5, now_ms: 3_400, ..Run::default() }.world();
    for index in [3, 5] {
        there(&mut world, index, HalfThere::Nowhere);
    }
    change(&mut world, |view| (view.queue.value, view.places) = (4, Some(4)));
    world
}

fn there(world: &mut World, index: usize, there: HalfThere) {
    let crowd = world.lab.clients[0].id;
    let mut all = world.session(crowd).connections.to_vec();
    all[index].connect = all[index].connect.as_deref().map(|connect| Arc::new(ConnectView { there: Some(there), ..*connect }));
    world.session(crowd).connections = all.into();
}

fn turn_away(world: &mut World, index: usize, cause: Cause, errno: Option<&'static str>, after: Duration) {
    let crowd = world.lab.clients[0].id;
    let mut all = world.session(crowd).connections.to_vec();
    let failure = Failure { operation: Operation::Connect, endpoint: "127.0.0.1:7788".into(), cause, errno };
    let conn = &mut all[index];
    (conn.state, conn.end, conn.closed) = (ConnState::Closed, Some(EndReason::Failed(failure)), Some(conn.info.opened + after));
    world.session(crowd).connections = all.into();
}

/// Two listeners, two client endpoints, programs outside: what a system that only derives would tell.
pub fn derived() -> World {
    let mut world = Run { clients: 2, now_ms: 500, ..Run::default() }.world();
    let door = world.lab.servers[0].id;
    world.server("side-door", Transport::Tcp, "[::1]:7799", "threads");
    let late = world.client("late", door);
    world.wait(late, door);
    change(&mut world, |view| {
        view.queue = Figure { value: 4, source: Source::Derived("connects completed − accepts") };
        (view.places, view.in_force, view.clamp, view.half_open) = (None, None, None, None);
        view.unavailable = Some(crate::engine::Unavailable::States);
        view.pace = AcceptPace::Eager;
    });
    world
}
