//! Why a text is no filter, and where. English words here; the window words the kind in the person's language.

use super::Field;
use crate::bytes::BytesErrorKind;

/// A text that says no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {kind}")]
pub struct FilterError {
    /// Byte offset in the text where the mistake begins; always at a character.
    pub at: usize,
    /// Where it ends; the same for something that is missing.
    pub end: usize,
    /// The beginning in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub kind: FilterErrorKind,
}

/// The mistakes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterErrorKind {
    /// A word and a colon, and the word is no field.
    #[error("there is no field '{0}'; fields: {fields}. In quotes it is searched for as it stands", fields = all_fields())]
    UnknownField(String),
    /// A field and a sign, and no value.
    #[error("'{}' has no value: {}", .0.id(), expected(*.0))]
    NoValue(Field),
    /// A value that the field does not know.
    #[error("'{value}' is nothing for '{}': {expected}", .field.id())]
    BadValue {
        /// Whose.
        field: Field,
        /// As typed.
        value: String,
        /// What it knows.
        expected: Expected,
    },
    /// A field that is no figure was compared.
    #[error("'{}' is no figure that could be more or less: write {}:…", .0.id(), .0.id())]
    NotAFigure(Field),
    /// A quote without its partner.
    #[error("the quote is not closed")]
    OpenQuote,
    /// Characters right behind a closing quote.
    #[error("a blank is missing after the quote")]
    AfterQuote,
    /// Quoted words with a wrong escape.
    #[error("{0}")]
    BadEscape(BytesErrorKind),
    /// An opening parenthesis without its partner.
    #[error("the parenthesis is not closed")]
    OpenParenthesis,
    /// A closing one without its partner.
    #[error("nothing was opened that ')' could close")]
    StrayParenthesis,
    /// Nothing stands where `and`, `or`, `not`, `-` or a parenthesis need a term.
    #[error("a term is missing here")]
    Missing,
    /// More parentheses within each other than anybody needs.
    #[error("too many parentheses within each other")]
    TooDeep,
}

/// What a field knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Expected {
    /// One of these.
    #[error("it is {}", .0.join(", "))]
    OneOf(&'static [&'static str]),
    /// A whole number, or two with `..` between.
    #[error("it takes a number such as 3, or 3..7")]
    Number,
    /// A time, or two.
    #[error("it takes a time such as 1.5, 200ms or 1..2")]
    Time,
    /// Pairs of hex digits.
    #[error("{0}")]
    Hex(BytesErrorKind),
}

fn all_fields() -> String {
    Field::ALL.map(Field::id).join(" ")
}

fn expected(field: Field) -> String {
    match field {
        Field::Conn | Field::Len => Expected::Number.to_string(),
        Field::Time => Expected::Time.to_string(),
        Field::Text => "write text:\"abc\"".to_owned(),
        Field::Hex => "write hex:0d0a".to_owned(),
        Field::From | Field::To | Field::End => "it takes a name, in quotes when it has blanks".to_owned(),
        Field::Addr | Field::Local | Field::Peer => "it takes a part of an address".to_owned(),
        Field::Dir | Field::Kind | Field::Side | Field::Transport | Field::Is => Expected::OneOf(field.values()).to_string(),
    }
}

impl FilterError {
    /// A mistake in this stretch of the text.
    pub(super) fn new(text: &str, at: usize, end: usize, kind: FilterErrorKind) -> Self {
        let column = text.char_indices().take_while(|(i, _)| *i < at).count() + 1;
        Self { at, end: end.max(at), column, kind }
    }
}
