//! From a packet as a person typed it to the bytes that are sent: once ([`compose`]), or anew for each send ([`Recipe`]).
//!
//! The only room that reads the files a packet names; only threads that may wait make one of it. What is made is used without I/O.

mod compose;
mod payload;
mod recipe;

pub use compose::{FILE_LIMIT, PacketError, compose};
pub use payload::Payload;
pub use recipe::Recipe;
