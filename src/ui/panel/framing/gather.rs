//! What one connection received, what its peer sent and what a framing makes of it, as stretches of one stream. Pure: it
//! follows the traffic log and keeps places in the stream, never bytes.

use std::collections::VecDeque;
use std::time::Duration;

use crate::bytes::{Framer, Framing, FramingError};
use crate::engine::{LogView, Record, RecordKind};
use crate::trace::ConnId;
use crate::ui::panel::walk::Walk;

use super::in_force::Stretch;

/// Stretches kept of each row; the oldest leave first.
const KEPT: usize = 1 << 16;

/// What one call moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The record's index in the log.
    pub index: u64,
    /// When.
    pub at: Duration,
    /// Where it begins in the stream.
    pub from: u64,
    /// Where it ends.
    pub to: u64,
}

/// What the framing cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its whole stretch, and the receive that brought the last byte of it.
    pub piece: Piece,
    /// Bytes of its header.
    pub front: u64,
    /// Bytes of the message itself; what is left is the delimiter.
    pub len: u64,
}

/// Why no message is cut after a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The stream does not follow the framing.
    Broken(FramingError),
    /// The log kept only the front of what a call moved.
    NotKept,
}

/// What is gathered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The end that receives.
    pub conn: ConnId,
    /// The end that sends, when it is ours.
    pub peer: Option<ConnId>,
    /// How the stream is cut; the first of the stretches.
    pub framing: Framing,
    /// Another way of cutting from these records on, in order.
    pub later: Vec<Stretch>,
    /// Each receive is a message, whatever the framing.
    pub datagrams: bool,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Gathered {
    wanted: Option<Wanted>,
    walk: Walk,
    framer: Framer,
    /// What the peer's calls sent.
    pub sent: VecDeque<Piece>,
    /// What this end's calls received.
    pub received: VecDeque<Piece>,
    /// What the framing made of it.
    pub messages: VecDeque<Message>,
    /// Where cutting ended, at which record, and why.
    pub trouble: Option<(u64, u64, Trouble)>,
    /// Bytes sent and received in all.
    pub totals: [u64; 2],
    /// Sends, receives and messages in all.
    pub counts: [u64; 3],
    /// Whether the log still had the beginning of the peer's and of this end's stream.
    whole: [bool; 2],
    /// How it is cut now; `None` in a stretch of which nobody knows.
    now: Option<Framing>,
    /// Changes so far: where in the stream, and to what.
    pub changes: Vec<(u64, Option<Framing>)>,
    /// Where the framer's first byte stands in the stream.
    base: u64,
}

impl Gathered {
    /// Follows the log; other wishes begin anew.
    pub fn update(&mut self, log: &LogView<Record>, wanted: &Wanted) {
        // Rows that were forgotten can be told by nobody any more: places in the stream would not be right.
        if self.wanted.as_ref() != Some(wanted) {
            let framing = if wanted.datagrams { Framing::Raw } else { wanted.framing.clone() };
            *self = Self { wanted: Some(wanted.clone()), framer: Framer::new(framing.clone()), now: Some(framing), ..Self::default() };
        }
        let mut walk = std::mem::take(&mut self.walk);
        walk.go(log, |index, record| self.take(index, record, wanted));
        self.walk = walk;
        let first = log.first_index();
        for row in [&mut self.sent, &mut self.received] {
            let gone = row.partition_point(|p| p.index < first).max(row.len().saturating_sub(KEPT));
            row.drain(..gone);
        }
        let gone = self.messages.partition_point(|m| m.piece.index < first).max(self.messages.len().saturating_sub(KEPT));
        self.messages.drain(..gone);
    }

    /// Whether rows of this log wait to be examined.
    pub fn behind(&self, log: &LogView<Record>) -> bool {
        self.walk.behind(log)
    }

    /// Whether the log had both streams from their beginning.
    pub fn is_whole(&self) -> bool {
        let with_peer = self.wanted.as_ref().is_some_and(|w| w.peer.is_some());
        self.whole[1] && (self.whole[0] || !with_peer)
    }

    /// Bytes that came and are no message yet, as a stretch.
    pub fn unfinished(&self) -> Option<(u64, u64)> {
        let held = self.framer.held() as u64;
        (held > 0 && self.trouble.is_none() && self.now.is_some()).then(|| (self.totals[1] - held, self.totals[1]))
    }

    fn take(&mut self, index: u64, record: &Record, wanted: &Wanted) -> usize {
        while let Some(next) = wanted.later.get(self.changes.len()).filter(|next| next.from <= index) {
            self.change(next.framing.clone());
        }
        let (ours, theirs) = (record.conn.id == wanted.conn, Some(record.conn.id) == wanted.peer);
        match &record.kind {
            RecordKind::Opened if ours => self.whole[1] = true,
            RecordKind::Opened if theirs => self.whole[0] = true,
            RecordKind::Sent if theirs => {
                let piece = next(&mut self.totals[0], index, record);
                self.counts[0] += 1;
                self.sent.push_back(piece);
            }
            RecordKind::Received if ours => {
                let piece = next(&mut self.totals[1], index, record);
                self.counts[1] += 1;
                self.received.push_back(piece);
                self.cut(piece, record, wanted);
                return record.data.len();
            }
            RecordKind::Ended(_) if ours => self.finish(index, record, wanted),
            RecordKind::Opened | RecordKind::Sent | RecordKind::Received | RecordKind::Ended(_) => {}
        }
        0
    }

    /// The endpoint cuts in another way from here on: what is no message yet is looked at anew, as its framer does.
    fn change(&mut self, to: Option<Framing>) {
        let at = self.totals[1];
        match &to {
            Some(framing) if self.now.is_some() => self.framer.change(framing.clone()),
            // What came before is nobody's: cutting begins here.
            Some(framing) => (self.framer, self.base) = (Framer::new(framing.clone()), at),
            None => {}
        }
        if self.now.is_some() != to.is_some() {
            self.trouble = None;
        }
        self.now.clone_from(&to);
        self.changes.push((at, to));
    }

    fn cut(&mut self, piece: Piece, record: &Record, wanted: &Wanted) {
        if self.trouble.is_some() {
            return;
        }
        if wanted.datagrams {
            self.counts[2] += 1;
            self.messages.push_back(Message { piece, front: 0, len: piece.to - piece.from });
            return;
        }
        if (record.data.len() as u64) < u64::from(record.len) {
            self.trouble = Some((piece.from, piece.index, Trouble::NotKept));
            return;
        }
        let Some(framing) = &self.now else { return };
        let (front, base) = (front(framing), self.base);
        let Self { framer, messages, counts, .. } = self;
        // The framer counts from the first byte it was given.
        let place = |start, end| Piece { from: base + start, to: base + end, ..piece };
        let mut last = messages.back().map_or(0, |m| m.piece.to);
        let result = framer.push(&record.data, |frame| {
            counts[2] += 1;
            last = base + frame.end;
            messages.push_back(Message { piece: place(frame.start, frame.end), front, len: frame.message.len() as u64 });
        });
        if let Err(error) = result {
            self.trouble = Some((last, piece.index, Trouble::Broken(error)));
        }
    }

    fn finish(&mut self, index: u64, record: &Record, wanted: &Wanted) {
        if wanted.datagrams || self.trouble.is_some() || self.now.is_none() {
            return;
        }
        let (at, held) = (record.at, self.framer.held() as u64);
        let (from, base) = (self.totals[1] - held, self.base);
        let Self { framer, messages, counts, .. } = self;
        let result = framer.finish(|frame| {
            if frame.end > frame.start {
                counts[2] += 1;
                let piece = Piece { index, at, from: base + frame.start, to: base + frame.end };
                messages.push_back(Message { piece, front: 0, len: frame.message.len() as u64 });
            }
        });
        if let Err(error) = result {
            self.trouble = Some((from, index, Trouble::Broken(error)));
        }
    }
}

fn next(total: &mut u64, index: u64, record: &Record) -> Piece {
    let from = *total;
    *total += u64::from(record.len);
    Piece { index, at: record.at, from, to: *total }
}

/// Bytes before each message.
fn front(framing: &Framing) -> u64 {
    match framing {
        Framing::Length { header, .. } => header.width.into(),
        Framing::Raw | Framing::Fixed { .. } | Framing::Delimiter { .. } | Framing::UntilClose { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::FramingKind;
    use crate::engine::EndReason;
    use crate::ui::panel::tables_fake::{conn, record};

    fn wanted(framing: Framing) -> Wanted {
        Wanted { conn: ConnId(1), peer: Some(ConnId(11)), framing, later: Vec::new(), datagrams: false }
    }

    fn log(rows: &[(u32, RecordKind, &[u8])]) -> LogView<Record> {
        let ends = [conn(1, "echo-tcp", Some("phone")), conn(11, "phone", Some("echo-tcp"))];
        let end = |n: u32| if n < 10 { &ends[0] } else { &ends[1] };
        rows.iter().map(|(n, kind, data)| record(end(*n), kind.clone(), data)).collect()
    }

    fn places(row: &VecDeque<Piece>) -> Vec<(u64, u64)> {
        row.iter().map(|p| (p.from, p.to)).collect()
    }

    #[test]
    fn sends_receives_and_messages_stand_on_one_axis() {
        use RecordKind::{Opened, Received, Sent};
        let log = log(&[
            (11, Opened, b""),
            (1, Opened, b""),
            (11, Sent, b"one\n"),
            (11, Sent, b"two\n"),
            (1, Received, b"one\ntw"),
            (1, Sent, b"not this way"),
            (1, Received, b"o\nth"),
        ]);
        let mut gathered = Gathered::default();
        gathered.update(&log, &wanted(FramingKind::Delimiter.usual()));
        assert_eq!(places(&gathered.sent), [(0, 4), (4, 8)]);
        assert_eq!(places(&gathered.received), [(0, 6), (6, 10)]);
        let messages: Vec<_> = gathered.messages.iter().map(|m| (m.piece.index, m.piece.from, m.piece.to, m.len)).collect();
        assert_eq!(messages, [(4, 0, 4, 3), (6, 4, 8, 3)], "the second message was complete with the second receive");
        assert_eq!((gathered.unfinished(), gathered.is_whole(), gathered.trouble), (Some((8, 10)), true, None));
        gathered.update(&log, &wanted(Framing::Fixed { size: 5 }));
        assert_eq!((gathered.messages.len(), gathered.unfinished(), gathered.counts), (2, None, [2, 2, 2]));
    }

    #[test]
    fn a_broken_framing_has_its_place_and_the_end_is_a_message_until_close() {
        use RecordKind::{Ended, Opened, Received};
        let rows: [(u32, RecordKind, &[u8]); 5] = [
            (1, Opened, b""),
            (1, Received, b"\0\x02ab\xff"),
            (1, Received, b"\xffno length"),
            (1, Received, b"more"),
            (1, Ended(EndReason::Orderly), b""),
        ];
        let log = log(&rows);
        let header = crate::bytes::LengthHeader { width: 2, order: crate::bytes::ByteOrder::Big, counts_itself: false };
        let mut gathered = Gathered::default();
        gathered.update(&log, &wanted(Framing::Length { header, most: 100 }));
        let error = FramingError::TooLong { len: 0xffff, most: 100 };
        assert_eq!((gathered.messages.len(), gathered.trouble), (1, Some((4, 2, Trouble::Broken(error)))));
        assert_eq!((gathered.messages[0].front, gathered.messages[0].len), (2, 2));
        gathered.update(&log, &wanted(Framing::UntilClose { most: 100 }));
        assert_eq!(gathered.messages.iter().map(|m| (m.piece.index, m.piece.to)).collect::<Vec<_>>(), [(4, 19)]);
        gathered.update(&log, &wanted(Framing::Fixed { size: 4 }));
        assert_eq!(gathered.trouble, Some((16, 4, Trouble::Broken(FramingError::Unfinished { have: 3 }))));
        assert!(!gathered.is_whole(), "the peer's beginning is not in the log");
    }

    #[test]
    fn a_log_that_kept_only_the_front_says_so_and_rows_that_left_leave() {
        let end = conn(1, "echo-tcp", None);
        let long = Record { len: 100, ..record(&end, RecordKind::Received, b"front") };
        let rows = || std::iter::repeat_n(record(&end, RecordKind::Received, b"ab"), 600).chain([long.clone()]);
        let mut log = crate::stats::Log::default();
        rows().for_each(|r| log.push(r));
        let alone = Wanted { peer: None, ..wanted(Framing::Raw) };
        let mut gathered = Gathered::default();
        gathered.update(&log.view(), &alone);
        assert_eq!((gathered.received.len(), gathered.messages.len(), gathered.is_whole()), (601, 600, false));
        assert_eq!(gathered.trouble, Some((1_200, 600, Trouble::NotKept)));
        assert!(log.evict_chunk().is_some());
        gathered.update(&log.view(), &alone);
        assert_eq!((gathered.received.len(), gathered.received[0].from), (345, 512));
    }

    #[test]
    fn what_came_before_a_change_is_cut_as_it_was_then() {
        use RecordKind::{Opened, Received};
        let log = log(&[
            (1, Opened, b""),
            (1, Received, b"one\ntw"),
            (1, Received, b"o\n"),
            (1, Received, b"abcdef"),
            (1, Received, b"\0\x02hi"),
        ]);
        let fixed = |size| Some(Framing::Fixed { size });
        let later = vec![Stretch { from: 3, framing: fixed(4) }];
        let wanted = Wanted { later, ..wanted(FramingKind::Delimiter.usual()) };
        let mut gathered = Gathered::default();
        gathered.update(&log, &wanted);
        let places: Vec<_> = gathered.messages.iter().map(|m| (m.piece.from, m.piece.to)).collect();
        assert_eq!(places, [(0, 4), (4, 8), (8, 12), (12, 16)], "lines, then four bytes each, the held ones too");
        assert_eq!((&gathered.changes[..], gathered.unfinished()), (&[(8, fixed(4))][..], Some((16, 18))));

        let later = vec![Stretch { from: 2, framing: None }, Stretch { from: 4, framing: fixed(2) }];
        gathered.update(&log, &Wanted { later, ..wanted });
        let places: Vec<_> = gathered.messages.iter().map(|m| (m.piece.from, m.piece.to)).collect();
        assert_eq!(places, [(0, 4), (14, 16), (16, 18)], "nothing is cut where nobody knows how");
    }

    #[test]
    fn each_datagram_is_a_message() {
        let rows: [(u32, RecordKind, &[u8]); 2] = [(1, RecordKind::Received, b"a"), (1, RecordKind::Received, b"bcd")];
        let mut gathered = Gathered::default();
        gathered.update(&log(&rows), &Wanted { datagrams: true, ..wanted(FramingKind::Length.usual()) });
        assert_eq!((gathered.messages.len(), gathered.trouble, gathered.messages[1].len), (2, None, 3));
    }
}
