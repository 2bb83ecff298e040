//! The traffic log: a virtual table over the snapshot's records. It keeps indices of rows, never the rows themselves.

mod detail;
mod export;
mod filter;
mod row;
mod shown;
mod table;

use eframe::egui::{Align, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::Panel;
use super::filter::FilterBox;
use crate::lab::EndpointId;
use crate::tr;
use crate::trace::ConnId;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{icon, words};
use crate::ui::widget::{format, paint};
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
}

#[cfg(test)]
mod tests;
