//! Queue and clients on one clock: the length of the accept queue against its limit, and below it one row for each client.
//!
//! It keeps what it worked out of a snapshot until the next one, never data of its own.

mod chart;
mod clock;
mod legend;
mod row;
mod rows;
mod stairs;
#[cfg(test)]
mod tests;

use eframe::egui::{Rangef, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::backlog::gather::subject;
use super::{Panel, PanelDef, Topic};
use crate::engine::{ListenerView, SessionState};
use crate::lab::{EndpointId, Server};
use crate::tr;
use crate::ui::theme::Type;
use crate::ui::widget::controls::sentence;
use crate::ui::{Action, Cx, Selection};
use clock::{Clock, Stretch};
use rows::Row;

/// Its line in the list of panels.
pub const DEF: PanelDef =
    PanelDef { id: "arrivals", topic: Topic::Arrivals, title: "arrivals-title", make: || Box::new(Arrivals::default()) };

/// The mock-up's sizes: labels at the left, what stands at the right of the plot, a row, the axis below.
const LEFT: f32 = 92.0;
const RIGHT: f32 = 80.0;
const ROW: f32 = 16.0;
const LEAST_ROW: f32 = 13.0;
const AXIS: f32 = 22.0;
/// From the top to the rows, in a tile of the mock-up's height and in a low one.
const QUEUE: f32 = 122.0;
const LOW_QUEUE: f32 = 96.0;
/// Rows that fit in a low tile before the queue's chart gives way.
const FEW: f32 = 10.0;

/// View state.
#[derive(Default)]
pub struct Arrivals {
    stretch: Stretch,
    /// The rows of the snapshot that was painted last.
    rows: Vec<Row>,
    of: Option<(u64, EndpointId, u32)>,
}

impl Arrivals {
    fn look(&mut self, cx: &Cx<'_>, server: &Server) {
        let to_come = cx.lab.clients.iter().map(|c| c.connections).sum();
        let key = (cx.snap.seq, server.id, to_come);
        if self.of != Some(key) {
            self.rows = rows::rows(cx.snap, cx.lab, server);
            self.of = Some(key);
        }
    }
}

/// What is painted in one frame, and where.
struct Sheet<'a> {
    view: &'a ListenerView,
    rows: &'a [Row],
    clock: Clock,
    /// Left and right edge of the time.
    plot: Rangef,
    unix: bool,
}

impl Sheet<'_> {
    fn x(&self, at: f64) -> f32 {
        self.clock.x(self.plot, at)
    }
}

impl Panel for Arrivals {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(server) = subject(cx.lab, cx.snap, cx.selection) else { return };
        self.look(cx, server);
        legend::ui(ui, cx, &mut self.stretch, &self.rows, server.transport.is_unix());
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(server) = subject(cx.lab, cx.snap, cx.selection) else {
            return sentence(ui, cx.theme, tr!(cx.text, "arrivals-no-server"));
        };
        let session = cx.snap.session(server.id).filter(|s| s.state == SessionState::Running);
        let Some((session, view)) = session.and_then(|s| Some((s, s.listener.as_deref()?))) else {
            let key = if server.transport.is_stream() { "arrivals-stopped" } else { "arrivals-datagrams" };
            return sentence(ui, cx.theme, tr!(cx.text, key, name = server.name.as_str()));
        };
        self.look(cx, server);
        let room = ui.max_rect();
        let first = self.rows.iter().map(|r| r.opened).reduce(f64::min);
        let plot = Rangef::new(room.left() + LEFT, (room.right() - RIGHT).max(room.left() + LEFT + 60.0));
        // The history is followed a little behind the snapshot; a moment that is not measured yet is not drawn.
        let now = cx.snap.at.as_secs_f64();
        let clock = Clock::new(self.stretch, session.since.as_secs_f64(), first, now);
        let sheet = Sheet { view, rows: &self.rows, clock, plot, unix: server.transport.is_unix() };
        sheet_ui(ui, cx, &sheet, room);
    }
}

fn sheet_ui(ui: &mut Ui, cx: &mut Cx<'_>, sheet: &Sheet<'_>, room: Rect) {
    let c = &cx.theme.colors;
    let few = room.height() < QUEUE + FEW * LEAST_ROW + AXIS;
    let upper = room.with_max_y(room.top() + if few { LOW_QUEUE } else { QUEUE });
    let lower = Rect::from_min_max(pos2(room.left(), upper.bottom()), pos2(room.right(), room.bottom() - AXIS));
    let now = sheet.x(sheet.clock.now);
    // Where nobody has come, words stand below the queue.
    let end = if sheet.rows.is_empty() { upper.bottom() } else { room.bottom() - AXIS + 2.0 };
    let shade = if sheet.rows.is_empty() { end } else { room.bottom() - 6.0 };
    let after = Rect::from_min_max(pos2(now, room.top() + 8.0), pos2(sheet.plot.max, shade));
    ui.painter().rect_filled(after, 0.0, c.stage);
    marks(ui, cx, sheet, room);
    chart::ui(ui, cx, sheet, upper);
    rows_ui(ui, cx, sheet, lower);
    let c = &cx.theme.colors;
    ui.painter().vline(now, room.top() + 8.0..=end, Stroke::new(1.5, c.text_1));
    let time = tr!(cx.text, "arrivals-now", time = format!("{:.2}", (sheet.clock.now - sheet.clock.zero).max(0.0)));
    let font = Type::Strong.at(12.5);
    let wide = ui.painter().layout_no_wrap(time.clone(), font.clone(), c.text_1).size().x;
    // Before the line when there is no room after it.
    let (x, align) = if now + 6.0 + wide < sheet.plot.max {
        (now + 6.0, eframe::egui::Align2::LEFT_CENTER)
    } else {
        (now - 6.0, eframe::egui::Align2::RIGHT_CENTER)
    };
    ui.painter().text(pos2(x, room.top() + 14.0), align, time, font, c.text_1);
}

/// Seconds below the rows.
fn marks(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, room: Rect) {
    let c = &cx.theme.colors;
    let font = Type::Data.font();
    for (at, secs) in sheet.clock.marks() {
        let words = tr!(cx.text, "arrivals-mark", n = secs.to_string());
        let galley = ui.painter().layout_no_wrap(words, font.clone(), c.text_3);
        let x = sheet.x(at) - galley.size().x / 2.0;
        let x = x.clamp(sheet.plot.min, sheet.plot.max - galley.size().x);
        ui.painter().galley(pos2(x, room.bottom() - AXIS + 4.0), galley, c.text_3);
    }
}

fn rows_ui(ui: &mut Ui, cx: &mut Cx<'_>, sheet: &Sheet<'_>, room: Rect) {
    if sheet.rows.is_empty() {
        ui.scope_builder(UiBuilder::new().max_rect(room), |ui| sentence(ui, cx.theme, tr!(cx.text, "arrivals-nobody")));
        return;
    }
    let count = sheet.rows.len();
    let each = (room.height() / count as f32).clamp(LEAST_ROW, ROW).floor();
    let mut chosen = None;
    ui.scope_builder(UiBuilder::new().max_rect(room), |ui| {
        ui.set_clip_rect(ui.clip_rect().intersect(room.expand2(vec2(0.0, 1.0))));
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().auto_shrink(false).show_rows(ui, each, count, |ui, visible| {
            for n in visible {
                let line = &sheet.rows[n];
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), each), Sense::click());
                // Outside of what is seen nothing is worded.
                if !ui.is_rect_visible(rect) {
                    continue;
                }
                row::paint(ui, cx, sheet, line, n == 0, rect, response.hovered());
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, row::says(cx, sheet, line)));
                crate::ui::widget::controls::focus_ring(ui, cx.theme, &response);
                if response.clicked() {
                    chosen = Some(Selection::Conn(line.owner, line.conn));
                }
                if response.hovered() {
                    response.on_hover_text(row::says(cx, sheet, line));
                }
            }
        });
    });
    if let Some(selection) = chosen {
        cx.act(Action::Select(selection));
    }
}
