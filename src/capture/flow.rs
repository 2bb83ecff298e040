//! The packets of one connection, in the order its end tells what happened.

use super::block::{About, Way, packet};
use super::headers::{self, ACK, FIN, PSH, Path, RST, SEGMENT, SYN, Tcp};
use super::note::Note;
use super::{Ended, Moved};

/// After so many bytes in one direction the other side acknowledges them, as receivers do; else a reader sees a full window.
const ACKNOWLEDGED_EVERY: u32 = 1 << 20;
/// The largest datagram over IPv4.
const DATAGRAM: usize = 65_507;

/// One connection, seen from the end that tells of it.
#[derive(Debug)]
pub(super) struct Flow {
    path: Path,
    /// TCP, or its stand-in.
    is_stream: bool,
    is_server: bool,
    interface: u32,
    /// The handshake was told.
    is_open: bool,
    /// The next sequence numbers: of this end, and of the other.
    seq: [u32; 2],
    /// Bytes of each that no packet of the other has acknowledged yet.
    unacked: [u32; 2],
    /// For the comment of the next packet.
    note: Note,
}

/// Where packets go.
pub(super) struct Sink<'a> {
    pub out: &'a mut Vec<u8>,
    /// For headers; used again.
    pub header: &'a mut Vec<u8>,
    pub at_ns: u64,
    pub packets: &'a mut u64,
}

/// Of the two ends: this one, which tells, and the other.
const HERE: usize = 0;
const THERE: usize = 1;

impl Flow {
    pub fn new(path: Path, is_stream: bool, is_server: bool, interface: u32, note: Note) -> Self {
        // Numbers begin after a SYN with the number 0, also when the handshake was before the recording.
        Self { path, is_stream, is_server, interface, is_open: false, seq: [1; 2], unacked: [0; 2], note }
    }

    /// The three packets of a handshake. Datagrams have none.
    pub fn opened(&mut self, sink: &mut Sink<'_>) {
        if !self.is_stream || self.is_open {
            return;
        }
        self.is_open = true;
        let client = if self.is_server { THERE } else { HERE };
        let server = 1 - client;
        self.seq = [0; 2];
        self.segment(sink, client, SYN, &[], 0);
        self.segment(sink, server, SYN | ACK, &[], 0);
        self.segment(sink, client, ACK, &[], 0);
    }

    /// One call's bytes, from one end to the other.
    pub fn moved(&mut self, sink: &mut Sink<'_>, way: Way, moved: &Moved<'_>) {
        let from = if way == Way::Out { HERE } else { THERE };
        let most = if self.is_stream { SEGMENT } else { DATAGRAM };
        let (mut data, mut left) = (moved.data, (moved.len as usize).max(moved.data.len()));
        loop {
            let len = left.min(most);
            let (part, rest) = data.split_at(data.len().min(len));
            (data, left) = (rest, left - len);
            self.note.cut = moved.cut && left == 0;
            // A stream says it by a missing PSH.
            self.note.more = !self.is_stream && left > 0;
            if self.is_stream {
                let push = if left == 0 { PSH } else { 0 };
                self.segment(sink, from, push | ACK, part, len);
            } else {
                self.datagram(sink, from, part, len);
            }
            if left == 0 {
                break;
            }
        }
        if self.unacked[from] >= ACKNOWLEDGED_EVERY {
            self.segment(sink, 1 - from, ACK, &[], 0);
        }
    }

    /// How it ended. Datagrams say nothing.
    pub fn ended(&mut self, sink: &mut Sink<'_>, how: &Ended<'_>) {
        if !self.is_stream {
            return;
        }
        let say = |note: &mut Note, why: &str| note.end = Some(why.to_owned());
        match how {
            Ended::Orderly => {
                self.segment(sink, THERE, FIN | ACK, &[], 0);
                self.segment(sink, HERE, FIN | ACK, &[], 0);
                self.segment(sink, THERE, ACK, &[], 0);
            }
            Ended::Here(why) => {
                say(&mut self.note, why);
                self.segment(sink, HERE, FIN | ACK, &[], 0);
            }
            Ended::Reset => self.segment(sink, THERE, RST | ACK, &[], 0),
            Ended::Refused(why) if !self.has_begun() => {
                self.seq = [0; 2];
                say(&mut self.note, why);
                self.segment(sink, HERE, SYN, &[], 0);
                self.segment(sink, THERE, RST | ACK, &[], 0);
            }
            Ended::Failed(why) | Ended::Refused(why) => {
                say(&mut self.note, why);
                if self.has_begun() {
                    // No packet said so; this one carries the words.
                    self.segment(sink, HERE, ACK, &[], 0);
                } else {
                    self.seq = [0; 2];
                    self.segment(sink, HERE, SYN, &[], 0);
                }
            }
        }
    }

    fn has_begun(&self) -> bool {
        self.is_open || self.seq != [1; 2]
    }

    fn segment(&mut self, sink: &mut Sink<'_>, from: usize, flags: u8, data: &[u8], len: usize) {
        let tcp = Tcp { seq: self.seq[from], ack: self.seq[1 - from], flags };
        headers::tcp(sink.header, self.path_from(from), tcp, data, len);
        let numbers = len as u32 + u32::from(flags & SYN != 0) + u32::from(flags & FIN != 0);
        self.seq[from] = self.seq[from].wrapping_add(numbers);
        self.unacked[from] = self.unacked[from].saturating_add(len as u32);
        self.unacked[1 - from] = 0;
        self.write(sink, from, data, len);
    }

    fn datagram(&mut self, sink: &mut Sink<'_>, from: usize, data: &[u8], len: usize) {
        headers::udp(sink.header, self.path_from(from), data, len);
        self.write(sink, from, data, len);
    }

    fn path_from(&self, end: usize) -> Path {
        if end == HERE { self.path } else { self.path.back() }
    }

    fn write(&mut self, sink: &mut Sink<'_>, from: usize, data: &[u8], len: usize) {
        let comment = std::mem::take(&mut self.note).to_comment();
        let way = if from == HERE { Way::Out } else { Way::In };
        let about = About { interface: self.interface, at_ns: sink.at_ns, way, comment: comment.as_deref() };
        let whole = sink.header.len() + len;
        packet(sink.out, &about, [sink.header, data], whole);
        *sink.packets += 1;
    }
}
