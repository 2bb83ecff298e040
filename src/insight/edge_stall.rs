//! Edge-triggered stalls: what was left in the kernel at the last edge is told of by nobody until something new comes.

use std::time::Duration;

use super::moment::{Moment, call, peer};
use super::{Figure, Found};
use crate::engine::{Call, LaneView, Source, catalog};

/// The thread sleeps for so long although there is something.
const SLEEPS: Duration = Duration::from_millis(500);

/// The lane that sleeps in `epoll_wait`, if all that could do something sleep so.
fn asleep<'a>(now: &'a Moment<'_>) -> Option<(&'a LaneView, i64, Duration)> {
    if !now.model().is_some_and(|model| model.edge_triggered) {
        return None;
    }
    let sleep = |lane: &'a LaneView| match now.stands(lane) {
        Some((Call::EpollWait, fd, time)) if time > SLEEPS => Some((lane, fd, time)),
        Some(_) | None => None,
    };
    now.alive().map(sleep).collect::<Option<Vec<_>>>()?.into_iter().min_by_key(|(_, _, time)| *time)
}

/// Bytes have lain unread for a while.
pub(super) fn unread(now: &Moment<'_>) -> Option<Found> {
    let (lane, fd, time) = asleep(now)?;
    if now.session.service.is_some_and(catalog::reads_slowly) {
        return None;
    }
    // Who has not taken its answers is not read on purpose.
    let lies = now.open().find(|conn| {
        conn.unread.is_some_and(|n| n > 0) && conn.unsent.is_none_or(|n| n == 0) && now.at().saturating_sub(conn.active) > SLEEPS
    })?;
    let figures = vec![
        ("unread", Figure::Bytes(lies.unread.unwrap_or(0).into())),
        ("peer", Figure::Name(peer(lies))),
        ("call", Figure::name(call(Call::EpollWait, fd))),
        ("time", Figure::Time(time)),
    ];
    let source = Source::Measured("FIONREAD / SIOCINQ; at most the first 64 connections");
    let mistake = now.is_on("read_once").then_some("read_once");
    Some(Found { conn: Some(lies.info.id), lane: Some(lane.id), mistake, ..Found::new(source, figures) })
}

/// Clients stand at the door.
pub(super) fn accept(now: &Moment<'_>) -> Option<Found> {
    let (lane, fd, time) = asleep(now)?;
    let queue = now.session.queue.filter(|queue| queue.waiting > 0)?;
    let figures = vec![
        ("waiting", Figure::Count(queue.waiting.into())),
        ("call", Figure::name(call(Call::EpollWait, fd))),
        ("time", Figure::Time(time)),
    ];
    let mistake = now.is_on("accept_once").then_some("accept_once");
    Some(Found { lane: Some(lane.id), mistake, ..Found::new(queue.source, figures) })
}
