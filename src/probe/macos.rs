//! macOS: TCP_CONNECTION_INFO tells only the state of a listener. (`proc_pidfdinfo` knows more; it is not used yet.)

use crate::sys::Sock;

use super::{Listener, Unavailable};

pub(super) fn listener(_sock: &Sock) -> Result<Listener, Unavailable> {
    Err(Unavailable("macOS does not tell a listener's queue through the socket"))
}
