//! Greeter: greets a new connection, answers `Hello, <data>` to each message, leaves when it hears `exit`.
//!
//! A message is what one `recv` returned. A line ending after `exit` is allowed.

use std::sync::Arc;

use super::{Actions, Handler, Peer, Service, ServiceDef};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "greeter",
    summary: "greets on connect, answers \"Hello, <data>\", leaves on \"exit\"",
    settings: &[],
    make: |_settings| Arc::new(Greeter),
};

/// What a new connection hears.
pub const GREETING: &[u8] = b"Welcome!\n";

struct Greeter;

impl Service for Greeter {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(Self)
    }
}

impl Handler for Greeter {
    fn on_open(&mut self, out: &mut Actions) {
        out.send(GREETING);
    }

    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        if data.trim_ascii_end() == b"exit" {
            out.close();
        } else {
            out.send_parts(&[b"Hello, ", data]);
        }
    }
}
