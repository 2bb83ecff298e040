//! What a deed may be. Closed sets; names are those of the lab and are looked up by whoever does it.

use std::time::Duration;

/// One thing that is done for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// `start echo, six` or `start all`: servers before clients.
    Start(Who),
    /// `stop echo` or `stop all`.
    Stop(Who),
    /// `finish echo`: no new connections, ends with its last one.
    Finish(String),
    /// `crash door`: ends as a process does that dies; its socket file stays.
    Crash(String),
    /// `open six 3`: so many connections more.
    Open {
        /// The client.
        client: String,
        /// How many, from 1.
        count: u32,
    },
    /// `close six 2`, `close six all half`, `reset six`.
    Close {
        /// A server or a client.
        of: String,
        /// Which of its connections.
        which: Which,
        /// How.
        how: Closing,
    },
    /// `send phone "hello\n"`, `send phone 1 "hello\n"`, `send phone packet "greeting" times 3 every 200ms`.
    Send {
        /// A server or a client.
        from: String,
        /// Through which of its connections.
        which: Which,
        /// What.
        what: Sent,
        /// Datagrams: to this address.
        to: Option<String>,
        /// How often, 0 until stopped; without it once, or as its packet says.
        times: Option<u32>,
        /// The pause between two; without it none, or as its packet says.
        every: Option<Duration>,
    },
    /// `stop sending phone`.
    StopSending(String),
    /// `run sequence "log in" of phone`.
    RunSequence {
        /// Of the lab.
        sequence: String,
        /// Who sends.
        from: String,
    },
    /// `stop sequence phone`.
    StopSequence(String),
    /// `set echo model=poll backlog=3`: in the lab, and on what runs.
    Set {
        /// A server or a client.
        of: String,
        /// At least one, in order.
        changes: Vec<Change>,
    },
    /// `set late address of echo`: from now on the address that the other has, or had when it last ran.
    AddressOf {
        /// Who gets it.
        of: String,
        /// A server.
        other: String,
    },
    /// `accept till 2`: lets so many in, also while it is paused or paced.
    Accept {
        /// A server.
        of: String,
        /// How many, from 1.
        count: u32,
    },
    /// `pause till`: nobody is accepted.
    Pause(String),
    /// `resume till`: everybody is accepted as soon as they come.
    Resume(String),
    /// `hold echo`, `step echo 3`, `next wait echo`, `free echo`: the gate before its calls.
    Gate {
        /// A server or a client.
        of: String,
        /// What is done there.
        gate: GateDeed,
    },
    /// `clear traffic`.
    ClearTraffic,
    /// `wait 500ms`.
    Wait(Duration),
}

/// Whom a start or a stop means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Every endpoint of the lab.
    All,
    /// These, at least one.
    These(Vec<String>),
}

/// Which connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// The newest so many, from 1.
    Newest(u32),
}

/// How a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// `close()`.
    Orderly,
    /// `shutdown(SHUT_WR)`: FIN now, still reading.
    Half,
    /// RST.
    Reset,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The packet of its own box, with its schedule.
    Own,
    /// Text as packets write it: escapes and fields.
    Text(String),
    /// Hex digits and fields.
    Hex(String),
    /// A packet that the lab keeps, by name or `folder/name`.
    Saved(String),
}

/// `key=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is changed.
    pub key: Key,
    /// As written; checked against the lab.
    pub value: String,
}

/// What `set` can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Server: id of an I/O model.
    Model,
    /// Server: id of a service.
    Service,
    /// `model.workers`: a setting of the model.
    ModelSetting(String),
    /// `service.delay_ms`: a setting of the service.
    ServiceSetting(String),
    /// Server: where it binds; client: where it connects.
    Address,
    /// Client: the name of a server of the lab.
    Server,
    /// Server: the n of `listen(n)`.
    Backlog,
    /// Server: `eager`, `paused`, or a time.
    Pace,
    /// Server: requests after which it ends.
    Requests,
    /// Server: milliseconds after which a silent connection is closed.
    IdleMs,
    /// `raw`, `fixed:16`, `delimiter:\r\n`, `length:u32be`, `until-close`.
    Framing,
    /// The most one `recv` returns.
    RecvBytes,
    /// A send goes out in pieces of so many bytes.
    PieceBytes,
    /// Milliseconds between two pieces.
    PieceMs,
    /// Nagle's algorithm: `on` or `off`.
    Nagle,
    /// `TCP_CORK`: `on` or `off`.
    Cork,
    /// `SO_BROADCAST`: `on` or `off`.
    Broadcast,
    /// Client: connections opened at its start.
    Connections,
    /// Client: `off` or `backoff`.
    Reconnect,
    /// Client: `close` or `stay`.
    AfterEnd,
    /// Client: milliseconds for one connect.
    ConnectTimeoutMs,
}

/// What is done at the gate before calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateDeed {
    /// Hold before the next call.
    Hold,
    /// Let so many calls through, from 1.
    Step(u32),
    /// Up to the next call that waits.
    NextWait,
    /// Let all through.
    Free,
}

impl Key {
    /// Keys that are one word.
    pub(super) const PLAIN: [(&'static str, Self); 19] = [
        ("model", Self::Model),
        ("service", Self::Service),
        ("address", Self::Address),
        ("server", Self::Server),
        ("backlog", Self::Backlog),
        ("pace", Self::Pace),
        ("requests", Self::Requests),
        ("idle_ms", Self::IdleMs),
        ("framing", Self::Framing),
        ("recv_bytes", Self::RecvBytes),
        ("piece_bytes", Self::PieceBytes),
        ("piece_ms", Self::PieceMs),
        ("nagle", Self::Nagle),
        ("cork", Self::Cork),
        ("broadcast", Self::Broadcast),
        ("connections", Self::Connections),
        ("reconnect", Self::Reconnect),
        ("after_end", Self::AfterEnd),
        ("connect_timeout_ms", Self::ConnectTimeoutMs),
    ];
}

impl Deed {
    /// Every endpoint that it names.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Start(Who::These(names)) | Self::Stop(Who::These(names)) => names.iter().map(String::as_str).collect(),
            Self::Start(Who::All) | Self::Stop(Who::All) | Self::ClearTraffic | Self::Wait(_) => Vec::new(),
            Self::AddressOf { of, other } => vec![of, other],
            Self::Finish(of)
            | Self::Open { client: of, .. }
            | Self::Close { of, .. }
            | Self::Send { from: of, .. }
            | Self::StopSending(of)
            | Self::RunSequence { from: of, .. }
            | Self::StopSequence(of)
            | Self::Set { of, .. }
            | Self::Accept { of, .. }
            | Self::Crash(of)
            | Self::Pause(of)
            | Self::Resume(of)
            | Self::Gate { of, .. } => vec![of],
        }
    }
}
