//! Tokens on their way along the road: from outside into the queue, a place forward, through `accept`, out of sight. The facts
//! never wait for it: figures, names and what can be clicked are new at once, the circle follows in 200 ms.

use std::collections::HashMap;

use eframe::egui::Pos2;

use super::gather::Step;
use super::layout::{Scene, Token};
use crate::lab::EndpointId;
use crate::trace::ConnId;

/// A token is on its way this long.
const TRAVEL_S: f64 = 0.2;
/// When more than so many leave the queue in that time, those in it are at their place at once.
const MOST_PASSING: f64 = 2.0;
/// With reduced motion a hollow ghost stays at the old place this long.
const GHOST_S: f64 = 1.0;
/// Tokens on their way at one time; the others are at their place at once.
const MOST: usize = 24;

/// Where a token stood, and how large.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    at: Pos2,
    r: f32,
}

/// A token on its way, or the ghost it left.
#[derive(Clone, Copy, Debug)]
struct Move {
    who: ConnId,
    from: Place,
    start: f64,
    ghost: bool,
}

/// What must be the same for a change of place to be news of the network, not of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Frame {
    server: Option<(EndpointId, u32)>,
    size: eframe::egui::Vec2,
    scale: f32,
}

/// What was seen and what is on its way.
#[derive(Debug, Default)]
pub struct Moves {
    seq: u64,
    frame: Frame,
    places: HashMap<ConnId, Place>,
    under_way: Vec<Move>,
}

impl Moves {
    /// Takes a snapshot's scene at this time. `still`: everything is at its place at once.
    pub fn update(&mut self, scene: &Scene<'_>, seq: u64, scale: f32, now_s: f64, still: bool) {
        let lasts = if still { GHOST_S } else { TRAVEL_S };
        self.under_way.retain(|m| now_s < m.start + lasts && m.ghost == still);
        let server = Some((scene.facts.doc.id, scene.facts.session.map_or(0, |s| s.generation)));
        let frame = Frame { server, size: scene.size, scale };
        if frame == self.frame && seq == self.seq {
            return;
        }
        let news = frame == self.frame && self.seq != 0 && seq > self.seq;
        if !news {
            self.under_way.clear();
        }
        (self.frame, self.seq) = (frame, seq);
        let places: HashMap<ConnId, Place> =
            scene.tokens.iter().filter_map(|t| Some((t.guest?.view.info.id, Place { at: t.center, r: t.r }))).collect();
        let before = std::mem::replace(&mut self.places, places);
        if news {
            for token in &scene.tokens {
                self.start(token, scene, &before, now_s, still);
            }
        }
    }

    fn start(&mut self, token: &Token<'_>, scene: &Scene<'_>, before: &HashMap<ConnId, Place>, now_s: f64, still: bool) {
        let Some(guest) = token.guest else { return };
        let who = guest.view.info.id;
        let passing = scene.facts.view.map_or(0.0, |view| view.accept_rate) * TRAVEL_S;
        if guest.step == Step::Queued && passing > MOST_PASSING {
            // It would be gone before it arrived, and its place look empty.
            self.under_way.retain(|m| m.who != who);
            return;
        }
        let target = Place { at: token.center, r: token.r };
        let from = match before.get(&who) {
            Some(old) if *old == target => return,
            Some(old) => self.seen(who, *old, now_s),
            None => match entry(scene, guest.step) {
                Some(at) => Place { at, r: token.r },
                None => return,
            },
        };
        self.under_way.retain(|m| m.who != who);
        if self.under_way.len() < MOST {
            self.under_way.push(Move { who, from, start: now_s, ghost: still });
        }
    }

    /// Where a token is seen now that belongs at `place`.
    fn seen(&self, who: ConnId, place: Place, now_s: f64) -> Place {
        let Some(m) = self.under_way.iter().find(|m| m.who == who && !m.ghost) else { return place };
        let left = 1.0 - ((now_s - m.start) / TRAVEL_S).clamp(0.0, 1.0) as f32;
        let left = left * left * left;
        Place { at: place.at + (m.from.at - place.at) * left, r: place.r + (m.from.r - place.r) * left }
    }

    /// Puts the tokens of a scene where they are seen now.
    pub fn apply(&self, scene: &mut Scene<'_>, now_s: f64) {
        if self.under_way.is_empty() {
            return;
        }
        for token in &mut scene.tokens {
            if let Some(guest) = token.guest {
                let seen = self.seen(guest.view.info.id, Place { at: token.center, r: token.r }, now_s);
                (token.center, token.r) = (seen.at, seen.r);
            }
        }
    }

    /// Where a token stood a moment ago, with reduced motion.
    pub fn ghosts(&self) -> impl Iterator<Item = (Pos2, f32)> + '_ {
        self.under_way.iter().filter(|m| m.ghost).map(|m| (m.from.at, m.from.r))
    }

    /// Seconds until the picture must be painted again; `None` when nothing is on its way.
    pub fn next_frame(&self, now_s: f64) -> Option<f64> {
        let due = |m: &Move| if m.ghost { (m.start + GHOST_S - now_s).max(0.0) } else { 0.016 };
        self.under_way.iter().map(due).reduce(f64::min)
    }
}

/// Where a token comes from that was not seen before. A client that begins to call is simply there.
fn entry(scene: &Scene<'_>, step: Step) -> Option<Pos2> {
    match step {
        Step::Calling | Step::Refused | Step::TimedOut | Step::Broken | Step::Done | Step::Forgotten => None,
        // To the front of a long queue one comes from the places behind it.
        Step::Queued => match scene.slots.rest.filter(|_| scene.facts.queued.len() >= scene.slots.alone.len()) {
            Some(rest) => Some(rest.rect.right_top()),
            None => Some(Pos2::new(scene.kernel.left(), scene.arrow.0.y)),
        },
        Step::HalfOpen => Some(Pos2::new(scene.kernel.left(), scene.syn.center().y)),
        Step::Serving => Some(scene.arrow.0),
    }
}
