//! A deed as commands for the engine, and as a change of the lab.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{
    CloseHow, Command, ConnId, ConnPick, ConnState, GateMove, Outgoing, PacketError, Payload, Recipe, SendTo, SessionState, SessionView,
    Snapshot, Spec, catalog,
};
use crate::lab::{AcceptPace, Address, ChangeError, EndpointId, Lab, Packet, PacketFormat, Server, Side, Target};
use crate::script::{Change, Closing, Deed, GateDeed, Key, Sent, Which, Who};

/// A deed that cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum DeedError {
    /// What it names does not exist, or does not fit.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// What it sends has no bytes.
    #[error(transparent)]
    Packet(#[from] PacketError),
    /// A server whose address is asked for has none.
    #[error("server '{0}' has no address yet; start it first")]
    NoAddress(String),
}

/// What the engine is asked for, in order; the lab is changed where the deed says so. [`Deed::Wait`] asks for nothing: who plays
/// waits.
///
/// # Errors
/// When the deed does not fit the lab, or its bytes cannot be made; then nothing is changed.
pub fn carry_out(deed: &Deed, lab: &mut Lab, snapshot: &Snapshot) -> Result<Vec<Command>, DeedError> {
    let mut changed = lab.clone();
    changed.follow(deed, &catalog::known())?;
    let commands = commands(deed, lab, &mut changed, snapshot)?;
    *lab = changed;
    Ok(commands)
}

fn commands(deed: &Deed, before: &Lab, lab: &mut Lab, snapshot: &Snapshot) -> Result<Vec<Command>, DeedError> {
    let id = |name: &str| lab.endpoint_named(name).map(|(id, _)| id);
    Ok(match deed {
        Deed::Start(who) => chosen(who, lab)?.into_iter().filter_map(|id| start(lab, id)).collect(),
        Deed::Stop(Who::All) => vec![Command::StopAll],
        Deed::Stop(who) => chosen(who, lab)?.into_iter().map(Command::Stop).collect(),
        Deed::Finish(of) => vec![Command::Finish(id(of)?)],
        Deed::Crash(of) => vec![Command::Crash(id(of)?)],
        Deed::Open { client, count } => vec![Command::Open { client: id(client)?, count: *count }],
        Deed::Close { of, which, how } => {
            let pick = match which {
                Which::All => ConnPick::All,
                Which::Newest(count) => ConnPick::Newest(*count),
            };
            let how = match how {
                Closing::Orderly => CloseHow::Orderly,
                Closing::Half => CloseHow::HalfClose,
                Closing::Reset => CloseHow::Reset,
            };
            vec![Command::Close { session: id(of)?, pick, how }]
        }
        Deed::Send { from, which, what, to, times, every } => {
            let outgoing = outgoing(lab, from, what, *times, *every)?;
            let id = id(from)?;
            let to = match (to, which) {
                (Some(address), _) => SendTo::Address(address.as_str().into()),
                (None, Which::All) => SendTo::All,
                (None, Which::Newest(count)) => SendTo::These(newest(snapshot, id, *count)),
            };
            vec![Command::Send { from: id, to, outgoing }]
        }
        Deed::StopSending(of) => vec![Command::StopSending(id(of)?)],
        Deed::RunSequence { sequence, from } => {
            let sequence = Box::new(lab.sequence_named(sequence)?.clone());
            vec![Command::RunSequence { from: id(from)?, to: SendTo::All, sequence }]
        }
        Deed::StopSequence(of) => vec![Command::StopSequence(id(of)?)],
        Deed::Set { of, changes } => {
            let id = id(of)?;
            if runs(snapshot, id) { set(before, lab, id, changes) } else { Vec::new() }
        }
        Deed::AddressOf { of, other } => {
            let (id, other_id) = (id(of)?, id(other)?);
            let address = address(lab, other_id, snapshot).ok_or_else(|| DeedError::NoAddress(other.clone()))?;
            if let Some(server) = lab.server_mut(id) {
                server.address = address;
            } else if let Some(client) = lab.client_mut(id) {
                client.target = Target::Address(address);
            }
            Vec::new()
        }
        Deed::Accept { of, count } => {
            let id = id(of)?;
            (0..*count).map(|_| Command::AcceptOne(id)).collect()
        }
        Deed::Pause(of) => vec![Command::SetPace(id(of)?, AcceptPace::Paused)],
        Deed::Resume(of) => vec![Command::SetPace(id(of)?, AcceptPace::Eager)],
        Deed::Gate { of, gate } => {
            let (session, moves) = (id(of)?, gate_moves(*gate));
            moves.into_iter().map(|gate| Command::Gate { session, lane: None, gate }).collect()
        }
        Deed::ClearTraffic => vec![Command::ClearTraffic],
        Deed::Wait(_) => Vec::new(),
    })
}

/// Of its connections that are open, those that opened last.
fn newest(snapshot: &Snapshot, id: EndpointId, count: u32) -> Arc<[ConnId]> {
    let conns = snapshot.session(id).map_or(&[][..], |session| &session.connections);
    let is_open = |state| !matches!(state, ConnState::Closed | ConnState::Connecting);
    let mut open: Vec<ConnId> = conns.iter().filter(|c| is_open(c.state)).map(|c| c.info.id).collect();
    open.sort_unstable();
    open.split_off(open.len().saturating_sub(count as usize)).into()
}

/// Servers first, so that clients find them.
fn chosen(who: &Who, lab: &Lab) -> Result<Vec<EndpointId>, ChangeError> {
    match who {
        Who::All => Ok(lab.names().map(|(id, _)| id).collect()),
        Who::These(names) => {
            let mut found: Vec<_> = names.iter().map(|name| lab.endpoint_named(name)).collect::<Result<_, _>>()?;
            found.sort_by_key(|(_, side)| *side == Side::Client);
            Ok(found.into_iter().map(|(id, _)| id).collect())
        }
    }
}

fn start(lab: &Lab, id: EndpointId) -> Option<Command> {
    let spec = match lab.server(id) {
        Some(server) => Spec::Server(server.clone()),
        None => client_spec(lab, id)?,
    };
    Some(Command::Start(Box::new(spec)))
}

fn client_spec(lab: &Lab, id: EndpointId) -> Option<Spec> {
    let client = lab.client(id)?.clone();
    let server = match &client.target {
        Target::Server(name) => lab.server_named(name).cloned(),
        Target::Address(_) | Target::Pair => None,
    };
    Some(Spec::Client { client, server })
}

fn gate_moves(gate: GateDeed) -> Vec<GateMove> {
    match gate {
        GateDeed::Hold => vec![GateMove::Pause],
        GateDeed::Step(count) => vec![GateMove::Step; count as usize],
        GateDeed::NextWait => vec![GateMove::ToNextWait],
        GateDeed::Free => vec![GateMove::Run],
    }
}

/// What a change of the document means for what runs.
fn set(before: &Lab, lab: &Lab, id: EndpointId, changes: &[Change]) -> Vec<Command> {
    let mut commands = Vec::new();
    let messages = |lab: &Lab| lab.server(id).map(|s| s.messages.clone()).or_else(|| lab.client(id).map(|c| c.messages.clone()));
    if messages(before) != messages(lab) {
        commands.extend(messages(lab).map(|m| Command::SetMessages(id, Box::new(m))));
    }
    if let Some(server) = lab.server(id) {
        let has = |key: &Key| changes.iter().any(|change| change.key == *key);
        if before.server(id).is_some_and(|old| is_another(old, server)) {
            return vec![Command::Restart(Box::new(Spec::Server(server.clone())))];
        }
        if has(&Key::Backlog) {
            commands.push(Command::SetBacklog(id, server.backlog));
        }
        if has(&Key::Pace) {
            commands.push(Command::SetPace(id, server.life.accept_pace));
        }
    } else if before.client(id).zip(lab.client(id)).is_some_and(|(old, new)| (&old.target, old.reconnect) != (&new.target, new.reconnect)) {
        commands.extend(client_spec(lab, id).map(|spec| Command::Restart(Box::new(spec))));
    }
    commands
}

/// Whether a running server must begin anew.
fn is_another(old: &Server, new: &Server) -> bool {
    let of = |s: &Server| (s.model.clone(), s.model_settings.clone(), s.service.clone(), s.service_settings.clone(), s.address.clone());
    of(old) != of(new) || (old.life.requests, old.life.idle_timeout_ms) != (new.life.requests, new.life.idle_timeout_ms)
}

fn outgoing(lab: &Lab, from: &str, what: &Sent, times: Option<u32>, every: Option<Duration>) -> Result<Outgoing, DeedError> {
    let (id, _) = lab.endpoint_named(from)?;
    let (framing, own) = match (lab.server(id), lab.client(id)) {
        (Some(server), _) => (server.messages.framing.clone(), &server.packet),
        (None, Some(client)) => (client.messages.framing.clone(), &client.packet),
        (None, None) => return Err(ChangeError::NoEndpoint { name: from.to_owned(), known: Vec::new() }.into()),
    };
    let bare = |body: &str, format| Packet { body: body.to_owned(), format, every_ms: 0, ..Packet::default() };
    let packet = match what {
        Sent::Own => own.clone(),
        Sent::Text(text) => bare(text, PacketFormat::Text),
        Sent::Hex(text) => bare(text, PacketFormat::Hex),
        Sent::Saved(name) => lab.packet_named(name)?.clone(),
    };
    let mut outgoing = Outgoing::of(&packet, Payload::Made(Arc::new(Recipe::of(&packet, &framing)?)));
    outgoing.times = times.unwrap_or(outgoing.times);
    outgoing.every = every.unwrap_or(outgoing.every);
    Ok(outgoing)
}

/// Where a server is bound.
fn address(lab: &Lab, id: EndpointId, snapshot: &Snapshot) -> Option<Address> {
    let transport = lab.server(id)?.transport;
    let local = snapshot.session(id)?.local.as_deref()?;
    Address::parse(transport, local).ok()
}

fn runs(snapshot: &Snapshot, id: EndpointId) -> bool {
    snapshot.session(id).is_some_and(|s| matches!(s.state, SessionState::Starting | SessionState::Running))
}

/// Whether what a deed begins is there, as far as it can be waited for: a server serves, a client's first connects have an answer,
/// a stopped one is over, a first send is out. `before` is what was when the deed was done.
pub fn settled(deed: &Deed, lab: &Lab, before: &Snapshot, now: &Snapshot) -> bool {
    let session = |name: &str| lab.endpoint_named(name).ok().and_then(|(id, _)| now.session(id));
    let is_over = |s: &SessionView| matches!(s.state, SessionState::Stopped | SessionState::Failed);
    match deed {
        Deed::Start(who) => {
            // The end of its last run is no answer to this start.
            let is_new = |id| before.session(id).is_none_or(|s| !is_over(s)) || now.seq > before.seq + 1;
            chosen(who, lab).unwrap_or_default().into_iter().all(|id| has_begun(lab, now, id) && is_new(id))
        }
        Deed::Stop(Who::All) => now.sessions.iter().all(|s| is_over(s)),
        Deed::Stop(Who::These(names)) => names.iter().all(|name| session(name).is_none_or(|s| is_over(s))),
        Deed::Crash(of) => session(of).is_none_or(|s| is_over(s)),
        Deed::Open { client, count } => {
            let was = lab.endpoint_named(client).ok().and_then(|(id, _)| before.session(id)).map_or(0, |s| tried(s));
            session(client).is_none_or(|s| is_over(s) || tried(s) >= was + u64::from(*count))
        }
        Deed::Set { of, .. } => {
            let id = lab.endpoint_named(of).map(|(id, _)| id).unwrap_or_default();
            !runs(before, id) || has_begun(lab, now, id) && now.seq > before.seq + 1
        }
        // What is closed or stopped next must not overtake it. A send that the system refuses has left a failure.
        Deed::Send { from, .. } => {
            let was = lab.endpoint_named(from).ok().and_then(|(id, _)| before.session(id));
            let sent = |s: &SessionView| s.counters.tx_messages;
            session(from).is_none_or(|s| is_over(s) || was.is_none_or(|was| sent(s) > sent(was) || s.failure != was.failure))
        }
        // Clients close by a thread of their own.
        Deed::Close { .. } => now.seq > before.seq + 1,
        Deed::Finish(_)
        | Deed::StopSending(_)
        | Deed::RunSequence { .. }
        | Deed::StopSequence(_)
        | Deed::AddressOf { .. }
        | Deed::Accept { .. }
        | Deed::Pause(_)
        | Deed::Resume(_)
        | Deed::Gate { .. }
        | Deed::ClearTraffic
        | Deed::Wait(_) => true,
    }
}

/// Connects that had an answer.
fn tried(session: &SessionView) -> u64 {
    session.counters.opened + session.counters.failed
}

fn has_begun(lab: &Lab, now: &Snapshot, id: EndpointId) -> bool {
    let Some(session) = now.session(id) else { return false };
    match session.state {
        SessionState::Starting | SessionState::Stopping => false,
        SessionState::Stopped | SessionState::Failed => true,
        SessionState::Running => lab.client(id).is_none_or(|c| tried(session) >= u64::from(c.connections)),
    }
}
