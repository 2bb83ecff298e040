//! Words, segments, fields and sections in the look of the tokens, each with a name, a tooltip and a focus ring. Buttons stand
//! in [`super::button`].

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{
    Align, Align2, AsIdSalt, Button, Color32, ComboBox, CornerRadius, FontFamily, FontId, Frame, Label, Layout, Margin, Rect, Response,
    RichText, Role, Sense, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

pub use super::button::{ButtonSpec, Look};
use crate::ui::theme::{self, Theme, Type, icons as theme_icons, radius, size, space};

/// Text in a style and colour.
pub fn words(text: impl Into<String>, style: Type, color: Color32) -> RichText {
    RichText::new(text).font(style.font()).color(color)
}

/// An icon of the regular family.
pub fn icon(glyph: &str, points: f32, color: Color32) -> RichText {
    RichText::new(glyph).font(FontId::new(points, FontFamily::Name(theme::ICON.into()))).color(color)
}

/// An icon of the filled family: states.
pub fn icon_fill(glyph: &str, points: f32, color: Color32) -> RichText {
    RichText::new(glyph).font(FontId::new(points, FontFamily::Name(theme::ICON_FILL.into()))).color(color)
}

/// A list that drops down, with the caret of the tokens.
pub fn combo<'a>(salt: impl AsIdSalt) -> ComboBox<'a> {
    ComboBox::from_id_salt(salt).icon(|ui, rect, visuals, _open| {
        let font = theme_icons::font(12.0);
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, theme_icons::CARET_DOWN, font, visuals.text_color());
    })
}

/// A menu behind an icon in a head; bare like the icons beside it.
pub fn icon_menu(ui: &mut Ui, theme: &Theme, glyph: &str, name: &str, tip: &str, add: impl FnOnce(&mut Ui)) {
    let glyph = icon(glyph, size::ICON, theme.colors.text_2);
    let button = Button::new(glyph).frame_when_inactive(false).corner_radius(radius::CONTROL).min_size(vec2(size::CONTROL, size::CONTROL));
    let padding = ui.spacing().button_padding;
    ui.spacing_mut().button_padding.x = (size::CONTROL - size::ICON) / 2.0;
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        ui.spacing_mut().button_padding = padding;
        add(ui);
    });
    ui.spacing_mut().button_padding = padding;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    focus_ring(ui, theme, &response);
    response.on_hover_text(tip);
}

/// The edge round what has the keyboard.
pub fn focus_ring(ui: &Ui, theme: &Theme, response: &Response) {
    if response.has_focus() {
        let rect = response.rect.expand(2.0);
        ui.painter().rect_stroke(rect, radius::CONTROL, Stroke::new(2.0, theme.colors.accent), StrokeKind::Middle);
    }
}

/// One choice of a segmented control.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its words.
    pub label: String,
    /// What choosing it does, or why it cannot be chosen.
    pub tip: String,
    /// Whether it can be chosen.
    pub enabled: bool,
    /// Whether it is chosen.
    pub selected: bool,
}

/// Equal boxes in one frame, at most `columns` in a row; answers the one that was clicked.
pub fn segmented(ui: &mut Ui, theme: &Theme, columns: usize, segments: &[Segment]) -> Option<usize> {
    let c = &theme.colors;
    let width = ui.available_width();
    let mut clicked = None;
    for (start, row) in segments.chunks(columns.max(1)).enumerate().map(|(i, row)| (i * columns.max(1), row)) {
        let step = width / columns.max(1) as f32;
        let (frame, _) = ui.allocate_exact_size(vec2(step * row.len() as f32, size::CONTROL), Sense::hover());
        ui.painter().rect_filled(frame, radius::CONTROL, c.stage);
        for (i, segment) in row.iter().enumerate() {
            let rect = Rect::from_min_size(pos2(frame.left() + step * i as f32, frame.top()), vec2(step, frame.height()));
            let id = ui.next_auto_id().with(("segment", start + i));
            let sense = if segment.enabled { Sense::click() } else { Sense::hover() };
            let response = ui.interact(rect, id, sense);
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, segment.enabled, segment.selected, &segment.label));
            let r = radius::CONTROL as u8;
            let corners = CornerRadius {
                nw: if i == 0 { r } else { 0 },
                sw: if i == 0 { r } else { 0 },
                ne: if i + 1 == row.len() { r } else { 0 },
                se: if i + 1 == row.len() { r } else { 0 },
            };
            let (ground, ink, style) = match (segment.selected, segment.enabled) {
                (true, _) => (Some(c.accent), c.on_accent, Type::Strong),
                (false, true) if response.hovered() => (Some(c.hover), c.text_1, Type::Body),
                (false, true) => (None, c.text_1, Type::Body),
                (false, false) => (None, c.text_disabled, Type::Body),
            };
            if let Some(ground) = ground {
                ui.painter().rect_filled(rect, corners, ground);
            }
            if i > 0 {
                ui.painter().vline(rect.left(), rect.y_range(), Stroke::new(1.0, c.line_control));
            }
            // A word that is a little too wide is set smaller; cut, it would be another one.
            let wide = ui.painter().layout_no_wrap(segment.label.clone(), style.at(12.5), ink).size().x;
            let font = style.at(12.5 * ((step - 6.0) / wide.max(1.0)).clamp(0.84, 1.0));
            ui.painter().with_clip_rect(rect).text(rect.center(), Align2::CENTER_CENTER, &segment.label, font, ink);
            focus_ring(ui, theme, &response);
            if response.on_hover_text(&segment.tip).clicked() {
                clicked = Some(start + i);
            }
        }
        ui.painter().rect_stroke(frame, radius::CONTROL, Stroke::new(1.0, c.line_control), StrokeKind::Inside);
    }
    clicked
}

/// A one-line field.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec<'a> {
    /// Its name for screen readers.
    pub name: &'a str,
    /// What it is for.
    pub tip: &'a str,
    /// Shown while empty.
    pub hint: &'a str,
    /// In points.
    pub width: f32,
    /// Whether what stands there is refused.
    pub bad: bool,
    /// Identity, so that the cursor survives a re-layout.
    pub id: eframe::egui::Id,
}

/// Runs with the edges of fields in this colour.
pub fn with_edge<R>(ui: &mut Ui, theme: &Theme, bad: bool, add: impl FnOnce(&mut Ui) -> R) -> R {
    let c = &theme.colors;
    ui.scope(|ui| {
        let visuals = ui.visuals_mut();
        let edge = |color| Stroke::new(1.0, color);
        visuals.text_edit_bg_color = Some(c.stage);
        visuals.widgets.inactive.bg_stroke = edge(if bad { c.error.text } else { c.line_control });
        visuals.widgets.hovered.bg_stroke = edge(if bad { c.error.text } else { c.line_strong });
        visuals.widgets.active.bg_stroke = visuals.widgets.hovered.bg_stroke;
        visuals.selection.stroke = Stroke::new(2.0, if bad { c.error.text } else { c.accent });
        for state in [&mut visuals.widgets.inactive, &mut visuals.widgets.hovered, &mut visuals.widgets.active] {
            state.corner_radius = CornerRadius::same(radius::CONTROL as u8);
            state.expansion = 0.0;
        }
        add(ui)
    })
    .inner
}

impl FieldSpec<'_> {
    /// Draws it over `text`.
    pub fn show(self, ui: &mut Ui, theme: &Theme, text: &mut String) -> Response {
        with_edge(ui, theme, self.bad, |ui| {
            let edit = TextEdit::singleline(text)
                .id(self.id)
                .font(Type::Data.font())
                .text_color(theme.colors.text_1)
                .hint_text(words(self.hint, Type::Data, theme.colors.text_3))
                .margin(Margin::symmetric(8, 5))
                .min_size(vec2(0.0, size::CONTROL))
                .align(Align2::LEFT_CENTER)
                .desired_width(self.width);
            ui.add(edit).accessible_name(self.name).on_hover_text(self.tip)
        })
    }
}

/// The widest line of the sentence that an empty panel shows: short enough to read, clear of the edges of a narrow tile.
const SENTENCE_WIDTH: f32 = 380.0;

/// One sentence in the middle of an empty panel: what to do next.
pub fn sentence(ui: &mut Ui, theme: &Theme, text: impl Into<String>) {
    let room = ui.max_rect();
    let width = (room.width() - 2.0 * space::XL).clamp(0.0, SENTENCE_WIDTH);
    let inside = Rect::from_center_size(room.center(), vec2(width, room.height()));
    // Justified along the column only: words are not drawn apart.
    let layout = Layout::top_down(Align::Center).with_main_align(Align::Center).with_main_justify(true);
    ui.scope_builder(UiBuilder::new().max_rect(inside).layout(layout), |ui| {
        ui.add(Label::new(words(text, Type::Body, theme.colors.text_2)).wrap());
    });
}

/// Words of an error beside a field: octagon and text.
pub fn error_line(ui: &mut Ui, theme: &Theme, message: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.label(icon_fill(theme_icons::WARNING_OCTAGON, 14.0, theme.colors.error.text));
        ui.add(Label::new(words(message, Type::Caption, theme.colors.error.text)).wrap());
    });
}

/// A block of the inspector: padding, an optional bold head, and a line below.
pub fn section<R>(ui: &mut Ui, theme: &Theme, title: Option<&str>, add: impl FnOnce(&mut Ui) -> R) -> R {
    let width = ui.available_width();
    let inner = Frame::new().inner_margin(Margin::symmetric(14, 10)).show(ui, |ui| {
        ui.set_width(width - 28.0);
        ui.spacing_mut().item_spacing = vec2(space::S, 6.0);
        if let Some(title) = title {
            ui.label(words(title, Type::Strong, theme.colors.text_1));
        }
        add(ui)
    });
    let rect = inner.response.rect;
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme.colors.line));
    inner.inner
}
