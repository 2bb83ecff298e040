//! One netlink socket and one open file, asked again and again.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::netstat::Netstat;
use super::{SILENT, is_inet, tcp_listener, unix_listener};
use crate::probe::{Calling, Drops, ForeignListener, HalfStage, Handshakes, ListenAddr, Listener, ServerHalf, Unavailable};
use crate::sys::sock_diag::{About, SockDiag, TcpSock, UnixSock};
use crate::sys::{Sock, TcpState};

#[derive(Debug)]
pub(in crate::probe) struct Watch {
    diag: SockDiag,
    netstat: Netstat,
}

impl Watch {
    pub(in crate::probe) fn new() -> Result<Self, Unavailable> {
        Ok(Self { diag: SockDiag::open().map_err(|_| SILENT)?, netstat: Netstat::open()? })
    }

    pub(in crate::probe) fn handshakes(&mut self) -> Result<Handshakes, Unavailable> {
        let mut found = Handshakes::default();
        let mut named = Vec::new();
        let each = |sock: TcpSock| match sock.state {
            TcpState::SynSent => found.calling.push(calling(&sock)),
            TcpState::SynRecv => {
                named.push((sock.local, sock.peer));
                match found.half_open.iter_mut().find(|(at, _)| *at == sock.local) {
                    Some((_, n)) => *n += 1,
                    None => found.half_open.push((sock.local, 1)),
                }
            }
            TcpState::Established
            | TcpState::FinWait1
            | TcpState::FinWait2
            | TcpState::TimeWait
            | TcpState::Closed
            | TcpState::CloseWait
            | TcpState::LastAck
            | TcpState::Listen
            | TcpState::Closing => {}
        };
        self.diag.tcp(About::Handshakes, each).map_err(|_| SILENT)?;
        found.half_open_of = Some(named);
        Ok(found)
    }

    pub(in crate::probe) fn calling(&mut self, local: SocketAddr, peer: SocketAddr) -> Result<Option<Calling>, Unavailable> {
        let sock = self.diag.tcp_between(local, peer).map_err(|_| SILENT)?;
        Ok(sock.filter(|sock| sock.state == TcpState::SynSent).map(|sock| calling(&sock)))
    }

    pub(in crate::probe) fn tcp_listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        let mut found = Vec::new();
        let each = |sock: TcpSock| {
            found.push(ForeignListener {
                addr: ListenAddr::Inet(sock.local),
                queue: Listener { waiting: sock.waiting, limit: sock.limit },
                only_ipv6: sock.only_ipv6,
                inode: Some(sock.inode.into()),
                uid: Some(sock.uid),
            });
        };
        self.diag.tcp(About::Listeners, each).map_err(|_| SILENT)?;
        Ok(found)
    }

    pub(in crate::probe) fn unix_listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        let mut found = Vec::new();
        self.diag.unix_listeners(|sock| found.push(unix(&sock))).map_err(|_| SILENT)?;
        Ok(found)
    }

    pub(in crate::probe) fn listeners_at(&mut self, path: &Path) -> Result<Vec<ForeignListener>, Unavailable> {
        let file = std::fs::metadata(path).ok().map(|meta| file_number(&meta));
        let mut found = Vec::new();
        let each = |sock: UnixSock| {
            // By the file itself, since it may have been bound by a relative name; by name on file systems that number files otherwise.
            if (file.is_some() && sock.file == file) || sock.name == path.as_os_str().as_bytes() {
                found.push(unix(&sock));
            }
        };
        self.diag.unix_listeners(each).map_err(|_| SILENT)?;
        Ok(found)
    }

    pub(in crate::probe) fn listener(&mut self, sock: &Sock) -> Result<Listener, Unavailable> {
        if is_inet(sock) { tcp_listener(sock) } else { unix_listener(&mut self.diag, sock) }
    }

    pub(in crate::probe) fn unix_listener(&mut self, inode: u64) -> Result<Option<Listener>, Unavailable> {
        let found = self.diag.unix_listener(inode as u32).map_err(|_| SILENT)?;
        Ok(found.map(|sock| Listener { waiting: sock.waiting, limit: sock.limit }))
    }

    pub(in crate::probe) fn drops(&mut self) -> Result<Drops, Unavailable> {
        self.netstat.read()
    }

    pub(in crate::probe) fn server_half(&mut self, server: SocketAddr, client: SocketAddr) -> Result<Option<ServerHalf>, Unavailable> {
        let half = |sock: TcpSock| {
            let stage = match (sock.state, sock.inode) {
                (TcpState::SynRecv, _) => HalfStage::HalfOpen,
                // A child gets its inode with its descriptor (inet_csk_accept, sock_graft).
                (TcpState::Established | TcpState::CloseWait, 0) => HalfStage::Queued,
                (
                    TcpState::Established
                    | TcpState::SynSent
                    | TcpState::FinWait1
                    | TcpState::FinWait2
                    | TcpState::TimeWait
                    | TcpState::Closed
                    | TcpState::CloseWait
                    | TcpState::LastAck
                    | TcpState::Listen
                    | TcpState::Closing,
                    _,
                ) => HalfStage::Accepted,
            };
            ServerHalf { stage, unread: sock.waiting }
        };
        Ok(self.diag.tcp_between(server, client).map_err(|_| SILENT)?.map(half))
    }

    pub(in crate::probe) fn tcp_state(&mut self, local: SocketAddr, peer: SocketAddr) -> Result<Option<TcpState>, Unavailable> {
        Ok(self.diag.tcp_between(local, peer).map_err(|_| SILENT)?.map(|sock| sock.state))
    }
}

fn calling(sock: &TcpSock) -> Calling {
    Calling { local: sock.local, peer: sock.peer, retries: sock.retries, next_in: sock.next_in }
}

fn unix(sock: &UnixSock) -> ForeignListener {
    let addr = match sock.name.split_first() {
        Some((0, name)) => ListenAddr::Abstract(name.to_vec()),
        Some(_) | None => ListenAddr::Path(OsStr::from_bytes(&sock.name).into()),
    };
    let queue = Listener { waiting: sock.waiting, limit: sock.limit };
    // unix_diag tells the owner only when asked with UDIAG_SHOW_UID, of which the crate does not know.
    ForeignListener { addr, queue, only_ipv6: false, inode: Some(sock.inode.into()), uid: None }
}

/// A file as unix_diag numbers it: the inode cut to 32 bits, and the device in the kernel's own way (`MKDEV`: minors in 20 bits).
fn file_number(meta: &std::fs::Metadata) -> (u32, u32) {
    (meta.ino() as u32, crate::sys::sock_diag::kernel_device(meta.dev()))
}
