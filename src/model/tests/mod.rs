//! Every model on real loopback sockets, without the engine.

mod datagrams;
mod harness;
mod leaks;
mod operating;
mod streams;
