//! Reads pcapng from any program: packets with their times, one after the other. Bounded in memory; a file that was cut off in the
//! middle of a block ends before it.

use std::io::{self, Read};

use super::block::{self, Way};

/// The longest block that is read: a packet cannot be longer than 64 KiB, jumbograms excepted.
const LONGEST: u32 = 16 << 20;
/// Interfaces of one section at most.
const INTERFACES: usize = 4_096;
/// The obsolete kind of packet block.
const OLD_PACKET: u32 = 2;

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It begins otherwise.
    #[error("this is no pcapng file")]
    NotPcapng,
    /// It begins as the older format does.
    #[error("this is a pcap file; save it as pcapng (editcap -F pcapng OLD NEW)")]
    OldPcap,
    /// A block contradicts itself.
    #[error("the block at byte {at} is broken: {why}")]
    Broken {
        /// Where it begins.
        at: u64,
        /// How.
        why: &'static str,
    },
}

/// One packet.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// Since 1970-01-01 UTC, in nanoseconds.
    pub at_ns: u64,
    /// `LINKTYPE_…` of its interface: what it begins with.
    pub link: u16,
    /// As much as was kept.
    pub data: &'a [u8],
    /// Bytes it had on the wire.
    pub len: u32,
    /// Which way it went, where that is said.
    pub way: Option<Way>,
    /// What is said about it.
    pub comment: Option<&'a str>,
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: u16,
    /// Of a second.
    ticks: Ticks,
    offset_s: i64,
}

#[derive(Clone, Copy, Debug)]
enum Ticks {
    /// 10^-n.
    Decimal(u8),
    /// 2^-n.
    Binary(u8),
}

/// See the module.
#[derive(Debug)]
pub struct Reader<R> {
    from: R,
    at: u64,
    is_big_endian: bool,
    interfaces: Vec<Interface>,
    program: Option<String>,
    /// Body of the block that was read last.
    body: Vec<u8>,
    has_begun: bool,
    is_cut_off: bool,
}

impl<R: Read> Reader<R> {
    /// At the beginning of a file.
    pub fn new(from: R) -> Self {
        Self {
            from,
            at: 0,
            is_big_endian: false,
            interfaces: Vec::new(),
            program: None,
            body: Vec::new(),
            has_begun: false,
            is_cut_off: false,
        }
    }

    /// Whether Socketlab wrote the section that is being read.
    pub fn is_ours(&self) -> bool {
        self.program.as_deref().is_some_and(|program| program.starts_with("Socketlab "))
    }

    /// Whether the file ended inside a block.
    pub fn is_cut_off(&self) -> bool {
        self.is_cut_off
    }

    /// The next packet; none at the end.
    ///
    /// # Errors
    /// When the file is none, or broken from here on.
    pub fn next_packet(&mut self) -> Result<Option<Packet<'_>>, ReadError> {
        loop {
            let at = self.at;
            let Some(kind) = self.block()? else { return Ok(None) };
            let broken = |why| ReadError::Broken { at, why };
            match kind {
                block::SECTION => self.section().ok_or(broken("a section that is too short"))?,
                block::INTERFACE => {
                    let interface = self.interface().ok_or(broken("an interface that is too short"))?;
                    if self.interfaces.len() >= INTERFACES {
                        return Err(broken("more interfaces than anybody has"));
                    }
                    self.interfaces.push(interface);
                }
                // Asked twice, because what it answers is borrowed.
                block::ENHANCED_PACKET | block::SIMPLE_PACKET | OLD_PACKET => {
                    return self.packet(kind).map(Some).ok_or(broken("a packet that contradicts itself"));
                }
                _ => {}
            }
        }
    }

    /// Reads a block into `body`; its kind, or none at the end.
    fn block(&mut self) -> Result<Option<u32>, ReadError> {
        let at = self.at;
        let mut head = [0; 8];
        if self.fill(&mut head)? < head.len() {
            return if self.has_begun { Ok(None) } else { Err(ReadError::NotPcapng) };
        }
        let mut magic = [0; 4];
        let is_section = head[..4] == block::SECTION.to_le_bytes();
        if is_section {
            if self.fill(&mut magic)? < magic.len() {
                return if self.has_begun { Ok(None) } else { Err(ReadError::NotPcapng) };
            }
            self.is_big_endian = match u32::from_le_bytes(magic) {
                block::MAGIC => false,
                other if other.swap_bytes() == block::MAGIC => true,
                _ if self.has_begun => return Err(ReadError::Broken { at, why: "a section without a byte order" }),
                _ => return Err(ReadError::NotPcapng),
            };
            self.has_begun = true;
        } else if !self.has_begun {
            let old = [0xa1b2_c3d4_u32, 0xa1b2_3c4d].into_iter().any(|m| head[..4] == m.to_le_bytes() || head[..4] == m.to_be_bytes());
            return Err(if old { ReadError::OldPcap } else { ReadError::NotPcapng });
        }
        let (kind, total) = (self.u32(&head[..4]), self.u32(&head[4..]));
        let read = if is_section { 12 } else { 8 };
        if total % 4 != 0 || total < read + 4 || total > LONGEST {
            return Err(ReadError::Broken { at, why: "its length is impossible" });
        }
        let mut body = std::mem::take(&mut self.body);
        // Grows as bytes come, not as a length says.
        body.clear();
        let rest = u64::from(total - read);
        let came = (&mut self.from).take(rest).read_to_end(&mut body);
        self.body = body;
        let came = came? as u64;
        self.at += came;
        if came < rest {
            self.is_cut_off = true;
            return Ok(None);
        }
        let tail = self.body.split_off(self.body.len() - 4);
        if self.u32(&tail) != total {
            return Err(ReadError::Broken { at, why: "its two lengths are different" });
        }
        Ok(Some(kind))
    }

    /// Reads until the buffer is full or the file ends.
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.from.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        self.at += filled as u64;
        self.is_cut_off |= filled > 0 && filled < buffer.len();
        Ok(filled)
    }

    fn u16(&self, bytes: &[u8]) -> u16 {
        let two = [bytes[0], bytes[1]];
        if self.is_big_endian { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) }
    }

    fn u32(&self, bytes: &[u8]) -> u32 {
        let four = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if self.is_big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
    }

    /// The options from this place of the body on.
    fn options(&self, from: usize) -> impl Iterator<Item = (u16, &[u8])> {
        let mut rest = self.body.get(from..).unwrap_or_default();
        std::iter::from_fn(move || {
            let (head, after) = rest.split_at_checked(4)?;
            let (code, len) = (self.u16(head), usize::from(self.u16(&head[2..])));
            if code == block::END {
                return None;
            }
            let value = after.get(..len)?;
            rest = after.get(len.next_multiple_of(4)..).unwrap_or_default();
            Some((code, value))
        })
    }

    fn section(&mut self) -> Option<()> {
        // After the magic: version and length.
        self.body.get(..12)?;
        let program = self.options(12).find(|(code, _)| *code == block::SHB_USERAPPL).map(|(_, v)| String::from_utf8_lossy(v).into_owned());
        self.program = program;
        self.interfaces.clear();
        Some(())
    }

    fn interface(&self) -> Option<Interface> {
        let link = self.u16(self.body.get(..8)?);
        let mut interface = Interface { link, ticks: Ticks::Decimal(6), offset_s: 0 };
        for (code, value) in self.options(8) {
            match (code, value) {
                (block::IF_TSRESOL, [power]) if power & 0x80 == 0 => interface.ticks = Ticks::Decimal(*power),
                (block::IF_TSRESOL, [power]) => interface.ticks = Ticks::Binary(power & 0x7f),
                (block::IF_TSOFFSET, bytes) if bytes.len() == 8 => {
                    let [low, high] = if self.is_big_endian { [4, 0] } else { [0, 4] };
                    let both = u64::from(self.u32(&bytes[high..])) << 32 | u64::from(self.u32(&bytes[low..]));
                    interface.offset_s = both.cast_signed();
                }
                _ => {}
            }
        }
        Some(interface)
    }

    fn packet(&self, kind: u32) -> Option<Packet<'_>> {
        let body = &self.body;
        let u32_at = |at: usize| body.get(at..at + 4).map(|four| self.u32(four));
        if kind == block::SIMPLE_PACKET {
            let interface = self.interfaces.first()?;
            let len = u32_at(0)?;
            let data = &body[4..];
            let data = &data[..data.len().min(len as usize)];
            return Some(Packet { at_ns: 0, link: interface.link, data, len, way: None, comment: None });
        }
        // The older one has 16 bits for the interface and 16 for packets that were dropped.
        let interface = if kind == OLD_PACKET { self.u16(body.get(..4)?).into() } else { u32_at(0)? };
        let interface = self.interfaces.get(interface as usize)?;
        let ticks = u64::from(u32_at(4)?) << 32 | u64::from(u32_at(8)?);
        let (kept, len) = (u32_at(12)? as usize, u32_at(16)?);
        let data = body.get(20..)?.get(..kept)?;
        let mut packet = Packet { at_ns: interface.nanos(ticks), link: interface.link, data, len, way: None, comment: None };
        for (code, value) in self.options(20 + kept.next_multiple_of(4)) {
            match code {
                block::COMMENT => packet.comment = packet.comment.or(std::str::from_utf8(value).ok()),
                block::EPB_FLAGS if value.len() == 4 => {
                    packet.way = match self.u32(value) & 3 {
                        1 => Some(Way::In),
                        2 => Some(Way::Out),
                        _ => None,
                    }
                }
                _ => {}
            }
        }
        Some(packet)
    }
}

impl Interface {
    fn nanos(self, ticks: u64) -> u64 {
        let ticks = u128::from(ticks);
        let nanos = match self.ticks {
            Ticks::Decimal(n @ 0..=9) => ticks.saturating_mul(10_u128.pow(u32::from(9 - n))),
            Ticks::Decimal(n) => ticks / 10_u128.checked_pow(u32::from(n - 9)).unwrap_or(u128::MAX),
            Ticks::Binary(n) => (ticks * 1_000_000_000).checked_shr(n.into()).unwrap_or(0),
        };
        let offset = i128::from(self.offset_s) * 1_000_000_000;
        let nanos = i128::try_from(nanos).unwrap_or(i128::MAX).saturating_add(offset);
        u64::try_from(nanos.max(0)).unwrap_or(u64::MAX)
    }
}
