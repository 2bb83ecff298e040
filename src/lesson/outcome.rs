//! What a lesson came to, as a value: answers, what happened, checks, and the lab.

use std::sync::Arc;

use super::{Answer, Day, Given, Kind, Phrase, Predict};
use crate::lab::Words;
use crate::script::Deed;
use crate::trial::{DeedError, Untold, Verdict};

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Of the lesson.
    pub id: String,
    /// Of the lesson.
    pub number: u32,
    /// Of the lesson.
    pub title: Words,
    /// When it was given.
    pub when: Option<Day>,
    /// The lab as it is now, TOML.
    pub lab: String,
    /// Every step of the lesson.
    pub steps: Vec<StepOutcome>,
}

/// Of one step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepOutcome {
    /// Its heading.
    pub title: Words,
    /// Whether it was ever at hand.
    pub visited: bool,
    /// Of its checks, in order.
    pub checks: Vec<CheckOutcome>,
    /// Of its question.
    pub predict: Option<PredictOutcome>,
}

/// Of one check.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckOutcome {
    /// As it is written.
    pub line: String,
    /// The last thing that was seen of it.
    pub verdict: Verdict,
}

/// Of one question.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictOutcome {
    /// What was asked.
    pub question: Phrase,
    /// Those to choose from; empty for a number.
    pub choices: Vec<Phrase>,
    /// The figure of a number.
    pub figure: Option<String>,
    /// In the order they were given.
    pub given: Vec<Given>,
    /// What happened.
    pub happened: Happened,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Happened {
    /// It was not revealed, or is not yet over.
    NotYet,
    /// This, seen.
    So(Answer),
    /// Not what the lesson says.
    Otherwise(Otherwise),
    /// This system does not tell, and why.
    Unknown(Untold),
}

/// Why what happened is not what the lesson says. Its [`Display`](std::fmt::Display) is English.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Otherwise {
    /// This was seen instead: a verdict that did not hold.
    #[error("{0}")]
    Seen(Verdict),
    /// What it does was not done.
    #[error("{0}")]
    Refused(Refusal),
}

/// Why a deed was not done. Its [`Display`](std::fmt::Display) is English.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refusal {
    /// It cannot be done.
    #[error("{deed}: {error}")]
    Deed {
        /// Which.
        deed: Deed,
        /// Why not.
        error: Arc<DeedError>,
    },
    /// Other machines would notice it, so a person is asked first.
    #[error("it is asked first what may be seen on the network; then do it again")]
    AsksFirst,
}

/// What the system said cannot be compared; what is told of it can.
impl PartialEq for Refusal {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl PredictOutcome {
    pub(super) fn of(predict: &Predict, given: &[Given], happened: Happened) -> Self {
        let figure = match &predict.kind {
            Kind::Number { figure } => Some(figure.to_string()),
            Kind::Choice { .. } | Kind::Order { .. } => None,
        };
        let choices = predict.choices().iter().map(|choice| choice.words.clone()).collect();
        Self { question: predict.question.clone(), choices, figure, given: given.to_vec(), happened }
    }

    /// How many answered what happened; `None` before that is known.
    pub fn right(&self) -> Option<usize> {
        match &self.happened {
            Happened::So(answer) => Some(self.given.iter().filter(|given| given.answer == *answer).count()),
            Happened::NotYet | Happened::Otherwise(_) | Happened::Unknown(_) => None,
        }
    }
}
