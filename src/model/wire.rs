//! How bytes go through the sockets of a running endpoint: read at each transfer, changed at any moment by any thread.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use crate::lab::Wire;
use crate::sys::Sock;
use crate::trace::Lane;

/// See the module.
#[derive(Debug, Default)]
pub struct LiveWire {
    recv_bytes: AtomicU32,
    piece_bytes: AtomicU32,
    piece_ms: AtomicU32,
    no_delay: AtomicBool,
    cork: AtomicBool,
}

impl LiveWire {
    /// From now on. Options of TCP are left alone on other sockets.
    pub fn set(&self, wire: &Wire, is_tcp: bool) {
        self.recv_bytes.store(wire.recv_bytes, Ordering::Relaxed);
        self.piece_bytes.store(wire.piece_bytes, Ordering::Relaxed);
        self.piece_ms.store(wire.piece_ms, Ordering::Relaxed);
        self.no_delay.store(is_tcp && !wire.nagle, Ordering::Relaxed);
        self.cork.store(is_tcp && wire.cork, Ordering::Relaxed);
    }

    /// Of a buffer, how much one `recv` may fill.
    pub fn most<'a>(&self, buf: &'a mut [u8]) -> &'a mut [u8] {
        match self.recv_bytes.load(Ordering::Relaxed) as usize {
            0 => buf,
            most => {
                let most = most.min(buf.len());
                &mut buf[..most]
            }
        }
    }

    /// Bytes one `send` is given at most.
    pub fn piece(&self) -> Option<usize> {
        Some(self.piece_bytes.load(Ordering::Relaxed) as usize).filter(|bytes| *bytes > 0)
    }

    /// Between two pieces.
    pub fn piece_pause(&self) -> Option<Duration> {
        self.piece()?;
        Some(Duration::from_millis(self.piece_ms.load(Ordering::Relaxed).into())).filter(|pause| !pause.is_zero())
    }

    /// The options of a new TCP connection, where they are not the system's own.
    ///
    /// # Errors
    /// When the system refuses one, or has none of that name.
    #[track_caller]
    pub fn begin(&self, lane: &Lane, sock: &Sock) -> io::Result<()> {
        if self.no_delay.load(Ordering::Relaxed) {
            sock.set_no_delay(lane, true)?;
        }
        if self.cork.load(Ordering::Relaxed) {
            sock.set_cork(lane, true)?;
        }
        Ok(())
    }

    /// The options of a TCP connection that was open before they changed from `before`.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    #[track_caller]
    pub fn change(lane: &Lane, sock: &Sock, before: &Wire, now: &Wire) -> io::Result<()> {
        if before.nagle != now.nagle {
            sock.set_no_delay(lane, !now.nagle)?;
        }
        if before.cork != now.cork {
            sock.set_cork(lane, now.cork)?;
        }
        Ok(())
    }
}
