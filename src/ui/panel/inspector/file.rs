//! Reads the files of packets away from the paint thread: one named worker, made at the first file, joined on drop.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui::Context;

/// Largest file that is sent: it is held in memory.
const LIMIT: u64 = 16 << 20;
/// Files that are held at once; with one more, all are read anew.
const KEPT: usize = 8;

/// Why a file gives no bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// What the system said.
    Read(String),
    /// A directory, pipe or device: it may never end.
    NotRegular,
    /// Over the limit; its size.
    TooLarge(u64),
}

/// What is known about one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Being read.
    Reading,
    /// Its bytes.
    Bytes(Arc<[u8]>),
    /// Why not.
    Failed(FileError),
}

type Answer = (String, Result<Arc<[u8]>, FileError>);

struct Worker {
    ask: Option<Sender<(String, Context)>>,
    answers: Receiver<Answer>,
    thread: Option<JoinHandle<()>>,
}

/// The way to a file's bytes.
#[derive(Default)]
pub struct FileReader {
    worker: Option<Worker>,
    /// Paths that are being read.
    asked: HashSet<String>,
    contents: HashMap<String, Content>,
}

impl FileReader {
    /// What is known about this path now; asks for it when it was not asked for before.
    pub fn content(&mut self, ctx: &Context, path: &str) -> Content {
        self.take_answers();
        if let Some(content) = self.contents.get(path) {
            return content.clone();
        }
        if !self.asked.contains(path) {
            self.ask(ctx, path);
        }
        self.contents.get(path).cloned().unwrap_or(Content::Reading)
    }

    /// Forgets what was read, so that the files are read again.
    pub fn again(&mut self) {
        self.contents.clear();
    }

    fn take_answers(&mut self) {
        let Some(worker) = &self.worker else { return };
        while let Ok((path, answer)) = worker.answers.try_recv() {
            self.asked.remove(&path);
            if self.contents.len() >= KEPT {
                self.contents.clear();
            }
            let content = match answer {
                Ok(bytes) => Content::Bytes(bytes),
                Err(error) => Content::Failed(error),
            };
            self.contents.insert(path, content);
        }
    }

    fn ask(&mut self, ctx: &Context, path: &str) {
        if self.worker.is_none() {
            match Worker::start() {
                Ok(worker) => self.worker = Some(worker),
                Err(error) => {
                    self.contents.insert(path.to_owned(), Content::Failed(FileError::Read(error.to_string())));
                    return;
                }
            }
        }
        // A worker that is still busy is asked again in the frame after it has answered.
        if let Some(ask) = self.worker.as_ref().and_then(|w| w.ask.as_ref())
            && ask.try_send((path.to_owned(), ctx.clone())).is_ok()
        {
            self.asked.insert(path.to_owned());
        }
    }
}

impl Worker {
    fn start() -> std::io::Result<Self> {
        let (ask, asked) = bounded::<(String, Context)>(1);
        let (answer, answers) = bounded(2);
        let thread = std::thread::Builder::new().name("socketlab-file".into()).spawn(move || {
            while let Ok((path, ctx)) = asked.recv() {
                let result = read(&path);
                if answer.send((path, result)).is_err() {
                    return;
                }
                ctx.request_repaint();
            }
        })?;
        Ok(Self { ask: Some(ask), answers, thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.ask.take());
        // The worker may stand in `send` with nobody reading.
        self.answers.try_iter().for_each(drop);
        if let Some(thread) = self.thread.take() {
            // A panic of the worker was already reported by the panic hook.
            let _reported = thread.join();
        }
    }
}

fn read(path: &str) -> Result<Arc<[u8]>, FileError> {
    let failed = |error: std::io::Error| FileError::Read(error.to_string());
    let meta = std::fs::metadata(path).map_err(failed)?;
    if !meta.is_file() {
        return Err(FileError::NotRegular);
    }
    if meta.len() > LIMIT {
        return Err(FileError::TooLarge(meta.len()));
    }
    let mut bytes = Vec::new();
    // It may grow while it is read.
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LIMIT { Err(FileError::TooLarge(bytes.len() as u64)) } else { Ok(bytes.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn wait(reader: &mut FileReader, path: &str) -> Content {
        let (ctx, limit) = (Context::default(), Instant::now() + Duration::from_secs(10));
        loop {
            match reader.content(&ctx, path) {
                Content::Reading if Instant::now() < limit => std::thread::yield_now(),
                content => return content,
            }
        }
    }

    #[test]
    fn files_are_read_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("中文.bin");
        let path = file.to_str().unwrap();
        let mut reader = FileReader::default();
        assert!(matches!(wait(&mut reader, path), Content::Failed(FileError::Read(_))), "not there yet");
        std::fs::write(&file, b"\x00\xff").unwrap();
        reader.again();
        assert_eq!(wait(&mut reader, path), Content::Bytes(Arc::from(*b"\x00\xff")));
        assert_eq!(wait(&mut reader, dir.path().to_str().unwrap()), Content::Failed(FileError::NotRegular));
        std::fs::File::create(&file).unwrap().set_len(LIMIT + 1).unwrap();
        reader.again();
        assert_eq!(wait(&mut reader, path), Content::Failed(FileError::TooLarge(LIMIT + 1)));
    }
}
