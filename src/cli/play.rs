//! Plays the steps of a lab: does what they say, tells what each check saw.

use std::time::{Duration, Instant};

use super::Problem;
use super::drive::{Show, Style, Woken};
use crate::engine::{EngineHandle, Snapshot};
use crate::insight::Insight;
use crate::lab::{GuideStep, Lab};
use crate::report::{CheckLine, CheckVerdict, Line, StepLine};
use crate::script::Deed;
use crate::trial::{DeedError, Player, Scene, Turn, Verdict, carry_out};

/// How long a check waits for the next snapshot before it looks at the time again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// How many checks had which answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub held: usize,
    pub failed: usize,
    pub unknown: usize,
    /// Whether all steps were played.
    pub is_whole: bool,
}

impl Tally {
    /// What is unknown is no failure.
    pub fn is_ok(self) -> bool {
        self.failed == 0 && self.is_whole
    }

    /// The last line about checks.
    pub fn words(self) -> String {
        let Self { held, failed, unknown, is_whole } = self;
        let mut words = format!("{held} of {} checks held", held + failed + unknown);
        if unknown > 0 {
            words += &format!(", {unknown} cannot be known here");
        }
        if !is_whole {
            words += "; the run ended before the last step";
        }
        words
    }
}

/// Who has the engine, and is told what is played.
pub(super) trait Hearer {
    fn engine(&self) -> &EngineHandle;
    /// Takes the events since the last look, and looks at what the snapshot shows.
    fn look(&mut self, snapshot: &Snapshot, lab: &Lab) -> Result<(), Problem>;
    /// What the last look showed.
    fn said(&self) -> &[Insight];
    fn step(&mut self, at: usize) -> Result<(), Problem>;
    fn deed(&mut self, at: Duration, deed: &Deed) -> Result<(), Problem>;
    /// The play ends with it, unless an error ends the whole.
    fn refused(&mut self, step: usize, deed: &Deed, why: &DeedError) -> Result<(), Problem>;
    /// The check as it is written, and its answer.
    fn check(&mut self, step: usize, check: &str, verdict: &Verdict) -> Result<(), Problem>;
    /// Until there is news, Ctrl-C, or this moment.
    fn wait(&self, until: Instant) -> Result<Woken, Problem>;
}

/// Plays until the last check has its answer, the time is over, or Ctrl-C.
pub(super) fn play(steps: &[GuideStep], lab: &Lab, limit: Option<Duration>, hearer: &mut impl Hearer) -> Result<Tally, Problem> {
    let (begin, mut lab, mut tally) = (Instant::now(), lab.clone(), Tally::default());
    let mut player = Player::new(steps);
    loop {
        let snapshot = hearer.engine().snapshot();
        hearer.look(&snapshot, &lab)?;
        if limit.is_some_and(|limit| begin.elapsed() >= limit) {
            return Ok(tally);
        }
        let scene = Scene { lab: &lab, snapshot: &snapshot, said: hearer.said() };
        match player.turn(begin.elapsed(), scene, &snapshot) {
            Turn::Step(step) => hearer.step(step)?,
            Turn::Do(deed) => match carry_out(&deed, &mut lab, &snapshot) {
                Ok(commands) => {
                    hearer.deed(snapshot.at, &deed)?;
                    for command in commands {
                        hearer.engine().send(command).map_err(|e| Problem::Failed(e.to_string()))?;
                    }
                }
                Err(why) => {
                    hearer.refused(player.step(), &deed, &why)?;
                    tally.failed += 1;
                    return Ok(tally);
                }
            },
            Turn::Judged { check, verdict } => {
                match &verdict {
                    Verdict::Held { .. } => tally.held += 1,
                    Verdict::Failed { .. } => tally.failed += 1,
                    Verdict::Unknown { .. } | Verdict::Pending => tally.unknown += 1,
                }
                let line = steps.get(player.step()).and_then(|step| step.expects.get(check));
                hearer.check(player.step(), &line.map(ToString::to_string).unwrap_or_default(), &verdict)?;
            }
            Turn::Wait => {
                if hearer.wait(Instant::now() + LOOK_AGAIN)? == Woken::Stop {
                    return Ok(tally);
                }
            }
            Turn::Over => {
                tally.is_whole = true;
                return Ok(tally);
            }
        }
    }
}

/// A check and its answer, as a line of words.
pub(super) fn check_words(check: &str, verdict: &Verdict) -> String {
    let sign = match verdict {
        Verdict::Held { .. } => '✓',
        Verdict::Failed { .. } => '✗',
        Verdict::Unknown { .. } | Verdict::Pending => '–',
    };
    format!("  {sign} {check}: {verdict}")
}

/// A deed as a line of words.
pub(super) fn deed_words(at: Duration, deed: &Deed) -> String {
    format!("{:8.3}  > {deed}", at.as_secs_f64())
}

/// A run of a lab that has steps.
pub(super) struct Played<'a, 'b> {
    pub show: &'a mut Show<'b>,
    pub lab: &'a Lab,
}

impl Hearer for Played<'_, '_> {
    fn engine(&self) -> &EngineHandle {
        &self.show.engine
    }

    fn look(&mut self, snapshot: &Snapshot, lab: &Lab) -> Result<(), Problem> {
        self.show.tell_events()?;
        Ok(self.show.insights.look(snapshot, lab, self.show.style, &mut self.show.out)?)
    }

    fn said(&self) -> &[Insight] {
        self.show.insights.said()
    }

    fn step(&mut self, at: usize) -> Result<(), Problem> {
        let says = self.lab.steps.get(at).map_or_else(String::new, |step| step.says.en.clone());
        let (step, of) = (at + 1, self.lab.steps.len());
        match self.show.style {
            Style::Json => self.show.out.json(&Line::Step(StepLine { at_secs: self.at_secs(), step, of, says }))?,
            Style::Words | Style::Serve => self.show.out.line(format!("step {step} of {of}  {says}").trim_end())?,
        }
        Ok(())
    }

    fn deed(&mut self, at: Duration, deed: &Deed) -> Result<(), Problem> {
        match self.show.style {
            Style::Words => Ok(self.show.out.line(&deed_words(at, deed))?),
            Style::Json | Style::Serve => Ok(()),
        }
    }

    fn refused(&mut self, step: usize, deed: &Deed, why: &DeedError) -> Result<(), Problem> {
        Err(Problem::Failed(format!("step {}: '{deed}': {why}", step + 1)))
    }

    fn check(&mut self, step: usize, check: &str, verdict: &Verdict) -> Result<(), Problem> {
        match self.show.style {
            Style::Json => {
                let id = match verdict {
                    Verdict::Held { .. } => CheckVerdict::Held,
                    Verdict::Failed { .. } => CheckVerdict::Failed,
                    Verdict::Unknown { .. } | Verdict::Pending => CheckVerdict::Unknown,
                };
                let (check, words) = (check.to_owned(), verdict.to_string());
                let line = CheckLine { at_secs: self.at_secs(), step: step + 1, check, verdict: id, words };
                self.show.out.json(&Line::Check(line))?;
            }
            Style::Words | Style::Serve => self.show.out.line(&check_words(check, verdict))?,
        }
        Ok(())
    }

    fn wait(&self, until: Instant) -> Result<Woken, Problem> {
        self.show.wait(Some(until))
    }
}

impl Played<'_, '_> {
    fn at_secs(&self) -> f64 {
        (self.show.engine.snapshot().at.as_secs_f64() * 1e3).round() / 1e3
    }
}
