//! Recording to disk: the rows of the traffic log, appended to a pcapng file by a thread of its own.
//!
//! The way there is bounded in rows and bytes. When it is full the engine stops emptying the sessions' rings, and their writers wait
//! ([`Board::set_lossless`](crate::trace::Board::set_lossless)): nothing is dropped until the file has its size. The engine's thread
//! never waits for the disk.

mod writer;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use parking_lot::Mutex;

use super::control::Core;
use super::session::Session;
use super::{Record, Recording, RecordingState, RecordingView, SessionState};
use crate::lab::Transport;

/// Batches on their way at most.
const BATCHES: usize = 16;
/// Bytes on their way before the rings are left full.
const ON_THE_WAY: u64 = 32 << 20;
/// Longest wait for the disk when the engine leaves.
const LEAVE_LIMIT: Duration = Duration::from_secs(5);

/// What goes to the writer at once.
struct Batch {
    rows: Vec<Record>,
    /// Paths of Unix servers that run.
    serving: Vec<Arc<str>>,
    /// Rows lost before the file, so far.
    lost: u64,
}

/// What both sides share.
#[derive(Debug)]
struct Shared {
    bytes: AtomicU64,
    records: AtomicU64,
    /// Came after it was full or had failed.
    lost: AtomicU64,
    on_the_way: AtomicU64,
    state: Mutex<RecordingState>,
}

/// A recording, in progress or over.
pub(super) struct Recorder {
    path: Arc<Path>,
    limit_bytes: u64,
    /// None once it was ended.
    batches: Option<Sender<Batch>>,
    /// Found no room on the way.
    waiting: Option<Batch>,
    shared: Arc<Shared>,
    /// The thread drops its end with its last word.
    over: Receiver<()>,
    thread: Option<JoinHandle<()>>,
    /// What sessions had lost before it began, and until it was over.
    sessions_lost: [u64; 2],
    /// Rows that came too late.
    lost: u64,
}

impl Recorder {
    fn start(recording: Recording, started: SystemTime, sessions_lost: u64) -> Self {
        let Recording { path, limit_bytes } = recording;
        let (batches, from) = bounded(BATCHES);
        let (last_word, over) = bounded(0);
        let shared = Arc::new(Shared {
            bytes: AtomicU64::new(0),
            records: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            on_the_way: AtomicU64::new(0),
            state: Mutex::new(RecordingState::Running),
        });
        let path: Arc<Path> = path.into();
        let thread = {
            let (path, shared) = (Arc::clone(&path), Arc::clone(&shared));
            let run = move || {
                let _dropped_last = last_word;
                writer::run(&path, limit_bytes, started, &from, &shared);
            };
            std::thread::Builder::new().name("socketlab-recorder".into()).spawn(run)
        };
        let thread = thread.map_err(|error| *shared.state.lock() = failed(&error)).ok();
        Self { path, limit_bytes, batches: Some(batches), waiting: None, shared, over, thread, sessions_lost: [sessions_lost; 2], lost: 0 }
    }

    fn is_running(&self) -> bool {
        *self.shared.state.lock() == RecordingState::Running
    }

    /// The disk is behind: rings must stay full for a while.
    fn is_behind(&self) -> bool {
        self.waiting.is_some() || self.shared.on_the_way.load(Ordering::Relaxed) > ON_THE_WAY
    }

    /// Hands over what came, as far as there is room on the way.
    fn hand_over(&mut self, rows: Vec<Record>, serving: Vec<Arc<str>>) {
        let batch = match self.waiting.take() {
            Some(mut waiting) => {
                waiting.rows.extend(rows);
                Batch { serving, lost: self.lost(), ..waiting }
            }
            None if rows.is_empty() => return,
            None => Batch { rows, serving, lost: self.lost() },
        };
        let Some(batches) = &self.batches else {
            self.lost += batch.rows.len() as u64;
            return;
        };
        let bytes = batch.rows.iter().map(weight).sum();
        self.shared.on_the_way.fetch_add(bytes, Ordering::Relaxed);
        match batches.try_send(batch) {
            Ok(()) => return,
            Err(TrySendError::Full(batch)) => self.waiting = Some(batch),
            Err(TrySendError::Disconnected(batch)) => self.lost += batch.rows.len() as u64,
        }
        self.shared.on_the_way.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// No more comes. The thread writes the rest and ends.
    fn end(&mut self) {
        if self.waiting.is_some() {
            self.hand_over(Vec::new(), Vec::new());
        }
        if self.waiting.is_none() {
            self.batches = None;
        }
        let mut state = self.shared.state.lock();
        if *state == RecordingState::Running {
            *state = RecordingState::Ending;
        }
    }

    /// Its thread has more to say: somebody must look again.
    pub fn is_settling(&self) -> bool {
        // The first blocks are written as soon as the file is open.
        self.thread.is_some() && (!self.is_running() || self.shared.bytes.load(Ordering::Relaxed) == 0)
    }

    /// Joins its thread, if that has said its last word.
    fn settle(&mut self) {
        if self.batches.is_some() && !self.is_running() {
            self.end();
        }
        if let Some(thread) = self.thread.take_if(|thread| thread.is_finished()) {
            // A panic was told by the panic hook; the file has what was flushed.
            if thread.join().is_err() {
                *self.shared.state.lock() = RecordingState::Failed("its thread ended".into());
            }
        }
    }

    /// Waits for its thread within a limit.
    fn wait(&mut self) {
        if let Some(batches) = self.batches.take()
            && let Some(batch) = self.waiting.take()
            && let Err(lost) = batches.send_timeout(batch, LEAVE_LIMIT)
        {
            self.lost += lost.into_inner().rows.len() as u64;
        }
        if let Some(thread) = self.thread.take() {
            // Nothing is ever sent: it ends with its sender. A disk that does not answer keeps its thread.
            let _ended = self.over.recv_timeout(LEAVE_LIMIT);
            if self.over.recv_timeout(Duration::ZERO).is_err_and(|e| e.is_disconnected()) {
                let _told = thread.join();
            }
        }
    }

    /// Rows that never came to the file.
    fn lost(&self) -> u64 {
        let [before, now] = self.sessions_lost;
        self.lost + now.saturating_sub(before)
    }

    fn view(&self) -> RecordingView {
        let shared = &self.shared;
        RecordingView {
            path: Arc::clone(&self.path),
            limit_bytes: self.limit_bytes,
            bytes: shared.bytes.load(Ordering::Relaxed),
            records: shared.records.load(Ordering::Relaxed),
            lost: self.lost() + shared.lost.load(Ordering::Relaxed),
            state: shared.state.lock().clone(),
        }
    }
}

/// What a row weighs on its way.
fn weight(record: &Record) -> u64 {
    (size_of::<Record>() + record.data.len()) as u64
}

fn failed(error: &std::io::Error) -> RecordingState {
    RecordingState::Failed(error.to_string().into())
}

impl Core {
    /// Begins a recording, or ends the one in progress.
    pub(super) fn record(&mut self, recording: Option<Recording>) {
        self.drain();
        self.end_recording();
        if let Some(recording) = recording {
            let lost = self.lost_so_far();
            self.traffic.keep_fresh(true);
            self.recorders.push(Recorder::start(recording, self.picture.started(), lost));
            // Those that stop have a limit to their patience already, or had none.
            let staying = self.sessions.values().filter(|session| session.state != SessionState::Stopping);
            staying.for_each(|session| session.board.set_lossless(true));
        }
    }

    /// The one that takes rows.
    fn recorder(&mut self) -> Option<&mut Recorder> {
        self.recorders.last_mut().filter(|recorder| recorder.batches.is_some())
    }

    /// Whether sessions that start now are to lose nothing.
    pub(super) fn is_recording(&self) -> bool {
        self.recorders.last().is_some_and(|recorder| recorder.batches.is_some() && recorder.is_running())
    }

    /// Whether rings are to stay as they are, because the disk is behind.
    pub(super) fn disk_is_behind(&self) -> bool {
        self.recorders.last().is_some_and(|recorder| recorder.is_running() && recorder.is_behind())
    }

    /// Gives the recording what came into the log.
    pub(super) fn hand_over(&mut self) {
        if self.recorder().is_some() {
            let serving = self.sessions.values().filter_map(serving).collect();
            let (rows, lost) = (self.traffic.take_fresh(), self.lost_so_far());
            if let Some(recorder) = self.recorder() {
                recorder.sessions_lost[1] = lost;
                recorder.hand_over(rows, serving);
                if !recorder.is_running() {
                    self.end_recording();
                }
            }
        }
        for recorder in &mut self.recorders {
            recorder.settle();
        }
        // Of those that are over, the newest is shown.
        let newest = self.recorders.len().saturating_sub(1);
        let mut place = 0;
        self.recorders.retain(|recorder| {
            place += 1;
            place > newest || recorder.thread.is_some()
        });
    }

    fn end_recording(&mut self) {
        self.sessions.values().for_each(|session| session.board.set_lossless(false));
        self.traffic.keep_fresh(false);
        if let Some(recorder) = self.recorder() {
            recorder.end();
        }
    }

    /// The engine leaves: what is there is written, within a limit.
    pub(super) fn close_recordings(&mut self) {
        self.hand_over();
        self.end_recording();
        self.recorders.iter_mut().for_each(Recorder::wait);
    }

    pub(super) fn recording_view(&self) -> Option<RecordingView> {
        self.recorders.last().map(Recorder::view)
    }

    /// Records that sessions dropped, since the engine started.
    fn lost_so_far(&self) -> u64 {
        let of = |session: &Session| session.shown.lost_before + session.board.dropped();
        self.lost_before + self.sessions.values().map(of).sum::<u64>()
    }
}

/// The path at which a Unix server listens.
fn serving(session: &Session) -> Option<Arc<str>> {
    match session.transport {
        Transport::UnixStream | Transport::UnixDgram => session.local.clone(),
        Transport::Tcp | Transport::Udp => None,
    }
}
