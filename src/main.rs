//! The program: hands over to the command line, and opens the window when that asks for it.

use std::path::PathBuf;
use std::process::ExitCode;

use socketlab::cli::{self, Outcome};

fn main() -> ExitCode {
    match cli::main() {
        Outcome::Done(code) => code,
        Outcome::Window(lab) => open_window(lab),
    }
}

#[cfg(feature = "gui")]
fn open_window(lab: Option<PathBuf>) -> ExitCode {
    match socketlab::ui::run(lab) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::no_window(&format!("{error:#}")),
    }
}

#[cfg(not(feature = "gui"))]
fn open_window(_lab: Option<PathBuf>) -> ExitCode {
    cli::no_window("this program was built without it")
}
