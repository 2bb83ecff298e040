//! Our own JSON lines.

use std::collections::HashMap;
use std::io::BufRead;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use super::{FIRST_ID, ImportError, Imported, Limits, Rows};
use crate::bytes::parse_hex;
use crate::engine::{Cause, ConnId, ConnInfo, EndReason, Failure, Operation, Record, RecordKind};
use crate::lab::EndpointId;
use crate::report::export::RecordLine;

/// The longest line: a row of 64 KiB has less than half of it.
const LONGEST: u64 = 1 << 20;

/// What was seen so far.
struct Reading {
    rows: Rows,
    started: Option<SystemTime>,
    /// By their ids in the file.
    conns: HashMap<u64, Arc<ConnInfo>>,
    endpoints: HashMap<String, EndpointId>,
    /// Ends that belong together.
    pairs: Vec<(u64, u64)>,
}

pub(super) fn read(mut from: impl BufRead, limits: &Limits) -> Result<Imported, ImportError> {
    let mut reading =
        Reading { rows: Rows::new(limits), started: None, conns: HashMap::new(), endpoints: HashMap::new(), pairs: Vec::new() };
    let mut line = Vec::new();
    let mut number = 0;
    let mut is_cut_off = false;
    while !reading.rows.is_full {
        line.clear();
        number += 1;
        // `take` makes a reader of the reference, so that the rest stays.
        let came = std::io::Read::take(&mut from, LONGEST).read_until(b'\n', &mut line)? as u64;
        if came == 0 {
            break;
        }
        let broken = |why: String| ImportError::Line { line: number, why };
        let is_whole = line.last() == Some(&b'\n');
        if !is_whole && came == LONGEST {
            return Err(broken("the line is longer than any row".to_owned()));
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice::<RecordLine>(&line) {
            Ok(row) => reading.take(row).map_err(broken)?,
            // Whoever wrote it was cut off; the rows before are whole.
            Err(error) if error.is_eof() && !is_whole && number > 1 => is_cut_off = true,
            Err(error) => return Err(broken(error.to_string())),
        }
    }
    reading.pair();
    let Reading { mut rows, started, .. } = reading;
    let started = started.unwrap_or(SystemTime::UNIX_EPOCH);
    Ok(Imported { records: rows.log.view(), started, left_out: 0, missing: 0, is_cropped: rows.is_full, is_cut_off })
}

impl Reading {
    fn take(&mut self, row: RecordLine) -> Result<(), String> {
        let at = Duration::try_from_secs_f64(row.seconds).map_err(|_| format!("{} is no time", row.seconds))?;
        if self.started.is_none() {
            self.started = parse_utc(&row.utc).and_then(|utc| utc.checked_sub(at));
        }
        let data = parse_hex(&row.hex).map_err(|e| format!("hex, {e}"))?;
        if data.len() > row.bytes as usize {
            return Err(format!("{} bytes, but the call moved {}", data.len(), row.bytes));
        }
        let kind = kind(&row)?;
        let conn = self.conn(&row, at);
        self.rows.push(Record { at, conn, kind, data: data.into(), len: row.bytes, cut: row.cut });
        Ok(())
    }

    fn conn(&mut self, row: &RecordLine, at: Duration) -> Arc<ConnInfo> {
        let next = self.conns.len() as u64;
        let endpoint = FIRST_ID + self.endpoints.len() as u64;
        let session = *self.endpoints.entry(row.endpoint.clone()).or_insert(EndpointId(endpoint));
        if let Some(conn) = self.conns.get(&row.id)
            && conn.session == session
        {
            return Arc::clone(conn);
        }
        let conn = Arc::new(ConnInfo {
            id: ConnId(FIRST_ID + next),
            session,
            side: row.side,
            transport: row.transport,
            session_name: row.endpoint.as_str().into(),
            number: row.connection,
            fd: -1,
            local: row.local.as_str().into(),
            peer: row.peer.as_str().into(),
            opened: at,
            other_end: OnceLock::new(),
        });
        self.pairs.extend(row.other.map(|other| (row.id, other)));
        self.conns.insert(row.id, Arc::clone(&conn));
        conn
    }

    fn pair(&self) {
        for (one, other) in &self.pairs {
            if let (Some(one), Some(other)) = (self.conns.get(one), self.conns.get(other)) {
                let _known_already = one.other_end.set((other.session, other.id, Arc::clone(&other.session_name)));
            }
        }
    }
}

fn kind(row: &RecordLine) -> Result<RecordKind, String> {
    let why = || row.why.clone().unwrap_or_else(|| "it failed".to_owned());
    Ok(match (row.kind.as_str(), row.end.as_deref()) {
        ("received", _) => RecordKind::Received,
        ("sent", _) => RecordKind::Sent,
        ("opened", _) => RecordKind::Opened,
        ("ended", Some("orderly") | None) => RecordKind::Ended(EndReason::Orderly),
        ("ended", Some("reset")) => RecordKind::Ended(EndReason::Reset),
        ("ended", Some("here")) => RecordKind::Ended(EndReason::Here),
        ("ended", Some("service")) => RecordKind::Ended(EndReason::Service),
        ("ended", Some("idle")) => RecordKind::Ended(EndReason::Idle),
        ("ended", Some("failed")) => RecordKind::Ended(failed(&row.peer, &why())),
        ("ended", Some(other)) => return Err(format!("'{other}' is no end: orderly, reset, here, service, idle, failed")),
        (other, _) => return Err(format!("'{other}' is no kind: received, sent, opened, ended")),
    })
}

/// The words of a failure are kept; what it was exactly is not in a file.
pub(super) fn failed(endpoint: &str, words: &str) -> EndReason {
    EndReason::Failed(Failure::because(Operation::Connect, endpoint, Cause::Other(words.into())))
}

/// RFC 3339 as it is written here: in UTC, with or without a fraction.
fn parse_utc(text: &str) -> Option<SystemTime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.splitn(3, '-').map(str::parse::<u64>);
    let mut next = || date.next()?.ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let mut time = time.splitn(3, ':');
    let (hour, minute) = (time.next()?.parse::<u64>().ok()?, time.next()?.parse::<u64>().ok()?);
    let (second, fraction) = time.next().map(|s| s.split_once('.').unwrap_or((s, "0")))?;
    let nanos = format!("{fraction:0<9}").get(..9)?.parse::<u32>().ok()?;
    let second = second.parse::<u64>().ok()?;
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // H. Hinnant, `days_from_civil`: years begin in March.
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year % 400 * 365 + year % 400 / 4 - year % 400 / 100 + day_of_year;
    let days = (year / 400 * 146_097 + day_of_era).checked_sub(719_468)?;
    Some(SystemTime::UNIX_EPOCH + Duration::new(days * 86_400 + hour * 3_600 + minute * 60 + second, nanos))
}
