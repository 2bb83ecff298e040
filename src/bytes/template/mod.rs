//! The payload language: text or hex with fields such as `{{counter}}`, made into bytes for each message. `docs/payloads.md` is its
//! description for people.
//!
//! Pure: time, the message's number and the contents of files come in as arguments, and random bytes from a seed.

mod field;
mod number;
mod parse;
mod random;
mod render;
mod span;
#[cfg(test)]
mod tests;

use std::time::Duration;

use super::{Encoding, to_hex};
use field::Field;

pub use field::FieldKind;
pub use render::{MAX_SUMMED, RenderError, RenderErrorKind};

/// Fields a payload has at most.
pub const MAX_FIELDS: usize = 256;
/// Bytes a message may have.
pub const MAX_MESSAGE: usize = 16 << 20;

/// How a template is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TemplateSyntax {
    /// Characters in this encoding, the escapes `\n \r \t \0 \\ \{`, which are characters too, and `\xHH`, which is a byte.
    Text(Encoding),
    /// Pairs of hex digits; blanks and line ends may stand between them.
    Hex,
}

/// A payload that was read; see the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Bytes(Vec<u8>),
    Field {
        field: Field,
        /// Where it stands in the text, in characters from 1.
        column: usize,
    },
}

/// Which message is made, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// How many messages of this payload went before.
    pub count: u64,
    /// Time since 1970-01-01 00:00 UTC.
    pub unix: Duration,
    /// The same seed makes the same random bytes.
    pub seed: u64,
}

impl TemplateSyntax {
    /// A text that a template reads as exactly these bytes, without a field.
    pub fn spell(self, bytes: &[u8]) -> String {
        match self {
            Self::Text(encoding) => encoding.spelled(bytes),
            Self::Hex => to_hex(bytes, usize::MAX),
        }
    }
}

impl Template {
    /// Whether each message is the same, as long as its files are.
    pub fn is_constant(&self) -> bool {
        self.fields().all(Field::is_constant)
    }

    /// The files whose bytes it holds, in their order; one may stand there twice.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.fields().filter_map(|field| if let Field::File(path) = field { Some(path.as_str()) } else { None })
    }

    /// With these bytes after it, such as a line ending. They belong to the message whose lengths and checksums are made.
    #[must_use]
    pub fn followed_by(mut self, bytes: &[u8]) -> Self {
        match self.parts.last_mut() {
            Some(Part::Bytes(last)) => last.extend_from_slice(bytes),
            Some(Part::Field { .. }) | None => self.parts.push(Part::Bytes(bytes.to_vec())),
        }
        self
    }

    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.parts.iter().filter_map(|part| match part {
            Part::Bytes(_) => None,
            Part::Field { field, .. } => Some(field),
        })
    }
}
