//! A lesson that is given: the step at hand, which of its checks hold, answers, and what happened. Sans-I/O: whoever gives it hands in
//! snapshots and the time, and carries out the deeds.

use std::sync::Arc;
use std::time::Duration;

use super::answer::MAX_ANSWERS;
use super::{
    Answer, AnswerError, CheckOutcome, Day, Given, Happened, Kind, Lesson, LessonStep, Otherwise, Outcome, PredictOutcome, Refusal,
    StepOutcome,
};
use crate::engine::Snapshot;
use crate::lab::{self, GuideStep, Lab, Words};
use crate::script::Deed;
use crate::trial::{self, Player, Scene, Shown, Untold, Verdict, Watcher, Why};

/// What is to be done now.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// Carry this out ([`carry_out`](crate::trial::carry_out)), then ask again.
    Do(Deed),
    /// Ask again after the next snapshot, or a little later: something is under way.
    Wait,
    /// Nothing is under way; checks are looked at whenever a snapshot comes.
    Rest,
}

/// How it stands with one check.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckState {
    /// `Held` stays for as long as the step is at hand; `Failed` says what is seen instead of it now; `Pending` before the first look.
    pub verdict: Verdict,
}

/// How it stands with the question of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Reveal {
    /// Answers are taken.
    Open,
    /// What it does is being done, or what happens is awaited.
    UnderWay,
    /// It is over.
    Done(Happened),
}

/// See the module.
#[derive(Debug)]
pub struct Playing {
    lesson: Arc<Lesson>,
    at: usize,
    steps: Vec<Progress>,
    /// Deeds that are being done, and whether a reveal follows.
    busy: Option<Busy>,
}

#[derive(Debug)]
struct Busy {
    player: Player,
    reveals: bool,
}

#[derive(Debug)]
struct Progress {
    visited: bool,
    checks: Vec<Watched>,
    given: Vec<Given>,
    reveal: Reveal,
    proof: Vec<Watcher>,
}

#[derive(Debug)]
struct Watched {
    watcher: Watcher,
    state: CheckState,
}

impl Watched {
    fn new(watcher: Watcher) -> Self {
        Self { watcher, state: CheckState { verdict: Verdict::Pending } }
    }

    /// A person is not late: what did not hold in its time is watched again.
    fn see(&mut self, now: Duration, scene: Scene<'_>) {
        match self.watcher.see(now, scene) {
            Verdict::Pending => {}
            Verdict::Held { .. } | Verdict::Unknown { .. } => self.state.verdict = self.watcher.verdict().clone(),
            Verdict::Failed { .. } => {
                self.state.verdict = self.watcher.verdict().clone();
                self.watcher = Watcher::new(self.watcher.check().clone());
            }
        }
    }
}

impl Playing {
    /// From its first step.
    pub fn new(lesson: Arc<Lesson>) -> Self {
        let progress = |step: &LessonStep| Progress {
            visited: false,
            checks: step.expect.iter().cloned().map(|check| Watched::new(Watcher::new(check))).collect(),
            given: Vec::new(),
            reveal: Reveal::Open,
            proof: Vec::new(),
        };
        let steps = lesson.steps.iter().map(progress).collect();
        let mut playing = Self { lesson, at: 0, steps, busy: None };
        playing.go(0);
        playing
    }

    /// What is given.
    pub fn lesson(&self) -> &Arc<Lesson> {
        &self.lesson
    }

    /// Its files were saved: goes on at the step with the same key, and keeps the answers to questions that did not change.
    pub fn reread(&mut self, lesson: Arc<Lesson>) {
        let old = std::mem::replace(self, Self::new(lesson));
        self.steps.iter_mut().for_each(|progress| progress.visited = false);
        let key = |at: usize| old.lesson.steps.get(at).map(|step| step.key.as_str());
        let place = |key: Option<&str>| self.lesson.steps.iter().position(|step| Some(step.key.as_str()) == key);
        let at = place(key(old.at)).unwrap_or(0);
        let places: Vec<_> = (0..old.steps.len()).map(|at| place(key(at))).collect();
        for ((step, progress), place) in old.lesson.steps.iter().zip(old.steps).zip(places) {
            let Some((new, kept)) = place.and_then(|at| self.lesson.steps.get(at).zip(self.steps.get_mut(at))) else { continue };
            kept.visited = progress.visited;
            if new.predict == step.predict {
                kept.given = progress.given;
                kept.reveal = if progress.reveal == Reveal::UnderWay { Reveal::Open } else { progress.reveal };
            }
        }
        self.go(at);
    }

    /// The step at hand, from 0.
    pub fn step(&self) -> usize {
        self.at
    }

    /// To that step; false when there is none. Deeds under way end there. Its checks are looked at anew.
    pub fn go(&mut self, to: usize) -> bool {
        let Some(progress) = self.steps.get_mut(to) else { return false };
        self.at = to;
        progress.visited = true;
        self.stop_doing();
        self.watch_anew();
        true
    }

    /// The next step; false at the end.
    pub fn forward(&mut self) -> bool {
        self.go(self.at + 1)
    }

    /// The step before; false at the first.
    pub fn back(&mut self) -> bool {
        self.at.checked_sub(1).is_some_and(|to| self.go(to))
    }

    /// The checks of the step at hand.
    pub fn checks(&self) -> impl Iterator<Item = &CheckState> {
        self.steps.get(self.at).into_iter().flat_map(|progress| progress.checks.iter().map(|check| &check.state))
    }

    /// Whether all checks of a step hold, or cannot be known here.
    pub fn is_done(&self, step: usize) -> bool {
        let is_done = |check: &Watched| matches!(check.state.verdict, Verdict::Held { .. } | Verdict::Unknown { .. });
        self.steps.get(step).is_some_and(|progress| progress.visited && progress.checks.iter().all(is_done))
    }

    /// The first step before the one at hand whose checks did not hold, or whose question was not revealed: later ones build on it.
    pub fn left_out(&self) -> Option<usize> {
        let is_asked = |at: usize| self.lesson.steps.get(at).is_some_and(|step| step.predict.is_some());
        let is_open = |at: usize| self.steps.get(at).is_some_and(|progress| !matches!(progress.reveal, Reveal::Done(_)));
        (0..self.at).find(|at| !self.is_done(*at) || (is_asked(*at) && is_open(*at)))
    }

    /// Does what a button of the step at hand says, from 0: the deeds come with [`turn`](Self::turn). False when there is none, or
    /// others are under way.
    pub fn press(&mut self, button: usize) -> bool {
        let Some(deeds) = self.lesson.steps.get(self.at).and_then(|step| step.buttons.get(button)).map(|b| b.deeds.clone()) else {
            return false;
        };
        self.busy.is_none() && {
            self.do_these(deeds, false);
            true
        }
    }

    /// What people answered to the question of the step at hand.
    pub fn given(&self) -> &[Given] {
        self.steps.get(self.at).map_or(&[], |progress| &progress.given)
    }

    /// One answer more; a name that answered before changes its answer. Blank names are nobody's.
    ///
    /// # Errors
    /// When it is no answer, or comes too late.
    pub fn answer(&mut self, who: Option<&str>, answer: Answer) -> Result<(), AnswerError> {
        let predict = self.lesson.steps.get(self.at).and_then(|step| step.predict.as_ref()).ok_or(AnswerError::NoQuestion)?;
        let progress = self.steps.get_mut(self.at).ok_or(AnswerError::NoQuestion)?;
        if progress.reveal != Reveal::Open {
            return Err(AnswerError::Late);
        }
        if !answer.fits(predict) {
            return Err(AnswerError::Unfit);
        }
        let who = who.map(str::trim).filter(|who| !who.is_empty()).map(str::to_owned);
        let is_full = progress.given.len() >= MAX_ANSWERS;
        match progress.given.iter_mut().find(|given| who.is_some() && given.who == who) {
            Some(given) => given.answer = answer,
            None if is_full => return Err(AnswerError::TooMany),
            None => progress.given.push(Given { who, answer }),
        }
        Ok(())
    }

    /// Takes an answer back, from 0; nothing after the reveal.
    pub fn take_back(&mut self, at: usize) {
        if let Some(progress) = self.steps.get_mut(self.at)
            && progress.reveal == Reveal::Open
            && at < progress.given.len()
        {
            progress.given.remove(at);
        }
    }

    /// Does what the question says and watches what happens. False when there is no question, it is revealed, or deeds are under way.
    pub fn reveal(&mut self) -> bool {
        let Some(predict) = self.lesson.steps.get(self.at).and_then(|step| step.predict.as_ref()) else { return false };
        let Some(progress) = self.steps.get_mut(self.at).filter(|p| p.reveal == Reveal::Open && self.busy.is_none()) else { return false };
        progress.reveal = Reveal::UnderWay;
        progress.proof = predict.when.iter().cloned().map(Watcher::new).collect();
        let deeds = predict.deeds.clone();
        self.do_these(deeds, true);
        true
    }

    /// How it stands with the question of the step at hand; `None` where nothing is asked.
    pub fn revealed(&self) -> Option<&Reveal> {
        self.lesson.steps.get(self.at)?.predict.as_ref()?;
        self.steps.get(self.at).map(|progress| &progress.reveal)
    }

    /// The question of the step at hand is open again, with its answers.
    pub fn ask_again(&mut self) {
        if let Some(progress) = self.steps.get_mut(self.at) {
            progress.reveal = Reveal::Open;
            progress.proof.clear();
            if self.busy.as_ref().is_some_and(|busy| busy.reveals) {
                self.busy = None;
            }
        }
    }

    /// Looks at what there is and says what is to be done. `now` is any clock that goes on; `snapshot` is the one of the scene.
    pub fn turn(&mut self, now: Duration, scene: Scene<'_>, snapshot: &Arc<Snapshot>) -> Turn {
        if let Some(busy) = &mut self.busy {
            loop {
                match busy.player.turn(now, scene, snapshot) {
                    trial::Turn::Do(deed) => return Turn::Do(deed),
                    trial::Turn::Wait => return Turn::Wait,
                    // It is one step without checks.
                    trial::Turn::Step(_) | trial::Turn::Judged { .. } => {}
                    trial::Turn::Over => break,
                }
            }
            self.busy = None;
            self.watch_anew();
        }
        let Some(progress) = self.steps.get_mut(self.at) else { return Turn::Rest };
        progress.checks.iter_mut().for_each(|check| check.see(now, scene));
        if progress.reveal != Reveal::UnderWay {
            return Turn::Rest;
        }
        match self.happened(now, scene) {
            Some(happened) => {
                if let Some(progress) = self.steps.get_mut(self.at) {
                    progress.reveal = Reveal::Done(happened);
                }
                Turn::Rest
            }
            None => Turn::Wait,
        }
    }

    /// A deed could not be carried out: those after it are left, and a reveal says why.
    pub fn refused(&mut self, why: Refusal) {
        let reveals = self.busy.take().is_some_and(|busy| busy.reveals);
        if let Some(progress) = self.steps.get_mut(self.at).filter(|_| reveals) {
            progress.reveal = Reveal::Done(Happened::Otherwise(Otherwise::Refused(why)));
        }
    }

    /// What it came to so far. `lab` is the document as it is now, `when` it was given.
    pub fn outcome(&self, lab: &Lab, when: Option<Day>) -> Outcome {
        let step = |(step, progress): (&LessonStep, &Progress)| StepOutcome {
            title: step.title.clone(),
            visited: progress.visited,
            checks: progress
                .checks
                .iter()
                .map(|check| CheckOutcome { line: check.watcher.check().to_string(), verdict: check.state.verdict.clone() })
                .collect(),
            predict: step.predict.as_ref().map(|predict| {
                let happened = match &progress.reveal {
                    Reveal::Open | Reveal::UnderWay => Happened::NotYet,
                    Reveal::Done(happened) => happened.clone(),
                };
                PredictOutcome::of(predict, &progress.given, happened)
            }),
        };
        let Lesson { id, number, title, lab_text, .. } = &*self.lesson;
        let title = Words { en: title.en.clone(), zh: title.zh.clone() };
        let steps = self.lesson.steps.iter().zip(&self.steps).map(step).collect();
        Outcome { id: id.clone(), number: *number, title, when, lab: lab::write(lab, Some(lab_text)), steps }
    }

    fn do_these(&mut self, does: Vec<Deed>, reveals: bool) {
        let step = GuideStep { does, ..GuideStep::default() };
        self.busy = Some(Busy { player: Player::new(&[step]), reveals });
    }

    fn stop_doing(&mut self) {
        self.busy = None;
        for progress in self.steps.iter_mut().filter(|p| p.reveal == Reveal::UnderWay) {
            progress.reveal = Reveal::Open;
        }
    }

    /// What was seen before does not count any more, but what was shown stays until the next look.
    fn watch_anew(&mut self) {
        if let Some(progress) = self.steps.get_mut(self.at) {
            for check in progress.checks.iter_mut().filter(|check| !matches!(check.state.verdict, Verdict::Held { .. })) {
                *check = Watched::new(Watcher::new(check.watcher.check().clone()));
            }
        }
    }

    /// What happened, once all that must be seen has its answer.
    fn happened(&mut self, now: Duration, scene: Scene<'_>) -> Option<Happened> {
        let predict = self.lesson.steps.get(self.at)?.predict.as_ref()?;
        let progress = self.steps.get_mut(self.at)?;
        let mut verdicts: Vec<Verdict> = progress.proof.iter_mut().map(|watcher| watcher.see(now, scene).clone()).collect();
        if verdicts.iter().all(|verdict| matches!(verdict, Verdict::Held { .. })) && progress.proof.len() == predict.when.len() {
            match predict.reading() {
                // The figure is read at the moment at which the rest holds.
                Some(check) => {
                    progress.proof.push(Watcher::new(check));
                    verdicts.extend(progress.proof.last_mut().map(|watcher| watcher.see(now, scene).clone()));
                }
                None => {
                    return Some(match &predict.kind {
                        Kind::Choice { answer, .. } => Happened::So(Answer::Choice(*answer)),
                        Kind::Order { answer, .. } => Happened::So(Answer::Order(answer.clone())),
                        Kind::Number { .. } => return None,
                    });
                }
            }
        }
        let otherwise = verdicts.iter().find_map(|verdict| match verdict {
            Verdict::Failed { .. } => Some(Happened::Otherwise(Otherwise::Seen(verdict.clone()))),
            Verdict::Unknown { why } => Some(Happened::Unknown(why.clone())),
            Verdict::Pending | Verdict::Held { .. } => None,
        });
        if otherwise.is_some() {
            return otherwise;
        }
        match verdicts.get(predict.when.len()) {
            Some(Verdict::Held { seen }) => {
                let number = seen.first().and_then(|seen| seen.value.as_ref()).and_then(Shown::number);
                let Kind::Number { figure } = &predict.kind else { return None };
                let unknown = || Happened::Unknown(Untold { figure: figure.clone(), why: Why::NoNumber });
                Some(number.map_or_else(unknown, |n| Happened::So(Answer::Number(n))))
            }
            Some(Verdict::Pending | Verdict::Failed { .. } | Verdict::Unknown { .. }) | None => None,
        }
    }
}
