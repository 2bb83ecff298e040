//! The child's side of the channel while it serves: before each call that may sleep, what happened since the last one is told
//! in one write. So the server's window shows the call a child sleeps in, and nothing is told while there is nothing to do.

use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use super::frame::{CallFields, Outbox, Said};
use crate::model::served::Served;
use crate::service::{Actions, Post};
use crate::trace::{Board, Call, Conn, ConnStage, End, Lane, Place, RawKind};

/// See the module. Used by the serving thread and, at the gate, by the one that listens to the server.
pub struct Relay {
    channel: Mutex<(Outbox, Box<dyn Write + Send>)>,
    board: Arc<Board>,
    told_half_end: AtomicBool,
    /// Before or in which call the serving thread stands, on which descriptor, at which line.
    stands: Mutex<Option<(Call, i64, Place)>>,
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
        Self {
            channel: Mutex::new((outbox, to)),
            board,
            told_half_end: AtomicBool::new(false),
            stands: Mutex::default(),
            broken: AtomicBool::new(false),
        }
    }

    /// The first word, so that the server knows that this process lives.
    pub(super) fn greet(&self) -> std::io::Result<()> {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        outbox.flush(to)
    }

    /// Before a call of the caller that may sleep. `false` when the server is gone.
    #[track_caller]
    pub(in crate::model) fn before(&self, lane: &Lane, conn: &Conn, call: Call, fd: i64) -> bool {
        let at = Place::caller();
        *self.stands.lock() = Some((call, fd, at));
        let at = self.channel.lock().0.line(at);
        self.tell(lane, conn, Some(Said::Enters { call, fd, at, since_ns: lane.tap().now_ns(), held: lane.tap().is_gated() }))
    }

    /// For other peers of the server.
    pub(in crate::model) fn post(&self, post: &Post) {
        self.channel.lock().0.say(&Said::Post(post.to, post.bytes.to_vec()));
    }

    /// The last words: the service's to the others, and how it ended. The server closes the connection when this process has
    /// ended too.
    pub(in crate::model) fn end(&self, lane: &Lane, conn: &Conn, end: &End, served: Served) {
        let mut out = Actions::default();
        served.last_word(&mut out);
        out.posts().iter().for_each(|post| self.post(post));
        self.tell(lane, conn, Some(Said::Ended(end.into())));
    }

    /// A person moves it at the gate: the call it was held before goes on.
    pub(super) fn released(&self, now_ns: u64) {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        if let Some((call, fd, at)) = *self.stands.lock() {
            let at = outbox.line(at);
            outbox.say(&Said::Enters { call, fd, at, since_ns: now_ns, held: false });
            // The next word notices that the server is gone.
            let _gone = outbox.flush(to);
        }
    }

    /// The gate closed in front of it, at this line.
    pub(super) fn held(&self, call: Call, fd: i64, at: Place, since_ns: u64) {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        let at = outbox.line(at);
        outbox.say(&Said::Enters { call, fd, at, since_ns, held: true });
        // The next word notices that the server is gone.
        let _gone = outbox.flush(to);
    }

    fn tell(&self, lane: &Lane, conn: &Conn, last: Option<Said>) -> bool {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        for record in lane.tap().drain() {
            outbox.line(record.at);
            outbox.say(&Said::Called(CallFields::from(&record)));
        }
        for record in self.board.drain() {
            let sent = match record.kind {
                RawKind::Received { .. } => false,
                RawKind::Sent => true,
                RawKind::Opened | RawKind::Ended(_) => continue,
            };
            outbox.say(&Said::Moved { sent, len: record.len, data: record.data });
        }
        let here = match conn.stage() {
            ConnStage::PeerEnded => Some(false),
            ConnStage::LocalEnded => Some(true),
            ConnStage::Connecting | ConnStage::Queued | ConnStage::Open | ConnStage::Closed => None,
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
