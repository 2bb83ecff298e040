//! From a packet as it is typed to the bytes of one send, or to why there are none. Made anew only when something changed.

use std::ops::Range;
use std::sync::Arc;

use eframe::egui::Context;

use crate::bytes::{BytesError, Framing, FramingError, Moment, RenderError, Template, parse_base64, to_hex};
use crate::lab::{Packet, PacketFormat};
use crate::packet::{PacketError, Payload, Recipe};
use crate::ui::panel::inspector::file::{Content, FileError, FileReader};

use super::segments::{self, Segment};
use super::sheet::Sheet;

/// The bytes, or why there are none.
#[derive(Clone, Debug, PartialEq)]
pub enum Composed {
    /// These are sent.
    Made(Arc<Made>),
    /// The text has a mistake.
    Bad(BytesError),
    /// A field cannot be made.
    Render(RenderError),
    /// The framing cannot carry it.
    Framing(FramingError),
    /// A file is being read.
    Reading,
    /// No path was written.
    NoFile,
    /// A file gives no bytes.
    File(FileError),
}

/// One message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Made {
    /// What goes on the wire.
    pub sheet: Sheet,
    /// Where the text says what.
    pub segments: Vec<Segment>,
    /// Each send has these bytes.
    pub is_constant: bool,
}

/// What a message is made for.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    packet: Packet,
    framing: Framing,
    moment: Moment,
}

/// See the module.
#[derive(Default)]
pub struct Composer {
    last: Option<(Asked, Composed)>,
    files: FileReader,
}

impl Composer {
    /// The message of this packet at this moment; `framing` is raw when none is added.
    pub fn compose(&mut self, ctx: &Context, packet: &Packet, framing: &Framing, moment: &Moment) -> Composed {
        if let Some((asked, made)) = &self.last
            && asked.packet == *packet
            && asked.framing == *framing
            && (asked.moment == *moment || matches!(made, Composed::Made(made) if made.is_constant))
            && !matches!(made, Composed::Reading)
        {
            return made.clone();
        }
        let made = self.make(ctx, packet, framing, moment);
        self.last = Some((Asked { packet: packet.clone(), framing: framing.clone(), moment: *moment }, made.clone()));
        made
    }

    /// What the message would be at another moment, without framing: for previews.
    pub fn preview(&mut self, ctx: &Context, packet: &Packet, moment: &Moment) -> Composed {
        self.make(ctx, packet, &Framing::Raw, moment)
    }

    /// What is handed to the engine: fields are filled in for each send. The files were read here; their bytes stand in it.
    ///
    /// # Errors
    /// When the packet or the framing has a mistake.
    pub fn payload(&mut self, ctx: &Context, packet: &Packet, framing: &Framing, made: &Made) -> Result<Payload, PacketError> {
        let Some(syntax) = segments::syntax(packet).filter(|_| !made.is_constant) else {
            return Ok(Payload::Fixed(Arc::clone(&made.sheet.bytes)));
        };
        let mut body = String::with_capacity(packet.body.len());
        let mut at = 0;
        for field in segments::fields(&packet.body, syntax) {
            let Some(path) = segments::file_of(&packet.body[field.clone()]) else { continue };
            let Content::Bytes(bytes) = self.files.content(ctx, path) else { continue };
            body.push_str(&packet.body[at..field.start]);
            body.push_str(&format!("{{{{hex {}}}}}", to_hex(&bytes, usize::MAX)));
            at = field.end;
        }
        body.push_str(&packet.body[at..]);
        Recipe::of(&Packet { body, ..packet.clone() }, framing).map(|recipe| Payload::Made(Arc::new(recipe)))
    }

    /// Reads the files again.
    pub fn read_again(&mut self) {
        self.files.again();
        self.last = None;
    }

    fn make(&mut self, ctx: &Context, packet: &Packet, framing: &Framing, moment: &Moment) -> Composed {
        let ending = match packet.ending() {
            Ok(ending) => ending,
            Err(error) => return Composed::Bad(error),
        };
        let Some(syntax) = segments::syntax(packet) else {
            let body = match self.plain(ctx, packet) {
                Ok(body) => body,
                Err(why) => return why,
            };
            let whole = Segment { text: 0..packet.body.len(), bytes: 0..body.len(), is_field: false };
            return made(packet, &body, vec![whole], ending.len(), framing, true);
        };
        let template = match Template::parse(&packet.body, syntax) {
            Ok(template) => template.followed_by(&ending),
            Err(error) => return Composed::Bad(error),
        };
        let mut contents = Vec::new();
        for path in template.files() {
            match self.files.content(ctx, path) {
                Content::Bytes(bytes) => contents.push((path.to_owned(), bytes)),
                Content::Reading => return Composed::Reading,
                Content::Failed(error) => return Composed::File(error),
            }
        }
        let files = |path: &str| contents.iter().find(|(p, _)| p == path).map(|(_, bytes)| Arc::clone(bytes));
        let rendered = template.render(moment, &files).and_then(|message| {
            let segments = segments::segments(&packet.body, syntax, moment, &files)?;
            Ok((message, segments))
        });
        match rendered {
            Ok((message, segments)) => made(packet, &message, segments, ending.len(), framing, template.is_constant()),
            Err(error) => Composed::Render(error),
        }
    }

    /// Bytes that stand there as they are.
    fn plain(&mut self, ctx: &Context, packet: &Packet) -> Result<Arc<[u8]>, Composed> {
        if packet.format == PacketFormat::Base64 {
            return parse_base64(&packet.body).map(Into::into).map_err(Composed::Bad);
        }
        match packet.body.trim() {
            "" => Err(Composed::NoFile),
            path => match self.files.content(ctx, path) {
                Content::Reading => Err(Composed::Reading),
                Content::Bytes(bytes) => Ok(bytes),
                Content::Failed(error) => Err(Composed::File(error)),
            },
        }
    }
}

/// What is handed to the engine of a packet that names no file.
pub fn ready(packet: &Packet, framing: &Framing) -> Option<Payload> {
    let names_file = match segments::syntax(packet) {
        Some(syntax) => Template::parse(&packet.body, syntax).ok()?.files().next().is_some(),
        None => packet.format == PacketFormat::File,
    };
    if names_file { None } else { Recipe::of(packet, framing).ok().map(|recipe| Payload::Made(Arc::new(recipe))) }
}

/// `message` ends with so many bytes of a line ending.
fn made(packet: &Packet, message: &[u8], segments: Vec<Segment>, ending: usize, framing: &Framing, is_constant: bool) -> Composed {
    let fields: Vec<Range<usize>> = segments.iter().filter(|s| s.is_field && !s.bytes.is_empty()).map(|s| s.bytes.clone()).collect();
    match Sheet::new(message, ending, &fields, framing, packet.encoding) {
        Ok(sheet) => Composed::Made(Arc::new(Made { sheet, segments, is_constant })),
        Err(error) => Composed::Framing(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{Encoding, FramingKind};
    use crate::lab::LineEnding;
    use crate::ui::panel::composer::sheet::Author;

    fn sheet(packet: &Packet, framing: &Framing) -> Made {
        match Composer::default().compose(&Context::default(), packet, framing, &Moment::default()) {
            Composed::Made(made) => (*made).clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lengths_count_the_line_ending_and_the_framing_comes_round_it() {
        let packet = Packet { body: "{{length u8}}hi".into(), line_ending: LineEnding::CrLf, ..Packet::default() };
        let made = sheet(&packet, &FramingKind::Length.usual());
        assert_eq!(&*made.sheet.bytes, b"\0\0\0\x05\x04hi\r\n");
        let authors = [0, 4, 5, 7].map(|at| made.sheet.author(at));
        assert_eq!(authors, [Author::Added, Author::Field, Author::Body, Author::Added]);
        let wide = Packet { body: "a".into(), line_ending: LineEnding::CrLf, encoding: Encoding::Utf16Le, ..Packet::default() };
        assert_eq!(&*sheet(&wide, &Framing::Raw).sheet.bytes, b"a\0\r\0\n\0");
        let hex = Packet { body: "70 6f".into(), format: PacketFormat::Hex, line_ending: LineEnding::CrLf, ..Packet::default() };
        assert_eq!(&*sheet(&hex, &Framing::Raw).sheet.bytes, b"po", "hex says all of it");
    }

    #[test]
    fn each_count_has_its_own_message() {
        let packet = Packet { body: "n{{counter}}".into(), ..Packet::default() };
        let mut composer = Composer::default();
        let bytes = |composer: &mut Composer, count| match composer.compose(
            &Context::default(),
            &packet,
            &Framing::Raw,
            &Moment { count, ..Moment::default() },
        ) {
            Composed::Made(made) => made.sheet.bytes.to_vec(),
            other => panic!("{other:?}"),
        };
        assert_eq!([0, 1, 9].map(|n| bytes(&mut composer, n)), [b"n1".to_vec(), b"n2".to_vec(), b"n10".to_vec()]);
    }

    #[test]
    fn mistakes_have_their_kind() {
        let composed = |body: &str, framing: &Framing| {
            let packet = Packet { body: body.into(), ..Packet::default() };
            Composer::default().compose(&Context::default(), &packet, framing, &Moment::default())
        };
        assert!(matches!(composed("a{{nothing}}", &Framing::Raw), Composed::Bad(e) if e.at == 3));
        assert!(matches!(composed("{{crc32 9..}}", &Framing::Raw), Composed::Render(_)));
        assert!(matches!(composed("abc", &Framing::Fixed { size: 2 }), Composed::Framing(_)));
    }
}
