//! A rate over about the last second, from exact totals.

use std::collections::VecDeque;
use std::time::Duration;

/// Keeps the totals of the last second for `N` counters and answers their rates.
#[derive(Clone, Debug)]
pub struct RateMeter<const N: usize> {
    points: VecDeque<(Duration, [u64; N])>,
    window: Duration,
}

impl<const N: usize> Default for RateMeter<N> {
    fn default() -> Self {
        Self { points: VecDeque::new(), window: Duration::from_secs(1) }
    }
}

impl<const N: usize> RateMeter<N> {
    /// Takes the totals at `now` and answers each counter's growth per second over the window (shorter just after start).
    pub fn update(&mut self, now: Duration, totals: [u64; N]) -> [f64; N] {
        self.points.push_back((now, totals));
        // Keep one point at or before the window's start, so that the span is about the window.
        while self.points.len() > 2 && self.points[1].0 + self.window <= now {
            self.points.pop_front();
        }
        let (then, old) = self.points[0];
        let span = (now.saturating_sub(then)).as_secs_f64();
        std::array::from_fn(|i| if span > 0.0 { totals[i].saturating_sub(old[i]) as f64 / span } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_is_the_growth_over_the_last_second() {
        let mut meter = RateMeter::<1>::default();
        let mut rate = [0.0];
        for tick in 0..=30_u64 {
            let total = if tick <= 20 { tick * 10 } else { 200 };
            rate = meter.update(Duration::from_millis(tick * 100), [total]);
            if tick == 20 {
                assert!((rate[0] - 100.0).abs() < 1e-6, "{rate:?}");
            }
        }
        assert!(rate[0].abs() < 1e-6, "nothing for a second: {rate:?}");
    }
}
