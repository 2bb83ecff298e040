//! Counters, rates, bounded histories. Pure: time comes in as an argument.

mod intervals;
mod log;
mod rate;

pub use intervals::Intervals;
pub use log::{Log, LogView};
pub use rate::RateMeter;
