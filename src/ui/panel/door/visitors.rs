//! Which clients of the lab come to a server, and how they are asked for more: connections, and what they send.

use std::time::Duration;

use crate::bytes::Framing;
use crate::engine::{Command, ConnState, Outgoing, SendTo, SessionState, Snapshot};
use crate::lab::{Client, EndpointId, Lab, Server, Transport};
use crate::ui::panel::composer::message::ready;
use crate::ui::panel::stage::target_server;
use crate::ui::{Action, Cx};

/// The clients that aim at a server.
pub fn of<'a>(lab: &'a Lab, snap: &Snapshot, server: EndpointId) -> Vec<&'a Client> {
    lab.clients.iter().filter(|c| target_server(snap, lab, c).is_some_and(|s| s.id == server)).collect()
}

/// Asks for more connections: of the first client that runs, else of the first; without one, a client is added that opens
/// none by itself.
pub fn open(cx: &mut Cx<'_>, server: &Server, count: u32) {
    let all = of(cx.lab, cx.snap, server.id);
    let runs = |c: &&&Client| cx.snap.session(c.id).is_some_and(|s| s.state == SessionState::Running);
    let known = all.iter().find(runs).or_else(|| all.first()).map(|c| c.id);
    let client = match known {
        Some(id) => id,
        None => {
            let mut added = None;
            cx.edit("undo-add-client", None, |lab| added = Some(add(lab, server.transport, &server.name)));
            let Some(added) = added else { return };
            added
        }
    };
    cx.act(Action::OpenMore { client, count });
}

fn add(lab: &mut Lab, transport: Transport, server: &str) -> EndpointId {
    let id = lab.add_client(transport, Some(server));
    if let Some(client) = lab.client_mut(id) {
        client.connections = 0;
    }
    id
}

/// What *Clients send* asks for: each client with an open connection sends its packet once on each of them.
pub fn sends(lab: &Lab, snap: &Snapshot, server: EndpointId) -> Vec<Command> {
    let send = |client: &Client| {
        let session = snap.session(client.id).filter(|s| s.state == SessionState::Running)?;
        let is_open = |state| matches!(state, ConnState::Waiting | ConnState::Open | ConnState::PeerEnded);
        session.connections.iter().find(|c| is_open(c.state))?;
        let framing = if client.transport.is_stream() { &client.messages.framing } else { &Framing::Raw };
        let outgoing = Outgoing { payload: ready(&client.packet, framing)?, every: Duration::ZERO, times: 1, bytes_per_s: 0 };
        Some(Command::Send { from: client.id, to: SendTo::All, outgoing })
    };
    of(lab, snap, server).into_iter().filter_map(send).collect()
}
