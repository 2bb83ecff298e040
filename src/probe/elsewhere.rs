//! The BSDs: a listener's queue is in kernel memory that only `netstat -L` reads, with privileges.

use crate::sys::Sock;

use super::{Listener, Unavailable};

pub(super) fn listener(_sock: &Sock) -> Result<Listener, Unavailable> {
    Err(Unavailable("this system does not tell a listener's queue through the socket"))
}
