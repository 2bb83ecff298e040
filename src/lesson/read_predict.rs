//! The question of a step.

use super::mistake::{Named, Part, Rule};
use super::read::{Read, Tried};
use super::table::{Place, Table};
use super::{Choice, Kind, LessonErrorKind, Predict};
use crate::script::{Check, Clause};

const KEYS: &[&str] = &["kind", "question", "label", "do", "when", "choice", "answer"];
const CHOICE_KEYS: &[&str] = &["key", "en", "zh"];
const KINDS: &[&str] = &["number", "choice", "order"];

pub(super) fn predict(from: &Table<'_>, tried: &mut Tried) -> Read<Predict> {
    from.only(KEYS)?;
    let (kind, span) = from.needed("kind")?;
    let question = from.phrase("question")?.ok_or_else(|| from.missing("question"))?;
    let label = from.phrase("label")?;
    let deeds = tried.follow(from, "do", from.deeds("do")?)?;
    let when = tried.knows(from, "when", from.checks("when")?)?;
    let choices = choices(from)?;
    let needs = |is_right: bool, rule| if is_right { Ok(()) } else { Err(from.error(None, LessonErrorKind::Rule(rule))) };
    let proven = || needs(!when.is_empty(), Rule::When);
    let kind = match kind {
        "number" => {
            needs(choices.is_empty(), Rule::NumberHasNoChoices)?;
            figure(from, tried)?
        }
        "choice" => {
            needs(choices.len() >= 2, Rule::TwoChoices)?;
            proven()?;
            let (key, span) = from.needed("answer")?;
            let answer = position(from, &choices, key, span)?;
            Kind::Choice { choices, answer }
        }
        "order" => {
            needs(choices.len() >= 2, Rule::TwoChoices)?;
            proven()?;
            let keys = from.texts("answer")?;
            let answer: Vec<usize> = keys.into_iter().map(|(key, span)| position(from, &choices, key, span)).collect::<Read<_>>()?;
            needs(answer.len() == choices.len() && (0..choices.len()).all(|at| answer.contains(&at)), Rule::WholeOrder)?;
            Kind::Order { choices, answer }
        }
        word => {
            let known = KINDS.iter().map(|kind| (*kind).to_owned()).collect();
            return Err(from.error(span, LessonErrorKind::Unknown { what: Named::QuestionKind, word: word.to_owned(), known }));
        }
    };
    Ok(Predict { question, label, deeds, when, kind })
}

/// `answer = "till.queue"`: read as the left side of a check.
fn figure(from: &Table<'_>, tried: &Tried) -> Read<Kind> {
    let (text, span) = from.needed("answer")?;
    let check =
        Check::parse(&format!("{text} >= 0")).map_err(|error| from.error(span.clone(), LessonErrorKind::Line { key: "answer", error }))?;
    let mut known = tried.knows(from, "answer", vec![(check, span.clone())])?;
    match known.pop().map(|check| (check.clauses, check.within, check.lasting)) {
        Some((clauses, None, None)) => match <[Clause; 1]>::try_from(clauses) {
            Ok([Clause::Compare { left, .. }]) => Ok(Kind::Number { figure: left }),
            Ok(_) | Err(_) => Err(from.error(span, LessonErrorKind::Rule(Rule::OneFigure))),
        },
        Some(_) | None => Err(from.error(span, LessonErrorKind::Rule(Rule::OneFigure))),
    }
}

fn choices(from: &Table<'_>) -> Read<Vec<Choice>> {
    let mut choices: Vec<Choice> = Vec::new();
    for table in from.tables("choice", Part::Choice)? {
        table.only(CHOICE_KEYS)?;
        let (key, span) = table.key("key")?;
        if choices.iter().any(|choice| choice.key == key) {
            return Err(table.error(span, LessonErrorKind::Twice(key)));
        }
        let words = table.words("choice")?;
        choices.push(Choice { key, words });
    }
    Ok(choices)
}

fn position(from: &Table<'_>, choices: &[Choice], key: &str, span: Place) -> Read<usize> {
    let known = || choices.iter().map(|choice| choice.key.clone()).collect();
    let unknown = || LessonErrorKind::Unknown { what: Named::Choice, word: key.to_owned(), known: known() };
    choices.iter().position(|choice| choice.key == key).ok_or_else(|| from.error(span, unknown()))
}
