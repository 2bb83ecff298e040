//! The gate before each call: where a person holds lanes and lets them go on, one call at a time.
//!
//! A lane looks here only while a gate is closed for someone. A stop opens all gates for good.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

/// What a person does at the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateMove {
    /// Hold before the next call.
    Pause,
    /// Let one call through, then hold again.
    Step,
    /// Let calls through up to the next one that waits (a readiness wait, or a call on a blocking socket), and hold before it.
    ToNextWait,
    /// Let all through.
    Run,
}

/// Passes moves on to where a lane's calls are really made.
pub(super) type Relay = Arc<dyn Fn(GateMove) + Send + Sync>;

/// What the gate does with the next call of a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Posture {
    #[default]
    Open,
    Closed,
    /// So many go through, then it closes.
    Steps(u32),
    /// Closes before a call that waits; `past`: the one the lane stands before still goes through.
    UntilWait {
        past: bool,
    },
}

#[derive(Default)]
struct Postures {
    /// Opened for good.
    over: bool,
    /// Of lanes without one of their own, also of those to come.
    all: Posture,
    own: HashMap<u32, Posture>,
    /// Lanes that are held, and whether the call waits.
    standing: HashMap<u32, bool>,
    relays: HashMap<u32, Relay>,
}

impl fmt::Debug for Postures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postures").field("all", &self.all).field("own", &self.own).finish_non_exhaustive()
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Gate {
    postures: Mutex<Postures>,
    moved: Condvar,
}

impl Postures {
    fn is_closed_for_someone(&self) -> bool {
        !self.over && (self.all != Posture::Open || self.own.values().any(|own| *own != Posture::Open))
    }

    /// What a move makes of one lane.
    fn after(&self, lane: u32, gate: GateMove) -> Posture {
        let stands = self.standing.get(&lane);
        match gate {
            GateMove::Pause => Posture::Closed,
            GateMove::Run => Posture::Open,
            // A lane that is not held is on its way already: it is held before its next call.
            GateMove::Step => match (stands, self.own.get(&lane)) {
                (None, _) => Posture::Closed,
                (Some(_), Some(Posture::Steps(n))) => Posture::Steps(n + 1),
                (Some(_), _) => Posture::Steps(1),
            },
            GateMove::ToNextWait => Posture::UntilWait { past: stands == Some(&true) },
        }
    }

    fn apply(&mut self, lane: Option<u32>, gate: GateMove) {
        if self.over {
            return;
        }
        match lane {
            Some(lane) => {
                let posture = self.after(lane, gate);
                if posture == self.all {
                    self.own.remove(&lane)
                } else {
                    self.own.insert(lane, posture)
                };
            }
            None => {
                let standing = self.standing.keys().map(|lane| (*lane, self.after(*lane, gate)));
                self.own = match gate {
                    GateMove::Pause | GateMove::Run => HashMap::new(),
                    GateMove::Step | GateMove::ToNextWait => standing.collect(),
                };
                self.all = match gate {
                    GateMove::Pause | GateMove::Step => Posture::Closed,
                    GateMove::ToNextWait => Posture::UntilWait { past: false },
                    GateMove::Run => Posture::Open,
                };
            }
        }
    }

    /// Whether this call goes through now.
    fn admits(&mut self, lane: u32, waits: bool) -> bool {
        let posture = self.own.get(&lane).copied().unwrap_or(self.all);
        let (admits, next) = match posture {
            _ if self.over => return true,
            Posture::Open => return true,
            Posture::Closed => return false,
            Posture::Steps(n) => (true, if n > 1 { Posture::Steps(n - 1) } else { Posture::Closed }),
            Posture::UntilWait { past: true } => (true, Posture::UntilWait { past: false }),
            Posture::UntilWait { past: false } if waits => (false, Posture::Closed),
            Posture::UntilWait { past: false } => return true,
        };
        self.own.insert(lane, next);
        admits
    }
}

impl Gate {
    /// A person's move. `tell` learns under the lock whether lanes must look here from now on, so that it says the truth of
    /// the latest move.
    pub fn apply(&self, lane: Option<u32>, gate: GateMove, tell: impl FnOnce(bool)) {
        let relays: Vec<Relay> = {
            let mut postures = self.postures.lock();
            postures.apply(lane, gate);
            tell(postures.is_closed_for_someone());
            let meant = postures.relays.iter().filter(|(id, _)| !postures.over && lane.is_none_or(|lane| lane == **id));
            meant.map(|(_, relay)| Arc::clone(relay)).collect()
        };
        self.moved.notify_all();
        relays.iter().for_each(|relay| relay(gate));
    }

    /// Opens all gates for good.
    pub fn open(&self, tell: impl FnOnce(bool)) {
        let relays: Vec<Relay> = {
            let mut postures = self.postures.lock();
            postures.over = true;
            tell(false);
            postures.relays.values().cloned().collect()
        };
        self.moved.notify_all();
        relays.iter().for_each(|relay| relay(GateMove::Run));
    }

    /// Sleeps until this call of this lane may go through; `standing` tells that it is held, once, before the sleep. True when
    /// it was held.
    pub fn pass(&self, lane: u32, waits: bool, standing: impl FnOnce()) -> bool {
        let mut postures = self.postures.lock();
        if postures.admits(lane, waits) {
            return false;
        }
        postures.standing.insert(lane, waits);
        standing();
        while !postures.admits(lane, waits) {
            self.moved.wait(&mut postures);
        }
        postures.standing.remove(&lane);
        true
    }

    /// This lane's calls are made elsewhere: moves go there too, at once the one that holds it now.
    pub fn relay(&self, lane: u32, to: Relay) {
        let now = {
            let mut postures = self.postures.lock();
            let posture = if postures.over { Posture::Open } else { postures.own.get(&lane).copied().unwrap_or(postures.all) };
            postures.relays.insert(lane, Arc::clone(&to));
            match posture {
                Posture::Open => None,
                Posture::Closed | Posture::Steps(_) => Some(GateMove::Pause),
                Posture::UntilWait { .. } => Some(GateMove::ToNextWait),
            }
        };
        if let Some(now) = now {
            to(now);
        }
    }

    /// The lane ended.
    pub fn forget(&self, lane: u32, tell: impl FnOnce(bool)) {
        let mut postures = self.postures.lock();
        postures.relays.remove(&lane);
        if postures.own.remove(&lane).is_some() {
            tell(postures.is_closed_for_someone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn let_through(gate: &Gate, calls: &[bool]) -> usize {
        let mut postures = gate.postures.lock();
        calls.iter().take_while(|waits| postures.admits(1, **waits)).count()
    }

    #[test]
    fn a_step_is_one_call_and_to_the_next_wait_is_up_to_it() {
        let gate = Gate::default();
        let stands = |waits| {
            gate.postures.lock().standing.insert(1, waits);
        };
        let turn = [true, false, false, true, false];
        assert_eq!(let_through(&gate, &turn), 5);
        gate.apply(None, GateMove::Pause, |closed| assert!(closed));
        assert_eq!(let_through(&gate, &turn), 0);
        stands(true);
        for lane in [None, Some(1)] {
            gate.apply(lane, GateMove::Step, |_| ());
            assert_eq!(let_through(&gate, &turn), 1);
            gate.apply(lane, GateMove::Step, |_| ());
            gate.apply(Some(1), GateMove::Step, |_| ());
            assert_eq!(let_through(&gate, &turn), 2);
            gate.apply(lane, GateMove::ToNextWait, |_| ());
            assert_eq!(let_through(&gate, &turn), 3, "past the wait it stands before, up to the next");
        }
        stands(false);
        gate.apply(Some(1), GateMove::ToNextWait, |_| ());
        assert_eq!(let_through(&gate, &turn), 0, "it stands before a call that does not wait, and the next one does");
        gate.apply(Some(1), GateMove::Run, |closed| assert!(closed, "the others are still held"));
        assert_eq!(let_through(&gate, &turn), 5);
        gate.open(|closed| assert!(!closed));
        gate.apply(None, GateMove::Pause, |closed| assert!(!closed));
        assert_eq!(let_through(&gate, &turn), 5, "open for good");
    }

    #[test]
    fn a_step_before_it_stands_holds_the_next_call() {
        let gate = Gate::default();
        gate.apply(Some(1), GateMove::Step, |closed| assert!(closed));
        assert_eq!(let_through(&gate, &[false]), 0);
    }
}
