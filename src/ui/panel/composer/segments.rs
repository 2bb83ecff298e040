//! Which characters of a payload's text say which of its bytes, and the text after a change of bytes. Fields are left as they
//! are written. Pure.

use std::ops::Range;
use std::sync::Arc;

use crate::bytes::{BytesError, Moment, RenderError, Template, TemplateSyntax, parse_base64, to_base64};
use crate::lab::{Packet, PacketFormat};

use super::keys::Splice;

/// The files of a payload, as far as they are read.
pub type FilesOf<'a> = &'a dyn Fn(&str) -> Option<Arc<[u8]>>;

/// A stretch of the text: bytes as they are written, or one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// In the text.
    pub text: Range<usize>,
    /// In the bytes.
    pub bytes: Range<usize>,
    /// Whether a field made them.
    pub is_field: bool,
}

/// How a packet's text is read; `None` for base64 and files, which have no fields.
pub fn syntax(packet: &Packet) -> Option<TemplateSyntax> {
    match packet.format {
        PacketFormat::Text => Some(TemplateSyntax::Text(packet.encoding)),
        PacketFormat::Hex => Some(TemplateSyntax::Hex),
        PacketFormat::Base64 | PacketFormat::File => None,
    }
}

/// The stretches of a text without mistakes: one of bytes, maybe empty, before, between and after the fields.
///
/// # Errors
/// When a field cannot be made.
pub fn segments(text: &str, syntax: TemplateSyntax, moment: &Moment, files: FilesOf<'_>) -> Result<Vec<Segment>, RenderError> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    let len = |piece: &str| -> Result<usize, RenderError> {
        Template::parse(piece, syntax).map_or(Ok(0), |t| t.render(moment, files).map(|bytes| bytes.len()))
    };
    for field in fields(text, syntax) {
        let written = len(&text[from..field.start])?;
        found.push(Segment { text: from..field.start, bytes: at..at + written, is_field: false });
        at += written;
        // By itself: what it is about may lie outside of it, its size does not depend on that.
        let made = len(&without_range(&text[field.clone()]))?;
        found.push(Segment { text: field.clone(), bytes: at..at + made, is_field: true });
        at += made;
        from = field.end;
    }
    let written = len(&text[from..])?;
    found.push(Segment { text: from..text.len(), bytes: at..at + written, is_field: false });
    Ok(found)
}

/// Where the fields stand in a text.
pub fn fields(text: &str, syntax: TemplateSyntax) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if matches!(syntax, TemplateSyntax::Text(_)) && rest.starts_with('\\') {
            // The escape and the character after it.
            at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
        } else if rest.starts_with("{{")
            && let Some(end) = rest.find("}}")
        {
            found.push(at..at + end + 2);
            at += end + 2;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// The path of a field that is a file's bytes.
pub fn file_of(field: &str) -> Option<&str> {
    let inside = field.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    inside.strip_prefix("file").filter(|rest| rest.starts_with(char::is_whitespace)).map(str::trim)
}

/// A length or checksum without the range it is about.
fn without_range(field: &str) -> String {
    if file_of(field).is_some() || !field.contains("..") {
        return field.to_owned();
    }
    let inside = field.trim_start_matches("{{").trim_end_matches("}}");
    let words: Vec<&str> = inside.split_whitespace().filter(|word| !word.contains("..")).collect();
    format!("{{{{{}}}}}", words.join(" "))
}

/// The text after a splice of its bytes; `None` when it would change what a field made.
pub fn spliced(packet: &Packet, bytes: &[u8], segments: &[Segment], splice: &Splice) -> Option<String> {
    let Some(syntax) = syntax(packet) else {
        return match packet.format {
            PacketFormat::Base64 => Some(to_base64(&splice.applied(bytes))),
            PacketFormat::Text | PacketFormat::Hex | PacketFormat::File => None,
        };
    };
    let inside = |s: &&Segment| !s.is_field && s.bytes.start <= splice.range.start && splice.range.end <= s.bytes.end;
    let at = segments.iter().find(inside)?;
    let within = Splice { range: splice.range.start - at.bytes.start..splice.range.end - at.bytes.start, with: splice.with.clone() };
    let mut spelled = syntax.spell(&within.applied(&bytes[at.bytes.clone()]));
    let (before, after) = (&packet.body[..at.text.start], &packet.body[at.text.end..]);
    if let (TemplateSyntax::Text(_), true, Some(rest)) = (syntax, after.starts_with('{'), spelled.strip_suffix('{')) {
        // It would be taken for the beginning of the field, unless it is an escape already.
        if (rest.len() - rest.trim_end_matches('\\').len()) % 2 == 0 {
            spelled.insert(rest.len(), '\\');
        }
    }
    let blank = |left: &str, right: &str| if syntax == TemplateSyntax::Hex && !left.is_empty() && !right.is_empty() { " " } else { "" };
    Some(format!("{before}{}{spelled}{}{after}", blank(before, &spelled), blank(&spelled, after)))
}

/// The same bytes written in another format; `None` when there is nothing to carry over.
pub fn rewritten(packet: &Packet, to: PacketFormat) -> Option<String> {
    let bytes = match syntax(packet) {
        Some(syntax) => {
            let template = Template::parse(&packet.body, syntax).ok()?;
            match (syntax, to) {
                // Fields are the same in text and hex.
                (_, PacketFormat::Text | PacketFormat::Hex) if !fields(&packet.body, syntax).is_empty() => {
                    return carried(packet, syntax, to);
                }
                (TemplateSyntax::Text(_) | TemplateSyntax::Hex, _) if template.is_constant() && template.files().next().is_none() => {
                    template.render(&Moment::default(), &|_| None).ok()?
                }
                (TemplateSyntax::Text(_) | TemplateSyntax::Hex, _) => return None,
            }
        }
        None if packet.format == PacketFormat::Base64 => parse_base64(&packet.body).ok()?,
        None => return None,
    };
    match to {
        PacketFormat::Text => Some(TemplateSyntax::Text(packet.encoding).spell(&bytes)),
        PacketFormat::Hex => Some(TemplateSyntax::Hex.spell(&bytes)),
        PacketFormat::Base64 => Some(to_base64(&bytes)),
        PacketFormat::File => None,
    }
}

/// Text to hex or back with the fields kept.
fn carried(packet: &Packet, from: TemplateSyntax, to: PacketFormat) -> Option<String> {
    let to = syntax(&Packet { format: to, ..packet.clone() })?;
    let bytes_of = |text: &str| -> Option<Vec<u8>> { Template::parse(text, from).ok()?.render(&Moment::default(), &|_| None).ok() };
    let body = packet.body.as_str();
    let mut parts = Vec::new();
    let mut at = 0;
    for field in fields(body, from) {
        parts.push(to.spell(&bytes_of(&body[at..field.start])?));
        parts.push(body[field.clone()].to_owned());
        at = field.end;
    }
    parts.push(to.spell(&bytes_of(&body[at..])?));
    parts.retain(|part| !part.is_empty());
    Some(parts.join(if to == TemplateSyntax::Hex { " " } else { "" }))
}

/// What is wrong with the text, if anything.
pub fn mistake(packet: &Packet) -> Option<BytesError> {
    match syntax(packet) {
        Some(syntax) => Template::parse(&packet.body, syntax).err(),
        None if packet.format == PacketFormat::Base64 => parse_base64(&packet.body).err(),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Encoding;

    fn packet(body: &str, format: PacketFormat) -> Packet {
        Packet { body: body.into(), format, ..Packet::default() }
    }

    fn render(packet: &Packet) -> Vec<u8> {
        Template::parse(&packet.body, syntax(packet).unwrap()).unwrap().render(&Moment::default(), &|_| None).unwrap()
    }

    /// Splices bytes and checks that the text says exactly what came of it.
    fn after(packet: &Packet, range: Range<usize>, with: &[u8]) -> Option<String> {
        let bytes = render(packet);
        let segments = segments(&packet.body, syntax(packet).unwrap(), &Moment::default(), &|_| None).unwrap();
        assert_eq!(segments.last().unwrap().bytes.end, bytes.len(), "{}", packet.body);
        let splice = Splice { range, with: with.to_vec() };
        let body = spliced(packet, &bytes, &segments, &splice)?;
        assert_eq!(render(&Packet { body: body.clone(), ..packet.clone() }), splice.applied(&bytes), "{body}");
        Some(body)
    }

    #[test]
    fn bytes_that_were_changed_are_written_where_they_were() {
        let text = packet(r"a\n{{counter}}中{{count 3}}", PacketFormat::Text);
        assert_eq!(after(&text, 0..1, b"b").as_deref(), Some(r"b\n{{counter}}中{{count 3}}"));
        assert_eq!(after(&text, 4..5, b"\xff").as_deref(), Some(r"a\n{{counter}}\xe4\xff\xad{{count 3}}"));
        assert_eq!(after(&text, 9..9, b"!").as_deref(), Some(r"a\n{{counter}}中{{count 3}}!"));
        assert_eq!(after(&text, 2..3, b"9"), None, "a field made it");
        assert_eq!(after(&text, 2..2, b"{").as_deref(), Some(r"a\n\{{{counter}}中{{count 3}}"));
        assert_eq!(after(&text, 1..2, b"{{").as_deref(), Some(r"a{\{{{counter}}中{{count 3}}"));
        assert_eq!(after(&text, 1..2, b"\\{").as_deref(), Some(r"a\\\{{{counter}}中{{count 3}}"));
        let hex = packet("0a 0b {{counter u8}} 0c", PacketFormat::Hex);
        assert!(Template::parse(&hex.body, TemplateSyntax::Hex).is_ok());
        assert_eq!(after(&hex, 3..4, b"\xff").as_deref(), Some("0a 0b {{counter u8}} ff"));
        assert_eq!(after(&hex, 2..2, b"\x01\x02").as_deref(), Some("0a 0b 01 02 {{counter u8}} 0c"));
    }

    #[test]
    fn ranges_of_lengths_and_checksums_do_not_matter_for_their_size() {
        let text = packet("{{length u16be 2..-4}}abc{{crc32 0..-4}}", PacketFormat::Text);
        let segments = segments(&text.body, syntax(&text).unwrap(), &Moment::default(), &|_| None).unwrap();
        let bytes: Vec<_> = segments.iter().filter(|s| s.is_field).map(|s| s.bytes.clone()).collect();
        assert_eq!(bytes, [0..2, 5..9]);
        // The length and the checksum become others.
        let splice = Splice { range: 2..5, with: b"xy".to_vec() };
        assert_eq!(spliced(&text, &render(&text), &segments, &splice).as_deref(), Some("{{length u16be 2..-4}}xy{{crc32 0..-4}}"));
    }

    #[test]
    fn formats_are_exchanged_with_the_fields_kept() {
        let text = packet(r"中\n", PacketFormat::Text);
        assert_eq!(rewritten(&text, PacketFormat::Hex).as_deref(), Some("e4 b8 ad 0a"));
        assert_eq!(rewritten(&text, PacketFormat::Base64).as_deref(), Some("5LitCg=="));
        let fields = packet("a{{counter}}b", PacketFormat::Text);
        assert_eq!(rewritten(&fields, PacketFormat::Hex).as_deref(), Some("61 {{counter}} 62"));
        assert_eq!(rewritten(&fields, PacketFormat::Base64), None);
        assert_eq!(rewritten(&packet("61 {{counter}} 62", PacketFormat::Hex), PacketFormat::Text).as_deref(), Some("a{{counter}}b"));
        let gbk = Packet { encoding: Encoding::Gbk, ..packet("d6 d0", PacketFormat::Hex) };
        assert_eq!(rewritten(&gbk, PacketFormat::Text).as_deref(), Some("中"));
        assert_eq!(rewritten(&packet("zz", PacketFormat::Hex), PacketFormat::Text), None);
    }

    #[test]
    fn an_escaped_brace_begins_no_field() {
        assert_eq!(fields(r"\{{x}} \\{{counter}}", TemplateSyntax::Text(Encoding::Utf8)), vec![(9..20)]);
        assert_eq!(mistake(&packet("70 6", PacketFormat::Hex)).map(|e| e.at), Some(3));
        assert_eq!(mistake(&packet("aGk=", PacketFormat::Base64)), None);
    }
}
