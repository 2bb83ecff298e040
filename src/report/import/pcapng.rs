//! Packets as rows.

use std::io::Read;
use std::time::{Duration, SystemTime};

use super::conversation::Conversations;
use super::{ImportError, Imported, Limits, Rows};
use crate::capture::{Note, Reader, dissect};

pub(super) fn read(from: impl Read, limits: &Limits) -> Result<Imported, ImportError> {
    let mut reader = Reader::new(from);
    let mut rows = Rows::new(limits);
    let mut conversations = Conversations::default();
    let mut first_ns = None;
    let mut left_out = 0;
    let mut is_ours = false;
    while !rows.is_full {
        let Some(packet) = reader.next_packet()? else { break };
        is_ours = packet.is_ours;
        let first_ns = *first_ns.get_or_insert(packet.at_ns);
        // Packets of several interfaces are not always in order of time.
        let at = Duration::from_nanos(packet.at_ns.saturating_sub(first_ns));
        let note = packet.comment.filter(|_| packet.is_ours).and_then(Note::from_comment).unwrap_or_default();
        match dissect(packet.link, packet.data) {
            Some(dissected) => left_out += u64::from(!conversations.take(at, packet.way, &dissected, &note, packet.is_ours, &mut rows)),
            None => left_out += 1,
        }
    }
    conversations.finish(is_ours, &mut rows);
    let started = SystemTime::UNIX_EPOCH + Duration::from_nanos(first_ns.unwrap_or(0));
    let (missing, is_cropped, is_cut_off) = (rows.missing, rows.is_full, reader.is_cut_off());
    Ok(Imported { records: rows.log.view(), started, left_out, missing, is_cropped, is_cut_off })
}
