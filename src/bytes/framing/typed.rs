//! Framings and sizes as people type them in one word.

use super::{ByteOrder, Framing, FramingKind, LengthHeader, MAX_DELIMITER, MAX_FRAME};
use crate::bytes::parse_text;

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

/// `length:u32be,most=1MiB`: a kind, what it needs, and more after commas. A comma in a delimiter is written `\x2c`.
///
/// # Errors
/// Says which part is wrong and what it may be.
pub fn parse_framing(text: &str) -> Result<Framing, String> {
    let mut parts = text.split(',');
    let (id, detail) = parts.next().map(|first| first.split_once(':').unwrap_or((first, ""))).unwrap_or_default();
    let kinds = || FramingKind::ALL.map(FramingKind::id).join(", ");
    let kind = FramingKind::from_id(id).ok_or_else(|| format!("'{id}' is no framing: {}", kinds()))?;
    let mut framing = begin(kind, detail)?;
    for part in parts {
        match (part.split_once('='), &mut framing) {
            (Some(("most", value)), Framing::Delimiter { most, .. } | Framing::Length { most, .. } | Framing::UntilClose { most }) => {
                *most = within(value)?
            }
            (None, Framing::Length { header, .. }) if part == "counts-itself" => header.counts_itself = true,
            _ => return Err(format!("'{part}' is nothing for {id}; see --help")),
        }
    }
    Ok(framing)
}

fn begin(kind: FramingKind, detail: &str) -> Result<Framing, String> {
    match (kind.usual(), detail) {
        (framing, "") => Ok(framing),
        (Framing::Fixed { .. }, size) => within(size).map(|size| Framing::Fixed { size }),
        (Framing::Delimiter { most, .. }, text) => match parse_text(text) {
            Ok(bytes) if bytes.len() <= MAX_DELIMITER => Ok(Framing::Delimiter { bytes, most }),
            Ok(bytes) => Err(format!("a delimiter has at most {MAX_DELIMITER} bytes, this one {}", bytes.len())),
            Err(error) => Err(format!("delimiter, {error}")),
        },
        (Framing::Length { header, most }, id) => {
            let found = HEADERS.iter().find(|(name, ..)| *name == id);
            let all = || HEADERS.map(|(name, ..)| name).join(", ");
            let (_, width, order) = found.ok_or_else(|| format!("'{id}' is no length: {}", all()))?;
            Ok(Framing::Length { header: LengthHeader { width: *width, order: *order, ..header }, most })
        }
        (Framing::Raw | Framing::UntilClose { .. }, detail) => Err(format!("{} needs no '{detail}'", kind.id())),
    }
}

fn within(text: &str) -> Result<u32, String> {
    match parse_size(text)? {
        bytes @ 1.. if bytes <= MAX_FRAME.into() => Ok(bytes as u32),
        _ => Err(format!("a message has 1 to {MAX_FRAME} bytes")),
    }
}

/// Bytes: a whole number, with `KiB`, `MiB`, `GiB` (of 1,024) or `kB`, `MB`, `GB` (of 1,000).
///
/// # Errors
/// When it is no number, or its unit is none.
pub fn parse_size(text: &str) -> Result<u64, String> {
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
        _ => return Err(format!("'{unit}' is no unit: B, KiB, MiB, GiB, kB, MB, GB")),
    };
    let bytes = figure.parse::<u64>().ok().and_then(|n| n.checked_mul(factor));
    bytes.ok_or_else(|| "write a whole number and a unit, such as 64MiB".to_owned())
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
            assert!(parse_framing(text).unwrap_err().contains(words), "{text}: {:?}", parse_framing(text));
        }
    }

    #[test]
    fn sizes_have_units_of_both_kinds() {
        assert_eq!(["7", "1 KiB", "2MB", "1g"].map(parse_size), [Ok(7), Ok(1_024), Ok(2_000_000), Ok(1 << 30)]);
        assert!(["", "MiB", "1.5MiB", "5 parsecs", "99999999999GiB"].into_iter().all(|text| parse_size(text).is_err()));
    }
}
