//! The shapes of JSON lines: one object a line, told apart by `type`. Numbers are always finite.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::listener::{ConnectsLine, ListenerLine};
use super::recording::RecordingLine;
use super::words::{cause_id, event_id, state_id, words};
use crate::engine::{Counters, Event, EventKind, Failure, Rates, SessionState, SessionView, Snapshot};
use crate::lab::{Lab, Side};

/// One line of `--json` output.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Line {
    /// First.
    Start(StartLine),
    /// As it happens.
    Event(EventLine),
    /// When a situation is recognised, and when it is over.
    Insight(InsightLine),
    /// When a step of the lab begins.
    Step(StepLine),
    /// When a check has its answer.
    Check(CheckLine),
    /// Once a second.
    Sample(SnapshotLine),
    /// Last.
    Summary(SummaryLine),
}

/// What was started.
#[derive(Clone, Debug, Serialize)]
pub struct StartLine {
    /// The lab's name.
    pub lab: String,
    /// Of this program.
    pub version: &'static str,
    /// Names of the servers that are started.
    pub servers: Vec<String>,
    /// Names of the clients that are started.
    pub clients: Vec<String>,
}

/// One event.
#[derive(Clone, Debug, Serialize)]
pub struct EventLine {
    /// Since the engine started.
    pub at_secs: f64,
    /// Which endpoint.
    pub endpoint: String,
    /// Server or client.
    pub side: Side,
    /// Stable id, e.g. `started`.
    pub event: &'static str,
    /// The same in English.
    pub words: String,
    /// Where it is bound, for `started`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<String>,
    /// Why, for `failed` and `trouble`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureLine>,
}

/// A step of the lab begins.
#[derive(Clone, Debug, Serialize)]
pub struct StepLine {
    /// Since the engine started.
    pub at_secs: f64,
    /// From 1.
    pub step: usize,
    /// How many there are.
    pub of: usize,
    /// What a person is told, in English.
    pub says: String,
}

/// A check has its answer.
#[derive(Clone, Debug, Serialize)]
pub struct CheckLine {
    /// Since the engine started.
    pub at_secs: f64,
    /// The step it belongs to, from 1.
    pub step: usize,
    /// As it is written.
    pub check: String,
    /// What became of it.
    pub verdict: CheckVerdict,
    /// What was seen, or why it cannot be known here, in English.
    pub words: String,
}

/// What became of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckVerdict {
    /// It held.
    Held,
    /// It did not.
    Failed,
    /// This system does not tell.
    Unknown,
}

/// A situation that was recognised, or is over.
#[derive(Clone, Debug, Serialize)]
pub struct InsightLine {
    /// Since the engine started.
    pub at_secs: f64,
    /// Whose.
    pub endpoint: String,
    /// Server or client.
    pub side: Side,
    /// Stable id of the rule, e.g. `second-waits`.
    pub insight: &'static str,
    /// Whether it begins or is over.
    pub phase: InsightPhase,
    /// One sentence in English.
    pub words: String,
    /// The connection it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<u64>,
    /// The lane it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<u32>,
    /// The setting that makes it happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mistake: Option<&'static str>,
    /// The figures of the sentence by their names; times in seconds.
    pub figures: BTreeMap<&'static str, FigureLine>,
    /// `measured` or `derived`.
    pub source: &'static str,
    /// From what.
    pub how: &'static str,
}

/// Whether a situation begins or is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InsightPhase {
    /// It was recognised.
    Begin,
    /// It is over.
    End,
}

/// A figure of a sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum FigureLine {
    /// How many.
    Whole(u64),
    /// How much.
    Rational(f64),
    /// Who, or which call.
    Words(String),
}

impl FigureLine {
    /// A finite number with three decimals.
    pub fn rational(value: f64) -> Self {
        Self::Rational(finite(value))
    }
}

/// A failure.
#[derive(Clone, Debug, Serialize)]
pub struct FailureLine {
    /// What was being done, e.g. `connect`.
    pub operation: &'static str,
    /// To which address, path or name.
    pub endpoint: String,
    /// Stable id, e.g. `refused`.
    pub cause: &'static str,
    /// The system's name for it, e.g. `ECONNREFUSED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errno: Option<&'static str>,
    /// All of it in English.
    pub words: String,
}

/// Everything at one moment.
#[derive(Clone, Debug, Serialize)]
pub struct SnapshotLine {
    /// Since the engine started.
    pub at_secs: f64,
    /// All servers together, and clients that talk to outside programs.
    pub totals: TotalsLine,
    /// Over about the last second.
    pub rates: RatesLine,
    /// Every endpoint.
    pub sessions: Vec<SessionLine>,
}

/// One endpoint at one moment.
#[derive(Clone, Debug, Serialize)]
pub struct SessionLine {
    /// Its name.
    pub name: String,
    /// Server or client.
    pub side: Side,
    /// Stable id, e.g. `running`.
    pub state: &'static str,
    /// Exact totals.
    #[serde(flatten)]
    pub totals: TotalsLine,
    /// Peers that the accept filter turned away.
    pub turned_away: u64,
    /// Running servers over streams.
    #[serde(flatten)]
    pub listener: Option<ListenerLine>,
    /// Clients over streams.
    #[serde(flatten)]
    pub connects: ConnectsLine,
}

/// Exact totals.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[expect(missing_docs, reason = "the fields of `Counters`")]
pub struct TotalsLine {
    pub open: u64,
    pub waiting: u64,
    pub opened: u64,
    pub failed: u64,
    pub rx_bytes: u64,
    pub tx_bytes: u64,
    pub rx_messages: u64,
    pub tx_messages: u64,
    pub dropped_records: u64,
}

/// Per second.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[expect(missing_docs, reason = "the fields of `Rates`")]
pub struct RatesLine {
    pub opened: f64,
    pub rx_bytes: f64,
    pub tx_bytes: f64,
    pub rx_messages: f64,
    pub tx_messages: f64,
    pub calls: f64,
}

/// How it ended.
#[derive(Clone, Debug, Serialize)]
pub struct SummaryLine {
    /// How long it ran.
    pub seconds: f64,
    /// Whether every endpoint ran; of a lab with steps, whether no check failed.
    pub ok: bool,
    /// All servers together, and clients that talk to outside programs.
    pub totals: TotalsLine,
    /// Every endpoint that was started.
    pub endpoints: Vec<EndpointSummary>,
    /// Events lost because too many came at once.
    pub dropped_events: u64,
    /// Where the traffic was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording: Option<RecordingLine>,
}

/// How one endpoint ended.
#[derive(Clone, Debug, Serialize)]
pub struct EndpointSummary {
    /// Its name.
    pub name: String,
    /// Server or client.
    pub side: Side,
    /// Whether it ran: a server was bound, a client had at least one connection.
    pub ok: bool,
    /// Exact totals; `open` is the number just before the stop.
    #[serde(flatten)]
    pub totals: TotalsLine,
    /// Peers that the accept filter turned away.
    pub turned_away: u64,
    /// Servers over streams, just before the stop.
    #[serde(flatten)]
    pub listener: Option<ListenerLine>,
    /// Clients over streams, likewise.
    #[serde(flatten)]
    pub connects: ConnectsLine,
    /// The last failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureLine>,
}

impl StartLine {
    /// Of a lab.
    pub fn of(lab: &Lab) -> Self {
        Self {
            lab: lab.name.clone(),
            version: env!("CARGO_PKG_VERSION"),
            servers: lab.servers.iter().map(|s| s.name.clone()).collect(),
            clients: lab.clients.iter().map(|c| c.name.clone()).collect(),
        }
    }
}

impl From<&Event> for EventLine {
    fn from(event: &Event) -> Self {
        let (local, failure) = match &event.kind {
            EventKind::Started { local } => (local.as_ref().map(|l| l.to_string()), None),
            EventKind::Failed(failure) | EventKind::Trouble(failure) => (None, Some(failure.into())),
            EventKind::ReplacedStaleFile { .. }
            | EventKind::Stopped { .. }
            | EventKind::ModelSwitched { .. }
            | EventKind::Retrying { .. }
            | EventKind::SendDone { .. }
            | EventKind::SequenceEnded { .. }
            | EventKind::BacklogChanged { .. }
            | EventKind::ConnectionsClosed { .. } => (None, None),
        };
        Self {
            at_secs: seconds(event.at),
            endpoint: event.name.to_string(),
            side: event.side,
            event: event_id(&event.kind),
            words: words(event),
            local,
            failure,
        }
    }
}

impl From<&Failure> for FailureLine {
    fn from(failure: &Failure) -> Self {
        Self {
            operation: failure.operation.word(),
            endpoint: failure.endpoint.to_string(),
            cause: cause_id(&failure.cause),
            errno: failure.errno,
            words: failure.to_string(),
        }
    }
}

impl From<&Snapshot> for SnapshotLine {
    fn from(snapshot: &Snapshot) -> Self {
        let session = |s: &SessionView| SessionLine {
            name: s.name.to_string(),
            side: s.side,
            state: state_id(s.state),
            totals: TotalsLine::from(&s.counters),
            turned_away: s.refused,
            listener: s.listener.as_deref().map(ListenerLine::from),
            connects: ConnectsLine::of(s),
        };
        Self {
            at_secs: seconds(snapshot.at),
            totals: TotalsLine::from(&snapshot.counters),
            rates: RatesLine::from(&snapshot.rates),
            sessions: snapshot.sessions.iter().map(|s| session(s)).collect(),
        }
    }
}

impl From<&Counters> for TotalsLine {
    fn from(c: &Counters) -> Self {
        Self {
            open: c.open,
            waiting: c.waiting,
            opened: c.opened,
            failed: c.failed,
            rx_bytes: c.rx_bytes,
            tx_bytes: c.tx_bytes,
            rx_messages: c.rx_messages,
            tx_messages: c.tx_messages,
            dropped_records: c.dropped_records,
        }
    }
}

impl From<&Rates> for RatesLine {
    fn from(r: &Rates) -> Self {
        Self {
            opened: finite(r.opened),
            rx_bytes: finite(r.rx_bytes),
            tx_bytes: finite(r.tx_bytes),
            rx_messages: finite(r.rx_messages),
            tx_messages: finite(r.tx_messages),
            calls: finite(r.calls),
        }
    }
}

impl EndpointSummary {
    /// From the moment before the stop and the one after it. A client ran when it had a connection; a server when it was
    /// bound and did not end by itself.
    pub fn of(before: &SessionView, after: &SessionView) -> Self {
        let ok = match before.side {
            Side::Server => matches!(before.state, SessionState::Running | SessionState::Stopping | SessionState::Stopped),
            Side::Client => before.state != SessionState::Failed && after.counters.opened > 0,
        };
        Self {
            name: after.name.to_string(),
            side: after.side,
            ok,
            totals: TotalsLine { open: before.counters.open, waiting: before.counters.waiting, ..TotalsLine::from(&after.counters) },
            turned_away: before.refused.max(after.refused),
            listener: before.listener.as_deref().map(ListenerLine::from),
            connects: ConnectsLine::of(before),
            failure: before.failure.as_ref().or(after.failure.as_ref()).map(FailureLine::from),
        }
    }
}

pub(super) fn seconds(time: Duration) -> f64 {
    finite(time.as_secs_f64())
}

/// JSON has no NaN; three decimals are plenty.
pub(super) fn finite(value: f64) -> f64 {
    if value.is_finite() { (value * 1_000.0).round() / 1_000.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_json_lacks_become_zero() {
        let rates = Rates { opened: f64::NAN, rx_bytes: f64::INFINITY, tx_bytes: 1.23456, ..Rates::default() };
        let json = serde_json::to_value(RatesLine::from(&rates)).unwrap();
        assert_eq!((&json["opened"], &json["rx_bytes"], &json["tx_bytes"]), (&0.0.into(), &0.0.into(), &1.235.into()));
    }

    #[test]
    fn lines_are_told_apart_by_type() {
        let line = Line::Start(StartLine::of(&Lab::starter("poll")));
        let json = serde_json::to_value(line).unwrap();
        assert_eq!((json["type"].as_str(), json["servers"][0].as_str()), (Some("start"), Some("echo-tcp")));
    }
}
