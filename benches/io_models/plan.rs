//! What is measured, in which order and for how long.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use socketlab::engine::catalog;

use crate::serve::LEVELS;
use crate::subject::{self, Yardsticks};

/// Longest wait for any single answer.
pub const LIMIT: Duration = Duration::from_secs(20);

/// Who serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// The same loop in C.
    C,
    /// Ours, with the tap at this level.
    Ours(&'static str),
}

/// One load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// 64 bytes to and fro on so many connections at once: messages a second.
    PingPong(usize),
    /// The same measurement over the whole time, interruptions and all.
    Whole(usize),
    /// Processor time of the server's threads for each message of the same measurement, in microseconds.
    Processor(usize),
    /// 64 KiB writes on so many connections at once: Gbit a second.
    Streams(usize),
    /// Connections a second, one after the other.
    Accept,
    /// Round trip of one connection, in microseconds, while so many others idle.
    Wake(usize),
}

impl Point {
    /// The word for it on the load's command line.
    pub fn work(self) -> &'static str {
        match self {
            Self::PingPong(_) | Self::Whole(_) | Self::Processor(_) => "ping-pong",
            Self::Streams(_) => "streams",
            Self::Accept => "accept",
            Self::Wake(_) => "wake",
        }
    }

    /// Connections; of `Wake` the idle ones.
    pub fn connections(self) -> usize {
        match self {
            Self::PingPong(n) | Self::Whole(n) | Self::Streams(n) | Self::Processor(n) | Self::Wake(n) => n,
            Self::Accept => 1,
        }
    }

    /// How fast one figure is beside another: over 1 is faster.
    pub fn speed(self, figure: f64, than: f64) -> f64 {
        match self {
            Self::PingPong(_) | Self::Whole(_) | Self::Streams(_) | Self::Accept => figure / than,
            Self::Wake(_) | Self::Processor(_) => than / figure,
        }
    }

    /// Whether a server under this model is asked for it.
    fn suits(self, model: &str) -> bool {
        let (most, idle) = most_of(model);
        match self {
            Self::PingPong(n) | Self::Whole(n) | Self::Processor(n) | Self::Streams(n) => n <= most,
            Self::Accept => true,
            Self::Wake(n) => n <= idle,
        }
    }
}

/// Connections that a model serves at once here, and how many may idle beside one more.
fn most_of(model: &str) -> (usize, usize) {
    match model {
        // One client at a time: an idle one would keep all others out.
        "iterative" => (1, 0),
        // A process, or a worker, for each.
        "processes" | "thread-pool" => (100, 100),
        // A thread for each.
        "threads" => (1_000, 1_000),
        // Below descriptor 1,024.
        "select" => (1_000, 1_000),
        _ => (1_000, 5_000),
    }
}

/// See the module.
pub struct Plan {
    pub models: Vec<&'static str>,
    pub points: Vec<Point>,
    pub rounds: usize,
    pub budget: Duration,
    /// For one figure.
    each: Duration,
    with_c: Vec<bool>,
}

/// Figures by model, load and server, one for each round.
#[derive(Default)]
pub struct Measured {
    pub figures: BTreeMap<(&'static str, Point, Who), Vec<f64>>,
    /// What could not be measured, and why.
    pub failures: Vec<String>,
}

impl Measured {
    fn note(&mut self, model: &'static str, point: Point, who: Who, [middle, whole, processor]: [f64; 3]) {
        self.figures.entry((model, point, who)).or_default().push(middle);
        if let Point::PingPong(n) = point {
            self.figures.entry((model, Point::Whole(n), who)).or_default().push(whole);
            self.figures.entry((model, Point::Processor(n), who)).or_default().push(processor);
        }
    }
}

/// What the threads that serve allocated.
pub struct Allocated {
    pub model: &'static str,
    pub level: &'static str,
    pub messages: f64,
    pub serving: u64,
}

impl Plan {
    pub fn new(quick: bool, minutes: Option<u64>, only: Option<&str>, yardsticks: &Yardsticks) -> Self {
        let models = catalog::models().filter(|model| model.missing.is_none() && only.is_none_or(|only| only == model.id));
        let models: Vec<&str> = models.map(|model| model.id).collect();
        let points = if quick {
            vec![Point::PingPong(1), Point::PingPong(100), Point::Streams(10), Point::Accept, Point::Wake(10), Point::Wake(1_000)]
        } else {
            let counts = [1, 10, 100, 1_000];
            let idle = [10, 100, 1_000, 5_000].map(Point::Wake);
            counts.map(Point::PingPong).into_iter().chain(counts.map(Point::Streams)).chain([Point::Accept]).chain(idle).collect()
        };
        let (rounds, secs, millis) = if quick { (5, 110, 80) } else { (9, 13 * 60, 100) };
        let with_c = models.iter().map(|model| yardsticks.of(model).is_some()).collect();
        Self {
            models,
            points,
            rounds,
            budget: Duration::from_secs(minutes.map_or(secs, |minutes| minutes * 60)),
            each: Duration::from_millis(millis),
            with_c,
        }
    }

    /// Everything to measure in a round: servers of the same loop are neighbours.
    fn pairs(&self) -> impl Iterator<Item = (&'static str, Point, Vec<Who>)> + '_ {
        let ours = LEVELS.map(|(level, _)| Who::Ours(level));
        self.models.iter().zip(&self.with_c).flat_map(move |(model, with_c)| {
            let who: Vec<Who> = with_c.then_some(Who::C).into_iter().chain(ours).collect();
            self.points.iter().filter(|point| point.suits(model)).map(move |point| (*model, *point, who.clone()))
        })
    }

    pub fn round_len(&self) -> usize {
        self.pairs().map(|(_, _, who)| who.len()).sum()
    }

    /// Rounds as long as the budget lasts, at least one. Each begins with another server, so that none always follows the same
    /// neighbour.
    pub fn measure(&self, yardsticks: &Yardsticks, start: Instant, measured: &mut Measured) -> Result<()> {
        let mut longest = Duration::ZERO;
        for round in 0..self.rounds {
            let begun = Instant::now();
            if round > 0 && start.elapsed() + longest > self.budget {
                break;
            }
            for (model, point, who) in self.pairs() {
                for turn in 0..who.len() {
                    let who = who[(turn + round) % who.len()];
                    match subject::figure(model, who, point, yardsticks, self.each) {
                        Ok(figures) => measured.note(model, point, who, figures),
                        Err(error) => {
                            // A round without one figure would pair neighbours wrongly.
                            measured.note(model, point, who, [f64::NAN; 3]);
                            measured.failures.push(format!("{model}, {point:?}, {who:?}: {error:#}"));
                        }
                    }
                }
            }
            longest = longest.max(begun.elapsed());
            println!("round {} took {:.0} s", round + 1, begun.elapsed().as_secs_f64());
        }
        Ok(())
    }

    /// What the threads that serve allocate per message of a ping-pong, once everything is warm.
    pub fn count_allocations(&self) -> Result<Vec<Allocated>> {
        let mut all = Vec::new();
        // Children of `processes` are other processes: what they allocate is not seen here.
        for model in self.models.iter().filter(|model| **model != "processes") {
            for (level, _) in LEVELS {
                let point = if most_of(model).0 >= 10 { Point::PingPong(10) } else { Point::PingPong(1) };
                let allocated = Self::allocated(model, level, point).with_context(|| format!("counting allocations of {model}"))?;
                all.push(allocated);
            }
        }
        Ok(all)
    }

    fn allocated(model: &'static str, level: &'static str, point: Point) -> Result<Allocated> {
        const TIME: Duration = Duration::from_millis(300);
        let (mut server, address) = subject::server(model, Who::Ours(level), point, None)?;
        // Warm: rings have grown, buffers have their size.
        let mut warm = subject::load(&address, point, 3 * TIME)?;
        warm.tell("go")?;
        warm.hear()?;
        drop(warm);
        let mut load = subject::load(&address, point, TIME)?;
        server.tell("count")?;
        server.hear()?;
        load.tell("go")?;
        let [_, rate] = subject::pair(&load.hear()?)?;
        server.tell("read")?;
        let line = server.hear()?;
        let serving = line.split(' ').next().context("two counts")?.parse()?;
        Ok(Allocated { model, level, messages: rate * TIME.as_secs_f64(), serving })
    }
}
