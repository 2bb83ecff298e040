//! The files of a lesson as texts, from a folder on disk or from the program itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use super::{Lesson, LessonError, LessonErrorKind, read};

/// Bytes of one file.
pub const MAX_LESSON_BYTES: u64 = 1 << 20;

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    files: BTreeMap<String, Cow<'static, str>>,
}

impl Folder {
    /// The texts of a folder on disk: its `.toml` and `.md` files.
    ///
    /// # Errors
    /// When the folder or one of these files cannot be read.
    pub fn open(path: &Path) -> Result<Self, LessonError> {
        let entries =
            names(path).map_err(|e| LessonError::new(&path.display().to_string(), None, LessonErrorKind::Unreadable(e.to_string())))?;
        let mut folder = Self::default();
        for name in entries {
            let text = read_text(&path.join(&name), &name)?;
            folder.files.insert(name, text.into());
        }
        Ok(folder)
    }

    /// Of texts that are part of the program.
    pub(super) fn of(files: &[(&str, &'static str)]) -> Self {
        Self { files: files.iter().map(|(name, text)| ((*name).to_owned(), Cow::Borrowed(*text))).collect() }
    }

    /// The lesson that it holds.
    ///
    /// # Errors
    /// The first mistake: its file, its line, and what was expected.
    pub fn lesson(&self) -> Result<Lesson, LessonError> {
        read::lesson(self)
    }

    pub(super) fn needed(&self, name: &str) -> Result<&str, LessonError> {
        let text = self.files.get(name).map(|text| text.as_ref());
        text.ok_or_else(|| LessonError::new(name, None, LessonErrorKind::NoFile))
    }
}

/// The files that may belong to a lesson.
pub(super) fn names(path: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        let kind = Path::new(name).extension().and_then(|kind| kind.to_str());
        if matches!(kind, Some("toml" | "md")) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn read_text(path: &Path, name: &str) -> Result<String, LessonError> {
    let refuse = |kind| LessonError::new(name, None, kind);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_LESSON_BYTES + 1).read_to_end(&mut bytes));
    let size = read.map_err(|e| refuse(LessonErrorKind::Unreadable(e.to_string())))? as u64;
    if size > MAX_LESSON_BYTES {
        let size = fs::metadata(path).map_or(size, |meta| meta.len());
        return Err(refuse(LessonErrorKind::TooLarge(size)));
    }
    String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        LessonError::new(name, line, LessonErrorKind::NotText)
    })
}
