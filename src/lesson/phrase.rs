//! A short text in both languages, with `code` and **bold** in it.

use super::Language;
use super::text::{Span, plain};
use crate::lab::Words;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase {
    /// English.
    pub en: Vec<Span>,
    /// 简体中文.
    pub zh: Vec<Span>,
}

impl Phrase {
    /// In that language.
    pub fn spans(&self, language: Language) -> &[Span] {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }

    /// Without its marks.
    pub fn plain(&self, language: Language) -> String {
        plain(self.spans(language))
    }

    /// Both, without their marks.
    pub fn words(&self) -> Words {
        Words { en: self.plain(Language::En), zh: self.plain(Language::Zh) }
    }
}
