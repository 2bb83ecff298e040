//! From what ends tell to the bytes of a pcapng file.

use std::collections::HashMap;

use super::block::{self, Way};
use super::flow::{Flow, Sink};
use super::note::Note;
use super::road::Roads;
use super::{End, Told, What};
use crate::lab::Side;

/// The program, as the file names it.
pub(super) const PROGRAM: &str = concat!("Socketlab ", env!("CARGO_PKG_VERSION"));
/// Of the two interfaces.
const INET: u32 = 0;
const STAND_IN: u32 = 1;

/// A pcapng file in the making. Its bytes are taken from time to time; they end with a whole block.
///
/// A connection between two ends of ours is in the file once, told by the end that came first.
#[derive(Debug)]
pub struct Capture {
    out: Vec<u8>,
    header: Vec<u8>,
    roads: Roads,
    /// By the id of the end; none tells nothing, because the other end does.
    flows: HashMap<u64, Option<Flow>>,
    packets: u64,
}

impl Capture {
    /// A file about this lab; its first blocks are there already.
    pub fn new(lab: &str) -> Self {
        let mut out = Vec::new();
        let comment = format!(
            "What servers and clients of the lab \"{lab}\" sent and received, as applications see it. The headers of all packets \
             (IP, TCP, UDP) are synthesised: addresses, ports and order are real, sequence numbers are counted from 0, and packets \
             are cut as the applications' calls were, not as the network did. A connection with both ends in the lab is told once."
        );
        block::section(&mut out, PROGRAM, &comment);
        block::interface(&mut out, "socketlab", "TCP and UDP sockets; headers are synthesised");
        block::interface(
            &mut out,
            "socketlab-unix",
            "Unix sockets in the guise of TCP and UDP: 192.0.2.1 stands for servers, a port for each path; see the comments",
        );
        Self { out, header: Vec::new(), roads: Roads::default(), flows: HashMap::new(), packets: 0 }
    }

    /// A Unix server of ours listens there: its end tells, also of clients without an address.
    pub fn serves(&mut self, path: &str) {
        self.roads.serves(path);
    }

    /// Adds what a row tells; whether the file tells it (now, or by its other end's row: then no).
    pub fn push(&mut self, told: &Told<'_>) -> bool {
        let end = &told.end;
        let flow = match self.flows.get_mut(&end.id) {
            Some(flow) => flow,
            None => {
                let flow = self.flow(end);
                self.flows.entry(end.id).or_insert(flow)
            }
        };
        let is_told = match flow {
            Some(flow) => {
                let before = self.packets;
                let mut sink = Sink { out: &mut self.out, header: &mut self.header, at_ns: told.at_ns, packets: &mut self.packets };
                match &told.what {
                    What::Opened => flow.opened(&mut sink),
                    What::Sent(moved) => flow.moved(&mut sink, Way::Out, moved),
                    What::Received(moved) => flow.moved(&mut sink, Way::In, moved),
                    What::Ended(how) => flow.ended(&mut sink, how),
                }
                self.packets > before
            }
            None => false,
        };
        if matches!(told.what, What::Ended(_)) {
            self.flows.remove(&end.id);
        }
        is_told
    }

    fn flow(&mut self, end: &End<'_>) -> Option<Flow> {
        let flows = &self.flows;
        if !self.roads.is_told_by(end, |id| flows.get(&id).map(Option::is_some)) {
            return None;
        }
        let (path, is_stand_in) = self.roads.path(end);
        let interface = if is_stand_in { STAND_IN } else { INET };
        let note = Note::of(end, is_stand_in);
        Some(Flow::new(path, end.transport.is_stream(), end.side == Side::Server, interface, note))
    }

    /// The last blocks: how many rows came, and how many of them were lost before the file.
    pub fn finish(&mut self, at_ns: u64, came: u64, lost: u64) {
        block::statistics(&mut self.out, INET, at_ns, came, lost);
    }

    /// What was made since [`clear`](Self::clear). Whole blocks.
    pub fn bytes(&self) -> &[u8] {
        &self.out
    }

    /// The last row is taken back, up to what there was before it. The file ends here: its connection's numbers are used up.
    pub fn cut_back(&mut self, len: usize) {
        self.out.truncate(len);
    }

    /// They were taken.
    pub fn clear(&mut self) {
        self.out.clear();
    }

    /// Packets so far.
    pub fn packets(&self) -> u64 {
        self.packets
    }
}
