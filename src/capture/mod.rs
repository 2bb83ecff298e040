//! Capture files: pcapng, written and read, and packets put together from what applications sent and received. Pure.
//!
//! An application sees no headers. What a [`Capture`] writes has headers that say what the system must have sent: right addresses,
//! ports, sequence numbers and checksums, and a comment that says that they were synthesised.

mod block;
mod dissect;
mod flow;
mod headers;
mod note;
mod read;
mod road;
#[cfg(test)]
mod tests;
mod write;

pub use block::Way;
pub use dissect::{Dissected, Segment, dissect};
pub use note::Note;
pub use read::{Packet, ReadError, Reader};
pub use write::Capture;

use crate::lab::{Side, Transport};

/// One row, as the end of a connection tells it.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Since 1970-01-01 UTC, in nanoseconds.
    pub at_ns: u64,
    /// Who tells.
    pub end: End<'a>,
    /// What.
    pub what: What<'a>,
}

/// The end that tells a row.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// Unique within one run.
    pub id: u64,
    /// The id of the other end, when it is one of ours and already known.
    pub other: Option<u64>,
    /// Server or client.
    pub side: Side,
    /// Kind of socket.
    pub transport: Transport,
    /// The endpoint's name.
    pub name: &'a str,
    /// The connection's number within the endpoint.
    pub number: u32,
    /// Its address.
    pub local: &'a str,
    /// The other end's address.
    pub peer: &'a str,
}

/// What a row tells.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// The connection opened.
    Opened,
    /// One call's bytes left.
    Sent(Moved<'a>),
    /// One call's bytes came.
    Received(Moved<'a>),
    /// It is over.
    Ended(Ended<'a>),
}

/// Bytes of one call.
#[derive(Clone, Copy, Debug)]
pub struct Moved<'a> {
    /// As many as were kept.
    pub data: &'a [u8],
    /// As many as there were.
    pub len: u32,
    /// A datagram whose rest was lost.
    pub cut: bool,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended<'a> {
    /// Both ends said FIN.
    Orderly,
    /// RST from the other end.
    Reset,
    /// Closed on this side; the word for by whom.
    Here(&'a str),
    /// It never opened, because the other end refused it.
    Refused(&'a str),
    /// It never opened, or broke, and no packet said so.
    Failed(&'a str),
}
