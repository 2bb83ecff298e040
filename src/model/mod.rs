//! I/O models: how a server waits and moves bytes. One readable file each that mirrors its textbook loop, because students
//! read it in the app.
//!
//! Adding one: a file here and a line in [`MODELS`].

mod aside;
mod busy_poll;
mod by_id;
mod connection;
mod control;
mod courier;
mod desk;
mod door;
#[cfg(target_os = "linux")]
mod epoll_et;
#[cfg(target_os = "linux")]
mod epoll_lt;
mod iterative;
#[cfg(any(
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly"
))]
mod kqueue;
mod link;
mod mail;
mod operator;
mod pace;
mod parcel;
mod peers;
mod poll;
mod processes;
mod schedule;
mod select;
mod served;
#[cfg(target_os = "linux")]
mod sigio;
mod talk;
mod targets;
mod tasks;
#[cfg(test)]
mod tests;
mod thread_pool;
mod threads;
mod timers;
#[cfg(target_os = "linux")]
mod uring;
mod wire;
pub mod worker;

use std::io;
use std::sync::Arc;

use crate::lab::Life;
use crate::service::Service;
use crate::settings::{SettingDef, Settings, Unit};
use crate::sys::Sock;
use crate::trace::{Board, Lane};

pub use control::{Control, Ending, Order, To};
pub use wire::LiveWire;
pub use worker::Relay;

/// Every model, in the order of the editor. Models this system lacks are listed with the reason.
pub static MODELS: &[ModelDef] = &[
    ModelDef {
        id: "iterative",
        group: ModelGroup::Blocking,
        summary: "blocking, one client at a time",
        missing: None,
        source: include_str!("iterative.rs"),
        file: "model/iterative.rs",
        for_each: None,
        edge_triggered: false,
        settings: &[],
        no_datagrams: None,
        serve: iterative::serve,
    },
    ModelDef {
        id: "threads",
        group: ModelGroup::Blocking,
        summary: "blocking, a thread per connection",
        missing: None,
        source: include_str!("threads.rs"),
        file: "model/threads.rs",
        for_each: Some(ForEach::Thread),
        edge_triggered: false,
        settings: &[],
        no_datagrams: None,
        serve: threads::serve,
    },
    ModelDef {
        id: "processes",
        group: ModelGroup::Blocking,
        summary: "blocking, a process per connection",
        missing: None,
        source: include_str!("processes.rs"),
        file: "model/processes.rs",
        for_each: Some(ForEach::Process),
        edge_triggered: false,
        settings: &[processes::MOST],
        no_datagrams: Some("datagrams have no connections that could be handed to processes"),
        serve: processes::serve,
    },
    ModelDef {
        id: "thread-pool",
        group: ModelGroup::Blocking,
        summary: "blocking, n threads share the connections",
        missing: None,
        source: include_str!("thread_pool.rs"),
        file: "model/thread_pool.rs",
        for_each: None,
        edge_triggered: false,
        settings: &thread_pool::SETTINGS,
        no_datagrams: Some(thread_pool::NO_DATAGRAMS),
        serve: thread_pool::serve,
    },
    ModelDef {
        id: "select",
        group: ModelGroup::Multiplexing,
        summary: "one thread waits for all in select",
        missing: None,
        source: include_str!("select.rs"),
        file: "model/select.rs",
        for_each: None,
        edge_triggered: false,
        settings: &[],
        no_datagrams: None,
        serve: select::serve,
    },
    ModelDef {
        id: "poll",
        group: ModelGroup::Multiplexing,
        summary: "one thread waits for all in poll",
        missing: None,
        source: include_str!("poll.rs"),
        file: "model/poll.rs",
        for_each: None,
        edge_triggered: false,
        settings: &[],
        no_datagrams: None,
        serve: poll::serve,
    },
    ModelDef {
        id: "epoll-lt",
        group: ModelGroup::Multiplexing,
        summary: "one thread waits for all in epoll_wait, level-triggered",
        missing: if cfg!(target_os = "linux") { None } else { Some("epoll exists on Linux") },
        source: include_str!("epoll_lt.rs"),
        file: "model/epoll_lt.rs",
        for_each: None,
        edge_triggered: false,
        settings: &[],
        no_datagrams: None,
        #[cfg(target_os = "linux")]
        serve: epoll_lt::serve,
        #[cfg(not(target_os = "linux"))]
        serve: missing,
    },
    ModelDef {
        id: "epoll-et",
        group: ModelGroup::Multiplexing,
        summary: "one thread waits for all in epoll_wait, edge-triggered",
        missing: if cfg!(target_os = "linux") { None } else { Some("epoll exists on Linux") },
        source: include_str!("epoll_et.rs"),
        file: "model/epoll_et.rs",
        for_each: None,
        edge_triggered: true,
        settings: &[READ_ONCE, ACCEPT_ONCE, READ_BYTES],
        no_datagrams: None,
        #[cfg(target_os = "linux")]
        serve: epoll_et::serve,
        #[cfg(not(target_os = "linux"))]
        serve: missing,
    },
    ModelDef {
        id: "kqueue",
        group: ModelGroup::Multiplexing,
        summary: "one thread waits for all in kevent",
        missing: if HAS_KQUEUE { None } else { Some("kqueue exists on macOS and the BSDs") },
        source: include_str!("kqueue.rs"),
        file: "model/kqueue.rs",
        for_each: None,
        edge_triggered: false,
        settings: &[],
        no_datagrams: None,
        #[cfg(any(
            target_os = "macos",
            target_os = "ios",
            target_os = "freebsd",
            target_os = "netbsd",
            target_os = "openbsd",
            target_os = "dragonfly"
        ))]
        serve: kqueue::serve,
        #[cfg(not(any(
            target_os = "macos",
            target_os = "ios",
            target_os = "freebsd",
            target_os = "netbsd",
            target_os = "openbsd",
            target_os = "dragonfly"
        )))]
        serve: missing,
    },
    ModelDef {
        id: "busy-poll",
        group: ModelGroup::Other,
        summary: "non-blocking, one thread asks every socket again and again",
        missing: None,
        source: include_str!("busy_poll.rs"),
        file: "model/busy_poll.rs",
        for_each: None,
        edge_triggered: false,
        settings: &busy_poll::SETTINGS,
        no_datagrams: None,
        serve: busy_poll::serve,
    },
    ModelDef {
        id: "sigio",
        group: ModelGroup::Other,
        summary: "one thread is sent a signal for each change on a socket",
        missing: if cfg!(target_os = "linux") { None } else { Some("signals that name their socket exist on Linux") },
        source: include_str!("sigio.rs"),
        file: "model/sigio.rs",
        for_each: None,
        edge_triggered: false,
        settings: &[],
        no_datagrams: None,
        #[cfg(target_os = "linux")]
        serve: sigio::serve,
        #[cfg(not(target_os = "linux"))]
        serve: missing,
    },
    ModelDef {
        id: "io-uring",
        group: ModelGroup::Other,
        summary: "the kernel carries out accept, recv and send by itself and tells when they are done",
        missing: if cfg!(target_os = "linux") { None } else { Some("io_uring exists on Linux") },
        source: include_str!("uring.rs"),
        file: "model/uring.rs",
        for_each: None,
        edge_triggered: false,
        settings: &[],
        no_datagrams: None,
        #[cfg(target_os = "linux")]
        serve: uring::serve,
        #[cfg(not(target_os = "linux"))]
        serve: missing,
    },
    ModelDef {
        id: "async",
        group: ModelGroup::Other,
        summary: "a task per connection, all on one thread or on a few (tokio)",
        missing: None,
        source: include_str!("tasks.rs"),
        file: "model/tasks.rs",
        for_each: Some(ForEach::Task),
        edge_triggered: false,
        settings: &[tasks::THREADS],
        no_datagrams: None,
        serve: tasks::serve,
    },
];

// Of `epoll-et`: here because also systems without it read the labs of those with it.
const READ_ONCE: SettingDef = SettingDef::switch("read_once", "a classic mistake: one recv for each event");
const ACCEPT_ONCE: SettingDef = SettingDef::switch("accept_once", "a classic mistake: one accept for each event");
const READ_BYTES: SettingDef = SettingDef::number("read_bytes", (1, 65_536, 65_536), Unit::Bytes, "most that one recv on a stream takes");

const HAS_KQUEUE: bool = cfg!(any(
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly"
));

/// The model with this id.
pub fn find(id: &str) -> Option<&'static ModelDef> {
    MODELS.iter().find(|m| m.id == id)
}

/// What serves under a model that this system lacks; each system lacks at least one.
fn missing(_lane: &Lane, _run: ServerRun) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A kind of I/O model.
#[derive(Debug)]
pub struct ModelDef {
    /// Stable id in files and on the command line.
    pub id: &'static str,
    /// Its place in the editor.
    pub group: ModelGroup,
    /// A few English words for `list models`.
    pub summary: &'static str,
    /// Why this system lacks it.
    pub missing: Option<&'static str>,
    /// The file itself, for reading.
    pub source: &'static str,
    /// Its name below `src`.
    pub file: &'static str,
    /// What each connection has for itself; `None` where they share what there is.
    pub for_each: Option<ForEach>,
    /// Whether its wait tells of a change only once.
    pub edge_triggered: bool,
    /// What can be set.
    pub settings: &'static [SettingDef],
    /// Why datagram sockets have no meaning under it; `None` where they do.
    pub no_datagrams: Option<&'static str>,
    /// Serves until `run.control` says stop; joins every thread it made before it returns.
    pub serve: fn(&Lane, ServerRun) -> io::Result<()>,
}

/// What a model gives each connection of streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ForEach {
    Thread,
    Process,
    Task,
}

/// Where a model stands in the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ModelGroup {
    /// One call, one wait.
    Blocking,
    /// One wait for many sockets.
    Multiplexing,
    /// Non-blocking, signal-driven, completion, tasks.
    Other,
}

/// What a model serves with.
pub struct ServerRun {
    /// A listening stream socket, or a bound datagram socket. Blocking; selectors switch it.
    pub socket: Arc<Sock>,
    /// Byte stream (accept connections) or datagrams (one socket, many peers).
    pub stream: bool,
    /// What is answered.
    pub service: Arc<dyn Service>,
    /// What was changed about the model; checked against [`ModelDef::settings`].
    pub settings: Settings,
    /// How long it serves, whom it lets in.
    pub life: Life,
    /// Where connections and bytes are told.
    pub board: Arc<Board>,
    /// The way in from the engine: stop, send, close.
    pub control: Arc<Control>,
    /// The same service for a process of its own: its id and what was changed about it. `None` when it is not on the list.
    pub named: Option<(&'static str, Settings)>,
    /// In a child process: to whom everything is told.
    pub relay: Option<Arc<Relay>>,
}
