//! Those an operator's schedule sends to: kept in step with the live links, each with what it is still owed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::stats::Intervals;
use crate::sys::PollFd;
use crate::trace::{Board, ConnId, End, Lane};

use super::control::To;
use super::courier::Courier;
use super::link::{Link, Links};
use super::operator::Order;
use super::parcel::{Parcel, Sent};
use super::schedule::Schedule;
use super::wire::LiveWire;

/// A datagram that finds a full queue is tried again after this: `POLLOUT` speaks of our own buffer, not of the peer's.
const DATAGRAM_RETRY: Duration = Duration::from_millis(10);
/// How long an unpaced schedule without anybody to send to waits before it looks again (a newcomer wakes it at once).
const NOBODY: Duration = Duration::from_millis(100);

/// Whether another round may be given out.
pub(super) enum Appetite {
    Ready,
    /// Unpaced, and everybody still owes the last round (or nobody is there).
    Starved,
}

/// Those who are sent to, and what each is still owed.
#[derive(Default)]
pub(super) struct Targets {
    seen: Option<u64>,
    by_id: BTreeMap<ConnId, Parcel>,
    /// Whole messages taken by those who have left.
    taken_before: u64,
    /// From one round to the next, as the first of them took it.
    beat: Intervals,
    beaten: u64,
}

impl Targets {
    /// Somebody without a connection: an address, as a peer of its own. Off the board with [`release`](Self::release).
    pub fn apart(link: Arc<Link>) -> Self {
        Self { by_id: BTreeMap::from([(link.conn.id, Parcel::new(link))]), ..Self::default() }
    }

    pub fn refresh(&mut self, links: &Links, to: &To, lane: &Lane, courier: &Arc<Courier>) {
        let version = links.version();
        if self.seen.replace(version) == Some(version) {
            return;
        }
        let now: Vec<Arc<Link>> = match to {
            To::One(id) => links.get(*id).into_iter().collect(),
            To::These(these) => these.iter().filter_map(|id| links.get(*id)).collect(),
            To::All => links.all(),
            // Nobody comes or goes.
            To::Address(_) => return,
        };
        let mut before = std::mem::take(&mut self.by_id);
        self.by_id = now
            .into_iter()
            .map(|link| {
                let id = link.conn.id;
                match before.remove(&id) {
                    Some(parcel) => {
                        Link::release(link, lane);
                        (id, parcel)
                    }
                    None => (id, Parcel::new(link)),
                }
            })
            .collect();
        for gone in before.into_values() {
            self.taken_before += gone.taken();
            gone.release(lane, courier);
        }
    }

    pub fn appetite(&self, schedule: &Schedule) -> Appetite {
        // A counted row that nobody hears is over at once; an endless one waits for somebody.
        let endless = schedule.progress().1 == 0;
        let starved = match schedule.is_unpaced() {
            true if self.by_id.values().all(Parcel::is_refused) => endless,
            true => self.by_id.values().all(Parcel::is_owed),
            false => false,
        };
        if starved { Appetite::Starved } else { Appetite::Ready }
    }

    /// Everybody is owed these rounds, of which `first` is the first.
    pub fn owe(&mut self, rounds: u64, first: u64) {
        self.by_id.values_mut().for_each(|parcel| parcel.owe(rounds, first));
    }

    /// How evenly rounds follow each other.
    pub fn beat(&self) -> Intervals {
        self.beat
    }

    pub fn is_owing(&self) -> bool {
        self.by_id.values().any(Parcel::is_owed)
    }

    pub fn send(&mut self, lane: &Lane, board: &Board, courier: &Arc<Courier>, order: &Order, wire: &LiveWire) {
        for parcel in self.by_id.values_mut() {
            parcel.wake(Instant::now());
            let taken = parcel.taken();
            if let Sent::Refused(call, error) = parcel.send(lane, board, courier, order, wire) {
                board.trouble(call, Arc::clone(&parcel.link().conn.peer), error);
            }
            if parcel.taken() > taken && parcel.count() > self.beaten {
                let now = Instant::now();
                (self.beaten..parcel.count()).for_each(|_| self.beat.mark(now));
                self.beaten = parcel.count();
            }
        }
    }

    pub fn blocked(&self) -> impl Iterator<Item = &Link> {
        self.by_id.values().filter(|parcel| parcel.is_blocked()).map(Parcel::link)
    }

    /// `fds` are those of the blocked streams, in order. Datagrams are simply tried again after a while.
    pub fn unblock(&mut self, fds: &[PollFd], now: Instant) {
        let mut fds = fds.iter();
        for parcel in self.by_id.values_mut().filter(|parcel| parcel.is_blocked()) {
            let ready = match parcel.link().is_datagram() {
                true => parcel.waited(now) >= DATAGRAM_RETRY,
                false => fds.next().is_some_and(PollFd::is_writable),
            };
            if ready {
                parcel.unblock();
            }
        }
    }

    /// How to wait: `None` goes on at once, else until a socket takes more, a wake, or this limit.
    pub fn pause(&self, schedule: &Schedule) -> Option<Option<Duration>> {
        if self.by_id.values().any(Parcel::can_go_on) {
            return None;
        }
        let starved = matches!(self.appetite(schedule), Appetite::Starved);
        let next = if starved { None } else { schedule.wait(Instant::now()) };
        if next.is_some_and(|wait| wait.is_zero()) {
            return None;
        }
        let nobody = (starved && self.blocked().next().is_none()).then_some(NOBODY);
        let rest = self.by_id.values().filter_map(Parcel::rests_until).min().map(|until| until.saturating_duration_since(Instant::now()));
        if rest.is_some_and(|rest| rest.is_zero()) {
            return None;
        }
        let retry = self.blocked().any(Link::is_datagram).then_some(DATAGRAM_RETRY);
        Some([next, nobody, retry, rest].into_iter().flatten().min())
    }

    /// Messages handed to the kernel so far.
    pub fn taken(&self) -> u64 {
        self.taken_before + self.by_id.values().map(Parcel::taken).sum::<u64>()
    }

    /// Those without a connection leave the board.
    pub fn leave_apart(&self, board: &Board) {
        self.by_id.values().for_each(|parcel| board.ended(&parcel.link().conn, End::Here));
    }

    pub fn release(self, lane: &Lane, courier: &Arc<Courier>) {
        self.by_id.into_values().for_each(|parcel| parcel.release(lane, courier));
    }
}
