//! The figures of a server side by side with others: over the last second, and how much they moved over the last ten. Pure.

use crate::engine::{LogView, Rates, Sample, SessionView};
use crate::ui::widget::format;

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Requests,
    Calls,
    CallsPerMessage,
    Wakeups,
    Again,
    Switches,
    Threads,
    Cpu,
}

impl Figure {
    /// In the order of the table.
    pub const ALL: [Self; 8] =
        [Self::Requests, Self::Calls, Self::CallsPerMessage, Self::Wakeups, Self::Again, Self::Switches, Self::Threads, Self::Cpu];

    /// Locale key of its name; `…-tip` says what it counts, and where.
    pub fn key(self) -> &'static str {
        match self {
            Self::Requests => "counters-requests",
            Self::Calls => "counters-calls",
            Self::CallsPerMessage => "counters-calls-per-message",
            Self::Wakeups => "counters-wakeups",
            Self::Again => "counters-eagain",
            Self::Switches => "counters-switches",
            Self::Threads => "counters-threads",
            Self::Cpu => "counters-cpu",
        }
    }

    /// Its value at this moment; `None` when nobody tells, or when it means nothing.
    pub fn value(self, session: &SessionView) -> Option<f64> {
        match self {
            Self::Threads => Some(f64::from(session.live_lanes)),
            // A thread that runs at all uses some: zero since the start is a system that does not tell.
            Self::Cpu if session.counters.cpu_us == 0 => None,
            Self::Switches if session.counters.switches == 0 => None,
            _ => self.rate(&session.rates),
        }
    }

    fn rate(self, rates: &Rates) -> Option<f64> {
        match self {
            Self::Requests => Some(rates.rx_messages),
            Self::Calls => Some(rates.calls),
            // Under one message a second the quotient says nothing about a message.
            Self::CallsPerMessage => (rates.rx_messages >= 1.0).then(|| rates.calls / rates.rx_messages),
            Self::Wakeups => Some(rates.wakeups),
            Self::Again => Some(rates.eagain),
            Self::Switches => Some(rates.switches),
            Self::Threads => None,
            Self::Cpu => Some(rates.cpu),
        }
    }

    /// As people read it.
    pub fn words(self, value: f64) -> String {
        match self {
            Self::Cpu => format!("{:.0} %", value * 100.0),
            Self::CallsPerMessage => format!("{value:.1}"),
            Self::Requests | Self::Calls | Self::Wakeups | Self::Again | Self::Switches | Self::Threads => {
                format::count(value.round().max(0.0) as u64)
            }
        }
    }

    /// A spread as people read it: of a percentage these are points.
    pub fn spread_words(self, spread: f64) -> String {
        match self {
            Self::Cpu => format!("{:.0}", spread * 100.0),
            Self::Requests | Self::Calls | Self::CallsPerMessage | Self::Wakeups | Self::Again | Self::Switches | Self::Threads => {
                self.words(spread)
            }
        }
    }
}

/// The middle and half the width of what a figure was in each of the last seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub middle: f64,
    pub half: f64,
}

/// Seconds that are looked at, and the fewest that make a spread.
const SECONDS: usize = 10;
const FEWEST: usize = 3;

/// How much a figure moved over the last ten seconds; `None` when the run is too short to say.
pub fn spread(figure: Figure, series: &LogView<Sample>) -> Option<Spread> {
    let newest = series.last()?;
    // Ten samples a second; one a second is enough to know each second's growth.
    let mut marks: Vec<&Sample> = Vec::with_capacity(SECONDS + 2);
    let from = series.end_index().saturating_sub(10 * (SECONDS as u64 + 2));
    let first = newest.at_secs - SECONDS as f64 - 0.05;
    for sample in series.iter_from(from).filter(|s| s.at_secs >= first) {
        if marks.last().is_none_or(|last| sample.at_secs - last.at_secs >= 0.95) {
            marks.push(sample);
        }
    }
    let values: Vec<f64> = marks.windows(2).filter_map(|pair| figure.rate(&growth(pair[0], pair[1])?)).collect();
    if values.len() < FEWEST {
        return None;
    }
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(0.0, f64::max);
    Some(Spread { middle: f64::midpoint(least, most), half: (most - least) / 2.0 })
}

/// What grew between two samples, per second; `None` across a new start.
fn growth(old: &Sample, new: &Sample) -> Option<Rates> {
    let span = new.at_secs - old.at_secs;
    let per_s = |of: fn(&Sample) -> u64| Some(of(new).checked_sub(of(old))? as f64 / span);
    Some(Rates {
        rx_messages: per_s(|s| s.counters.rx_messages)?,
        calls: per_s(|s| s.counters.calls)?,
        wakeups: per_s(|s| s.counters.wakeups)?,
        eagain: per_s(|s| s.counters.eagain)?,
        switches: per_s(|s| s.counters.switches)?,
        cpu: per_s(|s| s.counters.cpu_us)? / 1e6,
        ..Rates::default()
    })
}

/// How two servers stand to each other in one figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Their ranges overlap: one cannot tell them apart.
    Covered {
        /// Half the width of the wider range.
        spread: f64,
    },
    /// They lie apart.
    Apart,
    /// One of them ran too short, or has no such figure.
    Unknown,
}

/// Compares two servers in one figure.
pub fn verdict(figure: Figure, a: &SessionView, b: &SessionView) -> Verdict {
    if figure.value(a).is_none() || figure.value(b).is_none() {
        return Verdict::Unknown;
    }
    match (spread(figure, &a.series), spread(figure, &b.series)) {
        (Some(a), Some(b)) if (a.middle - b.middle).abs() <= a.half + b.half => Verdict::Covered { spread: a.half.max(b.half) },
        (Some(_), Some(_)) => Verdict::Apart,
        (None, _) | (_, None) => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Counters;

    /// Ten samples a second for `secs`, with this many calls in each second.
    fn series(per_second: &[u64]) -> LogView<Sample> {
        let mut counters = Counters::default();
        let mut at = 0;
        let mut all = vec![Sample::default()];
        for calls in per_second {
            for _ in 0..10 {
                counters.calls += calls / 10;
                at += 1;
                all.push(Sample { at_secs: f64::from(at) * 0.1, counters });
            }
        }
        all.into_iter().collect()
    }

    #[test]
    fn the_spread_is_half_of_what_the_last_ten_seconds_moved() {
        let steady =
            spread(Figure::Calls, &series(&[5_000, 1_000, 1_000, 1_200, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000])).unwrap();
        assert!((steady.middle - 1_100.0).abs() < 5.0 && (steady.half - 100.0).abs() < 5.0, "the first second is too old: {steady:?}");
        assert_eq!(spread(Figure::Calls, &series(&[1_000, 1_000])), None);
        assert_eq!(spread(Figure::Threads, &series(&[10; 9])), None);
    }

    #[test]
    fn a_new_start_is_no_negative_rate() {
        let mut all: Vec<Sample> = series(&[1_000; 5]).iter().copied().collect();
        let again: Vec<Sample> = series(&[1_000; 5]).iter().map(|s| Sample { at_secs: s.at_secs + 5.0, ..*s }).collect();
        all.extend(again);
        let found = spread(Figure::Calls, &all.into_iter().collect()).unwrap();
        assert!((found.middle - 1_000.0).abs() < 5.0 && found.half < 5.0, "{found:?}");
    }

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(Figure::Cpu.words(0.214), "21 %");
        assert_eq!(
            (Figure::Calls.words(16_036.4), Figure::CallsPerMessage.words(2.04), Figure::Cpu.spread_words(0.04)),
            ("16,036".into(), "2.0".into(), "4".into())
        );
    }
}
