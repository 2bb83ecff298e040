//! Scene to screen: where the picture starts, how large it is, and words that are never under 13 px.

use eframe::egui::{Align, Color32, Painter, Pos2, Rect};

use crate::ui::theme::{Theme, Type};
use crate::ui::widget::paint;
use crate::ui::{Selection, Text};

/// What the Stage is painted with.
pub struct Pen<'a> {
    pub painter: &'a Painter,
    pub theme: &'a Theme,
    pub text: &'a Text,
    pub origin: Pos2,
    pub scale: f32,
    pub selection: Selection,
    pub now: std::time::Duration,
}

impl Pen<'_> {
    pub fn rect(&self, rect: Rect) -> Rect {
        Rect::from_min_max(self.pos(rect.min), self.pos(rect.max))
    }

    pub fn pos(&self, pos: Pos2) -> Pos2 {
        self.origin + pos.to_vec2() * self.scale
    }

    /// The first of these words that fit a rectangle of the scene, or the last.
    pub fn fitting(&self, rect: Rect, style: Type, size: f32, forms: Vec<String>) -> String {
        let room = rect.width() * self.scale;
        let mut forms = forms.into_iter().peekable();
        while let Some(form) = forms.next() {
            let font = style.at((size * self.scale).max(13.0));
            if forms.peek().is_none() || self.painter.layout_no_wrap(form.clone(), font, self.theme.colors.text_1).size().x <= room {
                return form;
            }
        }
        String::new()
    }

    /// One line of words in a rectangle of the scene, cut to it. Answers what it covers, in the scene.
    pub fn words(&self, rect: Rect, align: Align, style: Type, size: f32, color: Color32, text: &str) -> Rect {
        let font = style.at((size * self.scale).max(13.0));
        let on_screen = paint::line(self.painter, self.rect(rect), align, text, font, color);
        let back = |p: Pos2| Pos2::ZERO + (p - self.origin) / self.scale;
        Rect::from_min_max(back(on_screen.min), back(on_screen.max))
    }
}
