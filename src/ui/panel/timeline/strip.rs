//! One lane's time as shapes. What is wider than a few points is drawn as it is; what is narrower becomes columns that show
//! the share of each tint. The work is of the order of the points, however many calls there are.

use std::time::Duration;

use eframe::egui::{Mesh, Rangef, Rect, Stroke};

use super::index::{LaneIndex, Leaf, Slice};
use super::mip::{Step, Stretch};
use super::pen::Pen;
use super::tint::{self, SLEPT_NS, Sockets, Spent, Tint};
use crate::engine::LaneDoing;
use crate::trace::{Call, TapLevel};
use crate::ui::theme::radius;
use crate::ui::widget::paint;

/// A column of sums.
const COLUMN: f32 = 2.0;
/// Wider slices are drawn as they are.
const SLICE: f32 = 3.0;
/// Sums in so many columns with nothing near them are drawn as bars of full height: a share of them could not be seen.
const ALONE: usize = 3;
/// What lies nearer than this many columns belongs together: bars of full height side by side would look like work all the time.
const NEAR: usize = 5;
/// The least height of a call's share.
const SEEN: f32 = 1.0;

/// The least width of the box of a held lane.
const HELD: f32 = 6.0;

/// What a slice stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// A finished call: its index in the log.
    Call(u64),
    /// The call the lane is in.
    Now(Call),
    /// The lane's own code.
    Own,
}

/// A slice wide enough to be drawn by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    pub x: Rangef,
    pub tint: Tint,
    pub what: What,
}

/// One lane while it is painted; kept between lanes and frames for its memory.
#[derive(Debug, Default)]
pub struct Strip {
    columns: Vec<Spent>,
    /// The wide ones, from left to right.
    pub pieces: Vec<Piece>,
    /// Where anything is known of the lane.
    known: Option<Rangef>,
    /// Held at the gate from here on.
    pub held: Option<f32>,
    /// It ended here.
    pub gone: Option<f32>,
}

/// What a lane does at the moment that is shown.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    pub doing: LaneDoing,
    pub level: TapLevel,
}

impl Strip {
    /// Looks up what lies in the window.
    pub fn gather(&mut self, pen: &Pen<'_>, index: Option<&LaneIndex>, now: Option<Now>) {
        let columns = (pen.across.plot.span() / COLUMN).ceil().max(0.0) as usize;
        self.columns.clear();
        self.columns.resize(columns, Spent::default());
        self.pieces.clear();
        (self.known, self.held, self.gone) = (None, None, None);
        let (from, to) = pen.span();
        let to = to.min(pen.now());
        if let Some(index) = index {
            let summed_to = index.first_call().unwrap_or(u64::MAX).min(to);
            if from < summed_to {
                index.slices.walk(from, summed_to, pen.ns(COLUMN), |step| self.sums(pen, step, summed_to));
            }
            index.calls.walk(from, to, pen.ns(COLUMN), |step| match step {
                Step::One(leaf) => self.call(pen, leaf),
                Step::Many(sum) => self.spread(pen, sum.start, sum.end, &sum.spent),
                Step::Gap(from, to) => self.own(pen, from, to),
            });
        }
        let done = index.and_then(LaneIndex::last_end);
        if let Some(now) = now {
            self.tail(pen, now, done, index.map_or(Sockets::Blocking, |i| i.sockets));
        } else if let Some(done) = done {
            self.gone = Some(pen.x(done));
        }
    }

    fn sums(&mut self, pen: &Pen<'_>, step: Step<'_, Slice>, until: u64) {
        let sum = match step {
            Step::One(slice) => &slice.sum,
            Step::Many(sum) => sum,
            Step::Gap(..) => return,
        };
        let part = (until.min(sum.end).saturating_sub(sum.start)) as f32 / (sum.end - sum.start).max(1) as f32;
        let spent = sum.spent.map(|s| s * part.min(1.0));
        self.spread(pen, sum.start, sum.end.min(until), &spent);
    }

    fn call(&mut self, pen: &Pen<'_>, leaf: &Leaf) {
        let (start, awake, end) = (pen.x(leaf.start), pen.x(leaf.awake), pen.x(leaf.end));
        // A long sleep with a short end is drawn as it is only where the ends of its neighbours stay apart.
        let apart = if leaf.start < leaf.awake && end - awake < SLICE { NEAR as f32 * COLUMN } else { SLICE };
        if end - start <= apart {
            let (mut spent, mut calls) = (Spent::default(), 0);
            leaf.add_to(&mut spent, &mut calls);
            self.spread(pen, leaf.start, leaf.end, &spent);
            return;
        }
        self.know(Rangef::new(start, end));
        let what = What::Call(leaf.index);
        // The running end is seen, however short it is.
        let awake = if leaf.awake < leaf.end { awake.min(end - SLICE).max(start) } else { end };
        if awake > start {
            self.pieces.push(Piece { x: Rangef::new(start, awake), tint: Tint::Asleep, what });
        }
        if end > awake {
            self.pieces.push(Piece { x: Rangef::new(awake, end), tint: leaf.tint, what });
        }
    }

    fn own(&mut self, pen: &Pen<'_>, from: u64, to: u64) {
        if to <= from {
            return;
        }
        let x = Rangef::new(pen.x(from), pen.x(to));
        if x.span() > COLUMN {
            self.know(x);
            self.pieces.push(Piece { x, tint: Tint::Own, what: What::Own });
        } else {
            let mut spent = Spent::default();
            spent[Tint::Own.at()] = (to - from) as f32;
            self.spread(pen, from, to, &spent);
        }
    }

    /// Time that is too short to be drawn by itself.
    fn spread(&mut self, pen: &Pen<'_>, start: u64, end: u64, spent: &Spent) {
        let left = pen.across.plot.min;
        let (a, b) = ((pen.x(start) - left) / COLUMN, (pen.x(end) - left) / COLUMN);
        self.know(Rangef::new(pen.x(start), pen.x(end)));
        if b < 0.0 || self.columns.is_empty() {
            return;
        }
        let last = self.columns.len() - 1;
        let (first, until) = (a.max(0.0) as usize, (b.max(0.0) as usize).min(last));
        for n in first..=until {
            let covered = (b.min(n as f32 + 1.0) - a.max(n as f32)).max(0.0);
            // What has no width still happened.
            let share = if b - a > 1e-3 { covered / (b - a) } else { 1.0 / (until - first + 1) as f32 };
            for (sum, part) in self.columns[n].iter_mut().zip(spent) {
                *sum += part.max(if *part > 0.0 { 1e-3 } else { 0.0 }) * share;
            }
        }
    }

    fn know(&mut self, x: Rangef) {
        self.known = Some(self.known.map_or(x, |k| Rangef::new(k.min.min(x.min), k.max.max(x.max))));
    }

    /// What the lane does since its last finished call.
    fn tail(&mut self, pen: &Pen<'_>, now: Now, done: Option<u64>, sockets: Sockets) {
        let at = pen.now();
        // Without a record of every call, what came before the current one is not known.
        let known = |done: Option<u64>| done.filter(|_| now.level == TapLevel::Full);
        match now.doing {
            LaneDoing::Gone => self.gone = done.map(|d| pen.x(d)),
            LaneDoing::Running => {
                if let Some(done) = known(done) {
                    self.own(pen, done, at);
                }
            }
            LaneDoing::InCall { call, since, .. } => {
                let since = nanos(since);
                if let Some(done) = known(done) {
                    self.own(pen, done, since);
                }
                let asleep = tint::hue(call) == Tint::Asleep
                    || tint::can_block(call) && sockets == Sockets::Blocking && at.saturating_sub(since) > SLEPT_NS;
                let tint = if asleep { Tint::Asleep } else { tint::hue(call) };
                // The call it stands in is seen, also when it has just begun.
                let x = Rangef::new(pen.x(since).min(pen.x(at) - SLICE), pen.x(at));
                self.know(x);
                self.pieces.push(Piece { x, tint, what: What::Now(call) });
            }
            LaneDoing::AtGate { since, .. } => {
                if let Some(done) = known(done) {
                    self.own(pen, done, nanos(since));
                }
                self.held = Some(pen.x_f64(nanos(since) as f64));
            }
        }
    }

    /// Draws it.
    pub fn paint(&self, pen: &Pen<'_>, y: Rangef) {
        let colors = &pen.theme.colors;
        let mut mesh = Mesh::default();
        if let Some(known) = self.known {
            paint::hatch(pen.painter, pen.between(known, y), colors.waiting, radius::BAR);
        }
        self.columns_ui(pen, y, &mut mesh);
        for slice in self.pieces.iter().filter(|s| s.tint != Tint::Asleep) {
            pen.slice(&mut mesh, pen.between(slice.x, y), slice.tint);
        }
        pen.add(mesh);
        for slice in self.pieces.iter().filter(|s| s.tint != Tint::Asleep) {
            pen.slice_over(pen.between(slice.x, y), slice.tint);
        }
        if let Some(x) = self.held {
            let held = pen.between(Rangef::new(x + 2.0, pen.across.plot.max), y);
            if held.width() >= HELD {
                pen.painter.rect_filled(held.expand2(eframe::egui::vec2(2.0, 1.0)), 0.0, colors.stage);
                paint::dashed_rect(pen.painter, held, 2.0, Stroke::new(1.5, colors.accent));
            } else {
                pen.painter.vline(pen.x_in(x), y, Stroke::new(2.0, colors.accent));
            }
        }
        if let Some(x) = self.gone.filter(|x| pen.across.plot.contains(*x)) {
            pen.painter.vline(x, y, Stroke::new(1.5, colors.text_3));
        }
    }

    fn columns_ui(&self, pen: &Pen<'_>, y: Rangef, mesh: &mut Mesh) {
        let some = |spent: &Spent| spent.iter().sum::<f32>() > 0.0;
        let mut at = 0;
        while let Some(first) = self.columns[at..].iter().position(some).map(|n| at + n) {
            // Up to the last column that has another one near it.
            let mut last = first;
            while let Some(next) = self.columns[last + 1..].iter().take(NEAR).position(some) {
                last += 1 + next;
            }
            let group = &self.columns[first..=last];
            let left = pen.across.plot.min + first as f32 * COLUMN;
            if group.len() <= ALONE {
                alone(pen, group, left, y, mesh)
            } else {
                shares(pen, group, left, y, mesh)
            }
            at = last + 1;
        }
    }
}

/// The order of bars that stand for a few calls, and of shares from the bottom up.
const ORDER: [Tint; 5] = [Tint::Client, Tint::Received, Tint::Own, Tint::Spinning, Tint::Sent];

/// A few calls by themselves: a bar for each hue.
fn alone(pen: &Pen<'_>, run: &[Spent], left: f32, y: Rangef, mesh: &mut Mesh) {
    let sum = run.iter().fold(Spent::default(), |mut sum, spent| {
        sum.iter_mut().zip(spent).for_each(|(a, b)| *a += b);
        sum
    });
    let calls = ORDER.into_iter().filter(|t| *t != Tint::Own && sum[t.at()] > 0.0).count();
    let shown = ORDER.into_iter().filter(|t| sum[t.at()] > 0.0 && (calls == 0 || *t != Tint::Own));
    let mut x = left;
    for tint in shown {
        let bar = pen.between(Rangef::new(x, x + COLUMN), y);
        mesh.add_colored_rect(bar, pen.solid(tint));
        x += COLUMN;
    }
}

/// Many calls in a row: how much of each column's time each tint took, as heights. Columns that look alike are one.
fn shares(pen: &Pen<'_>, run: &[Spent], left: f32, y: Rangef, mesh: &mut Mesh) {
    let time = pen.ns(COLUMN).max(1) as f32;
    let look = |n: usize| run.get(n).map(|spent| Look::of(spent, time, y.span(), fence_gap(pen, left + n as f32 * COLUMN)));
    let (mut at, mut next, mut this) = (0, 1, look(0));
    while let Some(alike) = this {
        let after = look(next);
        if after != this {
            let x = Rangef::new(left + at as f32 * COLUMN, left + next as f32 * COLUMN);
            alike.paint(pen, pen.between(x, y), mesh);
            (at, this) = (next, after);
        }
        next += 1;
    }
}

/// The fence of what spins: ten points on, four off.
fn fence_gap(pen: &Pen<'_>, x: f32) -> bool {
    (x - pen.across.plot.min).rem_euclid(14.0) >= 10.0
}

/// What a column looks like: heights in half points, in [`ORDER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    heights: [u16; ORDER.len()],
    slept: bool,
    gap: bool,
}

impl Look {
    fn of(spent: &Spent, time: f32, height: f32, gap: bool) -> Self {
        let total = spent.iter().sum::<f32>().max(time);
        let half = |tint: Tint| match spent[tint.at()] {
            none if none <= 0.0 => 0,
            some => (some / total * height).max(if tint == Tint::Own { 0.0 } else { SEEN }).mul_add(2.0, 0.5) as u16,
        };
        let gap = gap && spent[Tint::Spinning.at()] > 0.0;
        Self { heights: ORDER.map(half), slept: spent[Tint::Asleep.at()] >= total * 0.005, gap }
    }

    fn paint(&self, pen: &Pen<'_>, rect: Rect, mesh: &mut Mesh) {
        if self.heights.iter().all(|h| *h == 0) {
            return;
        }
        if !self.slept {
            mesh.add_colored_rect(rect, pen.theme.colors.stage);
        }
        let mut bottom = rect.bottom();
        for (tint, half) in ORDER.into_iter().zip(self.heights).filter(|(_, half)| *half > 0) {
            let top = (bottom - f32::from(half) / 2.0).max(rect.top());
            let colors = pen.theme.role(tint.role());
            let fill = if tint == Tint::Spinning && self.gap { colors.soft } else { colors.mark };
            mesh.add_colored_rect(Rect::from_x_y_ranges(rect.x_range(), top..=bottom), fill);
            bottom = top;
        }
    }
}

fn nanos(at: Duration) -> u64 {
    at.as_nanos() as u64
}
