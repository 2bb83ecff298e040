//! When the engine looks at its sessions, and how the looks become a snapshot.
//!
//! At most thirty pictures a second while something moves, five while all is quiet (queues and sleeping threads have
//! durations), none when nothing runs.

use std::time::{Duration, SystemTime};

use super::call_log::MOST_IN_ALL;
use super::control::Core;
use super::recorder::Recorder;
use super::session::Session;
use super::singles::Wanted;
use super::view::{Waiting, push_sample};
use super::{Counters, LogView, Rates, RecordingView, Sample, SessionState, Snapshot};
use crate::lab::Side;
use crate::stats::Log;
use crate::trace::RawRecord;

/// Between two looks while something moves.
const LOOK: Duration = Duration::from_micros(33_333);
/// Between two looks while all is quiet, and between two points of history.
const QUIET_LOOK: Duration = Duration::from_millis(100);
/// Between two lists of those about whom the kernel is asked one by one.
const WANTED: Duration = Duration::from_millis(100);
/// Between two pictures while all is quiet.
const QUIET_PICTURE: Duration = Duration::from_millis(195);
/// Between two pictures for commands; a script may send thousands.
const AT_ONCE: Duration = Duration::from_millis(10);
/// Rings are emptied again this soon when one was found more than half full.
const DRAIN_AGAIN: Duration = Duration::from_millis(8);
/// Records of other processes come at most so late: what they gather, and the way.
const LATE: Duration = Duration::from_millis(50);
/// Half of a ring of records.
const HALF_A_RING: usize = 4_096;

/// What is kept from picture to picture.
pub(super) struct Picture {
    started: SystemTime,
    seq: u64,
    counters: Counters,
    rates: Rates,
    series: Log<Sample>,
    series_view: Option<LogView<Sample>>,
    last_look: Duration,
    last_picture: Duration,
    next_sample: Duration,
    /// When the listeners are read next.
    next_reading: Duration,
    /// When the lookout is told next about whom to ask.
    next_wanted: Duration,
    /// Whether the kernel is asked about the states of ends.
    has_ends: bool,
    /// The reading of the handshakes that was heard last.
    heard: u64,
    /// The recording as it was shown last.
    recording: Option<RecordingView>,
    /// The rings filled up quickly when they were last emptied, then.
    filled: Option<Duration>,
}

impl Picture {
    pub fn new() -> Self {
        Self {
            started: SystemTime::now(),
            seq: 0,
            counters: Counters::default(),
            rates: Rates::default(),
            series: Log::default(),
            series_view: None,
            last_look: Duration::ZERO,
            last_picture: Duration::ZERO,
            next_sample: Duration::ZERO,
            next_reading: Duration::ZERO,
            next_wanted: Duration::ZERO,
            has_ends: false,
            heard: 0,
            recording: None,
            filled: None,
        }
    }

    /// The time of day at which the engine's clock began.
    pub fn started(&self) -> SystemTime {
        self.started
    }
}

impl Core {
    /// When something is to be done next; `None` when nothing moves.
    pub(super) fn next_look(&self) -> Option<Duration> {
        let look = self.next_picture()?;
        Some(if self.listens() { look.min(self.picture.next_reading) } else { look })
    }

    /// When the sessions must be looked at next.
    fn next_picture(&self) -> Option<Duration> {
        let (now, at) = (self.now(), &self.picture);
        if self.stale || self.sessions.values().any(|s| s.shown.stale) {
            return Some(at.last_picture + AT_ONCE);
        }
        let settling = self.traffic.is_holding() || self.recorders.iter().any(Recorder::is_settling) || self.recording_has_news();
        let look = if settling || self.sessions.values().any(|s| s.shown.is_hot(now)) {
            at.last_look + LOOK
        } else if self.sessions.values().any(|s| s.is_live()) {
            at.last_look + QUIET_LOOK
        } else {
            return None;
        };
        Some(at.filled.map_or(look, |filled| look.min(filled + DRAIN_AGAIN)))
    }

    /// Empties rings, looks and publishes, each if it is due.
    pub(super) fn tick(&mut self) {
        let now = self.now();
        let Some(due) = self.next_look() else { return };
        if now < due {
            return;
        }
        self.watch_listeners(now);
        // What was read may make the next picture due sooner.
        if self.next_picture().is_none_or(|due| now < due) {
            return;
        }
        let is_pressed = self.drain();
        self.picture.filled = is_pressed.then_some(now);
        let forced = self.stale || self.sessions.values().any(|s| s.shown.stale);
        if !forced && now < self.picture.last_look + LOOK {
            return;
        }
        let changed = self.look(now) | self.traffic.is_new() | self.recording_has_news();
        if forced || changed || now >= self.picture.last_picture + QUIET_PICTURE {
            self.publish(now);
        }
    }

    /// A last, complete picture.
    pub(super) fn picture_now(&mut self) {
        let now = self.now();
        self.drain();
        self.traffic.settle(Duration::MAX);
        self.look(now);
        self.publish(now);
    }

    /// Reads the listeners, if it is time, and sees to it that the lookout watches as long as there is something to watch.
    fn watch_listeners(&mut self, now: Duration) {
        let listens = self.listens();
        let calling = self.sessions.values().any(Session::is_calling);
        self.lookout.attend(calling || self.picture.has_ends || self.sessions.values().any(Session::is_watched), calling);
        if now >= self.picture.next_wanted {
            self.picture.next_wanted = now + WANTED;
            let mut wanted = Wanted::default();
            self.sessions.values().for_each(|s| s.want(&mut wanted));
            // Of TIME_WAIT only while something runs: else a minute after the last stop somebody would still wake up.
            if self.sessions.values().any(|s| !matches!(s.state, SessionState::Stopped | SessionState::Failed)) {
                self.sessions.values_mut().for_each(|s| s.want_states(&mut wanted, now));
            } else if self.picture.has_ends {
                self.sessions.values_mut().for_each(Session::forget_states);
            }
            wanted.callers.sort_unstable();
            wanted.unmet.sort_unstable();
            wanted.ends.sort_unstable();
            self.picture.has_ends = !wanted.ends.is_empty();
            self.lookout.ask_about(wanted);
        }
        let told = self.lookout.told();
        if told.round != self.picture.heard {
            self.picture.heard = told.round;
            self.sessions.values_mut().filter(|s| s.is_calling()).for_each(|s| s.hear(&told, now));
            self.sessions.values_mut().for_each(|s| s.hear_states(&told, now));
        }
        if listens && now >= self.picture.next_reading {
            let kernel = &mut self.kernel;
            self.sessions.values_mut().for_each(|s| s.sample_listener(now, &told, kernel));
            let next = self.picture.next_reading + LOOK;
            self.picture.next_reading = if next > now { next } else { now + LOOK };
        }
    }

    /// Whether a stream server runs.
    fn listens(&self) -> bool {
        self.sessions.values().any(|s| s.terms().is_some())
    }

    /// Its thread went on since it was shown.
    fn recording_has_news(&self) -> bool {
        self.picture.recording != self.recording_view()
    }

    /// Empties the rings of all sessions; true when one was more than half full. Of traffic that is recorded, no more than the disk
    /// takes.
    pub(super) fn drain(&mut self) -> bool {
        let is_behind = self.disk_is_behind();
        if is_behind {
            self.hand_over();
        }
        self.empty_rings(!self.disk_is_behind()) || is_behind
    }

    /// Whatever the disk says: these rings are seen for the last time.
    pub(super) fn drain_all(&mut self) {
        self.empty_rings(true);
    }

    fn empty_rings(&mut self, of_traffic: bool) -> bool {
        let now = self.now();
        let mut is_pressed = false;
        let mut troubled = Vec::new();
        let mut horizon = now;
        for session in self.sessions.values_mut().filter(|s| s.is_live() || s.shown.is_hot(now)) {
            let shown = &mut session.shown;
            let mut take = |raw: RawRecord<'_>| {
                let info = shown.book.info(raw.conn, &session.name);
                self.traffic.take(raw, info);
            };
            let count = if of_traffic {
                session.board.drain(&mut take)
            } else {
                // It has more to tell, even if it ends meanwhile.
                shown.stir(now);
                0
            };
            is_pressed |= shown.calls.drain(&session.tap, &mut shown.lanes, now) || count > HALF_A_RING;
            if session.board.hears_late() {
                horizon = now.saturating_sub(LATE);
            }
            troubled.push(session.id);
        }
        // Rings that were left full hold older rows than what waits here.
        if of_traffic {
            self.traffic.settle(horizon);
        }
        self.hand_over();
        self.bound_calls();
        for id in troubled {
            self.troubles(id);
            self.sends_done(id);
        }
        is_pressed
    }

    /// All sessions' calls together stay under the limit; the longest log gives way.
    fn bound_calls(&mut self) {
        let mut held: usize = self.sessions.values().map(|s| s.shown.calls.len()).sum();
        while held > MOST_IN_ALL {
            let Some(longest) = self.sessions.values_mut().max_by_key(|s| s.shown.calls.len()) else { return };
            let before = longest.shown.calls.len();
            if !longest.shown.calls.evict() {
                return;
            }
            longest.shown.stale = true;
            held -= before - longest.shown.calls.len();
        }
    }

    /// Counts everything. True when something changed.
    fn look(&mut self, now: Duration) -> bool {
        self.picture.last_look = now;
        let sample = now >= self.picture.next_sample;
        let mut changed = false;
        let (mut counters, mut rates) = (Counters::default(), Rates::default());
        let mut lost = self.lost_before;
        for session in self.sessions.values_mut() {
            if session.is_live() || session.shown.is_hot(now) {
                changed |= session.look(now);
                if sample {
                    session.shown.sample(now);
                }
            }
            lost += session.shown.lost_before + session.board.dropped();
            // What our own two ends say to each other is counted once, at the server.
            if session.side == Side::Server || !session.shown.inside {
                add(&mut counters, &session.shown.counters);
                add_rates(&mut rates, &session.shown.rates);
            }
        }
        counters.dropped_records = lost;
        let picture = &mut self.picture;
        (picture.counters, picture.rates) = (counters, rates);
        if sample {
            push_sample(&mut picture.series, Sample { at_secs: now.as_secs_f64(), counters });
            picture.series_view = None;
            let next = picture.next_sample + QUIET_LOOK;
            picture.next_sample = if next > now { next } else { now + QUIET_LOOK };
        }
        changed
    }

    /// Builds what changed and swaps the new snapshot in.
    fn publish(&mut self, now: Duration) {
        let waiting = self.match_ends(now);
        let told = self.lookout.told();
        let neighbours = self.sessions.values().any(|s| s.side == Side::Server && s.shown.is_hot(now));
        for session in self.sessions.values_mut() {
            if session.is_live() || session.shown.is_hot(now) || session.shown.view.is_none() {
                session.build(now, &waiting, neighbours, &told);
                session.shown.settle(now);
            }
        }
        self.stale = false;
        let recording = self.recording_view();
        let picture = &mut self.picture;
        picture.recording.clone_from(&recording);
        picture.last_picture = now;
        picture.seq += 1;
        let series = &mut picture.series;
        self.shared.publish(Snapshot {
            seq: picture.seq,
            at: now,
            started: picture.started,
            sessions: self.sessions.values().filter_map(|s| s.shown.view.clone()).collect(),
            counters: picture.counters,
            rates: picture.rates,
            series: picture.series_view.get_or_insert_with(|| series.view()).clone(),
            traffic: self.traffic.view(),
            traffic_totals: self.traffic.totals(picture.counters.dropped_records),
            recording,
        });
        self.tell_events();
        (self.wake)();
    }

    /// Follows the connections of all sessions and finds which ends belong together.
    fn match_ends(&mut self, now: Duration) -> Waiting {
        // Clients first: an accept that happens in between is then seen, and a client is not called waiting by mistake.
        for side in [Side::Client, Side::Server] {
            for session in self.sessions.values_mut().filter(|s| s.side == side) {
                session.follow(now);
                let (transport, book) = (session.transport, &mut session.shown.book);
                book.fresh.drain(..).for_each(|info| {
                    self.pairs.add(transport, info);
                });
                book.gone.drain(..).for_each(|info| self.pairs.remove(transport, &info));
            }
        }
        let mut waiting = Waiting::default();
        let (clients, servers): (Vec<_>, Vec<_>) = self.sessions.values_mut().filter(|s| s.is_live()).partition(|s| s.side == Side::Client);
        for client in clients {
            client.find_doors(&self.doors, &mut waiting);
        }
        for server in servers {
            server.look_at_queue(&mut waiting, now, &mut self.kernel);
        }
        waiting
    }
}

fn add(sum: &mut Counters, of: &Counters) {
    // Named one by one: a new counter must not be forgotten here.
    let Counters {
        open,
        waiting,
        opened,
        failed,
        rx_bytes,
        tx_bytes,
        rx_messages,
        tx_messages,
        calls,
        wakeups,
        eagain,
        cpu_us,
        switches,
        dropped_records,
    } = *of;
    sum.open += open;
    sum.waiting += waiting;
    sum.opened += opened;
    sum.failed += failed;
    sum.rx_bytes += rx_bytes;
    sum.tx_bytes += tx_bytes;
    sum.rx_messages += rx_messages;
    sum.tx_messages += tx_messages;
    sum.calls += calls;
    sum.wakeups += wakeups;
    sum.eagain += eagain;
    sum.cpu_us += cpu_us;
    sum.switches += switches;
    sum.dropped_records += dropped_records;
}

fn add_rates(sum: &mut Rates, of: &Rates) {
    let Rates { opened, rx_bytes, tx_bytes, rx_messages, tx_messages, calls, wakeups, eagain, cpu, switches } = *of;
    sum.opened += opened;
    sum.rx_bytes += rx_bytes;
    sum.tx_bytes += tx_bytes;
    sum.rx_messages += rx_messages;
    sum.tx_messages += tx_messages;
    sum.calls += calls;
    sum.wakeups += wakeups;
    sum.eagain += eagain;
    sum.cpu += cpu;
    sum.switches += switches;
}
