//! The report: Markdown tables with medians, spread and ratios. It names the machine in general terms only.

use std::fmt::Write;

use anyhow::Result;

use crate::plan::{Allocated, Measured, Plan, Point, Who};
use crate::serve::LEVELS;
use crate::subject::Yardsticks;

/// Least speed beside C on 64-byte ping-pong, by tap level.
const TARGETS: [(&str, f64); 3] = [("off", 0.95), ("counters", 0.93), ("full", 0.85)];
/// The selector whose wake-ups must not cost more with many idle connections, and by how much at most.
const FLAT: (&str, f64) = ("epoll-lt", 1.10);

/// Ratios of neighbouring measurements: median, lowest, highest.
#[derive(Clone, Copy)]
struct Spread {
    median: f64,
    low: f64,
    high: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        Some(Self { median: *sorted.get(sorted.len() / 2)?, low: *sorted.first()?, high: *sorted.last()? })
    }

    /// With a mark when no difference was seen beyond the spread.
    fn ratio(self) -> String {
        let mark = if self.low <= 1.0 && self.high >= 1.0 { "≈" } else { "" };
        format!("{mark}{:.2} ({:.2}–{:.2})", self.median, self.low, self.high)
    }

    fn figure(self) -> String {
        let digits = if self.median < 100.0 { 1 } else { 0 };
        format!("{:.digits$} ({:.digits$}–{:.digits$})", self.median, self.low, self.high)
    }
}

impl Measured {
    fn spread(&self, model: &'static str, point: Point, who: Who) -> Option<Spread> {
        Spread::of(self.figures.get(&(model, point, who))?.iter().copied())
    }

    /// Speed beside C in the same round.
    fn beside_c(&self, model: &'static str, point: Point, level: &'static str) -> Option<Spread> {
        let ours = self.figures.get(&(model, point, Who::Ours(level)))?;
        let c = self.figures.get(&(model, point, Who::C))?;
        Spread::of(ours.iter().zip(c).map(|(ours, c)| point.speed(*ours, *c)))
    }
}

pub fn write(plan: &Plan, yardsticks: &Yardsticks, measured: &Measured, allocated: &[Allocated]) -> Result<String> {
    let mut text = String::new();
    let out = &mut text;
    writeln!(out, "# What the I/O models cost\n")?;
    writeln!(out, "Written by `cargo bench --bench io_models`. Machine: {}.\n", machine())?;
    if !measured.figures.is_empty() {
        introduce(out, yardsticks, measured)?;
        targets(out, plan, measured)?;
        type Load = (&'static str, fn(Point) -> bool);
        let loads: [Load; 6] = [
            ("64 B ping-pong, messages/s", |p| matches!(p, Point::PingPong(_))),
            ("The same over the whole time, with all interruptions, messages/s", |p| matches!(p, Point::Whole(_))),
            ("The same: processor time of the server for each message, µs", |p| matches!(p, Point::Processor(_))),
            ("64 KiB streams, Gbit/s echoed", |p| matches!(p, Point::Streams(_))),
            ("Accept, one message to and fro, reset: connections/s", |p| p == Point::Accept),
            ("Round trip of one connection while the others idle, µs", |p| matches!(p, Point::Wake(_))),
        ];
        for (title, is_of) in loads {
            table(out, plan, measured, title, is_of)?;
        }
        flatness(out, plan, measured)?;
        what_is_missing(out, plan, yardsticks)?;
    }
    allocations(out, allocated)?;
    if !measured.failures.is_empty() {
        writeln!(out, "## Not measured\n")?;
        measured.failures.iter().try_for_each(|failure| writeln!(out, "- {failure}"))?;
    }
    Ok(text)
}

fn introduce(out: &mut String, yardsticks: &Yardsticks, measured: &Measured) -> Result<()> {
    let rounds = measured.figures.values().map(Vec::len).max().unwrap_or(0);
    if yardsticks.is_empty() {
        writeln!(out, "There was no C compiler, so there are no ratios.\n")?;
    }
    writeln!(
        out,
        "Medians of {rounds} rounds, in brackets lowest–highest. Ratios are speeds beside the C program of the same model, measured \
         just before or after: 1.00 is as fast as C, over 1 is faster. **≈** means that the spread covers the difference: none was \
         seen. A figure is the pace of the message in the middle (of each that the load saw answered), which other work on the machine \
         disturbs least. Ours records every message's bytes at every level, as it does in the window; the level says what is kept of the calls.\n"
    )?;
    Ok(())
}

fn targets(out: &mut String, plan: &Plan, measured: &Measured) -> Result<()> {
    writeln!(
        out,
        "## Targets on 64 B ping-pong\n\nEach cell: the median ratio over the numbers of connections, and the least of them. \
         With very many connections on few cores, server and load fall into one of two rhythms (long or short batches), so single \
         figures there differ by more than any server does: look at the processor time.\n"
    )?;
    let columns: Vec<String> = TARGETS.iter().map(|(level, least)| format!("{level} (≥ {least})")).collect();
    writeln!(out, "| model | {} |\n| --- | --- | --- | --- |", columns.join(" | "))?;
    for model in &plan.models {
        let mut cells = Vec::new();
        for (level, least) in TARGETS {
            let points = plan.points.iter().filter(|point| matches!(point, Point::PingPong(_)));
            let ratios: Vec<Spread> = points.filter_map(|point| measured.beside_c(model, *point, level)).collect();
            cells.push(match Spread::of(ratios.iter().map(|ratio| ratio.median)) {
                None => "no C program".to_owned(),
                Some(all) => {
                    let best = ratios.iter().fold(f64::MIN, |best, ratio| best.max(ratio.high));
                    let verdict = match (all.median >= least, best >= least) {
                        (true, _) => "met",
                        (false, true) => "not met; within the spread",
                        (false, false) => "not met",
                    };
                    format!("{:.2}, {:.2}: {verdict}", all.median, all.low)
                }
            });
        }
        writeln!(out, "| `{model}` | {} |", cells.join(" | "))?;
    }
    writeln!(out)?;
    Ok(())
}

fn table(out: &mut String, plan: &Plan, measured: &Measured, title: &str, is_of: fn(Point) -> bool) -> Result<()> {
    writeln!(out, "## {title}\n")?;
    writeln!(out, "| model | connections | C | off | ratio | counters | ratio | full | ratio |")?;
    writeln!(out, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")?;
    for model in &plan.models {
        let points = measured.figures.keys().filter(|(of, point, who)| of == model && *who == Who::Ours("off") && is_of(*point));
        for (_, point, _) in points {
            let cell = |spread: Option<String>| spread.unwrap_or_else(|| "–".to_owned());
            let c = cell(measured.spread(model, *point, Who::C).map(Spread::figure));
            write!(out, "| `{model}` | {} | {c} ", thousands(point.connections()))?;
            for (level, _) in LEVELS {
                let figure = cell(measured.spread(model, *point, Who::Ours(level)).map(Spread::figure));
                let ratio = cell(measured.beside_c(model, *point, level).map(Spread::ratio));
                write!(out, "| {figure} | {ratio} ")?;
            }
            writeln!(out, "|")?;
        }
    }
    writeln!(out)?;
    Ok(())
}

/// One model with most idle connections beside itself with fewest.
fn flatness(out: &mut String, plan: &Plan, measured: &Measured) -> Result<()> {
    let (model, most) = FLAT;
    let mut wakes = plan.points.iter().filter(|point| matches!(point, Point::Wake(_)));
    let (Some(few), Some(many), true) = (wakes.next(), wakes.next_back(), plan.models.contains(&model)) else { return Ok(()) };
    writeln!(out, "## `{model}` with {} idle connections beside itself with {}\n", thousands(many.connections()), few.connections())?;
    for who in std::iter::once(Who::C).chain(LEVELS.map(|(level, _)| Who::Ours(level))) {
        let (Some(few), Some(many)) = (measured.figures.get(&(model, *few, who)), measured.figures.get(&(model, *many, who))) else {
            continue;
        };
        let Some(times) = Spread::of(many.iter().zip(few).map(|(many, few)| many / few)) else { continue };
        let name = match who {
            Who::C => "C",
            Who::Ours(level) => level,
        };
        let verdict = match (times.median <= most, times.low <= most) {
            (true, _) => "met",
            (false, true) => "not met; within the spread",
            (false, false) => "not met",
        };
        writeln!(out, "- {name}: {} times the round trip (target: at most {most:.2}): {verdict}", times.ratio())?;
    }
    writeln!(out)?;
    Ok(())
}

fn what_is_missing(out: &mut String, plan: &Plan, yardsticks: &Yardsticks) -> Result<()> {
    writeln!(out, "## What is not there\n")?;
    for model in &plan.models {
        match yardsticks.of(model) {
            Some((id, _)) if id == *model => {}
            Some((id, _)) => writeln!(out, "- `{model}` is compared with the C loop of `{id}`: plain C has no counterpart.")?,
            None => writeln!(out, "- `{model}` has no C program here, so no ratios.")?,
        }
    }
    writeln!(
        out,
        "- `iterative` serves one client at a time, so it runs with one and never beside idle ones. `processes` and `thread-pool` run with up to \
         100 connections, `threads` and `select` (descriptors below 1,024) with up to 1,000. The C program of `processes` forks, ours \
         starts a program of its own for each connection.\n"
    )?;
    Ok(())
}

fn allocations(out: &mut String, allocated: &[Allocated]) -> Result<()> {
    writeln!(out, "## Allocations\n")?;
    writeln!(
        out,
        "How often the threads that serve allocate, once warm, per message of a 64 B ping-pong on 10 connections (`iterative`: one), \
         counted by the server's allocator. Children of `processes` are other programs and not counted; they run the loop of `threads`. \
         What is left where it is not 0 is the stock of payload buffers still growing to the most records that were ever undrained \
         at one time, which is bounded.\n"
    )?;
    writeln!(out, "| model | tap | messages | allocations | per message |\n| --- | --- | ---: | ---: | ---: |")?;
    for Allocated { model, level, messages, serving } in allocated {
        let each = *serving as f64 / messages;
        writeln!(out, "| `{model}` | {level} | {} | {} | {each:.4} |", thousands(*messages as usize), thousands(*serving as usize))?;
    }
    writeln!(out)?;
    Ok(())
}

fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The kind of machine: no names.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let major = release.split('.').next().filter(|major| !major.is_empty()).map_or(String::new(), |major| format!(" {major}.x"));
    let system = match std::env::consts::OS {
        "linux" => "Linux",
        "macos" => "macOS",
        "windows" => "Windows",
        other => other,
    };
    let load = std::fs::read_to_string("/proc/loadavg").ok().and_then(|text| text.split(' ').nth(2)?.parse::<f64>().ok());
    let shared = if load.is_some_and(|load| load > cores as f64) { "shared with other work, " } else { "" };
    let is_virtual = std::fs::read_to_string("/proc/cpuinfo").is_ok_and(|text| text.contains(" hypervisor"));
    let kind = if is_virtual { "virtual cores" } else { "cores" };
    format!("{system}{major}, {shared}{cores} {kind}")
}
