//! The bytes of one send as the byte view shows them: what the person wrote, what fields made, what a line ending and the
//! framing add round it. Pure.

use std::ops::Range;
use std::sync::Arc;

use crate::bytes::{Encoding, Framing, FramingError, TextRun};

/// Longer ones are shown byte by byte: characters are looked for at each change.
const MOST_READ: usize = 64 << 10;

/// Who wrote a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The person: it may be changed.
    Body,
    /// A field of the payload.
    Field,
    /// The line ending or the framing.
    Added,
}

/// What stands in the text column at a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A character begins here.
    Char(char),
    /// The character before goes on.
    Rest,
    /// No character of the encoding, or one that draws nothing.
    Byte,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Everything, in the order of the wire.
    pub bytes: Arc<[u8]>,
    /// What the body says.
    pub body: Range<usize>,
    /// Stretches of the body that fields made, in order.
    pub fields: Vec<Range<usize>>,
    /// One for each byte.
    pub glyphs: Vec<Glyph>,
}

impl Sheet {
    /// The sheet of a message in a framing. The last `ending` bytes of the message are its line ending; `fields` lie in it.
    ///
    /// # Errors
    /// When the framing cannot carry it.
    pub fn new(
        message: &[u8],
        ending: usize,
        fields: &[Range<usize>],
        framing: &Framing,
        encoding: Encoding,
    ) -> Result<Self, FramingError> {
        let wire = framing.wrap(message)?;
        let start = match framing {
            Framing::Length { header, .. } => usize::from(header.width),
            Framing::Raw | Framing::Fixed { .. } | Framing::Delimiter { .. } | Framing::UntilClose { .. } => 0,
        };
        let fields = fields.iter().map(|f| f.start + start..f.end + start).collect();
        let body = start..start + message.len().saturating_sub(ending);
        let mut glyphs = bytewise(&wire[..start]);
        glyphs.extend(glyphs_of(message, encoding));
        glyphs.extend(bytewise(&wire[start + message.len()..]));
        Ok(Self { glyphs, bytes: wire.into(), body, fields })
    }

    /// Who wrote the byte at this place.
    pub fn author(&self, at: usize) -> Author {
        if !self.body.contains(&at) {
            Author::Added
        } else if self.fields.iter().any(|f| f.contains(&at)) {
            Author::Field
        } else {
            Author::Body
        }
    }

    /// How many bytes were added to the body.
    pub fn added(&self) -> usize {
        self.bytes.len() - self.body.len()
    }

    /// Whether a change of these bytes of the sheet is one of the body alone.
    pub fn may_change(&self, range: &Range<usize>) -> bool {
        let inside = self.body.start <= range.start && range.end <= self.body.end;
        // Putting in at the edge of a field is no change of it.
        let touches = |f: &Range<usize>| {
            range.start < f.end && f.start < range.end.max(range.start + 1) && !(range.is_empty() && range.start == f.start)
        };
        inside && !self.fields.iter().any(touches)
    }
}

fn bytewise(bytes: &[u8]) -> Vec<Glyph> {
    bytes.iter().map(|b| if b.is_ascii_graphic() || *b == b' ' { Glyph::Char(char::from(*b)) } else { Glyph::Byte }).collect()
}

/// The characters of a message with the bytes they take.
fn glyphs_of(bytes: &[u8], encoding: Encoding) -> Vec<Glyph> {
    if bytes.len() > MOST_READ {
        return bytewise(bytes);
    }
    let mut glyphs = Vec::with_capacity(bytes.len());
    for glyph in encoding.glyphs(bytes) {
        let len = glyph.bytes.len();
        match glyph.run {
            TextRun::Plain(plain) => {
                glyphs.push(plain.chars().next().map_or(Glyph::Byte, Glyph::Char));
                glyphs.extend(std::iter::repeat_n(Glyph::Rest, len.saturating_sub(1)));
            }
            TextRun::Escape(_) => glyphs.extend(std::iter::repeat_n(Glyph::Byte, len)),
        }
    }
    glyphs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::FramingKind;

    #[test]
    fn header_ending_and_fields_are_not_the_persons() {
        let sheet = Sheet::new(b"id 7!\n", 1, std::slice::from_ref(&(3..4)), &FramingKind::Length.usual(), Encoding::Utf8).unwrap();
        assert_eq!(&*sheet.bytes, b"\0\0\0\x06id 7!\n");
        let authors: Vec<_> = (0..10).map(|at| sheet.author(at)).collect();
        let (a, b, f) = (Author::Added, Author::Body, Author::Field);
        assert_eq!(authors, [a, a, a, a, b, b, b, f, b, a]);
        assert_eq!(sheet.added(), 5);
        assert!(sheet.may_change(&(4..7)) && sheet.may_change(&(7..7)) && sheet.may_change(&(9..9)));
        assert!(!sheet.may_change(&(7..8)) && !sheet.may_change(&(3..4)) && !sheet.may_change(&(6..9)) && !sheet.may_change(&(9..10)));
    }

    #[test]
    fn a_character_of_several_bytes_is_shown_once() {
        let sheet = Sheet::new("a中\\\n\u{202e}\u{ff}".as_bytes(), 0, &[], &Framing::Raw, Encoding::Utf8).unwrap();
        let (rest, byte) = (Glyph::Rest, Glyph::Byte);
        assert_eq!(sheet.glyphs[..4], [Glyph::Char('a'), Glyph::Char('中'), rest, rest]);
        assert_eq!(sheet.glyphs[4..9], [byte, byte, byte, byte, byte]);
        assert_eq!(sheet.glyphs.len(), sheet.bytes.len());
    }

    #[test]
    fn a_framing_that_cannot_carry_it_says_so() {
        let wrong = Sheet::new(b"abc", 0, &[], &Framing::Fixed { size: 4 }, Encoding::Utf8);
        assert_eq!(wrong, Err(FramingError::WrongSize { len: 3, size: 4 }));
    }
}
