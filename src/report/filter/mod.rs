//! The language of the traffic filter: which rows of the log are shown or exported. Pure, and quick enough for a million rows:
//! a match allocates nothing.
//!
//! ```text
//! dir:rx conn:3 len>100              all must hold
//! text:"abc" or hex:0d0a             one of them
//! not (kind:open or from:"server 1") neither
//! ping -127.0.0.1                    words stand anywhere: names, addresses, bytes; a minus is not
//! ```
//!
//! What a text means is one [`Filter`], whose words ([`Display`](std::fmt::Display)) read back as the same filter.

mod complete;
mod error;
mod field;
mod lex;
mod needle;
mod parse;
mod print;
mod test;
#[cfg(test)]
mod tests;

pub use complete::{Completion, CompletionKind, Names, complete};
pub use error::{Expected, FilterError, FilterErrorKind};
pub use field::Field;

use crate::engine::Record;
use test::Test;

/// Which rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Every row passes where there is none.
    expr: Option<Expr>,
}

/// How tests are put together. Groups have two members at least.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Not(Box<Expr>),
    Test(Test),
}

impl Filter {
    /// Reads a filter. A text without terms lets every row pass.
    ///
    /// # Errors
    /// With the place of the first mistake, and what would be understood there.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parse::parse(text).map(|expr| Self { expr })
    }

    /// Whether a row passes.
    pub fn matches(&self, record: &Record) -> bool {
        self.expr.as_ref().is_none_or(|expr| expr.holds(record))
    }

    /// Whether every row passes.
    pub fn is_empty(&self) -> bool {
        self.expr.is_none()
    }

    /// Whether rows' bytes are looked through, which costs time for each byte.
    pub fn reads_data(&self) -> bool {
        self.expr.as_ref().is_some_and(Expr::reads_data)
    }
}

impl Expr {
    fn holds(&self, record: &Record) -> bool {
        match self {
            Self::All(of) => of.iter().all(|e| e.holds(record)),
            Self::Any(of) => of.iter().any(|e| e.holds(record)),
            Self::Not(of) => !of.holds(record),
            Self::Test(test) => test.holds(record),
        }
    }

    fn reads_data(&self) -> bool {
        match self {
            Self::All(of) | Self::Any(of) => of.iter().any(Self::reads_data),
            Self::Not(of) => of.reads_data(),
            Self::Test(test) => test.reads_data(),
        }
    }
}
