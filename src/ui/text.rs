//! Words for people, from the locale files under `assets/locales`. Switched live; both languages are built in.
//!
//! A missing key shows the key itself, so that it is seen; a test refuses missing and extra keys.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use unic_langid::LanguageIdentifier;

/// A language of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// 简体中文.
    #[serde(rename = "zh-CN")]
    Chinese,
}

macro_rules! locale_files {
    ($($file:literal),* $(,)?) => {
        /// The files of one language.
        fn files(language: Language) -> &'static [(&'static str, &'static str)] {
            match language {
                Language::English => &[$(($file, include_str!(concat!("../../assets/locales/en/", $file, ".ftl")))),*],
                Language::Chinese => &[$(($file, include_str!(concat!("../../assets/locales/zh/", $file, ".ftl")))),*],
            }
        }
    };
}

// One file for each part of the window, the same names in both languages.
locale_files!(
    "shell",
    "about",
    "lab",
    "stage",
    "plots",
    "inspector",
    "settings",
    "traffic",
    "connections",
    "models",
    "phases",
    "counters",
    "stepper",
    "failures",
    "timeline",
    "calls",
    "insight",
    "presets",
    "arrivals",
    "door",
    "predict",
    "backlog",
    "framing",
    "ladder",
    "composer",
    "messages",
    "code",
    "lesson",
    "script",
);

/// The words of one language.
pub struct Text {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Text {
    /// The words of this language.
    pub fn new(language: Language) -> Self {
        let id: LanguageIdentifier = match language {
            Language::English => "en",
            Language::Chinese => "zh-CN",
        }
        .parse()
        .unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![id]);
        // No invisible isolation marks round arguments: they show as boxes and break text searches.
        bundle.set_use_isolating(false);
        for (_, source) in files(language) {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partial, _)| partial);
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// Which language this is.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The words for a key.
    pub fn get<'a>(&'a self, key: &'a str) -> Cow<'a, str> {
        self.format(key, None)
    }

    /// The words for a key with arguments; see the `tr!` macro.
    pub fn with<'a>(&'a self, key: &'a str, args: &'a FluentArgs<'a>) -> Cow<'a, str> {
        self.format(key, Some(args))
    }

    /// The words behind a key as an owned string with arguments.
    pub fn fill(&self, key: &str, args: &FluentArgs<'_>) -> String {
        self.format(key, Some(args)).into_owned()
    }

    fn format<'a>(&'a self, key: &'a str, args: Option<&'a FluentArgs<'_>>) -> Cow<'a, str> {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return Cow::Borrowed(key);
        };
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, args, &mut errors)
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({:?})", self.language)
    }
}

/// `tr!(text, "key")` or `tr!(text, "key", name = value, …)`: the words as an owned string.
#[macro_export]
macro_rules! tr {
    ($text:expr, $key:expr) => { $text.get($key).into_owned() };
    ($text:expr, $key:expr, $($name:ident = $value:expr),+ $(,)?) => {{
        let mut args = ::fluent_bundle::FluentArgs::new();
        $(args.set(stringify!($name), $value);)+
        $text.fill($key, &args)
    }};
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        let mut key = String::new();
        for line in source.lines() {
            if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '#'])) {
                key = name.to_owned();
                assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{key} twice");
            }
            for part in line.split("{ $").skip(1).chain(line.split("{$").skip(1)) {
                let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                found.entry(key.clone()).or_default().insert(name);
            }
        }
        found
    }

    #[test]
    fn both_languages_have_the_same_keys_and_arguments() {
        let mut all = BTreeSet::new();
        for ((file, en), (_, zh)) in files(Language::English).iter().zip(files(Language::Chinese)) {
            assert_eq!(keys(en), keys(zh), "{file}.ftl");
            for key in keys(en).into_keys() {
                assert!(all.insert(key.clone()), "{key} is in two files");
            }
            for source in [en, zh] {
                assert!(FluentResource::try_new((*source).to_owned()).is_ok(), "{file}.ftl does not parse");
            }
        }
    }
}
