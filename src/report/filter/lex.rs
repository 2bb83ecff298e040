//! A filter's text as tokens, each with its place.

use std::ops::Range;

use super::{Field, FilterError, FilterErrorKind};
use crate::bytes::{BytesError, parse_text};

/// A token and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub what: What,
    pub at: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Open,
    Close,
    And,
    Or,
    Not,
    /// A word without a field.
    Word(Vec<u8>),
    /// A field, how it is compared, and with what; where the value stands.
    Term(Field, Sign, Value, Range<usize>),
}

/// What follows a sign.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// As typed.
    Bare(String),
    /// What the quotes mean.
    Quoted(Vec<u8>),
}

/// How a figure is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Less,
    AtMost,
    Equal,
    Other,
    AtLeast,
    More,
}

/// The longer ones first.
const SIGNS: [(&str, Sign); 7] = [
    ("!=", Sign::Other),
    ("<=", Sign::AtMost),
    (">=", Sign::AtLeast),
    ("<", Sign::Less),
    (">", Sign::More),
    (":", Sign::Equal),
    ("=", Sign::Equal),
];

/// The field, the sign and the length of both at the beginning of a term.
pub(super) enum Head {
    Known(Field, Sign, usize),
    /// A word that looks like a field and is none.
    Unknown(usize),
    None,
}

/// Whether a bare value ends at this character.
pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace() || c == '(' || c == ')'
}

pub(super) fn head(text: &str) -> Head {
    let letters = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(letters);
    let Some((spelled, sign)) = SIGNS.into_iter().find(|(spelled, _)| rest.starts_with(spelled)) else { return Head::None };
    match Field::from_id(word) {
        Some(field) => Head::Known(field, sign, letters + spelled.len()),
        // `a=b` and `a<b` are texts that people look for.
        None if spelled == ":" && letters > 0 => Head::Unknown(letters),
        None => Head::None,
    }
}

/// Where the quote that opens at the beginning of `text` is closed.
pub(super) fn closing(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some(at),
            '\\' => drop(chars.next()),
            _ => {}
        }
    }
    None
}

/// All tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let token = token(text, at, c)?;
        at = token.at.end;
        tokens.push(token);
    }
    Ok(tokens)
}

fn token(text: &str, at: usize, first: char) -> Result<Token, FilterError> {
    let one = |what| Ok(Token { what, at: at..at + 1 });
    match first {
        '(' => one(What::Open),
        ')' => one(What::Close),
        '-' | '!' => one(What::Not),
        '"' => {
            let (bytes, end) = quoted(text, at)?;
            Ok(Token { what: What::Word(bytes), at: at..end })
        }
        _ => match head(&text[at..]) {
            Head::Known(field, sign, len) => {
                let from = at + len;
                let (value, end) = value(text, from)?;
                if from == end {
                    return Err(FilterError::new(text, at, end, FilterErrorKind::NoValue(field)));
                }
                Ok(Token { what: What::Term(field, sign, value, from..end), at: at..end })
            }
            Head::Unknown(len) => {
                let word = text[at..at + len].to_owned();
                Err(FilterError::new(text, at, at + len, FilterErrorKind::UnknownField(word)))
            }
            Head::None => {
                let end = bare_end(text, at);
                let word = &text[at..end];
                let what = match word.to_ascii_lowercase().as_str() {
                    "and" | "&&" => What::And,
                    "or" | "||" => What::Or,
                    "not" => What::Not,
                    _ => What::Word(word.as_bytes().to_vec()),
                };
                Ok(Token { what, at: at..end })
            }
        },
    }
}

fn value(text: &str, at: usize) -> Result<(Value, usize), FilterError> {
    if text[at..].starts_with('"') {
        let (bytes, end) = quoted(text, at)?;
        return Ok((Value::Quoted(bytes), end));
    }
    let end = bare_end(text, at);
    Ok((Value::Bare(text[at..end].to_owned()), end))
}

fn bare_end(text: &str, at: usize) -> usize {
    text[at..].find(ends_word).map_or(text.len(), |len| at + len)
}

/// What the quotes at this place mean, and where they end.
fn quoted(text: &str, at: usize) -> Result<(Vec<u8>, usize), FilterError> {
    let Some(len) = closing(&text[at..]) else {
        return Err(FilterError::new(text, at, text.len(), FilterErrorKind::OpenQuote));
    };
    let (from, close) = (at + 1, at + len);
    let end = close + 1;
    if let Some(next) = text[end..].chars().next().filter(|c| !ends_word(*c)) {
        return Err(FilterError::new(text, end, end + next.len_utf8(), FilterErrorKind::AfterQuote));
    }
    let bytes = escapes(&text[from..close]).map_err(|e| bad_escape(text, from, close, e))?;
    Ok((bytes, end))
}

/// Escapes in words without quotes.
pub(super) fn bare_escapes(text: &str, at: &Range<usize>) -> Result<Vec<u8>, FilterError> {
    escapes(&text[at.clone()]).map_err(|e| bad_escape(text, at.start, at.end, e))
}

fn bad_escape(text: &str, from: usize, end: usize, error: BytesError) -> FilterError {
    FilterError::new(text, from + error.at, end, FilterErrorKind::BadEscape(error.kind))
}

/// The escapes of packets, and `\"`.
fn escapes(text: &str) -> Result<Vec<u8>, BytesError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut from = 0;
    let mut chars = text.char_indices();
    let piece = |from: usize, to: usize| parse_text(&text[from..to]).map_err(|e| BytesError { at: from + e.at, ..e });
    while let Some((at, c)) = chars.next() {
        if c == '\\' && chars.next().is_some_and(|(_, next)| next == '"') {
            bytes.extend(piece(from, at)?);
            bytes.push(b'"');
            from = at + 2;
        }
    }
    bytes.extend(piece(from, text.len())?);
    Ok(bytes)
}
