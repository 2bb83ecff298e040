//! Resetter: resets each connection (RST, RFC 9293 §3.5.3) at its first bytes, or as soon as it opens: the peer sees
//! `ECONNRESET`. Datagram peers are forgotten without an answer.

use std::sync::Arc;

use super::{Actions, Handler, Peer, Service, ServiceDef};
use crate::settings::SettingDef;

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "resetter",
    summary: "resets each connection at its first bytes, or as soon as it opens",
    settings: &[ON_OPEN],
    make: |settings| Arc::new(Resetter { on_open: settings.is_on(&ON_OPEN) }),
};

const ON_OPEN: SettingDef = SettingDef::switch("on_open", "as soon as a connection opens, not at its first bytes");

#[derive(Clone, Copy)]
struct Resetter {
    on_open: bool,
}

impl Service for Resetter {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(*self)
    }
}

impl Handler for Resetter {
    fn on_open(&mut self, out: &mut Actions) {
        if self.on_open {
            out.reset();
        }
    }

    fn on_bytes(&mut self, _data: &[u8], out: &mut Actions) {
        out.reset();
    }
}

#[cfg(test)]
mod tests {
    use super::super::play::{Play, Turn};
    use crate::service::After;

    #[test]
    fn it_resets_when_it_is_set_to() {
        let reset = Turn { after: After::Reset, ..Turn::default() };
        let mut play = Play::new("resetter", &[]);
        assert_eq!((play.open(), play.hear(b"a")), (Turn::default(), reset.clone()));
        assert_eq!(Play::new("resetter", &[("on_open", "on")]).open(), reset);
    }
}
