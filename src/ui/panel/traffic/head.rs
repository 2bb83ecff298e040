//! The head of the panel: how rows are shown, whose they are, and what is done with them.

use eframe::egui::{Button, Role, Ui, WidgetInfo};

use super::Traffic;
use super::detail::Detail;
use super::row::{Col, When, Writing};
use super::shown::SeenBy;
use crate::bytes::Encoding;
use crate::engine::{Command, ConnState, Record};
use crate::lab::EndpointId;
use crate::report::export::{CopyAs, Format, copy_as};
use crate::tr;
use crate::trace::ConnId;
use crate::ui::theme::{Type, icons};
use crate::ui::widget::button::{ButtonSpec, Look as Press};
use crate::ui::widget::controls::{combo as combo_box, icon_menu, words};
use crate::ui::widget::format;
use crate::ui::{Action, Cx, ExportData, Rows, UiCommand};

/// The box of the filter is never wider.
const WIDEST: f32 = 320.0;
/// Memory limits that are offered.
const LIMITS: [u64; 6] = [32 << 20, 64 << 20, 128 << 20, 256 << 20, 512 << 20, 1 << 30];
/// A head with less room has its buttons in the menu only.
const NARROW: f32 = 400.0;

impl Traffic {
    pub(super) fn head(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let narrow = ui.available_width() < NARROW;
        self.menu_ui(ui, cx);
        if !narrow {
            ui.spacing_mut().item_spacing.x = 4.0;
            self.writing_ui(ui, cx);
            self.buttons_ui(ui, cx);
        }
        self.filter.ui(ui, cx, "traffic-filter", WIDEST);
    }

    fn buttons_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        self.recorder.button_ui(ui, cx);
        let mut press = |glyph: &str, key: &str, on: bool| {
            let look = if on { Press::On } else { Press::Bare };
            ButtonSpec { look, ..ButtonSpec::bare(glyph, &cx.text.get(key), &cx.text.get(&format!("{key}-tip"))) }
                .show(ui, cx.theme)
                .clicked()
        };
        if press(icons::CLOCK, "traffic-when", false) {
            let at = When::ALL.iter().position(|w| *w == self.look.when).unwrap_or(0);
            self.look.when = When::ALL[(at + 1) % When::ALL.len()];
        }
        if press(icons::MAGNIFYING_GLASS, "traffic-search", self.search.is_open) {
            self.search.is_open = !self.search.is_open;
        }
        let conn = self.selected(cx);
        if press(icons::ARROWS_LEFT_RIGHT, "traffic-talk", self.talk.of.is_some()) {
            self.talk.of = if self.talk.of.is_some() { None } else { conn };
        }
    }

    /// The connection that a conversation would be about: the selected one, else that of the open row.
    fn selected(&self, cx: &Cx<'_>) -> Option<(EndpointId, ConnId)> {
        let chosen = cx.selection.endpoint().zip(cx.selection.conn());
        let of_endpoint = || {
            let session = cx.snap.session(cx.selection.endpoint()?)?;
            session.connections.iter().max_by_key(|c| (c.state != ConnState::Closed, c.active)).map(|c| (session.id, c.info.id))
        };
        let open = || self.detail.as_ref().and_then(|d| cx.snap.traffic.get(d.index)).map(|r| (r.conn.session, r.conn.id));
        let newest = || cx.snap.traffic.last().map(|r| (r.conn.session, r.conn.id));
        chosen.or_else(open).or_else(of_endpoint).or_else(newest)
    }

    fn writing_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let word = |writing: Writing| match writing {
            Writing::Text(encoding) => encoding.id().to_uppercase(),
            Writing::Hex => tr!(cx.text, "traffic-hex"),
        };
        let combo = combo_box("writing").width(84.0).selected_text(word(self.look.writing)).show_ui(ui, |ui| {
            for writing in Encoding::ALL.into_iter().map(Writing::Text).chain([Writing::Hex]) {
                ui.selectable_value(&mut self.look.writing, writing, word(writing));
            }
        });
        let name = tr!(cx.text, "traffic-writing");
        combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &name));
        combo.response.on_hover_text(tr!(cx.text, "traffic-writing-tip"));
    }

    fn menu_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (name, tip) = (tr!(cx.text, "traffic-menu"), tr!(cx.text, "traffic-menu-tip"));
        icon_menu(ui, cx.theme, icons::DOTS_THREE_VERTICAL, &name, &tip, |ui| {
            ui.menu_button(tr!(cx.text, "traffic-seen-by"), |ui| self.seen_by_ui(ui, cx));
            ui.menu_button(tr!(cx.text, "traffic-times"), |ui| self.when_ui(ui, cx));
            ui.menu_button(tr!(cx.text, "traffic-columns"), |ui| self.columns_ui(ui, cx));
            ui.menu_button(tr!(cx.text, "traffic-writing"), |ui| self.writing_menu(ui, cx));
            ui.separator();
            if ui.button(tr!(cx.text, "traffic-search")).on_hover_text(tr!(cx.text, "traffic-search-tip")).clicked() {
                self.search.is_open = true;
            }
            let conn = self.selected(cx);
            let talk = ui.add_enabled(conn.is_some(), Button::new(tr!(cx.text, "traffic-talk")));
            if talk.on_hover_text(tr!(cx.text, "traffic-talk-tip")).clicked() {
                self.talk.of = conn;
            }
            ui.separator();
            self.export_ui(ui, cx);
            ui.separator();
            self.recorder.menu_ui(ui, cx);
            ui.menu_button(tr!(cx.text, "traffic-limit"), |ui| limit_ui(ui, cx));
            if ui.button(tr!(cx.text, "traffic-clear")).on_hover_text(tr!(cx.text, "traffic-clear-tip")).clicked() {
                self.detail = None;
                cx.act(Action::Ui(UiCommand::ClearTraffic));
            }
        });
    }

    fn seen_by_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        for choice in SeenBy::ALL {
            let key = match choice {
                SeenBy::Servers => "traffic-seen-by-servers",
                SeenBy::Clients => "traffic-seen-by-clients",
                SeenBy::Both | SeenBy::Only(_) => "traffic-seen-by-both",
            };
            if ui.radio(self.seen_by == choice, tr!(cx.text, key)).on_hover_text(tr!(cx.text, &format!("{key}-tip"))).clicked() {
                self.seen_by = choice;
            }
        }
    }

    fn when_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        for when in When::ALL {
            let key = format!("traffic-when-{}", when.key());
            ui.radio_value(&mut self.look.when, when, tr!(cx.text, &key));
        }
    }

    fn columns_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let c = &cx.theme.colors;
        ui.label(words(tr!(cx.text, "traffic-columns-tip"), Type::Caption, c.text_3));
        for (col, _) in Col::OPTIONAL {
            let mut on = self.look.has(col, self.width);
            if ui.checkbox(&mut on, tr!(cx.text, &format!("traffic-col-{}-name", col.key()))).changed() {
                self.look.choice.insert(col, on);
            }
        }
    }

    fn writing_menu(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        for encoding in Encoding::ALL {
            ui.radio_value(&mut self.look.writing, Writing::Text(encoding), encoding.id().to_uppercase());
        }
        ui.radio_value(&mut self.look.writing, Writing::Hex, tr!(cx.text, "traffic-hex"));
    }

    /// Exports and copies, of all rows shown or of the picked ones.
    fn export_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (shown, picked) = (self.shown.len(&cx.snap.traffic), self.picked(cx).len());
        for (key, rows, all) in [("traffic-export", shown, true), ("traffic-export-picked", picked, false)] {
            ui.add_enabled_ui(rows > 0, |ui| {
                ui.menu_button(tr!(cx.text, key, rows = format::count(rows as u64)), |ui| {
                    for format in Format::ALL {
                        let key = format!("traffic-export-{}", format.id());
                        if ui.button(tr!(cx.text, &key)).on_hover_text(tr!(cx.text, &format!("{key}-tip"))).clicked() {
                            let indices = if all { self.all(cx) } else { self.picked(cx) };
                            export(cx, indices, format);
                        }
                    }
                });
            });
        }
        ui.add_enabled_ui(picked > 0, |ui| {
            ui.menu_button(tr!(cx.text, "traffic-copy-as", rows = format::count(picked as u64)), |ui| self.copy_ui(ui, cx));
        });
    }

    fn copy_ui(&self, ui: &mut Ui, cx: &mut Cx<'_>) {
        for how in CopyAs::ALL {
            let key = format!("traffic-copy-as-{}", how.id());
            if ui.button(tr!(cx.text, &key)).on_hover_text(tr!(cx.text, &format!("{key}-tip"))).clicked() {
                let indices = self.picked(cx);
                let text = copy_as(indices.iter().filter_map(|i| cx.snap.traffic.get(*i)), how);
                cx.act(Action::Copy(text));
            }
        }
    }

    fn all(&self, cx: &Cx<'_>) -> Vec<u64> {
        (0..self.shown.len(&cx.snap.traffic)).filter_map(|row| self.shown.index(row)).collect()
    }

    /// The open row, or all shown from it to where Shift and a click ended.
    fn picked(&self, cx: &Cx<'_>) -> Vec<u64> {
        let Some(open) = self.detail.as_ref().map(|d| d.index) else { return Vec::new() };
        let Some(until) = self.until else { return vec![open] };
        let (first, last) = (self.shown.row_from(open.min(until)), self.shown.row_from(open.max(until) + 1));
        (first..last.min(self.shown.len(&cx.snap.traffic))).filter_map(|row| self.shown.index(row)).collect()
    }

    /// What a row offers on a right click.
    pub(super) fn row_menu(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, index: u64, record: &Record) {
        let mark = self.marks.get(index).cloned().unwrap_or_default();
        let mut item = |key: &str, enabled: bool| {
            let button = ui.add_enabled(enabled, Button::new(tr!(cx.text, key)));
            let tip = tr!(cx.text, &format!("{key}-tip"));
            button.on_hover_text(&tip).on_disabled_hover_text(&tip).clicked()
        };
        if item(if mark.marked { "traffic-unmark" } else { "traffic-mark" }, true) {
            self.marks.change(index, |m| m.marked = !m.marked);
        }
        if item(if mark.pinned { "traffic-unpin" } else { "traffic-pin" }, mark.pinned || self.marks.may_pin()) {
            self.marks.change(index, |m| m.pinned = !m.pinned);
        }
        let (talk, only) = (item("traffic-talk", true), item("traffic-only-conn", true));
        if talk {
            self.talk.of = Some((record.conn.session, record.conn.id));
        }
        if only {
            let term = format!("conn:{} end:\"{}\"", record.conn.number, record.conn.session_name);
            self.filter.set(format!("{} {term}", self.filter.typed().trim()).trim().to_owned());
        }
        if self.detail.as_ref().is_none_or(|d| d.index != index) && self.until.is_none() {
            self.detail = Some(Detail::new(index));
        }
        ui.menu_button(tr!(cx.text, "traffic-copy-as", rows = format::count(self.picked(cx).len() as u64)), |ui| self.copy_ui(ui, cx));
    }
}

/// Memory and files as their limits are set: in binary units.
pub fn mebibytes(bytes: u64) -> String {
    if bytes > 0 && bytes.is_multiple_of(1 << 30) {
        format!("{} GiB", format::count(bytes >> 30))
    } else {
        format!("{} MiB", format::count(bytes >> 20))
    }
}

/// How much memory the rows may take.
fn limit_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    ui.label(words(tr!(cx.text, "traffic-limit-tip"), Type::Caption, cx.theme.colors.text_3));
    for limit in LIMITS {
        if ui.radio(cx.snap.traffic_totals.limit_bytes == limit, mebibytes(limit)).clicked() {
            cx.act(Action::Engine(Command::SetTrafficLimit(limit)));
        }
    }
}

fn export(cx: &mut Cx<'_>, indices: Vec<u64>, format: Format) {
    let rows = indices.len() as u64;
    let (log, lab, started) = (cx.snap.traffic.clone(), cx.lab.name.clone(), cx.snap.started);
    let data = Rows { log, indices: indices.into(), format, lab, started };
    cx.act(Action::Export(format!("traffic.{}", format.extension()), ExportData::Rows(Box::new(data))));
    cx.act(Action::Say(tr!(cx.text, "traffic-exported", rows = rows)));
}
