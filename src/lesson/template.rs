//! A lesson to begin with: the files that `socketlab lesson new` writes.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Name and text of each file. `ID` stands for the lesson's id.
const FILES: [(&str, &str); 4] = [
    ("lesson.toml", include_str!("template/lesson.toml")),
    ("en.md", include_str!("template/en.md")),
    ("zh.md", include_str!("template/zh.md")),
    ("lab.toml", include_str!("template/lab.toml")),
];

/// Writes the files into a folder, which is made when it is not there. Nothing that is there is overwritten.
///
/// # Errors
/// When the folder's name gives no id, a file is there already, or the system refuses.
pub fn write(folder: &Path) -> io::Result<()> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let id: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let id = id.trim_matches('-');
    let id = if id.is_empty() { "my-lesson" } else { id };
    fs::create_dir_all(folder)?;
    if let Some((name, _)) = FILES.iter().find(|(name, _)| folder.join(name).exists()) {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("'{}' is there already", folder.join(name).display())));
    }
    for (name, text) in FILES {
        fs::File::create_new(folder.join(name))?.write_all(text.replace("LESSON-ID", id).as_bytes())?;
    }
    Ok(())
}
