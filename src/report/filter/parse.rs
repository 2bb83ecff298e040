//! From tokens to a filter: `or` binds least, then what stands side by side, then `not`.

use std::iter::Peekable;
use std::time::Duration;
use std::vec::IntoIter;

use super::lex::{self, Sign, Token, Value, What};
use super::needle::{Bytes, Name, Text};
use super::test::{Dir, Kind, Span, Special, Test, Whose};
use super::{Expected, Expr, Field, FilterError, FilterErrorKind};
use crate::bytes::parse_hex;
use crate::lab::{Side, Transport};

/// Parentheses and negations within each other at most.
const DEEPEST: usize = 64;

struct Parser<'a> {
    text: &'a str,
    tokens: Peekable<IntoIter<Token>>,
}

pub(super) fn parse(text: &str) -> Result<Option<Expr>, FilterError> {
    let mut parser = Parser { text, tokens: lex::tokens(text)?.into_iter().peekable() };
    if parser.tokens.peek().is_none() {
        return Ok(None);
    }
    let expr = parser.any(0)?;
    match parser.tokens.next() {
        // Nothing else ends a group.
        Some(token) => Err(FilterError::new(text, token.at.start, token.at.end, FilterErrorKind::StrayParenthesis)),
        None => Ok(Some(expr)),
    }
}

impl Parser<'_> {
    fn any(&mut self, depth: usize) -> Result<Expr, FilterError> {
        let mut of = vec![self.all(depth)?];
        while self.tokens.next_if(|t| matches!(t.what, What::Or)).is_some() {
            of.push(self.all(depth)?);
        }
        Ok(group(of, Expr::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Expr, FilterError> {
        let mut of = vec![self.not(depth)?];
        loop {
            let has_and = self.tokens.next_if(|t| matches!(t.what, What::And)).is_some();
            match self.tokens.peek().map(|t| &t.what) {
                Some(What::Or | What::Close) | None if !has_and => break Ok(group(of, Expr::All)),
                _ => of.push(self.not(depth)?),
            }
        }
    }

    fn not(&mut self, depth: usize) -> Result<Expr, FilterError> {
        let Some(token) = self.tokens.next() else { return Err(self.missing(self.text.len())) };
        if depth > DEEPEST {
            return Err(FilterError::new(self.text, token.at.start, token.at.end, FilterErrorKind::TooDeep));
        }
        match token.what {
            What::Not => self.not(depth + 1).map(|of| Expr::Not(Box::new(of))),
            What::Open => {
                let inside = self.any(depth + 1)?;
                match self.tokens.next() {
                    Some(Token { what: What::Close, .. }) => Ok(inside),
                    Some(_) | None => Err(FilterError::new(self.text, token.at.start, token.at.end, FilterErrorKind::OpenParenthesis)),
                }
            }
            What::Word(word) => Ok(Expr::Test(Test::Word(Text::new(&word)))),
            What::Term(field, sign, value, at) => {
                let term = Term { text: self.text, start: token.at.start, field, sign, value, at };
                term.test().map(Expr::Test)
            }
            What::And | What::Or | What::Close => Err(self.missing(token.at.start)),
        }
    }

    fn missing(&self, at: usize) -> FilterError {
        FilterError::new(self.text, at, at, FilterErrorKind::Missing)
    }
}

fn group(mut of: Vec<Expr>, group: fn(Vec<Expr>) -> Expr) -> Expr {
    match of.pop() {
        Some(only) if of.is_empty() => only,
        Some(last) => {
            of.push(last);
            group(of)
        }
        None => group(of),
    }
}

/// One term as it was typed.
struct Term<'a> {
    text: &'a str,
    /// Of the field.
    start: usize,
    field: Field,
    sign: Sign,
    value: Value,
    /// Of the value.
    at: std::ops::Range<usize>,
}

impl Term<'_> {
    fn test(self) -> Result<Test, FilterError> {
        let field = self.field;
        if self.sign != Sign::Equal && self.sign != Sign::Other && !field.is_figure() {
            return Err(FilterError::new(self.text, self.start, self.at.end, FilterErrorKind::NotAFigure(field)));
        }
        match field {
            Field::Conn => self.span(number, Expected::Number).map(Test::Conn),
            Field::Len => self.span(number, Expected::Number).map(Test::Len),
            Field::Time => self.span(time, Expected::Time).map(Test::Time),
            Field::Dir => self.one_of(&[("rx", Dir::Received), ("tx", Dir::Sent), ("in", Dir::Received), ("out", Dir::Sent)], Test::Dir),
            Field::Kind => {
                let kinds = [Kind::Data, Kind::Open, Kind::End, Kind::Reset, Kind::Failed];
                let named: Vec<_> = field.values().iter().copied().zip(kinds).collect();
                self.one_of(&named, Test::Kind)
            }
            Field::Side => self.one_of(&[("server", Side::Server), ("client", Side::Client)], Test::Side),
            Field::Transport => self.one_of(&Transport::ALL.map(|t| (t.id(), t)), Test::Transport),
            Field::Is => self.one_of(&[("cut", Special::Cut), ("cropped", Special::Cropped)], Test::Is),
            Field::Text => {
                let bytes = match &self.value {
                    Value::Quoted(bytes) => bytes.clone(),
                    Value::Bare(_) => lex::bare_escapes(self.text, &self.at)?,
                };
                if bytes.is_empty() { Err(self.no_value()) } else { Ok(Test::Text(Text::new(&bytes))) }
            }
            Field::Hex => match parse_hex(&self.words()) {
                Ok(bytes) if bytes.is_empty() => Err(self.no_value()),
                Ok(bytes) => Ok(Test::Hex(Bytes::new(&bytes))),
                Err(error) => Err(self.bad(Expected::Hex(error.kind))),
            },
            Field::From => self.name(Whose::From),
            Field::To => self.name(Whose::To),
            Field::End => self.name(Whose::End),
            Field::Addr => self.name(Whose::Addr),
            Field::Local => self.name(Whose::Local),
            Field::Peer => self.name(Whose::Peer),
        }
    }

    /// The value as text; bytes in quotes that are no text stand for themselves nowhere.
    fn words(&self) -> String {
        match &self.value {
            Value::Bare(text) => text.clone(),
            Value::Quoted(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    fn no_value(&self) -> FilterError {
        FilterError::new(self.text, self.start, self.at.end, FilterErrorKind::NoValue(self.field))
    }

    fn bad(&self, expected: Expected) -> FilterError {
        let kind = FilterErrorKind::BadValue { field: self.field, value: self.words(), expected };
        FilterError::new(self.text, self.at.start, self.at.end, kind)
    }

    fn one_of<T: Copy>(&self, named: &[(&str, T)], test: fn(T) -> Test) -> Result<Test, FilterError> {
        let value = self.words();
        let found = named.iter().find(|(id, _)| id.eq_ignore_ascii_case(&value));
        found.map(|(_, value)| test(*value)).ok_or_else(|| self.bad(Expected::OneOf(self.field.values())))
    }

    fn name(&self, whose: Whose) -> Result<Test, FilterError> {
        let name = self.words();
        if name.is_empty() { Err(self.no_value()) } else { Ok(Test::Name(whose, Name::new(&name))) }
    }

    fn span<T>(&self, read: fn(&str) -> Option<T>, expected: Expected) -> Result<Span<T>, FilterError> {
        let value = self.words();
        let span = match (self.sign, value.split_once("..")) {
            (Sign::Equal, Some((from, to))) => read(from).zip(read(to)).map(|(from, to)| Span::Between(from, to)),
            (_, Some(_)) => None,
            (sign, None) => read(&value).map(|value| match sign {
                Sign::Less => Span::Less(value),
                Sign::AtMost => Span::AtMost(value),
                Sign::Equal => Span::Equal(value),
                Sign::Other => Span::Other(value),
                Sign::AtLeast => Span::AtLeast(value),
                Sign::More => Span::More(value),
            }),
        };
        span.ok_or_else(|| self.bad(expected))
    }
}

fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Seconds, or with the unit `s`, `ms` or `us`.
fn time(text: &str) -> Option<Duration> {
    let (figure, places) = match [("ms", 3), ("us", 6), ("s", 0)].into_iter().find_map(|(unit, p)| text.strip_suffix(unit).zip(Some(p))) {
        Some((figure, places)) => (figure, places),
        None => (text, 0),
    };
    let (whole, part) = figure.split_once('.').unwrap_or((figure, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > 9 || !digits(whole) || !digits(part) {
        return None;
    }
    // In nanoseconds of the unit, exactly: `1.5` is no binary fraction everywhere.
    let part: u128 = format!("{part:0<9}").parse().ok()?;
    let nanos = (whole.parse::<u128>().ok()? * 1_000_000_000 + part) / 10_u128.pow(places);
    u64::try_from(nanos).ok().map(Duration::from_nanos)
}
