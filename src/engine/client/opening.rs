//! Opening connections: in slices, over the addresses of a name, with a limit, and again after a loss.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::transport::{self, Obstacle};
use crate::engine::{Cause, Failure, Operation, Retry};
use crate::lab::{MAX_CONNECTIONS, Reconnect, Transport};
use crate::sys::{Sock, SockAddr, errno_name, fmt_addr};
use crate::trace::{Call, ConnId, ConnStage, End};

use super::ClientNote;
use super::backoff::{self, Backoff};
use super::driver::{Driver, WATCH};
use super::link::{Link, Phase};
use super::target::Targets;
use super::timers::Due;

/// Connects begun in one turn of the loop.
const SLICE: u32 = 256;
/// Connects under way at once. More than a listener's backlog (128 by custom) would have Linux answer with SYN cookies, and a
/// cookie whose ACK finds the accept queue full leaves us with a connection that the server has never heard of (tcp(7),
/// `tcp_syncookies`; listen(2)).
const UNDER_WAY: u32 = 64;
/// Connects that take longer than this do not hold the others up any more. On loopback it means that the accept queue was
/// full and the SYN is sent again after a second; a server that is alive has emptied its queue until then.
const PATIENCE: Duration = Duration::from_millis(100);
/// A Unix listener's backlog was full: asked again after this long (there is no event to wait for; unix(7), connect(2)) …
const AGAIN: Duration = Duration::from_millis(20);
/// … or after this long for each that is under way, so that thousands who wait do not burn a core with asking.
const AGAIN_EACH: Duration = Duration::from_micros(200);
/// Windows before 10 version 2004 tells `WSAPoll` nothing of a failed connect, so it is asked for.
const ASK: Duration = Duration::from_millis(100);

impl Driver<'_> {
    /// Finds out where to connect now.
    pub fn look_up(&mut self) -> Result<(), Failure> {
        let mut found = self.run.target.look_up(self.lane, &|| self.run.control.is_stopping())?;
        if let Some(local) = &self.local {
            found.retain(|addr| addr.family() == local.family());
            if found.is_empty() {
                return Err(Failure::because(Operation::Bind, fmt_addr(local), Cause::AddressNotAvailable));
            }
        }
        self.targets = Targets::new(found);
        Ok(())
    }

    /// The lookup failed and the client goes on.
    pub fn not_found(&self, failure: &Failure) {
        if self.run.control.is_stopping() {
            return;
        }
        let call = if failure.operation == Operation::Resolve { Call::GetAddrInfo } else { Call::Connect };
        // The failure itself travels inside, so that its cause is not lost on the way through the board.
        let error = io::Error::new(io::ErrorKind::NotFound, failure.clone());
        self.run.board.trouble(call, Arc::clone(&failure.endpoint), error);
    }

    /// A person asks for more; never more than 5,000 in all.
    pub fn open_more(&mut self, count: u32) {
        let now = (self.links.len() as u32).div_ceil(self.run.target.ends()) + self.to_open + self.backoff.lost;
        let count = count.min(MAX_CONNECTIONS.saturating_sub(now));
        if (self.targets.is_empty() || self.run.target.may_move())
            && let Err(failure) = self.look_up()
        {
            self.not_found(&failure);
        }
        if self.targets.is_empty() {
            self.lost(count);
        } else {
            self.to_open += count;
        }
    }

    /// Whether the next turn would open something.
    pub fn can_open_more(&self) -> bool {
        let is_time = self.opens_at.is_none_or(|at| at <= Instant::now());
        self.to_open > 0 && !(self.targets.needs_scout() && self.connecting > 0) && self.has_room() && is_time
    }

    /// Whether fewer connects are under way than may be.
    fn has_room(&self) -> bool {
        match self.run.client.opening.at_once {
            0 => self.connecting < UNDER_WAY + self.slow,
            most => self.connecting < most,
        }
    }

    /// Those that wait for the ones under way wait for `PATIENCE` at most, unless a person said how many may be under way. Those
    /// that wait for the beat are woken by it.
    pub fn hold_back(&mut self) {
        self.slow = self.slow.min(self.connecting);
        if self.to_open == 0 {
            return;
        }
        if self.run.client.opening.at_once == 0 && !self.has_room() && !self.held_back {
            self.held_back = true;
            self.timers.at(Instant::now() + PATIENCE, Due::OpenOthers);
        }
        if let Some(at) = self.opens_at.filter(|at| *at > Instant::now())
            && !self.waits_for_beat
        {
            self.waits_for_beat = true;
            self.timers.at(at, Due::OpenNext);
        }
    }

    /// The patience is over.
    pub fn open_others(&mut self) {
        self.held_back = false;
        if !self.has_room() {
            self.slow = self.connecting;
        }
    }

    /// One connect begins: the next one is due a pause after this one was, so that delays do not add up. One that is late by more
    /// than a pause waited for something else, and the beat begins anew with it.
    fn beat(&mut self) {
        let pause = Duration::from_millis(self.run.client.opening.every_ms);
        if pause.is_zero() {
            return;
        }
        let now = Instant::now();
        let from = self.opens_at.filter(|at| now.saturating_duration_since(*at) <= pause).unwrap_or(now);
        self.opens_at = Some(from + pause);
    }

    /// Begins the next connects. Fails when not even the first socket can be made and bound.
    pub fn open_some(&mut self) -> Result<(), Failure> {
        for _ in 0..SLICE {
            if !self.can_open_more() || self.run.control.is_stopping() {
                break;
            }
            self.to_open -= 1;
            self.beat();
            self.open_one(self.targets.first())?;
        }
        self.hold_back();
        Ok(())
    }

    fn open_one(&mut self, at: usize) -> Result<(), Failure> {
        let Some(addr) = self.targets.get(at).cloned() else { return Ok(()) };
        if self.run.target.is_pair() {
            return self.open_pair(&addr);
        }
        let opened = match transport::open_client_socket(self.lane, self.transport(), &addr, self.local.as_ref()) {
            Ok(opened) => opened,
            Err(obstacle) => return self.not_opened(&addr, obstacle),
        };
        self.able = true;
        self.limit_syn_retries(&opened.sock, &addr);
        let local = self.local.as_ref().map(fmt_addr).unwrap_or_default();
        let conn = self.run.board.add(opened.sock.fd(), local, fmt_addr(&addr), ConnStage::Connecting);
        let id = conn.id;
        let limit = match self.run.client.connect_timeout_ms {
            0 => None,
            ms => Some(self.timers.at(Instant::now() + Duration::from_millis(ms), Due::ConnectLimit(id))),
        };
        self.links.insert(id, Link::calling(opened, conn, addr.clone(), at, limit));
        self.connecting += 1;
        self.begin_cast(id);
        self.connect(id, &addr);
        Ok(())
    }

    /// Both ends, which are open as soon as they are there: nobody connects. An end that is lost is not made good, because a pair has no
    /// address to connect to again. The ends of one pair have neighbouring numbers, the first an odd one: see `engine/pairs.rs`.
    fn open_pair(&mut self, unnamed: &SockAddr) -> Result<(), Failure> {
        let ends = match transport::open_pair(self.lane, self.transport()) {
            Ok(ends) => ends,
            Err(obstacle) => return self.not_opened(unnamed, obstacle),
        };
        self.able = true;
        let ids = ends.map(|opened| {
            let conn = self.run.board.add(opened.sock.fd(), fmt_addr(unnamed), fmt_addr(unnamed), ConnStage::Connecting);
            let id = conn.id;
            self.links.insert(id, Link { wanted: false, ..Link::calling(opened, conn, unnamed.clone(), 0, None) });
            self.connecting += 1;
            id
        });
        ids.into_iter().for_each(|id| self.connected(id));
        Ok(())
    }

    /// A system that lacks the option is told of once, and connects as it always does.
    fn limit_syn_retries(&mut self, sock: &Sock, addr: &SockAddr) {
        let count = self.run.client.opening.syn_retries;
        if count == 0 || self.lacks_syn_retries {
            return;
        }
        if let Err(obstacle) = transport::limit_syn_retries(self.lane, self.transport(), sock, count, addr) {
            self.lacks_syn_retries = true;
            self.run.board.trouble(obstacle.call, obstacle.endpoint, obstacle.error);
        }
    }

    /// No socket, or no local address for it.
    fn not_opened(&mut self, addr: &SockAddr, obstacle: Obstacle) -> Result<(), Failure> {
        let full = matches!(errno_name(&obstacle.error), Some("EMFILE" | "ENFILE"));
        if !full && !self.able {
            return Err(obstacle.into());
        }
        for _ in 0..self.run.target.ends() {
            let conn = self.run.board.add(-1, "", fmt_addr(addr), ConnStage::Connecting);
            self.run.board.ended(&conn, End::Failed(obstacle.call, copy(&obstacle.error)));
        }
        let mut count = 1;
        let mut endpoint = obstacle.endpoint;
        if full && self.to_open > 0 {
            // The others would fail alike: they are not tried, and told once.
            count += std::mem::take(&mut self.to_open);
            endpoint = format!("{endpoint} ({count} connections not opened)").into();
        }
        self.run.board.trouble(obstacle.call, endpoint, obstacle.error);
        self.lost(count);
        Ok(())
    }

    fn connect(&mut self, id: ConnId, addr: &SockAddr) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let error = match link.sock.connect(self.lane, addr) {
            Ok(()) => return self.connected(id),
            Err(error) => error,
        };
        let unix = self.run.client.transport.is_unix();
        match errno_name(&error) {
            Some("EISCONN") => self.connected(id),
            // It goes on by itself, also when a signal came (connect(2), EINTR).
            Some("EINPROGRESS" | "EALREADY" | "EINTR") => self.watch_connect(id),
            Some("EAGAIN") if cfg!(windows) => self.watch_connect(id),
            Some("EAGAIN") if unix => self.wait_for_place(id),
            // connect(2): a broadcast address without the socket's broadcast flag.
            Some("EACCES") if self.transport() == Transport::Udp => {
                let mut failure = Failure::because(Operation::Connect, fmt_addr(addr), Cause::BroadcastNotAllowed);
                failure.errno = Some("EACCES");
                self.connect_failed(id, io::Error::new(error.kind(), failure));
            }
            Some(_) | None => self.connect_failed(id, error),
        }
    }

    fn watch_connect(&mut self, id: ConnId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        if let Phase::Calling { watched, .. } = &mut link.phase {
            *watched = true;
        }
        self.run.control.set_calling(id, &link.sock);
        link.interest = (false, true);
        if let Err(error) = self.selector.add(self.lane, &link.sock, id.0, false, true) {
            return self.connect_failed(id, error);
        }
        if cfg!(windows) {
            self.ask_again(id, ASK);
        }
    }

    /// A Unix listener is full.
    fn wait_for_place(&mut self, id: ConnId) {
        let pause = AGAIN.max(AGAIN_EACH * self.connecting);
        self.ask_again(id, pause);
        if let Some(link) = self.links.get(&id) {
            self.run.board.asks_again(&link.conn, pause);
        }
    }

    fn ask_again(&mut self, id: ConnId, pause: Duration) {
        if let Some(link) = self.links.get_mut(&id)
            && let Phase::Calling { again, .. } = &mut link.phase
        {
            *again = Some(self.timers.at(Instant::now() + pause, Due::ConnectAgain(id)));
        }
    }

    /// The pause of [`Self::ask_again`] is over.
    pub fn connect_again(&mut self, id: ConnId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let Phase::Calling { again, watched, .. } = &mut link.phase else { return };
        *again = None;
        if *watched {
            self.connect_progressed(id);
            self.ask_again(id, ASK);
        } else {
            self.run.board.asked_again(&link.conn);
            let addr = link.to.clone();
            self.connect(id, &addr);
        }
    }

    /// The selector says that a connect ended.
    pub fn connect_progressed(&mut self, id: ConnId) {
        let Some(link) = self.links.get(&id) else { return };
        match link.sock.take_error(self.lane) {
            Ok(None) => {
                // Without a peer it is still on its way and the event was about something else.
                if link.sock.peer_addr().is_ok() {
                    self.connected(id);
                }
            }
            Ok(Some(error)) | Err(error) => self.connect_failed(id, error),
        }
    }

    fn connected(&mut self, id: ConnId) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let Phase::Calling { addr, watched, .. } = link.phase else { return };
        link.cancel_timers(&mut self.timers);
        link.phase = Phase::Open;
        self.connecting -= 1;
        self.targets.worked(addr);
        let local = link.sock.local_addr().map_or_else(|_| String::new(), |local| fmt_addr(&local));
        link.conn = self.run.board.opened(&link.conn, local);
        self.run.control.set_open(id, &link.sock);
        if let Err(error) = self.run.control.wire().begin(self.lane, &link.sock) {
            self.run.board.trouble(Call::SetSockOpt, Arc::clone(&link.conn.peer), error);
        }
        self.backoff.attempt = 0;
        if watched {
            self.watch(id);
        } else {
            link.interest = (true, false);
            if let Err(error) = self.selector.add(self.lane, &link.sock, id.0, true, false) {
                return self.end(id, End::Failed(WATCH, error));
            }
        }
        self.begin_flow(id);
    }

    /// This connect came to nothing; the next address of the name is tried, if there is one.
    pub fn connect_failed(&mut self, id: ConnId, error: io::Error) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let Phase::Calling { addr, .. } = link.phase else { return };
        if self.run.control.is_stopping() {
            return self.end(id, End::Here);
        }
        let next = self.targets.after(addr);
        // The loss is counted when no address is left.
        link.wanted &= next.is_none();
        let peer = Arc::clone(&link.conn.peer);
        if next.is_none() {
            self.run.board.trouble(Call::Connect, peer, copy(&error));
        }
        self.end(id, End::Failed(Call::Connect, error));
        if let Some(next) = next {
            // A socket was made before, so this reports its own failure instead of ending the client.
            let _told = self.open_one(next);
        }
    }

    /// So many connections were lost, refused or not even begun.
    pub fn lost(&mut self, count: u32) {
        match self.run.client.reconnect {
            Reconnect::Off => {}
            Reconnect::Backoff => {
                self.backoff.lost += count;
                if self.backoff.timer.is_none() && self.backoff.lost > 0 {
                    self.arm();
                }
            }
        }
    }

    /// The lost ones are not wanted any more.
    pub fn give_up_reconnecting(&mut self) {
        let Backoff { timer, .. } = std::mem::take(&mut self.backoff);
        self.timers.cancel(timer);
        self.run.control.set_retry(None);
    }

    fn arm(&mut self) {
        self.backoff.attempt = self.backoff.attempt.saturating_add(1);
        let attempt = self.backoff.attempt;
        let after = backoff::pause(attempt);
        self.backoff.timer = Some(self.timers.at(Instant::now() + after, Due::Reconnect));
        let at = Duration::from_nanos(self.lane.tap().now_ns()) + after;
        self.run.control.set_retry(Some(Retry { attempt, at }));
        self.note(ClientNote::Retrying { attempt, after });
    }

    /// The pause is over: all lost ones are connected again, to where the target is now.
    pub fn reconnect(&mut self) {
        self.backoff.timer = None;
        self.run.control.set_retry(None);
        if self.targets.is_empty() || self.run.target.may_move() {
            if let Err(failure) = self.look_up() {
                self.not_found(&failure);
                return self.arm();
            }
        } else {
            self.targets.doubt();
        }
        self.to_open += std::mem::take(&mut self.backoff.lost);
    }
}

/// `io::Error` cannot be cloned; the number is what matters.
fn copy(error: &io::Error) -> io::Error {
    match (error.raw_os_error(), Failure::inside(error)) {
        (Some(number), _) => io::Error::from_raw_os_error(number),
        (None, Some(failure)) => io::Error::new(error.kind(), failure.clone()),
        (None, None) => io::Error::new(error.kind(), error.to_string()),
    }
}
