//! Reads a lesson's folder again when its files were saved, on the thread `socketlab-lesson`, for as long as the lesson is given. It only
//! reads: what comes of it the window takes once a frame.

use std::io;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use eframe::egui::Context;

use crate::lesson::{Folder, Lesson, LessonError, Watched};

/// How often the files are asked about.
const EVERY: Duration = Duration::from_millis(400);
/// How long the lesson's end waits for a read under way: a folder on a machine that does not answer must not hold the window.
const END: Duration = Duration::from_secs(1);

/// The lesson of the folder, or its first mistake.
pub(super) type Read = Result<Box<Lesson>, LessonError>;

/// See the module.
pub(super) struct Follow {
    stop: Option<Sender<()>>,
    read: Receiver<Read>,
    thread: Option<JoinHandle<()>>,
}

impl Follow {
    /// From how the folder was when `watched` was made.
    pub fn start(ctx: &Context, watched: Watched) -> io::Result<Self> {
        let (stop, stopped) = bounded(0);
        let (tell, read) = bounded(1);
        let ctx = ctx.clone();
        let run = move || follow(watched, &stopped, &tell, &|| ctx.request_repaint());
        let thread = std::thread::Builder::new().name("socketlab-lesson".into()).spawn(run)?;
        Ok(Self { stop: Some(stop), read, thread: Some(thread) })
    }

    /// What was read since it was asked last.
    pub fn read(&self) -> Option<Read> {
        self.read.try_recv().ok()
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        drop(self.stop.take());
        let limit = Instant::now() + END;
        let is_over = loop {
            match self.read.recv_deadline(limit) {
                Ok(_) => {}
                Err(error) => break error.is_disconnected(),
            }
        };
        if is_over && let Some(thread) = self.thread.take() {
            // It has let its channel go and ends at once; a panic was reported by the panic hook.
            let _reported = thread.join();
        }
    }
}

fn follow(mut watched: Watched, stopped: &Receiver<()>, tell: &Sender<Read>, wake: &dyn Fn()) {
    let mut untold = None;
    while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        if watched.changed() {
            untold = Some(Folder::open(watched.folder()).and_then(|folder| folder.lesson()).map(Box::new));
        }
        let Some(read) = untold.take() else { continue };
        match tell.try_send(read) {
            Ok(()) => wake(),
            // The window sleeps or is slow: it gets the newest, later.
            Err(TrySendError::Full(read)) => untold = Some(read),
            Err(TrySendError::Disconnected(_)) => return,
        }
    }
}
