//! Round numbers for axes. Pure.

use crate::tr;
use crate::ui::Text;

/// The unit a chart is drawn in, and its divisor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The top of the chart, in plain units.
    pub top: f64,
    pub divisor: f64,
    pub unit: &'static str,
}

/// Kinds of axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Count,
    Bytes,
    Rate,
    Percent,
}

/// The smallest round top over `greatest`, with a little air.
pub fn scale(axis: Axis, greatest: f64) -> Scale {
    let wanted = greatest * 1.08;
    let (least, steps): (f64, &[f64]) = match axis {
        Axis::Count => (4.0, &[2.0, 4.0, 5.0, 10.0]),
        Axis::Bytes | Axis::Rate | Axis::Percent => (10.0, &[1.5, 2.0, 3.0, 5.0, 10.0]),
    };
    let mut top = least;
    if wanted > least {
        let power = 10_f64.powf(wanted.log10().floor());
        top = steps.iter().map(|s| s * power).find(|t| *t >= wanted && (axis != Axis::Count || t % 2.0 == 0.0)).unwrap_or(10.0 * power);
    }
    let (divisor, unit) = match (axis, top) {
        (Axis::Count, _) => (1.0, ""),
        (Axis::Percent, _) => (1.0, "%"),
        (Axis::Bytes, t) if t >= 1e9 => (1e9, "GB/s"),
        (Axis::Bytes, t) if t >= 1e6 => (1e6, "MB/s"),
        (Axis::Bytes, t) if t >= 1e3 => (1e3, "kB/s"),
        (Axis::Bytes, _) => (1.0, "B/s"),
        (Axis::Rate, t) if t >= 1e6 => (1e6, "M/s"),
        (Axis::Rate, t) if t >= 1e3 => (1e3, "k/s"),
        (Axis::Rate, _) => (1.0, "/s"),
    };
    Scale { top, divisor, unit }
}

impl Scale {
    /// A grid value in this unit: `75`, `7.5`.
    pub fn tick(&self, value: f64) -> String {
        let v = value / self.divisor;
        if (v - v.round()).abs() < 1e-6 { format!("{v:.0}") } else { format!("{v:.2}").trim_end_matches('0').to_owned() }
    }
}

impl Scale {
    /// A value in this unit, in three digits: `88.7`, `0.03`.
    pub fn short(&self, value: f64) -> String {
        let v = value / self.divisor;
        if self.unit.is_empty() || v == 0.0 || v >= 99.95 {
            format!("{v:.0}")
        } else if v >= 9.995 {
            format!("{v:.1}")
        } else {
            format!("{v:.2}")
        }
    }
}

/// Seconds before the right edge, as people say: `−60 s`, `−5 min`.
pub fn ago(text: &Text, seconds: f64) -> String {
    if seconds >= 120.0 && (seconds % 60.0).abs() < 0.5 {
        return tr!(text, "plots-minutes", n = format!("−{:.0}", seconds / 60.0));
    }
    let decimals = usize::from(seconds < 10.0 && seconds.fract() > 0.05);
    tr!(text, "plots-seconds", n = format!("−{seconds:.decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Language;

    #[test]
    fn tops_are_round_and_above_what_is_drawn() {
        for axis in [Axis::Count, Axis::Bytes, Axis::Rate] {
            for greatest in [0.0, 1.0, 3.0, 43.0, 99.0, 100.0, 5_000.0, 131_000.0, 9.9e6, 3.2e9] {
                let s = scale(axis, greatest);
                assert!(s.top >= greatest && (s.top <= greatest * 5.4 || greatest < 10.0), "{axis:?} {greatest} {s:?}");
            }
        }
        assert_eq!(scale(Axis::Count, 43.0).top, 50.0);
        let s = scale(Axis::Bytes, 131_000.0);
        assert_eq!((s.top, s.unit, s.tick(s.top / 2.0).as_str()), (150_000.0, "kB/s", "75"));
        assert_eq!([0.0, 34.0, 1_994.0, 88_700.0, 131_000.0].map(|v| s.short(v)), ["0", "0.03", "1.99", "88.7", "131"]);
        let ago = |language| [60.0, 300.0, 2.5].map(|seconds| ago(&Text::new(language), seconds));
        assert_eq!(ago(Language::English), ["−60 s", "−5 min", "−2.5 s"]);
        assert_eq!(ago(Language::Chinese), ["−60 秒", "−5 分钟", "−2.5 秒"]);
    }
}
