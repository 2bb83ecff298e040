//! From a packet to what its TCP segment or UDP datagram says. Knows the link types that ordinary machines capture with.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::headers::{ACK, FIN, PSH, RST, SYN};

/// Of tcpdump.org's list.
const LINK_NULL: u16 = 0;
const LINK_ETHERNET: u16 = 1;
const LINK_RAW_OLD: u16 = 12;
const LINK_RAW: u16 = 101;
const LINK_LOOP: u16 = 108;
const LINK_LINUX_SLL: u16 = 113;
const LINK_IPV4: u16 = 228;
const LINK_IPV6: u16 = 229;
const LINK_LINUX_SLL2: u16 = 276;

/// A segment or a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dissected<'a> {
    /// Sender.
    pub from: SocketAddr,
    /// Receiver.
    pub to: SocketAddr,
    /// TCP's part; none for UDP.
    pub tcp: Option<Segment>,
    /// Its bytes, as many as were kept.
    pub data: &'a [u8],
    /// As many as there were.
    pub len: usize,
}

/// What a TCP header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of the header")]
pub struct Segment {
    /// Number of its first byte.
    pub seq: u32,
    /// SYN.
    pub syn: bool,
    /// ACK.
    pub ack: bool,
    /// FIN.
    pub fin: bool,
    /// RST.
    pub rst: bool,
    /// PSH.
    pub push: bool,
}

/// The TCP segment or UDP datagram of a packet; none for everything else, fragments included.
pub fn dissect(link: u16, packet: &[u8]) -> Option<Dissected<'_>> {
    match link {
        LINK_RAW | LINK_RAW_OLD | LINK_IPV4 | LINK_IPV6 => ip(packet),
        LINK_NULL | LINK_LOOP => ip(packet.get(4..)?),
        LINK_ETHERNET => ethernet(packet.get(12..)?),
        LINK_LINUX_SLL => by_type(two(packet, 14)?, packet.get(16..)?),
        LINK_LINUX_SLL2 => by_type(two(packet, 0)?, packet.get(20..)?),
        _ => None,
    }
}

/// From the type on; there may be VLAN tags (IEEE 802.1Q) before it.
fn ethernet(mut rest: &[u8]) -> Option<Dissected<'_>> {
    for _ in 0..4 {
        match two(rest, 0)? {
            0x8100 | 0x88a8 => rest = rest.get(4..)?,
            kind => return by_type(kind, rest.get(2..)?),
        }
    }
    None
}

fn by_type(kind: u16, rest: &[u8]) -> Option<Dissected<'_>> {
    match kind {
        0x0800 | 0x86dd => ip(rest),
        _ => None,
    }
}

fn ip(packet: &[u8]) -> Option<Dissected<'_>> {
    match packet.first()? >> 4 {
        4 => ipv4(packet),
        6 => ipv6(packet),
        _ => None,
    }
}

fn ipv4(packet: &[u8]) -> Option<Dissected<'_>> {
    let header = usize::from(packet[0] & 0x0f) * 4;
    // A fragment that is not the first, or not the last: RFC 791.
    if header < 20 || two(packet, 6)? & 0x3fff != 0 {
        return None;
    }
    let [from, to] = [12, 16].map(|at| packet.get(at..at + 4).and_then(|a| <[u8; 4]>::try_from(a).ok()).map(Ipv4Addr::from));
    let total = usize::from(two(packet, 2)?);
    // Packets handed to the network card in one piece have no length yet (TCP segmentation offload).
    let len = if total == 0 { packet.len().checked_sub(header)? } else { total.checked_sub(header)? };
    transport(*packet.get(9)?, [from?.into(), to?.into()], packet.get(header..)?, len)
}

fn ipv6(packet: &[u8]) -> Option<Dissected<'_>> {
    let [from, to] = [8, 24].map(|at| packet.get(at..at + 16).and_then(|a| <[u8; 16]>::try_from(a).ok()).map(Ipv6Addr::from));
    let said = usize::from(two(packet, 4)?);
    let mut kind = *packet.get(6)?;
    let mut rest = packet.get(40..)?;
    let mut len = if said == 0 { rest.len() } else { said };
    // Hop-by-hop options, routing, destination options: RFC 8200, 4. Each says how long it is.
    for _ in 0..8 {
        if !matches!(kind, 0 | 43 | 60) {
            return transport(kind, [from?.into(), to?.into()], rest, len);
        }
        let size = 8 + usize::from(*rest.get(1)?) * 8;
        kind = rest[0];
        rest = rest.get(size..)?;
        len = len.checked_sub(size)?;
    }
    None
}

fn transport(protocol: u8, [from, to]: [IpAddr; 2], packet: &[u8], len: usize) -> Option<Dissected<'_>> {
    let (from, to) = (SocketAddr::new(from, two(packet, 0)?), SocketAddr::new(to, two(packet, 2)?));
    let (tcp, header) = match protocol {
        6 => {
            let flags = *packet.get(13)?;
            let has = |flag: u8| flags & flag != 0;
            let seq = u32::from(two(packet, 4)?) << 16 | u32::from(two(packet, 6)?);
            let segment = Segment { seq, syn: has(SYN), ack: has(ACK), fin: has(FIN), rst: has(RST), push: has(PSH) };
            (Some(segment), usize::from(packet[12] >> 4) * 4)
        }
        17 => (None, 8),
        _ => return None,
    };
    if header < 8 || (tcp.is_some() && header < 20) {
        return None;
    }
    let len = len.checked_sub(header)?;
    let data = packet.get(header..)?;
    // Behind a short packet Ethernet pads.
    Some(Dissected { from, to, tcp, data: &data[..data.len().min(len)], len })
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2).map(|two| u16::from_be_bytes([two[0], two[1]]))
}
