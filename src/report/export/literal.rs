//! Rows as byte literals of a programming language: one value for each row, named by its place, with a comment that says what it is.

use std::io::{self, Write};

use super::{Origin, Written, has_bytes, utc};
use crate::engine::{Record, RecordKind};

/// Bytes in a line.
const IN_A_LINE: usize = 16;

/// How a language spells bytes.
pub(super) struct Language {
    comment: &'static str,
    /// `N` is the row's number, `L` the number of bytes.
    begin: &'static str,
    /// Around the bytes of one line.
    line: (&'static str, &'static str),
    byte: fn(&mut String, u8),
    end: &'static str,
    /// Instead of all of it, when there is no byte.
    empty: &'static str,
}

/// C99: an array of at least one element, so an empty row has one that is not counted.
pub(super) const C: Language = Language {
    comment: "// ",
    begin: "static const unsigned char row_N[L] = {",
    line: ("    ", ""),
    byte: |text, byte| text.push_str(&format!("0x{byte:02x}, ")),
    end: "};",
    empty: "static const unsigned char row_N[1] = { 0 }; // no bytes",
};

/// Python 3.
pub(super) const PYTHON: Language = Language {
    comment: "# ",
    begin: "row_N = (",
    line: ("    b\"", "\""),
    byte: |text, byte| text.push_str(&format!("\\x{byte:02x}")),
    end: ")",
    empty: "row_N = b\"\"",
};

/// Rust.
pub(super) const RUST: Language = Language {
    comment: "// ",
    begin: "pub const ROW_N: [u8; L] = [",
    line: ("    ", ""),
    byte: |text, byte| text.push_str(&format!("0x{byte:02x}, ")),
    end: "];",
    empty: "pub const ROW_N: [u8; 0] = [];",
};

pub(super) fn write<'a>(
    out: &mut impl Write,
    records: impl Iterator<Item = &'a Record>,
    origin: &Origin<'_>,
    language: &Language,
) -> io::Result<Written> {
    let mut written = Written::default();
    writeln!(out, "{}Bytes of the lab \"{}\", by Socketlab.", language.comment, plain(origin.lab))?;
    for record in records {
        written.count(has_bytes(record));
        if has_bytes(record) {
            row(out, record, origin, language, written.rows)?;
        }
    }
    Ok(written)
}

fn row(out: &mut impl Write, record: &Record, origin: &Origin<'_>, language: &Language, number: u64) -> io::Result<()> {
    let conn = &*record.conn;
    let way = if record.kind == RecordKind::Sent { "to" } else { "from" };
    let (when, name, peer) = (utc(origin.started, record.at), plain(&conn.session_name), plain(&conn.peer));
    writeln!(out, "\n{}{when} {name} #{} {way} {peer}, {} bytes", language.comment, conn.number, record.len)?;
    let fill = |text: &str| text.replace('N', &number.to_string()).replace('L', &record.data.len().to_string());
    if record.data.is_empty() {
        return writeln!(out, "{}", fill(language.empty));
    }
    writeln!(out, "{}", fill(language.begin))?;
    let mut line = String::new();
    for bytes in record.data.chunks(IN_A_LINE) {
        line.clear();
        line.push_str(language.line.0);
        bytes.iter().for_each(|byte| (language.byte)(&mut line, *byte));
        line.truncate(line.trim_end().len());
        line.push_str(language.line.1);
        writeln!(out, "{line}")?;
    }
    writeln!(out, "{}", language.end)
}

/// Names come from files and peers: a line end in one would end the comment.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '\\' { ' ' } else { c }).collect()
}
