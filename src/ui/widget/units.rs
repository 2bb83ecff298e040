//! Figures with units as people read them: decimal units, a space before the unit, three digits. Pure; units stay Latin in
//! every language.

use std::time::Duration;

/// Bytes: `36 B`, `1.02 kB`, `4.19 MB`.
pub fn bytes(n: u64) -> String {
    scaled(n as f64, &["B", "kB", "MB", "GB", "TB"])
}

/// Bytes a second: `64.0 kB/s`.
pub fn byte_rate(per_s: f64) -> String {
    scaled(per_s, &["B/s", "kB/s", "MB/s", "GB/s", "TB/s"])
}

/// A plain rate: `50 /s`, `1.90 k/s`.
pub fn rate(per_s: f64) -> String {
    scaled(per_s, &["/s", "k/s", "M/s", "G/s", "T/s"])
}

fn scaled(value: f64, units: &[&str; 5]) -> String {
    let mut value = value.max(0.0);
    let mut unit = 0;
    // 999.5 and more would show as 1000.
    while value >= 999.5 && unit < 4 {
        value /= 1_000.0;
        unit += 1;
    }
    let digits = match (unit, value) {
        (0, v) if v < 9.95 && v.fract() > 0.05 && v.fract() < 0.95 => 1,
        (0, _) => 0,
        (_, v) if v < 9.995 => 2,
        (_, v) if v < 99.95 => 1,
        (_, _) => 0,
    };
    format!("{value:.digits$} {}", units[unit])
}

/// With a comma between thousands: `1,904`.
pub fn count(n: u64) -> String {
    let plain = n.to_string();
    let mut out = String::with_capacity(plain.len() + plain.len() / 3);
    for (i, c) in plain.chars().enumerate() {
        if i > 0 && (plain.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// The number and the unit of a duration, coarse enough not to flicker: tenths below 10 s.
pub fn duration(d: Duration) -> (String, Unit) {
    let secs = d.as_secs_f64();
    if secs < 9.95 {
        (format!("{secs:.1}"), Unit::Second)
    } else if secs < 119.5 {
        (format!("{secs:.0}"), Unit::Second)
    } else if secs < 7_200.0 {
        (format!("{}", d.as_secs() / 60), Unit::Minute)
    } else {
        (format!("{}", d.as_secs() / 3_600), Unit::Hour)
    }
}

/// A unit of time that people say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the units")]
pub enum Unit {
    Second,
    Minute,
    Hour,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_three_digits_and_a_space() {
        let all = [0, 36, 999, 1_000, 1_024, 64_000, 999_499, 999_600, 4_190_000].map(bytes);
        assert_eq!(all, ["0 B", "36 B", "999 B", "1.00 kB", "1.02 kB", "64.0 kB", "999 kB", "1.00 MB", "4.19 MB"]);
        assert_eq!([0.0, 0.4, 12.0, 1_904.0].map(rate), ["0 /s", "0.4 /s", "12 /s", "1.90 k/s"]);
        assert_eq!([7, 1_904, 1_234_567].map(count), ["7", "1,904", "1,234,567"]);
        assert_eq!(duration(Duration::from_millis(1_840)), ("1.8".into(), Unit::Second));
        assert_eq!(duration(Duration::from_secs(252)), ("4".into(), Unit::Minute));
    }
}
