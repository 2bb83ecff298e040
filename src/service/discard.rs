//! Discard: reads everything and answers nothing (RFC 863).

use std::sync::Arc;

use super::{Actions, Handler, Service, ServiceDef};

pub(super) const DEF: ServiceDef =
    ServiceDef { id: "discard", summary: "reads everything, answers nothing (RFC 863)", make: || Arc::new(Discard) };

struct Discard;

impl Service for Discard {
    fn connect(&self) -> Box<dyn Handler> {
        Box::new(Self)
    }
}

impl Handler for Discard {
    fn on_bytes(&mut self, _data: &[u8], _out: &mut Actions) {}
}
