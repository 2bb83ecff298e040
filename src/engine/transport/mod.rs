//! Making sockets: looks names up, creates, names and opens the listening end or the calling end of each family.
//!
//! It must not wait for a peer and must not move payload: that is for the models and for the client driver.

mod lookup;
mod run_dir;
mod tcp;
mod udp;
mod unix;

#[cfg(test)]
mod tests;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use crate::lab::{Address, Transport};
use crate::sys::{Domain, Kind, Sock, SockAddr, errno_name, fmt_addr};
use crate::trace::{Call, Got, Lane};

use super::catalog;
use super::{Cause, Failure, Operation};

pub(in crate::engine) use unix::SocketFile;

/// What stands for the address of a pair in words about it.
pub(in crate::engine) const PAIR: &str = "pair";

/// How a stream server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Listening {
    /// The n of `listen(n)`.
    pub backlog: u32,
    /// `TCP_DEFER_ACCEPT` in seconds; 0 leaves it off.
    pub defer_accept_s: u32,
}

impl From<u32> for Listening {
    fn from(backlog: u32) -> Self {
        Self { backlog, defer_accept_s: 0 }
    }
}

/// A server's socket: bound, and listening if it is a stream.
#[derive(Debug)]
pub(in crate::engine) struct Bound {
    /// Blocking, as systems make them.
    pub sock: Sock,
    /// What `getsockname` answered.
    pub local: SockAddr,
    /// The file it made, for Unix sockets with a path.
    pub file: Option<SocketFile>,
    /// Whether the file of a dead server stood in the way and was replaced.
    pub replaced_stale: bool,
    /// An option that was asked for and could not be had; it listens without.
    pub lacking: Option<Obstacle>,
}

/// A client's socket: non-blocking, bound where that was asked or is needed, not yet connected.
#[derive(Debug)]
pub(in crate::engine) struct Opened {
    /// Non-blocking.
    pub sock: Sock,
    /// The file it made, for Unix sockets bound to a path.
    pub file: Option<SocketFile>,
}

/// A call that failed, with the system's error as it was: a [`Failure`] for the person, an `io::Error` for the board.
#[derive(Debug)]
pub(in crate::engine) struct Obstacle {
    /// The call.
    pub call: Call,
    /// To which address.
    pub endpoint: Arc<str>,
    /// What the system said, or said in its place.
    pub error: io::Error,
    failure: Failure,
}

impl Obstacle {
    fn new(call: Call, endpoint: &str, error: io::Error) -> Self {
        let failure = Failure::new(call.into(), endpoint, &error);
        Self { call, endpoint: endpoint.into(), error, failure }
    }

    fn because(call: Call, endpoint: &str, kind: io::ErrorKind, cause: Cause) -> Self {
        let failure = Failure::because(call.into(), endpoint, cause);
        Self { call, endpoint: endpoint.into(), error: io::Error::new(kind, failure.clone()), failure }
    }
}

impl Obstacle {
    /// The name that the system gave it.
    fn with_errno(mut self, errno: &'static str) -> Self {
        self.failure.errno = Some(errno);
        self.error = io::Error::new(self.error.kind(), self.failure.clone());
        self
    }
}

impl From<Obstacle> for Failure {
    fn from(obstacle: Obstacle) -> Self {
        obstacle.failure
    }
}

/// The socket addresses an address stands for, in the resolver's order. Numeric ones need no lookup; a host name asks
/// `getaddrinfo(3)` and **blocks** as long as the system's resolver does, or until `gives_up`, so only threads that may wait
/// call this.
///
/// An empty host is every address of this machine for a server (`passive`) and loopback for a client; a wildcard a client
/// names means loopback too, because only some systems let one connect to it.
pub(in crate::engine) fn resolve(
    lane: &Lane,
    address: &Address,
    passive: bool,
    gives_up: &dyn Fn() -> bool,
) -> Result<Vec<SockAddr>, Failure> {
    let (host, port) = match address {
        Address::Path(path) => return Ok(vec![unix::sock_addr(&run_dir::meant_path(path))?]),
        Address::Inet { host, port } => (host.as_str(), *port),
    };
    if host.is_empty() {
        let ip = if passive { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        return Ok(vec![SocketAddr::from((ip, port)).into()]);
    }
    if let Ok(ip) = host.parse::<IpAddr>() {
        let literal = SockAddr::from(SocketAddr::from((ip, port)));
        return Ok(vec![if passive { literal } else { reachable(&literal) }]);
    }
    let name = host.to_owned();
    let question = move || (name.as_str(), port).to_socket_addrs();
    let found = lane.call(Call::GetAddrInfo, -1, [0; 2], true, || lookup::ask(gives_up, question), Got::done);
    match found {
        Ok(None) => Err(Failure::because(Operation::Resolve, address.to_string(), Cause::Other("stopped during the look-up".into()))),
        Ok(Some(found)) => {
            let found: Vec<SockAddr> = found.map(SockAddr::from).collect();
            if found.is_empty() { Err(not_found(address)) } else { Ok(found) }
        }
        // EAI_SYSTEM carries an errno (getaddrinfo(3)); every other EAI code means that the name leads nowhere.
        Err(error) if errno_name(&error).is_some() => Err(Failure::new(Operation::Resolve, address.to_string(), &error)),
        Err(_) => Err(not_found(address)),
    }
}

fn not_found(address: &Address) -> Failure {
    Failure::because(Operation::Resolve, address.to_string(), Cause::NameNotFound)
}

/// Where a client reaches what is bound to `addr`: loopback for a wildcard, else `addr`. Linux takes a connect to 0.0.0.0 as
/// one to loopback, Windows refuses it.
pub(in crate::engine) fn reachable(addr: &SockAddr) -> SockAddr {
    match addr.as_socket() {
        Some(inet) if inet.ip().is_unspecified() => {
            let ip: IpAddr = if inet.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
            SocketAddr::new(ip, inet.port()).into()
        }
        Some(_) | None => addr.clone(),
    }
}

/// A server's socket: created, named, and for streams listening with exactly this backlog. Of several addresses (a name)
/// the first that binds is taken. IPv6's wildcard `::` takes IPv4 clients too (`IPV6_V6ONLY` off), on every system that can.
pub(in crate::engine) fn bind_server(
    lane: &Lane,
    transport: Transport,
    address: &Address,
    listening: impl Into<Listening>,
    gives_up: &dyn Fn() -> bool,
) -> Result<Bound, Failure> {
    let address = &run_dir::meant(address);
    check(transport, &address.to_string())?;
    let listening = listening.into();
    let mut last = None;
    for addr in resolve(lane, address, true, gives_up)? {
        let bound = match transport {
            Transport::Tcp => tcp::bind(lane, &addr, listening),
            Transport::Udp => udp::bind(lane, &addr),
            Transport::UnixStream => unix::bind(lane, Kind::Stream, &addr, address, Some(listening.backlog)),
            Transport::UnixDgram => unix::bind(lane, Kind::Dgram, &addr, address, None),
        };
        match bound {
            Ok(mut bound) => {
                if transport != Transport::Tcp && listening.defer_accept_s > 0 {
                    bound.lacking = Some(only_tcp("TCP_DEFER_ACCEPT", &address.to_string()));
                }
                return Ok(bound);
            }
            Err(obstacle) => last = Some(obstacle),
        }
    }
    Err(last.map_or_else(|| not_found(address), Failure::from))
}

/// A socket for one connection of a client to `addr`, bound to `local` if given. Not yet connected.
pub(in crate::engine) fn open_client_socket(
    lane: &Lane,
    transport: Transport,
    addr: &SockAddr,
    local: Option<&SockAddr>,
) -> Result<Opened, Obstacle> {
    let opened = match transport {
        Transport::Tcp => tcp::open(lane, addr, local),
        Transport::Udp => udp::open(lane, addr, local),
        Transport::UnixStream => unix::open(lane, Kind::Stream, local),
        Transport::UnixDgram => unix::open(lane, Kind::Dgram, local),
    }?;
    match opened.sock.set_nonblocking(lane, true) {
        Ok(()) => Ok(opened),
        Err(error) => Err(Obstacle::new(Call::Fcntl, &fmt_addr(addr), error)),
    }
}

/// Both ends of a `socketpair(2)`, non-blocking: connected to each other as they are made.
pub(in crate::engine) fn open_pair(lane: &Lane, transport: Transport) -> Result<[Opened; 2], Obstacle> {
    let kind = if transport.is_stream() { Kind::Stream } else { Kind::Dgram };
    let ends = Sock::pair(lane, kind).map_err(|error| Obstacle::new(Call::SocketPair, PAIR, error))?;
    Ok(ends.map(|sock| Opened { sock, file: None }))
}

/// `TCP_SYNCNT` for a socket that is about to connect.
pub(in crate::engine) fn limit_syn_retries(
    lane: &Lane,
    transport: Transport,
    sock: &Sock,
    count: u32,
    to: &SockAddr,
) -> Result<(), Obstacle> {
    let endpoint = fmt_addr(to);
    if transport == Transport::Tcp {
        sock.set_syn_retries(lane, count).map_err(|error| option_refused(&endpoint, error))
    } else {
        Err(only_tcp("TCP_SYNCNT", &endpoint))
    }
}

/// A socket option of TCP that was asked for another transport.
fn only_tcp(option: &str, endpoint: &str) -> Obstacle {
    let cause = Cause::NotAvailable(format!("{option} is an option of TCP (tcp(7)); it was left out").into());
    Obstacle::because(Call::SetSockOpt, endpoint, io::ErrorKind::Unsupported, cause)
}

/// The system refused a socket option, or has none of that name.
fn option_refused(endpoint: &str, error: io::Error) -> Obstacle {
    if error.kind() == io::ErrorKind::Unsupported && error.raw_os_error().is_none() {
        let cause = Cause::NotAvailable(format!("{error}; it was left out").into());
        return Obstacle::because(Call::SetSockOpt, endpoint, io::ErrorKind::Unsupported, cause);
    }
    Obstacle::new(Call::SetSockOpt, endpoint, error)
}

/// Whether this system makes pairs of such sockets.
pub(in crate::engine) fn check_pair(transport: Transport) -> Result<(), Failure> {
    let not_unix = (!transport.is_unix()).then_some("a pair is made of Unix sockets");
    match not_unix.or(catalog::no_pairs()) {
        Some(reason) => Err(Failure::because(Operation::Socket, PAIR, Cause::NotAvailable(reason.into()))),
        None => Ok(()),
    }
}

/// Whether this system has the transport at all.
pub(in crate::engine) fn check(transport: Transport, endpoint: &str) -> Result<(), Failure> {
    match catalog::missing(transport) {
        Some(reason) => Err(Failure::because(Operation::Socket, endpoint, Cause::NotAvailable(reason.into()))),
        None => Ok(()),
    }
}

/// The family of an Internet address.
fn domain(addr: &SockAddr) -> Domain {
    if addr.is_ipv6() { Domain::Ipv6 } else { Domain::Ipv4 }
}

fn open(lane: &Lane, domain: Domain, kind: Kind, endpoint: &str) -> Result<Sock, Obstacle> {
    Sock::open(lane, domain, kind).map_err(|error| Obstacle::new(Call::Socket, endpoint, error))
}

fn bind(lane: &Lane, sock: &Sock, addr: &SockAddr) -> Result<(), Obstacle> {
    sock.bind(lane, addr).map_err(|error| Obstacle::new(Call::Bind, &fmt_addr(addr), error))
}

fn listen(lane: &Lane, sock: &Sock, backlog: u32, endpoint: &str) -> Result<(), Obstacle> {
    sock.listen(lane, backlog).map_err(|error| Obstacle::new(Call::Listen, endpoint, error))
}

fn bound(sock: Sock, endpoint: &str, file: Option<SocketFile>, replaced_stale: bool) -> Result<Bound, Obstacle> {
    match sock.local_addr() {
        Ok(local) => Ok(Bound { sock, local, file, replaced_stale, lacking: None }),
        Err(error) => Err(Obstacle::new(Call::Bind, endpoint, error)),
    }
}

/// `::` means IPv4 too. What a system prefers differs (Linux: sysctl `net.ipv6.bindv6only`; Windows: off for neither), so we
/// ask; OpenBSD never allows it, and then IPv6 alone is served.
fn take_ipv4_too(lane: &Lane, sock: &Sock, addr: &SockAddr) {
    let wildcard = addr.as_socket_ipv6().is_some_and(|v6| v6.ip().is_unspecified());
    if wildcard {
        let _ipv6_alone = lane.call(Call::SetSockOpt, sock.fd(), [0; 2], false, || sock.options().set_only_v6(false), Got::done);
    }
}

/// The error of a connect that we gave up: the system's own "timed out".
pub(in crate::engine) fn timed_out() -> io::Error {
    #[cfg(unix)]
    let number = libc::ETIMEDOUT;
    #[cfg(windows)]
    let number = windows_sys::Win32::Networking::WinSock::WSAETIMEDOUT;
    io::Error::from_raw_os_error(number)
}

/// The error of a send that finds nobody: the system's own "not connected".
pub(in crate::engine) fn not_connected() -> io::Error {
    #[cfg(unix)]
    let number = libc::ENOTCONN;
    #[cfg(windows)]
    let number = windows_sys::Win32::Networking::WinSock::WSAENOTCONN;
    io::Error::from_raw_os_error(number)
}
