//! Insights: small rules that recognise a situation which *this run shows*, with its measured figures. One sentence explains it.
//!
//! Pure functions of snapshots and a short history. A rule never claims what the figures do not show: what a system does not
//! tell keeps it silent. Nothing here asks for "now", for a descriptor, or for the engine.

mod backlog;
mod busy_polling;
mod cut_off;
mod descriptors;
mod edge_stall;
#[cfg(test)]
mod fake;
mod figure;
mod herd;
mod lane_held;
mod many_threads;
mod moment;
mod second_waits;
#[cfg(test)]
mod tests;
mod watch;
mod words;
mod write_interest;

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{ConnId, Source};
use crate::lab::{EndpointId, Side};

pub use figure::Figure;
pub use watch::Watch;

use moment::Moment;

/// What is recognised. Closed set, the most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// A person holds a lane at the gate, and clients wait for it.
    LaneHeld,
    /// The only thread serves one client, others wait behind it.
    SecondWaits,
    /// Every place of the accept queue is taken.
    QueueFull,
    /// A client believes that it is connected, and the server has not met it.
    Unmet,
    /// Edge-triggered: bytes lie unread and nobody will be told again.
    EdgeUnread,
    /// Edge-triggered: clients stand at the door and nobody will be told again.
    EdgeAccept,
    /// A readiness wait comes back again and again, only for room that nobody needs.
    WriteInterest,
    /// Most descriptors of this process are in use.
    Descriptors,
    /// A member was disconnected because it did not read.
    CutOff,
    /// One connection wakes several threads that wait for the same listener.
    Herd,
    /// A processor core is spent on asking in vain.
    BusyPolling,
    /// A thread for each of very many connections.
    ManyThreads,
}

impl Rule {
    /// Every rule, the most important first.
    pub const ALL: [Self; 12] = [
        Self::LaneHeld,
        Self::SecondWaits,
        Self::QueueFull,
        Self::Unmet,
        Self::EdgeUnread,
        Self::EdgeAccept,
        Self::WriteInterest,
        Self::Descriptors,
        Self::CutOff,
        Self::Herd,
        Self::BusyPolling,
        Self::ManyThreads,
    ];

    /// Stable id, in JSON lines and in the names of sentences.
    pub fn id(self) -> &'static str {
        match self {
            Self::LaneHeld => "lane-held",
            Self::SecondWaits => "second-waits",
            Self::QueueFull => "queue-full",
            Self::Unmet => "unmet",
            Self::EdgeUnread => "edge-unread",
            Self::EdgeAccept => "edge-accept",
            Self::WriteInterest => "write-interest",
            Self::Descriptors => "descriptors",
            Self::CutOff => "cut-off",
            Self::Herd => "herd",
            Self::BusyPolling => "busy-polling",
            Self::ManyThreads => "many-threads",
        }
    }

    fn look(self, now: &Moment<'_>) -> Option<Found> {
        match self {
            Self::LaneHeld => lane_held::look(now),
            Self::SecondWaits => second_waits::look(now),
            Self::QueueFull => backlog::full(now),
            Self::Unmet => backlog::unmet(now),
            Self::EdgeUnread => edge_stall::unread(now),
            Self::EdgeAccept => edge_stall::accept(now),
            Self::WriteInterest => write_interest::look(now),
            Self::Descriptors => descriptors::look(now),
            Self::CutOff => cut_off::look(now),
            Self::Herd => herd::look(now),
            Self::BusyPolling => busy_polling::look(now),
            Self::ManyThreads => many_threads::look(now),
        }
    }

    /// How long its situation must last before it speaks, and be over before it goes silent.
    fn patience(self) -> (Duration, Duration) {
        let ms = |begin, end| (Duration::from_millis(begin), Duration::from_millis(end));
        match self {
            // These look at times themselves: the situation has lasted already.
            Self::LaneHeld | Self::CutOff => ms(0, 0),
            Self::EdgeUnread | Self::EdgeAccept => ms(300, 300),
            Self::QueueFull => ms(300, 600),
            Self::SecondWaits | Self::Unmet | Self::WriteInterest | Self::Descriptors | Self::ManyThreads => ms(1_000, 600),
            Self::BusyPolling => ms(1_200, 1_000),
            Self::Herd => ms(600, 2_000),
        }
    }
}

/// One situation of one session, as it is now. Its [`Display`](std::fmt::Display) is the English sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Insight {
    /// Which situation.
    pub rule: Rule,
    /// Whose.
    pub session: EndpointId,
    /// Its name.
    pub name: Arc<str>,
    /// Server or client.
    pub side: Side,
    /// When its rule began to speak, on the engine's clock.
    pub began: Duration,
    /// The connection it is about, if it is about one.
    pub conn: Option<ConnId>,
    /// The lane it is about, if it is about one.
    pub lane: Option<u32>,
    /// The setting that makes it happen, when a classic mistake is turned on.
    pub mistake: Option<&'static str>,
    /// Figures and names for the sentence.
    pub figures: Vec<(&'static str, Figure)>,
    /// Where the figures come from.
    pub source: Source,
}

/// What a rule found; the watch knows the rest.
#[derive(Clone, Debug, PartialEq)]
struct Found {
    conn: Option<ConnId>,
    lane: Option<u32>,
    mistake: Option<&'static str>,
    figures: Vec<(&'static str, Figure)>,
    source: Source,
}

impl Found {
    fn new(source: Source, figures: Vec<(&'static str, Figure)>) -> Self {
        Self { conn: None, lane: None, mistake: None, figures, source }
    }
}

impl Insight {
    /// The most important one of a session.
    pub fn foremost(all: &[Self], session: EndpointId) -> Option<&Self> {
        all.iter().filter(|i| i.session == session).min_by_key(|i| i.rule)
    }

    /// A figure by its name.
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|(n, _)| *n == name).map(|(_, figure)| figure)
    }
}
