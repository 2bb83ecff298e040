//! Files and the system's file dialogs, off the window's thread. One job at a time on the thread `socketlab-files`; its
//! answer comes back over a channel and wakes the window. Nothing here paints.

use std::future::Future;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use eframe::egui::{ColorImage, Context};

use crate::engine::catalog;
use crate::lab::{self, Lab, LabError, MAX_FILE_BYTES};

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
                let picked = dialog.add_filter("Socketlab", &["toml"]).add_filter("*", &["*"]).pick_file();
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
                Ok((text, lab)) => Done::Opened { path, text, lab },
                Err(why) => Done::Refused { path, why, content: None },
            },
            Located::Cancelled => Done::Cancelled,
            Located::NoDialog => Done::NoDialog(None),
        },
        Job::Save(place, content) => match locate(place, may_be_missing) {
            Located::At { path, replace } if !replace && path.exists() => Done::Exists { path, content },
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

fn read(path: &Path) -> Result<(String, Lab), FileError> {
    let mut bytes = Vec::new();
    // One byte more than allowed is enough for the parser to refuse it; /dev/zero must not fill the memory.
    std::fs::File::open(path)?.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(|_| FileError::NotText)?;
    let lab = lab::parse(&text, &catalog::known()).map_err(FileError::Lab)?;
    Ok((text, lab))
}

fn bytes(content: &Content) -> Result<Vec<u8>, FileError> {
    match content {
        Content::Lab { lab, previous } => Ok(lab::write(lab, previous.as_deref()).into_bytes()),
        Content::Text(text) => Ok(text.clone().into_bytes()),
        Content::Picture(image) => png_bytes(image).map_err(|e| FileError::Picture(e.to_string())),
    }
}

fn png_bytes(image: &ColorImage) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, image.width() as u32, image.height() as u32);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    let pixels: Vec<u8> = image.pixels.iter().flat_map(|p| p.to_srgba_unmultiplied()).collect();
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(bytes)
}

/// Writes a file so that a crash leaves the old one or the new one, never half of one (rename(2) is atomic).
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link to the file stays a link.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = target.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut beside = name.to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let part = target.with_file_name(beside);
    let written = (|| {
        let mut file = std::fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        if let Ok(old) = std::fs::metadata(&target) {
            file.set_permissions(old.permissions())?;
        }
        drop(file);
        std::fs::rename(&part, &target)
    })();
    if written.is_err() {
        // The first error is the one to tell.
        let _also_failed = std::fs::remove_file(&part);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lab_is_written_whole_and_no_part_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("first.toml");
        let lab = Lab::starter("poll");
        let save = |replace| {
            let content = Content::Lab { lab: Box::new(lab.clone()), previous: None };
            run(Job::Save(Place::Path { path: path.clone(), replace }, content), false)
        };
        assert!(matches!(save(false), Done::Saved { .. }));
        assert!(matches!(save(false), Done::Exists { .. }));
        assert!(matches!(save(true), Done::Saved { text: Some(_), .. }));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("echo-tcp"), "{text}");
    }

    #[test]
    fn a_dialog_that_ends_at_once_was_never_shown() {
        let at_once = || Box::pin(std::future::ready(None)) as Answering;
        assert!(matches!(run(Job::Open(Place::Ask(at_once())), true), Done::NoDialog(None)));
        assert!(matches!(run(Job::Open(Place::Ask(at_once())), false), Done::Cancelled));
    }

    #[test]
    fn a_refused_file_says_why() {
        let dir = tempfile::tempdir().unwrap();
        let open = |name: &str| run(Job::Open(Place::Path { path: dir.path().join(name), replace: false }), false);
        assert!(matches!(open("none.toml"), Done::Refused { why: FileError::Io(_), .. }));
        std::fs::write(dir.path().join("bin"), [0xff, 0xfe]).unwrap();
        assert!(matches!(open("bin"), Done::Refused { why: FileError::NotText, .. }));
        std::fs::write(dir.path().join("bad.toml"), "nonsense = 1").unwrap();
        assert!(matches!(open("bad.toml"), Done::Refused { why: FileError::Lab(_), .. }));
    }

    #[test]
    fn a_picture_becomes_a_png() {
        let image = ColorImage::filled([3, 2], eframe::egui::Color32::from_rgb(1, 2, 3));
        let bytes = png_bytes(&image).unwrap();
        let mut reader = png::Decoder::new(io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, &pixels[..4]), (3, 2, &[1, 2, 3, 255][..]));
    }
}
