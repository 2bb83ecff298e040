//! What a run answers: how many clients connected at once, and when the next one got in. Pure: functions of a snapshot.

use std::time::Duration;

use super::visitors;
use crate::engine::{ConnState, ConnView, SessionState, Snapshot};
use crate::lab::{EndpointId, Lab, Server};
use crate::tr;
use crate::trace::ConnId;
use crate::ui::Text;
use crate::ui::widget::format;

/// Linux sends a SYN again after a second: who has not connected by then did not at once.
const DECIDED: Duration = Duration::from_secs(1);
/// Clients that are never opened (a limit on connects under way) are not waited for longer.
const OPENED: Duration = Duration::from_secs(2);

/// The first question: of a lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Clients that come when everything is started.
    pub clients: u32,
    pub backlog: u32,
}

impl Question {
    /// What may be asked about a server; `None` when no client comes by itself.
    pub fn of(lab: &Lab, snap: &Snapshot, server: &Server) -> Option<Self> {
        let clients = visitors::of(lab, snap, server.id).iter().map(|c| c.connections).sum();
        (clients > 0).then_some(Self { clients, backlog: server.backlog })
    }

    /// As it is asked.
    pub fn words(self, text: &Text) -> String {
        tr!(text, "predict-question", n = self.clients, count = format::count(self.clients.into()), backlog = self.backlog)
    }
}

/// What a run showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub question: Question,
    /// Connected with their first try.
    pub connected: u32,
    /// Places of the accept queue, where that is known.
    pub places: Option<u32>,
    /// The first who still tries; the second question is about it.
    pub outside: Option<Outside>,
}

/// A client that did not get in at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outside {
    pub owner: EndpointId,
    pub conn: ConnId,
    /// Over all clients of the server.
    pub number: u32,
}

/// What a run that began with these questions has shown, as soon as all are decided.
pub fn outcome(lab: &Lab, snap: &Snapshot, server: &Server, question: Question) -> Option<Outcome> {
    let session = snap.session(server.id).filter(|s| s.state == SessionState::Running)?;
    let view = session.listener.as_deref()?;
    let (mut seen, mut open, mut connected, mut before) = (0, 0, 0, 0);
    let (mut last, mut outside): (Duration, Option<Outside>) = (Duration::ZERO, None);
    let (mut began, mut every) = (Duration::ZERO, 0);
    for client in visitors::of(lab, snap, server.id) {
        let near = snap.session(client.id).filter(|s| s.state == SessionState::Running)?;
        began = began.max(near.since);
        every = every.max(u64::from(client.connections) * client.opening.every_ms);
        for conn in near.connections.iter() {
            seen += 1;
            last = last.max(conn.info.opened);
            connected += u32::from(at_once(conn));
            if conn.state == ConnState::Connecting {
                open += 1;
                let number = before + conn.info.number;
                if outside.is_none_or(|o| number < o.number) {
                    outside = Some(Outside { owner: client.id, conn: conn.info.id, number });
                }
            }
        }
        before += client.connections;
    }
    let waited = |since: Duration, limit: Duration| snap.at.saturating_sub(since) >= limit;
    let all_came = seen >= question.clients;
    let decided = all_came && (open == 0 || waited(last, DECIDED));
    let given_up = seen > 0 && waited(began + Duration::from_millis(every), OPENED);
    // The listener's own figures come a moment later than the connects.
    ((decided || given_up) && view.at + Duration::from_millis(100) >= last).then_some(Outcome {
        question,
        connected,
        places: view.places,
        outside,
    })
}

fn at_once(conn: &ConnView) -> bool {
    conn.connect.as_ref().is_some_and(|c| c.took.is_some() && c.retries == 0)
}

/// What people choose from when the next one gets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    AtOnce,
    AtRetry,
    AfterAnother,
    Never,
}

impl When {
    pub const ALL: [Self; 4] = [Self::AtOnce, Self::AtRetry, Self::AfterAnother, Self::Never];

    /// Locale key.
    pub fn key(self) -> &'static str {
        match self {
            Self::AtOnce => "predict-at-once",
            Self::AtRetry => "predict-at-retry",
            Self::AfterAnother => "predict-after-another",
            Self::Never => "predict-never",
        }
    }
}

/// How the one who stood outside got in, or did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Connected with this try (2 is the first retry), so long after it was first opened, and so long after a place was free.
    Entered { tries: u32, took: Duration, after_free: Option<Duration> },
    /// It gave up after this time.
    GaveUp(Duration),
}

impl Entry {
    /// The choice that the run bore out.
    pub fn is(self) -> When {
        match self {
            Self::Entered { tries: 0..=1, .. } => When::AtOnce,
            Self::Entered { .. } => When::AtRetry,
            Self::GaveUp(_) => When::Never,
        }
    }
}

/// How it went on with who stood outside; `None` while it still tries.
pub fn entry(snap: &Snapshot, server: EndpointId, outside: Outside) -> Option<Entry> {
    let conn = snap.session(outside.owner)?.connections.iter().find(|c| c.info.id == outside.conn)?;
    let connect = conn.connect.as_deref().copied().unwrap_or_default();
    match (connect.took, conn.closed) {
        (Some(took), _) => {
            let entered = conn.info.opened + took;
            let accepts = snap.session(server).into_iter().flat_map(|s| s.connections.iter()).map(|c| c.info.opened);
            let freed = accepts.filter(|at| *at <= entered).max();
            Some(Entry::Entered { tries: connect.retries + 1, took, after_free: freed.map(|at| entered - at) })
        }
        (None, Some(closed)) => Some(Entry::GaveUp(closed.saturating_sub(conn.info.opened))),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::AcceptPace;
    use crate::ui::panel::backlog::fake::Run;
    use crate::ui::panel::fake::{AT, World, ms};

    fn told(world: &World) -> Option<Outcome> {
        let server = &world.lab.servers[0];
        outcome(&world.lab, &world.snap, server, Question::of(&world.lab, &world.snap, server)?)
    }

    /// Its sessions began with its first client.
    fn begun(run: &Run) -> World {
        let mut world = run.world();
        world.snap.sessions.iter_mut().for_each(|s| std::sync::Arc::make_mut(s).since = AT - ms(run.now_ms));
        world
    }

    #[test]
    fn n_and_one_connect_at_once_and_the_first_outside_is_named() {
        let run = |now_ms| begun(&Run { pace: AcceptPace::Paused, now_ms, ..Run::default() });
        assert_eq!(told(&run(900)), None, "a SYN may still be answered");
        let world = run(1_300);
        let outcome = told(&world).unwrap();
        assert_eq!((outcome.question, outcome.connected, outcome.places), (Question { clients: 12, backlog: 3 }, 4, Some(4)));
        assert_eq!(outcome.outside.map(|o| o.number), Some(5));
        assert_eq!(entry(&world.snap, world.lab.servers[0].id, outcome.outside.unwrap()), None);
        // Who got in by a retry did not get in at once.
        assert_eq!(told(&Run::default().world()).unwrap().connected, 4);
    }

    #[test]
    fn who_gets_in_later_says_with_which_try_and_how_long_a_place_was_free() {
        let early = Run { now_ms: 1_300, pace: AcceptPace::Paused, ..Run::default() }.world();
        let outside = told(&early).unwrap().outside.unwrap();
        let late = Run { now_ms: 1_300, ..Run::default() }.world();
        let server = late.lab.servers[0].id;
        let mut seen = outside;
        seen.conn = late.session_conn(5);
        let Some(Entry::Entered { tries, after_free, .. }) = entry(&late.snap, server, seen) else { panic!("it got in") };
        assert_eq!((tries, Entry::GaveUp(ms(1)).is()), (2, When::Never));
        assert_eq!(after_free, Some(ms(500)), "free at 0.6 s, in at 1.1 s");
    }

    impl World {
        fn session_conn(&self, number: u32) -> ConnId {
            let crowd = self.lab.clients[0].id;
            self.snap.session(crowd).unwrap().connections.iter().find(|c| c.info.number == number).unwrap().info.id
        }
    }
}
