//! Small pieces that several panels draw with.

pub mod paint;
pub mod units;
