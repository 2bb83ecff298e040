//! Writing the part of a lab file that makes it an experiment.

use toml_edit::{Array, Decor, InlineTable, Item, Table, TableLike, Value};

use super::read_experiment::{EXPERIMENT_KEYS, GUIDE_KEYS, WORDS_KEYS};
use super::write::{inner, keep_only, list, put, texts_into};
use super::{Experiment, GuideStep, Need, Words};
use crate::script::{Check, Deed};

/// What a gallery shows.
pub(super) fn experiment_into(top: &mut Table, experiment: Option<&Experiment>) {
    let Some(experiment) = experiment else {
        top.remove("experiment");
        return;
    };
    let Some(table) = inner(top, "experiment", false) else { return };
    keep_only(table, EXPERIMENT_KEYS);
    put(table, "id", experiment.id.as_str(), false);
    put(table, "code", experiment.code.as_str(), experiment.code.is_empty());
    words_into(table, "title", &experiment.title, false);
    words_into(table, "sentence", &experiment.sentence, experiment.sentence.is_empty());
    put(table, "minutes", i64::from(experiment.minutes), experiment.minutes == 0);
    texts_into(table, "needs", &experiment.needs, |text| Some(Need::parse(text)), Need::to_string);
}

fn words_into(table: &mut dyn TableLike, key: &str, words: &Words, is_default: bool) {
    if !table.get(key).is_some_and(Item::is_table_like) {
        if is_default {
            table.remove(key);
            return;
        }
        table.insert(key, Item::Value(InlineTable::new().into()));
    }
    if let Some(inner) = table.get_mut(key).and_then(Item::as_table_like_mut) {
        keep_only(inner, WORDS_KEYS);
        put(inner, "en", words.en.as_str(), words.en.is_empty());
        put(inner, "zh", words.zh.as_str(), words.zh.is_empty());
    }
}

/// The steps, in the tables that they had.
pub(super) fn steps_into(top: &mut Table, steps: &[GuideStep]) {
    list(top, "step", steps.iter().map(|step| (|_: &Table| true, move |t: &mut Table| step_into(t, step))));
}

fn step_into(table: &mut Table, step: &GuideStep) {
    keep_only(table, GUIDE_KEYS);
    lines_into(table, "do", &step.does, |text| Deed::parse(text).ok(), Deed::to_string);
    lines_into(table, "expect", &step.expects, |text| Check::parse(text).ok(), Check::to_string);
    words_into(table, "says", &step.says, step.says.is_empty());
}

/// A list of lines. A new one with several stands one below the other.
fn lines_into<T: PartialEq>(table: &mut Table, key: &str, lines: &[T], read: fn(&str) -> Option<T>, words: fn(&T) -> String) {
    let is_new = !table.contains_key(key);
    texts_into(table, key, lines, read, words);
    if let (true, true, Some(array)) = (is_new, lines.len() > 1, table.get_mut(key).and_then(Item::as_array_mut)) {
        below_each_other(array);
    }
}

fn below_each_other(array: &mut Array) {
    array.iter_mut().for_each(|value: &mut Value| *value.decor_mut() = Decor::new("\n    ", ""));
    array.set_trailing_comma(true);
    array.set_trailing("\n");
}
