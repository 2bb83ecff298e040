//! The top bar and the status bar.

use eframe::egui::{Align, Align2, Color32, Label, Layout, Popup, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::tr;
use crate::ui::panel;
use crate::ui::theme::{RoleColors, Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::{chip, format, shapes};
use crate::ui::{Action, UiCommand};

use super::App;
use super::layout::Workspace;

/// One total of the top bar.
struct Total {
    name: String,
    value: String,
    ink: Color32,
    mark: Option<(shapes::Tip, RoleColors)>,
    tip: String,
}

/// Room of one total: wide enough that its figure never moves its neighbours.
const TOTAL_WIDTH: f32 = 84.0;
/// Totals without a unit need less.
const COUNT_WIDTH: f32 = 68.0;
/// Those of the accept queue have longer names.
const QUEUE_WIDTH: f32 = 78.0;

impl App {
    pub(super) fn top_bar_ui(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let bar = ui.max_rect();
        ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, Stroke::new(1.0, self.theme.colors.line));
        let inner = bar.shrink2(vec2(space::S, 0.0));
        ui.scope_builder(eframe::egui::UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)), |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            self.name_ui(ui, actions);
            ui.add_space(space::M);
            for command in [UiCommand::StartAll, UiCommand::StopAll, UiCommand::Freeze] {
                self.run_button_ui(ui, command, actions);
            }
            self.frozen_ui(ui);
            ui.add_space(space::S);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| self.right_ui(ui, actions));
        });
    }

    fn name_ui(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let (menu, tip) = (tr!(self.text, "shell-menu"), tr!(self.text, "shell-menu-tip"));
        let button = ButtonSpec::bare(icons::LIST, &menu, &tip).show(ui, &self.theme);
        self.menu_ui(&button, actions);
        let width = if ui.ctx().content_rect().width() < 1_200.0 { 110.0 } else { 180.0 };
        self.lab_name_ui(ui, width);
        let key = if self.doc.is_dirty() { "shell-state-unsaved" } else { "shell-state-saved" };
        ui.label(RichText::new(tr!(self.text, key)).font(Type::Caption.font()).color(self.theme.colors.text_3));
    }

    fn run_button_ui(&self, ui: &mut Ui, command: UiCommand, actions: &mut Vec<Action>) {
        let c = &self.theme.colors;
        let name = self.text.get(command.key());
        let tip = self.tip(ui.ctx(), command);
        let (glyph, ink) = match command {
            UiCommand::StartAll => (icons::PLAY, c.running.text),
            UiCommand::StopAll => (icons::STOP, c.text_2),
            _ => (icons::PAUSE, c.text_1),
        };
        let look = if command == UiCommand::Freeze && self.frozen.is_some() { Look::On } else { Look::Plain };
        let press = ButtonSpec { look, enabled: self.refusal(command).is_none(), ..ButtonSpec::new(&name, &tip).with_icon(glyph, ink) };
        if press.show(ui, &self.theme).clicked() {
            actions.push(Action::Ui(command));
        }
    }

    /// The held moment, and what came since.
    fn frozen_ui(&self, ui: &mut Ui) {
        let Some(held) = &self.frozen else { return };
        let c = &self.theme.colors;
        let new = self.live.traffic.end_index().saturating_sub(held.traffic.end_index());
        let words = tr!(self.text, "shell-frozen", time = format::clock(held.at), new = format::count(new));
        ui.label(RichText::new(words).font(Type::Data.font()).color(c.accent)).on_hover_text(tr!(self.text, "shell-frozen-tip"));
    }

    /// From the right: icons, totals, and the work spaces in what is left.
    fn right_ui(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let theme_icon = if self.settings.light { icons::MOON } else { icons::SUN };
        let buttons = [
            (theme_icon, UiCommand::ToggleTheme),
            (icons::TRANSLATE, UiCommand::ToggleLanguage),
            (icons::MAGNIFYING_GLASS, UiCommand::Palette),
        ];
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            for (glyph, command) in buttons {
                let (name, tip) = (self.text.get(command.key()).into_owned(), self.tip(ui.ctx(), command));
                if ButtonSpec::bare(glyph, &name, &tip).show(ui, &self.theme).clicked() {
                    actions.push(Action::Ui(command));
                }
            }
        });
        let names: Vec<String> = Workspace::ALL.iter().map(|w| tr!(self.text, w.key())).collect();
        let tabs_width: f32 = names.iter().map(|n| chip::tab_width(ui, n) + 2.0).sum::<f32>() + space::XL;
        let shown_width = chip::tab_width(ui, &names[self.layouts.shown as usize]) + size::ICON + space::XL;
        let totals = self.totals();
        let plain = if self.layouts.shown == Workspace::Backlog { QUEUE_WIDTH } else { COUNT_WIDTH };
        let widths: Vec<f32> = totals.iter().map(|t| if t.mark.is_some() { TOTAL_WIDTH } else { plain }).collect();
        // Totals fold before the tabs do: the figures also stand in the plots.
        let room = ui.available_width();
        let fits = |n: usize, tabs: f32| widths.iter().take(n).sum::<f32>() + n as f32 * space::S + tabs + space::S <= room;
        let shown = (0..=totals.len()).rev().find(|n| fits(*n, tabs_width)).unwrap_or(0);
        ui.add_space(space::S);
        for (total, width) in totals.iter().zip(widths.iter().copied()).take(shown).rev() {
            self.total_ui(ui, total, width);
        }
        let left = ui.available_rect_before_wrap();
        ui.scope_builder(eframe::egui::UiBuilder::new().max_rect(left).layout(Layout::left_to_right(Align::Center)), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            if left.width() >= tabs_width {
                ui.add_space(space::S);
                for (workspace, name) in Workspace::ALL.into_iter().zip(&names) {
                    let tip = self.tip(ui.ctx(), workspace.command());
                    if chip::tab(ui, &self.theme, name, workspace == self.layouts.shown, &tip).clicked() {
                        actions.push(Action::Ui(workspace.command()));
                    }
                }
            } else if left.width() >= shown_width {
                self.folded_tabs_ui(ui, &names, actions);
            }
        });
    }

    fn folded_tabs_ui(&self, ui: &mut Ui, names: &[String], actions: &mut Vec<Action>) {
        let tip = tr!(self.text, "shell-workspaces-tip");
        let press = ButtonSpec::new(&names[self.layouts.shown as usize], &tip).with_icon(icons::CARET_DOWN, self.theme.colors.text_2);
        let button = press.show(ui, &self.theme);
        Popup::menu(&button).show(|ui| {
            for (workspace, name) in Workspace::ALL.into_iter().zip(names) {
                if ui.selectable_label(workspace == self.layouts.shown, name).clicked() {
                    actions.push(Action::Ui(workspace.command()));
                }
            }
        });
    }

    fn totals(&self) -> Vec<Total> {
        let (c, snap) = (&self.theme.colors, self.shown());
        let total = |key: &str, value: String, ink, mark| Total {
            name: tr!(self.text, key),
            value,
            ink,
            mark,
            tip: self.text.get(&format!("{key}-tip")).into_owned(),
        };
        if self.layouts.shown == Workspace::Backlog {
            let at = panel::backlog_totals(self.doc.lab(), snap, self.selection);
            let count = |n: Option<u64>| n.map_or_else(|| "–".to_owned(), format::count);
            let bad = |is: bool| if is { c.error.text } else { c.text_1 };
            let queue = match at.places {
                Some(places) => tr!(self.text, "shell-total-queue-of", n = format::count(at.queue), of = format::count(places)),
                None => format::count(at.queue),
            };
            let lost = |n: Option<u64>| bad(n.is_some_and(|n| n > 0));
            return vec![
                total("shell-total-queue", queue, bad(at.places.is_some_and(|places| at.queue >= places)), None),
                total("shell-total-calling", format::count(at.calling), c.text_1, None),
                total("shell-total-overflows", count(at.overflows), lost(at.overflows), None),
                total("shell-total-listen-drops", count(at.drops), lost(at.drops), None),
            ];
        }
        vec![
            total("shell-total-connections", format::count(snap.counters.open), c.text_1, None),
            total("shell-total-received", format::byte_rate(snap.rates.rx_bytes), c.received.text, Some((shapes::Tip::Down, c.received))),
            total("shell-total-sent", format::byte_rate(snap.rates.tx_bytes), c.sent.text, Some((shapes::Tip::Up, c.sent))),
            total("shell-total-drops", format::count(self.dropped()), if self.dropped() > 0 { c.error.text } else { c.text_1 }, None),
        ]
    }

    fn total_ui(&self, ui: &mut Ui, total: &Total, width: f32) {
        let c = &self.theme.colors;
        let (rect, response) = ui.allocate_exact_size(vec2(width, 34.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{}: {}", total.name, total.value)));
        let mut name_at = rect.left_top() + vec2(0.0, 9.0);
        if let Some((tip, colors)) = total.mark {
            let center = name_at + vec2(4.0, 0.5);
            shapes::triangle(ui.painter(), center, 8.0, tip, colors);
            name_at.x += 13.0;
        }
        ui.painter().text(name_at, Align2::LEFT_CENTER, &total.name, Type::Caption.at(11.0), c.text_3);
        let value_at = rect.left_top() + vec2(0.0, 25.0);
        ui.painter().text(value_at, Align2::LEFT_CENTER, &total.value, Type::Figure.at(13.0), total.ink);
        response.on_hover_text(&total.tip);
    }

    /// Records that were made and could not be kept for the log.
    fn dropped(&self) -> u64 {
        self.live.traffic_totals.dropped + self.engine.as_ref().map_or(0, |e| e.dropped_events())
    }

    pub(super) fn status_bar_ui(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let c = &self.theme.colors;
        let bar = ui.max_rect();
        ui.painter().hline(bar.x_range(), bar.top() + 0.5, Stroke::new(1.0, c.line));
        let inner = bar.shrink2(vec2(space::M, 0.0));
        let builder = eframe::egui::UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            let caption = |words: String, ink| Label::new(RichText::new(words).font(Type::Caption.font()).color(ink));
            if let Some(last) = self.frame_time.last() {
                let words = tr!(self.text, "shell-frame", ms = format!("{last:.1}"));
                let tip = tr!(self.text, "shell-frame-tip", p99 = format!("{:.1}", self.frame_time.p99()));
                let label = Label::new(RichText::new(words).font(Type::Data.at(11.5)).color(c.text_2));
                ui.add(label).on_hover_text(tip);
            }
            let dropped = self.dropped();
            let ink = if dropped > 0 { c.error.text } else { c.text_2 };
            let words = tr!(self.text, "shell-dropped", n = dropped, figure = format::count(dropped));
            ui.add(caption(words, ink)).on_hover_text(tr!(self.text, "shell-dropped-tip"));
            self.legend_ui(ui, Type::Caption);
            let (words, bad) = self.said_words();
            let ink = if bad { c.error.text } else { c.text_1 };
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                // As long as something is held, that is what explains the picture; only what went wrong stands beside it.
                if self.held_ui(ui, actions) && !bad {
                    return;
                }
                if bad {
                    ui.spacing_mut().item_spacing.x = space::XS;
                    ui.label(RichText::new(icons::WARNING_OCTAGON).font(icons::font_fill(13.0)).color(c.error.text));
                }
                if !words.is_empty() {
                    ui.add(caption(words.clone(), ink).truncate()).on_hover_text(words);
                }
            });
        });
    }

    /// ● measured ○ derived. Drawn from the right.
    pub(super) fn legend_ui(&self, ui: &mut Ui, style: Type) {
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = 5.0;
            for (key, measured) in [("shell-derived", false), ("shell-measured", true)] {
                let words = RichText::new(tr!(self.text, key)).font(style.font()).color(self.theme.colors.text_2);
                ui.label(words).on_hover_text(self.text.get(&format!("{key}-tip")).into_owned());
                let (rect, _): (Rect, _) = ui.allocate_exact_size(vec2(9.0, 9.0), Sense::hover());
                shapes::certainty(ui.painter(), rect.center(), measured, self.theme.colors.text_2);
                if !measured {
                    ui.add_space(space::XS);
                }
            }
        });
    }
}
