//! A row's bytes as characters: one that was cut between two receives is put together in the row that completes it. Pure.

use std::collections::HashMap;

use crate::bytes::{Decoder, Encoding, TextRun};
use crate::engine::{LogView, Record, RecordKind};

/// Rows looked back and ahead for the neighbour of a row in its stream.
const REACH: u64 = 2_048;
/// Bytes of the row before that tell where its last character begins.
const TAIL: usize = 4 << 10;
/// Rows remembered.
const KEPT: usize = 4_096;

/// What a row shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Its text.
    pub runs: Vec<TextRun>,
    /// Bytes at its end that are the beginning of a character, which the next row of this stream shows whole.
    pub goes_on: usize,
}

/// Remembers what was found out about rows in sight.
#[derive(Debug, Default)]
pub struct Texts {
    encoding: Encoding,
    /// What a row has of a character from the one before.
    before: HashMap<u64, Vec<u8>>,
}

impl Texts {
    /// The first `most` bytes of a row in this encoding.
    pub fn show(&mut self, log: &LogView<Record>, index: u64, encoding: Encoding, most: usize) -> Shown {
        let Some(record) = log.get(index) else { return Shown::default() };
        if self.encoding != encoding || self.before.len() > KEPT {
            (self.encoding, self.before) = (encoding, HashMap::new());
        }
        let front = self.before.entry(index).or_insert_with(|| cut_before(log, index, record, encoding));
        let mut decoder = Decoder::new(encoding);
        let mut runs = decoder.push(front);
        let data = &record.data[..record.data.len().min(most)];
        runs.extend(decoder.push(data));
        let held = decoder.held().len().min(data.len());
        if held > 0 && data.len() == record.data.len() {
            if joins(record) && neighbour(log, index, record, true).is_some() {
                return Shown { runs, goes_on: held };
            }
            runs.extend(decoder.finish());
        }
        Shown { runs, goes_on: 0 }
    }
}

/// Whether its bytes are part of a stream.
fn joins(record: &Record) -> bool {
    record.conn.transport.is_stream() && record.data.len() as u64 == u64::from(record.len)
}

/// The row before or after this one in the same direction of the same stream.
fn neighbour<'a>(log: &'a LogView<Record>, index: u64, of: &Record, after: bool) -> Option<&'a Record> {
    let step = |n: u64| if after { index.checked_add(n) } else { index.checked_sub(n) };
    let there = (1..REACH).map_while(|n| log.get(step(n)?));
    let mut same = there.filter(|r| r.conn.id == of.conn.id && (r.kind == of.kind || matches!(r.kind, RecordKind::Opened)));
    same.next().filter(|r| r.kind == of.kind)
}

/// The bytes that the row before left of a character.
fn cut_before(log: &LogView<Record>, index: u64, record: &Record, encoding: Encoding) -> Vec<u8> {
    if !joins(record) {
        return Vec::new();
    }
    let Some(before) = neighbour(log, index, record, false).filter(|r| joins(r)) else { return Vec::new() };
    let data = &before.data[safe_start(&before.data, encoding)..];
    let mut decoder = Decoder::new(encoding);
    // What it shows is the other row's affair.
    let _shown = decoder.push(data);
    decoder.held().to_vec()
}

/// Where one may begin to read without being inside a character: after the last byte that no multi-byte sequence holds.
fn safe_start(data: &[u8], encoding: Encoding) -> usize {
    let far = data.len().saturating_sub(TAIL);
    match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => far & !1,
        Encoding::Utf8 | Encoding::Ascii | Encoding::Latin1 | Encoding::Gbk | Encoding::Gb18030 | Encoding::Big5 | Encoding::ShiftJis => {
            data[far..].iter().rposition(|b| *b < 0x30).map_or(far, |at| far + at + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panel::tables_fake::{conn, record};

    fn text(shown: &Shown) -> String {
        shown.runs.iter().map(TextRun::as_str).collect()
    }

    #[test]
    fn a_character_cut_between_two_receives_stands_in_the_second() {
        let (a, b) = (conn(1, "echo-tcp", None), conn(2, "echo-tcp", None));
        for (encoding, bytes) in [
            (Encoding::Utf8, "中文".as_bytes().to_vec()),
            (Encoding::Gbk, vec![0xd6, 0xd0, 0xce, 0xc4]),
            (Encoding::Utf16Le, vec![0x2d, 0x4e, 0x87, 0x65]),
        ] {
            let cut = bytes.len() / 2 + 1;
            let other = record(&b, RecordKind::Received, b"between");
            let rows = [record(&a, RecordKind::Received, &bytes[..cut]), other, record(&a, RecordKind::Received, &bytes[cut..])];
            let log: LogView<Record> = rows.into_iter().collect();
            let mut texts = Texts::default();
            let [first, second] = [0, 2].map(|n| texts.show(&log, n, encoding, 99));
            assert_eq!((text(&first), first.goes_on, text(&second)), ("中".into(), 1, "文".into()), "{encoding}");
        }
    }

    #[test]
    fn what_never_becomes_a_character_is_spelled_out() {
        let a = conn(1, "echo-tcp", None);
        let rows = [b"\xe4\xbd".as_slice(), b"x", b"\xe4"].map(|data| record(&a, RecordKind::Received, data));
        let log: LogView<Record> = rows.into_iter().collect();
        let mut texts = Texts::default();
        let shown = [0, 1, 2].map(|n| texts.show(&log, n, Encoding::Utf8, 99));
        assert_eq!(shown.each_ref().map(text), ["", r"\xe4\xbdx", r"\xe4"]);
        assert_eq!(shown.map(|s| s.goes_on), [2, 0, 0]);
    }
}
