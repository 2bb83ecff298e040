//! Counters, rates, bounded histories. Pure: time comes in as an argument.

mod log;
mod rate;

pub use log::{Log, LogView};
pub use rate::RateMeter;
