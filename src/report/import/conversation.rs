//! Segments and datagrams of one conversation as the rows of one of its ends.
//!
//! Which end: the one that the file says told it; else the client, which is who said SYN, or has the higher port.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::json::failed;
use super::{FIRST_ID, Rows};
use crate::capture::{Dissected, Note, Segment, Way};
use crate::engine::{ConnId, ConnInfo, EndReason, Record, RecordKind};
use crate::lab::{EndpointId, Side, Transport};

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
}

struct Conversation {
    conn: Arc<ConnInfo>,
    local: SocketAddr,
    /// The next number expected: from here, and from there.
    next: [Option<u32>; 2],
    /// Who said FIN.
    fins: [bool; 2],
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
            let again = note.endpoint.is_some() || (begins && (known.is_over || known.next != [None; 2]));
            !again
        });
        if !is_known {
            let conversation = self.begin(at, way, packet, note);
            if let Some(mut before) = self.live.insert(key, conversation) {
                before.flush(rows);
            }
        }
        let Some(conversation) = self.live.get_mut(&key) else { return false };
        let is_sent = packet.from == conversation.local;
        match packet.tcp {
            Some(segment) => conversation.segment(at, is_sent, packet, segment, note, is_ours, rows),
            None => {
                conversation.data(at, is_sent, packet.data, packet.len, note.more, note.cut, rows);
                true
            }
        }
    }

    /// The file is over.
    pub fn finish(&mut self, rows: &mut Rows) {
        let mut left: Vec<_> = self.live.drain().map(|(_, conversation)| conversation).collect();
        left.sort_by_key(|conversation| conversation.conn.id);
        left.iter_mut().for_each(|conversation| conversation.flush(rows));
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
        Conversation { conn, local, next: [None; 2], fins: [false; 2], is_open: false, is_over: false, begun: None }
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
        let from = usize::from(!is_sent);
        if segment.syn {
            self.next[from] = Some(segment.seq.wrapping_add(1));
            if segment.ack && !self.is_open {
                self.is_open = true;
                self.push(at, RecordKind::Opened, Vec::new(), 0, false, rows);
            }
        }
        // Numbers that passed were sent before: a retransmission says nothing new, and of an overlap only the end is new.
        let expected = self.next[from].unwrap_or(segment.seq);
        let seen = if segment.syn { 0 } else { expected.wrapping_sub(segment.seq).cast_signed().max(0) as usize };
        let is_new = packet.len == 0 || seen < packet.len;
        if packet.len > seen {
            let data = packet.data.get(seen..).unwrap_or_default();
            let numbers = packet.len as u32 + u32::from(segment.syn);
            self.next[from] = Some(segment.seq.wrapping_add(numbers));
            self.data(at, is_sent, data, packet.len - seen, is_ours && !segment.push, false, rows);
        }
        self.end(at, is_sent, segment, note, rows);
        is_new
    }

    fn end(&mut self, at: Duration, is_sent: bool, segment: Segment, note: &Note, rows: &mut Rows) {
        self.fins[usize::from(!is_sent)] |= segment.fin;
        let reason = match note.end.as_deref() {
            Some("here") => EndReason::Here,
            Some("service") => EndReason::Service,
            Some("idle") => EndReason::Idle,
            Some(words) => failed(&self.conn.peer, words),
            None if segment.rst && self.is_open => EndReason::Reset,
            None if segment.rst && self.next != [None; 2] && !is_sent && self.next[1].is_none() => {
                failed(&self.conn.peer, "refused: nothing listens there")
            }
            None if segment.rst => EndReason::Reset,
            None if self.fins == [true; 2] => EndReason::Orderly,
            None => return,
        };
        self.is_over = true;
        self.push(at, RecordKind::Ended(reason), Vec::new(), 0, false, rows);
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
