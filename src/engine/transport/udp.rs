//! UDP sockets (RFC 768, udp(7)). No `SO_REUSEADDR`: with it two sockets may share a port and steal each other's datagrams.

use crate::sys::{Kind, SockAddr, fmt_addr};
use crate::trace::Lane;

use super::{Bound, Obstacle, Opened};

/// Bound.
pub(super) fn bind(lane: &Lane, addr: &SockAddr) -> Result<Bound, Obstacle> {
    let endpoint = fmt_addr(addr);
    let sock = super::open(lane, super::domain(addr), Kind::Dgram, &endpoint)?;
    super::take_ipv4_too(lane, &sock, addr);
    super::bind(lane, &sock, addr)?;
    super::bound(sock, &endpoint, None, false)
}

/// For one peer; bound when a local address is wanted, else `connect` chooses one.
pub(super) fn open(lane: &Lane, addr: &SockAddr, local: Option<&SockAddr>) -> Result<Opened, Obstacle> {
    let sock = super::open(lane, super::domain(addr), Kind::Dgram, &fmt_addr(local.unwrap_or(addr)))?;
    if let Some(local) = local {
        super::bind(lane, &sock, local)?;
    }
    Ok(Opened { sock, file: None })
}
