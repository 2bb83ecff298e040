//! A row of the traffic log as a capture file takes it.

use std::time::{Duration, SystemTime};

use super::{Cause, EndReason, Record, RecordKind};
use crate::capture::{End, Ended, Moved, Told, What};

impl Record {
    /// The same for a capture file; `started` is [`Snapshot::started`](super::Snapshot::started). `words` is used for what a failure
    /// says.
    pub fn told<'a>(&'a self, started: SystemTime, words: &'a mut String) -> Told<'a> {
        let conn = &*self.conn;
        let end = End {
            id: conn.id.0,
            other: conn.other_end.get().map(|(_, id, _)| id.0),
            side: conn.side,
            transport: conn.transport,
            name: &conn.session_name,
            number: conn.number,
            local: &conn.local,
            peer: &conn.peer,
        };
        let moved = Moved { data: &self.data, len: self.len, cut: self.cut };
        let what = match &self.kind {
            RecordKind::Opened => What::Opened,
            RecordKind::Sent => What::Sent(moved),
            RecordKind::Received => What::Received(moved),
            RecordKind::Ended(reason) => What::Ended(ended(reason, words)),
        };
        Told { at_ns: nanos(started + self.at), end, what }
    }
}

fn ended<'a>(reason: &EndReason, words: &'a mut String) -> Ended<'a> {
    match reason {
        EndReason::Orderly => Ended::Orderly,
        EndReason::Reset => Ended::Reset,
        EndReason::Here => Ended::Here("here"),
        EndReason::Service => Ended::Here("service"),
        EndReason::Idle => Ended::Here("idle"),
        EndReason::Framing(_) => Ended::Here("framing"),
        EndReason::Failed(failure) => {
            *words = failure.to_string();
            if failure.cause == Cause::Refused { Ended::Refused(words) } else { Ended::Failed(words) }
        }
    }
}

/// Since 1970-01-01 UTC; a clock before that day counts as it.
pub(super) fn nanos(at: SystemTime) -> u64 {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
