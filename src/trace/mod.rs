//! The tap. Every socket and readiness call of every model and client goes through a [`Lane`]; every connection's bytes
//! are counted and recorded on a [`Board`]. One of each per session.
//!
//! It must not make system calls itself and must never block the caller: rings are bounded, what does not fit is counted.

mod batch;
mod board;
#[cfg(test)]
mod board_tests;
mod call;
mod dial;
mod errno;
mod gate;
mod lane;
mod line;
mod patience;
mod place;
mod ready;
mod record;
mod ring;
mod state;
mod tap;
#[cfg(test)]
mod tests;
mod threads;
mod totals;
mod unserved;

pub use board::{Board, Conn, ConnId, ConnStage, End, RawKind, RawRecord, Trouble, continue_conn_ids_at};
pub use call::Call;
pub use errno::errno_name;
pub use gate::GateMove;
pub use lane::{Begun, Lane};
pub use place::Place;
pub use ready::{Events, READY_NAMED, ReadyFd, ReadySet};
pub use record::{CallRecord, Got};
pub use state::{Doing, LaneState};
pub use tap::{Tap, TapLevel};
pub use threads::{Spent, ThreadProbe};
pub use totals::Totals;
pub use unserved::Unserved;
