//! Answers against what happened: one bar for each answer that was given, and the one that happened marked by sign and colour.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::lesson::{Answer, Given, Language, Predict, grouped};
use crate::tr;
use crate::ui::Text;
use crate::ui::theme::{Type, icons, radius, space};

use super::prose::Prose;
use super::question::letter;

/// An answer in words.
pub(super) fn words(predict: &Predict, answer: &Answer, language: Language) -> String {
    let choice = |at: &usize| predict.choices().get(*at).map(|choice| choice.words.plain(language)).unwrap_or_default();
    match answer {
        Answer::Number(n) => grouped(*n),
        Answer::Choice(at) => choice(at),
        Answer::Order(order) => order.iter().map(choice).collect::<Vec<_>>().join(" → "),
    }
}

/// Short, at the left of its bar.
fn short(answer: &Answer) -> String {
    match answer {
        Answer::Number(n) => grouped(*n),
        Answer::Choice(at) => letter(*at),
        Answer::Order(order) => order.iter().map(|at| letter(*at)).collect(),
    }
}

/// Each distinct answer and how many gave it: choices and numbers in their order, orders by how many gave them.
fn counted(predict: &Predict, given: &[Given], happened: Option<&Answer>) -> Vec<(Answer, usize)> {
    let mut rows: Vec<(Answer, usize)> = (0..predict.choices().len()).map(|at| (Answer::Choice(at), 0)).collect();
    if !matches!(predict.kind, crate::lesson::Kind::Choice { .. }) {
        rows.clear();
    }
    for answer in given.iter().map(|given| &given.answer) {
        match rows.iter_mut().find(|(known, _)| known == answer) {
            Some((_, count)) => *count += 1,
            None => rows.push((answer.clone(), 1)),
        }
    }
    if let Some(happened) = happened
        && rows.iter().all(|(known, _)| known != happened)
    {
        rows.push((happened.clone(), 0));
    }
    rows.sort_by(|(a, n), (b, m)| match (a, b) {
        (Answer::Number(a), Answer::Number(b)) => a.total_cmp(b),
        (Answer::Choice(a), Answer::Choice(b)) => a.cmp(b),
        _ => m.cmp(n),
    });
    rows
}

/// Draws it.
pub(super) fn ui(ui: &mut Ui, prose: Prose<'_>, text: &Text, predict: &Predict, given: &[Given], happened: Option<&Answer>) {
    let c = &prose.theme.colors;
    let rows = counted(predict, given, happened);
    let most = rows.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1) as f32;
    let height = 24.0 * prose.scale;
    let widest = rows.iter().map(|(answer, _)| short(answer).chars().count()).max().unwrap_or(1) as f32;
    let left = (widest * 9.0 + 14.0) * prose.scale;
    for (answer, count) in &rows {
        let is_hit = happened == Some(answer);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let people = tr!(text, "lesson-people", n = *count);
        let said = words(predict, answer, prose.language);
        let key = if is_hit { "lesson-bar-hit" } else { "lesson-bar" };
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr!(text, key, answer = said.clone(), people = people.clone())));
        let painter = ui.painter();
        let style = if is_hit { Type::Figure } else { Type::Data };
        let font = style.at(13.0 * prose.scale);
        painter.text(rect.left_center(), Align2::LEFT_CENTER, short(answer), font, c.text_1);
        let room = (rect.width() - left - 96.0 * prose.scale).max(20.0);
        let bar = Rect::from_min_size(pos2(rect.left() + left, rect.top() + height * 0.2), vec2(room * *count as f32 / most, height * 0.6));
        if *count > 0 {
            let (fill, edge) = if is_hit { (c.accent, c.accent) } else { (c.waiting.mark, c.line_strong) };
            painter.rect(bar, radius::BAR, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
        }
        painter.vline(bar.left(), rect.y_range(), Stroke::new(1.0, c.line_strong));
        let mut at = pos2(bar.right() + space::S, rect.center().y);
        if is_hit {
            painter.text(at, Align2::LEFT_CENTER, icons::CHECK_CIRCLE, icons::font_fill(15.0 * prose.scale), c.accent);
            at.x += 20.0 * prose.scale;
        }
        painter.text(at, Align2::LEFT_CENTER, people, prose.font(Type::Data), c.text_2);
        response.on_hover_text(said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::ShippedLesson;

    #[test]
    fn answers_are_counted_and_what_happened_has_its_bar() {
        let lesson = ShippedLesson::find("listen-backlog").unwrap().lesson().unwrap();
        let by = |key: &str| lesson.steps.iter().find(|s| s.key == key).and_then(|s| s.predict.clone()).unwrap();
        let given = |answers: Vec<Answer>| answers.into_iter().map(|answer| Given { who: None, answer }).collect::<Vec<_>>();
        let numbers = given(vec![Answer::Number(6.0), Answer::Number(3.0), Answer::Number(6.0)]);
        let rows = counted(&by("full"), &numbers, Some(&Answer::Number(4.0)));
        assert_eq!(rows, [(Answer::Number(3.0), 1), (Answer::Number(4.0), 0), (Answer::Number(6.0), 2)]);
        let chosen = counted(&by("one-place"), &given(vec![Answer::Choice(1)]), None);
        assert_eq!(chosen, [(Answer::Choice(0), 0), (Answer::Choice(1), 1), (Answer::Choice(2), 0)]);
    }
}
