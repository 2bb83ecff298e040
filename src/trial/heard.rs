//! What the traffic log tells of one endpoint, read on from where it was left: the last receive, what each connection received, cuts.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::{ConnId, RecordKind, Snapshot};
use crate::lab::EndpointId;

/// Bytes kept of what one connection received.
const KEPT: usize = 64 << 10;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// The next record to look at.
    next: u64,
    pub last: Option<Arc<[u8]>>,
    pub received: BTreeMap<ConnId, Vec<u8>>,
    pub truncated: u64,
    pub most: u64,
}

impl Heard {
    /// Reads what came since.
    pub fn listen(&mut self, id: EndpointId, snapshot: &Snapshot) {
        let log = &snapshot.traffic;
        for record in log.iter_from(self.next).filter(|r| r.conn.session == id && r.kind == RecordKind::Received) {
            self.last = Some(Arc::clone(&record.data));
            self.truncated += u64::from(record.cut);
            self.most = self.most.max(u64::from(record.len));
            let bytes = self.received.entry(record.conn.id).or_default();
            bytes.extend_from_slice(&record.data);
            let over = bytes.len().saturating_sub(KEPT);
            bytes.drain(..over);
        }
        self.next = log.end_index();
    }
}
