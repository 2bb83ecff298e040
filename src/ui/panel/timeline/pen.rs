//! What the timeline is painted with: the painter, the words, and where each moment lies.

use eframe::egui::{Align2, Color32, Mesh, Painter, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, pos2};

use super::rows::Across;
use super::tint::Tint;
use crate::engine::{SessionView, Snapshot};
use crate::ui::Text;
use crate::ui::theme::{Theme, Type, radius};
use crate::ui::widget::paint;

/// Slices narrower than this have no rounded corners and no edge of their own.
const PLAIN: f32 = 6.0;

/// Borrowed for one frame.
pub struct Pen<'a> {
    pub painter: &'a Painter,
    pub theme: &'a Theme,
    pub text: &'a Text,
    pub snap: &'a Snapshot,
    pub across: Across,
    /// Begin and end of the window, in nanoseconds.
    pub window: (f64, f64),
}

impl<'a> Pen<'a> {
    /// Where a moment lies.
    pub fn x(&self, ns: u64) -> f32 {
        self.x_f64(ns as f64)
    }

    /// Where a moment lies.
    pub fn x_f64(&self, ns: f64) -> f32 {
        let plot = self.across.plot;
        let share = (ns - self.window.0) / (self.window.1 - self.window.0);
        plot.min + (share.clamp(-1.0, 2.0) * f64::from(plot.span())) as f32
    }

    /// The nearest place inside the plot.
    pub fn x_in(&self, x: f32) -> f32 {
        x.clamp(self.across.plot.min, self.across.plot.max)
    }

    /// The moment that lies here.
    pub fn at(&self, x: f32) -> u64 {
        let share = f64::from((x - self.across.plot.min) / self.across.plot.span().max(1.0));
        (self.window.0 + share * (self.window.1 - self.window.0)).max(0.0) as u64
    }

    /// Nanoseconds in so many points.
    pub fn ns(&self, points: f32) -> u64 {
        (f64::from(points) * (self.window.1 - self.window.0) / f64::from(self.across.plot.span().max(1.0))) as u64
    }

    /// The window in whole nanoseconds.
    pub fn span(&self) -> (u64, u64) {
        (self.window.0.max(0.0) as u64, self.window.1.max(0.0) as u64)
    }

    /// A session by its place.
    pub fn session(&self, at: usize) -> Option<&'a SessionView> {
        self.snap.sessions.get(at).map(|s| &**s)
    }

    /// The moment that is shown.
    pub fn now(&self) -> u64 {
        self.snap.at.as_nanos() as u64
    }

    /// The time between two places, within the plot.
    pub fn between(&self, x: Rangef, y: Rangef) -> Rect {
        let plot = self.across.plot;
        Rect::from_x_y_ranges(x.min.clamp(plot.min, plot.max)..=x.max.clamp(plot.min, plot.max), y)
    }

    /// A slice that is solid or spins; narrow ones go to the mesh, which is one shape for the whole lane.
    pub fn slice(&self, mesh: &mut Mesh, rect: Rect, tint: Tint) {
        if rect.width() <= 0.0 {
            return;
        }
        let colors = self.theme.role(tint.role());
        mesh.add_colored_rect(rect.expand2(eframe::egui::vec2(0.0, 1.0)), self.theme.colors.stage);
        if rect.width() < PLAIN {
            let side = if rect.width() > 3.0 { 0.5 } else { 0.0 };
            let inner = rect.shrink2(eframe::egui::vec2(side, 0.0));
            if self.theme.dark || inner.width() < 3.5 {
                mesh.add_colored_rect(inner, self.solid(tint));
            } else {
                // Light marks are not seen by themselves on white.
                mesh.add_colored_rect(inner, colors.text);
                mesh.add_colored_rect(inner.shrink(1.0), colors.mark);
            }
        }
    }

    /// The colour of what is too narrow for an edge.
    pub fn solid(&self, tint: Tint) -> Color32 {
        let colors = self.theme.role(tint.role());
        if self.theme.dark { colors.mark } else { colors.text }
    }

    /// The part of a slice that comes over the mesh.
    pub fn slice_over(&self, rect: Rect, tint: Tint) {
        if rect.width() < PLAIN {
            return;
        }
        let colors = self.theme.role(tint.role());
        let inner = rect.shrink2(eframe::egui::vec2(0.5, 0.0));
        match tint {
            Tint::Spinning => paint::fence(&self.painter.with_clip_rect(inner.intersect(self.painter.clip_rect())), inner, colors),
            Tint::Asleep | Tint::Received | Tint::Sent | Tint::Client | Tint::Own => {
                let edge = if self.theme.dark { Stroke::NONE } else { Stroke::new(1.0, colors.text) };
                self.painter.rect(inner, radius::BAR, colors.mark, edge, StrokeKind::Inside);
            }
        }
    }

    /// Adds a mesh if there is anything in it.
    pub fn add(&self, mesh: Mesh) {
        if !mesh.is_empty() {
            self.painter.add(Shape::mesh(mesh));
        }
    }

    /// How wide words are.
    pub fn width(&self, text: &str, style: Type, size: f32) -> f32 {
        self.painter.layout_no_wrap(text.to_owned(), style.at(size), Color32::PLACEHOLDER).size().x
    }

    /// One line of words.
    pub fn words(&self, at: Pos2, align: Align2, text: &str, style: Type, size: f32, color: Color32) -> Rect {
        self.painter.text(at, align, text, style.at(size), color)
    }

    /// Words on a chip of the panel's ground, in the middle of a slice; nothing if there is no room.
    pub fn chip(&self, slice: Rect, text: &str, size: f32, color: Color32) {
        if slice.width() < 28.0 {
            return;
        }
        let galley = self.painter.layout_no_wrap(text.to_owned(), Type::Data.at(size), color);
        let room = galley.size() + eframe::egui::vec2(4.0, 4.0);
        if room.x > slice.width() {
            return;
        }
        let chip = Rect::from_center_size(slice.center(), room).intersect(slice.expand(1.0));
        self.painter.rect_filled(chip, 3.0, self.theme.colors.panel);
        self.painter.galley(pos2(chip.center().x - galley.size().x / 2.0, chip.center().y - galley.size().y / 2.0), galley, color);
    }
}
