//! Deeds done and checks judged: what an experiment or a lesson asks for becomes commands for the engine, and snapshots say whether
//! what must be seen is seen. Sans-I/O: whoever plays hands in snapshots and the time, and sends the commands.
//!
//! It must not start, wait or print anything itself.

mod carry;
mod heard;
mod need;
mod player;
mod seen;
mod shipped;
#[cfg(test)]
mod tests;
mod watcher;
mod worth;

pub use carry::{DeedError, carry_out, settled};
pub use need::{Lack, missing};
pub use player::{Player, Turn};
pub use seen::{Seen, Shown, Subject, Untold, Wanted, Why};
pub use shipped::{SHIPPED, Shipped};
pub use watcher::{Verdict, Watcher};
pub use worth::{SequenceWord, Word};

use crate::engine::Snapshot;
use crate::insight::Insight;
use crate::lab::Lab;

/// What there is to see at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// In which names are looked up.
    pub lab: &'a Lab,
    /// The newest.
    pub snapshot: &'a Snapshot,
    /// What the watch of insights says of it.
    pub said: &'a [Insight],
}
