//! Rows as JSON lines. What is written is read back by [`import`](crate::report::import).

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::{Origin, Written, end_id, kind_id, utc};
use crate::bytes::{to_hex, to_text_string};
use crate::engine::{EndReason, Record, RecordKind};
use crate::lab::{Side, Transport};

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordLine {
    /// Since the engine started.
    pub seconds: f64,
    /// The same moment of the day, RFC 3339.
    pub utc: String,
    /// `received`, `sent`, `opened` or `ended`.
    pub kind: String,
    /// The endpoint that holds this end.
    pub endpoint: String,
    /// Server or client.
    pub side: Side,
    /// Kind of socket.
    pub transport: Transport,
    /// Number of the connection within the endpoint.
    pub connection: u32,
    /// Names this end of the connection within one file.
    pub id: u64,
    /// This end's address.
    pub local: String,
    /// The other end's.
    pub peer: String,
    /// The id of the other end, when it is one of the lab's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<u64>,
    /// Bytes the call moved; more than `hex` has if only the front was kept.
    pub bytes: u32,
    /// A datagram whose rest was lost.
    pub cut: bool,
    /// How it ended: `orderly`, `reset`, `here`, `service`, `idle` or `failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// Why it failed, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The bytes to be read; not read back.
    #[serde(default)]
    pub text: String,
    /// The bytes.
    pub hex: String,
}

impl RecordLine {
    /// Of a row.
    pub fn of(record: &Record, origin: &Origin<'_>) -> Self {
        let conn = &*record.conn;
        let (end, why) = match &record.kind {
            RecordKind::Ended(EndReason::Failed(failure)) => (Some("failed"), Some(failure.to_string())),
            RecordKind::Ended(reason) => (Some(end_id(reason)), None),
            RecordKind::Received | RecordKind::Sent | RecordKind::Opened => (None, None),
        };
        Self {
            seconds: record.at.as_secs_f64(),
            utc: utc(origin.started, record.at),
            kind: kind_id(&record.kind).to_owned(),
            endpoint: conn.session_name.to_string(),
            side: conn.side,
            transport: conn.transport,
            connection: conn.number,
            id: conn.id.0,
            local: conn.local.to_string(),
            peer: conn.peer.to_string(),
            other: conn.other_end.get().map(|(_, id, _)| id.0),
            bytes: record.len,
            cut: record.cut,
            end: end.map(str::to_owned),
            why,
            text: to_text_string(&record.data),
            hex: to_hex(&record.data, usize::MAX),
        }
    }
}

pub(super) fn write<'a>(out: &mut impl Write, records: impl Iterator<Item = &'a Record>, origin: &Origin<'_>) -> io::Result<Written> {
    let mut written = Written::default();
    for record in records {
        serde_json::to_writer(&mut *out, &RecordLine::of(record, origin))?;
        out.write_all(b"\n")?;
        written.count(true);
    }
    Ok(written)
}
