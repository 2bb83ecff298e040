//! The child's side of the channel while it serves. What happened is told by a thread of its own, some times a second and all at
//! once, with the call that the serving thread stands in at that moment: so the server's window shows what a child sleeps in,
//! a message costs no words, and nothing is told while there is nothing to do.
//!
//! The serving thread itself tells only what must not wait: before the gate, for other peers, at the end, and when much has
//! gathered. A child that is ended by force takes with it what it did in its last [`A_WHILE`].

use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use super::frame::{CallFields, Outbox, Said};
use crate::model::served::Served;
use crate::probe::THREADS;
use crate::service::{Actions, LiveProtocol, MessageCounts, Post};
use crate::sys;
use crate::trace::{Board, Call, Conn, ConnStage, Doing, End, Lane, LaneState, Place, RawKind, Spent, Tap};

/// How long words gather; less than from one picture of the window to the next.
const A_WHILE: Duration = Duration::from_millis(25);
/// Messages and bytes that gather at most: what the child's tap and board hold is more than twice as much, so nothing is lost.
const MOST: (u64, u64) = (500, 1 << 20);

/// See the module. Used by the serving thread, the one that tells and, at the gate, the one that listens to the server.
pub struct Relay {
    channel: Mutex<(Outbox, Box<dyn Write + Send>)>,
    tap: Arc<Tap>,
    board: Arc<Board>,
    conn: Arc<Conn>,
    protocol: Arc<LiveProtocol>,
    /// The serving thread: the process's first, so that loading and starting the program are its cost too. The two that talk with
    /// the server are our plumbing, which is counted nowhere.
    serves: Option<u64>,
    /// As it was told last.
    spent: Mutex<Spent>,
    /// Of the messages, what was told.
    counted: Mutex<MessageCounts>,
    told_half_end: AtomicBool,
    /// Before or in which call the serving thread stands, on which descriptor, at which line.
    stands: Mutex<Option<(Call, i64, Place)>>,
    /// The server is gone, or does not listen any more.
    broken: AtomicBool,
    /// Something happened since it was told last.
    has_news: AtomicBool,
    /// Messages and bytes told so far.
    told: [AtomicU64; 2],
    /// The last word was said.
    closed: Mutex<bool>,
    bell: Condvar,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay").finish_non_exhaustive()
    }
}

impl Relay {
    /// Of a child whose calling thread serves this connection.
    pub(super) fn new(to: Box<dyn Write + Send>, tap: Arc<Tap>, board: Arc<Board>, conn: Arc<Conn>, protocol: Arc<LiveProtocol>) -> Self {
        Self {
            channel: Mutex::new((Outbox::default(), to)),
            tap,
            board,
            conn,
            protocol,
            serves: (THREADS.current)(),
            spent: Mutex::default(),
            counted: Mutex::default(),
            told_half_end: AtomicBool::new(false),
            stands: Mutex::default(),
            broken: AtomicBool::new(false),
            has_news: AtomicBool::new(false),
            told: Default::default(),
            closed: Mutex::default(),
            bell: Condvar::new(),
        }
    }

    /// Before a call of the caller that may sleep. `false` when the server is gone.
    #[track_caller]
    pub(in crate::model) fn before(&self, lane: &Lane, call: Call, fd: i64) -> bool {
        let at = Place::caller();
        *self.stands.lock() = Some((call, fd, at));
        // At the gate a person looks at each call.
        let held = lane.tap().is_gated();
        if held || self.is_much_untold() {
            let since_ns = lane.tap().now_ns();
            self.tell_with(|outbox| Some(Said::Enters { call, fd, at: outbox.line(at), since_ns, held }));
        }
        if !self.has_news.swap(true, Ordering::SeqCst) {
            // Whoever just looked for news and found none is asleep once it lets go of the lock.
            drop(self.closed.lock());
            self.bell.notify_one();
        }
        !self.broken.load(Ordering::Relaxed)
    }

    /// For other peers of the server: they do not wait for it.
    pub(in crate::model) fn post(&self, posts: &[Post]) {
        if posts.is_empty() {
            return;
        }
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        posts.iter().for_each(|post| outbox.say(&Said::Post(post.to, post.bytes.to_vec())));
        self.flush(outbox, to);
    }

    /// It does what it was told about hearing.
    pub(super) fn listens(&self, number: u64) {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        outbox.say(&Said::Listens(number));
        self.flush(outbox, to);
    }

    /// A message that somebody at the server hears: he waits for it.
    pub(super) fn heard(&self, message: &[u8]) {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        outbox.say_heard(message);
        self.flush(outbox, to);
    }

    /// The last words: the service's to the others, and how it ended. The server closes the connection when this process has
    /// ended too.
    pub(in crate::model) fn end(&self, end: &End, served: Served) {
        let mut out = Actions::default();
        served.last_word(&mut out);
        self.post(out.posts());
        self.tell_with(|outbox| {
            outbox.say(&Said::Spent(self.last_spent()));
            Some(Said::Ended(end.into()))
        });
    }

    /// Tells what gathered, some times a second, until [`close`](Self::close). It sleeps while there is no news.
    pub(super) fn tell_now_and_then(&self, lane: &LaneState) {
        loop {
            {
                let mut closed = self.closed.lock();
                self.bell.wait_while(&mut closed, |closed| !*closed && !self.has_news.load(Ordering::SeqCst));
                let _all_of_it = self.bell.wait_while_for(&mut closed, |closed| !*closed, A_WHILE);
                if *closed {
                    return;
                }
            }
            // What happens from here on is news again.
            self.has_news.store(false, Ordering::SeqCst);
            let spent = self.spent();
            self.tell_with(|outbox| {
                outbox.say(&Said::Spent(spent));
                match lane.doing() {
                    Doing::InCall(call, fd, since) => Some(enters(outbox, lane, (call, fd, since), false)),
                    Doing::AtGate(call, fd, since) => Some(enters(outbox, lane, (call, fd, since), true)),
                    // It may have rung for its next call already, and not be in it yet: that one must not be missed.
                    Doing::Running => {
                        self.has_news.store(true, Ordering::SeqCst);
                        None
                    }
                    Doing::Gone => None,
                }
            });
        }
    }

    /// Ends [`tell_now_and_then`](Self::tell_now_and_then).
    pub(super) fn close(&self) {
        *self.closed.lock() = true;
        self.bell.notify_all();
    }

    /// A person moves it at the gate: the call it was held before goes on.
    pub(super) fn released(&self, now_ns: u64) {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        if let Some((call, fd, at)) = *self.stands.lock() {
            let at = outbox.line(at);
            outbox.say(&Said::Enters { call, fd, at, since_ns: now_ns, held: false });
            self.flush(outbox, to);
        }
    }

    /// The gate closed in front of it, at this line.
    pub(super) fn held(&self, call: Call, fd: i64, at: Place, since_ns: u64) {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        let at = outbox.line(at);
        outbox.say(&Said::Enters { call, fd, at, since_ns, held: true });
        self.flush(outbox, to);
    }

    /// What the serving thread has used, asked by the one that tells: of the switches of the process its own are none of the
    /// experiment. Not from `/proc`: what was looked at there has to be thrown out when the process is reaped (`d_invalidate` in the
    /// kernel's `release_task`), and a stop of many would wait for that.
    fn spent(&self) -> Spent {
        let own = (THREADS.own)().switches;
        let switches = sys::process_switches().zip(own).map(|(all, own)| [0, 1].map(|kind| all[kind].saturating_sub(own[kind])));
        let spent = Spent { cpu_ns: self.serves.and_then(THREADS.cpu_of), switches };
        *self.spent.lock() = spent;
        spent
    }

    /// The same, asked by the serving thread itself. Not less than was told before, when a switch of a third thread was in it.
    fn last_spent(&self) -> Spent {
        let (own, before) = ((THREADS.own)(), *self.spent.lock());
        let switches = own.switches.map(|own| {
            let before = before.switches.unwrap_or_default();
            [0, 1].map(|kind| own[kind].max(before[kind]))
        });
        Spent { switches, ..own }
    }

    fn is_much_untold(&self) -> bool {
        self.moved().iter().zip(&self.told).zip([MOST.0, MOST.1]).any(|((now, told), most)| now - told.load(Ordering::Relaxed) >= most)
    }

    /// Messages and bytes so far.
    fn moved(&self) -> [u64; 2] {
        let totals = self.conn.totals();
        [totals.rx_messages + totals.tx_messages, totals.rx_bytes + totals.tx_bytes]
    }

    /// Everything that happened, and `last`, which is asked after the rest was collected: it must not be older.
    fn tell_with(&self, last: impl FnOnce(&mut Outbox) -> Option<Said>) {
        let mut channel = self.channel.lock();
        let (outbox, to) = &mut *channel;
        // Before the draining: what is moved in between counts as untold, and is told twice as early.
        self.told.iter().zip(self.moved()).for_each(|(told, now)| told.store(now, Ordering::Relaxed));
        for record in self.tap.drain() {
            outbox.line(record.at);
            outbox.say(&Said::Called(CallFields::from(&record)));
        }
        self.board.drain(|record| match record.kind {
            RawKind::Received { .. } => outbox.say_moved(false, record.at_ns, record.len, record.data),
            RawKind::Sent => outbox.say_moved(true, record.at_ns, record.len, record.data),
            RawKind::Opened | RawKind::Ended(_) => {}
        });
        let here = match self.conn.stage() {
            ConnStage::PeerEnded => Some(false),
            ConnStage::LocalEnded => Some(true),
            ConnStage::Connecting | ConnStage::Queued | ConnStage::Open | ConnStage::Closed => None,
        };
        if let Some(here) = here.filter(|_| !self.told_half_end.swap(true, Ordering::Relaxed)) {
            outbox.say(&Said::HalfEnded { here });
        }
        let now = self.protocol.counts();
        let before = std::mem::replace(&mut *self.counted.lock(), now);
        if now != before {
            let more = [now.received - before.received, now.sent - before.sent, now.by_rule - before.by_rule];
            outbox.say(&Said::Messages(more));
        }
        if let Some(last) = last(outbox) {
            outbox.say(&last);
        }
        self.flush(outbox, to);
    }

    fn flush(&self, outbox: &mut Outbox, to: &mut dyn Write) {
        if outbox.flush(to).is_err() {
            self.broken.store(true, Ordering::Relaxed);
        }
    }
}

/// Where the lane stands, as it said itself a moment ago.
fn enters(outbox: &mut Outbox, lane: &LaneState, (call, fd, since): (Call, i64, Duration), held: bool) -> Said {
    let at = outbox.line(lane.at().unwrap_or_default());
    Said::Enters { call, fd, at, since_ns: since.as_nanos() as u64, held }
}
