//! Manual: reads everything and answers nothing by itself; a person answers, by sending a packet from the server. It stays when
//! the peer has ended its side, so that the person may still answer.

use std::sync::Arc;

use super::{Actions, Handler, Peer, Service, ServiceDef};

pub(super) const DEF: ServiceDef = ServiceDef {
    id: "manual",
    summary: "answers nothing by itself and stays: a person answers by hand",
    settings: &[],
    make: |_settings| Arc::new(Manual),
};

struct Manual;

impl Service for Manual {
    fn connect(&self, _peer: &Peer) -> Box<dyn Handler> {
        Box::new(Self)
    }
}

impl Handler for Manual {
    fn on_bytes(&mut self, _data: &[u8], _out: &mut Actions) {}

    fn on_end(&mut self, _out: &mut Actions) {}
}

#[cfg(test)]
mod tests {
    use super::super::play::{Play, Turn};

    #[test]
    fn it_says_nothing_and_stays_after_the_peers_end() {
        let mut play = Play::new("manual", &[]);
        let turns = [play.open(), play.hear(b"anyone?"), play.end()];
        assert_eq!(turns, [Turn::default(), Turn::default(), Turn::default()]);
    }
}
