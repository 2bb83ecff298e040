//! Which rows there are and where: a head for each session, its lanes, and the descriptors of a lane that waits for many.
//! Painting looks at the visible ones only.

use eframe::egui::{Rangef, Rect};

use super::index::{Index, LaneIndex, SessionIndex};
use crate::engine::{ConnState, LaneDoing, LaneView, SessionState, SessionView, Snapshot};
use crate::lab::{EndpointId, Side};
use crate::ui::theme::size;

/// A lane and the room below it.
const LANE_PITCH: f32 = size::LANE + 8.0;
/// The studied lane.
pub const TALL: f32 = 40.0;
/// Room above the studied lane for the names of calls.
pub const LABELS: f32 = 24.0;
/// A descriptor's line.
const FD: f32 = 19.0;
/// A session's head.
pub const HEAD: f32 = 34.0;
/// Room after a session's last lane, with the line that divides it from the next.
const FOOT: f32 = 18.0;
/// Descriptors shown of a lane at most.
const FDS: usize = 64;
/// The longest window in which a lane's descriptors are looked through for reads of ended connections.
const SOME_FDS: usize = 512;

/// What a row shows. Sessions by their place in the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A session's name and what its model does.
    Head { session: usize },
    /// A lane: its id, and its place among the session's lanes if it is there.
    Lane { session: usize, lane: u32, view: Option<usize>, tall: bool },
    /// A descriptor of the lane above: its connection, by its place, or none for the listener.
    Fd { session: usize, lane: u32, fd: i64, conn: Option<usize> },
    /// So many more descriptors.
    MoreFds { session: usize, more: usize },
    /// So many more lanes are alive.
    MoreLanes { session: usize, more: usize },
    /// The end of a session.
    Foot,
}

/// A row and where it lies, from the top of all rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    pub row: Row,
    pub y: Rangef,
}

/// What decides on the rows besides the snapshot.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Show clients' lanes too.
    pub clients: bool,
    /// The lane of a session that a person picked.
    pub studied: &'a dyn Fn(&SessionView) -> Option<u32>,
    /// The window, in nanoseconds.
    pub window: (u64, u64),
}

/// The rows, from top to bottom; the same vector is used in each frame.
#[derive(Debug, Default)]
pub struct Rows {
    rows: Vec<Placed>,
    /// The lanes of one session in view, by number; kept for its memory.
    known: Vec<u32>,
}

/// Whether a session has something to show.
pub fn is_shown(session: &SessionView, clients: bool) -> bool {
    let lives = matches!(session.state, SessionState::Starting | SessionState::Running | SessionState::Stopping);
    (session.side == Side::Server || clients) && (lives || !session.lanes.is_empty() || !session.calls.log.is_empty())
}

/// The sessions shown: servers first.
pub fn shown(snap: &Snapshot, clients: bool) -> impl Iterator<Item = (usize, &SessionView)> + Clone {
    let of =
        move |side| snap.sessions.iter().enumerate().filter(move |(_, s)| s.side == side && is_shown(s, clients)).map(|(at, s)| (at, &**s));
    of(Side::Server).chain(of(Side::Client))
}

impl Rows {
    /// Works them out anew.
    pub fn fill(&mut self, snap: &Snapshot, index: &Index, wanted: Wanted<'_>) {
        self.rows.clear();
        for (at, session) in shown(snap, wanted.clients) {
            self.add(Row::Head { session: at }, HEAD);
            self.lanes(at, session, index.session(session.id), wanted);
            self.add(Row::Foot, FOOT);
        }
        // Nothing is divided from the last one.
        if let Some(last) = self.rows.last_mut().filter(|r| r.row == Row::Foot) {
            last.y.max = last.y.min + 4.0;
        }
    }

    fn add(&mut self, row: Row, height: f32) {
        let top = self.height();
        self.rows.push(Placed { row, y: Rangef::new(top, top + height) });
    }

    fn lanes(&mut self, at: usize, session: &SessionView, index: Option<&SessionIndex>, wanted: Wanted<'_>) {
        let of = |lane: u32| index.and_then(|i| i.lanes.get(&lane));
        let waits = |l: &LaneView| of(l.id).is_some_and(|i| i.woken.is_some()) || is_waiting(l.doing);
        let mut waiting = session.lanes.iter().filter(|l| l.doing != LaneDoing::Gone && waits(l));
        // One lane that waits for all is what there is to study, as long as nobody picks another.
        let only = waiting.next().filter(|_| waiting.next().is_none() && session.side == Side::Server).map(|l| l.id);
        let picked = (wanted.studied)(session);
        let tall = |lane: u32| picked.or(only) == Some(lane);
        let lives = session.lanes.iter().enumerate().filter(|(_, l)| l.doing != LaneDoing::Gone);
        let gone = session.lanes.iter().enumerate().filter(|(_, l)| l.doing == LaneDoing::Gone && touches(of(l.id), wanted.window));
        let mut count = 0;
        for (view, lane) in lives.chain(gone) {
            count += usize::from(lane.doing != LaneDoing::Gone);
            self.lane(Row::Lane { session: at, lane: lane.id, view: Some(view), tall: tall(lane.id) }, session, of(lane.id), wanted);
        }
        let more = (session.live_lanes as usize).saturating_sub(count);
        if let Some(index) = index {
            let known = &mut self.known;
            known.clear();
            known.extend(session.lanes.iter().map(|l| l.id));
            known.sort_unstable();
            let known = std::mem::take(known);
            let unknown = index.lanes.iter().filter(|(id, lane)| touches(Some(lane), wanted.window) && known.binary_search(id).is_err());
            for (id, lane) in unknown {
                self.lane(Row::Lane { session: at, lane: *id, view: None, tall: tall(*id) }, session, Some(lane), wanted);
            }
            self.known = known;
        }
        if more > 0 {
            self.add(Row::MoreLanes { session: at, more }, FD);
        }
    }

    fn lane(&mut self, row: Row, session: &SessionView, index: Option<&LaneIndex>, wanted: Wanted<'_>) {
        let Row::Lane { session: at, lane, tall, .. } = row else { return };
        if !tall {
            self.add(row, LANE_PITCH);
            return;
        }
        self.add(row, LABELS + TALL + 12.0);
        let Some(index) = index.filter(|i| i.woken.is_some()) else { return };
        // Another lane of the session may serve a connection; with one lane that waits, all are its own.
        let single = session.live_lanes <= 1;
        let mut left = FDS;
        let mut more = 0;
        if let Some(fd) = session.listener_fd.filter(|fd| single || index.reads.contains_key(fd)) {
            self.add(Row::Fd { session: at, lane, fd, conn: None }, FD);
        }
        for (n, conn) in session.connections.iter().enumerate() {
            let fd = conn.info.fd;
            let lives = conn.state != ConnState::Closed && (single || index.reads.contains_key(&fd));
            let read = || n < SOME_FDS && conn.closed.is_some_and(|at| at.as_nanos() as u64 > wanted.window.0);
            if lives || read() {
                if left == 0 {
                    more += 1;
                } else {
                    left -= 1;
                    self.add(Row::Fd { session: at, lane, fd, conn: Some(n) }, FD);
                }
            }
        }
        if more > 0 {
            self.add(Row::MoreFds { session: at, more }, FD);
        }
    }

    /// Height of all.
    pub fn height(&self) -> f32 {
        self.rows.last().map_or(0.0, |r| r.y.max)
    }

    /// The lane that is held, and where it lies: the studied one, else the first.
    pub fn held(&self, snap: &Snapshot) -> Option<(EndpointId, u32, Rangef)> {
        let mut first = None;
        for placed in &self.rows {
            let Row::Lane { session, lane, view: Some(view), tall } = placed.row else { continue };
            let Some(session) = snap.sessions.get(session) else { continue };
            if session.lanes.get(view).is_some_and(|l| matches!(l.doing, LaneDoing::AtGate { .. })) {
                let held = (session.id, lane, placed.y);
                if tall {
                    return Some(held);
                }
                first.get_or_insert(held);
            }
        }
        first
    }

    /// Those that touch this stretch.
    pub fn visible(&self, y: Rangef) -> &[Placed] {
        let first = self.rows.partition_point(|r| r.y.max <= y.min);
        let last = self.rows.partition_point(|r| r.y.min < y.max);
        &self.rows[first.min(last)..last]
    }

    /// All.
    #[cfg(test)]
    pub fn all(&self) -> &[Placed] {
        &self.rows
    }
}

fn is_waiting(doing: LaneDoing) -> bool {
    match doing {
        LaneDoing::InCall { call, .. } | LaneDoing::AtGate { call, .. } => call.is_readiness_wait(),
        LaneDoing::Running | LaneDoing::Gone => false,
    }
}

/// Whether a lane that ended has something in the window.
fn touches(index: Option<&LaneIndex>, window: (u64, u64)) -> bool {
    index.is_some_and(|i| {
        let first = i.slices.leaves().front().map(|s| s.sum.start).or_else(|| i.first_call());
        i.last_end().is_some_and(|end| end > window.0) && first.is_some_and(|start| start < window.1)
    })
}

/// Where names, lanes and words lie across the panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Across {
    /// Names.
    pub names: Rangef,
    /// Time.
    pub plot: Rangef,
    /// What each lane is in now, and for how long; empty in a narrow panel.
    pub now: Rangef,
}

impl Across {
    /// In a panel of this extent.
    pub fn of(area: Rect) -> Self {
        let width = area.width();
        let names = (width * 0.128).clamp(76.0, 132.0);
        let now = if width >= 760.0 {
            171.0
        } else if width >= 480.0 {
            132.0
        } else {
            12.0
        };
        let (left, right) = (area.left() + names, area.right() - now);
        Self { names: Rangef::new(area.left(), left), plot: Rangef::new(left, right), now: Rangef::new(right, area.right()) }
    }

    /// Whether there is room for words at the right.
    pub fn has_words(&self) -> bool {
        self.now.span() > 60.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Call;
    use crate::ui::panel::fake::{self as moments, AT};
    use crate::ui::panel::timeline::fake;

    #[test]
    fn two_thousand_lanes_are_placed_and_few_are_visible() {
        let mut world = fake::world();
        let id = fake::server(&mut world, "threads");
        let lanes: Vec<LaneView> = (0..2_000).map(|n| fake::lane(n, "worker", Call::Recv, 20)).collect();
        world.session(id).lanes = lanes.into();
        world.session(id).live_lanes = 2_003;
        let mut rows = Rows::default();
        rows.fill(&world.snap, &Index::default(), Wanted { clients: false, studied: &|_| Some(7), window: (0, 1) });
        assert_eq!(rows.all().len(), 2_003);
        let visible = rows.visible(Rangef::new(30_000.0, 30_600.0));
        assert!((20..=22).contains(&visible.len()), "{}", visible.len());
        let tall = rows.all().iter().find(|r| matches!(r.row, Row::Lane { lane: 7, .. })).unwrap();
        assert_eq!(tall.y.span(), LABELS + TALL + 12.0);
        assert!(matches!(rows.all()[2_001].row, Row::MoreLanes { more: 3, .. }));
    }

    #[test]
    fn a_selectors_lane_is_studied_with_its_descriptors() {
        let mut world = moments::busy();
        let id = world.lab.servers[0].id;
        let at = AT.as_nanos() as u64;
        fake::calls(&mut world, id, [fake::record(0, Call::EpollWait, 5, at - 9_000, 2_000)]);
        let mut index = Index::default();
        index.update(world.snap.sessions.iter().map(|s| &**s));
        let mut rows = Rows::default();
        world.session(id).live_lanes = 1;
        rows.fill(&world.snap, &index, Wanted { clients: false, studied: &|_| None, window: (0, at) });
        let fds = rows.all().iter().filter(|r| matches!(r.row, Row::Fd { .. })).count();
        assert!(matches!(rows.all()[1].row, Row::Lane { tall: true, .. }), "{:?}", rows.all()[1]);
        assert_eq!(fds, 44, "the listener and 43 connections");
    }
}
