//! Any text is a lab that reads back as written, over the file it came from too, or is refused with a place of the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketlab::engine::catalog::known;
use socketlab::lab::{parse, write};

fuzz_target!(|text: &str| {
    match parse(text, &known()) {
        Ok(lab) => {
            let again = parse(&write(&lab, None), &known()).expect("what is written is read");
            assert!(again.same_document(&lab));
            let over = parse(&write(&lab, Some(text)), &known()).expect("what is written over the file is read");
            assert!(over.same_document(&lab));
        }
        Err(error) => {
            assert!(error.line >= 1 && error.line <= text.split('\n').count() && error.column >= 1);
            assert!(!error.to_string().contains(char::is_control));
        }
    }
});
