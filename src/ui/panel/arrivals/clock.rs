//! The clock that the queue and the rows share: which stretch of time is shown, and where its marks stand. Pure.

use eframe::egui::Rangef;

/// How much of the run is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stretch {
    /// All of it up to a minute, then the last minute.
    #[default]
    Auto,
    /// The last so many seconds.
    Last(u32),
    /// All that is kept.
    Whole,
}

impl Stretch {
    /// In the order of the menu.
    pub const ALL: [Self; 5] = [Self::Auto, Self::Last(10), Self::Last(30), Self::Last(300), Self::Whole];
}

/// Lengths of a window in seconds; each is cut by [`steps`] into at most ten parts.
const LENGTHS: [f64; 14] = [6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0, 900.0];
/// The part of the window that lies before now.
const PAST: f64 = 0.76;
/// Auto follows from here.
const FOLLOW: f64 = 60.0;

/// A window of time. Seconds on the engine's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// What is called 0 s: the start of the server.
    pub zero: f64,
    pub start: f64,
    pub end: f64,
    pub now: f64,
}

impl Clock {
    /// The window over a run that began at `zero`, whose first client came at `first`.
    pub fn new(stretch: Stretch, zero: f64, first: Option<f64>, now: f64) -> Self {
        let began = first.map_or(zero, |first| first.max(zero));
        // A whole second, so that the marks stand still.
        let began = zero + (began - zero - 0.3).floor().max(0.0);
        let follow = |length: f64| Self { zero, start: now - length * PAST, end: now + length * (1.0 - PAST), now };
        let from = |start: f64| {
            let length = LENGTHS.into_iter().find(|length| now - start <= length * PAST);
            length.map(|length| Self { zero, start, end: start + length, now })
        };
        match stretch {
            Stretch::Auto => from(began).filter(|c| c.end - c.start <= FOLLOW).unwrap_or_else(|| follow(FOLLOW)),
            Stretch::Last(secs) => follow(f64::from(secs) / PAST),
            Stretch::Whole => from(began).unwrap_or_else(|| follow((now - began) / PAST)),
        }
    }

    /// Where a moment lies; outside of the plot it stands at its edge.
    pub fn x(&self, plot: Rangef, at: f64) -> f32 {
        let part = (at - self.start) / (self.end - self.start);
        plot.min + plot.span() * part.clamp(0.0, 1.0) as f32
    }

    /// The moment at this place.
    pub fn at(&self, plot: Rangef, x: f32) -> f64 {
        self.start + f64::from((x - plot.min) / plot.span().max(1.0)) * (self.end - self.start)
    }

    /// Whether a moment is inside.
    pub fn shows(&self, at: f64) -> bool {
        (self.start..=self.end).contains(&at)
    }

    /// Whole seconds since zero that are marked below the chart.
    pub fn marks(&self) -> impl Iterator<Item = (f64, i64)> {
        let step = steps(self.end - self.start);
        let first = ((self.start - self.zero) / step).ceil() as i64;
        let (zero, end) = (self.zero, self.end);
        let mark = move |n: i64| (zero + n as f64 * step, n * step as i64);
        (first.max(0)..).map(mark).take_while(move |(at, _)| *at <= end + 1e-6)
    }
}

/// Seconds between two marks.
fn steps(length: f64) -> f64 {
    [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0].into_iter().find(|step| length / step <= 10.0).unwrap_or(600.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mock_ups_moment_is_six_seconds_from_zero() {
        let clock = Clock::new(Stretch::Auto, 100.0, Some(100.02), 104.4);
        assert_eq!((clock.start, clock.end), (100.0, 106.0));
        assert_eq!(clock.marks().map(|(_, s)| s).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
        let plot = Rangef::new(92.0, 1_040.0);
        let x = clock.x(plot, 104.4);
        assert!((clock.at(plot, x) - 104.4).abs() < 1e-3 && clock.x(plot, 90.0) == 92.0 && !clock.shows(107.0));
    }

    #[test]
    fn a_long_run_is_followed_and_a_late_first_client_begins_the_window() {
        let clock = Clock::new(Stretch::Auto, 0.0, Some(0.0), 500.0);
        assert!((clock.end - clock.start - 60.0).abs() < 1e-9 && clock.shows(500.0) && clock.end > 510.0);
        assert_eq!(Clock::new(Stretch::Auto, 0.0, Some(40.0), 41.0).start, 39.0);
        for stretch in Stretch::ALL {
            for now in [0.0, 3.0, 59.0, 700.0, 4_000.0] {
                let clock = Clock::new(stretch, 0.0, None, now);
                assert!(clock.shows(now) && clock.end > now && clock.marks().count() <= 12, "{stretch:?} {now}");
            }
        }
    }
}
