//! The ladder: ends as vertical lines, and each message, connect, close and reset as an arrow between them, in order of time.
//! The same records as the traffic log; what left one end and came at the other is joined.

mod gather;
mod join;
mod paint;
mod svg;
#[cfg(test)]
mod tests;

use eframe::egui::{Align, Rangef, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::follow::Follow;
use super::traffic::FilterBox;
use super::{Panel, PanelDef, Topic, picked};
use crate::engine::Record;
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{icon_menu, sentence, words};
use crate::ui::widget::{format, paint as brush};
use crate::ui::{Action, Cx, ExportData, Selection};

use gather::{Arrow, Gathered, Row, Scope, What};
use paint::{Lines, Seen};

/// Its line in the list of panels.
pub const DEF: PanelDef = PanelDef { id: "ladder", topic: Topic::Ladder, title: "ladder-title", make: || Box::new(Ladder::default()) };

/// The box of the filter is never wider.
const WIDEST: f32 = 240.0;
/// Points of a row: how far it zooms.
const ROWS: [f32; 6] = [12.0, 18.0, 24.0, 32.0, 44.0, 60.0];
/// The names over the lines.
const HEADS: f32 = 34.0;

/// View state of one ladder.
pub struct Ladder {
    filter: FilterBox,
    /// Everything, also when something is selected.
    all: bool,
    gathered: Gathered,
    follow: Follow,
    /// Of [`ROWS`].
    zoom: usize,
    /// Where it was painted.
    area: Rect,
}

impl Default for Ladder {
    fn default() -> Self {
        let zoom = 2;
        Self {
            filter: FilterBox::default(),
            all: false,
            gathered: Gathered::default(),
            follow: Follow::with_rows(ROWS[zoom]),
            zoom,
            area: Rect::ZERO,
        }
    }
}

impl Panel for Ladder {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.spacing_mut().item_spacing.x = 2.0;
        self.export_ui(ui, cx);
        let mut press = |glyph: &str, key: &str, on: bool| {
            let look = if on { Look::On } else { Look::Bare };
            ButtonSpec { look, ..ButtonSpec::bare(glyph, &cx.text.get(key), &cx.text.get(&format!("{key}-tip"))) }
                .show(ui, cx.theme)
                .clicked()
        };
        let zoom = self.zoom;
        if press(icons::MAGNIFYING_GLASS_PLUS, "ladder-zoom-in", false) {
            self.zoom = (self.zoom + 1).min(ROWS.len() - 1);
        }
        if press(icons::MAGNIFYING_GLASS_MINUS, "ladder-zoom-out", false) {
            self.zoom = self.zoom.saturating_sub(1);
        }
        if press(icons::USERS, "ladder-all", self.all) {
            self.all = !self.all;
        }
        if zoom != self.zoom {
            self.follow.set_row(ROWS[self.zoom]);
        }
        ui.add_space(space::XS);
        self.filter.ui(ui, cx, "ladder-filter", WIDEST);
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let gone = self.gathered.update(cx.snap, self.scope(cx), self.filter.filter());
        let behind = self.gathered.behind(cx.snap);
        if behind {
            ui.ctx().request_repaint();
        }
        let mut area = ui.max_rect();
        self.area = area;
        ui.painter().rect_filled(area, 0.0, cx.theme.colors.stage);
        if self.gathered.rows.is_empty() {
            let key = if cx.snap.traffic.is_empty() { "ladder-empty" } else { "ladder-none" };
            return sentence(ui, cx.theme, tr!(cx.text, key));
        }
        if let Some((line, bad)) = self.notice(cx) {
            let rect = area.with_min_y(area.bottom() - size::ROW_LOG);
            area.max.y = rect.top();
            let ink = if bad { cx.theme.colors.error.text } else { cx.theme.colors.text_3 };
            let painted = brush::line(ui.painter(), rect.shrink2(vec2(space::M, 0.0)), Align::Min, &line, Type::Caption.font(), ink);
            let notice = ui.interact(painted, ui.scope_id().with("notice"), Sense::hover()).on_hover_text(&line);
            notice.widget_info(|| WidgetInfo::labeled(Role::Label, true, &line));
        }
        let lines = Lines::new(&self.gathered, area);
        let heads = area.with_max_y(area.top() + HEADS);
        paint::heads(ui, cx, &self.gathered, &lines, heads);
        let body = area.with_min_y(heads.bottom());
        // Also where the last row leaves a little room.
        paint::lines(ui.painter(), cx, &lines, body.y_range());
        ui.scope_builder(UiBuilder::new().max_rect(body), |ui| self.rows_ui(ui, cx, &lines, gone));
        self.follow.jump_ui(ui, cx, body, self.gathered.passed(), "ladder-jump");
    }
}

impl Ladder {
    /// What is selected; of nothing, everything.
    fn scope(&self, cx: &Cx<'_>) -> Scope {
        match cx.selection {
            Selection::None => Scope::All,
            _ if self.all => Scope::All,
            Selection::Endpoint(id) => Scope::Endpoint(id),
            Selection::Conn(_, conn) => Scope::Conn(conn),
        }
    }

    fn export_ui(&self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (name, tip) = (tr!(cx.text, "ladder-export"), tr!(cx.text, "ladder-export-tip"));
        icon_menu(ui, cx.theme, icons::EXPORT, &name, &tip, |ui| {
            let tip = tr!(cx.text, "ladder-svg-tip", rows = format::count(svg::ROWS));
            if ui.button(tr!(cx.text, "ladder-svg")).on_hover_text(tip).clicked() {
                let drawing = svg::drawing(cx, &self.gathered);
                cx.act(Action::Export("ladder.svg".into(), ExportData::Text(drawing)));
            }
            if ui.button(tr!(cx.text, "ladder-png")).on_hover_text(tr!(cx.text, "ladder-png-tip")).clicked() {
                cx.act(Action::Export("ladder.png".into(), ExportData::Picture(self.area)));
            }
        });
    }

    fn notice(&self, cx: &Cx<'_>) -> Option<(String, bool)> {
        let mut parts = Vec::new();
        let mistake = self.filter.mistake(cx);
        let bad = mistake.is_some() || cx.snap.traffic_totals.dropped > 0;
        parts.extend(mistake);
        if self.gathered.left_out > 0 {
            parts.push(tr!(cx.text, "ladder-left-out", rows = format::count(self.gathered.left_out), lines = gather::LINES));
        }
        if cx.snap.traffic_totals.dropped > 0 {
            parts.push(tr!(cx.text, "ladder-dropped"));
        }
        (!parts.is_empty()).then(|| (parts.join(" · "), bad))
    }

    fn rows_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, lines: &Lines, gone: usize) {
        // A frozen moment may lie before rows that are gathered already.
        let until = cx.snap.traffic.end_index();
        let rows = self.gathered.rows.partition_point(|r| r.index < until);
        let (area, each) = (ui.max_rect(), ROWS[self.zoom]);
        let picked = picked::get(ui.ctx()).map(|(index, _)| index);
        let mut seen: Option<Seen> = None;
        let mut follow = std::mem::take(&mut self.follow);
        ui.spacing_mut().item_spacing.y = 0.0;
        // The lines and arrows lie under the rows' tooltips and over their grounds.
        follow.show(ui, rows, gone, self.gathered.passed(), |follow, ui, n| {
            let (_, rect) = ui.allocate_space(vec2(ui.available_width(), each));
            let number = self.gathered.gone + n as u64;
            let seen = seen.get_or_insert(Seen { first: number, top: rect.top(), each, last: number });
            seen.last = number;
            self.row_ui(ui, cx, lines, (n, rows), rect, picked, follow);
        });
        self.follow = follow;
        if let Some(seen) = seen {
            let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
            paint::arrows(&painter, cx, &self.gathered, lines, seen, until);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one frame's values, passed down once")]
    fn row_ui(
        &self,
        ui: &mut Ui,
        cx: &mut Cx<'_>,
        lines: &Lines,
        (n, rows): (usize, usize),
        rect: Rect,
        picked: Option<u64>,
        follow: &mut Follow,
    ) {
        let snap = cx.snap;
        let Some((row, record)) = self.gathered.rows.get(n).and_then(|row| Some((row, snap.traffic.get(row.index)?))) else { return };
        let response = ui.interact(rect, ui.scope_id().with(("row", row.index)), Sense::click());
        let name = paint::name(cx.text, &self.gathered, row, record);
        let selected = picked == Some(row.index);
        response.widget_info(|| WidgetInfo::selected(Role::Row, true, selected, &name));
        let c = &cx.theme.colors;
        let ground = if selected {
            Some(c.selected)
        } else if response.hovered() || response.has_focus() {
            Some(c.hover)
        } else {
            None
        };
        if let Some(ground) = ground {
            ui.painter().rect_filled(rect, 0.0, ground);
        }
        paint::lines(ui.painter(), cx, lines, rect.y_range());
        let above = n.checked_sub(1).and_then(|n| self.gathered.rows.get(n)).map(|r| r.at);
        paint::time(ui.painter(), cx, rect, row, above);
        let response = response.on_hover_ui(|ui| self.tip(ui, cx, n, row, record, &name));
        follow.keys(ui, &response, n, rows, self.gathered.passed());
        if response.clicked() {
            follow.hold(self.gathered.passed());
            response.request_focus();
            picked::pick(ui.ctx(), row.index);
            cx.act(Action::Select(Selection::Conn(record.conn.session, record.conn.id)));
        }
    }

    fn tip(&self, ui: &mut Ui, cx: &Cx<'_>, n: usize, row: &Row, record: &Record, name: &str) {
        let c = &cx.theme.colors;
        ui.label(words(name, Type::Strong, c.text_1));
        let clock = format!("{} · {} UTC", format::clock(row.at), format::utc(cx.snap.started, row.at));
        ui.label(words(clock, Type::Data, c.text_2));
        let number = self.gathered.gone + n as u64;
        for arrow in self.gathered.touching(number..number + 1).filter(|a| a.from == number || a.to == number).take(6) {
            if let Some(line) = self.took(cx, arrow) {
                ui.label(words(line, Type::Body, c.text_1));
            }
        }
        if !row.joined && row.both && row.what == What::Sent {
            ui.label(words(tr!(cx.text, "ladder-under-way"), Type::Caption, c.text_2));
        } else if !row.both && matches!(row.what, What::Sent | What::Received) {
            ui.label(words(tr!(cx.text, "ladder-outside-tip"), Type::Caption, c.text_2));
        }
        let shown = record.data.len().min(64);
        ui.label(words(crate::bytes::to_text_string(&record.data[..shown]), Type::Data, c.text_1));
        ui.label(words(tr!(cx.text, "ladder-tip-click"), Type::Caption, c.text_2));
    }

    /// How long an arrow took, in words.
    fn took(&self, cx: &Cx<'_>, arrow: &Arrow) -> Option<String> {
        let (from, to) = (self.gathered.row(arrow.from)?, self.gathered.row(arrow.to)?);
        let Some(took) = to.at.checked_sub(from.at) else { return Some(tr!(cx.text, "ladder-before")) };
        let took = format::span(cx.text, took);
        Some(match from.what {
            What::Sent => tr!(cx.text, "ladder-took", bytes = format::bytes(arrow.len), took = took),
            What::Received => return None,
            What::Opened => tr!(cx.text, "ladder-accepted", took = took),
            What::Closed | What::Broken => tr!(cx.text, "ladder-ended", took = took),
        })
    }
}

/// Left of the lines stand the times.
const TIMES: f32 = 140.0;

/// From the first line to the last.
fn plot(area: Rect) -> Rangef {
    let edge = 62.0_f32.min((area.width() - TIMES) / 4.0).max(8.0);
    Rangef::new(area.left() + TIMES + edge, area.right() - edge - space::S)
}
