//! A line that is no deed or no check: where, and what would have been right.

use super::check::Op;
use crate::bytes::BytesError;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {kind}")]
pub struct ScriptError {
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub kind: ScriptErrorKind,
}

/// The mistakes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptErrorKind {
    /// Something else was due here.
    #[error("{expected} was expected, not {found}")]
    Expected {
        /// What was due.
        expected: Due,
        /// What stands there.
        found: Found,
    },
    /// A word of a closed list.
    #[error("'{word}' is no {what}. There are: {}", known.join(", "))]
    Unknown {
        /// Of what.
        what: List,
        /// As written.
        word: String,
        /// Those that exist.
        known: Vec<&'static str>,
    },
    /// A quotation that does not end.
    #[error("the quotation has no end: write \" after it")]
    OpenQuote,
    /// A character that means nothing here.
    #[error("'{0}' means nothing here; texts and odd names stand in double quotes")]
    Stray(char),
    /// An escape in a name that is neither `\"` nor `\\`.
    #[error("in a name, write \\\" for a quotation mark and \\\\ for a backslash")]
    Name,
    /// A text whose escapes say no bytes.
    #[error("in the text, {0}")]
    Bytes(BytesError),
    /// A number that is none, or too large.
    #[error("'{0}' is no number from 0 to {1}")]
    Number(String, u64),
    /// A time that is none.
    #[error("'{0}' is no time: write 500ms, 2s or 1m; an hour is the longest")]
    Time(String),
    /// A text compared by size, or a number searched.
    #[error("{0}")]
    Compare(Mismatch),
}

/// What was due at a place. Its [`Display`](fmt::Display) is English, with an article or as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Due {
    /// This word or sign.
    #[error("'{0}'")]
    Exactly(&'static str),
    #[error("the end of the line")]
    End,
    #[error("'and', 'within', 'for' or the end of the line")]
    MoreOrEnd,
    #[error("one of {}", Op::SIGNS.join(" "))]
    Operator,
    #[error("the name of a server or a client")]
    Endpoint,
    #[error("the name of a packet")]
    Packet,
    #[error("the name of a sequence")]
    Sequence,
    #[error("the name of a setting")]
    SettingName,
    #[error("a figure such as echo.accepted")]
    Figure,
    #[error("an error of the system such as ECONNREFUSED")]
    Errno,
    #[error("a value")]
    Value,
    #[error("a number, a text in double quotes or a figure")]
    Comparand,
    #[error("a number")]
    Number,
    #[error("a number from 1")]
    FromOne,
    #[error("a text in double quotes")]
    Text,
    #[error("a time such as 500ms or 2s")]
    Time,
    /// A word of this list.
    #[error("{article} {0}", article = if *.0 == List::Insight { "an" } else { "a" })]
    One(List),
}

/// A closed list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the words say it")]
pub enum List {
    #[error("deed")]
    Deed,
    #[error("setting")]
    Setting,
    #[error("figure")]
    Figure,
    #[error("group of figures")]
    FigureGroup,
    #[error("insight")]
    Insight,
}

/// What stands where something else was due.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Found {
    /// Nothing more.
    #[error("the end")]
    End,
    /// A word or a sign.
    #[error("'{0}'")]
    Word(String),
    /// A text in quotes.
    #[error("\"{0}\"")]
    Quoted(String),
}

/// Two values that are not compared so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Mismatch {
    #[error("a text is compared with ==, != or contains")]
    TextBySize,
    #[error("only a text can contain something")]
    NumberContains,
    #[error("a text is compared with a text in double quotes")]
    TextWithNumber,
    #[error("a number is compared with a number")]
    NumberWithText,
}
