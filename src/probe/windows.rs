//! Windows: nothing tells a listener's queue, nor the backlog in force.

use crate::sys::Sock;

use super::{Listener, Unavailable};

pub(super) fn listener(_sock: &Sock) -> Result<Listener, Unavailable> {
    Err(Unavailable("Windows does not tell a listener's queue"))
}
