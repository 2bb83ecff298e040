//! Clients that wait for the server they name: started in the same breath, a client would be refused before the server's
//! bind(2) and listen(2), or find no port where the system chooses one.

use std::time::{Duration, Instant};

use crate::engine::{Event, EventKind, SessionState, Snapshot};
use crate::lab::{EndpointId, Lab, Target};

/// A server that says nothing for so long does not hold its clients any longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// An endpoint that is to be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Starting {
    pub id: EndpointId,
    /// Stopped first when it runs.
    pub anew: bool,
}

impl Starting {
    pub fn new(id: EndpointId) -> Self {
        Self { id, anew: false }
    }
}

/// The clients that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    client: Starting,
    server: EndpointId,
    since: Instant,
}

impl Queue {
    /// Takes a client whose server is started with it; false when it need not wait.
    pub fn takes(&mut self, lab: &Lab, client: Starting, with: &[Starting], now: Instant) -> bool {
        let Some(Target::Server(name)) = lab.client(client.id).map(|c| &c.target) else { return false };
        let Some(server) = lab.server_named(name).map(|s| s.id).filter(|id| with.iter().any(|s| s.id == *id)) else { return false };
        self.waiting.retain(|w| w.client.id != client.id);
        self.waiting.push(Waiting { client, server, since: now });
        true
    }

    /// The person stopped this one: neither it nor who waits for it starts.
    pub fn stopped(&mut self, id: EndpointId) {
        self.waiting.retain(|w| w.client.id != id && w.server != id);
    }

    /// Nothing waits any more.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Clients that may start now: their server runs or has failed (then they say so themselves).
    pub fn ready(&mut self, snap: &Snapshot, events: &[Event], now: Instant) -> Vec<Starting> {
        let answered = |id: EndpointId| {
            let said = |e: &Event| match e.kind {
                EventKind::Started { .. } | EventKind::ModelSwitched { .. } | EventKind::Failed(_) => e.session == id,
                EventKind::ReplacedStaleFile { .. }
                | EventKind::Stopped { .. }
                | EventKind::Trouble(_)
                | EventKind::Retrying { .. }
                | EventKind::SendDone { .. }
                | EventKind::ConnectionsClosed { .. } => false,
            };
            events.iter().any(said) || snap.session(id).is_some_and(|s| s.state == SessionState::Running)
        };
        let goes = |w: &Waiting| answered(w.server) || now.duration_since(w.since) >= PATIENCE;
        let ready = self.waiting.iter().filter(|w| goes(w)).map(|w| w.client).collect();
        self.waiting.retain(|w| !goes(w));
        ready
    }

    /// When to look again though nothing was heard.
    pub fn look_again(&self, now: Instant) -> Option<Duration> {
        self.waiting.iter().map(|w| PATIENCE.saturating_sub(now.duration_since(w.since))).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Cause, Failure, Operation};
    use crate::lab::Side;

    #[test]
    fn a_client_waits_for_its_servers_answer_and_no_longer_than_patience() {
        let lab = Lab::starter("poll");
        let (server, client) = (lab.servers[0].id, Starting::new(lab.clients[0].id));
        let both = [Starting::new(server), client];
        let (snap, now) = (Snapshot::default(), Instant::now());
        let mut queue = Queue::default();
        assert!(!queue.takes(&lab, client, &[client], now), "started alone");
        assert!(queue.takes(&lab, client, &both, now));
        assert!(queue.ready(&snap, &[], now).is_empty());
        assert_eq!(queue.look_again(now), Some(PATIENCE));

        let event = |kind| Event { at: Duration::ZERO, session: server, name: "echo-tcp".into(), side: Side::Server, kind };
        assert!(queue.ready(&snap, &[event(EventKind::Stopped { closed: 0 })], now).is_empty(), "of the time before");
        assert_eq!(queue.ready(&snap, &[event(EventKind::Started { local: None })], now), [client]);
        assert!(queue.ready(&snap, &[], now + PATIENCE).is_empty(), "only once");

        assert!(queue.takes(&lab, client, &both, now));
        let failure = Failure::because(Operation::Bind, "echo-tcp", Cause::ServerNotRunning);
        assert_eq!(queue.ready(&snap, &[event(EventKind::Failed(failure))], now), [client]);

        assert!(queue.takes(&lab, client, &both, now));
        assert_eq!(queue.ready(&snap, &[], now + PATIENCE), [client]);

        assert!(queue.takes(&lab, client, &both, now));
        queue.stopped(server);
        assert!(queue.ready(&snap, &[], now + PATIENCE).is_empty(), "stopped meanwhile");
    }
}
