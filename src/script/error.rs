//! A line that is no deed or no check: where, and what would have been right.

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
        /// With its article or as it is written.
        expected: String,
        /// As written, in quotes, or `the end`.
        found: String,
    },
    /// A word of a closed list.
    #[error("'{word}' is no {what}. There are: {}", known.join(", "))]
    Unknown {
        /// Of what.
        what: &'static str,
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
    Compare(&'static str),
}
