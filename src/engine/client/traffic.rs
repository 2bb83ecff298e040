//! Moving bytes: what a readable connection holds, and what a connection with work may send in one turn.

use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::lab::AfterEnd;
use crate::model::LiveWire;
use crate::sys::{SendFlags, errno_name};
use crate::trace::{Call, ConnId, ConnStage, End};

use super::driver::Driver;
use super::link::{Message, Phase};
use super::messages::MOST_ANSWERS;
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

/// Lateness of pieces that is made up for.
const MOST_LATE: Duration = Duration::from_millis(50);

/// Bytes of one call on a stream: a piece, or what a rate allows in 20 ms.
fn most_of(rate: u64, wire: &LiveWire) -> usize {
    let by_rate = (rate > 0).then(|| usize::try_from(rate / 50).unwrap_or(usize::MAX).max(1));
    by_rate.into_iter().chain(wire.piece()).min().unwrap_or(CHUNK).min(CHUNK)
}

/// What follows a call that moved `n` bytes, if pieces have a pause or a rate was asked for.
fn pause_of(n: usize, rate: u64, wire: &LiveWire, stream: bool) -> Option<Duration> {
    let by_rate = (rate > 0).then(|| Duration::from_nanos((n as u64).saturating_mul(1_000_000_000) / rate));
    by_rate.max(wire.piece_pause().filter(|_| stream))
}

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
            if link.pending.len() > MOST_ANSWERS {
                // The peer must take its answers first.
                return self.watch(id);
            }
            let room = self.run.control.wire().most(&mut self.buffer);
            let size = room.len();
            let got = if self.stream {
                link.sock.recv(self.lane, room).map(|n| (n, false))
            } else {
                link.sock.recv_from(self.lane, room).map(|(n, _, cut)| (n, cut))
            };
            match got {
                Ok((0, _)) if self.stream => return self.peer_ended(id),
                Ok((n, cut)) => {
                    self.run.board.received(&link.conn, &self.buffer[..n], cut);
                    if !self.hear(id, n) || self.stream && n < size {
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
        if !self.hear_end(id) {
            return;
        }
        let Some(link) = self.links.get_mut(&id) else { return };
        if let Some(error) = link.broken.take() {
            return self.end(id, End::Failed(Call::Send, error));
        }
        self.run.board.half_ended(&link.conn, ConnStage::PeerEnded);
        if self.run.client.after_end == AfterEnd::Stay && matches!(link.phase, Phase::Open) {
            link.phase = Phase::Stays;
            return self.watch(id);
        }
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
        let bytes = match flow.outgoing.payload.render(flow.done) {
            Ok(bytes) => bytes,
            Err(error) => {
                let tally = Rc::clone(&flow.tally);
                self.not_made(id, &error);
                self.abandon(&tally);
                return false;
            }
        };
        flow.done += 1;
        self.sending.own_rounds += u64::from(flow.own);
        link.pending.push_back(Message::new(&bytes, &flow.tally));
        true
    }

    fn send_front(&mut self, id: ConnId, bytes: &mut usize) -> Sent {
        let Some(link) = self.links.get_mut(&id) else { return Sent::Stop };
        let Some(message) = link.pending.front_mut() else { return Sent::Stop };
        // A datagram goes whole or not at all.
        let rest = &message.bytes[message.at..];
        let rate = link.flow.as_ref().map_or(0, |flow| if flow.outgoing.every.is_zero() { flow.outgoing.bytes_per_s } else { 0 });
        let wire = self.run.control.wire();
        let part = if self.stream { &rest[..rest.len().min(most_of(rate, wire))] } else { rest };
        match link.sock.send(self.lane, part, SendFlags::None) {
            Ok(n) => {
                let n = n.min(part.len());
                self.run.board.sent(&link.conn, &part[..n]);
                *bytes += n;
                message.at += n;
                let pause = pause_of(n, rate, wire, self.stream);
                if self.stream && message.at < message.bytes.len() {
                    return if pause.is_some_and(|pause| self.rest(id, pause)) { Sent::Stop } else { Sent::Part };
                }
                message.tally.taken.set(message.tally.taken.get() + 1);
                if let Some(beat) = &message.beat {
                    beat.mark();
                }
                link.pending.pop_front();
                if pause.is_some_and(|pause| self.rest(id, pause)) { Sent::Stop } else { Sent::Whole }
            }
            Err(error) => self.not_sent(id, error),
        }
    }

    /// Between two pieces, or ahead of its rate: `true` when the next send is to wait.
    fn rest(&mut self, id: ConnId, pause: Duration) -> bool {
        let now = Instant::now();
        let Some(link) = self.links.get_mut(&id) else { return true };
        let even = link.even.filter(|even| now.saturating_duration_since(*even) < MOST_LATE).unwrap_or(now) + pause;
        link.even = Some(even);
        if even > now {
            link.resume = Some(self.timers.at(even, Due::Resume(id)));
        }
        even > now
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
            Some("EPIPE") if self.stream && !matches!(link.phase, Phase::PeerEnded | Phase::Stays) => {
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
