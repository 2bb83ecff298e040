%if daytime

/// The time of day in UTC; the date by counting days (Howard Hinnant's civil_from_days).
fn time_line() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let (hour, minute, second) = (now / 3600 % 24, now / 60 % 60, now % 60);
    let days = now / 86400 + 719468;
    let (era, day) = (days / 146097, days % 146097);
    let year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z\r\n")
}
%end
%if chargen

/// 95 lines of 72 characters, each one character further through the printing ones (RFC 864).
fn cycle() -> Vec<u8> {
    let line = |n: u8| (0..72).map(move |column| 32 + (n + column) % 95).chain(*b"\r\n");
    (0..95).flat_map(line).collect()
}
%end
