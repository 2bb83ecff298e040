//! What the operator still owes one connection or datagram peer: whole rounds, and how far into the first one it is.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::trace::{Board, Call, Lane};

use super::courier::Courier;
use super::link::Link;
use super::operator::Order;
use super::wire::LiveWire;

/// Calls in a row for one peer before the next one's turn comes.
const TURN: u32 = 16;

/// Lateness of pieces that is made up for.
const MOST_LATE: Duration = Duration::from_millis(50);

/// How long `n` bytes take at this rate.
fn time_of(n: usize, bytes_per_s: u64) -> Duration {
    Duration::from_nanos((n as u64).saturating_mul(1_000_000_000) / bytes_per_s.max(1))
}

/// Bytes of one call on a stream: a piece, or what a rate allows in 20 ms.
fn most_of(order: &Order, wire: &LiveWire) -> usize {
    let by_rate =
        (order.every.is_zero() && order.bytes_per_s > 0).then(|| usize::try_from(order.bytes_per_s / 50).unwrap_or(usize::MAX).max(1));
    by_rate.into_iter().chain(wire.piece()).min().unwrap_or(usize::MAX)
}

/// See the module.
pub(super) struct Parcel {
    link: Arc<Link>,
    owed: u64,
    /// Which send of the schedule comes next, from 0.
    count: u64,
    /// The message it is in the middle of.
    current: Option<Arc<[u8]>>,
    offset: usize,
    /// It is in the middle of a message: nobody else may write.
    has_pen: bool,
    /// Whole messages that the kernel took.
    taken: u64,
    state: State,
    /// When the next piece would be due if none had been late.
    even: Option<Instant>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The last try, at that time, would have waited.
    Blocked(Instant),
    /// Between two pieces, or ahead of its rate: until then.
    Resting(Instant),
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
        Self { link, owed: 0, count: 0, current: None, offset: 0, has_pen: false, taken: 0, state: State::Open, even: None }
    }

    pub fn link(&self) -> &Link {
        &self.link
    }

    /// It is owed so many rounds more; `first` is the number of the first of them.
    pub fn owe(&mut self, rounds: u64, first: u64) {
        if self.state != State::Refused {
            if self.owed == 0 {
                self.count = first;
            }
            self.owed += rounds;
        }
    }

    /// Sends of the schedule that are done or left out.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Until when it rests.
    pub fn rests_until(&self) -> Option<Instant> {
        match self.state {
            State::Resting(until) => Some(until),
            State::Open | State::Blocked(_) | State::Refused => None,
        }
    }

    /// Ends its rest when that is over.
    pub fn wake(&mut self, now: Instant) {
        if self.rests_until().is_some_and(|until| until <= now) {
            self.state = State::Open;
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
            State::Open | State::Resting(_) | State::Refused => Duration::ZERO,
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
    pub fn send(&mut self, lane: &Lane, board: &Board, courier: &Arc<Courier>, order: &Order, wire: &LiveWire) -> Sent {
        for _ in 0..TURN {
            if !self.can_go_on() {
                break;
            }
            if self.link.is_local_ended() || self.link.is_leaving() {
                self.refuse(courier);
                break;
            }
            if !self.take_pen() {
                // A post in pieces is not over before its last one.
                self.state = self.link.mail.parked_until().map_or_else(|| State::Blocked(Instant::now()), State::Resting);
                break;
            }
            let bytes = match self.current.take().map_or_else(|| order.payload.render(self.count), Ok) {
                Ok(bytes) => bytes,
                Err(error) => {
                    self.refuse(courier);
                    return Sent::Refused(Call::Send, io::Error::other(error.to_string()));
                }
            };
            let rest = &bytes[self.offset..];
            let piece = if self.link.is_datagram() { rest } else { &rest[..rest.len().min(most_of(order, wire))] };
            match self.link.send_now(lane, piece) {
                Ok(n) => {
                    let done = self.offset + n;
                    if n > 0 || self.link.is_datagram() {
                        board.sent(&self.link.conn, &bytes[self.offset..done]);
                    }
                    let whole = done >= bytes.len() || self.link.is_datagram();
                    self.offset = if whole { 0 } else { done };
                    self.owed -= u64::from(whole);
                    self.taken += u64::from(whole);
                    self.count += u64::from(whole);
                    if whole {
                        self.lay_down(courier);
                    } else {
                        self.current = Some(bytes);
                    }
                    self.rest_after(n, order, wire);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.state = State::Blocked(Instant::now());
                    self.current = Some(bytes);
                    if self.offset == 0 {
                        self.lay_down(courier);
                    }
                    break;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => self.current = Some(bytes),
                Err(error) => {
                    self.refuse(courier);
                    let call = if self.link.is_datagram() { Call::SendTo } else { Call::Send };
                    return Sent::Refused(call, error);
                }
            }
        }
        Sent::Enough
    }

    /// After a call that moved `n` bytes: rests, if pieces have a pause or a rate was asked for.
    fn rest_after(&mut self, n: usize, order: &Order, wire: &LiveWire) {
        let by_rate = (order.every.is_zero() && order.bytes_per_s > 0).then(|| time_of(n, order.bytes_per_s));
        let by_piece = wire.piece_pause().filter(|_| !self.link.is_datagram());
        let Some(pause) = by_rate.max(by_piece) else { return };
        let now = Instant::now();
        let even = self.even.filter(|even| now.saturating_duration_since(*even) < MOST_LATE).unwrap_or(now) + pause;
        self.even = Some(even);
        if even > now && self.state == State::Open {
            self.state = State::Resting(even);
        }
    }

    fn refuse(&mut self, courier: &Arc<Courier>) {
        self.lay_down(courier);
        (self.owed, self.offset, self.current, self.state) = (0, 0, None, State::Refused);
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
