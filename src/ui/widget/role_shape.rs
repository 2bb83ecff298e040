//! The shapes of the roles at the size of a line of text: server square and client circle, each in its
//! state. A role is never told by colour alone.

use eframe::egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, vec2};

use crate::ui::theme::{RoleColors, Theme, Type, radius};

/// How a server or client stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Runs: filled.
    Runs,
    /// Does not: hollow.
    Off,
    /// On its way up or down: hollow with a quarter arc.
    Moving,
    /// Failed: hollow in the error colour.
    Failed,
}

/// The edge a role's mark needs where it is not 3:1 by itself (light theme).
fn edge(colors: RoleColors) -> Stroke {
    Stroke::new(1.0, colors.text)
}

/// A server's square.
pub fn server(painter: &Painter, theme: &Theme, center: Pos2, side: f32, standing: Standing) {
    let c = &theme.colors;
    let rect = Rect::from_center_size(center, vec2(side, side));
    match standing {
        Standing::Runs => {
            painter.rect(rect, radius::BAR, c.server.mark, Stroke::new(1.5, c.server.text), StrokeKind::Inside);
        }
        Standing::Off => {
            painter.rect_stroke(rect, radius::BAR, Stroke::new(1.5, c.text_3), StrokeKind::Inside);
        }
        Standing::Moving => {
            painter.rect_stroke(rect, radius::BAR, Stroke::new(1.0, c.text_3), StrokeKind::Inside);
            let (from, to) = (rect.center_top() + vec2(0.0, 3.0), rect.right_center() - vec2(3.0, 0.0));
            let corner = Pos2::new(to.x, from.y);
            let arc = eframe::egui::epaint::QuadraticBezierShape::from_points_stroke(
                [from, corner, to],
                false,
                Color32::TRANSPARENT,
                Stroke::new(1.5, c.server.text),
            );
            painter.add(arc);
        }
        Standing::Failed => {
            painter.rect_stroke(rect, radius::BAR, Stroke::new(1.5, c.error.text), StrokeKind::Inside);
        }
    }
}

/// A client's circle with its number; hollow and dashed when it does not run.
pub fn client(painter: &Painter, theme: &Theme, center: Pos2, r: f32, standing: Standing, number: &str) {
    let c = &theme.colors;
    let (fill, ink, ring) = match standing {
        Standing::Runs => (c.client.mark, c.on_mark, None),
        Standing::Off | Standing::Moving => (Color32::TRANSPARENT, c.client.text, Some(c.client.text)),
        Standing::Failed => (Color32::TRANSPARENT, c.error.text, Some(c.error.text)),
    };
    match ring {
        Some(color) => {
            let points: Vec<Pos2> =
                (0..=32).map(|i| center + (r - 0.75) * eframe::egui::Vec2::angled(i as f32 / 32.0 * std::f32::consts::TAU)).collect();
            painter.extend(Shape::dashed_line(&points, Stroke::new(1.5, color), 3.0, 2.0));
        }
        None => {
            painter.circle(center, r, fill, if theme.dark { Stroke::NONE } else { edge(c.client) });
        }
    }
    let points = if number.len() > 2 { r * 0.95 } else { r * 1.25 };
    painter.text(center, Align2::CENTER_CENTER, number, Type::Strong.at(points.min(18.0)), ink);
}
