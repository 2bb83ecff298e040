//! The way in from the engine to a running server. No method ever blocks; all may be called from any thread.
//!
//! It marks links and wakes workers; it closes no descriptor itself, that is the worker's part.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::probe::{self, Buffers, Listener, Unavailable};
use crate::sys::{Knock, PollFd, Shutdown, Sock, SockAddr, Waker, fmt_addr, poll};
use crate::trace::{Board, ConnId, ConnStage, End, Lane, Tap};

use super::link::{Link, Links, Via};
use super::operator::{Operator, Order};

/// How long a `send` that does not sleep may take to copy its bytes.
const COPYING: Duration = Duration::from_millis(2);

/// To whom an operator sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// One connection or datagram peer.
    One(ConnId),
    /// All that are open when each send is due.
    All,
}

/// How an operator ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// FIN after what the kernel has taken.
    Orderly,
    /// FIN for our side, reading goes on.
    HalfClose,
    /// RST.
    Reset,
}

/// See the module.
#[derive(Debug)]
pub struct Control {
    name: Arc<str>,
    socket: Arc<Sock>,
    stream: bool,
    tap: Arc<Tap>,
    board: Arc<Board>,
    links: Arc<Links>,
    waker: Waker,
    /// Links were asked to leave since a selector last looked.
    asked: AtomicBool,
    operator: Arc<Operator>,
    /// Wakes `accept` where nothing else does; kept until `serve` has returned.
    knock: Mutex<Option<Knock>>,
}

impl Control {
    /// For the server `name` on `socket`, which listens (`stream`) or is bound for datagrams.
    pub fn new(name: &str, socket: Arc<Sock>, stream: bool, tap: Arc<Tap>, board: Arc<Board>) -> io::Result<Arc<Self>> {
        let links = Arc::<Links>::default();
        let operator = Operator::new(format!("{name}:operator").into(), Arc::clone(&links), Arc::clone(&board), Arc::clone(&tap))?;
        let waker = Waker::new()?;
        let (asked, knock) = (AtomicBool::new(false), Mutex::default());
        Ok(Arc::new(Self { name: name.into(), socket, stream, tap, board, links, waker, asked, operator, knock }))
    }

    /// Sets the flag, wakes selectors, and ends every thread's sleep in `accept`, `recv` or `send`.
    pub fn stop(&self) {
        self.links.set_stopping();
        self.waker.wake();
        self.operator.wake();
        if self.stream {
            let knock = self.socket.interrupt_accept();
            *self.knock.lock() = knock;
            // A connection that is accepted later finds the flag set when it is registered.
            self.links.all().iter().for_each(|link| link.sock().interrupt(Shutdown::Both));
        } else {
            self.socket.interrupt_receive();
        }
    }

    /// Whether [`stop`](Self::stop) was called.
    pub fn is_stopping(&self) -> bool {
        self.links.is_stopping()
    }

    /// Sends `bytes` now and then again after each `every`, `times` in all (0: until stopped). Replaces a running schedule.
    pub fn send(&self, to: To, bytes: Arc<[u8]>, every: Duration, times: u32) {
        self.operator.order(Order { to, bytes, every, times });
    }

    /// Ends the running schedule.
    pub fn stop_sending(&self) {
        self.operator.cancel();
    }

    /// Ends these connections. Unknown ids are gone already and ignored.
    pub fn close(&self, ids: &[ConnId], how: Ending) {
        let lane = self.tap.lane(self.operator.name());
        let mut in_send = Vec::new();
        for link in ids.iter().filter_map(|id| self.links.get(*id)) {
            match (&link.via, how) {
                (Via::Stream(_), Ending::HalfClose) => link.half_close(&lane, &self.board),
                // Nobody serves it yet, so nobody else would end it before its turn.
                (Via::Stream(sock), Ending::Orderly) if link.leave_queue(&self.board) => {
                    let _gone = sock.shutdown(&lane, Shutdown::Both);
                    self.finish(&lane, link, End::Here);
                    continue;
                }
                (Via::Stream(sock), Ending::Orderly) => {
                    link.mark_leaving();
                    let _gone = sock.shutdown(&lane, Shutdown::Both);
                    if cfg!(windows) {
                        sock.interrupt(Shutdown::Both);
                    }
                }
                (Via::Stream(sock), Ending::Reset) => {
                    // Not even a FIN may leave before the worker closes: SHUT_RD wakes a sleeping `recv` and sends nothing.
                    let _gone = sock.set_reset_on_close(&lane);
                    link.mark_leaving();
                    sock.interrupt(Shutdown::Read);
                    if link.is_in_send() {
                        in_send.push(link);
                        continue;
                    }
                }
                (Via::Peer(..), Ending::HalfClose) => {}
                // A datagram peer has no descriptor to close: it is forgotten, and is a new one when it is heard again.
                (Via::Peer(..), Ending::Orderly | Ending::Reset) => {
                    link.mark_leaving();
                    self.finish(&lane, link, End::Here);
                    continue;
                }
            }
            Link::release(link, &lane);
        }
        wake_senders(&lane, in_send);
        self.asked.store(true, Ordering::SeqCst);
        self.waker.wake();
        self.links.tell();
    }

    /// Rounds done, and rounds asked (0: until stopped). `None` while no schedule runs.
    pub fn progress(&self) -> Option<(u64, u64)> {
        self.operator.progress()
    }

    /// What the buffers of a live connection hold.
    pub fn buffers(&self, id: ConnId) -> Option<Buffers> {
        let link = self.links.get(id)?;
        probe::buffers(link.sock(), self.stream)
    }

    /// Who stands in the accept queue.
    pub fn listener_queue(&self) -> Result<Listener, Unavailable> {
        if self.stream { probe::listener(&self.socket) } else { Err(Unavailable("datagram sockets do not listen")) }
    }

    /// Joins the operator's thread, after `serve` has returned.
    pub fn join(&self) {
        self.links.set_stopping();
        self.operator.join();
        let knock = self.knock.lock().take();
        drop(knock);
    }

    pub(super) fn name(&self) -> &Arc<str> {
        &self.name
    }

    pub(super) fn waker(&self) -> &Waker {
        &self.waker
    }

    pub(super) fn links(&self) -> &Arc<Links> {
        &self.links
    }

    /// Takes back the wakes so far; says whether connections were asked to leave.
    pub(super) fn heed(&self) -> bool {
        self.waker.drain();
        self.asked.swap(false, Ordering::SeqCst)
    }

    /// Puts an accepted connection on the board and within reach.
    pub(super) fn admit(&self, sock: Sock, peer: &SockAddr) -> Arc<Link> {
        // A peer that has already left makes this fail on some systems.
        let local = sock.local_addr().map_or_else(|_| String::new(), |addr| fmt_addr(&addr));
        let conn = self.board.add(sock.fd(), local, fmt_addr(peer), ConnStage::Open);
        self.reach(Link::new(conn, Via::Stream(sock)))
    }

    /// Puts a datagram peer on the board and within reach.
    pub(super) fn meet(&self, local: &Arc<str>, peer: &SockAddr) -> Arc<Link> {
        let conn = self.board.add(self.socket.fd(), Arc::clone(local), fmt_addr(peer), ConnStage::Open);
        self.reach(Link::new(conn, Via::Peer(Arc::clone(&self.socket), peer.clone())))
    }

    fn reach(&self, link: Arc<Link>) -> Arc<Link> {
        self.links.add(&link);
        self.operator.links_changed();
        link
    }

    /// The worker's last word on a connection: told to the board, out of reach, closed.
    pub(super) fn finish(&self, lane: &Lane, link: Arc<Link>, end: End) {
        let end = if link.is_leaving() || self.is_stopping() { End::Here } else { end };
        self.links.remove(link.conn.id);
        self.board.ended(&link.conn, end);
        Link::release(link, lane);
        self.operator.links_changed();
        self.links.tell();
    }
}

/// Wakes those of these workers that sleep in `send`. A sleeper's buffer is full, so the FIN of SHUT_WR stays behind the bytes
/// in it and the RST of the close comes first; but a `send` that still goes through must not be followed by a FIN. Which of
/// the two it is shows within the time of copying one message.
fn wake_senders(lane: &Lane, mut in_send: Vec<Arc<Link>>) {
    let deadline = Instant::now() + COPYING;
    while !in_send.is_empty() {
        let late = Instant::now() >= deadline;
        for link in std::mem::take(&mut in_send) {
            let mut fds = [PollFd::new(link.sock(), false, true)];
            let sleeps = link.is_in_send() && poll(lane, &mut fds, Some(Duration::ZERO)).is_ok_and(|ready| ready == 0);
            if sleeps {
                link.sock().interrupt(Shutdown::Both);
            }
            if sleeps || late || !link.is_in_send() {
                Link::release(link, lane);
            } else {
                in_send.push(link);
            }
        }
        std::thread::yield_now();
    }
}
