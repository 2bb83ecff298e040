//! The command palette: type a few letters, arrows, Enter. It lists every command there is.

use eframe::egui::{
    self, Align, Align2, Color32, Context, EventFilter, Frame, Id, Key, Margin, Modifiers, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo,
    vec2,
};

use crate::tr;
use crate::ui::theme::{Type, radius, size, space};
use crate::ui::widget::controls::FieldSpec;
use crate::ui::{Action, UiCommand};

use super::App;

/// Rows shown before it scrolls.
const ROWS: f32 = 11.0;

/// An open palette.
#[derive(Debug)]
pub(super) struct Palette {
    typed: String,
    at: usize,
    fresh: bool,
}

impl Default for Palette {
    fn default() -> Self {
        Self { typed: String::new(), at: 0, fresh: true }
    }
}

/// Whether every word that was typed occurs in the command's words, in any order and case.
fn matches(words: &str, typed: &str) -> bool {
    let words = words.to_lowercase();
    typed.to_lowercase().split_whitespace().all(|part| words.contains(part))
}

impl App {
    pub(super) fn palette_ui(&mut self, ctx: &Context, actions: &mut Vec<Action>) {
        let Some(mut palette) = self.palette.take() else { return };
        let c = &self.theme.colors;
        let frame = Frame::new()
            .fill(c.raised)
            .stroke(Stroke::new(1.0, c.line_control))
            .corner_radius(radius::CARD)
            .inner_margin(Margin::same(space::S as i8));
        let area = egui::Modal::default_area(Id::unique("palette")).anchor(Align2::CENTER_TOP, vec2(0.0, 88.0));
        let modal = egui::Modal::new(Id::unique("palette")).area(area).frame(frame).backdrop_color(Color32::from_black_alpha(60));
        let shown = modal.show(ctx, |ui| {
            ui.set_width(480.0);
            self.palette_list_ui(ui, &mut palette)
        });
        match shown.inner {
            Some(command) => actions.push(Action::Ui(command)),
            None if shown.should_close() => {}
            None => self.palette = Some(palette),
        }
    }

    /// The command that was chosen.
    fn palette_list_ui(&self, ui: &mut Ui, palette: &mut Palette) -> Option<UiCommand> {
        let (down, up) = ui.input_mut(|i| (i.consume_key(Modifiers::NONE, Key::ArrowDown), i.consume_key(Modifiers::NONE, Key::ArrowUp)));
        let enter = ui.input(|i| i.key_pressed(Key::Enter));
        let (id, name) = (Id::unique("palette field"), tr!(self.text, "shell-palette-name"));
        let hint = tr!(self.text, "shell-palette-hint");
        let response = FieldSpec { name: &name, tip: &hint, hint: &hint, width: f32::INFINITY, bad: false, id }.show(
            ui,
            &self.theme,
            &mut palette.typed,
        );
        if palette.fresh {
            response.request_focus();
            palette.fresh = false;
        }
        let keys = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(id, keys));

        // The palette's own command would only close it.
        let found: Vec<(UiCommand, String)> = UiCommand::all()
            .filter(|c| *c != UiCommand::Palette)
            .map(|c| (c, self.text.get(c.key()).into_owned()))
            .filter(|(_, words)| matches(words, &palette.typed))
            .collect();
        if response.changed() {
            palette.at = 0;
        }
        let last = found.len().saturating_sub(1);
        palette.at = match (down, up) {
            (true, false) => (palette.at + 1).min(last),
            (false, true) => palette.at.saturating_sub(1),
            (true, true) | (false, false) => palette.at.min(last),
        };
        ui.add_space(space::XS);
        if found.is_empty() {
            let words = tr!(self.text, "shell-palette-none");
            ui.label(egui::RichText::new(words).font(Type::Body.font()).color(self.theme.colors.text_3));
        }
        let mut chosen = None;
        ScrollArea::vertical().max_height(ROWS * size::ROW_LIST).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (n, (command, words)) in found.iter().enumerate() {
                if self.palette_row_ui(ui, *command, words, n == palette.at, down || up) {
                    chosen = Some(*command);
                }
            }
        });
        match found.get(palette.at) {
            Some((command, _)) if enter && self.refusal(*command).is_none() => Some(*command),
            Some(_) | None => chosen,
        }
    }

    fn palette_row_ui(&self, ui: &mut Ui, command: UiCommand, words: &str, at: bool, moved: bool) -> bool {
        let c = &self.theme.colors;
        let refusal = self.refusal(command);
        let sense = if refusal.is_none() { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW_LIST), sense);
        response.widget_info(|| WidgetInfo::selected(Role::MenuItem, refusal.is_none(), at, words));
        let ground = match (at, response.hovered()) {
            (true, _) => c.selected,
            (false, true) => c.hover,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, radius::CHIP, ground);
        let ink = if refusal.is_none() { c.text_1 } else { c.text_disabled };
        ui.painter().text(rect.left_center() + vec2(space::S, 0.0), Align2::LEFT_CENTER, words, Type::Body.font(), ink);
        if let Some(shortcut) = command.shortcut() {
            let keys = ui.ctx().format_shortcut(&shortcut);
            ui.painter().text(rect.right_center() - vec2(space::S, 0.0), Align2::RIGHT_CENTER, keys, Type::Data.at(11.5), c.text_3);
        }
        if at && moved {
            ui.scroll_to_rect(rect, Some(Align::Center));
        }
        response.on_hover_text(self.tip(ui.ctx(), command)).clicked()
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn words_match_in_any_order_and_case() {
        assert!(matches("Add a UDP server", "udp ADD"));
        assert!(matches("添加 UDP 服务器", "服务器"));
        assert!(!matches("Add a UDP server", "tcp"));
        assert!(matches("anything", " "));
    }
}
