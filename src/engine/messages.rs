//! What a person changes about the messages of an endpoint, and what is shown of them. Every command returns at once.

use std::sync::Arc;

use super::control::Core;
use super::note::{Note, NoteKind};
use super::session::{Link, Session};
use super::{Cause, EventKind, Failure, MessagesView, Operation, Period, Spec, cast};
use crate::lab::{EndpointId, Messages, Packet, PacketFormat, Transport};
use crate::service::{Protocol, RuleError};

/// A change whose answers name files: a thread of its own reads them.
pub(super) struct Changing {
    number: u64,
    messages: Messages,
    thread: std::thread::JoinHandle<()>,
}

impl Core {
    /// On a running endpoint at once; one that does not run has them from its next start on, which brings them along.
    pub(super) fn set_messages(&mut self, id: EndpointId, messages: Messages) {
        let notes = self.notes.clone();
        let Some(session) = self.sessions.get_mut(&id).filter(|session| session.is_live()) else { return };
        session.changes += 1;
        let (number, is_stream) = (session.changes, session.transport.is_stream());
        if !messages.rules.iter().any(|rule| rule.is_on && names_files(&rule.reply)) {
            let made = Protocol::of(&messages, is_stream);
            return self.messages_made(id, messages, made);
        }
        let (generation, of) = (session.generation, messages.clone());
        let work = move || {
            let made = Protocol::of(&of, is_stream);
            // Fails only when the engine has left.
            let _left = notes.send(Note { session: id, generation, kind: NoteKind::Protocol(number, made) });
        };
        let name = format!("{}:messages", session.name).replace('\0', "");
        match std::thread::Builder::new().name(name).spawn(work) {
            Ok(thread) => session.changing.push(Changing { number, messages, thread }),
            Err(error) => {
                let failure = Failure::new(Operation::Thread, Arc::clone(&session.name), &error);
                self.emit(id, EventKind::Trouble(failure));
            }
        }
    }

    /// The files of a change were read. An older one than the last is dropped.
    pub(super) fn protocol_made(&mut self, id: EndpointId, number: u64, made: Result<Protocol, RuleError>) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(at) = session.changing.iter().position(|changing| changing.number == number) else { return };
        let Changing { messages, thread, .. } = session.changing.remove(at);
        // It has said its last word.
        let _told = thread.join();
        if number == session.changes {
            self.messages_made(id, messages, made);
        }
    }

    fn messages_made(&mut self, id: EndpointId, messages: Messages, made: Result<Protocol, RuleError>) {
        let now = self.now();
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let protocol = match made {
            Ok(protocol) => protocol,
            Err(error) => {
                let failure = unusable(&session.name, &error);
                return self.emit(id, EventKind::Trouble(failure));
            }
        };
        let before = match &mut *session.spec {
            Spec::Server(server) => std::mem::replace(&mut server.messages, messages.clone()),
            Spec::Client { client, .. } => std::mem::replace(&mut client.messages, messages.clone()),
        };
        session.shown.stir(now);
        match &session.link {
            Link::Server { control: Some(control), .. } => {
                if cast::has(session.transport) {
                    let lane = session.tap.free_lane(format!("{}:operator", session.name));
                    session.groups = cast::set(&lane, &session.board, control.socket(), &before.cast, &messages.cast).into();
                }
                control.set_messages(messages, protocol, session.transport == Transport::Tcp);
            }
            Link::Client { control, .. } => {
                if !control.set_messages(messages, protocol, session.transport == Transport::Tcp) {
                    self.busy(id, Operation::Start);
                }
            }
            // Not bound yet: it takes them as soon as it is.
            Link::Server { control: None, .. } | Link::None => {}
        }
    }
}

impl Session {
    /// What is shown of its messages.
    pub(super) fn messages_view(&self) -> MessagesView {
        let spec = match &*self.spec {
            Spec::Server(server) => &server.messages,
            Spec::Client { client, .. } => &client.messages,
        };
        let (protocol, period, groups) = match &self.link {
            Link::Server { control: Some(control), .. } => {
                let period = control.period().and_then(|(asked, measured)| Period::of(asked, &measured));
                (Some(control.protocol()), period, Arc::clone(&self.groups))
            }
            Link::Client { control, .. } => (Some(control.protocol()), control.period(), control.groups()),
            Link::Server { control: None, .. } | Link::None => (None, None, Arc::default()),
        };
        let counts = protocol.map(|protocol| protocol.counts()).unwrap_or_default();
        let framing = match protocol {
            Some(protocol) => protocol.now().framing.clone(),
            None if self.transport.is_stream() => spec.framing.clone(),
            None => Default::default(),
        };
        MessagesView {
            framing,
            received: counts.received,
            sent: counts.sent,
            by_rule: counts.by_rule,
            broken: counts.broken,
            groups,
            period,
            sequence: self.sequence.as_ref().map(|sequence| sequence.view()),
        }
    }
}

/// A rule that cannot be used, for people.
pub(super) fn unusable(name: &str, error: &RuleError) -> Failure {
    Failure::because(Operation::Start, name, Cause::Other(error.to_string().into()))
}

/// Whether its bytes are, or hold, those of a file.
pub(super) fn names_files(packet: &Packet) -> bool {
    match packet.format {
        PacketFormat::File => true,
        PacketFormat::Text | PacketFormat::Hex => packet.body.contains("{{"),
        PacketFormat::Base64 => false,
    }
}
