//! Upper-case echo: sends back what it received with ASCII letters in upper case; all other bytes stay.

use std::sync::Arc;

use super::{Actions, Handler, Peer, Service, ServiceDef};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "upper",
    summary: "sends back what it received, ASCII letters in upper case",
    settings: &[],
    make: |_settings| Arc::new(Upper),
};

struct Upper;

impl Service for Upper {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(Self)
    }
}

impl Handler for Upper {
    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        out.send(&data.to_ascii_uppercase());
    }
}
