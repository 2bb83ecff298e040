//! The call log: every finished call as a row, as strace(1) writes it. A virtual table over the sessions' logs; it keeps
//! places in them, never the calls themselves.

mod filter;
pub mod line;
mod row;
mod shown;
#[cfg(test)]
mod tests;

use eframe::egui::{Align, Event, Layout, Modifiers, Rangef, Rect, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::Panel;
use super::filter::FilterBox;
use super::follow::Follow;
use super::timeline::{about, conn_of};
use crate::lab::EndpointId;
use crate::tr;
use crate::ui::theme::{Type, icons, radius, size, space};
use crate::ui::widget::button::ButtonSpec;
use crate::ui::widget::controls::{focus_ring, icon_menu, words};
use crate::ui::widget::{format, grid, paint};
use crate::ui::{Action, Cx, Selection, UiCommand};

use filter::Filter;
use shown::{Place, Shown, look_up};

/// The box of the filter is never wider.
const WIDEST: f32 = 260.0;
/// Rows copied at most: the newest.
const COPIED: usize = 20_000;

/// Where a row stands in time: the order of rows.
type Key = (u64, EndpointId, u64);

/// View state of one call log.
#[derive(Default)]
pub struct Calls {
    filter: FilterBox<Filter>,
    clients: bool,
    shown: Shown,
    follow: Follow,
    /// First and last of the rows picked for copying, in the order they were picked.
    picked: Option<(Key, Key)>,
}

impl Panel for Calls {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.menu_ui(ui, cx);
        self.filter.ui(ui, cx, "calls-filter", WIDEST);
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.shown.set(self.filter.filter(), self.clients);
        let gone = self.shown.update(cx.snap);
        let behind = self.shown.behind(cx.snap);
        if behind {
            ui.ctx().request_repaint();
        }
        let mut area = ui.max_rect();
        if self.filter.filter().words().next().is_some() {
            let rect = area.with_max_y(area.top() + size::CONTROL + space::XS);
            area.min.y = rect.bottom();
            self.chips_ui(ui, cx, rect);
        }
        if let Some(line) = self.notice(cx, behind) {
            let rect = area.with_min_y(area.bottom() - size::ROW_LOG);
            area.max.y = rect.top();
            let color = if self.filter.bad().is_some() || dropped(cx) > 0 { cx.theme.colors.error.text } else { cx.theme.colors.text_3 };
            let painted = paint::line(ui.painter(), rect.shrink2(vec2(space::M, 0.0)), Align::Min, &line, Type::Caption.font(), color);
            let notice = ui.interact(painted, ui.scope_id().with("notice"), Sense::hover()).on_hover_text(&line);
            notice.widget_info(|| WidgetInfo::labeled(Role::Label, true, &line));
        }
        ui.scope_builder(UiBuilder::new().max_rect(area), |ui| self.table_ui(ui, cx, gone));
        self.follow.jump_ui(ui, cx, area, self.shown.passed(), "calls-jump");
    }
}

fn dropped(cx: &Cx<'_>) -> u64 {
    cx.snap.sessions.iter().map(|s| s.calls.dropped).sum()
}

impl Calls {
    /// Adds a term, or takes it away when it is there.
    fn toggle(&mut self, term: &str) {
        let filter = self.filter.filter();
        let text = match filter.words().position(|w| w == term) {
            Some(at) => filter.without(at),
            None => format!("{} {term}", self.filter.typed().trim_end()).trim_start().to_owned(),
        };
        self.filter.set(text);
    }

    /// The terms of the filter, each with a way to take it away.
    fn chips_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
        let c = &cx.theme.colors;
        let mut away = None;
        let builder = UiBuilder::new().max_rect(rect.shrink2(vec2(space::M, 2.0))).layout(Layout::left_to_right(Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.shrink_clip_rect(rect);
            ui.spacing_mut().item_spacing.x = space::XS;
            for (n, term) in self.filter.filter().words().enumerate() {
                let galley = ui.painter().layout_no_wrap(term.to_owned(), Type::Data.at(11.5), c.text_1);
                let (chip, response) = ui.allocate_exact_size(vec2(galley.size().x + 30.0, 22.0), Sense::click());
                let name = tr!(cx.text, "calls-chip", term = term);
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
                let fill = if response.hovered() { c.hover } else { c.raised };
                ui.painter().rect(chip, radius::CHIP, fill, (1.0, c.line_control), StrokeKind::Inside);
                ui.painter().galley(pos2(chip.left() + 8.0, chip.center().y - galley.size().y / 2.0), galley, c.text_1);
                let cross = pos2(chip.right() - 11.0, chip.center().y);
                ui.painter().text(cross, eframe::egui::Align2::CENTER_CENTER, icons::X, icons::font(11.0), c.text_2);
                focus_ring(ui, cx.theme, &response);
                if response.on_hover_text(tr!(cx.text, "calls-chip-tip")).clicked() {
                    away = Some(n);
                }
            }
        });
        if let Some(n) = away {
            self.filter.set(self.filter.filter().without(n));
        }
    }

    fn menu_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (name, tip) = (tr!(cx.text, "calls-menu"), tr!(cx.text, "calls-menu-tip"));
        icon_menu(ui, cx.theme, icons::DOTS_THREE_VERTICAL, &name, &tip, |ui| {
            ui.checkbox(&mut self.clients, tr!(cx.text, "calls-clients")).on_hover_text(tr!(cx.text, "calls-clients-tip"));
            ui.separator();
            let tip = tr!(cx.text, "calls-copy-tip", rows = format::count(COPIED as u64));
            if ui.button(tr!(cx.text, "calls-copy-all")).on_hover_text(&tip).clicked() {
                self.copy(cx, None);
            }
            if ui
                .add_enabled(self.picked.is_some(), eframe::egui::Button::new(tr!(cx.text, "calls-copy-picked")))
                .on_hover_text(tip)
                .clicked()
            {
                self.copy(cx, self.picked);
            }
        });
    }

    /// The newest rows as text, of all or between two.
    fn copy(&self, cx: &mut Cx<'_>, picked: Option<(Key, Key)>) {
        let rows = (0..self.shown.len(cx.snap)).rev().filter_map(|n| self.shown.place(n));
        let mut lines: Vec<String> = rows
            .filter_map(|place| Some((place, look_up(cx.snap, place)?)))
            .filter(|(place, (_, call))| picked.is_none_or(|ends| between(ends, key(*place, call))))
            .take(COPIED)
            .map(|(_, (session, call))| row::as_text(session, call))
            .collect();
        lines.reverse();
        let rows = lines.len() as u64;
        cx.act(Action::Copy(lines.join("\n")));
        cx.act(Action::Say(tr!(cx.text, "calls-copied", rows = rows)));
    }

    /// What the log could not show, in words.
    fn notice(&self, cx: &Cx<'_>, behind: bool) -> Option<String> {
        let evicted: u64 = cx.snap.sessions.iter().map(|s| s.calls.evicted).sum();
        let mut parts = Vec::new();
        if let Some(term) = self.filter.bad() {
            parts.push(tr!(cx.text, "calls-bad-term", term = term));
        }
        if behind {
            parts.push(tr!(cx.text, "calls-filtering"));
        }
        if dropped(cx) > 0 {
            parts.push(tr!(cx.text, "calls-dropped", rows = format::count(dropped(cx))));
        }
        if self.shown.passed_over() > 0 {
            parts.push(tr!(cx.text, "calls-passed-over", rows = format::count(self.shown.passed_over())));
        }
        if evicted > 0 {
            parts.push(tr!(cx.text, "calls-evicted", rows = format::count(evicted)));
        }
        (!parts.is_empty()).then(|| parts.join(" · "))
    }

    fn table_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, gone: usize) {
        let rows = self.shown.len(cx.snap);
        if rows == 0 {
            self.empty_ui(ui, cx);
            return;
        }
        let columns = row::columns(cx.text, ui.available_width() - 6.0);
        grid::table(ui, cx.theme, &columns, None, |ui, _| self.rows_ui(ui, cx, &columns, rows, gone));
    }

    fn rows_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, columns: &[grid::Column], rows: usize, gone: usize) {
        let mut follow = std::mem::take(&mut self.follow);
        follow.show(ui, rows, gone, self.shown.passed(), |follow, ui, n| {
            let ranges = grid::ranges(columns, ui.max_rect().left(), ui.available_width());
            self.row_ui(ui, cx, columns, &ranges, (n, rows), follow);
        });
        self.follow = follow;
    }

    fn row_ui(
        &mut self,
        ui: &mut Ui,
        cx: &mut Cx<'_>,
        columns: &[grid::Column],
        ranges: &[Rangef],
        (n, rows): (usize, usize),
        follow: &mut Follow,
    ) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), size::ROW_LOG));
        let Some((place, (session, call))) = self.shown.place(n).and_then(|place| Some((place, look_up(cx.snap, place)?))) else { return };
        let key = key(place, call);
        let response = ui.interact(rect, ui.scope_id().with(("row", place.session.0, place.index)), Sense::click());
        let selected = self.picked.is_some_and(|ends| between(ends, key));
        response.widget_info(|| {
            let name = format!("{} {}", row::who(session, call.lane), call.to_line());
            WidgetInfo::selected(Role::Row, true, selected, name)
        });
        let cells = grid::Cells::begin(ui, cx.theme, columns, ranges, &response, grid::Ground { row: n, selected });
        row::paint(&cells, cx.theme, session, call);
        let response = response.on_hover_ui(|ui| {
            ui.label(words(call.to_line(), Type::Data, cx.theme.colors.text_1));
            let at = std::time::Duration::from_nanos(call.start_ns);
            ui.label(words(format!("{} UTC", format::utc(cx.snap.started, at)), Type::Data, cx.theme.colors.text_1));
            if call.at.is_known() {
                let place = tr!(cx.text, "calls-line", file = call.at.file(), line = call.at.line());
                ui.label(words(place, Type::Caption, cx.theme.colors.text_2));
            }
            ui.label(words(tr!(cx.text, "calls-row-tip"), Type::Caption, cx.theme.colors.text_2));
        });
        let term = row_menu(cx, &response, session, call);
        follow.keys(ui, &response, n, rows, self.shown.passed());
        if response.clicked() {
            follow.hold(self.shown.passed());
            response.request_focus();
            let more = ui.input(|i| i.modifiers.shift);
            self.picked = Some(match self.picked {
                Some((first, _)) if more => (first, key),
                Some(_) | None => (key, key),
            });
            let (fd, at) = about(call);
            let conn = conn_of(session, fd, at);
            cx.act(Action::Select(conn.map_or(Selection::Endpoint(session.id), |c| Selection::Conn(session.id, c.info.id))));
        }
        let copies =
            |ui: &Ui| ui.input(|i| i.events.iter().any(|e| matches!(e, Event::Copy)) && !i.modifiers.matches_exact(Modifiers::ALT));
        if response.has_focus() && copies(ui) {
            self.copy(cx, self.picked.or(Some((key, key))));
        }
        if let Some(term) = term {
            self.toggle(&term);
        }
    }

    /// One sentence and one button in the middle.
    fn empty_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let any = self.shown.sessions(cx.snap).any(|s| !s.calls.log.is_empty());
        let (sentence, button) = if any { ("calls-none-match", "calls-clear-filter") } else { ("calls-empty", "calls-start") };
        let middle = Rect::from_center_size(ui.max_rect().center(), vec2(ui.max_rect().width() - 2.0 * space::M, 72.0));
        ui.scope_builder(UiBuilder::new().max_rect(middle).layout(Layout::top_down(Align::Center)), |ui| {
            ui.label(words(tr!(cx.text, sentence), Type::Body, cx.theme.colors.text_2));
            ui.add_space(space::S);
            let (name, tip) = (tr!(cx.text, button), tr!(cx.text, &format!("{button}-tip")));
            if ButtonSpec::new(&name, &tip).show(ui, cx.theme).clicked() {
                if any {
                    self.filter.set(String::new());
                } else {
                    cx.act(Action::Ui(UiCommand::StartAll));
                }
            }
        });
    }
}

/// What a row offers on a right click: its parts as terms of the filter. Answers the chosen one.
fn row_menu(
    cx: &Cx<'_>,
    response: &eframe::egui::Response,
    session: &crate::engine::SessionView,
    call: &crate::trace::CallRecord,
) -> Option<String> {
    let mut chosen = None;
    response.context_menu(|ui| {
        let lane = shown::lane_name(session, call.lane);
        let mut terms = vec![format!("call:{}", call.call.name())];
        if call.call.name().contains(' ') {
            terms.clear();
        }
        for (head, value) in [("lane", lane), ("session", &*session.name)] {
            if !value.is_empty() && !value.contains(char::is_whitespace) {
                terms.push(format!("{head}:{value}"));
            }
        }
        if call.fd >= 0 {
            terms.push(format!("fd:{}", call.fd));
        }
        if let Some(errno) = line::errno(call).filter(|e| *e != "?") {
            terms.push(format!("errno:{errno}"));
        }
        for term in terms {
            for (key, term) in [("calls-only", term.clone()), ("calls-not", format!("-{term}"))] {
                if ui.button(tr!(cx.text, key, term = term.trim_start_matches('-'))).on_hover_text(tr!(cx.text, "calls-term-tip")).clicked()
                {
                    chosen = Some(term);
                }
            }
        }
    });
    chosen
}

fn key(place: Place, call: &crate::trace::CallRecord) -> Key {
    (line::end(call), place.session, place.index)
}

fn between((a, b): (Key, Key), key: Key) -> bool {
    (a.min(b)..=a.max(b)).contains(&key)
}
