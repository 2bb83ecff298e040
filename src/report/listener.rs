//! The shapes of JSON lines that tell of accept queues and connects, and the line of words at the end of a run. The names are those of
//! `socketlab backlog`.

use std::time::Duration;

use serde::Serialize;

use super::lines::{finite, seconds};
use crate::engine::{ConnState, ConnView, ListenerView, SessionView, Source};

/// Connects told of one client at most; a line should stay readable.
const CONNECTS: usize = 1_000;

/// The listener of one running stream server at one moment. What this system does not tell is null.
#[derive(Clone, Debug, Serialize)]
pub struct ListenerLine {
    /// Connected and not accepted yet.
    pub accept_queue: u64,
    /// The limit n in force.
    pub accept_queue_limit: Option<u64>,
    /// How many that lets wait: n + 1 on Linux.
    pub places: Option<u32>,
    /// The most that waited since the history began.
    pub accept_queue_max: u64,
    /// Connected, and our server has not met them; always worked out from both ends.
    pub established_not_accepted: u32,
    /// In the SYN queue.
    pub half_open: Option<u64>,
    /// Of this machine, since this server started.
    pub listen_overflows: Option<u64>,
    /// Likewise.
    pub listen_drops: Option<u64>,
    /// Since this server started.
    pub accepted: u64,
    /// Likewise: accepted and waiting.
    pub arrived: u64,
    /// Accepted a second.
    pub accept_rate: f64,
    /// Arrived a second.
    pub arrival_rate: f64,
    /// Where `accept_queue` comes from: `measured` or `derived`.
    pub source: &'static str,
    /// From what.
    pub how: &'static str,
    /// Why a figure is null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<&'static str>,
}

/// The connect of one connection of a client.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectLine {
    /// Its number within the client, from 1.
    pub number: u32,
    /// `connecting`, `waiting` (connected, not accepted by our server), `open` or `closed`.
    pub state: &'static str,
    /// How long `connect` took; null until it has ended well.
    pub connect_ms: Option<f64>,
    /// How often it was tried again.
    pub retries: u32,
    /// When it is tried again, since the engine started; null where nobody tells.
    pub next_try_secs: Option<f64>,
}

/// The connects of a client over streams.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ConnectsLine {
    /// Live ones first, then those that ended lately; at most 1,000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub connects: Vec<ConnectLine>,
    /// How many more there are.
    #[serde(skip_serializing_if = "is_zero")]
    pub connects_left_out: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl From<&ListenerView> for ListenerLine {
    fn from(view: &ListenerView) -> Self {
        let (source, how) = match view.queue.source {
            Source::Measured(how) => ("measured", how),
            Source::Derived(how) => ("derived", how),
        };
        let most = view.series.iter().map(|s| s.queue.into()).max().unwrap_or(0);
        Self {
            accept_queue: view.queue.value,
            accept_queue_limit: view.in_force.map(|f| f.value),
            places: view.places,
            accept_queue_max: view.queue.value.max(most),
            established_not_accepted: view.derived_queue,
            half_open: view.half_open.map(|f| f.value),
            listen_overflows: view.overflows.map(|f| f.value),
            listen_drops: view.drops.map(|f| f.value),
            accepted: view.accepted,
            arrived: view.arrived,
            accept_rate: finite(view.accept_rate),
            arrival_rate: finite(view.arrival_rate),
            source,
            how,
            unavailable: view.unavailable.map(|why| why.words()),
        }
    }
}

impl ListenerLine {
    /// One line of words.
    pub fn words(&self, server: &str) -> String {
        let places = self.places.map_or_else(String::new, |places| format!(" of {places} places"));
        let turned = match (self.listen_overflows, self.listen_drops) {
            (Some(overflows), Some(drops)) => format!("; on this machine {overflows} overflows, {drops} drops"),
            (Some(_), None) | (None, Some(_) | None) => String::new(),
        };
        format!(
            "{server} accept queue: {} waiting{places}, at most {} ({}: {}); accepted {}{turned}",
            self.accept_queue, self.accept_queue_max, self.source, self.how, self.accepted
        )
    }
}

impl ConnectsLine {
    /// Of a client; empty for others.
    pub fn of(session: &SessionView) -> Self {
        let all = || session.connections.iter().filter_map(connect);
        Self { connects: all().take(CONNECTS).collect(), connects_left_out: all().count().saturating_sub(CONNECTS) }
    }
}

fn connect(conn: &ConnView) -> Option<ConnectLine> {
    let connect = conn.connect.as_ref()?;
    let state = match conn.state {
        ConnState::Connecting => "connecting",
        ConnState::Waiting => "waiting",
        ConnState::Open | ConnState::PeerEnded | ConnState::LocalEnded => "open",
        ConnState::Closed => "closed",
    };
    let ms = |time: Duration| finite(time.as_secs_f64() * 1_000.0);
    Some(ConnectLine {
        number: conn.info.number,
        state,
        connect_ms: connect.took.map(ms),
        retries: connect.retries,
        next_try_secs: connect.next_try.map(seconds),
    })
}
