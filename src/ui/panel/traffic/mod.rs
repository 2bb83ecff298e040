//! The traffic log: a virtual table over the snapshot's records. It keeps indices of rows, never the rows themselves.

mod detail;
mod export;
mod filter;
mod row;
mod shown;

use eframe::egui::{Align, Layout, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::Panel;
use super::filter::FilterBox;
use crate::engine::RecordKind;
use crate::lab::EndpointId;
use crate::tr;
use crate::trace::ConnId;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{icon, sentence, words};
use crate::ui::widget::{format, grid, paint};
use crate::ui::{Action, Cx, Selection, UiCommand};

use detail::Detail;
use filter::Filter;
use row::Writing;
use shown::{SeenBy, Shown};

/// The box of the filter is never wider.
const WIDEST: f32 = 200.0;

/// View state of one traffic panel.
pub struct Traffic {
    filter: FilterBox<Filter>,
    seen_by: SeenBy,
    writing: Writing,
    shown: Shown,
    /// Stays at the newest row.
    follow: bool,
    /// [`Shown::passed`] when following ended.
    passed_then: u64,
    offset: f32,
    /// Rows in the last frame.
    rows: usize,
    /// Goes to the newest row in the next frame.
    jump: bool,
    detail: Option<Detail>,
    /// A row that the keys moved to: it gets focus once it is painted.
    focus: Option<usize>,
}

impl Default for Traffic {
    fn default() -> Self {
        Self {
            filter: FilterBox::default(),
            seen_by: SeenBy::default(),
            writing: Writing::default(),
            shown: Shown::default(),
            follow: true,
            passed_then: 0,
            offset: 0.0,
            rows: 0,
            jump: false,
            detail: None,
            focus: None,
        }
    }
}

impl Panel for Traffic {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.menu_ui(ui, cx);
        self.writing_ui(ui, cx);
        self.filter.ui(ui, cx, "traffic-filter", WIDEST);
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.shown.set(self.filter.filter().clone(), self.seen_by);
        let gone = self.shown.update(cx.snap);
        let behind = self.shown.behind(&cx.snap.traffic);
        if behind {
            ui.ctx().request_repaint();
        }
        let mut area = ui.max_rect();
        if let Some(height) = self.detail_height(cx, area.height()) {
            let rect = area.with_min_y(area.bottom() - height);
            area.max.y = rect.top();
            self.detail_ui(ui, cx, rect);
        }
        if let Some(line) = self.notice(cx, behind) {
            let rect = area.with_min_y(area.bottom() - size::ROW_LOG);
            area.max.y = rect.top();
            let color = if self.filter.bad().is_some() || cx.snap.traffic_totals.dropped > 0 {
                cx.theme.colors.error.text
            } else {
                cx.theme.colors.text_3
            };
            let painted = paint::line(ui.painter(), rect.shrink2(vec2(space::M, 0.0)), Align::Min, &line, Type::Caption.font(), color);
            let notice = ui.interact(painted, ui.scope_id().with("notice"), Sense::hover()).on_hover_text(&line);
            notice.widget_info(|| WidgetInfo::labeled(Role::Label, true, &line));
        }
        ui.scope_builder(UiBuilder::new().max_rect(area), |ui| self.table_ui(ui, cx, gone));
        self.jump_ui(ui, cx, area);
    }
}

impl Traffic {
    fn writing_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let (label, tip) = (tr!(cx.text, "traffic-hex"), tr!(cx.text, "traffic-hex-tip"));
        let look = if self.writing == Writing::Hex { Look::On } else { Look::Plain };
        if (ButtonSpec { look, ..ButtonSpec::new(&label, &tip) }).show(ui, cx.theme).clicked() {
            self.writing = match self.writing {
                Writing::Text => Writing::Hex,
                Writing::Hex => Writing::Text,
            };
        }
    }

    fn menu_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let more = icon(icons::DOTS_THREE_VERTICAL, size::ICON, cx.theme.colors.text_2);
        let menu = ui.menu_button(more, |ui| {
            ui.label(words(tr!(cx.text, "traffic-seen-by"), Type::Caption, cx.theme.colors.text_3));
            for choice in SeenBy::ALL {
                let key = match choice {
                    SeenBy::Servers => "traffic-seen-by-servers",
                    SeenBy::Clients => "traffic-seen-by-clients",
                    SeenBy::Both => "traffic-seen-by-both",
                };
                if ui.radio(self.seen_by == choice, tr!(cx.text, key)).on_hover_text(tr!(cx.text, &format!("{key}-tip"))).clicked() {
                    self.seen_by = choice;
                }
            }
            ui.separator();
            for (key, file, how) in
                [("traffic-export-csv", "traffic.csv", export::As::Csv), ("traffic-export-json", "traffic.jsonl", export::As::JsonLines)]
            {
                let tip = tr!(cx.text, "traffic-export-tip", rows = format::count(export::ROWS as u64));
                if ui.button(tr!(cx.text, key)).on_hover_text(tip).clicked() {
                    let newest = (0..self.shown.len(&cx.snap.traffic)).rev().filter_map(|row| self.shown.index(row));
                    let (text, rows) = export::write(cx.snap, newest, how);
                    cx.act(Action::Export(file.to_owned(), crate::ui::ExportData::Text(text)));
                    cx.act(Action::Say(tr!(cx.text, "traffic-exported", rows = rows as u64)));
                }
            }
            ui.separator();
            if ui.button(tr!(cx.text, "traffic-clear")).on_hover_text(tr!(cx.text, "traffic-clear-tip")).clicked() {
                self.detail = None;
                cx.act(Action::Ui(UiCommand::ClearTraffic));
            }
        });
        menu.response.accessible_name(tr!(cx.text, "traffic-menu")).on_hover_text(tr!(cx.text, "traffic-menu-tip"));
    }

    /// What the log could not show, in words.
    fn notice(&self, cx: &Cx<'_>, behind: bool) -> Option<String> {
        let totals = cx.snap.traffic_totals;
        let mut parts = Vec::new();
        if let Some(term) = self.filter.bad() {
            parts.push(tr!(cx.text, "traffic-bad-term", term = term));
        }
        if behind {
            parts.push(tr!(cx.text, "traffic-filtering"));
        }
        if totals.dropped > 0 {
            parts.push(tr!(cx.text, "traffic-dropped", rows = format::count(totals.dropped)));
        }
        if totals.evicted > 0 {
            parts.push(tr!(cx.text, "traffic-evicted", rows = format::count(totals.evicted)));
        }
        (!parts.is_empty()).then(|| parts.join(" · "))
    }

    fn table_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, gone: usize) {
        let rows = self.shown.len(&cx.snap.traffic);
        if rows == 0 {
            let key = if cx.snap.traffic.is_empty() { "traffic-empty" } else { "traffic-none-match" };
            sentence(ui, cx.theme, tr!(cx.text, key));
            return;
        }
        let columns = row::columns(cx.text, ui.available_width());
        let width = grid::least_width(&columns).max(ui.available_width());
        grid::show_bars(ui);
        ScrollArea::horizontal().id_salt("across").auto_shrink(false).show(ui, |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 0.0;
            grid::head(ui, cx.theme, &columns, None);
            self.rows_ui(ui, cx, &columns, rows, gone);
        });
    }

    fn rows_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, columns: &[grid::Column], rows: usize, gone: usize) {
        let height = ui.available_height();
        let wanted = match self.focus {
            Some(row) => grid::reveal(row, self.offset, height),
            // Rows that left at the front must not move those one looks at.
            None if gone > 0 && !self.follow => Some((self.offset - gone as f32 * size::ROW_LOG).max(0.0)),
            // Fewer rows than in the last frame: sticking to the end would show nothing below them until the next one.
            None if self.follow && rows < self.rows => Some((rows as f32 * size::ROW_LOG - height).max(0.0)),
            None => None,
        };
        let jump = std::mem::take(&mut self.jump);
        let area = ScrollArea::vertical().id_salt("rows").auto_shrink(false).animated(false).stick_to_bottom(self.follow);
        let area = wanted.map_or(area.clone(), |offset| area.vertical_scroll_offset(offset));
        let out = area.show_rows(ui, size::ROW_LOG, rows, |ui, range| {
            let ranges = grid::ranges(columns, ui.max_rect().left(), ui.available_width());
            if jump {
                // The end is known only here; an offset set from outside is held within the last frame's content.
                let below = (rows - range.start) as f32 * size::ROW_LOG;
                let last = Rect::from_min_size(ui.max_rect().left_top() + vec2(0.0, below - 1.0), vec2(1.0, 1.0));
                ui.scroll_to_rect(last, Some(Align::BOTTOM));
            }
            for n in range {
                self.row_ui(ui, cx, columns, &ranges, n, rows);
            }
        });
        let before = std::mem::replace(&mut self.offset, out.state.clamped_offset().y);
        let at_end = self.offset >= out.content_size.y - out.inner_rect.height() - 1.0;
        if jump {
            ui.ctx().request_repaint();
        } else if self.follow && !at_end {
            self.unpin();
        } else if !self.follow && at_end && self.offset > before {
            self.follow = true;
        }
        if self.follow && self.rows != rows {
            // Sticking to the end takes effect in the next frame.
            ui.ctx().request_repaint();
        }
        self.rows = rows;
    }

    fn unpin(&mut self) {
        if std::mem::replace(&mut self.follow, false) {
            self.passed_then = self.shown.passed();
        }
    }

    fn row_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, columns: &[grid::Column], ranges: &[eframe::egui::Rangef], n: usize, rows: usize) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), size::ROW_LOG));
        let Some((index, record)) = self.shown.index(n).and_then(|index| Some((index, cx.snap.traffic.get(index)?))) else { return };
        let response = ui.interact(rect, ui.scope_id().with(("row", index)), Sense::click());
        let selected = self.detail.as_ref().is_some_and(|d| d.index == index);
        response.widget_info(|| {
            let kind = match record.kind {
                RecordKind::Received => tr!(cx.text, "traffic-recv"),
                RecordKind::Sent => tr!(cx.text, "traffic-send"),
                RecordKind::Opened => tr!(cx.text, "traffic-open"),
                RecordKind::Ended(_) => tr!(cx.text, "traffic-end"),
            };
            let data = crate::bytes::to_text_string(&record.data[..record.data.len().min(64)]);
            let name = format!("{} {kind} {} {data}", row::from_to(record), format::bytes(record.len.into()));
            WidgetInfo::selected(Role::Row, true, selected, name)
        });
        if self.focus == Some(n) {
            response.request_focus();
        }
        let cells = grid::Cells::begin(ui, cx.theme, columns, ranges, &response, grid::Ground { row: n, selected });
        let before = n.checked_sub(1).and_then(|b| self.shown.index(b)).and_then(|i| cx.snap.traffic.get(i)).map(|r| r.at);
        row::paint(&cells, cx.theme, cx.text, record, before, self.writing);
        let response = response.on_hover_ui(|ui| {
            ui.label(words(format!("{} UTC", format::utc(cx.snap.started, record.at)), Type::Data, cx.theme.colors.text_1));
            ui.label(words(tr!(cx.text, "traffic-row-tip"), Type::Caption, cx.theme.colors.text_2));
        });
        let step = grid::step(ui, &response, 20);
        if let Some(by) = step {
            self.unpin();
            self.focus = Some(grid::moved(n, by, rows));
        } else if self.focus == Some(n) {
            self.focus = None;
        }
        if response.clicked() {
            // The detail takes room from the table: the row is to stay in sight.
            self.focus = Some(n);
            self.open(cx, index, (record.conn.session, record.conn.id));
        }
    }

    fn open(&mut self, cx: &mut Cx<'_>, index: u64, (session, conn): (EndpointId, ConnId)) {
        // A row one looks at stays where it is.
        self.unpin();
        self.detail = Some(Detail::new(index));
        cx.act(Action::Select(Selection::Conn(session, conn)));
    }

    fn detail_height(&mut self, cx: &Cx<'_>, room: f32) -> Option<f32> {
        let index = self.detail.as_ref()?.index;
        if cx.snap.traffic.get(index).is_none() {
            self.detail = None;
            return None;
        }
        Some((room * 0.45).clamp(90.0_f32.min(room), 240.0))
    }

    fn detail_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect) {
        let Some(detail) = &mut self.detail else { return };
        let Some(record) = cx.snap.traffic.get(detail.index) else { return };
        let close = ui
            .scope_builder(UiBuilder::new().max_rect(rect), |ui| {
                ui.shrink_clip_rect(rect);
                detail.ui(ui, cx, record)
            })
            .inner;
        if close {
            self.detail = None;
        }
    }

    fn jump_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, area: Rect) {
        if self.follow || self.shown.len(&cx.snap.traffic) == 0 {
            return;
        }
        let new = self.shown.passed() - self.passed_then;
        let label = match new {
            0 => tr!(cx.text, "traffic-jump"),
            new => tr!(cx.text, "traffic-jump-new", rows = format::count(new)),
        };
        let rect = Rect::from_min_max(pos2(area.left(), area.bottom() - size::CONTROL - space::S), area.max - vec2(space::M, space::S));
        let builder = UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(builder, |ui| {
            let tip = tr!(cx.text, "traffic-jump-tip");
            if ButtonSpec::new(&label, &tip).with_icon(icons::ARROW_DOWN, cx.theme.colors.text_2).show(ui, cx.theme).clicked() {
                (self.follow, self.jump) = (true, true);
            }
        });
    }
}

#[cfg(test)]
mod tests;
