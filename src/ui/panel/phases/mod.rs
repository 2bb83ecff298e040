//! The two phases of one read, waiting for data and copying it, in the five classic models: who waits, and in which call.
//! The rows of running servers stand out; of the selected server the phase is lit that its lanes stand in now.

mod now;

#[cfg(test)]
mod tests;

use eframe::egui::{Align, Align2, FontId, Painter, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::Panel;
use super::stepper::{call_words, subject};
use crate::engine::{SessionState, SessionView};
use crate::tr;
use crate::trace::Call;
use crate::ui::Cx;
use crate::ui::theme::{Type, radius, space};
use crate::ui::widget::controls::words;
use crate::ui::widget::{format, paint};

use now::{Classic, Now};

/// The mock-up's sizes: heads, rows, and where the phases begin in a panel this wide.
const HEAD: f32 = 34.0;
const ROW: f32 = 54.0;
const LEAST_ROW: f32 = 48.0;
const BAR: f32 = 26.0;
const NAME: f32 = 150.0;
const HAS: f32 = 102.0;
const FIRST: f32 = 0.683;

/// It has no view state.
pub struct Phases;

/// Where the columns lie.
#[derive(Clone, Copy)]
struct Columns {
    /// Waiting begins, copying begins, copying ends.
    l: f32,
    a: f32,
    b: f32,
}

/// One row, ready to be drawn.
struct Row<'a> {
    classic: Classic,
    /// Models of running servers of this kind.
    running: Vec<&'a str>,
    /// The selected server, when it is of this kind and runs.
    session: Option<&'a SessionView>,
    now: Now,
}

impl Panel for Phases {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.label(words(tr!(cx.text, "phases-about"), Type::Body, cx.theme.colors.text_3).font(Type::Body.at(12.5)));
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let snap = cx.snap;
        let subject = subject::server(cx.lab, snap, cx.selection).map(|s| s.id);
        let running = || snap.sessions.iter().filter(|s| s.state == SessionState::Running);
        let row = |classic| {
            let of_kind = |s: &&std::sync::Arc<SessionView>| s.model.and_then(Classic::of) == Some(classic);
            let mut models: Vec<&str> = running().filter(of_kind).filter_map(|s| s.model).collect();
            models.sort_unstable();
            models.dedup();
            let session = running().filter(of_kind).find(|s| Some(s.id) == subject).map(|s| &**s);
            let now = session.map(|s| now::now(classic, s, snap.at)).unwrap_or_default();
            Row { classic, running: models, session, now }
        };
        let rows = Classic::ALL.map(row);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let room = ui.available_size();
            let each = ((room.y - HEAD - space::S) / 5.0).clamp(LEAST_ROW, ROW);
            let (place, _) = ui.allocate_exact_size(vec2(room.x, HEAD + 5.0 * each), Sense::hover());
            let (l, b) = (place.left() + NAME, place.right() - HAS);
            let columns = Columns { l, a: l + (b - l) * FIRST, b };
            heads_ui(ui, cx, place, columns);
            let painter = ui.painter();
            for (n, row) in rows.iter().enumerate() {
                let top = place.top() + HEAD + 1.0 + each * n as f32;
                let rect = Rect::from_min_max(pos2(place.left() + 6.0, top), pos2(place.right() - 6.0, top + each - space::S));
                if !row.running.is_empty() {
                    painter.rect_filled(rect, radius::CHIP, cx.theme.colors.raised);
                    if !cx.theme.dark {
                        painter.rect_stroke(rect, radius::CHIP, Stroke::new(1.0, cx.theme.colors.line), StrokeKind::Inside);
                    }
                }
            }
            lines_ui(painter, cx, place, columns);
            for (n, row) in rows.iter().enumerate() {
                let top = place.top() + HEAD + 1.0 + each * n as f32;
                let rect = Rect::from_min_max(pos2(place.left() + 6.0, top), pos2(place.right() - 6.0, top + each - space::S));
                row_ui(ui, cx, row, rect, columns);
            }
        });
    }
}

fn heads_ui(ui: &Ui, cx: &Cx<'_>, place: Rect, at: Columns) {
    let c = &cx.theme.colors;
    let y = place.top()..=place.top() + HEAD - 4.0;
    let cells = [
        ("phases-waiting", at.l, at.a, Type::Strong.font(), c.text_1),
        ("phases-copying", at.a + space::S, at.b, Type::Strong.font(), c.text_1),
        ("phases-has", at.b + space::M, place.right(), Type::Body.at(12.5), c.text_2),
    ];
    for (key, left, right, font, ink) in cells {
        let cell = Rect::from_x_y_ranges(left..=right - space::XS, y.clone());
        paint::line(ui.painter(), cell, Align::Min, &cx.text.get(key), font, ink);
    }
}

/// Where data are there, and where the process has them.
fn lines_ui(painter: &Painter, cx: &Cx<'_>, place: Rect, at: Columns) {
    let c = &cx.theme.colors;
    let y = place.top() + HEAD..=place.bottom() - 2.0;
    painter.vline(at.a, y.clone(), Stroke::new(1.5, c.received.text));
    paint::dashed(painter, &[pos2(at.b, *y.start()), pos2(at.b, *y.end())], Stroke::new(1.0, c.text_3), 3.0, 3.0);
}

fn row_ui(ui: &Ui, cx: &Cx<'_>, row: &Row<'_>, rect: Rect, at: Columns) {
    let c = &cx.theme.colors;
    let painter = ui.painter();
    let name = tr!(cx.text, row.classic.key());
    let models = if row.running.is_empty() { row.classic.example().to_owned() } else { row.running.join(", ") };
    let ink = if row.running.is_empty() { c.text_3 } else { c.accent };
    let left = Rect::from_x_y_ranges(rect.left() + 10.0..=at.l - space::S, rect.y_range());
    let (upper, lower) = left.shrink2(vec2(0.0, 3.0)).split_top_bottom_at_fraction(0.5);
    paint::line(painter, upper, Align::Min, &name, Type::Strong.at(14.0), c.text_1);
    paint::line(painter, lower, Align::Min, &models, Type::Data.at(12.5), ink);

    let y = rect.center().y - BAR / 2.0..=rect.center().y + BAR / 2.0;
    let wait = Rect::from_x_y_ranges(at.l..=at.a - 1.0, y.clone());
    let copy = Rect::from_x_y_ranges(at.a + 1.0..=at.b - 1.0, y);
    wait_ui(painter, cx, row, wait);
    copy_ui(painter, cx, row, copy, at);
    now_ui(painter, cx, row, wait, copy);

    let response = ui.interact(rect, ui.scope_id().with(("phases", row.classic as usize)), Sense::hover());
    let said = said(cx, row, &name);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    response.on_hover_text(tr!(cx.text, &format!("{}-tip", row.classic.key())));
}

/// What the row tells, in words.
fn said(cx: &Cx<'_>, row: &Row<'_>, name: &str) -> String {
    let Some(session) = row.session else { return name.to_owned() };
    let now = &row.now;
    tr!(
        cx.text,
        "phases-said",
        name = name,
        server = session.name.to_string(),
        waiting = now.waiting,
        copying = now.copying,
        has = now.has,
        held = now.held_before_waiting + now.held_before_copying
    )
}

/// Phase 1.
fn wait_ui(painter: &Painter, cx: &Cx<'_>, row: &Row<'_>, bar: Rect) {
    let c = &cx.theme.colors;
    let center = bar.center();
    match row.classic {
        Classic::Blocking | Classic::Multiplexing => {
            paint::hatch(painter, bar, c.waiting, radius::BAR);
            let usual = if row.classic == Classic::Blocking { Call::Recv.name() } else { usual_wait(row) };
            let call = row.now.asleep_in.map_or(usual, Call::name);
            chip(painter, cx, center, &tr!(cx.text, "phases-asleep", call = call), c.text_1, bar.width());
        }
        Classic::NonBlocking => {
            paint::fence(painter, bar, c.spinning);
            let spins = format!("{0}, EAGAIN, {0}, EAGAIN …", Call::Recv.name());
            chip(painter, cx, center, &spins, c.spinning.text, bar.width());
        }
        Classic::SignalDriven | Classic::Asynchronous => {
            painter.hline(bar.left()..=bar.right(), center.y, Stroke::new(3.0, c.running.mark));
            let label = match row.now.asleep_in {
                Some(call) => tr!(cx.text, "phases-asleep", call = call.name()),
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
fn copy_ui(painter: &Painter, cx: &Cx<'_>, row: &Row<'_>, bar: Rect, at: Columns) {
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
fn now_ui(painter: &Painter, cx: &Cx<'_>, row: &Row<'_>, wait: Rect, copy: Rect) {
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

fn paused_tag(painter: &Painter, cx: &Cx<'_>, at: eframe::egui::Pos2, words: &str) {
    let c = &cx.theme.colors;
    let galley = painter.layout_no_wrap(words.to_owned(), Type::Caption.font(), c.accent);
    let place = Rect::from_min_size(at - vec2(galley.size().x + 10.0, 0.0), galley.size() + vec2(8.0, 0.0));
    painter.rect_filled(place, radius::CHIP, c.selected);
    painter.galley(place.min + vec2(4.0, 0.0), galley, c.accent);
}

/// Words on a bar, on a ground of their own.
fn chip(painter: &Painter, cx: &Cx<'_>, center: eframe::egui::Pos2, words: &str, ink: eframe::egui::Color32, room: f32) {
    let font: FontId = Type::Data.at(13.0);
    let galley = painter.layout_no_wrap(words.to_owned(), font.clone(), ink);
    let width = galley.size().x.min(room - 28.0) + space::M;
    let place = Rect::from_center_size(center, vec2(width, BAR - 6.0));
    painter.rect_filled(place, 3.0, cx.theme.colors.panel);
    paint::line(painter, place.shrink2(vec2(6.0, 0.0)), Align::Center, words, font, ink);
}
