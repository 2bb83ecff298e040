//! What a rule looks at: one session now, and what it was like during the last seconds. It decides nothing.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::catalog::{self, ModelInfo};
use crate::engine::{Call, ConnState, ConnView, Counters, LaneDoing, LaneView, SessionView, Snapshot};
use crate::settings::{Setting, Settings};

/// How far back the points reach, and how far they are apart at least.
const REACH: Duration = Duration::from_millis(2_500);
const APART: Duration = Duration::from_millis(95);

/// A session at one moment before.
#[derive(Clone, Debug)]
pub struct Point {
    pub at: Duration,
    pub counters: Counters,
    pub lanes: Arc<[LaneView]>,
    /// Calls that were lost until then.
    pub dropped: u64,
}

/// The last seconds of one session, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Past(VecDeque<Point>);

impl Past {
    /// Remembers this moment, if the last one is long enough ago.
    pub fn note(&mut self, at: Duration, session: &SessionView) {
        if self.0.back().is_some_and(|last| at < last.at + APART) {
            return;
        }
        let lanes = Arc::clone(&session.lanes);
        self.0.push_back(Point { at, counters: session.counters, lanes, dropped: session.calls.dropped });
        while self.0.get(1).is_some_and(|second| second.at + REACH < at) {
            self.0.pop_front();
        }
    }

    /// The newest point that is at least so old.
    pub fn before(&self, at: Duration, age: Duration) -> Option<&Point> {
        self.0.iter().rev().find(|point| point.at + age <= at)
    }

    /// The points of this last while, newest first.
    pub fn since(&self, at: Duration, age: Duration) -> impl Iterator<Item = &Point> {
        self.0.iter().rev().take_while(move |point| point.at + age >= at)
    }
}

/// See the module.
pub struct Moment<'a> {
    pub snap: &'a Snapshot,
    pub session: &'a SessionView,
    pub past: &'a Past,
    /// Of the model, as they were when this run of the session began.
    pub settings: &'a Settings,
    /// Descriptors that this process may have open.
    pub limit: Option<u64>,
    /// Whether the rule speaks already: it then goes on at somewhat less.
    pub speaks: bool,
}

impl Moment<'_> {
    pub fn at(&self) -> Duration {
        self.snap.at
    }

    /// The session at least so long ago; `None` while it has not run that long.
    pub fn before(&self, age: Duration) -> Option<&Point> {
        self.past.before(self.at(), age)
    }

    /// The call that a lane stands in, its descriptor, and for how long.
    pub fn stands(&self, lane: &LaneView) -> Option<(Call, i64, Duration)> {
        match lane.doing {
            LaneDoing::InCall { call, fd, since } => Some((call, fd, self.at().saturating_sub(since))),
            LaneDoing::Running | LaneDoing::AtGate { .. } | LaneDoing::Gone => None,
        }
    }

    /// Lanes in view that have not ended.
    pub fn alive(&self) -> impl Iterator<Item = &LaneView> {
        self.session.lanes.iter().filter(|lane| lane.doing != LaneDoing::Gone)
    }

    /// Connections that are not over.
    pub fn open(&self) -> impl Iterator<Item = &ConnView> {
        self.session.connections.iter().filter(|conn| conn.state != ConnState::Closed)
    }

    /// The model that serves.
    pub fn model(&self) -> Option<ModelInfo> {
        self.session.model.and_then(catalog::model)
    }

    /// Whether a switch of the model was turned on.
    pub fn is_on(&self, setting: &str) -> bool {
        matches!(self.settings.get(setting), Some(Setting::Switch(true)))
    }
}

/// `recv(21)`.
pub fn call(call: Call, fd: i64) -> String {
    if fd < 0 { format!("{}()", call.name()) } else { format!("{}({fd})", call.name()) }
}

/// The client of ours at the other end, else its address.
pub fn peer(conn: &ConnView) -> Arc<str> {
    match conn.info.other_end.get() {
        Some((_, _, name)) => Arc::clone(name),
        // An unnamed Unix peer has no address.
        None if conn.info.peer.is_empty() => format!("#{}", conn.info.number).into(),
        None => Arc::clone(&conn.info.peer),
    }
}
