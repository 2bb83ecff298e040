//! The way in from the engine to a running server. No method ever blocks; all may be called from any thread.
//!
//! It marks links and wakes workers; it closes no descriptor itself, that is the worker's part.

mod messages;
mod waking;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::lab::{AcceptPace, Messages};
use crate::packet::Payload;
use crate::probe::{self, Buffers, KernelWatch, Listener, Unavailable};
use crate::service::{LiveProtocol, Post, PostTo};
use crate::stats::Intervals;
use crate::sys::{Knock, Shutdown, Sock, SockAddr, Waker, fmt_addr};
use crate::trace::{Board, ConnId, ConnStage, End, Lane, Tap, Unserved};

use waking::{wake_senders, wake_workers};

use super::aside::Aside;
use super::courier::{ComeBack, Courier};
use super::link::{Link, Links, Via};
use super::mail::MOST_MAIL;
pub use super::operator::Order;

use super::operator::Operator;
use super::pace::Pace;
use super::wire::LiveWire;

/// With more connections than this their workers are woken by a thread of its own, so that a stop returns at once.
const FEW: usize = 64;

/// To whom an operator sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// One connection or datagram peer.
    One(ConnId),
    /// Those of these that are open when each send is due.
    These(Arc<[ConnId]>),
    /// UDP: this address, whoever has it, from the server's own socket.
    Address(SocketAddr),
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
    wire: Arc<LiveWire>,
    protocol: Arc<LiveProtocol>,
    messages: Mutex<Arc<Messages>>,
    /// Wakes selectors.
    loops: Arc<ComeBack>,
    operator: Arc<Operator>,
    courier: Arc<Courier>,
    /// The gate before `accept`.
    pace: Pace,
    /// No more clients are let in.
    finishing: AtomicBool,
    /// The listener was taken out of its port.
    closed: AtomicBool,
    /// Requests so far: accepted connections, or datagrams.
    requests: AtomicU64,
    /// Wakes the workers at a stop.
    stopper: Aside,
    /// Wakes `accept` where nothing else does; kept until `serve` has returned.
    knock: Mutex<Option<Knock>>,
}

impl Control {
    /// For the server `name` on `socket`, which listens (`stream`) or is bound for datagrams.
    pub fn new(name: &str, socket: Arc<Sock>, stream: bool, tap: Arc<Tap>, board: Arc<Board>) -> io::Result<Arc<Self>> {
        let (links, wire) = (Arc::<Links>::default(), Arc::<LiveWire>::default());
        let loops = Arc::new(ComeBack { waker: Waker::new()?, asked: AtomicBool::new(false) });
        let (of_links, of_board, of_tap) = (Arc::clone(&links), Arc::clone(&board), Arc::clone(&tap));
        let courier = Courier::new(format!("{name}:post").into(), (of_links, Arc::clone(&wire)), of_board, of_tap, Arc::clone(&loops))?;
        let (of_links, of_board, of_tap) = (Arc::clone(&links), Arc::clone(&board), Arc::clone(&tap));
        let operator = Operator::new(
            format!("{name}:operator").into(),
            (Arc::clone(&socket), Arc::clone(&wire)),
            of_links,
            of_board,
            of_tap,
            Arc::clone(&courier),
        )?;
        let [finishing, closed] = [const { AtomicBool::new(false) }; 2];
        let (requests, stopper, knock) = (AtomicU64::new(0), Aside::default(), Mutex::default());
        Ok(Arc::new(Self {
            name: name.into(),
            socket,
            stream,
            tap,
            board,
            links,
            wire,
            protocol: Arc::default(),
            messages: Mutex::default(),
            loops,
            operator,
            courier,
            pace: Pace::default(),
            finishing,
            closed,
            requests,
            stopper,
            knock,
        }))
    }

    /// Sets the flag, wakes selectors, and ends every thread's sleep in `accept`, `recv` or `send`. Returns at once: where there
    /// are many sleepers, a thread of its own wakes them.
    pub fn stop(&self) {
        // Whoever stands at the gate goes on, and finds the stop.
        self.tap.open_gates();
        if !self.links.set_stopping() {
            return;
        }
        self.loops.waker.wake();
        self.pace.tell();
        self.operator.wake();
        self.courier.links_changed();
        if !self.stream {
            return self.socket.interrupt_receive();
        }
        let knock = self.socket.interrupt_accept();
        *self.knock.lock() = knock;
        // A connection that is accepted later finds the flag set when it is registered.
        let waking = (Arc::clone(&self.links), Arc::clone(&self.tap), format!("{}:stop", self.name));
        if self.links.len() <= FEW {
            return wake_workers(&waking.0, &waking.1, &waking.2);
        }
        let there = waking.clone();
        if self.stopper.start(&waking.2, move || wake_workers(&there.0, &there.1, &there.2)).is_err() {
            wake_workers(&waking.0, &waking.1, &waking.2);
        }
    }

    /// Lets no more clients in; the server ends by itself once those it has are served. Whoever comes later is refused, as far as
    /// the system can (Windows: waits until the server has ended).
    pub fn finish_up(&self) {
        if self.finishing.swap(true, Ordering::SeqCst) || self.is_stopping() {
            return;
        }
        if self.stream && self.links.len() == 0 {
            return self.stop();
        }
        if self.socket.is_blocking() {
            if self.stream {
                let knock = self.socket.interrupt_accept();
                *self.knock.lock() = knock;
            } else {
                self.socket.interrupt_receive();
            }
        }
        self.loops.waker.wake();
        self.pace.tell();
        self.links.tell();
    }

    /// Says when the next client is taken, from now on. Whoever waits for that hears of it at once; only a worker that sleeps in
    /// a blocking `accept` already takes one more client before it does.
    pub fn set_pace(&self, pace: AcceptPace) {
        self.pace.set(pace);
        self.loops.waker.wake();
    }

    /// The pace to start with. It does not take back what [`set_pace`](Self::set_pace) said before.
    pub fn begin_pace(&self, pace: AcceptPace) {
        self.pace.begin(pace);
    }

    /// A paced or paused server takes one client more, now or when one comes. The beat stays as it is.
    pub fn accept_one(&self) {
        self.pace.admit_one();
        self.loops.waker.wake();
    }

    /// When clients are taken.
    pub fn pace(&self) -> AcceptPace {
        self.pace.now()
    }

    /// When the gate before `accept` opens by itself, on the engine's clock; `None` when it is open, or shut until somebody says so.
    pub fn next_accept(&self) -> Option<Duration> {
        let left = self.pace.opens_at()?.saturating_duration_since(Instant::now());
        Some(Duration::from_nanos(self.tap.now_ns()) + left)
    }

    /// `listen(n)` again on the same socket: the queue has another limit from now on.
    ///
    /// # Errors
    /// What the system says, and when no more clients are let in: then the listener is out of its port, and stays so. Windows says
    /// that it did it and keeps the first backlog ("listen function", Winsock), so there the answer is that it cannot.
    pub fn listen(&self, backlog: u32) -> io::Result<()> {
        if cfg!(windows) {
            let words = "Windows keeps the backlog of the first listen. Restart the server to change it";
            return Err(io::Error::new(io::ErrorKind::Unsupported, words));
        }
        let is_over = || self.is_stopping() || self.is_finishing();
        if is_over() {
            return Err(io::Error::other("it lets in no more clients"));
        }
        let listened = self.socket.listen(&self.tap.free_lane(self.operator.name()), backlog);
        // On Linux it would listen again after a stop that came in between, and somebody might go on sleeping in `accept`.
        if cfg!(target_os = "linux") && is_over() {
            let _none_on_linux = self.socket.interrupt_accept();
        }
        listened
    }

    /// Whether [`finish_up`](Self::finish_up) was called, or the asked number of requests has come.
    pub fn is_finishing(&self) -> bool {
        self.finishing.load(Ordering::SeqCst)
    }

    /// Whether it is over: [`stop`](Self::stop) was called, or nothing is left to finish.
    pub fn is_stopping(&self) -> bool {
        self.links.is_stopping()
    }

    /// Sends `bytes` now and then again after each `every`, `times` in all (0: until stopped). Replaces a running schedule.
    pub fn send(&self, to: To, bytes: Arc<[u8]>, every: Duration, times: u32) {
        self.order(Order { to, payload: Payload::Fixed(bytes), every, times, bytes_per_s: 0 });
    }

    /// The same, with all that can be said about it.
    pub fn order(&self, order: Order) {
        self.operator.order(order);
    }

    /// How evenly the running, or else the last, schedule with a pause sends: the pause that was asked for, and what was measured.
    pub fn period(&self) -> Option<(Duration, Intervals)> {
        self.operator.period()
    }

    /// Ends the running schedule.
    pub fn stop_sending(&self) {
        self.operator.cancel();
    }

    /// Ends these connections. Unknown ids are gone already and ignored.
    pub fn close(&self, ids: &[ConnId], how: Ending) {
        let lane = self.tap.free_lane(self.operator.name());
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
                        link.interrupt(Shutdown::Both);
                    }
                }
                (Via::Stream(sock), Ending::Reset) => {
                    // Not even a FIN may leave before the worker closes: SHUT_RD wakes a sleeping `recv` and sends nothing.
                    let _gone = sock.set_reset_on_close(&lane);
                    link.mark_leaving();
                    link.interrupt(Shutdown::Read);
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
        self.loops.ask();
        self.links.tell();
    }

    /// The same for one that was asked to leave before it was known to be in `send`.
    pub(super) fn wake_sender(&self, lane: &Lane, link: &Arc<Link>) {
        wake_senders(lane, vec![Arc::clone(link)]);
    }

    /// Rounds done, and rounds asked (0: until stopped). `None` while no schedule runs.
    pub fn progress(&self) -> Option<(u64, u64)> {
        self.operator.progress()
    }

    /// Messages handed to the kernel by each send schedule that ended since this was last asked.
    pub fn take_finished(&self) -> Vec<u64> {
        self.operator.take_finished()
    }

    /// What the buffers of a live connection hold.
    pub fn buffers(&self, id: ConnId) -> Option<Buffers> {
        let link = self.links.get(id)?;
        probe::buffers(link.sock(), self.stream)
    }

    /// Who stands in the accept queue.
    pub fn listener_queue(&self) -> Result<Listener, Unavailable> {
        if self.stream { probe::listener(&self.socket) } else { Err(Unavailable::Datagrams) }
    }

    /// The same, for whoever asks often and keeps what is asked with.
    pub fn listener_queue_by(&self, kernel: &mut KernelWatch) -> Result<Listener, Unavailable> {
        if self.stream { kernel.listener(&self.socket) } else { Err(Unavailable::Datagrams) }
    }

    /// Joins the threads aside, after `serve` has returned.
    pub fn join(&self) {
        self.links.set_stopping();
        self.operator.join();
        self.courier.join();
        self.stopper.join();
        let knock = self.knock.lock().take();
        drop(knock);
    }

    pub(super) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The gate before `accept`.
    pub(super) fn gate(&self) -> &Pace {
        &self.pace
    }

    pub(super) fn waker(&self) -> &Waker {
        &self.loops.waker
    }

    pub(super) fn links(&self) -> &Arc<Links> {
        &self.links
    }

    /// Takes back the wakes so far; says whether connections were asked to leave.
    pub(super) fn heed(&self) -> bool {
        self.loops.waker.drain();
        if self.is_stopping() {
            // Whoever drained the wake of a stop would sleep on.
            self.loops.waker.wake();
        }
        self.loops.asked.swap(false, Ordering::SeqCst)
    }

    /// Puts an accepted connection on the board and within reach.
    pub(super) fn admit(&self, sock: Sock, peer: &SockAddr) -> Arc<Link> {
        self.admit_as(sock, fmt_addr(peer))
    }

    /// With the peer's address in words: a socket that was reset does not tell it any more.
    pub(super) fn admit_as(&self, sock: Sock, peer: String) -> Arc<Link> {
        // A peer that has already left makes this fail on some systems.
        let local = sock.local_addr().map_or_else(|_| String::new(), |addr| fmt_addr(&addr));
        let conn = self.board.add(sock.fd(), local, peer, ConnStage::Open);
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

    /// Takes the listener out of its port, when no more clients are let in. Only for the thread that accepts.
    #[track_caller]
    pub(super) fn close_door(&self, lane: &Lane) {
        if self.stream && !self.closed.swap(true, Ordering::SeqCst) {
            // ENOTCONN where it is out of its port already.
            let _already = self.socket.stop_listening(lane);
        }
    }

    /// Counts a request. With the last of those asked for no more clients are let in.
    pub(super) fn count_request(&self, most: u64) {
        if most != 0 && self.requests.fetch_add(1, Ordering::SeqCst) + 1 >= most {
            self.finishing.store(true, Ordering::SeqCst);
            self.loops.waker.wake();
        }
    }

    /// Hands these messages of one peer to the others. It never waits: what finds no room is brought later, by the loop of a
    /// selector or by the courier.
    #[track_caller]
    pub(super) fn post(&self, lane: &Lane, from: ConnId, posts: &[Post]) {
        for post in posts {
            if self.is_stopping() {
                return;
            }
            match post.to {
                PostTo::One(peer) => {
                    if let Some(link) = self.links.get(ConnId(peer.0)) {
                        self.deliver(lane, link, &post.bytes);
                    }
                }
                PostTo::Others => {
                    for link in self.links.all() {
                        if link.conn.id == from {
                            Link::release(link, lane);
                        } else {
                            self.deliver(lane, link, &post.bytes);
                        }
                    }
                }
            }
        }
    }

    /// Mail of this link is parked: somebody brings it once there is room.
    pub(super) fn send_later(&self, link: &Arc<Link>) {
        self.courier.see_to(link);
    }

    #[track_caller]
    fn deliver(&self, lane: &Lane, link: Arc<Link>, message: &[u8]) {
        if link.is_datagram() || link.is_leaving() || link.is_local_ended() {
            // Datagrams are sent by whoever has their one socket.
        } else if !link.mail.leave(message) {
            link.send_away(Unserved::TooSlow { limit: MOST_MAIL });
            let _gone = link.sock().set_reset_on_close(lane);
            // Its buffer is full, so the FIN stays behind what is in it and the RST of the close comes first.
            link.interrupt(Shutdown::Both);
            self.loops.ask();
        } else if link.mail.take_free_pen() {
            if !link.send_mail(lane, &self.board, &self.wire) {
                // No room, or it rests between two pieces: somebody comes back to it. Parked mail has somebody who does already.
                self.courier.see_to(&link);
            }
            self.courier.pen_is_free(&link);
        }
        Link::release(link, lane);
    }

    /// The worker's last word on a connection: told to the board, out of reach, closed.
    pub(super) fn finish(&self, lane: &Lane, link: Arc<Link>, end: End) {
        let end = match link.verdict() {
            Some(why) => End::Unserved(why),
            None if link.is_leaving() || self.is_stopping() => End::Here,
            None => end,
        };
        if let End::Unserved(why) = &end {
            self.board.unserved(Arc::clone(&link.conn.peer), why.clone());
        }
        link.mark_over();
        let is_last = self.links.remove(link.conn.id);
        self.board.ended(&link.conn, end);
        Link::release(link, lane);
        self.operator.links_changed();
        self.courier.links_changed();
        self.links.tell();
        if is_last && self.stream && self.is_finishing() {
            self.stop();
        }
    }
}
