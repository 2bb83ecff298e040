//! What the Stage says, in the person's language. Words before numbers.

use std::time::Duration;

use super::card_place::capacity;
use super::fare::Shares;
use super::gather::{ClientFacts, Mood, Row, ServerFacts, Who};
use crate::engine::{ConnState, EndReason, Failure, LaneDoing, SessionState};
use crate::lab::Transport;
use crate::tr;
use crate::trace::Call;
use crate::ui::widget::format;
use crate::ui::{Text, failure_words};

/// "1.8 s".
pub fn time(text: &Text, d: Duration) -> String {
    // Coarse enough not to flicker: tenths below 10 s.
    let secs = d.as_secs_f64();
    if secs < 9.95 {
        tr!(text, "stage-seconds", n = format!("{secs:.1}"))
    } else if secs < 119.5 {
        tr!(text, "stage-seconds", n = format!("{secs:.0}"))
    } else if secs < 7_200.0 {
        tr!(text, "stage-minutes", n = d.as_secs() / 60)
    } else {
        tr!(text, "stage-hours", n = d.as_secs() / 3_600)
    }
}

/// The name of a transport as in the field.
pub fn transport(t: Transport) -> &'static str {
    match t {
        Transport::Tcp => "TCP",
        Transport::Udp => "UDP",
        Transport::UnixStream => "Unix",
        Transport::UnixDgram => "Unix dgram",
    }
}

/// Transport and the address in force, or the one it will bind.
pub fn address(server: &ServerFacts<'_>, short: bool) -> String {
    let bound = server.session.and_then(|s| s.local.as_deref()).map_or_else(|| server.doc.address.to_string(), str::to_owned);
    let shown = match bound.strip_prefix("127.0.0.1:").filter(|_| short) {
        Some(port) => format!(":{port}"),
        None => bound,
    };
    format!("{} {shown}", transport(server.doc.transport))
}

/// Model and service, of the running session or of the document.
pub fn how(server: &ServerFacts<'_>) -> String {
    let model = server.session.and_then(|s| s.model).unwrap_or(&server.doc.model);
    let service = server.session.and_then(|s| s.service).unwrap_or(&server.doc.service);
    format!("{model} · {service}")
}

/// The state of a server in one or two words.
pub fn state(text: &Text, server: &ServerFacts<'_>) -> String {
    text.get(match server.session.map(|s| s.state) {
        None | Some(SessionState::Stopped) => "stage-state-stopped",
        Some(SessionState::Starting) => "stage-state-starting",
        Some(SessionState::Running) => "stage-state-running",
        Some(SessionState::Stopping) => "stage-state-stopping",
        Some(SessionState::Failed) => "stage-state-failed",
    })
    .into_owned()
}

/// "1 of 9 waiting".
pub fn waiting(text: &Text, server: &ServerFacts<'_>) -> String {
    let Some(queue) = server.session.and_then(|s| s.queue) else { return String::new() };
    match capacity(server) {
        Some(places) => tr!(text, "stage-waiting-of", n = format::count(queue.waiting.into()), places = format::count(places.into())),
        None => tr!(text, "stage-waiting", n = format::count(queue.waiting.into())),
    }
}

/// What stands in a descriptor's chip.
pub fn fd(row: &Row) -> String {
    if row.fds.0 == row.fds.1 { format!("fd {}", row.fds.0) } else { format!("fd {}–{}", row.fds.0, row.fds.1) }
}

/// Nobody reads "idle for 0.1 s": a descriptor that moved bytes this lately is at work.
const AT_WORK: Duration = Duration::from_millis(500);

/// What a row says at its end.
pub fn row(text: &Text, row: &Row, now: Duration) -> String {
    if row.count > 1 {
        return tr!(text, "stage-connections", n = row.count, figure = format::count(row.count as u64));
    }
    match row.state {
        ConnState::Closed => end(text, row.end.as_ref()),
        ConnState::PeerEnded if row.unread.unwrap_or(0) == 0 => tr!(text, "stage-peer-ended"),
        ConnState::LocalEnded => tr!(text, "stage-local-ended"),
        ConnState::Connecting => tr!(text, "stage-connecting"),
        ConnState::Waiting => tr!(text, "stage-waits"),
        ConnState::Open | ConnState::PeerEnded => match (row.unread.unwrap_or(0), row.unsent.unwrap_or(0)) {
            (0, 0) if row.moving && now.saturating_sub(row.active) < AT_WORK => tr!(text, "stage-at-work"),
            (0, 0) if row.unread.is_none() && row.unsent.is_none() => tr!(text, "stage-idle-untold", time = idle(text, row, now)),
            (0, 0) => tr!(text, "stage-idle", time = idle(text, row, now)),
            (0, unsent) => tr!(text, "stage-to-send", bytes = format::bytes(unsent)),
            (unread, _) => tr!(text, "stage-to-read", bytes = format::bytes(unread)),
        },
    }
}

fn idle(text: &Text, row: &Row, now: Duration) -> String {
    time(text, now.saturating_sub(row.active))
}

/// Why a connection ended.
pub fn end(text: &Text, reason: Option<&EndReason>) -> String {
    match reason {
        None | Some(EndReason::Orderly) => tr!(text, "stage-end-orderly"),
        Some(EndReason::Reset) => tr!(text, "stage-end-reset"),
        Some(EndReason::Here) => tr!(text, "stage-end-here"),
        Some(EndReason::Service) => tr!(text, "stage-end-service"),
        Some(EndReason::Idle) => tr!(text, "stage-end-idle"),
        Some(EndReason::Framing(why)) => failure_words::framing_error(text, why),
        Some(EndReason::Failed(failure)) => failure_words::cause(text, &failure.cause),
    }
}

/// "23 open · 17 connecting (SYN sent again, next in 1.2 s)", from the longest words to the shortest: in a narrow place the
/// others matter more than those who are open.
pub fn shares_forms(text: &Text, shares: &Shares) -> Vec<String> {
    let counts = [
        (shares.open, "stage-share-open", None),
        (shares.waiting, "stage-share-waiting", None),
        (shares.peer_ended, "stage-share-peer-ended", None),
        (shares.connecting, "stage-share-connecting", calling(text, shares)),
        (shares.timed_out, "stage-share-timed-out", None),
        (shares.refused, "stage-share-refused", None),
        (shares.failed, "stage-share-failed", None),
    ];
    let again = shares.retry.filter(|_| shares.lost() > 0).map(|left| tr!(text, "stage-retry", time = time(text, left)));
    let mut parts: Vec<_> = counts.into_iter().filter(|c| c.0 > 0).collect();
    if let (Some(last), Some(again)) = (parts.last_mut(), again) {
        last.2 = Some(again);
    }
    let says = |(n, key, _): &(usize, &str, Option<String>)| tr!(text, key, n = format::count(*n as u64));
    let join = |words: Vec<String>| words.join(" · ");
    let full = join(
        parts
            .iter()
            .map(|part| match &part.2 {
                Some(how) => tr!(text, "stage-share-how", share = says(part), how = how.as_str()),
                None => says(part),
            })
            .collect(),
    );
    let others = if shares.open > 0 { &parts[1..] } else { &parts[..] };
    let most = others.iter().max_by_key(|part| part.0).map_or_else(String::new, says);
    vec![full, join(parts.iter().map(says).collect()), join(others.iter().map(says).collect()), most]
}

/// What those who connect have done so far, where it is known.
fn calling(text: &Text, shares: &Shares) -> Option<String> {
    let next = shares.next_try.map(|left| time(text, left));
    match (shares.unix, shares.retries, next) {
        (true, 0, _) | (false, 0, None) => None,
        // It asks every few milliseconds: the next time could not be read.
        (true, ..) => Some(tr!(text, "stage-eagain")),
        (false, 0, Some(next)) => Some(tr!(text, "stage-syn-sent", time = next)),
        (false, _, Some(next)) => Some(tr!(text, "stage-syn-again-next", time = next)),
        (false, _, None) => Some(tr!(text, "stage-syn-again")),
    }
}

/// The line under a client's name.
pub fn client(text: &Text, client: &ClientFacts<'_>) -> String {
    match client.mood {
        Mood::NotStarted => tr!(text, "stage-not-started"),
        Mood::Connecting => tr!(text, "stage-connecting"),
        Mood::Waiting => tr!(text, "stage-waits"),
        Mood::PeerEnded => tr!(text, "stage-server-ended"),
        Mood::Retry(left) => tr!(text, "stage-retry", time = time(text, left)),
        Mood::Failed(failure) => failed_forms(text, failure).swap_remove(0),
        Mood::Ended(reason) => end(text, reason),
        Mood::Parted(shares) => shares_forms(text, &shares).swap_remove(0),
        Mood::Mixed => tr!(text, "stage-show-all"),
        // An end of a pair, or a client that was never bound.
        Mood::Open(Some(local)) if format::is_unnamed(local) => format::address(text, local).into_owned(),
        Mood::Open(Some(local)) => local.rsplit_once(':').map_or_else(|| local.to_owned(), |(_, port)| format!(":{port}")),
        Mood::Open(None) => tr!(text, "stage-quiet"),
    }
}

/// Why a client is not connected, from the longest words to the shortest: its name in errno.h.
pub fn failed_forms(text: &Text, failure: &Failure) -> Vec<String> {
    let cause = failure_words::cause(text, &failure.cause);
    let mut forms = vec![tr!(text, "stage-not-connected", cause = cause.clone()), cause];
    forms.extend(failure.errno.map(str::to_owned));
    forms
}

/// A client's name.
pub fn client_name(text: &Text, client: &ClientFacts<'_>) -> String {
    match client.who {
        Who::Ours(c) if client.conns > 1 => format!("{} ×{}", c.name, format::count(client.conns as u64)),
        Who::Ours(c) => c.name.clone(),
        Who::More(n) => tr!(text, "stage-more-clients", n = n),
        Who::Outside(..) => tr!(text, "stage-outside"),
    }
}

/// `recv(17)`.
pub fn call(call: Call, fd: i64) -> String {
    if fd < 0 { format!("{}()", call.name()) } else { format!("{}({fd})", call.name()) }
}

/// What a lane does and how, each from the longest words to the shortest, and whether it sleeps.
pub fn doing(text: &Text, doing: LaneDoing, now: Duration) -> (Vec<String>, Vec<String>, bool) {
    match doing {
        LaneDoing::Running => (vec![tr!(text, "stage-own-code")], vec![tr!(text, "stage-running")], false),
        LaneDoing::Gone => (vec![tr!(text, "stage-gone")], Vec::new(), true),
        LaneDoing::AtGate { call: which, fd, .. } => {
            let before = |call: String| tr!(text, "stage-before", call = call);
            (vec![before(call(which, fd)), before(which.name().to_owned()), call(which, fd)], vec![tr!(text, "stage-held")], true)
        }
        LaneDoing::InCall { call: which, fd, since } => {
            let age = now.saturating_sub(since);
            let asleep = which.is_readiness_wait() || age > Duration::from_millis(1);
            let words = if !asleep {
                vec![tr!(text, "stage-running")]
            } else if age < Duration::from_millis(100) {
                vec![tr!(text, "stage-asleep")]
            } else {
                vec![tr!(text, "stage-asleep-for", time = time(text, age)), time(text, age)]
            };
            (vec![call(which, fd), which.name().to_owned()], words, asleep)
        }
    }
}

/// "and 296 more: 290 in recv, 6 running".
pub fn more_lanes(text: &Text, counts: &[(Option<Call>, usize)]) -> String {
    let all: usize = counts.iter().map(|c| c.1).sum();
    let part = |(call, n): &(Option<Call>, usize)| match call {
        Some(call) => tr!(text, "stage-lanes-in", n = *n, call = call.name()),
        None => tr!(text, "stage-lanes-running", n = *n),
    };
    let parts: Vec<String> = counts.iter().take(3).map(part).collect();
    tr!(text, "stage-more-lanes", n = all, parts = parts.join(text.get("stage-comma").as_ref()))
}
