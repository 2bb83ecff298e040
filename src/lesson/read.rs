//! `lesson.toml` and the Markdown beside it become a lesson. Each line of script is read, and done once on a copy of the lab, so that a
//! step that names what does not exist is refused with its place.

use std::collections::BTreeSet;

use toml_edit::Document;

use super::folder::Folder;
use super::mistake::{MarkdownMistake, Named, Part, Rule};
use super::read_predict::predict;
use super::table::{FILE, Place, Table, line};
use super::text::{Page, page};
use super::{Button, Control, Language, Lesson, LessonError, LessonErrorKind, LessonStep};
use crate::engine::catalog;
use crate::lab::{self, Lab, MAX_MINUTES, Need, Transport, Words};
use crate::script::{Check, Deed};
use crate::trial::{SHIPPED, Shipped};

pub(super) type Read<T> = Result<T, LessonError>;

const LESSON_KEYS: &[&str] = &["id", "number", "minutes", "lab", "experiment", "needs", "step"];
const STEP_KEYS: &[&str] = &["key", "points_at", "do", "expect", "predict", "notice"];
const BUTTON_KEYS: &[&str] = &["label", "deeds"];
/// Lessons that a course may count.
const MAX_NUMBER: u32 = 999;

/// The lesson of a folder.
pub(super) fn lesson(folder: &Folder) -> Read<Lesson> {
    let text = folder.needed(FILE)?;
    let document = Document::parse(text).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start);
        LessonError::new(FILE, line(text, at), LessonErrorKind::Syntax(e.message().trim().replace('\n', ", ")))
    })?;
    let top = Table { text, table: document.as_table(), span: None, of: Part::Lesson };
    top.only(LESSON_KEYS)?;
    let (id, _) = top.key("id")?;
    let number = top.number("number", MAX_NUMBER)?.ok_or_else(|| top.missing("number"))?;
    let minutes = top.number("minutes", MAX_MINUTES)?.unwrap_or(0);
    let (lab_text, mut lab) = read_lab(&top, folder)?;
    let mut needs: Vec<Need> = lab.experiment.take().map_or_else(Vec::new, |experiment| experiment.needs);
    lab.steps.clear();
    for (text, span) in top.texts("needs")? {
        needs.push(need(&top, text, span)?);
    }
    let mut tried = Tried { lab: lab.clone() };
    let tables = top.tables("step", Part::Step)?;
    if tables.is_empty() {
        return Err(top.missing("step"));
    }
    let mut keys = BTreeSet::new();
    let mut steps: Vec<LessonStep> = Vec::new();
    for table in &tables {
        let step = read_step(table, &mut tried)?;
        if !keys.insert(step.key.clone()) {
            return Err(table.error(table.span_of("key"), LessonErrorKind::Twice(step.key)));
        }
        steps.push(step);
    }
    let mut title = Words::default();
    let mut intro = [Vec::new(), Vec::new()];
    for language in Language::ALL {
        let file = format!("{}.md", language.id());
        let text = folder.needed(&file)?;
        let page = page(text).map_err(|(line, why)| LessonError::new(&file, line, LessonErrorKind::Markdown(why)))?;
        let said = fill(page, &file, text, language, &mut steps)?;
        match language {
            Language::En => title.en = said.title,
            Language::Zh => title.zh = said.title,
        }
        intro[language.index()] = said.intro;
    }
    Ok(Lesson { id, number, minutes, title, intro, needs, lab, lab_text, steps })
}

/// What a page says apart from its steps.
struct Said {
    title: String,
    intro: Vec<super::text::Block>,
}

/// Gives each step its words in one language.
fn fill(page: Page, file: &str, text: &str, language: Language, steps: &mut [LessonStep]) -> Read<Said> {
    let markdown = |line, why| LessonError::new(file, line, LessonErrorKind::Markdown(why));
    let title = page.title.ok_or_else(|| markdown(1, MarkdownMistake::NoTitle))?;
    let known: BTreeSet<String> = steps.iter().map(|step| step.key.clone()).collect();
    let mut sections = page.sections.into_iter();
    for step in &mut *steps {
        let section = sections.next();
        let line = section.as_ref().map_or(text.lines().count(), |section| section.line);
        let Some(section) = section.as_ref().filter(|section| section.key == step.key) else {
            let found = section.map(|section| section.key);
            let kind = match found {
                Some(key) if !known.contains(&key) => LessonErrorKind::Stray(key),
                found => LessonErrorKind::Step { expected: step.key.clone(), found },
            };
            return Err(LessonError::new(file, line, kind));
        };
        if section.title.trim().is_empty() || section.blocks.is_empty() {
            return Err(markdown(line, MarkdownMistake::EmptyStep));
        }
        match language {
            Language::En => step.title.en.clone_from(&section.title),
            Language::Zh => step.title.zh.clone_from(&section.title),
        }
        step.text[language.index()].clone_from(&section.blocks);
    }
    match sections.next() {
        None => Ok(Said { title, intro: page.intro }),
        Some(section) => Err(LessonError::new(file, section.line, LessonErrorKind::Stray(section.key))),
    }
}

fn read_lab(top: &Table<'_>, folder: &Folder) -> Read<(String, Lab)> {
    match (top.string("lab")?, top.string("experiment")?) {
        (Some((name, span)), None) => {
            if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') || name == FILE {
                return Err(top.error(span, LessonErrorKind::Outside(name.to_owned())));
            }
            let text = folder.needed(name)?;
            let lab = lab::parse(text, &catalog::known());
            Ok((text.to_owned(), lab.map_err(|error| LessonError::new(name, None, LessonErrorKind::Lab(error)))?))
        }
        (None, Some((id, span))) => {
            let known = || SHIPPED.iter().map(|shipped| shipped.id.to_owned()).collect();
            let unknown = || LessonErrorKind::Unknown { what: Named::Experiment, word: id.to_owned(), known: known() };
            let shipped = Shipped::find(id).ok_or_else(|| top.error(span.clone(), unknown()))?;
            let lab = shipped.lab().map_err(|error| LessonError::new(id, None, LessonErrorKind::Lab(error)))?;
            Ok((shipped.text.to_owned(), lab))
        }
        (Some((_, span)), Some(_)) => Err(top.error(span, LessonErrorKind::Rule(Rule::OneLab))),
        (None, None) => Err(top.error(None, LessonErrorKind::Rule(Rule::SomeLab))),
    }
}

fn need(top: &Table<'_>, text: &str, span: Place) -> Read<Need> {
    let need = Need::parse(text);
    let models = || catalog::known().models.iter().map(|item| item.id);
    match &need {
        Need::Model(id) if !models().any(|model| model == id) => {
            let words = ["linux", "ipv6", "descriptors-N"].into_iter().chain(Transport::ALL.map(Transport::id)).chain(models());
            let known = words.map(str::to_owned).collect();
            Err(top.error(span, LessonErrorKind::Unknown { what: Named::Need, word: id.clone(), known }))
        }
        Need::Linux | Need::Ipv6 | Need::SocketPair | Need::Transport(_) | Need::Descriptors(_) | Need::Model(_) => Ok(need),
    }
}

/// The lab as it is after the deeds so far.
pub(super) struct Tried {
    lab: Lab,
}

impl Tried {
    /// Does them on the document.
    pub fn follow(&mut self, from: &Table<'_>, key: &'static str, deeds: Vec<(Deed, Place)>) -> Read<Vec<Deed>> {
        let mut done = Vec::new();
        for (deed, span) in deeds {
            let follows = self.lab.follow(&deed, &catalog::known());
            follows.map_err(|error| from.error(span, LessonErrorKind::Deed { key, error }))?;
            done.push(deed);
        }
        Ok(done)
    }

    /// Knows every endpoint they name.
    pub fn knows(&self, from: &Table<'_>, key: &'static str, checks: Vec<(Check, Place)>) -> Read<Vec<Check>> {
        let mut known = Vec::new();
        for (check, span) in checks {
            let named = check.names().into_iter().try_for_each(|name| self.lab.endpoint_named(name).map(drop));
            named.map_err(|error| from.error(span, LessonErrorKind::Deed { key, error }))?;
            known.push(check);
        }
        Ok(known)
    }
}

fn read_step(from: &Table<'_>, tried: &mut Tried) -> Read<LessonStep> {
    from.only(STEP_KEYS)?;
    let (key, _) = from.key("key")?;
    let control = |(id, span): (&str, Place)| {
        let known = || Control::ALL.iter().map(|control| control.id().to_owned()).collect();
        let unknown = || LessonErrorKind::Unknown { what: Named::Control, word: id.to_owned(), known: known() };
        Control::from_id(id).ok_or_else(|| from.error(span, unknown()))
    };
    let points_at = from.texts("points_at")?.into_iter().map(control).collect::<Read<_>>()?;
    let mut buttons = Vec::new();
    for (at, table) in from.tables("do", Part::Button)?.iter().enumerate() {
        table.only(BUTTON_KEYS)?;
        let label = table.phrase("label")?.ok_or_else(|| table.missing("label"))?;
        let deeds = table.deeds("deeds")?;
        if deeds.is_empty() {
            return Err(table.missing("deeds"));
        }
        // The first is what the next steps build on; others may be pressed or not.
        let deeds = match at {
            0 => tried.follow(table, "deeds", deeds)?,
            _ => Tried { lab: tried.lab.clone() }.follow(table, "deeds", deeds)?,
        };
        buttons.push(Button { label, deeds });
    }
    let expect = tried.knows(from, "expect", from.checks("expect")?)?;
    let predict = from.inner("predict", Part::Prediction)?.map(|table| predict(&table, tried)).transpose()?;
    let notice = from.phrase("notice")?;
    Ok(LessonStep { key, title: Words::default(), text: [Vec::new(), Vec::new()], points_at, buttons, expect, predict, notice })
}
