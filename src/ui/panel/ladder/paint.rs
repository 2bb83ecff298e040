//! Lines, heads and arrows of the ladder, painted.

use std::time::Duration;

use eframe::egui::{Align, Align2, Color32, Painter, Pos2, Rangef, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::gather::{Arrow, Gathered, Row, What, Who};
use super::{TIMES, plot};
use crate::bytes::to_text_string;
use crate::engine::Record;
use crate::lab::Side;
use crate::tr;
use crate::ui::theme::{Type, radius, space};
use crate::ui::widget::{format, paint, shapes};
use crate::ui::{Cx, Text};

/// Arrows that start a little beside their line, and dots on it.
const DOT: f32 = 3.5;
const HEAD: f32 = 8.0;
/// Words on an arrow need so much room.
const LEAST_WORDS: f32 = 60.0;

/// Where each line stands.
pub struct Lines {
    /// By the number of the line.
    x: Vec<f32>,
    left: f32,
}

impl Lines {
    /// Evenly from left to right.
    pub fn new(gathered: &Gathered, area: Rect) -> Self {
        let plot = plot(area);
        let order = gathered.places();
        let step = plot.span() / (order.len().max(2) - 1) as f32;
        let mut x = vec![plot.min; order.len()];
        for (at, line) in order.into_iter().enumerate() {
            x[line] = plot.min + at as f32 * step;
        }
        Self { x, left: area.left() }
    }

    /// Of one line.
    pub fn x(&self, line: usize) -> f32 {
        self.x.get(line).copied().unwrap_or(self.left)
    }
}

/// The rows in sight.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The first one's number.
    pub first: u64,
    /// And the last one's.
    pub last: u64,
    /// Where the first begins.
    pub top: f32,
    /// Points of each.
    pub each: f32,
}

impl Seen {
    fn y(&self, number: u64) -> f32 {
        let n = number as f64 - self.first as f64 + 0.5;
        self.top + (n * f64::from(self.each)).clamp(-1e6, 1e6) as f32
    }
}

/// The name over each line.
pub fn heads(ui: &Ui, cx: &Cx<'_>, gathered: &Gathered, lines: &Lines, rect: Rect) {
    let c = &cx.theme.colors;
    let step = plot(rect).span() / (gathered.lines.len().max(2) - 1) as f32;
    for (n, who) in gathered.lines.iter().enumerate() {
        let (name, ink) = match who {
            Who::Ours(_, _, name) => (name.to_string(), c.text_1),
            Who::Outside(host) => (host.to_string(), c.text_2),
        };
        let width = (step - 26.0).clamp(30.0, 180.0);
        let galley = ui.painter().layout_no_wrap(name.clone(), Type::Strong.font(), ink);
        let wide = galley.size().x.min(width);
        let center = pos2(lines.x(n), rect.center().y);
        let place = Rect::from_center_size(center + vec2(9.0, 0.0), vec2(wide + 2.0, rect.height()));
        let mark = pos2(place.left() - 11.0, center.y);
        match who {
            Who::Ours(_, side, _) => shapes::side(ui.painter(), cx.theme, mark, 13.0, *side, shapes::Standing::Runs),
            Who::Outside(_) => shapes::client(ui.painter(), cx.theme, mark, 6.5, shapes::TokenLook::Outside, ""),
        }
        paint::line(ui.painter(), place, Align::Min, &name, Type::Strong.font(), ink);
        let label = ui.interact(place, ui.scope_id().with(("head", n)), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &name));
        label.on_hover_text(&name);
    }
    for (align, key) in [(Align::Min, "ladder-col-time"), (Align::Max, "ladder-col-delta")] {
        let (words, tip) = (tr!(cx.text, key), tr!(cx.text, &format!("{key}-tip")));
        let place = paint::line(ui.painter(), times(rect), align, &words, Type::Caption.font(), c.text_3);
        let label = ui.interact(place, ui.scope_id().with(key), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &words));
        label.on_hover_text(tip);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, c.line));
}

/// The lines beside one row.
pub fn lines(painter: &Painter, cx: &Cx<'_>, lines: &Lines, y: Rangef) {
    for x in &lines.x {
        painter.vline(*x, y, Stroke::new(1.5, cx.theme.colors.line_control));
    }
}

/// Where the times of these rows stand.
fn times(rect: Rect) -> Rect {
    Rect::from_min_size(rect.min, vec2(TIMES, rect.height())).shrink2(vec2(space::M, 0.0))
}

/// When a row was, and how long after the one above.
pub fn time(painter: &Painter, cx: &Cx<'_>, rect: Rect, row: &Row, above: Option<Duration>) {
    let c = &cx.theme.colors;
    if rect.height() < 11.0 {
        return;
    }
    let times = times(rect);
    paint::line(painter, times, Align::Min, &format::clock(row.at), Type::Data.at(11.0), c.text_3);
    if let Some(above) = above {
        let words = format::millis(row.at.saturating_sub(above));
        paint::line(painter, times, Align::Max, &words, Type::Data.at(11.0), c.text_3);
    }
}

/// A row in words.
pub fn name(text: &Text, gathered: &Gathered, row: &Row, record: &Record) -> String {
    let called = |line: usize| match gathered.lines.get(line) {
        Some(Who::Ours(_, _, name) | Who::Outside(name)) => name.to_string(),
        None => String::new(),
    };
    let (own, other, bytes) = (called(row.line), called(row.other), format::bytes(row.len.into()));
    let said = match row.what {
        What::Sent => tr!(text, "ladder-sent", own = own, other = other, bytes = bytes),
        What::Received => tr!(text, "ladder-received", own = own, other = other, bytes = bytes),
        What::Opened => tr!(text, "ladder-opened", own = own, other = other, number = record.conn.number),
        What::Closed => tr!(text, "ladder-closed", own = own, other = other, number = record.conn.number),
        What::Broken => tr!(text, "ladder-broken", own = own, other = other, number = record.conn.number),
    };
    if record.data.is_empty() {
        return said;
    }
    format!("{said}: {}", to_text_string(&record.data[..record.data.len().min(48)]))
}

/// The colour of what is told, and whether it is bad.
pub fn ink(cx: &Cx<'_>, gathered: &Gathered, what: What, line: usize) -> Color32 {
    let c = &cx.theme.colors;
    match what {
        What::Sent | What::Received => match gathered.lines.get(line) {
            Some(Who::Ours(_, Side::Client, _)) => c.client.text,
            Some(Who::Ours(_, Side::Server, _)) => c.server.text,
            Some(Who::Outside(_)) | None => c.text_2,
        },
        What::Opened => c.running.text,
        What::Closed => c.text_2,
        What::Broken => c.error.text,
    }
}

/// Every arrow in sight, and what has none.
pub fn arrows(painter: &Painter, cx: &Cx<'_>, gathered: &Gathered, lines: &Lines, seen: Seen, until: u64) {
    let mut before: Option<&Arrow> = None;
    let mut all = gathered.touching(seen.first..seen.last + 1).peekable();
    while let Some(arrow) = all.next() {
        let next = all.peek().copied();
        // Arrows that leave one row together stand apart where they come to, and the other way round.
        let fans = [before, next].into_iter().flatten().any(|other| other.from == arrow.from);
        before = Some(arrow);
        let (Some(from), Some(to)) = (gathered.row(arrow.from), gathered.row(arrow.to)) else { continue };
        if from.index < until && to.index < until {
            joined(painter, cx, gathered, lines, seen, (arrow, fans), (from, to));
        }
    }
    for number in seen.first..=seen.last {
        let Some(row) = gathered.row(number) else { continue };
        let at = pos2(lines.x(row.line), seen.y(number));
        let color = ink(cx, gathered, row.what, row.line);
        if !row.joined {
            alone(painter, cx, row, at, pos2(lines.x(row.other), at.y), color);
        }
        match row.what {
            What::Sent | What::Received => {
                painter.circle_filled(at, DOT, color);
            }
            What::Opened | What::Closed => shapes::diamond(painter, at, 10.0, color),
            What::Broken => shapes::cross(painter, at, 11.0, color),
        }
    }
}

fn joined(
    painter: &Painter,
    cx: &Cx<'_>,
    gathered: &Gathered,
    lines: &Lines,
    seen: Seen,
    (arrow, fans): (&Arrow, bool),
    (from, to): (&Row, &Row),
) {
    let what = if to.what == What::Broken { What::Broken } else { from.what };
    let color = ink(cx, gathered, what, from.line);
    let ends = [pos2(lines.x(from.line), seen.y(arrow.from)), pos2(lines.x(to.line), seen.y(arrow.to))];
    let words = match what {
        What::Sent | What::Received => format::bytes(arrow.len),
        What::Opened => tr!(cx.text, "ladder-connect"),
        What::Closed => tr!(cx.text, "ladder-close"),
        What::Broken => tr!(cx.text, "ladder-reset"),
    };
    // Both rows stand where their calls returned: recv of one end may be back before send of the other is.
    let took = match to.at.checked_sub(from.at) {
        Some(took) => format!("{words} · {} ms", format::millis(took)),
        None => words,
    };
    line(painter, ends, color, false);
    label(painter, cx, ends, if fans { 0.68 } else { 0.32 }, seen.each, &took);
}

/// A record whose other half is not known: a dashed arrow to or from the other line at the same moment.
fn alone(painter: &Painter, cx: &Cx<'_>, row: &Row, at: Pos2, other: Pos2, color: Color32) {
    let ends = match row.what {
        What::Sent | What::Opened => [at, if row.both { at.lerp(other, 0.4) } else { other }],
        What::Received => [if row.both { at.lerp(other, 0.4) } else { other }, at],
        What::Closed | What::Broken => return,
    };
    line(painter, ends, color, true);
    if matches!(row.what, What::Sent | What::Received) {
        label(painter, cx, ends, 0.5, 24.0, &format::bytes(row.len.into()));
    }
}

fn line(painter: &Painter, [from, to]: [Pos2; 2], color: Color32, dashed: bool) {
    let along = (to - from).normalized();
    let tip = to - along * (DOT + 1.0);
    let stroke = Stroke::new(1.5, color);
    if dashed {
        paint::dashed(painter, &[from, tip], stroke, 4.0, 3.0);
    } else {
        painter.line_segment([from, tip], stroke);
    }
    let (back, side) = (tip - along * HEAD, along.rot90() * (HEAD * 0.4));
    painter.add(Shape::convex_polygon(vec![tip, back + side, back - side], color, Stroke::NONE));
}

/// Words over an arrow, so far along it, on a ground that hides what crosses them.
fn label(painter: &Painter, cx: &Cx<'_>, [from, to]: [Pos2; 2], along: f32, each: f32, words: &str) {
    if (to.x - from.x).abs() < LEAST_WORDS || each < 16.0 {
        return;
    }
    let c = &cx.theme.colors;
    let size = (each * 0.5).clamp(11.0, 16.0);
    let galley = painter.layout_no_wrap(words.to_owned(), Type::Data.at(size), c.text_1);
    let center = from.lerp(to, along);
    let place = Align2::CENTER_CENTER.anchor_size(center, galley.size());
    painter.rect_filled(place.expand2(vec2(4.0, -1.0)), radius::CHIP, c.stage);
    painter.galley(place.min, galley, c.text_1);
}
