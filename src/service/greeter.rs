//! Greeter: greets a new connection, answers `Hello, <data>` to each message, leaves when it hears `exit`; each answer may be
//! delayed.
//!
//! A message is what one `recv` returned. A line ending after `exit` is allowed. Datagram peers do not connect, so they are not
//! greeted.

use std::sync::Arc;

use super::later::{Later, Next};
use super::{Actions, Handler, Peer, Service, ServiceDef};
use crate::settings::{SettingDef, Unit};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "greeter",
    summary: "greets on connect, answers \"Hello, <data>\", leaves on \"exit\"",
    settings: &[GREETING, DELAY],
    make: |settings| {
        Arc::new(Greeter { greeting: settings.bytes(&GREETING).into(), later: Later::new(settings.time(&DELAY), MOST_WAITING) })
    },
};

const GREETING: SettingDef = SettingDef::text("greeting", "Welcome!\\n", 200, "what a new connection hears");
const DELAY: SettingDef = SettingDef::number("delay_ms", (0, 0, 60_000), Unit::Millis, "from receiving a message to answering it");

/// Answers of one peer that may wait for their delay.
const MOST_WAITING: usize = 1_000;

#[derive(Clone)]
struct Greeter {
    greeting: Arc<[u8]>,
    later: Later,
}

impl Service for Greeter {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(self.clone())
    }
}

impl Handler for Greeter {
    fn on_open(&mut self, out: &mut Actions) {
        if !self.greeting.is_empty() {
            out.send(&self.greeting);
        }
    }

    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        if data.trim_ascii_end() == b"exit" {
            self.later.put(Next::Leave, out);
        } else if self.later.is_now() {
            out.send_parts(&[b"Hello, ", data]);
        } else {
            self.later.put(Next::Say([b"Hello, ", data].concat().into()), out);
        }
    }

    fn on_timer(&mut self, out: &mut Actions) {
        self.later.on_timer(out);
    }

    fn on_end(&mut self, out: &mut Actions) {
        self.later.leave_after_all(out);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::play::{Play, Turn};
    use crate::service::After;

    #[test]
    fn it_greets_answers_and_leaves() {
        let mut play = Play::new("greeter", &[]);
        assert_eq!(play.open().text(), "Welcome!\n");
        assert_eq!(play.hear("张伟\n".as_bytes()).sent, ["Hello, 张伟\n".as_bytes()]);
        assert_eq!(play.hear(b" exit").text(), "Hello,  exit", "a message that is not exit");
        assert_eq!(play.hear(b"exit\r\n"), Turn { after: After::Close, ..Turn::default() });
    }

    #[test]
    fn the_greeting_is_any_text_or_none() {
        assert_eq!(Play::new("greeter", &[("greeting", "220 ready\\r\\n")]).open().text(), "220 ready\r\n");
        assert_eq!(Play::new("greeter", &[("greeting", "")]).open(), Turn::default());
    }

    #[test]
    fn each_answer_is_delayed_and_exit_waits_behind_them() {
        let mut play = Play::new("greeter", &[("delay_ms", "250")]);
        assert_eq!(play.open().text(), "Welcome!\n", "the greeting is not");
        let quarter = Duration::from_millis(250);
        assert_eq!(play.hear(b"a"), Turn { timer: Some(quarter), ..Turn::default() });
        play.hear(b"exit");
        play.later(quarter);
        assert_eq!(play.timer(), Turn { sent: vec![b"Hello, a".to_vec()], after: After::Close, ..Turn::default() });
    }
}
