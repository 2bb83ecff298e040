//! The call log.

pub mod line;
