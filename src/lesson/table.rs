//! One table of `lesson.toml`: its values by key and kind, each mistake with its line. It knows how TOML is written, not what a lesson is.

use std::ops::Range;

use toml_edit::{Item, Key, TableLike, Value};

use super::mistake::{Part, Shape};
use super::text;
use super::{LessonError, LessonErrorKind, Phrase};
use crate::script::{Check, Deed};

pub(super) const FILE: &str = "lesson.toml";

pub(super) type Place = Option<Range<usize>>;
type Read<T> = Result<T, LessonError>;

/// See the module.
pub(super) struct Table<'a> {
    pub text: &'a str,
    pub table: &'a dyn TableLike,
    pub span: Place,
    /// For the words of a mistake.
    pub of: Part,
}

impl<'a> Table<'a> {
    pub fn only(&self, known: &'static [&'static str]) -> Read<()> {
        match self.table.iter().find(|(key, _)| !known.contains(key)) {
            None => Ok(()),
            Some((key, item)) => {
                let span = self.table.key(key).and_then(Key::span).or_else(|| item.span());
                Err(self.error(span, LessonErrorKind::UnknownKey { key: key.to_owned(), known }))
            }
        }
    }

    /// Its `[[key]]` tables, also written as an array of inline tables.
    pub fn tables(&self, key: &str, of: Part) -> Read<Vec<Table<'a>>> {
        let Some(item) = self.table.get(key) else { return Ok(Vec::new()) };
        let inner = |table: &'a dyn TableLike, span| Table { text: self.text, table, span, of };
        match item {
            Item::ArrayOfTables(tables) => Ok(tables.iter().map(|t| inner(t, t.span())).collect()),
            Item::Value(Value::Array(array)) => array
                .iter()
                .map(|v| {
                    let table = v.as_inline_table().ok_or_else(|| self.wrong(key, Shape::Tables, v.span()))?;
                    Ok(inner(table, v.span()))
                })
                .collect(),
            other => Err(self.wrong(key, Shape::OwnTables, other.span())),
        }
    }

    pub fn inner(&self, key: &str, of: Part) -> Read<Option<Table<'a>>> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        let table = item.as_table_like().ok_or_else(|| self.wrong(key, Shape::Table, item.span()))?;
        Ok(Some(Table { text: self.text, table, span: item.span().or_else(|| self.span.clone()), of }))
    }

    pub fn string(&self, key: &str) -> Read<Option<(&'a str, Place)>> {
        let read = |item: &'a Item| item.as_str().map(|s| (s, item.span())).ok_or_else(|| self.wrong(key, Shape::Text, item.span()));
        self.table.get(key).map(read).transpose()
    }

    /// One that must be there.
    pub fn needed(&self, key: &'static str) -> Read<(&'a str, Place)> {
        self.string(key)?.ok_or_else(|| self.missing(key))
    }

    pub fn number(&self, key: &str, most: u32) -> Read<Option<u32>> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        let number = item.as_integer().and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= most);
        number.map(Some).ok_or_else(|| self.wrong(key, Shape::Number, item.span()))
    }

    pub fn texts(&self, key: &str) -> Read<Vec<(&'a str, Place)>> {
        let Some(item) = self.table.get(key) else { return Ok(Vec::new()) };
        let wrong = |span| self.wrong(key, Shape::Texts, span);
        let list = item.as_array().ok_or_else(|| wrong(item.span()))?;
        list.iter().map(|value| value.as_str().map(|text| (text, value.span())).ok_or_else(|| wrong(value.span()))).collect()
    }

    /// A text in both languages.
    pub fn phrase(&self, key: &str) -> Read<Option<Phrase>> {
        self.inner(key, self.of)?.map(|inner| inner.only(&["en", "zh"]).and_then(|()| inner.words(key))).transpose()
    }

    /// Its `en` and `zh`.
    pub fn words(&self, key: &str) -> Read<Phrase> {
        let spans = |language: &'static str| {
            let text = self.string(language)?.filter(|(text, _)| !text.trim().is_empty());
            let (text, span) = text.ok_or_else(|| self.error(None, LessonErrorKind::NoWords { key: key.to_owned(), language }))?;
            text::line(text).map_err(|why| self.error(span, LessonErrorKind::Markdown(why)))
        };
        Ok(Phrase { en: spans("en")?, zh: spans("zh")? })
    }

    /// A name of lower-case letters, digits and hyphens.
    pub fn key(&self, key: &'static str) -> Read<(String, Place)> {
        let (text, span) = self.needed(key)?;
        match is_key(text) {
            true => Ok((text.to_owned(), span)),
            false => Err(self.error(span, LessonErrorKind::Key(text.to_owned()))),
        }
    }

    pub fn deeds(&self, key: &'static str) -> Read<Vec<(Deed, Place)>> {
        let read = |(text, span): (&str, Place)| match Deed::parse(text) {
            Ok(deed) => Ok((deed, span)),
            Err(error) => Err(self.error(span, LessonErrorKind::Line { key, error })),
        };
        self.texts(key)?.into_iter().map(read).collect()
    }

    pub fn checks(&self, key: &'static str) -> Read<Vec<(Check, Place)>> {
        let read = |(text, span): (&str, Place)| match Check::parse(text) {
            Ok(check) => Ok((check, span)),
            Err(error) => Err(self.error(span, LessonErrorKind::Line { key, error })),
        };
        self.texts(key)?.into_iter().map(read).collect()
    }

    pub fn span_of(&self, key: &str) -> Place {
        self.table.get(key).and_then(Item::span)
    }

    pub fn missing(&self, key: &'static str) -> LessonError {
        self.error(None, LessonErrorKind::Missing { of: self.of, key })
    }

    fn wrong(&self, key: &str, expected: Shape, span: Place) -> LessonError {
        self.error(span, LessonErrorKind::WrongType { key: key.to_owned(), expected })
    }

    /// A mistake there, or else where this table begins.
    pub fn error(&self, span: Place, kind: LessonErrorKind) -> LessonError {
        let at = span.or_else(|| self.span.clone()).map_or(0, |span| span.start);
        LessonError::new(FILE, line(self.text, at), kind)
    }
}

/// Whether it is a name of lower-case letters, digits and hyphens.
pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// From 1.
pub(super) fn line(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}
