//! Which stretch of time is shown: zoom, pan, follow. Pure; the moment comes in as an argument.

/// The shortest window, in nanoseconds.
const LEAST: f64 = 2_000.0;
/// The longest.
const MOST: f64 = 3_600e9;
/// The window at first and after a reset.
const AT_FIRST: f64 = 10e9;

/// Where the window ends.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum End {
    /// At the moment that is shown.
    #[default]
    Newest,
    /// Here, in nanoseconds.
    At(f64),
}

/// The window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    span: f64,
    end: End,
}

impl Default for View {
    fn default() -> Self {
        Self { span: AT_FIRST, end: End::default() }
    }
}

impl View {
    /// Its begin and end, in nanoseconds; `now` is the moment that is shown.
    pub fn window(&self, now: f64) -> (f64, f64) {
        let end = match self.end {
            End::Newest => now,
            // An older moment may be shown than the one at which the window was stopped.
            End::At(end) => end.min(now),
        };
        (end - self.span, end)
    }

    /// Its length.
    pub fn span(&self) -> f64 {
        self.span
    }

    /// Whether it moves on with the newest calls.
    pub fn follows(&self) -> bool {
        self.end == End::Newest
    }

    /// Makes it `factor` times as long, with what is at this share of its width staying there.
    pub fn zoom(&mut self, factor: f64, share: f64, now: f64) {
        let (from, end) = self.window(now);
        let span = (self.span * factor).clamp(LEAST, MOST);
        let fixed = from + self.span * share;
        self.span = span;
        self.set_end(if self.follows() && share >= 1.0 { now } else { fixed + span * (1.0 - share) }, now);
        debug_assert!(end.is_finite());
    }

    /// Moves it by this share of its width; negative goes back in time.
    pub fn pan(&mut self, share: f64, now: f64) {
        let (_, end) = self.window(now);
        self.set_end(end + self.span * share, now);
    }

    /// Shows this stretch.
    pub fn show(&mut self, from: f64, to: f64, now: f64) {
        self.span = (to - from).clamp(LEAST, MOST);
        self.set_end(to, now);
    }

    fn set_end(&mut self, end: f64, now: f64) {
        // Before the start and after the newest there is nothing; a window that reaches the newest follows it.
        self.end = if end >= now { End::Newest } else { End::At(end.max(self.span * 0.1).min(now)) };
    }

    /// Stays at the newest.
    pub fn follow(&mut self) {
        self.end = End::Newest;
    }

    /// Stops where it is.
    pub fn hold(&mut self, now: f64) {
        self.end = End::At(self.window(now).1);
    }
}

/// A place on the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// When, in nanoseconds.
    pub at: f64,
    /// What it is called, in units of [`Ticks::unit`].
    pub value: f64,
}

/// Units of the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Nano,
    Micro,
    Milli,
    Second,
    Minute,
}

impl Unit {
    /// In nanoseconds.
    pub fn ns(self) -> f64 {
        match self {
            Self::Nano => 1.0,
            Self::Micro => 1e3,
            Self::Milli => 1e6,
            Self::Second => 1e9,
            Self::Minute => 60e9,
        }
    }
}

/// Round places on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// What their values are counted from: a round moment, or the end of a window that follows.
    pub base: f64,
    /// Their unit.
    pub unit: Unit,
    /// Oldest first.
    pub ticks: Vec<Tick>,
}

/// Steps of 1, 2, 5 in each decade; seconds become minutes.
const STEPS: [(f64, Unit); 33] = [
    (100.0, Unit::Nano),
    (200.0, Unit::Nano),
    (500.0, Unit::Nano),
    (1e3, Unit::Micro),
    (2e3, Unit::Micro),
    (5e3, Unit::Micro),
    (10e3, Unit::Micro),
    (20e3, Unit::Micro),
    (50e3, Unit::Micro),
    (100e3, Unit::Micro),
    (200e3, Unit::Micro),
    (500e3, Unit::Micro),
    (1e6, Unit::Milli),
    (2e6, Unit::Milli),
    (5e6, Unit::Milli),
    (10e6, Unit::Milli),
    (20e6, Unit::Milli),
    (50e6, Unit::Milli),
    (100e6, Unit::Milli),
    (200e6, Unit::Milli),
    (500e6, Unit::Milli),
    (1e9, Unit::Second),
    (2e9, Unit::Second),
    (5e9, Unit::Second),
    (10e9, Unit::Second),
    (20e9, Unit::Second),
    (30e9, Unit::Second),
    (60e9, Unit::Minute),
    (120e9, Unit::Minute),
    (300e9, Unit::Minute),
    (600e9, Unit::Minute),
    (1_200e9, Unit::Minute),
    (3_600e9, Unit::Minute),
];

/// Round places in a window, at most `most` of them. A window that follows counts back from its end, so that the grid stands
/// still and the calls move; a held one counts on from a round moment.
pub fn ticks(view: &View, now: f64, most: f64) -> Ticks {
    let (from, end) = view.window(now);
    let least = view.span() / most.max(1.0);
    let (step, unit) = STEPS.into_iter().find(|(step, _)| *step >= least).unwrap_or((3_600e9, Unit::Minute));
    let base = if view.follows() { end } else { (from / (step * 10.0)).floor() * step * 10.0 };
    let first = ((from - base) / step).ceil() as i64;
    let last = ((end - base) / step + 1e-6).floor() as i64;
    let ticks = (first..=last).map(|n| Tick { at: base + n as f64 * step, value: n as f64 * step / unit.ns() }).collect();
    Ticks { base, unit, ticks }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 100e9;

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let mut view = View::default();
        view.zoom(0.1, 1.0, NOW);
        assert_eq!((view.follows(), view.window(NOW)), (true, (99e9, 100e9)), "at the newest it goes on following");
        view.zoom(0.5, 0.25, NOW);
        let (from, to) = view.window(NOW);
        assert_eq!((view.follows(), from + 0.25 * (to - from), view.span()), (false, 99.25e9, 0.5e9));
        view.zoom(1e-12, 0.5, NOW);
        assert_eq!(view.span(), LEAST);
        view.zoom(1e12, 0.5, NOW);
        assert_eq!((view.span(), view.follows()), (MOST, true), "zoomed out to the newest, it follows");
    }

    #[test]
    fn panning_ends_at_the_newest_and_near_the_start() {
        let mut view = View::default();
        view.pan(-0.5, NOW);
        assert_eq!((view.window(NOW), view.window(NOW + 1e9)), ((85e9, 95e9), (85e9, 95e9)));
        view.pan(3.0, NOW);
        assert!(view.follows());
        view.pan(-1e6, NOW);
        assert_eq!(view.window(NOW).1, 1e9);
        view.hold(NOW);
        view.follow();
        assert_eq!(view.window(NOW + 5e9).1, NOW + 5e9);
    }

    #[test]
    fn ticks_are_round() {
        let mut view = View::default();
        let names = |t: &Ticks| t.ticks.iter().map(|t| t.value).collect::<Vec<_>>();
        let following = ticks(&view, NOW, 6.0);
        assert_eq!((following.unit, names(&following)), (Unit::Second, vec![-10.0, -8.0, -6.0, -4.0, -2.0, 0.0]));
        view.show(50e9 + 500.0, 50e9 + 500_500.0, NOW);
        let held = ticks(&view, NOW, 6.0);
        assert_eq!((held.base, held.unit, names(&held)), (50e9, Unit::Micro, vec![100.0, 200.0, 300.0, 400.0, 500.0]));
    }
}
