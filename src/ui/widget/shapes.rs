//! The hand-drawn marks of the roles: square, circle, triangles, dots. Colour never alone.

use eframe::egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use crate::lab::Side;
use crate::ui::theme::Theme;

/// Which way a triangle points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Received.
    Down,
    /// Sent.
    Up,
}

/// ▼ received or ▲ sent, `size` wide.
pub fn triangle(painter: &Painter, center: Pos2, size: f32, way: Way, color: Color32) {
    let (w, h) = (size / 2.0, size * 0.45);
    let y = match way {
        Way::Down => h,
        Way::Up => -h,
    };
    let points = vec![pos2(center.x - w, center.y - y), pos2(center.x + w, center.y - y), pos2(center.x, center.y + y)];
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// ◆: something happened to the connection itself.
pub fn diamond(painter: &Painter, center: Pos2, size: f32, color: Color32) {
    let r = size / 2.0;
    let points = vec![center - vec2(0.0, r), center + vec2(r, 0.0), center + vec2(0.0, r), center - vec2(r, 0.0)];
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// × : it ended badly.
pub fn cross(painter: &Painter, center: Pos2, size: f32, color: Color32) {
    let r = size * 0.4;
    let stroke = Stroke::new(2.0, color);
    painter.line_segment([center - vec2(r, r), center + vec2(r, r)], stroke);
    painter.line_segment([center + vec2(-r, r), center + vec2(r, -r)], stroke);
}

/// ● measured or ○ derived.
pub fn certainty(painter: &Painter, center: Pos2, measured: bool, color: Color32) {
    if measured {
        painter.circle_filled(center, 4.0, color);
    } else {
        painter.circle_stroke(center, 3.5, Stroke::new(1.5, color));
    }
}

/// The square of a server or the circle of a client; hollow when it does not run.
pub fn side(painter: &Painter, theme: &Theme, center: Pos2, size: f32, side: Side, running: bool) {
    let colors = match side {
        Side::Server => theme.colors.server,
        Side::Client => theme.colors.client,
    };
    let edge = Stroke::new(1.5, if running { colors.text } else { theme.colors.text_3 });
    let fill = if running { colors.mark } else { Color32::TRANSPARENT };
    match side {
        Side::Server => {
            let rect = Rect::from_center_size(center, Vec2::splat(size - 1.5));
            painter.rect(rect, CornerRadius::same(if size < 14.0 { 1 } else { 3 }), fill, edge, StrokeKind::Middle);
            if running && size >= 14.0 {
                for dy in [-0.16, 0.16] {
                    let y = center.y + dy * size;
                    painter.hline((center.x - size * 0.24)..=(center.x + size * 0.24), y, Stroke::new(1.5, theme.colors.on_server));
                }
            }
        }
        Side::Client => {
            painter.circle(center, size / 2.0 - 0.75, fill, edge);
        }
    }
}

/// Room for a mark in a row of widgets, painted by `paint`.
pub fn in_row(ui: &mut Ui, size: f32, paint: impl FnOnce(&Painter, Pos2)) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(size), eframe::egui::Sense::hover());
    paint(ui.painter(), rect.center());
}
