//! The two phases of one read, waiting for data and copying it, in the five classic models: who waits, and in which call.
//! The rows of running servers stand out; of the selected server the phase is lit that its lanes stand in now.

mod bars;
mod now;

#[cfg(test)]
mod tests;

use eframe::egui::{Align, Painter, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::Panel;
use super::stepper::subject;
use crate::engine::{SessionState, SessionView};
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, radius, space};
use crate::ui::widget::controls::words;
use crate::ui::widget::paint;

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
    bars::wait_ui(painter, cx, row, wait);
    bars::copy_ui(painter, cx, row, copy, at);
    bars::now_ui(painter, cx, row, wait, copy);

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
