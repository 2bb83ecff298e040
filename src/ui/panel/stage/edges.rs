//! What the pointer and the keyboard are on in a drawn picture; painted last, over everything.

use eframe::egui::{Rect, Response, Stroke, StrokeKind};

use super::pen::Pen;

/// See the module.
#[derive(Debug, Default)]
pub struct Edges {
    hovered: Option<(Rect, f32)>,
    focused: Option<(Rect, f32)>,
}

impl Edges {
    /// A thing of this frame, with the radius of its corners.
    pub fn see(&mut self, response: &Response, corner: f32) {
        if response.hovered() {
            self.hovered = Some((response.rect, corner));
        }
        if response.has_focus() {
            self.focused = Some((response.rect, corner));
        }
    }

    /// A faint edge under the pointer, on this side of it; a ring on keyboard focus.
    pub fn paint(&self, pen: &Pen<'_>, hovered: StrokeKind) {
        if let Some((rect, corner)) = self.hovered {
            pen.painter.rect_stroke(rect, corner, Stroke::new(1.0, pen.theme.colors.line_strong), hovered);
        }
        if let Some((rect, corner)) = self.focused {
            pen.painter.rect_stroke(rect.expand(3.0), corner + 3.0, Stroke::new(2.0, pen.theme.colors.accent), StrokeKind::Inside);
        }
    }
}
