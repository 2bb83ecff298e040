//! Provided buffers (io_uring_register_buf_ring(3), Linux 5.19): the kernel takes one only when bytes are there, so that an
//! idle connection pins none.

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::io;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU16, Ordering};

use io_uring::IoUring;
use io_uring::types::BufRingEntry;

/// Buffers of one ring; a power of two.
const COUNT: u16 = 64;
/// Bytes of one.
const BYTES: usize = 64 << 10;
/// The one group of a ring.
pub(super) const GROUP: u16 = 0;
/// The kernel wants the ring of entries on a page boundary.
const PAGE: usize = 4_096;

/// What one receive brought, in memory that was the kernel's until now. [`Ring::give_back`](super::Ring::give_back) makes it
/// the kernel's again.
#[derive(Debug, Default)]
pub struct Chunk {
    memory: Box<[u8]>,
    len: usize,
}

impl Deref for Chunk {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[..self.len]
    }
}

/// See the module.
pub(super) struct Buffers {
    entries: NonNull<BufRingEntry>,
    /// By buffer id; `None` while somebody here has it. The memory behind each pointer is a box given up with `Box::into_raw`.
    lent: Vec<Option<NonNull<[u8]>>>,
    tail: u16,
    registered: bool,
    leaked: bool,
}

fn layout() -> Layout {
    match Layout::from_size_align(size_of::<BufRingEntry>() * usize::from(COUNT), PAGE) {
        Ok(layout) => layout,
        Err(_) => unreachable!("constants that fit"),
    }
}

impl Buffers {
    /// Makes the buffers and lends all of them to the kernel.
    pub fn register(ring: &IoUring) -> io::Result<Self> {
        // SAFETY: the layout has a size.
        let entries = unsafe { alloc_zeroed(layout()) }.cast::<BufRingEntry>();
        let Some(entries) = NonNull::new(entries) else { handle_alloc_error(layout()) };
        let mut this = Self { entries, lent: vec![None; usize::from(COUNT)], tail: 0, registered: false, leaked: false };
        // SAFETY: `entries` is page-aligned memory for COUNT entries. It lives until `drop`, which unregisters it first.
        unsafe { ring.submitter().register_buf_ring_with_flags(entries.as_ptr() as u64, COUNT, GROUP, 0) }?;
        this.registered = true;
        (0..COUNT).for_each(|_| this.lend(vec![0; BYTES].into_boxed_slice()));
        Ok(this)
    }

    /// The kernel filled the buffer with this id: it is ours again.
    pub fn take(&mut self, id: u16, len: usize) -> Chunk {
        let Some(memory) = self.lent.get_mut(usize::from(id)).and_then(Option::take) else { return Chunk::default() };
        // SAFETY: the pointer came from `Box::into_raw` in `lend` and is taken out of the table, so it becomes a box once. The
        // kernel named the buffer in a completion: it has left its ring and will not be written any more.
        let memory = unsafe { Box::from_raw(memory.as_ptr()) };
        let len = len.min(memory.len());
        Chunk { memory, len }
    }

    /// The kernel may fill it again.
    pub fn give_back(&mut self, chunk: Chunk) {
        if chunk.memory.len() == BYTES {
            self.lend(chunk.memory);
        }
    }

    fn lend(&mut self, memory: Box<[u8]>) {
        let Some(id) = self.lent.iter().position(Option::is_none) else { return };
        let Some(memory) = NonNull::new(Box::into_raw(memory)) else { return };
        self.lent[id] = Some(memory);
        let slot = usize::from(self.tail & (COUNT - 1));
        // SAFETY: `slot` is below COUNT; the kernel reads entries only up to the tail, which is moved past this one below. At
        // most COUNT buffers are lent, so the slot's former entry was consumed.
        let entry = unsafe { &mut *self.entries.as_ptr().add(slot) };
        entry.set_addr(memory.as_ptr().cast::<u8>() as u64);
        entry.set_len(BYTES as u32);
        entry.set_bid(id as u16);
        self.tail = self.tail.wrapping_add(1);
        // SAFETY: `entries` is the start of the ring, where the kernel expects the tail in the first entry's reserved word. It is
        // aligned for u16 and shared with the kernel, hence atomic; the release makes the entry visible before the tail.
        unsafe { AtomicU16::from_ptr(BufRingEntry::tail(self.entries.as_ptr()).cast_mut()) }.store(self.tail, Ordering::Release);
    }

    /// Before the memory is freed. Every operation that may still take a buffer must have ended.
    pub fn unregister(&mut self, ring: &IoUring) -> io::Result<()> {
        if std::mem::take(&mut self.registered) { ring.submitter().unregister_buf_ring(GROUP) } else { Ok(()) }
    }

    /// Keeps the memory for ever, because the kernel may still write to it.
    pub fn leak(&mut self) {
        self.lent.clear();
        self.leaked = true;
    }
}

impl Drop for Buffers {
    fn drop(&mut self) {
        for memory in self.lent.drain(..).flatten() {
            // SAFETY: as in `take`; the ring of buffers is unregistered (or never was registered), so the kernel takes none.
            drop(unsafe { Box::from_raw(memory.as_ptr()) });
        }
        if self.leaked {
            return;
        }
        // SAFETY: allocated with this layout in `register`, not used any more.
        unsafe { dealloc(self.entries.as_ptr().cast(), layout()) };
    }
}
