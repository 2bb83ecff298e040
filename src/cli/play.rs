//! Plays the steps of a lab: does what they say, tells what each check saw.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Problem;
use super::drive::{Show, Style, Woken};
use crate::lab::Lab;
use crate::report::{CheckLine, CheckVerdict, Line, StepLine};
use crate::trial::{Player, Scene, Turn, Verdict, carry_out};

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

impl Show<'_> {
    /// Plays until the last check has its answer, the time is over, or Ctrl-C.
    pub(super) fn play(&mut self, lab: &Lab, limit: Option<Duration>) -> Result<Tally, Problem> {
        let (begin, mut lab, mut tally) = (Instant::now(), lab.clone(), Tally::default());
        let mut player = Player::new(&lab.steps);
        loop {
            self.tell_events()?;
            let snapshot = self.engine.snapshot();
            self.insights.look(&snapshot, &lab, self.style, &mut self.out)?;
            if limit.is_some_and(|limit| begin.elapsed() >= limit) {
                return Ok(tally);
            }
            let scene = Scene { lab: &lab, snapshot: &snapshot, said: self.insights.said() };
            match player.turn(begin.elapsed(), scene, &snapshot) {
                Turn::Step(step) => self.tell_step(&lab, step)?,
                Turn::Do(deed) => {
                    let at = snapshot.at.as_secs_f64();
                    let commands = carry_out(&deed, &mut lab, &snapshot)
                        .map_err(|why| Problem::Failed(format!("step {}: '{deed}': {why}", player.step() + 1)))?;
                    if self.style == Style::Words {
                        self.out.line(&format!("{at:8.3}  > {deed}"))?;
                    }
                    for command in commands {
                        self.send(command)?;
                    }
                }
                Turn::Judged { check, verdict } => {
                    match &verdict {
                        Verdict::Held { .. } => tally.held += 1,
                        Verdict::Failed { .. } => tally.failed += 1,
                        Verdict::Unknown { .. } | Verdict::Pending => tally.unknown += 1,
                    }
                    self.tell_check(&lab, player.step(), check, &verdict)?;
                }
                Turn::Wait => {
                    let until = Instant::now() + LOOK_AGAIN;
                    if self.wait(Some(until))? == Woken::Stop {
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

    fn tell_step(&mut self, lab: &Lab, at: usize) -> Result<(), Problem> {
        let says = lab.steps.get(at).map_or_else(String::new, |step| step.says.en.clone());
        let (step, of) = (at + 1, lab.steps.len());
        match self.style {
            Style::Json => self.out.json(&Line::Step(StepLine { at_secs: self.at_secs(), step, of, says }))?,
            Style::Words | Style::Serve => self.out.line(format!("step {step} of {of}  {says}").trim_end())?,
        }
        Ok(())
    }

    fn tell_check(&mut self, lab: &Lab, step: usize, check: usize, verdict: &Verdict) -> Result<(), Problem> {
        let line = lab.steps.get(step).and_then(|step| step.expects.get(check)).map(ToString::to_string).unwrap_or_default();
        let (sign, id) = match verdict {
            Verdict::Held { .. } => ('✓', CheckVerdict::Held),
            Verdict::Failed { .. } => ('✗', CheckVerdict::Failed),
            Verdict::Unknown { .. } | Verdict::Pending => ('–', CheckVerdict::Unknown),
        };
        let words = verdict.to_string();
        match self.style {
            Style::Json => {
                let line = CheckLine { at_secs: self.at_secs(), step: step + 1, check: line, verdict: id, words };
                self.out.json(&Line::Check(line))?;
            }
            Style::Words | Style::Serve => self.out.line(&format!("  {sign} {line}: {words}"))?,
        }
        Ok(())
    }

    fn at_secs(&self) -> f64 {
        let at: Arc<_> = self.engine.snapshot();
        (at.at.as_secs_f64() * 1e3).round() / 1e3
    }
}
