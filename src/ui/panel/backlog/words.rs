//! What the theatre says of one client, one figure or one place, in the person's language.

use std::time::Duration;

use super::gather::{Facts, Guest, Step};
use crate::engine::{ConnState, EndReason, Figure, Source};
use crate::lab::AcceptPace;
use crate::tr;
use crate::ui::widget::format;
use crate::ui::{Text, failure_words};

/// Shorter than this is not a time one waited.
const AT_ONCE: Duration = Duration::from_millis(10);

/// `0.88 s`, `12.4 s`, `134 s`: the same number of figures for as long as it counts.
pub fn secs(text: &Text, d: Duration) -> String {
    let s = d.as_secs_f64();
    let n = if s < 9.995 {
        format!("{s:.2}")
    } else if s < 99.95 {
        format!("{s:.1}")
    } else {
        format::count(s.round() as u64)
    };
    tr!(text, "backlog-seconds", n = n)
}

/// The same in a narrow place: no unit, tenths.
pub fn tenths(d: Duration) -> String {
    let s = d.as_secs_f64();
    if s < 99.95 { format!("{s:.1}") } else { format::count(s.round() as u64) }
}

/// "Client 9", or an outside program.
pub fn name(text: &Text, guest: &Guest<'_>) -> String {
    match guest.number {
        Some(n) => tr!(text, "backlog-client", n = format::count(n.into())),
        None => tr!(text, "backlog-outsider"),
    }
}

/// What stands in a token.
pub fn number(guest: &Guest<'_>) -> String {
    guest.number.map_or_else(String::new, |n| n.to_string())
}

/// "4 of 4 places taken".
pub fn taken(facts: &Facts<'_>, text: &Text) -> String {
    let n = format::count(facts.queue.value);
    match facts.places {
        Some(places) => tr!(text, "backlog-taken", n = n, places = format::count(places.into())),
        None => tr!(text, "backlog-taken-untold", n = n),
    }
}

/// "one each 1,000 ms".
pub fn pace(text: &Text, pace: AcceptPace) -> String {
    match pace {
        AcceptPace::Eager => tr!(text, "backlog-pace-eager"),
        AcceptPace::Every(ms) => tr!(text, "backlog-pace-every", ms = format::count(ms)),
        AcceptPace::Paused => tr!(text, "backlog-pace-paused"),
    }
}

/// Where a figure comes from.
pub fn source(text: &Text, source: Source) -> String {
    match source {
        Source::Measured(words) => tr!(text, "backlog-measured", source = words),
        Source::Derived(words) => tr!(text, "backlog-derived", source = words),
    }
}

/// A figure with its words and its source: its name for screen readers, and its tooltip.
pub fn figure(text: &Text, words: &str, of: Option<Figure>) -> String {
    of.map_or_else(|| words.to_owned(), |f| tr!(text, "backlog-figure", words = words, source = source(text, f.source)))
}

/// "0 of 4 half-open".
pub fn half_open(facts: &Facts<'_>, text: &Text) -> String {
    match (facts.view.and_then(|v| v.half_open), facts.places) {
        (Some(f), Some(places)) => {
            tr!(text, "backlog-half-open-of", n = format::count(f.value), places = format::count(places.into()))
        }
        (Some(f), None) => tr!(text, "backlog-half-open", n = format::count(f.value)),
        (None, _) => tr!(text, "backlog-half-open-untold"),
    }
}

/// The large words of a row at the left.
pub fn row(text: &Text, facts: &Facts<'_>, guest: &Guest<'_>) -> String {
    match (guest.step, guest.next_try(facts.now)) {
        // It asks every few milliseconds: how long it has done so can be read, the next time could not.
        (Step::Calling, _) if facts.unix() => tr!(text, "backlog-blocks", time = waited(text, facts, guest)),
        (Step::Calling, Some((left, _))) => tr!(text, "backlog-retry", time = secs(text, left)),
        (Step::Calling, None) => tr!(text, "backlog-calls", time = waited(text, facts, guest)),
        (Step::Refused, _) => tr!(text, "backlog-refused"),
        (Step::TimedOut, _) => tr!(text, "backlog-timed-out"),
        (Step::HalfOpen | Step::Forgotten | Step::Queued | Step::Serving | Step::Done | Step::Broken, _) => tr!(text, "backlog-broken"),
    }
}

/// The small words below.
pub fn below(text: &Text, facts: &Facts<'_>, guest: &Guest<'_>) -> String {
    match guest.step {
        Step::Calling if facts.unix() && guest.asks_again() => tr!(text, "backlog-asked", n = guest.sent()),
        Step::Calling if facts.unix() => tr!(text, "backlog-no-place"),
        Step::Calling => tr!(text, "backlog-sent", n = guest.sent()),
        Step::Refused | Step::TimedOut | Step::Broken | Step::HalfOpen | Step::Forgotten | Step::Queued | Step::Serving | Step::Done => {
            errno(text, guest)
        }
    }
}

/// The errno that a client got.
pub fn code(guest: &Guest<'_>) -> Option<&'static str> {
    match &guest.view.end {
        Some(EndReason::Failed(failure)) => failure.errno,
        Some(EndReason::Reset) => Some("ECONNRESET"),
        Some(EndReason::Here | EndReason::Orderly | EndReason::Service | EndReason::Idle | EndReason::Framing(_)) | None => None,
    }
}

fn errno(text: &Text, guest: &Guest<'_>) -> String {
    let after = guest.since.saturating_sub(guest.view.info.opened);
    match (code(guest), &guest.view.end) {
        (Some(errno), _) if after < AT_ONCE => tr!(text, "backlog-errno-at-once", errno = errno),
        (Some(errno), _) => tr!(text, "backlog-errno-after", errno = errno, time = secs(text, after)),
        (None, Some(EndReason::Failed(failure))) => failure_words::cause(text, &failure.cause),
        (None, Some(_) | None) => tr!(text, "backlog-left-after", time = secs(text, after)),
    }
}

fn waited(text: &Text, facts: &Facts<'_>, guest: &Guest<'_>) -> String {
    secs(text, facts.now.saturating_sub(guest.since))
}

/// The sentence of a client: its name for screen readers, and its tooltip.
pub fn guest(text: &Text, facts: &Facts<'_>, guest: &Guest<'_>) -> String {
    let who = name(text, guest);
    let time = waited(text, facts, guest);
    match guest.step {
        Step::Calling if facts.unix() && guest.asks_again() => tr!(text, "backlog-says-asks", who = who, n = guest.sent(), time = time),
        Step::Calling if facts.unix() => tr!(text, "backlog-says-blocks", who = who, time = time),
        Step::Calling => match guest.next_try(facts.now) {
            Some((left, _)) => tr!(text, "backlog-says-retries", who = who, n = guest.sent(), time = secs(text, left)),
            None => tr!(text, "backlog-says-calls", who = who, n = guest.sent(), time = time),
        },
        Step::HalfOpen => tr!(text, "backlog-says-half-open", who = who, time = time),
        Step::Forgotten => tr!(text, "backlog-says-forgotten", who = who, time = time),
        Step::Queued => match guest.inside() {
            0 => tr!(text, "backlog-says-queued", who = who, time = time),
            bytes => tr!(text, "backlog-says-inside", who = who, time = time, bytes = format::bytes(bytes)),
        },
        Step::Serving => match descriptor(facts, guest) {
            Some(fd) => tr!(text, "backlog-says-served-by", who = who, fd = fd.to_string()),
            None => tr!(text, "backlog-says-served", who = who),
        },
        Step::Done => tr!(text, "backlog-says-done", who = who),
        Step::Refused => tr!(text, "backlog-says-refused", who = who, why = errno(text, guest)),
        Step::TimedOut => tr!(text, "backlog-says-timed-out", who = who, n = guest.sent(), why = errno(text, guest)),
        Step::Broken => tr!(text, "backlog-says-broken", who = who, why = errno(text, guest)),
    }
}

/// What `accept` returned for a client.
pub fn descriptor(facts: &Facts<'_>, guest: &Guest<'_>) -> Option<i64> {
    if guest.number.is_none() {
        return Some(guest.view.info.fd);
    }
    let (_, conn, _) = guest.view.info.other_end.get()?;
    let live = |c: &&crate::engine::ConnView| c.info.id == *conn && c.state != ConnState::Closed;
    facts.session?.connections.iter().find(live).map(|c| c.info.fd)
}
