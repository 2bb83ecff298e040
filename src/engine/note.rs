//! What session threads tell the engine. The last word of a thread is always [`NoteKind::Ended`], also when it panics: the
//! engine joins a thread only after that.

use std::net::SocketAddr;
use std::sync::Arc;

use crossbeam_channel::Sender;

use super::{Cause, Failure, GroupView, Operation};
use crate::lab::EndpointId;
use crate::model;
use crate::probe::{Drops, Unavailable};
use crate::service::{Protocol, RuleError};

/// One message of one session thread.
pub(super) struct Note {
    pub session: EndpointId,
    /// Of which start; notes of an earlier one are stale.
    pub generation: u32,
    pub kind: NoteKind,
}

/// What it says.
pub(super) enum NoteKind {
    /// A server is bound and about to serve.
    Bound(Bound),
    /// The files of a change of messages were read: which change, and what was made of it.
    Protocol(u64, Result<Protocol, RuleError>),
    /// The last word of the thread of a sequence: its number.
    Sequence(u64),
    /// The thread leaves. It is joined at once.
    Ended(Result<(), Failure>),
}

/// How a running server is reached, by peers and by the engine.
pub(super) struct Bound {
    pub local: Arc<str>,
    /// `None` for Unix sockets.
    pub inet: Option<SocketAddr>,
    pub fd: i64,
    pub control: Arc<model::Control>,
    /// How many were turned away on this machine before it listened, or why nobody knows.
    pub turned: Result<Drops, Unavailable>,
    /// The stale socket file that made room.
    pub replaced: Option<Arc<str>>,
    /// Multicast groups it was to join.
    pub groups: Vec<GroupView>,
}

/// A session thread's way to the engine. Dropping it says `Ended`.
pub(super) struct Reporter {
    notes: Sender<Note>,
    session: EndpointId,
    generation: u32,
    name: Arc<str>,
    result: Option<Result<(), Failure>>,
}

impl Reporter {
    pub fn new(notes: Sender<Note>, session: EndpointId, generation: u32, name: Arc<str>) -> Self {
        Self { notes, session, generation, name, result: None }
    }

    /// Tells the engine; false when it has left, which a thread takes as a stop. Waits only while the engine is about to read.
    pub fn tell(&self, kind: NoteKind) -> bool {
        self.notes.send(Note { session: self.session, generation: self.generation, kind }).is_ok()
    }

    /// What `Ended` will carry.
    pub fn finish(mut self, result: Result<(), Failure>) {
        self.result = Some(result);
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        let result = self.result.take().unwrap_or_else(|| {
            let words = "the thread panicked; this is a bug in Socketlab";
            Err(Failure::because(Operation::Thread, Arc::clone(&self.name), Cause::Other(words.into())))
        });
        let _engine_left = self.tell(NoteKind::Ended(result));
    }
}
