//! What people typed, as literals of the three languages. Whatever it holds, it stays inside its quotes and means the same bytes;
//! what looks like something else (control characters, marks that turn the direction of writing) is written as an escape.

use std::fmt::Write as _;

use super::Language;

/// These bytes.
pub(super) fn bytes(language: Language, bytes: &[u8]) -> String {
    let mut text = String::from(if language == Language::C { "\"" } else { "b\"" });
    let mut before = 0;
    for &byte in bytes {
        match (byte, language) {
            (b'\n', _) => text.push_str("\\n"),
            (b'\r', _) => text.push_str("\\r"),
            (b'\t', _) => text.push_str("\\t"),
            (b'"' | b'\\', _) => text.extend(['\\', char::from(byte)]),
            // Two question marks may begin a trigraph (C11, 5.2.1.1).
            (b'?', Language::C) if before == b'?' => text.push_str("\\?"),
            (b' '..=b'~', _) => text.push(char::from(byte)),
            // Three digits are the most an octal escape takes; a hex escape in C goes on as long as there are digits.
            (_, Language::C) => put(&mut text, format_args!("\\{byte:03o}")),
            (_, Language::Python | Language::Rust) => put(&mut text, format_args!("\\x{byte:02x}")),
        }
        before = byte;
    }
    text.push('"');
    text
}

/// This text, as UTF-8 where the language has bytes in a text.
pub(super) fn text(language: Language, what: &str) -> String {
    if language == Language::C {
        return bytes(language, what.as_bytes());
    }
    let mut text = String::from("\"");
    for char in what.chars() {
        match (char, language) {
            ('"' | '\\', _) => text.extend(['\\', char]),
            (' '..='~', _) => text.push(char),
            (c, _) if c.is_alphanumeric() => text.push(c),
            (c, Language::Python | Language::C) => put(&mut text, format_args!("\\U{:08x}", u32::from(c))),
            (c, Language::Rust) => put(&mut text, format_args!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    text.push('"');
    text
}

/// A number of milliseconds as seconds with a point: `0.25`, `1.0`.
pub(super) fn seconds(ms: u64) -> String {
    format!("{:?}", ms as f64 / 1e3)
}

fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a String never fails.
    let _ok = text.write_fmt(what);
}
