//! Paints the kernel's part of the road: the accept queue place by place, the SYN queue below it.

use eframe::egui::{Align, Rect, Stroke, StrokeKind, pos2, vec2};

use super::gather::Guest;
use super::layout::Scene;
use super::outside::mark;
use super::words;
use crate::engine::Source;
use crate::tr;
use crate::ui::panel::stage::pen::Pen;
use crate::ui::theme::{RoleColors, Type, radius};
use crate::ui::widget::shapes::{self, Tip};
use crate::ui::widget::{format, paint};

/// What the mark of a figure needs behind its words.
const MARK: f32 = 18.0;

/// Paints box, places and SYN queue, without tokens.
pub fn paint_kernel(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    let rect = pen.rect(scene.kernel);
    pen.painter.rect(rect, radius::CARD, colors.panel, Stroke::new(1.5, colors.text_2), StrokeKind::Inside);
    limit(pen, scene);
    for (n, slot) in scene.slots.alone.iter().enumerate() {
        paint_slot(pen, scene, n, *slot);
    }
    paint_rest(pen, scene);
    order(pen, scene);
    let divider = pen.rect(scene.kernel).x_range();
    let y = pen.pos(pos2(0.0, scene.syn.center().y - 20.0)).y;
    pen.painter.hline(divider.min + 1.5..=divider.max - 1.5, y, Stroke::new(1.0, colors.line));
    syn_queue(pen, scene);
    claim(pen, scene);
}

/// One place: its ground, and how long its client waits.
fn paint_slot(pen: &Pen<'_>, scene: &Scene<'_>, n: usize, slot: Rect) {
    let colors = &pen.theme.colors;
    let rect = pen.rect(slot);
    let facts = &scene.facts;
    let corner = if scene.slots.large { radius::CONTROL } else { radius::CHIP };
    if n >= scene.queued.len() {
        if facts.places.is_none() && n + 1 == scene.slots.alone.len() {
            // Nobody knows whether this one is there.
            paint::dashed_rect(pen.painter, rect, corner, Stroke::new(1.0, colors.line_strong));
            return;
        }
        pen.painter.rect(rect, corner, colors.stage, Stroke::new(1.0, colors.line_strong), StrokeKind::Inside);
        if scene.slots.large {
            let middle = Rect::from_center_size(slot.center(), vec2(slot.width() - 8.0, 18.0));
            pen.words(middle, Align::Center, Type::Body, 13.0, colors.text_3, pen.text.get("backlog-free").as_ref());
        }
        return;
    }
    let guest = facts.queued.get(n);
    let selected = guest.is_some_and(|g| pen.selection.conn() == Some(g.view.info.id));
    let edge = if selected { Stroke::new(2.0, colors.accent) } else { Stroke::new(1.5, colors.client.text) };
    pen.painter.rect(rect, corner, colors.client.soft, edge, StrokeKind::Inside);
    let waited = guest.map(|g| facts.now.saturating_sub(g.since));
    let line = |center: f32, h: f32| Rect::from_center_size(pos2(slot.center().x, center), vec2(slot.width() - 4.0, h));
    if scene.slots.large {
        let size = if slot.width() < 80.0 { 13.0 } else { 15.0 };
        let place = line(slot.top() + slot.height() * 0.735, 20.0);
        let forms = match waited {
            Some(d) => vec![words::secs(pen.text, d), words::tenths(d)],
            None => vec![tr!(pen.text, "backlog-stranger")],
        };
        let time = pen.fitting(place, Type::Figure, size, forms);
        pen.words(place, Align::Center, Type::Figure, size, colors.text_1, &time);
        inside(pen, line(slot.top() + slot.height() * 0.883, 18.0), guest);
    } else if let Some(waited) = waited {
        let place = line(slot.bottom() - 10.5, 17.0);
        let time = pen.fitting(place, Type::Figure, 13.0, vec![words::secs(pen.text, waited), words::tenths(waited)]);
        pen.words(place, Align::Center, Type::Figure, 13.0, colors.text_1, &time);
    }
}

/// What waits with a client: its bytes, if it has sent any.
fn inside(pen: &Pen<'_>, line: Rect, guest: Option<&Guest<'_>>) {
    let colors = &pen.theme.colors;
    match guest.map_or(0, Guest::inside) {
        0 => {
            // The place itself says it: a cut word would say less.
            let says = pen.fitting(line, Type::Body, 13.0, vec![pen.text.get("backlog-waiting").into_owned(), String::new()]);
            pen.words(line, Align::Center, Type::Body, 13.0, colors.text_2, &says);
        }
        bytes => {
            let place = pen.words(line.translate(vec2(6.0, 0.0)), Align::Center, Type::Data, 13.0, colors.text_1, &format::bytes(bytes));
            let tip = pen.pos(place.left_center() - vec2(8.0, 0.0));
            shapes::triangle(pen.painter, tip, 8.0 * pen.scale, Tip::Down, colors.received);
        }
    }
}

/// The places behind the front of a long queue.
fn paint_rest(pen: &Pen<'_>, scene: &Scene<'_>) {
    let Some(rest) = scene.slots.rest else { return };
    let colors = &pen.theme.colors;
    let taken = (scene.facts.queued.len() + scene.facts.strangers).saturating_sub(scene.slots.alone.len()).min(rest.places);
    if rest.grid.is_some() {
        let corner = if rest.grid.is_some_and(|(side, _)| side >= 10.0) { radius::BAR } else { 0.0 };
        for (n, cell) in (0..rest.places).map_while(|n| rest.cell(n)).enumerate() {
            let (fill, edge) = if n < taken { (colors.client.mark, colors.client.text) } else { (colors.stage, colors.line_control) };
            pen.painter.rect(pen.rect(cell), corner, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
        }
        return;
    }
    let bar = pen.rect(rest.rect);
    pen.painter.rect(bar, radius::CHIP, colors.stage, Stroke::new(1.0, colors.line_strong), StrokeKind::Inside);
    if taken > 0 {
        let full = bar.shrink(2.0);
        let part = taken as f32 / rest.places.max(1) as f32;
        let fill = full.with_min_x(full.right() - (full.width() * part).max(3.0));
        pen.painter.rect(fill, radius::BAR, colors.client.mark, Stroke::new(1.0, colors.client.text), StrokeKind::Inside);
    }
    let behind = tr!(pen.text, "backlog-behind", n = format::count(taken as u64), places = format::count(rest.places as u64));
    let below = Rect::from_min_size(rest.rect.left_bottom() + vec2(0.0, 2.0), vec2(rest.rect.width(), 18.0));
    pen.words(below, Align::Min, Type::Body, 13.0, colors.text_2, &behind);
}

/// Where the last place ends: dashed, and in the colour of drops when it is reached.
fn limit(pen: &Pen<'_>, scene: &Scene<'_>) {
    if scene.facts.places.is_none() {
        return;
    }
    let alone = &scene.slots.alone;
    let (x, y) = match (scene.slots.rest, alone.first(), alone.last()) {
        (Some(rest), ..) => (rest.limit() - 5.0, rest.rect.y_range()),
        (None, Some(first), Some(last)) => {
            let left = alone.iter().map(|r| r.left()).fold(last.left(), f32::min);
            (left - 8.0, eframe::egui::Rangef::new(first.top(), last.bottom()))
        }
        (None, ..) => return,
    };
    let colors = &pen.theme.colors;
    let ink = if scene.facts.full() { colors.error.text } else { colors.line_strong };
    let ends = [pen.pos(pos2(x, y.min - 6.0)), pen.pos(pos2(x, y.max + 6.0))];
    paint::dashed(pen.painter, &ends, Stroke::new(1.5, ink), 6.0, 4.0);
}

/// *last in → next out*.
fn order(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    let line = scene.order.shrink2(vec2(2.0, 0.0));
    let last = pen.words(line, Align::Min, Type::Body, 13.0, colors.text_2, pen.text.get("backlog-last-in").as_ref());
    let next = pen.words(line, Align::Max, Type::Body, 13.0, colors.text_2, pen.text.get("backlog-next-out").as_ref());
    // The kernel tells who is in the queue, not in which order: it is by when each connect returned.
    mark(pen, last, false);
    let (from, to) = (pen.pos(last.right_center() + vec2(24.0, 0.5)), pen.pos(next.left_center() - vec2(10.0, -0.5)));
    pen.painter.hline(from.x..=to.x - 4.0, from.y, Stroke::new(1.0, colors.line_strong));
    let arrow = RoleColors { text: colors.line_strong, mark: colors.line_strong, soft: colors.line_strong };
    shapes::triangle(pen.painter, to - vec2(4.0, 0.0), 8.0 * pen.scale, Tip::Right, arrow);
}

fn syn_queue(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    let (facts, line) = (&scene.facts, scene.syn);
    let key = if facts.unix() { "backlog-no-syn-queue" } else { "backlog-syn-queue" };
    let title = pen.words(line, Align::Min, Type::Strong, 13.0, colors.text_1, pen.text.get(key).as_ref());
    if facts.unix() {
        return;
    }
    let half_open = facts.view.and_then(|v| v.half_open);
    for rect in &scene.half_open {
        let rect = pen.rect(*rect);
        if half_open.is_some() {
            pen.painter.rect(rect, radius::CHIP, colors.stage, Stroke::new(1.0, colors.line_control), StrokeKind::Inside);
        } else {
            paint::dashed_rect(pen.painter, rect, radius::CHIP, Stroke::new(1.0, colors.line_control));
        }
    }
    // Half-open places whose client is not one of ours.
    let unknown = half_open.map_or(0, |f| f.value as usize).min(scene.half_open.len());
    for rect in scene.half_open.iter().take(unknown).skip(facts.half_open.len()) {
        paint::dashed_circle(pen.painter, pen.pos(rect.center()), 6.5 * pen.scale, Stroke::new(1.5, colors.client.text));
    }
    let mut left = scene.half_open.last().map_or(title.right() + 12.0, |r| r.right() + 12.0);
    if let (true, Some(places), Some(f)) = (scene.half_open.is_empty(), facts.places, half_open) {
        // The words and their mark come first.
        let font = Type::Body.at((13.0 * pen.scale).max(13.0));
        let says = pen.painter.layout_no_wrap(words::half_open(facts, pen.text), font, colors.text_2).size().x / pen.scale;
        let wide = (line.right() - left - 12.0 - says - MARK).clamp(24.0, 92.0);
        let bar = Rect::from_min_size(pos2(left, line.center().y - 6.0), vec2(wide, 12.0));
        pen.painter.rect(pen.rect(bar), radius::BAR, colors.stage, Stroke::new(1.0, colors.line_control), StrokeKind::Inside);
        let part = (f.value as f32 / places.max(1) as f32).min(1.0);
        if part > 0.0 {
            let fill = pen.rect(bar.with_max_x(bar.left() + (bar.width() * part).max(3.0)));
            let edge = Stroke::new(1.0, colors.client.text);
            pen.painter.rect(fill, radius::BAR, colors.client.soft, edge, StrokeKind::Inside);
        }
        left = bar.right() + 12.0;
    }
    let room = line.with_min_x(left).with_max_x(line.right() - MARK);
    let mut forms = vec![words::half_open(facts, pen.text)];
    if let (Some(places), Some(f)) = (facts.places, half_open) {
        forms.push(format!("{} / {}", format::count(f.value), format::count(places.into())));
    }
    let says = pen.fitting(room, Type::Body, 13.0, forms);
    let says = pen.words(room, Align::Min, Type::Body, 13.0, colors.text_2, &says);
    if let Some(f) = half_open {
        mark(pen, says, matches!(f.source, Source::Measured(_)));
    }
}

/// What the other side believes, or has sent already.
pub fn claim_words(text: &crate::ui::Text, scene: &Scene<'_>) -> String {
    let facts = &scene.facts;
    let forgotten = facts.forgotten.len() as u64;
    if forgotten > 0 {
        return tr!(text, "backlog-forgotten", count = format::count(forgotten));
    }
    let (bytes, senders) = facts.inside();
    if bytes > 0 {
        return tr!(text, "backlog-bytes-inside", bytes = format::bytes(bytes), n = senders, count = format::count(senders as u64));
    }
    text.get(match (facts.unix(), facts.queue.value) {
        (true, _) => "backlog-claim-unix",
        (false, 0) => "backlog-claim-nobody",
        (false, _) => "backlog-claim",
    })
    .into_owned()
}

fn claim(pen: &Pen<'_>, scene: &Scene<'_>) {
    let colors = &pen.theme.colors;
    let mut line = scene.claim;
    let forgotten = scene.facts.forgotten.len() as u64;
    if forgotten == 0 && scene.facts.inside().0 > 0 {
        shapes::triangle(pen.painter, pen.pos(line.left_center() + vec2(5.0, 0.0)), 9.0 * pen.scale, Tip::Down, colors.received);
        line.min.x += 16.0;
    }
    let mut forms = vec![claim_words(pen.text, scene)];
    let (bytes, _) = scene.facts.inside();
    if forgotten > 0 {
        forms.push(tr!(pen.text, "backlog-forgotten-short", count = format::count(forgotten)));
    } else if bytes > 0 {
        forms.push(tr!(pen.text, "backlog-bytes-short", bytes = format::bytes(bytes)));
    } else if scene.facts.queue.value > 0 && !scene.facts.unix() {
        forms.extend([tr!(pen.text, "backlog-claim-short"), "ESTABLISHED".to_owned()]);
    } else if !scene.facts.unix() {
        forms.push(tr!(pen.text, "backlog-claim-nobody-short"));
    }
    let source = scene.facts.inside_source().filter(|_| forgotten == 0);
    let room = if source.is_some() { line.with_max_x(line.right() - MARK) } else { line };
    let says = pen.fitting(room, Type::Body, 13.0, forms);
    let says = pen.words(room, Align::Min, Type::Body, 13.0, colors.text_2, &says);
    if let Some(source) = source {
        mark(pen, says, matches!(source, Source::Measured(_)));
    }
}
