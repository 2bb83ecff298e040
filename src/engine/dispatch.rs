//! What each command does. Every one returns at once; the answer is in snapshots and events.

use std::sync::Arc;

use super::control::Core;
use super::handle::Ordered;
use super::session::Link;
use super::{Cause, CloseHow, Command, ConnPick, EventKind, Failure, GateMove, Operation, Outgoing, SendTo};
use crate::lab::{EndpointId, MAX_CONNECTIONS, Transport};
use crate::model::{Ending, Order, To};
use crate::trace::{Board, ConnId, TapLevel};

impl Core {
    /// Does a round of commands: the urgent ones first. A start or send that was asked for *before* a stop must not outlive it.
    pub(super) fn dispatch(&mut self, urgent: Vec<Ordered>, mut others: Vec<Ordered>) {
        for Ordered { order, command } in urgent {
            others.retain(|other| other.order > order || !ends(&command, &other.command));
            self.perform(command);
        }
        others.into_iter().for_each(|ordered| self.perform(ordered.command));
        self.stale = true;
    }

    fn perform(&mut self, command: Command) {
        match command {
            Command::Start(spec) => self.start(spec),
            Command::Stop(id) => self.stop(id),
            Command::StopAll => self.stop_all(),
            Command::Restart(spec) => self.restart(spec),
            Command::Forget(id) => self.forget(id),
            Command::Rename(id, name) => self.rename(id, &name),
            Command::Open { client, count } => self.open(client, count),
            Command::Close { session, pick, how } => self.close(session, pick, how),
            Command::Send { from, to, outgoing } => self.send(from, to, outgoing),
            Command::StopSending(id) => self.stop_sending(id),
            Command::SetMessages(id, messages) => self.set_messages(id, *messages),
            Command::RunSequence { from, to, sequence } => self.run_sequence(from, to, *sequence),
            Command::PauseSequence(id, paused) => self.pause_sequence(id, paused),
            Command::StopSequence(id) => self.stop_sequence(id),
            Command::SetTap(id, level) => self.set_tap(id, level),
            Command::Gate { session, lane, gate } => self.gate(session, lane, gate),
            Command::SetBacklog(id, backlog) => self.set_backlog(id, backlog),
            Command::SetPace(id, pace) => self.set_pace(id, pace),
            Command::AcceptOne(id) => self.accept_one(id),
            Command::Finish(id) => self.finish(id),
            Command::Crash(id) => self.crash(id),
            Command::ClearTraffic => {
                self.drain();
                self.traffic.clear();
                self.hand_over();
            }
            Command::SetTrafficLimit(bytes) => self.traffic.set_limit(bytes),
            Command::Record(recording) => self.record(recording),
        }
    }

    /// Also for the next starts. One that was never started keeps nothing to set it on.
    fn set_tap(&mut self, id: EndpointId, level: TapLevel) {
        if let Some(session) = self.sessions.get_mut(&id) {
            session.set_tap(level);
        }
    }

    /// Of one that does not run nobody stands at the gate, and a stop has opened it for good.
    fn gate(&mut self, id: EndpointId, lane: Option<u32>, gate: GateMove) {
        let now = self.now();
        if let Some(session) = self.sessions.get_mut(&id).filter(|s| s.is_live()) {
            session.tap.gate(lane, gate);
            session.shown.stir(now);
        }
    }

    fn open(&mut self, id: EndpointId, count: u32) {
        let Some(session) = self.sessions.get(&id) else { return self.not_running(id, Operation::Connect) };
        let Link::Client { control, .. } = &session.link else { return self.not_running(id, Operation::Connect) };
        let totals = session.board.totals();
        let room = u64::from(MAX_CONNECTIONS).saturating_sub(totals.open + totals.connecting + u64::from(control.pending()));
        let granted = u32::try_from(room).unwrap_or(MAX_CONNECTIONS).min(count);
        if granted > 0 && !control.open(granted) {
            return self.busy(id, Operation::Connect);
        }
        if granted < count {
            let words = format!("a client has at most {MAX_CONNECTIONS} connections");
            let failure = Failure::because(Operation::Connect, Arc::clone(&session.name), Cause::Other(words.into()));
            self.emit(id, EventKind::Trouble(failure));
        }
    }

    fn close(&mut self, id: EndpointId, pick: ConnPick, how: CloseHow) {
        let Some(session) = self.sessions.get(&id) else { return self.not_running(id, Operation::Close) };
        if let (Link::Client { control, .. }, ConnPick::All) = (&session.link, pick) {
            let totals = session.board.totals();
            let count = u32::try_from(totals.open + totals.connecting).unwrap_or(u32::MAX).saturating_add(control.pending());
            // Asked even if there is none to see: the driver may be about to open some.
            if !control.close_all(how) {
                return self.busy(id, Operation::Close);
            }
            if count > 0 {
                self.emit(id, EventKind::ConnectionsClosed { count, how });
            }
            return;
        }
        let ids = picked(&session.board, pick);
        match &session.link {
            Link::Server { control: Some(control), .. } if !ids.is_empty() => control.close(&ids, ending(how)),
            Link::Client { control, .. } if !ids.is_empty() => {
                if !control.close(&ids, how) {
                    return self.busy(id, Operation::Close);
                }
            }
            // Nothing to close (any more).
            Link::Server { control: Some(_), .. } | Link::Client { .. } => return,
            Link::Server { control: None, .. } | Link::None => return self.not_running(id, Operation::Close),
        }
        self.emit(id, EventKind::ConnectionsClosed { count: u32::try_from(ids.len()).unwrap_or(u32::MAX), how });
    }

    fn send(&mut self, id: EndpointId, to: SendTo, outgoing: Outgoing) {
        match self.sessions.get(&id) {
            Some(session) => match &session.link {
                Link::Server { control: Some(control), .. } => match to_of(&to, session.transport) {
                    Ok(to) => {
                        let Outgoing { payload, every, times, bytes_per_s } = outgoing;
                        control.order(Order { to, payload, every, times, bytes_per_s });
                    }
                    Err(failure) => self.emit(id, EventKind::Trouble(failure)),
                },
                Link::Client { control, .. } => match to_of(&to, session.transport) {
                    Ok(_) => {
                        if !control.send(to, outgoing) {
                            self.busy(id, Operation::Send);
                        }
                    }
                    Err(failure) => self.emit(id, EventKind::Trouble(failure)),
                },
                Link::Server { control: None, .. } | Link::None => self.not_running(id, Operation::Send),
            },
            None => self.not_running(id, Operation::Send),
        }
    }

    /// Its driver has not got round to thousands of requests yet.
    pub(super) fn busy(&mut self, id: EndpointId, operation: Operation) {
        let name = self.sessions.get(&id).map_or_else(|| id.to_string().into(), |s| Arc::clone(&s.name));
        let words = "too many requests wait; this one was not taken";
        self.emit(id, EventKind::Trouble(Failure::because(operation, name, Cause::Other(words.into()))));
    }

    fn stop_sending(&mut self, id: EndpointId) {
        match self.sessions.get(&id).map(|s| &s.link) {
            Some(Link::Server { control: Some(control), .. }) => control.stop_sending(),
            Some(Link::Client { control, .. }) => {
                if !control.stop_sending() {
                    self.busy(id, Operation::Send);
                }
            }
            // Nothing is being sent, which is what was asked for.
            Some(Link::Server { control: None, .. } | Link::None) | None => {}
        }
    }
}

/// Whether an urgent command takes back one that was sent before it and still waits.
fn ends(urgent: &Command, waiting: &Command) -> bool {
    match waiting {
        Command::Start(spec) | Command::Restart(spec) => match urgent {
            Command::Stop(id) => spec.id() == *id,
            urgent => matches!(urgent, Command::StopAll),
        },
        Command::Send { from, .. } | Command::RunSequence { from, .. } => match urgent {
            Command::Stop(id) | Command::StopSending(id) => from == id,
            urgent => matches!(urgent, Command::StopAll),
        },
        Command::Stop(_)
        | Command::StopAll
        | Command::StopSending(_)
        | Command::SetMessages(..)
        | Command::PauseSequence(..)
        | Command::StopSequence(_)
        | Command::SetTap(..)
        | Command::Gate { .. }
        | Command::SetBacklog(..)
        | Command::SetPace(..)
        | Command::AcceptOne(_)
        | Command::Finish(_)
        | Command::Crash(_)
        | Command::Forget(_)
        | Command::Rename(..)
        | Command::Open { .. }
        | Command::Close { .. }
        | Command::ClearTraffic
        | Command::SetTrafficLimit(_)
        | Command::Record(_) => false,
    }
}

/// To whom, as a model takes it.
pub(super) fn to_of(to: &SendTo, transport: Transport) -> Result<To, Failure> {
    let refused = |address: &Arc<str>, words: &str| Failure::because(Operation::Send, Arc::clone(address), Cause::Other(words.into()));
    match to {
        SendTo::One(conn) => Ok(To::One(*conn)),
        SendTo::These(these) => Ok(To::These(Arc::clone(these))),
        SendTo::All => Ok(To::All),
        SendTo::Address(address) if transport != Transport::Udp => {
            Err(refused(address, "only UDP sends to an address without a connection"))
        }
        // No name: nobody here may wait for the resolver.
        SendTo::Address(address) => match address.parse() {
            Ok(inet) => Ok(To::Address(inet)),
            Err(_) => Err(refused(address, "write a numeric address and a port, such as 127.0.0.1:7788 or [::1]:7788")),
        },
    }
}

fn picked(board: &Board, pick: ConnPick) -> Vec<ConnId> {
    match pick {
        ConnPick::One(id) => board.get(id).map(|c| c.id).into_iter().collect(),
        ConnPick::Newest(count) => {
            let live = board.live();
            let skip = live.len().saturating_sub(usize::try_from(count).unwrap_or(usize::MAX));
            live.iter().skip(skip).map(|c| c.id).collect()
        }
        ConnPick::All => board.live().iter().map(|c| c.id).collect(),
    }
}

fn ending(how: CloseHow) -> Ending {
    match how {
        CloseHow::Orderly => Ending::Orderly,
        CloseHow::HalfClose => Ending::HalfClose,
        CloseHow::Reset => Ending::Reset,
    }
}
