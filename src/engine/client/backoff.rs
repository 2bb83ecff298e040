//! When to connect again: after 0.5 s, then twice as long each time, at most 10 s.

use std::time::Duration;

use super::timers::Key;

const FIRST: Duration = Duration::from_millis(500);
const MOST: Duration = Duration::from_secs(10);

/// The pause before retry `attempt` (from 1).
pub(super) fn pause(attempt: u32) -> Duration {
    // 2^5 × 0.5 s is beyond the limit.
    (FIRST * (1 << attempt.saturating_sub(1).min(5))).min(MOST)
}

/// The lost connections of a client and their next attempt, made for all of them together.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    /// Retries since the last success.
    pub attempt: u32,
    /// Connections to open again then.
    pub lost: u32,
    /// The timer of the next attempt.
    pub timer: Option<Key>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_ten_seconds() {
        let pauses: Vec<u128> = (1..=7).chain([u32::MAX]).map(|n| pause(n).as_millis()).collect();
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
    }
}
