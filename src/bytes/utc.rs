//! A moment as people write it: the proleptic Gregorian calendar in UTC. No leap seconds, as in POSIX (XBD §4.19).

use std::fmt;

/// Seconds since 1970-01-01 00:00 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utc(pub i64);

impl Utc {
    /// Year, month and day.
    pub fn date(self) -> (i64, u32, u32) {
        // Days are counted from 0000-03-01, so that the leap day is the last of its year; 400 years have 146,097 days.
        let day = self.0.div_euclid(86_400) + 719_468;
        let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
        // 1,460, 36,524 and 146,096: the days after which 4, 100 and 400 years end.
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        // From March on, five months have 153 days.
        let month = (5 * day + 2) / 153;
        let day_of_month = day - (153 * month + 2) / 5 + 1;
        let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        (era * 400 + year + next_year, month as u32, day_of_month as u32)
    }

    /// Hour, minute and second.
    pub fn time(self) -> (u32, u32, u32) {
        let second = self.0.rem_euclid(86_400) as u32;
        (second / 3_600, second / 60 % 60, second % 60)
    }
}

/// `2026-11-21T12:55:02`, the date and time of RFC 3339; years beyond four digits have more.
impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((year, month, day), (hour, minute, second)) = (self.date(), self.time());
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_that_are_known() {
        for (seconds, words) in [
            (0, "1970-01-01T00:00:00"),
            (-1, "1969-12-31T23:59:59"),
            (951_782_400, "2000-02-29T00:00:00"),
            (i64::from(i32::MAX), "2038-01-19T03:14:07"),
            (i64::from(u32::MAX), "2106-02-07T06:28:15"),
            (4_107_542_400, "2100-03-01T00:00:00"),
            (-62_167_219_200, "0000-01-01T00:00:00"),
        ] {
            assert_eq!(Utc(seconds).to_string(), words);
        }
    }

    #[test]
    fn each_day_of_800_years_follows_the_one_before() {
        let length = |year: i64, month: u32| match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let mut expected = (1970, 1, 1);
        for day in 0..292_194 {
            assert_eq!(Utc(day * 86_400).date(), expected);
            let (year, month, day) = expected;
            expected = match (day == length(year, month), month) {
                (false, _) => (year, month, day + 1),
                (true, 12) => (year + 1, 1, 1),
                (true, _) => (year, month + 1, 1),
            };
        }
        assert_eq!(expected, (2770, 1, 1));
    }

    #[test]
    fn no_moment_is_too_far() {
        for seconds in [i64::MIN, i64::MAX] {
            assert!(!Utc(seconds).to_string().is_empty());
        }
    }
}
