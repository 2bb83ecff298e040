//! What a session tells of handshakes: of its listener, or of its connects. Reads, never waits.

use std::time::Duration;

use super::conns::{ConnBook, Entry};
use super::listening::{Reading, Terms};
use super::lookout::{Kernel, Road, Told, canonical};
use super::session::{Link, Session};
use super::singles::Wanted;
use super::{HalfThere, SessionState, Spec};
use crate::lab::{Side, Transport};
use crate::probe::{HalfStage, KernelWatch};
use crate::trace::ConnStage;

/// Ends of a session whose states are asked for: so many that are open, and so many that ended.
const STATES_ASKED: usize = 64;
/// A state outlives its connection: FIN_WAIT2 for tcp_fin_timeout (tcp(7)), and then TIME_WAIT, each a minute by custom.
const STATES_AFTER: Duration = Duration::from_secs(130);

impl Session {
    /// How its listener was asked to be; `None` when it is no running stream server.
    pub fn terms(&self) -> Option<Terms> {
        let (Link::Server { control: Some(control), .. }, Spec::Server(server)) = (&self.link, &*self.spec) else { return None };
        self.transport.is_stream().then_some(Terms {
            transport: self.transport,
            inet: self.inet,
            asked: server.backlog,
            pace: control.pace(),
            next_accept: control.next_accept(),
        })
    }

    /// Asks the kernel about its listener. `kernel` is opened for the first that needs it.
    pub fn read_listener(&self, now: Duration, kernel: &mut Kernel) -> Option<Reading> {
        let Link::Server { control: Some(control), .. } = &self.link else { return None };
        if !self.transport.is_stream() {
            return None;
        }
        let queue = match (self.transport.is_unix(), kernel.get_or_insert_with(KernelWatch::new)) {
            (false, _) => control.listener_queue(),
            (true, Ok(kernel)) => control.listener_queue_by(kernel),
            (true, Err(why)) => Err(*why),
        };
        Some(Reading { at: now, kernel: queue, accepted: self.board.accepted() })
    }

    /// A point of its listener's history.
    pub fn sample_listener(&mut self, now: Duration, told: &Told, kernel: &mut Kernel) {
        let (Some(terms), Some(reading)) = (self.terms(), self.read_listener(now, kernel)) else { return };
        let listening = &mut self.shown.listening;
        let moved = listening.is_moving();
        if listening.sample(&reading, &terms, told) || moved {
            self.shown.stale = true;
        }
    }

    /// Whether it is a running TCP server: the lookout can tell of its listener.
    pub fn is_watched(&self) -> bool {
        self.transport == Transport::Tcp && self.terms().is_some()
    }

    /// Whether connects of its clients are under way that the kernel may tell of.
    pub fn is_calling(&self) -> bool {
        self.side == Side::Client
            && self.transport == Transport::Tcp
            && self.state == SessionState::Running
            && self.shown.counters.waiting > 0
    }

    /// The kernel told of handshakes anew: the picture follows if one of its own is another than before.
    pub fn hear(&mut self, told: &Told, now: Duration) {
        if self.follow_dials(told, now) {
            self.shown.stale = true;
        }
    }

    /// Follows how its connects go. True when something changed.
    pub fn follow_dials(&mut self, told: &Told, now: Duration) -> bool {
        let (true, Side::Client) = (self.transport.is_stream(), self.side) else { return false };
        let control = match &self.link {
            Link::Client { control, .. } => Some(control),
            Link::Server { .. } | Link::None => None,
        };
        let mut changed = false;
        for entry in self.shown.book.live.iter_mut().chain(&mut self.shown.book.ended) {
            let is_unmet = is_unmet(entry);
            let dial = entry.dial.get_or_insert_default();
            let conn = &entry.conn;
            if dial.is_over() {
                // Connected for its own kernel. What the server's kernel holds of it is told until somebody accepts it.
                if !is_unmet || self.transport.is_unix() {
                    changed |= dial.other_half(None, None);
                } else if dial.is_new(told.round) {
                    if dial.road.is_none() {
                        dial.road = road(&conn.local, &conn.peer);
                    }
                    let (there, unread) = other_half(told, dial.road, conn.connected_at()).unwrap_or_default();
                    changed |= dial.other_half(there, unread);
                }
                continue;
            }
            let began = Duration::from_nanos(conn.opened_ns);
            match (conn.connected_at(), &entry.end, conn.stage()) {
                (Some(at), _, _) => dial.end(at, Some(at.saturating_sub(began)), conn.retries()),
                (None, Some((at, _)), _) => dial.end(*at, None, conn.retries()),
                (None, None, ConnStage::Connecting) => {
                    changed |= if self.transport.is_unix() {
                        dial.asked_again(conn.retries(), now, conn.next_try())
                    } else {
                        if dial.road.is_none() {
                            let from = control.and_then(|control| control.calling_from(conn.id));
                            dial.road = from.zip(conn.peer.parse().ok()).map(|(from, to)| (canonical(from), canonical(to)));
                        }
                        let road = dial.road;
                        match road {
                            Some(road) if dial.is_new(told.round) => dial.hear(told.caller(&road)),
                            Some(_) | None => false,
                        }
                    };
                }
                // It ended a moment ago; the board's word on it comes with the next look.
                (None, None, _) => {}
            }
        }
        changed
    }

    /// Adds its clients of whom the kernel is to be asked one by one.
    pub fn want(&self, wanted: &mut Wanted) {
        if self.side != Side::Client || self.transport != Transport::Tcp || self.state != SessionState::Running {
            return;
        }
        for entry in &self.shown.book.live {
            let Some((dial, road)) = entry.dial.as_ref().and_then(|dial| Some((dial, dial.road?))) else { continue };
            if !dial.is_over() {
                wanted.callers.push(road);
            } else if is_unmet(entry) {
                wanted.unmet.push(road);
            }
        }
    }
}

/// The states of its ends.
impl Session {
    /// Of whom the kernel is asked in which state they are.
    fn stated(book: &mut ConnBook, now: Duration) -> impl Iterator<Item = &mut Entry> {
        let live = book.live.iter_mut().filter(|entry| entry.conn.stage() != ConnStage::Connecting).take(STATES_ASKED);
        let is_late = move |entry: &&mut Entry| entry.end.as_ref().is_some_and(|(at, _)| now < *at + STATES_AFTER);
        live.chain(book.ended.iter_mut().rev().take(STATES_ASKED).filter(is_late))
    }

    /// Adds its ends of whose states the kernel is to be asked.
    pub fn want_states(&mut self, wanted: &mut Wanted, now: Duration) {
        if self.transport == Transport::Tcp && KernelWatch::NO_STATES.is_none() {
            wanted.ends.extend(Self::stated(&mut self.shown.book, now).filter_map(|entry| road(&entry.conn.local, &entry.conn.peer)));
        }
    }

    /// Nobody asks any more, so what was told is over.
    pub fn forget_states(&mut self) {
        let book = &mut self.shown.book;
        for entry in book.live.iter_mut().chain(book.ended.iter_mut()) {
            self.shown.stale |= entry.tcp.take().is_some();
        }
    }

    /// The kernel told of states anew.
    pub fn hear_states(&mut self, told: &Told, now: Duration) {
        if self.transport != Transport::Tcp || told.singles.states.is_empty() {
            return;
        }
        let mut changed = false;
        for entry in Self::stated(&mut self.shown.book, now) {
            let Some(road) = road(&entry.conn.local, &entry.conn.peer) else { continue };
            if let Some(state) = told.singles.states.get(&road) {
                changed |= entry.tcp != *state;
                entry.tcp = *state;
            }
        }
        if changed {
            self.shown.stale = true;
        }
    }
}

/// Connected to a server of ours for its own kernel, and not accepted there as far as we know.
fn is_unmet(entry: &Entry) -> bool {
    entry.end.is_none() && entry.door.is_some() && entry.info.other_end.get().is_none()
}

fn road(local: &str, peer: &str) -> Option<Road> {
    Some((canonical(local.parse().ok()?), canonical(peer.parse().ok()?)))
}

/// Where the server's half of this road stands and how much lies there, by what was read after the connect. A half that a program
/// has is one that our server accepted a moment ago.
fn other_half(told: &Told, road: Option<Road>, connected: Option<Duration>) -> Option<(Option<HalfThere>, Option<u32>)> {
    let (road, connected) = (road?, connected?);
    let walk = told.handshakes.as_ref().ok().filter(|seen| seen.at > connected);
    let asked = told.singles.halves.get(&road).filter(|half| half.at > connected);
    let is_newer = asked.is_none_or(|half| walk.is_some_and(|walk| walk.at > half.at));
    if is_newer && walk.is_some_and(|walk| walk.half_open.as_ref().is_some_and(|named| named.contains(&road))) {
        return Some((Some(HalfThere::HalfOpen), None));
    }
    let half = asked?;
    let there = match half.told.map(|half| half.stage) {
        // It went on since.
        Some(HalfStage::HalfOpen) => (!is_newer).then_some(HalfThere::HalfOpen),
        Some(HalfStage::Queued) => Some(HalfThere::Queued),
        Some(HalfStage::Accepted) => None,
        None => Some(HalfThere::Nowhere),
    };
    Some((there, half.told.map(|half| half.unread)))
}
