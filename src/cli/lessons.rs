//! `socketlab lesson` and `socketlab list lessons`: begin one, check one, name those that come along.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Problem;
use super::args::{LessonArgs, LessonTask};
use super::out::{Out, aligned};
use super::rehearse::rehearse;
use super::stop::stop_signal;
use crate::lesson::{Folder, Lesson, LessonError, SHIPPED_LESSONS, ShippedLesson, template};
use crate::trial::missing;

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
