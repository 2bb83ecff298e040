//! Each rule by hand-made snapshots, both ways, and some with a real engine and real clients.

mod rules;
mod runs;
