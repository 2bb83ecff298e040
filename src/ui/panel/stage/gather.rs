//! What the Stage tells: servers, clients, rows of descriptors and who is joined to whom, folded to what fits a picture.
//!
//! Pure: a function of snapshot, lab and selection. Each connection is looked at once; nothing here knows a pixel.

use std::time::Duration;

use super::join;
use crate::engine::{ConnState, ConnView, EndReason, Failure, LaneDoing, SessionState, SessionView, Snapshot};
use crate::lab::{Client, EndpointId, Lab, Server, Target};
use crate::trace::{Call, ConnId};
use crate::ui::Selection;

/// Descriptor rows a large card shows; the rest is one bundle row.
const ROWS: usize = 5;
/// Up to this many connections of one client stand alone.
pub const ALONE: usize = 3;
/// Lanes a large card shows.
pub const LANES: usize = 4;
/// An ended connection stays in the picture this long.
const ENDED_FOR: Duration = Duration::from_secs(2);
/// A descriptor counts as worked on this long after its last bytes.
const HOT_FOR: Duration = Duration::from_millis(100);

/// Everything the picture tells.
#[derive(Debug, Default)]
pub struct Facts<'a> {
    /// The large one first.
    pub servers: Vec<ServerFacts<'a>>,
    /// Ours in the lab's order, then what was folded, then outside programs that connected to us.
    pub clients: Vec<ClientFacts<'a>>,
    /// Outside addresses that our clients aim at.
    pub outside: Vec<&'a str>,
    /// Lines.
    pub links: Vec<Link>,
}

/// One server.
#[derive(Debug)]
pub struct ServerFacts<'a> {
    pub doc: &'a Server,
    pub session: Option<&'a SessionView>,
    pub rows: Vec<Row>,
    /// Our connections in the accept queue, front (the oldest) first.
    pub waiting: Vec<Waiter>,
    /// Live connections.
    pub open: usize,
    /// Lanes that do not fit, by the call they are in (`None`: running).
    pub more_lanes: Vec<(Option<Call>, usize)>,
}

impl ServerFacts<'_> {
    pub fn running(&self) -> bool {
        self.session.is_some_and(|s| matches!(s.state, SessionState::Running | SessionState::Starting | SessionState::Stopping))
    }

    /// Why it failed, when it did.
    pub fn failure(&self) -> Option<&Failure> {
        self.session.filter(|s| s.state == SessionState::Failed)?.failure.as_ref()
    }
}

/// A connection of ours in an accept queue.
#[derive(Clone, Copy, Debug)]
pub struct Waiter {
    pub client: EndpointId,
    pub conn: ConnId,
    /// The client's token.
    pub number: u32,
    /// Since when: the queue is served in this order.
    pub since: Duration,
}

/// One descriptor, or several folded.
#[derive(Debug)]
pub struct Row {
    /// `None` for a bundle.
    pub conn: Option<ConnId>,
    pub fds: (i64, i64),
    pub count: usize,
    /// `None`: this system or this connection does not tell.
    pub unread: Option<u64>,
    pub unsent: Option<u64>,
    pub state: ConnState,
    pub end: Option<EndReason>,
    pub active: Duration,
    /// The thread works on it.
    pub hot: bool,
    /// Bytes moved in the last second.
    pub moving: bool,
    /// Whose it is, bundled or not.
    pub parts: Vec<Part>,
    order: usize,
}

/// One client's share of a row.
#[derive(Clone, Debug)]
pub struct Part {
    /// `None`: an outside program, or not matched yet.
    pub client: Option<EndpointId>,
    pub count: usize,
    pub rx: u64,
    pub tx: u64,
    pub rate: f64,
}

/// One token at the left.
#[derive(Debug)]
pub struct ClientFacts<'a> {
    pub who: Who<'a>,
    /// What stands in the token.
    pub number: u32,
    pub mood: Mood<'a>,
    /// Connections open or opening.
    pub conns: usize,
    /// Bytes a second, as the client sees it.
    pub rx_rate: f64,
    pub tx_rate: f64,
}

/// Whose token it is.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    Ours(&'a Client),
    /// Clients of the lab that were folded.
    More(usize),
    /// Outside programs connected to this server; the address of the first.
    Outside(EndpointId, &'a str),
}

/// How a client fares.
#[derive(Clone, Copy, Debug)]
pub enum Mood<'a> {
    NotStarted,
    Connecting,
    Waiting,
    Open(Option<&'a str>),
    PeerEnded,
    Retry(Duration),
    Failed(&'a Failure),
    Ended(Option<&'a EndReason>),
    /// Several folded together.
    Mixed,
}

impl Mood<'_> {
    pub fn connected(self) -> bool {
        matches!(self, Self::Waiting | Self::Open(_) | Self::PeerEnded | Self::Mixed)
    }
}

/// Where a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Server, row.
    Row(usize, usize),
    /// The server's accept queue.
    Queue(usize),
    /// The server itself: nothing more is known yet.
    Server(usize),
    /// An outside address.
    Outside(usize),
}

/// One line from a token.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Index in [`Facts::clients`].
    pub from: usize,
    pub to: End,
    pub count: usize,
    pub moving: bool,
    /// There is no connection: datagrams.
    pub datagrams: bool,
    /// Not connected yet.
    pub tentative: bool,
    /// Bytes so far towards the server, and towards the client.
    pub up: u64,
    pub down: u64,
}

/// Gathers the facts. `all_clients` shows every token.
pub fn gather<'a>(snap: &'a Snapshot, lab: &'a Lab, selection: Selection, all_clients: bool) -> Facts<'a> {
    let mut order: Vec<&Server> = lab.servers.iter().collect();
    if let Some(first) = large_server(snap, lab, selection).and_then(|id| order.iter().position(|s| s.id == id)) {
        order[..=first].rotate_right(1);
    }
    let mut facts = Facts::default();
    for (n, doc) in order.into_iter().enumerate() {
        facts.servers.push(server_facts(snap, doc, selection, n == 0));
    }
    join::add_clients(&mut facts, snap, lab, selection, all_clients);
    facts
}

/// The server that is studied: the selected one, the one a selected client aims at, or the first that runs.
fn large_server(snap: &Snapshot, lab: &Lab, selection: Selection) -> Option<EndpointId> {
    let picked = selection.endpoint().and_then(|id| match lab.client(id) {
        Some(client) => target_server(snap, lab, client).map(|s| s.id),
        None => lab.server(id).map(|s| s.id),
    });
    let runs = |s: &&Server| snap.session(s.id).is_some_and(|v| v.state == SessionState::Running);
    picked.or_else(|| lab.servers.iter().find(runs).or(lab.servers.first()).map(|s| s.id))
}

/// The server of this lab that a client aims at, by name or by the address in force.
pub fn target_server<'a>(snap: &Snapshot, lab: &'a Lab, client: &Client) -> Option<&'a Server> {
    match &client.target {
        Target::Server(name) => lab.servers.iter().find(|s| s.name == *name),
        Target::Address(address) => {
            let words = address.to_string();
            let at = |s: &&Server| {
                let local = snap.session(s.id).and_then(|v| v.local.as_deref());
                s.transport == client.transport && (local == Some(words.as_str()) || s.address == *address)
            };
            lab.servers.iter().find(at)
        }
    }
}

fn row_of(conn: &ConnView, order: usize) -> Row {
    Row {
        conn: Some(conn.info.id),
        fds: (conn.info.fd, conn.info.fd),
        count: 1,
        unread: conn.unread.map(u64::from),
        unsent: conn.unsent.map(u64::from),
        state: conn.state,
        end: conn.end.clone(),
        active: conn.active,
        hot: false,
        moving: conn.rx_rate + conn.tx_rate > 0.0,
        parts: vec![part_of(conn)],
        order,
    }
}

fn part_of(conn: &ConnView) -> Part {
    let client = conn.info.other_end.get().map(|end| end.0);
    Part { client, count: 1, rx: conn.rx_bytes, tx: conn.tx_bytes, rate: conn.rx_rate + conn.tx_rate }
}

/// Adds a connection to a bundle without making a row of it.
fn absorb(row: &mut Row, conn: &ConnView) {
    row.conn = None;
    row.count += 1;
    row.fds = (row.fds.0.min(conn.info.fd), row.fds.1.max(conn.info.fd));
    row.unread = sum(row.unread, conn.unread.map(u64::from));
    row.unsent = sum(row.unsent, conn.unsent.map(u64::from));
    row.active = row.active.max(conn.active);
    row.state = ConnState::Open;
    row.moving |= conn.rx_rate + conn.tx_rate > 0.0;
    if let Some(part) = row.parts.first_mut() {
        part.count += 1;
        part.rx += conn.rx_bytes;
        part.tx += conn.tx_bytes;
        part.rate += conn.rx_rate + conn.tx_rate;
    }
}

fn sum(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    }
}

/// Folds whole rows (of different clients) into one.
fn merge(rows: Vec<Row>) -> Option<Row> {
    rows.into_iter().reduce(|mut all, row| {
        all.conn = None;
        all.count += row.count;
        all.fds = (all.fds.0.min(row.fds.0), all.fds.1.max(row.fds.1));
        all.unread = sum(all.unread, row.unread);
        all.unsent = sum(all.unsent, row.unsent);
        all.active = all.active.max(row.active);
        all.state = ConnState::Open;
        all.moving |= row.moving;
        all.hot |= row.hot;
        for part in row.parts {
            match all.parts.iter_mut().find(|p| p.client == part.client) {
                Some(p) => {
                    (p.count, p.rx, p.tx, p.rate) = (p.count + part.count, p.rx + part.rx, p.tx + part.tx, p.rate + part.rate);
                }
                None => all.parts.push(part),
            }
        }
        all
    })
}

/// A client's connections on one server while they are looked through.
struct Group<'a> {
    client: Option<EndpointId>,
    alone: Vec<(&'a ConnView, usize)>,
    bundle: Option<Row>,
}

fn server_facts<'a>(snap: &'a Snapshot, doc: &'a Server, selection: Selection, large: bool) -> ServerFacts<'a> {
    let session = snap.session(doc.id).map(|s| &**s);
    let mut facts = ServerFacts { doc, session, rows: Vec::new(), waiting: Vec::new(), open: 0, more_lanes: Vec::new() };
    let Some(session) = session else { return facts };
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut ended = Vec::new();
    let mut last = 0;
    for (order, conn) in session.connections.iter().enumerate() {
        if conn.state == ConnState::Closed {
            if conn.closed.is_some_and(|at| at + ENDED_FOR > snap.at) {
                ended.push(row_of(conn, order));
            }
            continue;
        }
        facts.open += 1;
        if selection.conn() == Some(conn.info.id) {
            facts.rows.push(row_of(conn, order));
            continue;
        }
        let client = conn.info.other_end.get().map(|end| end.0);
        // Neighbours mostly belong together; look further only when they do not.
        if groups.get(last).is_none_or(|g| g.client != client) {
            last = groups.iter().position(|g| g.client == client).unwrap_or_else(|| {
                groups.push(Group { client, alone: Vec::new(), bundle: None });
                groups.len() - 1
            });
        }
        let group = &mut groups[last];
        match &mut group.bundle {
            Some(row) => absorb(row, conn),
            None if group.alone.len() < ALONE => group.alone.push((conn, order)),
            None => {
                let mut alone = group.alone.drain(..);
                let mut row = alone.next().map_or_else(|| row_of(conn, order), |(first, order)| row_of(first, order));
                alone.for_each(|(one, _)| absorb(&mut row, one));
                absorb(&mut row, conn);
                group.bundle = Some(row);
            }
        }
    }
    for group in groups {
        facts.rows.extend(group.alone.into_iter().map(|(conn, order)| row_of(conn, order)));
        facts.rows.extend(group.bundle);
    }
    let most = if large { ROWS } else { 1 };
    ended.truncate(most.saturating_sub(facts.rows.len().max(1)));
    facts.rows.append(&mut ended);
    mark_hot(&mut facts.rows, session, snap.at);
    fold_rows(&mut facts.rows, most, selection, snap.at);
    facts.more_lanes = count_lanes(session, if large { LANES } else { 1 });
    facts
}

/// Keeps the `most` rows that matter (selected, worked on, active, oldest) in their order; the rest becomes one.
fn fold_rows(rows: &mut Vec<Row>, most: usize, selection: Selection, now: Duration) {
    if rows.len() > most {
        let lately = |row: &Row| now.saturating_sub(row.active) < Duration::from_secs(2);
        let bundle_first = |row: &Row| row.count > 1;
        rows.sort_by_key(|r| (r.conn.is_none() || r.conn != selection.conn(), !r.hot, !bundle_first(r), !lately(r), r.order));
        let rest = rows.split_off(most - 1);
        rows.sort_by_key(|r| (r.count > 1, r.order));
        rows.extend(merge(rest));
    } else {
        rows.sort_by_key(|r| (r.count > 1, r.order));
    }
}

/// Marks the descriptors that a lane works on now, or moved bytes on a moment ago.
fn mark_hot(rows: &mut [Row], session: &SessionView, now: Duration) {
    for lane in session.lanes.iter().take(16) {
        let fd = match lane.doing {
            LaneDoing::InCall { call, fd, since } if !call.is_readiness_wait() && now.saturating_sub(since) < Duration::from_millis(20) => {
                Some(fd)
            }
            LaneDoing::InCall { .. } | LaneDoing::Running => {
                lane.spans.iter().rev().find(|s| s.bytes > 0 && s.start + s.took + HOT_FOR > now).map(|s| s.fd)
            }
            LaneDoing::AtGate { fd, .. } => Some(fd),
            LaneDoing::Gone => None,
        };
        if let Some(row) = fd.and_then(|fd| rows.iter_mut().find(|r| r.count == 1 && r.fds.0 == fd && r.state != ConnState::Closed)) {
            row.hot = true;
        }
    }
}

/// Counts the lanes after the first `shown` by the call they are in.
fn count_lanes(session: &SessionView, shown: usize) -> Vec<(Option<Call>, usize)> {
    let mut counts: Vec<(Option<Call>, usize)> = Vec::new();
    for lane in session.lanes.iter().filter(|l| l.doing != LaneDoing::Gone).skip(shown) {
        let call = match lane.doing {
            LaneDoing::InCall { call, .. } | LaneDoing::AtGate { call, .. } => Some(call),
            LaneDoing::Running | LaneDoing::Gone => None,
        };
        match counts.iter_mut().find(|c| c.0 == call) {
            Some(count) => count.1 += 1,
            None => counts.push((call, 1)),
        }
    }
    counts.sort_by_key(|c| std::cmp::Reverse(c.1));
    counts
}
