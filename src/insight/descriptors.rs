//! Descriptors are a limit of the process: near it, `accept` and `socket` begin to fail with `EMFILE`.

use super::moment::Moment;
use super::{Figure, Found};
use crate::engine::catalog::{self, ForEach};
use crate::engine::{SessionState, SessionView, Source};
use crate::lab::Side;

/// Parts of the limit in per cent.
const NEAR: u64 = 80;
const STILL_NEAR: u64 = 75;

/// Said once, at the session that holds most.
pub(super) fn look(now: &Moment<'_>) -> Option<Found> {
    let limit = now.limit.filter(|limit| *limit > 0)?;
    let used: u64 = now.snap.sessions.iter().map(|s| held(s)).sum();
    let percent = used.saturating_mul(100) / limit;
    let most = now.snap.sessions.iter().max_by_key(|s| (held(s), s.side == Side::Server))?;
    if most.id != now.session.id || percent < (if now.speaks { STILL_NEAR } else { NEAR + 1 }) {
        return None;
    }
    let figures = vec![
        ("used", Figure::Count(used)),
        ("limit", Figure::Count(limit)),
        ("percent", Figure::Count(percent)),
        ("held", Figure::Count(held(now.session))),
    ];
    Some(Found::new(Source::Derived("sockets of all sessions; the limit is RLIMIT_NOFILE"), figures))
}

/// Sockets that a session holds in this process.
fn held(session: &SessionView) -> u64 {
    match session.state {
        SessionState::Stopped | SessionState::Failed => 0,
        SessionState::Starting | SessionState::Running | SessionState::Stopping => match session.side {
            Side::Server if !session.transport.is_stream() => 1,
            // Beside each connection's socket both ways of the channel to its process are open here.
            Side::Server if has_processes(session) => 1 + 3 * session.counters.open,
            Side::Server => 1 + session.counters.open,
            Side::Client => session.counters.open + session.counters.waiting,
        },
    }
}

fn has_processes(session: &SessionView) -> bool {
    session.model.and_then(catalog::model).is_some_and(|model| model.for_each == Some(ForEach::Process))
}
