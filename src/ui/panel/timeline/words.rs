//! What the timeline says, in the person's language. Calls stay as in C.

use std::borrow::Cow;
use std::time::Duration;

use crate::engine::{LaneDoing, SessionView};
use crate::lab::Side;
use crate::tr;
use crate::trace::{Call, CallRecord, TapLevel};
use crate::ui::Text;
use crate::ui::panel::calls::line;

/// One sentence about how a session waits.
pub fn sentence(text: &Text, session: &SessionView) -> String {
    match (session.calls.level, session.side, session.model) {
        (TapLevel::Off | TapLevel::Counters, _, _) => tr!(text, "timeline-not-recorded"),
        (TapLevel::Full, Side::Client, _) => tr!(text, "timeline-client"),
        (TapLevel::Full, Side::Server, model) => {
            let key = format!("timeline-model-{}", model.unwrap_or_default());
            let words = tr!(text, &key);
            // A model that is newer than these words says what its list entry says.
            if words == key { model.and_then(summary).unwrap_or_default().to_owned() } else { words }
        }
    }
}

fn summary(model: &str) -> Option<&'static str> {
    crate::engine::catalog::models().find(|m| m.id == model).map(|m| m.summary)
}

/// `recv(33)`; a readiness wait's own descriptor tells nothing.
pub fn call(call: Call, fd: i64) -> String {
    if call.is_readiness_wait() {
        call.name().to_owned()
    } else if fd < 0 {
        format!("{}()", call.name())
    } else {
        format!("{}({fd})", call.name())
    }
}

/// The name of what a lane spends its time in. Names of calls stay as in C; to be held is no call.
pub fn name(text: &Text, call: Call) -> Cow<'static, str> {
    if call == Call::Gate { tr!(text, "timeline-held").into() } else { call.name().into() }
}

/// A finished call as one line; time at the gate says before which call that was.
pub fn line_of(text: &Text, record: &CallRecord) -> String {
    match u8::try_from(record.args[0]).ok().and_then(Call::from_u8).filter(|_| record.call == Call::Gate) {
        Some(before) => tr!(text, "timeline-held-before", call = call(before, record.fd)),
        None => record.to_line(),
    }
}

/// How long, for a figure that changes all the time: `238 µs`.
pub fn span(d: Duration) -> String {
    line::took(d.as_nanos() as u64)
}

/// What a lane is in, and since when.
pub fn doing(text: &Text, doing: LaneDoing) -> (String, Option<Duration>) {
    match doing {
        LaneDoing::Running => (tr!(text, "timeline-runs"), None),
        LaneDoing::InCall { call: name, fd, since } => (call(name, fd), Some(since)),
        LaneDoing::AtGate { call: name, fd, since } => (tr!(text, "timeline-before", call = call(name, fd)), Some(since)),
        LaneDoing::Gone => (tr!(text, "timeline-gone"), None),
    }
}
