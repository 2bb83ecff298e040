//! Why a lesson's files are no lesson, in the person's language: the file, the line, and what was expected.

use crate::lesson::{LessonError, LessonErrorKind, MAX_LESSON_BYTES, MarkdownMistake, Named, Part, Rule, Shape};
use crate::tr;

use super::Text;
use super::failure_words::lab_error;
use super::script_words::{change_error, list, script_error};
use super::widget::format::count;

/// The mistake with its place.
pub fn lesson_error(text: &Text, error: &LessonError) -> String {
    let what = kind(text, &error.kind);
    match (&*error.kind, error.line) {
        // A lab names its own line.
        (LessonErrorKind::Lab(_), _) | (_, None) => tr!(text, "mistake-file", file = error.file.as_str(), what = what),
        (_, Some(line)) => tr!(text, "mistake-line", file = error.file.as_str(), line = line, what = what),
    }
}

fn kind(text: &Text, kind: &LessonErrorKind) -> String {
    match kind {
        // The system's own words, and the TOML reader's.
        LessonErrorKind::Unreadable(said) | LessonErrorKind::Syntax(said) => said.clone(),
        LessonErrorKind::NoFile => tr!(text, "mistake-no-file"),
        LessonErrorKind::NotText => tr!(text, "mistake-not-text"),
        LessonErrorKind::TooLarge(bytes) => tr!(text, "mistake-too-large", bytes = count(*bytes), most = count(MAX_LESSON_BYTES)),
        LessonErrorKind::UnknownKey { key, known } => {
            tr!(text, "mistake-unknown-key", key = key.as_str(), known = list(text, known))
        }
        LessonErrorKind::Missing { of, key } => tr!(text, "mistake-missing", of = part(text, *of), key = *key),
        LessonErrorKind::WrongType { key, expected } => tr!(text, "mistake-wrong", key = key.as_str(), shape = shape(text, *expected)),
        LessonErrorKind::Unknown { what, word, known } => {
            tr!(text, "mistake-unknown", word = word.as_str(), what = named(text, *what), known = list(text, known))
        }
        LessonErrorKind::Key(key) => tr!(text, "mistake-key", key = key.as_str()),
        LessonErrorKind::Twice(key) => tr!(text, "mistake-twice", key = key.as_str()),
        LessonErrorKind::NoWords { key, language } => tr!(text, "mistake-no-words", key = key.as_str(), language = *language),
        LessonErrorKind::Outside(name) => tr!(text, "mistake-outside", name = name.as_str()),
        LessonErrorKind::Rule(of) => tr!(text, rule(*of)),
        LessonErrorKind::Line { key, error } => tr!(text, "mistake-in", key = *key, what = script_error(text, error)),
        LessonErrorKind::Deed { key, error } => tr!(text, "mistake-in", key = *key, what = change_error(text, error)),
        LessonErrorKind::Lab(error) => lab_error(text, error),
        LessonErrorKind::Markdown(mistake) => tr!(text, markdown(*mistake)),
        LessonErrorKind::Step { expected, found: Some(found) } => {
            tr!(text, "mistake-step", expected = format!("{{#{expected}}}"), found = format!("{{#{found}}}"))
        }
        LessonErrorKind::Step { expected, found: None } => tr!(text, "mistake-step-end", expected = format!("{{#{expected}}}")),
        LessonErrorKind::Stray(key) => tr!(text, "mistake-stray", key = key.as_str()),
    }
}

fn part(text: &Text, part: Part) -> String {
    let key = match part {
        Part::Lesson => "part-lesson",
        Part::Step => "part-step",
        Part::Button => "part-button",
        Part::Prediction => "part-prediction",
        Part::Choice => "part-choice",
    };
    tr!(text, key)
}

fn shape(text: &Text, shape: Shape) -> String {
    let key = match shape {
        Shape::Tables => "shape-tables",
        Shape::OwnTables => "shape-own-tables",
        Shape::Table => "shape-table",
        Shape::Text => "shape-text",
        Shape::Texts => "shape-texts",
        Shape::Number => "shape-number",
    };
    tr!(text, key)
}

fn named(text: &Text, named: Named) -> String {
    let key = match named {
        Named::Experiment => "named-experiment",
        Named::Need => "named-need",
        Named::Control => "named-control",
        Named::QuestionKind => "named-question-kind",
        Named::Choice => "named-choice",
    };
    tr!(text, key)
}

fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::OneLab => "lesson-rule-one-lab",
        Rule::SomeLab => "lesson-rule-some-lab",
        Rule::When => "lesson-rule-when",
        Rule::NumberHasNoChoices => "lesson-rule-number-no-choices",
        Rule::TwoChoices => "lesson-rule-two-choices",
        Rule::WholeOrder => "lesson-rule-whole-order",
        Rule::OneFigure => "lesson-rule-one-figure",
    }
}

fn markdown(mistake: MarkdownMistake) -> &'static str {
    match mistake {
        MarkdownMistake::OneParagraph => "markdown-one-paragraph",
        MarkdownMistake::NoTitle => "markdown-no-title",
        MarkdownMistake::SecondTitle => "markdown-second-title",
        MarkdownMistake::EmptyStep => "markdown-empty-step",
        MarkdownMistake::NoKey => "markdown-no-key",
        MarkdownMistake::Heading => "markdown-heading",
        MarkdownMistake::Rule => "markdown-rule",
        MarkdownMistake::Html => "markdown-html",
        MarkdownMistake::Meaningless => "markdown-meaningless",
        MarkdownMistake::MeaninglessBlock => "markdown-meaningless-block",
        MarkdownMistake::Link => "markdown-link",
        MarkdownMistake::Picture => "markdown-picture",
        MarkdownMistake::LooseStars => "markdown-loose-stars",
        MarkdownMistake::Misplaced => "markdown-misplaced",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::{Folder, Lesson, template};
    use crate::ui::Language;

    /// The template with one thing changed in one file.
    fn spoilt(file: &str, from: &str, to: &str) -> Result<Lesson, LessonError> {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("lesson");
        template::write(&folder).unwrap();
        let path = folder.join(file);
        let before = std::fs::read_to_string(&path).unwrap();
        assert!(before.contains(from), "{file} has {from}");
        std::fs::write(&path, before.replacen(from, to, 1)).unwrap();
        Folder::open(&folder)?.lesson()
    }

    #[test]
    fn a_mistake_names_file_line_and_what_was_expected_in_chinese() {
        let text = Text::new(Language::Chinese);
        let said = |file, from, to| lesson_error(&text, &spoilt(file, from, to).unwrap_err());
        let words = said("lesson.toml", "points_at", "point_at");
        assert!(words.starts_with("lesson.toml 第 ") && words.contains("未知的键“point_at”。可用的键：key、points_at、"), "{words}");
        let words = said("zh.md", "# ", "");
        assert_eq!(words, "zh.md 第 1 行：文件要以标题开头：# 标题");
        let words = said("en.md", " {#", " #");
        assert!(words.contains("步骤标题要以它的键结尾，例如 {#first-step}"), "{words}");
    }
}
