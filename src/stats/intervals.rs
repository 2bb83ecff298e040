//! How evenly something happens: the intervals between its moments. Pure: the moments come in as arguments.

use std::time::{Duration, Instant};

/// See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intervals {
    last: Option<Instant>,
    sum: Duration,
    least: Duration,
    most: Duration,
    count: u64,
}

impl Intervals {
    /// It happened.
    pub fn mark(&mut self, at: Instant) {
        if let Some(last) = self.last.replace(at) {
            let interval = at.saturating_duration_since(last);
            self.least = if self.count == 0 { interval } else { self.least.min(interval) };
            self.most = self.most.max(interval);
            self.sum += interval;
            self.count += 1;
        }
    }

    /// Intervals so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean, the shortest and the longest; `None` before the first.
    pub fn spread(&self) -> Option<[Duration; 3]> {
        let count = u32::try_from(self.count).unwrap_or(u32::MAX);
        (count > 0).then(|| [self.sum / count, self.least, self.most])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_over_all_and_the_ends_are_kept() {
        let (start, ms) = (Instant::now(), Duration::from_millis);
        let mut intervals = Intervals::default();
        assert_eq!(intervals.spread(), None);
        intervals.mark(start);
        assert_eq!((intervals.spread(), intervals.count()), (None, 0));
        [10, 18, 30].into_iter().for_each(|at| intervals.mark(start + ms(at)));
        assert_eq!((intervals.spread(), intervals.count()), (Some([ms(10), ms(8), ms(12)]), 3));
    }
}
