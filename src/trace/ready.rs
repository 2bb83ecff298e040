//! What a readiness wait was asked to watch, and what it answered.

use super::Call;

/// Descriptors a ready set names at most; of more, the ready ones before the others, and a count.
pub const READY_NAMED: usize = 64;

/// One wait's question and answer. For `select` these are the bits of its three sets, for `epoll_wait` the list it filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadySet {
    /// The wait.
    pub call: Call,
    /// When it came back, in nanoseconds since the engine started.
    pub at_ns: u64,
    /// Watched descriptors with what was asked and answered, in the order of the call; where the kernel keeps the list
    /// (`epoll`, `kqueue`), only the ready ones.
    pub fds: Vec<ReadyFd>,
    /// Descriptors watched in all; `None` where the kernel keeps the list.
    pub watched: Option<u32>,
    /// Descriptors ready in all.
    pub ready: u32,
}

/// One descriptor of a ready set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadyFd {
    /// Which.
    pub fd: i64,
    /// What was asked for, at this call or, where the kernel keeps the list, when it was last told.
    pub asked: Events,
    /// What was answered.
    pub got: Events,
}

/// Kinds of readiness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// `POLLIN`, the read set.
    pub read: bool,
    /// `POLLOUT`, the write set.
    pub write: bool,
    /// `POLLERR`, `POLLHUP`, the exception set.
    pub error: bool,
}

impl Events {
    /// Whether any is on.
    pub fn any(self) -> bool {
        self.read || self.write || self.error
    }
}

impl ReadySet {
    /// Takes the place of what was here, in the same memory.
    pub(super) fn fill(&mut self, fds: impl Iterator<Item = ReadyFd>) {
        self.fds.clear();
        // Unready ones before this place were all put out.
        let (mut kept, mut seen) = (READY_NAMED, 0);
        for fd in fds {
            let is_ready = fd.got.any();
            seen += u32::from(is_ready);
            if self.fds.len() < READY_NAMED {
                self.fds.push(fd);
            } else if is_ready {
                // The last of the unready gives its place; the order stays.
                let Some(place) = self.fds[..kept].iter().rposition(|named| !named.got.any()) else { break };
                self.fds.remove(place);
                self.fds.push(fd);
                kept = place;
            }
            if self.fds.len() == READY_NAMED && seen >= self.ready {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_very_many_the_ready_ones_are_named_in_order() {
        let on = Events { read: true, ..Events::default() };
        let list = |is_ready: fn(i64) -> bool| {
            (0..5_000).map(move |fd| ReadyFd { fd, asked: on, got: if is_ready(fd) { on } else { Events::default() } })
        };
        let fill = |is_ready: fn(i64) -> bool| {
            let ready = list(is_ready).filter(|fd| fd.got.any()).count() as u32;
            let mut set = ReadySet { call: Call::Poll, at_ns: 0, fds: Vec::new(), watched: Some(5_000), ready };
            set.fill(list(is_ready));
            set.fds
        };
        for is_ready in [(|fd| fd % 700 == 699) as fn(i64) -> bool, |fd| fd % 5 == 0, |_| false, |_| true] {
            let named = fill(is_ready);
            let ready: Vec<i64> = named.iter().filter(|fd| fd.got.any()).map(|fd| fd.fd).collect();
            assert_eq!(named.len(), READY_NAMED);
            assert_eq!(ready, (0..5_000).filter(|fd| is_ready(*fd)).take(READY_NAMED).collect::<Vec<_>>());
            assert!(named.is_sorted_by_key(|fd| fd.fd));
        }
    }
}
