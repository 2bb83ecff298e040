//! The door of a listening server: backlog, accept pace and clients by hand, the counters of its queues, and predictions that
//! a run reveals.
//!
//! It edits the lab; what a running server takes live the app hands on.

mod controls;
pub mod counters;
mod predict;
mod question;
#[cfg(test)]
mod tests;
mod visitors;

use eframe::egui::{Button, Label, Popup, RichText, Role, ScrollArea, Ui, WidgetInfo, vec2};

use super::backlog::gather::subject;
use super::{Panel, PanelDef, Topic};
use crate::lab::{AcceptPace, EndpointId, Server};
use crate::tr;
use crate::ui::theme::{Type, icons, size, space};
use crate::ui::widget::button::{ButtonSpec, Look};
use crate::ui::widget::controls::{section, sentence, words};
use crate::ui::{Action, Cx, Preset, UiCommand};

use predict::Predict;

/// Its line in the list of panels.
pub const DEF: PanelDef = PanelDef { id: "door", topic: Topic::Door, title: "door-title", make: || Box::new(Door::new()) };

/// View state.
pub struct Door {
    /// What this system makes of large backlogs: asked once, for the time when no server runs and says it.
    clamp: Option<crate::probe::Clamp>,
    /// `tcp_abort_on_overflow`, as of the start (generation) that was seen last.
    aborts: Option<(Option<u32>, Option<bool>)>,
    /// The pace to go back to after a pause, and of which server.
    resume: Option<(EndpointId, AcceptPace)>,
    /// Connections of a burst.
    burst: u32,
    /// The preset whose note was put away.
    hidden: Option<Preset>,
    predict: Predict,
}

impl Door {
    fn new() -> Self {
        Self { clamp: crate::probe::clamp(), aborts: None, resume: None, burst: 10, hidden: None, predict: Predict::default() }
    }
}

impl Panel for Door {
    fn head_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        presets_ui(ui, cx);
    }

    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let (lab, snap) = (cx.lab, cx.snap);
        let Some(server) = subject(lab, snap, cx.selection) else {
            return sentence(ui, cx.theme, tr!(cx.text, "door-no-server"));
        };
        if !server.transport.is_stream() {
            return sentence(ui, cx.theme, tr!(cx.text, "arrivals-datagrams", name = server.name.as_str()));
        }
        ui.painter().rect_filled(ui.max_rect(), 0.0, cx.theme.colors.panel);
        ScrollArea::vertical().id_salt("door").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, 0.0);
            self.note_ui(ui, cx, server);
            controls::ui(ui, cx, server, self);
            counters::ui(ui, cx, server);
            if !cx.in_lesson {
                self.predict.ui(ui, cx, server);
            }
        });
    }
}

impl Door {
    /// What to press and what to notice, as long as the lab is one of the presets.
    fn note_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, server: &Server) {
        let preset = Preset::of(cx.lab);
        if self.hidden.is_some() && self.hidden != preset {
            self.hidden = None;
        }
        // What was to be noticed is measured then; only the words on the system's setting are still of use.
        let is_over = |preset: &Preset| *preset != Preset::Reset && self.predict.is_revealed();
        let Some(preset) = preset.filter(|preset| self.hidden != Some(*preset) && !is_over(preset)) else { return };
        let c = &cx.theme.colors;
        section(ui, cx.theme, None, |ui| {
            ui.horizontal_top(|ui| {
                ui.label(RichText::new(icons::FLASK).font(icons::font(size::ICON)).color(c.accent));
                let width = ui.available_width() - size::CONTROL - space::S;
                ui.vertical(|ui| {
                    ui.set_width(width);
                    ui.add(Label::new(words(tr!(cx.text, preset.hint()), Type::Body, c.text_1)).wrap());
                    if preset == Preset::Reset {
                        let key = match self.aborts(cx, server) {
                            Some(false) => "preset-abort-off",
                            Some(true) => "preset-abort-on",
                            None => "preset-abort-none",
                        };
                        ui.add(Label::new(words(tr!(cx.text, key), Type::Caption, c.text_2)).wrap());
                    }
                });
                let (name, tip) = (tr!(cx.text, "preset-hide"), tr!(cx.text, "preset-hide-tip"));
                if ButtonSpec::bare(icons::X, &name, &tip).show(ui, cx.theme).clicked() {
                    self.hidden = Some(preset);
                }
            });
        });
    }

    /// Read again for each start of the server: a person may have changed it in between, and the kernel looks at it in each run.
    fn aborts(&mut self, cx: &Cx<'_>, server: &Server) -> Option<bool> {
        let generation = cx.snap.session(server.id).map(|s| s.generation);
        match self.aborts {
            Some((was, aborts)) if was == generation => aborts,
            Some(_) | None => {
                let aborts = crate::probe::resets_on_overflow();
                self.aborts = Some((generation, aborts));
                aborts
            }
        }
    }
}

fn presets_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let (label, tip) = (tr!(cx.text, "preset-menu"), tr!(cx.text, "preset-menu-tip"));
    let c = &cx.theme.colors;
    let button = ButtonSpec { look: Look::Bare, ..ButtonSpec::new(&label, &tip).with_icon(icons::FLASK, c.text_2) };
    let button = button.show(ui, cx.theme);
    Popup::menu(&button).width(300.0).show(|ui| {
        for preset in Preset::ALL {
            let name = tr!(cx.text, preset.key());
            let row = Button::new(words(&name, Type::Body, c.text_1)).min_size(vec2(ui.available_width(), size::CONTROL));
            let response = ui.add(row);
            response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, &name));
            if response.on_hover_text(tr!(cx.text, &format!("{}-tip", preset.key()))).clicked() {
                cx.actions.push(Action::Ui(UiCommand::OpenPreset(preset)));
            }
        }
    });
}
