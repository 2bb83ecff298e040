//! What the lab costs: our TCP echo server under each I/O model beside a minimal C program of plain calls (`echo.c`), with
//! the same load in the same run. It prints ratios with their spread and never a ranking: on a shared machine only ratios
//! of neighbouring measurements mean anything.
//!
//! Each server is a process of its own that is driven over loopback: ours is this program with `--serve <model>`, on the
//! engine's face that the window uses, with recording on. Run with `cargo bench --bench echo`; it takes about a minute.
#![expect(clippy::print_stdout, reason = "a benchmark talks to a terminal")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use socketlab::engine::{Command as Ask, Engine, EngineConfig, EventKind, Spec, catalog};
use socketlab::lab::{Lab, Transport};

/// Measurements of each server, interleaved with the others'.
const ROUNDS: u32 = 5;
/// All measurements together.
const BUDGET: Duration = Duration::from_secs(45);
/// Longest wait for any single answer.
const LIMIT: Duration = Duration::from_secs(10);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--serve", model] => serve(model),
        // Only `cargo bench` passes this; `cargo test --benches` merely proves that it builds and starts.
        words if words.contains(&"--bench") => measure_all(),
        _ => Ok(()),
    }
}

/// Runs one server of ours, says where it is bound, and ends when standard input is closed.
fn serve(model: &str) -> Result<()> {
    let engine = Engine::spawn(EngineConfig::default(), || ())?;
    let mut lab = Lab::default();
    let id = lab.add_server(Transport::Tcp, model);
    let server = lab.server(id).context("the server just added")?.clone();
    engine.send(Ask::Start(Box::new(Spec::Server(server))))?;
    let local = loop {
        let event = engine.next_event(LIMIT).context("the engine does not start the server")?;
        if let EventKind::Started { local } = event.kind {
            break local.context("a server without an address")?;
        }
        if let EventKind::Failed(failure) = event.kind {
            bail!("{failure:?}");
        }
    };
    println!("{local}");
    std::io::stdin().read_to_end(&mut Vec::new())?;
    engine.shutdown();
    Ok(())
}

/// A server to measure.
struct Subject {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<&'static str>,
    rounds: Vec<Figures>,
}

/// One round's figures of one server.
#[derive(Clone, Copy)]
struct Figures {
    /// Echoed bytes a second over one connection.
    throughput: f64,
    /// Median round trip of 64 bytes, in seconds.
    round_trip: f64,
    /// Connect, one byte to and fro, reset; a second.
    connections: f64,
}

/// One figure in the unit of its column.
type Reading = fn(&Figures) -> f64;

fn measure_all() -> Result<()> {
    let this = std::env::current_exe()?;
    let dir = tempfile::tempdir()?;
    let mut subjects = Vec::new();
    match compile(dir.path()) {
        Ok(program) => subjects.push(Subject { name: "C, epoll", program, arguments: Vec::new(), rounds: Vec::new() }),
        Err(reason) => println!("no C yardstick, so no ratios: {reason:#}"),
    }
    let with_yardstick = !subjects.is_empty();
    for model in catalog::models().filter(|m| m.missing.is_none()) {
        subjects.push(Subject { name: model.id, program: this.clone(), arguments: vec!["--serve", model.id], rounds: Vec::new() });
    }
    let turns = ROUNDS * 3 * u32::try_from(subjects.len())?;
    ensure!(turns > 0, "there is nothing to measure on this system");
    let each = (BUDGET / turns).clamp(Duration::from_millis(50), Duration::from_millis(600));
    println!("{} servers, {ROUNDS} rounds, {} ms for each figure", subjects.len(), each.as_millis());
    for round in 0..ROUNDS as usize {
        // Each round begins with another server, so that none always follows the same neighbour.
        for turn in 0..subjects.len() {
            let place = (turn + round) % subjects.len();
            let subject = &mut subjects[place];
            let figures = subject.measure(each).with_context(|| format!("measuring {}", subject.name))?;
            subject.rounds.push(figures);
        }
    }
    print_table(&subjects, with_yardstick);
    Ok(())
}

/// Builds `echo.c`.
fn compile(dir: &Path) -> Result<PathBuf> {
    ensure!(cfg!(target_os = "linux"), "the C program uses epoll, which only Linux has");
    let program = dir.join("echo");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/echo.c");
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let status = Command::new(&compiler).arg("-O2").arg("-o").arg(&program).arg(&source).status().context("running the C compiler")?;
    ensure!(status.success(), "the C compiler ended with {status}");
    Ok(program)
}

impl Subject {
    /// Starts it, takes the three figures, stops it.
    fn measure(&self, each: Duration) -> Result<Figures> {
        let mut server = Process::start(Command::new(&self.program).args(&self.arguments))?;
        round_trip(server.address, each / 10).context("warming up")?;
        let figures = Figures {
            throughput: throughput(server.address, each).context("throughput")?,
            round_trip: round_trip(server.address, each).context("round trips")?,
            connections: connections(server.address, each).context("connections")?,
        };
        server.stop()?;
        Ok(figures)
    }
}

/// A server in a process of its own, ended when this is dropped.
struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("standard output was piped")?;
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        match read.map_err(anyhow::Error::from).and_then(|_| line.trim().parse().with_context(|| format!("it said {line:?}"))) {
            Ok(address) => Ok(Self { child, address }),
            Err(error) => {
                drop(child.kill());
                drop(child.wait());
                Err(error)
            }
        }
    }

    /// Closes its standard input and waits for its end.
    fn stop(&mut self) -> Result<()> {
        drop(self.child.stdin.take());
        let status = self.child.wait()?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After `stop` both answer at once; after an error they keep the process from staying behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    Ok(stream)
}

/// Echoed bytes a second: 64 KiB writes on one connection, read by another thread, until everything came back.
fn throughput(address: SocketAddr, each: Duration) -> Result<f64> {
    let mut stream = connect(address)?;
    let mut to_server = stream.try_clone()?;
    let start = Instant::now();
    let writer = std::thread::Builder::new().name("bench-writer".into()).spawn(move || -> std::io::Result<u64> {
        let chunk = vec![0x5a; 64 << 10];
        let mut sent = 0;
        while start.elapsed() < each {
            to_server.write_all(&chunk)?;
            sent += chunk.len() as u64;
        }
        to_server.shutdown(Shutdown::Write)?;
        Ok(sent)
    })?;
    let mut buffer = vec![0; 64 << 10];
    let mut received = 0;
    loop {
        match stream.read(&mut buffer)? {
            0 => break,
            n => received += n as u64,
        }
    }
    let took = start.elapsed();
    let sent = writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))??;
    ensure!(sent == received, "sent {sent} bytes, got {received} back");
    Ok(received as f64 / took.as_secs_f64())
}

/// Median round trip of 64 bytes in seconds.
fn round_trip(address: SocketAddr, each: Duration) -> Result<f64> {
    let mut stream = connect(address)?;
    let (ping, mut pong) = ([0x5a; 64], [0; 64]);
    let mut times = Vec::with_capacity(100_000);
    let start = Instant::now();
    while times.is_empty() || start.elapsed() < each {
        let sent = Instant::now();
        stream.write_all(&ping)?;
        stream.read_exact(&mut pong)?;
        times.push(sent.elapsed());
    }
    ensure!(ping == pong, "other bytes came back");
    times.sort_unstable();
    Ok(times[times.len() / 2].as_secs_f64())
}

/// Connections a second, one after the other: connect, one byte to and fro, reset. The reset (linger 0) keeps TIME_WAIT
/// from using up the local ports.
fn connections(address: SocketAddr, each: Duration) -> Result<f64> {
    let start = Instant::now();
    let mut done = 0_u32;
    while done == 0 || start.elapsed() < each {
        let mut stream = connect(address)?;
        stream.write_all(b"x")?;
        stream.read_exact(&mut [0])?;
        socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
        done += 1;
    }
    Ok(f64::from(done) / start.elapsed().as_secs_f64())
}

fn print_table(subjects: &[Subject], with_yardstick: bool) {
    let columns: [(&str, Reading); 3] =
        [("echoed Gbit/s", |f| f.throughput * 8e-9), ("64 B round trip, µs", |f| f.round_trip * 1e6), ("connections/s", |f| f.connections)];
    println!("\nMedian of {ROUNDS} rounds; in brackets the ratio to C in the same round: median, lowest–highest.");
    println!("Throughput and connections: over 1 is more than C. Round trip: over 1 is longer than C.\n");
    print!("{:<14}", "");
    for (name, _) in &columns {
        print!("{name:>36}");
    }
    println!();
    for subject in subjects {
        print!("{:<14}", subject.name);
        for (_, figure) in &columns {
            let own: Vec<f64> = subject.rounds.iter().map(figure).collect();
            let mut cell = format!("{:.1}", median(&own));
            if with_yardstick {
                let ratios: Vec<f64> = own.iter().zip(&subjects[0].rounds).map(|(own, c)| own / figure(c)).collect();
                let (low, high) = ratios.iter().fold((f64::MAX, f64::MIN), |(low, high), r| (low.min(*r), high.max(*r)));
                cell += &format!("  ({:.2}, {low:.2}–{high:.2})", median(&ratios));
            }
            print!("{cell:>36}");
        }
        println!();
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
