//! A figure of a sentence, as a value and as people read it. Pure.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// How many.
    Count(u64),
    /// How many bytes.
    Bytes(u64),
    /// A rational number: cores, wake-ups for each connection.
    Amount(f64),
    /// How long.
    Time(Duration),
    /// Who, or a call.
    Name(Arc<str>),
}

impl Figure {
    /// A name.
    pub fn name(name: impl Into<Arc<str>>) -> Self {
        Self::Name(name.into())
    }
}

impl fmt::Display for Figure {
    /// A comma at thousands, a space before the unit, decimal units.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(n) => f.write_str(&grouped(*n)),
            Self::Bytes(n) => match *n as f64 {
                n if n < 999.5 => write!(f, "{n} B"),
                n if n < 999_950.0 => write!(f, "{:.1} kB", n / 1e3),
                n => write!(f, "{:.1} MB", n / 1e6),
            },
            Self::Amount(n) if *n < 9.95 => write!(f, "{n:.1}"),
            Self::Amount(n) => f.write_str(&grouped(n.round() as u64)),
            // Tenths that run would be all that is seen of a longer time.
            Self::Time(time) if time.as_secs() < 10 => write!(f, "{:.1} s", time.as_secs_f64()),
            Self::Time(time) => write!(f, "{} s", grouped(time.as_secs())),
            Self::Name(name) => f.write_str(name),
        }
    }
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_their_units() {
        let said = [
            Figure::Count(1_234_567),
            Figure::Bytes(600),
            Figure::Bytes(131_072),
            Figure::Amount(0.98),
            Figure::Amount(12.4),
            Figure::Time(Duration::from_millis(640)),
            Figure::Time(Duration::from_millis(14_900)),
            Figure::name("a"),
        ]
        .map(|f| f.to_string());
        assert_eq!(said, ["1,234,567", "600 B", "131.1 kB", "1.0", "12", "0.6 s", "14 s", "a"]);
    }
}
