//! What a file job does on the disk: a whole lab read, a whole file written. It asks nobody.

use std::io::{self, Read as _, Write as _};
use std::path::Path;

use eframe::egui::ColorImage;

use super::{Content, FileError};
use crate::engine::catalog;
use crate::lab::{self, Lab, MAX_FILE_BYTES};
use crate::lesson::{Folder, Lesson, Watched};
use crate::report::collection::{self, Collection};

/// What a file turned out to be, by its content.
pub(super) enum Found {
    /// A lab, and its text.
    Lab(String, Box<Lab>),
    /// Packets that another program saved.
    Collection(Collection),
    /// A lesson, and how its folder was just before.
    Lesson(Box<Lesson>, Watched),
}

/// A lesson is a folder; its own file names it.
const LESSON: &str = "lesson.toml";

fn lesson_folder(path: &Path) -> Option<&Path> {
    match path.file_name() {
        Some(name) if name == LESSON => path.parent(),
        _ => Some(path).filter(|path| path.join(LESSON).is_file()),
    }
}

pub(super) fn read(path: &Path) -> Result<Found, FileError> {
    if let Some(folder) = lesson_folder(path) {
        let watched = Watched::new(folder);
        let lesson = Folder::open(folder).and_then(|folder| folder.lesson()).map_err(FileError::Lesson)?;
        return Ok(Found::Lesson(Box::new(lesson), watched));
    }
    let mut bytes = Vec::new();
    // One byte more than allowed is enough for the parser to refuse it; /dev/zero must not fill the memory.
    std::fs::File::open(path)?.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if let Some(found) = collection::read(&bytes).filter(|_| bytes.len() <= MAX_FILE_BYTES) {
        return found.map(Found::Collection).map_err(FileError::Collection);
    }
    let text = String::from_utf8(bytes).map_err(|_| FileError::NotText)?;
    let lab = lab::parse(&text, &catalog::known()).map_err(FileError::Lab)?;
    Ok(Found::Lab(text, Box::new(lab)))
}

pub(super) fn bytes(content: &Content) -> Result<Vec<u8>, FileError> {
    match content {
        Content::Lab { lab, previous } => Ok(lab::write(lab, previous.as_deref()).into_bytes()),
        Content::Text(text) => Ok(text.clone().into_bytes()),
        Content::Rows(rows) => Ok(rows.bytes()?),
        // The engine writes the file.
        Content::Recording(_) => Ok(Vec::new()),
        Content::Picture(image) => png_bytes(image).map_err(|e| FileError::Picture(e.to_string())),
    }
}

pub(super) fn png_bytes(image: &ColorImage) -> Result<Vec<u8>, png::EncodingError> {
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
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
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
