//! Any payload makes the same message twice, whose bytes can be spelled out again, or is refused at a character. The first byte says
//! how it is written.
#![no_main]

use std::sync::Arc;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use socketlab::bytes::{
    ByteOrder, Encoding, FieldType, MAX_MESSAGE, Moment, Template, TemplateSyntax, parse_base64, parse_hex, parse_text, to_base64, to_hex,
    to_text_string,
};

fuzz_target!(|input: (u8, u64, &str)| {
    let (kind, count, text) = input;
    let syntax = match Encoding::ALL.get(usize::from(kind)) {
        Some(encoding) => TemplateSyntax::Text(*encoding),
        None => TemplateSyntax::Hex,
    };
    let moment = Moment { count, unix: Duration::from_nanos(count), seed: count };
    let files = |path: &str| (path.len() < 9).then(|| Arc::from(path.as_bytes()));
    match Template::parse(text, syntax) {
        Ok(template) => {
            let made = template.render(&moment, &files);
            assert_eq!(made, template.render(&moment, &files));
            if let Ok(bytes) = made {
                assert!(bytes.len() <= MAX_MESSAGE);
                // The text of a megabyte is as large as many inputs.
                if bytes.len() < 10_000 {
                    let spelled = Template::parse(&syntax.spell(&bytes), syntax).expect("spelled out, bytes are a payload");
                    assert_eq!(spelled.render(&Moment::default(), &|_| None), Ok(bytes));
                }
            }
        }
        Err(error) => assert!(text.is_char_boundary(error.at) && error.column >= 1),
    }
    if let Ok(bytes) = parse_text(text) {
        assert_eq!(parse_text(&to_text_string(&bytes)), Ok(bytes));
    }
    if let Ok(bytes) = parse_hex(text) {
        assert_eq!(parse_hex(&to_hex(&bytes, usize::MAX)), Ok(bytes));
    }
    if let Ok(bytes) = parse_base64(text) {
        assert_eq!(parse_base64(&to_base64(&bytes)), Ok(bytes));
    }
    for of in FieldType::ALL {
        if let Ok(bytes) = of.write(text, ByteOrder::Little) {
            let value = of.read(&bytes, ByteOrder::Little).expect("there are enough");
            assert_eq!(of.write(&value, ByteOrder::Little), Ok(bytes));
        }
    }
});
