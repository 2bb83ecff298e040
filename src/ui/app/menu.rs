//! The menu of the top bar. Its rows are commands; the words and keys come with them.

use eframe::egui::{Button, Popup, Response, RichText, Role, Stroke, Ui, WidgetInfo, vec2};

use crate::tr;
use crate::ui::theme::{Type, size};
use crate::ui::{Action, Preset, UiCommand};

use super::App;
use super::file_flow::Then;

/// Width of the menu in points.
const WIDTH: f32 = 260.0;

impl App {
    pub(super) fn menu_ui(&mut self, button: &Response, actions: &mut Vec<Action>) {
        let mut open = None;
        let mut still = self.settings.still;
        Popup::menu(button).width(WIDTH).show(|ui| {
            let rows = |ui: &mut Ui, commands: &[UiCommand], actions: &mut Vec<Action>| {
                for command in commands {
                    if self.command_row(ui, *command) {
                        actions.push(Action::Ui(*command));
                    }
                }
                ui.separator();
            };
            for command in [UiCommand::Gallery, UiCommand::NewLab, UiCommand::OpenLab] {
                if self.command_row(ui, command) {
                    actions.push(Action::Ui(command));
                }
            }
            ui.menu_button(RichText::new(tr!(self.text, "shell-recent")).font(Type::Body.font()), |ui| {
                ui.set_min_width(WIDTH);
                if self.settings.recent.is_empty() {
                    ui.label(RichText::new(tr!(self.text, "shell-recent-none")).color(self.theme.colors.text_3));
                }
                for path in &self.settings.recent {
                    // Every lesson's own file has the same name: its folder tells them apart.
                    let named = path.parent().filter(|_| path.ends_with("lesson.toml")).unwrap_or(path);
                    let name = named.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                    if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                        open = Some(path.clone());
                    }
                }
            });
            ui.menu_button(RichText::new(tr!(self.text, "shell-presets")).font(Type::Body.font()), |ui| {
                ui.set_min_width(WIDTH);
                for preset in Preset::ALL {
                    if self.command_row(ui, UiCommand::OpenPreset(preset)) {
                        actions.push(Action::Ui(UiCommand::OpenPreset(preset)));
                    }
                }
            });
            rows(ui, &[UiCommand::SaveLab, UiCommand::SaveLabAs, UiCommand::RenameLab], actions);
            rows(ui, &[UiCommand::Undo, UiCommand::Redo], actions);
            ui.menu_button(RichText::new(tr!(self.text, "shell-stepping")).font(Type::Body.font()), |ui| {
                ui.set_min_width(WIDTH);
                for command in [UiCommand::PauseLanes, UiCommand::StepCall, UiCommand::StepToWait, UiCommand::RunLanes] {
                    if self.command_row(ui, command) {
                        actions.push(Action::Ui(command));
                    }
                }
            });
            rows(ui, &[UiCommand::FinishSelected], actions);
            rows(
                ui,
                &[
                    UiCommand::WorkspaceExplore,
                    UiCommand::WorkspaceIoModels,
                    UiCommand::WorkspaceBacklog,
                    UiCommand::WorkspaceTraffic,
                    UiCommand::ShowCode,
                    UiCommand::ResetLayout,
                ],
                actions,
            );
            ui.scope(|ui| {
                // Menus take the edge off every control; a check box is nothing without it.
                ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::new(1.0, self.theme.colors.line_strong);
                ui.checkbox(&mut still, tr!(self.text, "shell-still")).on_hover_text(tr!(self.text, "shell-still-tip"));
            });
            rows(ui, &[UiCommand::ToggleLanguage, UiCommand::ToggleTheme], actions);
            rows(ui, &[UiCommand::ZoomIn, UiCommand::ZoomOut, UiCommand::ZoomReset], actions);
            if self.command_row(ui, UiCommand::Quit) {
                actions.push(Action::Ui(UiCommand::Quit));
            }
        });
        self.settings.still = still;
        if let Some(path) = open {
            self.leave_lab(&button.ctx.clone(), Then::OpenPath(path));
        }
    }

    /// One row; true when it was chosen.
    fn command_row(&self, ui: &mut Ui, command: UiCommand) -> bool {
        let c = &self.theme.colors;
        let enabled = self.refusal(command).is_none();
        let name = self.text.get(command.key()).into_owned();
        let ink = if enabled { c.text_1 } else { c.text_disabled };
        let mut row =
            Button::new(RichText::new(&name).font(Type::Body.font()).color(ink)).min_size(vec2(ui.available_width(), size::CONTROL));
        if let Some(shortcut) = command.shortcut() {
            row = row.shortcut_text(RichText::new(ui.ctx().format_shortcut(&shortcut)).font(Type::Data.at(11.5)).color(c.text_3));
        }
        let response = ui.add_enabled(enabled, row);
        response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, enabled, &name));
        let tip = self.tip(ui.ctx(), command);
        response.on_hover_text(&tip).on_disabled_hover_text(tip).clicked()
    }
}
