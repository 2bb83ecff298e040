//! Small pieces that several panels draw with.

pub mod button;
pub mod chip;
pub mod field;
pub mod role_shape;
