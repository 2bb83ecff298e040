//! Rows as comma-separated values, RFC 4180.

use std::io::{self, Write};

use super::{Origin, Written, kind_id, utc};
use crate::bytes::{to_hex, to_text_string};
use crate::engine::{EndReason, Record, RecordKind};

const HEAD: &str = "seconds,utc,kind,endpoint,side,transport,connection,local,peer,bytes,cut,end,text,hex\r\n";

pub(super) fn write<'a>(out: &mut impl Write, records: impl Iterator<Item = &'a Record>, origin: &Origin<'_>) -> io::Result<Written> {
    let mut written = Written::default();
    out.write_all(HEAD.as_bytes())?;
    for record in records {
        let conn = &*record.conn;
        write!(
            out,
            "{:.9},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n",
            record.at.as_secs_f64(),
            utc(origin.started, record.at),
            kind_id(&record.kind),
            quoted(&conn.session_name),
            super::side_id(conn.side),
            conn.transport.id(),
            conn.number,
            quoted(&conn.local),
            quoted(&conn.peer),
            record.len,
            record.cut,
            quoted(&end(&record.kind)),
            quoted(&to_text_string(&record.data)),
            quoted(&to_hex(&record.data, usize::MAX)),
        )?;
        written.count(true);
    }
    Ok(written)
}

fn end(kind: &RecordKind) -> String {
    match kind {
        RecordKind::Ended(EndReason::Failed(failure)) => failure.to_string(),
        RecordKind::Ended(reason) => super::end_id(reason).to_owned(),
        RecordKind::Received | RecordKind::Sent | RecordKind::Opened => String::new(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
