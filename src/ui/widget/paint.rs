//! Patterns and vessels on egui's painter: hatch, fence, dashes, tanks, a line of words. They take colours and never choose
//! what to tell; the marks of the roles stand in [`super::shapes`].

use eframe::egui::{Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2};

use crate::ui::theme::{RoleColors, Theme, radius};

/// 45° lines this far apart, measured along the base.
const HATCH_STEP: f32 = 7.0;
const HATCH_WIDTH: f32 = 1.2;

/// Ground and 45° hatch inside a rectangle: something is asleep.
pub fn hatch(painter: &Painter, rect: Rect, colors: RoleColors, corner: f32) {
    painter.rect_filled(rect, corner, colors.soft);
    let inner = rect.shrink(corner.min(1.5) * 0.5);
    if inner.width() <= 0.0 || inner.height() <= 0.0 {
        return;
    }
    let (height, stroke) = (inner.height(), Stroke::new(HATCH_WIDTH, colors.mark));
    // Anchored to a fixed grid, so that the pattern stands still while the rectangle's edge moves.
    let mut x = ((inner.left() - height) / HATCH_STEP).floor() * HATCH_STEP;
    while x < inner.right() {
        // From (x, bottom) to (x + height, top), cut to the rectangle.
        let from = (inner.left() - x).max(0.0);
        let to = (inner.right() - x).min(height);
        if to > from {
            painter.line_segment([pos2(x + from, inner.bottom() - from), pos2(x + to, inner.bottom() - to)], stroke);
        }
        x += HATCH_STEP;
    }
}

/// Picket fence: something spins. 10-px bars with 4-px gaps.
pub fn fence(painter: &Painter, rect: Rect, colors: RoleColors) {
    painter.rect_filled(rect, radius::BAR, colors.soft);
    let mut x = rect.left();
    while x < rect.right() {
        let bar = Rect::from_x_y_ranges(x..=(x + 10.0).min(rect.right()), rect.y_range());
        painter.rect(bar, radius::BAR, colors.mark, Stroke::new(1.0, colors.text), StrokeKind::Inside);
        x += 14.0;
    }
}

/// A dashed line through these points.
pub fn dashed(painter: &Painter, points: &[Pos2], stroke: Stroke, dash: f32, gap: f32) {
    painter.extend(Shape::dashed_line(points, stroke, dash, gap));
}

/// A dashed rectangle with rounded corners.
pub fn dashed_rect(painter: &Painter, rect: Rect, corner: f32, stroke: Stroke) {
    let mut points = Vec::with_capacity(24);
    let rect = rect.shrink(stroke.width * 0.5);
    let centers = [
        (rect.right() - corner, rect.top() + corner, -0.25),
        (rect.right() - corner, rect.bottom() - corner, 0.0),
        (rect.left() + corner, rect.bottom() - corner, 0.25),
        (rect.left() + corner, rect.top() + corner, 0.5),
    ];
    for (x, y, turn) in centers {
        for step in 0..=4 {
            let angle = (turn + step as f32 / 16.0) * std::f32::consts::TAU;
            points.push(pos2(x, y) + corner * Vec2::angled(angle));
        }
    }
    points.extend(points.first().copied());
    dashed(painter, &points, stroke, 4.0, 3.0);
}

/// A dashed circle.
pub fn dashed_circle(painter: &Painter, center: Pos2, radius: f32, stroke: Stroke) {
    let points: Vec<Pos2> = (0..=48).map(|n| center + radius * Vec2::angled(n as f32 / 48.0 * std::f32::consts::TAU)).collect();
    // Small circles need small dashes to look dashed.
    let dash = (radius * 0.36).clamp(2.5, 4.0);
    dashed(painter, &points, stroke, dash, dash * 0.75);
}

/// A buffer as a tank filled from the left; `None` is a level nobody told us: dashed and empty.
pub fn tank(painter: &Painter, theme: &Theme, rect: Rect, level: Option<f32>, colors: RoleColors) {
    let Some(level) = level else {
        painter.rect_filled(rect, 3.0, theme.colors.stage);
        dashed_rect(painter, rect, 3.0, Stroke::new(1.0, theme.colors.line_control));
        return;
    };
    painter.rect(rect, 3.0, theme.colors.stage, Stroke::new(1.0, theme.colors.line_control), StrokeKind::Inside);
    if level > 0.0 {
        let inner = rect.shrink(1.0);
        let fill = inner.with_max_x(inner.left() + (inner.width() * level.min(1.0)).max(4.0));
        painter.rect(fill, radius::BAR, colors.mark, Stroke::new(1.0, colors.text), StrokeKind::Inside);
    }
}

/// One line of text cut with `…` to a width; returns where it stands. `align` is within `rect`, vertically in the middle.
pub fn line(painter: &Painter, rect: Rect, align: eframe::egui::Align, text: &str, font: FontId, color: Color32) -> Rect {
    use eframe::egui::text::{LayoutJob, TextWrapping};
    if rect.width() < 1.0 {
        return Rect::from_min_size(rect.min, Vec2::ZERO);
    }
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(rect.width());
    let galley = painter.layout_job(job);
    let x = match align {
        eframe::egui::Align::Min => rect.left(),
        eframe::egui::Align::Center => rect.center().x - galley.size().x * 0.5,
        eframe::egui::Align::Max => rect.right() - galley.size().x,
    };
    let place = Rect::from_min_size(pos2(x, rect.center().y - galley.size().y * 0.5), galley.size());
    painter.galley(place.min, galley, color);
    place
}
