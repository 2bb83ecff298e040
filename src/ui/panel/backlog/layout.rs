//! Where everything in the theatre stands: a pure function of the facts and a size. It measures no text.
//!
//! The numbers are those of the mock-up at 1,067 × 413; a wider room makes the zones wider, a higher one the box.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

use super::gather::{Facts, Guest, Step};
use super::slots::{Slots, slots};
use crate::ui::widget::shapes::TokenLook;

/// The mock-up.
const WIDTH: f32 = 1_067.0;
const HEIGHT: f32 = 413.0;
/// The narrowest picture, and the one that is made larger rather than wider.
const MIN_WIDTH: f32 = 840.0;
const GOOD_WIDTH: f32 = 960.0;
/// The least scale, by width and by height.
const LEAST_WIDE: f32 = 0.73;
const LEAST_HIGH: f32 = 0.84;
const EDGE: f32 = 24.0;
/// Top of the boxes, and what stays free below.
const TOP: f32 = 138.0;
const BOTTOM: f32 = 29.0;
/// Height of a caller's row, of a compact one, radius of their tokens.
const ROW: f32 = 60.0;
const COMPACT: f32 = 30.0;
const CALLER: f32 = 21.0;
const SMALL: f32 = 13.0;
/// Served tokens that are shown.
const DONE: usize = 3;
/// Room of the words *SYN queue*, and half-open places that are drawn one by one.
const SYN: f32 = 92.0;
const HALF_OPEN: usize = 8;
/// Places drawn when nobody knows how many there are.
const UNKNOWN: usize = 4;

/// One client's circle.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    /// `None`: somebody in the queue whom only the kernel counts.
    pub guest: Option<Guest<'a>>,
    pub center: Pos2,
    pub r: f32,
    pub look: Look,
}

/// How a circle looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Token(TokenLook),
    /// Grey: served and gone.
    Done,
}

/// A row at the left.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub guest: Guest<'a>,
    pub rect: Rect,
    pub compact: bool,
}

/// A row that counts those without one.
#[derive(Clone, Copy, Debug)]
pub struct More {
    pub rect: Rect,
    pub count: usize,
    /// Of those who were turned away, not of callers.
    pub lost: bool,
}

/// The whole picture, in points at scale 1.
#[derive(Debug)]
pub struct Scene<'a> {
    pub facts: Facts<'a>,
    pub size: Vec2,
    pub sentence: Rect,
    pub details: Rect,
    /// The three zones' heads: title and line below.
    pub heads: [(Rect, Rect); 3],
    /// The column at the left.
    pub outside: Rect,
    pub rows: Vec<Row<'a>>,
    pub more: Vec<More>,
    pub kernel: Rect,
    pub slots: Slots,
    /// *last in → next out*.
    pub order: Rect,
    /// The SYN queue's row, and its places.
    pub syn: Rect,
    pub half_open: Vec<Rect>,
    pub claim: Rect,
    /// From the queue to `accept`.
    pub arrow: (Pos2, Pos2),
    pub server: Rect,
    /// Its three parts.
    pub gate: Rect,
    pub serving: Rect,
    pub done: Rect,
    /// All that move, in the order they are painted.
    pub tokens: Vec<Token<'a>>,
    /// Of `tokens`: these stand in `slots.alone`, from the front.
    pub queued: std::ops::Range<usize>,
    /// Being served, beyond the tokens shown.
    pub serving_more: usize,
}

/// The scale at which a room of this size is filled, and the picture's size then. It depends on the room alone: a client
/// more or less does not make the picture breathe.
pub fn fit(room: Vec2) -> (f32, Vec2) {
    let wide = if room.x >= GOOD_WIDTH { room.x / GOOD_WIDTH } else { (room.x / MIN_WIDTH).min(1.0) };
    // In a low room words would meet; in a narrow one, beside a lesson, they are cut to their places.
    let scale = wide.clamp(LEAST_WIDE, 2.6).min((room.y / HEIGHT).max(LEAST_HIGH));
    (scale, vec2((room.x / scale).max(MIN_WIDTH), (room.y / scale).max(HEIGHT)))
}

/// Gives everything its place.
pub fn place(facts: Facts<'_>, size: Vec2) -> Scene<'_> {
    let narrow = ((size.x - MIN_WIDTH) / (WIDTH - MIN_WIDTH)).clamp(0.0, 1.0);
    let extra = (size.x - WIDTH).max(0.0);
    let outside_width = 236.0 + 50.0 * narrow + extra * 0.25;
    let server_width = 206.0 + 25.0 * narrow + extra * 0.12;
    let gap = 40.0 + 6.0 * narrow;
    let height = size.y - TOP - BOTTOM;
    let outside = Rect::from_min_size(pos2(EDGE, TOP), vec2(outside_width, height));
    let server = Rect::from_min_max(pos2(size.x - EDGE - server_width, TOP), pos2(size.x - EDGE, TOP + height));
    let kernel = Rect::from_min_max(pos2(outside.right() + 10.0, TOP), pos2(server.left() - gap, TOP + height));
    let inner = kernel.shrink2(vec2(16.0, 0.0));
    let head = |left: f32, right: f32| {
        let line = |y: f32, h: f32| Rect::from_min_max(pos2(left, y - h / 2.0), pos2(right, y + h / 2.0));
        (line(99.0, 20.0), line(118.5, 18.0))
    };
    let at = |up: f32, h: f32| Rect::from_center_size(pos2(inner.center().x, kernel.bottom() - up), vec2(inner.width(), h));
    let known = facts.places.map(|p| p as usize);
    let count = known.unwrap_or_else(|| (facts.queue.value as usize + 1).max(UNKNOWN));
    let slots = slots(count, Rect::from_min_max(pos2(inner.left(), TOP + 20.0), pos2(inner.right(), kernel.bottom() - 108.0)));
    let across = slots.alone.first().map_or(TOP + 79.0, |r| r.center().y);
    let pad = server.shrink2(vec2(16.0, 0.0));
    let (gate, below) = pad.split_top_bottom_at_y(TOP + 104.0);
    let (serving, done) = below.split_top_bottom_at_y(server.bottom() - 64.0);
    let mut scene = Scene {
        size,
        sentence: Rect::from_min_max(pos2(EDGE, 15.0), pos2(size.x - EDGE, 45.0)),
        details: Rect::from_min_max(pos2(EDGE, 48.0), pos2(size.x - EDGE, 84.0)),
        heads: [head(EDGE, outside.right()), head(inner.left(), server.left() - 12.0), head(server.left() - 6.0, size.x - EDGE)],
        rows: Vec::new(),
        more: Vec::new(),
        order: at(88.0, 18.0),
        syn: at(48.0, 22.0),
        half_open: Vec::new(),
        claim: at(19.0, 18.0),
        arrow: (pos2(kernel.right() + 2.0, across), pos2(server.left() - 3.0, across)),
        tokens: Vec::new(),
        queued: 0..0,
        serving_more: 0,
        outside,
        kernel,
        slots,
        server,
        gate,
        serving,
        done,
        facts,
    };
    place_outside(&mut scene);
    place_queue(&mut scene);
    place_served(&mut scene);
    scene
}

/// Large rows while they fit, then compact ones, then counts.
fn place_outside(scene: &mut Scene<'_>) {
    let (facts, area) = (&scene.facts, scene.outside);
    let (callers, lost) = (facts.calling.len(), facts.lost.len());
    let large = ((area.height() - 54.0) / ROW).floor() as usize + 1;
    let small = (area.height() / COMPACT).floor() as usize;
    let compact = callers + lost > large;
    let room = if compact { small } else { large };
    let mut shown = (callers, lost);
    if callers + lost > room {
        // A line for each count; those who were turned away take at most a third.
        let mut least = lost.min(room / 3);
        shown.0 = callers.min(room - least);
        if shown.0 < callers {
            shown.0 -= 1;
        }
        least = room - shown.0 - usize::from(shown.0 < callers);
        shown.1 = if lost > least { least.saturating_sub(1) } else { lost };
    }
    let height = if compact { COMPACT } else { ROW };
    let mut top = area.top() + if compact { 0.0 } else { -6.0 };
    let mut line = || {
        top += height;
        Rect::from_min_size(pos2(area.left(), top - height), vec2(area.width(), height))
    };
    let mut rows = Vec::with_capacity(room);
    let mut more = Vec::new();
    for guest in &facts.calling[..shown.0] {
        rows.push(Row { guest: *guest, rect: line(), compact });
    }
    if shown.0 < callers {
        more.push(More { rect: line(), count: callers - shown.0, lost: false });
    }
    for guest in &facts.lost[..shown.1] {
        rows.push(Row { guest: *guest, rect: line(), compact });
    }
    if shown.1 < lost {
        more.push(More { rect: line(), count: lost - shown.1, lost: true });
    }
    for row in &rows {
        let look = if row.guest.step == Step::Calling { TokenLook::Hollow } else { TokenLook::Failed };
        let r = if compact { SMALL } else { CALLER };
        let center = pos2(area.left() + if compact { 14.0 } else { 26.0 }, row.rect.center().y);
        scene.tokens.push(Token { guest: Some(row.guest), center, r, look: Look::Token(look) });
    }
    (scene.rows, scene.more) = (rows, more);
}

/// Into the places of the accept queue, and of the SYN queue.
fn place_queue(scene: &mut Scene<'_>) {
    let facts = &scene.facts;
    let shown = facts.queued.len() + facts.strangers;
    let start = scene.tokens.len();
    for (n, slot) in scene.slots.alone.iter().enumerate().take(shown) {
        let (center, r) = token_in(*slot, scene.slots.large);
        let guest = facts.queued.get(n).copied();
        let look = if guest.is_some() { TokenLook::Filled } else { TokenLook::Outside };
        scene.tokens.push(Token { guest, center, r, look: Look::Token(look) });
    }
    scene.queued = start..scene.tokens.len();
    let places = facts.places.unwrap_or(UNKNOWN as u32).max(facts.half_open.len() as u32) as usize;
    let fits = ((scene.syn.width() - SYN - 140.0) / 24.0).floor().max(1.0) as usize;
    if !facts.unix() && places <= HALF_OPEN.min(fits) {
        let left = scene.syn.left() + SYN;
        let place = |n: usize| Rect::from_center_size(pos2(left + 10.0 + n as f32 * 24.0, scene.syn.center().y), Vec2::splat(20.0));
        scene.half_open = (0..places).map(place).collect();
    }
    for (rect, guest) in scene.half_open.iter().zip(&facts.half_open) {
        let look = Look::Token(TokenLook::Hollow);
        scene.tokens.push(Token { guest: Some(*guest), center: rect.center(), r: 8.0, look });
    }
}

/// The middle of a place's token, and its radius.
fn token_in(slot: Rect, large: bool) -> (Pos2, f32) {
    if large {
        let r = (27.0 * (slot.height() / 118.0).clamp(0.9, 1.5)).min(slot.width() * 0.36);
        return (pos2(slot.center().x, slot.top() + slot.height() * 0.373), r);
    }
    let r = (slot.width() * 0.36).min(slot.height() * 0.29);
    (pos2(slot.center().x, slot.top() + slot.height() * 0.36), r)
}

/// At the server: who is served, and who was.
fn place_served(scene: &mut Scene<'_>) {
    let facts = &scene.facts;
    let look = |guest: &Guest<'_>| Look::Token(if guest.number.is_some() { TokenLook::Filled } else { TokenLook::Outside });
    let middle = scene.serving;
    if let [only] = &facts.serving[..] {
        let center = pos2(middle.left() + 27.0, middle.center().y);
        scene.tokens.push(Token { guest: Some(*only), center, r: 24.0, look: look(only) });
    } else {
        let fits = ((middle.width() + 4.0) / 33.0).floor() as usize;
        let shown = if facts.serving.len() > fits { fits.saturating_sub(1) } else { facts.serving.len() };
        for (n, guest) in facts.serving.iter().take(shown).enumerate() {
            let center = pos2(middle.left() + 15.0 + n as f32 * 33.0, middle.center().y + 12.0);
            scene.tokens.push(Token { guest: Some(*guest), center, r: 14.0, look: look(guest) });
        }
        scene.serving_more = facts.serving.len() - shown;
    }
    let latest = facts.done.len().saturating_sub(DONE);
    for (n, guest) in facts.done[latest..].iter().enumerate() {
        let center = pos2(scene.done.left() + 14.0 + n as f32 * 30.0, scene.done.center().y);
        scene.tokens.push(Token { guest: Some(*guest), center, r: 12.0, look: Look::Done });
    }
}
