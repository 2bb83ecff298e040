//! The part of a lab file that makes it an experiment: `[experiment]` and `[[step]]`. Each line is read, and done once on a copy
//! of the document, so that a step that names what does not exist is refused with its place.

use super::check::{LabErrorKind, What};
use super::experiment::{MAX_GUIDE_STEPS, MAX_LINES, MAX_MINUTES};
use super::file::small;
use super::reader::{Place, Reader};
use super::{Experiment, GuideStep, Known, Lab, LabError, Need, Transport, Words};
use crate::script::{Check, Deed, ScriptError};

/// Keys of an `[experiment]`.
pub(super) const EXPERIMENT_KEYS: &[&str] = &["id", "code", "title", "sentence", "minutes", "needs"];
/// Keys of a `[[step]]`.
pub(super) const GUIDE_KEYS: &[&str] = &["do", "expect", "says"];
/// Keys of a text in both languages.
pub(super) const WORDS_KEYS: &[&str] = &["en", "zh"];

/// What a gallery shows.
pub(super) fn experiment(top: &Reader<'_>, known: &Known<'_>) -> Result<Option<Experiment>, LabError> {
    let Some(from) = top.inner("experiment")? else { return Ok(None) };
    from.only(EXPERIMENT_KEYS)?;
    let (id, span) = from.string("id")?.ok_or_else(|| from.missing("id"))?;
    let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || !id.chars().all(is_id) {
        return Err(from.error(span, LabErrorKind::ExperimentId(id.to_owned())));
    }
    Ok(Some(Experiment {
        id: id.to_owned(),
        code: from.string("code")?.map_or_else(String::new, |(code, _)| code.to_owned()),
        title: words(&from, "title")?.ok_or_else(|| from.missing("title"))?,
        sentence: words(&from, "sentence")?.unwrap_or_default(),
        minutes: from.number("minutes", 0..=MAX_MINUTES.into())?.map_or(0, small),
        needs: from.texts("needs")?.into_iter().map(|need| read_need(&from, need, known)).collect::<Result<_, _>>()?,
    }))
}

fn read_need(from: &Reader<'_>, (text, span): (&str, Place), known: &Known<'_>) -> Result<Need, LabError> {
    let need = Need::parse(text);
    match &need {
        Need::Model(id) if !known.models.iter().any(|item| item.id == id) => {
            let words = ["linux", "ipv6", "descriptors-N"]
                .into_iter()
                .chain(Transport::ALL.map(Transport::id))
                .chain(known.models.iter().map(|m| m.id));
            let known = words.map(str::to_owned).collect();
            Err(from.error(span, LabErrorKind::Unknown { what: What::Need, name: id.clone(), known }))
        }
        Need::Linux | Need::Ipv6 | Need::SocketPair | Need::Transport(_) | Need::Descriptors(_) | Need::Model(_) => Ok(need),
    }
}

/// A text in both languages.
fn words(of: &Reader<'_>, key: &'static str) -> Result<Option<Words>, LabError> {
    let Some(from) = of.inner(key)? else { return Ok(None) };
    from.only(WORDS_KEYS)?;
    let text = |key| Ok::<_, LabError>(from.string(key)?.map_or_else(String::new, |(text, _)| text.to_owned()));
    Ok(Some(Words { en: text("en")?, zh: text("zh")? }))
}

/// The steps, tried on this lab.
pub(super) fn steps(top: &Reader<'_>, lab: &Lab, known: &Known<'_>) -> Result<Vec<GuideStep>, LabError> {
    let tables = top.tables("step", None)?;
    top.at_most("step", tables.len(), MAX_GUIDE_STEPS)?;
    let mut tried = lab.clone();
    tables.iter().map(|from| step(from, &mut tried, known)).collect()
}

fn step(from: &Reader<'_>, lab: &mut Lab, known: &Known<'_>) -> Result<GuideStep, LabError> {
    from.only(GUIDE_KEYS)?;
    let mut step = GuideStep { says: words(from, "says")?.unwrap_or_default(), ..GuideStep::default() };
    let line = |key, span: &Place, error: ScriptError| from.error(span.clone(), LabErrorKind::Line { key, error: error.into() });
    let lines = |key| {
        let lines = from.texts(key)?;
        from.at_most(key, lines.len(), MAX_LINES)?;
        Ok::<_, LabError>(lines)
    };
    for (text, span) in lines("do")? {
        let deed = Deed::parse(text).map_err(|error| line("do", &span, error))?;
        lab.follow(&deed, known).map_err(|error| from.error(span, LabErrorKind::Deed { key: "do", error: error.into() }))?;
        step.does.push(deed);
    }
    for (text, span) in lines("expect")? {
        let check = Check::parse(text).map_err(|error| line("expect", &span, error))?;
        for name in check.names() {
            lab.endpoint_named(name)
                .map_err(|error| from.error(span.clone(), LabErrorKind::Deed { key: "expect", error: error.into() }))?;
        }
        step.expects.push(check);
    }
    Ok(step)
}
