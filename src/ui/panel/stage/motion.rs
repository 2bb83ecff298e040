//! Bytes that really moved between two snapshots, as marks that travel along a line. Nothing moves when nothing moved.

use std::collections::HashMap;

use super::gather::{End, Facts, Who};

/// A mark is on its way this long.
const TRAVEL_S: f64 = 0.6;
/// Marks on one line at a time.
const MOST: usize = 12;
/// Marks that start together are this far apart.
const APART_S: f64 = 0.1;

/// Names a line from one snapshot to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    from: u64,
    to: u64,
    row: u64,
}

/// A mark under way.
#[derive(Clone, Copy, Debug)]
struct Mark {
    key: Key,
    up: bool,
    start: f64,
}

/// What was seen and what is under way.
#[derive(Debug, Default)]
pub struct Motion {
    seq: u64,
    totals: HashMap<Key, (u64, u64)>,
    marks: Vec<Mark>,
}

fn key(facts: &Facts<'_>, link: usize) -> Key {
    let link = &facts.links[link];
    let from = match facts.clients.get(link.from).map(|c| c.who) {
        Some(Who::Ours(client)) => client.id.0,
        Some(Who::More(_)) | None => u64::MAX,
        Some(Who::Outside(server, _)) => u64::MAX - 1 - server.0,
    };
    let server = |n: usize| facts.servers.get(n).map_or(u64::MAX, |s| s.doc.id.0);
    let (to, row) = match link.to {
        End::Row(s, r) => (server(s), facts.servers.get(s).and_then(|f| f.rows.get(r)).and_then(|r| r.conn).map_or(0, |c| c.0)),
        End::Queue(s) | End::Server(s) => (server(s), u64::MAX),
        End::Outside(n) => (u64::MAX, n as u64),
    };
    Key { from, to, row }
}

impl Motion {
    /// Takes a snapshot's facts at this time. `still` starts no mark.
    pub fn update(&mut self, facts: &Facts<'_>, seq: u64, now_s: f64, still: bool) {
        self.marks.retain(|m| now_s < m.start + TRAVEL_S && !still);
        if seq == self.seq {
            return;
        }
        // The first snapshot, or an older one after Freeze: totals to compare with, not news.
        let news = self.seq != 0 && seq > self.seq && !still;
        self.seq = seq;
        let mut totals = HashMap::with_capacity(facts.links.len());
        for n in 0..facts.links.len() {
            let (key, link) = (key(facts, n), &facts.links[n]);
            let old = self.totals.get(&key).copied();
            if let Some(old) = old.filter(|_| news) {
                for (up, moved) in [(true, link.up > old.0), (false, link.down > old.1)] {
                    if moved {
                        self.start(key, up, link.count, now_s);
                    }
                }
            }
            totals.insert(key, (link.up, link.down));
        }
        self.totals = totals;
    }

    fn start(&mut self, key: Key, up: bool, count: usize, now_s: f64) {
        let under_way = self.marks.iter().filter(|m| m.key == key).count();
        let same_way = self.marks.iter().filter(|m| m.key == key && m.up == up);
        let latest = same_way.map(|m| m.start).fold(f64::NEG_INFINITY, f64::max);
        let wanted = if count > 1 { 3 } else { 1 };
        let first = now_s.max(latest + APART_S);
        // A mark that could start only much later would tell old news.
        let room = MOST.saturating_sub(under_way).min(if first > now_s + APART_S { 0 } else { wanted });
        self.marks.extend((0..room).map(|n| Mark { key, up, start: first + n as f64 * APART_S }));
    }

    /// Whether anything is under way: then the window must repaint.
    pub fn moving(&self) -> bool {
        !self.marks.is_empty()
    }

    /// Where on a line marks are now (0 at the client, 1 at the server), and whether each goes to the server.
    pub fn on(&self, facts: &Facts<'_>, link: usize, now_s: f64) -> impl Iterator<Item = (f32, bool)> + '_ {
        let key = if self.marks.is_empty() { None } else { Some(key(facts, link)) };
        self.marks.iter().filter(move |m| Some(m.key) == key && now_s >= m.start).map(move |m| {
            let t = ((now_s - m.start) / TRAVEL_S).clamp(0.0, 1.0) as f32;
            let eased = 1.0 - (1.0 - t) * (1.0 - t);
            (if m.up { eased } else { 1.0 - eased }, m.up)
        })
    }
}
