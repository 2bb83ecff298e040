//! What the operator still owes one connection or datagram peer: whole rounds, and how far into the first one it is.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::trace::{Board, Call, Lane};

use super::courier::Courier;
use super::link::Link;

/// Calls in a row for one peer before the next one's turn comes.
const TURN: u32 = 16;

/// See the module.
pub(super) struct Parcel {
    link: Arc<Link>,
    owed: u64,
    offset: usize,
    /// It is in the middle of a message: nobody else may write.
    has_pen: bool,
    /// Whole messages that the kernel took.
    taken: u64,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The last try, at that time, would have waited.
    Blocked(Instant),
    /// It takes nothing any more; told once.
    Refused,
}

/// What came of a turn.
pub(super) enum Sent {
    /// As much as could be.
    Enough,
    /// This call failed for good.
    Refused(Call, io::Error),
}

impl Parcel {
    pub fn new(link: Arc<Link>) -> Self {
        Self { link, owed: 0, offset: 0, has_pen: false, taken: 0, state: State::Open }
    }

    pub fn link(&self) -> &Link {
        &self.link
    }

    pub fn owe(&mut self, rounds: u64) {
        if self.state != State::Refused {
            self.owed += rounds;
        }
    }

    pub fn is_owed(&self) -> bool {
        self.owed > 0
    }

    pub fn is_blocked(&self) -> bool {
        self.owed > 0 && matches!(self.state, State::Blocked(_))
    }

    /// How long it has been blocked.
    pub fn waited(&self, now: Instant) -> Duration {
        match self.state {
            State::Blocked(since) => now.saturating_duration_since(since),
            State::Open | State::Refused => Duration::ZERO,
        }
    }

    pub fn unblock(&mut self) {
        self.state = State::Open;
    }

    pub fn is_refused(&self) -> bool {
        self.state == State::Refused
    }

    pub fn can_go_on(&self) -> bool {
        self.owed > 0 && self.state == State::Open
    }

    /// Whole messages that the kernel took.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    pub fn release(mut self, lane: &Lane, courier: &Arc<Courier>) {
        self.lay_down(courier);
        Link::release(self.link, lane);
    }

    /// Sends until it would wait, nothing is owed, or the turn is over.
    pub fn send(&mut self, lane: &Lane, board: &Board, courier: &Arc<Courier>, bytes: &[u8]) -> Sent {
        for _ in 0..TURN {
            if !self.can_go_on() {
                break;
            }
            if self.link.is_local_ended() || self.link.is_leaving() {
                self.refuse(courier);
                break;
            }
            if !self.take_pen() {
                self.state = State::Blocked(Instant::now());
                break;
            }
            match self.link.send_now(lane, &bytes[self.offset..]) {
                Ok(n) => {
                    let done = self.offset + n;
                    if n > 0 || self.link.is_datagram() {
                        board.sent(&self.link.conn, &bytes[self.offset..done]);
                    }
                    let whole = done >= bytes.len() || self.link.is_datagram();
                    self.offset = if whole { 0 } else { done };
                    self.owed -= u64::from(whole);
                    self.taken += u64::from(whole);
                    if whole {
                        self.lay_down(courier);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.state = State::Blocked(Instant::now());
                    if self.offset == 0 {
                        self.lay_down(courier);
                    }
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.refuse(courier);
                    let call = if self.link.is_datagram() { Call::SendTo } else { Call::Send };
                    return Sent::Refused(call, error);
                }
            }
        }
        Sent::Enough
    }

    fn refuse(&mut self, courier: &Arc<Courier>) {
        self.lay_down(courier);
        (self.owed, self.offset, self.state) = (0, 0, State::Refused);
    }

    /// Whether it may write now. The one socket of datagrams has no messages that could mix.
    fn take_pen(&mut self) -> bool {
        if !self.has_pen && !self.link.is_datagram() {
            self.has_pen = self.link.mail.take_free_pen();
        }
        self.has_pen || self.link.is_datagram()
    }

    /// Whoever waits for the pen may have it. What others left meanwhile is brought by whoever does so.
    fn lay_down(&mut self, courier: &Arc<Courier>) {
        if std::mem::take(&mut self.has_pen) {
            if !self.link.mail.lay_down() {
                self.link.mail.park();
                courier.see_to(&self.link);
            }
            courier.pen_is_free(&self.link);
            self.link.ring();
        }
    }
}
