//! `{run}/name` in an address of a Unix socket: a private directory of this run of the program, so that two runs never meet. It is
//! made when a socket is bound in it and removed with the last of them.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, Weak};

use parking_lot::Mutex;

use crate::lab::Address;

/// What stands for the directory in an address.
const MARK: &str = "{run}";

/// The directory while somebody is bound in it.
#[derive(Debug)]
pub(super) struct RunDir(());

impl Drop for RunDir {
    fn drop(&mut self) {
        // Not empty means that somebody has bound in it since; it goes with the last of them.
        let _not_empty = std::fs::remove_dir(path());
    }
}

/// Where it is, or would be. The name cannot be guessed, so that nobody else makes it first in a shared directory.
fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|dir| dir.is_dir());
        let number = RandomState::new().hash_one(std::process::id());
        runtime.unwrap_or_else(std::env::temp_dir).join(format!("socketlab-{number:016x}"))
    })
}

/// The address that is meant.
pub(super) fn meant(address: &Address) -> Address {
    match address {
        Address::Path(text) => Address::Path(meant_path(text)),
        Address::Inet { .. } => address.clone(),
    }
}

/// The path, or abstract name, that is meant.
pub(super) fn meant_path(text: &str) -> String {
    text.replacen(MARK, &path().display().to_string(), 1)
}

/// Makes the directory if `file` lies in it; it stays as long as the answer is held.
pub(super) fn enter(file: &Path) -> io::Result<Option<Arc<RunDir>>> {
    static HELD: Mutex<Weak<RunDir>> = Mutex::new(Weak::new());
    if file.parent() != Some(path()) {
        return Ok(None);
    }
    let mut held = HELD.lock();
    let dir = held.upgrade().unwrap_or_else(|| Arc::new(RunDir(())));
    *held = Arc::downgrade(&dir);
    drop(held);
    make()?;
    Ok(Some(dir))
}

/// Makes the directory. It may vanish under the next one who binds, with the last one before: then it is made once more.
pub(super) fn make() -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix directories have a mode"))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path()) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
