//! Every model on real loopback sockets, without the engine.

mod datagrams;
mod harness;
#[cfg(target_os = "linux")]
mod leaks;
mod operating;
#[cfg(target_os = "linux")]
mod sigio;
mod streams;
