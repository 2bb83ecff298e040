//! Characters as bytes, in the encodings people meet on the wire. It never replaces a character or a byte by another.

mod decoder;
mod glyph;
#[cfg(test)]
mod tests;

pub use decoder::Decoder;
pub use glyph::Glyph;

use std::fmt;

use encoding_rs::{BIG5, EncoderResult, GB18030, GBK, SHIFT_JIS};
use serde::{Deserialize, Serialize};

use super::{BytesError, BytesErrorKind};

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// RFC 3629.
    #[default]
    Utf8,
    /// RFC 20: 7 bits.
    Ascii,
    /// RFC 2781, least significant byte first.
    Utf16Le,
    /// RFC 2781, most significant byte first.
    Utf16Be,
    /// Simplified Chinese, as the WHATWG has it: sequences of GB 18030 are read, never written.
    Gbk,
    /// Simplified Chinese, all of Unicode: GB 18030.
    Gb18030,
    /// Traditional Chinese, as the WHATWG has it: the characters of Hong Kong are read, never written.
    Big5,
    /// Japanese.
    ShiftJis,
    /// ISO 8859-1: the first 256 characters of Unicode.
    Latin1,
}

impl Encoding {
    /// In the order of menus.
    pub const ALL: [Self; 9] =
        [Self::Utf8, Self::Ascii, Self::Utf16Le, Self::Utf16Be, Self::Gbk, Self::Gb18030, Self::Big5, Self::ShiftJis, Self::Latin1];

    /// The stable string in files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Ascii => "ascii",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Gbk => "gbk",
            Self::Gb18030 => "gb18030",
            Self::Big5 => "big5",
            Self::ShiftJis => "shift-jis",
            Self::Latin1 => "latin-1",
        }
    }

    /// The encoding with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.id() == id)
    }

    /// The bytes of this text.
    ///
    /// # Errors
    /// With the place of the first character that the encoding lacks, or writes as bytes that are read as another one.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, BytesError> {
        let one_byte = |most: u32| {
            let narrow = |(at, c): (usize, char)| match u8::try_from(u32::from(c)) {
                Ok(byte) if u32::from(byte) <= most => Ok(byte),
                _ => Err(self.lacks(text, at, c)),
            };
            text.char_indices().map(narrow).collect()
        };
        match self {
            Self::Utf8 => Ok(text.as_bytes().to_vec()),
            Self::Ascii => one_byte(0x7f),
            Self::Latin1 => one_byte(0xff),
            Self::Utf16Le => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Utf16Be => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Self::Gbk | Self::Gb18030 | Self::Big5 | Self::ShiftJis => self.encode_legacy(text),
        }
    }

    fn encode_legacy(self, text: &str) -> Result<Vec<u8>, BytesError> {
        let mut encoder = self.legacy().new_encoder();
        let mut bytes = Vec::with_capacity(text.len());
        let mut done = 0;
        loop {
            let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(&text[done..], &mut bytes, true);
            done += read;
            match result {
                EncoderResult::InputEmpty => break,
                EncoderResult::OutputFull => bytes.reserve(text.len() - done + 16),
                EncoderResult::Unmappable(c) => return Err(self.lacks(text, done - c.len_utf8(), c)),
            }
        }
        // The WHATWG writes a few characters as the bytes of another: a yen sign as a backslash, for one.
        let read = self.legacy().decode_without_bom_handling_and_without_replacement(&bytes).unwrap_or_default();
        match text.char_indices().zip(read.chars()).find(|((_, written), read)| written != read) {
            Some(((at, c), _)) => Err(self.lacks(text, at, c)),
            None => Ok(bytes),
        }
    }

    fn lacks(self, text: &str, at: usize, c: char) -> BytesError {
        BytesError::new(text, at, BytesErrorKind::NotInEncoding(c, self))
    }

    /// Its tables. Only the four that have some ask.
    fn legacy(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Gbk => GBK,
            Self::Gb18030 => GB18030,
            Self::Big5 => BIG5,
            Self::ShiftJis => SHIFT_JIS,
            Self::Utf8 | Self::Ascii | Self::Utf16Le | Self::Utf16Be | Self::Latin1 => encoding_rs::UTF_8,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
