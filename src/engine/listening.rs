//! What is kept of a running listener: its samples at thirty a second, the system's counters at its start, rates.
//!
//! It asks for what costs less than a microsecond; what costs more is read by the lookout's thread and handed in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::lookout::Told;
use super::{AcceptQueue, Clamp, Figure, ListenerSample, ListenerView, LogView, Source};
use crate::lab::{AcceptPace, Transport};
use crate::probe::{self, Drops, Listener, Unavailable};
use crate::stats::{Log, RateMeter};

/// Points of history kept: ten minutes at thirty a second.
const SAMPLES: usize = 18_000;

/// Where the derived queue comes from.
const BOTH_ENDS: Source = Source::Derived("connects completed − accepts");
const OVERFLOWS: Source = Source::Measured("/proc/net/netstat ListenOverflows, all listeners of this machine");
const DROPS: Source = Source::Measured("/proc/net/netstat ListenDrops, all listeners of this machine");
const HALF_OPEN: Source = Source::Measured("sock_diag, sockets in SYN_RECV");
const CLAMPED: Source = Source::Derived("what was asked for, at most what the system allows");

/// What is read of a listener at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// The moment.
    pub at: Duration,
    /// The kernel's word on the queue, or why there is none.
    pub kernel: Result<Listener, Unavailable>,
    /// Accepted since it started.
    pub accepted: u64,
}

/// Where a listener is and how it was asked to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub transport: Transport,
    pub inet: Option<SocketAddr>,
    /// The `n` of the last `listen(n)`.
    pub asked: u32,
    pub pace: AcceptPace,
    pub next_accept: Option<Duration>,
}

/// See the module.
pub(super) struct Listening {
    /// The system's counters when it was bound.
    before: Result<Drops, Unavailable>,
    /// When both ends were last followed, and the kernel asked.
    reading: Option<Reading>,
    last: ListenerSample,
    /// Connects completed − accepts, when both ends were last followed.
    derived: u32,
    /// What the system allowed when this was last asked for.
    limited: Option<(u32, Option<Clamp>)>,
    meter: RateMeter<2>,
    rates: [f64; 2],
    series: Log<ListenerSample>,
    series_view: Option<LogView<ListenerSample>>,
}

impl Default for Listening {
    fn default() -> Self {
        Self {
            before: Err(Unavailable::NotAsked),
            reading: None,
            last: ListenerSample::default(),
            derived: 0,
            limited: None,
            meter: RateMeter::default(),
            rates: [0.0; 2],
            series: Log::default(),
            series_view: None,
        }
    }
}

impl Listening {
    /// It is bound; the counters were so when it began to listen.
    pub fn begin(&mut self, before: Result<Drops, Unavailable>) {
        (self.before, self.reading, self.derived, self.last) = (before, None, 0, ListenerSample::default());
        (self.limited, self.meter, self.rates) = (None, RateMeter::default(), [0.0; 2]);
    }

    /// Both ends were followed: so many of our own clients are connected and not accepted. Answers who stands in the accept queue:
    /// the kernel's word, where it has one.
    pub fn follow(&mut self, derived: u32, reading: Reading, transport: Transport) -> AcceptQueue {
        (self.derived, self.reading) = (derived, Some(reading));
        self.queue(&reading, transport)
    }

    /// Adds a point of history. True when it differs from the one before.
    pub fn sample(&mut self, reading: &Reading, terms: &Terms, told: &Told) -> bool {
        let queue = reading.kernel.map_or(self.derived, |kernel| kernel.waiting);
        let turned = self.turned(terms, told).unwrap_or_default();
        let arrived = reading.accepted + u64::from(queue);
        let sample = ListenerSample {
            at_secs: reading.at.as_secs_f64(),
            queue,
            places: reading.kernel.ok().and_then(Listener::places),
            half_open: half_open(terms, told),
            overflows: turned.overflows.unwrap_or(0),
            drops: turned.drops.unwrap_or(0),
            accepted: reading.accepted,
            // One that leaves the queue unaccepted has arrived all the same; the total never falls.
            arrived: arrived.max(self.last.arrived),
        };
        self.rates = self.meter.update(reading.at, [sample.accepted, sample.arrived]);
        let changed = sample != ListenerSample { at_secs: sample.at_secs, ..self.last };
        self.last = sample;
        self.series.push(sample);
        // Whole chunks only, so that at least `SAMPLES` stay.
        if self.series.len() >= SAMPLES + 256 {
            self.series.evict_chunk();
        }
        self.series_view = None;
        changed
    }

    /// Whether its rates are still to fall.
    pub fn is_moving(&self) -> bool {
        self.rates != [0.0; 2]
    }

    fn queue(&self, reading: &Reading, transport: Transport) -> AcceptQueue {
        match reading.kernel {
            Ok(kernel) => AcceptQueue { waiting: kernel.waiting, limit: Some(kernel.limit), source: Source::Measured(of_queue(transport)) },
            Err(_) => AcceptQueue { waiting: self.derived, limit: None, source: BOTH_ENDS },
        }
    }

    /// What a snapshot shows; `None` before both ends were followed.
    pub fn view(&mut self, terms: &Terms, told: &Told) -> Option<Arc<ListenerView>> {
        let reading = &self.reading?;
        let queue = self.queue(reading, terms.transport);
        let clamp = self.clamp(terms.asked);
        let in_force = match (reading.kernel, clamp) {
            (Ok(kernel), _) => Some(Figure { value: kernel.limit.into(), source: Source::Measured(of_limit(terms.transport)) }),
            (Err(_), Some(clamp)) => Some(Figure { value: terms.asked.min(clamp.most).into(), source: CLAMPED }),
            (Err(_), None) => None,
        };
        let turned = self.turned(terms, told);
        let figure = |value: u64, source| Figure { value, source };
        let series = &mut self.series;
        Some(Arc::new(ListenerView {
            at: reading.at,
            asked: terms.asked,
            in_force,
            clamp,
            places: reading.kernel.ok().and_then(Listener::places),
            queue: figure(queue.waiting.into(), queue.source),
            derived_queue: self.derived,
            half_open: half_open(terms, told).map(|count| figure(count.into(), HALF_OPEN)),
            overflows: turned.ok().and_then(|t| t.overflows).map(|n| figure(n, OVERFLOWS)),
            drops: turned.ok().and_then(|t| t.drops).map(|n| figure(n, DROPS)),
            unavailable: why_not(reading, terms, told, turned),
            accepted: reading.accepted,
            arrived: (reading.accepted + u64::from(queue.waiting)).max(self.last.arrived),
            accept_rate: self.rates[0],
            arrival_rate: self.rates[1],
            pace: terms.pace,
            next_accept: terms.next_accept,
            series: self.series_view.get_or_insert_with(|| series.view()).clone(),
        }))
    }

    /// The system clamps when `listen` is called, so it is asked only then.
    fn clamp(&mut self, asked: u32) -> Option<Clamp> {
        match self.limited {
            Some((before, clamp)) if before == asked => clamp,
            Some(_) | None => {
                let clamp = probe::clamp().map(|it| Clamp { most: it.most, by: it.by });
                self.limited = Some((asked, clamp));
                clamp
            }
        }
    }

    /// The counters since it started. A reading from before its start tells nothing of it.
    fn turned(&self, terms: &Terms, told: &Told) -> Result<Drops, Unavailable> {
        if terms.transport.is_unix() {
            return Err(Unavailable::UnixSockets);
        }
        Ok(told.turned?.since(self.before?))
    }
}

fn half_open(terms: &Terms, told: &Told) -> Option<u32> {
    let inet = terms.inet.filter(|_| !terms.transport.is_unix())?;
    told.handshakes.as_ref().ok().map(|seen| seen.all.half_open_at(inet))
}

/// The first figure that is missing says why.
fn why_not(reading: &Reading, terms: &Terms, told: &Told, turned: Result<Drops, Unavailable>) -> Option<Unavailable> {
    let of_handshakes = || if terms.transport.is_unix() { Some(Unavailable::UnixSockets) } else { told.handshakes.as_ref().err().copied() };
    reading.kernel.err().or_else(of_handshakes).or(turned.err())
}

/// Where the kernel's word on a queue comes from.
fn of_queue(transport: Transport) -> &'static str {
    match (cfg!(target_os = "linux"), transport.is_unix()) {
        (true, false) => "TCP_INFO, tcpi_unacked",
        (true, true) => "sock_diag, udiag_rqueue",
        (false, _) => "proc_pidfdinfo, soi_qlen",
    }
}

/// And on its limit.
fn of_limit(transport: Transport) -> &'static str {
    match (cfg!(target_os = "linux"), transport.is_unix()) {
        (true, false) => "TCP_INFO, tcpi_sacked",
        (true, true) => "sock_diag, udiag_wqueue",
        (false, _) => "proc_pidfdinfo, soi_qlimit",
    }
}
