//! Files and the system's file dialogs, off the window's thread. One job at a time on the thread `socketlab-files`; its
//! answer comes back over a channel and wakes the window. Nothing here paints.

mod disk;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use eframe::egui::{ColorImage, Context};

use crate::lab::{Lab, LabError};
use crate::lesson::{Lesson, LessonError, Watched};
use crate::report::collection::{Collection, CollectionError};
use crate::ui::Rows;

use disk::{Found, bytes, read, write_whole};

/// A dialog that ends without an answer this soon was never shown: no portal and no zenity.
const NEVER_SHOWN: Duration = Duration::from_millis(300);

/// What a person is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A file to read.
    Open,
    /// A place to write to.
    Save {
        /// Suggested file name.
        name: String,
    },
}

/// The answer of a dialog, some time: a path, or `None` when it was cancelled or could not be shown.
pub type Answering = Pin<Box<dyn Future<Output = Option<PathBuf>> + Send>>;

/// The system's file dialogs, or a fake in tests.
pub trait Dialogs {
    /// Asks. Called on the window's thread (macOS insists); the future is awaited on a worker.
    fn ask(&self, ask: &Ask, title: &str, dir: Option<&Path>) -> Answering;
    /// Whether an answer of `None` at once means that there is no dialog service here.
    fn may_be_missing(&self) -> bool;
}

/// The real ones.
#[derive(Debug)]
pub struct SystemDialogs;

impl Dialogs for SystemDialogs {
    fn ask(&self, ask: &Ask, title: &str, dir: Option<&Path>) -> Answering {
        let mut dialog = rfd::AsyncFileDialog::new().set_title(title);
        if let Some(dir) = dir {
            dialog = dialog.set_directory(dir);
        }
        match ask {
            Ask::Open => {
                let picked = dialog.add_filter("Socketlab, Packet Sender", &["toml", "json", "ini"]).add_filter("*", &["*"]).pick_file();
                Box::pin(async move { picked.await.map(|f| f.path().to_owned()) })
            }
            Ask::Save { name } => {
                let picked = dialog.set_file_name(name).save_file();
                Box::pin(async move { picked.await.map(|f| f.path().to_owned()) })
            }
        }
    }

    fn may_be_missing(&self) -> bool {
        cfg!(target_os = "linux")
    }
}

/// What is written.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// A lab, and the text it was read from.
    Lab { lab: Box<Lab>, previous: Option<String> },
    /// An exported text.
    Text(String),
    /// Rows of the traffic log; written by the worker.
    Rows(Box<Rows>),
    /// Nothing: the engine records traffic there, so many bytes at most.
    Recording(u64),
    /// An exported picture; encoded as PNG by the worker.
    Picture(Arc<ColorImage>),
}

/// Where a job gets its path from.
pub(super) enum Place {
    Ask(Answering),
    /// Known already; `replace` when an existing file may be written over.
    Path {
        path: PathBuf,
        replace: bool,
    },
}

/// What is to be done.
pub(super) enum Job {
    Open(Place),
    Save(Place, Content),
}

/// How a job ended.
#[derive(Debug)]
pub(super) enum Done {
    /// A person closed the dialog.
    Cancelled,
    /// There is no dialog service: ask in the window. Saves give their content back.
    NoDialog(Option<Content>),
    /// A lab was read.
    Opened { path: PathBuf, text: String, lab: Lab },
    /// A lesson's folder was read.
    Lesson { path: PathBuf, lesson: Box<Lesson>, watched: Watched },
    /// Packets that another program saved were read.
    Imported { path: PathBuf, collection: Collection },
    /// Written.
    Saved { path: PathBuf, content: Content, text: Option<String> },
    /// A typed path names an existing file: may it be replaced?
    Exists { path: PathBuf, content: Content },
    /// It did not work.
    Refused { path: PathBuf, why: FileError, content: Option<Content> },
}

/// Why a file could not be read or written.
#[derive(Debug)]
pub(super) enum FileError {
    Io(io::Error),
    /// Not UTF-8.
    NotText,
    Lab(LabError),
    Lesson(LessonError),
    Collection(CollectionError),
    Picture(String),
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// The worker and its answer.
#[derive(Debug, Default)]
pub(super) struct Files {
    running: Option<(JoinHandle<()>, Receiver<Done>)>,
}

impl Files {
    /// Whether a dialog is open or a file is being read or written.
    pub fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// Starts a job; the window is woken when it is done.
    pub fn start(&mut self, ctx: &Context, job: Job, may_be_missing: bool) -> io::Result<()> {
        let (send, answer) = bounded(1);
        let ctx = ctx.clone();
        let thread = std::thread::Builder::new().name("socketlab-files".into()).spawn(move || {
            // The window is gone when nobody takes the answer; there is nobody left to tell.
            let _unheard = send.send(run(job, may_be_missing));
            ctx.request_repaint();
        })?;
        self.running = Some((thread, answer));
        Ok(())
    }

    /// The answer, once it is there.
    pub fn poll(&mut self) -> Option<Done> {
        let (_, answer) = self.running.as_ref()?;
        let done = match answer.try_recv() {
            Ok(done) => done,
            Err(crossbeam_channel::TryRecvError::Empty) => return None,
            Err(crossbeam_channel::TryRecvError::Disconnected) => Done::Cancelled,
        };
        if let Some((thread, _)) = self.running.take() {
            // It has sent its answer and ends at once; a panic was reported by the panic hook.
            let _reported = thread.join();
        }
        Some(done)
    }

    /// Waits for a file that is being written. A dialog that is still open is left: only the person can end it.
    pub fn finish(&mut self, limit: Duration) {
        if let Some((thread, answer)) = self.running.take()
            && answer.recv_timeout(limit).is_ok()
        {
            let _reported = thread.join();
        }
    }
}

fn run(job: Job, may_be_missing: bool) -> Done {
    match job {
        Job::Open(place) => match locate(place, may_be_missing) {
            Located::At { path, .. } => match read(&path) {
                Ok(Found::Lab(text, lab)) => Done::Opened { path, text, lab: *lab },
                Ok(Found::Lesson(lesson, watched)) => Done::Lesson { path, lesson, watched },
                Ok(Found::Collection(collection)) => Done::Imported { path, collection },
                Err(why) => Done::Refused { path, why, content: None },
            },
            Located::Cancelled => Done::Cancelled,
            Located::NoDialog => Done::NoDialog(None),
        },
        Job::Save(place, content) => match locate(place, may_be_missing) {
            Located::At { path, replace } if !replace && path.exists() => Done::Exists { path, content },
            // The place is all that was asked for.
            Located::At { path, .. } if matches!(content, Content::Recording(_)) => Done::Saved { path, content, text: None },
            Located::At { path, .. } => match bytes(&content).and_then(|b| Ok(write_whole(&path, &b).map(|()| b)?)) {
                Ok(bytes) => {
                    let text = matches!(content, Content::Lab { .. }).then(|| String::from_utf8_lossy(&bytes).into_owned());
                    Done::Saved { path, content, text }
                }
                Err(why) => Done::Refused { path, why, content: Some(content) },
            },
            Located::Cancelled => Done::Cancelled,
            Located::NoDialog => Done::NoDialog(Some(content)),
        },
    }
}

enum Located {
    At { path: PathBuf, replace: bool },
    Cancelled,
    NoDialog,
}

fn locate(place: Place, may_be_missing: bool) -> Located {
    match place {
        Place::Path { path, replace } => Located::At { path, replace },
        Place::Ask(answering) => {
            let asked = Instant::now();
            match pollster::block_on(answering) {
                // The system's own dialog has asked about replacing.
                Some(path) => Located::At { path, replace: true },
                None if may_be_missing && asked.elapsed() < NEVER_SHOWN => Located::NoDialog,
                None => Located::Cancelled,
            }
        }
    }
}
