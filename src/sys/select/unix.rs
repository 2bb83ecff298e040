//! A set of Unix: a row of bits, one for each descriptor number.

use super::*;

const BITS: RawFd = libc::FD_SETSIZE as RawFd;
const WORDS: usize = libc::FD_SETSIZE.div_ceil(64);

/// See the module.
#[derive(Clone, Copy)]
pub struct FdSet {
    bits: libc::fd_set,
    /// What was asked for: the kernel overwrites the bits.
    asked: [u64; WORDS],
    /// The highest descriptor in it, −1 for none.
    highest: libc::c_int,
}

pub(super) fn admits(fd: RawFd, _others: usize) -> io::Result<()> {
    let is_in = (0..BITS).contains(&fd);
    if is_in { Ok(()) } else { Err(io::Error::other(format!("select cannot watch descriptor {fd}: FD_SETSIZE is {BITS}"))) }
}

impl FdSet {
    pub(super) fn put(&mut self, fd: RawFd) {
        if admits(fd, 0).is_ok() {
            // SAFETY: the number is one of the set's bits.
            unsafe { libc::FD_SET(fd as libc::c_int, &raw mut self.bits) };
            self.asked[fd as usize / 64] |= 1 << (fd % 64);
            self.highest = self.highest.max(fd as libc::c_int);
        }
    }

    pub(super) fn asked(&self) -> impl Iterator<Item = RawFd> + '_ {
        self.asked.iter().zip(0..).flat_map(|(word, n)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros();
                // The lowest bit goes out.
                rest &= rest.checked_sub(1)?;
                Some(n * 64 + RawFd::from(bit))
            })
        })
    }

    pub(super) fn was_asked(&self, fd: RawFd) -> bool {
        admits(fd, 0).is_ok() && self.asked[fd as usize / 64] & 1 << (fd % 64) != 0
    }

    pub(super) fn has(&self, fd: RawFd) -> bool {
        // SAFETY: the number is one of the set's bits.
        admits(fd, 0).is_ok() && unsafe { libc::FD_ISSET(fd as libc::c_int, &raw const self.bits) }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Default for FdSet {
    fn default() -> Self {
        // SAFETY: `fd_set` is an array of integers; all zero is the empty set (FD_ZERO).
        Self { bits: unsafe { std::mem::zeroed() }, asked: [0; WORDS], highest: -1 }
    }
}

impl std::fmt::Debug for FdSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries((0..=self.highest.into()).filter(|fd| self.has(*fd))).finish()
    }
}

/// The highest descriptor of any set, plus one (select(2)).
pub(super) fn nfds(sets: &Sets) -> i64 {
    i64::from(sets.read.highest.max(sets.write.highest).max(sets.urgent.highest)) + 1
}

pub(super) fn wait(sets: &mut Sets, limit: Option<Duration>) -> io::Result<usize> {
    let mut time = limit.map(|limit| {
        let (seconds, micros) = split(limit);
        libc::timeval { tv_sec: seconds as libc::time_t, tv_usec: micros as libc::suseconds_t }
    });
    let nfds = nfds(sets) as libc::c_int;
    let time = time.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
    let Sets { read, write, urgent } = sets;
    // SAFETY: the sets and the time live through the call, and `nfds` is at most FD_SETSIZE.
    let n = unsafe { libc::select(nfds, &raw mut read.bits, &raw mut write.bits, &raw mut urgent.bits, time) };
    if n >= 0 { Ok(n as usize) } else { Err(super::super::last_socket_error()) }
}
