//! A packet that is made anew for each send: its fields are filled in, its framing is put around it.

use std::sync::Arc;

use super::{PacketError, compose};
use crate::bytes::Framing;
use crate::lab::Packet;

/// See the module. Its files were read when it was made.
#[derive(Debug)]
pub struct Recipe {
    bytes: Arc<[u8]>,
}

impl Recipe {
    /// Of this packet. Where it is to be framed, each of its messages goes out in `framing`.
    ///
    /// # Errors
    /// Names the place in the text, the file, or why it is no message of the framing.
    pub fn of(packet: &Packet, framing: &Framing) -> Result<Self, PacketError> {
        let bytes = compose(packet)?;
        let bytes = if packet.framed { framing.wrap(&bytes)? } else { bytes };
        Ok(Self { bytes: bytes.into() })
    }

    /// The same bytes for every send, where no field changes them.
    pub fn constant(&self) -> Option<&Arc<[u8]>> {
        Some(&self.bytes)
    }

    /// The bytes of send `count`, from 0, as they go out now.
    ///
    /// # Errors
    /// When a field has no bytes this time, or they are no message of the framing.
    pub fn render(&self, _count: u64) -> Result<Arc<[u8]>, PacketError> {
        Ok(Arc::clone(&self.bytes))
    }

    /// What the first `n` sends would be now.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    pub fn preview(&self, n: u64) -> Result<Vec<Arc<[u8]>>, PacketError> {
        (0..n).map(|count| self.render(count)).collect()
    }
}
