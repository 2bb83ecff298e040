//! Discard: reads everything and answers nothing (RFC 863).

use std::sync::Arc;

use super::{Actions, Handler, Peer, Service, ServiceDef};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "discard",
    summary: "reads everything, answers nothing (RFC 863)",
    settings: &[],
    make: |_settings| Arc::new(Discard),
};

struct Discard;

impl Service for Discard {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(Self)
    }
}

impl Handler for Discard {
    fn on_bytes(&mut self, _data: &[u8], _out: &mut Actions) {}
}
