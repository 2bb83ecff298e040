//! The thread that writes a recording. What it has is in the kernel's hands after a quarter of a second, in whole blocks: a crash of
//! the program loses no more, and what is there can be opened.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::{Batch, RecordingState, Shared, failed, weight};
use crate::capture::Capture;
use crate::engine::told::nanos;

/// Bytes wait for others this long at most.
const FLUSH: Duration = Duration::from_millis(250);
/// So many go at once.
const GATHERED: usize = 256 << 10;
/// Kept free for the last blocks.
const LAST_BLOCKS: u64 = 128;

/// A file and what goes into it next.
pub(super) struct Writer<'a> {
    file: File,
    capture: Capture,
    limit_bytes: u64,
    written: u64,
    started: SystemTime,
    /// Rows that came.
    came: u64,
    /// Lost before they came.
    lost: u64,
    words: String,
    shared: &'a Shared,
}

/// What becomes of a recording when its thread ends.
enum Over {
    Full,
    Asked,
}

/// Until the recording is ended, full, or cannot go on.
pub(super) fn run(path: &Path, limit_bytes: u64, started: SystemTime, batches: &Receiver<Batch>, shared: &Shared) {
    let result = create(path).and_then(|file| {
        let capture = Capture::new("");
        let mut writer = Writer { file, capture, limit_bytes, written: 0, started, came: 0, lost: 0, words: String::new(), shared };
        writer.write(batches)
    });
    *shared.state.lock() = match result {
        Ok(Over::Full) => RecordingState::Full,
        Ok(Over::Asked) => RecordingState::Done,
        Err(error) => failed(&error),
    };
}

/// A regular file: opening a named pipe would wait for its reader, and a device may be anything.
fn create(path: &Path) -> io::Result<File> {
    if fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is there already and no regular file"));
    }
    File::create(path)
}

impl Writer<'_> {
    fn write(&mut self, batches: &Receiver<Batch>) -> io::Result<Over> {
        self.flush()?;
        let mut flushed = Instant::now();
        loop {
            let over = match batches.recv_deadline(flushed + FLUSH) {
                Ok(batch) => !self.take(&batch)?,
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => {
                    self.finish()?;
                    return Ok(Over::Asked);
                }
            };
            if over {
                self.finish()?;
                return Ok(Over::Full);
            }
            if flushed.elapsed() >= FLUSH {
                self.flush()?;
                flushed = Instant::now();
            }
        }
    }

    /// `false` when the file has no room for more.
    fn take(&mut self, batch: &Batch) -> io::Result<bool> {
        self.lost = batch.lost;
        batch.serving.iter().for_each(|path| self.capture.serves(path));
        for (n, row) in batch.rows.iter().enumerate() {
            let before = self.capture.bytes().len();
            self.capture.push(&row.told(self.started, &mut self.words));
            if self.written + self.capture.bytes().len() as u64 + LAST_BLOCKS > self.limit_bytes {
                self.capture.cut_back(before);
                let left = (batch.rows.len() - n) as u64;
                self.shared.lost.fetch_add(left, Ordering::Relaxed);
                return Ok(false);
            }
            self.came += 1;
            if self.capture.bytes().len() >= GATHERED {
                self.flush()?;
            }
        }
        let bytes = batch.rows.iter().map(weight).sum();
        self.shared.on_the_way.fetch_sub(bytes, Ordering::Relaxed);
        Ok(true)
    }

    /// Whole blocks, in one call.
    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(self.capture.bytes())?;
        self.written += self.capture.bytes().len() as u64;
        self.capture.clear();
        self.shared.bytes.store(self.written, Ordering::Relaxed);
        self.shared.records.store(self.came, Ordering::Relaxed);
        Ok(())
    }

    /// What the file itself says about what it lacks.
    fn finish(&mut self) -> io::Result<()> {
        let lost = self.lost + self.shared.lost.load(Ordering::Relaxed);
        self.capture.finish(nanos(SystemTime::now()), self.came + lost, lost);
        self.flush()?;
        self.file.sync_data()
    }
}
