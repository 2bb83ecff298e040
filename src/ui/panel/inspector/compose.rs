//! From what was typed to the bytes that will be sent, and how the editor colours it. Pure, but for the file's reader.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, Context, Stroke};

use super::file::{Content, FileError, FileReader};
use crate::bytes::{BytesError, BytesErrorKind, parse_base64, parse_hex, parse_text, to_base64, to_hex, to_text_string};
use crate::lab::{LineEnding, PacketFormat};
use crate::ui::theme::{Theme, Type};

/// The bytes, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Composed {
    /// Exactly these are sent.
    Bytes(Arc<[u8]>),
    /// The text has a mistake.
    Bad(BytesError),
    /// The file is being read.
    Reading,
    /// No path was written.
    NoFile,
    /// The file gives no bytes.
    File(FileError),
}

/// The last composition, made anew only when something changed.
#[derive(Default)]
pub struct Composer {
    made_for: Option<(String, PacketFormat, LineEnding)>,
    made: Option<Composed>,
    files: FileReader,
}

impl Composer {
    /// The bytes of this body.
    pub fn compose(&mut self, ctx: &Context, body: &str, format: PacketFormat, ending: LineEnding) -> Composed {
        if format == PacketFormat::File {
            return match body.trim() {
                "" => Composed::NoFile,
                path => match self.files.content(ctx, path) {
                    Content::Reading => Composed::Reading,
                    Content::Bytes(bytes) => Composed::Bytes(bytes),
                    Content::Failed(error) => Composed::File(error),
                },
            };
        }
        if let (Some((b, f, e)), Some(made)) = (&self.made_for, &self.made)
            && (b.as_str(), *f, *e) == (body, format, ending)
        {
            return made.clone();
        }
        let made = typed(body, format, ending);
        self.made_for = Some((body.to_owned(), format, ending));
        self.made = Some(made.clone());
        made
    }

    /// Reads the file again.
    pub fn read_again(&mut self) {
        self.files.again();
    }
}

/// The bytes of a typed body.
pub fn typed(body: &str, format: PacketFormat, ending: LineEnding) -> Composed {
    let bytes = match format {
        PacketFormat::Text => parse_text(body).map(|mut bytes| {
            bytes.extend_from_slice(ending.bytes());
            bytes
        }),
        PacketFormat::Hex => parse_hex(body),
        PacketFormat::Base64 => parse_base64(body),
        PacketFormat::File => return Composed::NoFile,
    };
    match bytes {
        Ok(bytes) => Composed::Bytes(bytes.into()),
        Err(error) => Composed::Bad(error),
    }
}

/// The same bytes written the other way; `None` when there is nothing to carry over.
pub fn rewritten(body: &str, from: PacketFormat, to: PacketFormat) -> Option<String> {
    let Composed::Bytes(bytes) = typed(body, from, LineEnding::None) else { return None };
    match to {
        PacketFormat::Text => Some(to_text_string(&bytes)),
        PacketFormat::Hex => Some(to_hex(&bytes, usize::MAX)),
        PacketFormat::Base64 => Some(to_base64(&bytes)),
        PacketFormat::File => None,
    }
}

/// The text with its escapes in grey and the mistake underlined.
pub fn colored(text: &str, format: PacketFormat, theme: &Theme, wrap: f32) -> LayoutJob {
    let c = &theme.colors;
    let plain = |color: Color32| TextFormat::simple(Type::Data.font(), color);
    let wrong = TextFormat { underline: Stroke::new(2.0, c.error.text), background: c.error.soft, ..plain(c.error.text) };
    let mut job = LayoutJob { keep_trailing_whitespace: true, ..LayoutJob::default() };
    job.wrap.max_width = wrap;
    let mistake = match typed(text, format, LineEnding::None) {
        Composed::Bad(error) => Some(mistake_range(text, &error)),
        Composed::Bytes(_) | Composed::Reading | Composed::NoFile | Composed::File(_) => None,
    };
    let end = mistake.as_ref().map_or(text.len(), |m| m.start);
    let mut at = 0;
    while format == PacketFormat::Text
        && let Some(back) = text[at..end].find('\\').map(|i| at + i)
    {
        let len = escape_len(&text[back..end]);
        if at < back {
            job.append(&text[at..back], 0.0, plain(c.text_1));
        }
        job.append(&text[back..back + len], 0.0, plain(c.text_3));
        at = back + len;
    }
    job.append(&text[at..end], 0.0, plain(c.text_1));
    if let Some(mistake) = mistake {
        job.append(&text[mistake.clone()], 0.0, wrong);
        job.append(&text[mistake.end..], 0.0, plain(c.text_1));
    }
    if job.sections.is_empty() {
        // An empty job has no line height: the cursor would have none either.
        job.append("", 0.0, plain(c.text_1));
    }
    job
}

/// Bytes of the escape that begins here; the text before the mistake has only whole ones.
fn escape_len(text: &str) -> usize {
    if text[1..].starts_with('x') { 4.min(text.len()) } else { 2.min(text.len()) }
}

fn mistake_range(text: &str, error: &BytesError) -> std::ops::Range<usize> {
    let chars = match error.kind {
        BytesErrorKind::UnknownEscape(_) => 2,
        BytesErrorKind::ShortHexEscape => 4,
        BytesErrorKind::LoneBackslash
        | BytesErrorKind::BadDigit(_)
        | BytesErrorKind::HalfByte(_)
        | BytesErrorKind::BadBase64(_)
        | BytesErrorKind::ShortBase64
        | BytesErrorKind::NotInEncoding(..)
        | BytesErrorKind::UnknownField
        | BytesErrorKind::BadArgument(_)
        | BytesErrorKind::TooManyFields => 1,
        BytesErrorKind::OpenField => 2,
    };
    let len: usize = text[error.at..].chars().take(chars).map(char::len_utf8).sum();
    error.at..error.at + len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_ending_is_part_of_the_bytes_and_mistakes_have_a_place() {
        assert_eq!(typed(r"hi\t", PacketFormat::Text, LineEnding::CrLf), Composed::Bytes(Arc::from(*b"hi\t\r\n")));
        assert_eq!(typed("70 6f", PacketFormat::Hex, LineEnding::CrLf), Composed::Bytes(Arc::from(*b"po")), "hex says all of it");
        assert!(matches!(typed("70 6", PacketFormat::Hex, LineEnding::None), Composed::Bad(e) if (e.at, e.column) == (3, 4)));
    }

    #[test]
    fn the_same_bytes_either_way() {
        assert_eq!(rewritten(r"中\n", PacketFormat::Text, PacketFormat::Hex).as_deref(), Some("e4 b8 ad 0a"));
        assert_eq!(rewritten("e4 b8 ad 0a", PacketFormat::Hex, PacketFormat::Text).as_deref(), Some(r"中\n"));
        assert_eq!(rewritten("zz", PacketFormat::Hex, PacketFormat::Text), None);
    }

    #[test]
    fn escapes_are_grey_and_the_mistake_is_marked() {
        let theme = Theme::dark();
        let pieces = |text: &str, format| {
            let job = colored(text, format, &theme, 100.0);
            let piece =
                |s: &eframe::egui::text::LayoutSection| (job.text[s.byte_range.start.0..s.byte_range.end.0].to_owned(), s.format.color);
            job.sections.iter().map(piece).filter(|(t, _)| !t.is_empty()).collect::<Vec<_>>()
        };
        let (one, three, bad) = (theme.colors.text_1, theme.colors.text_3, theme.colors.error.text);
        let p = |text: &str, color| (text.to_owned(), color);
        assert_eq!(pieces(r"a中\x0a\n!", PacketFormat::Text), [p("a中", one), p(r"\x0a\n", three), p("!", one)]);
        assert_eq!(pieces(r"\n中\q more", PacketFormat::Text), [p(r"\n", three), p("中", one), p(r"\q", bad), p(" more", one)]);
        assert_eq!(pieces("a\\", PacketFormat::Text), [p("a", one), p("\\", bad)]);
        assert_eq!(pieces("7g 00", PacketFormat::Hex), [p("7", one), p("g", bad), p(" 00", one)]);
        assert_eq!(pieces(r"C:\new", PacketFormat::File), [p(r"C:\new", one)]);
    }
}
