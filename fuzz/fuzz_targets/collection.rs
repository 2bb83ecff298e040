//! Any file is packets of another program, refused with a place, or none of these; packets that were read can be written in a
//! lab file and come back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketlab::engine::catalog;
use socketlab::lab::{self, Lab};
use socketlab::report::collection::read;

fuzz_target!(|file: &[u8]| {
    let Some(Ok(found)) = read(file) else { return };
    for saved in found.packets {
        let text = lab::write(&Lab::of_packets(vec![saved.clone()]), None);
        assert_eq!(lab::parse(&text, &catalog::known()).map(|lab| lab.packets), Ok(vec![saved]));
    }
});
