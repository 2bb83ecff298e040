//! The words of an exported page: it holds both languages, whichever the window has.

use crate::lesson::{Language, Otherwise, report};
use crate::trial::{Untold, Verdict};
use crate::ui::{Text, trial_words};

/// The words of both languages.
pub(super) struct Both {
    en: Text,
    zh: Text,
}

impl Both {
    pub fn new() -> Self {
        Self { en: Text::new(crate::ui::Language::English), zh: Text::new(crate::ui::Language::Chinese) }
    }

    fn text(&self, language: Language) -> &Text {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

impl report::Wording for Both {
    fn verdict(&self, verdict: &Verdict, language: Language) -> String {
        trial_words::verdict(self.text(language), verdict)
    }

    fn otherwise(&self, why: &Otherwise, language: Language) -> String {
        trial_words::otherwise(self.text(language), why)
    }

    fn untold(&self, why: &Untold, language: Language) -> String {
        trial_words::untold(self.text(language), why)
    }
}
