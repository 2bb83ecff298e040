//! The rows of the traffic log that are in sight, and how the log follows the newest one.

use eframe::egui::{Align, Layout, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::engine::RecordKind;
use crate::tr;
use crate::ui::Cx;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{sentence, words};
use crate::ui::widget::{format, grid};

use super::{Traffic, row};

impl Traffic {
    pub(super) fn table_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, gone: usize) {
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

    pub(super) fn unpin(&mut self) {
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

    pub(super) fn jump_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, area: Rect) {
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
