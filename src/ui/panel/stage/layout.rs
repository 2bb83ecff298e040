//! Where everything on the Stage stands: a pure function of the facts and a width. It measures no text: words get a
//! rectangle and are cut to it.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

use super::gather::{End, Facts, LANES, Link, ServerFacts, gather};
use crate::engine::Snapshot;
use crate::lab::Lab;
use crate::ui::Selection;

/// The narrowest picture; a narrower panel scrolls.
pub const MIN_WIDTH: f32 = 600.0;
/// Radius of a client's token.
pub const TOKEN: f32 = 17.0;
const EDGE: f32 = 12.0;
const GAP: f32 = 10.0;
const TOKEN_X: f32 = 40.0;
/// A token's words reach this far above and below its centre.
const TOKEN_HALF: f32 = 24.0;
/// Least distance between two tokens: two lines of words fit.
const TOKEN_STEP: f32 = 2.0 * TOKEN_HALF;
/// Between a client's words and the cards: here the lines bend.
const BEND: f32 = 72.0;
const PAD: f32 = 14.0;
const HEADER: f32 = 40.0;
const QUEUE: f32 = 36.0;
/// Side of a place in the accept queue.
pub const SLOT: f32 = 26.0;
const HEADS: f32 = 21.0;
const ROW: f32 = 30.0;
const LANE: f32 = 42.0;
const COMPACT: f32 = 72.0;
/// A failure with its way out needs up to four lines.
const COMPACT_FAILED: f32 = 112.0;
/// What a compact card keeps for a call: `epoll_wait(15)`.
const NOW: f32 = 118.0;
/// The narrowest of two compact cards side by side: a folded descriptor and a call fit.
const HALF: f32 = 2.0 * PAD + 92.0 + 8.0 + NOW;
const MAX_SLOTS: usize = 16;

/// The whole picture, in points at scale 1.
#[derive(Debug, Default)]
pub struct Scene<'a> {
    pub facts: Facts<'a>,
    pub size: Vec2,
    /// As many as `facts.servers`.
    pub cards: Vec<Card>,
    /// As many as `facts.clients`.
    pub tokens: Vec<Token>,
    /// As many as `facts.outside`.
    pub outside: Vec<Rect>,
    /// As many as `facts.links`.
    pub curves: Vec<Curve>,
}

/// A server's card.
#[derive(Debug)]
pub struct Card {
    pub rect: Rect,
    pub large: bool,
    pub header: Rect,
    pub queue: Option<Queue>,
    /// Heads of the columns.
    pub heads: Option<Rect>,
    pub rows: Vec<RowPlace>,
    pub lanes: Vec<LanePlace>,
    /// "and 296 more …".
    pub more_lanes: Option<Rect>,
    /// A hint or a failure.
    pub note: Option<Rect>,
}

/// The accept queue: its front is at the right.
#[derive(Debug)]
pub struct Queue {
    /// Places, front last; empty when there are too many to draw: then the bar.
    pub places: Vec<Rect>,
    pub bar: Rect,
    /// Centres of the tokens that stand in it, front first.
    pub tokens: Vec<Pos2>,
    /// Arrow and `accept`.
    pub accept: Rect,
    /// "1 of 9 waiting".
    pub words: Rect,
}

#[derive(Debug)]
pub struct RowPlace {
    pub rect: Rect,
    pub chip: Rect,
    pub receive: Rect,
    pub send: Rect,
    pub words: Rect,
}

#[derive(Debug)]
pub struct LanePlace {
    pub name: Rect,
    pub strip: Rect,
    pub now: Rect,
}

/// A client's token and its two lines of words.
#[derive(Debug)]
pub struct Token {
    pub center: Pos2,
    pub name: Rect,
    pub words: Rect,
}

impl Token {
    /// Everything that belongs to it.
    pub fn rect(&self) -> Rect {
        Rect::from_center_size(self.center, Vec2::splat(2.0 * TOKEN + 4.0)).union(self.name).union(self.words)
    }
}

/// A line: straight past the words, then one bend.
#[derive(Clone, Copy, Debug)]
pub struct Curve {
    pub from: Pos2,
    pub bend: f32,
    pub to: Pos2,
}

impl Curve {
    /// The point at this part (0 to 1) of the way.
    pub fn at(&self, t: f32) -> Pos2 {
        let straight = self.bend - self.from.x;
        let whole = self.to.x - self.from.x;
        let x = t * whole;
        if x <= straight || whole <= straight {
            return pos2(self.from.x + x, self.from.y);
        }
        // A smooth step: level at both ends.
        let u = (x - straight) / (whole - straight);
        let y = u * u * u * (u * (u * 6.0 - 15.0) + 10.0);
        pos2(self.from.x + x, self.from.y + (self.to.y - self.from.y) * y)
    }

    /// Points to draw it through.
    pub fn points(&self) -> impl Iterator<Item = Pos2> + '_ {
        // One flat piece dashes evenly; many short ones do not.
        let pieces = if (self.to.y - self.from.y).abs() < 1.0 { 1 } else { 24 };
        let start = (self.bend - self.from.x) / (self.to.x - self.from.x).max(1.0);
        let first = if pieces == 1 { 1 } else { 0 };
        std::iter::once(self.from).chain((first..=pieces).map(move |n| self.at(start + (1.0 - start) * n as f32 / pieces as f32)))
    }
}

/// The picture of a moment at this width.
pub fn layout<'a>(snap: &'a Snapshot, lab: &'a Lab, selection: Selection, width: f32, all_clients: bool) -> Scene<'a> {
    place(gather(snap, lab, selection, all_clients), width)
}

/// Gives everything its place.
pub fn place(facts: Facts<'_>, width: f32) -> Scene<'_> {
    let width = width.max(MIN_WIDTH);
    let left = if facts.clients.is_empty() && facts.outside.is_empty() { EDGE } else { (width * 0.345).clamp(236.0, 316.0) };
    let mut scene = Scene { size: vec2(width, 0.0), ..Scene::default() };
    let bottom = place_cards(&mut scene, &facts, left);
    let tokens = place_tokens(&facts, &scene, left, bottom);
    scene.tokens = tokens;
    scene.curves = facts.links.iter().map(|link| curve(link, &scene, left)).collect();
    spread_ends(&mut scene, &facts.links);
    let last = scene.tokens.iter().map(|t| t.rect().bottom()).fold(bottom, f32::max);
    scene.size.y = last + EDGE;
    scene.facts = facts;
    scene
}

/// Large card, then compact ones: those with clients keep the left edge free for their lines. Answers the lowest edge.
fn place_cards(scene: &mut Scene<'_>, facts: &Facts<'_>, left: f32) -> f32 {
    let room = scene.size.x - left - EDGE;
    let half = ((room - GAP) / 2.0).floor();
    let two = half >= HALF;
    let joined = |n: usize| {
        facts.links.iter().any(|l| match l.to {
            End::Row(s, _) | End::Queue(s) | End::Server(s) => s == n,
            End::Outside(_) => false,
        })
    };
    let mut y = EDGE;
    let mut rects = vec![Rect::NOTHING; facts.servers.len()];
    if let Some(first) = facts.servers.first() {
        let card = large_card(first, pos2(left, y), room);
        rects[0] = card.rect;
        y = card.rect.bottom() + GAP;
        scene.cards.push(card);
    }
    let (with, without): (Vec<usize>, Vec<usize>) = (1..facts.servers.len()).partition(|&n| joined(n));
    let mut free = without.into_iter();
    // Each row holds a card with clients or a free one, and a free one beside it when there is room.
    let mut rows: Vec<(usize, Option<usize>)> = with.into_iter().map(|n| (n, two.then(|| free.next()).flatten())).collect();
    while let Some(n) = free.next() {
        rows.push((n, two.then(|| free.next()).flatten()));
    }
    for (n, beside) in rows {
        let height = [Some(n), beside].into_iter().flatten().map(|n| compact_height(&facts.servers[n])).fold(COMPACT, f32::max);
        rects[n] = Rect::from_min_size(pos2(left, y), vec2(if two { half } else { room }, height));
        if let Some(other) = beside {
            rects[other] = Rect::from_min_size(pos2(left + half + GAP, y), vec2(half, height));
        }
        y += height + GAP;
    }
    for (server, rect) in facts.servers.iter().zip(&rects).skip(1) {
        scene.cards.push(compact_card(server, *rect));
    }
    for _ in &facts.outside {
        scene.outside.push(Rect::from_min_size(pos2(left, y), vec2(if two { half } else { room }, 56.0)));
        y += 56.0 + GAP;
    }
    y - GAP
}

fn large_card(server: &ServerFacts<'_>, at: Pos2, width: f32) -> Card {
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
        let words = (inner * 0.27).clamp(112.0, 220.0);
        // "fd 1024–1063" is seldom; "fd 84–131" is what a load looks like.
        let chip = 92.0_f32.min(inner * 0.2).max(82.0);
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

fn compact_height(server: &ServerFacts<'_>) -> f32 {
    if !server.running() && server.failure().is_some() { COMPACT_FAILED } else { COMPACT }
}

fn compact_card(server: &ServerFacts<'_>, rect: Rect) -> Card {
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
        let wide = if row.fds.0 == row.fds.1 { 66.0 } else { 92.0 };
        let chip = Rect::from_min_size(pos2(x, line.center().y - 13.0), vec2(wide, 26.0));
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

/// The place where a line ends.
fn end_of(link: &Link, scene: &Scene<'_>) -> Pos2 {
    let card = |n: usize| scene.cards.get(n);
    let fallback = |n: usize| card(n).map_or(Pos2::ZERO, |c| pos2(c.rect.left(), c.header.center().y));
    match link.to {
        End::Row(s, r) => card(s).and_then(|c| c.rows.get(r)).map_or_else(|| fallback(s), |row| row.chip.left_center()),
        End::Queue(s) => match card(s).and_then(|c| c.queue.as_ref()) {
            Some(queue) => queue.bar.left_center() - vec2(6.0, 0.0),
            None => fallback(s),
        },
        End::Server(s) => fallback(s),
        End::Outside(n) => scene.outside.get(n).map_or(Pos2::ZERO, |r| r.left_center()),
    }
}

/// Tokens stand as near as they can to where their lines end, in that order, never on each other and not below the cards
/// while there is room above.
fn place_tokens(facts: &Facts<'_>, scene: &Scene<'_>, left: f32, bottom: f32) -> Vec<Token> {
    let mut wish: Vec<(usize, f32)> = (0..facts.clients.len())
        .map(|n| {
            let ends = facts.links.iter().filter(|l| l.from == n).map(|l| end_of(l, scene).y);
            let (sum, count) = ends.fold((0.0, 0), |(s, c), y| (s + y, c + 1));
            (n, if count > 0 { sum / count as f32 } else { f32::INFINITY })
        })
        .collect();
    wish.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let wanted: Vec<f32> = wish.iter().map(|w| w.1).collect();
    let ys = spaced(&wanted, EDGE + TOKEN_HALF, bottom - TOKEN_HALF);
    let mut tokens: Vec<Token> =
        (0..facts.clients.len()).map(|_| Token { center: Pos2::ZERO, name: Rect::ZERO, words: Rect::ZERO }).collect();
    let text_x = TOKEN_X + TOKEN + 12.0;
    let text_w = (left - BEND - text_x).max(40.0) + 20.0;
    for ((n, _), y) in wish.iter().zip(ys) {
        tokens[*n] = Token {
            center: pos2(TOKEN_X, y),
            name: Rect::from_min_size(pos2(text_x, y - 23.0), vec2(text_w, 19.0)),
            words: Rect::from_min_size(pos2(text_x, y + 5.0), vec2(text_w, 18.0)),
        };
    }
    tokens
}

/// Places at least [`TOKEN_STEP`] apart, in this order, that are as near to the wishes as that allows (pool adjacent
/// violators); infinite wishes come right after the others. Between `top` and `bottom` if they fit there.
fn spaced(wishes: &[f32], top: f32, bottom: f32) -> Vec<f32> {
    // Pools of tokens that touch: the sum of what each wants of the pool's first, and how many they are.
    let mut pools: Vec<(f32, usize)> = Vec::new();
    for want in wishes.iter().filter(|w| w.is_finite()) {
        pools.push((*want, 1));
        while let [.., above, last] = pools.as_slice() {
            let (first_above, first_last) = (above.0 / above.1 as f32, last.0 / last.1 as f32);
            if first_above + TOKEN_STEP * above.1 as f32 <= first_last {
                break;
            }
            let moved = last.0 - TOKEN_STEP * (above.1 * last.1) as f32;
            let pool = (above.0 + moved, above.1 + last.1);
            pools.truncate(pools.len() - 2);
            pools.push(pool);
        }
    }
    let mut ys: Vec<f32> =
        pools.iter().flat_map(|(sum, count)| (0..*count).map(move |n| sum / *count as f32 + TOKEN_STEP * n as f32)).collect();
    while ys.len() < wishes.len() {
        ys.push(ys.last().map_or(top, |y| y + TOKEN_STEP));
    }
    let count = ys.len();
    for (n, y) in ys.iter_mut().enumerate() {
        let lowest = bottom - TOKEN_STEP * (count - 1 - n) as f32;
        *y = y.min(lowest).max(top + TOKEN_STEP * n as f32);
    }
    ys
}

fn curve(link: &Link, scene: &Scene<'_>, left: f32) -> Curve {
    let from = scene.tokens.get(link.from).map_or(Pos2::ZERO, |t| t.center + vec2(TOKEN + 1.0, 0.0));
    Curve { from, bend: left - BEND + 24.0, to: end_of(link, scene) }
}

/// Several lines to one place end a few points apart, in the order of their tokens.
fn spread_ends(scene: &mut Scene<'_>, links: &[Link]) {
    for n in 0..links.len() {
        let same: Vec<usize> = (0..links.len()).filter(|&k| links[k].to == links[n].to).collect();
        if same.len() < 2 || same[0] != n {
            continue;
        }
        let mut order = same;
        order.sort_by(|a, b| scene.curves[*a].from.y.total_cmp(&scene.curves[*b].from.y));
        let step = (18.0 / (order.len() - 1) as f32).min(5.0);
        let first = -step * (order.len() - 1) as f32 / 2.0;
        for (k, curve) in order.into_iter().enumerate() {
            scene.curves[curve].to.y += first + step * k as f32;
        }
    }
}
