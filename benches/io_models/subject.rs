//! What is measured: servers in processes of their own, ours and those in C, and the load that drives them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::plan::{Point, Who};

/// The C programs that could be built, by the id of their model.
pub struct Yardsticks(BTreeMap<String, PathBuf>);

impl Yardsticks {
    /// Builds every `io_models/*.c`. One that does not compile is one that this system lacks.
    pub fn compile(dir: &Path) -> Result<Self> {
        let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
        let mut built = BTreeMap::new();
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/io_models"))? {
            let source = entry?.path();
            let Some(model) = source.file_stem().and_then(|stem| stem.to_str()).filter(|_| source.extension().is_some_and(|e| e == "c"))
            else {
                continue;
            };
            let program = dir.join(model);
            let output = Command::new(&compiler).args(["-O2", "-pthread", "-o"]).arg(&program).arg(&source).output();
            if output.is_ok_and(|output| output.status.success()) {
                built.insert(model.to_owned(), program);
            }
        }
        Ok(Self(built))
    }

    /// The C program to compare this model with, and the id of the model it shows. Tasks have no counterpart in plain C: what
    /// runs them is `epoll`.
    pub fn of(&self, model: &str) -> Option<(&str, &Path)> {
        let wanted = if model == "async" { "epoll-lt" } else { model };
        self.0.get_key_value(wanted).map(|(id, program)| (id.as_str(), program.as_path()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A process that is talked to in lines, ended when this is dropped.
pub struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let mut this = Self { child, input, output: BufReader::new(output.context("standard output was piped")?) };
        ensure!(this.input.is_some(), "standard input was piped");
        this.output.fill_buf()?;
        Ok(this)
    }

    /// The next line it says.
    pub fn hear(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        ensure!(line.ends_with('\n'), "it ended");
        line.truncate(line.len() - 1);
        Ok(line)
    }

    pub fn tell(&mut self, line: &str) -> Result<()> {
        let input = self.input.as_mut().context("it was stopped")?;
        writeln!(input, "{line}")?;
        Ok(())
    }

    /// What all its threads have spent so far; not a number where the system does not say (proc(5), `schedstat`).
    fn processor_secs(&self) -> f64 {
        let Ok(threads) = std::fs::read_dir(format!("/proc/{}/task", self.child.id())) else { return f64::NAN };
        let spent = threads.flatten().filter_map(|thread| std::fs::read_to_string(thread.path().join("schedstat")).ok());
        spent.filter_map(|text| text.split(' ').next()?.parse::<f64>().ok()).sum::<f64>() * 1e-9
    }

    /// Ours ends by itself with its standard input.
    fn stop(&mut self) -> Result<()> {
        drop(self.input.take());
        let status = self.child.wait()?;
        ensure!(status.success(), "it ended with {status}");
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The C programs serve until they are ended; after `stop` both answer at once.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Threads or processes that a server needs for so many connections and one more.
fn workers(point: Point) -> String {
    (point.connections() + 1).to_string()
}

/// Starts the server; answers it and its address.
pub fn server(model: &str, who: Who, point: Point, yardsticks: Option<&Yardsticks>) -> Result<(Process, String)> {
    let mut command = match who {
        Who::C => {
            let (_, program) = yardsticks.and_then(|yardsticks| yardsticks.of(model)).context("there is no C program")?;
            Command::new(program)
        }
        Who::Ours(level) => {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["--serve", model, level]);
            command
        }
    };
    let mut process = Process::start(command.arg(workers(point)))?;
    let address = process.hear()?;
    Ok((process, address))
}

/// Starts the load; it is connected then, and waits for a word.
pub fn load(address: &str, point: Point, time: Duration) -> Result<Process> {
    let mut command = Command::new(std::env::current_exe()?);
    let (connections, millis) = (point.connections().to_string(), time.as_millis().to_string());
    let mut process = Process::start(command.args(["--load", address, point.work(), &connections, &millis]))?;
    let word = process.hear()?;
    ensure!(word == "ready", "the load said {word:?}");
    Ok(process)
}

/// Figures of one server: at the pace of the middle message, over the whole time, and the microseconds of processor time that
/// each message took it.
pub fn figure(model: &str, who: Who, point: Point, yardsticks: &Yardsticks, time: Duration) -> Result<[f64; 3]> {
    let (mut server, address) = server(model, who, point, Some(yardsticks))?;
    let mut load = load(&address, point, time)?;
    let before = server.processor_secs();
    load.tell("go")?;
    let [middle, whole] = pair(&load.hear()?)?;
    let spent = server.processor_secs() - before;
    // Children have time of their own, and who never sleeps spends it all anyway.
    let is_telling = !["processes", "busy-poll"].contains(&model);
    let processor = if is_telling { spent * 1e6 / (whole * time.as_secs_f64()) } else { f64::NAN };
    load.stop()?;
    if let Who::Ours(_) = who {
        server.stop()?;
    }
    Ok([middle, whole, processor])
}

/// Two numbers in a line.
pub fn pair(line: &str) -> Result<[f64; 2]> {
    let (first, second) = line.split_once(' ').context("two figures")?;
    Ok([first.parse()?, second.parse()?])
}
