//! A day of the calendar, worked out from a time and said in either language. It asks no clock.

use std::time::{Duration, SystemTime};

use super::Language;

/// A day (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// `2026`.
    pub year: u64,
    /// From 1.
    pub month: u64,
    /// From 1.
    pub day: u64,
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

impl Day {
    /// The one of that time, after Howard Hinnant's days-to-civil. A time before 1970 is the first day of 1970.
    pub fn of(time: SystemTime) -> Self {
        let days = time.duration_since(SystemTime::UNIX_EPOCH).as_ref().map_or(0, Duration::as_secs) / 86_400 + 719_468;
        let (era, doe) = (days / 146_097, days % 146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        Self { year: yoe + era * 400 + u64::from(month <= 2), month, day: doy - (153 * mp + 2) / 5 + 1 }
    }

    /// As people write it: `21 November 2026`, `2026年11月21日`.
    pub fn words(self, language: Language) -> String {
        let Self { year, month, day } = self;
        match language {
            Language::En => {
                let name = usize::try_from(month).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1))).copied().unwrap_or_default();
                format!("{day} {name} {year}")
            }
            Language::Zh => format!("{year}年{month}月{day}日"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar_in_the_form_of_the_language() {
        let at = |secs, language| Day::of(SystemTime::UNIX_EPOCH + Duration::from_secs(secs)).words(language);
        assert_eq!(
            [0, 951_782_400, 1_795_219_200].map(|secs| at(secs, Language::En)),
            ["1 January 1970", "29 February 2000", "21 November 2026"]
        );
        assert_eq!([951_782_400, 1_795_219_200].map(|secs| at(secs, Language::Zh)), ["2000年2月29日", "2026年11月21日"]);
    }
}
