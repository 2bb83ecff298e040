//! What the framing of a stream does, seen: what the peer's application sent, what each `recv` returned, what the framing
//! made of it, one above the other on one axis of bytes. A function of the log; what it keeps of it are places.

mod axis;
mod gather;
mod head;
mod in_force;
mod rows;
mod subject;
#[cfg(test)]
mod tests;
mod tried;
pub(super) mod words;

use std::sync::Arc;

use eframe::egui::{Align, Align2, Label, Rangef, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::{Panel, PanelDef, Topic, picked};
use crate::bytes::Framing;
use crate::engine::ConnInfo;
use crate::lab::{EndpointId, Side};
use crate::tr;
use crate::ui::theme::{RoleColors, Type, icons, radius, space};
use crate::ui::widget::controls::{icon_fill, sentence, words as styled};
use crate::ui::widget::{format, paint, shapes};
use crate::ui::{Action, Cx, Selection};

use axis::{Axis, Known, Window};
use gather::{Gathered, Wanted};
use in_force::InForce;
use rows::{Row, Sheet};
use subject::Subject;
use tried::{Asked, Tried};

pub(super) use words::error as error_words;

/// Its line in the list of panels.
pub const DEF: PanelDef =
    PanelDef { id: "framing", topic: Topic::Framing, title: "framing-title", make: || Box::new(FramingPanel::default()) };

/// Names left of the rows, and where a tile is narrow.
const NAMES: f32 = 156.0;
const FEW_NAMES: f32 = 96.0;
const NARROW: f32 = 520.0;
/// Between two rows.
const GAP: f32 = 14.0;
/// How far a cut reaches into the next row.
const INTO: f32 = 5.0;
const LEAST_ROW: f32 = 30.0;
const MOST_ROW: f32 = 84.0;
const AXIS: f32 = 24.0;
const SAID: f32 = 30.0;
const NOTICE: f32 = 24.0;
/// Blocks of a row that fit at first.
const FITTING: usize = 12;
/// One press of a zoom button.
const ZOOM: f64 = 2.0;
/// Points of a wheel that double or halve the window.
const WHEEL: f64 = 240.0;

/// View state of one framing panel.
#[derive(Default)]
pub struct FramingPanel {
    subject: Subject,
    shown: Option<Arc<ConnInfo>>,
    tried: Tried,
    /// Whose framing is tried.
    tried_of: Option<EndpointId>,
    gathered: Gathered,
    in_force: InForce,
    axis: Axis,
}

impl Panel for FramingPanel {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.buttons_ui(ui, cx);
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.in_force.look(cx.snap);
        let Some(info) = self.subject.find(cx.snap, cx.selection) else {
            self.shown = None;
            let empty = cx.snap.sessions.iter().all(|s| s.connections.is_empty());
            return sentence(ui, cx.theme, tr!(cx.text, if empty { "framing-empty" } else { "framing-no-connection" }));
        };
        if self.tried_of != Some(info.session) {
            self.tried.reset();
            self.tried_of = Some(info.session);
        }
        if self.shown.as_ref().is_none_or(|s| s.id != info.id) {
            self.axis = Axis::default();
        }
        self.shown = Some(Arc::clone(&info));
        let datagrams = cx.snap.session(info.session).is_some_and(|s| !s.transport.is_stream());
        let mut area = ui.max_rect();
        if !datagrams {
            area.min.y = self.tried_ui(ui, cx, &info, area);
        }
        let endpoint = endpoint_framing(cx, info.session);
        let tried = self.tried.framing(&endpoint).clone();
        // A framing that is tried cuts all of the stream; the endpoint's cut what came while they were in force.
        let changed = self.in_force.of(info.session).filter(|_| tried == endpoint && !datagrams);
        let (framing, later) = match changed {
            Some([first, later @ ..]) => match &first.framing {
                Some(framing) => (framing.clone(), later.to_vec()),
                None => (Framing::Raw, changed.unwrap_or_default().to_vec()),
            },
            Some([]) | None => (tried, Vec::new()),
        };
        let peer = info.other_end.get().map(|(_, conn, _)| *conn);
        self.gathered.update(&cx.snap.traffic, &Wanted { conn: info.id, peer, framing, later, datagrams });
        if self.gathered.behind(&cx.snap.traffic) {
            ui.ctx().request_repaint();
        }
        if self.gathered.received.is_empty() && self.gathered.sent.is_empty() {
            let who = if peer.is_some() { "framing-nothing-yet" } else { "framing-nothing-received" };
            let text = tr!(cx.text, who, name = &*info.session_name);
            ui.scope_builder(UiBuilder::new().max_rect(area), |ui| sentence(ui, cx.theme, text));
            return;
        }
        self.said_ui(ui, cx, &info, area.with_max_y(area.top() + SAID));
        area.min.y += SAID;
        if let Some((line, bad)) = self.notice(cx, &info, datagrams) {
            area.max.y -= NOTICE;
            notice_ui(ui, cx, Rect::from_min_size(area.left_bottom(), vec2(area.width(), NOTICE)), &line, bad);
        }
        self.rows_ui(ui, cx, &info, area, datagrams);
    }
}

/// The framing that the lab says.
pub(super) fn endpoint_framing(cx: &Cx<'_>, id: EndpointId) -> Framing {
    let server = cx.lab.server(id).map(|s| &s.messages);
    server.or_else(|| cx.lab.client(id).map(|c| &c.messages)).map_or(Framing::Raw, |m| m.framing.clone())
}

impl FramingPanel {
    /// The fields of the framing; answers where they end.
    fn tried_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, info: &ConnInfo, area: Rect) -> f32 {
        let endpoint = endpoint_framing(cx, info.session);
        let builder = UiBuilder::new().max_rect(area.shrink2(vec2(space::M, space::XS)));
        let out = ui.scope_builder(builder, |ui| ui.horizontal_wrapped(|ui| self.tried.ui(ui, cx, &endpoint)).inner);
        if let Asked::Use(framing) = out.inner {
            let id = info.session;
            cx.edit("framing-edit", None, |lab| {
                if let Some(server) = lab.server_mut(id) {
                    server.messages.framing = framing.clone();
                } else if let Some(client) = lab.client_mut(id) {
                    client.messages.framing = framing.clone();
                }
            });
        }
        out.response.rect.bottom() + space::XS
    }

    /// What can be read off the rows, in one sentence.
    fn said_ui(&self, ui: &Ui, cx: &Cx<'_>, info: &ConnInfo, rect: Rect) {
        let [sends, receives, messages] = self.gathered.counts;
        let part = |key: &str, n: u64| tr!(cx.text, key, n = n, count = format::count(n));
        let mut said = Vec::new();
        if info.other_end.get().is_some() {
            said.push(part("framing-sends", sends));
        }
        said.extend([part("framing-receives", receives), part("framing-messages", messages)]);
        let mut line = said.join(" → ");
        if let Some(joined) = self.joined(cx) {
            line = format!("{line} · {joined}");
        }
        let painted =
            paint::line(ui.painter(), rect.shrink2(vec2(space::M, 0.0)), Align::Min, &line, Type::Title.font(), cx.theme.colors.text_1);
        let label = ui.interact(painted, ui.scope_id().with("said"), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &line));
    }

    /// Whether the newest bytes were joined or split on their way.
    fn joined(&self, cx: &Cx<'_>) -> Option<String> {
        let (sent, received) = (&self.gathered.sent, &self.gathered.received);
        let overlap = |row: &std::collections::VecDeque<gather::Piece>, from: u64, to: u64| {
            row.partition_point(|p| p.from < to).saturating_sub(row.partition_point(|p| p.to <= from)) as u64
        };
        let last = received.back()?;
        let sends = overlap(sent, last.from, last.to);
        if sends > 1 {
            return Some(tr!(cx.text, "framing-coalesced", n = sends));
        }
        let whole = sent.partition_point(|p| p.to <= last.to).checked_sub(1).and_then(|n| sent.get(n))?;
        let receives = overlap(received, whole.from, whole.to);
        (receives > 1).then(|| tr!(cx.text, "framing-split", n = receives))
    }

    /// What the rows could not show, and whether that is bad.
    fn notice(&self, cx: &Cx<'_>, info: &ConnInfo, datagrams: bool) -> Option<(String, bool)> {
        let session = cx.snap.session(info.session);
        if self.gathered.behind(&cx.snap.traffic) {
            return Some((tr!(cx.text, "framing-reading"), false));
        }
        let conn = session.and_then(|s| s.connections.iter().find(|c| c.info.id == info.id));
        let dropped = session.is_some_and(|s| s.counters.dropped_records > 0);
        // Counters run ahead of the log by one draining: they are compared only once all is quiet.
        let quiet = conn.filter(|c| cx.snap.at.saturating_sub(c.active).as_millis() > 200);
        let missing = quiet.map_or(0, |c| c.rx_bytes.saturating_sub(self.gathered.totals[1]));
        if let Some((at, _, trouble)) = self.gathered.trouble {
            return Some((tr!(cx.text, "framing-broken", at = format::count(at), why = words::trouble(cx.text, trouble)), true));
        }
        if !datagrams && (missing > 0 && (dropped || !self.gathered.is_whole())) {
            return Some((tr!(cx.text, "framing-missing", bytes = format::count(missing)), true));
        }
        if !self.gathered.is_whole() && !datagrams {
            return Some((tr!(cx.text, "framing-not-whole"), true));
        }
        if let Some((at, to)) = self.gathered.changes.last().filter(|(at, _)| *at > 0) {
            let unknown = self.gathered.changes.iter().any(|(_, to)| to.is_none());
            let key = if unknown { "framing-changed-unseen" } else { "framing-changed" };
            let to = to.as_ref().map_or_else(String::new, |framing| words::framing(cx.text, framing));
            return Some((tr!(cx.text, key, at = format::count(*at), framing = to), false));
        }
        datagrams.then(|| (tr!(cx.text, "framing-datagrams"), false))
    }

    fn known(&self) -> Known {
        let fits = Row::ALL.into_iter().filter_map(|row| {
            let blocks = row.blocks(&self.gathered);
            let end = blocks.get(blocks.len().checked_sub(1)?)?.piece.to;
            Some((blocks.get(blocks.len().saturating_sub(FITTING))?.piece.from, end))
        });
        let ends = self.gathered.totals;
        let end = ends[0].max(ends[1]);
        let from = fits.map(|(from, _)| from).max().unwrap_or(0);
        let first = [self.gathered.sent.front(), self.gathered.received.front()].into_iter().flatten().map(|p| p.from).min();
        Known { first: first.unwrap_or(0), end, fits: end.saturating_sub(from) }
    }

    fn rows_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, info: &ConnInfo, area: Rect, datagrams: bool) {
        let known = self.known();
        let names = if area.width() < NARROW { FEW_NAMES } else { NAMES };
        let plot = Rangef::new(area.left() + names, area.right() - space::M);
        let height = ((area.height() - AXIS - 2.0 * GAP) / 3.0).clamp(LEAST_ROW, MOST_ROW);
        let across = Rect::from_x_y_ranges(plot, area.y_range());
        self.touch(ui, cx, across, known);
        let (from, to) = self.axis.window(known);
        let picked = picked::get(ui.ctx()).map(|(index, _)| index);
        let window = Window { from, to, x: plot };
        let sheet = Sheet { gathered: &self.gathered, window, until: cx.snap.traffic.end_index(), picked };
        let c = &cx.theme.colors;
        let mut clicked = None;
        let rects: [Rect; 3] = std::array::from_fn(|n| {
            Rect::from_x_y_ranges(plot, Rangef::new(0.0, height)).translate(vec2(0.0, area.top() + n as f32 * (height + GAP)))
        });
        for (row, rect) in Row::ALL.into_iter().zip(rects) {
            let colors = role(cx, info, row);
            name_ui(ui, cx, info, row, Rect::from_x_y_ranges(area.left() + space::M..=plot.min - space::S, rect.y_range()), datagrams);
            let label = ui.scope_builder(UiBuilder::new().max_rect(rect).id_salt(("row", row as u8)), |ui| {
                rows::row_ui(ui, cx, &sheet, row, rect, colors)
            });
            clicked = clicked.or(label.inner);
            if row == Row::Sent && info.other_end.get().is_none() {
                let at = rect.center();
                ui.painter().text(at, Align2::CENTER_CENTER, tr!(cx.text, "framing-peer-outside"), Type::Body.font(), c.text_2);
            }
        }
        let painter = ui.painter().with_clip_rect(across.intersect(ui.clip_rect()));
        let gap = |n: usize| Rangef::new(rects[n].bottom(), rects[n + 1].top());
        rows::cuts(&painter, &sheet, Row::Sent, Rangef::new(gap(0).min, gap(0).max + INTO), c.sent.text);
        rows::cuts(&painter, &sheet, Row::Messages, Rangef::new(gap(1).min - INTO, gap(1).max), role(cx, info, Row::Messages).text);
        self.changes_ui(ui, cx, window, rects[2]);
        self.rest_ui(ui, cx, window, rects[2]);
        axis_ui(ui, cx, window, rects[2].bottom() + 4.0);
        if let Some(index) = clicked {
            picked::pick(ui.ctx(), index);
            if let Some(record) = cx.snap.traffic.get(index) {
                cx.act(Action::Select(Selection::Conn(record.conn.session, record.conn.id)));
            }
        }
    }

    /// Where the endpoint began to cut in another way.
    fn changes_ui(&self, ui: &Ui, cx: &Cx<'_>, window: Window, rect: Rect) {
        let painter = ui.painter().with_clip_rect(rect.expand(4.0).intersect(ui.clip_rect()));
        for (at, to) in self.gathered.changes.iter().filter(|(at, _)| *at > 0) {
            let x = window.x(*at);
            if !window.x.contains(x) {
                continue;
            }
            painter.vline(x, rect.y_range().expand(4.0), Stroke::new(2.5, cx.theme.colors.text_1));
            let words = to.as_ref().map_or_else(
                || tr!(cx.text, "framing-change-unseen", at = format::count(*at)),
                |to| tr!(cx.text, "framing-change", at = format::count(*at), framing = words::framing(cx.text, to)),
            );
            let near = Rect::from_x_y_ranges(x - 4.0..=x + 4.0, rect.y_range());
            let label = ui.interact(near, ui.scope_id().with(("change", *at)), Sense::hover());
            label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
            label.on_hover_text(&words);
        }
    }

    /// After the last message: what waits for the rest of one, or what broke the framing.
    fn rest_ui(&self, ui: &Ui, cx: &Cx<'_>, window: Window, rect: Rect) {
        let c = &cx.theme.colors;
        let painter = ui.painter().with_clip_rect(rect.expand(1.0).intersect(ui.clip_rect()));
        if let Some((from, to)) = self.gathered.unfinished() {
            let x = Rangef::new(window.x(from) + 1.0, window.x(to) - 1.0);
            let block = Rect::from_x_y_ranges(x.min.max(rect.left() - 4.0)..=x.max.min(rect.right() + 4.0), rect.y_range());
            if block.width() > 2.0 {
                paint::dashed_rect(&painter, block, radius::BAR, Stroke::new(1.5, c.text_2));
                let words = tr!(cx.text, "framing-waits", bytes = format::bytes(to - from));
                let line = block.intersect(rect).shrink2(vec2(4.0, 0.0));
                let painted = paint::line(&painter, line, Align::Center, &words, Type::Body.font(), c.text_2);
                let label = ui.interact(painted, ui.scope_id().with("waits"), Sense::hover());
                label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
                label.on_hover_text(&words);
            }
        }
        let Some((at, _, trouble)) = self.gathered.trouble.filter(|(_, index, _)| *index < cx.snap.traffic.end_index()) else { return };
        let left = window.x(at).clamp(rect.left(), rect.right() - 24.0);
        let right = window.x(self.gathered.totals[1]).min(rect.right()).max(left + 24.0);
        let block = Rect::from_x_y_ranges(left..=right, rect.y_range());
        painter.rect(block, radius::BAR, c.error.soft, Stroke::new(1.5, c.error.text), StrokeKind::Inside);
        let words = tr!(cx.text, "framing-broken", at = format::count(at), why = words::trouble(cx.text, trouble));
        shapes::cross(&painter, pos2(block.left() + 12.0, block.center().y), 12.0, c.error.text);
        let label = ui.interact(block, ui.scope_id().with("broken"), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
        let line = block.with_min_x(block.left() + 24.0).shrink2(vec2(4.0, 0.0));
        // The words go on over the empty place behind the block.
        let line = line.with_max_x(rect.right());
        paint::line(&painter, line, Align::Min, &words, Type::Strong.font(), c.error.text);
        label.on_hover_text(&words);
    }

    /// Wheel and drag on the plot; it lies under the blocks.
    fn touch(&mut self, ui: &Ui, cx: &Cx<'_>, rect: Rect, known: Known) {
        let back = ui.interact(rect, ui.scope_id().with("plot"), Sense::drag());
        back.widget_info(|| WidgetInfo::labeled(Role::Group, true, cx.text.get("framing-plot")));
        if back.dragged() {
            self.axis.pan(-f64::from(back.drag_delta().x / rect.width().max(1.0)), known);
        }
        let Some(pointer) = ui.input(|i| i.pointer.hover_pos()).filter(|p| rect.contains(*p) && ui.rect_contains_pointer(rect)) else {
            return;
        };
        let (wheel, pinch) = ui.input(|i| (i.smooth_scroll_delta(), i.zoom_delta()));
        if wheel.x != 0.0 {
            self.axis.pan(-f64::from(wheel.x / rect.width().max(1.0)), known);
        }
        let factor = 2_f64.powf(-f64::from(wheel.y) / WHEEL) / f64::from(pinch);
        if (factor - 1.0).abs() > 1e-6 {
            let share = f64::from((pointer.x - rect.left()) / rect.width().max(1.0));
            self.axis.zoom(factor, share, known);
        }
    }
}

/// The colours of a row: which way, and for messages whose they are.
fn role(cx: &Cx<'_>, info: &ConnInfo, row: Row) -> RoleColors {
    let c = &cx.theme.colors;
    match (row, info.side) {
        (Row::Sent, _) => c.sent,
        (Row::Received, _) => c.received,
        (Row::Messages, Side::Server) => c.server,
        (Row::Messages, Side::Client) => c.client,
    }
}

/// What a row is, left of it.
fn name_ui(ui: &mut Ui, cx: &Cx<'_>, info: &ConnInfo, row: Row, rect: Rect, datagrams: bool) {
    let c = &cx.theme.colors;
    let colors = role(cx, info, row);
    let mark = rect.left_center() + vec2(7.0, 0.0);
    match row {
        Row::Sent => shapes::triangle(ui.painter(), mark, 11.0, shapes::Tip::Up, colors),
        Row::Received => shapes::triangle(ui.painter(), mark, 11.0, shapes::Tip::Down, colors),
        Row::Messages => shapes::side(ui.painter(), cx.theme, mark, 13.0, info.side, shapes::Standing::Runs),
    }
    let peer = info.other_end.get().map_or(&info.peer, |(_, _, name)| name);
    let (name, about) = match row {
        Row::Sent => (tr!(cx.text, "framing-row-sent", name = &**peer), tr!(cx.text, "framing-row-sent-tip", name = &**peer)),
        Row::Received => {
            (tr!(cx.text, "framing-row-received", fd = info.fd), tr!(cx.text, "framing-row-received-tip", name = &*info.session_name))
        }
        Row::Messages if datagrams => (tr!(cx.text, "framing-row-datagrams"), tr!(cx.text, "framing-datagrams")),
        Row::Messages => (tr!(cx.text, "framing-row-messages"), tr!(cx.text, "framing-row-messages-tip", name = &*info.session_name)),
    };
    let words = Rect::from_min_max(pos2(mark.x + 14.0, rect.top()), rect.max);
    ui.scope_builder(UiBuilder::new().max_rect(words).layout(eframe::egui::Layout::left_to_right(Align::Center)), |ui| {
        ui.shrink_clip_rect(words);
        ui.add(Label::new(styled(name, Type::Strong, c.text_1)).wrap()).on_hover_text(about);
    });
}

fn axis_ui(ui: &Ui, cx: &Cx<'_>, window: Window, top: f32) {
    let c = &cx.theme.colors;
    let about = (window.to - window.from) / (f64::from(window.x.span()) / 90.0).max(1.0);
    ui.painter().hline(window.x, top, Stroke::new(1.0, c.line_control));
    for byte in axis::ticks(window.from, window.to, about) {
        let x = window.x(byte);
        ui.painter().vline(x, top..=top + 4.0, Stroke::new(1.0, c.line_strong));
        let galley = ui.painter().layout_no_wrap(tr!(cx.text, "framing-byte", n = format::count(byte)), Type::Data.at(11.5), c.text_3);
        let left = (x - galley.size().x / 2.0).clamp(window.x.min, (window.x.max - galley.size().x).max(window.x.min));
        ui.painter().galley(pos2(left, top + 5.0), galley, c.text_3);
    }
}

fn notice_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, line: &str, bad: bool) {
    let c = &cx.theme.colors;
    let ink = if bad { c.error.text } else { c.text_3 };
    let mut inside = rect.shrink2(vec2(space::M, 0.0));
    if bad {
        let glyph = icon_fill(icons::WARNING_OCTAGON, 14.0, ink);
        ui.painter().text(inside.left_center(), Align2::LEFT_CENTER, glyph.text(), icons::font_fill(14.0), ink);
        inside.min.x += 20.0;
    }
    let painted = paint::line(ui.painter(), inside, Align::Min, line, Type::Caption.font(), ink);
    let notice = ui.interact(painted, ui.scope_id().with("notice"), Sense::hover()).on_hover_text(line);
    notice.widget_info(|| WidgetInfo::labeled(Role::Label, true, line));
}
