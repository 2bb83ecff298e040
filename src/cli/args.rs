//! The arguments and their help. Declarations only.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};

use super::code::CodeArgs;
use crate::bytes::{Encoding, Framing, parse_framing as framing, parse_size as size};
use crate::engine::{Recording, catalog};
use crate::lab::{AcceptPace, DEFAULT_BACKLOG, MAX_BACKLOG, MAX_DEFER_S, MAX_REQUESTS, MAX_WAIT_MS, PacketFormat, Transport};

pub(super) const EXIT_STATUS: &str = "\
Exit status:
  0  every endpoint ran; of an experiment or a lesson: no check failed
  1  an endpoint failed, or a client never had a connection; of an experiment or a lesson: a check failed
  2  wrong arguments, an unreadable lab file, or no display for the window";

/// A network lab you can see.
///
/// Starts TCP, UDP and Unix socket servers and clients, switches how a server waits (one client at a time, a thread per
/// connection, poll, epoll …) and shows what the operating system does. Without a command the window opens, on LAB if one is
/// named; nothing is started before you press start. The commands run the same engine without a window.
#[derive(Debug, Parser)]
#[command(
    name = "socketlab",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    after_help = "'socketlab --help' shows examples, 'socketlab COMMAND --help' the details of a command.",
    after_long_help = format!("\
Examples:
  socketlab                                      open the window
  socketlab examples/greeter.toml                open the window on a lab
  socketlab run examples/greeter.toml --for 5s   run the same lab here
  socketlab serve tcp 127.0.0.1:7788             an echo server
  socketlab send tcp 127.0.0.1:7788 'hello\\n'    talk to it
  socketlab backlog 127.0.0.1:7788               watch its accept queue
  socketlab list models                          how a server can wait on this system
  socketlab code serve tcp 127.0.0.1:7788 --lang c   the same server as a program in C

{EXIT_STATUS}

Environment:
  DISPLAY, WAYLAND_DISPLAY  where the window opens (not on macOS and Windows)

See also:
  socket(7), tcp(7), udp(7), unix(7), nc(1), ss(8)")
)]
pub(super) struct Args {
    /// The lab file (TOML) that the window opens.
    #[arg(value_name = "LAB")]
    pub lab: Option<PathBuf>,
    #[command(subcommand)]
    pub task: Option<Task>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Task {
    Run(RunArgs),
    Serve(ServeArgs),
    Send(SendArgs),
    Backlog(BacklogArgs),
    List(ListArgs),
    Code(CodeArgs),
    Lesson(LessonArgs),
}

/// Run a lab file without a window.
///
/// Starts all servers, then all clients, and tells what happens, one line for each event. Packets marked `on_connect` are sent.
/// Ends after --for, at Ctrl-C, or when every endpoint has failed; then everything is stopped and summed up. On a terminal a
/// line of live figures stands below the events.
///
/// A lab with steps is an experiment: what they say is done, each check is told with what was seen (✓ it held, ✗ it did not, – it
/// cannot be known on this system), and the run ends after the last step. 'socketlab list experiments' names those that come along.
#[derive(Debug, Parser)]
#[command(after_long_help = format!("\
Examples:
  socketlab run examples/first-sockets.toml
  socketlab run examples/flood.toml --for 5s --json | jq 'select(.type==\"sample\").rates'
  socketlab run lab.toml --only echo-tcp --only phone
  socketlab run one-client-at-a-time
  socketlab run lab.toml --for 10s --record out.pcapng && tshark -r out.pcapng -q -z conv,tcp

JSON lines:
  Each line is an object whose \"type\" is start, event, insight, step, check (verdict: held, failed, unknown),
  sample (once a second) or summary.
  In a sample's \"sessions\" and a summary's \"endpoints\" each server over streams has accept_queue,
  accept_queue_limit (the n in force, which lets n + 1 wait on Linux: places), accept_queue_max,
  established_not_accepted (always derived from both ends), half_open, listen_overflows and listen_drops (of all
  listeners of this machine, since the server started), accepted, arrived, accept_rate, arrival_rate, source
  (measured or derived) and how; what the system does not tell is null, and \"unavailable\" says why.
  Each client over streams has \"connects\": number, state, connect_ms, retries, next_try_secs, at most 1,000 of
  them; connects_left_out counts the others.

{EXIT_STATUS}

See also:
  socketlab-serve, socketlab-send, signal(7)"))]
pub(super) struct RunArgs {
    /// The lab file (TOML), or the id of an experiment.
    #[arg(value_name = "LAB")]
    pub lab: PathBuf,
    /// Run this long, such as 5s, 200ms or 1m30s. Without it: until Ctrl-C.
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    pub limit: Option<Duration>,
    #[command(flatten)]
    pub record: RecordArgs,
    /// Print JSON lines instead of words.
    #[arg(long)]
    pub json: bool,
    /// Start only this server or client; may be given several times. A client of a server that is not started uses the
    /// address in the file.
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
}

/// Where traffic is recorded.
#[derive(Debug, clap::Args)]
pub(super) struct RecordArgs {
    /// Write all traffic to this pcapng file, which Wireshark and tshark open; the headers are synthesised. A file that is there is
    /// written anew. Nothing is dropped until it has its size: who sends or receives waits for the disk.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// The file's size at most, such as 64MiB or 2GB; then the recording ends and the run goes on.
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = size, requires = "record")]
    pub record_limit: u64,
}

impl RecordArgs {
    /// What the engine is asked for.
    pub fn recording(&self) -> Option<Recording> {
        self.record.clone().map(|path| Recording { path, limit_bytes: self.record_limit })
    }
}

/// Start one server.
///
/// The first line of output says where it listens: port 0 lets the system choose, and that line tells the port. It serves until
/// Ctrl-C, --for or --requests. A stale socket file is replaced, a live one is left alone; our own is removed at the end.
#[derive(Debug, Parser)]
#[command(after_long_help = format!("\
Examples:
  socketlab serve tcp 127.0.0.1:7788
  socketlab serve tcp '[::1]:0' --model threads --service upper
  socketlab serve unix-stream /tmp/lab.sock --for 1m
  socketlab serve tcp 127.0.0.1:7788 --model iterative --backlog 1
  socketlab serve tcp 127.0.0.1:7788 --backlog 3 --accept-pace 1s
  socketlab serve tcp 127.0.0.1:7788 --service list-echo --set delimiter='\\r\\n'
  socketlab serve udp 127.0.0.1:7788 --service delayed --set delay_ms=250
  socketlab serve tcp 127.0.0.1:7788 --requests 3 --idle-timeout 5s
  socketlab serve tcp 127.0.0.1:7788 --record out.pcapng --record-limit 64MiB
  socketlab serve tcp 0.0.0.0:7788 --allow 192.168.1.0/24 --deny 192.168.1.7

{EXIT_STATUS}

See also:
  socketlab-send, socketlab-list, listen(2)"))]
pub(super) struct ServeArgs {
    #[command(flatten)]
    pub server: ServerArgs,
    /// Serve this long. Without it: until Ctrl-C.
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    pub limit: Option<Duration>,
    #[command(flatten)]
    pub record: RecordArgs,
    /// Print JSON lines instead of words.
    #[arg(long)]
    pub json: bool,
}

/// What a server is.
#[derive(Debug, clap::Args)]
pub(super) struct ServerArgs {
    /// tcp, udp, unix-stream or unix-dgram.
    #[arg(value_parser = transports())]
    pub transport: Transport,
    /// host:port, or a path for Unix sockets.
    pub address: String,
    /// How the server waits; 'socketlab list models' explains. Default: the selector of this system.
    #[arg(long, value_parser = PossibleValuesParser::new(catalog::models().map(|m| m.id)), hide_possible_values = true)]
    pub model: Option<String>,
    /// What it answers; 'socketlab list services' explains.
    #[arg(long, default_value = "echo", value_parser = PossibleValuesParser::new(catalog::services().map(|s| s.id)))]
    pub service: String,
    /// The n of listen(n); streams only.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_BACKLOG, value_parser = clap::value_parser!(u32).range(0..=i64::from(MAX_BACKLOG)))]
    pub backlog: u32,
    /// When it takes the next client out of the accept queue: eager (as soon as somebody waits), paused (nobody), or a time such as
    /// 1s or 250ms (one client each). Whoever is not taken waits there, and when it is full, before it. Streams only.
    #[arg(long, value_name = "PACE", default_value = "eager", value_parser = pace)]
    pub accept_pace: AcceptPace,
    /// TCP_DEFER_ACCEPT: a connection is handed over only once bytes are there, or after about this long, in whole seconds. TCP on
    /// Linux only; elsewhere it says so and goes on without.
    #[arg(long, value_name = "TIME", value_parser = defer)]
    pub defer_accept: Option<Duration>,
    /// Change a setting of the model or the service; may be given several times. 'socketlab list models' and 'list services'
    /// show which there are. Numbers as digits, switches as on or off, texts with the escapes \n \r \t \0 \xHH \\. When both
    /// have one of that name, write model.NAME or service.NAME.
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Stop accepting after so many requests (connections, or datagrams), finish what runs, and end; 0 is forever.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=MAX_REQUESTS))]
    pub requests: u64,
    /// Close a connection on which nothing moved for so long. Without it: never.
    #[arg(long, value_name = "TIME", value_parser = wait)]
    pub idle_timeout: Option<Duration>,
    /// The longest that one wait for clients may take before the loop goes round. Without it: as long as nothing happens.
    #[arg(long, value_name = "TIME", value_parser = wait)]
    pub poll_interval: Option<Duration>,
    /// Let in only peers of this range, such as 127.0.0.0/8, ::1/128 or one address; may be given several times.
    #[arg(long, value_name = "RANGE")]
    pub allow: Vec<String>,
    /// Turn away peers of this range, also when --allow has it; may be given several times.
    #[arg(long, value_name = "RANGE")]
    pub deny: Vec<String>,
}

/// Send bytes and print what comes back.
///
/// DATA is text with the escapes \n \r \t \0 \xHH \\ and fields such as {{counter}}; --format says otherwise. The bytes received go
/// to standard output as they are, until the peer closes or nothing more comes for --wait. Datagrams are printed one after the
/// other. With --framing DATA is sent as one message, and what comes back is cut into messages, one on each line.
#[derive(Debug, Parser)]
#[command(after_long_help = format!("\
Examples:
  socketlab send tcp 127.0.0.1:7788 'hello\\n'
  socketlab send udp 127.0.0.1:7788 --hex '70 69 6e 67'
  socketlab send tcp localhost:80 'GET / HTTP/1.0\\r\\n\\r\\n' --wait 3s
  socketlab send unix-stream /tmp/lab.sock tick --times 5 --every 200ms
  socketlab send tcp 127.0.0.1:7788 --file picture.png > back.png
  socketlab send tcp 127.0.0.1:7788 '你好' --encoding gbk --framing 'delimiter:\\r\\n'
  socketlab send tcp 127.0.0.1:7788 aGVsbG8= --format base64 --framing length:u16be

Framings:
  raw                as recv returns it
  fixed:16           messages of 16 bytes
  delimiter:\\r\\n     each message ends with these bytes
  length:u32be       a length before each message: u8, u16be, u16le, u32be, u32le, u64be or u64le
  until-close        everything until the peer closes
  More after commas: most=1MiB is the longest message, counts-itself a length that counts its own bytes too.

{EXIT_STATUS}

See also:
  socketlab-serve, nc(1), connect(2)"))]
pub(super) struct SendArgs {
    /// tcp, udp, unix-stream or unix-dgram.
    #[arg(value_parser = transports())]
    pub transport: Transport,
    /// host:port, or a path for Unix sockets.
    pub address: String,
    /// What is sent: text with escapes; see --format.
    #[arg(allow_hyphen_values = true)]
    pub data: String,
    /// What DATA is: text with escapes, pairs of hex digits, base64, or the path of a file whose bytes are sent.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = formats())]
    pub format: PacketFormat,
    /// The same as --format hex.
    #[arg(long, conflicts_with_all = ["file", "format"])]
    pub hex: bool,
    /// The same as --format file.
    #[arg(long, conflicts_with = "format")]
    pub file: bool,
    /// How the characters of a text become bytes. Escapes are bytes in any encoding; a character that it lacks is refused.
    #[arg(long, value_name = "ENCODING", default_value = "utf-8", value_parser = encodings())]
    pub encoding: Encoding,
    /// Where messages end, on both ways; streams only. Without it bytes go and come as they are.
    #[arg(long, value_name = "FRAMING", value_parser = framing)]
    pub framing: Option<Framing>,
    /// After the last byte sent or received, wait this long for more.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration)]
    pub wait: Duration,
    /// The limit for connecting; 0s leaves it to the system.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub connect_timeout: Duration,
    /// Bind to this address first.
    #[arg(long, value_name = "ADDRESS")]
    pub local: Option<String>,
    /// Send this often; 0 goes on until Ctrl-C.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub times: u32,
    /// The pause between two sends; 0s sends as fast as the socket takes it.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration)]
    pub every: Duration,
}

/// Watch the accept queue of a listener, also another program's.
///
/// Asks the kernel how many connections wait to be accepted at ADDRESS, how many may (listen(n) lets n + 1 wait on Linux), how many
/// handshakes are half-open, and how many SYNs this machine's listeners dropped since the watch began. It connects to nobody and needs
/// no privileges. ADDRESS is host:port, a socket file or @name; a listener on all addresses is found by any of them. On a
/// terminal the figures stand in one line; else there is a line whenever they change. Ends after --for, at Ctrl-C, or when nobody
/// listens there any more.
#[derive(Debug, Parser)]
#[command(after_long_help = "\
Examples:
  socketlab backlog 127.0.0.1:7788
  socketlab backlog '[::1]:7788' --for 10s
  socketlab backlog /run/lab.sock
  socketlab backlog localhost:80 --json --for 1s | jq .accept_queue

JSON lines:
  One object for each look, with \"type\" backlog, and
  at_secs             since the watch began
  address             where the listener that was found is bound
  accept_queue        connected, not accepted yet
  accept_queue_limit  the n in force; several sockets on one address (SO_REUSEPORT) are added up
  places              how many may wait: n + 1 on Linux
  half_open           SYN received, handshake not finished (looked at five times a second)
  listen_overflows    SYNs and final ACKs that found the queue full, since the watch began
  listen_drops        those and all others that listeners dropped, since the watch began
  source              measured: the kernel told it
  What is not known, or does not exist for Unix sockets, is null. Overflows and drops are those of
  all listeners of this machine (network namespace): the kernel's ListenOverflows and ListenDrops.

Exit status:
  0  watched to the end
  1  nobody listens there (any more), or this system does not tell
  2  wrong arguments

System:
  Linux tells of every listener. macOS tells of this user's programs, and of drops to root only. Windows does not tell.

See also:
  socketlab-serve, listen(2), ss(8), sock_diag(7)")]
pub(super) struct BacklogArgs {
    /// host:port, a socket file, or @name.
    pub address: String,
    /// Watch this long, such as 5s, 200ms or 1m30s. Without it: until Ctrl-C.
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    pub limit: Option<Duration>,
    /// From one look to the next; 1ms at least.
    #[arg(long, value_name = "TIME", default_value = "33ms", value_parser = pause)]
    pub every: Duration,
    /// Print JSON lines instead of words.
    #[arg(long)]
    pub json: bool,
}

/// List what exists on this system.
///
/// models: each model with each transport, yes or no; under it the reason for a no, and its settings as 'serve --set' takes
/// them, with default, range and meaning. services: what each answers, and its settings. transports: the kinds of sockets. experiments: id and
/// title of each that 'run' finds by its id. lessons: id and title of each.
#[derive(Debug, Parser)]
#[command(after_long_help = format!("\
Examples:
  socketlab list models
  socketlab list services --json | jq '.[] | select(.settings != []).id'

{EXIT_STATUS}

See also:
  socketlab-serve, select(2), poll(2), epoll(7)"))]
pub(super) struct ListArgs {
    /// What to list.
    #[arg(value_enum)]
    pub what: Listed,
    /// Print one JSON array.
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Listed {
    /// How a server can wait.
    Models,
    /// What a server can answer.
    Services,
    /// Kinds of sockets.
    Transports,
    /// Experiments that come with the program, for 'run'.
    Experiments,
    /// Lessons that come with the program.
    Lessons,
}

/// Write a lesson of your own, or check one.
///
/// A lesson is a folder: lesson.toml, its text in en.md and zh.md, and a lab. docs/lessons.md describes the format.
#[derive(Debug, Parser)]
#[command(after_long_help = format!("\
Examples:
  socketlab lesson new my-lesson
  socketlab lesson check my-lesson
  socketlab lesson check listen-backlog
  socketlab lesson check --all

{EXIT_STATUS}

See also:
  socketlab-list, socketlab-run"))]
pub(super) struct LessonArgs {
    #[command(subcommand)]
    pub task: LessonTask,
}

#[derive(Debug, Subcommand)]
pub(super) enum LessonTask {
    /// Write a small lesson that passes the check, to begin with.
    New {
        /// The folder; it is made, and nothing in it is overwritten.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Read lessons and play each from start to end without a window.
    ///
    /// Tells the first mistake with its file and line. Then each step's first button is pressed and its checks are told (✓ it held, ✗
    /// it did not, – it cannot be known on this system), and so is what proves the answer of its question. Ends with 1 when anything
    /// was wrong.
    Check {
        /// A lesson's folder, or the id of one that comes with the program.
        #[arg(value_name = "PATH", required_unless_present = "all")]
        paths: Vec<PathBuf>,
        /// Check all lessons that come with the program.
        #[arg(long, conflicts_with = "paths")]
        all: bool,
    },
}

fn transports() -> impl TypedValueParser<Value = Transport> {
    let ids = Transport::ALL.map(Transport::id);
    PossibleValuesParser::new(ids).map(|id| Transport::from_id(&id).unwrap_or_default())
}

fn formats() -> impl TypedValueParser<Value = PacketFormat> {
    let named = |id: &str| match id {
        "hex" => PacketFormat::Hex,
        "base64" => PacketFormat::Base64,
        "file" => PacketFormat::File,
        _ => PacketFormat::Text,
    };
    PossibleValuesParser::new(["text", "hex", "base64", "file"]).map(move |id| named(&id))
}

fn encodings() -> impl TypedValueParser<Value = Encoding> {
    PossibleValuesParser::new(Encoding::ALL.map(Encoding::id)).map(|id| Encoding::from_id(&id).unwrap_or_default())
}

fn pace(text: &str) -> Result<AcceptPace, String> {
    AcceptPace::parse(text).ok_or_else(|| "write eager, paused, or a time such as 250ms or 1s".to_owned())
}

/// Whole seconds, as the option takes them.
fn defer(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    if time.subsec_nanos() != 0 {
        return Err("a second is the smallest step".to_owned());
    }
    if time > Duration::from_secs(MAX_DEFER_S.into()) { Err(format!("{MAX_DEFER_S} s is the longest time")) } else { Ok(time) }
}

/// A time that a lab file can hold: whole milliseconds, at most a day.
fn wait(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    if time.subsec_nanos() % 1_000_000 != 0 {
        return Err("a millisecond is the smallest step".to_owned());
    }
    if time > Duration::from_millis(MAX_WAIT_MS) { Err("a day is the longest time".to_owned()) } else { Ok(time) }
}

/// A pause that is long enough to be one.
fn pause(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        time if time < Duration::from_millis(1) => Err("a millisecond is the shortest pause".to_owned()),
        time => Ok(time),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        // A deadline a year away is as good as none, and `Instant` can hold it everywhere.
        Ok(time) if time <= Duration::from_secs(365 * 86_400) => Ok(time),
        Ok(_) => Err("a year is the longest time".to_owned()),
        Err(error) => Err(format!("{error}; write a number and a unit, such as 5s or 200ms")),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_declarations_hold_together() {
        Args::command().debug_assert();
    }
}
