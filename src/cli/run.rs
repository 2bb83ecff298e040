//! `socketlab run`: a lab file without a window.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Problem;
use super::args::RunArgs;
use super::drive::{How, Style, drive};
use super::out::Out;
use crate::engine::catalog;
use crate::lab::{self, Lab, MAX_FILE_BYTES};
use crate::report::{CheckLine, CheckVerdict, Line};
use crate::trial::{Shipped, missing};

pub(super) fn run(args: RunArgs) -> Result<bool, Problem> {
    // A file of that name goes before an experiment of that name.
    let shipped = args.lab.to_str().filter(|_| !args.lab.exists()).and_then(Shipped::find);
    let lab = match shipped {
        Some(shipped) => shipped.lab().map_err(|e| Problem::Failed(format!("{}: {e}", shipped.id)))?,
        None => read(&args.lab)?,
    };
    for name in &args.only {
        if !lab.names().any(|(_, n)| n == name) {
            let names: Vec<_> = lab.names().map(|(_, n)| n).collect();
            return Err(Problem::Usage(format!("--only '{name}' does not exist in this lab. Names: {}", names.join(", "))));
        }
    }
    let mut cast = lab.clone();
    if !args.only.is_empty() {
        cast.servers.retain(|s| args.only.contains(&s.name));
        cast.clients.retain(|c| args.only.contains(&c.name));
    }
    if cast.names().next().is_none() {
        return Err(Problem::Usage(format!("{}: the lab has no servers and no clients", args.lab.display())));
    }
    let style = if args.json { Style::Json } else { Style::Words };
    let plays = !lab.steps.is_empty() && args.only.is_empty();
    let needs = lab.experiment.iter().flat_map(|experiment| &experiment.needs);
    if let Some((need, why)) = needs.filter_map(|need| Some((need, missing(need)?))).next().filter(|_| plays) {
        return cannot(&need.to_string(), why.to_string(), style);
    }
    drive(&lab, &cast, How { limit: args.limit, style, recording: args.record.recording(), plays })
}

/// What this system lacks is no failure, and is said.
fn cannot(need: &str, why: String, style: Style) -> Result<bool, Problem> {
    let mut out = Out::new(false);
    match style {
        Style::Json => {
            let check = format!("needs {need}");
            out.json(&Line::Check(CheckLine { at_secs: 0.0, step: 0, check, verdict: CheckVerdict::Unknown, words: why }))?;
        }
        Style::Words | Style::Serve => out.line(&format!("  – needs {need}: {why}"))?,
    }
    Ok(true)
}

/// The lab of a file.
pub(super) fn read(path: &Path) -> Result<Lab, Problem> {
    let refuse = |words: String| Problem::Usage(format!("{}: {words}", path.display()));
    let mut bytes = Vec::new();
    // One byte more than allowed, so that the reader of labs sees that it is too large.
    let limit = MAX_FILE_BYTES as u64 + 1;
    File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(|e| refuse(e.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        refuse(format!("line {line}: this is not UTF-8 text"))
    })?;
    lab::parse(&text, &catalog::known()).map_err(|e| refuse(e.to_string()))
}
