//! macOS: `proc_pidfdinfo` tells the queues of all sockets of this user's processes; `sysctl` the settings and what was dropped.

use std::net::SocketAddr;
use std::path::Path;

use super::{Calling, Clamp, Connecting, Drops, ForeignListener, Handshakes, ListenAddr, Listener, ServerHalf, Unavailable};
use crate::sys::Sock;
use crate::sys::proc_info::{Bound, StreamSock, of_all, of_process, own, sysctl, sysctl_words};

const SILENT: Unavailable = Unavailable::PidFdInfo;

pub(super) fn listener(sock: &Sock) -> Result<Listener, Unavailable> {
    match own(sock) {
        Ok(Some(found)) if found.listens => Ok(queue(&found)),
        Ok(_) => Err(Unavailable::NotListening),
        Err(_) => Err(SILENT),
    }
}

/// `so_qlen` has the half-open too (XNU, sonewconn).
fn queue(sock: &StreamSock) -> Listener {
    Listener { waiting: sock.queued.saturating_sub(sock.half_open), limit: sock.limit }
}

/// XNU, sonewconn: n, or half as much again when the switch for old habits is off.
pub(super) fn places(n: u32) -> Option<u32> {
    match sysctl(c"kern.ipc.soqlimitcompat")? {
        0 => Some(n.saturating_mul(3) / 2),
        _ => Some(n),
    }
}

/// listen(2).
pub(super) fn clamp() -> Option<Clamp> {
    Some(Clamp { most: sysctl(c"kern.ipc.somaxconn")?, by: "kern.ipc.somaxconn" })
}

/// `struct tcpstat` (netinet/tcp_var.h), in words: where `tcps_listendrop` stands.
const LISTEN_DROP: usize = 60;

pub(super) fn drops() -> Result<Drops, Unavailable> {
    let mut words = [0; LISTEN_DROP + 1];
    match sysctl_words(c"net.inet.tcp.stats", &mut words) {
        Some(len) if len > LISTEN_DROP => {}
        Some(_) | None => return Err(Unavailable::MacStats),
    }
    // A machine without one segment is one that keeps its counters to itself.
    if words.iter().all(|word| *word == 0) {
        return Err(Unavailable::MacRootOnly);
    }
    // One counter for both: the queue is what a SYN is dropped for.
    let dropped = Some(words[LISTEN_DROP].into());
    Ok(Drops { overflows: dropped, drops: dropped, ..Drops::default() })
}

pub(super) fn resets_on_overflow() -> Option<bool> {
    None
}

/// TCP_CONNECTION_INFO counts retransmitted data, not SYNs, so only the state is told.
pub(super) fn connecting(sock: &Sock) -> Result<Connecting, Unavailable> {
    match own(sock) {
        Ok(Some(found)) => Ok(Connecting { is_calling: found.is_calling, retries: 0 }),
        Ok(None) => Err(Unavailable::NotCalling),
        Err(_) => Err(SILENT),
    }
}

#[derive(Debug)]
pub(super) struct Watch {
    pid: libc::pid_t,
}

impl Watch {
    pub(super) fn new() -> Result<Self, Unavailable> {
        Ok(Self { pid: libc::pid_t::try_from(std::process::id()).map_err(|_| SILENT)? })
    }

    pub(super) fn handshakes(&mut self) -> Result<Handshakes, Unavailable> {
        let mut found = Handshakes::default();
        of_process(self.pid, |sock| match sock.bound {
            Bound::Inet(local, _) if sock.listens && sock.half_open > 0 => found.half_open.push((local, sock.half_open)),
            Bound::Inet(local, peer) if sock.is_calling => found.calling.push(Calling { local, peer, retries: 0, next_in: None }),
            Bound::Inet(..) | Bound::Path(_) => {}
        });
        Ok(found)
    }

    pub(super) fn calling(&mut self, local: SocketAddr, _peer: SocketAddr) -> Result<Option<Calling>, Unavailable> {
        Ok(self.handshakes()?.calling_from(local).copied())
    }

    pub(super) fn tcp_listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        listeners(|bound| matches!(bound, Bound::Inet(..)))
    }

    pub(super) fn unix_listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        listeners(|bound| matches!(bound, Bound::Path(_)))
    }

    pub(super) fn listeners_at(&mut self, path: &Path) -> Result<Vec<ForeignListener>, Unavailable> {
        listeners(|bound| matches!(bound, Bound::Path(at) if at == path))
    }

    pub(super) fn listener(&mut self, sock: &Sock) -> Result<Listener, Unavailable> {
        listener(sock)
    }

    pub(super) fn unix_listener(&mut self, _inode: u64) -> Result<Option<Listener>, Unavailable> {
        Err(Unavailable::MacInodes)
    }

    pub(super) fn drops(&mut self) -> Result<Drops, Unavailable> {
        drops()
    }

    pub(super) fn server_half(&mut self, _server: SocketAddr, _client: SocketAddr) -> Result<Option<ServerHalf>, Unavailable> {
        Err(Unavailable::MacUnaccepted)
    }
}

fn listeners(wanted: impl Fn(&Bound) -> bool) -> Result<Vec<ForeignListener>, Unavailable> {
    let mut found = Vec::new();
    let each = |sock: StreamSock| {
        if sock.listens && wanted(&sock.bound) {
            let queue = queue(&sock);
            let addr = match sock.bound {
                Bound::Inet(local, _) => ListenAddr::Inet(local),
                Bound::Path(path) => ListenAddr::Path(path),
            };
            let listener = ForeignListener { addr, queue, only_ipv6: false, inode: None, uid: None };
            // A listener that two processes share is told twice.
            if !found.contains(&listener) {
                found.push(listener);
            }
        }
    };
    of_all(each).map_err(|_| SILENT)?;
    Ok(found)
}
