//! Echo: sends back what it received (RFC 862).

use std::sync::Arc;

use super::{Actions, Handler, Service, ServiceDef};

pub(super) const DEF: ServiceDef = ServiceDef { id: "echo", summary: "sends back what it received (RFC 862)", make: || Arc::new(Echo) };

struct Echo;

impl Service for Echo {
    fn connect(&self) -> Box<dyn Handler> {
        Box::new(Self)
    }
}

impl Handler for Echo {
    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        out.send(data);
    }
}
