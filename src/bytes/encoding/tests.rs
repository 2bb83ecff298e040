//! Known texts both ways; any bytes and any cut of them.

use proptest::prelude::*;

use super::*;
use crate::bytes::{Template, TemplateSyntax, TextRun, to_text};

fn shown(runs: &[TextRun]) -> String {
    runs.iter().map(TextRun::as_str).collect()
}

#[test]
fn known_texts_both_ways() {
    for (encoding, text, bytes) in [
        (Encoding::Utf8, "é中😀", &b"\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80"[..]),
        (Encoding::Ascii, "plain", b"plain"),
        (Encoding::Utf16Le, "A中😀", b"\x41\x00\x2d\x4e\x3d\xd8\x00\xde"),
        (Encoding::Utf16Be, "A中😀", b"\x00\x41\x4e\x2d\xd8\x3d\xde\x00"),
        (Encoding::Gbk, "你好, 世界€", b"\xc4\xe3\xba\xc3, \xca\xc0\xbd\xe7\x80"),
        // GB 18030-2022: four bytes beyond GBK, and beyond the BMP.
        (Encoding::Gb18030, "中é😀ß", b"\xd6\xd0\xa8\xa6\x94\x39\xfc\x36\x81\x30\x89\x38"),
        (Encoding::Big5, "中文功", b"\xa4\xa4\xa4\xe5\xa5\x5c"),
        (Encoding::ShiftJis, "日本ｱ表", b"\x93\xfa\x96\x7b\xb1\x95\x5c"),
        (Encoding::Latin1, "né\u{80}ÿ", b"n\xe9\x80\xff"),
    ] {
        assert_eq!(encoding.encode(text).as_deref(), Ok(bytes), "{encoding}");
        if encoding != Encoding::Latin1 {
            assert_eq!(encoding.runs(bytes), [TextRun::Plain(text.into())], "{encoding}");
        }
    }
    let latin1 = [TextRun::Plain("né".into()), TextRun::Escape("\\x80".into()), TextRun::Plain("ÿ".into())];
    assert_eq!(Encoding::Latin1.runs(b"n\xe9\x80\xff"), latin1, "ISO 8859-1 has controls where windows-1252 has letters");
    assert_eq!(shown(&Encoding::Utf16Le.runs(b"a\0\n\0\\\0")), "a\\n\\\\", "escapes stand for characters");
}

#[test]
fn a_character_that_an_encoding_lacks_has_its_place() {
    for (encoding, text, at, column, c) in [
        (Encoding::Ascii, "né", 1, 2, 'é'),
        (Encoding::Latin1, "éé€", 4, 3, '€'),
        (Encoding::Gbk, "中文😀", 6, 3, '😀'),
        (Encoding::Big5, "中文国a", 6, 3, '国'),
        (Encoding::ShiftJis, "表表é表", 6, 3, 'é'),
        (Encoding::ShiftJis, "5\u{a5}", 1, 2, '\u{a5}'),
    ] {
        assert_eq!(encoding.encode(text), Err(BytesError { at, column, kind: BytesErrorKind::NotInEncoding(c, encoding) }), "{encoding}");
    }
    assert_eq!(Encoding::Big5.encode("国").unwrap_err().to_string(), "column 1: '国' does not exist in big5");
}

#[test]
fn bytes_that_are_no_character_are_seen_and_the_next_is_read() {
    for (encoding, bytes, text) in [
        (Encoding::Utf8, &b"a\xff\xe4\xb8b\xe4\xb8"[..], r"a\xff\xe4\xb8b\xe4\xb8"),
        (Encoding::Ascii, b"a\x80b", r"a\x80b"),
        (Encoding::Utf16Le, b"\x00\xd8a\0\x00\xdcb", r"\x00\xd8a\x00\xdc\x62"),
        (Encoding::Utf16Be, b"\xd8\x00\x00", r"\xd8\x00\x00"),
        (Encoding::Gbk, b"\xff\xc4\xe3\xc4", r"\xff你\xc4"),
        (Encoding::Gbk, b"\xc4\x20", r"\xc4 "),
        (Encoding::Gb18030, b"\x81\x30\x81A\x81\x30", r"\x810丄\x810"),
        (Encoding::Big5, b"\xa4\xff\xa4\xa4", r"\xa4\xff中"),
        (Encoding::ShiftJis, b"\xa0\xfd\x81", r"\xa0\xfd\x81"),
    ] {
        assert_eq!(shown(&encoding.runs(bytes)), text, "{encoding}");
    }
}

#[test]
fn a_character_cut_between_two_receives_is_put_together() {
    for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gbk, Encoding::Gb18030, Encoding::Big5] {
        let bytes = encoding.encode("中文").unwrap();
        let mut decoder = Decoder::new(encoding);
        let seen: Vec<_> = bytes.iter().map(|b| shown(&decoder.push(&[*b]))).filter(|s| !s.is_empty()).collect();
        assert_eq!(seen, ["中", "文"], "{encoding}");
        decoder.push(&bytes[..1]);
        assert_eq!(decoder.held(), &bytes[..1]);
        assert_eq!(shown(&decoder.finish()), shown(&encoding.runs(&bytes[..1])), "{encoding}: nothing is lost at the end");
        assert!(decoder.held().is_empty());
    }
}

#[test]
fn every_character_that_is_written_reads_back() {
    for encoding in Encoding::ALL {
        let mut written = 0;
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let Ok(bytes) = encoding.encode(&text) else { continue };
            written += 1;
            assert_eq!(glyph::Step::of(encoding, &bytes), glyph::Step::Char(bytes.len(), c), "{encoding} {c:?} {bytes:x?}");
        }
        let least = match encoding {
            Encoding::Ascii => 128,
            Encoding::Latin1 => 256,
            Encoding::Big5 => 13_000,
            Encoding::ShiftJis => 7_000,
            Encoding::Gbk => 23_000,
            // All but two private ones, for which the WHATWG has no bytes that come back.
            Encoding::Gb18030 => 0x10_f800 - 30,
            Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => 0x10_f800,
        };
        assert!(written >= least, "{encoding}: {written}");
    }
}

/// Bytes in which leads, trails and beginnings of four are frequent.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![any::<u8>(), 0x30..0x3a_u8, 0x81..0xff_u8, Just(b'\\'), Just(b'{'), 0xd8..0xe0_u8, Just(0)];
    prop::collection::vec(byte, 0..60)
}

fn encodings() -> impl Strategy<Value = Encoding> {
    prop::sample::select(Encoding::ALL.to_vec())
}

proptest! {
    #[test]
    fn all_bytes_are_seen_in_order(encoding in encodings(), bytes in bytes()) {
        let glyphs: Vec<_> = encoding.glyphs(&bytes).collect();
        let mut end = 0;
        for glyph in &glyphs {
            prop_assert!(glyph.bytes.start == end && glyph.bytes.end > end);
            end = glyph.bytes.end;
            let source = &bytes[glyph.bytes.clone()];
            match &glyph.run {
                // What is spelled out byte by byte is these bytes.
                TextRun::Escape(text) if text.starts_with("\\x") => {
                    prop_assert_eq!(text, &source.iter().map(|b| format!("\\x{b:02x}")).collect::<String>());
                }
                TextRun::Escape(text) => prop_assert!([r"\n", r"\r", r"\t", r"\\"].contains(&text.as_str())),
                TextRun::Plain(text) => prop_assert!(!text.is_empty()),
            }
        }
        prop_assert_eq!(end, bytes.len());
        let whole: String = glyphs.iter().map(|g| g.run.as_str()).collect();
        prop_assert_eq!(shown(&encoding.runs(&bytes)), whole);
    }

    #[test]
    fn any_bytes_spelled_out_read_back(encoding in encodings(), bytes in bytes()) {
        let syntax = TemplateSyntax::Text(encoding);
        let text = syntax.spell(&bytes);
        let template = Template::parse(&text, syntax).unwrap();
        prop_assert!(template.is_constant());
        prop_assert_eq!(template.render(&Default::default(), &|_| None), Ok(bytes), "{}", text);
    }

    #[test]
    fn any_cut_gives_the_same_text(encoding in encodings(), bytes in bytes(), cuts in prop::collection::vec(0..9_usize, 0..30)) {
        let mut decoder = Decoder::new(encoding);
        let mut seen = String::new();
        let mut rest = &bytes[..];
        for cut in cuts {
            let (now, later) = rest.split_at(cut.min(rest.len()));
            seen += &shown(&decoder.push(now));
            prop_assert!(decoder.held().len() < 4);
            rest = later;
        }
        seen += &shown(&decoder.push(rest));
        seen += &shown(&decoder.finish());
        prop_assert_eq!(seen, shown(&encoding.runs(&bytes)));
    }

    #[test]
    fn utf_8_is_seen_as_ever(bytes: Vec<u8>) {
        prop_assert_eq!(Encoding::Utf8.runs(&bytes), to_text(&bytes));
    }

    #[test]
    fn any_text_is_written_or_refused_at_a_character(encoding in encodings(), text: String) {
        match encoding.encode(&text) {
            Ok(bytes) => {
                let read: String = encoding.runs(&bytes).iter().filter_map(|r| if let TextRun::Plain(t) = r { Some(t.as_str()) } else { None }).collect();
                prop_assert!(read.chars().all(|c| text.contains(c)));
            }
            Err(error) => {
                let BytesErrorKind::NotInEncoding(c, _) = error.kind else { panic!("{error}") };
                prop_assert!(text[error.at..].starts_with(c));
            }
        }
    }
}
