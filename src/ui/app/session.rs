//! From the lab to the engine: starting, stopping, restarting, and which running endpoint has an older document.

use std::collections::HashMap;

use crate::engine::{Command, SessionState, Snapshot, Spec};
use crate::lab::{Client, EndpointId, Lab, Messages, Packet, Server, Target};

/// What each endpoint was last started with.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    started: HashMap<EndpointId, Document>,
    /// Running endpoints whose document changed since.
    pub stale: Vec<EndpointId>,
}

/// The parts of a document that only a start reads.
#[derive(Debug, PartialEq)]
enum Document {
    Server(Box<Server>),
    /// With the server it names, by id: a rename of that server changes nothing.
    Client(Box<Client>, Option<EndpointId>),
}

impl Document {
    fn of(lab: &Lab, id: EndpointId) -> Option<Self> {
        if let Some(server) = lab.server(id) {
            let bare = Server { name: String::new(), packet: Packet::default(), ..server.clone() };
            return Some(Self::Server(Box::new(bare)));
        }
        let client = lab.client(id)?;
        let mut bare = Client { name: String::new(), packet: Packet::default(), ..client.clone() };
        let named = match &client.target {
            Target::Server(name) => lab.server_named(name).map(|s| s.id),
            Target::Address(_) | Target::Pair => None,
        };
        if named.is_some() {
            bare.target = Target::Server(String::new());
        }
        Some(Self::Client(Box::new(bare), named))
    }
}

/// What the engine needs to start an endpoint.
fn spec(lab: &Lab, id: EndpointId) -> Option<Box<Spec>> {
    if let Some(server) = lab.server(id) {
        return Some(Box::new(Spec::Server(server.clone())));
    }
    let client = lab.client(id)?.clone();
    let server = match &client.target {
        Target::Server(name) => lab.server_named(name).cloned(),
        Target::Address(_) | Target::Pair => None,
    };
    Some(Box::new(Spec::Client { client, server }))
}

impl Sessions {
    /// The command that starts a client without the connections it would open by itself: each is asked for by hand.
    pub fn start_empty(&mut self, lab: &Lab, id: EndpointId) -> Option<Command> {
        let mut spec = spec(lab, id)?;
        self.started.insert(id, Document::of(lab, id)?);
        if let Spec::Client { client, .. } = &mut *spec {
            client.connections = 0;
        }
        Some(Command::Start(spec))
    }

    /// The command that starts an endpoint as the lab describes it now.
    pub fn start(&mut self, lab: &Lab, id: EndpointId) -> Option<Command> {
        self.started.insert(id, Document::of(lab, id)?);
        spec(lab, id).map(Command::Start)
    }

    /// The command that starts it anew.
    pub fn restart(&mut self, lab: &Lab, id: EndpointId) -> Option<Command> {
        self.started.insert(id, Document::of(lab, id)?);
        spec(lab, id).map(Command::Restart)
    }

    /// A lesson changed the lab and told the engine itself: what was in force stays so.
    pub fn led(&mut self, before: &Lab, after: &Lab) {
        for (id, was) in &mut self.started {
            if Document::of(before, *id).as_ref() == Some(was)
                && let Some(now) = Document::of(after, *id)
            {
                *was = now;
            }
        }
    }

    /// What the engine must hear about a changed lab: endpoints that left, new names, and what a running server takes live.
    pub fn changes(&mut self, before: &Lab, after: &Lab, snap: &Snapshot) -> Vec<Command> {
        let mut commands = Vec::new();
        for (id, old) in before.names() {
            match after.names().find(|(other, _)| *other == id) {
                None => {
                    self.started.remove(&id);
                    commands.push(Command::Forget(id));
                }
                Some((_, new)) if new != old => commands.push(Command::Rename(id, new.to_owned())),
                Some(_) => {}
            }
        }
        let messages = after.servers.iter().map(|s| (s.id, &s.messages)).chain(after.clients.iter().map(|c| (c.id, &c.messages)));
        for (id, new) in messages {
            let old = before.server(id).map(|s| &s.messages).or_else(|| before.client(id).map(|c| &c.messages));
            if old.is_some_and(|old| old != new) && snap.session(id).is_some_and(|s| s.state == SessionState::Running) {
                commands.extend(self.live_messages(id, new));
            }
        }
        for server in &after.servers {
            if before.server(server.id).is_some_and(|old| old.backlog != server.backlog || old.life.accept_pace != server.life.accept_pace)
                && snap.session(server.id).is_some_and(|s| s.state == SessionState::Running)
            {
                commands.extend(self.live(server));
            }
        }
        commands
    }

    /// Framing, rules, wire and cast options change on a running endpoint: it is then as if it had been started with them.
    fn live_messages(&mut self, id: EndpointId, new: &Messages) -> Option<Command> {
        let was = match self.started.get_mut(&id)? {
            Document::Server(server) => &mut server.messages,
            Document::Client(client, _) => &mut client.messages,
        };
        was.clone_from(new);
        Some(Command::SetMessages(id, Box::new(new.clone())))
    }

    /// Backlog and accept pace change on a running server: it is then as if it had been started with them.
    fn live(&mut self, server: &Server) -> Vec<Command> {
        let Some(Document::Server(was)) = self.started.get_mut(&server.id) else { return Vec::new() };
        let mut commands = Vec::new();
        if was.transport.is_stream() && was.backlog != server.backlog {
            was.backlog = server.backlog;
            commands.push(Command::SetBacklog(server.id, server.backlog));
        }
        if was.transport.is_stream() && was.life.accept_pace != server.life.accept_pace {
            was.life.accept_pace = server.life.accept_pace;
            commands.push(Command::SetPace(server.id, server.life.accept_pace));
        }
        commands
    }

    /// Looks again which running endpoints differ from the lab.
    pub fn look(&mut self, lab: &Lab, snap: &Snapshot) {
        self.stale.clear();
        for session in &snap.sessions {
            let differs = || self.started.get(&session.id).is_some_and(|was| Document::of(lab, session.id).as_ref() != Some(was));
            if is_up(session.state) && differs() {
                self.stale.push(session.id);
            }
        }
    }
}

/// Whether a session runs or is about to.
pub(super) fn is_up(state: SessionState) -> bool {
    match state {
        SessionState::Starting | SessionState::Running => true,
        SessionState::Stopping | SessionState::Stopped | SessionState::Failed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{AcceptPace, Transport};
    use crate::ui::panel::fake::World;

    #[test]
    fn backlog_and_pace_go_to_the_running_server_and_leave_nothing_to_apply() {
        let mut world = World::empty();
        let door = world.server("door", Transport::Tcp, "127.0.0.1:7788", "poll");
        let mut sessions = Sessions::default();
        sessions.start(&world.lab, door);
        let before = world.lab.clone();
        let server = world.lab.server_mut(door).unwrap();
        (server.backlog, server.life.accept_pace) = (3, AcceptPace::Paused);
        assert!(sessions.changes(&before, &world.lab, &world.snap).is_empty(), "nothing runs");
        world.session(door);
        let commands = sessions.changes(&before, &world.lab, &world.snap);
        assert!(
            matches!(commands[..], [Command::SetBacklog(a, 3), Command::SetPace(b, AcceptPace::Paused)] if (a, b) == (door, door)),
            "{commands:?}"
        );
        sessions.look(&world.lab, &world.snap);
        assert!(sessions.stale.is_empty());
        world.lab.server_mut(door).unwrap().life.defer_accept_s = 1;
        sessions.look(&world.lab, &world.snap);
        assert_eq!(sessions.stale, [door], "what a start alone reads");
    }

    #[test]
    fn messages_change_live_on_both_sides() {
        let mut world = World::empty();
        let door = world.server("door", Transport::Tcp, "127.0.0.1:7788", "poll");
        let phone = world.client("phone", door);
        let mut sessions = Sessions::default();
        for id in [door, phone] {
            sessions.start(&world.lab, id);
            world.session(id);
        }
        let before = world.lab.clone();
        let framing = crate::bytes::FramingKind::Delimiter.usual();
        world.lab.server_mut(door).unwrap().messages.framing = framing.clone();
        world.lab.client_mut(phone).unwrap().messages.framing = framing.clone();
        let commands = sessions.changes(&before, &world.lab, &world.snap);
        assert!(
            matches!(&commands[..], [Command::SetMessages(a, m), Command::SetMessages(b, n)]
                if (*a, *b) == (door, phone) && m.framing == framing && n.framing == framing),
            "{commands:?}"
        );
        sessions.look(&world.lab, &world.snap);
        assert!(sessions.stale.is_empty(), "nothing is left to apply");
    }

    #[test]
    fn a_rename_is_told_and_a_removed_endpoint_forgotten() {
        let before = Lab::starter("poll");
        let (server, client) = (before.servers[0].id, before.clients[0].id);
        let mut after = before.clone();
        assert!(after.rename(server, "door") && after.remove(client));
        let commands = Sessions::default().changes(&before, &after, &World::empty().snap);
        assert!(matches!(&commands[..], [Command::Rename(a, name), Command::Forget(b)] if *a == server && name == "door" && *b == client));
    }

    #[test]
    fn names_and_packets_do_not_make_a_document_old_but_addresses_do() {
        let mut lab = Lab::starter("poll");
        let (server, client) = (lab.servers[0].id, lab.clients[0].id);
        let was = [Document::of(&lab, server), Document::of(&lab, client)];
        lab.rename(server, "door");
        lab.servers[0].packet.body = "x".into();
        assert_eq!([Document::of(&lab, server), Document::of(&lab, client)], was);
        lab.servers[0].backlog = 3;
        lab.clients[0].connections = 9;
        assert!(Document::of(&lab, server) != was[0] && Document::of(&lab, client) != was[1]);
    }
}
