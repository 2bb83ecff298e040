//! One peer as its server serves it: the handler of its service, and what that wants to happen when.
//!
//! Every call of a handler goes through here: it is told the time of day, and a panic in it ends this peer's connection and
//! nothing else. It makes no call to the system; the models do.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::service::{Actions, After, Handler, Pace, Peer, PeerId};
use crate::trace::{Board, Conn, ConnId, End, Lane, Unserved};

use super::ServerRun;
use super::wire::LiveWire;

/// See the module.
pub(super) struct Served {
    id: ConnId,
    /// `None` when the service could not even make one.
    handler: Option<Box<dyn Handler>>,
    pace: Pace,
    wire: Arc<LiveWire>,
    after: After,
    verdict: Option<Unserved>,
    wants_room: bool,
    /// When `on_timer` is due.
    wake_at: Option<Instant>,
    /// When a slow service reads again.
    read_at: Option<Instant>,
    idle: Option<Duration>,
    /// When to look next whether it was idle for too long.
    idle_at: Option<Instant>,
}

/// What has become due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// [`Served::time`].
    Timer,
    /// It is to be ended: nothing moved for the idle time-out.
    Idle,
}

impl Served {
    /// For a peer that was just accepted, or heard for the first time.
    pub fn new(run: &ServerRun, conn: &Conn) -> Self {
        let idle = Some(Duration::from_millis(run.life.idle_timeout_ms)).filter(|limit| !limit.is_zero());
        let mut this = Self {
            id: conn.id,
            handler: None,
            pace: run.service.pace(),
            wire: Arc::clone(run.control.wire()),
            after: After::Stay,
            verdict: None,
            wants_room: false,
            wake_at: None,
            read_at: None,
            idle,
            idle_at: idle.map(|limit| Instant::now() + limit),
        };
        let peer = Peer { id: PeerId(conn.id.0), address: &conn.peer };
        match catch_unwind(AssertUnwindSafe(|| run.service.connect(&peer))) {
            Ok(handler) => this.handler = Some(handler),
            Err(panic) => this.verdict = Some(Unserved::Panicked(words_of(&*panic))),
        }
        this
    }

    /// It was accepted.
    pub fn open(&mut self, out: &mut Actions) {
        self.turn(out, |handler, out| handler.on_open(out));
    }

    /// It said this.
    pub fn hear(&mut self, data: &[u8], out: &mut Actions) {
        if let Pace::Slow { every, .. } = self.pace {
            self.read_at = Some(Instant::now() + every);
        }
        self.turn(out, |handler, out| handler.on_bytes(data, out));
    }

    /// The time that the handler asked for is over.
    pub fn time(&mut self, out: &mut Actions) {
        self.turn(out, |handler, out| handler.on_timer(out));
    }

    /// All it had to send is with the kernel. A handler that sends nothing now is not asked again by itself.
    pub fn room(&mut self, out: &mut Actions) {
        self.wants_room = false;
        self.turn(out, |handler, out| handler.on_room(out));
        self.wants_room &= !out.stream().is_empty();
    }

    /// It will say no more.
    pub fn end(&mut self, out: &mut Actions) {
        self.turn(out, |handler, out| handler.on_end(out));
    }

    /// It is gone, whyever: what the handler has to say to others is posted, unless the server stops. Once, as the last.
    #[track_caller]
    pub fn leave(self, lane: &Lane, run: &ServerRun) {
        let (id, mut out) = (self.id, Actions::default());
        self.last_word(&mut out);
        run.control.post(lane, id, out.posts());
    }

    /// It is gone, whyever; once, as the last.
    pub fn last_word(mut self, out: &mut Actions) {
        self.turn(out, |handler, out| handler.on_gone(out));
    }

    fn turn(&mut self, out: &mut Actions, call: impl FnOnce(&mut dyn Handler, &mut Actions)) {
        let Some(handler) = &mut self.handler else { return out.clear() };
        out.begin_by(SystemTime::now);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| call(&mut **handler, out))) {
            out.clear();
            self.verdict.get_or_insert(Unserved::Panicked(words_of(&*panic)));
        }
        if let Some(words) = out.take_failure() {
            self.verdict.get_or_insert(Unserved::Failed(words.into()));
        }
        if let Some(why) = out.take_broken() {
            self.verdict.get_or_insert(Unserved::Framing(why));
        }
        if let Some(time) = out.timer() {
            self.wake_at = Instant::now().checked_add(time);
        }
        self.after = self.after.max(out.after());
        self.wants_room |= out.wants_room();
    }

    /// What happens to the connection once all is sent.
    pub fn after(&self) -> After {
        if self.verdict.is_some() { self.after.max(After::Close) } else { self.after }
    }

    /// Why it ends when the service wants it to.
    pub fn end_of_service(&self) -> End {
        self.verdict.clone().map_or(End::Service, End::Unserved)
    }

    /// The same, when the peer has ended its side before.
    pub fn end_after_peer(&self) -> End {
        self.verdict.clone().map_or(End::Orderly, End::Unserved)
    }

    /// Whether [`room`](Self::room) is to be called once all is sent.
    pub fn wants_room(&self) -> bool {
        self.wants_room && self.after() < After::Close
    }

    /// Whether this is the time to read.
    pub fn may_read(&self) -> bool {
        self.read_at.is_none() && !self.never_reads() && self.after() < After::Close
    }

    /// What it is sent stays in the kernel for ever.
    pub fn never_reads(&self) -> bool {
        self.pace == Pace::Never
    }

    /// Of a buffer, how much one `recv` may fill.
    pub fn most<'a>(&self, buf: &'a mut [u8]) -> &'a mut [u8] {
        let buf = self.wire.most(buf);
        match self.pace {
            Pace::Slow { bytes, .. } => {
                let most = bytes.clamp(1, buf.len());
                &mut buf[..most]
            }
            Pace::Eager | Pace::Never => buf,
        }
    }

    /// How its bytes go through the socket.
    pub fn wire(&self) -> &LiveWire {
        &self.wire
    }

    /// When [`due`](Self::due) is to be asked next. A peer that does not take what it was sent (`is_full`) gets no more timers.
    pub fn deadline(&self, is_full: bool) -> Option<Instant> {
        // Asked of each connection at each wake-up, and most have none.
        if !self.is_timed() {
            return None;
        }
        let timer = if is_full { None } else { self.wake_at };
        [timer, self.read_at, self.idle_at].into_iter().flatten().min()
    }

    /// The longest a blocking `recv` may sleep; who comes back asks [`due`](Self::due). The idle time-out is taken whole, so that
    /// it is set once for many messages; only after a `recv` that found nothing (`in_vain`) it is what is left of it.
    pub fn recv_limit(&self, now: Instant, in_vain: bool) -> Option<Duration> {
        let timer = self.wake_at.map(|at| at.saturating_duration_since(now));
        let left = self.idle_at.filter(|_| in_vain).map(|at| at.saturating_duration_since(now));
        let idle = left.or(self.idle);
        // Whole milliseconds, rounded up: a timer is never early, and the same limit is the same.
        let shortest = timer.into_iter().chain(idle).min()?;
        Some(Duration::from_millis(u64::try_from(shortest.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX).max(1)))
    }

    /// What has become due by now, one thing at a time.
    pub fn due(&mut self, now: Instant, board: &Board, conn: &Arc<Conn>) -> Option<Due> {
        if self.read_at.is_some_and(|at| at <= now) {
            self.read_at = None;
        }
        if let (Some(limit), Some(at)) = (self.idle, self.idle_at)
            && at <= now
        {
            let quiet = board.quiet(conn);
            if quiet >= limit {
                return Some(Due::Idle);
            }
            self.idle_at = Some(now + (limit - quiet));
        }
        self.wake_at.take_if(|at| *at <= now).map(|_| Due::Timer)
    }

    /// Whether anything can become due at all.
    pub fn is_timed(&self) -> bool {
        self.wake_at.is_some() || self.read_at.is_some() || self.idle_at.is_some()
    }

    /// Its idle time-out.
    pub fn idle_limit(&self) -> Option<Duration> {
        self.idle
    }

    /// Whether the handler waits for its timer.
    pub fn has_timer(&self) -> bool {
        self.wake_at.is_some()
    }
}

/// What a panic said.
fn words_of(panic: &(dyn std::any::Any + Send)) -> Arc<str> {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no words").into()
}
