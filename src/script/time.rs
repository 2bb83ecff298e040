//! Times as scripts write them: `500ms`, `2s`, `1.5s`, `1m`.

use std::time::Duration;

/// The longest time a script may name.
const LONGEST: Duration = Duration::from_secs(3_600);

/// A whole number of milliseconds, up to an hour.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (figure, unit) = text.split_at(split);
    let factor: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return None,
    };
    let (whole, part) = figure.split_once('.').unwrap_or((figure, "0"));
    if whole.is_empty() || part.is_empty() || part.len() > 3 || part.contains('.') {
        return None;
    }
    let thousandths = whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(format!("{part:0<3}").parse().ok()?)?;
    let fine = thousandths.checked_mul(factor)?;
    let time = Duration::from_millis(fine / 1_000);
    (fine % 1_000 == 0 && time <= LONGEST).then_some(time)
}

/// As [`parse`] reads it.
pub(super) fn print(time: Duration) -> String {
    match time.as_millis() {
        0 => "0s".to_owned(),
        ms if ms % 60_000 == 0 => format!("{}m", ms / 60_000),
        ms if ms % 1_000 == 0 => format!("{}s", ms / 1_000),
        ms => format!("{ms}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_back() {
        for ms in [0, 1, 250, 1_000, 1_500, 60_000, 61_000, 3_600_000] {
            let time = Duration::from_millis(ms);
            assert_eq!(parse(&print(time)), Some(time));
        }
        assert_eq!(parse("1.5s"), Some(Duration::from_millis(1_500)));
        for bad in ["", "5", "s", "1h", "1.s", ".5s", "1.2345s", "0.5ms", "1..5s", "61m", "-1s", "99999999999999999999s"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
