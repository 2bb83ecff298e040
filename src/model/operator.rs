//! The operator: sends what a person asked for to connections of a running server, from a thread of its own that is
//! started by the first request. It never sleeps in `send`, so a peer that does not read delays nobody else.
//! It shares the connection with the worker: while either is held up in the middle of a message, the other waits.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::packet::Payload;
use crate::stats::Intervals;
use crate::sys::{PollFd, Sock, SockAddr, Waker, fmt_addr, poll};
use crate::trace::{Board, Call, ConnStage, Lane, Tap};

use super::aside::Aside;
use super::control::To;
use super::courier::Courier;
use super::link::{Link, Links, Via};
use super::schedule::Schedule;
use super::targets::{Appetite, Targets};
use super::wire::LiveWire;

/// What is to be sent, to whom and when.
#[derive(Clone, Debug)]
pub struct Order {
    /// To whom.
    pub to: To,
    /// The bytes of each send.
    pub payload: Payload,
    /// Between two sends; zero sends as fast as the sockets take it.
    pub every: Duration,
    /// How often; 0 goes on until stopped.
    pub times: u32,
    /// Without a pause: at most so many bytes a second to each; 0 is as fast as its socket takes it.
    pub bytes_per_s: u64,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Operator {
    name: Arc<str>,
    links: Arc<Links>,
    board: Arc<Board>,
    tap: Arc<Tap>,
    waker: Waker,
    socket: Arc<Sock>,
    wire: Arc<LiveWire>,
    courier: Arc<Courier>,
    desk: Mutex<Desk>,
    /// A schedule runs: whoever changes the links wakes the thread.
    busy: AtomicBool,
    thread: Aside,
}

#[derive(Debug, Default)]
struct Desk {
    order: Option<Order>,
    /// Which order this is; the thread drops what it does when the number moves on.
    number: u64,
    progress: Option<(u64, u64)>,
    /// Of the last schedule with a pause: what was asked for and measured.
    period: Option<(Duration, Intervals)>,
    /// Messages handed to the kernel by each schedule that ended and was not asked about yet.
    finished: Vec<u64>,
}

/// Ended schedules that are remembered at most.
const MOST_FINISHED: usize = 64;

impl Operator {
    pub fn new(
        name: Arc<str>,
        (socket, wire): (Arc<Sock>, Arc<LiveWire>),
        links: Arc<Links>,
        board: Arc<Board>,
        tap: Arc<Tap>,
        courier: Arc<Courier>,
    ) -> io::Result<Arc<Self>> {
        let (desk, busy, thread) = (Mutex::default(), AtomicBool::new(false), Aside::default());
        Ok(Arc::new(Self { name, links, board, tap, waker: Waker::new()?, socket, wire, courier, desk, busy, thread }))
    }

    pub fn name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    pub fn order(self: &Arc<Self>, order: Order) {
        if self.links.is_stopping() {
            return;
        }
        {
            let mut desk = self.desk.lock();
            desk.number += 1;
            desk.progress = Some((0, order.times.into()));
            desk.order = Some(order);
        }
        self.start();
        self.waker.wake();
    }

    pub fn cancel(&self) {
        {
            let mut desk = self.desk.lock();
            desk.number += 1;
            desk.order = None;
            desk.progress = None;
        }
        self.waker.wake();
    }

    pub fn progress(&self) -> Option<(u64, u64)> {
        self.desk.lock().progress
    }

    /// Messages handed to the kernel by each schedule that ended since this was last asked.
    pub fn take_finished(&self) -> Vec<u64> {
        std::mem::take(&mut self.desk.lock().finished)
    }

    pub fn period(&self) -> Option<(Duration, Intervals)> {
        self.desk.lock().period
    }

    pub fn wake(&self) {
        self.waker.wake();
    }

    /// A link came or went: the thread must not hold on to one that is gone, nor sleep when somebody new is there.
    pub fn links_changed(&self) {
        if self.busy.load(Ordering::SeqCst) {
            self.waker.wake();
        }
    }

    fn start(self: &Arc<Self>) {
        let this = Arc::clone(self);
        if let Err(error) = self.thread.start(&self.name, move || this.run()) {
            self.cancel();
            self.board.trouble(Call::Send, self.name(), io::Error::other(format!("no thread to send from: {error}")));
        }
    }

    pub fn join(&self) {
        self.waker.wake();
        self.thread.join();
        self.cancel();
    }

    fn run(&self) {
        let lane = self.tap.free_lane(self.name());
        while !self.links.is_stopping() {
            let (number, order) = {
                let desk = self.desk.lock();
                (desk.number, desk.order.clone())
            };
            match order {
                Some(order) => self.perform(&lane, number, &order),
                None => {
                    // An error here (ENOMEM) would come again at once; there is nothing to do, so the thread ends.
                    if poll(&lane, &mut [self.waker.poll_fd()], None).is_err() {
                        return;
                    }
                    self.waker.drain();
                }
            }
        }
    }

    fn perform(&self, lane: &Lane, number: u64, order: &Order) {
        self.busy.store(true, Ordering::SeqCst);
        let mut schedule = Schedule::new(Instant::now(), order.every, order.times);
        let mut targets = match order.to {
            To::Address(address) => Targets::apart(self.stranger(address.into())),
            To::One(_) | To::These(_) | To::All => Targets::default(),
        };
        while !self.links.is_stopping() && self.publish(number, schedule.progress(), (order.every, targets.beat())) {
            targets.refresh(&self.links, &order.to, lane, &self.courier);
            let rounds = match targets.appetite(&schedule) {
                Appetite::Starved => 0,
                Appetite::Ready => schedule.take_due(Instant::now()),
            };
            targets.owe(rounds, schedule.progress().0 - rounds);
            targets.send(lane, &self.board, &self.courier, order, &self.wire);
            if schedule.is_over() && !targets.is_owing() {
                break;
            }
            let limit = match targets.pause(&schedule) {
                Some(limit) => limit,
                None if targets.blocked().next().is_none() => continue,
                None => Some(Duration::ZERO),
            };
            let mut fds = vec![self.waker.poll_fd()];
            fds.extend(targets.blocked().filter(|link| !link.is_datagram()).map(|link| PollFd::new(link.sock(), false, true)));
            if let Err(error) = poll(lane, &mut fds, limit) {
                self.board.trouble(Call::Poll, self.name(), error);
                break;
            }
            if fds[0].is_ready() {
                self.waker.drain();
            }
            targets.unblock(&fds[1..], Instant::now());
        }
        let (taken, targets_beat) = (targets.taken(), targets.beat());
        if matches!(order.to, To::Address(_)) {
            targets.leave_apart(&self.board);
        }
        targets.release(lane, &self.courier);
        self.busy.store(false, Ordering::SeqCst);
        self.publish(number, schedule.progress(), (order.every, targets_beat));
        let mut desk = self.desk.lock();
        if desk.finished.len() < MOST_FINISHED && !self.links.is_stopping() {
            desk.finished.push(taken);
        }
        if desk.number == number {
            desk.order = None;
            desk.progress = None;
        }
    }

    /// Shows how far the order is; `false` when another one took its place.
    fn publish(&self, number: u64, progress: (u64, u64), beat: (Duration, Intervals)) -> bool {
        let mut desk = self.desk.lock();
        let current = desk.number == number;
        if current {
            desk.progress = Some(progress);
            if !beat.0.is_zero() {
                desk.period = Some(beat);
            }
        }
        current
    }

    /// A peer for an address that no connection has: on the board, and out of reach of everybody else.
    pub fn stranger(&self, address: SockAddr) -> Arc<Link> {
        let local = self.socket.local_addr().map_or_else(|_| String::new(), |local| fmt_addr(&local));
        let conn = self.board.add(self.socket.fd(), local, fmt_addr(&address), ConnStage::Open);
        Link::new(conn, Via::Peer(Arc::clone(&self.socket), address))
    }
}
