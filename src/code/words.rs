//! In which human language the comments are. The Chinese of a comment is looked up by its English in `assets/code/zh.txt`; what people
//! typed is never looked up.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::template::Facts;

/// The language of the comments. The code is the same in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Words {
    /// English.
    #[default]
    En,
    /// 简体中文.
    Zh,
}

/// Each line: English, a tab, Chinese; headings begin with `#`.
const FILE: &str = include_str!("../../assets/code/zh.txt");

static CHINESE: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| entries().collect());

/// The lines of the glossary.
pub(super) fn entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

impl Words {
    /// In the order of menus.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The stable string on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// The language with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|words| words.id() == id)
    }

    /// What this English of ours is in it. What the glossary lacks stays English, where the tests see it.
    pub(super) fn of(self, english: &str) -> &str {
        match self {
            Self::En => english,
            Self::Zh => CHINESE.get(english).copied().unwrap_or(english),
        }
    }

    /// One after the other.
    pub(super) fn list(self, all: &[&'static str]) -> String {
        let all: Vec<&str> = all.iter().map(|english| self.of(english)).collect();
        all.join(match self {
            Self::En => ", ",
            Self::Zh => "、",
        })
    }

    /// Says in the first lines what is set and not in the program.
    pub(super) fn put_not_shown(self, not_shown: &[&'static str], facts: &mut Facts) {
        facts.flag_if("not_shown", !not_shown.is_empty());
        facts.value("NOT_SHOWN", self.list(not_shown));
    }
}

/// How many columns a text takes where letters have one width: a Chinese character takes two.
pub fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// CJK and full-width signs (Unicode: from U+2E80), and the dash and quotes that Chinese text uses.
fn is_wide(c: char) -> bool {
    c >= '\u{2e80}' || matches!(c, '—' | '…' | '“' | '”')
}
