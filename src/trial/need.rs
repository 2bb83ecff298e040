//! Whether this system has what an experiment needs.

use crate::engine::catalog;
use crate::lab::{Need, Transport};

/// What this system lacks. Its [`Display`](std::fmt::Display) is English.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// It is another system.
    #[error("this is not Linux")]
    Linux,
    /// No `::1`.
    #[error("this system has no IPv6 on loopback")]
    Ipv6,
    /// A transport.
    #[error("{why}")]
    Transport {
        /// Which.
        transport: Transport,
        /// Why not, in English.
        why: &'static str,
    },
    /// No `socketpair`.
    #[error("{why}")]
    SocketPair {
        /// Why not, in English.
        why: &'static str,
    },
    /// Descriptors.
    #[error("this process may have {limit} descriptors; {count} are needed (ulimit -n)")]
    Descriptors {
        /// What it may have.
        limit: u64,
        /// What is needed.
        count: u32,
    },
    /// A model that nobody has.
    #[error("there is no model '{0}'")]
    NoModel(String),
    /// A model that this system cannot have.
    #[error("model {model}: {why}")]
    Model {
        /// Its id.
        model: String,
        /// Why not, in English.
        why: &'static str,
    },
}

/// What this system lacks of it; `None` where it is there.
pub fn missing(need: &Need) -> Option<Lack> {
    match need {
        Need::Linux if cfg!(target_os = "linux") => None,
        Need::Linux => Some(Lack::Linux),
        Need::Ipv6 if catalog::has_ipv6() => None,
        Need::Ipv6 => Some(Lack::Ipv6),
        Need::SocketPair => catalog::no_pairs().map(|why| Lack::SocketPair { why }),
        Need::Transport(transport) => catalog::missing(*transport).map(|why| Lack::Transport { transport: *transport, why }),
        Need::Descriptors(count) => {
            let limit = catalog::descriptor_limit().filter(|limit| *limit < u64::from(*count))?;
            Some(Lack::Descriptors { limit, count: *count })
        }
        Need::Model(id) => match catalog::model(id) {
            None => Some(Lack::NoModel(id.clone())),
            Some(model) => model.missing.map(|why| Lack::Model { model: id.clone(), why }),
        },
    }
}
