//! The bytes of a send: the same each time, or made anew.

use std::sync::Arc;

use super::{PacketError, Recipe};

/// See the module. The bytes are the truth; text and hex are views made elsewhere.
#[derive(Clone, Debug)]
pub enum Payload {
    /// The same each time.
    Fixed(Arc<[u8]>),
    /// Made anew for each send.
    Made(Arc<Recipe>),
}

impl Payload {
    /// The same bytes for every send, where nothing changes them.
    pub fn constant(&self) -> Option<&Arc<[u8]>> {
        match self {
            Self::Fixed(bytes) => Some(bytes),
            Self::Made(recipe) => recipe.constant(),
        }
    }

    /// The bytes of send `count`, from 0.
    ///
    /// # Errors
    /// When a field has no bytes this time, or they are no message of the framing.
    pub fn render(&self, count: u64) -> Result<Arc<[u8]>, PacketError> {
        match self {
            Self::Fixed(bytes) => Ok(Arc::clone(bytes)),
            Self::Made(recipe) => recipe.render(count),
        }
    }
}

impl From<Arc<[u8]>> for Payload {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self::Fixed(bytes)
    }
}
