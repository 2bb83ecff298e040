//! A thread for each connection, at very many connections. What their stacks take is not known here, so it is not said.

use super::moment::Moment;
use super::{Figure, Found};
use crate::engine::catalog::ForEach;
use crate::engine::{CallKind, Source};

const MANY: u32 = 1_000;
const STILL_MANY: u32 = 900;

pub(super) fn look(now: &Moment<'_>) -> Option<Found> {
    let (session, least) = (now.session, if now.speaks { STILL_MANY } else { MANY });
    let has_one_each = now.model().is_some_and(|model| model.for_each == Some(ForEach::Thread));
    let is_one_each = has_one_each && session.counters.open + 1 >= session.live_lanes.into();
    if session.live_lanes < least || !is_one_each {
        return None;
    }
    let receives = |lane: &&_| now.stands(lane).is_some_and(|(call, _, _)| CallKind::from(call) == CallKind::Receive);
    let (shown, asleep) = (now.alive().count(), now.alive().filter(receives).count());
    let figures = vec![
        ("threads", Figure::Count(session.live_lanes.into())),
        ("open", Figure::Count(session.counters.open)),
        ("shown", Figure::Count(shown as u64)),
        ("asleep", Figure::Count(asleep as u64)),
    ];
    Some(Found::new(Source::Measured("threads and connections counted; the calls of those in view"), figures))
}
