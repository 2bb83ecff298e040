//! The engine's face: spawn, send commands, read the newest snapshot, drain events, shut down.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use parking_lot::Mutex;

use super::control;
use super::{Command, Event, Snapshot};

/// Commands waiting at most; a person cannot fill this, a runaway script can and is told.
const COMMANDS: usize = 4_096;
/// Events waiting at most; later ones are counted in [`EngineHandle::dropped_events`].
const EVENTS: usize = 4_096;

/// Snapshots held at most after they were replaced: as long as a reader (a frame, a frozen moment) has them.
const HELD: usize = 4;

/// How the engine is to run.
#[derive(Clone, Copy, Debug)]
pub struct EngineConfig {
    /// Memory that the rows of the traffic log may take, about; oldest go first. [`Command::SetTrafficLimit`] changes it.
    pub traffic_limit_bytes: u64,
    /// Rows the traffic log holds at most.
    pub traffic_limit_rows: usize,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self { traffic_limit_bytes: 256 << 20, traffic_limit_rows: 1_000_000 }
    }
}

/// The engine could not take a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineGone {
    /// Its thread ended.
    #[error("the engine has stopped")]
    Stopped,
    /// Thousands of commands wait already.
    #[error("the engine is busy: too many commands are waiting")]
    Busy,
}

/// The background networking thread.
#[derive(Debug)]
pub struct Engine;

impl Engine {
    /// Starts the thread `socketlab-engine`. `wake` is called (from that thread) when a new snapshot or event is there.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn spawn(config: EngineConfig, wake: impl Fn() + Send + Sync + 'static) -> std::io::Result<EngineHandle> {
        let epoch = Instant::now();
        let (commands, commands_rx) = bounded(COMMANDS);
        let (urgent, urgent_rx) = bounded(COMMANDS);
        let (events_tx, events) = bounded(EVENTS);
        let shared = Arc::new(Shared {
            latest: Mutex::new(Arc::new(control::empty_snapshot())),
            before: Mutex::default(),
            dropped_events: AtomicU64::new(0),
        });
        let inside = control::Inside {
            config,
            epoch,
            commands: commands_rx,
            urgent: urgent_rx,
            events: events_tx,
            shared: Arc::clone(&shared),
            wake: Arc::new(wake),
        };
        let thread = std::thread::Builder::new().name("socketlab-engine".into()).spawn(move || control::run(inside))?;
        Ok(EngineHandle {
            commands: Some(commands),
            urgent: Some(urgent),
            next_order: AtomicU64::new(0),
            events,
            shared,
            thread: Some(thread),
        })
    }
}

/// A command and its place in the order of sending: a stop overtakes what waits, but must not let an older start of the same
/// endpoint run after it.
#[derive(Debug)]
pub(super) struct Ordered {
    pub order: u64,
    pub command: Command,
}

/// What both sides share besides the channels.
#[derive(Debug)]
pub(super) struct Shared {
    latest: Mutex<Arc<Snapshot>>,
    /// The snapshots before, held so that their evicted rows are freed by the engine's thread and not by a reader's frame.
    before: Mutex<VecDeque<Arc<Snapshot>>>,
    dropped_events: AtomicU64,
}

impl Shared {
    /// Swaps the newest snapshot in. The lock is held for a pointer swap only.
    pub(super) fn publish(&self, snapshot: Snapshot) {
        let old = std::mem::replace(&mut *self.latest.lock(), Arc::new(snapshot));
        let freed = {
            let mut before = self.before.lock();
            before.push_back(old);
            // Only the newest is ever handed out, so one that nobody else holds stays so. A reader's frame may be long: time says nothing.
            let (read, mut freed): (VecDeque<_>, VecDeque<_>) = before.drain(..).partition(|snapshot| Arc::strong_count(snapshot) > 1);
            *before = read;
            if before.len() > HELD {
                freed.extend(before.pop_front());
            }
            freed
        };
        drop(freed);
    }

    /// An event found the channel full.
    pub(super) fn dropped_event(&self) {
        self.dropped_events(1);
    }

    /// So many events found a channel full on their way.
    pub(super) fn dropped_events(&self, count: u64) {
        self.dropped_events.fetch_add(count, Ordering::Relaxed);
    }
}

/// The way to a running engine. Dropping it shuts the engine down and waits for it.
#[derive(Debug)]
pub struct EngineHandle {
    commands: Option<Sender<Ordered>>,
    urgent: Option<Sender<Ordered>>,
    next_order: AtomicU64,
    events: Receiver<Event>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl EngineHandle {
    /// Hands over a command; never blocks. Stops travel on a way of their own, past whatever waits.
    ///
    /// # Errors
    /// When the engine ended or thousands of commands wait.
    pub fn send(&self, command: Command) -> Result<(), EngineGone> {
        let way = match command {
            Command::Stop(_) | Command::StopAll | Command::StopSending(_) => &self.urgent,
            _ => &self.commands,
        };
        let order = self.next_order.fetch_add(1, Ordering::Relaxed);
        way.as_ref().ok_or(EngineGone::Stopped)?.try_send(Ordered { order, command }).map_err(|e| match e {
            TrySendError::Full(_) => EngineGone::Busy,
            TrySendError::Disconnected(_) => EngineGone::Stopped,
        })
    }

    /// The newest snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.shared.latest.lock())
    }

    /// Events not read yet, oldest first.
    pub fn drain_events(&self) -> impl Iterator<Item = Event> + '_ {
        self.events.try_iter()
    }

    /// Waits for the next event, at most this long.
    pub fn next_event(&self, limit: std::time::Duration) -> Option<Event> {
        self.events.recv_timeout(limit).ok()
    }

    /// Events lost because nobody read them.
    pub fn dropped_events(&self) -> u64 {
        self.shared.dropped_events.load(Ordering::Relaxed)
    }

    /// Stops every session, joins every thread, then returns. The last snapshot stays readable through the value returned.
    pub fn shutdown(mut self) -> Arc<Snapshot> {
        self.end();
        self.snapshot()
    }

    fn end(&mut self) {
        self.commands = None;
        self.urgent = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the engine thread was already reported by the panic hook.
            let _reported = thread.join();
        }
    }
}

impl Drop for EngineHandle {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_is_never_the_last_to_let_a_snapshot_go() {
        let latest = Mutex::new(Arc::new(control::empty_snapshot()));
        let shared = Shared { latest, before: Mutex::default(), dropped_events: AtomicU64::new(0) };
        let frozen = Arc::clone(&shared.latest.lock());
        shared.publish(control::empty_snapshot());
        // A frame that is longer than many snapshots.
        for _ in 0..10 {
            let read = Arc::clone(&shared.latest.lock());
            (0..3 * HELD).for_each(|_| shared.publish(control::empty_snapshot()));
            assert_eq!((Arc::strong_count(&read), Arc::strong_count(&frozen)), (2, 2));
        }
        let gone = Arc::downgrade(&frozen);
        drop(frozen);
        assert!(gone.upgrade().is_some());
        shared.publish(control::empty_snapshot());
        assert!(gone.upgrade().is_none());
        assert!(shared.before.lock().is_empty());
    }
}
