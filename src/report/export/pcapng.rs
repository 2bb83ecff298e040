//! Rows as packets.

use std::io::{self, Write};

use super::{Origin, Written};
use crate::capture::Capture;
use crate::engine::Record;
use crate::lab::Side;

/// Bytes that are gathered for one write.
const GATHERED: usize = 256 << 10;

pub(super) fn write<'a>(
    out: &mut impl Write,
    records: impl Iterator<Item = &'a Record> + Clone,
    origin: &Origin<'_>,
) -> io::Result<Written> {
    let mut capture = Capture::new(origin.lab);
    for record in records.clone().filter(|r| r.conn.side == Side::Server && r.conn.transport.is_unix()) {
        capture.serves(&record.conn.local);
    }
    let (mut words, mut written) = (String::new(), Written::default());
    for record in records {
        let is_told = capture.push(&record.told(origin.started, &mut words));
        written.count(is_told);
        if capture.bytes().len() >= GATHERED {
            out.write_all(capture.bytes())?;
            capture.clear();
        }
    }
    out.write_all(capture.bytes())?;
    Ok(written)
}
