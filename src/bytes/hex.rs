//! Hex digits and bytes. Pairs only: half a byte is a mistake, never a zero.

use std::fmt::Write as _;

use super::{BytesError, BytesErrorKind};

/// Bytes from pairs of hex digits. Blanks and line ends may stand between pairs, never inside one.
///
/// # Errors
/// With the place of the first digit that is none, or has no partner.
pub fn parse_hex(text: &str) -> Result<Vec<u8>, BytesError> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut chars = text.char_indices().peekable();
    while let Some((at, first)) = chars.next() {
        if first.is_whitespace() {
            continue;
        }
        let high = digit(first).ok_or_else(|| BytesError::new(text, at, BytesErrorKind::BadDigit(first)))?;
        let half = || BytesError::new(text, at, BytesErrorKind::HalfByte(first));
        let (next, second) = chars.next().ok_or_else(half)?;
        if second.is_whitespace() {
            return Err(half());
        }
        let low = digit(second).ok_or_else(|| BytesError::new(text, next, BytesErrorKind::BadDigit(second)))?;
        bytes.push(high << 4 | low);
    }
    Ok(bytes)
}

/// Lower-case pairs with one blank between them; after `limit` bytes an ellipsis.
pub fn to_hex(bytes: &[u8], limit: usize) -> String {
    let shown = &bytes[..bytes.len().min(limit)];
    let mut text = String::with_capacity(shown.len() * 3 + 4);
    for byte in shown {
        let blank = if text.is_empty() { "" } else { " " };
        // Writing to a String cannot fail.
        let _infallible = write!(text, "{blank}{byte:02x}");
    }
    if shown.len() < bytes.len() {
        text.push_str(if text.is_empty() { "…" } else { " …" });
    }
    text
}

/// The value of one hex digit.
pub(super) fn digit(c: char) -> Option<u8> {
    c.to_digit(16).and_then(|d| u8::try_from(d).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pairs_with_blanks_and_line_ends_between() {
        assert_eq!(parse_hex("706f 6E\n 0A\t"), Ok(vec![0x70, 0x6f, 0x6e, 0x0a]));
        assert_eq!(parse_hex(""), Ok(vec![]));
    }

    #[test]
    fn mistakes_are_refused_with_their_place() {
        for (text, at, column, kind) in [
            ("7", 0, 1, BytesErrorKind::HalfByte('7')),
            ("70 6", 3, 4, BytesErrorKind::HalfByte('6')),
            ("7 06f", 0, 1, BytesErrorKind::HalfByte('7')),
            ("70 6g", 4, 5, BytesErrorKind::BadDigit('g')),
            ("0x70", 1, 2, BytesErrorKind::BadDigit('x')),
            ("70\u{3000}中", 5, 4, BytesErrorKind::BadDigit('中')),
        ] {
            assert_eq!(parse_hex(text), Err(BytesError { at, column, kind }), "{text}");
        }
        assert_eq!(parse_hex("70 6g").unwrap_err().to_string(), "column 5: 'g' is not a hex digit: 0 to 9, a to f");
    }

    #[test]
    fn a_long_view_ends_in_an_ellipsis() {
        assert_eq!(to_hex(b"pong", 3), "70 6f 6e …");
        assert_eq!(to_hex(b"pon", 3), "70 6f 6e");
        assert_eq!(to_hex(b"pon", 0), "…");
    }

    proptest! {
        #[test]
        fn hex_reads_back(bytes: Vec<u8>) {
            prop_assert_eq!(parse_hex(&to_hex(&bytes, usize::MAX)), Ok(bytes));
        }

        #[test]
        fn any_text_is_bytes_or_has_a_place(text in "\\PC*|[0-9a-fA-F \n]*") {
            match parse_hex(&text) {
                Ok(bytes) => prop_assert_eq!(bytes.len() * 2, text.chars().filter(|c| !c.is_whitespace()).count()),
                Err(e) => prop_assert!(text.is_char_boundary(e.at) && e.column == text[..e.at].chars().count() + 1),
            }
        }
    }
}
