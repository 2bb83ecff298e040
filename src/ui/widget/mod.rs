//! Small pieces that several panels draw with.
