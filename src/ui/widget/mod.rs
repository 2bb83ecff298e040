//! Small pieces that several panels draw with.

pub mod controls;
pub mod format;
pub mod grid;
pub mod shapes;
