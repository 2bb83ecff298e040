//! Changes to a lab that keep it whole: unique names, references that follow a rename.

use crate::settings::Settings;

use super::{
    Address, AfterEnd, Client, EndpointId, Lab, Life, Messages, Opening, Packet, Reconnect, SavedPacket, Server, Target, Transport,
};

/// Default `n` of `listen(n)`, as in most programs (and Rust's own listeners).
pub const DEFAULT_BACKLOG: u32 = 128;
/// Most connections one client may open.
pub const MAX_CONNECTIONS: u32 = 5_000;

impl Lab {
    /// The name of the lab of a first start.
    pub const STARTER: &str = "first-sockets";

    /// The lab a first start opens: one TCP echo server and one client for it, stopped.
    pub fn starter(default_model: &str) -> Self {
        let mut lab = Self { name: Self::STARTER.into(), ..Self::default() };
        let server = lab.add_server(Transport::Tcp, default_model);
        if let Some(server) = lab.server_mut(server) {
            server.name = "echo-tcp".into();
            server.address = Address::Inet { host: "127.0.0.1".into(), port: 7788 };
        }
        lab.add_client(Transport::Tcp, Some("echo-tcp"));
        lab
    }

    /// Packets alone, as a collection is kept in a file.
    pub fn of_packets(packets: Vec<SavedPacket>) -> Self {
        Self { packets, ..Self::default() }
    }

    /// A new server with a fresh name and address.
    pub fn add_server(&mut self, transport: Transport, model: &str) -> EndpointId {
        let id = self.fresh_id();
        let name = self.fresh_name(&format!("echo-{}", transport.id().trim_end_matches("-stream")));
        self.servers.push(Server {
            id,
            name,
            transport,
            address: Address::suggestion(transport, id.0 as usize),
            model: model.to_owned(),
            model_settings: Settings::default(),
            service: "echo".into(),
            service_settings: Settings::default(),
            life: Life::default(),
            backlog: DEFAULT_BACKLOG,
            messages: Messages::default(),
            packet: Packet::default(),
        });
        id
    }

    /// A new client, for a server of this lab if one is named.
    pub fn add_client(&mut self, transport: Transport, server: Option<&str>) -> EndpointId {
        let id = self.fresh_id();
        let name = self.fresh_name("client");
        let target = match server {
            Some(name) => Target::Server(name.to_owned()),
            None => Target::Address(if transport.is_unix() {
                Address::suggestion(transport, 1)
            } else {
                Address::Inet { host: "127.0.0.1".into(), port: 7788 }
            }),
        };
        self.clients.push(Client {
            id,
            name,
            transport,
            target,
            local: None,
            connect_timeout_ms: 5_000,
            reconnect: Reconnect::Off,
            after_end: AfterEnd::Close,
            connections: 1,
            opening: Opening::default(),
            messages: Messages::default(),
            packet: Packet::default(),
        });
        id
    }

    /// A copy beside the original, under a fresh name (and, for a server, with a port the system chooses or a fresh path).
    pub fn duplicate(&mut self, id: EndpointId) -> Option<EndpointId> {
        let copy_id = self.fresh_id();
        if let Some(at) = self.servers.iter().position(|s| s.id == id) {
            let mut copy = self.servers[at].clone();
            copy.id = copy_id;
            copy.name = self.fresh_name(&copy.name);
            copy.address = match copy.address {
                Address::Inet { host, .. } => Address::Inet { host, port: 0 },
                Address::Path(_) => Address::suggestion(copy.transport, copy_id.0 as usize),
            };
            self.servers.insert(at + 1, copy);
            return Some(copy_id);
        }
        let at = self.clients.iter().position(|c| c.id == id)?;
        let mut copy = self.clients[at].clone();
        copy.id = copy_id;
        copy.name = self.fresh_name(&copy.name);
        self.clients.insert(at + 1, copy);
        Some(copy_id)
    }

    /// Renames an endpoint; clients that name a renamed server follow. False when the name is empty or taken.
    pub fn rename(&mut self, id: EndpointId, name: &str) -> bool {
        let name = name.trim();
        if name.is_empty() || self.names().any(|(other, n)| n == name && other != id) {
            return false;
        }
        if let Some(server) = self.server_mut(id) {
            let old = std::mem::replace(&mut server.name, name.to_owned());
            for client in &mut self.clients {
                if client.target == Target::Server(old.clone()) {
                    client.target = Target::Server(name.to_owned());
                }
            }
            return true;
        }
        match self.client_mut(id) {
            Some(client) => {
                client.name = name.to_owned();
                true
            }
            None => false,
        }
    }

    /// Removes an endpoint. Clients of a removed server keep its last address.
    pub fn remove(&mut self, id: EndpointId) -> bool {
        if let Some(at) = self.servers.iter().position(|s| s.id == id) {
            let gone = self.servers.remove(at);
            for client in &mut self.clients {
                if client.target == Target::Server(gone.name.clone()) {
                    client.target = Target::Address(gone.address.clone());
                }
            }
            return true;
        }
        let before = self.clients.len();
        self.clients.retain(|c| c.id != id);
        self.clients.len() < before
    }

    /// A server by id.
    pub fn server(&self, id: EndpointId) -> Option<&Server> {
        self.servers.iter().find(|s| s.id == id)
    }

    /// A server by id, to change.
    pub fn server_mut(&mut self, id: EndpointId) -> Option<&mut Server> {
        self.servers.iter_mut().find(|s| s.id == id)
    }

    /// A client by id.
    pub fn client(&self, id: EndpointId) -> Option<&Client> {
        self.clients.iter().find(|c| c.id == id)
    }

    /// A client by id, to change.
    pub fn client_mut(&mut self, id: EndpointId) -> Option<&mut Client> {
        self.clients.iter_mut().find(|c| c.id == id)
    }

    /// The server of this name.
    pub fn server_named(&self, name: &str) -> Option<&Server> {
        self.servers.iter().find(|s| s.name == name)
    }

    /// Every endpoint's id and name, servers first.
    pub fn names(&self) -> impl Iterator<Item = (EndpointId, &str)> {
        let servers = self.servers.iter().map(|s| (s.id, s.name.as_str()));
        servers.chain(self.clients.iter().map(|c| (c.id, c.name.as_str())))
    }

    pub(super) fn fresh_id(&mut self) -> EndpointId {
        self.next_id += 1;
        EndpointId(self.next_id)
    }

    /// `base`, or `base-2`, `base-3` …; a number at the end of `base` is counted on.
    fn fresh_name(&self, base: &str) -> String {
        let taken = |name: &str| self.names().any(|(_, n)| n == name);
        let stem = base.rsplit_once('-').filter(|(_, n)| n.parse::<u32>().is_ok()).map_or(base, |(stem, _)| stem);
        if !taken(base) {
            return base.to_owned();
        }
        (2..).map(|n| format!("{stem}-{n}")).find(|name| !taken(name)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_follow_a_renamed_server_and_keep_the_address_of_a_removed_one() {
        let mut lab = Lab::starter("poll");
        let (server, client) = (lab.servers[0].id, lab.clients[0].id);
        assert!(lab.rename(server, "door"));
        assert_eq!(lab.clients[0].target, Target::Server("door".into()));
        assert!(!lab.rename(client, "door"), "taken");
        assert!(!lab.rename(client, "  "));
        assert!(lab.remove(server));
        assert_eq!(lab.clients[0].target.clone(), Target::Address(Address::Inet { host: "127.0.0.1".into(), port: 7788 }));
    }

    #[test]
    fn copies_get_fresh_names_and_addresses() {
        let mut lab = Lab::starter("poll");
        let first = lab.servers[0].id;
        let second = lab.duplicate(first).unwrap();
        let third = lab.duplicate(second).unwrap();
        let names: Vec<_> = lab.servers.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["echo-tcp", "echo-tcp-2", "echo-tcp-3"]);
        assert_eq!(lab.server(third).unwrap().address.to_string(), "127.0.0.1:0");
    }
}
