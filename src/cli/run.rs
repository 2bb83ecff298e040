//! `socketlab run`: a lab file without a window.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Problem;
use super::args::RunArgs;
use super::drive::{How, Style, drive};
use crate::engine::catalog;
use crate::lab::{self, Lab, MAX_FILE_BYTES};

pub(super) fn run(args: RunArgs) -> Result<bool, Problem> {
    let lab = read(&args.lab)?;
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
    drive(&lab, &cast, How { limit: args.limit, style, recording: args.record.recording() })
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
