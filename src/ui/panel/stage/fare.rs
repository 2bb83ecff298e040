//! How a client fares: its connections counted by what they do, and the words' facts that follow from it. Pure.

use std::time::Duration;

use super::gather::Mood;
use crate::engine::{Cause, ConnState, ConnView, EndReason, SessionState, SessionView};
use crate::lab::{Client, Reconnect};

/// What a client's connections are doing, counted in one pass.
#[derive(Default)]
pub struct Tally<'a> {
    pub connecting: usize,
    pub waiting: usize,
    pub open: usize,
    pub peer_ended: usize,
    pub local: Option<&'a str>,
    pub end: Option<&'a EndReason>,
    pub up: u64,
    pub down: u64,
    /// The first live connection.
    live: Option<&'a ConnView>,
    /// Of those that connect: the most retries of one, and the next of all.
    retries: u32,
    next_try: Option<Duration>,
}

/// Counts.
pub fn tally(session: &SessionView) -> Tally<'_> {
    let mut tally = Tally::default();
    for conn in session.connections.iter() {
        match conn.state {
            ConnState::Connecting => {
                tally.connecting += 1;
                if let Some(connect) = &conn.connect {
                    tally.retries = tally.retries.max(connect.retries);
                    tally.next_try = [tally.next_try, connect.next_try].into_iter().flatten().min();
                }
            }
            ConnState::Waiting => tally.waiting += 1,
            ConnState::Open | ConnState::LocalEnded => tally.open += 1,
            ConnState::PeerEnded => tally.peer_ended += 1,
            ConnState::Closed => {
                tally.end = conn.end.as_ref();
                continue;
            }
        }
        tally.live.get_or_insert(conn);
        tally.local.get_or_insert(&conn.info.local);
        tally.up += conn.tx_bytes;
        tally.down += conn.rx_bytes;
    }
    tally
}

/// How a client's connections fare that do not all fare alike, or that have to call more than once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    pub open: usize,
    pub waiting: usize,
    pub peer_ended: usize,
    pub connecting: usize,
    /// Over a Unix socket nothing is sent again: `connect` is called again.
    pub unix: bool,
    /// The most that one of those who connect has tried again.
    pub retries: u32,
    /// Until the next of them tries again.
    pub next_try: Option<Duration>,
    /// Connects that came to nothing, by their cause.
    pub refused: usize,
    pub timed_out: usize,
    pub failed: usize,
    /// Until those are tried once more.
    pub retry: Option<Duration>,
}

impl Shares {
    fn kinds(&self) -> usize {
        let all = [self.open, self.waiting, self.peer_ended, self.connecting, self.lost()];
        all.into_iter().filter(|n| *n > 0).count()
    }

    /// Connects that came to nothing.
    pub fn lost(&self) -> usize {
        self.refused + self.timed_out + self.failed
    }

    fn count(&mut self, cause: &Cause, n: usize) {
        match cause {
            Cause::Refused => self.refused += n,
            Cause::TimedOut => self.timed_out += n,
            Cause::AddressInUse
            | Cause::AddressNotAvailable
            | Cause::PermissionDenied
            | Cause::Unreachable
            | Cause::Reset
            | Cause::BrokenPipe
            | Cause::NameNotFound
            | Cause::PathTooLong
            | Cause::TooManyDescriptors
            | Cause::NoPortsLeft
            | Cause::MessageTooLong
            | Cause::NoSuchFile
            | Cause::NoSuchDirectory
            | Cause::NotASocket
            | Cause::LiveSocketFile
            | Cause::BroadcastNotAllowed
            | Cause::ServerNotRunning
            | Cause::NotAvailable(_)
            | Cause::Unserved(_)
            | Cause::Framing(_)
            | Cause::NoReply(_)
            | Cause::Other(_) => self.failed += n,
        }
    }
}

/// Adds who is not there. The session counts failed connects; of the latest ones it also has the causes.
fn count_lost(shares: &mut Shares, session: &SessionView, client: &Client, live: &ConnView) {
    let mut listed = 0;
    let mut latest = None;
    for conn in session.connections.iter().filter(|c| c.state == ConnState::Closed) {
        let Some(EndReason::Failed(failure)) = &conn.end else { continue };
        // It was connected and broke later.
        if conn.connect.as_ref().is_some_and(|c| c.took.is_some()) {
            continue;
        }
        listed += 1;
        // A name has several addresses: one that was tried in vain before the one in use is no loss.
        if conn.info.peer == live.info.peer {
            latest = Some(&failure.cause);
            shares.count(&failure.cause, 1);
        }
    }
    let Some(latest) = latest else { return };
    let missing = (client.connections as usize).saturating_sub(shares.open + shares.waiting + shares.peer_ended + shares.connecting);
    let unlisted = (session.counters.failed as usize).saturating_sub(listed);
    match client.reconnect {
        // Whoever is lost calls again: of the many failures so far only the last one of each is true still.
        Reconnect::Backoff => {
            let lost = if shares.retry.is_some() { missing.min(shares.lost() + unlisted) } else { 0 };
            (shares.refused, shares.timed_out, shares.failed) = (0, 0, 0);
            shares.count(latest, lost);
        }
        // All that is known says the same cause: so it was for the rest.
        Reconnect::Off if shares.lost() == shares.refused.max(shares.timed_out) => shares.count(latest, unlisted),
        Reconnect::Off => shares.failed += unlisted,
    }
}

/// What a client's words say.
pub fn mood<'a>(session: Option<&'a SessionView>, client: &Client, tally: &Tally<'a>, now: Duration) -> Mood<'a> {
    let Some(session) = session else { return Mood::NotStarted };
    let retry = session.retry.map(|r| r.at.saturating_sub(now));
    match session.state {
        SessionState::Stopped => Mood::NotStarted,
        SessionState::Failed => session.failure.as_ref().map_or(Mood::NotStarted, Mood::Failed),
        SessionState::Starting | SessionState::Running | SessionState::Stopping => {
            if let Some(shares) = shares(session, client, tally, now, retry) {
                Mood::Parted(shares)
            } else if tally.open > 0 {
                Mood::Open(tally.local.filter(|_| tally.open == 1))
            } else if tally.waiting > 0 {
                Mood::Waiting
            } else if tally.peer_ended > 0 {
                Mood::PeerEnded
            } else if tally.connecting > 0 {
                Mood::Connecting
            } else if let Some(left) = retry {
                Mood::Retry(left)
            } else if let Some(failure) = &session.failure {
                Mood::Failed(failure)
            } else if session.connections.is_empty() {
                Mood::Connecting
            } else {
                Mood::Ended(tally.end)
            }
        }
    }
}

/// Unless all of them do the same and one word says it.
fn shares(session: &SessionView, client: &Client, tally: &Tally<'_>, now: Duration, retry: Option<Duration>) -> Option<Shares> {
    let live = tally.live?;
    let mut shares = Shares {
        open: tally.open,
        waiting: tally.waiting,
        peer_ended: tally.peer_ended,
        connecting: tally.connecting,
        unix: client.transport.is_unix(),
        retries: tally.retries,
        next_try: tally.next_try.map(|at| at.saturating_sub(now)),
        retry,
        ..Shares::default()
    };
    if client.transport.is_stream() {
        count_lost(&mut shares, session, client, live);
    }
    (shares.kinds() > 1 || shares.retries > 0).then_some(shares)
}
