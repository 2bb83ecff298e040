//! Asking without pause: nearly every call answers `EAGAIN`, and a processor core is spent on it.

use super::moment::Moment;
use super::{Figure, Found};
use crate::engine::Source;

/// Vain questions a second, and their share of all calls.
const VAIN: f64 = 5_000.0;
const SHARE: f64 = 0.5;
/// Of one core. A machine that is busy with other things gives the poller less than a whole one.
const CORES: f64 = 0.25;
/// It goes on speaking down to this part of the limits.
const LESS: f64 = 0.6;

pub(super) fn look(now: &Moment<'_>) -> Option<Found> {
    let rates = &now.session.rates;
    let part = if now.speaks { LESS } else { 1.0 };
    // Without the threads' processor time nobody knows what it costs.
    if rates.eagain < VAIN * part || rates.cpu < CORES * part || rates.eagain < rates.calls * SHARE {
        return None;
    }
    let figures = vec![("eagain", Figure::Count(rates.eagain.round() as u64)), ("cores", Figure::name(format!("{:.2}", rates.cpu)))];
    Some(Found::new(
        Source::Measured("calls that answered EAGAIN; processor time of the session's threads, both over the last second"),
        figures,
    ))
}
