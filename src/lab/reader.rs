//! One table of a lab file: its values by key and kind, each mistake with its place.
//!
//! It knows how TOML is written, not what a lab is.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use ipnet::IpNet;
use toml_edit::{Item, Key, TableLike, Value};

use crate::settings::SettingDef;

use super::check::{self, KnownItem, LabErrorKind, MAX_RANGES, What, place};
use super::{Address, Filter, LabError, Side, Transport};

pub(super) type Place = Option<Range<usize>>;

/// One table of the file, and who it is for the words of a mistake.
pub(super) struct Reader<'a> {
    pub text: &'a str,
    pub table: &'a dyn TableLike,
    pub span: Place,
    pub side: Option<Side>,
    pub name: Option<String>,
}

impl<'a> Reader<'a> {
    /// Its `[[key]]` tables, also written as an array of inline tables.
    pub fn tables(&self, key: &str, side: Option<Side>) -> Result<Vec<Reader<'a>>, LabError> {
        let Some(item) = self.table.get(key) else { return Ok(Vec::new()) };
        let wrong = |found: &Item| self.wrong_type(key, "a list of tables, each under its own [[…]]", found);
        let reader = |table, span| Reader { text: self.text, table, span, side, name: self.name.clone() };
        match item {
            Item::ArrayOfTables(tables) => Ok(tables.iter().map(|t| reader(t, t.span())).collect()),
            Item::Value(Value::Array(array)) => array
                .iter()
                .map(|v| v.as_inline_table().map(|t| reader(t as &dyn TableLike, v.span())).ok_or_else(|| wrong(item)))
                .collect(),
            other => Err(wrong(other)),
        }
    }

    /// Its table of that name, whether it stands under `[server.name]` or inline.
    pub fn inner(&self, key: &str) -> Result<Option<Reader<'a>>, LabError> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        let table = item.as_table_like().ok_or_else(|| self.wrong_type(key, "a table", item))?;
        Ok(Some(Reader { table, span: item.span().or_else(|| self.span.clone()), name: self.name.clone(), ..*self }))
    }

    /// Reads its name, which later mistakes repeat, and refuses one that was used before.
    pub fn named(mut self, lines: &mut BTreeMap<String, usize>) -> Result<Self, LabError> {
        let (name, span) = self.string("name")?.ok_or_else(|| self.missing("name"))?;
        let name = check::name(name).map_err(|k| self.error(span.clone(), k))?;
        let (line, _) = place(self.text, span.as_ref().map_or(0, |s| s.start));
        self.name = Some(name.clone());
        match lines.insert(name, line) {
            Some(first_line) => Err(self.error(span, LabErrorKind::DuplicateName { first_line })),
            None => Ok(self),
        }
    }

    pub fn endpoint_name(&self) -> String {
        self.name.clone().unwrap_or_default()
    }

    pub fn only(&self, known: &'static [&'static str]) -> Result<(), LabError> {
        match self.table.iter().find(|(key, _)| !known.contains(key)) {
            None => Ok(()),
            Some((key, _)) => Err(self.error(self.span_of_key(key), LabErrorKind::UnknownKey { key: key.to_owned(), known })),
        }
    }

    /// No more of these than that.
    pub fn at_most(&self, key: &'static str, count: usize, most: usize) -> Result<(), LabError> {
        if count <= most { Ok(()) } else { Err(self.error(self.span_of(key), LabErrorKind::TooMany { key, count, most })) }
    }

    pub fn string(&self, key: &str) -> Result<Option<(&'a str, Place)>, LabError> {
        let read = |item: &'a Item| item.as_str().map(|s| (s, item.span())).ok_or_else(|| self.wrong_type(key, "a text in quotes", item));
        self.table.get(key).map(read).transpose()
    }

    pub fn boolean(&self, key: &str) -> Result<Option<bool>, LabError> {
        let read = |item: &Item| item.as_bool().ok_or_else(|| self.wrong_type(key, "true or false", item));
        self.table.get(key).map(read).transpose()
    }

    pub fn number(&self, key: &str, range: RangeInclusive<u64>) -> Result<Option<u64>, LabError> {
        let Some(item) = self.table.get(key) else { return Ok(None) };
        let value = item.as_integer().ok_or_else(|| self.wrong_type(key, "a whole number", item))?;
        check::number(key, value, range).map(Some).map_err(|kind| self.error(item.span(), kind))
    }

    /// The model or service that it names, or that of `default`, and what can be set about it.
    pub fn item<'k>(
        &self,
        key: &str,
        what: What,
        known: &'k [KnownItem<'k>],
        default: &'k str,
    ) -> Result<(&'k str, &'static [SettingDef]), LabError> {
        let table: Vec<_> = known.iter().map(|item| (item.id, (item.id, item.settings))).collect();
        let of_default = || (default, known.iter().find(|item| item.id == default).map_or(&[][..], |item| item.settings));
        Ok(self.choice(key, what, &table)?.unwrap_or_else(of_default))
    }

    pub fn choice<T: Clone>(&self, key: &str, what: What, table: &[(&str, T)]) -> Result<Option<T>, LabError> {
        let Some((id, span)) = self.string(key)? else { return Ok(None) };
        if let Some((_, value)) = table.iter().find(|(other, _)| *other == id) {
            return Ok(Some(value.clone()));
        }
        let known = table.iter().map(|(id, _)| (*id).to_owned()).collect();
        Err(self.error(span, LabErrorKind::Unknown { what, name: id.to_owned(), known }))
    }

    pub fn ranges(&self, key: &'static str) -> Result<Vec<IpNet>, LabError> {
        let ranges = self.texts(key)?;
        if ranges.len() > MAX_RANGES {
            return Err(self.error(self.span_of(key), LabErrorKind::TooManyRanges { key, count: ranges.len() }));
        }
        let range = |(text, span): (&str, Place)| {
            Filter::parse_range(text).ok_or_else(|| self.error(span, LabErrorKind::Range { key, range: text.to_owned() }))
        };
        ranges.into_iter().map(range).collect()
    }

    /// A list of texts.
    pub fn texts(&self, key: &'static str) -> Result<Vec<(&'a str, Place)>, LabError> {
        let Some(item) = self.table.get(key) else { return Ok(Vec::new()) };
        let wrong = |found| LabErrorKind::WrongType { key: key.to_owned(), expected: "a list of texts in quotes", found };
        let list = item.as_array().ok_or_else(|| self.error(item.span(), wrong(item.type_name())))?;
        let text = |value: &'a Value| {
            let text = value.as_str().ok_or_else(|| self.error(value.span(), wrong(value.type_name())))?;
            Ok((text, value.span()))
        };
        list.iter().map(text).collect()
    }

    pub fn transport(&self) -> Result<Option<Transport>, LabError> {
        self.choice("transport", What::Transport, &Transport::ALL.map(|t| (t.id(), t)))
    }

    pub fn address(&self, key: &'static str, transport: Transport) -> Result<Option<(Address, Place)>, LabError> {
        let Some((text, span)) = self.string(key)? else { return Ok(None) };
        match Address::parse(transport, text) {
            Ok(address) => Ok(Some((address, span))),
            Err(error) => Err(self.error(span, LabErrorKind::Address { key, error })),
        }
    }

    pub fn span_of(&self, key: &str) -> Place {
        self.table.get(key).and_then(Item::span)
    }

    pub fn span_of_key(&self, key: &str) -> Place {
        self.table.key(key).and_then(Key::span).or_else(|| self.span_of(key))
    }

    pub fn missing(&self, key: &'static str) -> LabError {
        self.error(None, LabErrorKind::Missing(key))
    }

    pub fn wrong_type(&self, key: &str, expected: &'static str, found: &Item) -> LabError {
        self.error(found.span(), LabErrorKind::WrongType { key: key.to_owned(), expected, found: found.type_name() })
    }

    /// A mistake there, or else where this table begins.
    pub fn error(&self, span: Place, kind: LabErrorKind) -> LabError {
        let span = span.or_else(|| self.span.clone());
        LabError { side: self.side, endpoint: self.name.clone(), ..LabError::at(self.text, span, kind) }
    }
}
