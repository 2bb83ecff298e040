//! The door: `accept` and what to do when it fails. A lack of descriptors or memory is told once and waited out; it neither
//! ends the server nor makes it spin.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::sys::{Sock, SockAddr, errno_name};
use crate::trace::{Call, Lane};

use super::ServerRun;
use super::link::Link;

/// How long the door stays shut when no connection closes in the meantime.
const PAUSE: Duration = Duration::from_millis(100);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Door {
    shut_until: Option<Instant>,
    /// The present lack was told.
    told: bool,
}

impl Door {
    /// For blocking models: sleeps in `accept` until somebody comes. `None` once the server stops.
    pub fn wait(&mut self, lane: &Lane, run: &ServerRun) -> io::Result<Option<Arc<Link>>> {
        while !run.control.is_stopping() {
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
    pub fn next(&mut self, lane: &Lane, run: &ServerRun) -> io::Result<Option<Arc<Link>>> {
        // A flood of clients must not keep a stopping server busy here.
        while !run.control.is_stopping() {
            let result = run.socket.accept(lane);
            let is_passing = result.as_ref().is_err_and(is_passing);
            match self.let_in(run, result)? {
                None if is_passing => {}
                other => return Ok(other),
            }
        }
        Ok(None)
    }

    /// What an `accept` brought: the connection, or `None` when there is none or the door had to be shut.
    pub fn let_in(&mut self, run: &ServerRun, result: io::Result<(Sock, SockAddr)>) -> io::Result<Option<Arc<Link>>> {
        let error = match result {
            Ok((sock, peer)) => {
                self.told = false;
                return Ok(Some(run.control.admit(sock, &peer)));
            }
            Err(error) => error,
        };
        match errno_name(&error) {
            _ if error.kind() == io::ErrorKind::WouldBlock || is_passing(&error) || run.control.is_stopping() => Ok(None),
            // The socket does not listen (any more): nothing will ever come.
            Some("EINVAL" | "EBADF" | "ENOTSOCK" | "EOPNOTSUPP") => Err(error),
            _ => {
                if !std::mem::replace(&mut self.told, true) {
                    run.board.trouble(Call::Accept, Arc::clone(run.control.name()), error);
                }
                self.shut_until = Some(Instant::now() + PAUSE);
                Ok(None)
            }
        }
    }

    /// Whether a selector should watch the listener now. A door whose pause is over opens again.
    pub fn is_open(&mut self) -> bool {
        if self.shut_until.is_some_and(|until| until <= Instant::now()) {
            self.shut_until = None;
        }
        self.shut_until.is_none()
    }

    /// A connection closed: there may be room again.
    pub fn reopen(&mut self) {
        self.shut_until = None;
    }

    /// How long a selector may sleep at most.
    pub fn timer(&self) -> Option<Duration> {
        self.shut_until.map(|until| until.saturating_duration_since(Instant::now()))
    }
}

/// Interrupted, or the connection was gone again, or its own network error came first (accept(2)).
fn is_passing(error: &io::Error) -> bool {
    matches!(errno_name(error), Some("EINTR" | "ECONNABORTED" | "ECONNRESET"))
}
