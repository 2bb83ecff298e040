//! Half-closer: says goodbye, ends its side (`shutdown(SHUT_WR)`: the peer's `recv` returns 0), and reads on; what still comes
//! is discarded. Datagrams have no sides to end: there it says goodbye once to each peer.

use std::sync::Arc;

use super::{Actions, Handler, Peer, Service, ServiceDef};
use crate::settings::SettingDef;

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "half-closer",
    summary: "says goodbye, ends its side, and reads on",
    settings: &[GOODBYE, ON_OPEN],
    make: |settings| Arc::new(HalfCloser { goodbye: settings.bytes(&GOODBYE).into(), on_open: settings.is_on(&ON_OPEN), is_done: false }),
};

const GOODBYE: SettingDef = SettingDef::text("goodbye", "Goodbye!\\n", 200, "its last words");
const ON_OPEN: SettingDef = SettingDef::switch("on_open", "as soon as a connection opens, not at its first bytes");

#[derive(Clone)]
struct HalfCloser {
    goodbye: Arc<[u8]>,
    on_open: bool,
    is_done: bool,
}

impl Service for HalfCloser {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(self.clone())
    }
}

impl Handler for HalfCloser {
    fn on_open(&mut self, out: &mut Actions) {
        if self.on_open {
            self.part(out);
        }
    }

    fn on_bytes(&mut self, _data: &[u8], out: &mut Actions) {
        self.part(out);
    }
}

impl HalfCloser {
    fn part(&mut self, out: &mut Actions) {
        if !std::mem::replace(&mut self.is_done, true) {
            if !self.goodbye.is_empty() {
                out.send(&self.goodbye);
            }
            out.half_close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::play::{Play, Turn};
    use crate::service::After;

    #[test]
    fn it_parts_once_and_reads_on() {
        let parted = Turn { sent: vec![b"Goodbye!\n".to_vec()], after: After::HalfClose, ..Turn::default() };
        let mut play = Play::new("half-closer", &[]);
        assert_eq!((play.open(), play.hear(b"a"), play.hear(b"b")), (Turn::default(), parted.clone(), Turn::default()));
        assert_eq!(play.end().after, After::Close);
        let mut play = Play::new("half-closer", &[("on_open", "on")]);
        assert_eq!((play.open(), play.hear(b"a")), (parted, Turn::default()));
        let mut play = Play::new("half-closer", &[("goodbye", "")]);
        assert_eq!(play.hear(b"a"), Turn { after: After::HalfClose, ..Turn::default() }, "without a word");
    }
}
