//! What a person does with sequences: run, pause, stop. Every command returns at once.

use std::sync::Arc;

use super::control::Core;
use super::dispatch::to_of;
use super::sequence::{Playing, Stage, Voice};
use super::session::Link;
use super::{EventKind, Failure, Operation, SendTo};
use crate::lab::{EndpointId, Sequence};

impl Core {
    /// Begins it; one that runs is stopped.
    pub(super) fn run_sequence(&mut self, id: EndpointId, to: SendTo, sequence: Sequence) {
        let (now, notes) = (self.now(), self.notes.clone());
        let Some(session) = self.sessions.get_mut(&id) else { return self.not_running(id, Operation::Sequence) };
        let as_model = match to_of(&to, session.transport) {
            Ok(to) => to,
            Err(failure) => return self.emit(id, EventKind::Trouble(failure)),
        };
        let voice = match &session.link {
            Link::Server { control: Some(control), .. } => Voice::Server(Arc::clone(control), as_model),
            Link::Client { control, .. } => Voice::Client(Arc::clone(control), to),
            Link::Server { control: None, .. } | Link::None => return self.not_running(id, Operation::Sequence),
        };
        if let Some(before) = session.sequence.take() {
            before.stop();
            session.retired.push(before);
        }
        session.sequences += 1;
        let stage = Stage {
            session: id,
            generation: session.generation,
            name: Arc::clone(&session.name),
            voice,
            tap: Arc::clone(&session.tap),
            board: Arc::clone(&session.board),
            notes,
        };
        match Playing::begin(session.sequences, sequence, stage) {
            Ok(playing) => session.sequence = Some(playing),
            Err(error) => {
                let failure = Failure::new(Operation::Thread, Arc::clone(&session.name), &error);
                return self.emit(id, EventKind::Trouble(failure));
            }
        }
        session.shown.stir(now);
    }

    pub(super) fn pause_sequence(&mut self, id: EndpointId, paused: bool) {
        if let Some(sequence) = self.sessions.get(&id).and_then(|session| session.sequence.as_ref()) {
            sequence.pause(paused);
        }
    }

    pub(super) fn stop_sequence(&mut self, id: EndpointId) {
        if let Some(sequence) = self.sessions.get(&id).and_then(|session| session.sequence.as_ref()) {
            sequence.stop();
        }
    }

    /// The thread of a sequence has said its last word.
    pub(super) fn sequence_ended(&mut self, id: EndpointId, number: u64) {
        let now = self.now();
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let at = session.retired.iter().position(|playing| playing.number == number);
        let told = match at {
            Some(at) => session.retired.remove(at).ended(),
            None => match session.sequence.as_mut().filter(|playing| playing.number == number) {
                Some(playing) => playing.ended(),
                None => return,
            },
        };
        session.shown.stir(now);
        let (sequence, end) = told;
        self.emit(id, EventKind::SequenceEnded { sequence, end });
    }
}
