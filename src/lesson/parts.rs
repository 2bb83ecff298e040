//! A lesson as a value.

use super::text::Block;
use super::{Control, Phrase};
use crate::lab::{GuideStep, Lab, Need, Words};
use crate::script::{Check, Clause, Deed, Figure, Op, Value};

/// A language of lessons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// 简体中文.
    Zh,
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Stable: how it is found by name.
    pub id: String,
    /// Its place among lessons, from 1.
    pub number: u32,
    /// About how long it takes; 0 says nothing.
    pub minutes: u32,
    /// The first heading of each language.
    pub title: Words,
    /// What stands before the first step, in English and in Chinese; may be empty.
    pub intro: [Vec<Block>; 2],
    /// Without these it cannot be given here; also those of its experiment.
    pub needs: Vec<Need>,
    /// What it is about, stopped. Without steps of its own.
    pub lab: Lab,
    /// The lab as its file has it.
    pub lab_text: String,
    /// In order, at least one.
    pub steps: Vec<LessonStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonStep {
    /// Its anchor in both languages.
    pub key: String,
    /// Its heading.
    pub title: Words,
    /// What is told, in English and in Chinese.
    pub text: [Vec<Block>; 2],
    /// Lit up in the window.
    pub points_at: Vec<Control>,
    /// *Do it for me*; the first is what the step is about.
    pub buttons: Vec<Button>,
    /// Watched while the step is at hand.
    pub expect: Vec<Check>,
    /// Asked before it is revealed.
    pub predict: Option<Predict>,
    /// What to notice.
    pub notice: Option<Phrase>,
}

/// Deeds behind one press.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// On the button.
    pub label: Phrase,
    /// In order, at least one.
    pub deeds: Vec<Deed>,
}

/// A question before the fact. What happened is read from a figure, or is what was expected when its checks hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Predict {
    /// What is asked.
    pub question: Phrase,
    /// On the button that reveals; `None` for the usual word.
    pub label: Option<Phrase>,
    /// Done when it is revealed; may be empty.
    pub deeds: Vec<Deed>,
    /// What must then be seen.
    pub when: Vec<Check>,
    /// What an answer is.
    pub kind: Kind,
}

/// What an answer is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A number; the figure says what happened.
    Number {
        /// Read once `when` holds.
        figure: Figure,
    },
    /// One of several.
    Choice {
        /// At least two.
        choices: Vec<Choice>,
        /// Which of them happens, from 0; `when` proves it.
        answer: usize,
    },
    /// All of several, in order.
    Order {
        /// At least two, as they are shown.
        choices: Vec<Choice>,
        /// Which of them comes first, second …; `when` proves it.
        answer: Vec<usize>,
    },
}

/// One of several possible answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its name in the file.
    pub key: String,
    /// What it says.
    pub words: Phrase,
}

/// A lesson as steps that are played from start to end: for each step its first button and checks, then what its prediction does and
/// sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Rehearsal {
    /// As [`Player`](crate::trial::Player) plays them.
    pub steps: Vec<GuideStep>,
    /// The lesson's step, from 0, that each of them belongs to.
    pub of: Vec<usize>,
}

impl Language {
    /// Both, as [`Lesson::intro`] and [`LessonStep::text`] have them.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// `en`, `zh`: also the names of files.
    pub fn id(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// These words in it.
    pub fn of(self, words: &Words) -> &str {
        match self {
            Self::En => &words.en,
            Self::Zh => &words.zh,
        }
    }

    pub(super) fn index(self) -> usize {
        match self {
            Self::En => 0,
            Self::Zh => 1,
        }
    }
}

impl Lesson {
    /// What stands before the first step.
    pub fn intro(&self, language: Language) -> &[Block] {
        &self.intro[language.index()]
    }

    /// To be played without people.
    pub fn rehearsal(&self) -> Rehearsal {
        let mut rehearsal = Rehearsal { steps: Vec::new(), of: Vec::new() };
        for (at, step) in self.steps.iter().enumerate() {
            let does = step.buttons.first().map_or_else(Vec::new, |button| button.deeds.clone());
            let mut push = |does, expects, says| {
                rehearsal.steps.push(GuideStep { does, expects, says });
                rehearsal.of.push(at);
            };
            push(does, step.expect.clone(), step.title.clone());
            if let Some(predict) = &step.predict {
                push(predict.deeds.clone(), predict.proof(), predict.question.words());
            }
        }
        rehearsal
    }
}

impl LessonStep {
    /// What is told.
    pub fn text(&self, language: Language) -> &[Block] {
        &self.text[language.index()]
    }
}

impl Predict {
    /// What must be seen for an answer to exist: `when`, and the figure of a number.
    pub fn proof(&self) -> Vec<Check> {
        let mut checks = self.when.clone();
        checks.extend(self.reading());
        checks
    }

    /// A check that holds as soon as the figure has a value, which it then names.
    pub(super) fn reading(&self) -> Option<Check> {
        match &self.kind {
            Kind::Number { figure } => {
                let clause = Clause::Compare { left: figure.clone(), op: Op::AtLeast, right: Value::Number(0.0) };
                Some(Check { clauses: vec![clause], within: None, lasting: None })
            }
            Kind::Choice { .. } | Kind::Order { .. } => None,
        }
    }

    /// Those to choose from; empty for a number.
    pub fn choices(&self) -> &[Choice] {
        match &self.kind {
            Kind::Number { .. } => &[],
            Kind::Choice { choices, .. } | Kind::Order { choices, .. } => choices,
        }
    }
}
