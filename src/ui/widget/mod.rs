//! Small pieces that several panels draw with.

pub mod button;
pub mod chip;
pub mod controls;
pub mod format;
pub mod grid;
pub mod paint;
pub mod shapes;
