//! One-line text fields and the words of what is wrong with them.

use eframe::egui::{Align2, Id, Label, Margin, Response, RichText, Stroke, TextEdit, Ui, vec2};

use crate::ui::theme::{Theme, Type, icons, size, space};

/// A one-line field: who it is and how it looks.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Keeps its cursor between frames.
    pub id: Id,
    /// Its name for screen readers.
    pub name: &'a str,
    /// Shown while it is empty.
    pub hint: &'a str,
    /// In points; `f32::INFINITY` takes what is there.
    pub width: f32,
    /// Whether what stands there is refused.
    pub bad: bool,
}

impl Field<'_> {
    /// Draws it over `value`.
    pub fn show(self, ui: &mut Ui, theme: &Theme, value: &mut String) -> Response {
        let c = &theme.colors;
        ui.scope(|ui| {
            let visuals = ui.visuals_mut();
            if self.bad {
                let edge = Stroke::new(1.0, c.error.text);
                visuals.widgets.inactive.bg_stroke = edge;
                visuals.widgets.hovered.bg_stroke = edge;
                visuals.selection.stroke = Stroke::new(2.0, c.error.text);
            }
            let edit = TextEdit::singleline(value)
                .id(self.id)
                .font(Type::Data.font())
                .text_color(c.text_1)
                .hint_text(RichText::new(self.hint).font(Type::Body.font()).color(c.text_3))
                .margin(Margin::symmetric(8, 5))
                .min_size(vec2(0.0, size::CONTROL))
                .align(Align2::LEFT_CENTER)
                .desired_width(self.width);
            ui.add(edit).accessible_name(self.name)
        })
        .inner
    }
}

/// What is wrong, beside or under a field: octagon and words.
pub fn problem(ui: &mut Ui, theme: &Theme, words: &str) -> Response {
    let ink = theme.colors.error.text;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.label(RichText::new(icons::WARNING_OCTAGON).font(icons::font_fill(14.0)).color(ink));
        ui.add(Label::new(RichText::new(words).font(Type::Caption.font()).color(ink)).wrap())
    })
    .inner
}
