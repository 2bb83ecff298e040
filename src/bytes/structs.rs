//! Bytes as fields with a name, a type and an order, one after the other without gaps: typed values become bytes, and bytes values.

use std::fmt;
use std::ops::Range;

use super::hex::to_hex;
use super::{ByteOrder, BytesError, parse_hex, parse_text, to_text_string};

/// Bytes that one field has at most.
pub const MAX_FIELD_BYTES: u32 = 64 << 10;

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructField {
    /// What it is called.
    pub name: String,
    /// What its bytes mean.
    pub of: FieldType,
    /// The order of a number's bytes.
    pub order: ByteOrder,
    /// As typed; see [`FieldType`].
    pub value: String,
}

/// What the bytes of a field mean, and how its value is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// A whole number without a sign of 1, 2, 4 or 8 bytes: decimal, or hex after `0x`.
    Unsigned(Width),
    /// A whole number with a sign, in two's complement.
    Signed(Width),
    /// IEEE 754, 32 bits: decimal, `inf`, or its bits in hex after `0x`.
    F32,
    /// IEEE 754, 64 bits.
    F64,
    /// So many bytes: pairs of hex digits.
    Bytes(u32),
    /// A text of at most so many bytes, with escapes. Zeros fill it up.
    Text(u32),
}

/// Bytes of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Width {
    One,
    Two,
    Four,
    Eight,
}

/// A value that its field cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StructError {
    /// No whole number.
    #[error("write a whole number, such as 42, -1 or 0x2a")]
    NoNumber,
    /// A number that the type has no room for.
    #[error("it may be {min} to {max}")]
    OutOfRange {
        /// The least.
        min: i128,
        /// The most.
        max: i128,
    },
    /// No number with a fraction.
    #[error("write a number, such as 1.5, -3e8 or inf")]
    NoFloat,
    /// Hex digits or a text with a mistake.
    #[error(transparent)]
    Bytes(#[from] BytesError),
    /// Another number of bytes.
    #[error("{have} bytes where the field has {size}")]
    WrongSize {
        /// Bytes of the value.
        have: usize,
        /// Bytes of the field.
        size: u32,
    },
}

impl FieldType {
    /// Those of a menu; `Bytes` and `Text` with a usual size.
    pub const ALL: [Self; 12] = [
        Self::Unsigned(Width::One),
        Self::Unsigned(Width::Two),
        Self::Unsigned(Width::Four),
        Self::Unsigned(Width::Eight),
        Self::Signed(Width::One),
        Self::Signed(Width::Two),
        Self::Signed(Width::Four),
        Self::Signed(Width::Eight),
        Self::F32,
        Self::F64,
        Self::Bytes(4),
        Self::Text(8),
    ];

    /// The type that is written so: `u16`, `f32`, `bytes(4)`, `text(8)`.
    pub fn parse(id: &str) -> Option<Self> {
        let sized = |prefix: &str| {
            let digits = id.strip_prefix(prefix)?.strip_suffix(')')?;
            digits.parse().ok().filter(|size| (1..=MAX_FIELD_BYTES).contains(size) && !digits.starts_with('+'))
        };
        let plain = Self::ALL.into_iter().filter(|of| !matches!(of, Self::Bytes(_) | Self::Text(_)));
        plain
            .into_iter()
            .find(|of| of.to_string() == id)
            .or_else(|| sized("bytes(").map(Self::Bytes))
            .or_else(|| sized("text(").map(Self::Text))
    }

    /// How many bytes it has.
    pub fn size(self) -> usize {
        match self {
            Self::Unsigned(width) | Self::Signed(width) => width.bytes(),
            Self::F32 => 4,
            Self::F64 => 8,
            Self::Bytes(size) | Self::Text(size) => size as usize,
        }
    }

    /// The bytes of a value that somebody typed.
    ///
    /// # Errors
    /// When it is none of this type.
    pub fn write(self, value: &str, order: ByteOrder) -> Result<Vec<u8>, StructError> {
        let value_trimmed = value.trim();
        match self {
            Self::Unsigned(width) => whole(value_trimmed, 0, (1 << width.bits()) - 1).map(|n| low(n.cast_unsigned(), width.bytes(), order)),
            Self::Signed(width) => {
                let most = (1 << (width.bits() - 1)) - 1;
                whole(value_trimmed, -most - 1, most).map(|n| low(n.cast_unsigned(), width.bytes(), order))
            }
            Self::F32 => float(value_trimmed, f32::to_bits, |bits| u32::try_from(bits).ok()).map(|bits| low(bits.into(), 4, order)),
            Self::F64 => float(value_trimmed, f64::to_bits, Some).map(|bits| low(bits.into(), 8, order)),
            Self::Bytes(size) => {
                let bytes = parse_hex(value)?;
                if bytes.len() == size as usize { Ok(bytes) } else { Err(StructError::WrongSize { have: bytes.len(), size }) }
            }
            Self::Text(size) => {
                let mut bytes = parse_text(value)?;
                if bytes.len() > size as usize {
                    return Err(StructError::WrongSize { have: bytes.len(), size });
                }
                bytes.resize(size as usize, 0);
                Ok(bytes)
            }
        }
    }

    /// The value of these bytes as it is typed; `None` when there are too few.
    pub fn read(self, bytes: &[u8], order: ByteOrder) -> Option<String> {
        let bytes = bytes.get(..self.size())?;
        Some(match self {
            Self::Unsigned(_) => number(bytes, order).to_string(),
            Self::Signed(width) => {
                // The sign goes up to the top and comes down again.
                let unused = 64 - width.bits();
                (number(bytes, order).cast_signed() << unused >> unused).to_string()
            }
            Self::F32 => {
                let float = f32::from_bits(number(bytes, order) as u32);
                // There are many that are no number; their bits tell them apart.
                if float.is_nan() { format!("{:#010x}", float.to_bits()) } else { float.to_string() }
            }
            Self::F64 => {
                let float = f64::from_bits(number(bytes, order));
                if float.is_nan() { format!("{:#018x}", float.to_bits()) } else { float.to_string() }
            }
            Self::Bytes(_) => to_hex(bytes, usize::MAX),
            Self::Text(_) => {
                let len = bytes.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
                to_text_string(&bytes[..len])
            }
        })
    }
}

impl Width {
    fn bytes(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    fn bits(self) -> u32 {
        8 * self.bytes() as u32
    }
}

/// As it is written in [`FieldType::parse`].
impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned(width) => write!(f, "u{}", width.bits()),
            Self::Signed(width) => write!(f, "i{}", width.bits()),
            Self::F32 => f.write_str("f32"),
            Self::F64 => f.write_str("f64"),
            Self::Bytes(size) => write!(f, "bytes({size})"),
            Self::Text(size) => write!(f, "text({size})"),
        }
    }
}

impl StructField {
    /// Where each field stands in the bytes of all.
    pub fn places(fields: &[Self]) -> Vec<Range<usize>> {
        let place = |at: &mut usize, field: &Self| {
            let start = std::mem::replace(at, *at + field.of.size());
            Some(start..*at)
        };
        fields.iter().scan(0, place).collect()
    }

    /// The bytes of all fields, one after the other.
    ///
    /// # Errors
    /// The first field whose value is wrong, by its index.
    pub fn write(fields: &[Self]) -> Result<Vec<u8>, (usize, StructError)> {
        let mut bytes = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            bytes.extend(field.of.write(&field.value, field.order).map_err(|error| (index, error))?);
        }
        Ok(bytes)
    }

    /// The values that these bytes have in the fields; `None` from where they end.
    pub fn read(fields: &[Self], bytes: &[u8]) -> Vec<Option<String>> {
        let value = |(field, place): (&Self, Range<usize>)| field.of.read(bytes.get(place.start..)?, field.order);
        fields.iter().zip(Self::places(fields)).map(value).collect()
    }
}

/// A whole number in decimal or hex.
fn whole(value: &str, min: i128, max: i128) -> Result<i128, StructError> {
    let (sign, digits) = value.strip_prefix('-').map_or((1, value), |digits| (-1, digits));
    let number = match digits.strip_prefix("0x") {
        Some(hex) if hex.starts_with(|c: char| c.is_ascii_hexdigit()) => i128::from_str_radix(hex, 16),
        Some(_) => return Err(StructError::NoNumber),
        None if digits.starts_with(|c: char| c.is_ascii_digit()) => digits.parse(),
        None => return Err(StructError::NoNumber),
    };
    let number = match number {
        Ok(number) => sign * number,
        Err(error) if *error.kind() == std::num::IntErrorKind::PosOverflow => sign * i128::MAX,
        Err(_) => return Err(StructError::NoNumber),
    };
    if (min..=max).contains(&number) { Ok(number) } else { Err(StructError::OutOfRange { min, max }) }
}

/// The bits of a number with a fraction.
fn float<F: std::str::FromStr, B>(value: &str, bits: fn(F) -> B, narrow: fn(u64) -> Option<B>) -> Result<B, StructError> {
    match value.strip_prefix("0x") {
        Some(hex) if hex.starts_with('+') => None,
        Some(hex) => u64::from_str_radix(hex, 16).ok().and_then(narrow),
        None => value.parse().ok().map(bits),
    }
    .ok_or(StructError::NoFloat)
}

/// The low bytes of a number.
fn low(number: u128, width: usize, order: ByteOrder) -> Vec<u8> {
    match order {
        ByteOrder::Big => number.to_be_bytes()[16 - width..].to_vec(),
        ByteOrder::Little => number.to_le_bytes()[..width].to_vec(),
    }
}

fn number(bytes: &[u8], order: ByteOrder) -> u64 {
    let fold = |n: u64, b: &u8| n << 8 | u64::from(*b);
    match order {
        ByteOrder::Big => bytes.iter().fold(0, fold),
        ByteOrder::Little => bytes.iter().rev().fold(0, fold),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn field(of: &str, order: ByteOrder, value: &str) -> StructField {
        StructField { name: "x".into(), of: FieldType::parse(of).unwrap(), order, value: value.into() }
    }

    #[test]
    fn fields_become_bytes_and_values_again() {
        use ByteOrder::{Big, Little};
        let fields = [
            field("u16", Big, "0x1234"),
            field("i16", Little, "-2"),
            field("f32", Big, "1.5"),
            field("text(4)", Big, r"a\n"),
            field("bytes(2)", Big, "00 ff"),
            field("u64", Little, "1"),
        ];
        let bytes = StructField::write(&fields).unwrap();
        assert_eq!(bytes, b"\x12\x34\xfe\xff\x3f\xc0\0\0a\n\0\0\0\xff\x01\0\0\0\0\0\0\0");
        assert_eq!(StructField::places(&fields), [0..2, 2..4, 4..8, 8..12, 12..14, 14..22]);
        let values = |bytes: &[u8]| StructField::read(&fields, bytes);
        let some = |list: &[&str]| list.iter().map(|v| Some((*v).to_owned())).collect::<Vec<_>>();
        assert_eq!(values(&bytes), some(&["4660", "-2", "1.5", r"a\n", "00 ff", "1"]));
        assert_eq!(values(&bytes[..21])[4..], [Some("00 ff".into()), None]);
        assert_eq!(values(&[0])[0], None);
    }

    #[test]
    fn values_that_do_not_fit_are_refused() {
        let wrong = |of: &str, value: &str| FieldType::parse(of).unwrap().write(value, ByteOrder::Big).unwrap_err();
        assert_eq!(wrong("u8", "256"), StructError::OutOfRange { min: 0, max: 255 });
        assert_eq!(wrong("i8", "-129"), StructError::OutOfRange { min: -128, max: 127 });
        assert_eq!(wrong("u64", &"9".repeat(60)), StructError::OutOfRange { min: 0, max: u64::MAX.into() });
        assert_eq!(wrong("i64", &format!("-{}", "9".repeat(60))), StructError::OutOfRange { min: i64::MIN.into(), max: i64::MAX.into() });
        for bad in ["", "-", "0x", "1.0", "0x-1", "--1", "+1", "one"] {
            assert_eq!(wrong("u32", bad), StructError::NoNumber, "{bad}");
        }
        assert_eq!(wrong("f32", "0x100000000"), StructError::NoFloat);
        assert_eq!(wrong("f64", "much"), StructError::NoFloat);
        assert_eq!(wrong("bytes(2)", "00"), StructError::WrongSize { have: 1, size: 2 });
        assert_eq!(wrong("text(2)", "中"), StructError::WrongSize { have: 3, size: 2 });
        assert!(matches!(wrong("text(2)", r"\q"), StructError::Bytes(error) if error.column == 1));
    }

    #[test]
    fn types_are_read_as_they_are_written() {
        for of in FieldType::ALL {
            assert_eq!(FieldType::parse(&of.to_string()), Some(of));
        }
        for bad in ["", "u7", "U8", "bytes(0)", "bytes(65537)", "bytes(+1)", "text()", "text(1", "f16"] {
            assert_eq!(FieldType::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_of_any_type_read_back(of in prop::sample::select(FieldType::ALL.to_vec()), little: bool, bytes: [u8; 8]) {
            let order = if little { ByteOrder::Little } else { ByteOrder::Big };
            let value = of.read(&bytes, order).unwrap();
            prop_assert_eq!(of.write(&value, order), Ok(bytes[..of.size()].to_vec()), "{} {}", of, value);
        }
    }
}
