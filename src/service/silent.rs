//! Silent: never reads, never answers. What peers send stays in the kernel until its buffers are full; then their `send` waits
//! (TCP: the window closes, RFC 9293 §3.8.6), or their datagrams are dropped.

use std::sync::Arc;

use super::{Actions, Handler, Pace, Peer, Service, ServiceDef};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "silent",
    summary: "never reads: what peers send stays in the kernel",
    settings: &[],
    make: |_settings| Arc::new(Silent),
};

struct Silent;

impl Service for Silent {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(Self)
    }

    fn pace(&self) -> Pace {
        Pace::Never
    }
}

impl Handler for Silent {
    fn on_bytes(&mut self, _data: &[u8], _out: &mut Actions) {}
}

#[cfg(test)]
mod tests {
    use super::super::play::{Play, Turn};
    use super::*;

    #[test]
    fn it_never_reads_and_says_nothing() {
        let mut play = Play::new("silent", &[]);
        assert_eq!((play.pace(), play.open(), play.hear(b"x")), (Pace::Never, Turn::default(), Turn::default()));
    }
}
