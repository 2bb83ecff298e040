//! Any bytes are packets or refused, and a packet says no more than it has.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketlab::capture::{Reader, dissect};

fuzz_target!(|input: (u16, &[u8])| {
    let (link, file) = input;
    let mut reader = Reader::new(file);
    while let Ok(Some(packet)) = reader.next_packet() {
        if let Some(dissected) = dissect(packet.link, packet.data) {
            assert!(dissected.data.len() <= dissected.len);
        }
    }
    dissect(link, file);
});
