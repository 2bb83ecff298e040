//! `io_uring(7)`, Linux 5.19 and later: operations are put into a queue shared with the kernel, which carries them out by
//! itself and puts their results into a second one. One call, `io_uring_enter`, hands over many and waits for some.
//!
//! A [`Ring`] owns all memory that the kernel reads or writes. It is given back with the completion and not before; a ring
//! that is dropped calls everything off and waits for the last completion first.

mod buffers;
mod op;
#[cfg(test)]
pub(crate) mod tests;

use std::io;
use std::marker::PhantomData;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use io_uring::squeue::{Entry, Flags};
use io_uring::types::{CancelBuilder, SubmitArgs, Timespec};
use io_uring::{IoUring, cqueue, opcode};

use self::buffers::Buffers;
use self::op::{Kind, Letter, Op, Ops};
use super::{RawFd, Sock, SockAddr, Waker};
use crate::trace::{Call, Got, Lane, TapLevel};

pub use self::buffers::Chunk;

/// Entries of the submission queue; a full one is handed over early.
const ENTRIES: u32 = 256;
/// Entries of the completion queue. More are kept by the kernel (IORING_FEAT_NODROP) until there is room.
const RESULTS: u32 = 4_096;
/// When to call off again what was not found the first time.
const AGAIN: Duration = Duration::from_millis(5);
/// The number that cancellations bear; operations bear their place in the table.
const CANCEL: u64 = u64::MAX;

/// One operation that the kernel has carried out.
#[derive(Debug)]
pub struct Completion {
    /// As it was submitted with.
    pub token: u64,
    /// Which, and how it went.
    pub done: Done,
}

/// Which operation, and how it went.
#[derive(Debug)]
pub enum Done {
    /// A connection. The operation goes on by itself unless it was the `last` one.
    Accept {
        /// The new socket is blocking.
        result: io::Result<(Sock, SockAddr)>,
        /// It must be submitted again.
        last: bool,
    },
    /// Bytes; none are the end of the stream.
    Recv(io::Result<Chunk>),
    /// How many of `bytes[from..]` the kernel took.
    Send {
        /// The memory, given back.
        bytes: Vec<u8>,
        /// Where the operation began.
        from: usize,
        /// How many.
        result: io::Result<usize>,
    },
    /// A datagram in `buf`: its length, its sender, whether it was cut.
    RecvFrom {
        /// The memory, given back.
        buf: Vec<u8>,
        /// Length, sender, cut.
        result: io::Result<(usize, SockAddr, bool)>,
    },
    /// The connection is over in both directions, or failed. Watching goes on unless this was the `last` time.
    HungUp {
        /// Nothing is watched any more.
        last: bool,
    },
    /// There is room to send.
    Room,
    /// The waker was woken.
    Woken,
}

/// See the module. It belongs to the thread that made it (`IORING_SETUP_SINGLE_ISSUER`).
pub struct Ring {
    ring: IoUring,
    ops: Ops,
    buffers: Buffers,
    /// Places of operations that are in the queue and not handed over yet.
    fresh: Vec<usize>,
    /// Descriptors whose operations are being called off.
    called_off: Vec<RawFd>,
    _thread: PhantomData<*const ()>,
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ring(fd {}, {} operations)", self.fd(), self.ops.len())
    }
}

impl Ring {
    /// `io_uring_setup`. Where that is forbidden or missing the error says so in words.
    #[track_caller]
    pub fn new(lane: &Lane) -> io::Result<Self> {
        let ring = lane
            .call(Call::IoUringSetup, -1, [ENTRIES.into(), 0], false, setup, |ring| Got::value(ring.as_raw_fd().into()))
            .map_err(in_words)?;
        let buffers = Buffers::register(&ring).map_err(in_words)?;
        Ok(Self { ring, ops: Ops::default(), buffers, fresh: Vec::new(), called_off: Vec::new(), _thread: PhantomData })
    }

    /// Its own descriptor.
    pub fn fd(&self) -> RawFd {
        self.ring.as_raw_fd().into()
    }

    /// `accept`, again and again until a completion says that it was the last one.
    #[track_caller]
    pub fn accept(&mut self, lane: &Lane, listener: &Sock, token: u64) -> io::Result<()> {
        self.submit_anew(lane, listener, token, Kind::Accept)
    }

    /// `accept` of one connection.
    #[track_caller]
    pub fn accept_one(&mut self, lane: &Lane, listener: &Sock, token: u64) -> io::Result<()> {
        self.submit_anew(lane, listener, token, Kind::AcceptOne)
    }

    /// `recv` of at most this many bytes, into a buffer that the kernel takes when they are there.
    #[track_caller]
    pub fn recv(&mut self, lane: &Lane, sock: &Sock, token: u64, most: usize) -> io::Result<()> {
        self.submit(lane, sock.fd(), token, Kind::Recv, most.min(i32::MAX as usize))
    }

    /// `send` of `bytes[from..]`; the memory comes back with the completion.
    #[track_caller]
    pub fn send(&mut self, lane: &Lane, sock: &Sock, token: u64, bytes: Vec<u8>, from: usize) -> io::Result<()> {
        let asked = bytes.len() - from;
        self.submit(lane, sock.fd(), token, Kind::Send { bytes, from }, asked)
    }

    /// `recvmsg` of one datagram.
    #[track_caller]
    pub fn recv_from(&mut self, lane: &Lane, sock: &Sock, token: u64, buf: Vec<u8>) -> io::Result<()> {
        let asked = buf.len();
        self.submit(lane, sock.fd(), token, Kind::RecvFrom(Letter::new(buf)), asked)
    }

    /// `poll` for whoever does not receive: until the connection is over or failed.
    #[track_caller]
    pub fn watch(&mut self, lane: &Lane, sock: &Sock, token: u64) -> io::Result<()> {
        self.submit(lane, sock.fd(), token, Kind::HangUp, 0)
    }

    /// `poll`, once, until there is room to send.
    #[track_caller]
    pub fn wait_for_room(&mut self, lane: &Lane, sock: &Sock, token: u64) -> io::Result<()> {
        self.submit(lane, sock.fd(), token, Kind::Room, 0)
    }

    /// Watches the waker, once.
    #[track_caller]
    pub fn watch_waker(&mut self, lane: &Lane, waker: &Waker) -> io::Result<()> {
        self.submit(lane, waker.fd(), 0, Kind::Waker, 0)
    }

    /// Calls off every operation on this socket, with the next [`wait`](Self::wait). Each still has its completion.
    pub fn cancel(&mut self, sock: &Sock) {
        self.called_off.push(sock.fd());
    }

    /// `io_uring_enter`: hands over what is in the queue, and sleeps until a result is there or the time is over.
    #[track_caller]
    pub fn wait(&mut self, lane: &Lane, limit: Option<Duration>) -> io::Result<()> {
        let limit = if self.call_off(lane)? { Some(limit.map_or(AGAIN, |limit| limit.min(AGAIN))) } else { limit };
        passing(self.enter(lane, 1, limit))
    }

    /// The next result. Each is recorded from its submission until now.
    #[track_caller]
    pub fn next(&mut self, lane: &Lane) -> Option<Completion> {
        loop {
            let cqe = self.ring.completion().next()?;
            let place = cqe.user_data() as usize;
            let Some(op) = self.ops.get_mut(place) else { continue };
            let (token, waker, result) = (op.token, matches!(op.kind, Kind::Waker), cqe.result());
            // 0: it was handed over when nobody wanted to know.
            if !waker && op.start_ns != 0 {
                let args = [op.number(), op.asked as i64];
                let moves = matches!(op.kind, Kind::Recv | Kind::Send { .. } | Kind::RecvFrom(_));
                let got = if moves { Got::moved(result.max(0) as usize) } else { Got::value(result.into()) };
                lane.completed(Call::Completion, op.fd, args, op.start_ns, if result < 0 { Err(-result) } else { Ok(got) });
            }
            if cqueue::more(cqe.flags()) {
                op.start_ns = clock(lane);
            }
            if let Some(done) = self.done(place, result, cqe.flags()) {
                return Some(Completion { token, done });
            }
        }
    }

    /// The kernel may fill it again.
    pub fn give_back(&mut self, chunk: Chunk) {
        self.buffers.give_back(chunk);
    }

    fn done(&mut self, place: usize, result: i32, flags: u32) -> Option<Done> {
        // A multishot operation stays in the table until its last completion.
        let last = !cqueue::more(flags);
        let kind = match &self.ops.get_mut(place)?.kind {
            Kind::Accept if !last => Kind::Accept,
            Kind::HangUp if !last => Kind::HangUp,
            _ => self.ops.remove(place)?.kind,
        };
        let result = if result < 0 { Err(io::Error::from_raw_os_error(-result)) } else { Ok(result as usize) };
        Some(match kind {
            Kind::Accept | Kind::AcceptOne => Done::Accept { result: result.and_then(accepted), last },
            Kind::Recv => {
                let len = *result.as_ref().unwrap_or(&0);
                let chunk = cqueue::buffer_select(flags).map_or_else(Chunk::default, |id| self.buffers.take(id, len));
                match result {
                    Ok(_) => Done::Recv(Ok(chunk)),
                    Err(error) => {
                        self.buffers.give_back(chunk);
                        Done::Recv(Err(error))
                    }
                }
            }
            Kind::Send { bytes, from } => Done::Send { bytes, from, result },
            Kind::RecvFrom(letter) => {
                let Letter { header, from, buf, .. } = *letter;
                // SAFETY: `recvmsg` wrote an address of `msg_namelen` bytes into the zeroed storage, or none and the length 0.
                let sender = unsafe { SockAddr::new(from, header.msg_namelen) };
                Done::RecvFrom { buf, result: result.map(|n| (n, sender, header.msg_flags & libc::MSG_TRUNC != 0)) }
            }
            Kind::HangUp => {
                let is_over = result.is_ok_and(|events| events as i32 & i32::from(libc::POLLERR | libc::POLLHUP) != 0);
                return (is_over || last).then_some(Done::HungUp { last });
            }
            Kind::Room => Done::Room,
            Kind::Waker => Done::Woken,
        })
    }

    /// The only operation on its socket. One before it may have been called off and have ended just now.
    #[track_caller]
    fn submit_anew(&mut self, lane: &Lane, sock: &Sock, token: u64, kind: Kind) -> io::Result<()> {
        self.called_off.retain(|fd| *fd != sock.fd());
        self.submit(lane, sock.fd(), token, kind, 0)
    }

    #[track_caller]
    fn submit(&mut self, lane: &Lane, fd: RawFd, token: u64, kind: Kind, asked: usize) -> io::Result<()> {
        self.make_room(lane)?;
        let (place, entry) = self.ops.add(Op { token, fd, kind, asked, start_ns: 0 });
        self.fresh.push(place);
        self.push(entry);
        Ok(())
    }

    /// Says whether something is being called off. Once is not always enough: what is just being worked on is not found.
    #[track_caller]
    fn call_off(&mut self, lane: &Lane) -> io::Result<bool> {
        let mut fds = std::mem::take(&mut self.called_off);
        fds.retain(|fd| !self.ops.on(*fd).is_empty());
        for fd in &fds {
            for n in 0..self.ops.on(*fd).len() {
                self.make_room(lane)?;
                self.push(cancellation(self.ops.on(*fd)[n]));
            }
        }
        self.called_off = fds;
        Ok(!self.called_off.is_empty())
    }

    #[track_caller]
    fn make_room(&mut self, lane: &Lane) -> io::Result<()> {
        if self.ring.submission().is_full() { self.enter(lane, 0, None) } else { Ok(()) }
    }

    fn push(&mut self, entry: Entry) {
        // SAFETY: the entry's memory belongs to an operation of `self.ops` (or is none), which stays there until its last
        // completion; `drop` waits for that. The descriptor need not stay open: the kernel holds the file on its own.
        let pushed = unsafe { self.ring.submission().push(&entry) };
        debug_assert!(pushed.is_ok(), "`make_room` was called before");
    }

    #[track_caller]
    fn enter(&mut self, lane: &Lane, least: usize, limit: Option<Duration>) -> io::Result<()> {
        let start_ns = if self.fresh.is_empty() { 0 } else { clock(lane) };
        for place in self.fresh.drain(..) {
            if let Some(op) = self.ops.get_mut(place) {
                op.start_ns = start_ns;
            }
        }
        let args = [self.ring.submission().len() as i64, least as i64];
        let fd = self.fd();
        let op = || {
            match limit {
                None => self.ring.submit_and_wait(least)?,
                Some(limit) => {
                    let time = Timespec::from(limit);
                    self.ring.submitter().submit_with_args(least, &SubmitArgs::new().timespec(&time))?
                }
            };
            Ok(self.ring.completion().len())
        };
        let may_sleep = least > 0 && limit != Some(Duration::ZERO);
        lane.call(Call::IoUringEnter, fd, args, may_sleep, op, |n| Got::value(*n as i64)).map(drop)
    }

    /// Calls everything off and waits until the kernel has let go of all memory.
    fn drain(&mut self) -> io::Result<()> {
        while self.ops.len() > 0 {
            // Again in each round: see `call_off`.
            for place in self.ops.all() {
                if self.ring.submission().is_full() {
                    passing(self.ring.submit())?;
                }
                // A queue that stays full is worked on below.
                if !self.ring.submission().is_full() {
                    self.push(cancellation(place));
                }
            }
            let mut before = usize::MAX;
            while self.ops.len() > 0 && self.ops.len() < before {
                before = self.ops.len();
                passing(self.ring.submitter().submit_with_args(1, &SubmitArgs::new().timespec(&Timespec::from(AGAIN))))?;
                loop {
                    let Some(cqe) = self.ring.completion().next() else { break };
                    // What comes with it (an accepted socket, a buffer) is dropped here.
                    let _late = self.done(cqe.user_data() as usize, cqe.result(), cqe.flags());
                }
            }
        }
        self.buffers.unregister(&self.ring)
    }
}

/// ETIME is the time-out. EBUSY and EAGAIN: results wait for room, they are to be taken first (io_uring_enter(2)).
fn passing<T>(result: io::Result<T>) -> io::Result<()> {
    match result {
        Err(e) if !matches!(e.raw_os_error(), Some(libc::ETIME | libc::EINTR | libc::EBUSY | libc::EAGAIN)) => Err(e),
        Ok(_) | Err(_) => Ok(()),
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        if self.drain().is_err() {
            // The kernel may still use the memory of what is under way: better lost than written to after it was freed.
            std::mem::forget(std::mem::take(&mut self.ops));
            self.buffers.leak();
        }
    }
}

/// Operations are timed only while each is shown.
fn clock(lane: &Lane) -> u64 {
    if lane.tap().level() == TapLevel::Full { lane.tap().now_ns() } else { 0 }
}

/// One thread submits, and completions are worked on when it waits (Linux 6.1); older kernels know less.
fn setup() -> io::Result<IoUring> {
    let best = IoUring::builder().setup_cqsize(RESULTS).setup_single_issuer().setup_defer_taskrun().build(ENTRIES);
    match best {
        Err(e) if e.raw_os_error() == Some(libc::EINVAL) => IoUring::builder().setup_cqsize(RESULTS).build(ENTRIES),
        other => other,
    }
}

/// By its number, which the kernel finds at once; by descriptor it would look through all operations. Not finding it is no error
/// that anybody would have to hear of (`all`, `SKIP_SUCCESS`).
fn cancellation(place: usize) -> Entry {
    opcode::AsyncCancel2::new(CancelBuilder::user_data(place as u64).all()).build().flags(Flags::SKIP_SUCCESS).user_data(CANCEL)
}

fn accepted(fd: usize) -> io::Result<(Sock, SockAddr)> {
    // SAFETY: `accept` made this descriptor for us; nobody else owns it.
    let fd = unsafe { OwnedFd::from_raw_fd(fd as i32) };
    let sock = Sock::from(socket2::Socket::from(fd));
    // Multishot accept tells no address. A peer that has already reset the connection has none any more (getpeername(2)).
    match sock.peer_addr() {
        Ok(peer) => Ok((sock, peer)),
        Err(_) => Err(io::Error::from_raw_os_error(libc::ECONNABORTED)),
    }
}

fn in_words(error: io::Error) -> io::Error {
    let why = match error.raw_os_error() {
        Some(libc::ENOSYS) => "this kernel has no io_uring, or the container's filter hides it",
        Some(libc::EPERM | libc::EACCES) => {
            "io_uring is forbidden here, by the setting kernel.io_uring_disabled or by the filter of a container"
        }
        Some(libc::EINVAL) => "this kernel's io_uring is too old: buffer rings need Linux 5.19",
        _ => return error,
    };
    io::Error::new(io::ErrorKind::Unsupported, why)
}
