//! English words for events, and the stable ids that JSON lines use. The window words the same data in the person's language.

use crate::engine::{Cause, CloseHow, Event, EventKind, SequenceEnd, SessionState};
use crate::lab::Side;
use crate::trace::Unserved;

/// One line: which endpoint, what happened.
pub fn words(event: &Event) -> String {
    let what = match &event.kind {
        EventKind::Started { local: Some(local) } if event.side == Side::Server => format!("running at {local}"),
        EventKind::Started { local: Some(local) } => format!("started from {local}"),
        EventKind::Started { local: None } => "started".to_owned(),
        EventKind::ReplacedStaleFile { path } => format!("replaced the stale socket file {path}"),
        EventKind::Stopped { closed: 0 } => "stopped".to_owned(),
        EventKind::Stopped { closed } => format!("stopped, closed {}", counted((*closed).into(), "connection")),
        EventKind::ModelSwitched { from, to, closed } => {
            format!("switched from {from} to {to}, closed {}", counted((*closed).into(), "connection"))
        }
        EventKind::Failed(failure) => format!("failed: {failure}"),
        EventKind::Trouble(failure) => failure.to_string(),
        EventKind::Retrying { attempt, after } => format!("tries again in {:.1} s (retry {attempt})", after.as_secs_f64()),
        EventKind::SendDone { messages } => format!("sent {}", counted(*messages, "message")),
        EventKind::SequenceEnded { sequence, end } => match end {
            SequenceEnd::Done => format!("sequence {sequence} is done"),
            SequenceEnd::Stopped => format!("sequence {sequence} was stopped"),
            SequenceEnd::Failed { step, why } => format!("sequence {sequence} failed at step {step}: {why}"),
        },
        EventKind::BacklogChanged { from, to } => format!("backlog changed from {from} to {to}"),
        EventKind::ConnectionsClosed { count, how } => {
            let done = match how {
                CloseHow::Orderly => "closed",
                CloseHow::HalfClose => "ended the sending side of",
                CloseHow::Reset => "reset",
            };
            format!("{done} {}", counted((*count).into(), "connection"))
        }
    };
    format!("{} {}: {what}", side_word(event.side), event.name)
}

fn counted(count: u64, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

fn side_word(side: Side) -> &'static str {
    match side {
        Side::Server => "server",
        Side::Client => "client",
    }
}

/// The stable id of what happened.
pub fn event_id(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::Started { .. } => "started",
        EventKind::ReplacedStaleFile { .. } => "replaced-stale-file",
        EventKind::Stopped { .. } => "stopped",
        EventKind::ModelSwitched { .. } => "model-switched",
        EventKind::Failed(_) => "failed",
        EventKind::Trouble(_) => "trouble",
        EventKind::Retrying { .. } => "retrying",
        EventKind::SendDone { .. } => "send-done",
        EventKind::SequenceEnded { .. } => "sequence-ended",
        EventKind::BacklogChanged { .. } => "backlog-changed",
        EventKind::ConnectionsClosed { .. } => "connections-closed",
    }
}

/// The stable id of a session's state.
pub fn state_id(state: SessionState) -> &'static str {
    match state {
        SessionState::Starting => "starting",
        SessionState::Running => "running",
        SessionState::Stopping => "stopping",
        SessionState::Stopped => "stopped",
        SessionState::Failed => "failed",
    }
}

/// The stable id of a cause.
pub fn cause_id(cause: &Cause) -> &'static str {
    match cause {
        Cause::AddressInUse => "address-in-use",
        Cause::AddressNotAvailable => "address-not-available",
        Cause::PermissionDenied => "permission-denied",
        Cause::Unreachable => "unreachable",
        Cause::Refused => "refused",
        Cause::TimedOut => "timed-out",
        Cause::Reset => "reset",
        Cause::BrokenPipe => "broken-pipe",
        Cause::NameNotFound => "name-not-found",
        Cause::PathTooLong => "path-too-long",
        Cause::TooManyDescriptors => "too-many-descriptors",
        Cause::NoPortsLeft => "no-ports-left",
        Cause::MessageTooLong => "message-too-long",
        Cause::NoSuchFile => "no-such-file",
        Cause::NoSuchDirectory => "no-such-directory",
        Cause::BroadcastNotAllowed => "broadcast-not-allowed",
        Cause::NotASocket => "not-a-socket",
        Cause::LiveSocketFile => "live-socket-file",
        Cause::ServerNotRunning => "server-not-running",
        Cause::NotAvailable(_) => "not-available",
        Cause::Unserved(Unserved::TurnedAway) => "turned-away",
        Cause::Unserved(Unserved::Failed(_)) => "service-failed",
        Cause::Unserved(Unserved::Panicked(_)) => "service-panicked",
        Cause::Unserved(Unserved::TooSlow { .. }) => "too-slow",
        Cause::Unserved(Unserved::Framing(_)) | Cause::Framing(_) => "framing",
        Cause::NoReply(_) => "no-reply",
        Cause::Other(_) => "other",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::engine::{Failure, Operation};
    use crate::lab::EndpointId;

    #[test]
    fn events_are_worded_with_their_endpoint() {
        let say = |side, kind| words(&Event { at: Duration::ZERO, session: EndpointId(1), name: "echo".into(), side, kind });
        assert_eq!(
            say(Side::Server, EventKind::Started { local: Some("127.0.0.1:7788".into()) }),
            "server echo: running at 127.0.0.1:7788"
        );
        assert_eq!(say(Side::Client, EventKind::Stopped { closed: 1 }), "client echo: stopped, closed 1 connection");
        assert_eq!(
            say(Side::Client, EventKind::Retrying { attempt: 2, after: Duration::from_secs(1) }),
            "client echo: tries again in 1.0 s (retry 2)"
        );
        let failure =
            Failure { operation: Operation::Connect, endpoint: "127.0.0.1:1".into(), cause: Cause::Refused, errno: Some("ECONNREFUSED") };
        assert_eq!(
            say(Side::Client, EventKind::Failed(failure)),
            "client echo: failed: connect 127.0.0.1:1: refused: nothing listens there. Start the server first (ECONNREFUSED)"
        );
    }
}
