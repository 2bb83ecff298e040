//! What a lab from a file wants to do beyond this machine, and whether the person has agreed. It opens nothing; it only says
//! what must be asked before a start.
//!
//! What a person types is their own wish and not asked about; what came with a file is asked once for each address.

use crate::lab::{Address, Client, EndpointId, Lab, Packet, Server, Target};

/// Sends without a pause up to this number are a message in parts; more is a flood.
const BURST: u32 = 1_000;

/// One thing that other machines would notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Risk {
    pub id: EndpointId,
    pub kind: RiskKind,
    pub address: Address,
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RiskKind {
    /// A server that others can reach.
    Listen,
    /// A client that sends without pause to another machine.
    Flood,
}

/// What the opened file brought and was not agreed to yet.
#[derive(Debug, Default)]
pub(super) struct Trust {
    asked_for: Vec<Risk>,
}

impl Trust {
    /// A file was opened.
    pub fn opened(lab: &Lab) -> Self {
        Self { asked_for: lab.names().filter_map(|(id, _)| risk(lab, id)).collect() }
    }

    /// What must be asked before these start: it stands in the lab as the file had it.
    pub fn questions(&self, lab: &Lab, ids: impl Iterator<Item = EndpointId>) -> Vec<Risk> {
        ids.filter_map(|id| risk(lab, id)).filter(|r| self.asked_for.contains(r)).collect()
    }

    /// The person agreed.
    pub fn agree(&mut self, risks: &[Risk]) {
        self.asked_for.retain(|r| !risks.contains(r));
    }

    /// A copy of an endpoint is as strange as the endpoint, though its port is another.
    pub fn copied(&mut self, lab: &Lab, from: EndpointId, to: EndpointId) {
        if self.asked_for.iter().any(|r| r.id == from) {
            self.asked_for.extend(risk(lab, to));
        }
    }
}

fn risk(lab: &Lab, id: EndpointId) -> Option<Risk> {
    if let Some(Server { address, .. }) = lab.server(id) {
        return (!address.is_loopback()).then(|| Risk { id, kind: RiskKind::Listen, address: address.clone() });
    }
    let Client { target, packet, .. } = lab.client(id)?;
    let address = match target {
        Target::Address(address) => address,
        // A server that does not run is connected to all the same, at the address of its document.
        Target::Server(name) => &lab.server_named(name)?.address,
        // It never leaves the process.
        Target::Pair => return None,
    };
    (floods(packet) && leaves(address)).then(|| Risk { id, kind: RiskKind::Flood, address: address.clone() })
}

/// Whether a start alone begins to send as fast as the socket takes it, for long.
fn floods(packet: &Packet) -> bool {
    packet.on_connect && packet.every_ms == 0 && (packet.times == 0 || packet.times > BURST)
}

/// Whether connecting there goes to another machine. *Any address* means this one to connect(2).
fn leaves(address: &Address) -> bool {
    match address {
        Address::Inet { host, .. } => {
            let any = host.is_empty() || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_unspecified());
            !any && !address.is_loopback()
        }
        Address::Path(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Transport;

    fn at(host: &str) -> Address {
        Address::Inet { host: host.into(), port: 7000 }
    }

    fn asked(trust: &Trust, lab: &Lab) -> usize {
        trust.questions(lab, lab.names().map(|(id, _)| id)).len()
    }

    #[test]
    fn addresses_beyond_loopback_are_asked_once() {
        for (host, risky) in
            [("127.0.0.1", false), ("::1", false), ("localhost", false), ("0.0.0.0", true), ("::", true), ("", true), ("example.org", true)]
        {
            let mut lab = Lab::starter("poll");
            lab.servers[0].address = at(host);
            let mut trust = Trust::opened(&lab);
            let risks = trust.questions(&lab, lab.names().map(|(id, _)| id));
            assert_eq!(risks.len(), usize::from(risky), "{host}");
            trust.agree(&risks);
            assert_eq!(asked(&trust, &lab), 0, "{host}");
        }
    }

    #[test]
    fn what_a_person_types_is_not_asked_and_a_copy_of_the_files_is() {
        let mut lab = Lab::starter("poll");
        let mut trust = Trust::opened(&lab);
        lab.servers[0].address = at("0.0.0.0");
        assert_eq!(asked(&trust, &lab), 0, "typed");

        trust = Trust::opened(&lab);
        let first = lab.servers[0].id;
        let copy = lab.duplicate(first).unwrap();
        trust.copied(&lab, first, copy);
        assert_eq!(asked(&trust, &lab), 2);
        lab.servers[0].address = at("127.0.0.1");
        assert_eq!(asked(&trust, &lab), 1, "made harmless");
    }

    #[test]
    fn only_a_flood_to_another_machine_is_asked() {
        let mut lab = Lab::starter("poll");
        let client = lab.add_client(Transport::Udp, None);
        let flood = Packet { on_connect: true, every_ms: 0, times: 0, ..Packet::default() };
        let cases = [
            ("example.org", flood.clone(), 1),
            ("192.0.2.1", Packet { times: 4_000_000, ..flood.clone() }, 1),
            ("192.0.2.1", Packet { times: 10, ..flood.clone() }, 0),
            ("192.0.2.1", Packet { every_ms: 5, ..flood.clone() }, 0),
            ("192.0.2.1", Packet { on_connect: false, ..flood.clone() }, 0),
            ("127.0.0.1", flood.clone(), 0),
            ("0.0.0.0", flood, 0),
        ];
        for (host, packet, expected) in cases {
            let c = lab.client_mut(client).unwrap();
            (c.target, c.packet) = (Target::Address(at(host)), packet);
            assert_eq!(asked(&Trust::opened(&lab), &lab), expected, "{host}");
        }
        // Through a server of the lab that stands for another machine.
        lab.servers[0].address = at("192.0.2.1");
        lab.clients[0].packet = Packet { on_connect: true, every_ms: 0, times: 0, ..Packet::default() };
        assert!(Trust::opened(&lab).asked_for.iter().any(|r| r.id == lab.clients[0].id && r.kind == RiskKind::Flood));
    }
}
