//! Text and bytes: what a person types becomes bytes, and bytes become something to read. Pure.
//!
//! The bytes are the truth; what is made from them here are views. Nothing is padded, repaired or dropped: a text that does
//! not say exactly which bytes it means is refused with the place.

mod error;
mod hex;
mod text;

pub use error::{BytesError, BytesErrorKind};
pub use hex::{parse_hex, to_hex};
pub use text::{TextRun, parse_text, to_text, to_text_string};
