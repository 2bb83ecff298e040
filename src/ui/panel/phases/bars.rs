//! The bars of one row: asleep, spinning or running on; then the copy; and what stands where now.

use eframe::egui::{Align, Align2, Color32, FontId, Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};

use super::now::{self, Classic};
use super::{BAR, Columns, HAS, Row};
use crate::tr;
use crate::trace::Call;
use crate::ui::Cx;
use crate::ui::panel::stepper::call_words;
use crate::ui::theme::{Type, radius, space};
use crate::ui::widget::{format, paint};

/// A thread that pauses by itself is in no call that another could wait in too.
fn asleep(cx: &Cx<'_>, call: &str) -> String {
    if call == Call::Sleep.name() { tr!(cx.text, "phases-pauses") } else { tr!(cx.text, "phases-asleep", call = call) }
}

/// Phase 1.
pub(super) fn wait_ui(painter: &Painter, cx: &Cx<'_>, row: &Row<'_>, bar: Rect) {
    let c = &cx.theme.colors;
    let center = bar.center();
    match row.classic {
        Classic::Blocking | Classic::Multiplexing => {
            paint::hatch(painter, bar, c.waiting, radius::BAR);
            let usual = if row.classic == Classic::Blocking { Call::Recv.name() } else { usual_wait(row) };
            let label = asleep(cx, row.now.asleep_in.map_or(usual, Call::name));
            chip(painter, cx, center, &label, c.text_1, bar.width());
        }
        Classic::NonBlocking => {
            paint::fence(painter, bar, c.spinning);
            let spins = format!("{0}, EAGAIN, {0}, EAGAIN …", Call::Recv.name());
            chip(painter, cx, center, &spins, c.spinning.text, bar.width());
        }
        Classic::SignalDriven | Classic::Asynchronous => {
            painter.hline(bar.left()..=bar.right(), center.y, Stroke::new(3.0, c.running.mark));
            let label = match row.now.asleep_in {
                Some(call) => asleep(cx, call.name()),
                None => tr!(cx.text, "phases-runs-on"),
            };
            chip(painter, cx, center, &label, c.text_1, bar.width());
            if row.classic == Classic::SignalDriven {
                let at = pos2(bar.right() - space::S, bar.top() + 3.0);
                painter.text(at, Align2::RIGHT_CENTER, "SIGIO", Type::Data.at(12.5), c.running.text);
            }
        }
    }
}

/// The call that a multiplexing model sleeps in.
fn usual_wait(row: &Row<'_>) -> &'static str {
    let model = row.session.and_then(|s| s.model).or(row.running.first().copied()).unwrap_or(row.classic.example());
    match model {
        "select" => Call::Select.name(),
        "poll" => Call::Poll.name(),
        "kqueue" => Call::Kevent.name(),
        _ => Call::EpollWait.name(),
    }
}

/// Phase 2, and what the process has after it.
pub(super) fn copy_ui(painter: &Painter, cx: &Cx<'_>, row: &Row<'_>, bar: Rect, at: Columns) {
    let c = &cx.theme.colors;
    let end = Rect::from_x_y_ranges(at.b + space::M..=at.b + HAS - space::S, bar.y_range());
    let mono = Type::Data.at(12.5);
    match row.classic {
        Classic::Asynchronous => {
            painter.hline(bar.left()..=bar.right(), bar.center().y, Stroke::new(3.0, c.running.mark));
            painter.rect_filled(bar, radius::BAR, c.stage);
            paint::dashed_rect(painter, bar, radius::BAR, Stroke::new(1.0, c.received.text));
            paint::line(painter, bar, Align::Center, &cx.text.get("phases-by-the-kernel"), Type::Body.at(12.5), c.received.text);
            paint::line(painter, end, Align::Min, &cx.text.get("phases-completion"), mono, c.running.text);
        }
        Classic::Blocking | Classic::NonBlocking | Classic::Multiplexing | Classic::SignalDriven => {
            painter.rect(bar, radius::BAR, c.received.mark, Stroke::new(1.0, c.received.text), StrokeKind::Inside);
            let call = if row.session.is_some_and(|s| !s.transport.is_stream()) { Call::RecvFrom } else { Call::Recv };
            paint::line(painter, bar, Align::Center, call.name(), Type::Figure.at(13.0), c.on_mark);
            let bytes = row.session.and_then(now::last_bytes).map_or_else(|| tr!(cx.text, "phases-data"), |n| format::bytes(n.into()));
            paint::line(painter, end, Align::Min, &bytes, mono, c.text_2);
        }
    }
}

/// What stands where now: an edge round the phase that lanes are in, and a line where a lane is held.
pub(super) fn now_ui(painter: &Painter, cx: &Cx<'_>, row: &Row<'_>, wait: Rect, copy: Rect) {
    let c = &cx.theme.colors;
    for (lanes, bar) in [(row.now.waiting, wait), (row.now.copying, copy)] {
        if lanes > 0 {
            painter.rect_stroke(bar.expand(1.0), radius::CHIP, Stroke::new(2.0, c.text_1), StrokeKind::Outside);
            tag(painter, cx, bar, lanes);
        }
    }
    let parts = [(row.now.held_before_waiting, row.now.waiting, wait), (row.now.held_before_copying, row.now.copying, copy)];
    for (held, inside, bar) in parts.into_iter().filter(|(held, ..)| *held > 0) {
        let words = if held == 1 { tr!(cx.text, "phases-held") } else { tr!(cx.text, "phases-held-many", n = held) };
        // Others are in this phase meanwhile: the bar stays theirs.
        if inside > 0 {
            paused_tag(painter, cx, bar.right_bottom() - vec2(0.0, 5.0), &words);
            continue;
        }
        painter.rect_filled(bar, radius::BAR, c.selected);
        paint::dashed_rect(painter, bar, radius::BAR, Stroke::new(1.5, c.accent));
        for x in [4.0, 8.0] {
            let at = pos2(bar.left() + x + 4.0, bar.center().y);
            painter.rect_filled(Rect::from_center_size(at, vec2(2.0, 9.0)), 0.0, c.accent);
        }
        let call = row.now.held_at.map_or(words, |(call, fd)| call_words(call, fd));
        paint::line(painter, bar.with_min_x(bar.left() + space::L), Align::Center, &call, Type::Figure.at(13.0), c.accent);
    }
}

/// How many lanes stand in a phase, at the lower left corner of its bar.
fn tag(painter: &Painter, cx: &Cx<'_>, bar: Rect, lanes: u32) {
    if lanes < 2 {
        return;
    }
    let c = &cx.theme.colors;
    let galley = painter.layout_no_wrap(tr!(cx.text, "phases-lanes", n = lanes), Type::Caption.font(), c.panel);
    let place = Rect::from_min_size(pos2(bar.left() + space::XS, bar.bottom() - 5.0), galley.size() + vec2(8.0, 0.0));
    painter.rect_filled(place, radius::CHIP, c.text_1);
    painter.galley(place.min + vec2(4.0, 0.0), galley, c.panel);
}

fn paused_tag(painter: &Painter, cx: &Cx<'_>, at: Pos2, words: &str) {
    let c = &cx.theme.colors;
    let galley = painter.layout_no_wrap(words.to_owned(), Type::Caption.font(), c.accent);
    let place = Rect::from_min_size(at - vec2(galley.size().x + 10.0, 0.0), galley.size() + vec2(8.0, 0.0));
    painter.rect_filled(place, radius::CHIP, c.selected);
    painter.galley(place.min + vec2(4.0, 0.0), galley, c.accent);
}

/// Words on a bar, on a ground of their own.
fn chip(painter: &Painter, cx: &Cx<'_>, center: Pos2, words: &str, ink: Color32, room: f32) {
    let font: FontId = Type::Data.at(13.0);
    let galley = painter.layout_no_wrap(words.to_owned(), font.clone(), ink);
    let width = galley.size().x.min(room - 28.0) + space::M;
    let place = Rect::from_center_size(center, vec2(width, BAR - 6.0));
    painter.rect_filled(place, 3.0, cx.theme.colors.panel);
    paint::line(painter, place.shrink2(vec2(6.0, 0.0)), Align::Center, words, font, ink);
}
