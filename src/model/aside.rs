//! A thread of a server besides its workers: started by the first who needs it, joined once the server is over.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};

use parking_lot::Mutex;

/// Enough for loops over links.
const STACK_BYTES: usize = 256 << 10;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Aside {
    started: AtomicBool,
    slot: Mutex<Slot>,
}

#[derive(Debug, Default)]
struct Slot {
    handle: Option<JoinHandle<()>>,
    joined: bool,
}

impl Aside {
    /// Starts it, unless it was started before. After an error it may be tried again.
    pub fn start(&self, name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        if self.started.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        let handle = Builder::new().name(name.replace('\0', "")).stack_size(STACK_BYTES).spawn(work);
        let handle = handle.inspect_err(|_| self.started.store(false, Ordering::SeqCst))?;
        let late = {
            let mut slot = self.slot.lock();
            if slot.joined {
                Some(handle)
            } else {
                slot.handle = Some(handle);
                None
            }
        };
        // The server is over already, so the thread ends at once.
        late.map(JoinHandle::join);
        Ok(())
    }

    /// Joins it. Whoever calls this has told it to end.
    pub fn join(&self) {
        let handle = {
            let mut slot = self.slot.lock();
            slot.joined = true;
            slot.handle.take()
        };
        // A panic there has been reported by the panic hook; the server is over either way.
        handle.map(JoinHandle::join);
    }
}
