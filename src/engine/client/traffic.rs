//! Moving bytes: what a readable connection holds, and what a connection with work may send in one turn.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::sys::{SendFlags, errno_name};
use crate::trace::{Call, ConnId, ConnStage, End};

use super::driver::Driver;
use super::link::{Message, Phase};
use super::timers::Due;

/// Receives of one stream connection in one turn.
const STREAM_READS: usize = 2;
/// Receives of one datagram socket in one turn.
const DATAGRAM_READS: usize = 32;
/// Sends of one connection in one turn, and the bytes after which its turn ends.
const SENDS: usize = 16;
const TURN_BYTES: usize = 1 << 20;
/// Bytes one `send` is given at most, so that a large message is not one long call.
const CHUNK: usize = 256 << 10;
/// The kernel had no memory for a datagram and gives no event when it has.
const PAUSE: Duration = Duration::from_millis(5);
/// Refused datagrams are told this often at most: a flood to a closed port has thousands a second.
const TELL: Duration = Duration::from_millis(200);

/// How one send ended.
enum Sent {
    Whole,
    Part,
    /// The connection goes no further in this turn, or is gone.
    Stop,
}

impl Driver<'_> {
    pub fn read(&mut self, id: ConnId) {
        let reads = if self.stream { STREAM_READS } else { DATAGRAM_READS };
        for _ in 0..reads {
            let Some(link) = self.links.get(&id) else { return };
            let got = if self.stream {
                link.sock.recv(self.lane, &mut self.buffer).map(|n| (n, false))
            } else {
                link.sock.recv_from(self.lane, &mut self.buffer).map(|(n, _, cut)| (n, cut))
            };
            match got {
                Ok((0, _)) if self.stream => return self.peer_ended(id),
                Ok((n, cut)) => {
                    self.run.board.received(&link.conn, &self.buffer[..n], cut);
                    if self.stream && n < self.buffer.len() {
                        return;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // ICMP "port unreachable" for an earlier datagram (udp(7)); Windows calls it a reset.
                Err(error) if !self.stream && is_refused(&error) => self.tell_refused(id, Call::RecvFrom, error),
                Err(error) if errno_name(&error) == Some("ECONNRESET") => return self.end(id, End::Reset),
                Err(error) => {
                    let call = if self.stream { Call::Recv } else { Call::RecvFrom };
                    return self.end(id, End::Failed(call, error));
                }
            }
        }
    }

    /// `recv` answered 0. With nothing left to send our FIN answers the peer's.
    fn peer_ended(&mut self, id: ConnId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        if let Some(error) = link.broken.take() {
            return self.end(id, End::Failed(Call::Send, error));
        }
        self.run.board.half_ended(&link.conn, ConnStage::PeerEnded);
        if link.pending.is_empty() {
            return self.end(id, End::Orderly);
        }
        link.drop_flow(&mut self.timers);
        link.phase = Phase::PeerEnded;
        self.watch(id);
    }

    /// Sends what waits, within one turn's share.
    pub fn pump(&mut self, id: ConnId) {
        let mut bytes = 0;
        for _ in 0..SENDS {
            if !self.next_message(id) {
                break;
            }
            match self.send_front(id, &mut bytes) {
                Sent::Whole | Sent::Part if bytes < TURN_BYTES => {}
                Sent::Whole | Sent::Part => break,
                Sent::Stop => return self.watch(id),
            }
        }
        self.watch(id);
        if self.next_message(id) {
            self.enqueue(id);
        } else if self.links.get(&id).is_some_and(|link| matches!(link.phase, Phase::PeerEnded)) {
            self.end(id, End::Orderly);
        }
    }

    /// Whether a message waits; a schedule without pauses puts its next one there as soon as the last is gone.
    fn next_message(&mut self, id: ConnId) -> bool {
        let Some(link) = self.links.get_mut(&id) else { return false };
        if !link.pending.is_empty() {
            return true;
        }
        let can_send = link.can_send();
        let Some(flow) = link.flow.as_mut().filter(|flow| can_send && flow.outgoing.every.is_zero()) else { return false };
        if flow.is_complete() {
            link.drop_flow(&mut self.timers);
            return false;
        }
        flow.done += 1;
        self.sending.own_rounds += u64::from(flow.own);
        link.pending.push_back(Message::new(&flow.outgoing.bytes, &flow.tally));
        true
    }

    fn send_front(&mut self, id: ConnId, bytes: &mut usize) -> Sent {
        let Some(link) = self.links.get_mut(&id) else { return Sent::Stop };
        let Some(message) = link.pending.front_mut() else { return Sent::Stop };
        // A datagram goes whole or not at all.
        let rest = &message.bytes[message.at..];
        let part = if self.stream { &rest[..rest.len().min(CHUNK)] } else { rest };
        match link.sock.send(self.lane, part, SendFlags::None) {
            Ok(n) => {
                let n = n.min(part.len());
                self.run.board.sent(&link.conn, &part[..n]);
                *bytes += n;
                message.at += n;
                if self.stream && message.at < message.bytes.len() {
                    return Sent::Part;
                }
                message.tally.taken.set(message.tally.taken.get() + 1);
                link.pending.pop_front();
                Sent::Whole
            }
            Err(error) => self.not_sent(id, error),
        }
    }

    fn not_sent(&mut self, id: ConnId, error: io::Error) -> Sent {
        let Some(link) = self.links.get_mut(&id) else { return Sent::Stop };
        let (unix, peer) = (self.run.client.transport.is_unix(), Arc::clone(&link.conn.peer));
        match errno_name(&error) {
            Some("EAGAIN") => link.blocked = true,
            Some("EINTR") => return Sent::Part,
            Some("ENOBUFS") if !self.stream => {
                link.resume = Some(self.timers.at(Instant::now() + PAUSE, Due::Resume(id)));
            }
            // It was about an earlier datagram; this one has not left yet and is tried again.
            Some("ECONNREFUSED" | "ECONNRESET") if !self.stream && !unix => {
                self.tell_refused(id, Call::Send, error);
                return Sent::Part;
            }
            Some("ECONNRESET") if self.stream => self.end(id, End::Reset),
            // Nothing more leaves, but what the peer sent before is still to be read.
            Some("EPIPE") if self.stream && !matches!(link.phase, Phase::PeerEnded) => {
                link.drop_sending(&mut self.timers);
                link.broken = Some(error);
            }
            // This datagram cannot leave, nor could the next of its schedule.
            Some("EMSGSIZE" | "EHOSTUNREACH" | "ENETUNREACH" | "ENETDOWN" | "EACCES" | "EPERM" | "EINVAL") if !self.stream => {
                let tally = link.pending.front().map(|message| message.tally.clone());
                self.run.board.trouble(Call::Send, peer, error);
                if let Some(tally) = tally {
                    self.abandon(&tally);
                }
            }
            Some(_) | None => self.end(id, End::Failed(Call::Send, error)),
        }
        Sent::Stop
    }

    fn tell_refused(&mut self, id: ConnId, call: Call, error: io::Error) {
        let now = Instant::now();
        if self.told.is_some_and(|told| now < told + TELL) {
            return;
        }
        self.told = Some(now);
        if let Some(link) = self.links.get(&id) {
            self.run.board.trouble(call, Arc::clone(&link.conn.peer), error);
        }
    }
}

fn is_refused(error: &io::Error) -> bool {
    matches!(errno_name(error), Some("ECONNREFUSED" | "ECONNRESET"))
}
