//! The one readiness wait of a client: epoll on Linux, kqueue on macOS and the BSDs, poll elsewhere. Level-triggered.
//!
//! It must not read or write: it only says who is ready.

use std::io;
use std::time::Duration;

use crate::sys::{Sock, Waker};
use crate::trace::Lane;

/// Ready descriptors taken from one wait.
const BATCH: usize = 256;
/// The waker's token. Connections are numbered from 1.
const WAKER: u64 = 0;

/// One ready connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ready {
    pub token: u64,
    pub readable: bool,
    pub writable: bool,
}

#[cfg(target_os = "linux")]
use crate::sys::epoll::{Epoll as Queue, Event};
#[cfg(any(
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly"
))]
use crate::sys::kqueue::{Event, Kqueue as Queue};

/// See the module.
#[cfg(unix)]
pub(super) struct Selector {
    queue: Queue,
    ready: Box<[Event]>,
}

#[cfg(unix)]
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

    /// Fills `ready` with the ready connections; true when the waker woke it.
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

/// See the module.
#[cfg(not(unix))]
pub(super) struct Selector {
    /// The waker first, then one entry per connection.
    fds: Vec<crate::sys::PollFd>,
    /// Beside `fds`.
    tokens: Vec<u64>,
    places: std::collections::HashMap<u64, usize>,
}

#[cfg(not(unix))]
impl Selector {
    #[expect(clippy::unnecessary_wraps, reason = "the same face as the kernel's queues, which can fail")]
    pub fn new(_lane: &Lane, waker: &Waker) -> io::Result<Self> {
        Ok(Self { fds: vec![waker.poll_fd()], tokens: vec![WAKER], places: std::collections::HashMap::with_capacity(BATCH) })
    }

    #[expect(clippy::unnecessary_wraps, reason = "the same face as the kernel's queues, which can fail")]
    pub fn add(&mut self, _lane: &Lane, sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        self.places.insert(token, self.fds.len());
        self.fds.push(crate::sys::PollFd::new(sock, readable, writable));
        self.tokens.push(token);
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the same face as the kernel's queues, which can fail")]
    pub fn modify(&mut self, _lane: &Lane, _sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        if let Some(&place) = self.places.get(&token) {
            self.fds[place].set(readable, writable);
        }
        Ok(())
    }

    /// Before the socket is closed.
    pub fn forget(&mut self, token: u64) {
        let Some(place) = self.places.remove(&token) else { return };
        self.fds.swap_remove(place);
        self.tokens.swap_remove(place);
        if let Some(&moved) = self.tokens.get(place) {
            self.places.insert(moved, place);
        }
    }

    /// Fills `ready` with the ready connections; true when the waker woke it.
    pub fn wait(&mut self, lane: &Lane, limit: Option<Duration>, ready: &mut Vec<Ready>) -> io::Result<bool> {
        crate::sys::poll(lane, &mut self.fds, limit)?;
        let come = self.fds.iter().zip(&self.tokens).skip(1).filter(|(fd, _)| fd.is_ready());
        ready.extend(come.map(|(fd, &token)| Ready { token, readable: fd.is_readable(), writable: fd.is_writable() }));
        Ok(self.fds[0].is_ready())
    }
}
