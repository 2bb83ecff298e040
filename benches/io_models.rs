//! What each I/O model costs: our TCP echo server under every model of this system, at each tap level, beside the same loop in
//! minimal C (`io_models/*.c`), with the same load in the same run, interleaved. It writes a report with ratios and their spread
//! and never a ranking: on a shared machine only ratios of neighbouring measurements mean anything.
//!
//! Each server is a process of its own, driven over loopback by a load in a process of its own. `cargo bench --bench io_models`
//! takes about a quarter of an hour; after `--`: `--quick` (two minutes), `--minutes N` (for all rounds), `--model X`, `--out docs/io-models.md`, `--allocations`
//! (only counts what the servers allocate per message).
#![expect(clippy::print_stdout, reason = "a benchmark talks to a terminal")]

#[path = "io_models/allocations.rs"]
mod allocations;
#[path = "io_models/load.rs"]
mod load;
#[path = "io_models/plan.rs"]
mod plan;
#[path = "io_models/report.rs"]
mod report;
#[path = "io_models/serve.rs"]
mod serve;
#[path = "io_models/subject.rs"]
mod subject;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use socketlab::model::worker;

use plan::{Measured, Plan};
use subject::Yardsticks;

#[global_allocator]
static COUNTING: allocations::Counting = allocations::Counting;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // A child of the model `processes`, when the program itself is not built beside this one.
        [worker::ARGUMENT] => Ok(worker::main()?),
        ["--serve", model, level, workers] => serve::main(model, level, workers.parse()?),
        ["--load", address, work, connections, millis] => {
            load::main(address.parse()?, work, connections.parse()?, std::time::Duration::from_millis(millis.parse()?))
        }
        // Only `cargo bench` passes this; `cargo test --benches` merely proves that it builds and starts.
        words if words.contains(&"--bench") => measure(&Wishes::read(words)?),
        _ => Ok(()),
    }
}

/// What was asked for on the command line.
#[derive(Default)]
struct Wishes {
    quick: bool,
    only_allocations: bool,
    minutes: Option<u64>,
    model: Option<String>,
    out: Option<PathBuf>,
}

impl Wishes {
    fn read(words: &[&str]) -> Result<Self> {
        let mut wishes = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--bench" => {}
                "--quick" => wishes.quick = true,
                "--allocations" => wishes.only_allocations = true,
                "--minutes" => wishes.minutes = Some(words.next().context("--minutes wants a number")?.parse()?),
                "--model" => wishes.model = Some((*words.next().context("--model wants an id")?).to_owned()),
                "--out" => wishes.out = Some(words.next().context("--out wants a file")?.into()),
                other => bail!("unknown argument {other:?}"),
            }
        }
        Ok(wishes)
    }
}

fn measure(wishes: &Wishes) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let yardsticks = Yardsticks::compile(dir.path())?;
    let plan = Plan::new(wishes.quick, wishes.minutes, wishes.model.as_deref(), &yardsticks);
    ensure!(!plan.models.is_empty(), "this system has no such model");
    let start = Instant::now();
    let mut measured = Measured::default();
    if !wishes.only_allocations {
        println!("{} measurements a round, up to {} rounds within {} s", plan.round_len(), plan.rounds, plan.budget.as_secs());
        plan.measure(&yardsticks, start, &mut measured)?;
    }
    let allocations = plan.count_allocations()?;
    let text = report::write(&plan, &yardsticks, &measured, &allocations)?;
    println!("{text}");
    if let Some(out) = &wishes.out {
        // A bench starts in the directory of the manifest.
        if let Some(dir) = out.parent() {
            std::fs::create_dir_all(dir)?;
        }
        std::fs::write(out, text).with_context(|| format!("writing {}", out.display()))?;
    }
    Ok(())
}
