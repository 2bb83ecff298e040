//! The traffic log: a virtual table over the snapshot's records, or one connection as a conversation. It keeps indices of
//! rows, never the rows themselves.

mod decode;
mod detail;
mod filter_box;
mod head;
mod lane;
mod marks;
mod mistake;
mod recording;
mod row;
mod search;
mod shown;
mod strip;
mod table;
mod talk;

use eframe::egui::{Align, Context, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::follow::Follow;
use super::{Panel, picked};
use crate::lab::EndpointId;
use crate::tr;
use crate::trace::ConnId;
use crate::ui::theme::{Type, size, space};
use crate::ui::widget::{format, paint};
use crate::ui::{Action, Cx, Selection};

use decode::Texts;
pub(super) use filter_box::FilterBox;

use detail::Detail;
use marks::Marks;
use recording::Recorder;
use row::Look;
use search::Search;
use shown::{SeenBy, Shown};
use talk::Talk;

/// View state of one traffic panel.
#[derive(Default)]
pub struct Traffic {
    filter: FilterBox,
    seen_by: SeenBy,
    look: Look,
    shown: Shown,
    texts: Texts,
    follow: Follow,
    search: Search,
    marks: Marks,
    talk: Talk,
    recorder: Recorder,
    detail: Option<Detail>,
    /// The other end of a stretch of picked rows that begins at the open one.
    until: Option<u64>,
    /// The pick of another panel that was followed.
    seen_pick: u64,
    /// A picked record whose row is not found yet.
    wanted: Option<u64>,
    /// Of the panel in the last frame.
    width: f32,
}

impl Panel for Traffic {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.head(ui, cx);
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let seen_by = self.talk.of.map_or(self.seen_by, |(_, conn)| SeenBy::Only(conn));
        self.shown.set(self.filter.filter(), seen_by);
        let gone = self.shown.update(cx.snap);
        self.marks.keep_from(cx.snap.traffic.first_index());
        let behind = self.shown.behind(&cx.snap.traffic);
        self.look_for(ui, cx);
        if behind || self.search.is_under_way() || self.wanted.is_some() {
            ui.ctx().request_repaint();
        }
        let mut area = ui.max_rect();
        self.width = area.width();
        if self.search.is_open {
            let rect = area.with_max_y(area.top() + size::CONTROL + space::S);
            area.min.y = rect.bottom();
            ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| self.search_ui(ui, cx));
        }
        if let Some(height) = self.detail_height(cx, area.height()) {
            let rect = area.with_min_y(area.bottom() - height);
            area.max.y = rect.top();
            self.detail_ui(ui, cx, rect);
        }
        if let Some(view) = self.recorder.shown(cx) {
            let rect = area.with_min_y(area.bottom() - recording::LINE);
            area.max.y = rect.top();
            ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| self.recorder.line_ui(ui, cx, view));
        }
        let (line, bad) = self.notice(cx, behind);
        if !line.is_empty() {
            let rect = area.with_min_y(area.bottom() - size::ROW_LOG);
            area.max.y = rect.top();
            let color = if bad { cx.theme.colors.error.text } else { cx.theme.colors.text_3 };
            let painted = paint::line(ui.painter(), rect.shrink2(vec2(space::M, 0.0)), Align::Min, &line, Type::Caption.font(), color);
            let notice = ui.interact(painted, ui.scope_id().with("notice"), Sense::hover()).on_hover_text(&line);
            notice.widget_info(|| WidgetInfo::labeled(Role::Label, true, &line));
        }
        if self.talk.of.is_some() {
            ui.scope_builder(UiBuilder::new().max_rect(area), |ui| self.talk_ui(ui, cx, gone));
            return;
        }
        ui.scope_builder(UiBuilder::new().max_rect(area), |ui| self.table_ui(ui, cx, gone));
        self.follow.jump_ui(ui, cx, area, self.shown.passed(), "traffic-jump");
    }
}

impl Traffic {
    /// What the log holds and could not hold, in words; and whether something is wrong.
    fn notice(&self, cx: &Cx<'_>, behind: bool) -> (String, bool) {
        let totals = cx.snap.traffic_totals;
        let mut parts = Vec::new();
        let mistake = self.filter.mistake(cx);
        let bad = mistake.is_some() || totals.dropped > 0;
        parts.extend(mistake);
        if behind {
            parts.push(tr!(cx.text, "traffic-filtering"));
        }
        if totals.dropped > 0 {
            parts.push(tr!(cx.text, "traffic-dropped", rows = format::count(totals.dropped)));
        }
        if totals.evicted > 0 {
            parts.push(tr!(cx.text, "traffic-evicted", rows = format::count(totals.evicted)));
        }
        if totals.held_bytes > 0 {
            let rows = format::count(cx.snap.traffic.len() as u64);
            let (held, limit) = (format::bytes(totals.held_bytes), head::mebibytes(totals.limit_bytes));
            let shown = self.shown.len(&cx.snap.traffic);
            // Rows of the other end, or those that the filter leaves out.
            if shown < cx.snap.traffic.len() {
                parts.push(tr!(cx.text, "traffic-some-shown", shown = format::count(shown as u64)));
            }
            parts.push(tr!(cx.text, "traffic-held", rows = rows, bytes = held, limit = limit));
        }
        (parts.join(" · "), bad)
    }

    /// The follow of what is shown now.
    fn follow_mut(&mut self) -> &mut Follow {
        if self.talk.of.is_some() { &mut self.talk.follow } else { &mut self.follow }
    }

    /// Goes to what the search found, or to the record that another panel picked.
    fn look_for(&mut self, ui: &Ui, cx: &mut Cx<'_>) {
        let log = &cx.snap.traffic;
        let passed = self.shown.passed();
        if let Some(row) = self.search.step(log, &self.shown)
            && let Some(index) = self.shown.index(row)
        {
            self.follow_mut().reveal(row, passed);
            self.detail = Some(Detail::new(index));
        }
        if let Some((index, turn)) = picked::get(ui.ctx())
            && turn != self.seen_pick
        {
            (self.seen_pick, self.wanted) = (turn, Some(index));
        }
        let Some(index) = self.wanted else { return };
        let row = self.shown.row_from(index);
        if self.shown.index(row) == Some(index) {
            self.wanted = None;
            self.follow_mut().reveal(row, passed);
            self.detail = Some(Detail::new(index));
        } else if !self.shown.behind(log) || self.shown.index(row).is_some() {
            // The filter hides its row: its bytes are shown all the same.
            self.wanted = None;
            self.detail = Some(Detail::new(index));
        }
    }

    fn open(&mut self, ctx: &Context, cx: &mut Cx<'_>, index: u64, (session, conn): (EndpointId, ConnId)) {
        // A row one looks at stays where it is.
        let passed = self.shown.passed();
        self.follow_mut().hold(passed);
        self.detail = Some(Detail::new(index));
        self.until = None;
        picked::pick(ctx, index);
        self.seen_pick = picked::get(ctx).map_or(0, |(_, turn)| turn);
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
        let (marks, look) = (&mut self.marks, &self.look);
        let close = ui
            .scope_builder(UiBuilder::new().max_rect(rect), |ui| {
                ui.shrink_clip_rect(rect);
                detail.ui(ui, cx, record, marks, look)
            })
            .inner;
        if close {
            self.detail = None;
        }
    }
}

#[cfg(test)]
mod tests;
