//! The kernel keeps the list of watched descriptors: epoll(7), level-triggered.

use std::io;
use std::time::Duration;

use crate::sys::epoll::{Epoll, Event};
use crate::sys::{Sock, Waker};
use crate::trace::Lane;

use super::{Ready, WAKER};

/// Ready descriptors taken from one wait.
const BATCH: usize = 256;

/// See the module.
pub(in crate::engine::client) struct Selector {
    epoll: Epoll,
    ready: Box<[Event]>,
}

impl Selector {
    pub fn new(lane: &Lane, waker: &Waker) -> io::Result<Self> {
        let epoll = Epoll::new(lane)?;
        epoll.add_waker(lane, waker, WAKER)?;
        Ok(Self { epoll, ready: vec![Event::EMPTY; BATCH].into() })
    }

    pub fn add(&mut self, lane: &Lane, sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        self.epoll.add(lane, sock, token, readable, writable)
    }

    pub fn modify(&mut self, lane: &Lane, sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        self.epoll.modify(lane, sock, token, readable, writable)
    }

    /// Nothing more is told of it; it stays open.
    pub fn leave(&mut self, lane: &Lane, sock: &Sock, _token: u64) -> io::Result<()> {
        self.epoll.delete(lane, sock)
    }

    /// Before the socket is closed. The kernel forgets a closed descriptor by itself (epoll(7)), so this costs no call.
    pub fn forget(&mut self, _token: u64) {}

    /// Adds the ready connections to `ready`; true when the waker woke it.
    pub fn wait(&mut self, lane: &Lane, limit: Option<Duration>, ready: &mut Vec<Ready>) -> io::Result<bool> {
        let events = self.epoll.wait(lane, &mut self.ready, limit)?;
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
