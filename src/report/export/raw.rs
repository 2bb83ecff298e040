//! Payload bytes and nothing else.

use std::io::{self, Write};

use super::{Written, has_bytes};
use crate::engine::Record;

pub(super) fn write<'a>(out: &mut impl Write, records: impl Iterator<Item = &'a Record>) -> io::Result<Written> {
    let mut written = Written::default();
    for record in records {
        out.write_all(&record.data)?;
        written.count(has_bytes(record));
    }
    Ok(written)
}
