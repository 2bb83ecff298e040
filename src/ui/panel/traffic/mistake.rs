//! What is wrong with a filter, and what its parts are, in the person's language.

use crate::report::filter::{CompletionKind, Expected, Field, FilterError, FilterErrorKind};
use crate::tr;
use crate::ui::{Text, failure_words};

/// Place and mistake.
pub fn words(text: &Text, error: &FilterError) -> String {
    let what = match &error.kind {
        FilterErrorKind::UnknownField(word) => {
            tr!(text, "traffic-filter-unknown", word = word.as_str(), fields = Field::ALL.map(Field::id).join(" "))
        }
        FilterErrorKind::NoValue(field) => tr!(text, "traffic-filter-no-value", field = field.id()),
        FilterErrorKind::BadValue { field, value, expected } => {
            let expected = self::expected(text, expected);
            tr!(text, "traffic-filter-bad-value", field = field.id(), value = value.as_str(), expected = expected)
        }
        FilterErrorKind::NotAFigure(field) => tr!(text, "traffic-filter-no-figure", field = field.id()),
        FilterErrorKind::OpenQuote => tr!(text, "traffic-filter-open-quote"),
        FilterErrorKind::AfterQuote => tr!(text, "traffic-filter-after-quote"),
        FilterErrorKind::BadEscape(kind) => failure_words::bytes_kind(text, *kind),
        FilterErrorKind::OpenParenthesis => tr!(text, "traffic-filter-open-parenthesis"),
        FilterErrorKind::StrayParenthesis => tr!(text, "traffic-filter-stray-parenthesis"),
        FilterErrorKind::Missing => tr!(text, "traffic-filter-missing"),
        FilterErrorKind::TooDeep => tr!(text, "traffic-filter-too-deep"),
    };
    tr!(text, "traffic-filter-mistake", column = error.column, what = what)
}

fn expected(text: &Text, expected: &Expected) -> String {
    match expected {
        Expected::OneOf(values) => values.join(", "),
        Expected::Number => tr!(text, "traffic-filter-number"),
        Expected::Time => tr!(text, "traffic-filter-time"),
        Expected::Hex(kind) => failure_words::bytes_kind(text, *kind),
    }
}

/// What an offer of the list is.
pub fn offer(text: &Text, kind: CompletionKind) -> String {
    match kind {
        CompletionKind::Field(field) => tr!(text, &format!("traffic-field-{}", field.id())),
        CompletionKind::Value(field) => field.id().to_owned(),
        CompletionKind::Operator => tr!(text, "traffic-filter-operator"),
        CompletionKind::Name => tr!(text, "traffic-filter-name"),
    }
}
