//! A lesson played from its first step to its last without a window: what its buttons and questions do, and what each check saw.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, at, bounded, select};

use super::Problem;
use super::drive::Woken;
use super::out::Out;
use super::play::{Hearer, Tally, check_words, deed_words, play};
use crate::engine::{Command, Engine, EngineConfig, EngineGone, EngineHandle, Snapshot, catalog};
use crate::insight::{Insight, Watch};
use crate::lab::Lab;
use crate::lesson::{Lesson, Rehearsal};
use crate::script::Deed;
use crate::trial::{DeedError, Verdict, missing};

struct Heard<'a> {
    lesson: &'a Lesson,
    rehearsal: &'a Rehearsal,
    engine: &'a EngineHandle,
    wake: Receiver<()>,
    stop: &'a Receiver<()>,
    out: &'a mut Out,
    watch: Watch,
}

/// Plays it with an engine of its own; `None` when this system lacks what it needs.
pub(super) fn rehearse(lesson: &Lesson, stop: &Receiver<()>, out: &mut Out) -> Result<Option<Tally>, Problem> {
    out.line(&format!("lesson {}: {}", lesson.id, lesson.title.en))?;
    if let Some((need, why)) = lesson.needs.iter().find_map(|need| Some((need, missing(need)?))) {
        out.line(&format!("  – needs {need}: {why}"))?;
        return Ok(None);
    }
    let (knock, wake) = bounded(1);
    let engine = Engine::spawn(EngineConfig::default(), move || {
        // A full channel means that we are going to look anyway.
        let _already_awake = knock.try_send(());
    })
    .map_err(|e| Problem::Failed(format!("the engine cannot start: {e}")))?;
    let rehearsal = lesson.rehearsal();
    let watch = Watch::new(catalog::descriptor_limit());
    let mut heard = Heard { lesson, rehearsal: &rehearsal, engine: &engine, wake, stop, out, watch };
    let tally = play(&rehearsal.steps, &lesson.lab, None, &mut heard)?;
    engine.send(Command::StopAll).map_err(|e| Problem::Failed(e.to_string()))?;
    let _last = engine.shutdown();
    Ok(Some(tally))
}

impl Hearer for Heard<'_> {
    fn engine(&self) -> &EngineHandle {
        self.engine
    }

    fn look(&mut self, snapshot: &Snapshot, lab: &Lab) -> Result<(), Problem> {
        // Nobody is told of events here; they must not pile up.
        self.engine.drain_events().for_each(drop);
        self.watch.see(snapshot, lab);
        Ok(())
    }

    fn said(&self) -> &[Insight] {
        self.watch.said()
    }

    fn step(&mut self, at: usize) -> Result<(), Problem> {
        let Rehearsal { steps, of } = self.rehearsal;
        let step = of.get(at).map_or(0, |of| of + 1);
        let says = steps.get(at).map_or("", |step| &step.says.en);
        // What a question reveals belongs to the step before.
        let asks = if at > 0 && of.get(at) == of.get(at - 1) { "?" } else { " " };
        Ok(self.out.line(&format!("step {step} of {} {asks} {says}", self.lesson.steps.len()))?)
    }

    fn deed(&mut self, at: Duration, deed: &Deed) -> Result<(), Problem> {
        Ok(self.out.line(&deed_words(at, deed))?)
    }

    fn refused(&mut self, _step: usize, deed: &Deed, why: &DeedError) -> Result<(), Problem> {
        Ok(self.out.line(&format!("  ✗ {deed}: {why}"))?)
    }

    fn check(&mut self, _step: usize, check: &str, verdict: &Verdict) -> Result<(), Problem> {
        Ok(self.out.line(&check_words(check, verdict))?)
    }

    fn wait(&self, until: Instant) -> Result<Woken, Problem> {
        select! {
            recv(self.wake) -> news => match news {
                Ok(()) => Ok(Woken::News),
                // The engine holds the other end for as long as it lives.
                Err(_) => Err(Problem::Failed(EngineGone::Stopped.to_string())),
            },
            recv(self.stop) -> _ => Ok(Woken::Stop),
            recv(at(until)) -> _ => Ok(Woken::Time),
        }
    }
}
