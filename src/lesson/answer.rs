//! What people answered.

use super::{Kind, Predict};

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Of [`Kind::Number`].
    Number(f64),
    /// Of [`Kind::Choice`]: which, from 0.
    Choice(usize),
    /// Of [`Kind::Order`]: which comes first, second …, each once.
    Order(Vec<usize>),
}

/// An answer and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// `None` for somebody without a name.
    pub who: Option<String>,
    /// What was answered.
    pub answer: Answer,
}

/// An answer that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The step asks nothing.
    #[error("this step asks nothing")]
    NoQuestion,
    /// It was revealed before.
    #[error("it is revealed already")]
    Late,
    /// Another kind of answer, a choice that does not exist, or an order that leaves one out.
    #[error("this is no answer to the question")]
    Unfit,
    /// Who gives very many answers.
    #[error("there are 1,000 answers already")]
    TooMany,
}

/// Answers of one question at most.
pub(super) const MAX_ANSWERS: usize = 1_000;

impl Answer {
    /// Whether the question can be answered so.
    pub(super) fn fits(&self, predict: &Predict) -> bool {
        match (self, &predict.kind) {
            (Self::Number(n), Kind::Number { .. }) => n.is_finite(),
            (Self::Choice(at), Kind::Choice { choices, .. }) => *at < choices.len(),
            (Self::Order(order), Kind::Order { choices, .. }) => {
                order.len() == choices.len() && (0..choices.len()).all(|at| order.contains(&at))
            }
            (Self::Number(_) | Self::Choice(_) | Self::Order(_), _) => false,
        }
    }
}
