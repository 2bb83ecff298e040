//! Whether writers wait for room in a batch instead of dropping records: while traffic is recorded to disk.
//!
//! Nobody waits for ever: the drainer itself never, and after a stop only until a deadline.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::ThreadId;
use std::time::Duration;

use parking_lot::{Condvar, MutexGuard};

use super::batch::Batch;

/// Nobody waits.
const NONE: u64 = 0;
/// As long as it takes.
const ENDLESS: u64 = u64::MAX;

/// See the module. It changes only under the lock of its batch.
#[derive(Debug, Default)]
pub(super) struct Patience {
    /// On the board's clock, in nanoseconds, until when is waited.
    until_ns: AtomicU64,
    room: Condvar,
    /// Who makes room.
    drainer: OnceLock<ThreadId>,
}

impl Patience {
    /// Whether a writer would wait.
    pub fn is_on(&self) -> bool {
        self.until_ns.load(Ordering::Relaxed) != NONE
    }

    pub fn set(&self, is_on: bool) {
        self.until_ns.store(if is_on { ENDLESS } else { NONE }, Ordering::Relaxed);
        self.room.notify_all();
    }

    pub fn limit(&self, until_ns: u64) {
        if self.is_on() {
            self.until_ns.store(until_ns.max(1), Ordering::Relaxed);
            self.room.notify_all();
        }
    }

    /// The calling thread makes room, so it must not wait for it.
    pub fn drained_by_me(&self) {
        if self.drainer.get().is_none() {
            let _another_was_first = self.drainer.set(std::thread::current().id());
        }
    }

    pub fn there_is_room(&self) {
        self.room.notify_all();
    }

    /// Waits for room, or for the end of patience: then `false`. The lock is not held meanwhile.
    pub fn wait(&self, batch: &mut MutexGuard<'_, Batch>, now_ns: impl Fn() -> u64) -> bool {
        if self.drainer.get() == Some(&std::thread::current().id()) {
            return false;
        }
        match self.until_ns.load(Ordering::Relaxed) {
            NONE => false,
            ENDLESS => {
                self.room.wait(batch);
                true
            }
            until => match until.checked_sub(now_ns()).filter(|left| *left > 0) {
                Some(left) => {
                    let _looked_at_again = self.room.wait_for(batch, Duration::from_nanos(left));
                    true
                }
                None => false,
            },
        }
    }
}
