//! A series as CSV (RFC 4180, lines ended by LF): exact totals, and rates as differences between two rows.

use std::fmt::Write as _;

use crate::engine::{Counters, Sample};

/// A column's name and its total.
type Total = (&'static str, fn(&Counters) -> u64);

/// Totals that grow, by the names of their columns; the rates' columns have these names with `_per_s`.
const TOTALS: [Total; 10] = [
    ("opened", |c| c.opened),
    ("rx_bytes", |c| c.rx_bytes),
    ("tx_bytes", |c| c.tx_bytes),
    ("rx_messages", |c| c.rx_messages),
    ("tx_messages", |c| c.tx_messages),
    ("calls", |c| c.calls),
    ("wakeups", |c| c.wakeups),
    ("eagain", |c| c.eagain),
    ("switches", |c| c.switches),
    ("cpu_us", |c| c.cpu_us),
];

/// One row for each sample. The first row has no rates, for there is nothing before it.
pub fn series_csv<'a>(samples: impl Iterator<Item = &'a Sample>) -> String {
    let mut text = "seconds,open,waiting".to_owned();
    // Writing to a String cannot fail.
    let _infallible = TOTALS.iter().try_for_each(|(name, _)| write!(text, ",{name}"));
    let _infallible = TOTALS.iter().try_for_each(|(name, _)| write!(text, ",{name}_per_s"));
    text.push('\n');
    let mut before: Option<&Sample> = None;
    for sample in samples {
        let c = &sample.counters;
        let seconds = if sample.at_secs.is_finite() { sample.at_secs } else { 0.0 };
        let _infallible = write!(text, "{seconds:.3},{},{}", c.open, c.waiting);
        let _infallible = TOTALS.iter().try_for_each(|(_, total)| write!(text, ",{}", total(c)));
        let span = before.map(|b| sample.at_secs - b.at_secs).filter(|s| s.is_finite() && *s > 0.0);
        for (_, total) in TOTALS {
            text.push(',');
            if let (Some(before), Some(span)) = (before, span) {
                let (old, new) = (total(&before.counters), total(c));
                // A smaller total is a new generation, which began at zero.
                let grown = if new >= old { new - old } else { new };
                let _infallible = write!(text, "{:.1}", grown as f64 / span);
            }
        }
        text.push('\n');
        before = Some(sample);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_differences_and_a_restart_begins_at_zero() {
        let sample = |at_secs, open, opened, rx_bytes| Sample {
            at_secs,
            counters: Counters { open, opened, rx_bytes, calls: 2 * rx_bytes, cpu_us: 10 * rx_bytes, ..Counters::default() },
        };
        let samples = [sample(0.5, 1, 1, 100), sample(1.0, 2, 3, 400), sample(2.0, 1, 1, 50), sample(2.0, 1, 1, 50)];
        let text = series_csv(samples.iter());
        let rows: Vec<_> = text.lines().collect();
        assert_eq!(
            rows[0],
            "seconds,open,waiting,opened,rx_bytes,tx_bytes,rx_messages,tx_messages,calls,wakeups,eagain,switches,cpu_us,\
             opened_per_s,rx_bytes_per_s,tx_bytes_per_s,rx_messages_per_s,tx_messages_per_s,\
             calls_per_s,wakeups_per_s,eagain_per_s,switches_per_s,cpu_us_per_s"
        );
        assert_eq!(rows[1], "0.500,1,0,1,100,0,0,0,200,0,0,0,1000,,,,,,,,,,");
        assert_eq!(rows[2], "1.000,2,0,3,400,0,0,0,800,0,0,0,4000,4.0,600.0,0.0,0.0,0.0,1200.0,0.0,0.0,0.0,6000.0");
        assert_eq!(rows[3], "2.000,1,0,1,50,0,0,0,100,0,0,0,500,1.0,50.0,0.0,0.0,0.0,100.0,0.0,0.0,0.0,500.0");
        assert_eq!(rows[4], "2.000,1,0,1,50,0,0,0,100,0,0,0,500,,,,,,,,,,");
        let columns = |row: &str| row.split(',').count();
        assert!(rows.iter().all(|r| columns(r) == columns(rows[0])));
    }
}
