//! Which calls of which sessions are shown: places in their logs that pass the filter, in order of time, found little by
//! little so that no frame is long.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::filter::{Filter, Subject};
use super::line::end;
use crate::engine::{SessionView, Snapshot};
use crate::lab::{EndpointId, Side};
use crate::trace::CallRecord;

/// Calls examined in one frame at most, if they take no longer than [`TIME_A_FRAME`].
const CALLS_A_FRAME: usize = 20_000;
/// A frame's whole work is to stay under 8 ms, and this is one panel of several.
const TIME_A_FRAME: Duration = Duration::from_millis(2);
/// Calls that are put in order at once: what one picture brought of all lanes.
const BATCH: usize = 4_096;

/// A call that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose.
    pub session: EndpointId,
    /// Its index in that session's log.
    pub index: u64,
}

/// How far a session's log was examined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    generation: u32,
    next: u64,
}

/// The rows that pass, oldest first.
#[derive(Debug, Default)]
pub struct Shown {
    filter: Filter,
    clients: bool,
    rows: VecDeque<Place>,
    seen: HashMap<EndpointId, Seen>,
    /// Rows that ever passed, also those that left since.
    passed: u64,
    /// Calls that came and went faster than they could be looked through.
    passed_over: u64,
    /// The sum of the logs' first indices when rows in the middle were last looked through.
    swept: u64,
}

impl Shown {
    /// Starts over with other rules.
    pub fn set(&mut self, filter: &Filter, clients: bool) {
        if (&self.filter, self.clients) != (filter, clients) {
            *self = Self { filter: filter.clone(), clients, ..Self::default() };
        }
    }

    /// The sessions whose calls are shown.
    pub fn sessions<'a>(&self, snap: &'a Snapshot) -> impl Iterator<Item = &'a SessionView> + use<'a> {
        let clients = self.clients;
        snap.sessions.iter().map(|s| &**s).filter(move |s| s.side == Side::Server || clients)
    }

    /// Takes in what is new, within the frame's limit. Answers how many rows left at the front.
    pub fn update(&mut self, snap: &Snapshot) -> usize {
        let before = self.rows.len();
        self.let_go(snap);
        let gone = before - self.rows.len();
        self.catch_up(snap);
        let (mut budget, began) = (CALLS_A_FRAME, Instant::now());
        let mut fresh: Vec<(u64, Place)> = Vec::new();
        let all = self.filter.words().next().is_none();
        // One batch at least, so that it gets on.
        while budget > 0 && (budget == CALLS_A_FRAME || began.elapsed() < TIME_A_FRAME) && self.behind(snap) {
            fresh.clear();
            let border = self.border(snap);
            for session in self.sessions(snap) {
                let seen = self.seen.entry(session.id).or_default();
                if seen.generation != session.generation {
                    *seen = Seen { generation: session.generation, next: session.calls.log.first_index() };
                }
                seen.next = seen.next.max(session.calls.log.first_index());
                for call in session.calls.log.iter_from(seen.next).take(BATCH) {
                    if end(call) > border {
                        break;
                    }
                    let passes = || self.filter.matches(&Subject { call, session: &session.name, lane: lane_name(session, call.lane) });
                    if all || passes() {
                        fresh.push((end(call), Place { session: session.id, index: seen.next }));
                    }
                    seen.next += 1;
                    budget = budget.saturating_sub(1);
                }
            }
            fresh.sort_by_key(|(end, _)| *end);
            self.passed += fresh.len() as u64;
            self.rows.extend(fresh.iter().map(|(_, place)| *place));
        }
        gone
    }

    /// Whoever is so far behind that the log forgets its next row would show rows that are gone by the next frame, for ever:
    /// it goes on with the newest ones.
    fn catch_up(&mut self, snap: &Snapshot) {
        let clients = self.clients;
        for session in snap.sessions.iter().filter(|s| s.side == Side::Server || clients) {
            let log = &session.calls.log;
            if let Some(seen) = self.seen.get_mut(&session.id).filter(|s| s.generation == session.generation && s.next < log.first_index())
            {
                let next = log.first_index().max(log.end_index().saturating_sub(BATCH as u64));
                self.passed_over += next - seen.next;
                seen.next = next;
            }
        }
    }

    /// Calls that were never looked at because they came and went too fast.
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// Up to which moment this batch goes: no session's rows may come long before another's.
    fn border(&self, snap: &Snapshot) -> u64 {
        let last = |session: &SessionView| {
            let log = &session.calls.log;
            let next =
                self.seen.get(&session.id).filter(|s| s.generation == session.generation).map_or(0, |s| s.next).max(log.first_index());
            // Lanes are emptied one after the other: the latest of the batch, not its last.
            (next + (BATCH as u64) < log.end_index()).then(|| log.iter_from(next).take(BATCH).map(end).max()).flatten()
        };
        self.sessions(snap).filter_map(last).min().unwrap_or(u64::MAX)
    }

    /// Forgets rows that their logs no longer hold: at once at the front, in the middle now and then.
    fn let_go(&mut self, snap: &Snapshot) {
        // A frame asks this of each of a million rows: neighbours are mostly of the same session, and there are few.
        let firsts: Vec<(EndpointId, u64)> = snap.sessions.iter().map(|s| (s.id, s.calls.log.first_index())).collect();
        let mut last = None;
        let mut held = |place: &Place| {
            let first = match last {
                Some((session, first)) if session == place.session => first,
                Some(_) | None => firsts.iter().find(|(id, _)| *id == place.session).map_or(u64::MAX, |(_, first)| *first),
            };
            last = Some((place.session, first));
            place.index >= first
        };
        while self.rows.front().is_some_and(|p| !held(p)) {
            self.rows.pop_front();
        }
        let sum: u64 = firsts.iter().map(|(_, first)| first).sum();
        if sum < self.swept || sum - self.swept > self.rows.len() as u64 / 8 + BATCH as u64 {
            self.swept = sum;
            self.rows.retain(held);
        }
    }

    /// Whether calls of this moment wait to be examined.
    pub fn behind(&self, snap: &Snapshot) -> bool {
        self.sessions(snap).any(|s| {
            let seen = self.seen.get(&s.id).copied().unwrap_or_default();
            let next = if seen.generation == s.generation { seen.next } else { s.calls.log.first_index() };
            next < s.calls.log.end_index()
        })
    }

    /// Rows shown. A frozen moment may lie before rows that were already found.
    pub fn len(&self, snap: &Snapshot) -> usize {
        let later = |p: &&Place| snap.session(p.session).is_none_or(|s| p.index >= s.calls.log.end_index());
        self.rows.len() - self.rows.iter().rev().take_while(later).count()
    }

    /// A row's place.
    pub fn place(&self, row: usize) -> Option<Place> {
        self.rows.get(row).copied()
    }

    /// Rows that ever passed; the difference of two says how many are new.
    pub fn passed(&self) -> u64 {
        self.passed
    }
}

/// A row's call and session.
pub fn look_up(snap: &Snapshot, place: Place) -> Option<(&SessionView, &CallRecord)> {
    let session = snap.session(place.session)?;
    Some((session, session.calls.log.get(place.index)?))
}

/// A lane's name; empty for one that is no longer listed.
pub fn lane_name(session: &SessionView, lane: u32) -> &str {
    // Live lanes come in order of their ids.
    let guess = session.lanes.binary_search_by_key(&lane, |l| l.id).ok().and_then(|at| session.lanes.get(at));
    guess.or_else(|| session.lanes.iter().rev().take(32).find(|l| l.id == lane)).map_or("", |l| &l.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Log;
    use crate::trace::Call;
    use crate::ui::panel::filter::Language as _;
    use crate::ui::panel::timeline::fake::{self, record};

    #[test]
    fn calls_of_several_sessions_are_in_order_of_time() {
        let mut world = fake::world();
        let (a, b) = (fake::server(&mut world, "threads"), fake::server(&mut world, "epoll-lt"));
        fake::calls(&mut world, a, (0..10_000).map(|n| record(0, Call::Recv, 3, n * 20, 10)));
        fake::calls(&mut world, b, (0..30_000).map(|n| record(0, Call::Send, 3, n * 20 + 10, 10)));
        let mut shown = Shown::default();
        let mut frames = 0;
        while shown.behind(&world.snap) {
            shown.update(&world.snap);
            frames += 1;
        }
        let ends: Vec<u64> = (0..shown.len(&world.snap)).map(|r| end(look_up(&world.snap, shown.place(r).unwrap()).unwrap().1)).collect();
        assert_eq!(ends.len(), 40_000);
        assert!((2..=12).contains(&frames), "little by little, and a batch at least each time: {frames}");
        assert!(ends.is_sorted());
        shown.set(&Filter::parse("call:send session:epoll").unwrap(), false);
        while shown.behind(&world.snap) {
            shown.update(&world.snap);
        }
        assert_eq!((shown.len(&world.snap), shown.passed()), (30_000, 30_000));
    }

    #[test]
    fn who_is_overtaken_goes_on_with_the_newest() {
        let mut world = fake::world();
        let id = fake::server(&mut world, "threads");
        let mut log = Log::default();
        let mut shown = Shown::default();
        // Each picture brings more than a frame looks through, and the log keeps less than that.
        for picture in 0..8_u64 {
            (0..60_000).for_each(|n| log.push(record(0, Call::Recv, 3, (picture * 60_000 + n) * 20, 10)));
            while log.len() > 30_000 {
                log.evict_chunk();
            }
            fake::log(&mut world, id, log.view());
            shown.update(&world.snap);
        }
        let rows = shown.len(&world.snap);
        assert!(rows >= BATCH, "{rows} rows");
        let last = shown.place(rows - 1).unwrap();
        assert_eq!(last.index + 1, log.view().end_index(), "the newest call is the last row");
        assert!(shown.passed_over() > 0);
        assert!(look_up(&world.snap, shown.place(0).unwrap()).is_some(), "the first row is there");
    }

    #[test]
    fn rows_leave_with_their_log_and_a_new_run_is_taken_in() {
        let mut world = fake::world();
        let id = fake::server(&mut world, "threads");
        let mut log = Log::default();
        (0..1_000_u64).for_each(|n| log.push(record(0, Call::Recv, 3, n * 20, 10)));
        fake::log(&mut world, id, log.view());
        let mut shown = Shown::default();
        shown.update(&world.snap);
        let early = world.snap.clone();
        assert!(log.evict_chunk().is_some());
        log.push(record(0, Call::Send, 3, 30_000, 5));
        fake::log(&mut world, id, log.view());
        assert_eq!((shown.update(&world.snap), shown.len(&world.snap), shown.passed()), (256, 745, 1_001));
        assert_eq!(shown.len(&early), 744, "an earlier moment has fewer");
        log.clear();
        log.push(record(0, Call::Accept, 3, 40_000, 5));
        fake::log(&mut world, id, log.view());
        world.session(id).generation += 1;
        shown.update(&world.snap);
        assert_eq!(shown.len(&world.snap), 1);
    }
}
