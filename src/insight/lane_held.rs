//! A lane held at the gate does nothing, and its clients cannot know why.

use std::time::Duration;

use super::moment::{Moment, call};
use super::{Figure, Found};
use crate::engine::{LaneDoing, Source};
use crate::lab::Side;

/// Whoever steps through calls holds a lane for a while on purpose.
const LONG: Duration = Duration::from_secs(10);

pub(super) fn look(now: &Moment<'_>) -> Option<Found> {
    let counters = &now.session.counters;
    let clients = counters.open + counters.waiting;
    if now.session.side == Side::Client || clients == 0 {
        return None;
    }
    let held = now.session.lanes.iter().filter_map(|lane| match lane.doing {
        LaneDoing::AtGate { call, fd, since } => Some((since, lane, call, fd)),
        LaneDoing::Running | LaneDoing::InCall { .. } | LaneDoing::Gone => None,
    });
    let (since, lane, before, fd) = held.min_by_key(|(since, ..)| *since)?;
    let time = now.at().checked_sub(since).filter(|time| *time > LONG)?;
    // Another lane that is not held may serve them all the same.
    let others = now.alive().filter(|l| !matches!(l.doing, LaneDoing::AtGate { .. })).count();
    let conn = now.open().find(|conn| conn.info.fd == fd).map(|conn| conn.info.id);
    let clients = if others == 0 { clients } else { u64::from(conn.is_some()) };
    if clients == 0 {
        return None;
    }
    let figures = vec![
        ("clients", Figure::Count(clients)),
        ("thread", Figure::Name(lane.name.clone())),
        ("call", Figure::name(call(before, fd))),
        ("time", Figure::Time(time)),
    ];
    Some(Found { conn, lane: Some(lane.id), ..Found::new(Source::Measured("the gate; connections counted"), figures) })
}
