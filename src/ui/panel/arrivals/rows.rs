//! One row for each client of a server: when its SYNs were dropped, when it stood in the queue, when it was served.
//!
//! Pure: a function of snapshot and lab. Times are seconds on the engine's clock.

use std::collections::HashMap;
use std::time::Duration;

use crate::engine::{ConnState, ConnView, EndReason, ListenerView, SessionState, Snapshot};
use crate::lab::{EndpointId, Lab, Server};
use crate::trace::ConnId;
use crate::ui::panel::backlog::gather::{Guest, STRANGER_AFTER, Step, step};
use crate::ui::panel::backlog::unnamed::{self, Unmet};
use crate::ui::panel::stage::target_server;

/// Dropped SYNs with a time: the first and sixteen retries.
const KNOWN: usize = 17;

/// A stretch of time; without an end it lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub from: f64,
    pub to: Option<f64>,
}

/// One client's connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Whose session holds it, and which it is there.
    pub owner: EndpointId,
    pub conn: ConnId,
    /// Over all clients of the server; `None` for an outside program.
    pub number: Option<u32>,
    pub step: Step,
    /// The kernel said where its server's half stands.
    named: bool,
    pub opened: f64,
    known: [f64; KNOWN],
    known_len: usize,
    /// SYNs that nobody answered; more than have a time when there were many.
    pub dropped: u32,
    /// From connected to accepted.
    pub queue: Option<Span>,
    /// From accepted to closed.
    pub served: Option<Span>,
    /// When its SYN goes out again.
    pub next_try: Option<f64>,
    /// When it was turned away or gave up.
    pub lost: Option<f64>,
    /// How long `connect` took.
    pub took: Option<f64>,
    /// Whether the kernel told of its retries.
    pub measured: bool,
}

impl Row {
    /// When its dropped SYNs left, as far as that is known.
    pub fn drops(&self) -> &[f64] {
        &self.known[..self.known_len]
    }
}

/// Every client of a server by number, then outside programs.
pub fn rows(snap: &Snapshot, lab: &Lab, server: &Server) -> Vec<Row> {
    let session = snap.session(server.id);
    let far: HashMap<ConnId, &ConnView> = session.map_or_else(HashMap::new, |s| s.connections.iter().map(|c| (c.info.id, c)).collect());
    let mut rows = Vec::new();
    let mut before = 0;
    for client in lab.clients.iter().filter(|c| target_server(snap, lab, c).is_some_and(|s| s.id == server.id)) {
        let Some(near) = snap.session(client.id) else {
            before += client.connections;
            continue;
        };
        let mut most = 0;
        for view in near.connections.iter() {
            most = most.max(view.info.number);
            let met = view.info.other_end.get().and_then(|(_, id, _)| far.get(id).copied());
            rows.push(row(client.id, view, Some(before + view.info.number), met, snap.at));
        }
        before += client.connections.max(most);
    }
    rows.sort_unstable_by_key(|r| (r.number, r.conn));
    hold_back(&mut rows, session.and_then(|s| s.listener.as_deref()));
    let Some(session) = session.filter(|s| s.state == SessionState::Running) else { return rows };
    let stranger = |c: &&ConnView| c.info.other_end.get().is_none() && c.info.opened + STRANGER_AFTER < snap.at;
    // Ends of Unix clients have no name to be met by, so only those are strangers that are more than our own.
    let ours = if server.transport.is_unix() { rows.iter().filter(|r| r.served.is_some()).count() } else { 0 };
    rows.extend(session.connections.iter().filter(stranger).skip(ours).map(|view| outsider(server.id, view)));
    rows
}

/// Who believes it is connected and does not stand in the accept queue: the same as in the theatre.
fn hold_back(rows: &mut [Row], view: Option<&ListenerView>) {
    let Some(view) = view else { return };
    let half_open = rows.iter().filter(|r| r.step == Step::HalfOpen).count();
    let queued = rows.iter().filter(|r| r.step == Step::Queued);
    let since = |r: &Row| Duration::try_from_secs_f64(r.queue.map_or(r.opened, |q| q.from)).unwrap_or_default();
    let unmet = queued.map(|r| Unmet { since: since(r), id: r.conn, named: r.named }).collect();
    let moved: HashMap<ConnId, Step> = unnamed::elsewhere(unmet, half_open, view.half_open, view.queue).into_iter().collect();
    for row in rows {
        row.step = moved.get(&row.conn).copied().unwrap_or(row.step);
    }
}

fn row(owner: EndpointId, view: &ConnView, number: Option<u32>, met: Option<&ConnView>, now: Duration) -> Row {
    let (step, since) = step(view);
    let guest = Guest { owner, view, number, step, since };
    let connect = view.connect.as_deref().copied().unwrap_or_default();
    let opened = view.info.opened;
    // The last try of a connected one was answered; of one that still calls, it was dropped when it has been out for long.
    let sent = connect.retries + 1;
    let dropped = match step {
        Step::Calling => sent - u32::from(!guest.dropped(now)),
        Step::TimedOut => sent,
        Step::HalfOpen | Step::Forgotten | Step::Queued | Step::Serving | Step::Done | Step::Refused | Step::Broken => connect.retries,
    };
    let mut known = [0.0; KNOWN];
    let mut known_len = 0;
    let left = std::iter::once(Some(opened)).chain(connect.tries);
    for (place, at) in known.iter_mut().zip(left.take(dropped as usize).flatten()) {
        *place = at.as_secs_f64();
        known_len += 1;
    }
    let closed = view.closed.map(|d| d.as_secs_f64());
    let connected = connect.took.map(|took| (opened + took).as_secs_f64());
    let is_in = |step| matches!(step, Step::HalfOpen | Step::Forgotten | Step::Queued | Step::Serving | Step::Done | Step::Broken);
    let entered = connected.or_else(|| is_in(step).then_some(opened.as_secs_f64()));
    let (queue, served) = match (entered, step) {
        (None, _) | (Some(_), Step::Calling | Step::TimedOut | Step::Refused) => (None, None),
        (Some(from), Step::Queued | Step::HalfOpen | Step::Forgotten) => (Some(Span { from, to: None }), None),
        (Some(from), Step::Broken) => (connected.map(|_| Span { from, to: closed }), None),
        (Some(from), Step::Serving | Step::Done) => {
            let accepted = met.map_or(from, |far| far.info.opened.as_secs_f64()).max(from);
            let over = met.and_then(|far| far.closed).map(|d| d.as_secs_f64()).or(closed);
            let to = if step == Step::Done { over.or(Some(accepted)) } else { None };
            (Some(Span { from, to: Some(accepted) }), Some(Span { from: accepted, to: to.map(|to| to.max(accepted)) }))
        }
    };
    Row {
        owner,
        conn: view.info.id,
        number,
        step,
        named: connect.there.is_some(),
        opened: opened.as_secs_f64(),
        known,
        known_len,
        dropped,
        queue,
        served,
        next_try: connect.next_try.filter(|_| step == Step::Calling).map(|d| d.as_secs_f64()),
        lost: matches!(step, Step::TimedOut | Step::Refused | Step::Broken).then_some(closed).flatten(),
        took: connect.took.map(|d| d.as_secs_f64()),
        measured: connect.is_measured,
    }
}

/// Of an outside program only `accept` is known.
fn outsider(owner: EndpointId, view: &ConnView) -> Row {
    let opened = view.info.opened.as_secs_f64();
    let over = view.state == ConnState::Closed;
    let to = if over { Some(view.closed.map_or(opened, |d| d.as_secs_f64())) } else { None };
    let broken = matches!(view.end, Some(EndReason::Failed(_) | EndReason::Framing(_)));
    Row {
        owner,
        conn: view.info.id,
        number: None,
        step: match (over, broken) {
            (_, true) => Step::Broken,
            (true, false) => Step::Done,
            (false, false) => Step::Serving,
        },
        named: false,
        opened,
        known: [0.0; KNOWN],
        known_len: 0,
        dropped: 0,
        queue: None,
        served: Some(Span { from: opened, to }),
        next_try: None,
        lost: None,
        took: None,
        measured: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panel::backlog::fake;
    use crate::ui::panel::backlog::gather::facts;
    use crate::ui::panel::fake::{AT, World};

    fn of(world: &World) -> Vec<Row> {
        rows(&world.snap, &world.lab, &world.lab.servers[0])
    }

    #[test]
    fn the_crosses_of_the_mock_up_are_as_many_as_the_counter_says() {
        let world = fake::full();
        let rows = of(&world);
        let drops = world.snap.sessions.iter().find_map(|s| s.listener.as_ref()?.drops).unwrap().value;
        assert_eq!((rows.len(), rows.iter().map(|r| u64::from(r.dropped)).sum::<u64>()), (12, drops));
        assert!(rows.iter().all(|r| r.drops().len() == r.dropped as usize), "each has a time");
        let zero = AT.as_secs_f64() - 4.4;
        let near = |a: f64, b: f64| (a - zero - b).abs() < 1e-9;
        assert!(near(rows[0].queue.unwrap().from, 0.0) && near(rows[0].queue.unwrap().to.unwrap(), 0.6));
        assert!(near(rows[0].served.unwrap().from, 0.6) && near(rows[0].served.unwrap().to.unwrap(), 1.6));
        assert_eq!((rows[3].served.unwrap().to, rows[7].queue.unwrap().to, rows[8].queue), (None, None, None));
        assert!(near(rows[8].next_try.unwrap(), 5.1 + 0.18), "{:?}", rows[8].next_try);
        assert!(rows[7].took.unwrap() > 4.0 && rows[8].took.is_none());
    }

    #[test]
    fn who_was_turned_away_has_an_end_and_who_is_half_open_is_not_in_the_queue() {
        let rows = of(&fake::turned_away());
        assert_eq!(rows[7].step, Step::TimedOut);
        assert!(rows[7].lost.is_some() && rows[7].dropped > 1 && rows[8].dropped < rows[7].dropped);
        let of_step = |step| rows.iter().filter(|r| r.step == step).count();
        assert_eq!((of_step(Step::Queued), of_step(Step::HalfOpen)), (2, 2));
    }

    #[test]
    fn everybody_stands_where_the_theatre_has_it() {
        for make in [fake::full, fake::turned_away, fake::ghosts] {
            let world = make();
            let facts = facts(&world.snap, &world.lab, &world.lab.servers[0]);
            let rows = of(&world);
            for (step, list) in [(Step::Queued, &facts.queued), (Step::HalfOpen, &facts.half_open), (Step::Forgotten, &facts.forgotten)] {
                let mut theirs: Vec<_> = list.iter().map(|g| g.number).collect();
                theirs.sort_unstable();
                let ours: Vec<_> = rows.iter().filter(|r| r.step == step).map(|r| r.number).collect();
                assert_eq!(ours, theirs, "{step:?}");
            }
        }
        let rows = of(&fake::ghosts());
        assert!(rows.iter().filter(|r| r.step == Step::Forgotten).count() == 2, "{rows:?}");
    }
}
