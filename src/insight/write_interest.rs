//! Write interest that is never removed: a socket with room is always ready for writing, so the wait never sleeps.

use std::time::Duration;

use super::moment::Moment;
use super::{Figure, Found};
use crate::engine::{LaneView, ReadySet, Source};

/// Over this while nothing was sent.
const WHILE: Duration = Duration::from_secs(1);
/// The wait came back so often in it.
const TIMES: u64 = 500;

/// Waits came back again and again, each for writing alone, and nothing was sent.
pub(super) fn look(now: &Moment<'_>) -> Option<Found> {
    let before = now.before(WHILE)?;
    let (counters, old) = (&now.session.counters, &before.counters);
    let wakeups = counters.wakeups.checked_sub(old.wakeups)?;
    let least = if now.speaks { TIMES / 2 } else { TIMES };
    if wakeups < least || counters.tx_messages != old.tx_messages {
        return None;
    }
    let lane = now.alive().find(|lane| only_room(lane).is_some() && keeps_answering(now, lane))?;
    let set = only_room(lane)?;
    let room = set.fds.iter().find(|fd| fd.got.write)?;
    let figures = vec![
        ("wakeups", Figure::Count((wakeups as f64 / now.at().saturating_sub(before.at).as_secs_f64()).round() as u64)),
        ("call", Figure::name(set.call.name())),
        ("fd", Figure::name(room.fd.to_string())),
    ];
    let conn = now.open().find(|conn| conn.info.fd == room.fd).map(|conn| conn.info.id);
    let source = Source::Measured("what the wait answered, how often it came back, and the sends");
    Some(Found { conn, lane: Some(lane.id), ..Found::new(source, figures) })
}

/// What the last wait answered, if that was room and nothing else.
fn only_room(lane: &LaneView) -> Option<&ReadySet> {
    let set = lane.ready.as_deref()?;
    let mut ready = set.fds.iter().filter(|fd| fd.got.any()).peekable();
    (ready.peek().is_some() && ready.all(|fd| fd.got.write && !fd.got.read && !fd.got.error)).then_some(set)
}

/// Each look of the last while found a newer answer, and each was for room alone.
fn keeps_answering(now: &Moment<'_>, lane: &LaneView) -> bool {
    let mut newer = lane.ready.as_ref().map_or(0, |set| set.at_ns);
    // The newest point is this very moment.
    now.past.since(now.at(), WHILE).filter(|point| point.at < now.at()).all(|point| {
        let Some(set) = point.lanes.iter().find(|l| l.id == lane.id).and_then(only_room) else { return false };
        std::mem::replace(&mut newer, set.at_ns) > set.at_ns
    })
}
