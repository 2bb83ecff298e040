//! Framings and sizes as people type them in one word.

use super::{ByteOrder, Framing, FramingKind, LengthHeader, MAX_DELIMITER, MAX_FRAME};
use crate::bytes::{BytesError, parse_text};

/// The lengths that may stand before a message.
const HEADERS: [(&str, u8, ByteOrder); 7] = [
    ("u8", 1, ByteOrder::Big),
    ("u16be", 2, ByteOrder::Big),
    ("u16le", 2, ByteOrder::Little),
    ("u32be", 4, ByteOrder::Big),
    ("u32le", 4, ByteOrder::Little),
    ("u64be", 8, ByteOrder::Big),
    ("u64le", 8, ByteOrder::Little),
];

/// A framing that was typed wrong: which part, and what it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FramingTextError {
    /// Its first word names no kind.
    #[error("'{0}' is no framing: {all}", all = FramingKind::ALL.map(FramingKind::id).join(", "))]
    Kind(String),
    /// A part that means nothing for this kind.
    #[error("'{part}' is nothing for {}; see --help", kind.id())]
    Part {
        /// As typed.
        part: String,
        /// The kind.
        kind: FramingKind,
    },
    /// A kind that takes nothing after its colon.
    #[error("{} needs no '{detail}'", kind.id())]
    Detail {
        /// As typed.
        detail: String,
        /// The kind.
        kind: FramingKind,
    },
    /// A delimiter of so many bytes.
    #[error("a delimiter has at most {MAX_DELIMITER} bytes, this one {0}")]
    LongDelimiter(usize),
    /// A delimiter that is no bytes.
    #[error("delimiter, {0}")]
    Delimiter(BytesError),
    /// No length that may stand before a message.
    #[error("'{0}' is no length: {all}", all = length_names().join(", "))]
    Length(String),
    /// A size that is none.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// A size that no message has.
    #[error("a message has 1 to {MAX_FRAME} bytes")]
    MessageSize,
}

/// A number of bytes that was typed wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SizeError {
    /// What stands after the number.
    #[error("'{0}' is no unit: B, KiB, MiB, GiB, kB, MB, GB")]
    Unit(String),
    /// No number, or one too large.
    #[error("write a whole number and a unit, such as 64MiB")]
    Number,
}

/// The lengths that may stand before a message, as they are typed.
pub fn length_names() -> [&'static str; 7] {
    HEADERS.map(|(name, ..)| name)
}

/// `length:u32be,most=1MiB`: a kind, what it needs, and more after commas. A comma in a delimiter is written `\x2c`.
///
/// # Errors
/// Says which part is wrong and what it may be.
pub fn parse_framing(text: &str) -> Result<Framing, FramingTextError> {
    let mut parts = text.split(',');
    let (id, detail) = parts.next().map(|first| first.split_once(':').unwrap_or((first, ""))).unwrap_or_default();
    let kind = FramingKind::from_id(id).ok_or_else(|| FramingTextError::Kind(id.to_owned()))?;
    let mut framing = begin(kind, detail)?;
    for part in parts {
        match (part.split_once('='), &mut framing) {
            (Some(("most", value)), Framing::Delimiter { most, .. } | Framing::Length { most, .. } | Framing::UntilClose { most }) => {
                *most = within(value)?
            }
            (None, Framing::Length { header, .. }) if part == "counts-itself" => header.counts_itself = true,
            _ => return Err(FramingTextError::Part { part: part.to_owned(), kind }),
        }
    }
    Ok(framing)
}

fn begin(kind: FramingKind, detail: &str) -> Result<Framing, FramingTextError> {
    match (kind.usual(), detail) {
        (framing, "") => Ok(framing),
        (Framing::Fixed { .. }, size) => within(size).map(|size| Framing::Fixed { size }),
        (Framing::Delimiter { most, .. }, text) => match parse_text(text) {
            Ok(bytes) if bytes.len() <= MAX_DELIMITER => Ok(Framing::Delimiter { bytes, most }),
            Ok(bytes) => Err(FramingTextError::LongDelimiter(bytes.len())),
            Err(error) => Err(FramingTextError::Delimiter(error)),
        },
        (Framing::Length { header, most }, id) => {
            let found = HEADERS.iter().find(|(name, ..)| *name == id);
            let (_, width, order) = found.ok_or_else(|| FramingTextError::Length(id.to_owned()))?;
            Ok(Framing::Length { header: LengthHeader { width: *width, order: *order, ..header }, most })
        }
        (Framing::Raw | Framing::UntilClose { .. }, detail) => Err(FramingTextError::Detail { detail: detail.to_owned(), kind }),
    }
}

fn within(text: &str) -> Result<u32, FramingTextError> {
    match parse_size(text)? {
        bytes @ 1.. if bytes <= MAX_FRAME.into() => Ok(bytes as u32),
        _ => Err(FramingTextError::MessageSize),
    }
}

/// Bytes: a whole number, with `KiB`, `MiB`, `GiB` (of 1,024) or `kB`, `MB`, `GB` (of 1,000).
///
/// # Errors
/// When it is no number, or its unit is none.
pub fn parse_size(text: &str) -> Result<u64, SizeError> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (figure, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        _ => return Err(SizeError::Unit(unit.to_owned())),
    };
    let bytes = figure.parse::<u64>().ok().and_then(|n| n.checked_mul(factor));
    bytes.ok_or(SizeError::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn framings_are_typed_with_their_details() {
        let length = |width, order, counts_itself, most| Framing::Length { header: LengthHeader { width, order, counts_itself }, most };
        for (text, expected) in [
            ("raw", Framing::Raw),
            ("fixed:20", Framing::Fixed { size: 20 }),
            ("delimiter", FramingKind::Delimiter.usual()),
            (r"delimiter:\r\n,most=1KiB", Framing::Delimiter { bytes: b"\r\n".to_vec(), most: 1_024 }),
            (r"delimiter:\x2c", Framing::Delimiter { bytes: b",".to_vec(), most: 65_536 }),
            ("length", length(4, ByteOrder::Big, false, 65_536)),
            ("length:u16le,counts-itself,most=9", length(2, ByteOrder::Little, true, 9)),
            ("until-close,most=2MB", Framing::UntilClose { most: 2_000_000 }),
        ] {
            assert_eq!(parse_framing(text), Ok(expected), "{text}");
        }
        for (text, words) in [
            ("lines", "'lines' is no framing: raw, fixed, delimiter, length, until-close"),
            ("fixed:0", "1 to"),
            ("fixed:17MiB", "1 to"),
            (r"delimiter:\q", "column 1"),
            ("length:u24", "u8, u16be"),
            ("raw:5", "needs no '5'"),
            ("raw,most=5", "'most=5' is nothing for raw"),
            ("fixed:5,counts-itself", "nothing for fixed"),
        ] {
            assert!(parse_framing(text).unwrap_err().to_string().contains(words), "{text}: {:?}", parse_framing(text));
        }
    }

    #[test]
    fn sizes_have_units_of_both_kinds() {
        assert_eq!(["7", "1 KiB", "2MB", "1g"].map(parse_size), [Ok(7), Ok(1_024), Ok(2_000_000), Ok(1 << 30)]);
        assert!(["", "MiB", "1.5MiB", "5 parsecs", "99999999999GiB"].into_iter().all(|text| parse_size(text).is_err()));
    }
}
