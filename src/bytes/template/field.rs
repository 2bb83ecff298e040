//! The fields: their names, what each takes, and what it is for.

use super::number::Form;
use super::span::Span;
use super::{MAX_MESSAGE, Part, TemplateSyntax};
use crate::bytes::{ByteOrder, BytesError, BytesErrorKind, Checksum, Encoding, parse_base64, parse_hex};

/// The kinds of field, for menus and the words of mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// The number of the message.
    Counter,
    /// The time of day.
    Time,
    /// Random bytes.
    Random,
    /// Counting bytes: 00 01 02 …
    Count,
    /// Bytes in hex.
    Hex,
    /// Bytes in base64.
    Base64,
    /// The bytes of a file.
    File,
    /// How many bytes a part of the message has.
    Length,
    /// A checksum of a part of the message; each [`Checksum`] is a field of its own.
    Checksum,
}

/// A field whose bytes are not known before the message is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Counter {
        from: u64,
        form: Form,
    },
    Time(TimeForm),
    Random(usize),
    /// So many bytes that count from there.
    Count(usize, u8),
    File(String),
    Length {
        form: Form,
        over: Option<Span>,
    },
    Checksum {
        of: &'static Checksum,
        form: SumForm,
        over: Option<Span>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeForm {
    /// RFC 3339 in UTC with milliseconds.
    Date(Encoding),
    /// A number of these units since 1970.
    Number(TimeUnit, Form),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

/// How a checksum is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SumForm {
    Binary(ByteOrder),
    /// Two digits for each byte, the most significant first.
    Hex(Encoding),
    /// The same in capital letters.
    HexCapitals(Encoding),
}

impl FieldKind {
    /// In the order of menus.
    pub const ALL: [Self; 9] =
        [Self::Counter, Self::Time, Self::Random, Self::Count, Self::Hex, Self::Base64, Self::File, Self::Length, Self::Checksum];

    /// Its name in a payload; that of a checksum stands for all of them.
    pub fn id(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Time => "time",
            Self::Random => "random",
            Self::Count => "count",
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::File => "file",
            Self::Length => "length",
            Self::Checksum => "crc32",
        }
    }

    /// How it is written, for a mistake and a menu.
    pub fn usage(self) -> &'static str {
        match self {
            Self::Counter => "{{counter}}, {{counter 1 u16be}}, {{counter 0 d4}}",
            Self::Time => "{{time}}, {{time ms}}, {{time s u32be}}",
            Self::Random => "{{random 4}}",
            Self::Count => "{{count 16}}, {{count 16 0x80}}",
            Self::Hex => "{{hex 0d0a}}",
            Self::Base64 => "{{base64 aGk=}}",
            Self::File => "{{file path/to/file}}",
            Self::Length => "{{length u16be}}, {{length u32le 4..}}, {{length d4 0..-2}}",
            Self::Checksum => "{{crc32}}, {{crc-16/modbus le}}, {{xor HEX 1..-3}}",
        }
    }

    /// Every name that a field may have, for the words of a mistake.
    pub fn names() -> String {
        let named = Self::ALL.iter().filter(|kind| **kind != Self::Checksum).map(|kind| kind.id());
        named.chain(["crc8", "crc16", "crc32", "inet", "xor"]).collect::<Vec<_>>().join(", ")
    }
}

impl Field {
    pub fn is_constant(&self) -> bool {
        match self {
            Self::Counter { .. } | Self::Time(_) | Self::Random(_) => false,
            Self::Count(..) | Self::File(_) | Self::Length { .. } | Self::Checksum { .. } => true,
        }
    }
}

/// The part that a field stands for. `inside` is what stands between the braces; it begins at `at` of the whole text.
pub(super) fn read(whole: &str, inside: &str, at: usize, syntax: TemplateSyntax) -> Result<Part, BytesError> {
    let start = at + inside.len() - inside.trim_start().len();
    let inside = inside.trim();
    let (name, rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let encoding = match syntax {
        TemplateSyntax::Text(encoding) => encoding,
        TemplateSyntax::Hex => Encoding::Ascii,
    };
    let checksum = Checksum::named(name);
    let kind = FieldKind::ALL.into_iter().find(|kind| kind.id() == name).or(checksum.map(|_| FieldKind::Checksum));
    let Some(kind) = kind else { return Err(BytesError::new(whole, start, BytesErrorKind::UnknownField)) };
    let args = Args { whole, words: rest, end: start + inside.len(), kind };
    // A mistake inside hex digits has its own place.
    let moved = |error: BytesError| BytesError::new(whole, args.end - rest.len() + error.at, error.kind);
    let field = match (kind, checksum) {
        (FieldKind::Hex, _) => return parse_hex(rest).map(Part::Bytes).map_err(moved),
        (FieldKind::Base64, _) => return parse_base64(rest).map(Part::Bytes).map_err(moved),
        (FieldKind::Count, _) => count(args)?,
        (FieldKind::File, _) if rest.trim().is_empty() => return Err(args.refuse(None)),
        (FieldKind::File, _) => Field::File(rest.trim().to_owned()),
        (FieldKind::Counter, _) => counter(args, encoding)?,
        (FieldKind::Time, _) => time(args, encoding)?,
        (FieldKind::Random, _) => random(args)?,
        (FieldKind::Length, _) | (FieldKind::Checksum, None) => length(args, encoding)?,
        (FieldKind::Checksum, Some(of)) => sum(args, of, encoding)?,
    };
    Ok(Part::Field { field, column: whole[..start].chars().count() + 1 })
}

/// The words after a field's name, one after the other.
struct Args<'a> {
    whole: &'a str,
    words: &'a str,
    /// Where they end in the whole text.
    end: usize,
    kind: FieldKind,
}

impl<'a> Args<'a> {
    /// The next word if it is one of these.
    fn take<T>(&mut self, read: impl FnOnce(&'a str) -> Option<T>) -> Option<T> {
        let words = self.words.trim_start();
        let word = words.split(char::is_whitespace).next().filter(|word| !word.is_empty())?;
        let value = read(word)?;
        self.words = &words[word.len()..];
        Some(value)
    }

    /// Nothing may be left.
    fn end<T>(mut self, value: T) -> Result<T, BytesError> {
        match self.take(Some) {
            None => Ok(value),
            Some(word) => Err(self.refuse(Some(word))),
        }
    }

    /// At the word, or else at the first that is left, or at the end.
    fn refuse(&self, word: Option<&str>) -> BytesError {
        let left = self.words.trim_start().len() + word.map_or(0, str::len);
        BytesError::new(self.whole, self.end - left, BytesErrorKind::BadArgument(self.kind))
    }
}

/// A number in decimal, or in hex after `0x`.
fn number(word: &str) -> Option<u64> {
    match word.strip_prefix("0x") {
        Some(digits) if digits.starts_with('+') => None,
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None if word.starts_with('+') => None,
        None => word.parse().ok(),
    }
}

fn size(word: &str) -> Option<usize> {
    number(word).and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=MAX_MESSAGE).contains(n))
}

fn counter(mut args: Args<'_>, encoding: Encoding) -> Result<Field, BytesError> {
    let from = args.take(number).unwrap_or(1);
    let form = args.take(|word| Form::parse(word, encoding)).unwrap_or(Form::Text(encoding));
    args.end(Field::Counter { from, form })
}

fn time(mut args: Args<'_>, encoding: Encoding) -> Result<Field, BytesError> {
    let unit = args.take(|word| match word {
        "s" => Some(TimeUnit::Seconds),
        "ms" => Some(TimeUnit::Millis),
        "us" => Some(TimeUnit::Micros),
        "ns" => Some(TimeUnit::Nanos),
        _ => None,
    });
    let form = args.take(|word| Form::parse(word, encoding));
    let form = match (unit, form) {
        (None, None) => TimeForm::Date(encoding),
        (unit, form) => TimeForm::Number(unit.unwrap_or(TimeUnit::Seconds), form.unwrap_or(Form::Text(encoding))),
    };
    args.end(Field::Time(form))
}

fn random(mut args: Args<'_>) -> Result<Field, BytesError> {
    match args.take(size) {
        Some(size) => args.end(Field::Random(size)),
        None => Err(args.refuse(None)),
    }
}

fn count(mut args: Args<'_>) -> Result<Field, BytesError> {
    let Some(size) = args.take(size) else { return Err(args.refuse(None)) };
    let from = args.take(|word| number(word).and_then(|n| u8::try_from(n).ok())).unwrap_or(0);
    args.end(Field::Count(size, from))
}

fn length(mut args: Args<'_>, encoding: Encoding) -> Result<Field, BytesError> {
    let Some(form) = args.take(|word| Form::parse(word, encoding)) else { return Err(args.refuse(None)) };
    let over = args.take(Span::parse);
    args.end(Field::Length { form, over })
}

fn sum(mut args: Args<'_>, of: &'static Checksum, encoding: Encoding) -> Result<Field, BytesError> {
    let form = args.take(|word| match word {
        "be" => Some(SumForm::Binary(ByteOrder::Big)),
        "le" => Some(SumForm::Binary(ByteOrder::Little)),
        "hex" => Some(SumForm::Hex(encoding)),
        "HEX" => Some(SumForm::HexCapitals(encoding)),
        _ => None,
    });
    let over = args.take(Span::parse);
    args.end(Field::Checksum { of, form: form.unwrap_or(SumForm::Binary(ByteOrder::Big)), over })
}
