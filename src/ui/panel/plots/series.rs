//! From samples to points: totals that go on over restarts, rates over about a second, min/max decimation. Pure.

use egui_plot::PlotPoint;

use crate::engine::{Counters, LogView, Sample};

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Open,
    Waiting,
    Opened,
    RxBytes,
    TxBytes,
    RxMessages,
    TxMessages,
    Calls,
    Wakeups,
    Eagain,
    Switches,
    /// Per cent of one core.
    Cpu,
}

/// How many there are, and how many of them are counts; the rest are growth per second.
pub const FIGURES: usize = 12;
const COUNTS: usize = 3;
const RATES: usize = FIGURES - COUNTS;

/// Figures at one moment: counts as they are, the rest per second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Row {
    pub at_secs: f64,
    pub values: [f64; FIGURES],
}

impl Row {
    pub fn get(&self, figure: Figure) -> f64 {
        self.values[figure as usize]
    }
}

/// A rate is the growth over about this long, as in the engine's own rates.
const RATE_S: f64 = 1.0;

/// Totals that only grow: a smaller total than before is a new generation that starts from zero.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    last: Counters,
    sums: [u64; RATES],
}

impl Totals {
    fn add(&mut self, now: Counters) -> [u64; RATES] {
        let old = totals(&self.last);
        for ((sum, old), new) in self.sums.iter_mut().zip(old).zip(totals(&now)) {
            *sum += new.checked_sub(old).unwrap_or(new);
        }
        self.last = now;
        self.sums
    }
}

fn totals(c: &Counters) -> [u64; RATES] {
    [c.rx_bytes, c.tx_bytes, c.rx_messages, c.tx_messages, c.calls, c.wakeups, c.eagain, c.switches, c.cpu_us]
}

/// Index of the first sample at or after this time.
pub fn index_at(series: &LogView<Sample>, at_secs: f64) -> u64 {
    let (mut low, mut high) = (series.first_index(), series.end_index());
    while low < high {
        let mid = low + (high - low) / 2;
        match series.get(mid) {
            Some(sample) if sample.at_secs < at_secs => low = mid + 1,
            Some(_) | None => high = mid,
        }
    }
    low
}

/// Fills `rows` with the figures from `from` to `to` (seconds) and one sample before, so that lines enter the picture.
pub fn rows(series: &LogView<Sample>, from: f64, to: f64, rows: &mut Vec<Row>) {
    rows.clear();
    // Rates need the second before, and that needs its own first difference.
    let first = index_at(series, from - RATE_S - 0.5);
    let mut sums = Totals::default();
    let mut past: std::collections::VecDeque<(f64, [u64; RATES])> = std::collections::VecDeque::with_capacity(16);
    for (n, sample) in series.iter_from(first).enumerate() {
        if sample.at_secs > to {
            break;
        }
        if n == 0 {
            sums.last = sample.counters;
        }
        let now = sums.add(sample.counters);
        past.push_back((sample.at_secs, now));
        while past.get(1).is_some_and(|p| p.0 + RATE_S <= sample.at_secs + 1e-6) {
            past.pop_front();
        }
        let (then, old) = past[0];
        let span = sample.at_secs - then;
        let mut values = [0.0; FIGURES];
        let c = &sample.counters;
        values[..COUNTS].copy_from_slice(&[c.open as f64, c.waiting as f64, c.opened as f64]);
        if span > 0.0 {
            for ((value, now), old) in values[COUNTS..].iter_mut().zip(now).zip(old) {
                *value = (now - old) as f64 / span;
            }
            // Microseconds in a second, as parts of a hundred.
            values[Figure::Cpu as usize] /= 1e4;
        }
        let row = Row { at_secs: sample.at_secs, values };
        match rows.last_mut() {
            Some(last) if last.at_secs < from && sample.at_secs <= from => *last = row,
            Some(_) | None => rows.push(row),
        }
    }
}

/// How neighbouring points are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Rates.
    Line,
    /// Counts: they hold until they change.
    Stairs,
}

/// M4: of each pixel column the first, least, greatest and last value, so that no peak is lost and a line costs no more than
/// four points a column.
pub fn decimate(rows: &[Row], figure: Figure, join: Join, window: (f64, f64), columns: usize, out: &mut Vec<PlotPoint>) {
    out.clear();
    let width = (window.1 - window.0) / columns.max(1) as f64;
    let column = |row: &Row| ((row.at_secs - window.0) / width).floor();
    let mut rest = rows;
    while let Some(start) = rest.first() {
        let this = column(start);
        let len = rest.iter().position(|r| column(r) != this).unwrap_or(rest.len());
        let (group, next) = rest.split_at(len);
        rest = next;
        let value = |i: usize| group[i].get(figure);
        let (mut least, mut greatest) = (0, 0);
        for i in 1..len {
            if value(i) < value(least) {
                least = i;
            }
            if value(i) > value(greatest) {
                greatest = i;
            }
        }
        let mut keep = [0, least.min(greatest), least.max(greatest), len - 1];
        keep.sort_unstable();
        let mut before = None;
        for i in keep {
            if before == Some(i) {
                continue;
            }
            before = Some(i);
            if let (Join::Stairs, Some(last)) = (join, out.last().copied())
                && last.y != value(i)
            {
                out.push(PlotPoint::new(group[i].at_secs, last.y));
            }
            out.push(PlotPoint::new(group[i].at_secs, value(i)));
        }
    }
    if let (Join::Stairs, Some(last)) = (join, out.last().copied())
        && last.x < window.1
    {
        out.push(PlotPoint::new(window.1, last.y));
    }
}

/// The row that holds at this time.
pub fn row_at(rows: &[Row], at_secs: f64) -> Option<&Row> {
    let after = rows.partition_point(|r| r.at_secs <= at_secs);
    rows.get(after.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample(at_secs: f64, rx: u64, open: u64) -> Sample {
        Sample { at_secs, counters: Counters { rx_bytes: rx, open, ..Counters::default() } }
    }

    #[test]
    fn a_restart_starts_again_from_zero_and_shows_no_dip() {
        let series: LogView<_> = (0..40)
            .map(|n| {
                let rx = if n < 20 { n * 100 } else { (n - 20) * 100 };
                sample(n as f64 * 0.1, rx, 1)
            })
            .collect();
        let mut out = Vec::new();
        rows(&series, 0.0, 4.0, &mut out);
        assert_eq!(out.len(), 40);
        for row in &out[11..] {
            let rate = row.get(Figure::RxBytes);
            assert!((890.0..=1_001.0).contains(&rate), "{rate} at {}", row.at_secs);
        }
    }

    #[test]
    fn only_the_window_and_one_row_before_it_are_kept() {
        let series: LogView<_> = (0..6_000).map(|n| sample(n as f64 * 0.1, n * 10, n)).collect();
        let mut out = Vec::new();
        rows(&series, 590.0, 599.0, &mut out);
        assert!(out[0].at_secs <= 590.0 && out[1].at_secs > 590.0, "{:?}", &out[..2]);
        assert!((out.last().map_or(0.0, |r| r.at_secs) - 599.0).abs() < 0.11);
        assert!(out.iter().all(|r| (r.get(Figure::RxBytes) - 100.0).abs() < 1.0));
        assert_eq!(index_at(&series, 10.0), 100);
        assert_eq!(row_at(&out, 595.04).map(|r| r.get(Figure::Open)), Some(5_950.0));
    }

    proptest! {
        #[test]
        fn decimation_keeps_every_extreme_and_bounds_the_points(values in proptest::collection::vec(0.0..1e6_f64, 1..900), columns in 1..300_usize) {
            let rows: Vec<_> = values.iter().enumerate().map(|(n, v)| {
                let mut row = Row { at_secs: n as f64 * 0.1, ..Row::default() };
                row.values[Figure::RxBytes as usize] = *v;
                row
            }).collect();
            let mut out = Vec::new();
            let window = (0.0, values.len() as f64 * 0.1);
            decimate(&rows, Figure::RxBytes, Join::Line, window, columns, &mut out);
            let fold = |f: fn(f64, f64) -> f64, start| out.iter().map(|p| p.y).fold(start, f);
            prop_assert_eq!(fold(f64::max, f64::MIN), values.iter().copied().fold(f64::MIN, f64::max));
            prop_assert_eq!(fold(f64::min, f64::MAX), values.iter().copied().fold(f64::MAX, f64::min));
            prop_assert!(out.len() <= 4 * (columns + 1));
            prop_assert!(out.windows(2).all(|w| w[0].x <= w[1].x));
            decimate(&rows, Figure::RxBytes, Join::Stairs, window, columns, &mut out);
            prop_assert!(out.windows(2).all(|w| w[0].x == w[1].x || w[0].y == w[1].y), "stairs have no slope");
        }
    }
}
