//! Plays the steps of a lab: says which deed comes next, waits until it is in force, then judges the checks of the step.

use std::sync::Arc;
use std::time::Duration;

use super::{Scene, Verdict, Watcher, settled};
use crate::engine::Snapshot;
use crate::lab::{GuideStep, Lab};
use crate::script::Deed;

/// How long a deed may take to be in force before the play goes on all the same: what it began may be meant to hang.
const SETTLE: Duration = Duration::from_secs(2);
/// How old the newest snapshot must be after the last deed before it is judged, when no newer one comes.
const STALE: Duration = Duration::from_millis(400);

/// What whoever plays has to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// A step begins, from 0.
    Step(usize),
    /// Do this; then ask again.
    Do(Deed),
    /// The checks of the step at hand, from 0, have an answer: which, and what.
    Judged {
        /// Of the step, from 0.
        check: usize,
        /// What became of it.
        verdict: Verdict,
    },
    /// Ask again after the next snapshot, or a little later.
    Wait,
    /// All steps are played.
    Over,
}

/// See the module.
#[derive(Debug)]
pub struct Player {
    steps: Vec<GuideStep>,
    at: usize,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    /// The step is not begun.
    Before,
    /// This deed is next.
    Deed(usize),
    /// This deed was done then, when that was what there was to see.
    Settling { deed: usize, since: Duration, before: Arc<Snapshot> },
    /// All is done; a snapshot from after that is awaited.
    Fresh { since: Duration, seq: u64 },
    /// The checks are watched; those told are told once.
    Checks { watchers: Vec<Watcher>, told: Vec<bool> },
}

impl Player {
    /// Of these steps.
    pub fn new(steps: &[GuideStep]) -> Self {
        Self { steps: steps.to_vec(), at: 0, phase: Phase::Before }
    }

    /// The step at hand, from 0.
    pub fn step(&self) -> usize {
        self.at
    }

    /// What is to be done now. `now` is any clock that goes on; `snapshot` is the one of the scene.
    pub fn turn(&mut self, now: Duration, scene: Scene<'_>, snapshot: &Arc<Snapshot>) -> Turn {
        let Some(step) = self.steps.get(self.at) else { return Turn::Over };
        match &mut self.phase {
            Phase::Before => {
                self.phase = Phase::Deed(0);
                Turn::Step(self.at)
            }
            Phase::Deed(at) => match step.does.get(*at) {
                Some(deed) => {
                    let (at, deed) = (*at, deed.clone());
                    self.phase = Phase::Settling { deed: at, since: now, before: Arc::clone(snapshot) };
                    Turn::Do(deed)
                }
                None => {
                    self.phase = Phase::Fresh { since: now, seq: snapshot.seq };
                    Turn::Wait
                }
            },
            Phase::Settling { deed, since, before } => {
                let passed = now.saturating_sub(*since);
                let is_in_force = step.does.get(*deed).is_none_or(|deed| in_force(deed, scene.lab, passed, before, snapshot));
                if is_in_force {
                    self.phase = Phase::Deed(*deed + 1);
                    return self.turn(now, scene, snapshot);
                }
                Turn::Wait
            }
            // The engine does commands between two snapshots: the one after the next was made with all of them done.
            Phase::Fresh { since, seq } if snapshot.seq >= *seq + 2 || now.saturating_sub(*since) >= STALE => {
                let watchers: Vec<Watcher> = step.expects.iter().cloned().map(Watcher::new).collect();
                let told = vec![false; watchers.len()];
                self.phase = Phase::Checks { watchers, told };
                self.turn(now, scene, snapshot)
            }
            Phase::Fresh { .. } => Turn::Wait,
            Phase::Checks { watchers, told } => {
                watchers.iter_mut().for_each(|watcher| drop(watcher.see(now, scene).clone()));
                let next = (0..told.len()).find(|at| !told[*at]);
                let Some(check) = next else {
                    self.at += 1;
                    self.phase = Phase::Before;
                    return self.turn(now, scene, snapshot);
                };
                match watchers[check].verdict() {
                    Verdict::Pending => Turn::Wait,
                    verdict => {
                        told[check] = true;
                        Turn::Judged { check, verdict: verdict.clone() }
                    }
                }
            }
        }
    }
}

fn in_force(deed: &Deed, lab: &Lab, passed: Duration, before: &Snapshot, now: &Snapshot) -> bool {
    match deed {
        Deed::Wait(time) => passed >= *time,
        deed => settled(deed, lab, before, now) || passed >= SETTLE,
    }
}
