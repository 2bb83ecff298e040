//! Why a server did not serve a peer (on), where no call failed: the server or its service decided so.

use std::fmt;
use std::sync::Arc;

use crate::bytes::FramingError;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unserved {
    /// The accept filter does not let its address in.
    TurnedAway,
    /// Its service said so.
    Failed(Arc<str>),
    /// Its service panicked with these words.
    Panicked(Arc<str>),
    /// It took so little of what others sent it that more than this limit waited.
    TooSlow {
        /// In bytes.
        limit: usize,
    },
    /// What it sent broke the framing in force.
    Framing(FramingError),
}

impl fmt::Display for Unserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TurnedAway => write!(f, "turned away by the accept filter"),
            Self::Failed(words) => write!(f, "the service gave up: {words}"),
            Self::Panicked(words) => write!(f, "the service panicked: {words}. The server goes on"),
            Self::TooSlow { limit } => {
                write!(f, "disconnected: more than {} KiB from others waited for it to read", limit / 1_024)
            }
            Self::Framing(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for Unserved {}
