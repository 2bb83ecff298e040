//! The child's side of the channel while it serves: before each call that may sleep, what happened since the last one is told
//! in one write. So the server's window shows the call a child sleeps in, and nothing is told while there is nothing to do.

use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use super::frame::{CallFields, EndFields, Outbox, Said};
use crate::service::PostTo;
use crate::trace::{Board, Call, Conn, ConnStage, Lane, RawKind};

/// See the module. Used by the serving thread and, at the gate, by the one that listens to the server.
pub(in crate::model) struct Relay {
    channel: Mutex<(Outbox, Box<dyn Write + Send>)>,
    board: Arc<Board>,
    told_half_end: AtomicBool,
    /// The server is gone, or does not listen any more.
    broken: AtomicBool,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay").finish_non_exhaustive()
    }
}

impl Relay {
    /// Greets the server.
    pub(super) fn new(to: Box<dyn Write + Send>, board: Arc<Board>) -> Self {
        let mut outbox = Outbox::default();
        outbox.greet();
        Self { channel: Mutex::new((outbox, to)), board, told_half_end: AtomicBool::new(false), broken: AtomicBool::new(false) }
    }

    /// Before a call that may sleep. `false` when the server is gone.
    pub fn before(&self, lane: &Lane, conn: &Conn, call: Call, fd: i64) -> bool {
        self.tell(lane, conn, Some(Said::Enters { call, fd, since_ns: lane.tap().now_ns(), held: false }))
    }

    /// For other peers of the server.
    pub fn post(&self, to: PostTo, bytes: &[u8]) {
        self.channel.lock().0.say(&Said::Post(to, bytes.to_vec()));
    }

    /// The last word.
    pub(super) fn end(&self, lane: &Lane, conn: &Conn, end: EndFields) {
        self.tell(lane, conn, Some(Said::Ended(end)));
    }

    /// Where the lane stands, when it stands at the gate.
    pub(super) fn held(&self, call: Call, fd: i64, since_ns: u64) -> bool {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        outbox.say(&Said::Enters { call, fd, since_ns, held: true });
        outbox.flush(to).is_ok()
    }

    fn tell(&self, lane: &Lane, conn: &Conn, last: Option<Said>) -> bool {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        for record in lane.tap().drain() {
            outbox.say(&Said::Called(CallFields::from(&record)));
        }
        for record in self.board.drain() {
            let sent = match record.kind {
                RawKind::Received { .. } => false,
                RawKind::Sent => true,
                RawKind::Opened | RawKind::Ended(_) => continue,
            };
            outbox.say(&Said::Moved { sent, len: record.len, data: record.data.into_vec() });
        }
        let here = match conn.stage() {
            ConnStage::PeerEnded => Some(false),
            ConnStage::LocalEnded => Some(true),
            ConnStage::Connecting | ConnStage::Open | ConnStage::Closed => None,
        };
        if let Some(here) = here.filter(|_| !self.told_half_end.swap(true, Ordering::Relaxed)) {
            outbox.say(&Said::HalfEnded { here });
        }
        if let Some(last) = last {
            outbox.say(&last);
        }
        if outbox.flush(to).is_err() {
            self.broken.store(true, Ordering::Relaxed);
        }
        !self.broken.load(Ordering::Relaxed)
    }
}
