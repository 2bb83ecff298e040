//! What makes a lab an experiment: what it is called, what it needs, and its steps. Values only; who plays them is elsewhere.

use std::fmt;

use super::Transport;
use crate::script::{Check, Deed};

/// Steps a lab has at most.
pub const MAX_GUIDE_STEPS: usize = 200;
/// Deeds or checks a step has at most.
pub const MAX_LINES: usize = 100;
/// The most minutes an experiment may say it takes.
pub const MAX_MINUTES: u32 = 600;

/// A text in each language of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: String,
    /// 简体中文.
    pub zh: String,
}

/// What a gallery shows of a lab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Experiment {
    /// Stable: how it is found by name.
    pub id: String,
    /// Its place in the list of experiments, such as `B1`.
    pub code: String,
    /// A few words.
    pub title: Words,
    /// What it shows.
    pub sentence: Words,
    /// About how long it takes a person; 0 says nothing.
    pub minutes: u32,
    /// Without these it cannot be shown.
    pub needs: Vec<Need>,
}

/// What a system must have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// Linux.
    Linux,
    /// IPv6 on loopback.
    Ipv6,
    /// `socketpair(2)`.
    SocketPair,
    /// Sockets of this transport.
    Transport(Transport),
    /// So many descriptors for this process: `descriptors-2048`.
    Descriptors(u32),
    /// An I/O model, by id.
    Model(String),
}

/// One step: what is done, what must then be seen, and what a person is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GuideStep {
    /// In order.
    pub does: Vec<Deed>,
    /// All are watched at once, from when everything was done.
    pub expects: Vec<Check>,
    /// May be empty.
    pub says: Words,
}

impl Words {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.zh.is_empty()
    }
}

impl Need {
    /// As files write it: `linux`, `ipv6`, `socketpair`, `descriptors-2048`, a transport, or the id of a model. Whether there is such a model is not asked.
    pub fn parse(text: &str) -> Self {
        match (text, Transport::from_id(text)) {
            ("linux", _) => Self::Linux,
            ("ipv6", _) => Self::Ipv6,
            ("socketpair", _) => Self::SocketPair,
            (_, Some(transport)) => Self::Transport(transport),
            (text, None) => match text.strip_prefix("descriptors-").and_then(|count| count.parse().ok()) {
                Some(count) => Self::Descriptors(count),
                None => Self::Model(text.to_owned()),
            },
        }
    }
}

/// As [`Need::parse`] reads it.
impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Linux => f.write_str("linux"),
            Self::Ipv6 => f.write_str("ipv6"),
            Self::SocketPair => f.write_str("socketpair"),
            Self::Transport(transport) => f.write_str(transport.id()),
            Self::Descriptors(count) => write!(f, "descriptors-{count}"),
            Self::Model(id) => f.write_str(id),
        }
    }
}
