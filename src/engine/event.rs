//! What happened, as data. Worded by the window (in the person's language) and the command line.

use std::sync::Arc;
use std::time::Duration;

use crate::lab::{EndpointId, Side};

use super::{CloseHow, Failure, SequenceEnd};

/// One thing that happened at one endpoint.
#[derive(Clone, Debug)]
pub struct Event {
    /// Since the engine started.
    pub at: Duration,
    /// Where.
    pub session: EndpointId,
    /// Its name at that time.
    pub name: Arc<str>,
    /// Server or client.
    pub side: Side,
    /// What.
    pub kind: EventKind,
}

/// The things that happen. High-rate things (packets) are records, not events.
#[derive(Clone, Debug)]
pub enum EventKind {
    /// Running; a server says where it is bound.
    Started {
        /// What `getsockname` answered.
        local: Option<Arc<str>>,
    },
    /// A stale socket file of a dead server was replaced at start.
    ReplacedStaleFile {
        /// The file.
        path: Arc<str>,
    },
    /// Stopped as asked.
    Stopped {
        /// Connections that were open and are closed now.
        closed: u32,
    },
    /// Running again on the same address with another model.
    ModelSwitched {
        /// Id of the model before.
        from: Arc<str>,
        /// Id of the model now.
        to: Arc<str>,
        /// Connections closed by the switch.
        closed: u32,
    },
    /// It could not start, or ended by itself.
    Failed(Failure),
    /// Something went wrong and it goes on (one connection, one send).
    Trouble(Failure),
    /// A client's connection will be tried again.
    Retrying {
        /// 1 for the first retry.
        attempt: u32,
        /// From now.
        after: Duration,
    },
    /// A send schedule ended.
    SendDone {
        /// Messages handed to the kernel.
        messages: u64,
    },
    /// A sequence ended.
    SequenceEnded {
        /// Its name.
        sequence: Arc<str>,
        /// How.
        end: SequenceEnd,
    },
    /// `listen(n)` was called again on a running server.
    BacklogChanged {
        /// Before.
        from: u32,
        /// Now.
        to: u32,
    },
    /// Connections were closed because a person asked.
    ConnectionsClosed {
        /// How many.
        count: u32,
        /// How.
        how: CloseHow,
    },
}
