//! The closed sets that mistakes of a lesson are made of. Every [`Display`](std::fmt::Display) here is English; the window has words of
//! its own.

/// A table of `lesson.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Part {
    #[error("a lesson")]
    Lesson,
    #[error("a step")]
    Step,
    #[error("a button")]
    Button,
    #[error("a prediction")]
    Prediction,
    #[error("a choice")]
    Choice,
}

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Shape {
    #[error("a list of tables")]
    Tables,
    #[error("a list of tables, each under its own [[…]]")]
    OwnTables,
    #[error("a table")]
    Table,
    #[error("a text in quotes")]
    Text,
    #[error("a list of texts in quotes")]
    Texts,
    #[error("a whole number, not too large")]
    Number,
}

/// What a word of a closed list names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Named {
    #[error("experiment")]
    Experiment,
    #[error("need")]
    Need,
    #[error("control")]
    Control,
    #[error("kind of question")]
    QuestionKind,
    #[error("choice")]
    Choice,
}

/// What must hold between keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Rule {
    #[error("either 'lab' or 'experiment' says what it is about")]
    OneLab,
    #[error("'lab' (a file) or 'experiment' (an id) must say what it is about")]
    SomeLab,
    #[error("'when' must say what is seen, so that the answer is what happened")]
    When,
    #[error("a number has no choices")]
    NumberHasNoChoices,
    #[error("there must be at least two choices")]
    TwoChoices,
    #[error("'answer' names every choice once, in the order in which they happen")]
    WholeOrder,
    #[error("the answer of a number is one figure, such as \"echo.accepted\"")]
    OneFigure,
}

/// Markdown that a lesson has no meaning for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the words say it")]
pub enum MarkdownMistake {
    #[error("one paragraph was expected")]
    OneParagraph,
    #[error("the file begins with its title: # Title")]
    NoTitle,
    #[error("a lesson has one title: # stands once, before the steps")]
    SecondTitle,
    #[error("a step has a heading and a text")]
    EmptyStep,
    #[error("a step's heading ends with its key, such as {{#first-step}}")]
    NoKey,
    #[error("within a step there are only headings of three #, without a key")]
    Heading,
    #[error("a rule means nothing in a lesson")]
    Rule,
    #[error("HTML means nothing in a lesson; write `<…>` as code")]
    Html,
    #[error("this means nothing in a lesson")]
    Meaningless,
    #[error("this means nothing in a lesson: there are paragraphs, lists, code, links and bold")]
    MeaninglessBlock,
    #[error("a link begins with https://")]
    Link,
    #[error("a picture means nothing in a lesson: the lab is the picture")]
    Picture,
    #[error("these ** mark nothing: no blank may stand inside them, and beside punctuation they need a blank or a letter")]
    LooseStars,
    #[error("this cannot stand here")]
    Misplaced,
}
