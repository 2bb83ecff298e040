//! Segments and datagrams of one conversation as the rows of one of its ends.
//!
//! Which end: the one that the file says told it; else the client, which is who said SYN, or has the higher port.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::json::failed;
use super::reassembly::{Direction, Next};
use super::{FIRST_ID, Rows};
use crate::capture::{Dissected, Note, Segment, Way};
use crate::engine::{ConnId, ConnInfo, EndReason, Record, RecordKind};
use crate::lab::{EndpointId, Side, Transport};

/// Bytes that wait for missing ones, of all conversations together: then whoever brings more waits no longer.
const MOST_HELD: usize = 64 << 20;
/// Pieces of one message are put together up to this.
const MESSAGE: usize = 1 << 20;

/// Whether over TCP, and the two ends, the smaller first.
type Key = (bool, SocketAddr, SocketAddr);

/// See the module.
#[derive(Default)]
pub(super) struct Conversations {
    live: HashMap<Key, Conversation>,
    endpoints: HashMap<String, (EndpointId, u32)>,
    conns: u64,
    /// Bytes that wait for missing ones.
    held: usize,
}

struct Conversation {
    conn: Arc<ConnInfo>,
    local: SocketAddr,
    /// From here, and from there.
    ways: [Direction; 2],
    /// When its last packet came.
    at: Duration,
    is_open: bool,
    is_over: bool,
    /// A message whose rest comes with the next packet: which way, when, its bytes, how many there were.
    begun: Option<(bool, Duration, Vec<u8>, usize)>,
}

impl Conversations {
    /// Takes a packet; whether it says something.
    pub fn take(&mut self, at: Duration, way: Option<Way>, packet: &Dissected<'_>, note: &Note, is_ours: bool, rows: &mut Rows) -> bool {
        let key = (packet.tcp.is_some(), packet.from.min(packet.to), packet.from.max(packet.to));
        let begins = packet.tcp.is_some_and(|t| t.syn && !t.ack);
        let is_known = self.live.get(&key).is_some_and(|known| {
            let again = note.endpoint.is_some() || (begins && known.begins_again(packet));
            !again
        });
        if !is_known {
            let conversation = self.begin(at, way, packet, note);
            if let Some(mut before) = self.live.insert(key, conversation) {
                self.held -= before.held();
                before.finish(is_ours, rows);
            }
        }
        let Some(conversation) = self.live.get_mut(&key) else { return false };
        let is_sent = packet.from == conversation.local;
        match packet.tcp {
            Some(segment) => {
                self.held -= conversation.held();
                let is_new = conversation.segment(at, is_sent, packet, segment, note, is_ours, rows);
                if self.held + conversation.held() > MOST_HELD {
                    conversation.read(is_ours, true, rows);
                }
                self.held += conversation.held();
                is_new
            }
            None => {
                conversation.data(at, is_sent, packet.data, packet.len, note.more, note.cut, rows);
                true
            }
        }
    }

    /// The file is over.
    pub fn finish(&mut self, is_ours: bool, rows: &mut Rows) {
        let mut left: Vec<_> = self.live.drain().map(|(_, conversation)| conversation).collect();
        left.sort_by_key(|conversation| conversation.conn.id);
        left.iter_mut().for_each(|conversation| conversation.finish(is_ours, rows));
    }

    fn begin(&mut self, at: Duration, way: Option<Way>, packet: &Dissected<'_>, note: &Note) -> Conversation {
        let client = match packet.tcp {
            Some(Segment { syn: true, ack, .. }) => {
                if ack {
                    packet.to
                } else {
                    packet.from
                }
            }
            _ if packet.from.port() < packet.to.port() => packet.to,
            _ => packet.from,
        };
        let local = match way {
            Some(Way::Out) => packet.from,
            Some(Way::In) => packet.to,
            None => client,
        };
        let peer = if local == packet.from { packet.to } else { packet.from };
        let side = note.side.unwrap_or(if local == client { Side::Client } else { Side::Server });
        let transport = note.transport.unwrap_or(if packet.tcp.is_some() { Transport::Tcp } else { Transport::Udp });
        let name = note.endpoint.clone().unwrap_or_else(|| if side == Side::Client { local.ip().to_string() } else { local.to_string() });
        let next = EndpointId(FIRST_ID + self.endpoints.len() as u64);
        let (session, count) = self.endpoints.entry(name.clone()).or_insert((next, 0));
        *count += 1;
        let conn = ConnInfo {
            id: ConnId(FIRST_ID + self.conns),
            session: *session,
            side,
            transport,
            session_name: name.into(),
            number: note.connection.unwrap_or(*count),
            fd: -1,
            local: note.local.clone().unwrap_or_else(|| local.to_string()).into(),
            peer: note.peer.clone().unwrap_or_else(|| peer.to_string()).into(),
            opened: at,
            other_end: OnceLock::new(),
        };
        self.conns += 1;
        let conn = Arc::new(conn);
        Conversation { conn, local, ways: Default::default(), at, is_open: false, is_over: false, begun: None }
    }
}

impl Conversation {
    #[expect(clippy::too_many_arguments, reason = "one packet, what is said about it, and where its rows go")]
    fn segment(
        &mut self,
        at: Duration,
        is_sent: bool,
        packet: &Dissected<'_>,
        segment: Segment,
        note: &Note,
        is_ours: bool,
        rows: &mut Rows,
    ) -> bool {
        if self.is_over {
            // The last acknowledgement of an end says nothing new.
            return packet.len == 0;
        }
        self.at = at;
        let from = usize::from(!is_sent);
        let mut first = segment.seq;
        if segment.syn {
            self.ways[from].begin(segment.seq);
            first = first.wrapping_add(1);
            if segment.ack && !self.is_open {
                self.is_open = true;
                self.push(at, RecordKind::Opened, Vec::new(), 0, false, rows);
            }
        }
        // One that only acknowledges may have the number before the next byte: it keeps the connection alive (RFC 9293, 3.8.4).
        let says = packet.len > 0 || segment.fin;
        let is_new = !says || self.ways[from].take(at, first, packet.data, packet.len, segment.push, segment.fin);
        self.read(is_ours, false, rows);
        if let Some(reason) = self.reason(is_sent, segment, note) {
            self.end(reason, is_ours, rows);
        }
        is_new
    }

    /// Rows of what is there in its order; when it is `over`, past what is missing.
    fn read(&mut self, is_ours: bool, over: bool, rows: &mut Rows) {
        let at = self.at;
        for is_sent in [true, false] {
            while let Some(next) = self.ways[usize::from(!is_sent)].read(at, over) {
                match next {
                    Next::Part(part) => self.data(at, is_sent, &part.data, part.len, is_ours && !part.push, false, rows),
                    Next::Gap(bytes) => {
                        rows.missing += bytes;
                        self.flush(rows);
                        self.push(at, moved(is_sent), Vec::new(), usize::try_from(bytes).unwrap_or(usize::MAX), false, rows);
                    }
                }
            }
        }
    }

    /// Nothing more comes of it.
    fn finish(&mut self, is_ours: bool, rows: &mut Rows) {
        self.read(is_ours, true, rows);
        if !self.is_over && self.ways.iter().all(Direction::is_done) {
            self.end(EndReason::Orderly, is_ours, rows);
        }
        self.flush(rows);
    }

    fn end(&mut self, reason: EndReason, is_ours: bool, rows: &mut Rows) {
        self.read(is_ours, true, rows);
        self.is_over = true;
        self.push(self.at, RecordKind::Ended(reason), Vec::new(), 0, false, rows);
    }

    fn held(&self) -> usize {
        self.ways.iter().map(Direction::held).sum()
    }

    /// Whether this first SYN is of a later connection between the same two. One that is sent again is not.
    fn begins_again(&self, packet: &Dissected<'_>) -> bool {
        let way = &self.ways[usize::from(packet.from != self.local)];
        let is_the_same = packet.tcp.is_some_and(|segment| way.began_with(segment.seq.wrapping_add(1)));
        self.is_over || (self.ways.iter().any(Direction::is_known) && !is_the_same)
    }

    fn reason(&self, is_sent: bool, segment: Segment, note: &Note) -> Option<EndReason> {
        Some(match note.end.as_deref() {
            Some("here") => EndReason::Here,
            Some("service") => EndReason::Service,
            Some("idle") => EndReason::Idle,
            Some(words) => failed(&self.conn.peer, words),
            None if segment.rst && self.is_open => EndReason::Reset,
            None if segment.rst && !is_sent && !self.ways[1].is_known() && self.ways[0].is_known() => {
                failed(&self.conn.peer, "refused: nothing listens there")
            }
            None if segment.rst => EndReason::Reset,
            None if self.ways.iter().all(Direction::is_done) => EndReason::Orderly,
            None => return None,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "one packet's bytes, and where its rows go")]
    fn data(&mut self, at: Duration, is_sent: bool, data: &[u8], len: usize, goes_on: bool, cut: bool, rows: &mut Rows) {
        if self.begun.as_ref().is_some_and(|(way, ..)| *way != is_sent) {
            self.flush(rows);
        }
        let (_, at, mut whole, before) = self.begun.take().unwrap_or((is_sent, at, Vec::new(), 0));
        // Of what was kept only the front counts: a gap cannot be filled.
        if whole.len() == before {
            whole.extend_from_slice(data);
        }
        let len = before + len;
        if goes_on && len < MESSAGE {
            self.begun = Some((is_sent, at, whole, len));
        } else {
            self.push(at, moved(is_sent), whole, len, cut, rows);
        }
    }

    fn flush(&mut self, rows: &mut Rows) {
        if let Some((is_sent, at, whole, len)) = self.begun.take() {
            self.push(at, moved(is_sent), whole, len, false, rows);
        }
    }

    fn push(&mut self, at: Duration, kind: RecordKind, data: Vec<u8>, len: usize, cut: bool, rows: &mut Rows) {
        if !matches!(kind, RecordKind::Received | RecordKind::Sent) {
            self.flush(rows);
        }
        let len = u32::try_from(len).unwrap_or(u32::MAX);
        rows.push(Record { at, conn: Arc::clone(&self.conn), kind, data: data.into(), len, cut });
    }
}

fn moved(is_sent: bool) -> RecordKind {
    if is_sent { RecordKind::Sent } else { RecordKind::Received }
}
