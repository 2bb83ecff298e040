//! What the timeline says, in the person's language. Calls stay as in C.

use std::time::Duration;

use crate::engine::{LaneDoing, SessionView};
use crate::lab::Side;
use crate::tr;
use crate::trace::{Call, TapLevel};
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
