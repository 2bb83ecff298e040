//! Servers, clients and packets as a lab file describes them. Values only; no behaviour of the network.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Address, Life, Messages};
use crate::bytes::{BytesError, Encoding};
use crate::settings::Settings;

/// Names a server or client within one run of the program. Not saved: files use names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct EndpointId(pub u64);

impl fmt::Display for EndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Which end of the road an endpoint stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Binds and answers.
    Server,
    /// Connects (or sends first) and asks.
    Client,
}

/// The kind of socket. Closed set: each has its own rules everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// RFC 9293, over IPv4 or IPv6.
    #[default]
    Tcp,
    /// RFC 768, over IPv4 or IPv6.
    Udp,
    /// `AF_UNIX`, `SOCK_STREAM`; unix(7).
    UnixStream,
    /// `AF_UNIX`, `SOCK_DGRAM`; unix(7).
    UnixDgram,
}

impl Transport {
    /// Every transport, in the order of menus and lists.
    pub const ALL: [Self; 4] = [Self::Tcp, Self::Udp, Self::UnixStream, Self::UnixDgram];

    /// The stable string used in files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::UnixStream => "unix-stream",
            Self::UnixDgram => "unix-dgram",
        }
    }

    /// The transport with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.id() == id)
    }

    /// Whether it carries a byte stream over connections (else single datagrams).
    pub fn is_stream(self) -> bool {
        matches!(self, Self::Tcp | Self::UnixStream)
    }

    /// Whether its addresses are paths (else host and port).
    pub fn is_unix(self) -> bool {
        matches!(self, Self::UnixStream | Self::UnixDgram)
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// One server: where it binds, how it waits, what it answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// Identity within this run.
    pub id: EndpointId,
    /// Unique in the lab.
    pub name: String,
    /// Kind of socket.
    pub transport: Transport,
    /// Where it binds. Port 0 lets the system choose.
    pub address: Address,
    /// Id of an I/O model, e.g. `epoll-lt`.
    pub model: String,
    /// What was changed about the model.
    pub model_settings: Settings,
    /// Id of a service, e.g. `echo`.
    pub service: String,
    /// What was changed about the service.
    pub service_settings: Settings,
    /// How long it serves, whom it lets in.
    pub life: Life,
    /// The `n` of `listen(n)`; only streams use it.
    pub backlog: u32,
    /// How its bytes become messages and go out, and what it answers by itself.
    pub messages: Messages,
    /// What its *Send a packet* box holds.
    pub packet: Packet,
}

/// One client: where it connects, how patiently, and what it sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// Identity within this run.
    pub id: EndpointId,
    /// Unique in the lab.
    pub name: String,
    /// Kind of socket.
    pub transport: Transport,
    /// Where it connects.
    pub target: Target,
    /// Local address to bind before connecting; `None` lets the system choose.
    pub local: Option<Address>,
    /// Limit for one connect, in milliseconds; 0 leaves it to the system.
    pub connect_timeout_ms: u64,
    /// Whether a lost or refused connection is tried again.
    pub reconnect: Reconnect,
    /// Connections opened when the client starts, 0 to 5,000: with 0 each is opened by hand.
    pub connections: u32,
    /// Streams: what it does when a peer ended its side.
    pub after_end: AfterEnd,
    /// In what order and how patiently they are opened.
    pub opening: Opening,
    /// How its bytes become messages and go out, and what it answers by itself.
    pub messages: Messages,
    /// What its *Send a packet* box holds.
    pub packet: Packet,
}

/// How a client opens its connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// Pause between two connects in milliseconds; 0 opens them all at once.
    pub every_ms: u64,
    /// Connects under way at the same time; 0 is the usual number, which does not overrun a backlog of 128. A host name with several
    /// addresses is tried by one connect first, whatever stands here: it finds out which of them answers.
    pub at_once: u32,
    /// `TCP_SYNCNT` (tcp(7), Linux): how often a SYN is sent again before the connect gives up; 0 leaves it to the system.
    pub syn_retries: u32,
}

/// Where a client connects to.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A server of the same lab by name; follows its address, also a port the system chose.
    Server(String),
    /// Any address, also of an outside program.
    Address(Address),
    /// Itself: each connection is a `socketpair(2)`, whose two ends are both this client's and have no address. Unix sockets only.
    Pair,
}

/// What a client does with a connection whose peer sent FIN (`recv` answered 0).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AfterEnd {
    /// It sends what waits and closes its side too.
    #[default]
    Close,
    /// It keeps it open and goes on sending, as a program does that forgets to look: the peer may be gone.
    Stay,
}

/// Whether a client tries again by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reconnect {
    /// One attempt; then it says why it failed.
    #[default]
    Off,
    /// Again after 0.5 s, then twice as long each time, at most 10 s.
    Backoff,
}

/// Bytes to send and when, as a person typed them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Packet {
    /// Text with escapes, hex digits, or a file's path: see `format`.
    pub body: String,
    /// How `body` is read.
    pub format: PacketFormat,
    /// The encoding of the characters of a text, of its escapes and of what its fields write as text; `\xHH` is a byte in any of them.
    pub encoding: Encoding,
    /// Whether it is sent as one message of the endpoint's framing, with its header or delimiter.
    pub framed: bool,
    /// Appended to text, in its encoding.
    pub line_ending: LineEnding,
    /// Pause between two sends in milliseconds; 0 sends as fast as the socket takes it.
    pub every_ms: u64,
    /// At most so many bytes a second when there is no pause; 0 is as fast as the socket takes it.
    pub bytes_per_s: u64,
    /// How often; 0 goes on until stopped.
    pub times: u32,
    /// Whether a client starts sending as soon as it is connected.
    pub on_connect: bool,
}

impl Default for Packet {
    fn default() -> Self {
        Self {
            body: "hello\\n".to_owned(),
            format: PacketFormat::Text,
            encoding: Encoding::Utf8,
            framed: true,
            line_ending: LineEnding::None,
            every_ms: 1_000,
            bytes_per_s: 0,
            times: 1,
            on_connect: false,
        }
    }
}

impl Packet {
    /// What follows its body in each message: the line ending, in the packet's encoding. Hex, base64 and files say all of it themselves.
    ///
    /// # Errors
    /// When the encoding lacks a line ending; none does.
    pub fn ending(&self) -> Result<Vec<u8>, BytesError> {
        match self.format {
            PacketFormat::Text => self.encoding.encode(self.line_ending.text()),
            PacketFormat::Hex | PacketFormat::Base64 | PacketFormat::File => Ok(Vec::new()),
        }
    }
}

/// How a packet's body is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PacketFormat {
    /// Text with the escapes `\n \r \t \0 \xHH \\ \{` and fields such as `{{counter}}`.
    #[default]
    Text,
    /// Pairs of hex digits, blanks between pairs are allowed, and fields.
    Hex,
    /// Base64, RFC 4648: the standard alphabet or the one for URLs, with or without padding.
    Base64,
    /// The path of a file whose bytes are sent.
    File,
}

/// What is appended to a text packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineEnding {
    /// Nothing.
    #[default]
    None,
    /// `\n`.
    Lf,
    /// `\r\n`, as in HTTP, SMTP, FTP.
    CrLf,
    /// `\r`.
    Cr,
}

impl LineEnding {
    /// The characters it stands for.
    pub fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }
}
