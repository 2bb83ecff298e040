//! One character of an encoding and the bytes that it stands for.

use std::ops::Range;

use encoding_rs::DecoderResult;

use super::Encoding;
use crate::bytes::TextRun;
use crate::bytes::text::{escape, is_hidden, plain, spell};

/// The least that is seen as one thing: a character, or a byte that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glyph {
    /// Which bytes. Those of all glyphs together are all bytes.
    pub bytes: Range<usize>,
    /// What it shows.
    pub run: TextRun,
}

/// What bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// So many bytes are a character.
    Char(usize, char),
    /// So many bytes are two characters, one over the other; only Big5 has such.
    Two(usize, [char; 2]),
    /// So many bytes are no character.
    Bad(usize),
    /// They are the beginning of a character. If nothing comes after them, so many are none.
    More(usize),
}

/// How many bytes the first character has.
enum Width {
    Is(usize),
    Bad,
    More,
}

impl Step {
    /// What these bytes begin with; of none, `More`.
    pub fn of(encoding: Encoding, bytes: &[u8]) -> Self {
        let Some(&first) = bytes.first() else { return Self::More(0) };
        match encoding {
            Encoding::Utf16Le => utf16(bytes, u16::from_le_bytes),
            Encoding::Utf16Be => utf16(bytes, u16::from_be_bytes),
            // All others are supersets of ASCII.
            _ if first.is_ascii() => Self::Char(1, char::from(first)),
            Encoding::Ascii => Self::Bad(1),
            Encoding::Latin1 => Self::Char(1, char::from(first)),
            Encoding::Utf8 => utf8(bytes),
            Encoding::Gbk | Encoding::Gb18030 => legacy(encoding, bytes, gb_width(bytes)),
            Encoding::Big5 => legacy(encoding, bytes, two_bytes(bytes, |lead| matches!(lead, 0x81..=0xfe))),
            Encoding::ShiftJis if matches!(first, 0x80 | 0xa1..=0xdf) => legacy(encoding, bytes, Width::Is(1)),
            Encoding::ShiftJis => legacy(encoding, bytes, two_bytes(bytes, |lead| matches!(lead, 0x81..=0x9f | 0xe0..=0xfc))),
        }
    }

    /// Shows what it found in these bytes at the end of the runs, and says how many it took.
    pub fn show(self, bytes: &[u8], runs: &mut Vec<TextRun>) -> usize {
        match self {
            Self::Char(len, c) => {
                show(c, &bytes[..len], runs);
                len
            }
            Self::Two(len, chars) => {
                plain(runs).extend(chars);
                len
            }
            Self::Bad(len) | Self::More(len) => {
                spell(escape(runs), &bytes[..len]);
                len
            }
        }
    }
}

fn show(c: char, bytes: &[u8], runs: &mut Vec<TextRun>) {
    match c {
        '\n' => escape(runs).push_str("\\n"),
        '\r' => escape(runs).push_str("\\r"),
        '\t' => escape(runs).push_str("\\t"),
        '\\' => escape(runs).push_str("\\\\"),
        _ if is_hidden(c) => spell(escape(runs), bytes),
        _ => plain(runs).push(c),
    }
}

/// RFC 3629.
fn utf8(bytes: &[u8]) -> Step {
    let width = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Step::Bad(1),
    };
    match std::str::from_utf8(&bytes[..width.min(bytes.len())]) {
        Ok(text) => text.chars().next().map_or(Step::Bad(1), |c| Step::Char(width, c)),
        // What is there may still become a character.
        Err(error) if error.error_len().is_none() => Step::More(1),
        Err(_) => Step::Bad(1),
    }
}

/// RFC 2781 §2.2.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Step {
    let unit_at = |at: usize| bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map(unit);
    let Some(first) = unit_at(0) else { return Step::More(1) };
    let chars = |units: &[u16]| char::decode_utf16(units.iter().copied()).next().and_then(Result::ok);
    match (first, unit_at(2)) {
        (0xd800..=0xdbff, None) => Step::More(2),
        (0xd800..=0xdbff, Some(second)) => chars(&[first, second]).map_or(Step::Bad(2), |c| Step::Char(4, c)),
        (_, _) => chars(&[first]).map_or(Step::Bad(2), |c| Step::Char(2, c)),
    }
}

/// Two bytes after these leads. Whether the second may follow, the tables say.
fn two_bytes(bytes: &[u8], is_lead: fn(u8) -> bool) -> Width {
    if !is_lead(bytes[0]) {
        Width::Bad
    } else if bytes.len() < 2 {
        Width::More
    } else {
        Width::Is(2)
    }
}

/// GB 18030-2022: one, two or four bytes; the second says which.
fn gb_width(bytes: &[u8]) -> Width {
    match *bytes {
        [0x80, ..] => Width::Is(1),
        [0xff, ..] => Width::Bad,
        [_] => Width::More,
        [_, 0x30..=0x39] | [_, 0x30..=0x39, 0x81..=0xfe] => Width::More,
        [_, 0x30..=0x39, 0x81..=0xfe, 0x30..=0x39, ..] => Width::Is(4),
        [_, 0x30..=0x39, ..] => Width::Bad,
        _ => Width::Is(2),
    }
}

fn legacy(encoding: Encoding, bytes: &[u8], width: Width) -> Step {
    let width = match width {
        Width::Is(width) => width,
        Width::Bad => return Step::Bad(1),
        Width::More => return Step::More(1),
    };
    // Room for two characters of three bytes, and what the decoder asks for beyond that.
    let mut buffer = [0; 24];
    let mut decoder = encoding.legacy().new_decoder_without_bom_handling();
    let (result, read, written) = decoder.decode_to_utf8_without_replacement(&bytes[..width], &mut buffer, true);
    if result != DecoderResult::InputEmpty || read != width {
        return Step::Bad(1);
    }
    let mut chars = std::str::from_utf8(&buffer[..written]).unwrap_or_default().chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Step::Char(width, c),
        (Some(first), Some(second)) => Step::Two(width, [first, second]),
        (None, _) => Step::Bad(1),
    }
}
