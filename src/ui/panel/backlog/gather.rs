//! What the theatre tells of one server: who calls, who stands in the queue, who is served, who was turned away.
//!
//! Pure: a function of snapshot and lab. Each connection is looked at once; nothing here knows a pixel.

use std::cmp::Reverse;
use std::time::Duration;

use super::unnamed::{self, Unmet};
use crate::engine::{Cause, ConnState, ConnView, EndReason, Figure, ListenerView, SessionState, SessionView, Snapshot, Source};
use crate::lab::{AcceptPace, Client, EndpointId, Lab, Server};
use crate::ui::Selection;
use crate::ui::panel::stage::target_server;

/// A peer without a known other end is called outside only after this long: the engine needs a moment to match ends.
pub const STRANGER_AFTER: Duration = Duration::from_millis(300);
/// Served clients that are kept to be shown: the latest.
const DONE: usize = 16;
/// Nobody's SYN is under way this long on one machine: it was dropped.
const DROPPED_AFTER: Duration = Duration::from_millis(60);

/// Where a client stands on the road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// `connect` has not come back.
    Calling,
    /// It believes it is connected; the kernel of the server still waits (SYN_RECV).
    HalfOpen,
    /// It believes it is connected, and the kernel of the server keeps nothing of it: a SYN cookie whose last ACK was dropped.
    Forgotten,
    /// In the accept queue.
    Queued,
    /// Accepted.
    Serving,
    /// Accepted, and over.
    Done,
    /// RST instead of a connection, or no room in a Unix queue.
    Refused,
    /// Its connect gave up.
    TimedOut,
    /// It was connected or connecting, and that broke before anybody accepted it.
    Broken,
}

/// A client's connection on its way.
#[derive(Clone, Copy, Debug)]
pub struct Guest<'a> {
    /// Whose session holds `view`: the client, or for an outside program the server.
    pub owner: EndpointId,
    /// As its own end sees it.
    pub view: &'a ConnView,
    /// Over all clients of the server; `None` for an outside program.
    pub number: Option<u32>,
    /// Where it stands.
    pub step: Step,
    /// Since when.
    pub since: Duration,
}

impl Guest<'_> {
    /// How often its SYN went out.
    pub fn sent(&self) -> u32 {
        1 + self.view.connect.as_ref().map_or(0, |c| c.retries)
    }

    /// Whether the last SYN was dropped, as far as we know.
    pub fn dropped(&self, now: Duration) -> bool {
        let tcp = self.view.connect.as_ref().is_some_and(|c| c.is_measured || c.retries > 0);
        self.step == Step::Calling && tcp && (self.sent() > 1 || now.saturating_sub(self.view.info.opened) > DROPPED_AFTER)
    }

    /// Time to the next SYN, and the part of the pause before it that is over.
    pub fn next_try(&self, now: Duration) -> Option<(Duration, f32)> {
        let connect = self.view.connect.as_ref()?;
        let next = connect.next_try?;
        let last = connect.tries.iter().flatten().max().copied().unwrap_or(self.view.info.opened);
        let pause = next.saturating_sub(last).as_secs_f32().max(0.001);
        let left = next.saturating_sub(now);
        Some((left, (1.0 - left.as_secs_f32() / pause).clamp(0.0, 1.0)))
    }

    /// A Unix client whose `connect` got `EAGAIN`, and that asks again by itself.
    pub fn asks_again(&self) -> bool {
        self.view.connect.as_ref().is_some_and(|c| c.retries > 0 || c.next_try.is_some())
    }

    /// The same with its source.
    pub fn unread(&self) -> Option<Figure> {
        self.view.connect.as_ref()?.unread_there
    }

    /// Bytes of it that nobody has read, while nobody has accepted it.
    pub fn inside(&self) -> u64 {
        self.unread().map_or(0, |f| f.value)
    }
}

impl Guest<'_> {
    /// As one who was not accepted.
    fn unmet(&self) -> Unmet {
        let named = self.view.connect.as_ref().is_some_and(|c| c.there.is_some());
        Unmet { since: self.since, id: self.view.info.id, named }
    }
}

/// Everything the picture tells.
#[derive(Debug)]
pub struct Facts<'a> {
    pub doc: &'a Server,
    pub session: Option<&'a SessionView>,
    pub view: Option<&'a ListenerView>,
    /// By number.
    pub calling: Vec<Guest<'a>>,
    /// In the SYN queue, by number.
    pub half_open: Vec<Guest<'a>>,
    /// They believe they are connected, and the server's kernel keeps nothing of them.
    pub forgotten: Vec<Guest<'a>>,
    /// The next to be accepted first, by when their `connect` returned: the kernel names who is in the queue, not in which order.
    pub queued: Vec<Guest<'a>>,
    /// In the queue, and no client of ours.
    pub strangers: usize,
    /// The one that was accepted first, first.
    pub serving: Vec<Guest<'a>>,
    /// The latest ones, oldest first.
    pub done: Vec<Guest<'a>>,
    /// Served and over since the server started.
    pub done_count: u64,
    /// Refused, timed out, broken; the latest first.
    pub lost: Vec<Guest<'a>>,
    /// Connections that running clients will still open.
    pub to_come: u64,
    /// Clients of the lab that aim here.
    pub clients: Vec<&'a Client>,
    /// Connected and not accepted.
    pub queue: Figure,
    /// Places of the accept queue, where anybody knows.
    pub places: Option<u32>,
    /// The `n` of the last `listen(n)`.
    pub asked: u32,
    pub pace: AcceptPace,
    pub now: Duration,
}

impl Facts<'_> {
    /// No place is left.
    pub fn full(&self) -> bool {
        self.places.is_some_and(|places| self.queue.value >= u64::from(places))
    }

    pub fn unix(&self) -> bool {
        self.doc.transport.is_unix()
    }

    /// Bytes that wait in the kernel for a server that has not accepted their senders, and of how many clients.
    pub fn inside(&self) -> (u64, usize) {
        let with = self.queued.iter().chain(&self.half_open).map(Guest::inside).filter(|bytes| *bytes > 0);
        with.fold((0, 0), |(sum, n), bytes| (sum + bytes, n + 1))
    }

    /// Where these bytes come from: measured when all of them are.
    pub fn inside_source(&self) -> Option<Source> {
        let figures = || self.queued.iter().chain(&self.half_open).filter_map(Guest::unread).filter(|f| f.value > 0);
        let derived = figures().find(|f| matches!(f.source, Source::Derived(_)));
        derived.or(figures().next()).map(|f| f.source)
    }

    /// Whether anybody was seen.
    pub fn deserted(&self) -> bool {
        let lists = [&self.calling, &self.half_open, &self.forgotten, &self.queued, &self.serving, &self.done, &self.lost];
        lists.iter().all(|l| l.is_empty()) && self.strangers == 0
    }
}

/// The server that the theatre is about: the selected one or the selected client's; else the first stream server that runs,
/// or the first.
pub fn subject<'a>(lab: &'a Lab, snap: &Snapshot, selection: Selection) -> Option<&'a Server> {
    let picked = selection.endpoint().and_then(|id| match lab.client(id) {
        Some(client) => target_server(snap, lab, client),
        None => lab.server(id),
    });
    let runs = |s: &&Server| snap.session(s.id).is_some_and(|v| v.state == SessionState::Running);
    let mut streams = lab.servers.iter().filter(|s| s.transport.is_stream());
    picked.or_else(|| streams.clone().find(runs)).or_else(|| streams.next()).or_else(|| lab.servers.first())
}

/// What is known of one server now.
pub fn facts<'a>(snap: &'a Snapshot, lab: &'a Lab, doc: &'a Server) -> Facts<'a> {
    let session = snap.session(doc.id).map(|s| &**s);
    let view = session.and_then(|s| s.listener.as_deref());
    let is_ours = |c: &&Client| target_server(snap, lab, c).is_some_and(|s| s.id == doc.id);
    let mut facts = Facts {
        doc,
        session,
        view,
        calling: Vec::new(),
        half_open: Vec::new(),
        forgotten: Vec::new(),
        queued: Vec::new(),
        strangers: 0,
        serving: Vec::new(),
        done: Vec::new(),
        done_count: 0,
        lost: Vec::new(),
        to_come: 0,
        clients: lab.clients.iter().filter(is_ours).collect(),
        queue: Figure { value: 0, source: Source::Derived("connects completed − accepts") },
        places: view.and_then(|v| v.places),
        asked: view.map(|v| v.asked).or(session.and_then(|s| s.backlog)).unwrap_or(doc.backlog),
        pace: view.map_or(doc.life.accept_pace, |v| v.pace),
        now: snap.at,
    };
    add_clients(&mut facts, snap);
    facts.queue.value = facts.queued.len() as u64;
    if let Some(view) = view {
        facts.queue = view.queue;
    } else if let Some(queue) = session.and_then(|s| s.queue) {
        facts.queue = Figure { value: queue.waiting.into(), source: queue.source };
        let measured = matches!(queue.source, Source::Measured(_));
        facts.places = queue.limit.filter(|_| measured).map(|n| n.saturating_add(1));
    }
    sort(&mut facts);
    add_strangers(&mut facts);
    let accepted = view.map_or_else(|| session.map_or(0, |s| s.counters.opened), |v| v.accepted);
    facts.done_count = accepted.saturating_sub(facts.serving.len() as u64).max(facts.done.len() as u64);
    facts
}

/// Numbers run over all clients in the lab's order; a client's connections keep theirs.
fn add_clients<'a>(facts: &mut Facts<'a>, snap: &'a Snapshot) {
    let mut before = 0;
    for client in facts.clients.clone() {
        let Some(session) = snap.session(client.id) else {
            before += client.connections;
            continue;
        };
        let mut most = 0;
        for view in session.connections.iter() {
            most = most.max(view.info.number);
            let (step, since) = step(view);
            let guest = Guest { owner: client.id, view, number: Some(before + view.info.number), step, since };
            match step {
                Step::Calling => facts.calling.push(guest),
                Step::HalfOpen => facts.half_open.push(guest),
                Step::Forgotten => facts.forgotten.push(guest),
                Step::Queued => facts.queued.push(guest),
                Step::Serving => facts.serving.push(guest),
                Step::Done => facts.done.push(guest),
                Step::Refused | Step::TimedOut | Step::Broken => facts.lost.push(guest),
            }
        }
        if session.state == SessionState::Running {
            facts.to_come += u64::from(client.connections.saturating_sub(most));
        }
        before += client.connections.max(most);
    }
}

/// Where a connection stands, and since when.
pub fn step(view: &ConnView) -> (Step, Duration) {
    let took = view.connect.as_ref().and_then(|c| c.took);
    let connected = view.info.opened + took.unwrap_or_default();
    let met = view.info.other_end.get().is_some();
    let over = view.closed.unwrap_or(view.active);
    match view.state {
        ConnState::Connecting => (Step::Calling, view.info.opened),
        ConnState::Waiting => (unnamed::step(view.connect.as_ref().and_then(|c| c.there)), connected),
        ConnState::Open | ConnState::PeerEnded | ConnState::LocalEnded => (Step::Serving, connected),
        ConnState::Closed => match &view.end {
            Some(EndReason::Failed(failure)) => match failure.cause {
                Cause::TimedOut => (Step::TimedOut, over),
                Cause::Refused => (Step::Refused, over),
                _ if failure.errno == Some("EAGAIN") => (Step::Refused, over),
                _ => (Step::Broken, over),
            },
            Some(EndReason::Reset | EndReason::Here) if !met => (Step::Broken, over),
            Some(
                EndReason::Reset | EndReason::Here | EndReason::Orderly | EndReason::Service | EndReason::Idle | EndReason::Framing(_),
            )
            | None => (Step::Done, over),
        },
    }
}

/// Brings each list in order, and those whom the kernel holds half-open to the SYN queue.
fn sort(facts: &mut Facts<'_>) {
    facts.calling.sort_unstable_by_key(|g| (g.number, g.view.info.id));
    facts.queued.sort_unstable_by_key(|g| (g.since, g.view.info.id));
    facts.serving.sort_unstable_by_key(|g| (g.since, g.view.info.id));
    facts.lost.sort_unstable_by_key(|g| Reverse((g.since, g.view.info.id)));
    facts.done.sort_unstable_by_key(|g| (g.since, g.view.info.id));
    facts.done.drain(..facts.done.len().saturating_sub(DONE));
    // A client whose last ACK was dropped, or was not enough (TCP_DEFER_ACCEPT), believes it is connected all the same.
    let unmet = facts.queued.iter().map(Guest::unmet).collect();
    let moved = unnamed::elsewhere(unmet, facts.half_open.len(), facts.view.and_then(|v| v.half_open), facts.queue);
    for (id, step) in moved {
        let Some(at) = facts.queued.iter().rposition(|g| g.view.info.id == id) else { continue };
        let guest = Guest { step, ..facts.queued.remove(at) };
        let list = if step == Step::HalfOpen { &mut facts.half_open } else { &mut facts.forgotten };
        list.push(guest);
    }
    facts.half_open.sort_unstable_by_key(|g| (g.number, g.view.info.id));
    facts.forgotten.sort_unstable_by_key(|g| (g.number, g.view.info.id));
}

/// Programs outside this lab: in the queue the kernel only counts them, after `accept` they have a peer.
fn add_strangers(facts: &mut Facts<'_>) {
    facts.strangers = (facts.queue.value as usize).saturating_sub(facts.queued.len());
    let Some(session) = facts.session else { return };
    let now = facts.now;
    let stranger = |c: &&ConnView| c.state != ConnState::Closed && c.info.other_end.get().is_none() && c.info.opened + STRANGER_AFTER < now;
    let guest = |view| Guest { owner: session.id, view, number: None, step: Step::Serving, since: view.info.opened };
    // Ends of Unix clients have no name to be met by, so only those are strangers that are more than our own.
    let just_over = facts.done.iter().filter(|g| g.since + STRANGER_AFTER > now).count();
    let ours = if facts.unix() { facts.serving.len() + just_over } else { 0 };
    facts.serving.extend(session.connections.iter().filter(stranger).skip(ours).map(guest));
}
