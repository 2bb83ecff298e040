//! What a snapshot shows of one session, and how it is kept current cheaply: counted at each look, built only when something
//! changed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::call_log::CallLog;
use super::conns::{ConnBook, Entry};
use super::doors::Doors;
use super::lanes::LaneBook;
use super::listening::Listening;
use super::lookout::{Kernel, Told};
use super::sequence::Playing;
use super::session::{Link, Session};
use super::{AcceptQueue, Cause, ConnState, ConnView, Counters, EndReason, Failure, LogView, Operation, Rates, Sample};
use super::{SendProgress, SessionView, Spec};
use crate::lab::{EndpointId, Side, Transport};
use crate::stats::{Log, RateMeter};
use crate::trace::{Call, ConnId, ConnStage, End, Totals, Unserved};
use crate::{model, service};

/// Connections whose buffers are asked for at each look.
const BUFFERS_ASKED: usize = 64;
/// Points of history kept: ten minutes at ten a second.
const SAMPLES: usize = 6_000;
/// Between two questions to the threads, and how many of those that ran are asked for their switches each time.
const THREADS_ASKED: Duration = Duration::from_millis(245);
const SWITCHES_ASKED: usize = 256;
/// After the last change the rates still fall for a second.
const SETTLING: Duration = Duration::from_millis(1_300);

/// Everything that tells whether a session changed.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Mark {
    totals: Totals,
    calls: [u64; 3],
    dropped: u64,
    lanes: usize,
    /// Steps of its sequence.
    moves: u64,
}

/// What is shown of a session, and what is kept to show it.
pub(super) struct Shown {
    pub book: ConnBook,
    pub lanes: LaneBook,
    pub calls: CallLog,
    pub listening: Listening,
    pub counters: Counters,
    pub rates: Rates,
    /// A client that talks to a server of ours: its bytes are counted there.
    pub inside: bool,
    /// Records that earlier generations lost.
    pub lost_before: u64,
    /// Something besides the counters changed: state, name, failure.
    pub stale: bool,
    /// The last view; `None` before the first look.
    pub view: Option<Arc<SessionView>>,
    mark: Mark,
    changed: Duration,
    /// Built once more after the rates have fallen.
    settled: bool,
    meter: RateMeter<8>,
    /// When the threads are asked next, and what they had used when they were asked last: microseconds, switches.
    threads_due: Duration,
    spent: [u64; 2],
    spent_rates: [f64; 2],
    spent_meter: RateMeter<2>,
    series: Log<Sample>,
    series_view: Option<LogView<Sample>>,
    queue: Option<AcceptQueue>,
    connections: Arc<[ConnView]>,
}

/// Who waits in the accept queues of our servers, as far as our own clients tell.
#[derive(Default)]
pub(super) struct Waiting {
    of: BTreeMap<EndpointId, Door>,
}

#[derive(Default)]
struct Door {
    /// Clients' ends that no end of the server was found for.
    unmatched: u32,
    /// Clients' ends without a name, by age.
    unnamed: Vec<ConnId>,
    /// Of `unnamed`, this one and the younger ones wait.
    from: Option<ConnId>,
}

impl Shown {
    pub fn new(id: EndpointId, side: Side, transport: Transport) -> Self {
        Self {
            book: ConnBook::new(id, side, transport),
            lanes: LaneBook::default(),
            calls: CallLog::default(),
            listening: Listening::default(),
            counters: Counters::default(),
            rates: Rates::default(),
            inside: false,
            lost_before: 0,
            stale: true,
            view: None,
            mark: Mark::default(),
            changed: Duration::ZERO,
            settled: false,
            meter: RateMeter::default(),
            threads_due: Duration::ZERO,
            spent: [0; 2],
            spent_rates: [0.0; 2],
            spent_meter: RateMeter::default(),
            series: Log::default(),
            series_view: None,
            queue: None,
            connections: Arc::new([]),
        }
    }

    /// A new generation: history stays.
    pub fn renew(&mut self, lost: u64, id: EndpointId, side: Side, transport: Transport) {
        self.lost_before += lost;
        let gone = {
            self.book.clear();
            std::mem::take(&mut self.book.gone)
        };
        self.book = ConnBook::new(id, side, transport);
        self.book.gone = gone;
        self.lanes.clear();
        self.calls.clear();
        self.inside = false;
        (self.mark, self.meter, self.queue) = (Mark::default(), RateMeter::default(), None);
        (self.spent, self.spent_rates, self.spent_meter) = ([0; 2], [0.0; 2], RateMeter::default());
        self.threads_due = Duration::ZERO;
    }

    /// Whether rates or states are still moving.
    pub fn is_hot(&self, now: Duration) -> bool {
        self.stale || !self.settled || now.saturating_sub(self.changed) < SETTLING
    }

    /// It was built.
    pub fn settle(&mut self, now: Duration) {
        self.stale = false;
        self.settled = now.saturating_sub(self.changed) >= SETTLING;
    }

    /// Something was asked that moves it: the next looks come soon.
    pub fn stir(&mut self, now: Duration) {
        (self.stale, self.changed, self.settled) = (true, now, false);
    }

    /// Adds a point of history.
    pub fn sample(&mut self, now: Duration) {
        push_sample(&mut self.series, Sample { at_secs: now.as_secs_f64(), counters: self.counters });
        self.series_view = None;
    }
}

/// Adds a point and keeps the length.
pub(super) fn push_sample(series: &mut Log<Sample>, sample: Sample) {
    series.push(sample);
    // Whole chunks only, so that at least `SAMPLES` stay.
    if series.len() >= SAMPLES + 256 {
        series.evict_chunk();
    }
}

impl Session {
    /// Counts. True when something changed since the last look, or is still settling.
    pub fn look(&mut self, now: Duration) -> bool {
        let mark = Mark {
            totals: self.board.totals(),
            calls: self.tap.counts(),
            dropped: self.board.dropped(),
            lanes: self.tap.live_lanes(),
            moves: self.sequence.as_ref().map_or(0, Playing::moves),
        };
        let shown = &mut self.shown;
        if mark != shown.mark {
            shown.mark = mark;
            (shown.changed, shown.settled) = (now, false);
        }
        let (t, [calls, wakeups, eagain]) = (mark.totals, mark.calls);
        if now >= shown.threads_due {
            shown.threads_due = now + THREADS_ASKED;
            self.tap.sample_threads(SWITCHES_ASKED);
            let spent = self.tap.total_spent();
            shown.spent = [spent.cpu_ns.unwrap_or(0) / 1_000, spent.switches.map_or(0, |[voluntary, _]| voluntary)];
            shown.spent_rates = shown.spent_meter.update(now, shown.spent);
        }
        let ([cpu_us, switches], [cpu, switching]) = (shown.spent, shown.spent_rates);
        let waiting = match self.side {
            Side::Client => t.connecting,
            Side::Server => shown.queue.map_or(0, |q| q.waiting.into()),
        };
        shown.counters = Counters {
            open: t.open,
            waiting,
            opened: t.opened,
            failed: t.failed,
            rx_bytes: t.rx_bytes,
            tx_bytes: t.tx_bytes,
            rx_messages: t.rx_messages,
            tx_messages: t.tx_messages,
            calls,
            wakeups,
            eagain,
            cpu_us,
            switches,
            dropped_records: mark.dropped,
        };
        let totals = [t.opened, t.rx_bytes, t.tx_bytes, t.rx_messages, t.tx_messages, calls, wakeups, eagain];
        let [opened, rx_bytes, tx_bytes, rx_messages, tx_messages, calls, wakeups, eagain] = shown.meter.update(now, totals);
        shown.rates =
            Rates { opened, rx_bytes, tx_bytes, rx_messages, tx_messages, calls, wakeups, eagain, cpu: cpu / 1e6, switches: switching };
        shown.is_hot(now)
    }

    /// Follows the board's connections.
    pub fn follow(&mut self, now: Duration) {
        if self.shown.is_hot(now) {
            self.shown.book.follow(&self.board, &self.name);
            self.shown.book.meter(now);
        }
    }

    /// Clients: finds which of our servers each connection goes to, and reports those that no server end was found for.
    pub fn find_doors(&mut self, doors: &Doors, waiting: &mut Waiting) {
        let unnamed = match self.transport {
            Transport::UnixStream => true,
            Transport::Tcp => false,
            // Datagrams are not accepted; only the address counts.
            Transport::Udp | Transport::UnixDgram => {
                self.shown.inside |= self.shown.book.live.iter().any(|e| e.info.other_end.get().is_some());
                return;
            }
        };
        for entry in &mut self.shown.book.live {
            if entry.door.is_none() && entry.doors_seen != doors.version() {
                entry.doors_seen = doors.version();
                entry.door = doors.find(self.transport, &entry.info.peer);
                self.shown.inside |= entry.door.is_some();
            }
            let Some(door) = entry.door else { continue };
            if !is_connected(entry.conn.stage()) || !doors.is_open(door) {
                continue;
            }
            if unnamed {
                waiting.of.entry(door).or_default().unnamed.push(entry.info.id);
            } else if entry.info.other_end.get().is_none() {
                waiting.of.entry(door).or_default().unmatched += 1;
            }
        }
    }

    /// Servers: who stands in the accept queue. The kernel's word, where it has one.
    pub fn look_at_queue(&mut self, waiting: &mut Waiting, now: Duration, kernel: &mut Kernel) {
        let Some(reading) = self.read_listener(now, kernel) else {
            self.shown.queue = None;
            return;
        };
        let derived = waiting.of.get_mut(&self.id).map_or(0, |door| door.count(self.shown.book.live.len()));
        let queue = self.shown.listening.follow(derived, reading, self.transport);
        if self.shown.queue != Some(queue) {
            self.shown.queue = Some(queue);
            self.shown.stale = true;
        }
        self.shown.counters.waiting = queue.waiting.into();
    }

    /// Asks for the buffers of the first connections. True when one changed.
    fn look_at_buffers(&mut self) -> bool {
        let mut changed = false;
        for entry in self.shown.book.live.iter_mut().take(BUFFERS_ASKED) {
            let asked = match &self.link {
                Link::Server { control: Some(control), .. } => control.buffers(entry.info.id),
                Link::Client { control, .. } => control.buffers(entry.info.id, self.transport.is_stream()),
                Link::Server { control: None, .. } | Link::None => return false,
            };
            let now = asked.map_or((None, None), |b| (b.unread, b.unsent));
            changed |= entry.buffers != now;
            entry.buffers = now;
        }
        changed
    }

    /// Builds the view. `neighbours`: a server moved, so that clients' connections may have been accepted.
    pub fn build(&mut self, now: Duration, waiting: &Waiting, neighbours: bool, told: &Told) {
        let buffers = self.look_at_buffers();
        let dials = self.follow_dials(told, now);
        if buffers || dials || neighbours || self.shown.is_hot(now) {
            self.shown.connections = self.connections(waiting);
        }
        let (model, service, backlog) = match &*self.spec {
            Spec::Server(server) => (
                model::MODELS.iter().find(|m| m.id == server.model).map(|m| m.id),
                service::find(&server.service).map(|s| s.id),
                self.transport.is_stream().then_some(server.backlog),
            ),
            Spec::Client { .. } => (None, None, None),
        };
        let (retry, sending) = match &self.link {
            Link::None => (None, None),
            Link::Server { control, .. } => (None, control.as_ref().and_then(|c| c.progress()).map(|(done, of)| SendProgress { done, of })),
            Link::Client { control, .. } => (control.retry(), control.progress()),
        };
        let view = self.messages_view();
        let messages = match &self.shown.view {
            Some(last) if *last.messages == view => Arc::clone(&last.messages),
            Some(_) | None => Arc::new(view),
        };
        let terms = self.terms();
        let shown = &mut self.shown;
        let listener = terms.and_then(|terms| shown.listening.view(&terms, told));
        let series = &mut shown.series;
        shown.view = Some(Arc::new(SessionView {
            id: self.id,
            side: self.side,
            name: Arc::clone(&self.name),
            transport: self.transport,
            generation: self.generation,
            state: self.state,
            since: self.since,
            model,
            service,
            local: self.local.clone(),
            target: self.target.clone(),
            listener_fd: self.listener_fd,
            backlog,
            failure: self.failure.clone(),
            counters: shown.counters,
            rates: shown.rates,
            queue: shown.queue,
            listener,
            connections: Arc::clone(&shown.connections),
            lanes: shown.lanes.view(&self.tap),
            live_lanes: u32::try_from(shown.mark.lanes).unwrap_or(u32::MAX),
            calls: shown.calls.view(&self.tap),
            refused: shown.mark.totals.refused,
            series: shown.series_view.get_or_insert_with(|| series.view()).clone(),
            retry,
            sending,
            messages,
        }));
    }

    fn connections(&mut self, waiting: &Waiting) -> Arc<[ConnView]> {
        let (side, transport) = (self.side, self.transport);
        let waits = |entry: &Entry| match (side, transport) {
            (Side::Server, _) | (Side::Client, Transport::Udp | Transport::UnixDgram) => false,
            (Side::Client, Transport::Tcp) => entry.door.is_some_and(|_| entry.info.other_end.get().is_none()),
            (Side::Client, Transport::UnixStream) => {
                let from = entry.door.and_then(|door| waiting.of.get(&door)?.from);
                from.is_some_and(|from| entry.info.id >= from)
            }
        };
        let book = &mut self.shown.book;
        let live = book.live.iter_mut().map(|e| {
            let waits = waits(e);
            view(e, waits, transport)
        });
        live.chain(book.ended.iter_mut().map(|e| view(e, false, transport))).collect()
    }
}

impl Door {
    /// How many wait, when the server has accepted `accepted`. Unnamed ends cannot be told apart: accept takes them in
    /// order, so the youngest wait.
    fn count(&mut self, accepted: usize) -> u32 {
        self.unnamed.sort_unstable();
        self.from = self.unnamed.get(accepted).copied();
        self.unmatched + u32::try_from(self.unnamed.len().saturating_sub(accepted)).unwrap_or(u32::MAX)
    }
}

fn is_connected(stage: ConnStage) -> bool {
    match stage {
        ConnStage::Open | ConnStage::LocalEnded | ConnStage::Queued => true,
        ConnStage::Connecting | ConnStage::PeerEnded | ConnStage::Closed => false,
    }
}

fn view(entry: &mut Entry, waits: bool, transport: Transport) -> ConnView {
    let totals = entry.conn.totals();
    let state = match entry.conn.stage() {
        // The board has dropped it and says why.
        _ if entry.end.is_some() => ConnState::Closed,
        ConnStage::Connecting => ConnState::Connecting,
        ConnStage::Queued => ConnState::Waiting,
        ConnStage::Open if waits => ConnState::Waiting,
        ConnStage::Open => ConnState::Open,
        ConnStage::PeerEnded => ConnState::PeerEnded,
        ConnStage::LocalEnded => ConnState::LocalEnded,
        ConnStage::Closed => ConnState::Closed,
    };
    // What TCP has no answer for yet is still on this side; what a Unix socket took lies with the peer.
    let here = if transport.is_unix() { 0 } else { entry.buffers.1.unwrap_or(0) };
    let there = totals.tx_bytes.saturating_sub(here.into());
    let unread_there = (state == ConnState::Waiting).then_some(u32::try_from(there).unwrap_or(u32::MAX));
    ConnView {
        info: Arc::clone(&entry.info),
        state,
        end: entry.end.as_ref().map(|(_, reason)| reason.clone()),
        closed: entry.end.as_ref().map(|(at, _)| *at),
        rx_bytes: totals.rx_bytes,
        tx_bytes: totals.tx_bytes,
        rx_rate: entry.rates[0],
        tx_rate: entry.rates[1],
        unread: entry.buffers.0,
        unsent: entry.buffers.1,
        active: Duration::from_nanos(entry.conn.active_ns()),
        tcp: entry.tcp,
        connect: entry.dial.as_mut().map(|dial| dial.view(unread_there)),
    }
}

/// Why a connection ended, for people.
pub(super) fn end_reason(end: &End, peer: &Arc<str>) -> EndReason {
    match end {
        End::Orderly => EndReason::Orderly,
        End::Reset => EndReason::Reset,
        End::Here => EndReason::Here,
        End::Service => EndReason::Service,
        End::Idle => EndReason::Idle,
        End::Unserved(Unserved::Framing(why)) => EndReason::Framing(*why),
        End::Unserved(why) => EndReason::Failed(unserved(Arc::clone(peer), why.clone())),
        End::Failed(call, error) => EndReason::Failed(failure(*call, Arc::clone(peer), error)),
    }
}

/// A failed call, for people.
pub(super) fn failure(call: Call, endpoint: Arc<str>, error: &std::io::Error) -> Failure {
    match Failure::inside(error) {
        Some(inside) => Failure { endpoint, ..inside.clone() },
        None => match error.get_ref().and_then(|inside| inside.downcast_ref::<Unserved>()) {
            Some(why) => unserved(endpoint, why.clone()),
            None => Failure::new(call.into(), endpoint, error),
        },
    }
}

fn unserved(endpoint: Arc<str>, why: Unserved) -> Failure {
    let operation = match why {
        Unserved::TurnedAway => Operation::Accept,
        Unserved::Failed(_) | Unserved::Panicked(_) | Unserved::TooSlow { .. } => Operation::Serve,
        Unserved::Framing(why) => return Failure::because(Operation::Framing, endpoint, Cause::Framing(why)),
    };
    Failure::because(operation, endpoint, Cause::Unserved(why))
}
