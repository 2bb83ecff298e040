//! Any file is rows or refused, within its limits; rows that were read are exported again without loss of bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketlab::report::export::{Format, Origin, write};
use socketlab::report::import::{Limits, read};

fuzz_target!(|file: &[u8]| {
    let limits = Limits { rows: 1_000, bytes: 1 << 20 };
    let Ok(back) = read(file, &limits) else { return };
    assert!(back.records.len() <= limits.rows);
    let held: u64 = back.records.iter().map(|r| r.data.len() as u64).sum();
    assert!(held <= limits.bytes);
    for format in Format::ALL {
        let origin = Origin { lab: "fuzz", started: back.started };
        assert!(write(&mut Vec::new(), back.records.iter(), format, &origin).is_ok());
    }
});
