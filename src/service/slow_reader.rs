//! Slow reader: takes a few bytes (of datagrams: one), discards them, and reads nothing for a while. What peers send piles up in
//! the kernel's buffers, theirs and ours, until their `send` has to wait. It answers nothing.

use std::sync::Arc;
use std::time::Duration;

use super::{Actions, Handler, Pace, Peer, Service, ServiceDef};
use crate::settings::{SettingDef, Unit};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "slow-reader",
    summary: "reads a few bytes at a time and discards them",
    settings: &[BYTES, EVERY],
    make: |settings| {
        let bytes = usize::try_from(settings.number(&BYTES)).unwrap_or(usize::MAX);
        Arc::new(SlowReader { bytes, every: settings.time(&EVERY) })
    },
};

const BYTES: SettingDef = SettingDef::number("bytes", (1, 100, 65_536), Unit::Bytes, "of one recv; of datagrams one is taken");
const EVERY: SettingDef = SettingDef::number("every_ms", (1, 1_000, 60_000), Unit::Millis, "the pause after each recv");

struct SlowReader {
    bytes: usize,
    every: Duration,
}

impl Service for SlowReader {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(Reader)
    }

    fn pace(&self) -> Pace {
        Pace::Slow { bytes: self.bytes, every: self.every }
    }
}

struct Reader;

impl Handler for Reader {
    fn on_bytes(&mut self, _data: &[u8], _out: &mut Actions) {}
}

#[cfg(test)]
mod tests {
    use super::super::play::{Play, Turn};
    use super::*;
    use crate::service::After;

    #[test]
    fn it_reads_at_the_pace_that_is_set_and_answers_nothing() {
        let mut play = Play::new("slow-reader", &[("bytes", "7"), ("every_ms", "40")]);
        assert_eq!(play.pace(), Pace::Slow { bytes: 7, every: Duration::from_millis(40) });
        assert_eq!((play.open(), play.hear(b"1234567")), (Turn::default(), Turn::default()));
        assert_eq!(play.end().after, After::Close);
    }
}
