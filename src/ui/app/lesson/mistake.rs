//! What is wrong with a lesson's files, in the person's language: the file, the line, what was expected. The English of the command
//! line lives with the types.

use crate::lesson::{LessonError, LessonErrorKind, MAX_LESSON_BYTES};
use crate::tr;
use crate::ui::{Text, failure_words};

/// The first mistake of a lesson.
pub(in crate::ui::app) fn lesson_error(text: &Text, error: &LessonError) -> String {
    let (file, what) = (error.file.as_str(), kind(text, &error.kind));
    match (&*error.kind, error.line) {
        // It names its own line.
        (LessonErrorKind::Lab(_), _) | (_, None) => tr!(text, "lessonfile-in", file = file, what = what),
        (_, Some(line)) => tr!(text, "lessonfile-line", file = file, line = line, what = what),
    }
}

fn kind(text: &Text, kind: &LessonErrorKind) -> String {
    match kind {
        LessonErrorKind::TooLarge(bytes) => tr!(text, "lessonfile-too-large", bytes = *bytes, most = MAX_LESSON_BYTES),
        LessonErrorKind::Syntax(said) => tr!(text, "lessonfile-syntax", said = said.as_str()),
        LessonErrorKind::UnknownKey { key, known } => tr!(text, "lessonfile-unknown-key", key = key.as_str(), known = known.join(", ")),
        LessonErrorKind::Missing { of, key } => tr!(text, "lessonfile-missing", of = *of, key = *key),
        LessonErrorKind::WrongType { key, expected } => tr!(text, "lessonfile-wrong-type", key = key.as_str(), expected = *expected),
        LessonErrorKind::Unknown { what, word, known } => {
            tr!(text, "lessonfile-unknown", what = *what, word = word.as_str(), known = known.join(", "))
        }
        LessonErrorKind::Key(key) => tr!(text, "lessonfile-key", key = key.as_str()),
        LessonErrorKind::Twice(key) => tr!(text, "lessonfile-twice", key = key.as_str()),
        LessonErrorKind::NoWords { key, language } => tr!(text, "lessonfile-no-words", key = key.as_str(), language = *language),
        LessonErrorKind::Outside(name) => tr!(text, "lessonfile-outside", name = name.as_str()),
        LessonErrorKind::Line { key, error } => tr!(text, "lessonfile-script", key = *key, said = error.to_string()),
        LessonErrorKind::Deed { key, error } => tr!(text, "lessonfile-script", key = *key, said = error.to_string()),
        LessonErrorKind::Lab(error) => failure_words::lab_error(text, error),
        LessonErrorKind::Step { expected, found: Some(found) } => {
            tr!(text, "lessonfile-step", expected = heading(expected), found = heading(found))
        }
        LessonErrorKind::Step { expected, found: None } => tr!(text, "lessonfile-step-end", expected = heading(expected)),
        LessonErrorKind::Stray(key) => tr!(text, "lessonfile-stray", key = key.as_str()),
        // The system's words, and those of the rooms below.
        LessonErrorKind::Unreadable(_) | LessonErrorKind::Choice(_) | LessonErrorKind::Markdown(_) => kind.to_string(),
    }
}

/// A step's mark as it stands in Markdown.
fn heading(key: &str) -> String {
    format!("{{#{key}}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Language;

    #[test]
    fn a_mistake_names_file_line_and_what_was_expected() {
        let kind = LessonErrorKind::Step { expected: "listen".into(), found: Some("close".into()) };
        let error = LessonError { file: "en.md".into(), line: Some(7), kind: Box::new(kind) };
        for language in [Language::English, Language::Chinese] {
            let words = lesson_error(&Text::new(language), &error);
            for part in ["en.md", "7", "{#listen}", "{#close}"] {
                assert!(words.contains(part), "{words}");
            }
        }
        // The window and the command line say the same.
        assert_eq!(lesson_error(&Text::new(Language::English), &error), error.to_string());
    }
}
