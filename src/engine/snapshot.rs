//! An immutable picture of everything at one moment. Panels are functions of it and never ask for "now" themselves.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use crate::lab::{EndpointId, Side, Transport};
use crate::probe::TcpState;
use crate::stats::LogView;
use crate::trace::{Call, ConnId, ReadySet};

use super::{CallsView, ConnectView, Failure, ListenerView, MessagesView};
use crate::bytes::FramingError;

/// Everything at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Grows by one with each snapshot.
    pub seq: u64,
    /// The moment, since the engine started.
    pub at: Duration,
    /// The wall clock at engine start, so that `started + at` is the time of day.
    pub started: SystemTime,
    /// Every session the engine knows, by endpoint id.
    pub sessions: Vec<Arc<SessionView>>,
    /// All servers together and, where a client talks to an outside program, that client.
    pub counters: Counters,
    /// Of `counters`.
    pub rates: Rates,
    /// History of `counters`, ten a second, the last ten minutes.
    pub series: LogView<Sample>,
    /// Sent and received bytes and what happened to connections, oldest first.
    pub traffic: LogView<Record>,
    /// What the log holds and what it could not.
    pub traffic_totals: TrafficTotals,
    /// The recording in progress, or the last one.
    pub recording: Option<RecordingView>,
}

impl Snapshot {
    /// The session of an endpoint, if it was ever started.
    pub fn session(&self, id: EndpointId) -> Option<&Arc<SessionView>> {
        self.sessions.binary_search_by_key(&id, |s| s.id).ok().map(|i| &self.sessions[i])
    }
}

/// What the traffic log holds and what it could not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrafficTotals {
    /// Records ever made, kept or not.
    pub made: u64,
    /// Lost because a worker's ring was full. The counters still include them.
    pub dropped: u64,
    /// Removed, oldest first, to stay under the memory limit.
    pub evicted: u64,
    /// Memory that the rows take now, about: their payloads and what holds them.
    pub held_bytes: u64,
    /// Memory that they may take.
    pub limit_bytes: u64,
}

/// A recording at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingView {
    /// The file.
    pub path: Arc<Path>,
    /// Its size at most.
    pub limit_bytes: u64,
    /// Its size.
    pub bytes: u64,
    /// Rows that it has told of so far.
    pub records: u64,
    /// Rows since it began that are not in it: too late for a stop, or after it was full or had failed.
    pub lost: u64,
    /// Where it is in its life.
    pub state: RecordingState,
}

/// Where a recording is in its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingState {
    /// It writes.
    Running,
    /// It was ended, and writes the rest.
    Ending,
    /// It ended as asked; the file is complete.
    Done,
    /// The file has reached its size; the recording is over.
    Full,
    /// The file could not be made or written: what the system said.
    Failed(Arc<str>),
}

/// One server or client at one moment.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// Whose.
    pub id: EndpointId,
    /// Server or client.
    pub side: Side,
    /// Its name.
    pub name: Arc<str>,
    /// Kind of socket.
    pub transport: Transport,
    /// Grows by one with each start.
    pub generation: u32,
    /// Where it is in its life.
    pub state: SessionState,
    /// When it entered `state`, on the engine's clock.
    pub since: Duration,
    /// Id of the I/O model (servers).
    pub model: Option<&'static str>,
    /// Id of the service (servers).
    pub service: Option<&'static str>,
    /// Servers: what `getsockname` answered.
    pub local: Option<Arc<str>>,
    /// Clients: the address connected to.
    pub target: Option<Arc<str>>,
    /// Servers: the listening (or bound datagram) descriptor.
    pub listener_fd: Option<i64>,
    /// Servers: the `n` given to `listen(n)`.
    pub backlog: Option<u32>,
    /// The latest failure: why it failed, or the latest trouble of a running one.
    pub failure: Option<Failure>,
    /// Exact totals of this generation.
    pub counters: Counters,
    /// Over about the last second.
    pub rates: Rates,
    /// Servers over streams: who stands in the accept queue.
    pub queue: Option<AcceptQueue>,
    /// Running servers over streams: the road from SYN to `accept`.
    pub listener: Option<Arc<ListenerView>>,
    /// Live connections first (oldest first), then up to 256 recently ended ones.
    pub connections: Arc<[ConnView]>,
    /// Its threads and what each does now.
    pub lanes: Arc<[LaneView]>,
    /// Lanes alive in all; more than `lanes` shows when there are very many.
    pub live_lanes: u32,
    /// What its threads did.
    pub calls: CallsView,
    /// Peers that the accept filter turned away.
    pub refused: u64,
    /// History of `counters`, ten a second, the last ten minutes.
    pub series: LogView<Sample>,
    /// Clients: the next attempt, when one is due.
    pub retry: Option<Retry>,
    /// The running send schedule.
    pub sending: Option<SendProgress>,
    /// Its messages: framing, rules, groups, periods, sequences.
    pub messages: Arc<MessagesView>,
}

/// Where a session is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionState {
    /// Resolving, binding, connecting.
    Starting,
    /// Serving, or (client) started: its connections have states of their own.
    Running,
    /// Closing sockets, joining threads.
    Stopping,
    /// Ended as asked.
    Stopped,
    /// Could not start, or ended by itself; see `failure`.
    Failed,
}

/// Exact totals. They stay exact when records are dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections (datagram: peers) open now.
    pub open: u64,
    /// Connected but not yet accepted (servers), or connecting (clients).
    pub waiting: u64,
    /// Connections opened since start.
    pub opened: u64,
    /// Connections that failed since start.
    pub failed: u64,
    /// Bytes received.
    pub rx_bytes: u64,
    /// Bytes sent.
    pub tx_bytes: u64,
    /// Successful receives: stream chunks or datagrams.
    pub rx_messages: u64,
    /// Successful sends.
    pub tx_messages: u64,
    /// Calls to the system through the tap.
    pub calls: u64,
    /// Times a readiness wait or a blocking call came back.
    pub wakeups: u64,
    /// Calls that answered `EAGAIN`.
    pub eagain: u64,
    /// Processor time of the session's threads, in microseconds; also of ended ones.
    pub cpu_us: u64,
    /// Times its threads went to sleep by themselves (voluntary context switches), where the system tells.
    pub switches: u64,
    /// Traffic records lost because a ring was full.
    pub dropped_records: u64,
}

/// Per second, over about the last second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "the fields of `Counters`, per second")]
pub struct Rates {
    pub opened: f64,
    pub rx_bytes: f64,
    pub tx_bytes: f64,
    pub rx_messages: f64,
    pub tx_messages: f64,
    pub calls: f64,
    pub wakeups: f64,
    pub eagain: f64,
    /// Processor cores in use: microseconds per second, divided by a million.
    pub cpu: f64,
    pub switches: f64,
}

/// One point of history: exact totals at a moment; rates are differences of two.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// Seconds since the engine started.
    pub at_secs: f64,
    /// Totals at that moment. A new generation starts again from zero; a smaller total than before means just that.
    pub counters: Counters,
}

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The kernel said so; the words name where, e.g. `TCP_INFO, tcpi_unacked`.
    Measured(&'static str),
    /// We worked it out from both ends; the words say how.
    Derived(&'static str),
}

/// Who stands in the accept queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptQueue {
    /// Connected, not yet accepted.
    pub waiting: u32,
    /// The kernel's limit n, which holds n + 1 on Linux; `None` where the system does not tell.
    pub limit: Option<u32>,
    /// Where `waiting` comes from.
    pub source: Source,
}

/// A connection that will be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// 1 for the first retry.
    pub attempt: u32,
    /// When, on the engine's clock.
    pub at: Duration,
}

/// How far a send schedule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendProgress {
    /// Rounds done.
    pub done: u64,
    /// Rounds asked; 0 is until stopped.
    pub of: u64,
}

/// What never changes about a connection. Shared by views and records.
#[derive(Debug)]
pub struct ConnInfo {
    /// Unique within one run of the program.
    pub id: ConnId,
    /// The endpoint that holds this end.
    pub session: EndpointId,
    /// Server or client.
    pub side: Side,
    /// Kind of socket.
    pub transport: Transport,
    /// That endpoint's name when the connection began.
    pub session_name: Arc<str>,
    /// Its number within the session, from 1: the client's token on the Stage.
    pub number: u32,
    /// The descriptor.
    pub fd: i64,
    /// This end's address.
    pub local: Arc<str>,
    /// The other end's address.
    pub peer: Arc<str>,
    /// When it began, on the engine's clock.
    pub opened: Duration,
    /// The other end, when it is one of ours: its session and connection. Set once it is known.
    pub other_end: OnceLock<(EndpointId, ConnId, Arc<str>)>,
}

/// One connection (or datagram peer) at one moment.
#[derive(Clone, Debug)]
pub struct ConnView {
    /// What never changes.
    pub info: Arc<ConnInfo>,
    /// Where it is in its life.
    pub state: ConnState,
    /// Why it ended, when it did.
    pub end: Option<EndReason>,
    /// When it ended, on the engine's clock.
    pub closed: Option<Duration>,
    /// Bytes received.
    pub rx_bytes: u64,
    /// Bytes sent.
    pub tx_bytes: u64,
    /// Bytes received a second.
    pub rx_rate: f64,
    /// Bytes sent a second.
    pub tx_rate: f64,
    /// Arrived and not yet read, where the kernel tells (at most the first 64 connections of a session are asked).
    pub unread: Option<u32>,
    /// Accepted by the kernel and not yet acknowledged or taken by the peer, likewise.
    pub unsent: Option<u32>,
    /// When bytes last moved, on the engine's clock.
    pub active: Duration,
    /// TCP: the state in which the kernel holds this end, where it tells: of the first 64 of a session that are open, and for some
    /// minutes of the last 64 that ended. `None` also when the kernel has nothing of it any more.
    pub tcp: Option<TcpState>,
    /// Clients over streams: how its connect went.
    pub connect: Option<Arc<ConnectView>>,
}

/// Where a connection is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConnState {
    /// `connect` has not finished.
    Connecting,
    /// Connected and not served: our own server has not accepted it yet (seen from the client), or it has and all its workers
    /// are busy (seen from the server).
    Waiting,
    /// Both ways open; for datagrams: a peer that was heard or addressed.
    Open,
    /// The peer sent FIN: nothing more arrives.
    PeerEnded,
    /// We sent FIN: nothing more leaves.
    LocalEnded,
    /// Over.
    Closed,
}

/// Why a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// Both ends said FIN.
    Orderly,
    /// RST.
    Reset,
    /// A person or a stop closed it here.
    Here,
    /// The service left.
    Service,
    /// Nothing moved on it for the server's idle time-out.
    Idle,
    /// What the peer sent broke the framing in force.
    Framing(FramingError),
    /// It never opened, or broke.
    Failed(Failure),
}

/// One thread at one moment.
#[derive(Clone, Debug)]
pub struct LaneView {
    /// Its number within the session, from 0.
    pub id: u32,
    /// The thread's name.
    pub name: Arc<str>,
    /// What it does now.
    pub doing: LaneDoing,
    /// Calls so far.
    pub calls: u64,
    /// Calls that answered `EAGAIN`.
    pub eagain: u64,
    /// What it did lately, oldest first (at most 64 spans; only the first 16 lanes of a session keep them).
    pub spans: Arc<[Span]>,
    /// The line that makes the current call, or made the last one; known while a call of this lane was held or recorded.
    pub at: Option<SourceLine>,
    /// What its last readiness wait answered.
    pub ready: Option<Arc<ReadySet>>,
    /// Processor time so far, where the system tells.
    pub cpu: Option<Duration>,
    /// Context switches so far, where the system tells.
    pub switches: Option<Switches>,
}

/// What a thread does at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneDoing {
    /// Runs code of its own, not in a call.
    Running,
    /// Stands in a call.
    InCall {
        /// Which.
        call: Call,
        /// On which descriptor.
        fd: i64,
        /// Since when, on the engine's clock.
        since: Duration,
    },
    /// Held by a person before this call.
    AtGate {
        /// Which.
        call: Call,
        /// On which descriptor.
        fd: i64,
        /// Since when, on the engine's clock.
        since: Duration,
    },
    /// Ended.
    Gone,
}

/// A place in a source file of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// As the compiler names it, e.g. `src/model/epoll_lt.rs`.
    pub file: &'static str,
    /// From 1.
    pub line: u32,
}

/// Times the scheduler took a thread off its core.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    /// It went to sleep by itself.
    pub voluntary: u64,
    /// Its time was up, or another was more urgent.
    pub involuntary: u64,
}

/// One finished call of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which call.
    pub call: Call,
    /// On which descriptor.
    pub fd: i64,
    /// When it began, on the engine's clock.
    pub start: Duration,
    /// How long it took.
    pub took: Duration,
    /// Bytes moved; 0 for calls that move none.
    pub bytes: u32,
    /// Whether it failed with `EAGAIN`.
    pub again: bool,
}

/// One row of the traffic log. The payload is immutable.
#[derive(Clone, Debug)]
pub struct Record {
    /// When, on the engine's clock.
    pub at: Duration,
    /// Whose connection.
    pub conn: Arc<ConnInfo>,
    /// What.
    pub kind: RecordKind,
    /// The bytes (for datagrams up to the receive buffer). At most 64 KiB a record.
    pub data: Arc<[u8]>,
    /// The number of bytes the call moved; more than `data.len()` if the log kept only the front.
    pub len: u32,
    /// A datagram larger than the receive buffer: its rest is lost (`MSG_TRUNC`).
    pub cut: bool,
}

/// What a traffic row tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// This end received.
    Received,
    /// This end sent.
    Sent,
    /// The connection opened (server: accepted; client: connected).
    Opened,
    /// It ended.
    Ended(EndReason),
}
