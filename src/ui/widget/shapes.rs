//! The marks of the roles: server square, client circle, triangles of the two ways, diamond, cross, measured dot. Who, which
//! way and how sure is told by shape, never by colour alone. Patterns and vessels stand in [`super::paint`].

use eframe::egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use super::paint;
use crate::engine::SessionState;
use crate::lab::Side;
use crate::ui::theme::{RoleColors, Theme, Type, radius};

/// From this size on a mark has its details: the two bars of a server.
const DETAILED: f32 = 14.0;

/// Where a triangle's tip points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tip {
    /// Sent, in tables and labels.
    Up,
    /// Received, in tables and labels.
    Down,
    /// To the server, on the Stage.
    Right,
    /// To the client, on the Stage.
    Left,
}

/// A filled triangle with an edge in the role's text colour.
pub fn triangle(painter: &Painter, center: Pos2, size: f32, tip: Tip, colors: RoleColors) {
    let half = size * 0.5;
    let points = match tip {
        Tip::Up => [vec2(-half, half), vec2(half, half), vec2(0.0, -half)],
        Tip::Down => [vec2(-half, -half), vec2(half, -half), vec2(0.0, half)],
        Tip::Right => [vec2(-half, -half), vec2(-half, half), vec2(half, 0.0)],
        Tip::Left => [vec2(half, -half), vec2(half, half), vec2(-half, 0.0)],
    };
    let points = points.into_iter().map(|p| center + p).collect();
    painter.add(Shape::convex_polygon(points, colors.mark, Stroke::new(1.0, colors.text)));
}

/// ◆: something happened to the connection itself.
pub fn diamond(painter: &Painter, center: Pos2, size: f32, color: Color32) {
    let r = size / 2.0;
    let points = vec![center - vec2(0.0, r), center + vec2(r, 0.0), center + vec2(0.0, r), center - vec2(r, 0.0)];
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// ×: it ended badly.
pub fn cross(painter: &Painter, center: Pos2, size: f32, color: Color32) {
    let r = size * 0.4;
    let stroke = Stroke::new(2.0, color);
    painter.line_segment([center - vec2(r, r), center + vec2(r, r)], stroke);
    painter.line_segment([center + vec2(-r, r), center + vec2(r, -r)], stroke);
}

/// ● the kernel said so, or ○ worked out.
pub fn certainty(painter: &Painter, center: Pos2, measured: bool, color: Color32) {
    if measured {
        painter.circle_filled(center, 3.7, color);
    } else {
        painter.circle_stroke(center, 3.2, Stroke::new(1.5, color));
    }
}

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

impl Standing {
    /// What a session's state looks like; `None`: never started.
    pub fn of(state: Option<SessionState>) -> Self {
        match state {
            None | Some(SessionState::Stopped) => Self::Off,
            Some(SessionState::Starting | SessionState::Stopping) => Self::Moving,
            Some(SessionState::Running) => Self::Runs,
            Some(SessionState::Failed) => Self::Failed,
        }
    }
}

/// A server's square: two bars when it is large, hollow when it does not run.
pub fn server(painter: &Painter, theme: &Theme, center: Pos2, side: f32, standing: Standing) {
    let c = &theme.colors;
    let rect = Rect::from_center_size(center, Vec2::splat(side));
    let corner = CornerRadius::same(if side < DETAILED { radius::BAR as u8 } else { 3 });
    let hollow = |width: f32, color| painter.rect_stroke(rect, corner, Stroke::new(width, color), StrokeKind::Inside);
    match standing {
        Standing::Runs => {
            painter.rect(rect, corner, c.server.mark, Stroke::new(1.0, c.server.text), StrokeKind::Inside);
            if side >= DETAILED {
                let bar = Stroke::new(side * 0.11, c.on_server);
                for part in [0.36, 0.64] {
                    let y = rect.top() + side * part;
                    painter.hline(rect.left() + side * 0.22..=rect.left() + side * 0.78, y, bar);
                }
            }
        }
        Standing::Off => {
            hollow(1.5, c.text_3);
        }
        Standing::Failed => {
            hollow(1.5, c.error.text);
        }
        Standing::Moving => {
            hollow(1.0, c.text_3);
            let (from, to) = (rect.center_top() + vec2(0.0, side * 0.25), rect.right_center() - vec2(side * 0.25, 0.0));
            painter.add(eframe::egui::epaint::QuadraticBezierShape::from_points_stroke(
                [from, pos2(to.x, from.y), to],
                false,
                Color32::TRANSPARENT,
                Stroke::new(1.5, c.server.text),
            ));
        }
    }
}

/// How a client's token looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenLook {
    /// Connected.
    Filled,
    /// Not connected: hollow and dashed.
    Hollow,
    /// Failed: hollow and dashed in the error colour.
    Failed,
    /// Several connections, or several clients.
    Stacked,
    /// Not one of ours.
    Outside,
}

impl From<Standing> for TokenLook {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Runs => Self::Filled,
            Standing::Off | Standing::Moving => Self::Hollow,
            Standing::Failed => Self::Failed,
        }
    }
}

/// A client's circle with its number.
pub fn client(painter: &Painter, theme: &Theme, center: Pos2, r: f32, look: TokenLook, number: &str) {
    let colors = theme.colors.client;
    let hollow = |ink: Color32| {
        let width = if r < DETAILED { 1.5 } else { 2.0 };
        paint::dashed_circle(painter, center, r - width / 2.0, Stroke::new(width, ink));
        ink
    };
    let ink = match look {
        TokenLook::Filled => {
            painter.circle(center, r, colors.mark, Stroke::new(1.5, colors.text));
            theme.colors.on_mark
        }
        TokenLook::Hollow => hollow(colors.text),
        TokenLook::Failed => hollow(theme.colors.error.text),
        TokenLook::Stacked => {
            let step = r * 0.23;
            for n in [2.0, 1.0] {
                painter.circle(center + vec2(step * n, -step * n), r, colors.soft, Stroke::new(1.5, colors.text));
            }
            painter.circle(center, r, colors.mark, Stroke::new(1.5, colors.text));
            theme.colors.on_mark
        }
        TokenLook::Outside => {
            painter.circle(center, r, theme.colors.panel, Stroke::new(1.5, theme.colors.line_strong));
            theme.colors.text_2
        }
    };
    // Three and more digits get smaller, so that they stay inside.
    let fits = r * 2.35 / number.chars().count().max(1) as f32;
    painter.text(center, Align2::CENTER_CENTER, number, Type::Strong.at((r * 1.02).max(10.5).min(fits).max(7.0)), ink);
}

/// The square of a server or the circle of a client.
pub fn side(painter: &Painter, theme: &Theme, center: Pos2, size: f32, side: Side, standing: Standing) {
    match side {
        Side::Server => server(painter, theme, center, size, standing),
        Side::Client => client(painter, theme, center, size / 2.0, standing.into(), ""),
    }
}

/// Room for a mark in a row of widgets, painted by `paint`.
pub fn in_row(ui: &mut Ui, size: f32, paint: impl FnOnce(&Painter, Pos2)) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(size), eframe::egui::Sense::hover());
    paint(ui.painter(), rect.center());
}
