//! The door: `accept` and what to do when it fails. A lack of descriptors or memory is told once and waited out; it neither
//! ends the server nor makes it spin.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::sys::{PollFd, Sock, SockAddr, errno_name, fmt_addr, poll};
use crate::trace::{Call, Lane, Unserved};

use super::ServerRun;
use super::link::Link;

/// How long the door stays shut when no connection closes in the meantime.
const PAUSE: Duration = Duration::from_millis(100);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Door {
    shut_until: Option<Instant>,
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

impl Door {
    /// The door of this server.
    pub fn new(run: &ServerRun) -> Self {
        Self { interval: interval(run), ..Self::default() }
    }

    /// For blocking models: sleeps in `accept` until somebody comes. `None` once the server stops or takes no more clients.
    #[track_caller]
    pub fn wait(&mut self, lane: &Lane, run: &ServerRun) -> io::Result<Option<Arc<Link>>> {
        while !run.control.is_stopping() {
            if run.control.is_finishing() {
                run.control.close_door(lane);
                break;
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
            let result = run.socket.accept(lane);
            match self.came(lane, run, result)? {
                Came::In(link) => return Ok(Some(link)),
                Came::Nobody => return Ok(None),
                Came::Again => {}
            }
        }
        self.closed = true;
        Ok(None)
    }

    /// Where the kernel accepts by itself: what it brought. `None` when nobody is to be served.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub fn let_in(&mut self, lane: &Lane, run: &ServerRun, result: io::Result<(Sock, SockAddr)>) -> io::Result<Option<Arc<Link>>> {
        match self.came(lane, run, result)? {
            Came::In(link) => Ok(Some(link)),
            Came::Nobody | Came::Again => Ok(None),
        }
    }

    #[track_caller]
    fn came(&mut self, lane: &Lane, run: &ServerRun, result: io::Result<(Sock, SockAddr)>) -> io::Result<Came> {
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

    /// How long a selector may sleep at most.
    pub fn timer(&self) -> Option<Duration> {
        let shut = self.shut_until.map(|until| until.saturating_duration_since(Instant::now()));
        shut.into_iter().chain(self.interval).min()
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
