//! What one worker works with, reused for every message, so that nothing is allocated per message.

use std::io;

use crate::service::Actions;
use crate::trace::{Call, End};

#[cfg(target_os = "linux")]
use super::wire::LiveWire;

/// Room for one stream read.
const STREAM_BYTES: usize = 64 << 10;
/// Room for one datagram: UDP has at most 65,527 bytes, Unix datagrams about 208 KiB by default on Linux (unix(7)).
const DATAGRAM_BYTES: usize = 256 << 10;

/// A receive buffer and the actions a handler fills.
pub(super) struct Desk {
    pub buf: Vec<u8>,
    pub out: Actions,
}

impl Desk {
    pub fn for_streams() -> Self {
        Self { buf: vec![0; STREAM_BYTES], out: Actions::default() }
    }

    pub fn for_datagrams() -> Self {
        Self { buf: vec![0; DATAGRAM_BYTES], out: Actions::default() }
    }

    /// Makes the buffer as large as one `recvfrom` may fill it: for who hands it over whole.
    #[cfg(target_os = "linux")]
    pub fn fit_datagrams(&mut self, wire: &LiveWire) {
        self.buf.resize(DATAGRAM_BYTES, 0);
        let most = wire.most(&mut self.buf).len();
        self.buf.truncate(most);
    }
}

/// Why a connection ends whose call failed so.
pub(super) fn end_of(call: Call, error: io::Error) -> End {
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => End::Reset,
        _ => End::Failed(call, error),
    }
}

/// Whether the call is simply made again.
pub(super) fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
