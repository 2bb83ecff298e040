//! Delayed echo: sends back what it received, each message after a delay, in order. Messages that come meanwhile wait too; the
//! delay is counted from when each was received. When the peer ends its side, what waits is still sent.

use std::sync::Arc;

use super::later::{Later, Next};
use super::{Actions, Handler, Peer, Service, ServiceDef};
use crate::settings::{SettingDef, Unit};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "delayed",
    summary: "sends back what it received, after a delay",
    settings: &[DELAY, MOST],
    make: |settings| {
        let most = usize::try_from(settings.number(&MOST)).unwrap_or(usize::MAX);
        Arc::new(Delayed { later: Later::new(settings.time(&DELAY), most) })
    },
};

const DELAY: SettingDef = SettingDef::number("delay_ms", (0, 1_000, 60_000), Unit::Millis, "from receiving a message to sending it back");
const MOST: SettingDef =
    SettingDef::number("max_waiting", (1, 100, 10_000), Unit::Count, "messages of one peer that may wait; more end its connection");

#[derive(Clone)]
struct Delayed {
    later: Later,
}

impl Service for Delayed {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(self.clone())
    }
}

impl Handler for Delayed {
    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        if self.later.is_now() {
            out.send(data);
        } else {
            self.later.put(Next::Say(data.into()), out);
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

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn each_message_comes_back_after_its_own_delay_in_order() {
        let mut play = Play::new("delayed", &[("delay_ms", "300")]);
        assert_eq!(play.hear(b"a"), Turn { timer: Some(300 * MS), ..Turn::default() });
        play.later(100 * MS);
        assert_eq!(play.hear(b"b"), Turn::default());
        play.later(200 * MS);
        assert_eq!(play.timer(), Turn { sent: vec![b"a".to_vec()], timer: Some(100 * MS), ..Turn::default() });
        play.later(100 * MS);
        assert_eq!(play.timer(), Turn { sent: vec![b"b".to_vec()], ..Turn::default() });
        assert_eq!(play.hear(b"c").timer, Some(300 * MS), "and again");
        play.hear(b"d");
        play.later(350 * MS);
        assert_eq!(play.timer().sent, [b"c", b"d"], "what is due together goes together, as messages of their own");
    }

    #[test]
    fn what_waits_when_the_peer_ends_is_still_sent() {
        let mut play = Play::new("delayed", &[]);
        play.hear(b"last words");
        assert_eq!(play.end(), Turn::default());
        play.later(1_000 * MS);
        assert_eq!(play.timer(), Turn { sent: vec![b"last words".to_vec()], after: After::Close, ..Turn::default() });
        assert_eq!(Play::new("delayed", &[]).end().after, After::Close);
    }

    #[test]
    fn a_peer_that_asks_too_fast_fails_and_no_delay_is_plain_echo() {
        let mut play = Play::new("delayed", &[("max_waiting", "2")]);
        assert_eq!([play.hear(b"a").failure, play.hear(b"b").failure], [None, None]);
        assert_eq!(play.hear(b"c").failure.as_deref(), Some("more than 2 messages wait for their delay"));
        let mut now = Play::new("delayed", &[("delay_ms", "0")]);
        assert_eq!(now.hear(b"at once"), Turn { sent: vec![b"at once".to_vec()], ..Turn::default() });
    }
}
