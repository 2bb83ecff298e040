//! Echo: sends back what it received (RFC 862).

use std::sync::Arc;

use super::{Actions, Handler, Peer, Service, ServiceDef};

pub(super) const DEF: ServiceDef =
    ServiceDef { id: "echo", summary: "sends back what it received (RFC 862)", settings: &[], make: |_settings| Arc::new(Echo) };

struct Echo;

impl Service for Echo {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(Self)
    }
}

impl Handler for Echo {
    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        out.send(data);
    }
}
