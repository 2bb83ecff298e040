//! Any bytes in any encoding are seen whole, the same however they are cut, and any text is encoded or refused at its character.
#![no_main]

use libfuzzer_sys::fuzz_target;
use socketlab::bytes::{BytesErrorKind, Decoder, Encoding, Template, TemplateSyntax, TextRun};

fuzz_target!(|input: (u8, Vec<u8>, &[u8])| {
    let (kind, cuts, bytes) = input;
    let encoding = Encoding::ALL[usize::from(kind) % Encoding::ALL.len()];
    let whole = shown(&encoding.runs(bytes));
    let mut decoder = Decoder::new(encoding);
    let mut seen = String::new();
    let mut rest = bytes;
    for cut in cuts {
        let (piece, later) = rest.split_at(rest.len().min(cut.into()));
        seen += &shown(&decoder.push(piece));
        rest = later;
    }
    seen += &shown(&decoder.push(rest));
    seen += &shown(&decoder.finish());
    assert_eq!(seen, whole);
    let ends = encoding.glyphs(bytes).fold(0, |at, glyph| {
        assert_eq!(glyph.bytes.start, at);
        glyph.bytes.end
    });
    assert_eq!(ends, bytes.len());
    let syntax = TemplateSyntax::Text(encoding);
    let spelled = Template::parse(&syntax.spell(bytes), syntax).expect("spelled out, bytes are a payload");
    assert_eq!(spelled.render(&Default::default(), &|_| None).as_deref(), Ok(bytes));
    let text = String::from_utf8_lossy(bytes);
    match encoding.encode(&text) {
        Ok(written) => {
            let again = Template::parse(&syntax.spell(&written), syntax).expect("spelled out, bytes are a payload");
            assert_eq!(again.render(&Default::default(), &|_| None), Ok(written));
        }
        Err(error) => {
            assert!(matches!(error.kind, BytesErrorKind::NotInEncoding(c, _) if text[error.at..].starts_with(c)));
        }
    }
});

fn shown(runs: &[TextRun]) -> String {
    runs.iter().map(TextRun::as_str).collect()
}
