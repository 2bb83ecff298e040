//! Traffic records of one session between two drainings: one stretch of heads and one of payloads, both written from front to
//! back, so that a record costs its worker no allocation and next to no cache misses. The reader takes the whole batch away and
//! leaves an empty one.
//!
//! Bounded in records and bytes: what does not fit is refused, never waited for.

use std::sync::Arc;

use super::board::{Conn, RawKind, RawRecord};

/// Records kept at most.
pub(super) const MOST_RECORDS: usize = 8_192;
/// Payload bytes kept at most.
pub(super) const MOST_BYTES: usize = 8 << 20;
/// Memory for so many records and bytes stays with a session that was busy once.
const FLOOR: (usize, usize) = (512, 64 << 10);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Which batch of its board, so that a connection knows whether it is named in this one already.
    number: u32,
    /// Each connection once, however many records name it.
    conns: Vec<Arc<Conn>>,
    heads: Vec<Head>,
    payloads: Vec<u8>,
}

#[derive(Debug)]
struct Head {
    at_ns: u64,
    kind: RawKind,
    /// Its place in `conns`.
    conn: u32,
    /// Bytes the call moved.
    len: u32,
    /// Where its payload ends; it begins where the one before ends.
    end: u32,
}

impl Batch {
    /// Whether one more record with so many bytes fits.
    #[inline]
    pub fn has_room(&self, bytes: usize) -> bool {
        self.heads.len() < MOST_RECORDS && self.payloads.len() + bytes <= MOST_BYTES
    }

    /// Adds a record, for which the caller found [room](Self::has_room).
    #[inline]
    pub fn add(&mut self, at_ns: u64, conn: &Arc<Conn>, kind: RawKind, data: &[u8], len: usize) {
        let conn = self.place_of(conn);
        self.payloads.extend_from_slice(data);
        self.heads.push(Head { at_ns, kind, conn, len: len as u32, end: self.payloads.len() as u32 });
    }

    #[inline]
    fn place_of(&mut self, conn: &Arc<Conn>) -> u32 {
        let (batch, place) = conn.named_in();
        // The numbers of batches come again after some years: the second look is for then.
        if batch == self.number && self.conns.get(place as usize).is_some_and(|there| Arc::ptr_eq(there, conn)) {
            return place;
        }
        let place = self.conns.len() as u32;
        self.conns.push(Arc::clone(conn));
        conn.set_named_in(self.number, place);
        place
    }

    /// Takes everything out into `empty`, which becomes the next batch and brings its memory.
    pub fn swap(&mut self, empty: &mut Self) {
        empty.number = self.number.wrapping_add(1);
        std::mem::swap(self, empty);
    }

    /// All records, oldest first.
    pub fn records(&self) -> impl Iterator<Item = RawRecord<'_>> {
        let mut start = 0;
        self.heads.iter().map(move |head| {
            let data = &self.payloads[std::mem::replace(&mut start, head.end as usize)..head.end as usize];
            RawRecord { at_ns: head.at_ns, conn: &self.conns[head.conn as usize], kind: &head.kind, data, len: head.len }
        })
    }

    /// Forgets all and keeps the memory; what far exceeds the need goes back little by little.
    pub fn clear(&mut self) {
        let (records, bytes) = (self.heads.len(), self.payloads.len());
        self.conns.clear();
        self.heads.clear();
        self.payloads.clear();
        if self.heads.capacity() / 4 > records.max(FLOOR.0) {
            self.conns.shrink_to(self.conns.capacity() / 2);
            self.heads.shrink_to(self.heads.capacity() / 2);
        }
        if self.payloads.capacity() / 4 > bytes.max(FLOOR.1) {
            self.payloads.shrink_to(self.payloads.capacity() / 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::trace::{Board, ConnStage};

    #[test]
    fn records_come_out_as_they_went_in_and_memory_goes_back() {
        let board = Board::new(Instant::now());
        let conns = [board.add(3, "a", "b", ConnStage::Open), board.add(4, "c", "d", ConnStage::Open)];
        let (mut batch, mut other) = (Batch::default(), Batch::default());
        for round in 0..20_u64 {
            let most = if round < 2 { 8_000 } else { 3 };
            for n in 0..most {
                let data = vec![n as u8; n as usize % 700];
                assert!(batch.has_room(data.len()));
                batch.add(n, &conns[n as usize % 2], RawKind::Sent, &data, data.len() + 1);
            }
            batch.swap(&mut other);
            assert_eq!((other.conns.len(), other.records().count() as u64), (2, most), "each connection is named once");
            for (n, record) in (0..).zip(other.records()) {
                assert_eq!((record.at_ns, record.data.len() + 1, record.conn.fd), (n, record.len as usize, 3 + n as i64 % 2));
                assert!(record.data.len() as u64 == n % 700 && record.data.iter().all(|byte| *byte == n as u8));
            }
            other.clear();
        }
        assert!(batch.payloads.capacity() <= 4 * FLOOR.1 && batch.heads.capacity() <= 4 * FLOOR.0, "{}", batch.payloads.capacity());
    }

    #[test]
    fn it_is_bounded_in_records_and_in_bytes() {
        let board = Board::new(Instant::now());
        let conn = board.add(3, "a", "b", ConnStage::Open);
        let count = |len: usize| {
            let mut batch = Batch::default();
            let mut fits = |n| {
                let has_room = batch.has_room(len);
                if has_room {
                    batch.add(n, &conn, RawKind::Sent, &vec![0; len], len);
                }
                has_room
            };
            (0..).take_while(|n| fits(*n)).count()
        };
        assert_eq!((count(1), count(1 << 20)), (MOST_RECORDS, MOST_BYTES >> 20));
    }
}
