//! What can be wrong with a lesson: the file, the line, and what was expected.

use std::fmt;

use super::mistake::{MarkdownMistake, Named, Part, Rule, Shape};
use crate::lab::ChangeError;
use crate::lab::LabError;
use crate::script::ScriptError;

/// The first mistake of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonError {
    /// Within the lesson's folder: `lesson.toml`, `en.md`, a lab.
    pub file: String,
    /// From 1; `None` when it is about the file as a whole.
    pub line: Option<usize>,
    /// What is wrong.
    pub kind: Box<LessonErrorKind>,
}

/// The mistakes.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LessonErrorKind {
    /// It cannot be read, as the system says.
    #[error("{0}")]
    Unreadable(String),
    /// It is not there.
    #[error("the lesson's folder has no such file")]
    NoFile,
    /// Not text.
    #[error("this is not UTF-8 text")]
    NotText,
    /// It is larger than a lesson's file may be.
    #[error("the file has {0} bytes; a lesson's file has at most {most}", most = super::MAX_LESSON_BYTES)]
    TooLarge(u64),
    /// Not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A key that means nothing there.
    #[error("unknown key '{key}'. Keys: {}", known.join(", "))]
    UnknownKey {
        /// As written.
        key: String,
        /// Those that exist.
        known: &'static [&'static str],
    },
    /// A key that must be there.
    #[error("{of} needs '{key}'")]
    Missing {
        /// What.
        of: Part,
        /// The key.
        key: &'static str,
    },
    /// A value of another kind.
    #[error("'{key}' must be {expected}")]
    WrongType {
        /// The key.
        key: String,
        /// What it must be.
        expected: Shape,
    },
    /// A word of a closed list.
    #[error("'{word}' is no {what}. There are: {}", known.join(", "))]
    Unknown {
        /// Of what.
        what: Named,
        /// As written.
        word: String,
        /// Those that exist.
        known: Vec<String>,
    },
    /// A name that is none.
    #[error("'{0}' must be lower-case letters, digits and hyphens")]
    Key(String),
    /// A key that stands twice.
    #[error("'{0}' stands twice; each needs a key of its own")]
    Twice(String),
    /// A text that is empty in this language.
    #[error("'{key}' has no text in {language}")]
    NoWords {
        /// The key.
        key: String,
        /// `en` or `zh`.
        language: &'static str,
    },
    /// A file of the folder that leaves it.
    #[error("'{0}' must be the name of a file in the lesson's folder")]
    Outside(String),
    /// Keys that do not go together, or do not suffice.
    #[error("{0}")]
    Rule(Rule),
    /// A line that is no deed or no check.
    #[error("in '{key}': {error}")]
    Line {
        /// The key.
        key: &'static str,
        /// Where in the line, and what was expected.
        error: ScriptError,
    },
    /// A deed or a check that does not fit the lab.
    #[error("in '{key}': {error}")]
    Deed {
        /// The key.
        key: &'static str,
        /// What does not fit.
        error: ChangeError,
    },
    /// The lab is refused.
    #[error("{0}")]
    Lab(LabError),
    /// Markdown that a lesson has no meaning for.
    #[error("{0}")]
    Markdown(MarkdownMistake),
    /// The steps of a language are not those of `lesson.toml`.
    #[error("the heading {{#{expected}}} was expected here, {}; the steps stand in the order of lesson.toml", found.as_ref().map_or("not the end of the file".to_owned(), |key| format!("not {{#{key}}}")))]
    Step {
        /// Its key.
        expected: String,
        /// What stands there instead; `None` at the end of the file.
        found: Option<String>,
    },
    /// A heading more than there are steps.
    #[error("lesson.toml has no step '{0}'")]
    Stray(String),
}

impl LessonError {
    pub(super) fn new(file: &str, line: impl Into<Option<usize>>, kind: LessonErrorKind) -> Self {
        Self { file: file.to_owned(), line: line.into(), kind: Box::new(kind) }
    }
}

impl fmt::Display for LessonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, kind } = self;
        match (&**kind, line) {
            // It names its own line.
            (LessonErrorKind::Lab(error), _) => write!(f, "{file}, {error}"),
            (kind, Some(line)) => write!(f, "{file}, line {line}: {kind}"),
            (kind, None) => write!(f, "{file}: {kind}"),
        }
    }
}

impl std::error::Error for LessonError {}
