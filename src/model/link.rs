//! Links: what the engine can reach of a server's connections while their workers sleep in calls.
//!
//! A worker owns the life of its connection: others may only mark a link and wake its worker. The descriptor is closed when
//! the last holder lets go, so its number is never reused under a thread that still calls on it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::sys::{Shutdown, Sock, SockAddr};
use crate::trace::{Board, Conn, ConnId, ConnStage, Lane};

/// One connection or datagram peer of a running server.
#[derive(Debug)]
pub(super) struct Link {
    pub conn: Arc<Conn>,
    pub via: Via,
    leaving: AtomicBool,
    local_ended: AtomicBool,
    in_send: AtomicBool,
    /// Accepted, and no worker has taken it yet.
    queued: AtomicBool,
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
        let [leaving, local_ended, in_send, queued] = [const { AtomicBool::new(false) }; 4];
        Arc::new(Self { conn, via, leaving, local_ended, in_send, queued })
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
        }
    }

    /// Runs a `send` that may sleep, so that a reset knows whether there is a sleeper to wake.
    pub fn while_sending<T>(&self, send: impl FnOnce() -> T) -> T {
        self.in_send.store(true, Ordering::SeqCst);
        let result = send();
        self.in_send.store(false, Ordering::SeqCst);
        result
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
    pub fn release(link: Arc<Self>, lane: &Lane) {
        match Arc::into_inner(link).map(|link| link.via) {
            Some(Via::Stream(sock)) => sock.close(lane),
            Some(Via::Peer(..)) | None => {}
        }
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

    pub fn remove(&self, id: ConnId) {
        let removed = self.live.lock().remove(&id);
        drop(removed);
        self.version.fetch_add(1, Ordering::SeqCst);
    }

    pub fn get(&self, id: ConnId) -> Option<Arc<Link>> {
        self.live.lock().get(&id).cloned()
    }

    pub fn all(&self) -> Vec<Arc<Link>> {
        self.live.lock().values().cloned().collect()
    }

    pub fn version(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    pub fn set_stopping(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.tell();
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
