//! The program of one endpoint as it was made last: made again only when something that it depends on is another. It asks the lab
//! and the snapshot which address is meant, and nothing else.

use std::sync::Arc;

use crate::code::{self, Endpoint, Language, NoProgram, Program, Words};
use crate::engine::{SessionState, Snapshot};
use crate::lab::{Address, Client, EndpointId, Lab, Server, Target};
use crate::ui::theme::Theme;

use super::listing::Listing;

/// All that a program depends on.
#[derive(Debug, PartialEq)]
struct Of {
    whose: Whose,
    /// The bound address of the server that it is, or connects to, while that runs.
    bound: Option<Arc<str>>,
    language: Language,
    words: Words,
}

#[derive(Debug, PartialEq)]
enum Whose {
    Server(Box<Server>),
    /// With the address in the lab; `None` when its server is not there.
    Client(Box<Client>, Option<Address>),
}

/// A program, or why there is none.
#[derive(Debug)]
pub struct Made {
    of: Of,
    pub program: Result<Program, NoProgram>,
    listing: Option<Listing>,
}

impl Made {
    /// Makes it again if it is another's or the settings, the address or one of the languages changed. `None` when there is no such endpoint,
    /// or it is a client whose server is not in the lab.
    pub fn update(made: &mut Option<Self>, lab: &Lab, snap: &Snapshot, id: EndpointId, in_what: (Language, Words)) {
        let bound = server_of(lab, id).and_then(|server| bound(snap, server.id));
        if made.as_ref().is_some_and(|made| made.is_of(lab, id, bound, in_what)) {
            return;
        }
        *made = whose(lab, id).map(|whose| {
            let (language, words) = in_what;
            let of = Of { whose, bound: bound.cloned(), language, words };
            Self { program: of.program(), of, listing: None }
        });
    }

    /// Compares without making anything: it is asked in each frame.
    fn is_of(&self, lab: &Lab, id: EndpointId, bound: Option<&Arc<str>>, in_what: (Language, Words)) -> bool {
        let same = match &self.of.whose {
            Whose::Server(server) => lab.server(id).is_some_and(|now| *now == **server),
            Whose::Client(client, to) => lab.client(id).is_some_and(|now| *now == **client) && address_of(lab, client) == to.as_ref(),
        };
        same && self.of.bound.as_ref() == bound && (self.of.language, self.of.words) == in_what
    }

    /// Its lines in the colours of this theme.
    pub fn listing(&mut self, theme: &Theme) -> Option<&Listing> {
        let program = self.program.as_ref().ok()?;
        if self.listing.as_ref().is_none_or(|listing| !listing.is_of(theme)) {
            self.listing = Some(Listing::new(theme, self.of.language, &program.text));
        }
        self.listing.as_ref()
    }
}

impl Of {
    fn program(&self) -> Result<Program, NoProgram> {
        let bound = |transport| self.bound.as_ref().and_then(|bound| Address::parse(transport, bound).ok());
        match &self.whose {
            // The directory of a run is another in each: while it lasts, its name is what a program can use.
            Whose::Server(server) => match bound(server.transport).filter(|_| is_of_a_run(server)) {
                Some(address) => code::program(Endpoint::Server(&Server { address, ..Server::clone(server) }), self.language, self.words),
                None => code::program(Endpoint::Server(server), self.language, self.words),
            },
            Whose::Client(client, _) if client.target == Target::Pair => code::program(Endpoint::Pair(client), self.language, self.words),
            Whose::Client(client, to) => match bound(client.transport).or_else(|| to.clone()) {
                Some(to) => code::program(Endpoint::Client(client, &to), self.language, self.words),
                None => Err(NoProgram::PortUnknown),
            },
        }
    }
}

fn is_of_a_run(server: &Server) -> bool {
    match &server.address {
        Address::Path(path) => path.starts_with("{run}"),
        Address::Inet { .. } => false,
    }
}

fn whose(lab: &Lab, id: EndpointId) -> Option<Whose> {
    if let Some(server) = lab.server(id) {
        return Some(Whose::Server(Box::new(server.clone())));
    }
    let client = lab.client(id)?;
    Some(Whose::Client(Box::new(client.clone()), address_of(lab, client).cloned()))
}

/// Where a client connects to, as the lab says.
fn address_of<'a>(lab: &'a Lab, client: &'a Client) -> Option<&'a Address> {
    match &client.target {
        Target::Address(address) => Some(address),
        Target::Server(name) => lab.server_named(name).map(|server| &server.address),
        Target::Pair => None,
    }
}

/// The endpoint itself, or the server of the lab that it connects to.
fn server_of(lab: &Lab, id: EndpointId) -> Option<&Server> {
    let of_client = || match &lab.client(id)?.target {
        Target::Server(name) => lab.server_named(name),
        Target::Address(_) | Target::Pair => None,
    };
    lab.server(id).or_else(of_client)
}

/// What `getsockname` answered, while the server runs.
fn bound(snap: &Snapshot, server: EndpointId) -> Option<&Arc<str>> {
    snap.session(server).filter(|session| session.state == SessionState::Running)?.local.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Transport;
    use crate::ui::panel::fake::World;

    fn made(world: &World, id: EndpointId, kept: &mut Option<Made>) -> String {
        Made::update(kept, &world.lab, &world.snap, id, (Language::Python, Words::En));
        kept.as_ref().map_or("nothing".into(), |made| made.program.as_ref().map_or_else(ToString::to_string, |p| p.text.clone()))
    }

    #[test]
    fn a_client_follows_the_port_of_its_server_while_that_runs() {
        let mut world = World::empty();
        let echo = world.server("echo", Transport::Tcp, "127.0.0.1:0", "poll");
        let phone = world.client("phone", echo);
        let mut kept = None;
        assert!(made(&world, phone, &mut kept).contains("chosen when it starts"));
        world.session(echo).local = Some("127.0.0.1:49152".into());
        assert!(made(&world, phone, &mut kept).contains("49152"));
        world.session(echo).state = SessionState::Stopped;
        assert!(made(&world, phone, &mut kept).contains("chosen when it starts"));
        assert_eq!(made(&world, EndpointId(99), &mut kept), "nothing");
    }

    #[test]
    fn a_program_is_made_again_only_when_its_settings_change() {
        let mut world = World::empty();
        let echo = world.server("echo", Transport::Tcp, "127.0.0.1:7788", "poll");
        let other = world.server("other", Transport::Tcp, "127.0.0.1:7789", "poll");
        let mut kept = None;
        made(&world, echo, &mut kept);
        let text = |kept: &Option<Made>| kept.as_ref().and_then(|made| made.program.as_ref().ok()).map(|p| p.text.as_ptr());
        let first = text(&kept);
        world.lab.server_mut(other).unwrap().backlog = 1;
        world.snap.seq += 1;
        made(&world, echo, &mut kept);
        assert_eq!(text(&kept), first, "the same text at the same place");
        world.lab.server_mut(echo).unwrap().service = "upper".into();
        assert!(made(&world, echo, &mut kept).contains("upper"));
        assert_ne!(kept.as_ref().unwrap().of.whose, Whose::Server(Box::new(world.lab.server(other).unwrap().clone())));
    }
}
