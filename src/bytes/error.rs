//! Why a text is not bytes, and where. English words here; the window words the kind in the person's language.

use super::Encoding;
use super::template::{FieldKind, MAX_FIELDS};

/// A text that does not say exactly which bytes it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("column {column}: {kind}")]
pub struct BytesError {
    /// Byte offset in the text where the mistake begins; always at a character.
    pub at: usize,
    /// The same place in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub kind: BytesErrorKind,
}

/// The mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum BytesErrorKind {
    /// A backslash and a character that is no escape.
    #[error("'\\{}' is not an escape: write \\n \\r \\t \\0 \\xHH or \\\\", .0.escape_debug())]
    UnknownEscape(char),
    /// A backslash ends the text.
    #[error("a backslash stands alone at the end: write \\\\ for a backslash")]
    LoneBackslash,
    /// `\x` without two hex digits after it.
    #[error("\\x needs two hex digits, such as \\x0a")]
    ShortHexEscape,
    /// Neither a hex digit nor a blank.
    #[error("'{}' is not a hex digit: 0 to 9, a to f", .0.escape_debug())]
    BadDigit(char),
    /// Not of the alphabet of base64, or after its padding.
    #[error("'{}' is not base64: A to Z, a to z, 0 to 9, + and /, or - and _", .0.escape_debug())]
    BadBase64(char),
    /// Base64 that ends inside a byte.
    #[error("base64 ends inside a byte: 2, 3 or 4 characters make 1, 2 or 3 bytes")]
    ShortBase64,
    /// A character that the encoding cannot write.
    #[error("'{}' does not exist in {}", .0.escape_debug(), .1)]
    NotInEncoding(char, Encoding),
    /// `{{` without `}}`.
    #[error("a field begins here and does not end: }}}} is missing; for a brace write \\{{")]
    OpenField,
    /// A field of no such name.
    #[error("there is no such field: {}; for a brace write \\{{", FieldKind::names())]
    UnknownField,
    /// What a field does not take, or too little of it.
    #[error("this field is written {}", .0.usage())]
    BadArgument(FieldKind),
    /// More than [`MAX_FIELDS`].
    #[error("a payload may have {MAX_FIELDS} fields")]
    TooManyFields,
    /// A digit without its partner.
    #[error("half a byte: '{0}' needs a second hex digit")]
    HalfByte(char),
}

impl BytesError {
    /// A mistake at this byte offset of the text.
    pub(super) fn new(text: &str, at: usize, kind: BytesErrorKind) -> Self {
        let column = text.char_indices().take_while(|(i, _)| *i < at).count() + 1;
        Self { at, column, kind }
    }
}
