//! Settings of the items of open lists: a model or a service says which it has, a lab file holds the ones that were
//! changed, and the editor and the command line show them all. Pure: names, ranges and values, nothing that runs.

mod def;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::bytes::{self, BytesError};

pub use def::{SettingDef, SettingKind, Unit, ValueKind};

/// One chosen value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Of [`SettingKind::Number`].
    Number(u64),
    /// Of [`SettingKind::Switch`].
    Switch(bool),
    /// Of [`SettingKind::Text`], as written.
    Text(String),
}

/// The settings that were changed, by id. What is not here has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, Setting>);

/// A setting that was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// The item has no such setting.
    #[error("setting '{id}' does not exist here. {}", known_words(known))]
    Unknown {
        /// As written.
        id: String,
        /// Those that exist.
        known: Vec<&'static str>,
    },
    /// Another kind of value.
    #[error("'{id}' must be {expected}")]
    WrongKind {
        /// Whose value.
        id: String,
        /// What it must be.
        expected: ValueKind,
    },
    /// Outside its range.
    #[error("'{id}' is {value}; it may be {min} to {max}")]
    OutOfRange {
        /// Whose value.
        id: String,
        /// As written.
        value: u64,
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// Too much text.
    #[error("'{id}' has {len} characters; it may have {most}")]
    TooLong {
        /// Whose value.
        id: String,
        /// As written.
        len: usize,
        /// At most.
        most: usize,
    },
    /// Text that does not say which bytes it means.
    #[error("'{id}': {error}")]
    Escape {
        /// Whose value.
        id: String,
        /// What is wrong with it.
        error: BytesError,
    },
}

fn known_words(known: &[&str]) -> String {
    if known.is_empty() { "It has none".to_owned() } else { format!("Settings: {}", known.join(", ")) }
}

impl Settings {
    /// Chooses a value. Not checked: [`check`](Self::check) does.
    pub fn set(&mut self, id: &str, value: Setting) {
        self.0.insert(id.to_owned(), value);
    }

    /// Back to the default.
    pub fn unset(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// The value that was chosen.
    pub fn get(&self, id: &str) -> Option<&Setting> {
        self.0.get(id)
    }

    /// The chosen ones, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Setting)> {
        self.0.iter().map(|(id, value)| (id.as_str(), value))
    }

    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether each chosen value fits one of these.
    pub fn check(&self, defs: &[SettingDef]) -> Result<(), SettingError> {
        self.iter().try_for_each(|(id, value)| match defs.iter().find(|def| def.id == id) {
            Some(def) => def.check(value),
            None => Err(SettingError::Unknown { id: id.to_owned(), known: defs.iter().map(|def| def.id).collect() }),
        })
    }

    /// Drops what these do not have, or have differently: what is left is valid. For a change of model or service.
    pub fn keep_valid(&mut self, defs: &[SettingDef]) {
        self.0.retain(|id, value| defs.iter().any(|def| def.id == id && def.check(value).is_ok()));
    }

    /// The number in force.
    pub fn number(&self, def: &SettingDef) -> u64 {
        match (self.get(def.id), def.kind) {
            (Some(&Setting::Number(value)), SettingKind::Number { min, max, .. }) => value.clamp(min, max),
            (_, SettingKind::Number { default, .. }) => default,
            (_, SettingKind::Switch { .. } | SettingKind::Text { .. }) => 0,
        }
    }

    /// Whether the switch is on.
    pub fn is_on(&self, def: &SettingDef) -> bool {
        match (self.get(def.id), def.kind) {
            (Some(&Setting::Switch(on)), _) => on,
            (_, SettingKind::Switch { default }) => default,
            (_, SettingKind::Number { .. } | SettingKind::Text { .. }) => false,
        }
    }

    /// A number of milliseconds or microseconds in force, as a time.
    pub fn time(&self, def: &SettingDef) -> Duration {
        let value = self.number(def);
        match def.kind {
            SettingKind::Number { unit: Unit::Micros, .. } => Duration::from_micros(value),
            SettingKind::Number { .. } | SettingKind::Switch { .. } | SettingKind::Text { .. } => Duration::from_millis(value),
        }
    }

    /// The bytes that the text in force says. What was not checked and says none is taken as written.
    pub fn bytes(&self, def: &SettingDef) -> Vec<u8> {
        let text = self.text(def);
        bytes::parse_text(text).unwrap_or_else(|_| text.as_bytes().to_vec())
    }

    /// The text in force, as written.
    pub fn text<'a>(&'a self, def: &SettingDef) -> &'a str {
        match (self.get(def.id), def.kind) {
            (Some(Setting::Text(text)), _) => text,
            (_, SettingKind::Text { default, .. }) => default,
            (_, SettingKind::Number { .. } | SettingKind::Switch { .. }) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFS: [SettingDef; 3] = [
        SettingDef::number("workers", (1, 4, 256), Unit::Count, ""),
        SettingDef::switch("read_once", ""),
        SettingDef::text("delimiter", "\\n", 16, ""),
    ];

    #[test]
    fn what_nobody_chose_is_the_default_and_what_does_not_fit_is_refused_with_what_would() {
        let mut settings = Settings::default();
        assert_eq!((settings.number(&DEFS[0]), settings.is_on(&DEFS[1]), settings.text(&DEFS[2])), (4, false, "\\n"));
        settings.set("workers", Setting::Number(9));
        settings.set("read_once", Setting::Switch(true));
        assert_eq!(settings.check(&DEFS), Ok(()));
        assert_eq!((settings.number(&DEFS[0]), settings.is_on(&DEFS[1])), (9, true));
        settings.set("workers", Setting::Number(0));
        assert_eq!(settings.check(&DEFS).unwrap_err().to_string(), "'workers' is 0; it may be 1 to 256");
        settings.set("workers", Setting::Switch(true));
        assert_eq!(settings.check(&DEFS).unwrap_err().to_string(), "'workers' must be a whole number");
        settings.set("worker", Setting::Number(1));
        let unknown = settings.check(&DEFS).unwrap_err().to_string();
        assert_eq!(unknown, "setting 'worker' does not exist here. Settings: workers, read_once, delimiter");
        settings.keep_valid(&DEFS);
        assert_eq!(settings.iter().map(|(id, _)| id).collect::<Vec<_>>(), ["read_once"]);
    }

    #[test]
    fn what_is_typed_is_read_by_kind_and_texts_must_say_bytes() {
        assert_eq!(DEFS[0].parse(" 12 "), Ok(Setting::Number(12)));
        assert_eq!(DEFS[1].parse("on"), Ok(Setting::Switch(true)));
        assert_eq!(DEFS[2].parse("\\x00"), Ok(Setting::Text("\\x00".into())));
        let words = |def: &SettingDef, typed: &str| def.parse(typed).unwrap_err().to_string();
        assert_eq!(words(&DEFS[0], "four"), "'workers' must be a whole number");
        assert_eq!(words(&DEFS[0], "-4"), "'workers' must be a whole number");
        assert_eq!(words(&DEFS[0], "257"), "'workers' is 257; it may be 1 to 256");
        assert!(words(&DEFS[0], "99999999999999999999").ends_with("it may be 1 to 256"));
        assert_eq!(words(&DEFS[1], "maybe"), "'read_once' must be true or false");
        assert_eq!(words(&DEFS[2], "\\q"), r"'delimiter': column 1: '\q' is not an escape: write \n \r \t \0 \xHH or \\");
        assert_eq!(words(&DEFS[2], "12345678901234567"), "'delimiter' has 17 characters; it may have 16");
        assert_eq!(Settings::default().bytes(&DEFS[2]), b"\n");
        let kinds: Vec<_> = DEFS.iter().map(|def| format!("{}={} ({})", def.id, def.default(), def.kind)).collect();
        assert_eq!(kinds, ["workers=4 (1 to 256)", "read_once=off (on or off)", r"delimiter=\n (text of at most 16 characters)"]);
    }
}
