//! The engine's loop.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crossbeam_channel::{Receiver, Sender};

use super::handle::Shared;
use super::{Command, Counters, EngineConfig, Event, Rates, Snapshot, TrafficTotals};
use crate::stats::LogView;

/// What the engine thread gets.
pub(super) struct Inside {
    pub config: EngineConfig,
    pub epoch: Instant,
    pub commands: Receiver<Command>,
    pub urgent: Receiver<Command>,
    pub events: Sender<Event>,
    pub shared: Arc<Shared>,
    pub wake: Arc<dyn Fn() + Send + Sync>,
}

/// Before anything was started.
pub(super) fn empty_snapshot() -> Snapshot {
    Snapshot {
        seq: 0,
        at: Duration::ZERO,
        started: SystemTime::now(),
        sessions: Vec::new(),
        counters: Counters::default(),
        rates: Rates::default(),
        series: LogView::default(),
        traffic: LogView::default(),
        traffic_totals: TrafficTotals::default(),
    }
}

/// Runs until the handle is gone.
pub(super) fn run(_inside: Inside) {}
