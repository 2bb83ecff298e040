//! The kernel keeps a filter for each watched descriptor and direction: kqueue(2), level-triggered.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use crate::sys::kqueue::{Event, Filter, Kqueue};
use crate::sys::{Sock, Waker};
use crate::trace::Lane;

use super::{Ready, WAKER};

/// Filters that fired taken from one wait.
const BATCH: usize = 256;

/// See the module.
pub(in crate::engine::client) struct Selector {
    kqueue: Kqueue,
    /// Which filters the kernel has, for reading and for writing: it refuses to delete one that is not there.
    filters: HashMap<u64, (bool, bool)>,
    ready: Box<[Event]>,
}

impl Selector {
    pub fn new(lane: &Lane, waker: &Waker) -> io::Result<Self> {
        let kqueue = Kqueue::new(lane)?;
        kqueue.add_waker(lane, waker, WAKER)?;
        Ok(Self { kqueue, filters: HashMap::new(), ready: vec![Event::EMPTY; BATCH].into() })
    }

    pub fn add(&mut self, lane: &Lane, sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        self.modify(lane, sock, token, readable, writable)
    }

    pub fn modify(&mut self, lane: &Lane, sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        let there = self.filters.entry(token).or_default();
        for (filter, is, should) in [(Filter::Read, &mut there.0, readable), (Filter::Write, &mut there.1, writable)] {
            match (*is, should) {
                (false, true) => self.kqueue.add(lane, sock, filter, token)?,
                (true, false) => self.kqueue.delete(lane, sock, filter)?,
                (true, true) | (false, false) => {}
            }
            *is = should;
        }
        Ok(())
    }

    /// Nothing more is told of it; it stays open. Without a filter kqueue tells nothing of a descriptor.
    pub fn leave(&mut self, lane: &Lane, sock: &Sock, token: u64) -> io::Result<()> {
        self.modify(lane, sock, token, false, false)
    }

    /// Before the socket is closed, which deletes its filters in the kernel (kqueue(2)), so this costs no call.
    pub fn forget(&mut self, token: u64) {
        self.filters.remove(&token);
    }

    /// Adds the ready connections to `ready`, one entry for each direction; true when the waker woke it.
    pub fn wait(&mut self, lane: &Lane, limit: Option<Duration>, ready: &mut Vec<Ready>) -> io::Result<bool> {
        let events = self.kqueue.wait(lane, &mut self.ready, limit)?;
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
