//! The background networking thread: commands in, immutable snapshots and events out.
//!
//! One face for the window, the command line, lessons and tests: [`Engine::spawn`] gives an [`EngineHandle`].
//! It must not know egui, files dialogs or translations: failures and events are data, worded elsewhere.

mod accepting;
mod call_log;
mod calls;
mod cast;
pub mod catalog;
mod client;
mod command;
mod conns;
mod control;
mod dial;
mod dispatch;
mod doors;
mod event;
mod failure;
mod handle;
mod lanes;
mod life;
mod listener;
mod listening;
mod lookout;
mod message_view;
mod messages;
mod note;
mod pairs;
mod picture;
mod playing;
mod recorder;
mod sequence;
mod server;
mod session;
mod singles;
mod slices;
mod snapshot;
#[cfg(test)]
mod tests;
mod told;
mod traffic;
mod transport;
mod view;
mod watched;

pub use crate::packet::{PacketError, Recipe, compose};
pub use crate::probe::{TcpState, Unavailable};
pub use crate::stats::LogView;
pub use crate::trace::{Call, CallRecord, ConnId, Events, ReadyFd, ReadySet, TapLevel};
pub use calls::{CallKind, CallsView, LaneSlice};
pub use command::{CloseHow, Command, ConnPick, GateMove, Outgoing, Payload, Recording, SendTo, Spec};
pub use event::{Event, EventKind};
pub use failure::{Cause, Failure, Operation};
pub use handle::{Engine, EngineConfig, EngineGone, EngineHandle};
pub use listener::{Clamp, ConnectView, Figure, HalfThere, ListenerSample, ListenerView};
pub use message_view::{GroupView, MessagesView, Period, SequenceEnd, SequenceState, SequenceView};
pub use snapshot::{
    AcceptQueue, ConnInfo, ConnState, ConnView, Counters, EndReason, LaneDoing, LaneView, Rates, Record, RecordKind, RecordingState,
    RecordingView, Retry, Sample, SendProgress, SessionState, SessionView, Snapshot, Source, SourceLine, Span, Switches, TrafficTotals,
};
