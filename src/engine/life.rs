//! The life of sessions: start, stop, restart, and what their threads report. Nothing here waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{TryRecvError, bounded};

use super::client::{self, ClientControl, ClientNote, ClientRun, TargetSource};
use super::control::Core;
use super::messages;
use super::note::{Bound, Note, NoteKind, Reporter};
use super::server::{self, ServerStart, Slot, Wreck};
use super::session::{After, Link, Session};
use super::transport::SocketFile;
use super::{Cause, EventKind, Failure, Operation, Outgoing, Payload, SessionState, Spec};
use crate::bytes::Framing;
use crate::lab::{Client, EndpointId, Server, Side, Target, Transport};
use crate::packet::Recipe;
use crate::service::Protocol;
use crate::trace::{Board, Lane, Tap};

/// Notes of one client waiting at most.
const CLIENT_NOTES: usize = 64;

impl Core {
    /// Starts it, or starts it again once it has stopped. A running one is left alone. A client whose server is about to bind
    /// is held until that server runs or has failed: started in the same breath it would be refused, or find no port.
    pub(super) fn start(&mut self, spec: Box<Spec>) {
        let epoch = self.epoch;
        self.held.retain(|(_, held)| held.id() != spec.id());
        if let Some(server) = self.server_of(&spec).filter(|id| self.sessions.get(id).is_some_and(Session::is_coming)) {
            self.held.push((server, spec));
            return;
        }
        let session = self.sessions.entry(spec.id()).or_insert_with(|| Session::new(epoch, spec.clone()));
        match session.state {
            SessionState::Starting | SessionState::Running => {}
            SessionState::Stopping => {
                session.after.start = Some(spec);
                session.after.forgets = false;
            }
            SessionState::Stopped | SessionState::Failed => self.launch(spec, false),
        }
    }

    /// Stops it and starts it on the same address.
    pub(super) fn restart(&mut self, spec: Box<Spec>) {
        let now = self.now();
        match self.sessions.get_mut(&spec.id()) {
            Some(session) if session.is_live() => {
                if session.state != SessionState::Stopping || session.finishing {
                    session.after = After::default();
                    session.ask_to_stop(now);
                }
                session.after.start = Some(spec);
                session.after.keeps_port = true;
                session.after.forgets = false;
            }
            Some(_) | None => self.start(spec),
        }
    }

    /// Starts the clients that were held for this server.
    fn release(&mut self, server: EndpointId) {
        let (free, held) = std::mem::take(&mut self.held).into_iter().partition(|(of, _)| *of == server);
        self.held = held;
        let free: Vec<(EndpointId, Box<Spec>)> = free;
        free.into_iter().for_each(|(_, spec)| self.start(spec));
    }

    /// Stops it; what was to follow a stop in progress is off.
    pub(super) fn stop(&mut self, id: EndpointId) {
        let now = self.now();
        self.held.retain(|(_, held)| held.id() != id);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if !session.is_live() {
            return;
        }
        session.after.start = None;
        session.after.tells_stop = true;
        if session.state != SessionState::Stopping || session.finishing {
            session.ask_to_stop(now);
        }
    }

    /// Stops a server and leaves its socket file behind, as a process does that dies.
    pub(super) fn crash(&mut self, id: EndpointId) {
        let Some(session) = self.sessions.get(&id).filter(|session| session.is_live()) else {
            return self.not_running(id, Operation::Close);
        };
        if let Link::Server { wreck, .. } = &session.link {
            wreck.crashes.store(true, Ordering::Release);
        }
        self.stop(id);
    }

    /// A server takes no new clients, serves those it has to their end, and stops. A stop in the meantime closes them at once.
    pub(super) fn finish(&mut self, id: EndpointId) {
        let now = self.now();
        let Some(session) = self.sessions.get_mut(&id).filter(|session| session.is_live()) else {
            return self.not_running(id, Operation::Accept);
        };
        match &session.link {
            Link::Server { control: Some(control), .. } if session.state == SessionState::Running => {
                control.finish_up();
                session.after.tells_stop = true;
                session.finishing = true;
                session.closing = 0;
                session.enter(SessionState::Stopping, now);
            }
            // It is stopping, or takes no clients yet.
            Link::Server { .. } => self.stop(id),
            // Clients let nobody in.
            Link::Client { .. } | Link::None => {}
        }
    }

    /// Stops everything; clients first, so that what the end of their server does to them happens to clients that stop.
    pub(super) fn stop_all(&mut self) {
        self.held.clear();
        let mut ids: Vec<_> = self.sessions.values().map(|session| (session.side == Side::Server, session.id)).collect();
        ids.sort_unstable();
        ids.into_iter().for_each(|(_, id)| self.stop(id));
    }

    /// Stops it and drops it.
    pub(super) fn forget(&mut self, id: EndpointId) {
        self.stop(id);
        match self.sessions.get_mut(&id) {
            Some(session) if session.is_live() => session.after.forgets = true,
            Some(_) => self.drop_session(id),
            None => {}
        }
    }

    /// It has a new name: in views and events from now on.
    pub(super) fn rename(&mut self, id: EndpointId, name: &str) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let give = |spec: &mut Spec| match spec {
            Spec::Server(server) => name.clone_into(&mut server.name),
            Spec::Client { client, .. } => name.clone_into(&mut client.name),
        };
        give(&mut session.spec);
        if let Some(next) = &mut session.after.start {
            give(next);
        }
        session.name = name.into();
        session.shown.stale = true;
    }

    fn drop_session(&mut self, id: EndpointId) {
        self.drain_all();
        let Some(mut session) = self.sessions.remove(&id) else { return };
        self.lost_before += session.shown.lost_before + session.board.dropped();
        session.shown.book.clear();
        for info in session.shown.book.gone.drain(..) {
            self.pairs.remove(session.transport, &info);
        }
        self.slots.remove(&id);
        self.stale = true;
    }

    /// Gives it a thread. It must be known and not running.
    fn launch(&mut self, spec: Box<Spec>, keeps_port: bool) {
        let (now, epoch) = (self.now(), self.epoch);
        self.drain_all();
        let client_slot = self.client_slot(&spec);
        let is_recording = self.is_recording();
        let Some(session) = self.sessions.get_mut(&spec.id()) else { return };
        let kept = if keeps_port { session.kept_address(&spec) } else { None };
        session.renew(epoch, spec, now);
        session.board.set_lossless(is_recording);
        let reporter = {
            let (notes, id, generation, name) = (self.notes.clone(), session.id, session.generation, Arc::clone(&session.name));
            // Made by the thread itself: where no thread starts, nobody says `Ended`.
            move || Reporter::new(notes, id, generation, name)
        };
        let (tap, board) = (Arc::clone(&session.tap), Arc::clone(&session.board));
        let started = match (*session.spec).clone() {
            Spec::Server(mut doc) => {
                doc.address = kept.unwrap_or(doc.address);
                let cancelled = Arc::new(AtomicBool::new(false));
                let wreck = Arc::new(Wreck::default());
                session.link = Link::Server { control: None, cancelled: Arc::clone(&cancelled), wreck: Arc::clone(&wreck) };
                let start = ServerStart { doc, board, slot: Arc::clone(self.slots.entry(session.id).or_default()), cancelled, wreck };
                spawn(&session.name, reporter, tap, move |lane, reporter| server::serve(lane, start, reporter))
            }
            Spec::Client { client, server } => {
                let (to_engine, notes) = bounded(CLIENT_NOTES);
                ClientControl::new().map_err(|e| Failure::new(Operation::Start, Arc::clone(&session.name), &e)).and_then(|control| {
                    session.link = Link::Client { control: Arc::clone(&control), notes: Some(notes) };
                    let body = move |lane: &Lane, _: &Reporter| drive(lane, client, server, client_slot, board, control, to_engine);
                    spawn(&session.name, reporter, tap, body)
                })
            }
        };
        match started {
            Ok(thread) => session.thread = Some(thread),
            Err(failure) => {
                let id = session.id;
                self.settle(id, Err(failure));
            }
        }
    }

    /// Where the server that a client names is reached while it runs.
    fn client_slot(&mut self, spec: &Spec) -> Slot {
        match self.server_of(spec) {
            Some(id) => Arc::clone(self.slots.entry(id).or_default()),
            None => Slot::default(),
        }
    }

    /// The server of the lab that a client names.
    fn server_of(&self, spec: &Spec) -> Option<EndpointId> {
        let Spec::Client { client, server } = spec else { return None };
        let Target::Server(name) = &client.target else { return None };
        let by_name = || self.sessions.values().find(|s| matches!(&*s.spec, Spec::Server(server) if server.name == *name)).map(|s| s.id);
        server.as_ref().map(|s| s.id).or_else(by_name)
    }

    /// A session thread said something.
    pub(super) fn on_note(&mut self, note: Note) {
        let Some(session) = self.sessions.get(&note.session) else { return };
        if let NoteKind::Sequence(number) = note.kind {
            // Its thread is to be joined, whatever became of the session.
            return self.sequence_ended(note.session, number);
        }
        if session.generation != note.generation {
            return;
        }
        match note.kind {
            NoteKind::Bound(bound) => self.bound(note.session, bound),
            NoteKind::Protocol(number, made) => self.protocol_made(note.session, number, made),
            NoteKind::Sequence(_) => {}
            NoteKind::Ended(result) => {
                self.client_notes(note.session);
                self.settle(note.session, result);
            }
        }
    }

    fn bound(&mut self, id: EndpointId, bound: Bound) {
        let now = self.now();
        let Some(session) = self.sessions.get_mut(&id) else { return };
        session.local = Some(Arc::clone(&bound.local));
        session.inet = bound.inet;
        session.listener_fd = Some(bound.fd);
        session.groups = bound.groups.into();
        let stopping = session.state == SessionState::Stopping;
        if stopping {
            bound.control.stop();
        }
        if let Link::Server { control, .. } = &mut session.link {
            *control = Some(bound.control);
        }
        if stopping {
            return;
        }
        session.shown.listening.begin(bound.turned);
        session.enter(SessionState::Running, now);
        let to: Arc<str> = session.model().into();
        let kind = match session.switch.take() {
            Some((from, closed)) if from != to => EventKind::ModelSwitched { from, to, closed },
            Some(_) | None => EventKind::Started { local: Some(Arc::clone(&bound.local)) },
        };
        self.doors.opened(id, session.transport, &bound.local, bound.inet);
        self.emit(id, kind);
        if let Some(path) = bound.replaced {
            self.emit(id, EventKind::ReplacedStaleFile { path });
        }
        self.release(id);
    }

    /// Reads what a client's thread said.
    pub(super) fn client_notes(&mut self, id: EndpointId) {
        loop {
            let Some(Link::Client { notes: from, .. }) = self.sessions.get_mut(&id).map(|s| &mut s.link) else { return };
            let Some(receiver) = from else { return };
            match receiver.try_recv() {
                Ok(note) => self.on_client_note(id, note),
                Err(TryRecvError::Empty) => return,
                // The driver has left; its last word comes as `Ended`.
                Err(TryRecvError::Disconnected) => *from = None,
            }
        }
    }

    fn on_client_note(&mut self, id: EndpointId, note: ClientNote) {
        let now = self.now();
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let kind = match note {
            ClientNote::Started { target } => {
                session.shown.inside = self.doors.find(session.transport, &target).is_some();
                session.target = Some(target);
                session.shown.stale = true;
                if session.state != SessionState::Starting {
                    return;
                }
                session.enter(SessionState::Running, now);
                EventKind::Started { local: None }
            }
            ClientNote::Retrying { attempt, after } => EventKind::Retrying { attempt, after },
            ClientNote::SendDone { messages } => EventKind::SendDone { messages },
        };
        self.emit(id, kind);
    }

    /// Its thread is at its end: joins it, tells how it ended, does what follows.
    fn settle(&mut self, id: EndpointId, result: Result<(), Failure>) {
        let now = self.now();
        self.doors.closed(id);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if let Some(thread) = session.thread.take() {
            // It has sent its last word; a panic was told in it.
            let _told = thread.join();
        }
        if let Link::Client { control, .. } = &session.link {
            self.shared.dropped_events(control.lost());
        }
        self.sends_done(id);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let left = match &session.link {
            Link::Server { wreck, .. } => wreck.left.lock().take(),
            Link::Client { .. } | Link::None => None,
        };
        self.wrecks.retain(SocketFile::is_there);
        self.wrecks.extend(left);
        // Lets go of the socket, so that the address is free when the state says Stopped.
        session.link = Link::None;
        let asked = session.state == SessionState::Stopping;
        let after = std::mem::take(&mut session.after);
        let closed = session.closing;
        session.failure = result.as_ref().err().cloned().or(session.failure.take());
        session.enter(if asked || result.is_ok() { SessionState::Stopped } else { SessionState::Failed }, now);
        session.switch = (asked && after.keeps_port && after.start.is_some()).then(|| (session.model().into(), closed));
        match result {
            Err(failure) if asked => self.emit(id, EventKind::Trouble(failure)),
            Err(failure) => self.emit(id, EventKind::Failed(failure)),
            Ok(()) => {}
        }
        if after.tells_stop || session_ended_by_itself(asked, self.sessions.get(&id)) {
            self.emit(id, EventKind::Stopped { closed: if asked { closed } else { 0 } });
        }
        self.troubles(id);
        if after.forgets {
            self.drop_session(id);
        } else if let Some(spec) = after.start {
            self.launch(spec, after.keeps_port);
        }
        if !self.sessions.get(&id).is_some_and(Session::is_coming) {
            self.release(id);
        }
    }

    /// Tells the troubles of a session, the same one at most ten times a second.
    pub(super) fn troubles(&mut self, id: EndpointId) {
        let now = self.now();
        let Some(board) = self.sessions.get(&id).map(|s| Arc::clone(&s.board)) else { return };
        for trouble in board.drain_troubles() {
            let Some(session) = self.sessions.get_mut(&id) else { return };
            if !session.may_tell(&trouble, now) {
                self.shared.dropped_event();
                continue;
            }
            let failure = super::view::failure(trouble.call, trouble.endpoint, &trouble.error);
            session.failure = Some(failure.clone());
            session.shown.stale = true;
            self.emit(id, EventKind::Trouble(failure));
        }
    }

    /// Tells which send schedules of a server ended.
    pub(super) fn sends_done(&mut self, id: EndpointId) {
        let Some(Link::Server { control: Some(control), .. }) = self.sessions.get(&id).map(|s| &s.link) else { return };
        for messages in control.take_finished() {
            self.emit(id, EventKind::SendDone { messages });
        }
    }

    /// A command for a session that does not run.
    pub(super) fn not_running(&mut self, id: EndpointId, operation: Operation) {
        let name = self.sessions.get(&id).map_or_else(|| id.to_string().into(), |s| Arc::clone(&s.name));
        self.emit(id, EventKind::Trouble(Failure::because(operation, name, Cause::Other("it is not running".into()))));
    }

    /// Time since the engine started.
    pub(super) fn now(&self) -> Duration {
        self.epoch.elapsed()
    }
}

fn session_ended_by_itself(asked: bool, session: Option<&Session>) -> bool {
    !asked && session.is_some_and(|s| s.state == SessionState::Stopped)
}

/// A named thread with a lane of its own, whose last word is `Ended`.
fn spawn(
    name: &Arc<str>,
    reporter: impl FnOnce() -> Reporter + Send + 'static,
    tap: Arc<Tap>,
    body: impl FnOnce(&Lane, &Reporter) -> Result<(), Failure> + Send + 'static,
) -> Result<JoinHandle<()>, Failure> {
    let lane_name = Arc::clone(name);
    let run = move || {
        // First made, last dropped: when it speaks, the lane is gone.
        let reporter = reporter();
        let result = {
            let lane = tap.lane(lane_name);
            body(&lane, &reporter)
        };
        reporter.finish(result);
    };
    // A thread's name is a C string.
    let thread = std::thread::Builder::new().name(name.replace('\0', "")).spawn(run);
    thread.map_err(|e| Failure::new(Operation::Thread, Arc::clone(name), &e))
}

/// The thread of one running client.
fn drive(
    lane: &Lane,
    client: Client,
    server: Option<Server>,
    slot: Slot,
    board: Arc<Board>,
    control: Arc<ClientControl>,
    notes: crossbeam_channel::Sender<ClientNote>,
) -> Result<(), Failure> {
    let target = match &client.target {
        Target::Address(address) => TargetSource::Address(address.clone()),
        Target::Pair => TargetSource::Pair,
        Target::Server(name) => match server {
            Some(server) => TargetSource::Server { name: name.clone(), local: slot, fallback: server.address },
            None => return Err(Failure::because(Operation::Start, name.as_str(), Cause::ServerNotRunning)),
        },
    };
    // Composed here and not by the engine: a file may lie on a slow disk.
    let first = if client.packet.on_connect { Some(outgoing(&client)?) } else { None };
    let protocol = Protocol::of(&client.messages, client.transport.is_stream()).map_err(|e| messages::unusable(&client.name, &e))?;
    control.begin_messages(&client.messages, protocol, client.transport == Transport::Tcp);
    client::drive(lane, ClientRun { client, target, board, control, first, notes })
}

/// What a client sends as it connects. A stream alone has a framing.
fn outgoing(client: &Client) -> Result<Outgoing, Failure> {
    let (packet, raw) = (&client.packet, Framing::Raw);
    let framing = if client.transport.is_stream() { &client.messages.framing } else { &raw };
    let recipe = Recipe::of(packet, framing)
        .map_err(|e| Failure::because(Operation::Send, client.name.as_str(), Cause::Other(e.to_string().into())))?;
    Ok(Outgoing::of(packet, Payload::Made(Arc::new(recipe))))
}
