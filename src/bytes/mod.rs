//! Text and bytes: what a person types becomes bytes, and bytes become something to read. Pure.
//!
//! The bytes are the truth; what is made from them here are views. Nothing is padded, repaired or dropped: a text that does
//! not say exactly which bytes it means is refused with the place.

mod base64;
mod checksum;
mod encoding;
mod error;
mod framing;
mod hex;
mod reading;
mod structs;
mod template;
mod text;
mod utc;

pub use self::base64::{parse_base64, to_base64};
pub use checksum::Checksum;
pub use encoding::{Decoder, Encoding, Glyph};
pub use error::{BytesError, BytesErrorKind};
pub use framing::{
    ByteOrder, Frame, Framer, Framing, FramingError, FramingKind, FramingTextError, LengthHeader, MAX_DELIMITER, MAX_FRAME, SizeError,
    length_names, parse_framing, parse_size,
};
pub use hex::{parse_hex, to_hex};
pub use reading::{Both, Reading};
pub use structs::{FieldType, MAX_FIELD_BYTES, StructError, StructField, Width};
pub use template::{FieldKind, MAX_FIELDS, MAX_MESSAGE, MAX_SUMMED, Moment, RenderError, RenderErrorKind, Template, TemplateSyntax};
pub use text::{TextRun, parse_text, to_text, to_text_string};
pub use utc::Utc;
