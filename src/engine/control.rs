//! The engine's loop: one thread, one closed set of inputs (urgent commands, commands, notes of session threads, the tick).
//!
//! It never waits for the network and never joins a thread that has not said its last word.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crossbeam_channel::{Receiver, Select, Sender, TryRecvError, TrySendError, bounded};

use super::doors::Doors;
use super::handle::{Ordered, Shared};
use super::lookout::{Kernel, Lookout};
use super::note::Note;
use super::pairs::Pairs;
use super::picture::Picture;
use super::recorder::Recorder;
use super::server::Slot;
use super::session::{Link, Session};
use super::traffic::Traffic;
use super::transport::SocketFile;
use super::{Counters, EngineConfig, Event, EventKind, Rates, Snapshot, Spec, TrafficTotals};
use crate::lab::{EndpointId, Side};
use crate::stats::LogView;

/// Notes waiting at most; a session sends three in its life.
const NOTES: usize = 1_024;
/// Commands taken in one round, so that notes and looks are not held up by a script.
const ROUND: usize = 256;
/// Longest wait for session threads when the engine leaves.
const LEAVE_LIMIT: Duration = Duration::from_secs(5);

/// What the engine thread gets.
pub(super) struct Inside {
    pub config: EngineConfig,
    pub epoch: Instant,
    pub commands: Receiver<Ordered>,
    pub urgent: Receiver<Ordered>,
    pub events: Sender<Event>,
    pub shared: Arc<Shared>,
    pub wake: Arc<dyn Fn() + Send + Sync>,
}

/// Before anything was started.
pub(super) fn empty_snapshot() -> Snapshot {
    Snapshot {
        seq: 0,
        at: Duration::ZERO,
        started: SystemTime::now(),
        sessions: Vec::new(),
        counters: Counters::default(),
        rates: Rates::default(),
        series: LogView::default(),
        traffic: LogView::default(),
        traffic_totals: TrafficTotals::default(),
        recording: None,
    }
}

/// Everything the engine thread owns.
pub(super) struct Core {
    pub epoch: Instant,
    pub sessions: BTreeMap<EndpointId, Session>,
    /// Where each server is reached while it runs; clients look here at each connect.
    pub slots: HashMap<EndpointId, Slot>,
    /// Clients that wait for the server they name to be bound, each with that server.
    pub held: Vec<(EndpointId, Box<Spec>)>,
    pub doors: Doors,
    pub pairs: Pairs,
    pub traffic: Traffic,
    /// The one in progress is the last one; others are writing their rest.
    pub recorders: Vec<Recorder>,
    pub picture: Picture,
    pub lookout: Lookout,
    /// Asked about Unix listeners; opened for the first listener and kept.
    pub kernel: Kernel,
    /// Traffic records that sessions lost which are forgotten now.
    pub lost_before: u64,
    /// Socket files of servers that crashed; one that is still there goes with the engine.
    pub wrecks: Vec<SocketFile>,
    /// A command was done: the next picture is due at once.
    pub stale: bool,
    /// For session threads.
    pub notes: Sender<Note>,
    pub shared: Arc<Shared>,
    pub wake: Arc<dyn Fn() + Send + Sync>,
    events: Sender<Event>,
    /// Events that go out with the next picture.
    outbox: Vec<Event>,
    inbox: Inbox,
}

struct Inbox {
    commands: Receiver<Ordered>,
    urgent: Receiver<Ordered>,
    notes: Receiver<Note>,
    /// The handle is gone.
    closed: bool,
}

/// Runs until the handle is gone.
pub(super) fn run(inside: Inside) {
    let mut core = Core::new(inside);
    while !core.inbox.closed {
        core.wait();
        core.read_commands();
        core.read_notes();
        core.tick();
    }
    core.leave();
}

impl Core {
    fn new(inside: Inside) -> Self {
        let Inside { config, epoch, commands, urgent, events, shared, wake } = inside;
        let (notes, notes_rx) = bounded(NOTES);
        Self {
            epoch,
            sessions: BTreeMap::new(),
            slots: HashMap::new(),
            held: Vec::new(),
            doors: Doors::default(),
            pairs: Pairs::default(),
            traffic: Traffic::new(&config),
            recorders: Vec::new(),
            picture: Picture::new(),
            lookout: Lookout::new(epoch),
            kernel: None,
            lost_before: 0,
            wrecks: Vec::new(),
            stale: false,
            notes,
            shared,
            wake,
            events,
            outbox: Vec::new(),
            inbox: Inbox { commands, urgent, notes: notes_rx, closed: false },
        }
    }

    /// Sleeps until an input is there or the next look is due; without a session that moves, as long as it takes.
    fn wait(&self) {
        let mut select = Select::new();
        if !self.inbox.closed {
            select.recv(&self.inbox.urgent);
            select.recv(&self.inbox.commands);
        }
        select.recv(&self.inbox.notes);
        for session in self.sessions.values() {
            if let Link::Client { notes: Some(notes), .. } = &session.link {
                select.recv(notes);
            }
        }
        match self.next_look() {
            Some(at) => {
                let _timeout = select.ready_timeout(at.saturating_sub(self.now()));
            }
            None => {
                select.ready();
            }
        }
    }

    fn read_commands(&mut self) {
        let inbox = &mut self.inbox;
        let urgent = take(&inbox.urgent, ROUND, &mut inbox.closed);
        // Before a stop is done, everything that waits is read: an older start must not stay behind, out of the reach of the stop
        // that takes it back.
        let most = if urgent.is_empty() { ROUND } else { inbox.commands.len().max(ROUND) };
        let others = take(&inbox.commands, most, &mut inbox.closed);
        if !urgent.is_empty() || !others.is_empty() {
            self.dispatch(urgent, others);
        }
    }

    fn read_notes(&mut self) {
        // Threads first: a client that says where it connects may mean a server that has just said where it is bound.
        while let Ok(note) = self.inbox.notes.try_recv() {
            self.on_note(note);
        }
        let ids: Vec<_> = self.sessions.iter().filter(|(_, s)| matches!(s.link, Link::Client { .. })).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.client_notes(id));
    }

    /// The handle is gone: stops everything and waits, within limits, until the threads have ended.
    fn leave(mut self) {
        self.inbox.closed = true;
        self.stop_all();
        let started = Instant::now();
        loop {
            self.read_notes();
            if started.elapsed() >= LEAVE_LIMIT || !self.sessions.values().any(Session::is_live) {
                break;
            }
            self.tick();
            self.wait();
        }
        self.drain_all();
        self.traffic.settle(Duration::MAX);
        self.close_recordings();
        // They were told to end with their sessions.
        self.sessions.values_mut().for_each(Session::join_aside);
        self.picture_now();
    }

    /// Notes what happened, to be told with the next picture: who hears of it finds it there.
    pub(super) fn emit(&mut self, id: EndpointId, kind: EventKind) {
        let (name, side) = match self.sessions.get(&id) {
            Some(session) => (Arc::clone(&session.name), session.side),
            None => (id.to_string().into(), Side::Client),
        };
        self.stale = true;
        self.outbox.push(Event { at: self.now(), session: id, name, side, kind });
    }

    /// Tells what was noted. A reader that does not read loses events, which is counted.
    pub(super) fn tell_events(&mut self) {
        for event in self.outbox.drain(..) {
            match self.events.try_send(event) {
                Ok(()) | Err(TrySendError::Disconnected(_)) => {}
                Err(TrySendError::Full(_)) => self.shared.dropped_event(),
            }
        }
    }
}

/// What waits in a channel, at most so many; notes when the other side is gone.
fn take(from: &Receiver<Ordered>, most: usize, closed: &mut bool) -> Vec<Ordered> {
    let mut taken = Vec::new();
    while taken.len() < most {
        match from.try_recv() {
            Ok(command) => taken.push(command),
            Err(TryRecvError::Empty) => break,
            Err(TryRecvError::Disconnected) => {
                *closed = true;
                break;
            }
        }
    }
    taken
}
