//! How an endpoint's bytes become messages and go out, and what it answers by itself. Values only.

use std::fmt;

use super::Packet;
use crate::bytes::Framing;

/// Rules an endpoint has at most.
pub const MAX_RULES: usize = 64;
/// Multicast groups an endpoint joins at most; `net.ipv4.igmp_max_memberships` is 20 on a usual Linux.
pub const MAX_GROUPS: usize = 20;

/// What an endpoint does with the bytes of its connections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    /// How the stream it receives is cut, and its own messages are marked. Datagrams are messages already.
    pub framing: Framing,
    /// Answers of its own, before the service is asked. The first that matches a message answers it.
    pub rules: Vec<Rule>,
    /// How bytes go through the socket.
    pub wire: Wire,
    /// Only datagrams over IP use it.
    pub cast: Cast,
}

/// How bytes go through a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    /// Bytes one `recv` may return, from 1; 0 is the usual 64 KiB.
    pub recv_bytes: u32,
    /// Nagle's algorithm (RFC 896), as systems begin with it; off is `TCP_NODELAY`, tcp(7): small segments leave at once.
    pub nagle: bool,
    /// `TCP_CORK`, tcp(7), Linux; `TCP_NOPUSH` on BSD and macOS: only full segments leave, for at most 200 ms.
    pub cork: bool,
    /// A send goes out in pieces of so many bytes; 0 gives the kernel all of it.
    pub piece_bytes: u32,
    /// Between two pieces, in milliseconds.
    pub piece_ms: u32,
}

impl Default for Wire {
    /// What systems begin with: no option is set.
    fn default() -> Self {
        Self { recv_bytes: 0, nagle: true, cork: false, piece_bytes: 0, piece_ms: 0 }
    }
}

/// Broadcast and multicast.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cast {
    /// `SO_BROADCAST`, socket(7): without it a send to a broadcast address fails with `EACCES`.
    pub broadcast: bool,
    /// Groups it joins when it starts.
    pub groups: Vec<Group>,
    /// The interface its multicast leaves through: an address of it (IPv4) or its name; the system chooses when empty.
    pub interface: String,
    /// Hops its multicast may take: `IP_MULTICAST_TTL` (1 stays in this network), 0 to 255; `None` leaves it to the system.
    pub ttl: Option<u8>,
    /// Whether its multicast comes back to this machine: `IP_MULTICAST_LOOP`; `None` leaves it to the system, which loops it.
    pub loopback: Option<bool>,
}

/// A multicast group, RFC 1112 and RFC 4291.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// 224.0.0.0/4 or ff00::/8.
    pub address: std::net::IpAddr,
    /// The interface it is joined on: an address of it (IPv4) or its name; the system chooses when empty.
    pub interface: String,
}

/// When a message is answered, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Off keeps it and does not ask it.
    pub is_on: bool,
    /// Which messages.
    pub when: Match,
    /// The answer. Its schedule is not used: it is sent once.
    pub reply: Packet,
}

/// Which messages a rule is for. Texts are read as packets are: escapes, or hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// Every message.
    Any,
    /// Exactly these bytes.
    Exact(String),
    /// Beginning with these bytes.
    Prefix(String),
    /// Holding these bytes.
    Contains(String),
    /// A regular expression over bytes, in the syntax of the crate `regex`; `(?-u)` for bytes that are no UTF-8.
    Regex(String),
    /// So many bytes, from and to.
    Length(u32, u32),
}

/// A packet that is kept under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPacket {
    /// Unique in its folder.
    pub name: String,
    /// Folders from the outermost, separated by `/`; empty is the top.
    pub folder: String,
    /// What is sent, and when.
    pub packet: Packet,
}

/// Packets one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// Unique in the lab.
    pub name: String,
    /// What happens in order.
    pub steps: Vec<Step>,
    /// How often; 0 goes on until stopped.
    pub times: u32,
}

/// One step of a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Sends a packet once.
    Send(Packet),
    /// Does nothing for so many milliseconds.
    Wait(u32),
    /// Goes on when a message comes that matches; the sequence fails when none came in so many milliseconds.
    Reply {
        /// Which message.
        when: Match,
        /// How long it waits.
        within_ms: u32,
    },
}

impl Group {
    /// A group as people write it: `239.1.2.3`, or with the interface after a percent sign, as in RFC 4007: `ff02::1%lo`.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, interface) = text.trim().split_once('%').map_or((text.trim(), None), |(address, name)| (address, Some(name)));
        let address: std::net::IpAddr = address.parse().ok()?;
        let is_name = |name: &str| !name.is_empty() && name.trim() == name && !name.contains(char::is_control);
        let fits = address.is_multicast() && interface.is_none_or(is_name);
        fits.then(|| Self { address, interface: interface.unwrap_or_default().to_owned() })
    }
}

/// As [`Group::parse`] reads it.
impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = if self.interface.is_empty() { "" } else { "%" };
        write!(f, "{}{percent}{}", self.address, self.interface)
    }
}

impl Match {
    /// The kinds as they are written in files and on the command line.
    pub const IDS: [&'static str; 6] = ["any", "exact", "prefix", "contains", "regex", "length"];

    /// Which of [`IDS`](Self::IDS) it is.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Exact(_) => "exact",
            Self::Prefix(_) => "prefix",
            Self::Contains(_) => "contains",
            Self::Regex(_) => "regex",
            Self::Length(..) => "length",
        }
    }
}
