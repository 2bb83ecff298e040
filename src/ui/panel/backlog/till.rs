//! Paints the road's end: the gate before `accept`, who is served, who was.

use eframe::egui::{Align, Rect, Stroke, StrokeKind, pos2, vec2};

use super::gather::Facts;
use super::layout::Scene;
use super::words;
use crate::lab::AcceptPace;
use crate::tr;
use crate::ui::Text;
use crate::ui::panel::stage::pen::Pen;
use crate::ui::theme::{RoleColors, Type, radius};
use crate::ui::widget::shapes::{self, Standing, Tip};
use crate::ui::widget::{format, paint};

/// Words and figure of the gate, and the part of the pause that is over.
pub fn gate(text: &Text, facts: &Facts<'_>) -> (String, String, Option<f32>) {
    let left = facts.view.and_then(|v| v.next_accept).map(|at| at.saturating_sub(facts.now));
    match (facts.pace, left) {
        (AcceptPace::Every(ms), Some(left)) => {
            let part = 1.0 - left.as_secs_f32() * 1e3 / ms.max(1) as f32;
            (tr!(text, "backlog-next-accept"), words::secs(text, left), Some(part.clamp(0.0, 1.0)))
        }
        (AcceptPace::Every(_), None) => (tr!(text, "backlog-gate"), tr!(text, "backlog-at-once"), Some(1.0)),
        (AcceptPace::Eager, _) => {
            let rate = facts.view.map_or(0.0, |v| v.accept_rate);
            (tr!(text, "backlog-accepts"), format::rate(rate), None)
        }
        (AcceptPace::Paused, _) => (tr!(text, "backlog-gate"), tr!(text, "backlog-held"), None),
    }
}

/// Paints the server's box and the way into it, without tokens.
pub fn paint_server(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    arrow(pen, scene);
    let rect = pen.rect(scene.server);
    // The theatre is always about the selected server: an edge that says so would say nothing.
    pen.painter.rect(rect, radius::CARD, colors.panel, Stroke::new(1.5, colors.server.text), StrokeKind::Inside);
    for y in [scene.gate.bottom(), scene.done.top()] {
        let y = pen.pos(pos2(0.0, y)).y;
        pen.painter.hline(rect.left() + 1.5..=rect.right() - 1.5, y, Stroke::new(1.0, colors.line));
    }
    paint_gate(pen, scene);
    paint_serving(pen, scene);
    paint_done(pen, scene);
}

/// From the front of the queue to `accept`; a gate stands in it while accepting is paused.
fn arrow(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    let (from, to) = (pen.pos(scene.arrow.0), pen.pos(scene.arrow.1));
    let size = 10.0 * pen.scale;
    if scene.facts.pace == AcceptPace::Paused {
        let stroke = Stroke::new(2.0, colors.accent);
        paint::dashed(pen.painter, &[from, to], Stroke::new(1.5, colors.accent), 4.0, 3.0);
        let middle = from + (to - from) * 0.5;
        let gate = Rect::from_center_size(middle, vec2(20.0, 24.0) * pen.scale);
        pen.painter.rect_filled(gate, radius::CHIP, colors.selected);
        paint::dashed_rect(pen.painter, gate, radius::CHIP, Stroke::new(1.5, colors.accent));
        for x in [-3.0, 3.0] {
            pen.painter.vline(middle.x + x * pen.scale, middle.y - size * 0.5..=middle.y + size * 0.5, stroke);
        }
        return;
    }
    let ink = RoleColors { text: colors.text_2, mark: colors.text_2, soft: colors.text_2 };
    pen.painter.hline(from.x..=to.x - size, from.y, Stroke::new(2.0, colors.text_2));
    shapes::triangle(pen.painter, to - vec2(size * 0.5, 0.0), size, Tip::Right, ink);
}

fn paint_gate(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    let part = scene.gate;
    let square = part.left_top() + vec2(11.0, 27.0);
    shapes::server(pen.painter, pen.theme, pen.pos(square), 22.0 * pen.scale, Standing::Runs);
    let name = Rect::from_min_max(pos2(part.left() + 32.0, part.top() + 16.0), pos2(part.right(), part.top() + 38.0));
    pen.words(name, Align::Min, Type::Title, 16.0, colors.text_1, &scene.facts.doc.name);
    let (label, figure, over) = gate(pen.text, &scene.facts);
    let line = Rect::from_min_max(pos2(part.left(), part.top() + 49.0), pos2(part.right(), part.top() + 75.0));
    let ink = if scene.facts.pace == AcceptPace::Paused { colors.accent } else { colors.text_1 };
    let shown = pen.words(line.with_min_x(part.center().x - 14.0), Align::Max, Type::Figure, 20.0, ink, &figure);
    let room = line.with_max_x(shown.left() - 6.0);
    pen.words(room, Align::Min, Type::Body, 13.0, colors.text_2, &label);
    let bar = pen.rect(Rect::from_min_size(pos2(part.left(), part.top() + 78.0), vec2(part.width(), 9.0)));
    match over {
        Some(over) => {
            pen.painter.rect_filled(bar, radius::BAR, colors.line);
            pen.painter.rect_filled(bar.with_max_x(bar.left() + bar.width() * over), radius::BAR, colors.server.mark);
        }
        None if scene.facts.pace == AcceptPace::Paused => {
            paint::dashed_rect(pen.painter, bar, radius::BAR, Stroke::new(1.0, colors.accent));
        }
        None => {
            pen.painter.rect_filled(bar, radius::BAR, colors.server.soft);
        }
    }
}

/// "being served", and how many.
pub fn serving_words(text: &Text, facts: &Facts<'_>) -> String {
    match facts.serving.len() {
        0 => tr!(text, "backlog-serves-nobody"),
        n => tr!(text, "backlog-serves", n = n, count = format::count(n as u64)),
    }
}

fn paint_serving(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    let (part, facts) = (scene.serving, &scene.facts);
    let says = serving_words(pen.text, facts);
    match &facts.serving[..] {
        [] => {
            let says = pen.fitting(part, Type::Body, 13.0, vec![says, tr!(pen.text, "backlog-serves-nobody-short")]);
            pen.words(part, Align::Min, Type::Body, 13.0, colors.text_3, &says);
        }
        [only] => {
            let line =
                |dy: f32| Rect::from_center_size(part.center() + vec2(0.0, dy), vec2(part.width(), 20.0)).with_min_x(part.left() + 64.0);
            pen.words(line(-11.0), Align::Min, Type::Strong, 15.0, colors.text_1, &says);
            let fd = words::descriptor(facts, only).map_or_else(|| "accept()".to_owned(), |fd| format!("accept() = {fd}"));
            pen.words(line(10.0), Align::Min, Type::Data, 13.0, colors.text_2, &fd);
        }
        [_, _, ..] => {
            let line = Rect::from_center_size(part.center() - vec2(0.0, 19.0), vec2(part.width(), 20.0));
            pen.words(line, Align::Min, Type::Strong, 15.0, colors.text_1, &says);
            if scene.serving_more > 0 {
                let line = Rect::from_center_size(part.center() + vec2(0.0, 12.0), vec2(part.width(), 20.0));
                let more = tr!(pen.text, "backlog-plus", n = format::count(scene.serving_more as u64));
                pen.words(line, Align::Max, Type::Figure, 13.0, colors.text_2, &more);
            }
        }
    }
}

/// "served, closed", and how many beyond the tokens shown.
pub fn done_words(text: &Text, facts: &Facts<'_>) -> String {
    match facts.done_count {
        0 => tr!(text, "backlog-done-nobody"),
        n if n > 3 => tr!(text, "backlog-done-count", n = format::count(n)),
        _ => tr!(text, "backlog-done"),
    }
}

fn paint_done(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    let shown = scene.facts.done.len().min(3) as f32;
    let left = scene.done.left() + if shown > 0.0 { shown * 30.0 + 8.0 } else { 0.0 };
    let ink = if scene.facts.done_count == 0 { colors.text_3 } else { colors.text_2 };
    let room = scene.done.with_min_x(left);
    let count = tr!(pen.text, "backlog-done-short", n = format::count(scene.facts.done_count));
    let says = pen.fitting(room, Type::Body, 13.0, vec![done_words(pen.text, &scene.facts), count]);
    pen.words(room, Align::Min, Type::Body, 13.0, ink, &says);
}
