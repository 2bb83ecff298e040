//! The experiments that come with the program, one lab each.

use crate::engine::catalog;
use crate::lab::{self, Lab, LabError};

/// One experiment.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// How it is named: `socketlab run one-at-a-time`. The same as in its file.
    pub id: &'static str,
    /// Its lab file.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($id:literal,)*) => {
        /// All of them, in the order of the list of experiments.
        pub const SHIPPED: &[Shipped] = &[
            $(Shipped { id: $id, text: include_str!(concat!("../../assets/experiments/", $id, ".toml")) },)*
        ];
    };
}

shipped! {
    "tcp-calls",
    "udp-one-socket",
    "unix-sockets",
    "stale-file",
    "unix-abstract-name",
    "socketpair",
    "where-to-bind",
    "privileged-port",
    "udp-broadcast",
    "udp-multicast",
    "one-client-at-a-time",
    "thread-per-connection",
    "thread-pool",
    "process-per-connection",
    "busy-polling",
    "select",
    "select-limit",
    "poll",
    "epoll-level",
    "epoll-edge-stall",
    "kqueue",
    "signal-driven",
    "completion",
    "coroutines",
    "small-services",
    "greeter",
    "list-echo",
    "group-chat",
    "slow-member",
    "by-hand",
    "udp-chat-and-count",
    "bad-hosts",
    "slow-reader",
    "framing-four-ways",
    "tcp-is-a-stream",
    "byte-order",
    "text-encodings",
    "partial-calls",
    "ways-to-end",
    "broken-pipe",
    "tcp-states",
    "tcp-half-close-states",
    "never-closed",
    "half-close",
    "blocking-or-not",
    "reconnect",
    "accept-queue",
    "backlog-live",
    "a-thousand-clients",
}

impl Shipped {
    /// The experiment with this id.
    pub fn find(id: &str) -> Option<Self> {
        SHIPPED.iter().copied().find(|shipped| shipped.id == id)
    }

    /// The lab, stopped.
    ///
    /// # Errors
    /// When its file and this program disagree; a test holds that they do not.
    pub fn lab(self) -> Result<Lab, LabError> {
        lab::parse(self.text, &catalog::known())
    }
}
