//! A counting allocator: how often the threads that serve allocate. Off until [`begin`]; then one atomic add per allocation.
//!
//! The engine's own thread, the program's main thread and threads of the C library are not on the path of a message and are
//! counted apart.

#![cfg_attr(windows, expect(clippy::missing_const_for_thread_local, reason = "it is const, which the macro hides on this target"))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

static IS_ON: AtomicBool = AtomicBool::new(false);
static SERVING: AtomicU64 = AtomicU64::new(0);
static ASIDE: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static IS_ASIDE: Cell<bool> = const { Cell::new(false) };
}

/// See the module.
pub struct Counting;

fn note() {
    if IS_ON.load(Ordering::Relaxed) {
        // A thread at its very end has no locals any more; it serves nobody.
        let is_aside = IS_ASIDE.try_with(Cell::get).unwrap_or(true);
        let counter = if is_aside { &ASIDE } else { &SERVING };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

// SAFETY: every call is passed on to the system's allocator unchanged; counting touches only atomics and a constant-initialised
// thread-local without a destructor, and allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        note();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(ptr, layout, new_size) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(ptr, layout) }
    }
}

/// This thread serves nobody.
pub fn stand_aside() {
    IS_ASIDE.with(|aside| aside.set(true));
}

/// Counts from now on.
pub fn begin() {
    SERVING.store(0, Ordering::Relaxed);
    ASIDE.store(0, Ordering::Relaxed);
    IS_ON.store(true, Ordering::Relaxed);
}

/// How often it was allocated since: by threads that serve, and by others.
pub fn counts() -> [u64; 2] {
    IS_ON.store(false, Ordering::Relaxed);
    [&SERVING, &ASIDE].map(|counter| counter.load(Ordering::Relaxed))
}
