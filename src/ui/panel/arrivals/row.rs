//! One client's row: × for each dropped SYN, a soft bar in the queue, a solid one while it is served, ○ for the SYN to come,
//! and at the right how long its connect took.

use std::time::Duration;

use eframe::egui::{Align2, Rect, Stroke, StrokeKind, Ui, pos2};

use super::Sheet;
use super::rows::{Row, Span};
use crate::tr;
use crate::ui::Cx;
use crate::ui::panel::backlog::gather::Step;
use crate::ui::theme::{Type, radius};
use crate::ui::widget::{format, paint};

/// Half the size of a ×.
const CROSS: f32 = 4.0;

/// Paints a row.
pub fn paint(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, row: &Row, first: bool, rect: Rect, hovered: bool) {
    let c = &cx.theme.colors;
    let painter = ui.painter();
    let selected = cx.selection.conn() == Some(row.conn);
    if selected || hovered {
        painter.rect_filled(rect.with_max_x(sheet.plot.max + 78.0), 0.0, if selected { c.selected } else { c.hover });
    }
    let y = rect.center().y;
    painter.hline(sheet.plot, rect.bottom() - 0.5, Stroke::new(1.0, c.line));
    if first {
        let words = tr!(cx.text, "arrivals-client");
        painter.text(pos2(rect.left() + 24.0, y), Align2::LEFT_CENTER, words, Type::Strong.font(), c.text_1);
    }
    let number = row.number.map_or_else(|| tr!(cx.text, "arrivals-outside"), |n| n.to_string());
    let style = if row.number.is_some() { Type::Data } else { Type::Caption };
    painter.text(pos2(sheet.plot.min - 8.0, y), Align2::RIGHT_CENTER, number, style.at(12.0), c.text_2);

    let painter = painter.with_clip_rect(painter.clip_rect().intersect(Rect::from_x_y_ranges(sheet.plot.expand(5.0), rect.y_range())));
    let (high, now) = ((rect.height() * 0.31).min(5.0), sheet.clock.now);
    let bar = |span: Span| {
        let (from, to) = (sheet.x(span.from), sheet.x(span.to.unwrap_or(now)));
        let is_shown = span.to.is_none_or(|to| to >= sheet.clock.start) && span.from <= sheet.clock.end;
        // A stay shorter than a point is seen all the same.
        is_shown.then(|| Rect::from_min_max(pos2(from, y - high), pos2(to.max(from + 2.0), y + high)))
    };
    if row.dropped > 0 {
        // From its first SYN to the one that was answered: the steps belong together.
        let until = row.queue.map(|q| q.from).or(row.lost).unwrap_or(now);
        // In the middle of a pixel, and each dot on pixels of its own: between two it would hardly be seen, and flicker as time moves.
        let (level, from) = (y.floor() + 0.5, sheet.x(row.opened).max(sheet.plot.min - 5.0).round());
        paint::dashed(&painter, &[pos2(from, level), pos2(sheet.x(until), level)], Stroke::new(1.0, c.line_strong), 2.0, 3.0);
    }
    if let Some(place) = row.queue.and_then(bar) {
        match row.step {
            Step::HalfOpen => paint::dashed_rect(&painter, place, radius::BAR, Stroke::new(1.5, c.client.text)),
            // Nothing on the server's side: only what the client believes.
            Step::Forgotten => paint::dashed(&painter, &[place.left_center(), place.right_center()], Stroke::new(2.0, c.text_3), 2.0, 4.0),
            Step::Calling | Step::Queued | Step::Serving | Step::Done | Step::Refused | Step::TimedOut | Step::Broken => {
                painter.rect(place, radius::BAR, c.client.soft, Stroke::new(1.0, c.client.text), StrokeKind::Inside);
            }
        }
    }
    if let Some(place) = row.served.and_then(bar) {
        painter.rect_filled(place, radius::BAR, c.running.mark);
    }
    for at in row.drops().iter().copied().filter(|at| sheet.clock.shows(*at)) {
        cross(&painter, pos2(sheet.x(at), y), c.error.text);
    }
    if let Some(next) = row.next_try.filter(|at| sheet.clock.shows(*at)) {
        painter.circle_stroke(pos2(sheet.x(next), y), 4.0, Stroke::new(1.4, c.text_2));
    }
    if let Some(lost) = row.lost.filter(|at| sheet.clock.shows(*at)) {
        let x = sheet.x(lost);
        painter.vline(x, y - 6.0..=y + 6.0, Stroke::new(2.0, c.error.text));
        let key = match row.step {
            Step::TimedOut => "backlog-timed-out",
            Step::Refused => "backlog-refused",
            Step::Calling | Step::HalfOpen | Step::Forgotten | Step::Queued | Step::Serving | Step::Done | Step::Broken => "backlog-broken",
        };
        painter.text(pos2(x + 6.0, y), Align2::LEFT_CENTER, tr!(cx.text, key), Type::Caption.font(), c.error.text);
    }
    let took = match (row.took, row.step) {
        (Some(took), _) => format::span(cx.text, Duration::from_secs_f64(took.max(0.0))),
        (None, Step::Calling) => "…".to_owned(),
        (None, _) => "–".to_owned(),
    };
    let ink = if row.dropped > 0 { c.error.text } else { c.text_2 };
    ui.painter().text(pos2(sheet.plot.max + 70.0, y), Align2::RIGHT_CENTER, took, Type::Data.font(), ink);
}

/// A ×.
pub fn cross(painter: &eframe::egui::Painter, at: eframe::egui::Pos2, ink: eframe::egui::Color32) {
    let stroke = Stroke::new(2.0, ink);
    painter.line_segment([pos2(at.x - CROSS, at.y - CROSS), pos2(at.x + CROSS, at.y + CROSS)], stroke);
    painter.line_segment([pos2(at.x - CROSS, at.y + CROSS), pos2(at.x + CROSS, at.y - CROSS)], stroke);
}

/// What a row tells, in words.
pub fn says(cx: &Cx<'_>, sheet: &Sheet<'_>, row: &Row) -> String {
    let text = cx.text;
    let span = |secs: f64| format::span(text, Duration::from_secs_f64(secs.max(0.0)));
    let who = row.number.map_or_else(|| tr!(text, "backlog-outsider"), |n| tr!(text, "backlog-client", n = format::count(n.into())));
    let mut parts = Vec::new();
    if row.dropped > 0 {
        let at: Vec<String> = row.drops().iter().map(|at| format!("{:.2}", at - sheet.clock.zero)).collect();
        let key = if sheet.unix { "arrivals-says-again" } else { "arrivals-says-dropped" };
        let more = if row.dropped as usize > at.len() { " …" } else { "" };
        parts.push(tr!(text, key, n = row.dropped, at = format!("{}{more}", at.join(", "))));
    }
    if let Some(took) = row.took {
        parts.push(tr!(text, "arrivals-says-connected", time = span(took)));
    }
    match (row.queue, row.step) {
        (Some(_), Step::HalfOpen) => parts.push(tr!(text, "arrivals-says-half-open")),
        (Some(_), Step::Forgotten) => parts.push(tr!(text, "arrivals-says-forgotten")),
        (Some(Span { from, to: None }), _) => parts.push(tr!(text, "arrivals-says-waits", time = span(sheet.clock.now - from))),
        (Some(Span { from, to: Some(to) }), _) => parts.push(tr!(text, "arrivals-says-waited", time = span(to - from))),
        (None, _) => {}
    }
    match row.served {
        Some(Span { from, to: None }) => parts.push(tr!(text, "arrivals-says-serves", time = span(sheet.clock.now - from))),
        Some(Span { from, to: Some(to) }) => parts.push(tr!(text, "arrivals-says-served", time = span(to - from))),
        None => {}
    }
    match (row.lost, row.next_try) {
        (Some(lost), _) => parts.push(tr!(text, "arrivals-says-lost", time = span(lost - row.opened))),
        (None, Some(next)) => parts.push(tr!(text, "arrivals-says-next", time = span(next - sheet.clock.now))),
        (None, None) if row.step == Step::Calling => {
            parts.push(tr!(text, "arrivals-says-calls", time = span(sheet.clock.now - row.opened)));
        }
        (None, None) => {}
    }
    tr!(text, "arrivals-says", who = who, says = parts.join(&text.get("arrivals-then")))
}
