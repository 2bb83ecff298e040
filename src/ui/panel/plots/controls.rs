//! What stands in the head of the plots: whose figures, how much time, pause, back to now, export.

use eframe::egui::{RichText, Role, Ui, WidgetInfo, vec2};

use super::figures::Show;
use super::window::RANGES;
use super::{Of, Plots, series};
use crate::report::series_csv;
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::controls::{combo as combo_box, icon_menu, words};
use crate::ui::{Action, Cx, ExportData};

/// What a combo box needs beside its words.
const CARET: f32 = 30.0;
/// A head narrower than this has one menu for what else would be cut.
const ROOM: f32 = 190.0;

impl Plots {
    /// What stands at the right of the head.
    pub(super) fn controls_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        // The head is as narrow as a third of the middle: words need the room more than padding does.
        let spacing = ui.spacing_mut();
        (spacing.item_spacing.x, spacing.button_padding.x, spacing.icon_width) = (space::XS, 6.0, 10.0);
        let is_narrow = ui.available_width() < ROOM;
        if is_narrow {
            self.more_ui(ui, cx)
        } else {
            self.export_ui(ui, cx)
        }
        let now = cx.snap.at.as_secs_f64();
        let (name, tip) = (tr!(cx.text, "plots-pause"), tr!(cx.text, "plots-pause-tip"));
        if icon_button(ui, icons::PAUSE, self.window.is_paused(), &name, tip) {
            self.window.toggle_pause(now);
        }
        if self.window.is_moved() {
            let (name, tip) = (tr!(cx.text, "plots-reset"), tr!(cx.text, "plots-reset-tip"));
            if icon_button(ui, icons::ARROW_COUNTER_CLOCKWISE, false, &name, tip) {
                self.window.reset();
            }
        }
        if is_narrow {
            return self.range_ui(ui, cx);
        }
        let (name, tip) = (tr!(cx.text, "plots-show-calls"), tr!(cx.text, "plots-show-calls-tip"));
        if icon_button(ui, icons::CPU, self.show == Show::Calls, &name, tip) {
            self.show = self.show.other();
        }
        self.range_ui(ui, cx);
        self.source_ui(ui, cx);
    }

    /// Source, calls and export behind one icon.
    fn more_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (label, tip) = (tr!(cx.text, "plots-more"), tr!(cx.text, "plots-more-tip"));
        icon_menu(ui, cx.theme, icons::DOTS_THREE_VERTICAL, &label, &tip, |ui| {
            ui.label(words(tr!(cx.text, "plots-of"), Type::Caption, cx.theme.colors.text_2));
            self.sources_ui(ui, cx);
            ui.separator();
            let calls = ui.selectable_label(self.show == Show::Calls, tr!(cx.text, "plots-show-calls"));
            if calls.on_hover_text(tr!(cx.text, "plots-show-calls-tip")).clicked() {
                self.show = self.show.other();
            }
            ui.separator();
            self.exports_ui(ui, cx);
        });
    }

    fn source_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let label = tr!(cx.text, "plots-of");
        // In a narrow head an icon stands for words that would be cut.
        let shown = name(cx, self.of);
        let needs = ui.painter().layout_no_wrap(shown.clone(), Type::Body.font(), cx.theme.colors.text_1).size().x + CARET;
        let selected = if needs <= ui.available_width() {
            RichText::new(shown.as_str())
        } else {
            RichText::new(icons::FUNNEL).font(icons::font(13.0))
        };
        let combo = combo_box("plots-of").width(20.0).truncate().selected_text(selected);
        let response = combo.show_ui(ui, |ui| self.sources_ui(ui, cx));
        response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &label));
        response.response.on_hover_text(format!("{}: {shown}", tr!(cx.text, "plots-of-tip")));
    }

    /// Each source that there is.
    fn sources_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let all = cx.lab.servers.iter().map(|s| s.id).chain(cx.lab.clients.iter().map(|c| c.id));
        let started = all.filter(|id| cx.snap.session(*id).is_some()).map(Of::One);
        for of in [Of::Selection, Of::All].into_iter().chain(started) {
            ui.selectable_value(&mut self.of, of, name(cx, of));
        }
    }

    fn range_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let name = |seconds: f64| {
            if seconds < 60.0 {
                tr!(cx.text, "plots-seconds", n = seconds as u64)
            } else {
                tr!(cx.text, "plots-minutes", n = (seconds / 60.0) as u64)
            }
        };
        let label = tr!(cx.text, "plots-range");
        let combo = combo_box("plots-range").width(40.0).selected_text(name(self.window.range()));
        let response = combo.show_ui(ui, |ui| {
            for range in RANGES {
                if ui.selectable_label(self.window.range().total_cmp(&range).is_eq(), name(range)).clicked() {
                    self.window.set_range(range);
                }
            }
        });
        response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &label));
        response.response.on_hover_text(tr!(cx.text, "plots-range-tip"));
    }

    fn export_ui(&self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let label = tr!(cx.text, "plots-export");
        icon_menu(ui, cx.theme, icons::EXPORT, &label, &label, |ui| self.exports_ui(ui, cx));
    }

    /// Each way to keep what is shown.
    fn exports_ui(&self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if ui.button(tr!(cx.text, "plots-export-csv")).on_hover_text(tr!(cx.text, "plots-export-csv-tip")).clicked() {
            let (series, name) = self.source(cx);
            let (from, to) = self.window.edges(cx.snap.at.as_secs_f64());
            let first = series::index_at(series, from);
            let csv = series_csv(series.iter_from(first).take_while(|s| s.at_secs <= to));
            cx.act(Action::Export(format!("{}.csv", name.unwrap_or("socketlab")), ExportData::Text(csv)));
            ui.close();
        }
        if ui.button(tr!(cx.text, "plots-export-png")).on_hover_text(tr!(cx.text, "plots-export-png-tip")).clicked() {
            cx.act(Action::Export("socketlab-plots.png".into(), ExportData::Picture(self.area)));
            ui.close();
        }
    }
}

fn name(cx: &Cx<'_>, of: Of) -> String {
    match of {
        Of::Selection => tr!(cx.text, "plots-of-selection"),
        Of::All => tr!(cx.text, "plots-of-all"),
        Of::One(id) => cx.snap.session(id).map_or_else(|| id.to_string(), |s| s.name.to_string()),
    }
}

fn icon_button(ui: &mut Ui, icon: &str, on: bool, name: &str, tip: String) -> bool {
    let button = eframe::egui::Button::selectable(on, RichText::new(icon).font(icons::font(size::ICON)));
    let response = ui.add(button.min_size(vec2(size::CONTROL, size::CONTROL))).on_hover_text(tip);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
    response.clicked()
}
