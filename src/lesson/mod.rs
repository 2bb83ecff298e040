//! Lessons: a folder with `lesson.toml`, `en.md`, `zh.md` and labs becomes a value; a lesson that is given goes on by what snapshots
//! say; its result is a value, and a page. Deeds and checks are those of experiments (`script`, `trial`). `docs/lessons.md` is the page
//! for people who write lessons.
//!
//! It must not start, wait or draw anything. It reads files only where it is asked to: [`Folder::open`], [`Watched`], [`template`].

mod answer;
mod control;
mod day;
mod error;
mod folder;
mod mistake;
mod outcome;
mod parts;
mod phrase;
mod playing;
mod read;
mod read_predict;
pub mod report;
mod shipped;
mod table;
pub mod template;
#[cfg(test)]
mod tests;
pub mod text;
mod watched;

pub use answer::{Answer, AnswerError, Given, grouped};
pub use control::Control;
pub use day::Day;
pub use error::{LessonError, LessonErrorKind};
pub use folder::{Folder, MAX_LESSON_BYTES};
pub use mistake::{MarkdownMistake, Named, Part, Rule, Shape};
pub use outcome::{CheckOutcome, Happened, Otherwise, Outcome, PredictOutcome, Refusal, StepOutcome};
pub use parts::{Button, Choice, Kind, Language, Lesson, LessonStep, Predict, Rehearsal};
pub use phrase::Phrase;
pub use playing::{CheckState, Playing, Reveal, Turn};
pub use shipped::{SHIPPED_LESSONS, ShippedLesson};
pub use watched::Watched;
