//! How a field writes a number.

use crate::bytes::{ByteOrder, Encoding};

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Decimal digits, as many as it takes, in the text's encoding.
    Text(Encoding),
    /// So many decimal digits, with zeros in front: `d4`.
    Digits(usize, Encoding),
    /// A binary number of 1, 2, 4 or 8 bytes: `u16be`.
    Binary(usize, ByteOrder),
}

impl Form {
    /// `u8`, `u16` to `u64` (in network order, or with `be` or `le` after it), or `d1` to `d20`.
    pub fn parse(word: &str, encoding: Encoding) -> Option<Self> {
        if let Some(digits) = word.strip_prefix('d') {
            let count = digits.parse().ok().filter(|n| (1..=20).contains(n) && !digits.starts_with(['0', '+']))?;
            return Some(Self::Digits(count, encoding));
        }
        if word == "u8" {
            return Some(Self::Binary(1, ByteOrder::Big));
        }
        let (bits, order) = match (word.strip_suffix("be"), word.strip_suffix("le")) {
            (Some(bits), _) => (bits, ByteOrder::Big),
            (None, Some(bits)) => (bits, ByteOrder::Little),
            (None, None) => (word, ByteOrder::Big),
        };
        let width = match bits {
            "u16" => 2,
            "u32" => 4,
            "u64" => 8,
            _ => return None,
        };
        Some(Self::Binary(width, order))
    }

    /// How many bytes it takes; `None` where that depends on the number.
    pub fn width(self) -> Option<usize> {
        match self {
            Self::Text(_) => None,
            Self::Digits(digits, encoding) => Some(digits * digit_width(encoding)),
            Self::Binary(width, _) => Some(width),
        }
    }

    /// The number, or `None` when it does not fit.
    pub fn write(self, number: u64) -> Option<Vec<u8>> {
        match self {
            Self::Text(encoding) => Some(ascii(encoding, &number.to_string())),
            Self::Digits(digits, encoding) => {
                let text = format!("{number:0digits$}");
                (text.len() == digits).then(|| ascii(encoding, &text))
            }
            Self::Binary(width, order) => {
                let fits = width == 8 || number >> (8 * width) == 0;
                fits.then(|| binary(number, width, order))
            }
        }
    }

    /// The number; what does not fit begins again at 0.
    pub fn wrap(self, number: u64) -> Vec<u8> {
        let wrapped = match self {
            Self::Digits(digits, _) => 10_u64.checked_pow(digits as u32).map_or(number, |end| number % end),
            Self::Binary(width, _) if width < 8 => number & ((1 << (8 * width)) - 1),
            Self::Binary(..) | Self::Text(_) => number,
        };
        self.write(wrapped).unwrap_or_default()
    }
}

/// The low bytes of a number.
pub(super) fn binary(number: u64, width: usize, order: ByteOrder) -> Vec<u8> {
    match order {
        ByteOrder::Big => number.to_be_bytes()[8 - width..].to_vec(),
        ByteOrder::Little => number.to_le_bytes()[..width].to_vec(),
    }
}

/// Characters that every encoding has.
pub(super) fn ascii(encoding: Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).unwrap_or_default()
}

/// Bytes of one character of ASCII.
pub(super) fn digit_width(encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => 2,
        Encoding::Utf8 | Encoding::Ascii | Encoding::Gbk | Encoding::Gb18030 | Encoding::Big5 | Encoding::ShiftJis | Encoding::Latin1 => 1,
    }
}
