//! Windows: nothing tells a listener's queue, nor the backlog in force. Handshakes stand in the TCP table, SYN retries in SIO_TCP_INFO.

use std::net::SocketAddr;
use std::path::Path;

use super::{Calling, Clamp, Connecting, Drops, ForeignListener, Handshakes, Listener, ServerHalf, Unavailable};
use crate::sys::tcp_table::{Half, TcpTable};
use crate::sys::{self, Sock};

const NO_QUEUE: Unavailable = Unavailable::WindowsQueue;

pub(super) fn listener(_sock: &Sock) -> Result<Listener, Unavailable> {
    Err(NO_QUEUE)
}

/// What becomes of n is not documented for plain numbers (SOMAXCONN_HINT clamps to 200 … 65535).
pub(super) fn places(_n: u32) -> Option<u32> {
    None
}

pub(super) fn clamp() -> Option<Clamp> {
    None
}

pub(super) fn drops() -> Result<Drops, Unavailable> {
    Err(Unavailable::WindowsDrops)
}

/// Windows always does, and there is no switch.
pub(super) fn resets_on_overflow() -> Option<bool> {
    None
}

pub(super) fn connecting(sock: &Sock) -> Result<Connecting, Unavailable> {
    match sys::connecting(sock) {
        Ok((is_calling, retries)) => Ok(Connecting { is_calling, retries }),
        Err(_) => Err(Unavailable::WindowsTcpInfo),
    }
}

#[derive(Debug)]
pub(super) struct Watch {
    table: TcpTable,
}

impl Watch {
    pub(super) fn new() -> Result<Self, Unavailable> {
        Ok(Self { table: TcpTable::default() })
    }

    pub(super) fn handshakes(&mut self) -> Result<Handshakes, Unavailable> {
        let mut found = Handshakes::default();
        let mut named = Vec::new();
        let each = |half, local, peer| match half {
            Half::SynSent => found.calling.push(Calling { local, peer, retries: 0, next_in: None }),
            Half::SynReceived => {
                named.push((local, peer));
                match found.half_open.iter_mut().find(|(at, _)| *at == local) {
                    Some((_, n)) => *n += 1,
                    None => found.half_open.push((local, 1)),
                }
            }
        };
        self.table.handshakes(each).map_err(|_| Unavailable::WindowsTable)?;
        found.half_open_of = Some(named);
        Ok(found)
    }

    pub(super) fn calling(&mut self, local: SocketAddr, _peer: SocketAddr) -> Result<Option<Calling>, Unavailable> {
        Ok(self.handshakes()?.calling_from(local).copied())
    }

    pub(super) fn tcp_listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        Err(NO_QUEUE)
    }

    pub(super) fn unix_listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        Err(NO_QUEUE)
    }

    pub(super) fn listeners_at(&mut self, _path: &Path) -> Result<Vec<ForeignListener>, Unavailable> {
        Err(NO_QUEUE)
    }

    pub(super) fn listener(&mut self, sock: &Sock) -> Result<Listener, Unavailable> {
        listener(sock)
    }

    pub(super) fn unix_listener(&mut self, _inode: u64) -> Result<Option<Listener>, Unavailable> {
        Err(NO_QUEUE)
    }

    pub(super) fn drops(&mut self) -> Result<Drops, Unavailable> {
        drops()
    }

    pub(super) fn server_half(&mut self, _server: SocketAddr, _client: SocketAddr) -> Result<Option<ServerHalf>, Unavailable> {
        Err(Unavailable::WindowsUnaccepted)
    }
}
