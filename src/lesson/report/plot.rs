//! Answers against what happened as an inline SVG: bars, one for each answer, with that which happened in its own colour and marked.

use super::words::{Say, say};
use super::{add, answer_words, escaped};
use crate::lesson::{Answer, Happened, Language, PredictOutcome};

const WIDTH: f64 = 640.0;
const ROW: f64 = 30.0;
/// Where bars begin and how long the longest is.
const LEFT: f64 = 280.0;
const LONGEST: f64 = 300.0;
/// Of a label's characters, so that it ends before the bars; a Chinese one is about two wide.
const LABEL: usize = 34;
/// Bars at most; the rest is summed up.
const BARS: usize = 40;

pub(super) fn svg(predict: &PredictOutcome, language: Language) -> String {
    let happened = match &predict.happened {
        Happened::So(answer) => Some(answer),
        Happened::NotYet | Happened::Otherwise(_) | Happened::Unknown(_) => None,
    };
    let mut bars = bars(predict, happened);
    let left_out: usize = bars.iter().skip(BARS).map(|(_, count)| count).sum();
    bars.truncate(BARS);
    let most = bars.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let height = ROW * (bars.len() + usize::from(left_out > 0)) as f64 + 10.0;
    let mut svg = String::new();
    let name = escaped(&predict.question.plain(language));
    add(
        &mut svg,
        format_args!("<svg viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{name}\">\n"),
    );
    for (row, (answer, count)) in bars.iter().enumerate() {
        let (y, is_so) = (ROW * row as f64 + 5.0, happened == Some(answer));
        let label = escaped(&short(&answer_words(answer, predict, language)));
        let (text_y, length) = (y + 16.0, LONGEST * *count as f64 / most as f64);
        let sign = if is_so { "✓ " } else { "" };
        let class = if is_so { "hit" } else { "bar" };
        add(&mut svg, format_args!("<text x=\"{}\" y=\"{text_y}\" text-anchor=\"end\">{sign}{label}</text>", LEFT - 10.0));
        add(&mut svg, format_args!("<rect class=\"{class}\" x=\"{LEFT}\" y=\"{y}\" width=\"{length:.1}\" height=\"22\"/>"));
        add(&mut svg, format_args!("<text x=\"{:.1}\" y=\"{text_y}\">{count}</text>\n", LEFT + length + 8.0));
    }
    if left_out > 0 {
        let y = ROW * bars.len() as f64 + 21.0;
        add(&mut svg, format_args!("<text x=\"{LEFT}\" y=\"{y}\">… {left_out} {}</text>\n", say(Say::Answers, language)));
    }
    let bottom = height - 5.0;
    add(&mut svg, format_args!("<line class=\"axis\" x1=\"{LEFT}\" y1=\"0\" x2=\"{LEFT}\" y2=\"{bottom}\"/>\n</svg>\n"));
    svg
}

/// Each answer and how many gave it, with what happened even when nobody said so. Numbers by size, choices as they are shown, orders by
/// how many.
fn bars(predict: &PredictOutcome, happened: Option<&Answer>) -> Vec<(Answer, usize)> {
    let mut bars: Vec<(Answer, usize)> = match happened {
        Some(Answer::Choice(_)) | None if is_choice(predict) => (0..predict.choices.len()).map(|at| (Answer::Choice(at), 0)).collect(),
        Some(answer) => vec![(answer.clone(), 0)],
        None => Vec::new(),
    };
    for given in &predict.given {
        match bars.iter_mut().find(|(answer, _)| *answer == given.answer) {
            Some((_, count)) => *count += 1,
            None => bars.push((given.answer.clone(), 1)),
        }
    }
    bars.sort_by(|(a, many), (b, more)| match (a, b) {
        (Answer::Number(a), Answer::Number(b)) => a.total_cmp(b),
        (Answer::Choice(a), Answer::Choice(b)) => a.cmp(b),
        _ => more.cmp(many),
    });
    bars
}

fn is_choice(predict: &PredictOutcome) -> bool {
    !predict.choices.is_empty() && predict.given.iter().all(|given| matches!(given.answer, Answer::Choice(_)))
}

fn short(label: &str) -> String {
    let mut wide = 0;
    let mut text = String::new();
    for c in label.chars() {
        wide += if c >= '\u{2e80}' { 2 } else { 1 };
        if wide > LABEL {
            text.push('…');
            break;
        }
        text.push(c);
    }
    text
}
