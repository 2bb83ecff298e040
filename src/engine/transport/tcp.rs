//! TCP sockets (RFC 9293, tcp(7)).

use crate::sys::{Kind, Sock, SockAddr, fmt_addr};
use crate::trace::{Call, Got, Lane};

use super::{Bound, Listening, Obstacle, Opened};

/// Bound and listening.
pub(super) fn bind(lane: &Lane, addr: &SockAddr, listening: Listening) -> Result<Bound, Obstacle> {
    let endpoint = fmt_addr(addr);
    let sock = super::open(lane, super::domain(addr), Kind::Stream, &endpoint)?;
    super::take_ipv4_too(lane, &sock, addr);
    bind_alone(lane, &sock, addr, &endpoint)?;
    let Listening { backlog, defer_accept_s } = listening;
    // Before `listen`, so that it holds for the first connection too.
    let deferred = if defer_accept_s > 0 { sock.set_defer_accept(lane, defer_accept_s) } else { Ok(()) };
    super::listen(lane, &sock, backlog, &endpoint)?;
    let lacking = deferred.err().map(|error| super::option_refused(&endpoint, error));
    Ok(Bound { lacking, ..super::bound(sock, &endpoint, None, false)? })
}

/// `bind` so that nobody else serves this port.
#[cfg(not(windows))]
fn bind_alone(lane: &Lane, sock: &Sock, addr: &SockAddr, endpoint: &str) -> Result<(), Obstacle> {
    reuse_address(lane, sock, endpoint)?;
    super::bind(lane, sock, addr)
}

/// `bind` so that nobody else serves this port: without `SO_EXCLUSIVEADDRUSE` another program may take it with `SO_REUSEADDR`
/// ("Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE", Winsock). With it a port cannot be bound again while connections that this
/// server closed linger, as after a switch of the model; then it is bound plainly, which fails if another socket has the port.
#[cfg(windows)]
fn bind_alone(lane: &Lane, sock: &Sock, addr: &SockAddr, endpoint: &str) -> Result<(), Obstacle> {
    let told = |error| Obstacle::new(Call::SetSockOpt, endpoint, error);
    sock.set_exclusive_address(lane, true).map_err(told)?;
    match super::bind(lane, sock, addr) {
        Err(refused) if matches!(crate::sys::errno_name(&refused.error), Some("EADDRINUSE" | "EACCES")) => {
            sock.set_exclusive_address(lane, false).map_err(told)?;
            super::bind(lane, sock, addr)
        }
        bound => bound,
    }
}

/// For one connection; bound when a local address is wanted.
pub(super) fn open(lane: &Lane, addr: &SockAddr, local: Option<&SockAddr>) -> Result<Opened, Obstacle> {
    let endpoint = fmt_addr(local.unwrap_or(addr));
    let sock = super::open(lane, super::domain(addr), Kind::Stream, &endpoint)?;
    if let Some(local) = local {
        // So that a client with a port of its own can connect again while its last connection stands in TIME_WAIT.
        reuse_address(lane, &sock, &endpoint)?;
        super::bind(lane, &sock, local)?;
    }
    Ok(Opened { sock, file: None })
}

/// Lets a server bind again while its old connections stand in TIME_WAIT (socket(7)). Never on Windows: there the option lets
/// another program take a port that is in use, and TIME_WAIT does not stand in the way of `bind`.
fn reuse_address(lane: &Lane, sock: &Sock, endpoint: &str) -> Result<(), Obstacle> {
    if cfg!(windows) {
        return Ok(());
    }
    lane.call(Call::SetSockOpt, sock.fd(), [0; 2], false, || sock.options().set_reuse_address(true), Got::done)
        .map_err(|error| Obstacle::new(Call::SetSockOpt, endpoint, error))
}
