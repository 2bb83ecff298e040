//! Which part of time the charts show: a range up to now, held, or moved and zoomed by pointer, wheel or keys. Pure.

use eframe::egui::{EventFilter, Key, Response, Ui};

/// The ranges to choose from, in seconds.
pub const RANGES: [f64; 6] = [10.0, 30.0, 60.0, 120.0, 300.0, 600.0];
/// The shortest window one can zoom to.
const SHORTEST_S: f64 = 1.0;
/// What one key press moves, as a part of the window.
const STEP: f64 = 0.1;
/// What one key press zooms.
const ZOOM: f64 = 1.25;

/// The part that is shown; seconds on the engine's clock.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    range_s: f64,
    /// The right edge, when paused.
    paused: Option<f64>,
    /// When zoomed or panned.
    view: Option<(f64, f64)>,
}

impl Default for Window {
    fn default() -> Self {
        Self { range_s: 60.0, paused: None, view: None }
    }
}

impl Window {
    /// Its left and right edge.
    pub fn edges(&self, now: f64) -> (f64, f64) {
        self.view.unwrap_or_else(|| {
            let right = self.paused.unwrap_or(now);
            (right - self.range_s, right)
        })
    }

    pub fn range(&self) -> f64 {
        self.range_s
    }

    /// Another range, up to where it ended before.
    pub fn set_range(&mut self, seconds: f64) {
        (self.range_s, self.view) = (seconds, None);
    }

    pub fn is_paused(&self) -> bool {
        self.paused.is_some()
    }

    /// Holds the charts here, or lets them go on.
    pub fn toggle_pause(&mut self, now: f64) {
        self.paused = if self.paused.is_some() { None } else { Some(now) };
        self.view = self.view.filter(|_| self.paused.is_some());
    }

    /// Whether there is something to go back from.
    pub fn is_moved(&self) -> bool {
        self.view.is_some()
    }

    /// The chosen range up to now.
    pub fn reset(&mut self) {
        (self.view, self.paused) = (None, None);
    }

    /// Moves to later times by this part of its width.
    pub fn pan(&mut self, part: f64, now: f64) {
        let (left, right) = self.edges(now);
        let by = part * (right - left);
        self.view = Some((left + by, right + by));
    }

    /// Shows `factor` times less time; the moment `at` stays where it is.
    pub fn zoom(&mut self, factor: f64, at: f64, now: f64) {
        let (left, right) = self.edges(now);
        let span = right - left;
        let new = (span / factor).clamp(SHORTEST_S, RANGES[RANGES.len() - 1]);
        let left = at - (at - left) * new / span;
        self.view = Some((left, left + new));
    }

    /// Arrows move and zoom, plus and minus zoom, Home goes back to now: for the chart that has the keyboard.
    pub fn keys(&mut self, ui: &Ui, response: &Response, now: f64) {
        if !response.has_focus() {
            return;
        }
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
        let pressed = |keys: &[Key]| {
            ui.input(|i| i.modifiers.is_none() || i.modifiers.shift_only()) && ui.input(|i| keys.iter().any(|k| i.key_pressed(*k)))
        };
        for (key, part) in [(Key::ArrowLeft, -STEP), (Key::ArrowRight, STEP), (Key::PageUp, -1.0), (Key::PageDown, 1.0)] {
            if pressed(&[key]) {
                self.pan(part, now);
            }
        }
        let zooms: [(&[Key], f64); 2] = [(&[Key::ArrowUp, Key::Plus, Key::Equals], ZOOM), (&[Key::ArrowDown, Key::Minus], 1.0 / ZOOM)];
        for (keys, factor) in zooms {
            if pressed(keys) {
                // Up to now the newest stays in sight; elsewhere the middle.
                let (left, right) = self.edges(now);
                self.zoom(factor, if self.view.is_some() { (left + right) / 2.0 } else { right }, now);
            }
        }
        if pressed(&[Key::Home, Key::Num0]) {
            self.reset();
        }
    }
}
