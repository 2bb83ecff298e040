//! The tap. Every socket and readiness call of every model and client goes through a [`Lane`]; every connection's bytes
//! are counted and recorded on a [`Board`]. One of each per session.
//!
//! It must not make system calls itself and must never block the caller: rings are bounded, what does not fit is counted.

mod board;
mod call;
mod lane;
mod ready;
mod unserved;

pub use board::{Board, Conn, ConnId, ConnStage, End, RawKind, RawRecord, Totals, Trouble};
pub use call::Call;
pub use lane::{CallRecord, Doing, Got, Lane, LaneState, Tap, TapLevel};
pub use ready::{Events, READY_NAMED, ReadyFd, ReadySet};
pub use unserved::Unserved;
