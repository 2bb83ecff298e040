//! The thundering herd: one new connection wakes several threads that wait for the same listener, and one of them gets it.
//!
//! Told by voluntary context switches alone: a thread that woke went to sleep again. `EAGAIN` says nothing here, since a
//! connection may be gone, or be tried twice by one thread.

use std::time::Duration;

use super::moment::{Moment, Point};
use super::{Figure, Found};
use crate::engine::{Call, CallKind, CallRecord, LaneView, Source, TapLevel};

const WHILE: Duration = Duration::from_secs(2);
/// Accepts in that while, below which nothing is said.
const ACCEPTS: u64 = 5;
/// Threads that wake for each; one does when all is well.
const CLEARLY: f64 = 1.5;
const STILL: f64 = 1.3;
/// Calls looked at; more in a while is not looked through at each snapshot.
const MOST_CALLS: u64 = 20_000;
/// A call that took longer may have slept.
const MAY_HAVE_SLEPT_NS: u64 = 10_000;

pub(super) fn look(now: &Moment<'_>) -> Option<Found> {
    let listener = now.session.listener_fd?;
    let lanes: Vec<&LaneView> = now.alive().filter(|lane| waits_at(now, lane, listener)).collect();
    let before = now.before(WHILE)?;
    let accepts = now.session.counters.opened.checked_sub(before.counters.opened)?;
    if lanes.len() < 2 || accepts < ACCEPTS {
        return None;
    }
    let slept = lanes.iter().map(|lane| slept(lane, before)).sum::<Option<u64>>()?;
    let otherwise = slept_elsewhere(now, &lanes, before)?;
    let each = slept.saturating_sub(otherwise) as f64 / accepts as f64;
    if each <= if now.speaks { STILL } else { CLEARLY } {
        return None;
    }
    let figures = vec![
        ("lanes", Figure::Count(lanes.len() as u64)),
        ("each", Figure::Amount(each)),
        ("accepts", Figure::Count(accepts)),
        ("switches", Figure::Count(slept)),
    ];
    Some(Found::new(Source::Derived("voluntary context switches − sleeps in other calls, for each accept"), figures))
}

/// It stands in `accept`, or in a readiness wait that watches the listener.
fn waits_at(now: &Moment<'_>, lane: &LaneView, listener: i64) -> bool {
    match now.stands(lane) {
        Some((Call::Accept, fd, _)) => fd == listener,
        Some((call, _, _)) if call.is_readiness_wait() => {
            lane.ready.as_ref().is_some_and(|set| set.call == call && set.fds.iter().any(|fd| fd.fd == listener))
        }
        Some(_) | None => false,
    }
}

/// Times it went to sleep since; `None` where the system does not tell.
fn slept(lane: &LaneView, before: &Point) -> Option<u64> {
    let old = before.lanes.iter().find(|l| l.id == lane.id)?.switches?;
    lane.switches?.voluntary.checked_sub(old.voluntary)
}

/// Sleeps of these lanes for something else, at most: waits that only timed out, receives, sends, locks. `None` when not every
/// call of the while was kept.
fn slept_elsewhere(now: &Moment<'_>, lanes: &[&LaneView], before: &Point) -> Option<u64> {
    let calls = &now.session.calls;
    if calls.level != TapLevel::Full || calls.dropped != before.dropped {
        return None;
    }
    let from = u64::try_from(before.at.as_nanos()).ok()?;
    let mut count = 0;
    for n in 0..=MOST_CALLS {
        let record = calls.log.end_index().checked_sub(n + 1).and_then(|at| calls.log.get(at));
        let Some(record) = record.filter(|r| r.end_ns() >= from) else { return Some(count) };
        count += u64::from(lanes.iter().any(|l| l.id == record.lane) && sleeps_for_something_else(record));
    }
    None
}

fn sleeps_for_something_else(record: &CallRecord) -> bool {
    let timed_out = record.call.is_readiness_wait() && record.errno == 0 && record.result == 0;
    match CallKind::from(record.call) {
        CallKind::Accept => false,
        CallKind::Wait => timed_out || !record.call.is_readiness_wait(),
        CallKind::Receive | CallKind::Send | CallKind::Sleep | CallKind::Connect | CallKind::Other => {
            !record.again && record.took_ns >= MAY_HAVE_SLEPT_NS
        }
    }
}
