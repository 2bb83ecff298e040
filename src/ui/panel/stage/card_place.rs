//! Where everything in one server's card stands: header, accept queue, rows of descriptors, lanes. Pure; it measures no text.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

use super::gather::{LANES, Row, ServerFacts};
use super::layout::{Card, LanePlace, Queue, RowPlace, SLOT};
use super::words;

const PAD: f32 = 14.0;
const HEADER: f32 = 40.0;
const QUEUE: f32 = 36.0;
const HEADS: f32 = 21.0;
const ROW: f32 = 30.0;
const LANE: f32 = 42.0;
const COMPACT: f32 = 72.0;
/// A failure with its way out needs up to four lines.
const COMPACT_FAILED: f32 = 112.0;
/// What a compact card keeps for a call: `epoll_wait(15)`.
const NOW: f32 = 118.0;
/// A character of JetBrains Mono at 13 points: 0.6 em.
const GLYPH: f32 = 7.8;
/// The narrowest of two compact cards side by side: a folded descriptor and a call fit.
pub const HALF: f32 = 2.0 * PAD + 92.0 + 8.0 + NOW;
const MAX_SLOTS: usize = 16;

/// The card of the server that is studied.
pub fn large_card(server: &ServerFacts<'_>, at: Pos2, width: f32) -> Card {
    let inner = width - 2.0 * PAD;
    let x = at.x + PAD;
    let strip = |y: f32, h: f32| Rect::from_min_size(pos2(x, y), vec2(inner, h));
    let header = strip(at.y + 2.0, HEADER - 4.0);
    let mut y = at.y + HEADER;
    let mut card = Card {
        rect: Rect::ZERO,
        large: true,
        header,
        queue: None,
        heads: None,
        rows: Vec::new(),
        lanes: Vec::new(),
        more_lanes: None,
        note: None,
    };
    if !server.running() {
        // A failure's words need up to three lines.
        let height = if server.failure().is_some() { 62.0 } else { 28.0 };
        card.note = Some(strip(y, height));
        card.rect = Rect::from_min_size(at, vec2(width, HEADER + height + PAD));
        return card;
    }
    if server.doc.transport.is_stream() {
        let queue = queue_place(server, pos2(x, y), inner);
        y = queue.words.bottom().max(queue.bar.bottom()).max(queue.accept.bottom()) + 4.0;
        card.queue = Some(queue);
    }
    if server.rows.is_empty() {
        card.note = Some(strip(y, ROW));
        y += ROW + 4.0;
    } else {
        card.heads = Some(strip(y, HEADS - 4.0));
        y += HEADS;
        // "15,000 connections" is the most that is said of a crowd.
        let is_crowd = server.rows.iter().any(|row| row.count >= 10_000);
        let words = (inner * 0.27).clamp(if is_crowd { 130.0 } else { 112.0 }, 220.0);
        let chip = server.rows.iter().map(chip_width).fold(92.0_f32.min(inner * 0.2).max(82.0), f32::max);
        let tank = (inner - chip - words - 3.0 * 14.0) / 2.0;
        for _ in &server.rows {
            let mid = y + ROW / 2.0;
            let cell = |from: f32, w: f32, h: f32| Rect::from_min_size(pos2(x + from, mid - h / 2.0), vec2(w, h));
            card.rows.push(RowPlace {
                rect: Rect::from_min_size(pos2(at.x + 6.0, y), vec2(width - 12.0, ROW - 1.0)),
                chip: cell(0.0, chip, 23.0),
                receive: cell(chip + 14.0, tank, 17.0),
                send: cell(chip + tank + 28.0, tank, 17.0),
                words: cell(chip + 2.0 * tank + 42.0, words, 20.0),
            });
            y += ROW;
        }
    }
    y += 5.0;
    let lanes = server.session.map_or(0, |s| s.lanes.len()).min(LANES);
    let name = (inner * 0.18).clamp(94.0, 110.0);
    let now = (inner * 0.3).clamp(128.0, 200.0);
    for _ in 0..lanes {
        y += 4.0;
        card.lanes.push(LanePlace {
            name: Rect::from_min_size(pos2(x, y), vec2(name - 8.0, LANE - 4.0)),
            strip: Rect::from_min_size(pos2(x + name, y + 5.0), vec2(inner - name - now - 10.0, 28.0)),
            now: Rect::from_min_size(pos2(x + inner - now, y), vec2(now, LANE - 4.0)),
        });
        y += LANE - 4.0;
    }
    if !server.more_lanes.is_empty() {
        card.more_lanes = Some(strip(y + 2.0, 20.0));
        y += 22.0;
    }
    card.rect = Rect::from_min_max(at, pos2(at.x + width, y + 6.0));
    card
}

fn queue_place(server: &ServerFacts<'_>, at: Pos2, inner: f32) -> Queue {
    const ACCEPT: f32 = 106.0;
    const WORDS: f32 = 150.0;
    let count = capacity(server).map_or(usize::MAX, |n| n as usize);
    let mid = at.y + QUEUE / 2.0 - 3.0;
    let one_line = inner - ACCEPT - WORDS;
    let pitch = |room: f32| if count <= MAX_SLOTS { ((room + 4.0) / count as f32).min(SLOT + 4.0) } else { SLOT + 4.0 };
    // When places would get too narrow beside the words, the words get a line of their own.
    let (room, below) = if pitch(one_line) >= 21.0 { (one_line, false) } else { (inner - ACCEPT, true) };
    let pitch = pitch(room);
    let side = pitch - 4.0;
    let mut places = Vec::new();
    if count <= MAX_SLOTS {
        places.extend((0..count).map(|n| Rect::from_min_size(pos2(at.x + n as f32 * pitch, mid - side / 2.0), Vec2::splat(side))));
    }
    let end = if places.is_empty() { at.x + room - 8.0 } else { at.x + count as f32 * pitch - 4.0 };
    let bar = Rect::from_min_max(pos2(at.x, mid - SLOT / 2.0), pos2(end, mid + SLOT / 2.0));
    let accept = Rect::from_min_max(pos2(end + 8.0, mid - 10.0), pos2(end + 8.0 + ACCEPT - 12.0, mid + 10.0));
    let words = if below {
        Rect::from_min_size(pos2(at.x, mid + SLOT / 2.0 + 4.0), vec2(inner, 20.0))
    } else {
        Rect::from_min_max(pos2(accept.right() + 4.0, mid - 10.0), pos2(at.x + inner, mid + 10.0))
    };
    let tokens = places.iter().rev().take(server.waiting.len()).map(|place| place.center()).collect();
    Queue { places, bar, tokens, accept, words }
}

/// Places in the accept queue: `listen(n)` holds n + 1 (Linux); `None` where the limit is not told.
pub fn capacity(server: &ServerFacts<'_>) -> Option<u32> {
    server.session.and_then(|s| s.queue).and_then(|q| q.limit).map(|n| n.saturating_add(1))
}

/// What a row's descriptors need: "fd 7", "fd 84–131" for a load, "fd 22–15021" for a crowd.
fn chip_width(row: &Row) -> f32 {
    let least = if row.fds.0 == row.fds.1 { 66.0 } else { 92.0 };
    (words::fd(row).chars().count() as f32 * GLYPH + 16.0).max(least)
}

/// How high a compact card is.
pub fn compact_height(server: &ServerFacts<'_>) -> f32 {
    if !server.running() && server.failure().is_some() { COMPACT_FAILED } else { COMPACT }
}

/// The card of another server.
pub fn compact_card(server: &ServerFacts<'_>, rect: Rect) -> Card {
    let x = rect.left() + PAD;
    let inner = rect.width() - 2.0 * PAD;
    let header = Rect::from_min_size(pos2(x, rect.top() + 3.0), vec2(inner, 28.0));
    let line = Rect::from_min_size(pos2(x, rect.top() + 31.0), vec2(inner, rect.height() - 35.0));
    let mut card =
        Card { rect, large: false, header, queue: None, heads: None, rows: Vec::new(), lanes: Vec::new(), more_lanes: None, note: None };
    if !server.running() {
        card.note = Some(line);
        return card;
    }
    let line = line.with_max_y(line.top() + COMPACT - 35.0);
    let mut from = x;
    if let Some(row) = server.rows.first() {
        let chip = Rect::from_min_size(pos2(x, line.center().y - 13.0), vec2(chip_width(row), 26.0));
        let none = Rect::from_min_size(chip.right_center(), Vec2::ZERO);
        card.rows.push(RowPlace { rect: chip, chip, receive: none, send: none, words: none });
        from = chip.right() + 8.0;
    }
    let room = x + inner - from;
    // The call comes first: a strip too narrow to show a shape is left out.
    let wide = Some((room - 8.0 - NOW).min(80.0)).filter(|w| *w >= 24.0);
    let strip = Rect::from_min_size(pos2(from, line.center().y - 13.0), wide.map_or(Vec2::ZERO, |w| vec2(w, 26.0)));
    let now = Rect::from_min_max(pos2(if wide.is_some() { strip.right() + 8.0 } else { from }, line.top()), pos2(x + inner, line.bottom()));
    card.lanes.push(LanePlace { name: Rect::from_min_size(strip.min, Vec2::ZERO), strip, now });
    card
}
