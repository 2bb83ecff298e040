//! Paints the road's beginning: clients whose SYN is not answered, with the time to their next try, and those who gave up.

use eframe::egui::{Align, Rect, Stroke, StrokeKind, pos2, vec2};

use super::gather::{Guest, Step};
use super::layout::{More, Row, Scene};
use super::words;
use crate::tr;
use crate::ui::panel::stage::pen::Pen;
use crate::ui::theme::{Type, radius};
use crate::ui::widget::{format, paint, shapes};

/// What of a row's width its road takes, at the right.
const ROAD: f32 = 68.0;

/// Paints one row, without its token.
pub fn paint_row(pen: &Pen<'_>, scene: &Scene<'_>, row: &Row<'_>) {
    let (facts, guest) = (&scene.facts, &row.guest);
    let colors = &pen.theme.colors;
    let y = row.rect.center().y;
    let left = row.rect.left() + if row.compact { 34.0 } else { 60.0 };
    // Who is turned away for good needs no road, but words.
    let over = row.compact && guest.step != Step::Calling;
    let right = row.rect.right() - if over { 22.0 } else { ROAD + 8.0 };
    let ink = if guest.step == Step::Calling { colors.text_1 } else { colors.error.text };
    let line = |dy: f32, h: f32| Rect::from_min_max(pos2(left, y + dy - h / 2.0), pos2(right, y + dy + h / 2.0));
    let says = words::row(pen.text, facts, guest);
    let next = guest.next_try(facts.now).filter(|_| guest.step == Step::Calling && !facts.unix());
    if row.compact {
        let place = pen.words(line(0.0, 20.0), Align::Min, Type::Strong, 13.5, ink, &says);
        let rest = line(0.0, 20.0).with_min_x(place.right() + 8.0);
        if let Some((_, part)) = next.filter(|_| rest.width() >= 24.0) {
            bar(pen, Rect::from_min_max(pos2(rest.left(), y - 3.0), pos2(right, y + 3.0)), part);
        } else if over {
            let forms = vec![words::below(pen.text, facts, guest), words::code(guest).unwrap_or_default().to_owned()];
            let below = pen.fitting(rest, Type::Body, 13.0, forms);
            pen.words(rest, Align::Min, Type::Body, 13.0, colors.text_2, &below);
        }
    } else {
        let below = words::below(pen.text, facts, guest);
        match next {
            Some((due, part)) => {
                // As wide as it can become: the words must not come and go with the figures.
                let widest: String = says.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
                let is_cut = pen.fitting(line(-8.5, 20.0), Type::Strong, 15.0, vec![widest, String::new()]).is_empty();
                let says = if is_cut { words::secs(pen.text, due) } else { says };
                pen.words(line(-8.5, 20.0), Align::Min, Type::Strong, 15.0, ink, &says);
                bar(pen, Rect::from_min_max(pos2(left, y + 5.0), pos2(right, y + 12.0)), part);
                // Below the road there is room to its end.
                pen.words(line(22.0, 17.0).with_max_x(row.rect.right()), Align::Min, Type::Body, 13.0, colors.text_2, &below);
            }
            None => {
                pen.words(line(-8.5, 20.0), Align::Min, Type::Strong, 15.0, ink, &says);
                let place = line(11.0, 18.0);
                let forms = words::code(guest).map_or_else(|| vec![below.clone()], |errno| vec![below.clone(), errno.to_owned()]);
                let below = pen.fitting(place, Type::Body, 13.0, forms);
                pen.words(place, Align::Min, Type::Body, 13.0, colors.text_2, &below);
            }
        }
    }
    if over {
        cross(pen, pos2(row.rect.right() - 7.0, y));
    } else {
        road(pen, scene, guest, row.rect);
    }
}

/// Time that is over of the pause before the next SYN.
fn bar(pen: &Pen<'_>, rect: Rect, part: f32) {
    let rect = pen.rect(rect);
    pen.painter.rect_filled(rect, radius::BAR, pen.theme.colors.line);
    let fill = rect.with_max_x(rect.left() + rect.width() * part);
    if fill.width() > 1.0 {
        let edge = Stroke::new(1.0, pen.theme.colors.client.text);
        pen.painter.rect(fill, radius::BAR, pen.theme.colors.client.mark, edge, StrokeKind::Inside);
    }
}

/// The road to the queue: open, or with a cross where the SYN was dropped.
fn road(pen: &Pen<'_>, scene: &Scene<'_>, guest: &Guest<'_>, row: Rect) {
    let colors = &pen.theme.colors;
    let (from, to) = (pos2(row.right() - ROAD, row.center().y), pos2(row.right() - 14.0, row.center().y));
    let ends = [pen.pos(from), pen.pos(to)];
    let dropped = if scene.facts.unix() { guest.asks_again() } else { guest.dropped(scene.facts.now) };
    if dropped || guest.step == Step::Refused {
        paint::dashed(pen.painter, &ends, Stroke::new(1.5, colors.error.text), 5.0, 4.0);
        cross(pen, to + vec2(7.0, 0.0));
    } else if guest.step == Step::Calling {
        paint::dashed(pen.painter, &ends, Stroke::new(1.5, colors.line_strong), 5.0, 4.0);
    } else {
        // It gave up: nothing goes along the road any more.
        cross(pen, to + vec2(7.0, 0.0));
    }
}

fn cross(pen: &Pen<'_>, at: eframe::egui::Pos2) {
    let (at, r) = (pen.pos(at), 5.0 * pen.scale);
    let stroke = Stroke::new(2.5 * pen.scale.max(1.0), pen.theme.colors.error.text);
    pen.painter.line_segment([at - vec2(r, r), at + vec2(r, r)], stroke);
    pen.painter.line_segment([at + vec2(-r, r), at + vec2(r, -r)], stroke);
}

/// The words of a row that counts.
pub fn more_words(pen_text: &crate::ui::Text, scene: &Scene<'_>, more: &More) -> String {
    let count = format::count(more.count as u64);
    if more.lost {
        return tr!(pen_text, "backlog-more-lost", n = count);
    }
    let soonest = scene.facts.calling.iter().filter_map(|g| g.next_try(scene.facts.now)).map(|(left, _)| left).min();
    match soonest {
        Some(left) => tr!(pen_text, "backlog-more-next", n = count, time = words::secs(pen_text, left)),
        None => tr!(pen_text, "backlog-more", n = count),
    }
}

/// Paints a row that counts those without one.
pub fn paint_more(pen: &Pen<'_>, scene: &Scene<'_>, more: &More) {
    let colors = &pen.theme.colors;
    let y = more.rect.center().y;
    let ink = if more.lost { colors.error.text } else { colors.client.text };
    // Three dashed circles, one behind the other.
    for n in [2.0, 1.0, 0.0] {
        let center = pen.pos(pos2(more.rect.left() + 11.0 + n * 4.0, y - n * 2.0 + 2.0));
        pen.painter.circle_filled(center, 8.0 * pen.scale, colors.stage);
        paint::dashed_circle(pen.painter, center, 8.0 * pen.scale, Stroke::new(1.5, ink));
    }
    let place = more.rect.with_min_x(more.rect.left() + 34.0);
    let ink = if more.lost { colors.error.text } else { colors.text_1 };
    pen.words(place, Align::Min, Type::Strong, 13.5, ink, &more_words(pen.text, scene, more));
}

/// "9 clients, no answer yet", with the mark of where that comes from.
pub fn head_words(text: &crate::ui::Text, scene: &Scene<'_>) -> String {
    let facts = &scene.facts;
    let key = if facts.unix() { "backlog-outside-unix" } else { "backlog-outside-count" };
    let n = facts.calling.len();
    let mut says = if n == 0 { tr!(text, "backlog-outside-nobody") } else { tr!(text, key, n = n, count = format::count(n as u64)) };
    if facts.to_come > 0 {
        says = tr!(text, "backlog-outside-to-come", says = says, n = format::count(facts.to_come));
    }
    says
}

/// Whether the kernel said who calls: `None` when nobody does.
pub fn measured(scene: &Scene<'_>) -> Option<bool> {
    scene.facts.calling.first().map(|g| g.view.connect.as_ref().is_some_and(|c| c.is_measured))
}

/// Paints the mark behind words.
pub fn mark(pen: &Pen<'_>, behind: Rect, measured: bool) {
    let at = pen.pos(pos2(behind.right() + 11.0, behind.center().y + 0.5));
    shapes::certainty(pen.painter, at, measured, pen.theme.colors.text_2);
}
