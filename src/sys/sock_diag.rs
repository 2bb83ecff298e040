//! `sock_diag(7)`, Linux: what the kernel tells of any socket of this network namespace over netlink, without privileges.
//! Asking is no part of the experiment, so it is not traced. It only asks and parses; what the answers mean is `probe`'s matter.

use std::io::{self, Read};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use netlink_packet_core::{
    Emitable, NLM_F_DUMP, NLM_F_REQUEST, NLMSG_DONE, NLMSG_ERROR, NetlinkBuffer, NetlinkHeader, NetlinkSerializable, NlasIterator,
    Parseable,
};
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, InetResponseBuffer, InetResponseHeader, SocketId, StateFlags, Timer};
use netlink_packet_sock_diag::unix::{self, ShowFlags, UnixRequest, UnixResponse, nlas};
use netlink_packet_sock_diag::{AF_INET, AF_INET6, IPPROTO_TCP, SockDiagMessage, TCP_LISTEN};

use super::{Sock, TcpState};

/// The kernel fills at most 32 KiB in one go (`netlink_recvmsg`, max_recvmsg_len).
const BUFFER: usize = 32 * 1024;
/// The kernel answers within the call that reads; this is only so that nothing waits for ever.
const PATIENCE: Duration = Duration::from_secs(1);
/// `TCPDIAG_GETSOCK` (linux/inet_diag.h).
const TCPDIAG_GETSOCK: u16 = 18;
/// `INET_DIAG_SKV6ONLY` (linux/inet_diag.h).
const ONLY_IPV6: u16 = 11;
/// What stands where no cookie is known (`INET_DIAG_NOCOOKIE`).
const NO_COOKIE: [u8; 8] = [0xff; 8];

/// Which states a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// LISTEN.
    Listeners,
    /// SYN_SENT and SYN_RECV.
    Handshakes,
}

/// One TCP socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpSock {
    /// What it does.
    pub state: TcpState,
    /// Where it is bound.
    pub local: SocketAddr,
    /// Its other end; of a listener the unspecified address and port 0.
    pub peer: SocketAddr,
    /// How often its SYN (or SYN-ACK) was sent again.
    pub retries: u32,
    /// When it is sent again.
    pub next_in: Option<Duration>,
    /// A listener's accept queue; else bytes that were not read.
    pub waiting: u32,
    /// A listener's limit n; else bytes not acknowledged.
    pub limit: u32,
    /// Whose it is.
    pub uid: u32,
    /// Its inode; 0 as long as it was not accepted.
    pub inode: u32,
    /// A listener on `[::]` that takes no IPv4.
    pub only_ipv6: bool,
}

/// One Unix stream listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnixSock {
    /// Its inode.
    pub inode: u32,
    /// Its name: a path as it was bound, or a 0 and an abstract name.
    pub name: Vec<u8>,
    /// Inode and device (as the kernel numbers it) of its socket file.
    pub file: Option<(u32, u32)>,
    /// Connected, not accepted yet.
    pub waiting: u32,
    /// The limit n.
    pub limit: u32,
}

/// A netlink socket and its buffers, which are used again for each question.
#[derive(Debug)]
pub struct SockDiag {
    socket: socket2::Socket,
    answer: Vec<u8>,
    question: Vec<u8>,
    sequence: u32,
    /// Whether this kernel still answers `TCPDIAG_GETSOCK`.
    knows_elder: bool,
}

impl SockDiag {
    /// Opens it, in the network namespace of the calling thread.
    pub fn open() -> io::Result<Self> {
        let protocol = socket2::Protocol::from(libc::NETLINK_SOCK_DIAG);
        let socket = socket2::Socket::new(socket2::Domain::from(libc::AF_NETLINK), socket2::Type::DGRAM, Some(protocol))?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { socket, answer: vec![0; BUFFER], question: Vec::new(), sequence: 0, knows_elder: true })
    }

    /// All TCP sockets of these states, IPv4 and IPv6.
    pub fn tcp(&mut self, about: About, mut each: impl FnMut(TcpSock)) -> io::Result<()> {
        let states = match about {
            About::Listeners => StateFlags::LISTEN,
            About::Handshakes => StateFlags::SYN_SENT | StateFlags::SYN_RECV,
        };
        // Walking the kernel's table of connections is what costs. The elder question (struct inet_diag_req, linux/inet_diag.h) walks
        // it once for both families: it leaves the family open, which the newer one may not.
        if self.knows_elder {
            let mut body = [0; 60];
            SocketId::new_v4().emit(&mut body[4..52]);
            body[52..56].copy_from_slice(&states.bits().to_ne_bytes());
            match self.ask(TCPDIAG_GETSOCK, NLM_F_DUMP, &body, |body| tcp_sock(body).map(&mut each)) {
                Err(error) if matches!(error.raw_os_error(), Some(libc::EINVAL | libc::ENOENT | libc::EOPNOTSUPP)) => {
                    self.knows_elder = false
                }
                answered => return answered,
            }
        }
        for (family, any) in [(AF_INET, SocketId::new_v4()), (AF_INET6, SocketId::new_v6())] {
            let request = SockDiagMessage::InetRequest(tcp_request(family, states.clone(), any));
            self.ask_for(&request, NLM_F_DUMP, |body| tcp_sock(body).map(&mut each))?;
        }
        Ok(())
    }

    /// The TCP socket with exactly these ends. A socket that nobody accepted yet is one too.
    pub fn tcp_between(&mut self, local: SocketAddr, peer: SocketAddr) -> io::Result<Option<TcpSock>> {
        let (local, peer) = (canonical(local), canonical(peer));
        let (family, any) = if local.is_ipv4() { (AF_INET, SocketId::new_v4()) } else { (AF_INET6, SocketId::new_v6()) };
        let id = SocketId {
            source_address: local.ip(),
            source_port: local.port(),
            destination_address: peer.ip(),
            destination_port: peer.port(),
            cookie: NO_COOKIE,
            ..any
        };
        let mut found = None;
        let request = tcp_request(family, StateFlags::all(), id);
        there(self.ask_for(&SockDiagMessage::InetRequest(request), 0, |body| tcp_sock(body).map(|sock| found = Some(sock))))?;
        // The kernel's look-up falls back to a listener of that port.
        Ok(found.filter(|sock| sock.local == local && sock.peer == peer))
    }

    /// All Unix stream listeners, with their names.
    pub fn unix_listeners(&mut self, mut each: impl FnMut(UnixSock)) -> io::Result<()> {
        let show = ShowFlags::NAME | ShowFlags::VFS | ShowFlags::RQLEN;
        let request = UnixRequest { state_flags: unix::StateFlags::LISTEN, inode: 0, show_flags: show, cookie: NO_COOKIE };
        self.ask_for(&SockDiagMessage::UnixRequest(request), NLM_F_DUMP, |body| {
            unix_sock(body).map(|sock| sock.into_iter().for_each(&mut each))
        })
    }

    /// The Unix stream listener with this inode, without its name.
    pub fn unix_listener(&mut self, inode: u32) -> io::Result<Option<UnixSock>> {
        let request = UnixRequest { state_flags: unix::StateFlags::LISTEN, inode, show_flags: ShowFlags::RQLEN, cookie: NO_COOKIE };
        let mut found = None;
        there(self.ask_for(&SockDiagMessage::UnixRequest(request), 0, |body| unix_sock(body).map(|sock| found = sock)))?;
        Ok(found)
    }

    fn ask_for(&mut self, question: &SockDiagMessage, flags: u16, each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut body = [0; 72];
        let body = &mut body[..NetlinkSerializable::buffer_len(question)];
        question.serialize(body);
        self.ask(question.message_type(), flags, body, each)
    }

    /// One question; each answer's body goes to `each`. All of them are read even when one cannot be understood, because the
    /// kernel refuses the next question (EBUSY) while it still answers this one.
    fn ask(&mut self, kind: u16, flags: u16, body: &[u8], mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        self.sequence = self.sequence.wrapping_add(1);
        let mut header = NetlinkHeader::default();
        let length = header.buffer_len() + body.len();
        header.length = u32::try_from(length).map_err(io::Error::other)?;
        (header.message_type, header.flags, header.sequence_number) = (kind, NLM_F_REQUEST | flags, self.sequence);
        self.question.resize(length, 0);
        header.emit(&mut self.question);
        self.question[length - body.len()..].copy_from_slice(body);
        self.socket.send(&self.question)?;
        let mut result = Ok(());
        loop {
            let len = match (&self.socket).read(&mut self.answer) {
                Ok(len) => len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    *self = Self::open()?;
                    return Err(error);
                }
            };
            let mut rest = &self.answer[..len];
            while !rest.is_empty() {
                let Ok(message) = NetlinkBuffer::new_checked(rest) else {
                    *self = Self::open()?;
                    return Err(io::ErrorKind::InvalidData.into());
                };
                if message.sequence_number() == self.sequence {
                    match message.message_type() {
                        NLMSG_DONE | NLMSG_ERROR => return errno(message.payload()).and(result),
                        answer if answer == kind => result = result.and(each(message.payload())),
                        other => result = result.and(Err(io::Error::other(format!("netlink message {other}")))),
                    }
                    if flags == 0 {
                        return result;
                    }
                }
                // NLMSG_ALIGN
                rest = rest.get((message.length() as usize).next_multiple_of(4)..).unwrap_or_default();
            }
        }
    }
}

fn tcp_request(family: u8, states: StateFlags, socket_id: SocketId) -> InetRequest {
    InetRequest { family, protocol: IPPROTO_TCP, extensions: ExtensionFlags::empty(), states, socket_id }
}

/// "No such socket" is an answer.
fn there(asked: io::Result<()>) -> io::Result<()> {
    asked.or_else(|error| if error.raw_os_error() == Some(libc::ENOENT) { Ok(()) } else { Err(error) })
}

/// How an answer ended: a negative errno, or 0 (netlink(7), NLMSG_ERROR; a dump's NLMSG_DONE carries the same).
fn errno(payload: &[u8]) -> io::Result<()> {
    match payload.first_chunk().map_or(0, |code| i32::from_ne_bytes(*code)) {
        code if code < 0 => Err(io::Error::from_raw_os_error(-code)),
        _ => Ok(()),
    }
}

fn tcp_sock(body: &[u8]) -> io::Result<TcpSock> {
    let header = InetResponseHeader::parse(body).map_err(io::Error::other)?;
    let id = &header.socket_id;
    let state = TcpState::from_linux(header.state);
    let (next_in, retries) = match header.timer {
        Some(Timer::Retransmit(expires, retries)) => (Some(expires), retries.into()),
        Some(Timer::KeepAlive(_) | Timer::TimeWait | Timer::Probe(_)) | None => (None, 0),
    };
    let more = body.get(size_of::<InetResponseBuffer>()..).unwrap_or_default();
    let only_ipv6 = state == TcpState::Listen
        && NlasIterator::new(more).flatten().any(|attribute| attribute.kind() == ONLY_IPV6 && attribute.value().first() == Some(&1));
    Ok(TcpSock {
        state,
        local: canonical(SocketAddr::new(id.source_address, id.source_port)),
        peer: canonical(SocketAddr::new(id.destination_address, id.destination_port)),
        retries,
        next_in,
        waiting: header.recv_queue,
        limit: header.send_queue,
        uid: header.uid,
        inode: header.inode,
        only_ipv6,
    })
}

/// `None` for what is no listener: a question about one inode does not look at the state.
fn unix_sock(body: &[u8]) -> io::Result<Option<UnixSock>> {
    let answer = UnixResponse::parse(body).map_err(io::Error::other)?;
    if answer.header.state != TCP_LISTEN {
        return Ok(None);
    }
    let mut sock = UnixSock { inode: answer.header.inode, name: Vec::new(), file: None, waiting: 0, limit: 0 };
    for attribute in &answer.nlas {
        match attribute {
            nlas::Nla::Name(nlas::UnixDiagName::Pathname(path)) => sock.name = path.as_encoded_bytes().to_vec(),
            nlas::Nla::Name(nlas::UnixDiagName::Abstract(name)) => sock.name = [&[0][..], name].concat(),
            nlas::Nla::Vfs(vfs) => sock.file = Some(file(vfs)),
            nlas::Nla::ReceiveQueueLength(waiting, limit) => (sock.waiting, sock.limit) = (*waiting, *limit),
            _ => {}
        }
    }
    Ok(Some(sock))
}

/// The crate keeps the two numbers to itself, but writes them (`struct unix_diag_vfs`: inode, device).
fn file(vfs: &nlas::Vfs) -> (u32, u32) {
    let mut bytes = [0; 8];
    vfs.emit(&mut bytes);
    let [a, b, c, d, e, f, g, h] = bytes;
    (u32::from_ne_bytes([a, b, c, d]), u32::from_ne_bytes([e, f, g, h]))
}

/// IPv4 in IPv6 (`::ffff:127.0.0.1`), as listeners of both families see it, is IPv4.
fn canonical(addr: SocketAddr) -> SocketAddr {
    match addr.ip().to_canonical() {
        IpAddr::V4(ip) => SocketAddr::from((ip, addr.port())),
        IpAddr::V6(ip) => SocketAddr::from((ip, addr.port())),
    }
}

/// The number by which the kernel knows this socket (`stat`'s inode, cut as sock_diag cuts it).
pub fn inode(sock: &Sock) -> io::Result<u32> {
    // SAFETY: `stat` is made of integers, for which all zero is valid.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: `stat` lives through the call and has the layout the kernel expects; the descriptor is open as long as `sock` lives.
    let result = unsafe { libc::fstat(sock.fd() as libc::c_int, &raw mut stat) };
    if result == 0 { Ok(stat.st_ino as u32) } else { Err(io::Error::last_os_error()) }
}

/// A device number of `stat` as the kernel counts inside (linux/kdev_t.h, `MKDEV`: 20 bits of minor), which unix_diag tells.
pub fn kernel_device(dev: u64) -> u32 {
    libc::major(dev) << 20 | libc::minor(dev)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elder_question_and_the_newer_ones_are_answered_alike() {
        let doors = ["127.0.0.1:0", "[::1]:0"].map(|at| std::net::TcpListener::bind(at).unwrap());
        let ours = doors.each_ref().map(|door| door.local_addr().unwrap());
        let mut diag = SockDiag::open().unwrap();
        let [elder, newer] = [true, false].map(|knows_elder| {
            diag.knows_elder = knows_elder;
            let mut found = Vec::new();
            diag.tcp(About::Listeners, |sock| found.push(sock)).unwrap();
            ours.map(|at| found.iter().copied().find(|sock| sock.local == at).unwrap())
        });
        assert_eq!(elder, newer);
        assert!(elder.iter().all(|sock| sock.state == TcpState::Listen && sock.limit > 0 && sock.inode != 0), "{elder:?}");
        // The one that is refused does not stand in the way of the next.
        diag.knows_elder = true;
        assert!(diag.ask(TCPDIAG_GETSOCK, NLM_F_DUMP, &[0; 4], |_| Ok(())).is_err());
        assert!(diag.unix_listener(u32::MAX).unwrap().is_none());
    }
}
