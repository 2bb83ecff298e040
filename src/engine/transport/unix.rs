//! Unix sockets (unix(7)) and their files: a stale file is replaced, a live one and anything else is never touched.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
#[cfg(all(unix, not(target_os = "linux")))]
use std::sync::atomic::{AtomicU64, Ordering};

use crate::engine::{Cause, Failure};
use crate::lab::{Address, PATH_MAX};
use crate::sys::{Domain, Kind, Sock, SockAddr, errno_name, fmt_addr, unlink};
use crate::trace::{Call, Lane};

use super::run_dir::{self, RunDir};
use super::{Bound, Obstacle, Opened};

/// The socket address of a path; a leading `@` is a name in Linux's abstract name space.
pub(super) fn sock_addr(path: &str) -> Result<SockAddr, Failure> {
    let refuse = |cause| Obstacle::because(Call::Bind, path, io::ErrorKind::InvalidInput, cause).into();
    if path.len() > PATH_MAX {
        return Err(refuse(Cause::PathTooLong));
    }
    let name = match path.strip_prefix('@') {
        Some(_) if !cfg!(target_os = "linux") => {
            return Err(refuse(Cause::NotAvailable("abstract socket names exist on Linux only".into())));
        }
        Some(name) => format!("\0{name}"),
        None => path.to_owned(),
    };
    SockAddr::unix(&name).map_err(|_| refuse(Cause::PathTooLong))
}

/// Bound, and listening if there is a backlog.
pub(super) fn bind(lane: &Lane, kind: Kind, addr: &SockAddr, address: &Address, backlog: Option<u32>) -> Result<Bound, Obstacle> {
    let endpoint = address.to_string();
    let sock = super::open(lane, Domain::Unix, kind, &endpoint)?;
    let (file, replaced) = bind_file(lane, &sock, kind, addr, &endpoint)?;
    if let Some(backlog) = backlog {
        // A failure drops `file`, which removes it.
        super::listen(lane, &sock, backlog, &endpoint)?;
    }
    super::bound(sock, &endpoint, file, replaced)
}

/// For one connection. A datagram client must have a name, or its server could not answer.
pub(super) fn open(lane: &Lane, kind: Kind, local: Option<&SockAddr>) -> Result<Opened, Obstacle> {
    let endpoint = local.map_or_else(|| "unnamed".to_owned(), fmt_addr);
    let sock = super::open(lane, Domain::Unix, kind, &endpoint)?;
    let file = match (local, kind) {
        (Some(local), Kind::Stream | Kind::Dgram) => bind_file(lane, &sock, kind, local, &endpoint)?.0,
        (None, Kind::Dgram) => name_it(lane, &sock, &endpoint)?,
        (None, Kind::Stream) => None,
    };
    Ok(Opened { sock, file })
}

/// Autobind: `bind` with only the family lets Linux choose an abstract name (unix(7)).
#[cfg(target_os = "linux")]
fn name_it(lane: &Lane, sock: &Sock, endpoint: &str) -> Result<Option<SocketFile>, Obstacle> {
    let bound = SockAddr::unix("").and_then(|family_alone| sock.bind(lane, &family_alone));
    bound.map(|()| None).map_err(|error| Obstacle::new(Call::Bind, endpoint, error))
}

/// Without autobind a fresh file of our own.
#[cfg(all(unix, not(target_os = "linux")))]
fn name_it(lane: &Lane, sock: &Sock, _endpoint: &str) -> Result<Option<SocketFile>, Obstacle> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("socketlab-{}-{number}.sock", std::process::id()));
    let path = path.display().to_string();
    let addr = SockAddr::unix(&path).map_err(|_| Obstacle::because(Call::Bind, &path, io::ErrorKind::InvalidInput, Cause::PathTooLong))?;
    Ok(bind_file(lane, sock, Kind::Dgram, &addr, &path)?.0)
}

/// Windows has no Unix datagram sockets; `check` said so before anybody came here.
#[cfg(windows)]
fn name_it(_lane: &Lane, _sock: &Sock, endpoint: &str) -> Result<Option<SocketFile>, Obstacle> {
    let cause = Cause::NotAvailable("Windows has no Unix datagram sockets".into());
    Err(Obstacle::because(Call::Bind, endpoint, io::ErrorKind::Unsupported, cause))
}

/// `bind`, and once more after removing the file of a dead server. Answers the file made, and whether one was replaced.
fn bind_file(lane: &Lane, sock: &Sock, kind: Kind, addr: &SockAddr, endpoint: &str) -> Result<(Option<SocketFile>, bool), Obstacle> {
    let path = (!endpoint.starts_with('@')).then(|| PathBuf::from(endpoint));
    let home = path.as_deref().map(run_dir::enter).transpose().map_err(|error| Obstacle::new(Call::Bind, endpoint, error))?.flatten();
    let made = |replaced| (path.as_deref().and_then(|path| SocketFile::just_made(path, home.clone())), replaced);
    let mut bound = sock.bind(lane, addr);
    if home.is_some() && bound.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        bound = run_dir::make().and_then(|()| sock.bind(lane, addr));
    }
    let error = match bound {
        Ok(()) => return Ok(made(false)),
        Err(error) => error,
    };
    let Some(path) = path.as_deref().filter(|_| errno_name(&error) == Some("EADDRINUSE")) else {
        return Err(Obstacle::new(Call::Bind, endpoint, error));
    };
    remove_stale(lane, kind, addr, path, endpoint)?;
    sock.bind(lane, addr).map_err(|error| Obstacle::new(Call::Bind, endpoint, error))?;
    Ok(made(true))
}

/// Removes the file at `path` if it is the socket of a server that is gone: `connect` answers `ECONNREFUSED` (unix(7)).
/// Any other answer means that somebody is there: also `EAGAIN` (backlog full), `EPROTOTYPE` (other kind), `EACCES`.
fn remove_stale(lane: &Lane, kind: Kind, addr: &SockAddr, path: &Path, endpoint: &str) -> Result<(), Obstacle> {
    // What `bind` said, and why it stays so.
    let live = || Obstacle::because(Call::Bind, endpoint, io::ErrorKind::AddrInUse, Cause::LiveSocketFile).with_errno("EADDRINUSE");
    let Some(found) = Identity::of(path) else {
        // Gone since `bind` met it: nothing to remove.
        return match std::fs::symlink_metadata(path) {
            Ok(_) => Err(Obstacle::because(Call::Bind, endpoint, io::ErrorKind::AlreadyExists, Cause::NotASocket)),
            Err(_) => Ok(()),
        };
    };
    let caller = super::open(lane, Domain::Unix, kind, endpoint)?;
    // A blocking connect would wait while the backlog is full. On Windows a non-blocking one never tells at once, and a
    // blocking one never waits.
    if cfg!(unix) {
        caller.set_nonblocking(lane, true).map_err(|error| Obstacle::new(Call::Fcntl, endpoint, error))?;
    }
    let answer = caller.connect(lane, addr);
    caller.close(lane);
    match answer {
        Err(error) if errno_name(&error) == Some("ECONNREFUSED") => {}
        Ok(()) | Err(_) => return Err(live()),
    }
    // Somebody may have bound the path between the question and now.
    if Identity::of(path).as_ref() != Some(&found) {
        return Err(live());
    }
    match unlink(lane, path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Obstacle::new(Call::Unlink, endpoint, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A socket file we made. It is removed when this is removed or dropped, and only if it is still the very one: another
/// server may have put its own in that place since.
#[derive(Debug)]
pub(in crate::engine) struct SocketFile {
    path: PathBuf,
    pub(super) made: Identity,
    /// Dropped after the file was removed.
    _home: Option<Arc<RunDir>>,
}

impl SocketFile {
    fn just_made(path: &Path, home: Option<Arc<RunDir>>) -> Option<Self> {
        Identity::of(path).map(|made| Self { path: path.to_owned(), made, _home: home })
    }

    /// Removes it now, in sight of the tap.
    pub fn remove(self, lane: &Lane) {
        if self.is_ours() {
            let _somebody_removed_it = unlink(lane, &self.path);
        }
        // Dropping looks again, and finds it gone.
    }

    /// Whether it is still at its path.
    pub fn is_there(&self) -> bool {
        self.is_ours()
    }

    fn is_ours(&self) -> bool {
        Identity::of(&self.path).is_some_and(|now| now == self.made)
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if self.is_ours() {
            let _somebody_removed_it = std::fs::remove_file(&self.path);
        }
    }
}

/// Tells one socket file from another at the same path: device, inode and, because file systems give a freed inode number to
/// the next file, the moment it was made (a socket's mtime never moves by itself). On Windows that moment alone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity(pub(super) [i64; 4]);

impl Identity {
    /// Of the socket at `path`, not following links; `None` if there is none or it is something else.
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let meta = std::fs::symlink_metadata(path).ok()?;
        meta.file_type().is_socket().then(|| Self([meta.dev().cast_signed(), meta.ino().cast_signed(), meta.mtime(), meta.mtime_nsec()]))
    }

    /// Windows keeps a Unix socket as a reparse point that is neither link nor directory.
    #[cfg(windows)]
    pub(super) fn of(path: &Path) -> Option<Self> {
        use std::os::windows::fs::MetadataExt;
        const FILE_ATTRIBUTE_REPARSE_POINT: u32 = 0x400;
        let meta = std::fs::symlink_metadata(path).ok()?;
        let kind = meta.file_type();
        let socket = meta.file_attributes() & FILE_ATTRIBUTE_REPARSE_POINT != 0 && !kind.is_symlink() && !kind.is_dir();
        socket.then(|| Self([meta.creation_time().cast_signed(), 0, 0, 0]))
    }
}
