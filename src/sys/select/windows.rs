//! A set of Winsock: a counted list of sockets.

use windows_sys::Win32::Networking::WinSock as ws;

use super::*;

/// Sockets in one set at most.
const MOST: usize = 1_024;

/// An `fd_set` as winsock2.h makes it where a program defines FD_SETSIZE.
#[derive(Clone)]
#[repr(C)]
struct Raw {
    count: u32,
    array: [ws::SOCKET; MOST],
}

/// See the module.
#[derive(Clone)]
pub struct FdSet {
    raw: Box<Raw>,
    /// What was asked for: Winsock overwrites the list.
    asked: Vec<ws::SOCKET>,
}

pub(super) fn admits(fd: RawFd, others: usize) -> io::Result<()> {
    if others < MOST {
        return Ok(());
    }
    Err(io::Error::other(format!("select cannot watch socket {fd}: its set holds {MOST} sockets (FD_SETSIZE)")))
}

impl FdSet {
    pub(super) fn put(&mut self, fd: RawFd) {
        if let Some(slot) = self.raw.array.get_mut(self.raw.count as usize) {
            *slot = fd as ws::SOCKET;
            self.raw.count += 1;
            self.asked.push(fd as ws::SOCKET);
        }
    }

    pub(super) fn asked(&self) -> impl Iterator<Item = RawFd> + '_ {
        self.asked.iter().map(|socket| *socket as RawFd)
    }

    pub(super) fn was_asked(&self, fd: RawFd) -> bool {
        self.asked.contains(&(fd as ws::SOCKET))
    }

    pub(super) fn has(&self, fd: RawFd) -> bool {
        self.sockets().binary_search(&(fd as ws::SOCKET)).is_ok()
    }

    pub(super) fn clear(&mut self) {
        self.raw.count = 0;
        self.asked.clear();
    }

    fn sockets(&self) -> &[ws::SOCKET] {
        &self.raw.array[..(self.raw.count as usize).min(MOST)]
    }

    /// When the time was over the lists may be as they were. `FD_ISSET` searches them from the start for each socket; in
    /// order it is found faster.
    fn take_answer(&mut self, n: i32) {
        if n == 0 {
            self.raw.count = 0;
        }
        let count = (self.raw.count as usize).min(MOST);
        self.raw.array[..count].sort_unstable();
    }
}

impl Default for FdSet {
    fn default() -> Self {
        Self { raw: Box::new(Raw { count: 0, array: [0; MOST] }), asked: Vec::new() }
    }
}

impl std::fmt::Debug for FdSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.sockets()).finish()
    }
}

pub(super) fn nfds(sets: &Sets) -> i64 {
    [&sets.read, &sets.write, &sets.urgent].iter().map(|set| i64::from(set.raw.count)).sum()
}

pub(super) fn wait(sets: &mut Sets, limit: Option<Duration>) -> io::Result<usize> {
    let time = limit.map(|limit| {
        let (seconds, micros) = split(limit);
        ws::TIMEVAL { tv_sec: seconds as i32, tv_usec: micros as i32 }
    });
    let time = time.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // An empty set is passed as none at all; at least one must hold a socket (select: WSAEINVAL).
    let raw = |set: &mut FdSet| if set.raw.count == 0 { std::ptr::null_mut() } else { (&raw mut *set.raw).cast::<ws::FD_SET>() };
    let Sets { read, write, urgent } = &mut *sets;
    // SAFETY: each set is a count and at least as many sockets, which is all that Winsock looks at; they and the time live
    // through the call.
    let n = unsafe { ws::select(0, raw(read), raw(write), raw(urgent), time) };
    let error = super::super::last_socket_error();
    match n {
        0.. => {
            for set in [&mut sets.read, &mut sets.write, &mut sets.urgent] {
                set.take_answer(n);
            }
            Ok(n as usize)
        }
        // `Sock::cancel` of another thread ends what waits on the socket (see `poll`).
        _ if error.raw_os_error() == Some(ws::WSA_OPERATION_ABORTED) => Err(io::ErrorKind::Interrupted.into()),
        _ => Err(error),
    }
}
