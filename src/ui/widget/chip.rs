//! Small words in a frame: badges, and the tabs of a bar.

use eframe::egui::{Align2, Color32, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::ui::theme::{Theme, Type, radius, size};

use super::controls::focus_ring;

/// An id such as a model's, in mono with a thin edge.
pub fn badge(ui: &mut Ui, theme: &Theme, words: &str) -> Response {
    let c = &theme.colors;
    let galley = ui.painter().layout_no_wrap(words.to_owned(), Type::Data.at(11.0), c.text_2);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(10.0, 3.0), Sense::hover());
    ui.painter().rect_stroke(rect, radius::CHIP, Stroke::new(1.0, c.line_control), StrokeKind::Inside);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, c.text_2);
    response
}

/// One tab of a bar; strong on `selected` ground when it is the one.
pub fn tab(ui: &mut Ui, theme: &Theme, words: &str, selected: bool, tip: &str) -> Response {
    let c = &theme.colors;
    let style = if selected { Type::Strong } else { Type::Body };
    let ink = if selected { c.text_1 } else { c.text_2 };
    let galley = ui.painter().layout_no_wrap(words.to_owned(), style.at(12.5), ink);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 20.0, size::CONTROL), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, selected, words));
    let ground = match (selected, response.hovered()) {
        (true, _) => c.selected,
        (false, true) => c.hover,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, radius::CONTROL, ground);
    ui.painter().with_clip_rect(rect).text(rect.center(), Align2::CENTER_CENTER, words, style.at(12.5), ink);
    focus_ring(ui, theme, &response);
    response.on_hover_text(tip)
}

/// The width that [`tab`] takes for these words.
pub fn tab_width(ui: &Ui, words: &str) -> f32 {
    ui.painter().layout_no_wrap(words.to_owned(), Type::Strong.at(12.5), Color32::WHITE).size().x + 20.0
}
