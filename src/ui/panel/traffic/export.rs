//! Rows of the log as CSV or JSON lines. Pure; bounded, because it is made within one frame.

use std::fmt::Write as _;

use crate::bytes::{to_hex, to_text_string};
use crate::engine::{Record, RecordKind, Snapshot};
use crate::ui::widget::format;

/// Rows exported at most: the newest.
pub const ROWS: usize = 20_000;
/// Characters exported at most.
const CHARS: usize = 16 << 20;

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// Comma-separated values, RFC 4180.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

/// The newest rows of `indices` (newest first), oldest first in the answer; and how many there are.
pub fn write(snap: &Snapshot, indices: impl Iterator<Item = u64>, how: As) -> (String, usize) {
    let mut lines = Vec::new();
    let mut size = 0;
    for record in indices.take(ROWS).filter_map(|i| snap.traffic.get(i)) {
        let line = match how {
            As::Csv => csv(snap, record),
            As::JsonLines => json(snap, record),
        };
        size += line.len();
        if size > CHARS {
            break;
        }
        lines.push(line);
    }
    let mut text = match how {
        As::Csv => "seconds,utc,kind,session,connection,local,peer,bytes,cut,text,hex\r\n".to_owned(),
        As::JsonLines => String::new(),
    };
    text.extend(lines.iter().rev().map(String::as_str));
    (text, lines.len())
}

fn kind(record: &Record) -> &'static str {
    match record.kind {
        RecordKind::Received => "received",
        RecordKind::Sent => "sent",
        RecordKind::Opened => "opened",
        RecordKind::Ended(_) => "ended",
    }
}

fn csv(snap: &Snapshot, record: &Record) -> String {
    let conn = &record.conn;
    let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut line = format!("{:.6},{},{},", record.at.as_secs_f64(), format::utc(snap.started, record.at), kind(record));
    // Writing to a String cannot fail.
    let _infallible = write!(
        line,
        "{},{},{},{},{},{},{},{}\r\n",
        quote(&conn.session_name),
        conn.number,
        quote(&conn.local),
        quote(&conn.peer),
        record.len,
        record.cut,
        quote(&to_text_string(&record.data)),
        quote(&to_hex(&record.data, usize::MAX)),
    );
    line
}

fn json(snap: &Snapshot, record: &Record) -> String {
    let conn = &record.conn;
    let value = serde_json::json!({
        "seconds": record.at.as_secs_f64(),
        "utc": format::utc(snap.started, record.at),
        "kind": kind(record),
        "session": &*conn.session_name,
        "connection": conn.number,
        "local": &*conn.local,
        "peer": &*conn.peer,
        "bytes": record.len,
        "cut": record.cut,
        "text": to_text_string(&record.data),
        "hex": to_hex(&record.data, usize::MAX),
    });
    format!("{value}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panel::tables_fake::{conn, record, snapshot};

    #[test]
    fn rows_become_lines_with_quotes_doubled() {
        let end = conn(3, "echo, \"tcp\"", None);
        let rows = [record(&end, RecordKind::Received, b"a\"b\n"), record(&end, RecordKind::Sent, b"\xff")];
        let snap = Snapshot { traffic: rows.into_iter().collect(), ..snapshot() };
        let (csv, rows) = write(&snap, [1, 0].into_iter(), As::Csv);
        let lines: Vec<_> = csv.split_terminator("\r\n").collect();
        assert_eq!(rows, 2);
        assert_eq!(
            lines[1],
            r#"42.118000,10:42:47.118,received,"echo, ""tcp""",3,"127.0.0.1:7788","127.0.0.1:51843",4,false,"a""b\n","61 22 62 0a""#
        );
        let (json, _) = write(&snap, [1, 0].into_iter(), As::JsonLines);
        let second: serde_json::Value = serde_json::from_str(json.lines().nth(1).unwrap()).unwrap();
        assert_eq!((&second["kind"], &second["hex"], &second["text"]), (&"sent".into(), &"ff".into(), &"\\xff".into()));
    }
}
