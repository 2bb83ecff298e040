//! Links: what the engine can reach of a server's connections while their workers sleep in calls.
//!
//! A worker owns the life of its connection: others may only mark a link and wake its worker. The descriptor is closed when
//! the last holder lets go, so its number is never reused under a thread that still calls on it.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use parking_lot::{Condvar, Mutex};

use crate::lab::Messages;
use crate::sys::{SendFlags, Shutdown, Sock, SockAddr};
use crate::trace::{Board, Conn, ConnId, ConnStage, Lane, Unserved};

use super::mail::Mail;
use super::wire::LiveWire;

/// Most bytes of one `send` that must not sleep. Windows has no MSG_DONTWAIT: after POLLOUT a small piece is taken without waiting.
const PIECE: usize = if cfg!(windows) { 4 << 10 } else { 1 << 20 };

/// One connection or datagram peer of a running server.
#[derive(Debug)]
pub(super) struct Link {
    pub conn: Arc<Conn>,
    pub via: Via,
    leaving: AtomicBool,
    local_ended: AtomicBool,
    in_send: AtomicBool,
    over: AtomicBool,
    /// Who may write, and what others left for it.
    pub mail: Mail,
    /// Why it was sent away, if the server did so.
    verdict: Mutex<Option<Unserved>>,
    /// Wakes a worker that sleeps on purpose.
    bell: Condvar,
    asleep: Mutex<()>,
    /// Accepted, and no worker has taken it yet.
    queued: AtomicBool,
    /// Speaks to a worker that is another process.
    far: OnceLock<Far>,
    /// Who waits until that worker hears.
    unheard: Mutex<Unheard>,
}

/// See [`Link::work_far`].
struct Far(Box<dyn Fn(FarWord<'_>) + Send + Sync>);

/// Changes of who hears, and who waits until a worker does as it was told by one of them: he learns it when his sender is dropped.
#[derive(Debug, Default)]
struct Unheard {
    changes: u64,
    waiting: Vec<(u64, Sender<()>)>,
}

/// What a worker that is another process is told.
pub(super) enum FarWord<'a> {
    /// To leave.
    Leave,
    /// How bytes become messages and go out from now on.
    Messages(&'a Messages),
    /// Whether somebody hears each message may have changed; the number of this change.
    Ear(u64),
}

impl fmt::Debug for Far {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Far")
    }
}

/// What its bytes go through.
#[derive(Debug)]
pub(super) enum Via {
    /// A connection's own socket.
    Stream(Sock),
    /// The server's datagram socket, and who is addressed.
    Peer(Arc<Sock>, SockAddr),
}

impl Link {
    pub fn new(conn: Arc<Conn>, via: Via) -> Arc<Self> {
        let [leaving, local_ended, in_send, over, queued] = [const { AtomicBool::new(false) }; 5];
        let (mail, verdict, bell, asleep) = (Mail::default(), Mutex::default(), Condvar::new(), Mutex::default());
        let (far, unheard) = (OnceLock::new(), Mutex::default());
        Arc::new(Self { conn, via, leaving, local_ended, in_send, over, mail, verdict, bell, asleep, queued, far, unheard })
    }

    pub fn sock(&self) -> &Sock {
        match &self.via {
            Via::Stream(sock) => sock,
            Via::Peer(sock, _) => sock,
        }
    }

    pub fn is_datagram(&self) -> bool {
        matches!(self.via, Via::Peer(..))
    }

    /// A person asked to close it: its worker ends it without further ado.
    pub fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::SeqCst)
    }

    pub fn mark_leaving(&self) {
        self.leaving.store(true, Ordering::SeqCst);
        self.ring();
    }

    /// Marks it to leave because the server sends it away. Only the first reason counts.
    pub fn send_away(&self, why: Unserved) {
        self.verdict.lock().get_or_insert(why);
        self.mark_leaving();
    }

    /// Why it was sent away.
    pub fn verdict(&self) -> Option<Unserved> {
        self.verdict.lock().clone()
    }

    /// Its worker has said its last word.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    pub fn mark_over(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// Its worker is another process, to which `tell` speaks.
    pub fn work_far(&self, tell: impl Fn(FarWord<'_>) + Send + Sync + 'static) {
        // A connection has one worker.
        let _first = self.far.set(Far(Box::new(tell)));
    }

    /// If its worker is another process: how bytes become messages and go out from now on.
    pub fn change_far(&self, messages: &Messages) {
        if let Some(Far(tell)) = self.far.get() {
            tell(FarWord::Messages(messages));
        }
    }

    /// If its worker is another process: somebody hears each message from now on, or nobody. `waits` is kept until it listens.
    pub fn listen_far(&self, waits: Option<&Sender<()>>) {
        if let Some(Far(tell)) = self.far.get() {
            let number = {
                let mut unheard = self.unheard.lock();
                unheard.changes += 1;
                let number = unheard.changes;
                unheard.waiting.extend(waits.map(|waits| (number, waits.clone())));
                number
            };
            tell(FarWord::Ear(number));
        }
    }

    /// A worker that is another process does as it was told by [`listen_far`](Self::listen_far) up to this change, or is gone.
    pub fn listens_far(&self, up_to: u64) {
        self.unheard.lock().waiting.retain(|(number, _)| *number > up_to);
    }

    /// Ends this half (or both) and makes its worker come back from a call on it.
    pub fn interrupt(&self, how: Shutdown) {
        self.sock().interrupt(how);
        // Unix wakes all processes that sleep on the socket; Windows cancels only calls of the same one (CancelIoEx).
        if cfg!(windows)
            && let Some(Far(tell)) = self.far.get()
        {
            tell(FarWord::Leave);
        }
    }

    /// Ends the sleep of a worker that sleeps on purpose.
    pub fn ring(&self) {
        drop(self.asleep.lock());
        self.bell.notify_all();
    }

    /// Sleeps until the time is over or somebody rings. `already` is asked first, under the lock.
    pub fn rest(&self, limit: Option<Duration>, already: impl Fn() -> bool) {
        let mut asleep = self.asleep.lock();
        if already() {
            return;
        }
        match limit {
            Some(limit) => drop(self.bell.wait_for(&mut asleep, limit)),
            None => self.bell.wait(&mut asleep),
        }
    }

    /// Our side said FIN: nothing can be sent any more.
    pub fn is_local_ended(&self) -> bool {
        self.local_ended.load(Ordering::SeqCst)
    }

    /// `shutdown(SHUT_WR)`: FIN after what the kernel has taken; reading goes on.
    pub fn half_close(&self, lane: &Lane, board: &Board) {
        if matches!(self.via, Via::Stream(_)) && !self.local_ended.swap(true, Ordering::SeqCst) {
            // Fails only when the connection is gone, which its worker is told by `recv`.
            let _gone = self.sock().shutdown(lane, Shutdown::Write);
            board.half_ended(&self.conn, ConnStage::LocalEnded);
            self.ring();
        }
    }

    /// A `send` that never sleeps, whatever the socket is set to.
    #[track_caller]
    pub fn send_now(&self, lane: &Lane, bytes: &[u8]) -> io::Result<usize> {
        #[cfg(windows)]
        if self.sock().is_blocking() {
            let mut fds = [crate::sys::PollFd::new(self.sock(), false, true)];
            crate::sys::poll(lane, &mut fds, Some(Duration::ZERO))?;
            if !fds[0].is_writable() {
                return Err(io::ErrorKind::WouldBlock.into());
            }
        }
        match &self.via {
            Via::Stream(_) if bytes.is_empty() => Ok(0),
            Via::Stream(sock) => sock.send(lane, &bytes[..bytes.len().min(PIECE)], SendFlags::DontWait),
            Via::Peer(sock, peer) => sock.send_to(lane, bytes, peer, SendFlags::DontWait),
        }
    }

    /// For who holds the pen: sends what others left, as far as there is room and in pieces where that is asked for, and lays the pen
    /// down. `false` when the rest has to wait, for room or for the time of its next piece.
    #[track_caller]
    pub fn send_mail(&self, lane: &Lane, board: &Board, wire: &LiveWire) -> bool {
        loop {
            let mail = self.mail.collect();
            let mut done = 0;
            let mut waits = false;
            while done < mail.len() && !waits {
                if self.is_local_ended() || self.is_leaving() {
                    done = mail.len();
                    break;
                }
                let pause = wire.piece_pause();
                if pause.is_some() && self.mail.rests_until().is_some() {
                    waits = true;
                    break;
                }
                let end = done.saturating_add(wire.piece().unwrap_or(usize::MAX)).min(mail.len());
                match self.send_now(lane, &mail[done..end]) {
                    Ok(n) => {
                        board.sent(&self.conn, &mail[done..done + n]);
                        done += n;
                        pause.into_iter().for_each(|pause| self.mail.rest_until(Instant::now() + pause));
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => waits = true,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    // The connection is gone, which its worker is told by its own calls.
                    Err(_) => done = mail.len(),
                }
            }
            self.mail.put_back(mail, done);
            if waits {
                self.mail.park();
                return false;
            }
            if self.mail.lay_down() {
                return true;
            }
        }
    }

    /// A `send` begins that may sleep, so that a reset knows whether there is a sleeper to wake.
    pub fn enter_send(&self) {
        self.in_send.store(true, Ordering::SeqCst);
    }

    /// It came back.
    pub fn leave_send(&self) {
        self.in_send.store(false, Ordering::SeqCst);
    }

    pub fn is_in_send(&self) -> bool {
        self.in_send.load(Ordering::SeqCst)
    }

    /// It was accepted and waits in a queue of its server.
    pub fn wait_for_worker(&self, board: &Board) {
        self.queued.store(true, Ordering::SeqCst);
        board.queued(&self.conn);
    }

    /// A worker takes it out of the queue, or an operator does who ends it. `true` for the first one only.
    pub fn leave_queue(&self, board: &Board) -> bool {
        board.taken(&self.conn);
        self.queued.swap(false, Ordering::SeqCst)
    }

    /// Lets go of it; the last one closes the descriptor. Exactly one caller is the last one (`Arc::into_inner`).
    #[track_caller]
    pub fn release(link: Arc<Self>, lane: &Lane) {
        if let Some(sock) = Self::into_sock(link) {
            sock.close(lane);
        }
    }

    /// Lets go of it; the last one gets the descriptor and is to close it.
    pub fn into_sock(link: Arc<Self>) -> Option<Sock> {
        match Arc::into_inner(link)?.via {
            Via::Stream(sock) => Some(sock),
            Via::Peer(..) => None,
        }
    }
}

#[cfg(unix)]
impl std::os::fd::AsFd for Link {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.sock().as_fd()
    }
}

#[cfg(windows)]
impl std::os::windows::io::AsSocket for Link {
    fn as_socket(&self) -> std::os::windows::io::BorrowedSocket<'_> {
        self.sock().as_socket()
    }
}

/// The live links of one server, whether it is stopping, and a place to wait for either to change.
#[derive(Debug, Default)]
pub(super) struct Links {
    live: Mutex<BTreeMap<ConnId, Arc<Link>>>,
    /// Changes with every link that comes or goes.
    version: AtomicU64,
    stopping: AtomicBool,
    gone: Mutex<u64>,
    changed: Condvar,
}

impl Links {
    pub fn add(&self, link: &Arc<Link>) {
        self.live.lock().insert(link.conn.id, Arc::clone(link));
        self.version.fetch_add(1, Ordering::SeqCst);
    }

    /// `true` when it was the last one.
    pub fn remove(&self, id: ConnId) -> bool {
        let (removed, is_last) = {
            let mut live = self.live.lock();
            (live.remove(&id), live.is_empty())
        };
        drop(removed);
        self.version.fetch_add(1, Ordering::SeqCst);
        is_last
    }

    pub fn get(&self, id: ConnId) -> Option<Arc<Link>> {
        self.live.lock().get(&id).cloned()
    }

    pub fn all(&self) -> Vec<Arc<Link>> {
        self.live.lock().values().cloned().collect()
    }

    pub fn ids(&self) -> Vec<ConnId> {
        self.live.lock().keys().copied().collect()
    }

    pub fn len(&self) -> usize {
        self.live.lock().len()
    }

    pub fn version(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// `true` for the first who says so.
    pub fn set_stopping(&self) -> bool {
        let is_first = !self.stopping.swap(true, Ordering::SeqCst);
        self.tell();
        is_first
    }

    /// Wakes those who wait: a link was closed, or asked to leave, or the server stops.
    pub fn tell(&self) {
        *self.gone.lock() += 1;
        self.changed.notify_all();
    }

    /// Waits until somebody tells of a change, the server stops, or the time is over. `already` is asked first, under the lock.
    pub fn wait_for_change(&self, limit: Duration, already: impl Fn() -> bool) {
        let mut gone = self.gone.lock();
        let before = *gone;
        let unchanged = |gone: &mut u64| *gone == before && !self.is_stopping() && !already();
        let _timed_out = self.changed.wait_while_for(&mut gone, unchanged, limit);
    }
}
