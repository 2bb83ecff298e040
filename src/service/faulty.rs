//! Faulty: an echo whose request fails when a message holds a certain word. It shows that an error in a handler ends that
//! connection and never the server.
//!
//! A message is what one `recv` returned.

use std::sync::Arc;

use super::{Actions, Handler, Peer, Service, ServiceDef};
use crate::settings::SettingDef;

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "faulty",
    summary: "echoes, and fails on messages that hold a certain word",
    settings: &[FAIL_ON],
    make: |settings| {
        let (bytes, written) = (settings.bytes(&FAIL_ON).into(), settings.text(&FAIL_ON).into());
        Arc::new(Faulty { bytes, written })
    },
};

const FAIL_ON: SettingDef = SettingDef::text("fail_on", "fail", 64, "a message that holds it fails; empty: none does");

#[derive(Clone)]
struct Faulty {
    bytes: Arc<[u8]>,
    /// The word as it was written, for the failure's words.
    written: Arc<str>,
}

impl Service for Faulty {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(self.clone())
    }
}

impl Handler for Faulty {
    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        if !self.bytes.is_empty() && data.windows(self.bytes.len()).any(|part| part == &*self.bytes) {
            out.fail(format!("the message holds '{}'", self.written));
        } else {
            out.send(data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::play::{Play, Turn};

    #[test]
    fn it_echoes_until_it_hears_the_word() {
        let mut play = Play::new("faulty", &[]);
        assert_eq!(play.hear(b"fai").sent, [b"fai"]);
        let failed = play.hear(b"will it fail?\n");
        assert_eq!(failed, Turn { failure: Some("the message holds 'fail'".into()), ..Turn::default() });
        let mut bytes = Play::new("faulty", &[("fail_on", "\\x00")]);
        assert_eq!(bytes.hear(b"a\0").failure.as_deref(), Some(r"the message holds '\x00'"));
        assert_eq!(Play::new("faulty", &[("fail_on", "")]).hear(b"fail").failure, None);
    }
}
