//! The way in from the engine to a running client. Every method returns at once.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TryIter, bounded};
use parking_lot::Mutex;

use crate::engine::{CloseHow, GroupView, Outgoing, Period, Retry, SendProgress, SendTo};
use crate::lab::Messages;
use crate::model::LiveWire;
use crate::probe::{self, Buffers};
use crate::service::{LiveProtocol, Protocol};
use crate::stats::Intervals;
use crate::sys::{Sock, Waker};
use crate::trace::ConnId;

/// Requests that wait for the driver at most. A turn of its loop takes milliseconds, so only a runaway caller fills it.
const REQUESTS: usize = 1_024;

/// What the driver is asked to do.
#[derive(Debug)]
pub(super) enum Request {
    Open(u32),
    Close(Vec<ConnId>, CloseHow),
    CloseAll(CloseHow),
    Send(SendTo, Outgoing),
    StopSending,
    /// Once, besides any schedule.
    Post(SendTo, Arc<[u8]>),
    Messages(Box<Messages>),
}

/// See the module.
#[derive(Debug)]
pub(in crate::engine) struct ClientControl {
    waker: Waker,
    stopping: AtomicBool,
    ask: Sender<Request>,
    asked: Receiver<Request>,
    protocol: Arc<LiveProtocol>,
    wire: LiveWire,
    groups: Mutex<Arc<[GroupView]>>,
    progress: Mutex<Option<SendProgress>>,
    period: Mutex<Option<Period>>,
    retry: Mutex<Option<Retry>>,
    pending: AtomicU32,
    lost: AtomicU64,
    /// Whose connect is under way, and from which address: the kernel tells of them by it.
    calling: Mutex<BTreeMap<ConnId, SocketAddr>>,
    /// The sockets of open connections, to be asked about. The driver owns them.
    open: Mutex<BTreeMap<ConnId, Weak<Sock>>>,
}

impl ClientControl {
    /// For one run of a client.
    pub fn new() -> io::Result<Arc<Self>> {
        let (ask, asked) = bounded(REQUESTS);
        Ok(Arc::new(Self {
            waker: Waker::new()?,
            stopping: AtomicBool::new(false),
            ask,
            asked,
            protocol: Arc::default(),
            wire: LiveWire::default(),
            groups: Mutex::default(),
            progress: Mutex::default(),
            period: Mutex::default(),
            retry: Mutex::default(),
            pending: AtomicU32::new(0),
            lost: AtomicU64::new(0),
            calling: Mutex::default(),
            open: Mutex::default(),
        }))
    }

    /// Close everything and return from `drive`.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Whether it was asked to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Open so many more. Like all requests it answers whether it was taken: no when too many wait already.
    pub fn open(&self, count: u32) -> bool {
        self.request(Request::Open(count))
    }

    /// Close these. Unknown ones are ignored: they may have ended by themselves.
    pub fn close(&self, ids: &[ConnId], how: CloseHow) -> bool {
        self.request(Request::Close(ids.to_vec(), how))
    }

    /// Close all, also those not begun yet and those that wait to be connected again.
    pub fn close_all(&self, how: CloseHow) -> bool {
        self.request(Request::CloseAll(how))
    }

    /// Connections not begun yet, or lost and waiting to be connected again.
    pub fn pending(&self) -> u32 {
        self.pending.load(Ordering::Relaxed)
    }

    /// Send now and on schedule; replaces the running schedule.
    pub fn send(&self, to: SendTo, outgoing: Outgoing) -> bool {
        self.request(Request::Send(to, outgoing))
    }

    /// End the running schedule. Messages already begun are sent whole.
    pub fn stop_sending(&self) -> bool {
        self.request(Request::StopSending)
    }

    /// Send these bytes once; a running schedule goes on.
    pub fn post(&self, to: SendTo, bytes: Arc<[u8]>) -> bool {
        self.request(Request::Post(to, bytes))
    }

    /// How bytes become messages and go out, before anything was opened. `protocol` is what was made of `messages`.
    pub fn begin_messages(&self, messages: &Messages, protocol: Protocol, is_tcp: bool) {
        self.protocol.set(protocol);
        self.wire.set(&messages.wire, is_tcp);
    }

    /// The same from now on.
    pub fn set_messages(&self, messages: Messages, protocol: Protocol, is_tcp: bool) -> bool {
        self.begin_messages(&messages, protocol, is_tcp);
        self.request(Request::Messages(Box::new(messages)))
    }

    /// Framing and rules in force, and what came of them.
    pub fn protocol(&self) -> &Arc<LiveProtocol> {
        &self.protocol
    }

    /// How bytes go through its sockets.
    pub fn wire(&self) -> &LiveWire {
        &self.wire
    }

    /// Multicast groups its sockets were to join.
    pub fn groups(&self) -> Arc<[GroupView]> {
        Arc::clone(&self.groups.lock())
    }

    /// How far the running schedule is.
    pub fn progress(&self) -> Option<SendProgress> {
        *self.progress.lock()
    }

    /// How evenly the running, or else the last, schedule with a pause sends.
    pub fn period(&self) -> Option<Period> {
        *self.period.lock()
    }

    /// The next attempt to connect again, when one is due.
    pub fn retry(&self) -> Option<Retry> {
        *self.retry.lock()
    }

    /// What the buffers of an open connection hold.
    pub fn buffers(&self, id: ConnId, stream: bool) -> Option<Buffers> {
        // Held only as long as the kernel is asked: the number cannot become another's meanwhile.
        let sock = self.open.lock().get(&id)?.upgrade()?;
        probe::buffers(&sock, stream)
    }

    /// The own address of a connection whose connect is under way.
    pub fn calling_from(&self, id: ConnId) -> Option<SocketAddr> {
        self.calling.lock().get(&id).copied()
    }

    /// Notes that found their queue full.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    fn request(&self, request: Request) -> bool {
        let taken = self.ask.try_send(request).is_ok();
        self.waker.wake();
        taken
    }

    pub(super) fn waker(&self) -> &Waker {
        &self.waker
    }

    pub(super) fn requests(&self) -> TryIter<'_, Request> {
        self.asked.try_iter()
    }

    pub(super) fn set_progress(&self, progress: Option<SendProgress>) {
        *self.progress.lock() = progress;
    }

    pub(super) fn set_period(&self, of: Option<(Duration, Intervals)>) {
        *self.period.lock() = of.and_then(|(asked, measured)| Period::of(asked, &measured));
    }

    pub(super) fn set_groups(&self, groups: Vec<GroupView>) {
        *self.groups.lock() = groups.into();
    }

    pub(super) fn set_retry(&self, retry: Option<Retry>) {
        *self.retry.lock() = retry;
    }

    /// Its connect is under way.
    pub(super) fn set_calling(&self, id: ConnId, sock: &Sock) {
        if let Some(from) = sock.local_addr().ok().and_then(|from| from.as_socket()) {
            self.calling.lock().insert(id, from);
        }
    }

    /// This connection may be asked about.
    pub(super) fn set_open(&self, id: ConnId, sock: &Arc<Sock>) {
        self.calling.lock().remove(&id);
        self.open.lock().insert(id, Arc::downgrade(sock));
    }

    /// It is about to be closed.
    pub(super) fn set_closed(&self, id: ConnId) {
        self.calling.lock().remove(&id);
        self.open.lock().remove(&id);
    }

    pub(super) fn set_pending(&self, pending: u32) {
        self.pending.store(pending, Ordering::Relaxed);
    }

    pub(super) fn count_lost(&self) {
        self.lost.fetch_add(1, Ordering::Relaxed);
    }
}
