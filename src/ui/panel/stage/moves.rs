//! Tokens that moved from place to place between two snapshots: into the accept queue, a slot forward, out through `accept`,
//! and up or down at the left. The facts never wait for it: a slot, a figure and what can be clicked are new at once.

use eframe::egui::{Pos2, Vec2};

use super::gather::{Waiter, Who};
use super::layout::Scene;
use crate::engine::{ConnState, Snapshot};
use crate::lab::EndpointId;
use crate::trace::ConnId;

/// A token is on its way this long.
const TRAVEL_S: f64 = 0.2;
/// With reduced motion a hollow ghost stays at the old place this long.
const GHOST_S: f64 = 1.0;
/// Tokens on their way at one time; the others are at their place at once.
const MOST: usize = 24;

/// A token from one snapshot to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// Left of the cards: a client, the folded ones, the outside programs of a server.
    Client(EndpointId),
    More,
    Strangers(EndpointId),
    /// A connection in a server's accept queue.
    Waiter(EndpointId, EndpointId, ConnId),
}

/// Where a token stood.
#[derive(Clone, Copy, Debug)]
struct Place {
    who: Token,
    at: Pos2,
    /// In a token of the queue.
    number: u32,
}

/// A token on its way, or a ghost.
#[derive(Clone, Copy, Debug)]
struct Move {
    who: Token,
    from: Pos2,
    to: Pos2,
    number: u32,
    start: f64,
    /// It is at its place already and left a ghost.
    ghost: bool,
    /// Nobody stands at `to` afterwards: it was accepted.
    leaves: bool,
}

impl Move {
    fn lasts(&self) -> f64 {
        if self.ghost { GHOST_S } else { TRAVEL_S }
    }

    fn now(&self, now_s: f64) -> Pos2 {
        let left = 1.0 - ((now_s - self.start) / TRAVEL_S).clamp(0.0, 1.0) as f32;
        self.to + (self.from - self.to) * (left * left * left)
    }
}

/// What must be the same for a change of place to be news of the network, not of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Frame {
    width: f32,
    scale: f32,
    first: Option<EndpointId>,
    unfolded: bool,
}

/// A token that stands nowhere in the scene.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    pub at: Pos2,
    pub number: u32,
    /// Hollow: where one stood a moment ago.
    pub ghost: bool,
    /// As large as those in the queue, not as those of clients.
    pub small: bool,
}

/// What was seen and what is on its way.
#[derive(Debug, Default)]
pub struct Moves {
    seq: u64,
    frame: Frame,
    places: Vec<Place>,
    under_way: Vec<Move>,
}

impl Moves {
    /// Takes a snapshot's scene at this time. `still`: everything is at its place at once.
    pub fn update(&mut self, scene: &Scene<'_>, snap: &Snapshot, scale: f32, unfolded: bool, now_s: f64, still: bool) {
        self.under_way.retain(|m| now_s < m.start + m.lasts() && m.ghost == still);
        let frame = Frame { width: scene.size.x, scale, first: scene.facts.servers.first().map(|s| s.doc.id), unfolded };
        let news = frame == self.frame && self.seq != 0 && snap.seq > self.seq;
        if frame != self.frame || snap.seq < self.seq {
            self.under_way.clear();
        }
        if frame == self.frame && snap.seq == self.seq {
            return;
        }
        (self.frame, self.seq) = (frame, snap.seq);
        let before = std::mem::replace(&mut self.places, places(scene));
        if news {
            self.compare(&before, scene, snap, now_s, still);
        }
    }

    fn compare(&mut self, before: &[Place], scene: &Scene<'_>, snap: &Snapshot, now_s: f64, still: bool) {
        let mut moved = Vec::new();
        for new in &self.places {
            let from = match before.iter().find(|p| p.who == new.who) {
                Some(old) => Some(self.at(old.who, old.at, now_s)),
                // Who was not there came along its line, to the queue's end.
                None => entry(scene, new.who),
            };
            if let Some(from) = from.filter(|from| from.distance(new.at) > 0.5) {
                moved.push(Move { who: new.who, from, to: new.at, number: new.number, start: now_s, ghost: still, leaves: false });
            }
        }
        for old in before.iter().filter(|old| !self.places.iter().any(|p| p.who == old.who)) {
            if let Some(to) = accepted(scene, snap, old.who) {
                let from = self.at(old.who, old.at, now_s);
                moved.push(Move { who: old.who, from, to, number: old.number, start: now_s, ghost: still, leaves: true });
            }
        }
        self.under_way.retain(|m| !moved.iter().any(|new| new.who == m.who));
        self.under_way.extend(moved.into_iter().take(MOST.saturating_sub(self.under_way.len())));
    }

    /// Where a token is seen now.
    fn at(&self, who: Token, place: Pos2, now_s: f64) -> Pos2 {
        self.under_way.iter().find(|m| m.who == who && !m.ghost && !m.leaves).map_or(place, |m| m.now(now_s))
    }

    /// Puts the tokens of a scene where they are seen now; their words and lines go with them.
    pub fn apply(&self, scene: &mut Scene<'_>, now_s: f64) {
        if self.under_way.is_empty() {
            return;
        }
        for n in 0..scene.tokens.len() {
            let Some(who) = scene.facts.clients.get(n).map(|c| token_of(c.who)) else { continue };
            let by = self.at(who, scene.tokens[n].center, now_s) - scene.tokens[n].center;
            if by != Vec2::ZERO {
                let token = &mut scene.tokens[n];
                (token.center, token.name, token.words) = (token.center + by, token.name.translate(by), token.words.translate(by));
                for (curve, _) in scene.curves.iter_mut().zip(&scene.facts.links).filter(|(_, link)| link.from == n) {
                    curve.from += by;
                }
            }
        }
        for (card, server) in scene.cards.iter_mut().zip(&scene.facts.servers) {
            let Some(queue) = &mut card.queue else { continue };
            for (at, waiter) in queue.tokens.iter_mut().zip(&server.waiting) {
                *at = self.at(slot(server.doc.id, waiter), *at, now_s);
            }
        }
    }

    /// Tokens that were accepted, and ghosts.
    pub fn extras(&self, now_s: f64) -> impl Iterator<Item = Extra> + '_ {
        self.under_way.iter().filter(|m| m.ghost || m.leaves).map(move |m| Extra {
            at: if m.ghost { m.from } else { m.now(now_s) },
            number: m.number,
            ghost: m.ghost,
            small: matches!(m.who, Token::Waiter(..)),
        })
    }

    /// Seconds until the picture must be painted again; `None` when nothing is on its way.
    pub fn next_frame(&self, now_s: f64) -> Option<f64> {
        let due = |m: &Move| if m.ghost { (m.start + GHOST_S - now_s).max(0.0) } else { 0.016 };
        self.under_way.iter().map(due).reduce(f64::min)
    }
}

fn token_of(who: Who<'_>) -> Token {
    match who {
        Who::Ours(client) => Token::Client(client.id),
        Who::More(_) => Token::More,
        Who::Outside(server, _) => Token::Strangers(server),
    }
}

fn slot(server: EndpointId, waiter: &Waiter) -> Token {
    Token::Waiter(server, waiter.client, waiter.conn)
}

fn places(scene: &Scene<'_>) -> Vec<Place> {
    let left = scene.tokens.iter().zip(&scene.facts.clients);
    let mut places: Vec<Place> = left.map(|(t, client)| Place { who: token_of(client.who), at: t.center, number: client.number }).collect();
    for (card, server) in scene.cards.iter().zip(&scene.facts.servers) {
        let at = card.queue.iter().flat_map(|q| &q.tokens);
        places.extend(at.zip(&server.waiting).map(|(at, w)| Place { who: slot(server.doc.id, w), at: *at, number: w.number }));
    }
    places
}

/// Where a token that was not seen before comes from: the tail of the queue. A client that was added is simply there.
fn entry(scene: &Scene<'_>, who: Token) -> Option<Pos2> {
    match who {
        Token::Client(_) | Token::More | Token::Strangers(_) => None,
        Token::Waiter(server, ..) => {
            let n = scene.facts.servers.iter().position(|s| s.doc.id == server)?;
            scene.cards.get(n)?.queue.as_ref().map(|q| q.bar.left_center())
        }
    }
}

/// Where a token went that stood in the queue and is connected still: through `accept`.
fn accepted(scene: &Scene<'_>, snap: &Snapshot, who: Token) -> Option<Pos2> {
    let Token::Waiter(server, client, conn) = who else { return None };
    let view = snap.session(client)?.connections.iter().find(|c| c.info.id == conn)?;
    let connected = match view.state {
        ConnState::Open | ConnState::PeerEnded | ConnState::LocalEnded => true,
        ConnState::Connecting | ConnState::Waiting | ConnState::Closed => false,
    };
    let n = scene.facts.servers.iter().position(|s| s.doc.id == server)?;
    let queue = scene.cards.get(n)?.queue.as_ref().filter(|_| connected)?;
    Some(queue.accept.left_center() + eframe::egui::vec2(26.0, 0.0))
}
