//! Figures as people read them: a comma at thousands, a space before the unit, decimal units (1 kB = 1,000 B). Pure.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::tr;
use crate::ui::Text;

/// `1,904`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An address as it is shown: the engine calls a socket without one `unnamed` (unix(7)).
pub fn address<'a>(text: &Text, address: &'a str) -> Cow<'a, str> {
    if is_unnamed(address) { tr!(text, "address-unnamed").into() } else { address.into() }
}

/// Whether it is that of a Unix socket that was never bound.
pub fn is_unnamed(address: &str) -> bool {
    address == "unnamed"
}

/// `1,904`; one decimal where it is no whole number: `87.5`, `1,904.2`.
pub fn number(n: f64) -> String {
    let tenths = (n.abs() * 10.0).round();
    let sign = if n < 0.0 && tenths > 0.0 { "−" } else { "" };
    let whole = count((tenths / 10.0) as u64);
    if n.fract() == 0.0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{}", tenths as u64 % 10) }
}

/// `36 B`, `1.2 kB`, `128.0 kB`, `3.4 MB`.
pub fn bytes(n: u64) -> String {
    scaled(n as f64, "B")
}

/// `128.0 kB/s`.
pub fn byte_rate(per_second: f64) -> String {
    scaled(per_second, "B/s")
}

/// `1,904 /s`; one decimal under 10.
pub fn rate(per_second: f64) -> String {
    if per_second > 0.0 && per_second < 9.95 { format!("{per_second:.1} /s") } else { format!("{} /s", count(per_second.round() as u64)) }
}

fn scaled(n: f64, unit: &str) -> String {
    // The limits are where one decimal would round up to 1,000.0 of the smaller unit.
    let (value, prefix) = match n {
        n if n < 999.5 => return format!("{} {unit}", n.round() as u64),
        n if n < 999_950.0 => (n / 1e3, "k"),
        n if n < 999_950_000.0 => (n / 1e6, "M"),
        n => (n / 1e9, "G"),
    };
    if value < 1_000.0 { format!("{value:.1} {prefix}{unit}") } else { format!("{} {prefix}{unit}", count(value.round() as u64)) }
}

/// Milliseconds between two rows: `0.02`, `1.20`, `784`, `1,225`.
pub fn millis(d: Duration) -> String {
    let ms = d.as_secs_f64() * 1e3;
    if ms < 9.995 { format!("{ms:.2}") } else { count(ms.round() as u64) }
}

/// A moment since start: `00:42.118`, `1:00:42.118`.
pub fn clock(d: Duration) -> String {
    let (secs, ms) = (d.as_secs(), d.subsec_millis());
    let (h, m, s) = (secs / 3_600, secs / 60 % 60, secs % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}.{ms:03}") } else { format!("{m:02}:{s:02}.{ms:03}") }
}

/// The time of day in UTC: `10:42:05.118`.
pub fn utc(started: SystemTime, at: Duration) -> String {
    // A clock before 1970 shows midnight: the file system and TLS fail long before that matters here.
    let since = (started + at).duration_since(UNIX_EPOCH).unwrap_or_default();
    let secs = since.as_secs() % 86_400;
    format!("{:02}:{:02}:{:02}.{:03}", secs / 3_600, secs / 60 % 60, secs % 60, since.subsec_millis())
}

/// How long, in words of the language: `12 µs`, `3.4 ms`, `0.88 s`, `42 s`, `4 min 12 s`, `2 h 5 min`.
pub fn span(text: &Text, d: Duration) -> String {
    let secs = d.as_secs_f64();
    match d.as_secs() {
        _ if secs < 1e-3 => tr!(text, "inspector-time-us", n = format!("{:.0}", secs * 1e6)),
        _ if secs < 0.1 => tr!(text, "inspector-time-ms", n = format!("{:.1}", secs * 1e3)),
        _ if secs < 9.995 => tr!(text, "inspector-time-s", n = format!("{secs:.2}")),
        s @ 0..60 => tr!(text, "inspector-time-s", n = s.to_string()),
        s @ 60..3_600 => tr!(text, "inspector-time-min", m = s / 60, s = s % 60),
        s => tr!(text, "inspector-time-h", h = count(s / 3_600), m = s / 60 % 60),
    }
}

/// Whole seconds only, for ages that tick: `0 s`, `42 s`, `4 min 12 s`.
pub fn age(text: &Text, d: Duration) -> String {
    if d.as_secs() < 60 { tr!(text, "inspector-time-s", n = d.as_secs().to_string()) } else { span(text, d) }
}

/// Lines of a hex dump, 16 bytes each: `0010  68 65 …  he…`.
pub fn dump_line(data: &[u8], line: usize) -> String {
    let start = line * 16;
    let row = &data[start.min(data.len())..(start + 16).min(data.len())];
    let mut text = format!("{start:04x}  ");
    for i in 0..16 {
        // Writing to a String cannot fail.
        let _infallible = match row.get(i) {
            Some(byte) => write!(text, "{byte:02x} "),
            None => write!(text, "   "),
        };
        if i == 7 {
            text.push(' ');
        }
    }
    text.push(' ');
    text.extend(row.iter().map(|&b| if b.is_ascii_graphic() || b == b' ' { char::from(b) } else { '.' }));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Language;

    #[test]
    fn figures_have_commas_and_decimal_units() {
        assert_eq!([0, 999, 1_904, 1_000_000].map(count), ["0", "999", "1,904", "1,000,000"]);
        assert_eq!([0.0, 1_904.0, 87.46, -0.04, 999.96, -12_345.5].map(number), ["0", "1,904", "87.5", "0.0", "1,000.0", "−12,345.5"]);
        let sizes = [0, 36, 999, 1_000, 128_000, 999_949, 999_950, 3_400_000, 2_000_000_000, 5_000_000_000_000].map(bytes);
        assert_eq!(sizes, ["0 B", "36 B", "999 B", "1.0 kB", "128.0 kB", "999.9 kB", "1.0 MB", "3.4 MB", "2.0 GB", "5,000 GB"]);
        assert_eq!([0.0, 0.4, 999.6].map(byte_rate), ["0 B/s", "0 B/s", "1.0 kB/s"]);
        assert_eq!([0.0, 0.5, 9.96, 1_904.0].map(rate), ["0 /s", "0.5 /s", "10 /s", "1,904 /s"]);
        assert_eq!(
            [20, 1_200, 9_996, 784_000, 1_225_000].map(|us| millis(Duration::from_micros(us))),
            ["0.02", "1.20", "10", "784", "1,225"]
        );
    }

    #[test]
    fn moments_and_spans() {
        assert_eq!(clock(Duration::from_millis(42_118)), "00:42.118");
        assert_eq!(clock(Duration::from_millis(3_642_118)), "1:00:42.118");
        assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(86_400 * 3 + 38_525), Duration::from_millis(118)), "10:42:05.118");
        let text = Text::new(Language::English);
        let words = [12, 3_400, 880_000, 42_000_000, 252_000_000, 7_500_000_000].map(|us| span(&text, Duration::from_micros(us)));
        assert_eq!(words, ["12 µs", "3.4 ms", "0.88 s", "42 s", "4 min 12 s", "2 h 5 min"]);
        assert_eq!(age(&text, Duration::from_millis(900)), "0 s");
        assert_eq!(span(&Text::new(Language::Chinese), Duration::from_secs(252)), "4 分 12 秒");
    }

    #[test]
    fn a_dump_has_offset_hex_and_readable_bytes() {
        let data: Vec<u8> = b"hello from board\n\xff".to_vec();
        assert_eq!(dump_line(&data, 0), "0000  68 65 6c 6c 6f 20 66 72  6f 6d 20 62 6f 61 72 64  hello from board");
        assert_eq!(dump_line(&data, 1), format!("0010  0a ff {}  ..", " ".repeat(14 * 3)));
    }
}
