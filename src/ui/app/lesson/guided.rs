//! An experiment as a lesson: each of its steps has one button and its checks.

use crate::lab::{Experiment, Lab, Words};
use crate::lesson::text::Span;
use crate::lesson::{Button, Lesson, LessonStep, Phrase};
use crate::script::Deed;

/// The lab keeps its steps: saved, it is the experiment again.
pub(super) fn lesson(lab: Lab) -> Lesson {
    let Experiment { id, title, sentence, minutes, needs, .. } = lab.experiment.as_deref().cloned().unwrap_or_default();
    let intro = [&sentence.en, &sentence.zh].map(|text| vec![crate::lesson::text::Block::Paragraph(vec![span(text)])]);
    let lab_text = crate::lab::write(&lab, None);
    let steps = lab.steps.clone().into_iter().enumerate().map(|(at, step)| {
        let label = Phrase { en: vec![span("Do it for me")], zh: vec![span("替我做")] };
        let buttons = if step.does.is_empty() { Vec::new() } else { vec![Button { label, deeds: step.does.clone() }] };
        let title = if step.says.is_empty() { Words { en: lines(&step.does), zh: lines(&step.does) } } else { step.says };
        let text = if at == 0 { intro.clone() } else { [Vec::new(), Vec::new()] };
        LessonStep { key: at.to_string(), title, text, points_at: Vec::new(), buttons, expect: step.expects, predict: None, notice: None }
    });
    let steps = steps.collect();
    Lesson { id, number: 0, minutes, title, intro, needs, lab, lab_text, steps }
}

fn lines(deeds: &[Deed]) -> String {
    deeds.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn span(text: &str) -> Span {
    Span { text: text.to_owned(), ..Span::default() }
}
