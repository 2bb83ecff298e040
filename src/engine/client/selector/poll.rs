//! We keep the list of watched descriptors and hand all of it to `poll(2)` or `WSAPoll` each time.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use crate::sys::{PollFd, Sock, Waker, poll};
use crate::trace::Lane;

use super::{Ready, WAKER};

/// See the module.
pub(in crate::engine::client) struct Selector {
    /// The waker first, then one entry per connection.
    fds: Vec<PollFd>,
    /// Beside `fds`.
    tokens: Vec<u64>,
    /// Where a token stands in both.
    places: HashMap<u64, usize>,
}

/// The same face as the kernel's queues, which can fail and want the socket and the lane.
impl Selector {
    pub fn new(_lane: &Lane, waker: &Waker) -> io::Result<Self> {
        Ok(Self { fds: vec![waker.poll_fd()], tokens: vec![WAKER], places: HashMap::new() })
    }

    pub fn add(&mut self, _lane: &Lane, sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        self.places.insert(token, self.fds.len());
        self.fds.push(PollFd::new(sock, readable, writable));
        self.tokens.push(token);
        Ok(())
    }

    pub fn modify(&mut self, _lane: &Lane, _sock: &Sock, token: u64, readable: bool, writable: bool) -> io::Result<()> {
        if let Some(&place) = self.places.get(&token) {
            self.fds[place].set(readable, writable);
        }
        Ok(())
    }

    /// Before the socket is closed.
    /// Nothing more is told of it; it stays open. A later `modify` is about nobody.
    pub fn leave(&mut self, _lane: &Lane, _sock: &Sock, token: u64) -> io::Result<()> {
        self.forget(token);
        Ok(())
    }

    pub fn forget(&mut self, token: u64) {
        let Some(place) = self.places.remove(&token) else { return };
        self.fds.swap_remove(place);
        self.tokens.swap_remove(place);
        if let Some(&moved) = self.tokens.get(place) {
            self.places.insert(moved, place);
        }
    }

    /// Adds the ready connections to `ready`; true when the waker woke it.
    pub fn wait(&mut self, lane: &Lane, limit: Option<Duration>, ready: &mut Vec<Ready>) -> io::Result<bool> {
        poll(lane, &mut self.fds, limit)?;
        let come = self.fds.iter().zip(&self.tokens).skip(1).filter(|(fd, _)| fd.is_ready());
        ready.extend(come.map(|(fd, &token)| Ready { token, readable: fd.is_readable(), writable: fd.is_writable() }));
        Ok(self.fds[0].is_ready())
    }
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::time::Instant;

    use crate::trace::Tap;

    use super::*;

    #[test]
    fn forgotten_ones_leave_the_others_in_place() {
        let lane = Tap::new(Instant::now(), 64).lane("test");
        let waker = Waker::new().unwrap();
        let mut selector = Selector::new(&lane, &waker).unwrap();
        let socks: Vec<(Sock, UdpSocket)> = (0..4)
            .map(|_| {
                let sock = UdpSocket::bind("127.0.0.1:0").unwrap();
                (Sock::from(socket2::Socket::from(sock.try_clone().unwrap())), sock)
            })
            .collect();
        for (token, (sock, _)) in (1..).zip(&socks) {
            selector.add(&lane, sock, token, true, false).unwrap();
            socks[0].1.send_to(b"x", socks[token as usize - 1].1.local_addr().unwrap()).unwrap();
        }
        selector.leave(&lane, &socks[0].0, 1).unwrap();
        selector.forget(9);
        selector.modify(&lane, &socks[1].0, 2, false, false).unwrap();
        let mut wait = || {
            let mut ready = Vec::new();
            let woken = selector.wait(&lane, Some(Duration::from_secs(5)), &mut ready).unwrap();
            let mut tokens: Vec<u64> = ready.iter().filter(|r| r.readable && !r.writable).map(|r| r.token).collect();
            tokens.sort_unstable();
            (woken, tokens)
        };
        assert_eq!(wait(), (false, vec![3, 4]));
        waker.wake();
        assert_eq!(wait(), (true, vec![3, 4]));
        waker.drain();
        assert_eq!(wait(), (false, vec![3, 4]));
    }
}
