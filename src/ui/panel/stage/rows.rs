//! A server's connections folded to the few rows that a card shows: alone, bundled by client, or all that is left. Each
//! connection is looked at once. Pure.

use std::time::Duration;

use super::gather::{ALONE, LANES, Part, Row, ServerFacts};
use crate::engine::{ConnState, ConnView, LaneDoing, SessionView, Snapshot};
use crate::lab::{EndpointId, Server};
use crate::trace::Call;
use crate::ui::Selection;

/// Descriptor rows a large card shows; the rest is one bundle row.
const ROWS: usize = 5;
/// An ended connection stays in the picture this long.
const ENDED_FOR: Duration = Duration::from_secs(2);
/// A descriptor counts as worked on this long after its last bytes.
const HOT_FOR: Duration = Duration::from_millis(100);

fn row_of(conn: &ConnView, order: usize) -> Row {
    Row {
        conn: Some(conn.info.id),
        fds: (conn.info.fd, conn.info.fd),
        count: 1,
        unread: conn.unread.map(u64::from),
        unsent: conn.unsent.map(u64::from),
        state: conn.state,
        end: conn.end.clone(),
        active: conn.active,
        hot: false,
        moving: conn.rx_rate + conn.tx_rate > 0.0,
        parts: vec![part_of(conn)],
        order,
    }
}

fn part_of(conn: &ConnView) -> Part {
    let client = conn.info.other_end.get().map(|end| end.0);
    Part { client, count: 1, rx: conn.rx_bytes, tx: conn.tx_bytes, rate: conn.rx_rate + conn.tx_rate }
}

/// Adds a connection to a bundle without making a row of it.
fn absorb(row: &mut Row, conn: &ConnView) {
    row.conn = None;
    row.count += 1;
    row.fds = (row.fds.0.min(conn.info.fd), row.fds.1.max(conn.info.fd));
    row.unread = sum(row.unread, conn.unread.map(u64::from));
    row.unsent = sum(row.unsent, conn.unsent.map(u64::from));
    row.active = row.active.max(conn.active);
    row.state = ConnState::Open;
    row.moving |= conn.rx_rate + conn.tx_rate > 0.0;
    if let Some(part) = row.parts.first_mut() {
        part.count += 1;
        part.rx += conn.rx_bytes;
        part.tx += conn.tx_bytes;
        part.rate += conn.rx_rate + conn.tx_rate;
    }
}

fn sum(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    }
}

/// Folds whole rows (of different clients) into one.
fn merge(rows: Vec<Row>) -> Option<Row> {
    rows.into_iter().reduce(|mut all, row| {
        all.conn = None;
        all.count += row.count;
        all.fds = (all.fds.0.min(row.fds.0), all.fds.1.max(row.fds.1));
        all.unread = sum(all.unread, row.unread);
        all.unsent = sum(all.unsent, row.unsent);
        all.active = all.active.max(row.active);
        all.state = ConnState::Open;
        all.moving |= row.moving;
        all.hot |= row.hot;
        for part in row.parts {
            match all.parts.iter_mut().find(|p| p.client == part.client) {
                Some(p) => {
                    (p.count, p.rx, p.tx, p.rate) = (p.count + part.count, p.rx + part.rx, p.tx + part.tx, p.rate + part.rate);
                }
                None => all.parts.push(part),
            }
        }
        all
    })
}

/// A client's connections on one server while they are looked through.
struct Group<'a> {
    client: Option<EndpointId>,
    alone: Vec<(&'a ConnView, usize)>,
    bundle: Option<Row>,
}

/// What a card tells of one server.
pub fn server_facts<'a>(snap: &'a Snapshot, doc: &'a Server, selection: Selection, large: bool) -> ServerFacts<'a> {
    let session = snap.session(doc.id).map(|s| &**s);
    let mut facts = ServerFacts { doc, session, rows: Vec::new(), waiting: Vec::new(), open: 0, more_lanes: Vec::new() };
    let Some(session) = session else { return facts };
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut ended = Vec::new();
    let mut last = 0;
    for (order, conn) in session.connections.iter().enumerate() {
        if conn.state == ConnState::Closed {
            if conn.closed.is_some_and(|at| at + ENDED_FOR > snap.at) {
                ended.push(row_of(conn, order));
            }
            continue;
        }
        facts.open += 1;
        if selection.conn() == Some(conn.info.id) {
            facts.rows.push(row_of(conn, order));
            continue;
        }
        let client = conn.info.other_end.get().map(|end| end.0);
        // Neighbours mostly belong together; look further only when they do not.
        if groups.get(last).is_none_or(|g| g.client != client) {
            last = groups.iter().position(|g| g.client == client).unwrap_or_else(|| {
                groups.push(Group { client, alone: Vec::new(), bundle: None });
                groups.len() - 1
            });
        }
        let group = &mut groups[last];
        match &mut group.bundle {
            Some(row) => absorb(row, conn),
            None if group.alone.len() < ALONE => group.alone.push((conn, order)),
            None => {
                let mut alone = group.alone.drain(..);
                let mut row = alone.next().map_or_else(|| row_of(conn, order), |(first, order)| row_of(first, order));
                alone.for_each(|(one, _)| absorb(&mut row, one));
                absorb(&mut row, conn);
                group.bundle = Some(row);
            }
        }
    }
    for group in groups {
        facts.rows.extend(group.alone.into_iter().map(|(conn, order)| row_of(conn, order)));
        facts.rows.extend(group.bundle);
    }
    let most = if large { ROWS } else { 1 };
    ended.truncate(most.saturating_sub(facts.rows.len().max(1)));
    facts.rows.append(&mut ended);
    mark_hot(&mut facts.rows, session, snap.at);
    fold_rows(&mut facts.rows, most, selection, snap.at);
    facts.more_lanes = count_lanes(session, if large { LANES } else { 1 });
    facts
}

/// Keeps the `most` rows that matter (selected, worked on, active, oldest) in their order; the rest becomes one.
fn fold_rows(rows: &mut Vec<Row>, most: usize, selection: Selection, now: Duration) {
    if rows.len() > most {
        let lately = |row: &Row| now.saturating_sub(row.active) < Duration::from_secs(2);
        let bundle_first = |row: &Row| row.count > 1;
        rows.sort_by_key(|r| (r.conn.is_none() || r.conn != selection.conn(), !r.hot, !bundle_first(r), !lately(r), r.order));
        let rest = rows.split_off(most - 1);
        rows.sort_by_key(|r| (r.count > 1, r.order));
        rows.extend(merge(rest));
    } else {
        rows.sort_by_key(|r| (r.count > 1, r.order));
    }
}

/// Marks the descriptors that a lane works on now, or moved bytes on a moment ago.
fn mark_hot(rows: &mut [Row], session: &SessionView, now: Duration) {
    for lane in session.lanes.iter().take(16) {
        let fd = match lane.doing {
            LaneDoing::InCall { call, fd, since } if !call.is_readiness_wait() && now.saturating_sub(since) < Duration::from_millis(20) => {
                Some(fd)
            }
            LaneDoing::InCall { .. } | LaneDoing::Running => {
                lane.spans.iter().rev().find(|s| s.bytes > 0 && s.start + s.took + HOT_FOR > now).map(|s| s.fd)
            }
            LaneDoing::AtGate { fd, .. } => Some(fd),
            LaneDoing::Gone => None,
        };
        if let Some(row) = fd.and_then(|fd| rows.iter_mut().find(|r| r.count == 1 && r.fds.0 == fd && r.state != ConnState::Closed)) {
            row.hot = true;
        }
    }
}

/// Counts the lanes after the first `shown` by the call they are in.
fn count_lanes(session: &SessionView, shown: usize) -> Vec<(Option<Call>, usize)> {
    let mut counts: Vec<(Option<Call>, usize)> = Vec::new();
    for lane in session.lanes.iter().filter(|l| l.doing != LaneDoing::Gone).skip(shown) {
        let call = match lane.doing {
            LaneDoing::InCall { call, .. } | LaneDoing::AtGate { call, .. } => Some(call),
            LaneDoing::Running | LaneDoing::Gone => None,
        };
        match counts.iter_mut().find(|c| c.0 == call) {
            Some(count) => count.1 += 1,
            None => counts.push((call, 1)),
        }
    }
    counts.sort_by_key(|c| std::cmp::Reverse(c.1));
    counts
}
