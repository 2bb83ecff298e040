//! What the Stage tells: servers, clients, rows of descriptors and who is joined to whom, folded to what fits a picture.
//!
//! Pure: a function of snapshot, lab and selection. Each connection is looked at once; nothing here knows a pixel.

use std::time::Duration;

use super::fare::Shares;
use super::join;
use super::rows::server_facts;
use crate::engine::{ConnState, EndReason, Failure, SessionState, SessionView, Snapshot};
use crate::lab::{Client, EndpointId, Lab, Server, Target};
use crate::trace::{Call, ConnId};
use crate::ui::Selection;

/// Up to this many connections of one client stand alone.
pub const ALONE: usize = 3;
/// Lanes a large card shows.
pub const LANES: usize = 4;

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
    /// Its place among the connections.
    pub order: usize,
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
    /// Not all of its connections fare alike.
    Parted(Shares),
    /// Several folded together.
    Mixed,
}

impl Mood<'_> {
    pub fn connected(self) -> bool {
        match self {
            Self::Waiting | Self::Open(_) | Self::PeerEnded | Self::Mixed => true,
            Self::Parted(shares) => shares.open + shares.waiting + shares.peer_ended > 0,
            Self::NotStarted | Self::Connecting | Self::Retry(_) | Self::Failed(_) | Self::Ended(_) => false,
        }
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
        Target::Pair => None,
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
