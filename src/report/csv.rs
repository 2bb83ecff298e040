//! A series as CSV (RFC 4180, lines ended by LF): exact totals, and rates as differences between two rows.

use std::fmt::Write as _;

use crate::engine::{Counters, Sample};

const HEAD: &str = "seconds,open,waiting,opened,rx_bytes,tx_bytes,rx_messages,tx_messages,\
                    opened_per_s,rx_bytes_per_s,tx_bytes_per_s,rx_messages_per_s,tx_messages_per_s\n";

/// One row for each sample. The first row has no rates, for there is nothing before it.
pub fn series_csv<'a>(samples: impl Iterator<Item = &'a Sample>) -> String {
    let mut text = HEAD.to_owned();
    let mut before: Option<&Sample> = None;
    for sample in samples {
        let c = &sample.counters;
        // Writing to a String cannot fail.
        let _infallible = write!(
            text,
            "{:.3},{},{},{},{},{},{},{}",
            if sample.at_secs.is_finite() { sample.at_secs } else { 0.0 },
            c.open,
            c.waiting,
            c.opened,
            c.rx_bytes,
            c.tx_bytes,
            c.rx_messages,
            c.tx_messages
        );
        let span = before.map(|b| sample.at_secs - b.at_secs).filter(|s| s.is_finite() && *s > 0.0);
        for total in [opened, rx_bytes, tx_bytes, rx_messages, tx_messages] {
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

fn opened(c: &Counters) -> u64 {
    c.opened
}

fn rx_bytes(c: &Counters) -> u64 {
    c.rx_bytes
}

fn tx_bytes(c: &Counters) -> u64 {
    c.tx_bytes
}

fn rx_messages(c: &Counters) -> u64 {
    c.rx_messages
}

fn tx_messages(c: &Counters) -> u64 {
    c.tx_messages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_differences_and_a_restart_begins_at_zero() {
        let sample =
            |at_secs, open, opened, rx_bytes| Sample { at_secs, counters: Counters { open, opened, rx_bytes, ..Counters::default() } };
        let samples = [sample(0.5, 1, 1, 100), sample(1.0, 2, 3, 400), sample(2.0, 1, 1, 50), sample(2.0, 1, 1, 50)];
        let text = series_csv(samples.iter());
        let rows: Vec<_> = text.lines().collect();
        assert_eq!(rows[1], "0.500,1,0,1,100,0,0,0,,,,,");
        assert_eq!(rows[2], "1.000,2,0,3,400,0,0,0,4.0,600.0,0.0,0.0,0.0");
        assert_eq!(rows[3], "2.000,1,0,1,50,0,0,0,1.0,50.0,0.0,0.0,0.0");
        assert_eq!(rows[4], "2.000,1,0,1,50,0,0,0,,,,,");
        let columns = |row: &str| row.split(',').count();
        assert!(rows.iter().all(|r| columns(r) == columns(rows[0])));
    }
}
