//! A traced sleep that can be ended early.

use std::time::Duration;

use crate::trace::{Call, Got, Lane};

/// A sleep on purpose, for at most so long. `wait` does the sleeping: it returns when that time is over, or before when
/// somebody rings. `None` sleeps until then.
#[track_caller]
pub fn sleep(lane: &Lane, limit: Option<Duration>, wait: impl FnOnce()) {
    let micros = limit.map_or(-1, |limit| i64::try_from(limit.as_micros()).unwrap_or(i64::MAX));
    let op = || {
        wait();
        Ok(())
    };
    let slept = lane.call(Call::Sleep, -1, [micros, 0], true, op, Got::done);
    debug_assert!(slept.is_ok());
}
