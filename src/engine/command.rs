//! What may be asked of the engine. Closed set; every command returns at once and is answered by snapshots and events.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::lab::{AcceptPace, Client, EndpointId, Messages, Packet, Sequence, Server};
use crate::trace::{ConnId, TapLevel};

pub use crate::packet::Payload;
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
    /// How an endpoint's bytes become messages and go out, and what it answers by itself, from now on: on a running one at once.
    SetMessages(EndpointId, Box<Messages>),
    /// Run packets one after the other. Replaces a sequence that runs.
    RunSequence {
        /// The endpoint that sends and waits for replies.
        from: EndpointId,
        /// To which of its connections; a reply of any of them counts.
        to: SendTo,
        /// The steps.
        sequence: Box<Sequence>,
    },
    /// Hold the running sequence of an endpoint before its next step, or (`false`) let it go on.
    PauseSequence(EndpointId, bool),
    /// End the running sequence of an endpoint.
    StopSequence(EndpointId),
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
    /// A server ends as if its process had died: the kernel closes its sockets, and its socket file stays where it is. The file goes when
    /// the engine ends, unless another has replaced it.
    Crash(EndpointId),
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
#[expect(clippy::large_enum_variant, reason = "it travels in a box")]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendTo {
    /// One connection (or datagram peer).
    One(ConnId),
    /// Those of these that are open when each send is due.
    These(Arc<[ConnId]>),
    /// All that are open when each send is due.
    All,
    /// UDP: to this address, from the endpoint's own socket. Host and port; also of a broadcast or a multicast group.
    Address(Arc<str>),
}

/// What is sent, and its schedule.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// One message, or one datagram.
    pub payload: Payload,
    /// Pause between two sends; zero sends as fast as the socket takes it.
    pub every: Duration,
    /// How often; 0 goes on until stopped.
    pub times: u32,
    /// Without a pause: at most so many bytes a second to each connection; 0 is as fast as the socket takes it.
    pub bytes_per_s: u64,
}

impl Outgoing {
    /// The same bytes each time, as fast as the socket takes them where there is no pause.
    pub fn fixed(bytes: impl Into<Arc<[u8]>>, every: Duration, times: u32) -> Self {
        Self { payload: Payload::Fixed(bytes.into()), every, times, bytes_per_s: 0 }
    }

    /// The same bytes, once.
    pub fn once(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self::fixed(bytes, Duration::ZERO, 1)
    }

    /// By the schedule of this packet.
    pub fn of(packet: &Packet, payload: Payload) -> Self {
        Self { payload, every: Duration::from_millis(packet.every_ms), times: packet.times, bytes_per_s: packet.bytes_per_s }
    }
}
