//! What the filters of the tables share: the box that one types in, how a text falls into terms, and comparisons. Which terms
//! there are and what they mean is each table's own language.

use eframe::egui::Ui;

use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{icons, space};
use crate::ui::widget::controls::{FieldSpec, icon};

/// Room for the icon left of the box.
const FUNNEL: f32 = 13.0 + space::S;

/// The term that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTerm(pub String);

/// A language of filters.
pub trait Language: Default {
    /// Reads a filter.
    ///
    /// # Errors
    /// With the first term that has a known head and a value that makes no sense.
    fn parse(text: &str) -> Result<Self, BadTerm>;
}

/// A box with a filter, and the filter in force: the last one that was understood.
#[derive(Debug, Default)]
pub struct FilterBox<F> {
    typed: String,
    bad: Option<String>,
    filter: F,
}

impl<F: Language> FilterBox<F> {
    /// The filter in force.
    pub fn filter(&self) -> &F {
        &self.filter
    }

    /// What of the text is not understood.
    pub fn bad(&self) -> Option<&str> {
        self.bad.as_deref()
    }

    /// What was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// As if it had been typed.
    pub fn set(&mut self, text: String) {
        self.typed = text;
        self.read();
    }

    /// The box and its icon, from the right; `words` begins the locale keys of its name, tip and hint.
    pub fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, words: &str, widest: f32) {
        let [name, tip, hint] = ["", "-tip", "-hint"].map(|part| tr!(cx.text, &format!("{words}{part}")));
        let id = ui.scope_id().with("filter");
        let width = (ui.available_width() - FUNNEL).clamp(60.0, widest);
        let spec = FieldSpec { name: &name, tip: &tip, hint: &hint, width, bad: self.bad.is_some(), id };
        if spec.show(ui, cx.theme, &mut self.typed).changed() {
            self.read();
        }
        ui.label(icon(icons::FUNNEL, 13.0, cx.theme.colors.text_2));
    }

    fn read(&mut self) {
        match F::parse(&self.typed) {
            Ok(filter) => (self.filter, self.bad) = (filter, None),
            Err(BadTerm(term)) => self.bad = Some(term),
        }
    }
}

/// One term of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// As it was typed, with its quotes.
    pub word: String,
    /// It begins with a `-`.
    pub not: bool,
    /// Without that and without quotes.
    pub body: String,
}

impl Typed {
    /// What follows this head.
    pub fn after(&self, head: &str) -> Option<&str> {
        self.body.strip_prefix(head)
    }

    /// What this head is compared with: `len>=5`.
    pub fn compared(&self, head: &str) -> Option<(Compare, &str)> {
        let rest = self.after(head)?;
        let signs = [
            (">=", Compare::AtLeast),
            ("<=", Compare::AtMost),
            (">", Compare::More),
            ("<", Compare::Less),
            ("=", Compare::Equal),
            (":", Compare::Equal),
        ];
        signs.into_iter().find_map(|(sign, compare)| rest.strip_prefix(sign).map(|value| (compare, value)))
    }

    /// It is not understood.
    pub fn bad(&self) -> BadTerm {
        BadTerm(self.word.clone())
    }
}

/// The terms of a text: parted at blanks, but not inside quotes.
pub fn terms(text: &str) -> impl Iterator<Item = Typed> {
    let mut quoted = false;
    let words = text.split(move |c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    });
    words.filter_map(|word| {
        let plain = word.replace('"', "");
        let (not, body) = plain.strip_prefix('-').map_or((false, plain.as_str()), |rest| (true, rest));
        (!body.is_empty()).then(|| Typed { word: word.to_owned(), not, body: body.to_owned() })
    })
}

/// How a figure compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Compare {
    /// Whether `a` stands so to `b`.
    pub fn holds(self, a: u64, b: u64) -> bool {
        match self {
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::Equal => a == b,
            Self::AtLeast => a >= b,
            Self::More => a > b,
        }
    }
}

/// Whether bytes hold the lower-case `word`, ASCII letters of either case; other characters (中文) as they are.
pub fn contains(text: &[u8], word: &[u8]) -> bool {
    let Some(&first) = word.first() else { return true };
    text.windows(word.len()).any(|w| w[0].to_ascii_lowercase() == first && w.eq_ignore_ascii_case(word))
}

/// The same for a name, with letters of every script in either case.
pub fn named(text: &str, word: &str) -> bool {
    if text.is_ascii() { contains(text.as_bytes(), word.as_bytes()) } else { text.to_lowercase().contains(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_parted_at_blanks_outside_quotes() {
        let all: Vec<_> = terms(" recv  -\"two words\" - \"\" len>=5 a\"b c\"d").map(|t| (t.word, t.not, t.body)).collect();
        let term = |word: &str, not, body: &str| (word.to_owned(), not, body.to_owned());
        assert_eq!(
            all,
            [
                term("recv", false, "recv"),
                term("-\"two words\"", true, "two words"),
                term("len>=5", false, "len>=5"),
                term("a\"b c\"d", false, "ab cd")
            ]
        );
    }

    #[test]
    fn a_head_is_compared_by_its_sign() {
        let term = terms("len>=5").next().unwrap();
        assert_eq!((term.compared("len"), term.compared("took"), term.after("len>")), (Some((Compare::AtLeast, "5")), None, Some("=5")));
        assert!(Compare::AtLeast.holds(5, 5) && !Compare::More.holds(5, 5) && Compare::Less.holds(4, 5));
        assert!(contains(b"Ping", b"ping") && named("ÉLAN", "élan") && !contains(b"pin", b"ping") && contains(b"", b""));
    }

    #[derive(Debug, Default, PartialEq)]
    struct Letters(String);

    impl Language for Letters {
        fn parse(text: &str) -> Result<Self, BadTerm> {
            if text.contains('1') { Err(BadTerm("1".into())) } else { Ok(Self(text.into())) }
        }
    }

    #[test]
    fn what_is_not_understood_leaves_the_filter_in_force() {
        let mut filter = FilterBox::<Letters>::default();
        filter.set("ab".into());
        filter.set("ab1".into());
        assert_eq!((filter.filter(), filter.bad(), filter.typed()), (&Letters("ab".into()), Some("1"), "ab1"));
        filter.set("b".into());
        assert_eq!((filter.filter(), filter.bad()), (&Letters("b".into()), None));
    }
}
