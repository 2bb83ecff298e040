//! Text with escapes and bytes. Valid UTF-8 stays readable; everything else is spelled out, so that each byte is seen.

use std::fmt::Write as _;

use super::hex::digit;
use super::{BytesError, BytesErrorKind};

/// A stretch of a text view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextRun {
    /// As it is.
    Plain(String),
    /// One or more escapes: `\n`, `\x00`, `\\`, `\xff\xfe`.
    Escape(String),
}

impl TextRun {
    /// What it shows.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Escape(text) => text,
        }
    }
}

/// Bytes from UTF-8 text with the escapes `\n \r \t \0 \xHH \\`.
///
/// # Errors
/// With the place of the first unknown or incomplete escape.
pub fn parse_text(text: &str) -> Result<Vec<u8>, BytesError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(back) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..back]);
        let at = text.len() - rest.len() + back;
        let refuse = |kind| Err(BytesError::new(text, at, kind));
        let mut after = rest[back + 1..].chars();
        bytes.push(match after.next() {
            None => return refuse(BytesErrorKind::LoneBackslash),
            Some('n') => b'\n',
            Some('r') => b'\r',
            Some('t') => b'\t',
            Some('0') => 0,
            Some('\\') => b'\\',
            Some('x') => match (after.next().and_then(digit), after.next().and_then(digit)) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => return refuse(BytesErrorKind::ShortHexEscape),
            },
            Some(other) => return refuse(BytesErrorKind::UnknownEscape(other)),
        });
        rest = after.as_str();
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

/// The bytes as readable runs. [`parse_text`] of all runs together gives the same bytes.
pub fn to_text(bytes: &[u8]) -> Vec<TextRun> {
    let mut runs = Vec::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => escape(&mut runs).push_str("\\n"),
                '\r' => escape(&mut runs).push_str("\\r"),
                '\t' => escape(&mut runs).push_str("\\t"),
                '\\' => escape(&mut runs).push_str("\\\\"),
                _ if is_hidden(c) => spell(escape(&mut runs), c.encode_utf8(&mut [0; 4]).as_bytes()),
                _ => plain(&mut runs).push(c),
            }
        }
        if !chunk.invalid().is_empty() {
            spell(escape(&mut runs), chunk.invalid());
        }
    }
    runs
}

/// The runs of [`to_text`] as one text.
pub fn to_text_string(bytes: &[u8]) -> String {
    to_text(bytes).iter().map(TextRun::as_str).collect()
}

/// Characters that draw nothing, or rearrange what stands around them (UAX #9): a view must not hide them.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

pub(super) fn spell(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        let _infallible = write!(text, "\\x{byte:02x}");
    }
}

pub(super) fn plain(runs: &mut Vec<TextRun>) -> &mut String {
    if !matches!(runs.last(), Some(TextRun::Plain(_))) {
        runs.push(TextRun::Plain(String::new()));
    }
    last(runs)
}

pub(super) fn escape(runs: &mut Vec<TextRun>) -> &mut String {
    if !matches!(runs.last(), Some(TextRun::Escape(_))) {
        runs.push(TextRun::Escape(String::new()));
    }
    last(runs)
}

fn last(runs: &mut [TextRun]) -> &mut String {
    match runs.last_mut() {
        Some(TextRun::Plain(text) | TextRun::Escape(text)) => text,
        None => unreachable!("both callers have just made sure of a run"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_become_bytes() {
        assert_eq!(parse_text(r"hello\n"), Ok(b"hello\n".to_vec()));
        assert_eq!(parse_text(r"\r\n\t\0\x7F\xff\\x"), Ok(b"\r\n\t\0\x7f\xff\\x".to_vec()));
        assert_eq!(parse_text("中文\n"), Ok("中文\n".as_bytes().to_vec()));
    }

    #[test]
    fn unknown_and_incomplete_escapes_are_refused_with_their_place() {
        for (text, at, column, kind) in [
            (r"a\q", 1, 2, BytesErrorKind::UnknownEscape('q')),
            (r"中\", 3, 2, BytesErrorKind::LoneBackslash),
            (r"\n\x4", 2, 3, BytesErrorKind::ShortHexEscape),
            (r"\xg0", 0, 1, BytesErrorKind::ShortHexEscape),
            (r"\x+1", 0, 1, BytesErrorKind::ShortHexEscape),
            (r"\N", 0, 1, BytesErrorKind::UnknownEscape('N')),
        ] {
            assert_eq!(parse_text(text), Err(BytesError { at, column, kind }), "{text}");
        }
        let words = parse_text(r"a\q").unwrap_err().to_string();
        assert_eq!(words, r"column 2: '\q' is not an escape: write \n \r \t \0 \xHH or \\");
    }

    #[test]
    fn readable_text_stays_and_the_rest_is_spelled_out() {
        let plain = |s: &str| TextRun::Plain(s.into());
        let escape = |s: &str| TextRun::Escape(s.into());
        assert_eq!(to_text("你好\r\n!".as_bytes()), [plain("你好"), escape(r"\r\n"), plain("!")]);
        assert_eq!(to_text(b"a\0\\\xff\xe4\xbd"), [plain("a"), escape(r"\x00\\\xff\xe4\xbd")]);
        assert_eq!(to_text("x\u{202e}y".as_bytes()), [plain("x"), escape(r"\xe2\x80\xae"), plain("y")]);
        assert_eq!(to_text(b""), []);
    }

    proptest! {
        #[test]
        fn any_bytes_read_back(bytes: Vec<u8>) {
            prop_assert_eq!(parse_text(&to_text_string(&bytes)), Ok(bytes));
        }

        #[test]
        fn any_text_reads_back(text in any::<String>()) {
            prop_assert_eq!(parse_text(&to_text_string(text.as_bytes())), Ok(text.into_bytes()));
        }

        #[test]
        fn any_text_is_bytes_or_has_a_place(text in r"(\\|[nrt0x]|[0-9a-f]|\PC)*") {
            if let Err(e) = parse_text(&text) {
                prop_assert_eq!(&text[e.at..=e.at], "\\");
                prop_assert_eq!(e.column, text[..e.at].chars().count() + 1);
            }
        }
    }
}
