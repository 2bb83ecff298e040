//! Whether the files of a lesson changed since it was asked last. No thread: whoever shows a lesson asks now and then.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::folder::names;

/// See the module.
#[derive(Clone, Debug)]
pub struct Watched {
    folder: PathBuf,
    seen: Vec<Stamp>,
}

/// Enough to tell one save from the next: an editor changes the time, a fast one at least the length.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    name: String,
    modified: Option<SystemTime>,
    len: u64,
}

impl Watched {
    /// From how this folder is now.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        let seen = stamps(&folder);
        Self { folder, seen }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// True once after each change: a file saved, added or removed.
    pub fn changed(&mut self) -> bool {
        let now = stamps(&self.folder);
        let is_other = now != self.seen;
        self.seen = now;
        is_other
    }
}

/// A folder that cannot be read has no files: that is a change, and reading it again says why.
fn stamps(folder: &Path) -> Vec<Stamp> {
    let stamp = |name: String| {
        let meta = fs::metadata(folder.join(&name)).ok()?;
        Some(Stamp { name, modified: meta.modified().ok(), len: meta.len() })
    };
    names(folder).unwrap_or_default().into_iter().filter_map(stamp).collect()
}
