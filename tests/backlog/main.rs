//! The probe and `socketlab backlog` on real sockets of this machine, with `ss` (iproute2) as the second opinion. Linux only; what
//! needs exact counters runs in a network namespace of its own (`namespace.rs`).
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "in a test a missing value is the failure")]

#[path = "../support/mod.rs"]
mod support;

mod command;
mod cost;
mod namespace;
mod queue;
mod stage;
