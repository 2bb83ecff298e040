//! Rows as a sequence of packets that sends the same bytes again, in the same rhythm.

use std::time::Duration;

use crate::bytes::to_hex;
use crate::engine::{Record, RecordKind};
use crate::lab::{Packet, PacketFormat, Sequence, Side, Step};

/// Steps of a sequence at most.
const STEPS: usize = 1_000;
/// Bytes of all packets together at most; they stand in the lab's file.
const BYTES: usize = 256 << 10;
/// Pauses shorter than this are none.
const PAUSE: Duration = Duration::from_millis(1);

/// A sequence, and what it leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Sends, and the pauses between.
    pub sequence: Sequence,
    /// Rows that were too many, or not kept whole.
    pub left_out: u64,
}

/// What the client (or the server) of these rows sent, as a sequence. Rows of several connections are sent one after the other,
/// as they came.
pub fn replay<'a>(records: impl Iterator<Item = &'a Record>, by: Side, name: &str) -> Replay {
    let mut steps = Vec::new();
    let mut last: Option<Duration> = None;
    let (mut left_out, mut bytes) = (0, 0);
    for record in records {
        let is_theirs = match record.kind {
            RecordKind::Sent => record.conn.side == by,
            RecordKind::Received => record.conn.side != by,
            RecordKind::Opened | RecordKind::Ended(_) => false,
        };
        if !is_theirs {
            continue;
        }
        bytes += record.data.len();
        if record.data.len() < record.len as usize || steps.len() + 2 > STEPS || bytes > BYTES {
            left_out += 1;
            continue;
        }
        let pause = last.map_or(Duration::ZERO, |last| record.at.saturating_sub(last));
        last = Some(record.at);
        if pause >= PAUSE {
            steps.push(Step::Wait(u32::try_from(pause.as_millis()).unwrap_or(u32::MAX)));
        }
        let body = to_hex(&record.data, usize::MAX);
        // As it was on the wire: with its header or delimiter already.
        steps.push(Step::Send(Packet { body, format: PacketFormat::Hex, framed: false, ..Packet::default() }));
    }
    Replay { sequence: Sequence { name: name.to_owned(), steps, times: 1 }, left_out }
}
