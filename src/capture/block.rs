//! The blocks of pcapng (draft-ietf-opsawg-pcapng), little-endian.

/// Of blocks.
pub(super) const SECTION: u32 = 0x0a0d_0d0a;
pub(super) const INTERFACE: u32 = 1;
pub(super) const SIMPLE_PACKET: u32 = 3;
pub(super) const STATISTICS: u32 = 5;
pub(super) const ENHANCED_PACKET: u32 = 6;
/// Tells the byte order.
pub(super) const MAGIC: u32 = 0x1a2b_3c4d;
/// Packets that begin with an IPv4 or IPv6 header.
pub(super) const LINKTYPE_RAW: u16 = 101;

/// Of options, in all blocks.
pub(super) const END: u16 = 0;
pub(super) const COMMENT: u16 = 1;
/// Of the section.
pub(super) const SHB_USERAPPL: u16 = 4;
/// Of an interface.
pub(super) const IF_NAME: u16 = 2;
pub(super) const IF_DESCRIPTION: u16 = 3;
pub(super) const IF_TSRESOL: u16 = 9;
pub(super) const IF_TSOFFSET: u16 = 14;
/// Of a packet.
pub(super) const EPB_FLAGS: u16 = 2;
/// Of statistics.
const ISB_IFRECV: u16 = 4;
const ISB_IFDROP: u16 = 5;

/// Which way a packet went, as the end saw it that told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It came.
    In,
    /// It left.
    Out,
}

/// A block that is being written: its length goes to both of its ends.
struct Block<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
}

impl<'a> Block<'a> {
    fn begin(out: &'a mut Vec<u8>, kind: u32) -> Self {
        let start = out.len();
        out.extend_from_slice(&kind.to_le_bytes());
        out.extend_from_slice(&[0; 4]);
        Self { out, start }
    }

    fn u16(&mut self, value: u16) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    /// Values end at a multiple of four bytes.
    fn pad(&mut self) {
        let len = self.out.len() - self.start;
        self.out.extend_from_slice(&[0; 3][..len.next_multiple_of(4) - len]);
    }

    fn option(&mut self, code: u16, value: &[u8]) {
        // Only our own words come here; they are far shorter than what the length can say.
        let value = &value[..value.len().min(usize::from(u16::MAX))];
        self.u16(code);
        self.u16(value.len() as u16);
        self.out.extend_from_slice(value);
        self.pad();
    }

    fn end(mut self) {
        let total = (self.out.len() + 4 - self.start) as u32;
        self.u32(total);
        self.out[self.start + 4..self.start + 8].copy_from_slice(&total.to_le_bytes());
    }
}

/// The section: which program wrote it, and what to know about it.
pub(super) fn section(out: &mut Vec<u8>, program: &str, comment: &str) {
    let mut block = Block::begin(out, SECTION);
    block.u32(MAGIC);
    // Version 1.0; the section's length is not said, as it may grow.
    block.u16(1);
    block.u16(0);
    block.out.extend_from_slice(&u64::MAX.to_le_bytes());
    block.option(SHB_USERAPPL, program.as_bytes());
    block.option(COMMENT, comment.as_bytes());
    block.option(END, &[]);
    block.end();
}

/// An interface whose packets begin with an IP header and have times in nanoseconds.
pub(super) fn interface(out: &mut Vec<u8>, name: &str, description: &str) {
    let mut block = Block::begin(out, INTERFACE);
    block.u16(LINKTYPE_RAW);
    block.u16(0);
    // No limit to what is kept of a packet.
    block.u32(0);
    block.option(IF_NAME, name.as_bytes());
    block.option(IF_DESCRIPTION, description.as_bytes());
    block.option(IF_TSRESOL, &[9]);
    block.option(END, &[]);
    block.end();
}

/// What is said about a packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub interface: u32,
    pub at_ns: u64,
    pub way: Way,
    pub comment: Option<&'a str>,
}

/// A packet in two pieces, of which `len` bytes were on the wire.
pub(super) fn packet(out: &mut Vec<u8>, about: &About<'_>, [head, data]: [&[u8]; 2], len: usize) {
    let mut block = Block::begin(out, ENHANCED_PACKET);
    block.u32(about.interface);
    block.u32((about.at_ns >> 32) as u32);
    block.u32(about.at_ns as u32);
    block.u32((head.len() + data.len()) as u32);
    block.u32(len as u32);
    block.out.extend_from_slice(head);
    block.out.extend_from_slice(data);
    block.pad();
    if let Some(comment) = about.comment {
        block.option(COMMENT, comment.as_bytes());
    }
    let way: u32 = if about.way == Way::In { 1 } else { 2 };
    block.option(EPB_FLAGS, &way.to_le_bytes());
    block.option(END, &[]);
    block.end();
}

/// How many rows came to an interface, and how many of them are not in the file.
pub(super) fn statistics(out: &mut Vec<u8>, interface: u32, at_ns: u64, came: u64, lost: u64) {
    let mut block = Block::begin(out, STATISTICS);
    block.u32(interface);
    block.u32((at_ns >> 32) as u32);
    block.u32(at_ns as u32);
    block.option(ISB_IFRECV, &came.to_le_bytes());
    block.option(ISB_IFDROP, &lost.to_le_bytes());
    block.option(END, &[]);
    block.end();
}
