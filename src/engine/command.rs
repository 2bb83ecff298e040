//! What may be asked of the engine. Closed set; every command returns at once and is answered by snapshots and events.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::lab::{AcceptPace, Client, EndpointId, Server};
use crate::trace::{ConnId, TapLevel};

pub use crate::trace::GateMove;

/// One request to the engine.
#[derive(Clone, Debug)]
pub enum Command {
    /// Start an endpoint. Starting a running one is answered with an event, not an error.
    Start(Box<Spec>),
    /// Stop an endpoint: sockets closed, threads joined, socket file removed.
    Stop(EndpointId),
    /// Stop everything.
    StopAll,
    /// Stop, then start with these settings on the address now in force (port 0 keeps the port that was chosen, as long as
    /// the written address stayed the same). This is the model switch.
    Restart(Box<Spec>),
    /// The endpoint left the lab: stop it and drop its view and series.
    Forget(EndpointId),
    /// It has a new name.
    Rename(EndpointId, String),
    /// Open more connections from a running client.
    Open {
        /// The client.
        client: EndpointId,
        /// How many more, 1 to 5,000 in all.
        count: u32,
    },
    /// Close some connections of a server or client.
    Close {
        /// The session they belong to.
        session: EndpointId,
        /// Which ones.
        pick: ConnPick,
        /// How.
        how: CloseHow,
    },
    /// Send bytes from an endpoint, once or on a schedule.
    Send {
        /// The sending endpoint.
        from: EndpointId,
        /// To which of its connections.
        to: SendTo,
        /// What and when.
        outgoing: Outgoing,
    },
    /// End the running schedule of an endpoint.
    StopSending(EndpointId),
    /// How much of a session's calls is kept from now on.
    SetTap(EndpointId, TapLevel),
    /// Hold, step or free the lanes of a session at the gate before their next call.
    Gate {
        /// The session.
        session: EndpointId,
        /// One of its lanes, or all, also those to come.
        lane: Option<u32>,
        /// What to do.
        gate: GateMove,
    },
    /// `listen(n)` again on the socket of a running server.
    SetBacklog(EndpointId, u32),
    /// When a running server takes the next client.
    SetPace(EndpointId, AcceptPace),
    /// A paced or paused server takes one client now, or the next one that comes.
    AcceptOne(EndpointId),
    /// A server takes no new connections, finishes those it has, and stops.
    Finish(EndpointId),
    /// Forget the traffic rows kept so far; counters stay.
    ClearTraffic,
    /// Memory that the rows of the traffic log may take, in bytes; the oldest go first.
    SetTrafficLimit(u64),
    /// Write all traffic from now on to a file, or end the recording in progress.
    Record(Option<Recording>),
}

/// Traffic goes to a file. Nothing is dropped until it is full: who sends or receives waits for the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The pcapng file. One that exists is written anew.
    pub path: PathBuf,
    /// Its size at most.
    pub limit_bytes: u64,
}

impl Recording {
    /// A usual size: 1 GiB.
    pub const USUAL_LIMIT: u64 = 1 << 30;
}

/// What to start.
#[derive(Clone, Debug)]
pub enum Spec {
    /// A server.
    Server(Server),
    /// A client, and the server of the same lab it names, if it names one.
    Client {
        /// The client.
        client: Client,
        /// The document of the server that `client.target` names.
        server: Option<Server>,
    },
}

impl Spec {
    /// The endpoint it starts.
    pub fn id(&self) -> EndpointId {
        match self {
            Self::Server(server) => server.id,
            Self::Client { client, .. } => client.id,
        }
    }
}

/// Which connections of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnPick {
    /// This one.
    One(ConnId),
    /// The newest n.
    Newest(u32),
    /// All of them.
    All,
}

/// How a connection is closed from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseHow {
    /// `close()`: FIN after the bytes already accepted by the kernel.
    Orderly,
    /// `shutdown(SHUT_WR)`: FIN now, still reading.
    HalfClose,
    /// `SO_LINGER` 0 and `close()`: RST.
    Reset,
}

/// To whom an endpoint sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendTo {
    /// One connection (or datagram peer).
    One(ConnId),
    /// All that are open when each send is due.
    All,
}

/// Bytes and their schedule. The bytes are the truth; text and hex are views made elsewhere.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// One message, or one datagram.
    pub bytes: Arc<[u8]>,
    /// Pause between two sends; zero sends as fast as the socket takes it.
    pub every: Duration,
    /// How often; 0 goes on until stopped.
    pub times: u32,
}
