//! What the window remembers between runs, beside the layouts. Nothing about the network.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::ui::Language;

/// Files the menu remembers.
const RECENT: usize = 10;

/// Choices of the person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    pub language: Language,
    pub light: bool,
    /// Reduced motion: moves happen at once.
    pub still: bool,
    /// Newest first.
    pub recent: Vec<PathBuf>,
}

impl Settings {
    /// Key in the window's storage.
    pub const KEY: &'static str = "socketlab-settings";

    /// A file was opened or saved.
    pub fn remember(&mut self, path: &Path) {
        self.forget(path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(RECENT);
    }

    /// A file is gone.
    pub fn forget(&mut self, path: &Path) {
        self.recent.retain(|p| p != path);
    }
}
