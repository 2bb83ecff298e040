//! The README's pictures, from a running lab: real sockets on loopback, the real window, driven by the names of its controls.
//!
//! `cargo run --example screenshots` writes `screenshots/*.png`; `… -- explore` only those of one story. It waits for what the
//! snapshot says, never for a time to pass by itself, and needs a graphics driver (Mesa's lavapipe is enough).

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for developers; the paths it writes are its result")]

mod stories;
mod window;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    let only: Vec<String> = std::env::args().skip(1).collect();
    if !window::has_adapter() {
        eprintln!(
            "No graphics driver was found, not even a software one. On Debian and Ubuntu: apt install libvulkan1 mesa-vulkan-drivers"
        );
        return ExitCode::FAILURE;
    }
    if let Err(why) = std::fs::create_dir_all(&dir) {
        eprintln!("{}: {why}", dir.display());
        return ExitCode::FAILURE;
    }
    for (name, story) in stories::ALL {
        if !only.is_empty() && !only.iter().any(|o| o == name) {
            continue;
        }
        if let Err(why) = story(&dir) {
            eprintln!("{name}: {why}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
