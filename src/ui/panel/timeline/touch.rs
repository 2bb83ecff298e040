//! What lies under the pointer: words for it, and what a click selects.

use std::time::Duration;

use eframe::egui::{Align2, Rangef, Ui};

use super::index::{Index, LaneIndex};
use super::mip::{Step, Stretch, Sum};
use super::pen::Pen;
use super::rows::Row;
use super::tint::{Spent, Tint};
use super::{lane, words};
use crate::engine::{ConnView, LaneDoing, SessionView};
use crate::lab::EndpointId;
use crate::tr;
use crate::trace::{Call, CallRecord};
use crate::ui::panel::calls::line;
use crate::ui::theme::Type;
use crate::ui::widget::format;
use crate::ui::{Selection, Text};

/// How far from a call the pointer may be.
const SLACK: f32 = 2.0;

/// A connection counts as open from a moment after its accept came back.
const LISTED_NS: u64 = 1_000_000;

/// What the pointer is over.
#[derive(Clone, Debug, PartialEq)]
pub enum Under {
    /// A finished call.
    Call(u64),
    /// The lane's own code, from then to then.
    Own(u64, u64),
    /// Several calls.
    Sum(Sum),
    /// The call the lane stands in now.
    Now,
    /// Nothing that is known.
    Nothing,
}

/// What lies at this place of a lane.
pub fn under(pen: &Pen<'_>, index: Option<&LaneIndex>, doing: Option<LaneDoing>, x: f32) -> Under {
    let at = pen.at(x);
    let done = index.and_then(LaneIndex::last_end);
    let since = match doing {
        Some(LaneDoing::InCall { since, .. } | LaneDoing::AtGate { since, .. }) => Some(since.as_nanos() as u64),
        Some(LaneDoing::Running | LaneDoing::Gone) | None => None,
    };
    if at <= pen.now() && since.is_some_and(|since| at + pen.ns(SLACK) >= since) && done.is_none_or(|done| at + pen.ns(SLACK) >= done) {
        return Under::Now;
    }
    let Some(index) = index else { return Under::Nothing };
    let (from, to) = (at.saturating_sub(pen.ns(SLACK)), at + pen.ns(SLACK) + 1);
    let (mut sum, mut one, mut gap) = (Sum::default(), None, None);
    let mut add = |part: &dyn StretchDyn| {
        sum.start = if sum.calls == 0 { part.from() } else { sum.start };
        sum.end = part.until();
        part.add(&mut sum.spent, &mut sum.calls);
    };
    if index.first_call().is_none_or(|first| at < first) {
        index.slices.walk(from, to, to - from, |step| match step {
            Step::One(slice) => add(slice),
            Step::Many(sum) => add(sum),
            Step::Gap(..) => {}
        });
    } else {
        index.calls.walk(from, to, to - from, |step| match step {
            Step::One(leaf) => {
                add(leaf);
                // The one right under the pointer, else the first near it.
                if one.is_none() || (leaf.start..leaf.end).contains(&at) {
                    one = Some(leaf.index);
                }
            }
            Step::Many(many) => add(many),
            Step::Gap(from, to) if (from..to).contains(&at) => gap = Some((from, to)),
            Step::Gap(..) => {}
        });
    }
    match (sum.calls, one, gap) {
        (0, _, None) => Under::Nothing,
        (1..=3, Some(one), None) => Under::Call(one),
        (_, _, Some(gap)) => whole_gap(index, gap),
        _ => Under::Sum(sum),
    }
}

/// A gap as long as it is, also where the walk cut it.
fn whole_gap(index: &LaneIndex, (from, to): (u64, u64)) -> Under {
    let leaves = index.calls.leaves();
    let next = leaves.partition_point(|l| l.end <= from);
    let start = next.checked_sub(1).map_or(from, |n| leaves[n].end);
    Under::Own(start, leaves.get(next).map_or(to, |l| l.start))
}

trait StretchDyn {
    fn from(&self) -> u64;
    fn until(&self) -> u64;
    fn add(&self, spent: &mut Spent, calls: &mut u64);
}

impl<S: Stretch> StretchDyn for S {
    fn from(&self) -> u64 {
        self.start()
    }

    fn until(&self) -> u64 {
        self.end()
    }

    fn add(&self, spent: &mut Spent, calls: &mut u64) {
        self.add_to(spent, calls);
    }
}

/// The connection that had this descriptor at that moment.
pub fn conn_of(session: &SessionView, fd: i64, at: u64) -> Option<&ConnView> {
    let at = Duration::from_nanos(at);
    let had = |c: &&ConnView| c.info.fd == fd;
    let then = |c: &&ConnView| c.info.opened <= at && c.closed.is_none_or(|closed| closed >= at);
    session.connections.iter().filter(had).find(then).or_else(|| session.connections.iter().find(had))
}

/// Which descriptor a call was about, and when: the one it made, or the one it was made on.
pub fn about(call: &CallRecord) -> (i64, u64) {
    let made = call.call == Call::Accept && call.errno == 0;
    let at = call.start_ns + call.took_ns;
    if made { (call.result, at + LISTED_NS) } else { (call.fd, at) }
}

/// What a click on a row selects: the connection of the call there, or the session; and the lane.
pub fn pick(pen: &Pen<'_>, index: &Index, row: Row, x: f32) -> Option<(Selection, Option<(EndpointId, u32)>)> {
    let endpoint = |session: &SessionView| Selection::Endpoint(session.id);
    match row {
        Row::Head { session } => Some((endpoint(pen.session(session)?), None)),
        Row::Lane { session, lane, view, .. } => {
            let session = pen.session(session)?;
            let doing = view.and_then(|at| session.lanes.get(at)).map(|v| v.doing);
            let fd = match under(pen, index.lane(session.id, lane), doing, x) {
                Under::Call(at) => session.calls.log.get(at).map(about),
                Under::Now => match doing {
                    Some(LaneDoing::InCall { fd, .. } | LaneDoing::AtGate { fd, .. }) => Some((fd, pen.now())),
                    Some(LaneDoing::Running | LaneDoing::Gone) | None => None,
                },
                Under::Own(..) | Under::Sum(_) | Under::Nothing => None,
            };
            let conn = fd.and_then(|(fd, at)| conn_of(session, fd, at));
            let selection = conn.map_or(endpoint(session), |c| Selection::Conn(session.id, c.info.id));
            Some((selection, Some((session.id, lane))))
        }
        Row::Fd { session, conn, .. } => {
            let session = pen.session(session)?;
            let conn = conn.and_then(|at| session.connections.get(at));
            Some((conn.map_or(endpoint(session), |c| Selection::Conn(session.id, c.info.id)), None))
        }
        Row::MoreFds { .. } | Row::MoreLanes { .. } | Row::Foot => None,
    }
}

/// From when to when what lies at this place of a lane lasted.
pub fn extent(pen: &Pen<'_>, index: &Index, row: Row, x: f32) -> Option<(u64, u64)> {
    let Row::Lane { session, lane, view, .. } = row else { return None };
    let session = pen.session(session)?;
    let doing = view.and_then(|at| session.lanes.get(at)).map(|v| v.doing);
    match under(pen, index.lane(session.id, lane), doing, x) {
        Under::Call(at) => session.calls.log.get(at).map(|r| (r.start_ns, r.start_ns + r.took_ns.max(1))),
        Under::Own(from, to) => Some((from, to)),
        Under::Sum(sum) => Some((sum.start, sum.end)),
        Under::Now | Under::Nothing => None,
    }
}

/// Who a descriptor belongs to.
pub fn who(text: &Text, session: &SessionView, conn: Option<&ConnView>) -> String {
    let Some(conn) = conn else { return tr!(text, "timeline-listener") };
    match conn.info.other_end.get() {
        Some((_, _, name)) => format!("{name} ({})", conn.info.peer),
        None => format!("{} ({})", tr!(text, "timeline-connection", number = conn.info.number), conn.info.peer),
    }
    .replace("()", session.name.as_ref())
}

/// The lines of the tooltip of a lane at this place; none where nothing is known.
pub fn lines(pen: &Pen<'_>, index: &Index, row: Row, x: f32) -> Vec<(Type, String)> {
    let text = pen.text;
    match row {
        Row::Lane { session, lane: id, view, .. } => {
            let Some(session) = pen.session(session) else { return Vec::new() };
            let view = view.and_then(|at| session.lanes.get(at));
            match under(pen, index.lane(session.id, id), view.map(|v| v.doing), x) {
                Under::Call(at) => session.calls.log.get(at).map_or_else(Vec::new, |r| call(text, session, index.lane(session.id, id), r)),
                Under::Own(from, to) => vec![
                    (Type::Strong, tr!(text, "timeline-own-code", took = line::took(to - from))),
                    (Type::Caption, own_code(text, session)),
                ],
                Under::Sum(sum) => shares(text, &sum),
                Under::Now => view.map_or_else(Vec::new, |v| standing(pen, session, v.doing)),
                Under::Nothing => vec![(Type::Body, lane::name(pen, view, id))],
            }
        }
        Row::Fd { session, fd, conn, .. } => {
            let Some(session) = pen.session(session) else { return Vec::new() };
            let who = who(text, session, conn.and_then(|at| session.connections.get(at)));
            vec![(Type::Strong, format!("fd {fd}: {who}")), (Type::Caption, tr!(text, "timeline-fd-tip"))]
        }
        Row::Head { .. } | Row::MoreFds { .. } | Row::MoreLanes { .. } | Row::Foot => Vec::new(),
    }
}

fn own_code(text: &Text, session: &SessionView) -> String {
    match session.calls.dropped {
        0 => tr!(text, "timeline-own-code-tip"),
        n => tr!(text, "timeline-dropped", n = format::count(n)),
    }
}

fn call(text: &Text, session: &SessionView, index: Option<&LaneIndex>, record: &CallRecord) -> Vec<(Type, String)> {
    let mut lines = vec![
        (Type::Data, words::line_of(text, record)),
        (Type::Body, tr!(text, "timeline-at", clock = line::clock(record.start_ns), took = line::took(record.took_ns))),
    ];
    let (_, awake) = super::tint::finished(record, index.map(|i| i.sockets).unwrap_or_default());
    if awake > 0 && awake < record.took_ns {
        let (slept, copy) = (line::took(record.took_ns - awake), line::took(awake));
        lines.push((Type::Caption, tr!(text, "timeline-split", slept = slept, copy = copy)));
    }
    if record.count > 1 {
        lines.push((Type::Caption, tr!(text, "timeline-spun", n = format::count(record.count.into()))));
    }
    let (fd, at) = about(record);
    if let Some(conn) = conn_of(session, fd, at) {
        lines.push((Type::Body, format!("fd {fd}: {}", who(text, session, Some(conn)))));
    }
    if record.at.is_known() {
        lines.push((Type::Caption, tr!(text, "timeline-line", file = record.at.file(), line = record.at.line())));
    }
    lines.push((Type::Caption, tr!(text, "timeline-click")));
    lines
}

fn standing(pen: &Pen<'_>, session: &SessionView, doing: LaneDoing) -> Vec<(Type, String)> {
    let (what, since) = words::doing(pen.text, doing);
    let mut lines = vec![(Type::Data, what)];
    if let Some(since) = since {
        let clock = line::clock(since.as_nanos() as u64);
        let took = words::span(pen.snap.at.saturating_sub(since));
        lines.push((Type::Body, tr!(pen.text, "timeline-at-since", clock = clock, took = took)));
    }
    match doing {
        LaneDoing::AtGate { .. } => lines.push((Type::Caption, tr!(pen.text, "timeline-waits-for-step"))),
        LaneDoing::InCall { fd, .. } => {
            if let Some(conn) = conn_of(session, fd, pen.now()) {
                lines.push((Type::Body, format!("fd {fd}: {}", who(pen.text, session, Some(conn)))));
            }
        }
        LaneDoing::Running | LaneDoing::Gone => {}
    }
    lines.push((Type::Caption, tr!(pen.text, "timeline-click")));
    lines
}

fn shares(text: &Text, sum: &Sum) -> Vec<(Type, String)> {
    let took = line::took(sum.end.saturating_sub(sum.start));
    let mut lines = vec![(Type::Strong, tr!(text, "timeline-sum", calls = format::count(sum.calls), took = took))];
    let all: f32 = sum.spent.iter().sum::<f32>().max(1.0);
    for tint in Tint::ALL {
        let share = sum.spent[tint.at()] / all * 100.0;
        if share < 0.05 {
            continue;
        }
        let what = match tint {
            Tint::Asleep => tr!(text, "timeline-legend-asleep"),
            Tint::Spinning => "EAGAIN".to_owned(),
            Tint::Received => "recv".to_owned(),
            Tint::Sent => "send".to_owned(),
            Tint::Client => "accept".to_owned(),
            Tint::Own => tr!(text, "timeline-legend-own"),
        };
        lines.push((Type::Data, tr!(text, "timeline-sum-share", what = what, share = format!("{share:.1}"))));
    }
    lines
}

/// A thin line at the pointer, with its moment on the axis.
pub fn cursor(ui: &Ui, pen: &Pen<'_>, x: f32, lanes: Rangef, axis: Rangef) {
    let c = &pen.theme.colors;
    ui.painter().vline(x, lanes, eframe::egui::Stroke::new(1.0, c.line_strong));
    let words = line::clock(pen.at(x));
    let galley = ui.painter().layout_no_wrap(words, Type::Data.at(11.5), c.text_1);
    let plot = pen.across.plot;
    let left = (x - galley.size().x / 2.0).clamp(plot.min, (plot.max - galley.size().x).max(plot.min));
    let rect = Align2::LEFT_CENTER.anchor_size(eframe::egui::pos2(left, axis.center()), galley.size());
    ui.painter().rect_filled(rect.expand(3.0), 3.0, c.raised);
    ui.painter().galley(rect.min, galley, c.text_1);
}
