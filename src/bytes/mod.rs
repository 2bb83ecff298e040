//! Text and bytes: what a person types becomes bytes, and bytes become something to read. Pure.
//!
//! The bytes are the truth; what is made from them here are views. Nothing is padded, repaired or dropped: a text that does
//! not say exactly which bytes it means is refused with the place.

mod base64;
mod encoding;
mod error;
mod framing;
mod hex;
mod text;

pub use self::base64::{parse_base64, to_base64};
pub use encoding::Encoding;
pub use error::{BytesError, BytesErrorKind};
pub use framing::{ByteOrder, Frame, Framer, Framing, FramingError, FramingKind, LengthHeader, MAX_DELIMITER, MAX_FRAME};
pub use hex::{parse_hex, to_hex};
pub use text::{TextRun, parse_text, to_text, to_text_string};
