//! The timeline: what each lane did, call by call, over time. A function of the snapshot; what it keeps of the calls is a memo.

#[cfg(test)]
pub(crate) mod fake;
mod head;
mod index;
mod lane;
mod mip;
mod pen;
mod rows;
mod strip;
#[cfg(test)]
mod tests;
mod tint;
mod touch;
mod view;
mod words;

use eframe::egui::{
    Align, Key, Label, Layout, Rangef, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2,
    scroll_area::{DragScroll, ScrollSource},
    vec2,
};

use super::Panel;
use super::stepper::subject;
use crate::engine::{self, LaneDoing, SessionView};
use crate::lab::{EndpointId, Transport};
use crate::tr;
use crate::trace::TapLevel;
use crate::ui::theme::{Type, icons, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{focus_ring, words as styled};
use crate::ui::widget::{format, grid, paint};
use crate::ui::{Action, Cx, UiCommand};

pub(super) use touch::{about, conn_of};

use index::Index;
use pen::Pen;
use rows::{Across, Row, Rows, Wanted};
use strip::Strip;
use view::View;

/// The axis below the lanes.
const AXIS: f32 = 26.0;
/// One press of a zoom button or key.
const ZOOM: f64 = 2.0;
/// One press of an arrow key, as a share of the window.
const PAN: f64 = 0.1;
/// Points of a wheel that double or halve the window.
const WHEEL: f64 = 240.0;

/// View state of one timeline.
#[derive(Debug, Default)]
pub struct Timeline {
    view: View,
    clients: bool,
    /// A lane that ended and was picked; a living one is chosen for all panels.
    ended: Option<(EndpointId, u32)>,
    index: Index,
    rows: Rows,
    strip: Strip,
    /// How far the rows are scrolled.
    offset: f32,
    /// The held lane that was scrolled to.
    revealed: Option<(EndpointId, u32)>,
}

impl Panel for Timeline {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        ui.spacing_mut().item_spacing.x = 2.0;
        self.buttons_ui(ui, cx);
        ui.add_space(space::S);
        head::legend(ui, cx);
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let area = ui.max_rect();
        ui.painter().rect_filled(area, 0.0, cx.theme.colors.stage);
        let behind = self.index.update(rows::shown(cx.snap, true).map(|(_, s)| s));
        if behind {
            ui.ctx().request_repaint();
        }
        if rows::shown(cx.snap, self.clients).next().is_none() {
            self.empty_ui(ui, cx);
            return;
        }
        let now = cx.snap.at.as_nanos() as f64;
        let (lanes, axis) = area.split_top_bottom_at_y(area.bottom() - AXIS);
        let across = Across::of(area);
        self.plot_ui(ui, cx, lanes, axis, across, now);
        self.notice(ui, cx, lanes, behind);
    }
}

impl Timeline {
    fn buttons_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let now = cx.snap.at.as_nanos() as f64;
        let mut press = |glyph: &str, key: &str, on: bool| {
            let look = if on { Look::On } else { Look::Bare };
            ButtonSpec { look, ..ButtonSpec::bare(glyph, &cx.text.get(key), &cx.text.get(&format!("{key}-tip"))) }
                .show(ui, cx.theme)
                .clicked()
        };
        if press(icons::USERS, "timeline-clients", self.clients) {
            self.clients = !self.clients;
        }
        if press(icons::ARROW_COUNTER_CLOCKWISE, "timeline-reset", false) {
            self.view = View::default();
        }
        if press(icons::MAGNIFYING_GLASS_PLUS, "timeline-zoom-in", false) {
            self.zoom(1.0 / ZOOM, now);
        }
        if press(icons::MAGNIFYING_GLASS_MINUS, "timeline-zoom-out", false) {
            self.zoom(ZOOM, now);
        }
        if press(icons::CARET_DOUBLE_RIGHT, "timeline-follow", self.view.follows()) {
            if self.view.follows() { self.view.hold(now) } else { self.view.follow() }
        }
    }

    /// Zooms about the newest when following, else about the middle.
    fn zoom(&mut self, factor: f64, now: f64) {
        let share = if self.view.follows() { 1.0 } else { 0.5 };
        self.view.zoom(factor, share, now);
    }

    fn plot_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, lanes: Rect, axis: Rect, across: Across, now: f64) {
        let plot = Rect::from_x_y_ranges(across.plot, lanes.y_range());
        let back = ui.interact(plot, ui.scope_id().with("plot"), Sense::click_and_drag());
        back.widget_info(|| WidgetInfo::labeled(Role::Group, true, cx.text.get("timeline-plot")));
        let over = ui.input(|i| i.pointer.hover_pos()).filter(|p| plot.contains(*p) && back.contains_pointer());
        self.wheel(ui, plot, over.map(|p| p.x), now);
        if back.dragged() {
            let moved = back.drag_delta();
            self.view.pan(-f64::from(moved.x / plot.width().max(1.0)), now);
            self.offset -= moved.y;
        }
        if back.has_focus() || ui.memory(|m| m.focused()).is_none() && back.contains_pointer() {
            self.keys(ui, now);
        }
        let window = self.view.window(now);
        let (ctx, ended) = (ui.ctx().clone(), self.ended);
        let studied = |session: &SessionView| {
            let ended = ended.filter(|(id, _)| *id == session.id).map(|(_, lane)| lane);
            ended.or_else(|| subject::chosen_lane(&ctx, session).map(|lane| lane.id))
        };
        let wanted = Wanted { clients: self.clients, studied: &studied, window: (window.0.max(0.0) as u64, window.1.max(0.0) as u64) };
        self.rows.fill(cx.snap, &self.index, wanted);
        let ticks = view::ticks(&self.view, now, (f64::from(plot.width()) / 110.0).clamp(2.0, 10.0));
        self.reveal_held(cx, lanes.height());
        self.offset = self.offset.clamp(0.0, (self.rows.height() - lanes.height()).max(0.0));
        let out = ui
            .scope_builder(UiBuilder::new().max_rect(lanes), |ui| {
                ui.shrink_clip_rect(lanes);
                grid::show_bars(ui);
                let wheel = over.is_none();
                ScrollArea::vertical()
                    .id_salt("lanes")
                    .auto_shrink(false)
                    .animated(false)
                    .scroll_source(ScrollSource { mouse_wheel: wheel, drag: DragScroll::Never, ..ScrollSource::default() })
                    .vertical_scroll_offset(self.offset)
                    .show_viewport(ui, |ui, seen| {
                        ui.set_height(self.rows.height());
                        self.rows_ui(ui, cx, lanes, seen, across, window, &ticks)
                    })
            })
            .inner;
        self.offset = out.state.clamped_offset().y;
        let painter = ui.painter().with_clip_rect(axis);
        painter.rect_filled(axis, 0.0, cx.theme.colors.stage);
        let pen = Pen { painter: &painter, theme: cx.theme, text: cx.text, snap: cx.snap, across, window };
        head::axis(&pen, &self.view, &ticks, axis);
        let top = lanes.top() - self.offset;
        if let Some(pointer) = over.filter(|_| !back.dragged()) {
            touch::cursor(ui, &pen, pointer.x, lanes.y_range(), axis.y_range());
            let y = pointer.y - top;
            if let Some(placed) = self.rows.visible(Rangef::new(y, y + 0.1)).first().copied() {
                let lines = touch::lines(&pen, &self.index, placed.row, pointer.x);
                if back.double_clicked()
                    && let Some((from, to)) = touch::extent(&pen, &self.index, placed.row, pointer.x)
                {
                    // The call, with as much time before and after.
                    let (from, to) = (from as f64, to as f64);
                    self.view.show(from - (to - from), to + (to - from), now);
                } else if back.clicked()
                    && let Some((selection, lane)) = touch::pick(&pen, &self.index, placed.row, pointer.x)
                {
                    self.study(ui, cx, lane);
                    cx.act(Action::Select(selection));
                }
                if !lines.is_empty() {
                    back.clone().on_hover_ui_at_pointer(|ui| {
                        for (style, line) in lines {
                            let caption = style == Type::Caption;
                            let color = if caption { cx.theme.colors.text_2 } else { cx.theme.colors.text_1 };
                            let label = Label::new(styled(line, style, color));
                            // A call is one line, however narrow the room beside the pointer; sentences may wrap.
                            ui.add(if caption { label.wrap() } else { label.extend() });
                        }
                    });
                }
            }
        }
        focus_ring(ui, cx.theme, &back);
    }

    /// A lane that was just held comes into view as a whole, once: it is what a person now steps through.
    fn reveal_held(&mut self, cx: &Cx<'_>, height: f32) {
        let held = self.rows.held(cx.snap);
        let now = held.map(|(id, lane, _)| (id, lane));
        if now == self.revealed {
            return;
        }
        self.revealed = now;
        if let Some((_, _, y)) = held {
            self.offset = self.offset.max(y.max - height).min(y.min);
        }
    }

    /// The visible rows, and a control with its name for each.
    #[expect(clippy::too_many_arguments, reason = "the geometry of one frame")]
    fn rows_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, lanes: Rect, seen: Rect, across: Across, window: (f64, f64), ticks: &view::Ticks) {
        let painter = ui.painter().clone();
        let pen = Pen { painter: &painter, theme: cx.theme, text: cx.text, snap: cx.snap, across, window };
        let top = lanes.top() - seen.top();
        let visible = self.rows.visible(Rangef::new(seen.top(), seen.bottom()));
        let drawn = visible.iter().filter(|r| !matches!(r.row, Row::Head { .. } | Row::Foot));
        for row in drawn {
            head::grid(&pen, ticks, Rect::from_x_y_ranges(across.plot, row.y.min + top..=row.y.max + top));
        }
        let mut picked = None;
        for placed in visible {
            let rect = Rect::from_x_y_ranges(across.names.min..=across.now.max, placed.y.min + top..=placed.y.max + top);
            if let Some(pick) = row_control(ui, cx, &pen, &self.index, placed.row, rect) {
                picked = Some(pick);
            }
            lane::paint_row(&pen, &mut self.strip, &self.index, placed, top, placed.y.min == 0.0);
        }
        if let Some((selection, lane)) = picked {
            self.study(ui, cx, lane);
            cx.act(Action::Select(selection));
        }
    }

    /// Makes a lane the one that all panels are about.
    fn study(&mut self, ui: &Ui, cx: &Cx<'_>, picked: Option<(EndpointId, u32)>) {
        let Some((id, lane)) = picked else { return };
        let lives = |s: &SessionView| s.lanes.iter().any(|l| l.id == lane && l.doing != LaneDoing::Gone);
        if cx.snap.session(id).is_some_and(|s| lives(s)) {
            self.ended = None;
            subject::choose_lane(ui.ctx(), id, Some(lane));
        } else {
            self.ended = Some((id, lane));
        }
    }

    fn wheel(&mut self, ui: &Ui, plot: Rect, over: Option<f32>, now: f64) {
        let Some(x) = over else { return };
        let share = f64::from((x - plot.left()) / plot.width().max(1.0));
        let (pinch, turned, shift) = ui.input(|i| (f64::from(i.zoom_delta()), i.smooth_scroll_delta(), i.modifiers.shift));
        // egui turns a wheel with Shift into a sideways one.
        if turned.x != 0.0 && (shift || turned.x.abs() > turned.y.abs()) {
            self.view.pan(-f64::from(turned.x / plot.width().max(1.0)), now);
        } else if turned.y != 0.0 {
            self.view.zoom((-f64::from(turned.y) / WHEEL).exp2(), share, now);
        }
        if pinch != 1.0 {
            self.view.zoom(1.0 / pinch, share, now);
        }
    }

    fn keys(&mut self, ui: &Ui, now: f64) {
        let pressed = |key| ui.input_mut(|i| i.consume_key(eframe::egui::Modifiers::NONE, key));
        if pressed(Key::Plus) || pressed(Key::Equals) || ui.input_mut(|i| i.consume_key(eframe::egui::Modifiers::SHIFT, Key::Plus)) {
            self.zoom(1.0 / ZOOM, now);
        }
        if pressed(Key::Minus) {
            self.zoom(ZOOM, now);
        }
        if pressed(Key::ArrowLeft) {
            self.view.pan(-PAN, now);
        }
        if pressed(Key::ArrowRight) {
            self.view.pan(PAN, now);
        }
        if pressed(Key::Home) {
            self.view = View::default();
        }
    }

    /// What the lanes do not show, in words.
    fn notice(&self, ui: &mut Ui, cx: &Cx<'_>, lanes: Rect, behind: bool) {
        let dropped: u64 = rows::shown(cx.snap, self.clients).map(|(_, s)| s.calls.dropped).sum();
        let (line, color) = if behind {
            (tr!(cx.text, "timeline-indexing"), cx.theme.colors.text_3)
        } else if dropped > 0 {
            (tr!(cx.text, "timeline-dropped", n = format::count(dropped)), cx.theme.colors.error.text)
        } else {
            return;
        };
        let rect = Rect::from_min_max(pos2(lanes.left() + space::M, lanes.bottom() - 20.0), lanes.max - vec2(space::M, 0.0));
        ui.painter().rect_filled(rect, 0.0, cx.theme.colors.stage);
        let painted = paint::line(ui.painter(), rect, Align::Min, &line, Type::Caption.font(), color);
        let response = ui.interact(painted, ui.scope_id().with("notice"), Sense::hover());
        head::named(response, Role::Label, &line).on_hover_text(&line);
    }

    fn empty_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let clients = rows::shown(cx.snap, true).next().is_some();
        let (sentence, button) = match (clients, cx.lab.servers.is_empty()) {
            (true, _) => ("timeline-only-clients", "timeline-clients"),
            (false, false) => ("timeline-empty", "timeline-start"),
            (false, true) => ("timeline-empty", "timeline-add"),
        };
        let area = ui.max_rect().shrink(space::M);
        let middle = Rect::from_center_size(area.center(), vec2(area.width(), 72.0));
        ui.scope_builder(UiBuilder::new().max_rect(middle).layout(Layout::top_down(Align::Center)), |ui| {
            ui.label(styled(tr!(cx.text, sentence), Type::Body, cx.theme.colors.text_2));
            ui.add_space(space::S);
            let (name, tip) = (tr!(cx.text, button), tr!(cx.text, &format!("{button}-tip")));
            if ButtonSpec::new(&name, &tip).show(ui, cx.theme).clicked() {
                match button {
                    "timeline-clients" => self.clients = true,
                    "timeline-start" => cx.act(Action::Ui(UiCommand::StartAll)),
                    _ => cx.act(Action::Ui(UiCommand::AddServer(Transport::Tcp))),
                }
            }
        });
    }
}

/// The control under a row's name: focus, a name for screen readers, a click. Answers what it selects.
fn row_control(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    pen: &Pen<'_>,
    index: &Index,
    row: Row,
    rect: Rect,
) -> Option<(crate::ui::Selection, Option<(EndpointId, u32)>)> {
    let text = cx.text;
    let (id, name, tip, selected) = match row {
        Row::Head { session } => {
            let session = pen.session(session)?;
            let name = format!("{}: {}", session.name, words::sentence(text, session));
            record_button(ui, cx, session, rect);
            (("head", session.id.0, 0), name, String::new(), false)
        }
        Row::Lane { session, lane: id, view, tall } => {
            let session = pen.session(session)?;
            let view = view.and_then(|at| session.lanes.get(at));
            let (doing, since) = words::doing(text, view.map_or(LaneDoing::Gone, |v| v.doing));
            let lane = lane::name(pen, view, id);
            let name = match since {
                Some(since) => {
                    let time = words::span(cx.snap.at.saturating_sub(since));
                    tr!(text, "timeline-lane-name-for", lane = lane, doing = doing, time = time)
                }
                None => tr!(text, "timeline-lane-name", lane = lane, doing = doing),
            };
            (("lane", session.id.0, i64::from(id)), name, tr!(text, "timeline-lane-tip"), tall)
        }
        Row::Fd { session, lane, fd, conn } => {
            let session = pen.session(session)?;
            let view = conn.and_then(|at| session.connections.get(at));
            let ((state, _), _) =
                lane::waiting(pen, session, index.lane(session.id, lane), lane, fd, view.is_none(), view.and_then(|c| c.unread));
            let who = touch::who(text, session, view);
            let name = tr!(text, "timeline-fd-name", fd = tr!(text, "timeline-fd", fd = fd), who = who, state = state);
            let selected = view.is_some_and(|c| cx.selection.conn() == Some(c.info.id));
            (("fd", session.id.0, fd * 4_096 + conn.map_or(0, |c| c as i64 + 1)), name, tr!(text, "timeline-fd-tip"), selected)
        }
        Row::MoreFds { .. } | Row::MoreLanes { .. } | Row::Foot => return None,
    };
    let names = rect.with_max_x(pen.across.names.max - 4.0);
    let response = ui.interact(names, ui.scope_id().with(id), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &name));
    let c = &cx.theme.colors;
    if selected && matches!(row, Row::Fd { .. }) {
        ui.painter().rect_filled(names, 0.0, c.selected);
    } else if response.hovered() && !matches!(row, Row::Head { .. }) {
        ui.painter().rect_filled(names, 0.0, c.hover);
    }
    focus_ring(ui, cx.theme, &response);
    let clicked = response.clicked();
    response.on_hover_text(if tip.is_empty() { name } else { tip });
    if !clicked {
        return None;
    }
    let picked = touch::pick(pen, index, row, pen.across.plot.max - 1.0);
    // A lane's name stands for the lane, not for a call of it.
    match (row, picked) {
        (Row::Lane { session, .. }, Some((_, lane))) => Some((crate::ui::Selection::Endpoint(pen.session(session)?.id), lane)),
        (_, picked) => picked,
    }
}

/// In the head of a session whose calls are not recorded.
fn record_button(ui: &mut Ui, cx: &mut Cx<'_>, session: &SessionView, rect: Rect) {
    if session.calls.level == TapLevel::Full {
        return;
    }
    let place = rect.with_min_x((rect.right() - 220.0).max(rect.left())).shrink2(vec2(space::M, 4.0));
    let builder = UiBuilder::new().max_rect(place).layout(Layout::right_to_left(Align::Center)).id_salt(("record", session.id.0));
    ui.scope_builder(builder, |ui| {
        let (name, tip) = (tr!(cx.text, "timeline-record"), tr!(cx.text, "timeline-record-tip"));
        if ButtonSpec::new(&name, &tip).show(ui, cx.theme).clicked() {
            cx.act(Action::Engine(engine::Command::SetTap(session.id, TapLevel::Full)));
        }
    });
}
