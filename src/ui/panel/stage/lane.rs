//! A thread as a strip of its last moments: hatch asleep, solid runs, fence spins; the hue says the call.

use std::cell::Cell;
use std::time::Duration;

use eframe::egui::{Align, Rect, Stroke, StrokeKind};

use super::layout::LanePlace;
use super::pen::Pen;
use super::words;
use crate::engine::{LaneDoing, LaneView, Span};
use crate::tr;
use crate::trace::Call;
use crate::ui::theme::{Role, Type, radius};
use crate::ui::widget::paint;

/// The windows a strip may show, in microseconds.
const WINDOWS_US: [u64; 21] = [
    200, 500, 1_000, 2_000, 3_000, 5_000, 7_000, 10_000, 20_000, 30_000, 50_000, 70_000, 100_000, 200_000, 300_000, 500_000, 700_000,
    1_000_000, 2_000_000, 5_000_000, 10_000_000,
];
/// A blocking call that took longer than this slept.
const SLEPT: Duration = Duration::from_micros(100);

/// The longest window that what is known of these lanes fills; the same for all lanes of a card.
pub fn window(lanes: &[LaneView], now: Duration) -> Duration {
    let past = |lane: &LaneView| lane.spans.first().map(|s| now.saturating_sub(s.start));
    let full = lanes.iter().filter(|l| l.spans.len() >= 12).filter_map(past).min();
    let known = full.or_else(|| lanes.iter().filter_map(past).max()).unwrap_or_else(|| {
        // No finished call is known: what they stand in now is all there is to show.
        let age = |lane: &LaneView| match lane.doing {
            LaneDoing::InCall { since, .. } | LaneDoing::AtGate { since, .. } => Some(now.saturating_sub(since)),
            LaneDoing::Running | LaneDoing::Gone => None,
        };
        lanes.iter().filter_map(age).min().unwrap_or(Duration::from_secs(1))
    });
    // A few hundredths may be missing: a strip that begins some pixels late looks full.
    let us = known.as_micros() as u64 + known.as_micros() as u64 / 32;
    Duration::from_micros(WINDOWS_US.into_iter().rev().find(|w| *w <= us).unwrap_or(WINDOWS_US[0]))
}

/// The least width of a bar.
const SHORT: f32 = 2.0;
/// Room left after a bar that stands for calls shorter than it.
const APART: f32 = 4.0;
/// The least width of the sleep that a thread is in now.
const ASLEEP: f32 = 6.0;

/// What a slice looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slice {
    Asleep,
    Spinning,
    Solid(Role),
}

/// How one finished call is drawn.
pub fn slice(span: &Span) -> Slice {
    if span.again {
        return Slice::Spinning;
    }
    if span.call.is_readiness_wait() || span.took > SLEPT && blocks(span.call) && span.bytes == 0 {
        return Slice::Asleep;
    }
    Slice::Solid(hue(span.call))
}

fn blocks(call: Call) -> bool {
    matches!(call, Call::Accept | Call::Connect | Call::Recv | Call::RecvFrom | Call::Send | Call::SendTo | Call::GetAddrInfo)
}

/// The role whose colour a call has.
pub fn hue(call: Call) -> Role {
    match call {
        Call::Recv | Call::RecvFrom => Role::Received,
        Call::Send | Call::SendTo => Role::Sent,
        Call::Accept | Call::Connect => Role::Client,
        Call::Socket
        | Call::Bind
        | Call::Listen
        | Call::SocketPair
        | Call::Shutdown
        | Call::Close
        | Call::GetSockOpt
        | Call::SetSockOpt
        | Call::Fcntl
        | Call::Poll
        | Call::EpollCreate
        | Call::EpollCtl
        | Call::EpollWait
        | Call::Kqueue
        | Call::Kevent
        | Call::GetAddrInfo
        | Call::Unlink
        | Call::Select
        | Call::SigWait
        | Call::IoUringSetup
        | Call::IoUringEnter
        | Call::Completion
        | Call::Await
        | Call::Sleep
        | Call::Spawn
        | Call::WaitPid
        | Call::CondWait
        | Call::Gate => Role::Running,
    }
}

/// Draws the strip of the last `window` and what the lane does now.
pub fn paint_lane(pen: &Pen<'_>, place: &LanePlace, lane: &LaneView, window: Duration, first: bool, small: bool) {
    let colors = &pen.theme.colors;
    let (what, state, asleep) = words::doing(pen.text, lane.doing, pen.now);
    if place.strip.is_positive() {
        strip(pen, pen.rect(place.strip), lane, window);
    }
    let head = match lane.doing {
        LaneDoing::InCall { .. } if asleep => colors.text_1,
        LaneDoing::InCall { .. } | LaneDoing::Running => colors.running.text,
        LaneDoing::AtGate { .. } => colors.accent,
        LaneDoing::Gone => colors.text_3,
    };
    let (top, bottom) = place.now.split_top_bottom_at_fraction(0.52);
    let style = if asleep || small { Type::Data } else { Type::Figure };
    // Where not all of it fits, the call goes before its descriptor and the time before the word.
    let size = if small { 13.0 } else { 14.0 };
    let (what, state) = (pen.fitting(top, style, size, what), pen.fitting(bottom, Type::Body, 13.0, state));
    pen.words(top, Align::Min, style, size, head, &what);
    pen.words(bottom, Align::Min, Type::Body, 13.0, if asleep { colors.text_2 } else { colors.running.text }, &state);
    if place.name.width() > 0.0 {
        let (top, bottom) = place.name.split_top_bottom_at_fraction(0.5);
        pen.words(if first { top } else { place.name }, Align::Min, Type::Strong, 13.0, colors.text_1, &lane.name);
        if first {
            let span = span_words(pen, window);
            let last = pen.fitting(bottom, Type::Body, 13.0, vec![tr!(pen.text, "stage-last", time = span.as_str()), span]);
            pen.words(bottom, Align::Min, Type::Body, 13.0, colors.text_3, &last);
        }
    }
}

fn span_words(pen: &Pen<'_>, window: Duration) -> String {
    if window >= Duration::from_secs(1) {
        tr!(pen.text, "stage-seconds", n = window.as_secs())
    } else if window < Duration::from_millis(1) {
        tr!(pen.text, "stage-micros", n = window.as_micros() as u64)
    } else {
        tr!(pen.text, "stage-millis", n = window.as_millis() as u64)
    }
}

fn strip(pen: &Pen<'_>, rect: Rect, lane: &LaneView, window: Duration) {
    let colors = &pen.theme.colors;
    pen.painter.rect(rect, radius::BAR, colors.stage, Stroke::new(1.0, colors.line), StrokeKind::Inside);
    let start = pen.now.saturating_sub(window);
    let x = |at: Duration| {
        let part = at.saturating_sub(start).as_secs_f32() / window.as_secs_f32().max(1e-6);
        rect.left() + rect.width() * part.min(1.0)
    };
    // Calls too short for their least width share one bar, and what was slept between them stays seen beside it.
    let next_short = Cell::new(f32::NEG_INFINITY);
    let solid = |from: f32, to: f32, role: Role| {
        if to - from < SHORT {
            if from < next_short.get() {
                return;
            }
            next_short.set(from + SHORT + APART);
        }
        let colors = pen.theme.role(role);
        let to = to.max(from + SHORT).min(rect.right());
        let bar = Rect::from_x_y_ranges(from.min(to - 1.0)..=to, rect.y_range());
        pen.painter.rect(
            bar,
            radius::BAR,
            colors.mark,
            Stroke::new(if pen.theme.dark { 0.0 } else { 1.0 }, colors.text),
            StrokeKind::Inside,
        );
    };
    let sleep = |from: f32, to: f32| {
        if to > from {
            paint::hatch(pen.painter, Rect::from_x_y_ranges(from..=to, rect.y_range()), colors.waiting, radius::BAR);
        }
    };
    // What lies between two calls is the thread's own code; before the first one nothing is known.
    let mut done: Option<Duration> = None;
    for span in lane.spans.iter().filter(|s| s.start + s.took >= start) {
        if let Some(done) = done.filter(|d| *d < span.start) {
            own_code(pen, x(done), x(span.start), rect);
        }
        let (from, to) = (x(span.start), x(span.start + span.took));
        match slice(span) {
            Slice::Asleep => sleep(from, to),
            Slice::Spinning => paint::fence(
                pen.painter,
                Rect::from_x_y_ranges(from..=to.max(from + 3.0).min(rect.right()), rect.y_range()),
                colors.spinning,
            ),
            Slice::Solid(role) if span.took > SLEPT && blocks(span.call) => {
                // It slept until bytes came, then moved them.
                let edge = (to - 4.0).max(from);
                sleep(from, edge);
                solid(edge, to, role);
            }
            Slice::Solid(role) => solid(from, to, role),
        }
        done = Some(span.start + span.took);
    }
    let done = done.unwrap_or(start);
    match lane.doing {
        LaneDoing::Running => own_code(pen, x(done), rect.right(), rect),
        LaneDoing::InCall { call, since, .. } => {
            if done < since && !lane.spans.is_empty() {
                own_code(pen, x(done), x(since), rect);
            }
            let age = pen.now.saturating_sub(since);
            if call.is_readiness_wait() || age > Duration::from_millis(1) {
                sleep(x(since).min(rect.right() - ASLEEP), rect.right());
            } else {
                solid(x(since).min(rect.right() - 4.0), rect.right(), hue(call));
            }
        }
        LaneDoing::AtGate { since, .. } => {
            if done < since && !lane.spans.is_empty() {
                own_code(pen, x(done), x(since), rect);
            }
            let held = Rect::from_x_y_ranges(x(since).min(rect.right() - ASLEEP)..=rect.right(), rect.y_range());
            let edge = Stroke::new(1.5, colors.accent);
            let around = [held.left_top(), held.right_top(), held.right_bottom(), held.left_bottom(), held.left_top()];
            pen.painter.extend(eframe::egui::Shape::dashed_line(&around, edge, 4.0, 3.0));
        }
        LaneDoing::Gone => {}
    }
    let now = Stroke::new(1.5, colors.text_1);
    pen.painter.vline(rect.right(), (rect.top() - 4.0)..=(rect.bottom() + 4.0), now);
}

fn own_code(pen: &Pen<'_>, from: f32, to: f32, rect: Rect) {
    if to - from >= 0.75 {
        let bar = Rect::from_x_y_ranges(from..=to, rect.y_range());
        pen.painter.rect_filled(bar, radius::BAR, pen.theme.colors.running.mark);
    }
}
