//! Buffers for payloads, used again: a record's copy of its bytes takes one out, and whoever has read the record gives it back, so
//! that a message allocates nothing once a session is warm.
//!
//! What was missing is made twice, the second time by the reader, so that it soon is no longer.
//!
//! Without a lock, and bounded: what would be too much to keep is freed. It must not be relied on for anything but speed.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_queue::ArrayQueue;

/// The smallest buffer holds `1 << SMALLEST` bytes; each further size is twice the one before.
const SMALLEST: u32 = 6;
/// Sizes: 64 bytes to 64 KiB.
const SIZES: usize = 11;

/// See the module.
#[derive(Debug)]
pub(super) struct Spares {
    /// By size; made with the first buffer that comes back, because most sessions use few sizes.
    sizes: [OnceLock<ArrayQueue<Vec<u8>>>; SIZES],
    /// By size: how often a buffer was wanted and none was there, since one came back.
    missed: [AtomicU64; SIZES],
    held_bytes: AtomicU64,
    most_bytes: u64,
    /// Of one size.
    most_buffers: usize,
}

impl Spares {
    /// Keeps at most so many bytes, and buffers of one size.
    pub fn new(most_bytes: u64, most_buffers: usize) -> Self {
        let (sizes, missed) = ([const { OnceLock::new() }; SIZES], [const { AtomicU64::new(0) }; SIZES]);
        Self { sizes, missed, held_bytes: AtomicU64::new(0), most_bytes, most_buffers }
    }

    /// A buffer with these bytes.
    pub fn copy(&self, data: &[u8]) -> Vec<u8> {
        let Some(size) = size_for(data.len()) else { return data.to_vec() };
        let mut buffer = match self.sizes[size].get().and_then(ArrayQueue::pop) {
            Some(spare) => {
                self.held_bytes.fetch_sub(bytes_of(size), Ordering::Relaxed);
                spare
            }
            None => {
                self.missed[size].fetch_add(1, Ordering::Relaxed);
                empty(size)
            }
        };
        buffer.extend_from_slice(data);
        buffer
    }

    /// Keeps the buffer for the next time, if there is room for it.
    pub fn give_back(&self, mut buffer: Vec<u8>) {
        let Some(size) = size_of(buffer.capacity()) else { return };
        buffer.clear();
        if self.keep(size, buffer) && self.missed[size].load(Ordering::Relaxed) > 0 {
            let missed = self.missed[size].swap(0, Ordering::Relaxed);
            let _until_full = (0..missed).all(|_| self.keep(size, empty(size)));
        }
    }

    fn keep(&self, size: usize, buffer: Vec<u8>) -> bool {
        let bytes = bytes_of(size);
        if self.held_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes <= self.most_bytes {
            let most = usize::try_from(self.most_bytes / bytes).unwrap_or(usize::MAX).clamp(1, self.most_buffers);
            if self.sizes[size].get_or_init(|| ArrayQueue::new(most)).push(buffer).is_ok() {
                return true;
            }
        }
        self.held_bytes.fetch_sub(bytes, Ordering::Relaxed);
        false
    }
}

fn empty(size: usize) -> Vec<u8> {
    Vec::with_capacity(1 << (SMALLEST as usize + size))
}

fn bytes_of(size: usize) -> u64 {
    1 << (SMALLEST as usize + size)
}

/// The smallest size that holds so many bytes. `None` for none, which needs no memory, and for more than the largest holds.
fn size_for(len: usize) -> Option<usize> {
    let bits = len.checked_sub(1)?.checked_ilog2().map_or(0, |bits| bits + 1);
    Some(bits.saturating_sub(SMALLEST) as usize).filter(|size| *size < SIZES)
}

/// The size of a buffer with this capacity, if it is one of these.
fn size_of(capacity: usize) -> Option<usize> {
    let size = capacity.checked_ilog2()?.checked_sub(SMALLEST)? as usize;
    Some(size).filter(|size| *size < SIZES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_hold_what_they_are_for() {
        let sizes = [0, 1, 64, 65, 128, 129, 65_535, 65_536, 65_537].map(size_for);
        assert_eq!(sizes, [None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(10), Some(10), None]);
        assert_eq!([0, 63, 64, 127, 128, 65_536, 1 << 17].map(size_of), [None, None, Some(0), Some(0), Some(1), Some(10), None]);
    }

    #[test]
    fn what_is_given_back_is_taken_again() {
        let spares = Spares::new(1 << 20, 100);
        let first = spares.copy(b"one");
        let place = first.as_ptr();
        spares.give_back(first);
        let again = spares.copy(b"another");
        assert_eq!((again.as_slice(), again.as_ptr()), (b"another".as_slice(), place));
        let _made_by_the_reader = spares.copy(b"one more");
        assert_eq!(spares.missed[0].load(Ordering::Relaxed), 0);
        assert_eq!(spares.copy(&[]).capacity(), 0);
    }

    #[test]
    fn what_it_keeps_is_bounded() {
        let spares = Spares::new(1_000, 4);
        let give = |len: usize, count: usize| {
            let buffers: Vec<_> = (0..count).map(|_| spares.copy(&vec![7; len])).collect();
            buffers.into_iter().for_each(|buffer| spares.give_back(buffer));
            spares.held_bytes.load(Ordering::Relaxed)
        };
        assert_eq!(give(64, 10), 4 * 64, "so many of one size");
        assert_eq!(give(500, 10), 4 * 64 + 512, "so many bytes");
        assert_eq!(give(65_536, 1), 4 * 64 + 512, "no room for that");
    }
}
