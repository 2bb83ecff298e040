//! The command line: the same engine without a window. It prints, and it says how the program ends; the window is only
//! asked for here, `main` opens it.

mod args;
mod backlog;
mod code;
mod drive;
mod experiments;
mod insights;
mod lessons;
mod list;
mod out;
mod play;
mod rehearse;
mod run;
mod send;
mod serve;
mod set;
mod stop;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Task};

use crate::model::worker;

/// What `main` has left to do.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing: end with this code.
    Done(ExitCode),
    /// Open the window, on this lab file if one was named.
    Window(Option<PathBuf>),
}

/// Why a command ended early.
#[derive(Debug)]
enum Problem {
    /// Asked for wrongly: arguments, a lab file. Exit code 2.
    Usage(String),
    /// It was tried and failed. Exit code 1.
    Failed(String),
    /// Whoever read our output is gone (`| head`). Ends quietly.
    NobodyReads,
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::NobodyReads,
            _ => Self::Failed(format!("cannot write the output: {error}")),
        }
    }
}

/// Reads the arguments of the process and does what they ask.
pub fn main() -> Outcome {
    // A child of the model `processes`: never typed by a person, so it stands in no help.
    if std::env::args_os().nth(1).is_some_and(|first| first == worker::ARGUMENT) {
        return Outcome::Done(match worker::main() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => refuse(1, &format!("{}: {error}", worker::ARGUMENT)),
        });
    }
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version come this way too. When they cannot be shown, nobody reads.
            let _nobody_reads = error.print();
            return Outcome::Done(code(u8::try_from(error.exit_code()).unwrap_or(2)));
        }
    };
    let result = match args.task {
        None => return window(args.lab),
        Some(Task::Run(args)) => run::run(args),
        Some(Task::Serve(args)) => serve::serve(args),
        Some(Task::Send(args)) => send::send(args),
        Some(Task::Backlog(args)) => backlog::backlog(&args),
        Some(Task::List(args)) => list::list(&args),
        Some(Task::Code(args)) => code::code(args),
        Some(Task::Lesson(args)) => lessons::lesson(args),
    };
    Outcome::Done(match result {
        Ok(true) | Err(Problem::NobodyReads) => ExitCode::SUCCESS,
        Ok(false) => code(1),
        Err(Problem::Failed(words)) => refuse(1, &words),
        Err(Problem::Usage(words)) => refuse(2, &words),
    })
}

fn window(lab: Option<PathBuf>) -> Outcome {
    // A mistyped command comes this way too.
    if let Some(path) = lab.as_ref().filter(|p| !p.exists()) {
        return Outcome::Done(refuse(2, &format!("'{}' is neither a lab file nor a command; see 'socketlab --help'", path.display())));
    }
    match missing_window() {
        None => Outcome::Window(lab),
        Some(reason) => Outcome::Done(no_window(reason)),
    }
}

/// Says in one sentence that there is no window and what works without one; gives the exit code.
pub fn no_window(reason: &str) -> ExitCode {
    refuse(2, &format!("the window cannot open because {reason}; 'socketlab run LAB.toml' runs a lab without one"))
}

/// Why no window can open, as far as that shows without trying.
fn missing_window() -> Option<&'static str> {
    if !cfg!(feature = "gui") {
        return Some("this program was built without it");
    }
    // macOS and Windows always have a display; on other systems these name the X or Wayland server.
    let named = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    let somewhere = cfg!(any(windows, target_os = "macos")) || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(named);
    if somewhere { None } else { Some("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)") }
}

fn refuse(exit: u8, words: &str) -> ExitCode {
    out::complain(words);
    code(exit)
}

fn code(exit: u8) -> ExitCode {
    ExitCode::from(exit)
}
