//! The rows of the traffic log that are in sight.

use eframe::egui::{Align2, Rangef, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::engine::{Record, Snapshot};
use crate::tr;
use crate::ui::Cx;
use crate::ui::panel::follow::Follow;
use crate::ui::theme::{Type, icons, size};
use crate::ui::widget::controls::{sentence, words};
use crate::ui::widget::{format, grid};

use super::row::{Col, Row, Writing};
use super::{Traffic, lane, row};

/// The columns and where they lie.
struct Table {
    cols: Vec<Col>,
    columns: Vec<grid::Column>,
}

/// Which row is painted.
#[derive(Clone, Copy)]
struct At {
    index: u64,
    /// Its number in the table; pinned ones have none.
    row: Option<usize>,
    rows: usize,
}

impl Traffic {
    pub(super) fn table_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, gone: usize) {
        let rows = self.shown.len(&cx.snap.traffic);
        if rows == 0 {
            let key = if cx.snap.traffic.is_empty() { "traffic-empty" } else { "traffic-none-match" };
            sentence(ui, cx.theme, tr!(cx.text, key));
            return;
        }
        let (cols, columns) = row::columns(cx.text, &self.look, ui.available_width());
        let table = Table { cols, columns };
        grid::table(ui, cx.theme, &table.columns, None, |ui, _| {
            self.pinned_ui(ui, cx, &table);
            let mut follow = std::mem::take(&mut self.follow);
            follow.show(ui, rows, gone, self.shown.passed(), |follow, ui, n| {
                let Some(index) = self.shown.index(n) else { return };
                self.row_ui(ui, cx, &table, At { index, row: Some(n), rows }, follow);
            });
            self.follow = follow;
        });
    }

    /// The pinned rows, under the heads: they stay in sight.
    fn pinned_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, table: &Table) {
        let pinned: Vec<u64> = self.marks.pinned().filter(|i| cx.snap.traffic.get(*i).is_some()).collect();
        if pinned.is_empty() {
            return;
        }
        // Their keys do not move the table.
        let mut still = Follow::default();
        for index in pinned {
            ui.push_id("pinned", |ui| self.row_ui(ui, cx, table, At { index, row: None, rows: 0 }, &mut still));
        }
        let line = ui.cursor().top();
        ui.painter().hline(ui.max_rect().x_range(), line, (1.0, cx.theme.colors.line_strong));
    }

    fn row_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, table: &Table, at: At, follow: &mut Follow) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), size::ROW_LOG));
        let snap = cx.snap;
        let Some(record) = snap.traffic.get(at.index) else { return };
        let response = ui.interact(rect, ui.scope_id().with(("row", at.index)), Sense::click());
        let selected = self.is_picked(at.index);
        response.widget_info(|| WidgetInfo::selected(Role::Row, true, selected, self.name(cx, at.index, record)));
        let ranges = grid::ranges(&table.columns, rect.left(), rect.width());
        let ground = grid::Ground { row: at.row.unwrap_or(0), selected };
        let cells = grid::Cells::begin(ui, cx.theme, &table.columns, &ranges, &response, ground);
        self.found_ui(ui, cx, record, rect);
        let text = self.text_of(snap, at.index);
        let shown = Row {
            record,
            before: self.before(snap, at.row),
            lane: if table.cols.contains(&Col::Lane) { lane::of(snap, record) } else { None },
            text: text.as_ref(),
            started: snap.started,
        };
        row::paint(&cells, cx.theme, cx.text, &self.look, &table.cols, &shown);
        self.mark_ui(ui, cx, at.index, rect);
        let response = response.on_hover_ui(|ui| {
            let c = &cx.theme.colors;
            ui.label(words(format!("{} UTC", format::utc(cx.snap.started, record.at)), Type::Data, c.text_1));
            if let Some(note) = self.marks.get(at.index).map(|m| m.note.as_str()).filter(|n| !n.is_empty()) {
                ui.label(words(note, Type::Body, c.text_1));
            }
            if text.as_ref().is_some_and(|t| t.goes_on > 0) {
                ui.label(words(tr!(cx.text, "traffic-goes-on"), Type::Caption, c.text_2));
            }
            ui.label(words(tr!(cx.text, "traffic-row-tip"), Type::Caption, c.text_2));
        });
        if let Some(row) = at.row {
            follow.keys(ui, &response, row, at.rows, self.shown.passed());
        }
        response.context_menu(|ui| self.row_menu(ui, cx, at.index, record));
        if response.clicked() && ui.input(|i| i.modifiers.shift) && self.detail.is_some() {
            self.until = Some(at.index);
        } else if response.clicked() {
            // The detail takes room from the table: the row is to stay in sight.
            if let Some(row) = at.row {
                follow.go_to(row, self.shown.passed());
            }
            self.open(ui.ctx(), cx, at.index, (record.conn.session, record.conn.id));
        }
    }

    fn is_picked(&self, index: u64) -> bool {
        let Some(open) = self.detail.as_ref().map(|d| d.index) else { return false };
        let until = self.until.unwrap_or(open);
        (open.min(until)..=open.max(until)).contains(&index)
    }

    fn name(&self, cx: &Cx<'_>, index: u64, record: &Record) -> String {
        let data = crate::bytes::to_text_string(&record.data[..record.data.len().min(64)]);
        let mark = self.marks.get(index).map_or("", |m| if m.pinned { " pinned" } else { " marked" });
        format!("{} {} {} {data}{mark}", row::from_to(record), row::kind(cx.text, record), format::bytes(record.len.into()))
    }

    /// The text of a row, when text is shown.
    pub(super) fn text_of(&mut self, snap: &Snapshot, index: u64) -> Option<super::decode::Shown> {
        match self.look.writing {
            Writing::Text(encoding) => Some(self.texts.show(&snap.traffic, index, encoding, row::SHOWN_BYTES)),
            Writing::Hex => None,
        }
    }

    fn before(&self, snap: &Snapshot, row: Option<usize>) -> Option<std::time::Duration> {
        let above = self.shown.index(row?.checked_sub(1)?)?;
        snap.traffic.get(above).map(|r| r.at)
    }

    /// What the search found is seen by an edge at the right.
    fn found_ui(&self, ui: &Ui, cx: &Cx<'_>, record: &Record, rect: Rect) {
        if self.search.matches(record) {
            let edge = Rect::from_x_y_ranges(Rangef::new(rect.right() - 5.0, rect.right() - 1.0), rect.y_range().shrink(3.0));
            ui.painter().rect_filled(edge, 2.0, cx.theme.colors.accent);
        }
    }

    /// Pin, note or mark, left of the first column.
    fn mark_ui(&self, ui: &Ui, cx: &Cx<'_>, index: u64, rect: Rect) {
        let Some(mark) = self.marks.get(index) else { return };
        let glyph = match (mark.pinned, mark.note.is_empty()) {
            (true, _) => icons::PUSH_PIN,
            (false, false) => icons::PENCIL_SIMPLE,
            (false, true) => icons::BELL,
        };
        let at = pos2(rect.left() + 6.0, rect.center().y);
        let ink = cx.theme.colors.accent;
        if mark.marked || mark.pinned || !mark.note.is_empty() {
            let ground = Rect::from_x_y_ranges(rect.left()..=rect.left() + 2.0, rect.y_range());
            ui.painter().rect_filled(ground, 0.0, ink);
            ui.painter().text(at, Align2::CENTER_CENTER, glyph, icons::font_fill(9.0), ink);
        }
    }
}
