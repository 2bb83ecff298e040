//! Rows as one HTML page that needs nothing else: no script, no network.

use std::io::{self, Write};

use super::{Origin, Written, end_id, has_bytes, side_id, utc};
use crate::bytes::{TextRun, to_hex, to_text};
use crate::engine::{EndReason, Record, RecordKind};

/// Of a row's bytes, shown in the line; all of them stand in a fold below.
const IN_LINE: usize = 120;

const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="Socketlab">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Traffic of TITLE</title>
<style>
:root { color-scheme: light dark }
body { font: 14px/1.5 system-ui, sans-serif; margin: 2em }
table { border-collapse: collapse; width: 100% }
th { position: sticky; top: 0; background: Canvas; text-align: left }
th, td { padding: 2px 8px; vertical-align: top; border-bottom: 1px solid color-mix(in srgb, CanvasText 15%, Canvas) }
td, pre { font-family: ui-monospace, monospace; font-size: 13px }
pre { white-space: pre-wrap; word-break: break-all; margin: .5em 0 }
.n { text-align: right; white-space: nowrap }
.rx { color: light-dark(#0b62c4, #6cb2ff) }
.tx { color: light-dark(#b3540b, #ffab5e) }
.end, .esc { opacity: .7 }
.end td { font-style: italic }
</style>
</head>
<body>
<h1>Traffic of TITLE</h1>
<table>
<thead><tr><th class="n">Seconds</th><th>Time (UTC)</th><th>Endpoint</th><th>Connection</th><th>What</th><th>Other end</th><th class="n">Bytes</th><th>Data</th></tr></thead>
<tbody>
"#;

pub(super) fn write<'a>(out: &mut impl Write, records: impl Iterator<Item = &'a Record>, origin: &Origin<'_>) -> io::Result<Written> {
    let mut written = Written::default();
    out.write_all(HEAD.replace("TITLE", &escaped(origin.lab)).as_bytes())?;
    for record in records {
        row(out, record, origin)?;
        written.count(true);
    }
    writeln!(out, "</tbody>\n</table>\n<p>{} rows, written by Socketlab {}.</p>", written.rows, env!("CARGO_PKG_VERSION"))?;
    out.write_all(b"</body>\n</html>\n")?;
    Ok(written)
}

fn row(out: &mut impl Write, record: &Record, origin: &Origin<'_>) -> io::Result<()> {
    let conn = &*record.conn;
    let (class, what) = match &record.kind {
        RecordKind::Received => ("rx", "← received".to_owned()),
        RecordKind::Sent => ("tx", "→ sent".to_owned()),
        RecordKind::Opened => ("end", "opened".to_owned()),
        RecordKind::Ended(EndReason::Failed(failure)) => ("end", escaped(&failure.to_string())),
        RecordKind::Ended(reason) => ("end", format!("ended: {}", end_id(reason))),
    };
    let other = match conn.other_end.get() {
        Some((_, _, name)) => format!("{} ({})", escaped(name), escaped(&conn.peer)),
        None => escaped(&conn.peer),
    };
    write!(
        out,
        "<tr class=\"{class}\"><td class=\"n\">{:.6}</td><td>{}</td><td title=\"{}, {}, {}\">{}</td><td class=\"n\">{}</td><td>{what}{}</td><td>{other}</td>",
        record.at.as_secs_f64(),
        utc(origin.started, record.at),
        side_id(conn.side),
        conn.transport.id(),
        escaped(&conn.local),
        escaped(&conn.session_name),
        conn.number,
        if record.cut { " (cut)" } else { "" },
    )?;
    if !has_bytes(record) {
        return writeln!(out, "<td></td><td></td></tr>");
    }
    write!(out, "<td class=\"n\">{}</td><td>{}", record.len, text(&record.data[..record.data.len().min(IN_LINE)]))?;
    if record.data.len() > IN_LINE {
        write!(out, "<details><summary>all {} bytes</summary><pre>{}</pre></details>", record.data.len(), text(&record.data))?;
    }
    writeln!(out, "<details><summary>hex</summary><pre>{}</pre></details></td></tr>", to_hex(&record.data, usize::MAX))
}

fn text(bytes: &[u8]) -> String {
    let run = |run: TextRun| match run {
        TextRun::Plain(text) => escaped(&text),
        TextRun::Escape(text) => format!("<span class=\"esc\">{}</span>", escaped(&text)),
    };
    to_text(bytes).into_iter().map(run).collect()
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // A control character has no place in HTML.
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}
