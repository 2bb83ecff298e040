//! Which lane moved the bytes of a row: the call log knows, as long as it keeps that call. Pure.

use crate::engine::{CallKind, LogView, Record, RecordKind, SessionView, Snapshot};
use crate::trace::CallRecord;

/// Calls that may end between a call and the record of its bytes, or be in the log a little out of order.
const REACH: u64 = 512;

/// The name of the lane; `None` when the log does not tell.
pub fn of<'a>(snap: &'a Snapshot, record: &Record) -> Option<&'a str> {
    let session = snap.session(record.conn.session)?;
    let call = call_of(&session.calls.log, record)?;
    Some(name(session, call.lane))
}

/// The name of a lane that lives.
fn name(session: &SessionView, lane: u32) -> &str {
    session.lanes.iter().find(|l| l.id == lane).map_or("", |l| &l.name)
}

/// The call that moved these bytes: the last before the record on its descriptor, of its kind, with its length.
fn call_of<'a>(log: &'a LogView<CallRecord>, record: &Record) -> Option<&'a CallRecord> {
    let wanted = match record.kind {
        RecordKind::Received => CallKind::Receive,
        RecordKind::Sent => CallKind::Send,
        RecordKind::Opened | RecordKind::Ended(_) => return None,
    };
    let at = u64::try_from(record.at.as_nanos()).ok()?;
    let (mut low, mut high) = (log.first_index(), log.end_index());
    while low < high {
        let middle = low + (high - low) / 2;
        if log.get(middle)?.end_ns() <= at {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let from = low.saturating_sub(REACH).max(log.first_index());
    let fits = |c: &&CallRecord| c.fd == record.conn.fd && c.errno == 0 && c.bytes == record.len && CallKind::from(c.call) == wanted;
    (from..low + REACH / 4).rev().filter_map(|n| log.get(n)).filter(|c| c.end_ns() <= at).find(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Call, Place};
    use crate::ui::panel::tables_fake::{conn, record};

    #[test]
    fn the_call_with_these_bytes_on_this_descriptor_is_found() {
        let end = conn(1, "echo-tcp", None);
        let call = |lane, fd, bytes, end_ns: u64, call| CallRecord {
            lane,
            call,
            fd,
            args: [0; 2],
            result: i64::from(bytes),
            count: 1,
            at: Place::default(),
            start_ns: end_ns - 10,
            took_ns: 10,
            bytes,
            errno: 0,
            again: false,
        };
        let row = record(&end, RecordKind::Received, b"hello");
        let at = row.at.as_nanos() as u64;
        let noise = (0..5_000).map(|n| call(9, 99, 1, at - 100_000 + n, Call::EpollWait));
        let calls =
            [call(1, end.fd, 5, at - 50, Call::Recv), call(2, end.fd, 5, at - 40, Call::Send), call(3, end.fd, 5, at + 10, Call::Recv)];
        let log: LogView<CallRecord> = noise.chain(calls).collect();
        assert_eq!(call_of(&log, &row).map(|c| c.lane), Some(1));
        assert!(call_of(&log, &record(&end, RecordKind::Received, b"longer")).is_none());
    }
}
