//! The table of every connection of every session: sorted, filtered, picked for closing. Virtual; it keeps places in the
//! snapshot and ids of picked rows, never connections.

mod order;
pub mod row;

use std::collections::{BTreeMap, HashSet};

use eframe::egui::{Modifiers, Rangef, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::Panel;
use crate::engine::{CloseHow, Command, ConnPick, ConnState, ConnView};
use crate::lab::EndpointId;
use crate::tr;
use crate::trace::ConnId;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{FieldSpec, icon, icon_menu, sentence, words};
use crate::ui::widget::format;
use crate::ui::widget::grid::{self, Sorted};
use crate::ui::{Action, Cx, Selection};

use order::{Key, Place, Rules};

/// The ways to close, with their keys and names.
const WAYS: [(CloseHow, &str); 3] =
    [(CloseHow::Orderly, "connections-close"), (CloseHow::HalfClose, "connections-half-close"), (CloseHow::Reset, "connections-reset")];

/// A head with less room has its buttons in a menu.
const WIDE_HEAD: f32 = 460.0;
/// Room for the icon left of the filter.
const FUNNEL: f32 = 13.0 + space::S;

/// View state of one connections panel.
pub struct Connections {
    rules: Rules,
    /// The order and the snapshot and rules it was made for.
    places: Vec<Place>,
    made_for: Option<(u64, Rules)>,
    picked: HashSet<ConnId>,
    /// Where a range with Shift begins.
    anchor: Option<ConnId>,
    focus: Option<usize>,
    offset: f32,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            rules: Rules { filter: String::new(), ended: true, key: Key::Number, descending: false },
            places: Vec::new(),
            made_for: None,
            picked: HashSet::new(),
            anchor: None,
            focus: None,
            offset: 0.0,
        }
    }
}

impl Panel for Connections {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (name, tip, hint) =
            (tr!(cx.text, "connections-filter"), tr!(cx.text, "connections-filter-tip"), tr!(cx.text, "connections-filter-hint"));
        if ui.available_width() < WIDE_HEAD {
            self.more_ui(ui, cx);
        } else {
            self.buttons_ui(ui, cx);
        }
        let id = ui.scope_id().with("filter");
        let width = (ui.available_width() - FUNNEL).clamp(60.0, 160.0);
        FieldSpec { name: &name, tip: &tip, hint: &hint, width, bad: false, id }.show(ui, cx.theme, &mut self.rules.filter);
        ui.label(icon(icons::FUNNEL, 13.0, cx.theme.colors.text_2));
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.refresh(cx);
        if self.places.is_empty() {
            let none = cx.snap.sessions.iter().all(|s| s.connections.is_empty());
            let key = if none { "connections-empty" } else { "connections-none-match" };
            sentence(ui, cx.theme, tr!(cx.text, key));
            return;
        }
        let columns = row::columns(cx.text, ui.available_width());
        let column = Key::ALL.iter().position(|k| *k == self.rules.key).unwrap_or(0);
        let sorted = Sorted { column, descending: self.rules.descending };
        grid::table(ui, cx.theme, &columns, Some(sorted), |ui, clicked| {
            if let Some(clicked) = clicked {
                self.rules.descending = clicked == column && !self.rules.descending;
                self.rules.key = Key::ALL[clicked];
            }
            self.rows_ui(ui, cx, &columns);
        });
    }
}

impl Connections {
    fn buttons_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (ended, ended_tip) = (tr!(cx.text, "connections-ended"), tr!(cx.text, "connections-ended-tip"));
        let look = if self.rules.ended { Look::On } else { Look::Plain };
        if (ButtonSpec { look, ..ButtonSpec::new(&ended, &ended_tip) }).show(ui, cx.theme).clicked() {
            self.rules.ended = !self.rules.ended;
        }
        let live = self.picked_live(cx);
        for (how, key) in WAYS.into_iter().rev() {
            let (label, tip) = (tr!(cx.text, key), way_tip(cx, key, live));
            if (ButtonSpec { enabled: live > 0, ..ButtonSpec::new(&label, &tip) }).show(ui, cx.theme).clicked() {
                self.close_picked(cx, how);
            }
        }
    }

    /// The same as a menu, for a narrow head.
    fn more_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (name, tip) = (tr!(cx.text, "connections-menu"), tr!(cx.text, "connections-menu-tip"));
        icon_menu(ui, cx.theme, icons::DOTS_THREE_VERTICAL, &name, &tip, |ui| {
            self.ways_ui(ui, cx);
            ui.separator();
            let (ended, tip) = (tr!(cx.text, "connections-ended-show"), tr!(cx.text, "connections-ended-tip"));
            ui.checkbox(&mut self.rules.ended, ended).on_hover_text(tip);
        });
    }

    fn ways_ui(&self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let live = self.picked_live(cx);
        for (how, key) in WAYS {
            let tip = way_tip(cx, key, live);
            let button = ui.add_enabled(live > 0, eframe::egui::Button::new(tr!(cx.text, key)));
            if button.on_hover_text(&tip).on_disabled_hover_text(&tip).clicked() {
                self.close_picked(cx, how);
            }
        }
    }

    /// Makes the order anew when the moment or the rules changed; picked ones that are gone are forgotten.
    fn refresh(&mut self, cx: &Cx<'_>) {
        let now = Some((cx.snap.seq, self.rules.clone()));
        if self.made_for == now {
            return;
        }
        self.made_for = now;
        self.places = order::places(cx.snap, &self.rules);
        if !self.picked.is_empty() {
            let there: HashSet<ConnId> = self.places.iter().filter_map(|&p| conn_at(cx, p)).map(|c| c.info.id).collect();
            self.picked.retain(|id| there.contains(id));
        }
    }

    fn rows_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, columns: &[grid::Column]) {
        let height = ui.available_height();
        let area = ScrollArea::vertical().id_salt("rows").auto_shrink(false);
        let wanted = self.focus.and_then(|row| grid::reveal(row, self.offset, height));
        let area = wanted.map_or(area.clone(), |offset| area.vertical_scroll_offset(offset));
        let out = area.show_rows(ui, size::ROW_LOG, self.places.len(), |ui, range| {
            let ranges = grid::ranges(columns, ui.max_rect().left(), ui.available_width());
            for n in range {
                self.row_ui(ui, cx, columns, &ranges, n);
            }
        });
        self.offset = out.state.clamped_offset().y;
    }

    fn row_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, columns: &[grid::Column], ranges: &[Rangef], n: usize) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), size::ROW_LOG));
        let Some(conn) = self.places.get(n).and_then(|&place| conn_at(cx, place)).cloned() else { return };
        let id = conn.info.id;
        let response = ui.interact(rect, ui.scope_id().with(("row", id)), Sense::click());
        let selected = self.picked.contains(&id) || cx.selection.conn() == Some(id);
        response.widget_info(|| {
            let name = format!("{} {} {} {}", conn.info.number, conn.info.session_name, conn.info.peer, row::state_words(cx.text, &conn));
            WidgetInfo::selected(Role::Row, true, selected, name)
        });
        if self.focus == Some(n) {
            response.request_focus();
            self.pick(cx, n, ui.input(|i| i.modifiers));
            self.focus = None;
        }
        let cells = grid::Cells::begin(ui, cx.theme, columns, ranges, &response, grid::Ground { row: n, selected });
        row::paint(&cells, cx.theme, cx.text, &conn, cx.snap.at);
        if let Some(by) = grid::step(ui, &response, 20) {
            self.focus = Some(grid::moved(n, by, self.places.len()));
        }
        if response.has_focus() && ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, eframe::egui::Key::A)) {
            self.picked = self.places.iter().filter_map(|&p| conn_at(cx, p)).map(|c| c.info.id).collect();
        }
        if response.clicked() {
            response.request_focus();
            self.pick(cx, n, ui.input(|i| i.modifiers));
        }
        if response.secondary_clicked() && !self.picked.contains(&id) {
            self.pick(cx, n, Modifiers::NONE);
        }
        response.context_menu(|ui| self.menu_ui(ui, cx, &conn));
        response.on_hover_ui(|ui| {
            let (local, peer) = (format::address(cx.text, &conn.info.local), format::address(cx.text, &conn.info.peer));
            let line = format!("{local} → {peer}");
            ui.label(words(line, Type::Data, cx.theme.colors.text_1));
            ui.label(words(row::state_words(cx.text, &conn), Type::Body, row::state_color(&cx.theme.colors, &conn)));
            ui.label(words(tr!(cx.text, "connections-row-tip"), Type::Caption, cx.theme.colors.text_2));
        });
    }

    fn menu_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, conn: &ConnView) {
        self.ways_ui(ui, cx);
        ui.separator();
        if ui.button(tr!(cx.text, "connections-select-endpoint")).on_hover_text(tr!(cx.text, "connections-select-endpoint-tip")).clicked() {
            cx.act(Action::Select(Selection::Endpoint(conn.info.session)));
        }
        if let Some(&(session, id, _)) = conn.info.other_end.get()
            && ui.button(tr!(cx.text, "connections-other-end")).on_hover_text(tr!(cx.text, "connections-other-end-tip")).clicked()
        {
            cx.act(Action::Select(Selection::Conn(session, id)));
        }
        if ui.button(tr!(cx.text, "connections-copy-peer")).on_hover_text(tr!(cx.text, "connections-copy-peer-tip")).clicked() {
            cx.act(Action::Copy(conn.info.peer.to_string()));
        }
    }

    /// A click or a step of the keys: alone, with Ctrl (⌘) one more or less, with Shift all from the last.
    fn pick(&mut self, cx: &mut Cx<'_>, n: usize, modifiers: Modifiers) {
        let Some((session, id)) = self.places.get(n).and_then(|&p| conn_at(cx, p)).map(|c| (c.info.session, c.info.id)) else { return };
        if modifiers.command {
            if !self.picked.remove(&id) {
                self.picked.insert(id);
            }
            self.anchor = Some(id);
        } else if let (true, Some(anchor)) = (modifiers.shift, self.anchor) {
            let start = self.places.iter().position(|&p| conn_at(cx, p).is_some_and(|c| c.info.id == anchor)).unwrap_or(n);
            let range = start.min(n)..=start.max(n);
            self.picked = self.places[range].iter().filter_map(|&p| conn_at(cx, p)).map(|c| c.info.id).collect();
        } else {
            self.picked = HashSet::from([id]);
            self.anchor = Some(id);
        }
        cx.act(Action::Select(Selection::Conn(session, id)));
    }

    fn picked_live(&self, cx: &Cx<'_>) -> usize {
        if self.picked.is_empty() {
            return 0;
        }
        let conns = cx.snap.sessions.iter().flat_map(|s| s.connections.iter());
        conns.filter(|c| c.state != ConnState::Closed && self.picked.contains(&c.info.id)).count()
    }

    /// One command for a whole session where all of it is picked, so that thousands of rows are one request.
    fn close_picked(&self, cx: &mut Cx<'_>, how: CloseHow) {
        let mut by_session: BTreeMap<EndpointId, Vec<ConnId>> = BTreeMap::new();
        for session in &cx.snap.sessions {
            let live: Vec<ConnId> = session.connections.iter().filter(|c| c.state != ConnState::Closed).map(|c| c.info.id).collect();
            let picked: Vec<ConnId> = live.iter().copied().filter(|id| self.picked.contains(id)).collect();
            if !picked.is_empty() && picked.len() == live.len() && live.len() > 1 {
                cx.actions.push(Action::Engine(Command::Close { session: session.id, pick: ConnPick::All, how }));
            } else if !picked.is_empty() {
                by_session.insert(session.id, picked);
            }
        }
        for (session, ids) in by_session {
            for id in ids {
                cx.act(Action::Engine(Command::Close { session, pick: ConnPick::One(id), how }));
            }
        }
        cx.act(Action::Say(tr!(cx.text, "connections-closing", count = format::count(self.picked_live(cx) as u64))));
    }
}

fn way_tip(cx: &Cx<'_>, key: &str, live: usize) -> String {
    if live == 0 { tr!(cx.text, "connections-pick-first") } else { tr!(cx.text, &format!("{key}-tip"), count = live) }
}

fn conn_at<'a>(cx: &Cx<'a>, (session, conn): Place) -> Option<&'a ConnView> {
    cx.snap.sessions.get(session)?.connections.get(conn)
}

#[cfg(test)]
mod tests;
