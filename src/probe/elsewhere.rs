//! The BSDs: a listener's queue is in kernel memory that only `netstat -L` reads, with privileges.

use std::net::SocketAddr;
use std::path::Path;

use super::{Calling, Clamp, Connecting, Drops, ForeignListener, Handshakes, Listener, ServerHalf, Unavailable};
use crate::sys::Sock;

const SILENT: Unavailable = Unavailable::Queue;
const NO_STATES: Unavailable = Unavailable::States;

pub(super) fn listener(_sock: &Sock) -> Result<Listener, Unavailable> {
    Err(SILENT)
}

pub(super) fn places(_n: u32) -> Option<u32> {
    None
}

pub(super) fn clamp() -> Option<Clamp> {
    None
}

pub(super) fn drops() -> Result<Drops, Unavailable> {
    Err(Unavailable::Drops)
}

pub(super) fn resets_on_overflow() -> Option<bool> {
    None
}

pub(super) fn connecting(_sock: &Sock) -> Result<Connecting, Unavailable> {
    Err(NO_STATES)
}

/// Nothing: there is nobody to ask, so none can be made.
#[derive(Debug)]
pub(super) enum Watch {}

impl Watch {
    pub(super) fn new() -> Result<Self, Unavailable> {
        Err(SILENT)
    }

    pub(super) fn handshakes(&mut self) -> Result<Handshakes, Unavailable> {
        match *self {}
    }

    pub(super) fn calling(&mut self, _local: SocketAddr, _peer: SocketAddr) -> Result<Option<Calling>, Unavailable> {
        match *self {}
    }

    pub(super) fn tcp_listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        match *self {}
    }

    pub(super) fn unix_listeners(&mut self) -> Result<Vec<ForeignListener>, Unavailable> {
        match *self {}
    }

    pub(super) fn listeners_at(&mut self, _path: &Path) -> Result<Vec<ForeignListener>, Unavailable> {
        match *self {}
    }

    pub(super) fn listener(&mut self, _sock: &Sock) -> Result<Listener, Unavailable> {
        match *self {}
    }

    pub(super) fn unix_listener(&mut self, _inode: u64) -> Result<Option<Listener>, Unavailable> {
        match *self {}
    }

    pub(super) fn drops(&mut self) -> Result<Drops, Unavailable> {
        match *self {}
    }

    pub(super) fn server_half(&mut self, _server: SocketAddr, _client: SocketAddr) -> Result<Option<ServerHalf>, Unavailable> {
        match *self {}
    }
}
