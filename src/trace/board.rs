//! The board of one session: its connections with exact counters, and the bounded batch of traffic records.
//!
//! Workers count and record under one short lock: for one message that is cheaper than the atomic adds and the cache misses of a
//! queue without lock, and nothing is called while it is held. The batch takes a copy of the payload as long as there is room
//! in records and bytes; after that records are dropped and counted, the counters stay exact. The memory of a batch is used
//! again once it was read, so that a message allocates nothing.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_queue::ArrayQueue;
use parking_lot::{Mutex, MutexGuard};

use super::batch::Batch;
use super::patience::Patience;
use super::totals::Totals;
use super::{Call, Unserved};

/// Payload bytes one record keeps at most.
const RECORD_BYTES: usize = 64 << 10;
/// Undrained troubles and ended connections a session keeps at most.
const SIDE_RING: usize = 1_024;

static NEXT_CONN: AtomicU64 = AtomicU64::new(1);

/// Names one end of a connection within one run of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnId(pub u64);

/// Where a connection stands, as its worker knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "see engine::ConnState")]
pub enum ConnStage {
    Connecting,
    Open,
    PeerEnded,
    LocalEnded,
    Closed,
    Queued,
}

/// Why a connection ended.
#[derive(Debug)]
pub enum End {
    /// Both ends said FIN.
    Orderly,
    /// RST.
    Reset,
    /// Closed here by a person, a stop or a switch.
    Here,
    /// The service left.
    Service,
    /// Nothing moved on it for so long that the server closed it.
    Idle,
    /// The server or its service sent it away.
    Unserved(Unserved),
    /// This call failed.
    Failed(Call, io::Error),
}

/// One end of a connection, or one datagram peer: what never changes and the counters of its worker.
#[derive(Debug)]
pub struct Conn {
    /// Its name.
    pub id: ConnId,
    /// From 1 within the session.
    pub number: u32,
    /// The descriptor.
    pub fd: i64,
    /// Our end's address.
    pub local: Arc<str>,
    /// The other end's address.
    pub peer: Arc<str>,
    /// Since the engine started.
    pub opened_ns: u64,
    /// Clients: when its connect had succeeded; 0 until then.
    pub connected_ns: u64,
    /// Clients: how often its connect was asked for again.
    pub(super) retries: AtomicU32,
    /// Clients: when it is asked for again; 0 while that is not known.
    pub(super) next_try_ns: AtomicU64,
    stage: AtomicU8,
    rx_bytes: AtomicU64,
    tx_bytes: AtomicU64,
    rx_messages: AtomicU64,
    tx_messages: AtomicU64,
    active_ns: AtomicU64,
    /// In which batch of the board it is named, and where.
    named_in: AtomicU64,
}

impl Conn {
    /// Nothing moved yet. `push` sets `active_ns` with the record that it opened.
    fn new((id, number, fd): (ConnId, u32, i64), local: Arc<str>, peer: Arc<str>, opened_ns: u64, stage: ConnStage) -> Self {
        Self {
            id,
            number,
            fd,
            local,
            peer,
            opened_ns,
            connected_ns: 0,
            retries: AtomicU32::new(0),
            next_try_ns: AtomicU64::new(0),
            stage: AtomicU8::new(stage as u8),
            rx_bytes: AtomicU64::new(0),
            tx_bytes: AtomicU64::new(0),
            rx_messages: AtomicU64::new(0),
            tx_messages: AtomicU64::new(0),
            active_ns: AtomicU64::new(opened_ns),
            named_in: AtomicU64::new(u64::MAX),
        }
    }

    /// Only under the lock of its board's batch, as [`set_named_in`](Self::set_named_in).
    #[inline]
    pub(super) fn named_in(&self) -> (u32, u32) {
        let both = self.named_in.load(Ordering::Relaxed);
        ((both >> 32) as u32, both as u32)
    }

    #[inline]
    pub(super) fn set_named_in(&self, batch: u32, place: u32) {
        self.named_in.store(u64::from(batch) << 32 | u64::from(place), Ordering::Relaxed);
    }

    /// Where it stands.
    pub fn stage(&self) -> ConnStage {
        match self.stage.load(Ordering::Acquire) {
            0 => ConnStage::Connecting,
            1 => ConnStage::Open,
            2 => ConnStage::PeerEnded,
            3 => ConnStage::LocalEnded,
            5 => ConnStage::Queued,
            _ => ConnStage::Closed,
        }
    }

    /// Its totals.
    pub fn totals(&self) -> Totals {
        let [rx_bytes, tx_bytes, rx_messages, tx_messages] =
            [&self.rx_bytes, &self.tx_bytes, &self.rx_messages, &self.tx_messages].map(|c| c.load(Ordering::Relaxed));
        Totals { rx_bytes, tx_bytes, rx_messages, tx_messages, ..Totals::default() }
    }

    /// When bytes last moved.
    pub fn active_ns(&self) -> u64 {
        self.active_ns.load(Ordering::Relaxed)
    }
}

/// One record as a worker leaves it.
#[derive(Clone, Copy, Debug)]
pub struct RawRecord<'a> {
    /// Since the engine started.
    pub at_ns: u64,
    /// Whose.
    pub conn: &'a Arc<Conn>,
    /// What.
    pub kind: &'a RawKind,
    /// The payload, at most 64 KiB of it.
    pub data: &'a [u8],
    /// Bytes the call moved.
    pub len: u32,
}

/// What a record tells.
#[derive(Debug)]
pub enum RawKind {
    /// Received; `cut` when a datagram's rest was lost.
    Received {
        /// `MSG_TRUNC`.
        cut: bool,
    },
    /// Sent.
    Sent,
    /// Opened.
    Opened,
    /// Ended.
    Ended(Arc<End>),
}

impl RawKind {
    /// The same once more.
    fn twin(&self) -> Self {
        match self {
            Self::Received { cut } => Self::Received { cut: *cut },
            Self::Sent => Self::Sent,
            Self::Opened => Self::Opened,
            Self::Ended(end) => Self::Ended(Arc::clone(end)),
        }
    }
}

/// Something went wrong and the session goes on.
#[derive(Debug)]
pub struct Trouble {
    /// In which call.
    pub call: Call,
    /// At which address.
    pub endpoint: Arc<str>,
    /// What the system said.
    pub error: io::Error,
}

/// See the module.
#[derive(Debug)]
pub struct Board {
    epoch: Instant,
    pub(super) conns: Mutex<Conns>,
    next_number: AtomicU32,
    batch: Mutex<Batch>,
    /// Whether writers wait for room in the batch.
    patience: Patience,
    /// The batch that was drained last, kept for its memory.
    spare: Mutex<Batch>,
    hears_late: AtomicBool,
    dropped: AtomicU64,
    troubles: ArrayQueue<Trouble>,
}

#[derive(Debug, Default)]
pub(super) struct Conns {
    live: BTreeMap<ConnId, Arc<Conn>>,
    ended: VecDeque<(Arc<Conn>, u64, Arc<End>)>,
    /// Of ended connections, and the running `opened` / `failed`.
    pub(super) folded: Totals,
}

/// Ends that are named from now on are named after this one: in a child process, so that names agree with the server's.
pub fn continue_conn_ids_at(first: ConnId) {
    NEXT_CONN.store(first.0, Ordering::Relaxed);
}

impl Board {
    /// An empty board whose clock counts from `epoch`.
    pub fn new(epoch: Instant) -> Arc<Self> {
        Arc::new(Self {
            epoch,
            conns: Mutex::default(),
            next_number: AtomicU32::new(1),
            batch: Mutex::default(),
            patience: Patience::default(),
            spare: Mutex::default(),
            hears_late: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
            troubles: ArrayQueue::new(SIDE_RING),
        })
    }

    pub(super) fn now_ns(&self) -> u64 {
        self.epoch.elapsed().as_nanos() as u64
    }

    /// A new connection at `stage` (`Connecting` or `Open`). A client that connects again makes a new one.
    pub fn add(&self, fd: i64, local: impl Into<Arc<str>>, peer: impl Into<Arc<str>>, stage: ConnStage) -> Arc<Conn> {
        let id = ConnId(NEXT_CONN.fetch_add(1, Ordering::Relaxed));
        let number = self.next_number.fetch_add(1, Ordering::Relaxed);
        let now = self.now_ns();
        let conn = Arc::new(Conn::new((id, number, fd), local.into(), peer.into(), now, stage));
        let mut conns = self.conns.lock();
        conns.live.insert(conn.id, Arc::clone(&conn));
        if stage == ConnStage::Open {
            conns.folded.opened += 1;
            drop(conns);
            self.note(&conn, RawKind::Opened);
        }
        conn
    }

    /// Its connect finished: now open. The addresses may be known only now, so the caller passes a replacement `local`;
    /// the connection keeps its id and number.
    pub fn opened(&self, conn: &Arc<Conn>, local: impl Into<Arc<str>>) -> Arc<Conn> {
        let (peer, opened_ns) = (Arc::clone(&conn.peer), conn.opened_ns);
        let open = Conn::new((conn.id, conn.number, conn.fd), local.into(), peer, opened_ns, ConnStage::Open);
        open.retries.store(conn.retries(), Ordering::Relaxed);
        let open = Arc::new(Conn { connected_ns: self.now_ns(), ..open });
        let mut conns = self.conns.lock();
        conns.live.insert(open.id, Arc::clone(&open));
        conns.folded.opened += 1;
        drop(conns);
        self.note(&open, RawKind::Opened);
        open
    }

    /// It was accepted and waits for a worker.
    pub fn queued(&self, conn: &Conn) {
        conn.stage.store(ConnStage::Queued as u8, Ordering::Release);
    }

    /// A worker serves it now. What became of it in the meantime stays.
    pub fn taken(&self, conn: &Conn) {
        let (queued, open) = (ConnStage::Queued as u8, ConnStage::Open as u8);
        let _changed_meanwhile = conn.stage.compare_exchange(queued, open, Ordering::AcqRel, Ordering::Acquire);
    }

    /// One side ended (`PeerEnded`, `LocalEnded`).
    pub fn half_ended(&self, conn: &Conn, stage: ConnStage) {
        conn.stage.store(stage as u8, Ordering::Release);
    }

    /// It is over; its counters are folded into the session's. The second end of the same connection is ignored.
    pub fn ended(&self, conn: &Arc<Conn>, end: End) {
        let end = Arc::new(end);
        let now = self.now_ns();
        {
            let mut conns = self.conns.lock();
            let Some(live) = conns.live.remove(&conn.id) else { return };
            let was = live.stage();
            live.stage.store(ConnStage::Closed as u8, Ordering::Release);
            if was == ConnStage::Connecting && matches!(*end, End::Failed(..)) {
                conns.folded.failed += 1;
            }
            conns.folded.add_moved(&live);
            conns.ended.push_back((live, now, Arc::clone(&end)));
            if conns.ended.len() > SIDE_RING {
                conns.ended.pop_front();
            }
        }
        self.note(conn, RawKind::Ended(end));
    }

    /// `data` was received on it (one stream chunk or one datagram).
    pub fn received(&self, conn: &Arc<Conn>, data: &[u8], cut: bool) {
        self.moved(None, conn, RawKind::Received { cut }, data, data.len());
    }

    /// `data` was taken by the kernel for it (one call's worth).
    pub fn sent(&self, conn: &Arc<Conn>, data: &[u8]) {
        self.moved(None, conn, RawKind::Sent, data, data.len());
    }

    /// Another process moved `len` bytes on it at that time, of which `data` is the front.
    pub fn relayed(&self, at_ns: u64, conn: &Arc<Conn>, sent: bool, data: &[u8], len: u32) {
        self.hears_late.store(true, Ordering::Relaxed);
        let kind = if sent { RawKind::Sent } else { RawKind::Received { cut: false } };
        self.moved(Some(at_ns), conn, kind, data, len as usize);
    }

    /// Whether records come from other processes, some time after what they tell.
    pub fn hears_late(&self) -> bool {
        self.hears_late.load(Ordering::Relaxed)
    }

    fn moved(&self, at_ns: Option<u64>, conn: &Arc<Conn>, kind: RawKind, data: &[u8], len: usize) {
        let (bytes, messages) = match kind {
            RawKind::Sent => (&conn.tx_bytes, &conn.tx_messages),
            RawKind::Received { .. } | RawKind::Opened | RawKind::Ended(_) => (&conn.rx_bytes, &conn.rx_messages),
        };
        let (front, rest) = data.split_at(data.len().min(RECORD_BYTES));
        let mut batch = self.batch.lock();
        // Several threads may write (a worker and an operator), but all of them under this lock: a plain add is exact.
        add(bytes, len as u64);
        add(messages, 1);
        if rest.is_empty() || !self.patience.is_on() {
            self.put(&mut batch, at_ns, conn, kind, front, len);
        } else {
            // Nothing may be missing: one call's bytes in several records.
            self.put(&mut batch, at_ns, conn, kind.twin(), front, front.len());
            let mut left = len - front.len();
            let mut pieces = rest.chunks(RECORD_BYTES).peekable();
            while let Some(piece) = pieces.next() {
                let len = if pieces.peek().is_some() { piece.len() } else { left };
                left -= len;
                self.put(&mut batch, at_ns, conn, kind.twin(), piece, len);
            }
        }
    }

    /// Lays a record down; where there is no room it is dropped and counted, or waited for.
    #[inline]
    fn put(&self, batch: &mut MutexGuard<'_, Batch>, at_ns: Option<u64>, conn: &Arc<Conn>, kind: RawKind, data: &[u8], len: usize) {
        // Under the lock: what is written after a draining has a later time than it.
        let now = at_ns.unwrap_or_else(|| self.now_ns());
        conn.active_ns.store(now, Ordering::Relaxed);
        if batch.has_room(data.len()) {
            batch.add(now, conn, kind, data, len);
        } else {
            self.put_late(batch, at_ns, conn, kind, data, len);
        }
    }

    #[cold]
    fn put_late(&self, batch: &mut MutexGuard<'_, Batch>, at_ns: Option<u64>, conn: &Arc<Conn>, kind: RawKind, data: &[u8], len: usize) {
        while !batch.has_room(data.len()) {
            if !self.patience.wait(batch, || self.now_ns()) {
                self.dropped.fetch_add(1, Ordering::Relaxed);
                return;
            }
        }
        batch.add(at_ns.unwrap_or_else(|| self.now_ns()), conn, kind, data, len);
    }

    /// It opened, or ended.
    fn note(&self, conn: &Arc<Conn>, kind: RawKind) {
        self.put(&mut self.batch.lock(), None, conn, kind, &[], 0);
    }

    /// From now on writers wait for room instead of dropping records; or they do not. Until [`limit_patience`](Self::limit_patience).
    pub fn set_lossless(&self, is_lossless: bool) {
        let _under_the_lock = self.batch.lock();
        self.patience.set(is_lossless);
    }

    /// A stop: whoever waits for room does so for this long at most.
    pub fn limit_patience(&self, time: Duration) {
        let _under_the_lock = self.batch.lock();
        self.patience.limit(self.now_ns().saturating_add(time.as_nanos() as u64));
    }

    /// Something went wrong and the session goes on. Dropped when a thousand are waiting to be read.
    pub fn trouble(&self, call: Call, endpoint: impl Into<Arc<str>>, error: io::Error) {
        let _full = self.troubles.push(Trouble { call, endpoint: endpoint.into(), error });
    }

    /// A peer was sent away, or is not served any longer. Who sees it counted finds the words.
    pub fn unserved(&self, peer: impl Into<Arc<str>>, why: Unserved) {
        let (call, refused) = match why {
            Unserved::TurnedAway => (Call::Accept, 1),
            Unserved::Failed(_) | Unserved::Panicked(_) | Unserved::Framing(_) => (Call::Recv, 0),
            Unserved::TooSlow { .. } => (Call::Send, 0),
        };
        self.trouble(call, peer, io::Error::other(why));
        self.conns.lock().folded.refused += refused;
    }

    /// How long nothing has moved on it.
    pub fn quiet(&self, conn: &Conn) -> Duration {
        Duration::from_nanos(self.now_ns().saturating_sub(conn.active_ns()))
    }

    /// Hands over the records that were not drained yet, oldest first; answers how many.
    pub fn drain(&self, each: impl FnMut(RawRecord<'_>)) -> usize {
        let mut batch = std::mem::take(&mut *self.spare.lock());
        self.patience.drained_by_me();
        self.batch.lock().swap(&mut batch);
        self.patience.there_is_room();
        let count = batch.records().map(each).count();
        batch.clear();
        *self.spare.lock() = batch;
        count
    }

    /// Troubles not drained yet.
    pub fn drain_troubles(&self) -> impl Iterator<Item = Trouble> + '_ {
        std::iter::from_fn(|| self.troubles.pop()).take(SIDE_RING)
    }

    /// Records that found the ring full.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Live connections in order of birth.
    pub fn live(&self) -> Vec<Arc<Conn>> {
        self.conns.lock().live.values().cloned().collect()
    }

    /// A live connection.
    pub fn get(&self, id: ConnId) -> Option<Arc<Conn>> {
        self.conns.lock().live.get(&id).cloned()
    }

    /// The last `most` ended connections, oldest first: the connection, when it ended (ns), and why.
    pub fn recently_ended(&self, most: usize) -> Vec<(Arc<Conn>, u64, Arc<End>)> {
        let conns = self.conns.lock();
        conns.ended.iter().skip(conns.ended.len().saturating_sub(most)).cloned().collect()
    }

    /// Exact totals: ended and live connections together, at one moment.
    pub fn totals(&self) -> Totals {
        let conns = self.conns.lock();
        let mut sum = conns.folded;
        for conn in conns.live.values() {
            match conn.stage() {
                ConnStage::Connecting => sum.connecting += 1,
                _ => sum.open += 1,
            }
            sum.add_moved(conn);
        }
        sum
    }
}

/// Only under a lock that all writers take.
#[inline]
fn add(counter: &AtomicU64, by: u64) {
    counter.store(counter.load(Ordering::Relaxed) + by, Ordering::Relaxed);
}
