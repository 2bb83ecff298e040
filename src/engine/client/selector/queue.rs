//! The kernel keeps the list of watched descriptors: epoll(7) or kqueue(2), which we use alike.

use std::io;
use std::time::Duration;

#[cfg(target_os = "linux")]
use crate::sys::epoll::{Epoll as Queue, Event};
#[cfg(not(target_os = "linux"))]
use crate::sys::kqueue::{Event, Kqueue as Queue};
use crate::sys::{Sock, Waker};
use crate::trace::Lane;

use super::{Ready, WAKER};

/// Ready descriptors taken from one wait.
const BATCH: usize = 256;

/// See the module.
pub(in crate::engine::client) struct Selector {
    queue: Queue,
    ready: Box<[Event]>,
}

impl Selector {
    pub fn new(lane: &Lane, waker: &Waker) -> io::Result<Self> {
        let queue = Queue::new(lane)?;
        queue.add_waker(lane, waker, WAKER)?;
        Ok(Self { queue, ready: vec![Event::EMPTY; BATCH].into() })
    }

    pub fn add(&mut self, lane: &Lane, sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        self.queue.add(lane, sock, token, readable, writable)
    }

    pub fn modify(&mut self, lane: &Lane, sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        self.queue.modify(lane, sock, token, readable, writable)
    }

    /// Before the socket is closed. The kernel forgets a closed descriptor by itself (epoll(7), kqueue(2)), so this costs no call.
    pub fn forget(&mut self, _token: u64) {}

    /// Adds the ready connections to `ready`; true when the waker woke it.
    pub fn wait(&mut self, lane: &Lane, limit: Option<Duration>, ready: &mut Vec<Ready>) -> io::Result<bool> {
        let events = self.queue.wait(lane, &mut self.ready, limit)?;
        let mut woken = false;
        for event in events {
            match event.token() {
                WAKER => woken = true,
                token => ready.push(Ready { token, readable: event.is_readable(), writable: event.is_writable() }),
            }
        }
        Ok(woken)
    }
}
