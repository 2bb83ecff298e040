//! What was seen of a check, as values: whoever shows it has words of its own. Every [`Display`](fmt::Display) here is English.

use std::fmt;

use super::worth::Word;
use crate::bytes::to_text_string;
use crate::engine::Unavailable;
use crate::script::{Figure, Op};

/// Bytes of a text that a message repeats, and texts.
const SHOWN: usize = 60;
const FEW: usize = 3;

/// One clause and what was seen of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// What was looked at.
    pub subject: Subject,
    /// What it is; `None` where there is none.
    pub value: Option<Shown>,
    /// How it was compared; `None` for an insight.
    pub op: Option<Op>,
    /// With what, as the check writes it.
    pub wanted: Wanted,
    /// Whether that holds.
    pub holds: bool,
}

/// What a clause is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// A figure.
    Figure(Figure),
    /// An insight, by its rule.
    Insight(&'static str),
}

/// A value that was seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// Of a figure that counts or measures.
    Number(f64),
    /// A word of a closed set.
    Word(Word),
    /// A few texts, each its end, as text with escapes; and whether there are more.
    Texts {
        /// Each with whether it was cut.
        texts: Vec<(bool, String)>,
        /// Whether some are left out.
        more: bool,
    },
    /// An insight speaks, or does not.
    Speaks(bool),
}

/// What was wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// What the check says.
    Written(String),
    /// Another figure, and what that is.
    Figure(Figure, Option<Shown>),
    /// An insight that speaks, or does not.
    Speaks(bool),
}

/// A figure that is not told here, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Untold {
    /// Which.
    pub figure: Figure,
    /// Why.
    pub why: Why,
}

/// Why a figure is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The kernel does not say.
    #[error("{0}")]
    Unavailable(Unavailable),
    /// Nobody knows why.
    #[error("this system does not tell")]
    Silent,
    /// Of threads.
    #[error("this system tells no context switches")]
    Switches,
    /// Of threads.
    #[error("this system tells no processor time of threads")]
    Cpu,
    /// Of sockets.
    #[error("this system does not tell what lies in a socket's buffers")]
    Buffers,
    /// Of ports.
    #[error("this system's rule is not known")]
    NoRule,
    /// Of errors.
    #[error("Windows has no EPIPE for this: it answers with WSAECONNRESET or WSAECONNABORTED")]
    NoEpipe,
    /// It is there, but is no number.
    #[error("the figure has no number")]
    NoNumber,
}

impl Shown {
    /// The end of a few of these texts: that is what came last.
    pub(super) fn texts(all: &[Vec<u8>]) -> Self {
        let one = |bytes: &Vec<u8>| {
            let cut = bytes.len().saturating_sub(SHOWN);
            (cut > 0, to_text_string(&bytes[cut..]))
        };
        Self::Texts { texts: all.iter().take(FEW).map(one).collect(), more: all.len() > FEW }
    }

    /// Its number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(n) => Some(*n),
            Self::Word(_) | Self::Texts { .. } | Self::Speaks(_) => None,
        }
    }
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.figure, self.why)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Figure(figure) => figure.fmt(f),
            Self::Insight(rule) => write!(f, "insight {rule}"),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) if n.fract() == 0.0 => write!(f, "{n}"),
            Self::Number(n) => write!(f, "{n:.1}"),
            Self::Word(word) => write!(f, "\"{}\"", to_text_string(word.to_string().as_bytes())),
            Self::Texts { texts, more } => {
                let one = |(cut, text): &(bool, String)| format!("\"{}{text}\"", if *cut { "…" } else { "" });
                f.write_str(&texts.iter().map(one).collect::<Vec<_>>().join(" and "))?;
                f.write_str(if *more { " …" } else { "" })
            }
            Self::Speaks(speaks) => f.write_str(if *speaks { "speaks" } else { "is silent" }),
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written(words) => f.write_str(words),
            Self::Figure(figure, Some(value)) => write!(f, "{figure} ({value})"),
            Self::Figure(figure, None) => write!(f, "{figure} (none)"),
            Self::Speaks(speaks) => Shown::Speaks(*speaks).fmt(f),
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, value, op, wanted, holds } = self;
        let Some(value) = value else { return write!(f, "{subject} has no value, and {wanted} was expected") };
        match (op, holds) {
            (_, true) | (None, false) => write!(f, "{subject} {}{value}", if op.is_some() { "is " } else { "" }),
            (Some(Op::Equal), false) => write!(f, "{subject} is {value}, not {wanted}"),
            (Some(Op::Unequal), false) => write!(f, "{subject} is {value}"),
            (Some(Op::Less), false) => write!(f, "{subject} is {value}, not below {wanted}"),
            (Some(Op::AtMost), false) => write!(f, "{subject} is {value}, more than {wanted}"),
            (Some(Op::More), false) => write!(f, "{subject} is {value}, not above {wanted}"),
            (Some(Op::AtLeast), false) => write!(f, "{subject} is {value}, less than {wanted}"),
            (Some(Op::Contains), false) => write!(f, "{subject} is {value}, without {wanted}"),
        }
    }
}
