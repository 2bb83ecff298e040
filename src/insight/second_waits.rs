//! One thread serves one client at a time: whoever comes second is connected by the kernel and waits, unheard.

use std::time::Duration;

use super::moment::{Moment, call, peer};
use super::{Figure, Found};
use crate::engine::CallKind;

/// For so long nobody else was accepted.
const STANDS: Duration = Duration::from_secs(1);

/// The only thread stands in a call on one connection, clients stand in the accept queue, and nobody left it for a while.
pub(super) fn look(now: &Moment<'_>) -> Option<Found> {
    let session = now.session;
    let queue = session.queue.filter(|queue| queue.waiting > 0)?;
    let mut alive = now.alive();
    let (Some(lane), None, 1) = (alive.next(), alive.next(), session.live_lanes) else { return None };
    let (stands, fd, _) = now.stands(lane)?;
    match CallKind::from(stands) {
        CallKind::Receive | CallKind::Send => {}
        CallKind::Accept | CallKind::Wait | CallKind::Sleep | CallKind::Connect | CallKind::Other => return None,
    }
    let mut open = now.open();
    let (Some(served), None) = (open.next(), open.next()) else { return None };
    let before = now.before(STANDS)?.counters;
    if served.info.fd != fd || before.opened != session.counters.opened || before.waiting == 0 {
        return None;
    }
    let figures = vec![
        ("waiting", Figure::Count(queue.waiting.into())),
        ("served", Figure::Name(peer(served))),
        ("time", Figure::Time(now.at().saturating_sub(served.info.opened))),
        ("call", Figure::name(call(stands, fd))),
    ];
    Some(Found { conn: Some(served.info.id), lane: Some(lane.id), ..Found::new(queue.source, figures) })
}
