//! The peers of a datagram server: who was heard lately, each with a handler of its own, and the answers that found no room.
//!
//! Datagrams have no connections. To show who talks with whom, the most recently heard peers stand on the board as if they were.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::service::{Actions, After, Pace, PostTo};
use crate::sys::{PollFd, SendFlags, SockAddr, fmt_addr, has_name, poll, sleep};
use crate::trace::{Call, ConnId, End, Lane, Unserved};

use super::ServerRun;
use super::connection::Interest;
use super::desk::{Desk, is_passing};
use super::door::{interval, is_let_in};
use super::link::Link;
use super::served::{Due, Served};
use super::timers::Timers;

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
/// As good as for ever: whoever sleeps on purpose is woken.
const LONG: Duration = Duration::from_secs(3_600);

/// See the module.
pub(super) struct Peers<'a> {
    run: &'a ServerRun,
    local: Arc<str>,
    is_unix: bool,
    known: HashMap<SockAddr, Peer>,
    clock: u64,
    timers: Timers,
    /// When a slow service takes the next datagram.
    read_at: Option<Instant>,
    pace: Pace,
    interval: Option<Duration>,
    /// `SO_RCVTIMEO` as it is set now.
    limit: Option<Duration>,
    /// For turns that no datagram began: timers, last words.
    aside: Actions,
    seen: u64,
    waiting: VecDeque<(Arc<Link>, SockAddr, Box<[u8]>)>,
    waiting_bytes: usize,
    /// The present lack of room was told.
    told_full: bool,
    told_unnamed: bool,
}

struct Peer {
    link: Arc<Link>,
    served: Served,
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
            timers: Timers::default(),
            read_at: None,
            pace: run.service.pace(),
            interval: interval(run),
            limit: None,
            aside: Actions::default(),
            seen: 0,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            told_full: false,
            told_unnamed: false,
        })
    }

    /// For blocking models: sleeps in `recvfrom` until a datagram is there; the handler's answers are on the desk then. `None`
    /// once the server stops.
    #[track_caller]
    pub fn wait(&mut self, lane: &Lane, desk: &mut Desk) -> Option<SockAddr> {
        loop {
            self.flush(lane);
            if self.run.control.is_stopping() {
                return None;
            }
            if !self.may_read() {
                let limit = self.timer();
                sleep(lane, limit, || self.run.control.links().wait_for_change(limit.unwrap_or(LONG), || false));
                continue;
            }
            if !self.is_there(lane) {
                continue;
            }
            match self.run.socket.recv_from(lane, self.run.control.wire().most(&mut desk.buf)) {
                _ if self.run.control.is_stopping() => return None,
                // What woke us was no datagram.
                _ if self.run.control.is_finishing() => {}
                Ok((n, from, cut)) => {
                    if self.hear(lane, &from, n, cut, desk) {
                        return Some(from);
                    }
                }
                Err(error) if is_passing(&error) || error.kind() == io::ErrorKind::TimedOut => {}
                Err(error) if is_echoed(&error) => {}
                Err(error) => {
                    self.run.board.trouble(Call::RecvFrom, Arc::clone(&self.local), error);
                    self.run.control.links().wait_for_change(PAUSE, || false);
                }
            }
        }
    }

    /// For blocking models: sends what is on the desk. It sleeps while there is no room, but not for what is for others.
    #[track_caller]
    pub fn answer(&mut self, lane: &Lane, to: &SockAddr, desk: &mut Desk) {
        let Some(link) = self.known.get(to).map(|peer| Arc::clone(&peer.link)) else { return desk.out.clear() };
        self.post(lane, link.conn.id, &desk.out);
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
        desk.out.clear();
        self.after(lane, to);
    }

    /// For selectors: takes the datagrams that are there and answers them.
    #[track_caller]
    pub fn receive(&mut self, lane: &Lane, desk: &mut Desk) {
        for _ in 0..TURN {
            if !self.receive_one(lane, desk) {
                return;
            }
        }
    }

    /// For selectors: takes one datagram and answers it. `false` when there is none (`EAGAIN`), or it is not the time.
    #[track_caller]
    pub fn receive_one(&mut self, lane: &Lane, desk: &mut Desk) -> bool {
        if !self.may_read() {
            return false;
        }
        let got = self.run.socket.recv_from(lane, self.run.control.wire().most(&mut desk.buf));
        self.heard(lane, got, desk)
    }

    /// What a `recvfrom` brought is on the desk: answers it. `false` when it brought nothing.
    #[track_caller]
    pub fn heard(&mut self, lane: &Lane, got: io::Result<(usize, SockAddr, bool)>, desk: &mut Desk) -> bool {
        match got {
            _ if self.run.control.is_stopping() => false,
            Ok((n, from, cut)) => {
                if self.hear(lane, &from, n, cut, desk) {
                    self.answer_or_queue(lane, &from, &desk.out);
                    desk.out.clear();
                    self.after(lane, &from);
                }
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

    /// What a selector should wait for on the socket.
    pub fn interest(&self) -> Interest {
        Interest { read: self.may_read(), write: self.wants_room() }
    }

    /// Whether answers wait until the socket has room.
    pub fn wants_room(&self) -> bool {
        !self.is_unix && !self.waiting.is_empty()
    }

    /// How long a selector may sleep at most.
    pub fn timer(&mut self) -> Option<Duration> {
        let retry = (self.is_unix && !self.waiting.is_empty()).then_some(RETRY);
        let read = self.read_at.map(|at| at.saturating_duration_since(Instant::now()));
        self.timers.limit([retry, read, self.interval].into_iter().flatten().min())
    }

    /// Does what is due, and sends the answers that wait, as far as there is room. One full peer does not hold up the others.
    #[track_caller]
    pub fn flush(&mut self, lane: &Lane) {
        self.let_go(lane);
        self.do_what_is_due(lane);
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
            if self.run.control.is_finishing() && self.known.values().all(|peer| !peer.served.has_timer()) {
                self.run.control.stop();
            }
        }
    }

    /// Ends every peer on the board.
    pub fn finish(mut self, lane: &Lane) {
        for (_, peer) in self.known {
            self.run.control.finish(lane, peer.link, End::Here);
            peer.served.last_word(&mut self.aside);
        }
    }

    /// Whether this is the time to take a datagram.
    fn may_read(&self) -> bool {
        self.read_at.is_none() && self.pace != Pace::Never && !self.run.control.is_finishing()
    }

    /// For blocking models: says how long `recvfrom` may sleep, or with a poll interval waits until a datagram is there.
    #[track_caller]
    fn is_there(&mut self, lane: &Lane) -> bool {
        let limit = self.timer().map(|time| Duration::from_millis(time.as_nanos().div_ceil(1_000_000).max(1) as u64));
        if self.interval.is_some() {
            let mut fds = [PollFd::new(&self.run.socket, true, false)];
            // A failure is told by `recvfrom`.
            return poll(lane, &mut fds, limit).map_or(true, |ready| ready > 0);
        }
        if limit != self.limit && self.run.socket.set_recv_limit(lane, limit).is_ok() {
            self.limit = limit;
        }
        true
    }

    /// `false` when the sender is not let in.
    #[track_caller]
    fn hear(&mut self, lane: &Lane, from: &SockAddr, n: usize, cut: bool, desk: &mut Desk) -> bool {
        self.clock += 1;
        if self.known.get(from).is_none_or(|peer| peer.link.is_leaving()) {
            if !is_let_in(self.run, from) {
                self.run.board.unserved(fmt_addr(from), Unserved::TurnedAway);
                return false;
            }
            self.let_go(lane);
            if self.known.len() >= MOST_PEERS {
                self.forget_oldest(lane);
            }
            let link = self.run.control.meet(&self.local, from);
            let served = Served::new(self.run, &link.conn);
            if let Some(before) = self.known.insert(from.clone(), Peer { link, served, heard: 0 }) {
                self.say_last_word(lane, before.link.conn.id, before.served);
            }
        }
        self.run.control.count_request(self.run.life.requests);
        if let Pace::Slow { every, .. } = self.pace {
            self.read_at = Some(Instant::now() + every);
        }
        if let Some(peer) = self.known.get_mut(from) {
            peer.heard = self.clock;
            self.run.board.received(&peer.link.conn, &desk.buf[..n], cut);
            peer.served.hear(&desk.buf[..n], &mut desk.out);
        }
        true
    }

    /// Drops the peers that an operator closed; they are off the board already.
    #[track_caller]
    fn let_go(&mut self, lane: &Lane) {
        let version = self.run.control.links().version();
        if std::mem::replace(&mut self.seen, version) == version {
            return;
        }
        for (_, peer) in self.known.extract_if(|_, peer| peer.link.is_leaving()).collect::<Vec<_>>() {
            self.timers.set(peer.link.conn.id.0, None);
            self.say_last_word(lane, peer.link.conn.id, peer.served);
        }
    }

    #[track_caller]
    fn do_what_is_due(&mut self, lane: &Lane) {
        if self.read_at.is_none() && self.timers.is_empty() {
            return;
        }
        let now = Instant::now();
        self.read_at = self.read_at.filter(|at| *at > now);
        while let Some(id) = self.timers.due(now) {
            let found = self.known.iter_mut().find(|(_, peer)| peer.link.conn.id.0 == id);
            let Some((address, peer)) = found else { continue };
            let address = address.clone();
            match peer.served.due(now, &self.run.board, &peer.link.conn) {
                Some(Due::Timer) => {
                    let mut out = std::mem::take(&mut self.aside);
                    peer.served.time(&mut out);
                    self.answer_or_queue(lane, &address, &out);
                    self.aside = out;
                }
                Some(Due::Idle) => self.forget(lane, &address, End::Idle),
                None => {}
            }
            self.after(lane, &address);
        }
    }

    #[track_caller]
    fn answer_or_queue(&mut self, lane: &Lane, to: &SockAddr, out: &Actions) {
        let Some(link) = self.known.get(to).map(|peer| Arc::clone(&peer.link)) else { return };
        self.post(lane, link.conn.id, out);
        for message in out.messages() {
            if !self.can_answer(to) {
                break;
            }
            self.send_or_queue(lane, &link, to, message);
        }
    }

    /// Hands what is for others to them.
    #[track_caller]
    fn post(&mut self, lane: &Lane, from: ConnId, out: &Actions) {
        for post in out.posts() {
            let is_meant = |link: &Link| match post.to {
                PostTo::Others => link.conn.id != from,
                PostTo::One(id) => link.conn.id == ConnId(id.0),
            };
            let meant = self.known.iter().filter(|(_, peer)| is_meant(&peer.link) && !peer.link.is_leaving());
            let meant: Vec<_> = meant.map(|(address, peer)| (address.clone(), Arc::clone(&peer.link))).collect();
            for (address, link) in meant {
                if has_name(&address) {
                    self.send_or_queue(lane, &link, &address, &post.bytes);
                }
            }
        }
    }

    /// Sends now, or once there is room, or not at all when too much waits.
    #[track_caller]
    fn send_or_queue(&mut self, lane: &Lane, link: &Arc<Link>, to: &SockAddr, message: &[u8]) {
        // Answers stay in order: what came later goes behind what waits.
        if (self.waiting.is_empty() || self.is_unix && !self.waiting.iter().any(|(_, other, _)| other == to))
            && self.try_send(lane, link, to, message)
        {
            return;
        }
        let same: usize = self.waiting.iter().filter(|(_, other, _)| other == to).map(|(.., waits)| waits.len()).sum();
        let is_full = self.waiting_bytes + message.len() > MOST_WAITING || self.waiting.len() >= MOST_WAITING_MESSAGES;
        if is_full || same + message.len() > MOST_WAITING_EACH {
            if !std::mem::replace(&mut self.told_full, true) {
                let error = io::Error::new(io::ErrorKind::WouldBlock, "answers were dropped: too many wait for room");
                self.run.board.trouble(Call::SendTo, Arc::clone(&link.conn.peer), error);
            }
            return;
        }
        self.waiting_bytes += message.len();
        self.waiting.push_back((Arc::clone(link), to.clone(), message.into()));
    }

    /// `false` when there is no room. Other failures are told and the answer is lost, as datagrams may be.
    #[track_caller]
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

    /// What the service wants after its answers, and when it is due next. A datagram peer has no half to close, and is never
    /// asked for more: it would be flooded.
    #[track_caller]
    fn after(&mut self, lane: &Lane, to: &SockAddr) {
        let Some(peer) = self.known.get(to) else { return };
        match peer.served.after() {
            After::Stay | After::HalfClose => self.timers.set(peer.link.conn.id.0, peer.served.deadline(false)),
            After::Close | After::Reset => {
                let end = peer.served.end_of_service();
                self.forget(lane, to, end);
            }
        }
    }

    #[track_caller]
    fn forget(&mut self, lane: &Lane, address: &SockAddr, end: End) {
        if let Some(peer) = self.known.remove(address) {
            let id = peer.link.conn.id;
            self.timers.set(id.0, None);
            self.run.control.finish(lane, peer.link, end);
            self.say_last_word(lane, id, peer.served);
        }
    }

    /// What a leaver still says to the others.
    #[track_caller]
    fn say_last_word(&mut self, lane: &Lane, id: ConnId, served: Served) {
        let mut out = std::mem::take(&mut self.aside);
        served.last_word(&mut out);
        self.post(lane, id, &out);
        self.aside = out;
    }

    #[track_caller]
    fn forget_oldest(&mut self, lane: &Lane) {
        let oldest = self.known.iter().min_by_key(|(_, peer)| peer.heard).map(|(addr, _)| addr.clone());
        if let Some(address) = oldest {
            self.forget(lane, &address, End::Here);
        }
    }
}

/// An interruption, or the echo of an earlier `sendto` that found nobody (Windows reports ICMP so, and some BSDs).
fn is_echoed(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused)
}
