//! One row painted: a session's head, a lane, or a descriptor's line.

use eframe::egui::{Align, Align2, Color32, FontId, Mesh, Pos2, Rangef, Rect, Stroke, pos2};

use super::index::{Index, LaneIndex};
use super::mip::Step;
use super::pen::Pen;
use super::rows::{LABELS, Placed, Row, TALL};
use super::strip::{Now, Strip, What};
use super::tint::Tint;
use super::words;
use crate::engine::catalog::{self, ForEach};
use crate::engine::{LaneDoing, LaneView, SessionView};
use crate::tr;
use crate::trace::{Call, TapLevel};
use crate::ui::theme::{Type, size, space};
use crate::ui::widget::{format, paint, shapes};

/// Before the words at the right.
const LEAD: f32 = 16.0;
/// Half a descriptor's bar.
const BAR: f32 = 4.0;

/// Paints a row at its place on the screen.
pub fn paint_row(pen: &Pen<'_>, strip: &mut Strip, index: &Index, placed: &Placed, top: f32, first: bool) {
    let y = Rangef::new(placed.y.min + top, placed.y.max + top);
    match placed.row {
        Row::Head { session } => {
            if let Some(session) = pen.session(session) {
                head(pen, session, y, first);
            }
        }
        Row::Lane { session, lane, view, tall } => {
            let Some(session) = pen.session(session) else { return };
            let view = view.and_then(|at| session.lanes.get(at));
            let of = Of { session, view, index: index.lane(session.id, lane), lane };
            if tall {
                studied(pen, strip, &of, y);
            } else {
                plain(pen, strip, &of, y);
            }
        }
        Row::Fd { session, lane, fd, conn } => {
            let Some(session) = pen.session(session) else { return };
            descriptor(pen, session, index.lane(session.id, lane), lane, fd, conn, y);
        }
        Row::MoreFds { more, .. } => note(pen, &tr!(pen.text, "timeline-more-fds", n = format::count(more as u64)), y),
        Row::MoreLanes { session, more } => {
            let shown = pen.session(session).map_or(0, |s| s.lanes.iter().filter(|l| l.doing != LaneDoing::Gone).count());
            let (n, shown) = (format::count(more as u64), format::count(shown as u64));
            note(pen, &tr!(pen.text, "timeline-more-lanes", n = n, shown = shown), y);
        }
        Row::Foot if placed.y.span() < 8.0 => {}
        Row::Foot => {
            let stroke = Stroke::new(1.0, pen.theme.colors.line_control);
            pen.painter.hline(pen.across.names.min..=pen.across.now.max, y.max - 0.5, stroke);
        }
    }
}

fn note(pen: &Pen<'_>, text: &str, y: Rangef) {
    pen.words(pos2(pen.across.plot.min + space::XS, y.center()), Align2::LEFT_CENTER, text, Type::Caption, 11.5, pen.theme.colors.text_3);
}

fn head(pen: &Pen<'_>, session: &SessionView, y: Rangef, first: bool) {
    let c = &pen.theme.colors;
    let left = pen.across.names.min + LEAD;
    let middle = y.max - 18.0;
    let standing = shapes::Standing::of(Some(session.state));
    shapes::side(pen.painter, pen.theme, pos2(left + 8.0, middle), 16.0, session.side, standing);
    let name = pen.words(pos2(left + 24.0, middle), Align2::LEFT_CENTER, &session.name, Type::Strong, 15.0, c.text_1);
    let room = Rect::from_x_y_ranges((name.right() + space::S)..=(pen.across.plot.max).max(name.right() + space::S), y.min..=y.max);
    let room = room.with_min_y(middle - 10.0).with_max_y(middle + 10.0);
    paint::line(pen.painter, room, Align::Min, &words::sentence(pen.text, session), Type::Body.font(), c.text_2);
    if first && pen.across.has_words() {
        let at = pos2(pen.across.plot.max + LEAD, middle);
        pen.words(at, Align2::LEFT_CENTER, &pen.text.get("timeline-in"), Type::Body, 12.0, c.text_3);
        let right = pos2(pen.across.now.max - space::M, middle);
        pen.words(right, Align2::RIGHT_CENTER, &pen.text.get("timeline-for"), Type::Body, 12.0, c.text_3);
    }
}

/// What a lane is called.
pub fn name(pen: &Pen<'_>, view: Option<&LaneView>, lane: u32) -> String {
    view.map_or_else(|| tr!(pen.text, "timeline-unnamed", id = lane), |v| v.name.to_string())
}

/// The lane of a row.
#[derive(Clone, Copy)]
struct Of<'a> {
    session: &'a SessionView,
    view: Option<&'a LaneView>,
    index: Option<&'a LaneIndex>,
    lane: u32,
}

/// What a lane's row begins with, of whatever height: its name, and its slices along the bar.
fn begin(pen: &Pen<'_>, strip: &mut Strip, of: &Of<'_>, bar: Rangef, style: FontId, ink: Color32) {
    let names = Rect::from_x_y_ranges((pen.across.names.min + space::S)..=(pen.across.names.max - space::M), bar);
    paint::line(pen.painter, names, Align::Max, &name(pen, of.view, of.lane), style, ink);
    strip.gather(pen, of.index, of.view.map(|v| Now { doing: v.doing, level: of.session.calls.level }));
    strip.paint(pen, bar);
}

fn plain(pen: &Pen<'_>, strip: &mut Strip, of: &Of<'_>, y: Rangef) {
    let (c, Of { session, view, index, .. }) = (&pen.theme.colors, *of);
    let bar = Rangef::new(y.min, y.min + size::LANE);
    let gone = view.is_none_or(|v| v.doing == LaneDoing::Gone);
    begin(pen, strip, of, bar, Type::Body.font(), if gone { c.text_3 } else { c.text_2 });
    for slice in &strip.pieces {
        let rect = pen.between(slice.x, bar);
        match (slice.tint, slice.what) {
            (Tint::Received | Tint::Sent | Tint::Client | Tint::Own, what) => {
                inside(pen, session, rect, what, 11.5);
            }
            (Tint::Spinning, What::Call(at)) => spun(pen, session, rect, at, 11.5),
            (Tint::Asleep | Tint::Spinning, _) => {}
        }
    }
    if let Some(x) = strip.held {
        paused(pen, x, bar, 12.0);
    }
    birth(pen, session, index, bar);
    right(pen, view, bar, false);
}

fn studied(pen: &Pen<'_>, strip: &mut Strip, of: &Of<'_>, y: Rangef) {
    let (c, Of { session, view, index, .. }) = (&pen.theme.colors, *of);
    let bar = Rangef::new(y.min + LABELS, y.min + LABELS + TALL);
    begin(pen, strip, of, bar, Type::Strong.at(14.0), c.text_1);
    let mut free = pen.across.plot.min;
    for (n, slice) in strip.pieces.iter().enumerate() {
        let rect = pen.between(slice.x, bar);
        let call = match slice.what {
            What::Call(at) => session.calls.log.get(at).map(|r| r.call),
            What::Now(call) => Some(call),
            What::Own => None,
        };
        match (slice.tint, call) {
            (Tint::Asleep, Some(call)) => pen.chip(rect, &words::name(pen.text, call), 13.0, c.text_1),
            (Tint::Spinning, Some(_)) => {
                if let What::Call(at) = slice.what {
                    spun(pen, session, rect, at, 13.0);
                }
            }
            (Tint::Received | Tint::Sent | Tint::Client | Tint::Own, Some(call)) => {
                if !inside(pen, session, rect, slice.what, 13.0) {
                    above(pen, &strip.pieces[n].x, call, slice.tint, bar, &mut free);
                }
            }
            (_, None) => {}
        }
    }
    if let Some(x) = strip.held {
        paused(pen, x, bar, 14.0);
    }
    gate(pen, view, Rangef::new(y.min + 2.0, y.max));
    birth(pen, session, index, bar);
    right(pen, view, bar, true);
}

/// The name of a call inside its slice; false if there is no room.
fn inside(pen: &Pen<'_>, session: &SessionView, rect: Rect, what: What, points: f32) -> bool {
    let call = match what {
        What::Call(at) => session.calls.log.get(at).map(|r| r.call),
        What::Now(call) => Some(call),
        What::Own => None,
    };
    let Some(call) = call.filter(|_| rect.width() > 24.0) else { return false };
    let fits = pen.width(call.name(), Type::Data, points) + 8.0 <= rect.width();
    if fits {
        pen.words(rect.center(), Align2::CENTER_CENTER, call.name(), Type::Data, points, pen.theme.colors.on_mark);
    }
    fits
}

/// The name of a call above its start, as long as it stands near to it.
fn above(pen: &Pen<'_>, x: &Rangef, call: Call, tint: Tint, bar: Rangef, free: &mut f32) {
    if x.max < pen.across.plot.min || x.min > pen.across.plot.max {
        return;
    }
    let at = x.min.max(*free);
    let width = pen.width(call.name(), Type::Data, 13.0);
    if at - x.min > width + 16.0 || at + width > pen.across.plot.max {
        return;
    }
    let color = if tint == Tint::Client { pen.theme.colors.client.text } else { pen.theme.colors.text_1 };
    pen.words(pos2(at, bar.min - 4.0), Align2::LEFT_BOTTOM, call.name(), Type::Data, 13.0, color);
    *free = at + width + space::S;
}

/// How often a lane asked in vain.
fn spun(pen: &Pen<'_>, session: &SessionView, rect: Rect, at: u64, points: f32) {
    if let Some(record) = session.calls.log.get(at).filter(|_| rect.width() > 60.0) {
        let words = format!("{} ×{}", record.call.name(), format::count(record.count.into()));
        pen.chip(rect, &words, points, pen.theme.colors.spinning.text);
    }
}

/// The box of a lane that a person holds.
fn paused(pen: &Pen<'_>, from: f32, bar: Rangef, points: f32) {
    let held = pen.between(Rangef::new(from + 2.0, pen.across.plot.max), bar);
    let words = tr!(pen.text, "timeline-paused");
    if pen.width(&words, Type::Strong, points) + 8.0 <= held.width() {
        pen.words(held.center(), Align2::CENTER_CENTER, &words, Type::Strong, points, pen.theme.colors.accent);
    }
}

/// The moment from which a lane is held, through its descriptors too.
fn gate(pen: &Pen<'_>, view: Option<&LaneView>, y: Rangef) {
    if let Some(LaneDoing::AtGate { since, .. }) = view.map(|v| v.doing) {
        let x = pen.x(since.as_nanos() as u64);
        if pen.across.plot.contains(x) {
            pen.painter.vline(x, y, Stroke::new(2.0, pen.theme.colors.accent));
        }
    }
}

/// Where a lane's first call began, if the log still reaches that far.
fn birth(pen: &Pen<'_>, session: &SessionView, index: Option<&LaneIndex>, bar: Rangef) {
    let Some(start) = index.filter(|i| i.slices.leaves().is_empty()).and_then(LaneIndex::first_call) else { return };
    let reaches = session.calls.log.iter().next().is_some_and(|oldest| oldest.start_ns < start || session.calls.evicted == 0);
    let x = pen.x(start);
    if !reaches || session.calls.level != TapLevel::Full || !pen.across.plot.contains(x) {
        return;
    }
    let color = pen.theme.colors.client.text;
    pen.painter.vline(x, Rangef::new(bar.min - 8.0, bar.max), Stroke::new(1.5, color));
    let key = match session.model.and_then(catalog::model).and_then(|model| model.for_each) {
        Some(ForEach::Process) => "timeline-process-starts",
        Some(ForEach::Task) => "timeline-task-starts",
        Some(ForEach::Thread) | None => "timeline-thread-starts",
    };
    let words = tr!(pen.text, key);
    if pen.width(&words, Type::Body, 12.0) + space::S <= x - pen.across.plot.min {
        pen.words(pos2(x - space::S, bar.center()), Align2::RIGHT_CENTER, &words, Type::Body, 12.0, color);
    }
}

/// What the lane is in now, and for how long.
fn right(pen: &Pen<'_>, view: Option<&LaneView>, bar: Rangef, tall: bool) {
    if !pen.across.has_words() {
        return;
    }
    let c = &pen.theme.colors;
    let doing = view.map_or(LaneDoing::Gone, |v| v.doing);
    let (what, since) = words::doing(pen.text, doing);
    let color = match doing {
        LaneDoing::Running => c.running.text,
        LaneDoing::InCall { .. } => c.text_1,
        LaneDoing::AtGate { .. } => c.accent,
        LaneDoing::Gone => c.text_3,
    };
    let held = matches!(doing, LaneDoing::AtGate { .. });
    let left = pen.across.plot.max + LEAD;
    let right = pen.across.now.max - space::M;
    let mut room = right;
    if let Some(since) = since.filter(|_| !held) {
        let time = words::span(pen.snap.at.saturating_sub(since));
        room -= pen.words(pos2(right, bar.center()), Align2::RIGHT_CENTER, &time, Type::Data, 12.5, c.text_2).width() + space::S;
    }
    let line = |y: Rangef, style: Type, points: f32, text: &str, color: Color32| {
        paint::line(pen.painter, Rect::from_x_y_ranges(left..=room.max(left), y), Align::Min, text, style.at(points), color);
    };
    match (held, tall) {
        (true, true) => {
            line(Rangef::new(bar.min, bar.center()), Type::Figure, 13.0, &what, color);
            line(Rangef::new(bar.center(), bar.max), Type::Body, 12.0, &tr!(pen.text, "timeline-waits-for-step"), c.text_2);
        }
        (true, false) => line(bar, Type::Figure, 13.0, &what, color),
        (false, _) => line(bar, if since.is_some() { Type::Data } else { Type::Body }, 13.0, &what, color),
    }
}

/// A descriptor of a lane that waits for many: when data were there, and until when they waited to be read.
fn descriptor(pen: &Pen<'_>, session: &SessionView, index: Option<&LaneIndex>, lane: u32, fd: i64, conn: Option<usize>, y: Rangef) {
    let c = &pen.theme.colors;
    let conn = conn.and_then(|at| session.connections.get(at));
    let middle = y.center();
    let name = tr!(pen.text, "timeline-fd", fd = fd);
    pen.words(pos2(pen.across.names.max - space::M, middle), Align2::RIGHT_CENTER, &name, Type::Data, 12.5, c.text_2);
    let (from, to) = conn.map_or((0, None), |conn| (conn.info.opened.as_nanos() as u64, conn.closed.map(|at| at.as_nanos() as u64)));
    let life = pen.between(Rangef::new(pen.x(from), to.map_or(pen.across.plot.max, |to| pen.x(to))), y);
    if life.width() > 0.0 {
        pen.painter.hline(life.x_range(), middle, Stroke::new(1.0, c.line_control));
    }
    let colors = if conn.is_none() { c.client } else { c.received };
    let mut mesh = Mesh::default();
    let bar = |x: Rangef| pen.between(x, Rangef::new(middle - BAR, middle + BAR));
    let (begin, end) = pen.span();
    if let Some(reads) = index.and_then(|i| i.reads.get(&fd)) {
        let mut free = f32::NEG_INFINITY;
        reads.walk(begin, end.min(pen.now()), pen.ns(3.0), |step| {
            let (start, stop) = match step {
                Step::One(leaf) => (leaf.start, leaf.end),
                Step::Many(sum) => (sum.start, sum.end),
                Step::Gap(..) => return,
            };
            let (a, b) = (pen.x(start), pen.x(stop));
            let alone = a - free > 12.0 || b - a >= 5.0;
            // Many short waits side by side are a thin line: as a bar they would look like one long wait.
            let half = if alone && matches!(step, Step::One(_)) { BAR } else { BAR * 0.35 };
            let b = b.max(a + if alone { 5.0 } else { 1.5 });
            mesh.add_colored_rect(pen.between(Rangef::new(a, b), Rangef::new(middle - half, middle + half)), colors.mark);
            if a - free > 12.0 && pen.across.plot.contains(a) {
                arrival(pen, pos2(a - 6.5, middle), colors.mark, colors.text);
            }
            free = b;
        });
    }
    if let Some(operations) = index.and_then(|i| i.kernel.get(&fd)) {
        // From submission to completion it is the kernel's work: hollow and dashed.
        operations.walk(begin, end.min(pen.now()), pen.ns(3.0), |step| match step {
            Step::One(leaf) => {
                let rect = bar(Rangef::new(pen.x(leaf.start), pen.x(leaf.end).max(pen.x(leaf.start) + 3.0)));
                if rect.width() >= 8.0 {
                    paint::dashed_rect(pen.painter, rect, 2.0, Stroke::new(1.0, colors.text));
                } else {
                    pen.painter.hline(rect.x_range(), middle, Stroke::new(2.0, colors.text));
                }
            }
            Step::Many(sum) => {
                let rect = bar(Rangef::new(pen.x(sum.start), pen.x(sum.end)));
                pen.painter.hline(rect.x_range(), middle, Stroke::new(2.0, colors.text));
            }
            Step::Gap(..) => {}
        });
    }
    pen.add(mesh);
    let (state, since) = waiting(pen, session, index, lane, fd, conn.is_none(), conn.and_then(|c| c.unread));
    if let Some(since) = since {
        let x = pen.x(since);
        pen.painter.rect_filled(bar(Rangef::new(x, pen.x(pen.now()).max(x + 5.0))), 2.0, colors.mark);
        if pen.across.plot.contains(x) {
            arrival(pen, pos2(x - 6.5, middle), colors.mark, colors.text);
        }
    }
    gate(pen, session.lanes.iter().find(|l| l.id == lane), y);
    if pen.across.has_words() {
        let (words, ready) = match conn.and_then(|c| c.closed) {
            Some(_) => (tr!(pen.text, "timeline-closed"), false),
            None => state,
        };
        let room = Rect::from_x_y_ranges((pen.across.plot.max + LEAD)..=(pen.across.now.max - space::M), y);
        let (style, color) = if ready { (Type::Strong, colors.text) } else { (Type::Body, c.text_3) };
        paint::line(pen.painter, room, Align::Min, &words, style.at(12.5), color);
    }
}

/// What waits at a descriptor, in words; whether anything does; and since when it is known to.
pub fn waiting(
    pen: &Pen<'_>,
    session: &SessionView,
    index: Option<&LaneIndex>,
    lane: u32,
    fd: i64,
    listener: bool,
    unread: Option<u32>,
) -> ((String, bool), Option<u64>) {
    let told = session
        .lanes
        .iter()
        .find(|l| l.id == lane)
        .and_then(|l| l.ready.as_ref())
        .filter(|r| r.fds.iter().any(|f| f.fd == fd && f.got.read));
    let read = index.and_then(|i| i.reads.get(&fd)).and_then(|r| r.leaves().back()).map_or(0, |l| l.end);
    let since = told.map(|r| r.at_ns).filter(|at| *at > read);
    let queued = session.queue.map_or(0, |q| q.waiting);
    let words = match (listener, unread) {
        (true, _) if queued > 0 => (tr!(pen.text, "timeline-waiting", n = queued), true),
        (true, _) => (tr!(pen.text, "timeline-quiet"), false),
        (false, Some(0)) => (tr!(pen.text, "timeline-no-data"), false),
        (false, Some(n)) => (tr!(pen.text, "timeline-ready", bytes = format::bytes(n.into())), true),
        (false, None) => (String::new(), false),
    };
    let since = since.filter(|_| words.1 || unread.is_none() && !listener);
    (words, since)
}

fn arrival(pen: &Pen<'_>, center: Pos2, fill: Color32, edge: Color32) {
    let points =
        vec![center + eframe::egui::vec2(-4.5, -4.5), center + eframe::egui::vec2(4.5, 0.0), center + eframe::egui::vec2(-4.5, 4.5)];
    pen.painter.add(eframe::egui::Shape::convex_polygon(points, fill, Stroke::new(if pen.theme.dark { 0.0 } else { 1.0 }, edge)));
}
