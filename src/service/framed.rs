//! A service behind a framing and rules: it gets whole messages that no rule answers, and what it sends is framed.
//!
//! Around every service and under every model; while bytes pass as they are, that costs one look at a number for each turn.

use std::sync::Arc;

use super::protocol::{LiveProtocol, MessageCounts, Protocol};
use super::{Actions, After, Handler, Pace, Peer, Service};
use crate::bytes::{Framer, Framing, FramingError};

/// See the module.
pub struct Framed {
    inner: Arc<dyn Service>,
    live: Arc<LiveProtocol>,
    is_stream: bool,
}

impl Framed {
    /// Around this service of a server over streams, or over datagrams.
    pub fn around(inner: Arc<dyn Service>, live: Arc<LiveProtocol>, is_stream: bool) -> Arc<dyn Service> {
        Arc::new(Self { inner, live, is_stream })
    }
}

impl Service for Framed {
    fn connect(&self, peer: &Peer) -> Box<dyn Handler> {
        let (inner, live) = (self.inner.connect(peer), Arc::clone(&self.live));
        Box::new(Member { inner, live, is_stream: self.is_stream, seen: 0, way: None })
    }

    fn pace(&self) -> Pace {
        self.inner.pace()
    }
}

/// One peer.
struct Member {
    inner: Box<dyn Handler>,
    live: Arc<LiveProtocol>,
    is_stream: bool,
    seen: u64,
    /// `None` as long as its bytes have always passed as they are.
    way: Option<Box<Way>>,
}

/// What stands between a peer and its handler.
struct Way {
    protocol: Arc<Protocol>,
    framer: Framer,
    /// What the handler wants, before it is framed.
    out: Actions,
}

impl Handler for Member {
    fn on_open(&mut self, out: &mut Actions) {
        self.turn(out, |inner, out| inner.on_open(out));
    }

    fn on_bytes(&mut self, data: &[u8], out: &mut Actions) {
        self.renew();
        let Some(way) = &mut self.way else { return self.inner.on_bytes(data, out) };
        let Way { protocol, framer, out: inside } = &mut **way;
        let mut hear = |message: &[u8]| hear(&mut *self.inner, &self.live, protocol, inside, message, out);
        let cut = if self.is_stream {
            framer.push(data, |frame| hear(frame.message))
        } else {
            hear(data);
            Ok(())
        };
        broke(&self.live, cut, out);
    }

    fn on_timer(&mut self, out: &mut Actions) {
        self.turn(out, |inner, out| inner.on_timer(out));
    }

    fn on_room(&mut self, out: &mut Actions) {
        self.turn(out, |inner, out| inner.on_room(out));
    }

    fn on_end(&mut self, out: &mut Actions) {
        self.renew();
        if let Some(way) = &mut self.way {
            let Way { protocol, framer, out: inside } = &mut **way;
            let end = framer.finish(|frame| hear(&mut *self.inner, &self.live, protocol, inside, frame.message, out));
            // Without a framing there is nothing that could be unfinished.
            broke(&self.live, if protocol.framing == Framing::Raw { Ok(()) } else { end }, out);
        }
        self.turn(out, |inner, out| inner.on_end(out));
    }

    fn on_gone(&mut self, out: &mut Actions) {
        self.turn(out, |inner, out| inner.on_gone(out));
    }
}

impl Member {
    /// Takes a change of the protocol over. What was received and is no message yet is cut by the new framing.
    fn renew(&mut self) {
        let version = self.live.version();
        if version == self.seen {
            return;
        }
        self.seen = version;
        let protocol = self.live.now();
        match &mut self.way {
            Some(way) => {
                if way.protocol.framing != protocol.framing {
                    way.framer.change(protocol.framing.clone());
                }
                way.protocol = protocol;
            }
            None if protocol.is_plain() && !self.live.is_overheard() => {}
            None => {
                let framer = Framer::new(protocol.framing.clone());
                self.way = Some(Box::new(Way { protocol, framer, out: Actions::default() }));
            }
        }
    }

    /// A turn of the handler that brings no bytes.
    fn turn(&mut self, out: &mut Actions, call: impl FnOnce(&mut dyn Handler, &mut Actions)) {
        self.renew();
        match &mut self.way {
            Some(way) => framed(&mut *self.inner, &self.live, &way.protocol, &mut way.out, out, call),
            None => call(&mut *self.inner, out),
        }
    }
}

/// A message: a rule answers it, or the service gets it. After a last word it is nobody's.
fn hear(inner: &mut dyn Handler, live: &LiveProtocol, protocol: &Protocol, inside: &mut Actions, message: &[u8], out: &mut Actions) {
    if out.after() >= After::Close || out.has_failed() {
        return;
    }
    live.overhear(message);
    live.count(MessageCounts { received: u64::from(protocol.framing != Framing::Raw), ..MessageCounts::default() });
    match protocol.rules.answer(message) {
        Some(Ok(bytes)) => {
            live.count(MessageCounts { by_rule: 1, ..MessageCounts::default() });
            out.send(&bytes);
        }
        Some(Err(error)) => out.fail(format!("the answer of a rule: {error}")),
        None => framed(inner, live, protocol, inside, out, |inner, out| inner.on_bytes(message, out)),
    }
}

/// A turn of the handler whose messages are framed.
fn framed(
    inner: &mut dyn Handler,
    live: &LiveProtocol,
    protocol: &Protocol,
    inside: &mut Actions,
    out: &mut Actions,
    call: impl FnOnce(&mut dyn Handler, &mut Actions),
) {
    if protocol.framing == Framing::Raw {
        return call(inner, out);
    }
    inside.begin_like(out);
    call(inner, inside);
    let mut sent = 0;
    let taken = out.take_over(inside, |message| {
        sent += 1;
        marked(&protocol.framing, message)
    });
    live.count(MessageCounts { sent, ..MessageCounts::default() });
    if let Err(error) = taken {
        out.fail(format!("its message does not fit the framing: {error}"));
    }
}

/// A message of the service as it goes out. One that ends with the delimiter by itself, as lines do, is marked already.
fn marked(framing: &Framing, message: &[u8]) -> Result<Vec<u8>, FramingError> {
    let bare = match framing {
        Framing::Delimiter { bytes, .. } => message.strip_suffix(bytes.as_slice()).unwrap_or(message),
        Framing::Raw | Framing::Fixed { .. } | Framing::Length { .. } | Framing::UntilClose { .. } => message,
    };
    framing.wrap(bare)
}

fn broke(live: &LiveProtocol, cut: Result<(), FramingError>, out: &mut Actions) {
    if let Err(error) = cut {
        live.count(MessageCounts { broken: 1, ..MessageCounts::default() });
        out.broke(error);
    }
}

#[cfg(test)]
mod tests;
