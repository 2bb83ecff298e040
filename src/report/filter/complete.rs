//! What may stand at the cursor.

use std::ops::Range;

use super::Field;
use super::lex::{Head, closing, ends_word, head};
use super::print::in_quotes;
use crate::bytes::to_text_string;

/// Offers at most.
const MOST: usize = 50;

/// What there is in this lab.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'a> {
    /// Of endpoints.
    pub endpoints: &'a [&'a str],
    /// Of connections' ends.
    pub addresses: &'a [&'a str],
    /// Numbers of connections.
    pub connections: &'a [u32],
}

/// One offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it takes the place of, in bytes; both at characters.
    pub replaces: Range<usize>,
    /// What stands there afterwards; the cursor goes behind it.
    pub text: String,
    /// What it is.
    pub kind: CompletionKind,
}

/// What an offer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A field and its sign; a value follows.
    Field(Field),
    /// A value of a field.
    Value(Field),
    /// `and`, `or`, `not`.
    Operator,
    /// The name of an endpoint, searched for anywhere.
    Name,
}

/// What may stand at the cursor (a byte offset; one inside a character counts as before it), the likeliest first.
pub fn complete(text: &str, cursor: usize, names: &Names<'_>) -> Vec<Completion> {
    let cursor = (0..=cursor.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = word_start(&text[..cursor]);
    let typed = &text[start..cursor];
    let end = cursor + text[cursor..].find(ends_word).unwrap_or(text.len() - cursor);
    let mut offers = match head(typed) {
        Head::Known(field, _, len) => {
            let replaces = start + len..end;
            let said = typed[len..].trim_start_matches('"');
            let offer = |value: String| Completion { replaces: replaces.clone(), text: value, kind: CompletionKind::Value(field) };
            values(field, names).into_iter().filter(|value| fits(value, said)).map(|v| offer(spelled(field, &v))).collect()
        }
        Head::Unknown(_) => Vec::new(),
        Head::None => words(typed.trim_start_matches('"'), start..end, start > 0, names),
    };
    // What stands there already is no offer.
    offers.retain(|offer| text[offer.replaces.clone()] != offer.text);
    offers.truncate(MOST);
    offers
}

/// Where the word that reaches to the end begins; a minus before it is not part of it.
fn word_start(text: &str) -> usize {
    let mut at = 0;
    let mut start = 0;
    while let Some(c) = text[at..].chars().next() {
        if c == '"' {
            match closing(&text[at..]) {
                Some(len) => at += len + 1,
                None => return start,
            }
            continue;
        }
        at += c.len_utf8();
        let is_minus = matches!(c, '-' | '!') && start + c.len_utf8() == at;
        if ends_word(c) || is_minus {
            start = at;
        }
    }
    start
}

/// Fields, then operators, then names.
fn words(typed: &str, replaces: Range<usize>, follows: bool, names: &Names<'_>) -> Vec<Completion> {
    let offer = |text: String, kind| Completion { replaces: replaces.clone(), text, kind };
    let begins = |word: &str| word.get(..typed.len()).is_some_and(|front| front.eq_ignore_ascii_case(typed));
    let sign = |field: Field| if field == Field::Len || field == Field::Time { ">" } else { ":" };
    let fields = Field::ALL.into_iter().filter(|field| begins(field.id()));
    let mut offers: Vec<_> = fields.map(|f| offer(format!("{}{}", f.id(), sign(f)), CompletionKind::Field(f))).collect();
    let operators: &[&str] = if follows { &["and", "or", "not"] } else { &["not"] };
    offers.extend(operators.iter().filter(|word| begins(word)).map(|word| offer((*word).to_owned(), CompletionKind::Operator)));
    if !typed.is_empty() {
        let found = names.endpoints.iter().filter(|name| fits(name, typed));
        offers.extend(found.map(|name| offer(in_quotes(&to_text_string(name.as_bytes())), CompletionKind::Name)));
    }
    offers
}

fn values(field: Field, names: &Names<'_>) -> Vec<String> {
    let owned = |of: &[&str]| of.iter().map(|value| (*value).to_owned()).collect();
    match field {
        Field::From | Field::To | Field::End => owned(names.endpoints),
        Field::Addr | Field::Local | Field::Peer => owned(names.addresses),
        Field::Conn => names.connections.iter().map(u32::to_string).collect(),
        Field::Dir | Field::Kind | Field::Side | Field::Transport | Field::Is => owned(field.values()),
        Field::Len | Field::Time | Field::Text | Field::Hex => Vec::new(),
    }
}

/// Values with their own spelling stay as they are.
fn spelled(field: Field, value: &str) -> String {
    if field.is_name() || matches!(field, Field::Addr | Field::Local | Field::Peer) {
        in_quotes(&to_text_string(value.as_bytes()))
    } else {
        value.to_owned()
    }
}

fn fits(value: &str, typed: &str) -> bool {
    value.to_lowercase().contains(&typed.to_lowercase())
}
