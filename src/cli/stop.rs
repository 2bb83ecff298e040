//! Ctrl-C (and SIGTERM): the first asks for a clean end, the second ends at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, bounded};

use super::Problem;

/// Starts to listen for Ctrl-C. The channel has a message once somebody pressed it.
pub(super) fn stop_signal() -> Result<Receiver<()>, Problem> {
    let (pressed, stop) = bounded(1);
    let again = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if again.swap(true, Ordering::Relaxed) {
            // 128 + SIGINT, as shells count (bash(1)). Somebody who presses twice does not want to wait for a clean end.
            std::process::exit(130);
        }
        let _asked_already = pressed.try_send(());
    })
    .map_err(|e| Problem::Failed(format!("cannot listen for Ctrl-C: {e}")))?;
    Ok(stop)
}
