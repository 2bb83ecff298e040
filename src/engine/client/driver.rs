//! The loop: requests, connects, timers, work, one wait, reads. Every step is bounded, so that a stop is always near.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::transport;
use crate::engine::{CloseHow, Failure, Operation};
use crate::lab::{Reconnect, Transport};
use crate::sys::{Shutdown, SockAddr, fmt_addr};
use crate::trace::{Call, ConnId, ConnStage, End, Lane};

use super::backoff::Backoff;
use super::control::Request;
use super::link::{Link, Phase, Tally};
use super::messages::MOST_ANSWERS;
use super::selector::{Ready, Selector};
use super::sending::Sending;
use super::target::Targets;
use super::timers::{Due, Timers};
use super::{ClientNote, ClientRun};

/// One receive takes at most this much; a larger datagram is cut (UDP's own limit is 65,507 bytes).
const BUFFER: usize = 65_536;
/// Sends of one turn last at most about this long.
const WORK: Duration = Duration::from_millis(5);

/// See the module.
pub(super) struct Driver<'a> {
    pub lane: &'a Lane,
    pub run: ClientRun,
    pub stream: bool,
    pub selector: Selector,
    pub timers: Timers,
    pub links: BTreeMap<ConnId, Link>,
    /// Connections that have something to send, each at most once.
    pub work: VecDeque<ConnId>,
    pub targets: Targets,
    pub local: Option<SockAddr>,
    /// Connections still to be opened.
    pub to_open: u32,
    /// Links whose `connect` has not finished.
    pub connecting: u32,
    /// Those of them that no longer hold others up.
    pub slow: u32,
    /// Whether the timer runs that makes them slow.
    pub held_back: bool,
    /// When the next connect may begin; `None` at once.
    pub opens_at: Option<Instant>,
    /// Whether the timer runs that wakes us for it.
    pub waits_for_beat: bool,
    /// It was told that this system has no limit for SYN retries.
    pub lacks_syn_retries: bool,
    /// Whether a socket could ever be made and bound.
    pub able: bool,
    pub backoff: Backoff,
    pub sending: Sending,
    /// Of the answers by rule.
    pub answers: Rc<Tally>,
    pub buffer: Box<[u8]>,
    /// When a refused datagram was last told.
    pub told: Option<Instant>,
}

impl<'a> Driver<'a> {
    pub fn new(lane: &'a Lane, run: ClientRun) -> Result<Self, Failure> {
        let transport = run.client.transport;
        let words = run.target.words();
        transport::check(transport, &words)?;
        if run.target.is_pair() {
            transport::check_pair(transport)?;
        }
        let local = match &run.client.local {
            // The ends of a pair have no name.
            Some(_) if run.target.is_pair() => None,
            Some(local) => transport::resolve(lane, local, true, &|| run.control.is_stopping())?.into_iter().next(),
            None => None,
        };
        let selector = Selector::new(lane, run.control.waker()).map_err(|error| Failure::new(Operation::Wait, words.as_str(), &error))?;
        let mut driver = Self {
            lane,
            stream: transport.is_stream(),
            selector,
            timers: Timers::default(),
            links: BTreeMap::new(),
            work: VecDeque::new(),
            targets: Targets::default(),
            local,
            to_open: 0,
            connecting: 0,
            slow: 0,
            held_back: false,
            opens_at: None,
            waits_for_beat: false,
            lacks_syn_retries: false,
            able: false,
            backoff: Backoff::default(),
            sending: Sending::default(),
            answers: Rc::default(),
            buffer: vec![0; BUFFER].into(),
            told: None,
            run,
        };
        let found = driver.look_up();
        let target = driver.targets.get(0).filter(|_| !driver.run.target.is_pair()).map_or(words, fmt_addr);
        match found {
            Ok(()) => driver.to_open = driver.run.client.connections,
            Err(failure) => match driver.run.client.reconnect {
                Reconnect::Off => return Err(failure),
                Reconnect::Backoff => driver.not_found(&failure),
            },
        }
        driver.note(ClientNote::Started { target: target.into() });
        if driver.targets.is_empty() {
            driver.lost(driver.run.client.connections);
        }
        Ok(driver)
    }

    pub fn run(mut self) -> Result<(), Failure> {
        let end = self.turns();
        self.close_everything();
        end
    }

    fn turns(&mut self) -> Result<(), Failure> {
        let mut ready = Vec::new();
        while !self.run.control.is_stopping() {
            self.answer_requests();
            self.open_some()?;
            self.fire_timers();
            self.work_some();
            self.settle();
            self.run.control.set_pending(self.to_open + self.backoff.lost);
            let limit = if self.work.is_empty() && !self.can_open_more() {
                self.timers.next().map(|due| due.saturating_duration_since(Instant::now()))
            } else {
                Some(Duration::ZERO)
            };
            ready.clear();
            let woken = self.selector.wait(self.lane, limit, &mut ready);
            if woken.map_err(|error| Failure::new(Operation::Wait, self.run.target.words(), &error))? {
                self.run.control.waker().drain();
            }
            for event in &ready {
                if self.run.control.is_stopping() {
                    break;
                }
                self.on_ready(*event);
            }
        }
        Ok(())
    }

    fn answer_requests(&mut self) {
        let requests: Vec<Request> = self.run.control.requests().collect();
        for request in requests {
            match request {
                Request::Open(count) => self.open_more(count),
                Request::Close(ids, how) => ids.into_iter().for_each(|id| self.close(id, how)),
                Request::CloseAll(how) => self.close_all(how),
                Request::Send(to, outgoing) => self.start_sending(to, outgoing),
                Request::StopSending => self.stop_sending(),
                Request::Post(to, bytes) => self.post(&to, &bytes),
                Request::Messages(messages) => self.change_messages(*messages),
            }
        }
    }

    fn fire_timers(&mut self) {
        let now = Instant::now();
        while !self.run.control.is_stopping()
            && let Some(due) = self.timers.pop(now)
        {
            match due {
                Due::ConnectLimit(id) => self.connect_failed(id, transport::timed_out()),
                Due::ConnectAgain(id) => self.connect_again(id),
                Due::Resume(id) => {
                    if let Some(link) = self.links.get_mut(&id) {
                        link.resume = None;
                        self.enqueue(id);
                    }
                }
                Due::OwnRound(id) => self.own_round(id),
                Due::Round => self.round(),
                Due::OpenOthers => self.open_others(),
                Due::OpenNext => {
                    self.waits_for_beat = false;
                    // What was opened just before this has set the next beat, and nobody else may wake us for it.
                    self.hold_back();
                }
                Due::Reconnect => self.reconnect(),
            }
        }
    }

    fn work_some(&mut self) {
        let start = Instant::now();
        // Each at most once a turn: a connection that has more stands at the end of the queue.
        for _ in 0..self.work.len() {
            let Some(id) = self.work.pop_front() else { break };
            if let Some(link) = self.links.get_mut(&id) {
                link.queued = false;
                self.pump(id);
            }
            if start.elapsed() > WORK || self.run.control.is_stopping() {
                break;
            }
        }
    }

    fn on_ready(&mut self, event: Ready) {
        let id = ConnId(event.token);
        let Some(link) = self.links.get(&id) else { return };
        if link.is_calling() {
            self.connect_progressed(id);
            return;
        }
        if matches!(link.phase, Phase::Stays) && !link.interest.1 {
            return self.look_away(id);
        }
        if event.readable && link.can_read() {
            self.read(id);
        }
        if event.writable
            && let Some(link) = self.links.get_mut(&id)
            && link.blocked
        {
            link.blocked = false;
            self.enqueue(id);
        }
    }

    /// It has something to send and the kernel may take it.
    pub fn enqueue(&mut self, id: ConnId) {
        if let Some(link) = self.links.get_mut(&id)
            && !link.queued
            && !link.blocked
            && link.resume.is_none()
        {
            link.queued = true;
            self.work.push_back(id);
        }
    }

    /// Has the selector watch what matters now.
    pub fn watch(&mut self, id: ConnId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let wanted = match link.phase {
            Phase::Calling { watched, .. } => (false, watched),
            Phase::Open | Phase::LocalEnded => (link.pending.len() <= MOST_ANSWERS, link.blocked),
            Phase::PeerEnded | Phase::Stays => (false, link.blocked),
        };
        if wanted == link.interest {
            return;
        }
        let changed = self.selector.modify(self.lane, &link.sock, id.0, wanted.0, wanted.1);
        link.interest = wanted;
        if let Err(error) = changed {
            self.end(id, End::Failed(WATCH, error));
        }
    }

    /// Nothing was asked, and yet something was told: the peer answered what we sent with RST, which a wait tells as long as the socket
    /// is watched (poll(2), POLLHUP and POLLERR). The next send says it as an error; until then nobody looks.
    fn look_away(&mut self, id: ConnId) {
        let Some(link) = self.links.get(&id) else { return };
        if let Err(error) = self.selector.leave(self.lane, &link.sock, id.0) {
            self.end(id, End::Failed(WATCH, error));
        }
    }

    fn close(&mut self, id: ConnId, how: CloseHow) {
        let Some(link) = self.links.get_mut(&id) else { return };
        link.wanted = false;
        let how = if link.is_calling() { CloseHow::Orderly } else { how };
        match how {
            CloseHow::Orderly => self.end(id, End::Here),
            CloseHow::Reset => {
                let set = link.sock.set_reset_on_close(self.lane);
                self.tell_if_failed(id, Call::SetSockOpt, set);
                self.end(id, End::Here);
            }
            CloseHow::HalfClose => {
                link.drop_sending(&mut self.timers);
                match link.phase {
                    Phase::PeerEnded | Phase::Stays => self.end(id, End::Orderly),
                    Phase::Open => {
                        link.phase = Phase::LocalEnded;
                        let ended = link.sock.shutdown(self.lane, Shutdown::Write);
                        self.run.board.half_ended(&link.conn, ConnStage::LocalEnded);
                        self.tell_if_failed(id, Call::Shutdown, ended);
                        self.watch(id);
                    }
                    Phase::Calling { .. } | Phase::LocalEnded => {}
                }
            }
        }
    }

    fn close_all(&mut self, how: CloseHow) {
        self.to_open = 0;
        self.give_up_reconnecting();
        let ids: Vec<ConnId> = self.links.keys().copied().collect();
        ids.into_iter().for_each(|id| self.close(id, how));
    }

    fn tell_if_failed(&self, id: ConnId, call: Call, result: io::Result<()>) {
        if let (Err(error), Some(link)) = (result, self.links.get(&id)) {
            self.run.board.trouble(call, Arc::clone(&link.conn.peer), error);
        }
    }

    /// The connection is over. A lost one is connected again if that is wanted.
    pub fn end(&mut self, id: ConnId, end: End) {
        let Some(mut link) = self.links.remove(&id) else { return };
        // Once a stop is in force, the stop ends it: our own server, which stops too, may be gone first, and resets or refuses those
        // whom it has not accepted (tcp(7), unix(7): ECONNRESET, ECONNREFUSED).
        let end = if self.run.control.is_stopping() { End::Here } else { end };
        link.cancel_timers(&mut self.timers);
        self.connecting -= u32::from(link.is_calling());
        let lost = link.wanted && !matches!(end, End::Here);
        self.selector.forget(id.0);
        self.run.control.set_closed(id);
        let conn = link.close(self.lane);
        self.run.board.ended(&conn, end);
        if lost {
            self.lost(1);
        }
    }

    pub fn note(&self, note: ClientNote) {
        if self.run.notes.try_send(note).is_err() {
            self.run.control.count_lost();
        }
    }

    fn close_everything(&mut self) {
        for (id, link) in std::mem::take(&mut self.links) {
            self.selector.forget(id.0);
            self.run.control.set_closed(id);
            let conn = link.close(self.lane);
            self.run.board.ended(&conn, End::Here);
        }
        self.leave_apart();
        self.run.control.set_progress(None);
        self.run.control.set_retry(None);
        self.run.control.set_pending(0);
    }

    pub fn transport(&self) -> Transport {
        self.run.client.transport
    }
}

/// The call that tells the selector what to watch.
pub(super) const WATCH: Call = if cfg!(target_os = "linux") {
    Call::EpollCtl
} else if cfg!(unix) {
    Call::Kevent
} else {
    Call::Poll
};
