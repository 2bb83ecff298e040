//! How the engine wakes the window: at most thirty times a second, however much happens.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use eframe::egui::Context;

/// Milliseconds between two frames that the engine asks for.
const BETWEEN_MS: u64 = 33;

/// When a wake at `now` should paint, given the last planned frame; both in milliseconds, `None` when one is planned already.
fn plan(last: u64, now: u64) -> Option<u64> {
    if last > now { None } else { Some(now.max(last + BETWEEN_MS)) }
}

/// The closure that the engine calls from its thread.
pub(super) fn waker(ctx: Context) -> impl Fn() + Send + Sync + 'static {
    let began = Instant::now();
    let last = AtomicU64::new(0);
    move || {
        let now = began.elapsed().as_millis() as u64 + BETWEEN_MS;
        if let Some(at) = plan(last.load(Ordering::Relaxed), now) {
            last.store(at, Ordering::Relaxed);
            if at <= now {
                ctx.request_repaint();
            } else {
                ctx.request_repaint_after(Duration::from_millis(at - now));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_wakes_a_second_plan_thirty_frames() {
        let (mut last, mut frames) = (0, 0);
        for now in 33..1_033 {
            if let Some(at) = plan(last, now) {
                last = at;
                // The last one planned is painted after this second.
                frames += u64::from(at < 1_033);
            }
        }
        assert!((30..=31).contains(&frames), "{frames}");
        assert_eq!(plan(100, 500), Some(500), "after a pause at once");
    }
}
