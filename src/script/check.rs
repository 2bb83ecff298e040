//! What a check may say. Whether it holds is asked elsewhere, of what was seen.

use std::time::Duration;

use super::Figure;

/// How long a check that names no time may take to become true.
pub const DEFAULT_WITHIN: Duration = Duration::from_secs(3);

/// All clauses must hold at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// At least one.
    pub clauses: Vec<Clause>,
    /// It must become true in this time. Without it: in [`DEFAULT_WITHIN`]; with `lasting` alone: at once.
    pub within: Option<Duration>,
    /// From when it became true it must stay so for this time.
    pub lasting: Option<Duration>,
}

/// One thing that must be seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    /// `echo.accepted == 3`.
    Compare {
        /// A figure.
        left: Figure,
        /// How.
        op: Op,
        /// With what.
        right: Value,
    },
    /// `insight second-waits of echo`, `no insight busy-polling`.
    Insight {
        /// One of [`INSIGHTS`](super::INSIGHTS).
        rule: &'static str,
        /// Of this endpoint; without it of any.
        of: Option<String>,
        /// Whether it must speak, or must not.
        speaks: bool,
    },
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the sign of that name")]
pub enum Op {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Contains,
}

/// The right side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number from 0.
    Number(f64),
    /// Bytes of a text.
    Text(Vec<u8>),
    /// Another figure at the same moment.
    Figure(Figure),
}

/// Whose figure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// `lab`: all together.
    Lab,
    /// An endpoint.
    Endpoint(String),
}

impl Op {
    pub(super) const ALL: [(&'static str, Self); 7] = [
        ("==", Self::Equal),
        ("!=", Self::Unequal),
        ("<", Self::Less),
        ("<=", Self::AtMost),
        (">", Self::More),
        (">=", Self::AtLeast),
        ("contains", Self::Contains),
    ];

    /// Each as it is written.
    pub const SIGNS: [&'static str; 7] = ["==", "!=", "<", "<=", ">", ">=", "contains"];

    /// As it is written.
    pub fn sign(self) -> &'static str {
        Self::ALL.iter().find(|(_, op)| *op == self).map_or("", |(sign, _)| sign)
    }
}

impl Check {
    /// Until when it must have become true, counted from when it was first asked.
    pub fn patience(&self) -> Duration {
        match (self.within, self.lasting) {
            (Some(within), _) => within,
            (None, Some(_)) => Duration::ZERO,
            (None, None) => DEFAULT_WITHIN,
        }
    }

    /// Every figure that it names.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.clauses.iter().flat_map(|clause| match clause {
            Clause::Compare { left, right: Value::Figure(right), .. } => vec![left, right],
            Clause::Compare { left, .. } => vec![left],
            Clause::Insight { .. } => Vec::new(),
        })
    }

    /// Every endpoint that it names.
    pub fn names(&self) -> Vec<&str> {
        let of_figures = self.figures().filter_map(|figure| match &figure.of {
            Whose::Endpoint(name) => Some(name.as_str()),
            Whose::Lab => None,
        });
        let of_insights = self.clauses.iter().filter_map(|clause| match clause {
            Clause::Insight { of, .. } => of.as_deref(),
            Clause::Compare { .. } => None,
        });
        of_figures.chain(of_insights).collect()
    }
}
