//! The courier: sees to it that mail which found no room, or rests between two pieces, is brought once its time has come. A selector's loop is told to come back
//! to it; where the workers sleep in calls, the courier has a thread of its own that is started by the first such mail.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use parking_lot::Mutex;

use crate::sys::{PollFd, Waker, poll};
use crate::trace::{Board, Call, Lane, Tap};

use super::aside::Aside;
use super::link::{Link, Links};
use super::mail::Pen;
use super::wire::LiveWire;

/// See the module.
#[derive(Debug)]
pub(super) struct Courier {
    name: Arc<str>,
    links: Arc<Links>,
    board: Arc<Board>,
    tap: Arc<Tap>,
    waker: Waker,
    loops: Arc<ComeBack>,
    wire: Arc<LiveWire>,
    /// Links with mail that the thread does not know yet.
    fresh: Mutex<Vec<Arc<Link>>>,
    /// It holds links: whoever ends one wakes the thread, which must let go.
    busy: AtomicBool,
    thread: Aside,
}

/// How a selector's loop is told that something is to be done for its connections.
#[derive(Debug)]
pub(super) struct ComeBack {
    pub waker: Waker,
    /// Since the loop last looked.
    pub asked: AtomicBool,
}

impl ComeBack {
    /// The loop looks at its connections again.
    pub fn ask(&self) {
        self.asked.store(true, Ordering::SeqCst);
        self.waker.wake();
    }
}

impl Courier {
    pub fn new(
        name: Arc<str>,
        (links, wire): (Arc<Links>, Arc<LiveWire>),
        board: Arc<Board>,
        tap: Arc<Tap>,
        loops: Arc<ComeBack>,
    ) -> io::Result<Arc<Self>> {
        let (fresh, busy, thread) = (Mutex::default(), AtomicBool::new(false), Aside::default());
        Ok(Arc::new(Self { name, links, board, tap, waker: Waker::new()?, loops, wire, fresh, busy, thread }))
    }

    /// Mail of this link is parked.
    pub fn see_to(self: &Arc<Self>, link: &Arc<Link>) {
        if !link.sock().is_blocking() {
            return self.loops.ask();
        }
        self.busy.store(true, Ordering::SeqCst);
        self.fresh.lock().push(Arc::clone(link));
        let this = Arc::clone(self);
        if let Err(error) = self.thread.start(&self.name, move || this.run()) {
            self.board.trouble(Call::Send, Arc::clone(&self.name), io::Error::other(format!("no thread to deliver posts from: {error}")));
            // Its next worker's `send` takes the mail along.
            self.fresh.lock().clear();
        }
        self.waker.wake();
    }

    /// The pen of this link was laid down: a loop that came for it meanwhile comes back.
    pub fn pen_is_free(&self, link: &Link) {
        if link.mail.answer_wish() {
            self.loops.ask();
        }
    }

    /// A link is over, or the server stops.
    pub fn links_changed(&self) {
        if self.busy.load(Ordering::SeqCst) {
            self.waker.wake();
        }
    }

    pub fn join(&self) {
        self.waker.wake();
        self.thread.join();
        self.fresh.lock().clear();
    }

    fn run(&self) {
        let lane = self.tap.free_lane(Arc::clone(&self.name));
        let mut held: Vec<Arc<Link>> = Vec::new();
        while !self.links.is_stopping() {
            held.append(&mut self.fresh.lock());
            held = self.keep_waiting(&lane, held);
            let mut fds = vec![self.waker.poll_fd()];
            // Those between two pieces have room, and wait for their time.
            let resting: Vec<Option<Instant>> = held.iter().map(|link| link.mail.parked_until()).collect();
            let for_room = || held.iter().zip(&resting).filter(|(_, rests)| rests.is_none()).map(|(link, _)| link);
            fds.extend(for_room().map(|link| PollFd::new(link.sock(), false, true)));
            let limit = resting.iter().flatten().min().map(|at| at.saturating_duration_since(Instant::now()));
            if let Err(error) = poll(&lane, &mut fds, limit) {
                self.board.trouble(Call::Poll, Arc::clone(&self.name), error);
                break;
            }
            self.waker.drain();
            let roomy = fds[1..].iter().zip(for_room()).filter(|(fd, _)| fd.is_writable()).map(|(_, link)| link);
            let rested = held.iter().zip(&resting).filter(|(link, rests)| rests.is_some() && link.mail.rests_until().is_none());
            for link in roomy.chain(rested.map(|(link, _)| link)) {
                // The worker may have taken the mail along in the meantime.
                if link.mail.is_parked() && link.mail.take_pen() != Pen::Busy {
                    link.send_mail(&lane, &self.board, &self.wire);
                }
            }
        }
        held.into_iter().for_each(|link| Link::release(link, &lane));
    }

    /// Lets go of those that have nothing waiting any more, or are over.
    fn keep_waiting(&self, lane: &Lane, held: Vec<Arc<Link>>) -> Vec<Arc<Link>> {
        let (keep, done): (Vec<_>, Vec<_>) = held.into_iter().partition(|link| link.mail.is_parked() && !link.is_over());
        done.into_iter().for_each(|link| Link::release(link, lane));
        if keep.is_empty() {
            self.busy.store(false, Ordering::SeqCst);
            // One that came just now must not be slept over.
            if !self.fresh.lock().is_empty() {
                self.busy.store(true, Ordering::SeqCst);
                self.waker.wake();
            }
        }
        keep
    }
}
