//! Rows of the traffic log as files and as words to paste. Functions of records; nothing here opens a file or asks the engine.

mod copy;
mod csv;
mod html;
mod json;
mod literal;
mod pcapng;
mod raw;
#[cfg(test)]
mod tests;

pub use copy::{CopyAs, copy_as};
pub use json::RecordLine;

use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use crate::engine::{EndReason, Record, RecordKind};
use crate::lab::Side;

/// What a file of rows can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Packets that Wireshark and tshark open. The headers are synthesised, and the file says so.
    Pcapng,
    /// Comma-separated values, RFC 4180.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// The payload bytes one after the other, nothing else.
    Raw,
    /// Byte literals for C.
    C,
    /// For Python.
    Python,
    /// For Rust.
    Rust,
    /// One page that opens without a network.
    Html,
}

impl Format {
    /// In the order of menus.
    pub const ALL: [Self; 8] = [Self::Pcapng, Self::Csv, Self::JsonLines, Self::Raw, Self::C, Self::Python, Self::Rust, Self::Html];

    /// The stable string.
    pub fn id(self) -> &'static str {
        match self {
            Self::Pcapng => "pcapng",
            Self::Csv => "csv",
            Self::JsonLines => "json-lines",
            Self::Raw => "raw",
            Self::C => "c",
            Self::Python => "python",
            Self::Rust => "rust",
            Self::Html => "html",
        }
    }

    /// The format with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.id() == id)
    }

    /// How files of it are called, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pcapng => "pcapng",
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Raw => "bin",
            Self::C => "h",
            Self::Python => "py",
            Self::Rust => "rs",
            Self::Html => "html",
        }
    }
}

/// Where the rows come from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The lab's name.
    pub lab: &'a str,
    /// [`Snapshot::started`](crate::engine::Snapshot::started): the time of day at which the rows' clock began.
    pub started: SystemTime,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows that the file tells of.
    pub rows: u64,
    /// Rows that a format has no place for: the second telling of a connection whose two ends are ours (pcapng), rows without
    /// bytes (raw and literals).
    pub left_out: u64,
}

impl Written {
    fn count(&mut self, is_told: bool) {
        if is_told { self.rows += 1 } else { self.left_out += 1 }
    }
}

/// Writes rows, oldest first, as they come; nothing is held back but what a format needs of each connection.
///
/// # Errors
/// What `out` answers.
pub fn write<'a>(
    out: &mut impl Write,
    records: impl Iterator<Item = &'a Record> + Clone,
    format: Format,
    origin: &Origin<'_>,
) -> io::Result<Written> {
    match format {
        Format::Pcapng => pcapng::write(out, records, origin),
        Format::Csv => csv::write(out, records, origin),
        Format::JsonLines => json::write(out, records, origin),
        Format::Raw => raw::write(out, records),
        Format::C => literal::write(out, records, origin, &literal::C),
        Format::Python => literal::write(out, records, origin, &literal::PYTHON),
        Format::Rust => literal::write(out, records, origin, &literal::RUST),
        Format::Html => html::write(out, records, origin),
    }
}

/// The stable word for what a row tells.
pub fn kind_id(kind: &RecordKind) -> &'static str {
    match kind {
        RecordKind::Received => "received",
        RecordKind::Sent => "sent",
        RecordKind::Opened => "opened",
        RecordKind::Ended(_) => "ended",
    }
}

/// The stable word for why a connection ended.
pub fn end_id(reason: &EndReason) -> &'static str {
    match reason {
        EndReason::Orderly => "orderly",
        EndReason::Reset => "reset",
        EndReason::Here => "here",
        EndReason::Service => "service",
        EndReason::Idle => "idle",
        EndReason::Framing(_) => "framing",
        EndReason::Failed(_) => "failed",
    }
}

fn side_id(side: Side) -> &'static str {
    match side {
        Side::Server => "server",
        Side::Client => "client",
    }
}

/// Whether bytes moved; they may be none, as in an empty datagram.
fn has_bytes(record: &Record) -> bool {
    matches!(record.kind, RecordKind::Received | RecordKind::Sent)
}

/// The time of day in UTC, RFC 3339 with microseconds: `2026-03-05T10:42:47.118000Z`.
pub fn utc(started: SystemTime, at: Duration) -> String {
    let since = (started + at).duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:06}Z", since.subsec_micros())
}

/// The day of the proleptic Gregorian calendar, so many days after 1970-01-01 (H. Hinnant, `civil_from_days`).
fn civil(days: u64) -> (u64, u64, u64) {
    // Years begin in March here, so that the day that comes and goes is the last one.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}
