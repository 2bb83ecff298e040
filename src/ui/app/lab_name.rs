//! The lab's name in the top bar, and the field in its place while it is typed.

use eframe::egui::{Id, Key, Label, RichText, Role, Sense, Ui, WidgetInfo};

use crate::tr;
use crate::ui::theme::Type;
use crate::ui::widget::controls::{FieldSpec, focus_ring};

use super::App;

/// Longest name in characters: more fits no bar and no file name.
const LONGEST: usize = 120;

/// A name being typed.
pub(super) struct Naming {
    typed: String,
    /// It has not had the keyboard yet.
    fresh: bool,
}

/// The name in the bar, for the keyboard.
pub(super) fn name_id() -> Id {
    Id::unique("lab name")
}

impl App {
    /// Puts a field in the name's place.
    pub(super) fn rename_lab(&mut self) {
        self.naming = Some(Naming { typed: self.doc.lab().name.clone(), fresh: true });
    }

    pub(super) fn lab_name_ui(&mut self, ui: &mut Ui, width: f32) {
        match self.naming.take() {
            Some(naming) => self.naming_ui(ui, width, naming),
            None => self.name_label_ui(ui, width),
        }
    }

    fn name_label_ui(&mut self, ui: &mut Ui, width: f32) {
        let shown = self.lab_name();
        let words = RichText::new(&shown).font(Type::Strong.font()).color(self.theme.colors.text_1);
        let path = self.doc.path().map(|p| p.display().to_string()).unwrap_or_else(|| tr!(self.text, "shell-no-file"));
        let tip = tr!(self.text, "shell-lab-name-tip", path = path);
        let label = ui.scope(|ui| {
            ui.set_max_width(width);
            ui.add(Label::new(words).truncate().selectable(false))
        });
        let response = ui.interact(label.inner.rect, name_id(), Sense::click());
        let name = tr!(self.text, "shell-lab-name", name = shown);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        focus_ring(ui, &self.theme, &response);
        // One click of the pointer is no wish to rename; Enter and a screen reader's click are.
        let by_keyboard = response.clicked() && !ui.input(|i| i.pointer.any_click());
        if response.on_hover_text(tip).double_clicked() || by_keyboard {
            self.rename_lab();
            ui.ctx().request_repaint();
        }
    }

    fn naming_ui(&mut self, ui: &mut Ui, width: f32, mut naming: Naming) {
        let (name, tip) = (tr!(self.text, "shell-lab-name-field"), tr!(self.text, "shell-lab-name-field-tip"));
        let spec = FieldSpec { name: &name, tip: &tip, hint: "", width, bad: false, id: Id::unique("lab name field") };
        let response = spec.show(ui, &self.theme, &mut naming.typed);
        if naming.fresh {
            response.request_focus();
            naming.fresh = false;
            self.naming = Some(naming);
            return;
        }
        let escape = ui.input(|i| i.key_pressed(Key::Escape));
        if escape || !response.has_focus() {
            if !escape {
                let name: String = naming.typed.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
                if name != self.doc.lab().name {
                    self.edit_with("undo-rename-lab", |lab| lab.name = name);
                }
            }
            return;
        }
        self.naming = Some(naming);
    }
}
