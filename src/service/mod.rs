//! What a server answers, *sans-I/O*: bytes in, actions out. No socket, no clock, no thread inside; a service works under
//! every I/O model because it cannot tell them apart.
//!
//! Adding one: a file here and a line in [`SERVICES`].

mod actions;
mod chargen;
mod chat;
mod daytime;
mod delayed;
mod discard;
mod echo;
mod faulty;
mod framed;
mod greeter;
mod half_closer;
mod items;
mod later;
mod list_echo;
mod manual;
#[cfg(test)]
mod play;
mod protocol;
mod resetter;
mod rules;
mod silent;
mod slow_reader;
mod upper;

use std::sync::Arc;
use std::time::Duration;

use crate::settings::{SettingDef, Settings};

pub use actions::{Actions, After, Post, PostTo};
pub use framed::Framed;
pub use protocol::{Ear, LiveProtocol, MessageCounts, Protocol};
pub use rules::{Matcher, RuleError, Rules};

/// A kind of service: what the editor, the command line and the conformance matrix list.
#[derive(Debug)]
pub struct ServiceDef {
    /// Stable id in files and on the command line.
    pub id: &'static str,
    /// What it does, in a few English words for `list services`.
    pub summary: &'static str,
    /// What can be set.
    pub settings: &'static [SettingDef],
    /// Makes the service of one running server, with settings that were checked.
    pub make: fn(&Settings) -> Arc<dyn Service>,
}

/// Every service, in the order of menus: those that echo, those of one direction, conversations, and those that misbehave.
pub static SERVICES: &[ServiceDef] = &[
    echo::DEF,
    upper::DEF,
    list_echo::DEF,
    delayed::DEF,
    discard::DEF,
    chargen::DEF,
    daytime::DEF,
    greeter::DEF,
    chat::DEF,
    manual::DEF,
    silent::DEF,
    slow_reader::DEF,
    half_closer::DEF,
    resetter::DEF,
    faulty::DEF,
];

/// The service with this id.
pub fn find(id: &str) -> Option<&'static ServiceDef> {
    SERVICES.iter().find(|s| s.id == id)
}

/// The service of one running server; makes a handler for each connection or datagram peer.
pub trait Service: Send + Sync {
    /// The handler of one new peer.
    fn connect(&self, peer: &Peer) -> Box<dyn Handler>;

    /// How it reads. The same for all peers.
    fn pace(&self) -> Pace {
        Pace::Eager
    }
}

/// Who a handler is for.
#[derive(Clone, Copy, Debug)]
pub struct Peer<'a> {
    /// Names it among the peers of this server; never used again.
    pub id: PeerId,
    /// Its address as people write it.
    pub address: &'a str,
}

/// Names one peer of a running server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(pub u64);

/// How a service reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Whatever is there, at once.
    #[default]
    Eager,
    /// At most so many bytes (datagrams: one), then nothing for that long.
    Slow {
        /// Of one `recv`.
        bytes: usize,
        /// After each.
        every: Duration,
    },
    /// Nothing, ever: what peers send stays in the kernel.
    Never,
}

/// One peer's side of a service. A stream peer's bytes come as they were received; a datagram peer's one datagram at a time.
/// Whatever it puts into [`Actions`] happens after the method has returned.
pub trait Handler: Send {
    /// A stream connection was accepted. Not called for datagram peers, which do not connect.
    fn on_open(&mut self, _out: &mut Actions) {}
    /// Bytes arrived: one `recv`'s worth (possibly one empty datagram, never an empty stream chunk).
    fn on_bytes(&mut self, data: &[u8], out: &mut Actions);
    /// The time asked for with [`Actions::wake_after`] is over.
    fn on_timer(&mut self, _out: &mut Actions) {}
    /// All it had to send is with the kernel, and it had asked for [`Actions::more`]. Not called for datagram peers.
    fn on_room(&mut self, _out: &mut Actions) {}
    /// The peer will send no more (`recv` returned 0). The default leaves once everything queued is sent.
    fn on_end(&mut self, out: &mut Actions) {
        out.close();
    }
    /// The connection is over, whyever. Only what is posted to others still happens.
    fn on_gone(&mut self, _out: &mut Actions) {}
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_every_default_is_allowed() {
        let ids: BTreeSet<_> = SERVICES.iter().map(|s| s.id).collect();
        assert_eq!(ids.len(), SERVICES.len());
        for service in SERVICES {
            assert!(!service.summary.is_empty() && !service.summary.ends_with('.'), "{}", service.id);
            let settings: BTreeSet<_> = service.settings.iter().map(|s| s.id).collect();
            assert_eq!(settings.len(), service.settings.len(), "{}", service.id);
            for setting in service.settings {
                assert_eq!(setting.check(&setting.default()), Ok(()), "{} {}", service.id, setting.id);
                assert!(!setting.summary.is_empty(), "{} {}", service.id, setting.id);
            }
        }
    }
}
