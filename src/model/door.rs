//! The door: `accept`, the gate before it ([`Pace`](super::pace::Pace)), and what to do when it fails. A lack of descriptors or
//! memory is told once and waited out; it neither ends the server nor makes it spin.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::sys::{PollFd, Sock, SockAddr, errno_name, fmt_addr, poll, sleep};
use crate::trace::{Call, Lane, Unserved};

use super::link::Link;
use super::pace::{Pass, Shut};
use super::{Control, ServerRun};

/// How long the door stays shut when no connection closes in the meantime.
const PAUSE: Duration = Duration::from_millis(100);

/// See the module.
#[derive(Debug)]
pub(super) struct Door {
    control: Arc<Control>,
    shut_until: Option<Instant>,
    /// What the gate was when it was last asked.
    gate: Option<Shut>,
    /// The last `next` went away from a shut gate or door.
    left_somebody: bool,
    /// With which the kernel waits for one client by itself.
    #[cfg(target_os = "linux")]
    handed_over: Option<Pass>,
    /// The longest one wait may take.
    interval: Option<Duration>,
    /// No more clients are let in.
    closed: bool,
    /// That was told to the selector.
    told_closed: bool,
    /// The present lack was told.
    told: bool,
}

/// What an `accept` brought.
enum Came {
    In(Arc<Link>),
    /// Nobody waits, or the door had to be shut.
    Nobody,
    /// Nobody who is served; others may wait.
    Again,
}

/// What the kernel may do where it accepts by itself.
#[cfg(target_os = "linux")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// Take nobody.
    None,
    /// Take the next one.
    One,
    /// Take everybody.
    All,
}

impl Door {
    /// The door of this server.
    pub fn new(run: &ServerRun) -> Self {
        run.control.begin_pace(run.life.accept_pace);
        let [closed, told_closed, told, left_somebody] = [false; 4];
        Self {
            control: Arc::clone(&run.control),
            shut_until: None,
            gate: None,
            left_somebody,
            #[cfg(target_os = "linux")]
            handed_over: None,
            interval: interval(run),
            closed,
            told_closed,
            told,
        }
    }

    /// For blocking models: sleeps in `accept` until somebody comes. `None` once the server stops or takes no more clients.
    #[track_caller]
    pub fn wait(&mut self, lane: &Lane, run: &ServerRun) -> io::Result<Option<Arc<Link>>> {
        while !run.control.is_stopping() {
            if run.control.is_finishing() {
                run.control.close_door(lane);
                break;
            }
            self.gate = run.control.gate().shut();
            if self.gate.is_some() {
                // Before accept(): whoever comes meanwhile waits in the kernel's queue.
                let limit = self.timer();
                let is_over = || run.control.is_stopping() || run.control.is_finishing();
                sleep(lane, limit, || run.control.gate().wait(limit, is_over));
                continue;
            }
            // With a poll interval accept() is called only when somebody is there, as Python's socketserver does.
            if let Some(limit) = self.interval
                && poll(lane, &mut [PollFd::new(&run.socket, true, false)], Some(limit))? == 0
            {
                continue;
            }
            if let Some(link) = self.next(lane, run)? {
                if run.control.is_stopping() {
                    // `stop` may have looked at the links before this one was among them.
                    run.control.finish(lane, link, crate::trace::End::Here);
                    break;
                }
                return Ok(Some(link));
            }
            if self.shut_until.take().is_some() {
                run.control.links().wait_for_change(PAUSE, || false);
            }
        }
        Ok(None)
    }

    /// For selectors: the next connection, or `None` when nobody waits or the door had to be shut.
    #[track_caller]
    pub fn next(&mut self, lane: &Lane, run: &ServerRun) -> io::Result<Option<Arc<Link>>> {
        // A flood of clients must not keep a stopping server busy here.
        while !run.control.is_stopping() && !run.control.is_finishing() {
            let pass = match run.control.gate().take() {
                Ok(pass) => pass,
                Err(shut) => {
                    (self.gate, self.left_somebody) = (Some(shut), true);
                    return Ok(None);
                }
            };
            let result = run.socket.accept(lane);
            match self.came(lane, run, result, pass)? {
                Came::In(link) => return Ok(Some(link)),
                Came::Nobody => {
                    self.left_somebody = self.shut_until.is_some();
                    return Ok(None);
                }
                Came::Again => {}
            }
        }
        (self.closed, self.left_somebody) = (true, false);
        Ok(None)
    }

    /// For those who are told of a client only once: the last [`next`](Self::next) did not ask whether somebody is there, because
    /// the door was shut. It may be open again by now.
    pub fn left_somebody(&self) -> bool {
        self.left_somebody
    }

    /// Where the kernel accepts by itself: what it may do now, while it does `already`. A client for one is waited for with one
    /// pass, which is kept until [`let_in`](Self::let_in).
    #[cfg(target_os = "linux")]
    pub fn leave(&mut self, already: Leave) -> Leave {
        if !self.is_open_but_for_the_gate() {
            return Leave::None;
        }
        let gate = self.control.gate();
        match (already, self.handed_over) {
            (Leave::One, Some(pass)) if gate.still_holds(pass) => Leave::One,
            (Leave::One, _) => Leave::None,
            (Leave::All, _) if gate.is_eager() => Leave::All,
            (Leave::All, _) => Leave::None,
            (Leave::None, _) => {
                let taken = gate.take();
                self.gate = taken.err();
                self.handed_over = taken.ok().filter(|pass| *pass != Pass::Free);
                match (taken, self.handed_over) {
                    (Err(_), _) => Leave::None,
                    (Ok(_), None) => Leave::All,
                    (Ok(_), Some(_)) => Leave::One,
                }
            }
        }
    }

    /// Where the kernel accepts by itself: what it brought. `None` when nobody is to be served.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub fn let_in(&mut self, lane: &Lane, run: &ServerRun, result: io::Result<(Sock, SockAddr)>) -> io::Result<Option<Arc<Link>>> {
        self.gate = None;
        let pass = self.handed_over.take().unwrap_or(Pass::Free);
        match self.came(lane, run, result, pass)? {
            Came::In(link) => Ok(Some(link)),
            Came::Nobody | Came::Again => Ok(None),
        }
    }

    #[track_caller]
    fn came(&mut self, lane: &Lane, run: &ServerRun, result: io::Result<(Sock, SockAddr)>, pass: Pass) -> io::Result<Came> {
        // Also one who is not let in was taken out of the queue.
        match &result {
            Ok(_) => run.control.gate().use_up(pass),
            Err(_) => run.control.gate().give_back(pass),
        }
        let error = match result {
            // The knock that woke this thread.
            Ok((sock, _)) if run.control.is_finishing() => {
                sock.close(lane);
                return Ok(Came::Nobody);
            }
            Ok((sock, peer)) if !is_let_in(run, &peer) => {
                refuse(lane, run, sock, &peer);
                return Ok(Came::Again);
            }
            Ok((sock, peer)) => {
                self.told = false;
                let link = run.control.admit(sock, &peer);
                if let Err(error) = run.control.wire().begin(lane, link.sock()) {
                    run.board.trouble(Call::SetSockOpt, Arc::clone(&link.conn.peer), error);
                }
                run.control.count_request(run.life.requests);
                if run.control.is_finishing() && run.socket.is_blocking() {
                    run.control.close_door(lane);
                }
                return Ok(Came::In(link));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(Came::Nobody),
            Err(_) if run.control.is_stopping() || run.control.is_finishing() => return Ok(Came::Nobody),
            Err(error) => error,
        };
        match errno_name(&error) {
            // The connection was gone again, or its own network error came first (accept(2)).
            Some("EINTR" | "ECONNABORTED" | "ECONNRESET") => Ok(Came::Again),
            // The kernel accepts by itself and was called off: the gate was shut.
            Some("ECANCELED") => Ok(Came::Nobody),
            // The socket does not listen (any more): nothing will ever come.
            Some("EINVAL" | "EBADF" | "ENOTSOCK" | "EOPNOTSUPP") => Err(error),
            _ => {
                if !std::mem::replace(&mut self.told, true) {
                    run.board.trouble(Call::Accept, Arc::clone(run.control.name()), error);
                }
                self.shut_until = Some(Instant::now() + PAUSE);
                Ok(Came::Nobody)
            }
        }
    }

    /// Whether a selector should watch the listener now. A door whose pause is over opens again.
    pub fn is_open(&mut self) -> bool {
        self.gate = self.control.gate().shut();
        self.is_open_but_for_the_gate() && self.gate.is_none()
    }

    fn is_open_but_for_the_gate(&mut self) -> bool {
        if self.shut_until.is_some_and(|until| until <= Instant::now()) {
            self.shut_until = None;
        }
        self.shut_until.is_none() && !self.closed && !self.told_closed
    }

    /// `true` once: no more clients are let in. The listener is no longer to be watched, and is closed with
    /// [`close_door`](super::Control::close_door); the server ends with its last connection.
    pub fn closes(&mut self, run: &ServerRun) -> bool {
        run.control.is_finishing() && !std::mem::replace(&mut self.told_closed, true)
    }

    /// A connection closed: there may be room again.
    pub fn reopen(&mut self) {
        self.shut_until = None;
    }

    /// How long a selector may sleep at most, as the door was when it was last asked whether it [`is_open`](Self::is_open): it
    /// comes back for the change that it does not know of yet.
    pub fn timer(&self) -> Option<Duration> {
        let gate = self.gate.and_then(|shut| shut.0).filter(|_| !self.told_closed);
        let until = [self.shut_until, gate].into_iter().flatten().min();
        until.map(|until| until.saturating_duration_since(Instant::now())).into_iter().chain(self.interval).min()
    }
}

/// The longest a wait of this server may take.
pub(super) fn interval(run: &ServerRun) -> Option<Duration> {
    Some(Duration::from_millis(run.life.poll_interval_ms)).filter(|time| !time.is_zero())
}

/// Whether the accept filter lets it in. Unix peers have no address that a filter could mean.
pub(super) fn is_let_in(run: &ServerRun, peer: &SockAddr) -> bool {
    run.life.accept.is_open() || peer.as_socket().is_none_or(|peer| run.life.accept.admits(peer.ip()))
}

/// Closes at once; the service never hears of it.
#[track_caller]
fn refuse(lane: &Lane, run: &ServerRun, sock: Sock, peer: &SockAddr) {
    sock.close(lane);
    run.board.unserved(fmt_addr(peer), Unserved::TurnedAway);
}
