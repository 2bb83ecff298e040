//! Every model on real loopback sockets, without the engine.

mod busy;
mod contract;
mod datagrams;
#[cfg(target_os = "linux")]
mod edge;
mod harness;
#[cfg(target_os = "linux")]
mod leaks;
mod living;
mod operating;
mod pacing;
mod pool;
mod posting;
#[cfg(target_os = "linux")]
mod select;
#[cfg(target_os = "linux")]
mod sigio;
mod streams;
mod tasks;
#[cfg(target_os = "linux")]
mod uring;
mod wire;
