//! Rows of traffic from files: pcapng of any program, and our own JSON lines. To look at, or to replay.
//!
//! Bounded: rows and bytes beyond the limits stay in the file, and that is said. What is not understood is counted, never guessed.

mod conversation;
mod json;
mod pcapng;
mod reassembly;
mod replay;
#[cfg(test)]
mod tests;

pub use replay::{Replay, replay};

use std::io::{BufRead, BufReader, Read};
use std::time::SystemTime;

use crate::capture::ReadError;
use crate::engine::{LogView, Record};
use crate::stats::Log;

/// Ids of imported connections and endpoints begin here: no running one has them.
pub const FIRST_ID: u64 = 1 << 63;

/// How much is taken from a file.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Rows.
    pub rows: usize,
    /// Payload bytes.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 1_000_000, bytes: 256 << 20 }
    }
}

/// What a file told.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The rows in the order of the file; their clock begins with `started`.
    pub records: LogView<Record>,
    /// The time of day at which that was.
    pub started: SystemTime,
    /// Packets or lines that say nothing of a connection: other protocols, fragments, what was sent a second time.
    pub left_out: u64,
    /// Bytes of streams that no packet of the file has; each gap is a row that has its length and no bytes.
    pub missing: u64,
    /// The file has more than the limits allow.
    pub is_cropped: bool,
    /// The file ends in the middle: whoever wrote it was cut off.
    pub is_cut_off: bool,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Neither.
    #[error("this is neither pcapng nor JSON lines of traffic")]
    Unknown,
    /// As pcapng.
    #[error(transparent)]
    Pcapng(#[from] ReadError),
    /// As JSON lines.
    #[error("line {line}: {why}")]
    Line {
        /// From 1.
        line: u64,
        /// What is wrong there.
        why: String,
    },
    /// The system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Reads rows; which of the formats it is, the first bytes tell.
///
/// # Errors
/// When it is none of them, or broken.
pub fn read(from: impl Read, limits: &Limits) -> Result<Imported, ImportError> {
    let mut from = BufReader::new(from);
    let begin = from.fill_buf()?;
    match begin.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'{') => json::read(from, limits),
        Some(_) => match pcapng::read(from, limits) {
            Err(ImportError::Pcapng(ReadError::NotPcapng)) => Err(ImportError::Unknown),
            other => other,
        },
        None => Err(ImportError::Unknown),
    }
}

/// Rows within the limits.
struct Rows {
    log: Log<Record>,
    limits: Limits,
    bytes: u64,
    missing: u64,
    is_full: bool,
}

impl Rows {
    fn new(limits: &Limits) -> Self {
        Self { log: Log::default(), limits: *limits, bytes: 0, missing: 0, is_full: false }
    }

    /// Takes a row, as long as there is room.
    fn push(&mut self, record: Record) {
        self.bytes += record.data.len() as u64;
        self.is_full |= self.log.len() >= self.limits.rows || self.bytes > self.limits.bytes;
        if !self.is_full {
            self.log.push(record);
        }
    }
}
