//! Any text is a filter or has a place; a filter's words mean the same filter; completion stays within the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketlab::report::filter::{Filter, Names, complete};

fuzz_target!(|input: (String, usize)| {
    let (text, cursor) = input;
    match Filter::parse(&text) {
        Ok(filter) => assert_eq!(Filter::parse(&filter.to_string()), Ok(filter)),
        Err(error) => assert!(text.is_char_boundary(error.at) && text.is_char_boundary(error.end) && error.at <= error.end),
    }
    let names = Names { endpoints: &["echo tcp", "中"], addresses: &["127.0.0.1:7788"], connections: &[1, 2] };
    for offer in complete(&text, cursor, &names) {
        assert!(text.get(offer.replaces).is_some());
    }
});
