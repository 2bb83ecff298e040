//! What a person changes about the messages of a running server, and words of his own besides any schedule.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{Control, To};
use crate::lab::Messages;
use crate::model::link::Link;
use crate::model::wire::LiveWire;
use crate::service::{Ear, LiveProtocol, Protocol};
use crate::sys::Sock;
use crate::trace::{Call, End, Lane};

impl Control {
    /// How bytes become messages and go out, from now on. `protocol` is what was made of `messages`.
    pub fn set_messages(&self, messages: Messages, protocol: Protocol, is_tcp: bool) {
        self.protocol.set(protocol);
        self.wire.set(&messages.wire, is_tcp);
        let now = Arc::new(messages);
        let before = std::mem::replace(&mut *self.messages.lock(), Arc::clone(&now));
        let links = self.links.all();
        if links.is_empty() {
            return;
        }
        let lane = self.tap.free_lane(self.operator.name());
        let mut told = !is_tcp;
        for link in links {
            if !told && let Err(error) = LiveWire::change(&lane, link.sock(), &before.wire, &now.wire) {
                told = true;
                self.board.trouble(Call::SetSockOpt, Arc::clone(&link.conn.peer), error);
            }
            link.change_far(&now);
            Link::release(link, &lane);
        }
        self.loops.ask();
        self.links.tell();
    }

    /// How bytes become messages and go out.
    pub fn messages(&self) -> Arc<Messages> {
        Arc::clone(&self.messages.lock())
    }

    /// Lets this one hear each message from now on. Child processes are told, and hear for it; what comes back is disconnected once
    /// all of them do.
    pub fn add_ear(&self, lane: &Lane, ear: Ear) -> Receiver<()> {
        let (waits, all_hear) = bounded(0);
        self.protocol.add_ear(ear);
        self.tell_who_hears(lane, Some(&waits));
        all_hear
    }

    /// This one hears no more.
    pub fn end_ear(&self, lane: &Lane, ear: &Ear) {
        self.protocol.end_ear(ear);
        self.tell_who_hears(lane, None);
    }

    fn tell_who_hears(&self, lane: &Lane, waits: Option<&Sender<()>>) {
        for link in self.links.all() {
            link.listen_far(waits);
            Link::release(link, lane);
        }
    }

    /// Framing and rules in force, and what came of them.
    pub fn protocol(&self) -> &Arc<LiveProtocol> {
        &self.protocol
    }

    /// The socket that listens, or is bound for datagrams.
    pub fn socket(&self) -> &Arc<Sock> {
        &self.socket
    }

    /// How bytes go through its sockets.
    pub fn wire(&self) -> &Arc<LiveWire> {
        &self.wire
    }

    /// Says this once to each of these, besides any schedule; answers how many there are. It never waits: what a stream has no room
    /// for is brought later, and a datagram that finds none is lost.
    #[track_caller]
    pub fn say(&self, lane: &Lane, to: &To, bytes: &[u8]) -> usize {
        let links: Vec<Arc<Link>> = match to {
            To::One(id) => self.links.get(*id).into_iter().collect(),
            To::These(these) => these.iter().filter_map(|id| self.links.get(*id)).collect(),
            To::All => self.links.all(),
            To::Address(address) => {
                let stranger = self.operator.stranger((*address).into());
                self.say_datagram(lane, &stranger, bytes);
                self.board.ended(&stranger.conn, End::Here);
                return 1;
            }
        };
        let count = links.len();
        for link in links {
            if link.is_datagram() {
                self.say_datagram(lane, &link, bytes);
                Link::release(link, lane);
            } else {
                self.deliver(lane, link, bytes);
            }
        }
        count
    }

    #[track_caller]
    fn say_datagram(&self, lane: &Lane, link: &Link, bytes: &[u8]) {
        match link.send_now(lane, bytes) {
            Ok(_) => self.board.sent(&link.conn, bytes),
            Err(error) => self.board.trouble(Call::SendTo, Arc::clone(&link.conn.peer), error),
        }
    }
}
