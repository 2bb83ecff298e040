//! A finished call in words for the window; the line itself is the tap's. The one place that decides how.

use crate::trace::{CallRecord, errno_name};

/// The error by name.
pub fn errno(record: &CallRecord) -> Option<&'static str> {
    match record.errno {
        0 => None,
        _ if record.again => Some("EAGAIN"),
        number => Some(errno_name(number).unwrap_or("?")),
    }
}

/// When it came back.
pub fn end(record: &CallRecord) -> u64 {
    record.start_ns.saturating_add(record.took_ns)
}

/// How long, short and exact enough for a table: `0.4 µs`, `62 µs`, `1.24 ms`, `3.20 s`.
pub fn took(ns: u64) -> String {
    let us = ns as f64 / 1e3;
    match us {
        us if us < 9.95 => format!("{us:.1} µs"),
        us if us < 999.5 => format!("{us:.0} µs"),
        us if us < 9_995.0 => format!("{:.2} ms", us / 1e3),
        us if us < 999_500.0 => format!("{:.0} ms", us / 1e3),
        us => format!("{:.2} s", us / 1e6),
    }
}

/// A moment since start with microseconds: `04:12.118 206`.
pub fn clock(ns: u64) -> String {
    let (us, secs) = (ns / 1_000 % 1_000_000, ns / 1_000_000_000);
    let (h, m, s) = (secs / 3_600, secs / 60 % 60, secs % 60);
    let short = format!("{m:02}:{s:02}.{:03} {:03}", us / 1_000, us % 1_000);
    if h > 0 { format!("{h}:{short}") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Call;
    use crate::ui::panel::timeline::fake::{eagain, record};

    #[test]
    fn times_errors_and_moments() {
        let recv = record(0, Call::Recv, 33, 1_000, 62_000);
        assert_eq!((end(&recv), errno(&recv)), (63_000, None));
        assert_eq!(errno(&CallRecord { errno: eagain(), again: true, ..recv }), Some("EAGAIN"));
        assert_eq!(errno(&CallRecord { errno: -1, ..recv }), Some("?"), "an error without a number");
        assert_eq!([400, 62_000, 1_240_000, 40_000_000, 3_200_000_000].map(took), ["0.4 µs", "62 µs", "1.24 ms", "40 ms", "3.20 s"]);
        assert_eq!(clock(252_118_206_000), "04:12.118 206");
    }
}
