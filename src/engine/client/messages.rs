//! What a client makes of the bytes it received: messages by its framing, answered by its rules.

use std::sync::Arc;

use crate::bytes::{Framer, Framing, FramingError};
use crate::engine::{GroupView, cast};
use crate::lab::{Cast, Messages};
use crate::model::LiveWire;
use crate::service::{LiveProtocol, MessageCounts, Protocol};
use crate::trace::{Call, ConnId, End, Unserved};

use super::driver::Driver;
use super::link::Message;

/// Answers that wait for one connection before nothing more is read from it.
pub(super) const MOST_ANSWERS: usize = 256;

/// What stands between a connection and the rules.
#[derive(Debug)]
pub(super) struct Way {
    seen: u64,
    protocol: Arc<Protocol>,
    framer: Framer,
}

impl Way {
    /// The protocol in force; `None` as long as bytes have always passed as they are.
    fn renew(way: &mut Option<Box<Self>>, live: &LiveProtocol) {
        let version = live.version();
        let protocol = match way {
            Some(way) if way.seen == version => return,
            Some(_) | None => live.now(),
        };
        match way {
            Some(way) => {
                if way.protocol.framing != protocol.framing {
                    way.framer.change(protocol.framing.clone());
                }
                (way.seen, way.protocol) = (version, protocol);
            }
            None => *way = Some(Box::new(Self { seen: version, framer: Framer::new(protocol.framing.clone()), protocol })),
        }
    }
}

/// What came from the peer.
#[derive(Clone, Copy, Debug)]
enum Heard {
    /// So many bytes, in the buffer.
    Bytes(usize),
    /// The end of its side.
    End,
}

impl Driver<'_> {
    /// Bytes came and are in the buffer. `false` when the connection is over because of them.
    pub fn hear(&mut self, id: ConnId, len: usize) -> bool {
        self.heard(id, Heard::Bytes(len))
    }

    /// The peer ended its side: until close this is the message. `false` when the connection is over because of that.
    pub fn hear_end(&mut self, id: ConnId) -> bool {
        self.heard(id, Heard::End)
    }

    fn heard(&mut self, id: ConnId, what: Heard) -> bool {
        let live = Arc::clone(self.run.control.protocol());
        if live.version() == 0 {
            return true;
        }
        let Some(link) = self.links.get_mut(&id) else { return false };
        Way::renew(&mut link.way, &live);
        let Some(way) = &mut link.way else { return true };
        let Way { protocol, framer, .. } = &mut **way;
        let mut answers = Vec::new();
        let mut each = |message: &[u8]| answers.extend(answer(&live, protocol, message));
        let cut = match what {
            Heard::Bytes(len) if self.stream => framer.push(&self.buffer[..len], |frame| each(frame.message)),
            Heard::Bytes(len) => {
                each(&self.buffer[..len]);
                Ok(())
            }
            Heard::End => match framer.finish(|frame| each(frame.message)) {
                // What is left over of no framing is nothing.
                Err(_) if protocol.framing == Framing::Raw => Ok(()),
                end => end,
            },
        };
        self.answer(id, answers);
        self.is_whole(id, cut)
    }

    fn answer(&mut self, id: ConnId, answers: Vec<Answer>) {
        for answer in answers {
            let Some(link) = self.links.get_mut(&id) else { return };
            match answer {
                Ok(bytes) if link.can_send() => link.pending.push_back(Message::new(&bytes, &self.answers)),
                Ok(_) => {}
                Err(error) => self.tell_not_made(&error),
            }
        }
        if self.links.get(&id).is_some_and(|link| !link.pending.is_empty()) {
            self.enqueue(id);
        }
    }

    fn is_whole(&mut self, id: ConnId, cut: Result<(), FramingError>) -> bool {
        let Err(error) = cut else { return true };
        self.run.control.protocol().count(MessageCounts { broken: 1, ..MessageCounts::default() });
        if let Some(link) = self.links.get(&id) {
            self.run.board.unserved(Arc::clone(&link.conn.peer), Unserved::Framing(error));
        }
        self.end(id, End::Unserved(Unserved::Framing(error)));
        false
    }

    /// Options of the sockets that are open; the rest was changed already.
    pub fn change_messages(&mut self, now: Messages) {
        let before = std::mem::replace(&mut self.run.client.messages, now);
        let now = &self.run.client.messages;
        let mut told = self.run.client.transport != crate::lab::Transport::Tcp;
        let mut groups = Vec::new();
        for link in self.links.values() {
            if !told && let Err(error) = LiveWire::change(self.lane, &link.sock, &before.wire, &now.wire) {
                told = true;
                self.run.board.trouble(Call::SetSockOpt, Arc::clone(&link.conn.peer), error);
            }
            if cast::has(self.run.client.transport) && before.cast != now.cast {
                merge(&mut groups, cast::set(self.lane, &self.run.board, &link.sock, &before.cast, &now.cast));
            }
        }
        if before.cast != now.cast {
            self.run.control.set_groups(groups);
        }
    }

    /// Broadcast and multicast of a datagram socket that was just made.
    pub fn begin_cast(&self, id: ConnId) {
        let cast = &self.run.client.messages.cast;
        let Some(link) = self.links.get(&id).filter(|_| cast::has(self.transport()) && *cast != Cast::default()) else { return };
        let mut groups = self.run.control.groups().to_vec();
        merge(&mut groups, cast::set(self.lane, &self.run.board, &link.sock, &Cast::default(), cast));
        self.run.control.set_groups(groups);
    }
}

type Answer = Result<Arc<[u8]>, crate::packet::PacketError>;

fn answer(live: &LiveProtocol, protocol: &Protocol, message: &[u8]) -> Option<Answer> {
    live.overhear(message);
    let answer = protocol.rules.answer(message);
    let by_rule = u64::from(matches!(answer, Some(Ok(_))));
    let received = u64::from(protocol.framing != Framing::Raw);
    live.count(MessageCounts { received, by_rule, ..MessageCounts::default() });
    answer
}

/// Each group once; an error of any socket is shown.
fn merge(groups: &mut Vec<GroupView>, more: Vec<GroupView>) {
    for view in more {
        match groups.iter_mut().find(|known| known.group == view.group) {
            Some(known) => known.error = view.error.or(known.error.take()),
            None => groups.push(view),
        }
    }
}
