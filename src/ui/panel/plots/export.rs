//! The history as CSV: what was counted and what follows from it. English heads, so that other programs can rely on them.

use std::fmt::Write;

use crate::engine::{Counters, Sample};

const HEAD: &str = "seconds,open,waiting,opened,failed,rx_bytes,tx_bytes,rx_messages,tx_messages,calls,wakeups,eagain,\
rx_bytes_per_s,tx_bytes_per_s,rx_messages_per_s,tx_messages_per_s\n";

/// One line for each sample: seconds, exact totals, and rates since the line before. A restart begins its
/// totals again from zero; its first rate counts from zero too.
pub fn series_csv<'a>(samples: impl Iterator<Item = &'a Sample>) -> String {
    let mut out = String::from(HEAD);
    let mut before: Option<Sample> = None;
    for sample in samples {
        let c = &sample.counters;
        let totals =
            [c.open, c.waiting, c.opened, c.failed, c.rx_bytes, c.tx_bytes, c.rx_messages, c.tx_messages, c.calls, c.wakeups, c.eagain];
        // Writing to a String cannot fail.
        let _ = write!(out, "{:.3}", sample.at_secs);
        for total in totals {
            let _ = write!(out, ",{total}");
        }
        for figure in [|c: &Counters| c.rx_bytes, |c: &Counters| c.tx_bytes, |c: &Counters| c.rx_messages, |c: &Counters| c.tx_messages] {
            let rate = before.map(|b| {
                let (old, new) = (figure(&b.counters), figure(c));
                new.checked_sub(old).unwrap_or(new) as f64 / (sample.at_secs - b.at_secs).max(1e-9)
            });
            match rate {
                Some(rate) => {
                    let _ = write!(out, ",{rate:.1}");
                }
                None => out.push(','),
            }
        }
        out.push('\n');
        before = Some(*sample);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_differences_and_a_restart_counts_from_zero() {
        let sample = |at_secs, rx_bytes| Sample { at_secs, counters: Counters { rx_bytes, ..Counters::default() } };
        let samples = [sample(0.5, 7), sample(1.0, 107), sample(1.5, 20)];
        let csv = series_csv(samples.iter());
        let lines: Vec<_> = csv.lines().collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[1], "0.500,0,0,0,0,7,0,0,0,0,0,0,,,,");
        assert_eq!(lines[2], "1.000,0,0,0,0,107,0,0,0,0,0,0,200.0,0.0,0.0,0.0");
        assert_eq!(lines[3], "1.500,0,0,0,0,20,0,0,0,0,0,0,40.0,0.0,0.0,0.0");
        assert!(lines.iter().all(|l| l.split(',').count() == 16));
    }
}
