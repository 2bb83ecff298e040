//! What is due when. Entries are removed when they no longer matter, so that an idle client is not woken for nothing.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::trace::ConnId;

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// This connect took too long.
    ConnectLimit(ConnId),
    /// Ask again whether this connect goes through (backlog full, or a system that does not tell).
    ConnectAgain(ConnId),
    /// The kernel was short of memory for a datagram of this connection: try again.
    Resume(ConnId),
    /// The next round of this connection's own schedule.
    OwnRound(ConnId),
    /// The next round of the person's schedule.
    Round,
    /// The connects under way are slow: begin others.
    OpenOthers,
    /// The pause between two connects is over.
    OpenNext,
    /// Connect the lost ones again.
    Reconnect,
}

/// Names an entry.
pub(super) type Key = (Instant, u64);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Timers {
    due: BTreeMap<Key, Due>,
    next: u64,
}

impl Timers {
    pub fn at(&mut self, when: Instant, what: Due) -> Key {
        self.next += 1;
        let key = (when, self.next);
        self.due.insert(key, what);
        key
    }

    /// Removes an entry; one that has fired is gone already.
    pub fn cancel(&mut self, key: Option<Key>) {
        if let Some(key) = key {
            self.due.remove(&key);
        }
    }

    pub fn next(&self) -> Option<Instant> {
        self.due.keys().next().map(|key| key.0)
    }

    /// The oldest entry that is due.
    pub fn pop(&mut self, now: Instant) -> Option<Due> {
        let entry = self.due.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(entry.remove())
    }
}
