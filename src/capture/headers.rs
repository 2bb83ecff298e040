//! IPv4, IPv6, TCP and UDP headers with right lengths and checksums (RFC 791, 8200, 9293, 768, 1071).

use std::net::{IpAddr, SocketAddr};

/// FIN, SYN, RST, PSH, ACK: RFC 9293, 3.1.
pub(super) const FIN: u8 = 0x01;
pub(super) const SYN: u8 = 0x02;
pub(super) const RST: u8 = 0x04;
pub(super) const PSH: u8 = 0x08;
pub(super) const ACK: u8 = 0x10;

const PROTOCOL_TCP: u8 = 6;
const PROTOCOL_UDP: u8 = 17;
/// Usual on this side of the world.
const HOPS: u8 = 64;
/// As large as the field allows; SYNs say by how much it is multiplied.
const WINDOW: u16 = u16::MAX;
/// Maximum segment size, and window scale 14 (RFC 7323): the largest there is, so that no reader sees a full window.
const SYN_OPTIONS: [u8; 8] = [2, 4, 0xff, 0xd7, 1, 3, 3, 14];
/// The most of a message that goes into one packet. Both kinds of IP count to 65,535, with or without their own header.
pub(super) const SEGMENT: usize = 65_475;

/// From where to where. Both of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub from: SocketAddr,
    pub to: SocketAddr,
}

impl Path {
    pub fn back(self) -> Self {
        Self { from: self.to, to: self.from }
    }
}

/// The moving parts of a TCP header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tcp {
    pub seq: u32,
    pub ack: u32,
    pub flags: u8,
}

/// Headers for `len` bytes, of which `data` is the front. What is missing counts as zeros in the checksum.
pub(super) fn tcp(out: &mut Vec<u8>, path: Path, tcp: Tcp, data: &[u8], len: usize) {
    out.clear();
    let options: &[u8] = if tcp.flags & SYN != 0 { &SYN_OPTIONS } else { &[] };
    let header = 20 + options.len();
    ip(out, path, PROTOCOL_TCP, header + len);
    let start = out.len();
    out.extend_from_slice(&path.from.port().to_be_bytes());
    out.extend_from_slice(&path.to.port().to_be_bytes());
    out.extend_from_slice(&tcp.seq.to_be_bytes());
    let ack = if tcp.flags & ACK != 0 { tcp.ack } else { 0 };
    out.extend_from_slice(&ack.to_be_bytes());
    out.extend_from_slice(&[(header as u8 / 4) << 4, tcp.flags]);
    out.extend_from_slice(&WINDOW.to_be_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(options);
    let sum = finish(transport_sum(path, PROTOCOL_TCP, &out[start..], data, header + len));
    out[start + 16..start + 18].copy_from_slice(&sum.to_be_bytes());
}

/// Headers of a datagram of `len` bytes, of which `data` is the front.
pub(super) fn udp(out: &mut Vec<u8>, path: Path, data: &[u8], len: usize) {
    out.clear();
    ip(out, path, PROTOCOL_UDP, 8 + len);
    let start = out.len();
    out.extend_from_slice(&path.from.port().to_be_bytes());
    out.extend_from_slice(&path.to.port().to_be_bytes());
    out.extend_from_slice(&u16::try_from(8 + len).unwrap_or(0).to_be_bytes());
    out.extend_from_slice(&[0; 2]);
    // A checksum that comes out as zero is sent as all ones; zero means none (RFC 768).
    let sum = match finish(transport_sum(path, PROTOCOL_UDP, &out[start..], data, 8 + len)) {
        0 => u16::MAX,
        sum => sum,
    };
    out[start + 6..start + 8].copy_from_slice(&sum.to_be_bytes());
}

fn ip(out: &mut Vec<u8>, path: Path, protocol: u8, len: usize) {
    match (path.from.ip(), path.to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let start = out.len();
            let total = u16::try_from(20 + len).unwrap_or(u16::MAX);
            out.extend_from_slice(&[0x45, 0]);
            out.extend_from_slice(&total.to_be_bytes());
            // Identification 0 and "do not fragment": atomic, RFC 6864.
            out.extend_from_slice(&[0, 0, 0x40, 0, HOPS, protocol, 0, 0]);
            out.extend_from_slice(&from.octets());
            out.extend_from_slice(&to.octets());
            let sum = finish(sum(0, &out[start..]));
            out[start + 10..start + 12].copy_from_slice(&sum.to_be_bytes());
        }
        (from, to) => {
            out.extend_from_slice(&[0x60, 0, 0, 0]);
            out.extend_from_slice(&u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes());
            out.extend_from_slice(&[protocol, HOPS]);
            out.extend_from_slice(&sixteen(from));
            out.extend_from_slice(&sixteen(to));
        }
    }
}

fn sixteen(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    }
}

/// With the pseudo-header: addresses, protocol and length.
fn transport_sum(path: Path, protocol: u8, header: &[u8], data: &[u8], len: usize) -> u64 {
    let addresses = match (path.from.ip(), path.to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => sum(sum(0, &from.octets()), &to.octets()),
        (from, to) => sum(sum(0, &sixteen(from)), &sixteen(to)),
    };
    sum(sum(addresses + u64::from(protocol) + len as u64, header), data)
}

/// RFC 1071: 16-bit words added up. Of several pieces only the last may have an odd length.
pub(super) fn sum(before: u64, bytes: &[u8]) -> u64 {
    let mut words = bytes.chunks_exact(4);
    let mut sum = before;
    for four in &mut words {
        let four = u32::from_be_bytes([four[0], four[1], four[2], four[3]]);
        // A 32-bit word weighs as its two halves do, modulo 65,535.
        sum += u64::from(four);
    }
    let mut rest = words.remainder().chunks_exact(2);
    for two in &mut rest {
        sum += u64::from(u16::from_be_bytes([two[0], two[1]]));
    }
    if let [last] = rest.remainder() {
        sum += u64::from(*last) << 8;
    }
    sum
}

/// The carries come round, and all is turned over.
pub(super) fn finish(mut sum: u64) -> u16 {
    while sum > u64::from(u16::MAX) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}
