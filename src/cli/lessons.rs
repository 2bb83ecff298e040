//! `socketlab lesson` and `socketlab list lessons`: begin one, check one, name those that come along.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, after, bounded, select};
use serde::Serialize;

use super::Problem;
use super::args::{LessonArgs, LessonTask};
use super::out::{Out, aligned};
use super::play::Tally;
use super::stop::stop_signal;
use crate::engine::{Command, Engine, EngineConfig, catalog};
use crate::insight::Watch;
use crate::lesson::{Folder, Lesson, LessonError, SHIPPED_LESSONS, ShippedLesson, template};
use crate::trial::{Player, Scene, Turn, Verdict, carry_out, missing};

/// How long a check waits for the next snapshot before it looks at the time again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// One line of JSON for one lesson.
#[derive(Serialize)]
struct Row {
    id: String,
    number: u32,
    title: Titles,
    minutes: u32,
    steps: usize,
    available: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<String>,
}

#[derive(Serialize)]
struct Titles {
    en: String,
    zh: String,
}

pub(super) fn list_lessons(json: bool) -> Result<bool, Problem> {
    let read = |shipped: &ShippedLesson| shipped.lesson().map_err(|e| Problem::Failed(format!("{}: {e}", shipped.id)));
    let lessons: Vec<Lesson> = SHIPPED_LESSONS.iter().map(read).collect::<Result<_, _>>()?;
    let mut out = Out::new(false);
    if json {
        out.json(&lessons.into_iter().map(row).collect::<Vec<_>>())?;
    } else {
        let cells: Vec<_> = lessons.into_iter().map(|lesson| [lesson.id, lesson.title.en]).collect();
        aligned(&cells).try_for_each(|line| out.line(&line))?;
    }
    Ok(true)
}

fn row(lesson: Lesson) -> Row {
    let missing = lesson.needs.iter().find_map(missing);
    let Lesson { id, number, title, minutes, steps, .. } = lesson;
    let title = Titles { en: title.en, zh: title.zh };
    Row { id, number, title, minutes, steps: steps.len(), available: missing.is_none(), missing: missing.map(|lack| lack.to_string()) }
}

pub(super) fn lesson(args: LessonArgs) -> Result<bool, Problem> {
    match args.task {
        LessonTask::New { folder } => new(&folder),
        LessonTask::Check { all: true, .. } => {
            check(SHIPPED_LESSONS.iter().map(|shipped| (shipped.id.to_owned(), shipped.lesson())).collect())
        }
        LessonTask::Check { paths, .. } => check(paths.into_iter().map(found).collect()),
    }
}

fn new(folder: &Path) -> Result<bool, Problem> {
    template::write(folder).map_err(|e| Problem::Failed(format!("{}: {e}", folder.display())))?;
    Out::new(false).line(&format!("wrote {}; next: socketlab lesson check {0}", folder.display()))?;
    Ok(true)
}

/// A folder of that name goes before a lesson of that name.
fn found(path: PathBuf) -> (String, Result<Lesson, LessonError>) {
    let shipped = path.to_str().filter(|_| !path.exists()).and_then(ShippedLesson::find);
    let lesson = shipped.map_or_else(|| Folder::open(&path).and_then(|folder| folder.lesson()), ShippedLesson::lesson);
    (path.display().to_string(), lesson)
}

/// Reads each, plays each; says so.
fn check(lessons: Vec<(String, Result<Lesson, LessonError>)>) -> Result<bool, Problem> {
    let stop = stop_signal()?;
    let mut out = Out::new(false);
    let (mut good, all) = (0, lessons.len());
    for (name, lesson) in lessons {
        let is_good = match lesson {
            Ok(lesson) => match rehearse(&lesson, &stop, &mut out)? {
                Some(tally) => {
                    out.line(&tally.words())?;
                    tally.is_ok()
                }
                None => true,
            },
            Err(error) => {
                out.line(&format!("✗ {name}: {error}"))?;
                false
            }
        };
        good += usize::from(is_good);
        if stop.try_recv().is_ok() {
            return Ok(false);
        }
    }
    if all > 1 {
        out.line(&format!("{good} of {all} lessons are good"))?;
    }
    Ok(good == all)
}

/// Plays it with an engine of its own; `None` when this system lacks what it needs.
fn rehearse(lesson: &Lesson, stop: &Receiver<()>, out: &mut Out) -> Result<Option<Tally>, Problem> {
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
    let (begin, mut lab, mut tally) = (Instant::now(), lesson.lab.clone(), Tally::default());
    let rehearsal = lesson.rehearsal();
    let mut player = Player::new(&rehearsal.steps);
    let mut watch = Watch::new(catalog::descriptor_limit());
    loop {
        // Nobody is told of events here; they must not pile up.
        engine.drain_events().for_each(drop);
        let snapshot = engine.snapshot();
        let said = watch.see(&snapshot, &lab).to_vec();
        let scene = Scene { lab: &lab, snapshot: &snapshot, said: &said };
        match player.turn(begin.elapsed(), scene, &snapshot) {
            Turn::Step(at) => {
                let of = rehearsal.of.get(at).map_or(0, |of| of + 1);
                let says = rehearsal.steps.get(at).map_or("", |step| &step.says.en);
                let asks = if at > 0 && rehearsal.of.get(at) == rehearsal.of.get(at - 1) { "?" } else { " " };
                out.line(&format!("step {of} of {} {asks} {says}", lesson.steps.len()))?;
            }
            Turn::Do(deed) => match carry_out(&deed, &mut lab, &snapshot) {
                Ok(commands) => {
                    out.line(&format!("{:8.3}  > {deed}", begin.elapsed().as_secs_f64()))?;
                    for command in commands {
                        engine.send(command).map_err(|e| Problem::Failed(e.to_string()))?;
                    }
                }
                Err(why) => {
                    out.line(&format!("  ✗ {deed}: {why}"))?;
                    tally.failed += 1;
                    break;
                }
            },
            Turn::Judged { check, verdict } => {
                let line = rehearsal.steps.get(player.step()).and_then(|step| step.expects.get(check));
                tell(line.map(ToString::to_string).unwrap_or_default(), &verdict, &mut tally, out)?;
            }
            Turn::Wait => select! {
                recv(wake) -> _ => {}
                recv(stop) -> _ => break,
                recv(after(LOOK_AGAIN)) -> _ => {}
            },
            Turn::Over => {
                tally.is_whole = true;
                break;
            }
        }
    }
    engine.send(Command::StopAll).map_err(|e| Problem::Failed(e.to_string()))?;
    let _last: Arc<_> = engine.shutdown();
    Ok(Some(tally))
}

fn tell(line: String, verdict: &Verdict, tally: &mut Tally, out: &mut Out) -> Result<(), Problem> {
    let sign = match verdict {
        Verdict::Held { .. } => {
            tally.held += 1;
            '✓'
        }
        Verdict::Failed { .. } => {
            tally.failed += 1;
            '✗'
        }
        Verdict::Unknown { .. } | Verdict::Pending => {
            tally.unknown += 1;
            '–'
        }
    };
    Ok(out.line(&format!("  {sign} {line}: {verdict}"))?)
}
