//! The client driver: one thread with one readiness wait for all connections of a client, up to 5,000.
//!
//! It opens, reads, sends on schedule, closes and connects again. It tells everything through the board, the control and
//! the notes; it must not know sessions, snapshots or other clients.

mod apart;
mod backoff;
mod control;
mod driver;
mod link;
mod messages;
mod opening;
mod selector;
mod sending;
mod target;
mod timers;
mod traffic;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::Sender;

use crate::lab;
use crate::trace::{Board, Lane};

use super::{Failure, Outgoing};

pub(in crate::engine) use control::ClientControl;
pub(in crate::engine) use target::TargetSource;

/// What a client runs with.
pub(in crate::engine) struct ClientRun {
    /// The document.
    pub client: lab::Client,
    /// Looks up where to connect *now*; asked again at each reconnect.
    pub target: TargetSource,
    /// Where connections and bytes are told.
    pub board: Arc<Board>,
    /// The way in from the engine.
    pub control: Arc<ClientControl>,
    /// What each connection sends as it opens, with a count of its own.
    pub first: Option<Outgoing>,
    /// What happened, for the engine's events. Bounded; what does not fit is counted by the control.
    pub notes: Sender<ClientNote>,
}

/// What happened at a client as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) enum ClientNote {
    /// It runs and connects to this address.
    Started {
        /// Numeric, once a name was looked up.
        target: Arc<str>,
    },
    /// Lost or refused connections will be tried again. One note for all of them together.
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
}

/// Runs on a thread of its own until stopped; closes everything before it returns. A client whose connections all failed
/// goes on with none: the person may open more.
///
/// A host name is looked up here, before the loop, and that blocks as long as the system's resolver does, or until a
/// stop. A name that was found is not looked up again; one that was not is asked again at each retry.
///
/// # Errors
/// When it cannot work at all: no such transport here, no such local address, nothing to connect to and no reconnect.
pub(in crate::engine) fn drive(lane: &Lane, run: ClientRun) -> Result<(), Failure> {
    let control = Arc::clone(&run.control);
    match driver::Driver::new(lane, run) {
        Ok(driver) => driver.run(),
        // It was to stop anyway: no failure to tell.
        Err(_) if control.is_stopping() => Ok(()),
        Err(failure) => Err(failure),
    }
}
