//! Who stands at the left of the Stage and which lines go from there: tokens, folded crowds, outside programs. Pure.

use std::time::Duration;

use super::fare::{Tally, mood, tally};
use super::gather::{ClientFacts, End, Facts, Link, Mood, Waiter, Who, target_server};
use crate::engine::{ConnState, ConnView, Snapshot};
use crate::lab::{Client, Lab, Target};
use crate::ui::Selection;

/// Client tokens before the rest folds into a stack.
const CLIENTS: usize = 7;
/// Tokens in one queue at most.
const SLOTS: usize = 32;
/// A peer without a known other end is called outside only after this long: the engine needs a moment to match ends.
const STRANGER_AFTER: Duration = Duration::from_millis(300);

/// Adds the tokens and every line.
pub fn add_clients<'a>(facts: &mut Facts<'a>, snap: &'a Snapshot, lab: &'a Lab, selection: Selection, all: bool) {
    // Which lab clients get a token of their own.
    let mut shown: Vec<usize> = (0..lab.clients.len()).collect();
    if !all && shown.len() > CLIENTS {
        shown.sort_by_key(|&n| {
            let client = &lab.clients[n];
            let session = snap.session(client.id);
            let busy = session.map_or(0, |s| {
                let moving = s.rates.rx_bytes + s.rates.tx_bytes > 0.0;
                1 + u32::from(s.counters.open > 0) + 2 * u32::from(moving) + 3 * u32::from(s.counters.waiting > 0)
            });
            (selection.endpoint() != Some(client.id), std::cmp::Reverse(busy), n)
        });
        shown.truncate(CLIENTS - 1);
        shown.sort_unstable();
    }
    let folded = lab.clients.len() - shown.len();
    // Token of each lab client; folded ones share the last.
    let token_of = |n: usize| shown.binary_search(&n).unwrap_or(shown.len());
    for (n, client) in lab.clients.iter().enumerate() {
        let session = snap.session(client.id).map(|s| &**s);
        let tally = session.map(tally).unwrap_or_default();
        let mood = mood(session, client, &tally, snap.at);
        let token = token_of(n);
        if token < shown.len() {
            facts.clients.push(ClientFacts {
                who: Who::Ours(client),
                number: n as u32 + 1,
                mood,
                conns: tally.open + tally.waiting + tally.peer_ended + tally.connecting,
                rx_rate: session.map_or(0.0, |s| s.rates.rx_bytes),
                tx_rate: session.map_or(0.0, |s| s.rates.tx_bytes),
            });
        }
        join(facts, snap, lab, client, n as u32 + 1, token, &tally);
    }
    if folded > 0 {
        let who = Who::More(folded);
        facts.clients.push(ClientFacts { who, number: folded as u32, mood: Mood::Mixed, conns: folded, rx_rate: 0.0, tx_rate: 0.0 });
    }
    for server in &mut facts.servers {
        server.waiting.sort_by_key(|w| (w.since, w.conn));
        server.waiting.truncate(SLOTS);
    }
    add_strangers(facts, snap);
    join_rows(facts, lab, &shown, folded > 0);
}

/// Lines of a client that do not end at a known row: to a queue, to a server that has not matched it yet, to the outside.
fn join<'a>(facts: &mut Facts<'a>, snap: &'a Snapshot, lab: &'a Lab, client: &'a Client, number: u32, token: usize, tally: &Tally<'_>) {
    let live = tally.open + tally.peer_ended;
    // The connections of a pair lead back to the token, which shows it.
    if live + tally.waiting + tally.connecting == 0 || client.target == Target::Pair {
        return;
    }
    let target = target_server(snap, lab, client).and_then(|s| facts.servers.iter().position(|f| f.doc.id == s.id));
    let link = |to, count: usize| Link {
        from: token,
        to,
        count,
        moving: false,
        datagrams: !client.transport.is_stream(),
        tentative: false,
        up: tally.up,
        down: tally.down,
    };
    let Some(server) = target else {
        let Some(address) = snap.session(client.id).and_then(|s| s.target.as_deref()) else { return };
        let place = facts.outside.iter().position(|a| *a == address).unwrap_or_else(|| {
            facts.outside.push(address);
            facts.outside.len() - 1
        });
        let moving = snap.session(client.id).is_some_and(|s| s.rates.rx_bytes + s.rates.tx_bytes > 0.0);
        let tentative = live == 0;
        facts.links.push(Link { moving, tentative, ..link(End::Outside(place), live.max(1)) });
        return;
    };
    if tally.waiting > 0 {
        facts.links.push(Link { up: 0, down: 0, ..link(End::Queue(server), tally.waiting) });
        let waiting = snap.session(client.id).into_iter().flat_map(|s| s.connections.iter()).filter(|c| c.state == ConnState::Waiting);
        let waiter = |c: &ConnView| Waiter { client: client.id, conn: c.info.id, number, since: c.info.opened };
        // A queue is drawn with this many places at most.
        facts.servers[server].waiting.extend(waiting.take(SLOTS).map(waiter));
    }
    if tally.connecting > 0 {
        facts.links.push(Link { tentative: true, up: 0, down: 0, ..link(End::Queue(server), tally.connecting) });
    }
    let known = facts.servers[server].rows.iter().flat_map(|r| &r.parts).any(|p| p.client == Some(client.id));
    if live > 0 && !known {
        facts.links.push(link(End::Server(server), live));
    }
}

/// A token for the outside programs of each server.
fn add_strangers<'a>(facts: &mut Facts<'a>, snap: &'a Snapshot) {
    for server in &facts.servers {
        let Some(session) = server.session else { continue };
        let stranger =
            |c: &&ConnView| c.state != ConnState::Closed && c.info.other_end.get().is_none() && c.info.opened + STRANGER_AFTER < snap.at;
        let mut strangers = session.connections.iter().filter(stranger);
        let Some(first) = strangers.next() else { continue };
        let count = 1 + strangers.count();
        facts.clients.push(ClientFacts {
            who: Who::Outside(server.doc.id, &first.info.peer),
            number: count as u32,
            mood: Mood::Open(Some(&first.info.peer)),
            conns: count,
            rx_rate: 0.0,
            tx_rate: 0.0,
        });
    }
}

/// Lines from tokens to rows.
fn join_rows(facts: &mut Facts<'_>, lab: &Lab, shown: &[usize], folded: bool) {
    for (s, server) in facts.servers.iter().enumerate() {
        for (r, row) in server.rows.iter().enumerate() {
            for part in row.parts.iter().filter(|_| row.state != ConnState::Closed) {
                let from = match part.client {
                    Some(id) => lab.clients.iter().position(|c| c.id == id).and_then(|n| match shown.binary_search(&n) {
                        Ok(token) => Some(token),
                        Err(_) if folded => Some(shown.len()),
                        Err(_) => None,
                    }),
                    None => facts.clients.iter().position(|c| matches!(c.who, Who::Outside(id, _) if id == server.doc.id)),
                };
                let Some(from) = from else { continue };
                let datagrams = !server.doc.transport.is_stream();
                let link = Link {
                    from,
                    to: End::Row(s, r),
                    count: part.count,
                    moving: part.rate > 0.0,
                    datagrams,
                    tentative: false,
                    up: part.rx,
                    down: part.tx,
                };
                // Folded clients share a token: one line to a row is enough.
                match facts.links.iter_mut().find(|l| l.from == from && l.to == link.to) {
                    Some(same) => {
                        same.count += link.count;
                        same.moving |= link.moving;
                        same.up += link.up;
                        same.down += link.down;
                    }
                    None => facts.links.push(link),
                }
            }
        }
    }
}
