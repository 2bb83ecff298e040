//! What a server answers, *sans-I/O*: bytes in, actions out. No socket, no clock, no thread inside; a service works under
//! every I/O model because it cannot tell them apart.
//!
//! Adding one: a file here and a line in [`SERVICES`].

mod discard;
mod echo;
mod greeter;
mod upper;

use std::sync::Arc;

/// A kind of service: what the editor, the command line and the conformance matrix list.
#[derive(Debug)]
pub struct ServiceDef {
    /// Stable id in files and on the command line.
    pub id: &'static str,
    /// What it does, in a few English words for `list services`.
    pub summary: &'static str,
    /// Makes the service of one running server.
    pub make: fn() -> Arc<dyn Service>,
}

/// Every service, in the order of menus.
pub static SERVICES: &[ServiceDef] = &[echo::DEF, upper::DEF, discard::DEF, greeter::DEF];

/// The service with this id.
pub fn find(id: &str) -> Option<&'static ServiceDef> {
    SERVICES.iter().find(|s| s.id == id)
}

/// The service of one running server; makes a handler for each connection or datagram peer.
pub trait Service: Send + Sync {
    /// The handler of one new peer.
    fn connect(&self) -> Box<dyn Handler>;
}

/// One peer's side of a service. A stream peer's bytes come as they were received; a datagram peer's one datagram at a time.
pub trait Handler: Send {
    /// A stream connection was accepted. Not called for datagram peers, which do not connect.
    fn on_open(&mut self, _out: &mut Actions) {}
    /// Bytes arrived: one `recv`'s worth (possibly one empty datagram, never an empty stream chunk).
    fn on_bytes(&mut self, data: &[u8], out: &mut Actions);
    /// The peer will send no more (`recv` returned 0). The default leaves once everything queued is sent.
    fn on_end(&mut self, out: &mut Actions) {
        out.close();
    }
}

/// What a handler wants done. One is kept per worker and reused, so that nothing is allocated per message.
#[derive(Debug, Default)]
pub struct Actions {
    bytes: Vec<u8>,
    /// Where each send ends in `bytes`.
    ends: Vec<usize>,
    after: After,
}

/// What happens to the connection once the sends are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum After {
    /// It stays.
    #[default]
    Stay,
    /// Our side ends (FIN), we still read.
    HalfClose,
    /// It is closed.
    Close,
}

impl Actions {
    /// Send these bytes: one message; one datagram on datagram transports.
    pub fn send(&mut self, data: &[u8]) {
        self.send_parts(&[data]);
    }

    /// Send these parts as one message.
    pub fn send_parts(&mut self, parts: &[&[u8]]) {
        parts.iter().for_each(|p| self.bytes.extend_from_slice(p));
        self.ends.push(self.bytes.len());
    }

    /// Close once everything is sent.
    pub fn close(&mut self) {
        self.after = After::Close;
    }

    /// End our side once everything is sent.
    pub fn half_close(&mut self) {
        self.after = self.after.max_with(After::HalfClose);
    }

    /// Everything to send, one after the other: what a stream wants.
    pub fn stream(&self) -> &[u8] {
        &self.bytes
    }

    /// Each message by itself: what datagrams want.
    pub fn messages(&self) -> impl Iterator<Item = &[u8]> {
        self.ends.iter().scan(0, |start, &end| {
            let message = &self.bytes[*start..end];
            *start = end;
            Some(message)
        })
    }

    /// What happens after the sends.
    pub fn after(&self) -> After {
        self.after
    }

    /// Ready for the next turn; keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.after = After::Stay;
    }
}

impl After {
    fn max_with(self, other: Self) -> Self {
        if self == Self::Close { self } else { other }
    }
}
