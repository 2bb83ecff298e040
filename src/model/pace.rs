//! The gate before `accept`: when a server takes the next client out of the accept queue. One for all workers of a server,
//! changed from any thread while it runs. It makes no call and knows no socket: who wants to accept asks for a [`Pass`] first.
//!
//! A worker of a blocking model that sleeps in `accept` has its pass already. When the server is paused then, that worker still
//! takes the next client: nothing wakes it on every system and leaves the listener as it is (a signal would, but not on Windows).
//! Selectors, and the kernel that accepts by itself (`io-uring`), are called back at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use crate::lab::AcceptPace;

/// Who is later than this (or a quarter of the pause) came into an empty queue: the beat begins anew with it. Who is not waited
/// at the gate, and the beat goes on as if it had been taken on time, so that delays do not add up.
const LATE: Duration = Duration::from_millis(100);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// A copy of the state: an eager server pays one load for each question.
    has_gate: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    pace: AcceptPace,
    /// Whether somebody said so; else the start value is still to come.
    is_set: bool,
    /// Clients that a person lets in one by one.
    tickets: u32,
    /// When the last client was taken, on the beat.
    last: Option<Instant>,
    /// The client of this beat is being taken.
    is_beat_out: bool,
}

/// Leave to take one client. It is used up or given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "it is used up or given back"]
pub(super) enum Pass {
    /// There is no gate.
    Free,
    /// One each T: this one was due then, or is the first.
    Beat(Option<Instant>),
    /// A person said so.
    Ticket,
}

/// The gate is shut: until then, or until somebody opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shut(pub Option<Instant>);

impl State {
    /// When the next beat is due; `None` for at once.
    fn due(&self) -> Option<Instant> {
        self.last.zip(self.pace.pause()).map(|(last, pause)| last + pause)
    }

    fn shut(&self, now: Instant) -> Option<Shut> {
        match self.pace {
            _ if self.tickets > 0 => None,
            AcceptPace::Eager => None,
            AcceptPace::Paused => Some(Shut(None)),
            AcceptPace::Every(_) if self.is_beat_out => Some(Shut(None)),
            AcceptPace::Every(_) => self.due().filter(|due| *due > now).map(|due| Shut(Some(due))),
        }
    }

    /// An open gate's pass. Tickets are for when it would be shut.
    fn pass(&mut self, now: Instant) -> Pass {
        match self.pace {
            AcceptPace::Eager => return Pass::Free,
            AcceptPace::Every(_) if !self.is_beat_out && self.due().is_none_or(|due| due <= now) => {
                self.is_beat_out = true;
                return Pass::Beat(self.due());
            }
            AcceptPace::Every(_) | AcceptPace::Paused => {}
        }
        self.tickets = self.tickets.saturating_sub(1);
        Pass::Ticket
    }
}

impl Pace {
    /// What it starts with, unless somebody was quicker to say something else.
    pub fn begin(&self, pace: AcceptPace) {
        if !self.state.lock().is_set {
            self.set(pace);
        }
    }

    pub fn set(&self, pace: AcceptPace) {
        {
            let mut state = self.state.lock();
            (state.pace, state.is_set) = (pace, true);
            if pace == AcceptPace::Eager {
                state.tickets = 0;
            }
            self.has_gate.store(pace != AcceptPace::Eager, Ordering::SeqCst);
        }
        self.changed.notify_all();
    }

    /// One more client, now or when one comes. Without a gate everybody gets in anyway.
    pub fn admit_one(&self) {
        {
            let mut state = self.state.lock();
            if state.pace == AcceptPace::Eager {
                return;
            }
            state.tickets = state.tickets.saturating_add(1);
        }
        self.changed.notify_all();
    }

    /// Those who wait at the gate look around: the server stops, or finishes.
    pub fn tell(&self) {
        drop(self.state.lock());
        self.changed.notify_all();
    }

    pub fn now(&self) -> AcceptPace {
        self.state.lock().pace
    }

    /// Whether there is no gate at all.
    #[cfg(target_os = "linux")]
    pub fn is_eager(&self) -> bool {
        !self.has_gate.load(Ordering::SeqCst)
    }

    /// When the gate opens by itself.
    pub fn opens_at(&self) -> Option<Instant> {
        self.shut().and_then(|shut| shut.0)
    }

    /// Whether the gate is shut.
    pub fn shut(&self) -> Option<Shut> {
        if !self.has_gate.load(Ordering::SeqCst) {
            return None;
        }
        self.state.lock().shut(Instant::now())
    }

    pub fn take(&self) -> Result<Pass, Shut> {
        if !self.has_gate.load(Ordering::SeqCst) {
            return Ok(Pass::Free);
        }
        let now = Instant::now();
        let mut state = self.state.lock();
        match state.shut(now) {
            None => Ok(state.pass(now)),
            Some(shut) => Err(shut),
        }
    }

    /// A client was taken with it.
    pub fn use_up(&self, pass: Pass) {
        let now = Instant::now();
        let mut state = self.state.lock();
        match pass {
            // Besides the beat, which goes on.
            Pass::Ticket => {}
            Pass::Free => state.last = Some(now),
            Pass::Beat(due) => {
                let late = state.pace.pause().map_or(Duration::ZERO, |pause| (pause / 4).max(Duration::from_millis(2)).min(LATE));
                state.last = due.filter(|due| now.saturating_duration_since(*due) <= late).or(Some(now));
                state.is_beat_out = false;
                drop(state);
                self.changed.notify_all();
            }
        }
    }

    /// Nobody was there.
    pub fn give_back(&self, pass: Pass) {
        {
            let mut state = self.state.lock();
            match pass {
                Pass::Free => return,
                Pass::Beat(_) => state.is_beat_out = false,
                Pass::Ticket if state.pace == AcceptPace::Eager => return,
                Pass::Ticket => state.tickets = state.tickets.saturating_add(1),
            }
        }
        self.changed.notify_all();
    }

    /// Whether this pass, which waits for a client, would still be given.
    #[cfg(target_os = "linux")]
    pub fn still_holds(&self, pass: Pass) -> bool {
        let state = self.state.lock();
        match (pass, state.pace) {
            (_, AcceptPace::Eager) | (Pass::Ticket, _) => true,
            (Pass::Beat(_), AcceptPace::Every(_)) => state.due().is_none_or(|due| due <= Instant::now()),
            (Pass::Free, AcceptPace::Every(_) | AcceptPace::Paused) | (Pass::Beat(_), AcceptPace::Paused) => false,
        }
    }

    /// Sleeps until the gate is open, `gives_up`, or the time is over. Both are asked under the lock, so no change is slept over.
    pub fn wait(&self, limit: Option<Duration>, gives_up: impl Fn() -> bool) {
        let end = limit.map(|limit| Instant::now() + limit);
        let mut state = self.state.lock();
        while !gives_up() {
            let now = Instant::now();
            let Some(Shut(until)) = state.shut(now) else { return };
            match until.into_iter().chain(end).min() {
                None => self.changed.wait(&mut state),
                Some(_) if end.is_some_and(|end| end <= now) => return,
                Some(at) => drop(self.changed.wait_until(&mut state, at)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paced(pace: AcceptPace) -> Pace {
        let gate = Pace::default();
        gate.set(pace);
        gate
    }

    #[test]
    fn who_was_set_before_its_start_keeps_that() {
        let gate = Pace::default();
        gate.begin(AcceptPace::Paused);
        gate.begin(AcceptPace::Eager);
        assert_eq!(gate.now(), AcceptPace::Paused);
        assert_eq!(gate.take(), Err(Shut(None)));
    }

    #[test]
    fn tickets_are_for_a_shut_gate_and_come_back_when_nobody_was_there() {
        let gate = paced(AcceptPace::Paused);
        gate.admit_one();
        let pass = gate.take().unwrap();
        assert_eq!((pass, gate.take()), (Pass::Ticket, Err(Shut(None))));
        gate.give_back(pass);
        let pass = gate.take().unwrap();
        gate.use_up(pass);
        assert_eq!(gate.take(), Err(Shut(None)));
        gate.admit_one();
        gate.set(AcceptPace::Eager);
        gate.admit_one();
        gate.set(AcceptPace::Paused);
        assert_eq!(gate.take(), Err(Shut(None)), "an eager server owes nobody anything");
    }

    #[test]
    fn the_beat_goes_on_from_when_it_was_due() {
        let gate = paced(AcceptPace::Every(1_000));
        assert_eq!(gate.take(), Ok(Pass::Beat(None)), "the first one at once");
        assert_eq!(gate.take(), Err(Shut(None)), "one at a time, also of several workers");
        gate.use_up(Pass::Beat(None));
        let Err(Shut(Some(first))) = gate.take() else { panic!("the gate is open") };
        // A moment late, as threads are: the next one is due as if this one had been on time.
        let due = Instant::now() - Duration::from_millis(20);
        gate.use_up(Pass::Beat(Some(due)));
        assert_eq!(gate.take(), Err(Shut(Some(due + Duration::from_secs(1)))));
        // Nobody was there for long: a whole pause from this one on.
        gate.use_up(Pass::Beat(Some(Instant::now() - Duration::from_millis(900))));
        assert!(gate.opens_at().is_some_and(|at| at > first));
        // A ticket does not change it.
        let before = gate.opens_at();
        gate.admit_one();
        assert_eq!(gate.shut(), None);
        let pass = gate.take().unwrap();
        gate.use_up(pass);
        assert_eq!((pass, gate.opens_at()), (Pass::Ticket, before));
        // A shorter pause counts from the last one too.
        gate.set(AcceptPace::Every(1));
        gate.wait(None, || false);
        assert!(matches!(gate.take(), Ok(Pass::Beat(Some(_)))));
    }

    #[test]
    fn the_last_one_before_a_pace_counts_for_it() {
        let gate = Pace::default();
        let pass = gate.take().unwrap();
        gate.use_up(pass);
        gate.set(AcceptPace::Every(60_000));
        assert!(gate.opens_at().is_some_and(|at| at > Instant::now() + Duration::from_secs(50)));
    }
}
