//! The peers of a datagram server: who was heard lately, each with a handler of its own, and the answers that found no room.
//!
//! Datagrams have no connections. To show who talks with whom, the most recently heard peers stand on the board as if they were.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::service::{self, After, Handler, PeerId};
use crate::sys::{SendFlags, SockAddr, fmt_addr, has_name};
use crate::trace::{Call, End, Lane};

use super::ServerRun;
use super::desk::{Desk, is_passing};
use super::link::Link;

/// Peers remembered; the one not heard for longest makes room.
const MOST_PEERS: usize = 1_024;
/// Bytes of answers that may wait for room in the socket, in all and for one peer. A Unix datagram that a peer has not read
/// is charged to the sender's buffer (unix(7)), so one deaf peer can fill it for all; it must not fill this queue as well.
const MOST_WAITING: usize = 256 << 10;
const MOST_WAITING_EACH: usize = 128 << 10;
/// Also empty answers are bounded.
const MOST_WAITING_MESSAGES: usize = 1_024;
/// Datagrams taken in a row before other work has its turn.
const TURN: usize = 64;
/// How long a blocking `sendto` sleeps before it looks whether the server stops: nothing we could do to our own socket wakes
/// a sender that waits for room in a Unix datagram peer's queue.
const PATIENCE: Duration = Duration::from_millis(50);
/// A Unix datagram peer's full queue is tried again after this: `POLLOUT` speaks of our own buffer.
const RETRY: Duration = Duration::from_millis(10);
/// How long to leave a socket alone whose `recvfrom` fails.
const PAUSE: Duration = Duration::from_millis(100);

/// See the module.
pub(super) struct Peers<'a> {
    run: &'a ServerRun,
    local: Arc<str>,
    is_unix: bool,
    known: HashMap<SockAddr, Peer>,
    clock: u64,
    waiting: VecDeque<(Arc<Link>, SockAddr, Box<[u8]>)>,
    waiting_bytes: usize,
    /// The present lack of room was told.
    told_full: bool,
    told_unnamed: bool,
}

struct Peer {
    link: Arc<Link>,
    handler: Box<dyn Handler>,
    heard: u64,
}

impl<'a> Peers<'a> {
    pub fn new(run: &'a ServerRun) -> io::Result<Self> {
        let local = run.socket.local_addr()?;
        let is_unix = local.as_socket().is_none();
        if is_unix && run.socket.is_blocking() {
            run.socket.options().set_write_timeout(Some(PATIENCE))?;
        }
        Ok(Self {
            run,
            local: fmt_addr(&local).into(),
            is_unix,
            known: HashMap::new(),
            clock: 0,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            told_full: false,
            told_unnamed: false,
        })
    }

    /// For blocking models: sleeps in `recvfrom` until a datagram is there; the handler's answers are on the desk then. `None`
    /// once the server stops.
    pub fn wait(&mut self, lane: &Lane, desk: &mut Desk) -> Option<SockAddr> {
        loop {
            let received = self.run.socket.recv_from(lane, &mut desk.buf);
            match received {
                _ if self.run.control.is_stopping() => return None,
                Ok((n, from, cut)) => {
                    self.hear(lane, &from, n, cut, desk);
                    return Some(from);
                }
                Err(error) => {
                    if !is_echoed(&error) {
                        self.run.board.trouble(Call::RecvFrom, Arc::clone(&self.local), error);
                        self.run.control.links().wait_for_change(PAUSE, || false);
                    }
                }
            }
        }
    }

    /// For blocking models: sends what is on the desk.
    pub fn answer(&mut self, lane: &Lane, to: &SockAddr, desk: &mut Desk) {
        let Some(link) = self.known.get(to).map(|peer| Arc::clone(&peer.link)) else { return desk.out.clear() };
        for message in desk.out.messages() {
            if !self.can_answer(to) {
                break;
            }
            let sent = loop {
                match self.run.socket.send_to(lane, message, to, SendFlags::None) {
                    Err(error) if is_passing(&error) && !self.run.control.is_stopping() => {}
                    other => break other,
                }
            };
            match sent {
                Ok(_) => self.run.board.sent(&link.conn, message),
                Err(_) if self.run.control.is_stopping() => break,
                Err(error) => self.run.board.trouble(Call::SendTo, Arc::clone(&link.conn.peer), error),
            }
        }
        self.after(lane, to, desk);
    }

    /// For selectors: takes the datagrams that are there and answers them.
    pub fn receive(&mut self, lane: &Lane, desk: &mut Desk) {
        for _ in 0..TURN {
            if !self.receive_one(lane, desk) {
                return;
            }
        }
    }

    /// For selectors: takes one datagram and answers it. `false` when there is none (`EAGAIN`).
    #[track_caller]
    pub fn receive_one(&mut self, lane: &Lane, desk: &mut Desk) -> bool {
        match self.run.socket.recv_from(lane, &mut desk.buf) {
            _ if self.run.control.is_stopping() => false,
            Ok((n, from, cut)) => {
                self.hear(lane, &from, n, cut, desk);
                self.answer_or_queue(lane, &from, desk);
                true
            }
            Err(error) if is_passing(&error) => false,
            Err(error) if is_echoed(&error) => true,
            Err(error) => {
                self.run.board.trouble(Call::RecvFrom, Arc::clone(&self.local), error);
                false
            }
        }
    }

    /// Whether answers wait until the socket has room.
    pub fn wants_room(&self) -> bool {
        !self.is_unix && !self.waiting.is_empty()
    }

    /// How long a selector may sleep at most.
    pub fn timer(&self) -> Option<Duration> {
        (self.is_unix && !self.waiting.is_empty()).then_some(RETRY)
    }

    /// Sends the answers that wait, as far as there is room. One full peer does not hold up the others.
    pub fn flush(&mut self, lane: &Lane) {
        let mut full: Vec<SockAddr> = Vec::new();
        for _ in 0..self.waiting.len() {
            let Some((link, to, message)) = self.waiting.pop_front() else { break };
            let skip = if self.is_unix { full.contains(&to) } else { !full.is_empty() };
            if skip || !self.try_send(lane, &link, &to, &message) {
                if !skip {
                    full.push(to.clone());
                }
                self.waiting.push_back((link, to, message));
            } else {
                self.waiting_bytes -= message.len();
            }
        }
        if self.waiting.is_empty() {
            self.told_full = false;
        }
    }

    /// Ends every peer on the board.
    pub fn finish(self, lane: &Lane) {
        for (_, peer) in self.known {
            self.run.control.finish(lane, peer.link, End::Here);
        }
    }

    fn hear(&mut self, lane: &Lane, from: &SockAddr, n: usize, cut: bool, desk: &mut Desk) {
        self.clock += 1;
        if self.known.get(from).is_none_or(|peer| peer.link.is_leaving()) {
            if self.known.len() >= MOST_PEERS {
                self.forget_oldest(lane);
            }
            let link = self.run.control.meet(&self.local, from);
            let handler = self.run.service.connect(&service::Peer { id: PeerId(link.conn.id.0), address: &link.conn.peer });
            let peer = Peer { link, handler, heard: 0 };
            // One that an operator closed is over already.
            drop(self.known.insert(from.clone(), peer));
        }
        if let Some(peer) = self.known.get_mut(from) {
            peer.heard = self.clock;
            self.run.board.received(&peer.link.conn, &desk.buf[..n], cut);
            peer.handler.on_bytes(&desk.buf[..n], &mut desk.out);
        }
    }

    fn answer_or_queue(&mut self, lane: &Lane, to: &SockAddr, desk: &mut Desk) {
        let Some(link) = self.known.get(to).map(|peer| Arc::clone(&peer.link)) else { return desk.out.clear() };
        for message in desk.out.messages() {
            if !self.can_answer(to) {
                break;
            }
            // Answers stay in order: what came later goes behind what waits.
            if (self.waiting.is_empty() || self.is_unix && !self.waiting.iter().any(|(_, other, _)| other == to))
                && self.try_send(lane, &link, to, message)
            {
                continue;
            }
            let same: usize = self.waiting.iter().filter(|(_, other, _)| other == to).map(|(.., waits)| waits.len()).sum();
            let is_full = self.waiting_bytes + message.len() > MOST_WAITING || self.waiting.len() >= MOST_WAITING_MESSAGES;
            if is_full || same + message.len() > MOST_WAITING_EACH {
                if !std::mem::replace(&mut self.told_full, true) {
                    let error = io::Error::new(io::ErrorKind::WouldBlock, "answers were dropped: too many wait for room");
                    self.run.board.trouble(Call::SendTo, Arc::clone(&link.conn.peer), error);
                }
                continue;
            }
            self.waiting_bytes += message.len();
            self.waiting.push_back((Arc::clone(&link), to.clone(), message.into()));
        }
        self.after(lane, to, desk);
    }

    /// `false` when there is no room. Other failures are told and the answer is lost, as datagrams may be.
    fn try_send(&self, lane: &Lane, link: &Arc<Link>, to: &SockAddr, message: &[u8]) -> bool {
        match self.run.socket.send_to(lane, message, to, SendFlags::DontWait) {
            Ok(_) => self.run.board.sent(&link.conn, message),
            Err(error) if is_passing(&error) => return false,
            Err(error) => self.run.board.trouble(Call::SendTo, Arc::clone(&link.conn.peer), error),
        }
        true
    }

    /// A Unix datagram socket that was never bound has no name to send to (unix(7)).
    fn can_answer(&mut self, to: &SockAddr) -> bool {
        let named = has_name(to);
        if !named && !std::mem::replace(&mut self.told_unnamed, true) {
            let error = io::Error::new(io::ErrorKind::AddrNotAvailable, "a peer without a name cannot be answered: it must bind a path");
            self.run.board.trouble(Call::SendTo, "unnamed", error);
        }
        named
    }

    fn after(&mut self, lane: &Lane, to: &SockAddr, desk: &mut Desk) {
        let after = desk.out.after();
        desk.out.clear();
        match after {
            After::Stay | After::HalfClose => {}
            After::Close | After::Reset => {
                if let Some(peer) = self.known.remove(to) {
                    self.run.control.finish(lane, peer.link, End::Service);
                }
            }
        }
    }

    fn forget_oldest(&mut self, lane: &Lane) {
        let oldest = self.known.iter().min_by_key(|(_, peer)| peer.heard).map(|(addr, _)| addr.clone());
        if let Some(peer) = oldest.and_then(|addr| self.known.remove(&addr)) {
            self.run.control.finish(lane, peer.link, End::Here);
        }
    }
}

/// An interruption, or the echo of an earlier `sendto` that found nobody (Windows reports ICMP so, and some BSDs).
fn is_echoed(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused)
}
