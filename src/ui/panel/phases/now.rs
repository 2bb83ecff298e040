//! In which phase of a read the lanes of a server stand now: waiting for data, copying it, or done. Pure.

use std::time::Duration;

use crate::engine::{LaneDoing, LaneView, SessionView};
use crate::trace::Call;

/// The five classic models, as textbooks order them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Classic {
    Blocking,
    NonBlocking,
    Multiplexing,
    SignalDriven,
    Asynchronous,
}

impl Classic {
    /// In the order of the textbook.
    pub const ALL: [Self; 5] = [Self::Blocking, Self::NonBlocking, Self::Multiplexing, Self::SignalDriven, Self::Asynchronous];

    /// Which of them one of our models is. Tasks are multiplexing: their runtime sleeps in one readiness wait.
    pub fn of(model: &str) -> Option<Self> {
        match model {
            "iterative" | "threads" | "thread-pool" | "processes" => Some(Self::Blocking),
            "busy-poll" => Some(Self::NonBlocking),
            "select" | "poll" | "epoll-lt" | "epoll-et" | "kqueue" | "async" => Some(Self::Multiplexing),
            "sigio" => Some(Self::SignalDriven),
            "io-uring" => Some(Self::Asynchronous),
            _ => None,
        }
    }

    /// The model that stands for it while none of its kind runs.
    pub fn example(self) -> &'static str {
        match self {
            Self::Blocking => "threads",
            Self::NonBlocking => "busy-poll",
            Self::Multiplexing => "epoll-lt",
            Self::SignalDriven => "sigio",
            Self::Asynchronous => "io-uring",
        }
    }

    /// Locale key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Blocking => "phases-blocking",
            Self::NonBlocking => "phases-non-blocking",
            Self::Multiplexing => "phases-multiplexing",
            Self::SignalDriven => "phases-signal-driven",
            Self::Asynchronous => "phases-asynchronous",
        }
    }
}

/// A receive that takes longer than this sleeps for data; a copy of a chunk takes a few microseconds.
const COPIES: Duration = Duration::from_micros(100);

/// Lanes of one server by where they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// In phase 1, and the call that the first of them sleeps in.
    pub waiting: u32,
    pub asleep_in: Option<Call>,
    /// In phase 2.
    pub copying: u32,
    /// The process has it: its own code, an answer.
    pub has: u32,
    /// Held by a person before phase 1, and before phase 2.
    pub held_before_waiting: u32,
    pub held_before_copying: u32,
    /// The call and descriptor that the first of these is held before.
    pub held_at: Option<(Call, i64)>,
}

/// Where all lanes stand at this moment.
pub fn now(classic: Classic, session: &SessionView, at: Duration) -> Now {
    let mut now = Now::default();
    for lane in session.lanes.iter() {
        count(&mut now, classic, lane, at);
    }
    now
}

fn count(now: &mut Now, classic: Classic, lane: &LaneView, at: Duration) {
    // One that got EAGAIN last is still waiting for data, whatever it does meanwhile.
    let spins = classic == Classic::NonBlocking && lane.spans.last().is_some_and(|s| s.again);
    match lane.doing {
        LaneDoing::Gone => {}
        LaneDoing::Running if spins => now.waiting += 1,
        LaneDoing::Running => now.has += 1,
        LaneDoing::InCall { call, since, .. } if receives(call) => {
            let sleeps = classic == Classic::Blocking && at.saturating_sub(since) >= COPIES;
            if sleeps || spins {
                now.waiting += 1;
                now.asleep_in.get_or_insert(call);
            } else {
                now.copying += 1;
            }
        }
        LaneDoing::InCall { call, .. } if waits(call) => {
            now.waiting += 1;
            now.asleep_in.get_or_insert(call);
        }
        LaneDoing::InCall { call: Call::Completion, .. } => now.copying += 1,
        // It waits for a connection, which is before any read.
        LaneDoing::InCall { call: Call::Accept, .. } => {}
        LaneDoing::InCall { .. } => now.has += 1,
        // A blocking receive does both phases: it is held before the first.
        LaneDoing::AtGate { call, fd, .. } if receives(call) || waits(call) => {
            now.held_at.get_or_insert((call, fd));
            // A blocking receive does both phases: it is held before the first.
            if receives(call) && classic != Classic::Blocking { now.held_before_copying += 1 } else { now.held_before_waiting += 1 }
        }
        LaneDoing::AtGate { .. } => now.has += 1,
    }
}

fn receives(call: Call) -> bool {
    matches!(call, Call::Recv | Call::RecvFrom)
}

fn waits(call: Call) -> bool {
    call.is_readiness_wait() || matches!(call, Call::Await | Call::Sleep)
}

/// Bytes of the newest receive that a lane remembers.
pub fn last_bytes(session: &SessionView) -> Option<u32> {
    let spans = session.lanes.iter().flat_map(|lane| lane.spans.iter());
    spans.filter(|s| receives(s.call) && s.bytes > 0).max_by_key(|s| s.start).map(|s| s.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::catalog;
    use crate::lab::Transport;
    use crate::ui::panel::fake::{AT, World, busy_spans, ms};

    fn of(classic: Classic, lanes: &[LaneDoing]) -> Now {
        let mut world = World::empty();
        let id = world.server("a", Transport::Tcp, "127.0.0.1:1", "threads");
        lanes.iter().for_each(|doing| world.lane(id, "lane", *doing, Vec::new()));
        now(classic, world.session(id), AT)
    }

    fn inside(call: Call, for_us: u64) -> LaneDoing {
        LaneDoing::InCall { call, fd: 9, since: AT - Duration::from_micros(for_us) }
    }

    #[test]
    fn a_blocking_receive_sleeps_first_and_copies_then() {
        let lanes = [inside(Call::Recv, 9_000), inside(Call::Recv, 4), inside(Call::Accept, 9_000), LaneDoing::Running, LaneDoing::Gone];
        let found = of(Classic::Blocking, &lanes);
        assert_eq!((found.waiting, found.copying, found.has, found.asleep_in), (1, 1, 1, Some(Call::Recv)));
    }

    #[test]
    fn a_selector_sleeps_in_its_wait_and_a_held_receive_stands_between_the_phases() {
        let found = of(Classic::Multiplexing, &[inside(Call::EpollWait, 9_000)]);
        assert_eq!((found.waiting, found.asleep_in), (1, Some(Call::EpollWait)));
        assert_eq!(of(Classic::Multiplexing, &[inside(Call::Recv, 9_000)]).copying, 1);
        let held = LaneDoing::AtGate { call: Call::Recv, fd: 9, since: AT - ms(5) };
        assert_eq!(of(Classic::Multiplexing, &[held]).held_before_copying, 1);
        assert_eq!(of(Classic::Blocking, &[held]).held_before_waiting, 1);
    }

    #[test]
    fn a_spinner_waits_whatever_it_does_and_the_newest_bytes_are_found() {
        let mut world = World::empty();
        let id = world.server("a", Transport::Tcp, "127.0.0.1:1", "threads");
        let mut spans = busy_spans();
        spans.last_mut().unwrap().again = true;
        world.lane(id, "lane", LaneDoing::Running, spans);
        assert_eq!(now(Classic::NonBlocking, world.session(id), AT).waiting, 1);
        assert_eq!(last_bytes(world.session(id)), Some(36));
    }

    #[test]
    fn every_model_of_the_catalog_is_one_of_the_five() {
        for model in catalog::models() {
            assert!(Classic::of(model.id).is_some(), "{}", model.id);
        }
        for classic in Classic::ALL {
            assert_eq!(Classic::of(classic.example()), Some(classic));
        }
    }
}
