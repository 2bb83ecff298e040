//! Words for people, from the locale files under `assets/locales`. Switched live; both languages are built in.
//!
//! A missing key shows the key itself, so that it is seen; a test refuses missing and extra keys.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
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

/// Arguments whose numbers name a thing instead of counting things: they have no comma at thousands.
const NAMES: [&str; 10] = ["number", "fd", "line", "first", "second", "column", "id", "lane", "port", "pid"];

/// From here on a number has a comma, in both languages.
const THOUSAND: f64 = 1_000.0;

/// A comma at thousands, for what is counted.
fn grouped<M>(value: &FluentValue<'_>, _memory: &M) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    if !number.options.use_grouping || number.value.abs() < THOUSAND {
        return None;
    }
    let plain = number.as_string().into_owned();
    let (whole, rest) = plain.find('.').map_or((plain.as_str(), ""), |at| plain.split_at(at));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
    digits.parse().ok().map(|digits| format!("{sign}{}{rest}", super::widget::format::count(digits)))
}

fn is_large(value: &FluentValue<'_>) -> bool {
    matches!(value, FluentValue::Number(number) if number.value.abs() >= THOUSAND)
}

/// The same arguments, with numbers that name things as they are; `None` when there are none.
fn as_names(args: &FluentArgs<'_>) -> Option<FluentArgs<'static>> {
    let names = |name: &str, value: &FluentValue<'_>| NAMES.contains(&name) && is_large(value);
    args.iter().any(|(name, value)| names(name, value)).then(|| {
        let own = |(name, value): (&str, &FluentValue<'_>)| {
            let mut value = value.into_owned();
            if let FluentValue::Number(number) = &mut value
                && NAMES.contains(&name)
            {
                number.options.use_grouping = false;
            }
            (name.to_owned(), value)
        };
        args.iter().map(own).collect()
    })
}

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
        bundle.set_formatter(Some(grouped));
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
        match as_names(args) {
            Some(args) => self.format(key, Some(&args)).into_owned(),
            None => self.format(key, Some(args)).into_owned(),
        }
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
    fn what_is_counted_has_a_comma_at_thousands_and_what_names_a_thing_has_none() {
        let [en, zh] = [Language::English, Language::Chinese].map(Text::new);
        assert_eq!(tr!(en, "lesson-people", n = 12_345), "12,345 people");
        assert_eq!(tr!(zh, "lesson-people", n = 12_345), "12,345 人");
        assert_eq!(tr!(zh, "lesson-people", n = 999), "999 人");
        assert_eq!(tr!(en, "traffic-opened", number = 1_234, fd = 5_678), "connection 1234 opened on fd 5678");
        assert_eq!(tr!(zh, "mistake-line", file = "en.md", line = 1_200, what = "x"), "en.md 第 1200 行：x");
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
