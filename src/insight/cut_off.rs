//! A member that does not read what others send it is disconnected, so that it does not take the server's memory.

use std::time::Duration;

use super::moment::{Moment, peer};
use super::{Figure, Found};
use crate::engine::{Cause, ConnView, EndReason, Source};
use crate::trace::Unserved;

/// So long it is told.
const TOLD: Duration = Duration::from_secs(10);

pub(super) fn look(now: &Moment<'_>) -> Option<Found> {
    let lately = |conn: &&ConnView| conn.closed.is_some_and(|at| now.at().saturating_sub(at) < TOLD);
    let cut = now.session.connections.iter().filter(lately).filter_map(|conn| Some((conn, limit(conn)?)));
    let (conn, limit) = cut.max_by_key(|(conn, _)| conn.closed)?;
    let figures = vec![("peer", Figure::Name(peer(conn))), ("limit", Figure::Bytes(limit))];
    let source = Source::Measured("bytes in the server's own queue for this member");
    Some(Found { conn: Some(conn.info.id), ..Found::new(source, figures) })
}

/// How much had waited for it, when that is why it ended.
fn limit(conn: &ConnView) -> Option<u64> {
    match &conn.end {
        Some(EndReason::Failed(failure)) => match failure.cause {
            Cause::Unserved(Unserved::TooSlow { limit }) => Some(limit as u64),
            _ => None,
        },
        Some(EndReason::Orderly | EndReason::Reset | EndReason::Here | EndReason::Service | EndReason::Idle | EndReason::Framing(_))
        | None => None,
    }
}
