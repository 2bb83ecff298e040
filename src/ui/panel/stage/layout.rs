//! Where everything on the Stage stands: a pure function of the facts and a width. It measures no text: words get a
//! rectangle and are cut to it.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

use super::card_place::{HALF, compact_card, compact_height, large_card};
use super::gather::{End, Facts, Link, gather};
use super::token_place::place_tokens;
use crate::engine::Snapshot;
use crate::lab::Lab;
use crate::ui::Selection;

/// The narrowest picture; a narrower panel scrolls.
pub const MIN_WIDTH: f32 = 600.0;
/// Radius of a client's token.
pub const TOKEN: f32 = 17.0;
pub const EDGE: f32 = 12.0;
const GAP: f32 = 10.0;
/// Between a client's words and the cards: here the lines bend.
pub const BEND: f32 = 72.0;
/// Side of a place in the accept queue.
pub const SLOT: f32 = 26.0;

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
        let height = [Some(n), beside].into_iter().flatten().map(|n| compact_height(&facts.servers[n])).fold(0.0, f32::max);
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

/// The place where a line ends.
pub fn end_of(link: &Link, scene: &Scene<'_>) -> Pos2 {
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
