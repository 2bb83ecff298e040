//! What each field makes, the words of mistakes, and that any text makes the same bytes or has a place.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::bytes::{BytesErrorKind, Checksum, parse_hex, parse_text};

const TEXT: TemplateSyntax = TemplateSyntax::Text(Encoding::Utf8);

/// 2026-11-21 12:55:02.034 UTC.
const MOMENT: Moment = Moment { count: 0, unix: Duration::from_millis(1_795_265_702_034), seed: 7 };

fn make(text: &str, syntax: TemplateSyntax, count: u64) -> Result<Vec<u8>, RenderError> {
    let files = |path: &str| (path == "dir/a b.bin").then(|| Arc::from(&b"\0file"[..]));
    Template::parse(text, syntax).unwrap_or_else(|e| panic!("{text}: {e}")).render(&Moment { count, ..MOMENT }, &files)
}

fn text(text: &str) -> Vec<u8> {
    make(text, TEXT, 0).unwrap()
}

#[test]
fn each_field_makes_its_bytes() {
    for (payload, bytes) in [
        ("a{{counter}}b", &b"a1b"[..]),
        ("{{counter 300 u16be}}{{counter 300 u16le}}{{counter 300 u16}}", b"\x01\x2c\x2c\x01\x01\x2c"),
        ("{{counter 300 u8}}{{counter 1234 d3}}{{counter 7 d3}}", b"\x2c234007"),
        ("{{counter 0xff}}", b"255"),
        ("{{time}}", b"2026-11-21T12:55:02.034Z"),
        ("{{time s}} {{time ms}} {{time us}} {{time ns}}", b"1795265702 1795265702034 1795265702034000 1795265702034000000"),
        ("{{time u32be}}{{time s u32le}}", b"\x6b\x01\x94\xa6\xa6\x94\x01\x6b"),
        ("{{count 4}}{{count 3 0xfe}}", b"\0\x01\x02\x03\xfe\xff\0"),
        ("{{hex 0d 0A}}{{ hex 00 }}{{hex}}", b"\r\n\0"),
        ("{{base64 aGk=}}", b"hi"),
        ("{{file dir/a b.bin}}!", b"\0file!"),
        ("{{length u16be}}body", b"\0\x04body"),
        ("{{length u32le ..}}body", b"\x08\0\0\0body"),
        ("x{{length d4 -3..-1}}body", b"x0002body"),
        ("123456789{{crc32}}", b"123456789\xcb\xf4\x39\x26"),
        ("123456789{{CRC-16/MODBUS le}}", b"123456789\x37\x4b"),
        ("$123456789*{{xor HEX 1..-5}}{{crc8 hex 1..10}}", b"$123456789*31f4"),
        ("{{inet}}", b"\xff\xff"),
        (r"\{{counter}} {\{ {x} }} \x00\0\n\\", b"{{counter}} {{ {x} }} \0\0\n\\"),
    ] {
        let made = text(payload);
        assert_eq!(made, bytes, "{payload}: {}", String::from_utf8_lossy(&made));
    }
    assert_eq!(make("48 69{{counter u8}} 0a", TemplateSyntax::Hex, 4).unwrap(), b"Hi\x05\n");
    assert_eq!(make("{{time}}{{length u8 ..}}", TemplateSyntax::Hex, 0).unwrap(), b"2026-11-21T12:55:02.034Z\x19");
    let utf16 = TemplateSyntax::Text(Encoding::Utf16Le);
    assert_eq!(make(r"é{{counter}}\n\{\xff{{counter u8}}{{counter d2}}", utf16, 0).unwrap(), b"\xe9\x001\0\n\0{\0\xff\x010\x001\0");
}

#[test]
fn messages_differ_where_they_should() {
    let line: Vec<_> = (0..3).map(|n| String::from_utf8(make("{{counter 9}},", TEXT, n).unwrap()).unwrap()).collect();
    assert_eq!(line.concat(), "9,10,11,");
    assert_eq!(make("{{counter 255 u8}}", TEXT, 1).unwrap(), [0], "and begin again");
    assert_eq!(make("{{counter 0xffffffffffffffff}}", TEXT, 1).unwrap(), b"0");
    let random = |n| make("{{random 16}}{{random 16}}", TEXT, n).unwrap();
    assert_eq!(random(0), random(0));
    assert!(random(0) != random(1) && random(0)[..16] != random(0)[16..]);
    for (payload, constant) in
        [("a{{count 9}}{{length u8}}{{xor}}{{file x}}", true), ("{{counter}}", false), ("{{time}}", false), ("{{random 1}}", false)]
    {
        assert_eq!(Template::parse(payload, TEXT).unwrap().is_constant(), constant, "{payload}");
    }
    let files = Template::parse("{{file a}}{{counter}}{{file  b c }}", TEXT).unwrap();
    assert_eq!(files.files().collect::<Vec<_>>(), ["a", "b c"]);
}

#[test]
fn sums_are_over_the_finished_message() {
    // A length inside a checksum, a checksum inside a checksum, and what comes after both.
    let made = text("{{length u16be 2..}}data{{crc16 0..6}}{{crc32 0..8}}end");
    let crc = |name: &str, bytes: &[u8]| Checksum::named(name).unwrap().of(bytes);
    assert_eq!(made[..2], [0, 4 + 2 + 4 + 3]);
    assert_eq!(made[6..8], (crc("crc16", &made[..6]) as u16).to_be_bytes());
    assert_eq!(made[8..12], crc("crc32", &made[..8]).to_be_bytes());
    // RFC 1071 §1 (2): the field itself counts as zeros, and then the whole sums up to nothing.
    assert_eq!(crc("inet", &text("{{hex 4500 0073 0000 4000 4011}}{{inet ..}}{{hex c0a8 0001 c0a8 00c7}}")), 0);
    // Of a sum that is still to come, zeros.
    assert_eq!(text("{{xor 1..2}}{{xor 0..0}}")[0], 0);
    let ended = Template::parse("ab{{xor HEX}}{{length u8 ..}}", TEXT).unwrap().followed_by(b"\r\n");
    assert_eq!(ended.render(&MOMENT, &|_| None).unwrap(), b"ab03\x07\r\n", "a line ending belongs to the message");
}

#[test]
fn mistakes_have_their_place() {
    use BytesErrorKind as Kind;
    use FieldKind as F;
    for (payload, column, kind) in [
        ("ab{{counter", 3, Kind::OpenField),
        ("中{{ nope }}", 5, Kind::UnknownField),
        ("{{}}", 3, Kind::UnknownField),
        ("{{{counter}}}", 3, Kind::UnknownField),
        ("{{Counter}}", 3, Kind::UnknownField),
        ("{{counter 1 u24}}", 13, Kind::BadArgument(F::Counter)),
        ("{{counter u8 1}}", 14, Kind::BadArgument(F::Counter)),
        ("{{counter -1}}", 11, Kind::BadArgument(F::Counter)),
        ("{{time u8 s}}", 11, Kind::BadArgument(F::Time)),
        ("{{random}}", 9, Kind::BadArgument(F::Random)),
        ("{{random 0}}", 10, Kind::BadArgument(F::Random)),
        ("{{random 16777217}}", 10, Kind::BadArgument(F::Random)),
        ("{{count 4 256}}", 11, Kind::BadArgument(F::Count)),
        ("{{length}}", 9, Kind::BadArgument(F::Length)),
        ("{{length u8 1..x}}", 13, Kind::BadArgument(F::Length)),
        ("{{crc32 0..4 le}}", 14, Kind::BadArgument(F::Checksum)),
        ("{{file }}", 7, Kind::BadArgument(F::File)),
        ("a{{hex 0g}}", 9, Kind::BadDigit('g')),
        ("a{{hex  0}}", 9, Kind::HalfByte('0')),
        ("a{{base64 *}}", 11, Kind::BadBase64('*')),
        (r"{{counter}}\q", 12, Kind::UnknownEscape('q')),
        (r"{{counter}}\x0", 12, Kind::ShortHexEscape),
        (r"{{counter}}\", 12, Kind::LoneBackslash),
    ] {
        let error = Template::parse(payload, TEXT).unwrap_err();
        assert_eq!((error.column, error.kind), (column, kind), "{payload}");
    }
    let error = Template::parse("00{{counter u8}}0", TemplateSyntax::Hex).unwrap_err();
    assert_eq!((error.column, error.kind), (17, Kind::HalfByte('0')));
    let error = Template::parse("é{{counter}}中é", TemplateSyntax::Text(Encoding::Latin1)).unwrap_err();
    assert_eq!((error.column, error.kind), (13, Kind::NotInEncoding('中', Encoding::Latin1)));
    assert_eq!(Template::parse(&"{{xor}}".repeat(257), TEXT).unwrap_err().kind, Kind::TooManyFields);
    assert_eq!(
        Template::parse("{{x}}", TEXT).unwrap_err().to_string(),
        "column 3: there is no such field: counter, time, random, count, hex, base64, file, length, crc8, crc16, crc32, inet, xor; for a brace write \\{"
    );
}

#[test]
fn a_message_that_cannot_be_made_names_its_field() {
    for (payload, column, kind) in [
        ("a{{file nowhere}}", 4, RenderErrorKind::NoFile("nowhere".into())),
        ("a{{length u8 3..}}", 4, RenderErrorKind::OutsideMessage { len: 2 }),
        ("a{{crc8 2..1}}", 4, RenderErrorKind::OutsideMessage { len: 2 }),
        ("a{{crc8 -3..}}", 4, RenderErrorKind::OutsideMessage { len: 2 }),
        ("{{length u8}}{{count 256}}", 3, RenderErrorKind::DoesNotFit { number: 256 }),
        ("{{length d2}}{{count 100}}", 3, RenderErrorKind::DoesNotFit { number: 100 }),
        ("{{random 16777216}}{{time}}", 22, RenderErrorKind::TooLarge),
        ("{{random 16777216}}{{random 16777216}}", 22, RenderErrorKind::TooLarge),
        ("{{count 16777000}}{{xor ..}}{{xor ..}}{{xor ..}}{{xor ..}}{{xor ..}}", 61, RenderErrorKind::TooMuchSummed),
    ] {
        assert_eq!(make(payload, TEXT, 0), Err(RenderError { column, kind }), "{payload}");
    }
    assert_eq!(make("{{random 16777216}}", TEXT, 0).unwrap().len(), MAX_MESSAGE);
}

/// Text in which fields are frequent.
fn payloads() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "{{",
        "}}",
        "{",
        "}",
        "\\",
        "\\{",
        " ",
        "counter",
        "time",
        "random",
        "count",
        "hex",
        "base64",
        "file",
        "length",
        "crc32",
        "xor",
        "inet",
        "u8",
        "u16le",
        "d4",
        "ms",
        "le",
        "HEX",
        "0..",
        "-1..",
        "..-2",
        "..",
        "1",
        "300",
        "0x10",
        "0d",
        "中",
        "é",
        "\\x0a",
        "{{counter}}",
        "{{length u8}}",
        "{{xor}}",
    ]);
    prop::collection::vec(word, 0..14).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn a_text_without_a_field_means_what_it_meant(text in r"(\\[nrt0\\]|\\x[0-9a-f]{2}|[^\\{]|\{[^{\\])*") {
        let made = Template::parse(&text, TEXT).map(|t| t.render(&MOMENT, &|_| None).unwrap());
        prop_assert_eq!(made, parse_text(&text));
    }

    #[test]
    fn hex_without_a_field_means_what_it_meant(text in "([0-9a-fA-F g\n]|\\{[0-9a-f ])*") {
        let made = Template::parse(&text, TemplateSyntax::Hex).map(|t| t.render(&MOMENT, &|_| None).unwrap());
        prop_assert_eq!(made, parse_hex(&text));
    }

    #[test]
    fn any_text_makes_the_same_bytes_twice_or_has_a_place(
        text in prop_oneof![payloads(), any::<String>()], hex: bool, encoding in prop::sample::select(Encoding::ALL.to_vec()), count: u64, seconds: u64,
    ) {
        let syntax = if hex { TemplateSyntax::Hex } else { TemplateSyntax::Text(encoding) };
        match Template::parse(&text, syntax) {
            Ok(template) => {
                let moment = Moment { count, unix: Duration::from_secs(seconds), seed: count };
                let files = |_: &str| Some(Arc::from(&b"f"[..]));
                let made = template.render(&moment, &files);
                prop_assert_eq!(&made, &template.render(&moment, &files));
                if let (true, Ok(made)) = (template.is_constant(), made) {
                    prop_assert_eq!(Ok(made), template.render(&MOMENT, &files));
                }
            }
            Err(error) => {
                prop_assert!(text.is_char_boundary(error.at), "{error}");
                prop_assert_eq!(error.column, text[..error.at].chars().count() + 1);
            }
        }
    }

    #[test]
    fn bytes_spelled_as_hex_read_back(bytes: Vec<u8>) {
        prop_assert_eq!(make(&TemplateSyntax::Hex.spell(&bytes), TemplateSyntax::Hex, 0), Ok(bytes));
    }
}
