//! What a snapshot shows of an endpoint's messages: the framing in force, answers by rule, groups, the measured period, a sequence.

use std::sync::Arc;
use std::time::Duration;

use super::Failure;
use crate::bytes::Framing;
use crate::lab::Group;
use crate::stats::Intervals;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MessagesView {
    /// In force now.
    pub framing: Framing,
    /// Messages that were cut out of received streams, while a framing was in force.
    pub received: u64,
    /// Messages of the service that the framing was put around.
    pub sent: u64,
    /// Messages that a rule answered.
    pub by_rule: u64,
    /// Connections that ended because their stream broke the framing.
    pub broken: u64,
    /// Multicast groups it was to join.
    pub groups: Arc<[GroupView]>,
    /// Of the running, or else the last, schedule with a pause.
    pub period: Option<Period>,
    /// The running, or else the last, sequence.
    pub sequence: Option<SequenceView>,
}

/// A multicast group that an endpoint was to join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupView {
    /// Which.
    pub group: Group,
    /// Why it is not joined; `None` when it is.
    pub error: Option<Failure>,
}

/// How evenly a schedule sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The pause that was asked for, from one send to the next.
    pub asked: Duration,
    /// From one send to the next, on average.
    pub mean: Duration,
    /// The shortest.
    pub least: Duration,
    /// The longest.
    pub most: Duration,
    /// So many intervals were measured.
    pub count: u64,
}

impl Period {
    /// What was measured of a schedule with this pause; nothing before the second send.
    pub(super) fn of(asked: Duration, measured: &Intervals) -> Option<Self> {
        let [mean, least, most] = measured.spread()?;
        Some(Self { asked, mean, least, most, count: measured.count() })
    }
}

/// How far a sequence is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceView {
    /// Its name.
    pub name: Arc<str>,
    /// Whether it goes on.
    pub state: SequenceState,
    /// The step it stands at, from 1.
    pub step: u32,
    /// Its steps.
    pub steps: u32,
    /// The round it is in, from 1.
    pub round: u64,
    /// Rounds asked; 0 is until stopped.
    pub of: u64,
}

/// Whether a sequence goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceState {
    /// Sending, or waiting for its time.
    Running,
    /// Waiting for a reply.
    Waiting,
    /// Held before its next step.
    Paused,
    /// Over.
    Ended(SequenceEnd),
}

/// How a sequence ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceEnd {
    /// All rounds were done.
    Done,
    /// It was stopped, or another took its place.
    Stopped,
    /// At this step, from 1.
    Failed {
        /// Which.
        step: u32,
        /// Why.
        why: Failure,
    },
}
