//! What a setting is called and may be, and which value is refused.

use std::fmt;

use super::{Setting, SettingError};
use crate::bytes;

/// One setting that a model or a service offers.
#[derive(Clone, Copy, Debug)]
pub struct SettingDef {
    /// Stable id in files, `snake_case`, unique within its item.
    pub id: &'static str,
    /// What it may be, and what it is when nobody chose.
    pub kind: SettingKind,
    /// A few English words for the command line; the window words it by item and id.
    pub summary: &'static str,
}

/// What a setting may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// A whole number.
    Number {
        /// The least.
        min: u64,
        /// The most.
        max: u64,
        /// When nobody chose.
        default: u64,
        /// Of what.
        unit: Unit,
    },
    /// On or off.
    Switch {
        /// When nobody chose.
        default: bool,
    },
    /// Text with the escapes of packets (`\n`, `\x00` …).
    Text {
        /// When nobody chose, as written.
        default: &'static str,
        /// Characters at most.
        most: usize,
    },
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
    /// Bytes.
    Bytes,
}

impl Unit {
    /// Its sign, empty for things.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Count => "",
            Self::Millis => "ms",
            Self::Micros => "µs",
            Self::Bytes => "B",
        }
    }
}

impl SettingDef {
    /// A number.
    pub const fn number(id: &'static str, (min, default, max): (u64, u64, u64), unit: Unit, summary: &'static str) -> Self {
        Self { id, kind: SettingKind::Number { min, max, default, unit }, summary }
    }

    /// A switch that is off when nobody chose.
    pub const fn switch(id: &'static str, summary: &'static str) -> Self {
        Self { id, kind: SettingKind::Switch { default: false }, summary }
    }

    /// A text.
    pub const fn text(id: &'static str, default: &'static str, most: usize, summary: &'static str) -> Self {
        Self { id, kind: SettingKind::Text { default, most }, summary }
    }

    /// What it is when nobody chose.
    pub fn default(&self) -> Setting {
        match self.kind {
            SettingKind::Number { default, .. } => Setting::Number(default),
            SettingKind::Switch { default } => Setting::Switch(default),
            SettingKind::Text { default, .. } => Setting::Text(default.to_owned()),
        }
    }

    /// Whether it may have this value.
    pub fn check(&self, value: &Setting) -> Result<(), SettingError> {
        let id = || self.id.to_owned();
        let wrong = |expected| Err(SettingError::WrongKind { id: id(), expected });
        match (self.kind, value) {
            (SettingKind::Number { min, max, .. }, &Setting::Number(value)) => {
                if (min..=max).contains(&value) {
                    Ok(())
                } else {
                    Err(SettingError::OutOfRange { id: id(), value, min, max })
                }
            }
            (SettingKind::Text { most, .. }, Setting::Text(text)) => {
                let len = text.chars().count();
                if len > most {
                    return Err(SettingError::TooLong { id: id(), len, most });
                }
                bytes::parse_text(text).map(drop).map_err(|error| SettingError::Escape { id: id(), error })
            }
            (SettingKind::Switch { .. }, Setting::Switch(_)) => Ok(()),
            (SettingKind::Number { .. } | SettingKind::Switch { .. } | SettingKind::Text { .. }, _) => wrong(self.kind.value_kind()),
        }
    }

    /// The value that somebody typed: digits for a number, `on`, `off`, `true` or `false` for a switch, a text as it is.
    ///
    /// # Errors
    /// When it says no such value, or one that may not be.
    pub fn parse(&self, typed: &str) -> Result<Setting, SettingError> {
        let wrong = || SettingError::WrongKind { id: self.id.to_owned(), expected: self.kind.value_kind() };
        let value = match self.kind {
            SettingKind::Number { min, max, .. } => {
                let digits = typed.trim();
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(wrong());
                }
                // Digits that do not fit are too many, whatever the range.
                let too_many = |_| SettingError::OutOfRange { id: self.id.to_owned(), value: u64::MAX, min, max };
                Setting::Number(digits.parse().map_err(too_many)?)
            }
            SettingKind::Switch { .. } => match typed.trim() {
                "on" | "true" => Setting::Switch(true),
                "off" | "false" => Setting::Switch(false),
                _ => return Err(wrong()),
            },
            SettingKind::Text { .. } => Setting::Text(typed.to_owned()),
        };
        self.check(&value).map(|()| value)
    }
}

impl SettingKind {
    /// What a value must be, with its article.
    pub fn expected(self) -> &'static str {
        self.value_kind().words()
    }

    /// What a value must be.
    pub fn value_kind(self) -> ValueKind {
        match self {
            Self::Number { .. } => ValueKind::Number,
            Self::Switch { .. } => ValueKind::Switch,
            Self::Text { .. } => ValueKind::Text,
        }
    }
}

/// What the value of a setting must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A whole number.
    Number,
    /// On or off.
    Switch,
    /// A text.
    Text,
}

impl ValueKind {
    /// In English, with its article.
    fn words(self) -> &'static str {
        match self {
            Self::Number => "a whole number",
            Self::Switch => "true or false",
            Self::Text => "a text in quotes",
        }
    }
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl fmt::Display for SettingKind {
    /// What it may be, in English: `1 to 256`, `0 to 60000 ms`, `on or off`, `text of at most 16 characters`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Number { min, max, unit, .. } => {
                write!(f, "{min} to {max}")?;
                if unit.sign().is_empty() { Ok(()) } else { write!(f, " {}", unit.sign()) }
            }
            Self::Switch { .. } => f.write_str("on or off"),
            Self::Text { most, .. } => write!(f, "text of at most {most} characters"),
        }
    }
}

impl fmt::Display for Setting {
    /// As it is typed on the command line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value}"),
            Self::Switch(on) => f.write_str(if *on { "on" } else { "off" }),
            Self::Text(text) => f.write_str(text),
        }
    }
}
