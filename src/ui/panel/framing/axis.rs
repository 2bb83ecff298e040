//! Which stretch of the stream is shown: zoom, pan, follow. Pure.

use eframe::egui::Rangef;

/// The shortest stretch, in bytes.
const LEAST: f64 = 4.0;
/// The longest.
const MOST: f64 = 1e12;

/// The window over the stream.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Axis {
    /// Bytes across; `None` fits the newest stretches.
    span: Option<f64>,
    /// Where it ends; `None` follows the newest byte.
    end: Option<f64>,
}

/// What is known of the stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// Its first byte that is kept.
    pub first: u64,
    /// After its last.
    pub end: u64,
    /// Bytes that fit well.
    pub fits: u64,
}

/// A window as it is painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// First byte.
    pub from: f64,
    /// After the last.
    pub to: f64,
    /// Left and right on the screen.
    pub x: Rangef,
}

impl Window {
    /// Where a byte begins on the screen.
    pub fn x(&self, byte: u64) -> f32 {
        let share = (byte as f64 - self.from) / (self.to - self.from);
        // Far outside it is just outside.
        self.x.min + (share.clamp(-1.0, 2.0) as f32) * self.x.span()
    }

    /// The byte at a place of the screen.
    pub fn byte(&self, x: f32) -> f64 {
        self.from + f64::from((x - self.x.min) / self.x.span().max(1.0)) * (self.to - self.from)
    }
}

impl Axis {
    /// First byte and the one after the last.
    pub fn window(&self, known: Known) -> (f64, f64) {
        let span = self.span.unwrap_or_else(|| fitting(known.fits));
        let newest = (known.end as f64).max(known.first as f64 + span);
        let end = self.end.map_or(newest, |end| end.min(newest));
        (end - span, end)
    }

    /// Whether it moves on with the newest byte.
    pub fn follows(&self) -> bool {
        self.end.is_none()
    }

    /// Goes to the newest byte and stays there.
    pub fn follow(&mut self) {
        self.end = None;
    }

    /// Stops where it is.
    pub fn hold(&mut self, known: Known) {
        let (from, to) = self.window(known);
        (self.span, self.end) = (Some(to - from), Some(to));
    }

    /// Makes it `factor` times as long, with what is at this share of its width staying there.
    pub fn zoom(&mut self, factor: f64, share: f64, known: Known) {
        let (from, to) = self.window(known);
        let span = ((to - from) * factor).clamp(LEAST, MOST);
        self.span = Some(span);
        if !(self.follows() && share >= 1.0) {
            self.set_end(from + (to - from) * share + span * (1.0 - share), known);
        }
    }

    /// Moves it by this share of its width.
    pub fn pan(&mut self, share: f64, known: Known) {
        let (from, to) = self.window(known);
        self.span = Some(to - from);
        self.set_end(to + (to - from) * share, known);
    }

    fn set_end(&mut self, end: f64, known: Known) {
        let span = self.span.unwrap_or_else(|| fitting(known.fits));
        let newest = (known.end as f64).max(known.first as f64 + span);
        let first = known.first as f64 + span.min(newest - known.first as f64);
        self.end = (end < newest).then(|| end.max(first));
    }
}

/// Steps of a half or a third more, so that a stream that grows does not make the window swim.
fn fitting(bytes: u64) -> f64 {
    let whole = bytes.clamp(16, 1 << 40).next_power_of_two();
    let less = whole / 4 * 3;
    (if bytes <= less { less.max(16) } else { whole }) as f64
}

/// Round places between `from` and `to`, about so far apart.
pub fn ticks(from: f64, to: f64, about: f64) -> Vec<u64> {
    let decade = 10_f64.powf(about.max(1.0).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * decade).find(|s| *s >= about).unwrap_or(decade * 10.0).max(1.0);
    let first = (from.max(0.0) / step).ceil() as u64;
    let last = (to / step).floor().max(0.0) as u64;
    (first..=last).take(200).map(|n| n * step as u64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Known = Known { first: 0, end: 1_000, fits: 50 };

    #[test]
    fn it_fits_and_follows_until_one_looks_elsewhere() {
        let mut axis = Axis::default();
        assert_eq!((axis.window(KNOWN), axis.follows()), ((936.0, 1_000.0), true));
        assert_eq!(axis.window(Known { end: 10, fits: 10, ..KNOWN }), (0.0, 16.0), "a short stream begins at the left");
        axis.zoom(2.0, 1.0, KNOWN);
        assert_eq!((axis.window(KNOWN), axis.follows()), ((872.0, 1_000.0), true));
        axis.pan(-1.0, KNOWN);
        assert_eq!((axis.window(Known { end: 5_000, ..KNOWN }), axis.follows()), ((744.0, 872.0), false));
        axis.pan(-100.0, KNOWN);
        assert_eq!(axis.window(KNOWN), (0.0, 128.0));
        axis.zoom(1e-9, 0.0, KNOWN);
        assert_eq!(axis.window(KNOWN), (0.0, 4.0));
        axis.pan(1e9, KNOWN);
        assert!(axis.follows());
        axis.hold(KNOWN);
        assert!(!axis.follows());
    }

    #[test]
    fn ticks_are_round_and_never_parts_of_a_byte() {
        assert_eq!(ticks(936.0, 1_000.0, 13.0), [940, 960, 980, 1_000]);
        assert_eq!(ticks(0.0, 4.0, 0.2), [0, 1, 2, 3, 4]);
        let window = Window { from: 100.0, to: 200.0, x: Rangef::new(10.0, 110.0) };
        assert_eq!((window.x(150), window.byte(60.0)), (60.0, 150.0));
    }
}
