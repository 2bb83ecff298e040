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

/// An answer that is a number, with a comma at thousands as both languages have it here; nothing is rounded.
pub fn grouped(n: f64) -> String {
    let plain = n.to_string();
    let whole = plain.find('.').unwrap_or(plain.len());
    let mut grouped = String::with_capacity(plain.len() + whole / 3);
    for (at, c) in plain.char_indices() {
        let is_border = at > 0 && at < whole && (whole - at).is_multiple_of(3) && !plain[..at].ends_with('-');
        if is_border {
            grouped.push(',');
        }
        grouped.push(c);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_have_a_comma_at_thousands() {
        assert_eq!([0.0, 999.0, 1_000.0, -123_456.5, 1_234_567.0].map(grouped), ["0", "999", "1,000", "-123,456.5", "1,234,567"]);
    }
}
