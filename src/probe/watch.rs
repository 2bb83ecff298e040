//! A look at the kernel that is taken again and again: it keeps what it asks with. What it tells is the same on all systems,
//! what a system does not tell is said with the reason.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Drops, Listener, Unavailable, here};
use crate::sys::{Sock, TcpState};

/// A client that is in SYN_SENT: nobody answered its SYN yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calling {
    /// Its own address.
    pub local: SocketAddr,
    /// Whom it calls.
    pub peer: SocketAddr,
    /// How often its SYN was sent again; 0 where the system does not tell.
    pub retries: u32,
    /// When it is sent again, where the system tells.
    pub next_in: Option<Duration>,
}

/// All TCP handshakes of this machine (Linux: of this network namespace; macOS: of this process) that are not finished. IPv4 in
/// IPv6 is told as IPv4.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handshakes {
    /// Clients without an answer.
    pub calling: Vec<Calling>,
    /// SYN_RECV by the local address of the server's half, which is a real one also where the listener is bound to all (macOS: the
    /// listener's address).
    pub half_open: Vec<(SocketAddr, u32)>,
    /// The same one by one where the system names them (Linux, Windows): the server's address, the client's.
    pub half_open_of: Option<Vec<(SocketAddr, SocketAddr)>>,
}

impl Handshakes {
    /// How many stand in the SYN queue of the listener at this address; one that is bound to all addresses has those of its port.
    pub fn half_open_at(&self, listener: SocketAddr) -> u32 {
        let belongs = |at: SocketAddr| at.port() == listener.port() && reaches(listener.ip(), at.ip());
        self.half_open.iter().filter(|(at, _)| belongs(*at)).map(|(_, n)| n).sum()
    }

    /// The client with this address of its own.
    pub fn calling_from(&self, local: SocketAddr) -> Option<&Calling> {
        let local = SocketAddr::new(local.ip().to_canonical(), local.port());
        self.calling.iter().find(|calling| calling.local == local)
    }
}

/// Whether a listener bound to `bound` is who answers at `asked`.
fn reaches(bound: IpAddr, asked: IpAddr) -> bool {
    match (bound.to_canonical(), asked.to_canonical()) {
        (IpAddr::V4(bound), IpAddr::V4(asked)) => bound.is_unspecified() || bound == asked,
        // Where IPV6_V6ONLY is off, `[::]` takes IPv4 too.
        (IpAddr::V6(bound), asked) => bound.is_unspecified() || IpAddr::V6(bound) == asked,
        (IpAddr::V4(_), IpAddr::V6(_)) => false,
    }
}

/// Where the server's half of a TCP connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HalfStage {
    /// SYN_RECV: in the SYN queue.
    HalfOpen,
    /// Finished, and no program has it: in the accept queue.
    Queued,
    /// A program has it, or had it.
    Accepted,
}

/// The server's half of a TCP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerHalf {
    /// How far it is.
    pub stage: HalfStage,
    /// Bytes that arrived there and that nobody has read.
    pub unread: u32,
}

/// Where somebody listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenAddr {
    /// TCP.
    Inet(SocketAddr),
    /// A Unix socket file, as it was bound: perhaps relative to a directory of that process.
    Path(PathBuf),
    /// Linux's abstract name space (unix(7)), without the leading NUL.
    Abstract(Vec<u8>),
}

impl std::fmt::Display for ListenAddr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Inet(addr) => addr.fmt(f),
            Self::Path(path) => path.display().fmt(f),
            Self::Abstract(name) => write!(f, "@{}", String::from_utf8_lossy(name)),
        }
    }
}

/// A listener of this machine, whosever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignListener {
    /// Where it listens.
    pub addr: ListenAddr,
    /// Its accept queue.
    pub queue: Listener,
    /// Bound to `[::]` and closed for IPv4.
    pub only_ipv6: bool,
    /// Its socket's inode, where the system has such numbers.
    pub inode: Option<u64>,
    /// Whose it is, where known.
    pub uid: Option<u32>,
}

impl ForeignListener {
    /// Whether a client that connects to this address meets it.
    pub fn answers(&self, asked: SocketAddr) -> bool {
        match self.addr {
            ListenAddr::Inet(at) => {
                let crosses = at.is_ipv6() && asked.ip().to_canonical().is_ipv4();
                at.port() == asked.port() && reaches(at.ip(), asked.ip()) && !(crosses && self.only_ipv6)
            }
            ListenAddr::Path(_) | ListenAddr::Abstract(_) => false,
        }
    }
}

/// Asks the kernel, and keeps what it asks with (Linux: a netlink socket, its buffer, and an open file of `/proc`). It looks into the
/// network namespace of the thread that made it.
#[derive(Debug)]
pub struct KernelWatch(here::Watch);

impl KernelWatch {
    /// Whether one socket is asked about without a walk over all of them.
    pub const ONE_IS_CHEAP: bool = cfg!(target_os = "linux");

    /// Why the state of one connection is not told; `None` where it is.
    pub const NO_STATES: Option<Unavailable> = if cfg!(target_os = "linux") { None } else { Some(Unavailable::States) };

    /// Opens what is needed. No privileges are.
    pub fn new() -> Result<Self, Unavailable> {
        here::Watch::new().map(Self)
    }

    /// Every TCP handshake that is not finished, of any process.
    pub fn handshakes(&mut self) -> Result<Handshakes, Unavailable> {
        self.0.handshakes()
    }

    /// One client's handshake by its two ends; `None` when it is over. Cheaper than all of them when few are waited for.
    pub fn calling(&mut self, local: SocketAddr, peer: SocketAddr) -> Result<Option<Calling>, Unavailable> {
        self.0.calling(local, peer)
    }

    /// Every stream listener, of any process: TCP and Unix.
    pub fn listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        let mut all = self.tcp_listeners()?;
        all.append(&mut self.unix_listeners()?);
        Ok(all)
    }

    /// Every TCP listener, of any process.
    pub fn tcp_listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        self.0.tcp_listeners()
    }

    /// Every Unix stream listener, of any process.
    pub fn unix_listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        self.0.unix_listeners()
    }

    /// The Unix listeners behind this socket file, under whatever name they were bound. A file whose server is gone has none.
    pub fn listeners_at(&mut self, path: &Path) -> Result<Vec<ForeignListener>, Unavailable> {
        self.0.listeners_at(path)
    }

    /// The queue of one of our own listeners, TCP or Unix.
    pub fn listener(&mut self, sock: &Sock) -> Result<Listener, Unavailable> {
        self.0.listener(sock)
    }

    /// The queue of a listener of which only its inode is known: a Unix one. `None` when it is gone.
    pub fn unix_listener(&mut self, inode: u64) -> Result<Option<Listener>, Unavailable> {
        self.0.unix_listener(inode)
    }

    /// What was dropped at listeners so far.
    pub fn drops(&mut self) -> Result<Drops, Unavailable> {
        self.0.drops()
    }

    /// The server's half of a TCP connection, accepted or not; `None` when the kernel knows of none.
    pub fn server_half(&mut self, server: SocketAddr, client: SocketAddr) -> Result<Option<ServerHalf>, Unavailable> {
        self.0.server_half(server, client)
    }

    /// In which state the kernel holds the TCP socket with these ends, also one that no program has any more; `None` when there is no
    /// such socket.
    pub fn tcp_state(&mut self, local: SocketAddr, peer: SocketAddr) -> Result<Option<TcpState>, Unavailable> {
        #[cfg(target_os = "linux")]
        return self.0.tcp_state(local, peer);
        #[cfg(not(target_os = "linux"))]
        {
            let _nobody_to_ask = (local, peer);
            Err(Unavailable::States)
        }
    }
}
