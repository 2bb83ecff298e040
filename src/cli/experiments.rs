//! `socketlab list experiments`: the experiments that come with the program.

use serde::Serialize;

use super::Problem;
use super::out::{Out, aligned};
use crate::lab::{Experiment, Words};
use crate::trial::{SHIPPED, missing};

/// One line of JSON for one experiment.
#[derive(Serialize)]
struct Row {
    id: String,
    code: String,
    title: BothWords,
    sentence: BothWords,
    minutes: u32,
    needs: Vec<String>,
    available: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<String>,
}

#[derive(Serialize)]
struct BothWords {
    en: String,
    zh: String,
}

impl From<Words> for BothWords {
    fn from(Words { en, zh }: Words) -> Self {
        Self { en, zh }
    }
}

pub(super) fn list_experiments(json: bool) -> Result<bool, Problem> {
    let experiments: Vec<Experiment> = SHIPPED
        .iter()
        .map(|shipped| shipped.lab().map_err(|e| Problem::Failed(format!("{}: {e}", shipped.id))))
        .filter_map(|lab| lab.map(|lab| lab.experiment.map(|boxed| *boxed)).transpose())
        .collect::<Result<_, _>>()?;
    let mut out = Out::new(false);
    if json {
        out.json(&experiments.into_iter().map(row).collect::<Vec<_>>())?;
    } else {
        let cells: Vec<_> = experiments.into_iter().map(|e| [e.id, e.title.en]).collect();
        aligned(&cells).try_for_each(|line| out.line(&line))?;
    }
    Ok(true)
}

fn row(experiment: Experiment) -> Row {
    let missing = experiment.needs.iter().find_map(missing);
    let Experiment { id, code, title, sentence, minutes, needs } = experiment;
    let needs = needs.iter().map(ToString::to_string).collect();
    Row {
        id,
        code,
        title: title.into(),
        sentence: sentence.into(),
        minutes,
        needs,
        available: missing.is_none(),
        missing: missing.map(|lack| lack.to_string()),
    }
}
