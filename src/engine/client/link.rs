//! One connection of a client (or one datagram socket with its peer): its socket, where it stands, and what waits to be sent.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::Outgoing;
use crate::engine::transport::{Opened, SocketFile};
use crate::stats::Intervals;
use crate::sys::{Sock, SockAddr};
use crate::trace::{Conn, Lane};

use super::messages::Way;
use super::timers::{Key, Timers};

/// Where a connection stands.
#[derive(Debug)]
pub(super) enum Phase {
    /// `connect` has not finished.
    Calling {
        /// Which of the target's addresses.
        addr: usize,
        /// When we give up.
        limit: Option<Key>,
        /// When we ask again.
        again: Option<Key>,
        /// Whether the selector will tell how it ends.
        watched: bool,
    },
    /// Both ways open.
    Open,
    /// The peer sent FIN; what waits is still sent, then it is closed.
    PeerEnded,
    /// The peer sent FIN, and we go on sending all the same.
    Stays,
    /// We sent FIN; still reading.
    LocalEnded,
}

/// See the module.
pub(super) struct Link {
    /// Ours; the engine holds it too while it asks about it.
    pub sock: Arc<Sock>,
    pub file: Option<SocketFile>,
    pub conn: Arc<Conn>,
    /// Where it connects.
    pub to: SockAddr,
    pub phase: Phase,
    /// Bytes the kernel has not taken yet, at most a few messages.
    pub pending: VecDeque<Message>,
    /// A schedule of its own pace: what it sends as it opens, or a share of one without pauses.
    pub flow: Option<Flow>,
    /// What the selector watches.
    pub interest: (bool, bool),
    /// Stands in the queue of work.
    pub queued: bool,
    /// The kernel takes no more until the socket is writable.
    pub blocked: bool,
    /// Pauses until this timer: the kernel was short of memory.
    pub resume: Option<Key>,
    /// Sending broke with this; what has arrived is still read.
    pub broken: Option<io::Error>,
    /// Its framing and rules, once there were some.
    pub way: Option<Box<Way>>,
    /// When the next piece would be due if none had been late.
    pub even: Option<Instant>,
    /// Whether a loss is made good by connecting again; not after a person closed it.
    pub wanted: bool,
}

impl Link {
    pub fn calling(opened: Opened, conn: Arc<Conn>, to: SockAddr, addr: usize, limit: Option<Key>) -> Self {
        Self {
            sock: Arc::new(opened.sock),
            file: opened.file,
            conn,
            to,
            phase: Phase::Calling { addr, limit, again: None, watched: false },
            pending: VecDeque::new(),
            flow: None,
            interest: (false, false),
            queued: false,
            blocked: false,
            resume: None,
            broken: None,
            way: None,
            even: None,
            wanted: true,
        }
    }

    pub fn is_calling(&self) -> bool {
        matches!(self.phase, Phase::Calling { .. })
    }

    pub fn can_send(&self) -> bool {
        matches!(self.phase, Phase::Open | Phase::Stays) && self.broken.is_none()
    }

    pub fn can_read(&self) -> bool {
        match self.phase {
            Phase::Open | Phase::LocalEnded => true,
            Phase::Calling { .. } | Phase::PeerEnded | Phase::Stays => false,
        }
    }

    /// Nothing more will be sent.
    pub fn drop_sending(&mut self, timers: &mut Timers) {
        self.drop_flow(timers);
        self.pending.clear();
        self.blocked = false;
        timers.cancel(self.resume.take());
    }

    pub fn drop_flow(&mut self, timers: &mut Timers) {
        if let Some(flow) = self.flow.take() {
            timers.cancel(flow.timer);
        }
    }

    pub fn cancel_timers(&mut self, timers: &mut Timers) {
        if let Phase::Calling { limit, again, .. } = &mut self.phase {
            timers.cancel(limit.take());
            timers.cancel(again.take());
        }
        timers.cancel(self.resume.take());
        self.drop_flow(timers);
    }

    /// Closes the socket and removes its file.
    pub fn close(self, lane: &Lane) -> Arc<Conn> {
        Sock::close_shared(self.sock, lane);
        if let Some(file) = self.file {
            file.remove(lane);
        }
        self.conn
    }
}

/// Counts of one schedule over all its connections.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Messages the kernel took whole.
    pub taken: Cell<u64>,
    /// Messages that wait.
    pub waiting: Cell<u64>,
    /// Connections that still have rounds of their own to do.
    pub flows: Cell<u64>,
    /// Connections that did all their rounds.
    pub completed: Cell<u64>,
}

/// One message, or one datagram, on its way into the kernel. The bytes are shared by all connections it goes to.
#[derive(Debug)]
pub(super) struct Message {
    pub bytes: Arc<[u8]>,
    /// How many of them the kernel took.
    pub at: usize,
    pub tally: Rc<Tally>,
    /// Whose time it keeps.
    pub beat: Option<Beat>,
}

/// How evenly a schedule sends. Shared by its messages.
#[derive(Clone, Debug)]
pub(super) struct Beat {
    /// The pause that was asked for.
    pub asked: Duration,
    pub measured: Rc<Cell<Intervals>>,
}

impl Beat {
    /// Of a schedule with this pause; without one there is nothing to keep.
    pub fn new(asked: Duration) -> Option<Self> {
        (!asked.is_zero()).then(|| Self { asked, measured: Rc::default() })
    }

    /// A message of it is with the kernel.
    pub fn mark(&self) {
        let mut measured = self.measured.get();
        measured.mark(Instant::now());
        self.measured.set(measured);
    }
}

impl Message {
    pub fn new(bytes: &Arc<[u8]>, tally: &Rc<Tally>) -> Self {
        tally.waiting.set(tally.waiting.get() + 1);
        Self { bytes: Arc::clone(bytes), at: 0, tally: Rc::clone(tally), beat: None }
    }

    /// Keeping the time of this beat.
    pub fn on(mut self, beat: Option<Beat>) -> Self {
        self.beat = beat;
        self
    }
}

impl Drop for Message {
    fn drop(&mut self) {
        self.tally.waiting.set(self.tally.waiting.get() - 1);
    }
}

/// The rounds one connection does at its own pace.
#[derive(Debug)]
pub(super) struct Flow {
    pub outgoing: Outgoing,
    pub done: u64,
    /// What it sends as it opens; else a share of the person's schedule.
    pub own: bool,
    pub due: Instant,
    pub timer: Option<Key>,
    pub tally: Rc<Tally>,
    pub beat: Option<Beat>,
}

impl Flow {
    pub fn new(outgoing: Outgoing, done: u64, own: bool, due: Instant, tally: &Rc<Tally>) -> Self {
        tally.flows.set(tally.flows.get() + 1);
        Self { outgoing, done, own, due, timer: None, tally: Rc::clone(tally), beat: None }
    }

    /// Its messages keep the time of this beat.
    pub fn on(mut self, beat: Option<Beat>) -> Self {
        self.beat = beat;
        self
    }

    pub fn is_complete(&self) -> bool {
        self.outgoing.times > 0 && self.done >= u64::from(self.outgoing.times)
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        self.tally.flows.set(self.tally.flows.get() - 1);
        if self.is_complete() {
            self.tally.completed.set(self.tally.completed.get() + 1);
        }
    }
}
