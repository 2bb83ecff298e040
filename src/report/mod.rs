//! What a run looked like, for other programs and for a terminal: CSV of a series, JSON lines, English words for events.
//!
//! Functions of snapshots and events; nothing here writes a file, prints, or asks the engine.

pub mod collection;
mod csv;
pub mod export;
pub mod filter;
pub mod import;
mod lines;
mod listener;
mod recording;
mod words;

pub use csv::series_csv;
pub use lines::{
    CheckLine, CheckVerdict, EndpointSummary, EventLine, FailureLine, FigureLine, InsightLine, InsightPhase, Line, RatesLine, SessionLine,
    SnapshotLine, StartLine, StepLine, SummaryLine, TotalsLine,
};
pub use listener::{ConnectLine, ConnectsLine, ListenerLine};
pub use recording::RecordingLine;
pub use words::{cause_id, event_id, state_id, words};
