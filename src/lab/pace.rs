//! When a server takes the next client out of the accept queue. A value only.

use std::fmt;
use std::time::Duration;

use super::MAX_WAIT_MS;

/// See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AcceptPace {
    /// As soon as somebody waits.
    #[default]
    Eager,
    /// One client each so many milliseconds, at least 1.
    Every(u64),
    /// Nobody, until a person says so. A thread that sleeps in a blocking `accept` as this comes takes the next client still.
    Paused,
}

impl AcceptPace {
    /// The pause between two clients; `None` when there is none, or no end of it.
    pub fn pause(self) -> Option<Duration> {
        match self {
            Self::Every(ms) => Some(Duration::from_millis(ms)),
            Self::Eager | Self::Paused => None,
        }
    }

    /// What [`Display`](fmt::Display) writes: `eager`, `paused`, or a time such as `250ms` or `1s`. `None` for anything else,
    /// and for a time of zero or more than a day.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let number = |digits: &str, factor: u64| digits.trim().parse::<u64>().ok()?.checked_mul(factor);
        let ms = match (text, text.strip_suffix("ms"), text.strip_suffix('s')) {
            ("eager", ..) => return Some(Self::Eager),
            ("paused", ..) => return Some(Self::Paused),
            (_, Some(digits), _) => number(digits, 1),
            (_, None, Some(digits)) => number(digits, 1_000),
            (_, None, None) => None,
        };
        ms.filter(|ms| (1..=MAX_WAIT_MS).contains(ms)).map(Self::Every)
    }
}

impl fmt::Display for AcceptPace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Eager => f.write_str("eager"),
            Self::Paused => f.write_str("paused"),
            Self::Every(ms) if ms % 1_000 == 0 => write!(f, "{}s", ms / 1_000),
            Self::Every(ms) => write!(f, "{ms}ms"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for pace in [AcceptPace::Eager, AcceptPace::Paused, AcceptPace::Every(1), AcceptPace::Every(1_000), AcceptPace::Every(1_500)] {
            assert_eq!(AcceptPace::parse(&pace.to_string()), Some(pace));
        }
        assert_eq!(AcceptPace::parse(" 2 s "), Some(AcceptPace::Every(2_000)));
        for bad in ["", "0ms", "fast", "-1s", "1h", "86400001ms", "99999999999999999999s", "1.5s", "s", "ms"] {
            assert_eq!(AcceptPace::parse(bad), None, "{bad}");
        }
    }
}
