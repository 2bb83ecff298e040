//! Worker processes: a child of this program that serves one connection it was handed, and tells what it does so that its
//! calls stand on the same timeline as everybody's.
//!
//! The child runs the same loop of a `Talk` as a thread would. It keeps nothing on disk and opens no other socket.

mod child;
mod frame;
mod keeper;
mod messages;
mod relay;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;

pub use child::{ARGUMENT, main};
pub(super) use keeper::Workers;
pub use relay::Relay;

/// The program that a child runs, and its arguments: this one.
fn program() -> io::Result<(PathBuf, Vec<&'static str>)> {
    let own = std::env::current_exe()?;
    // A test of this crate is a program with a `main` of its own; one of its tests is the child.
    #[cfg(test)]
    return Ok((own, vec!["--exact", "model::worker::tests::is_the_child", "--ignored", "--nocapture", "--test-threads=1"]));
    #[cfg(not(test))]
    {
        let name = concat!(env!("CARGO_PKG_NAME"), "").to_owned() + std::env::consts::EXE_SUFFIX;
        // Tests, examples and benches lie one directory below the program.
        let built = own.ancestors().skip(1).take(3).map(|dir| dir.join(&name)).find(|path| path.is_file());
        Ok((built.unwrap_or(own), vec![ARGUMENT]))
    }
}
