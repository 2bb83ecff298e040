//! The operations that are with the kernel, with the memory that it reads or writes for them. An operation leaves this table
//! only with its last completion, so that its memory outlives it.

use std::os::fd::RawFd as Number;

use io_uring::opcode;
use io_uring::squeue::{Entry, Flags};
use io_uring::types::Fd;
use socket2::SockAddrStorage;

use super::buffers::GROUP;
use crate::sys::RawFd;

/// One operation.
pub(super) struct Op {
    /// The user's name for what it is about.
    pub token: u64,
    pub fd: RawFd,
    pub kind: Kind,
    /// Bytes it was asked to move.
    pub asked: usize,
    /// When it was handed to the kernel; 0 until then.
    pub start_ns: u64,
}

/// What it does, and its memory.
pub(super) enum Kind {
    /// Again and again.
    Accept,
    AcceptOne,
    Recv,
    /// The kernel reads `bytes[from..]`.
    Send {
        bytes: Vec<u8>,
        from: usize,
    },
    RecvFrom(Box<Letter>),
    /// `poll` for the end of the connection, as often as something changes there.
    HangUp,
    /// `poll` for room to send.
    Room,
    Waker,
}

/// What `recvmsg` works with. It points into itself, so it stays in its box.
pub(super) struct Letter {
    pub header: libc::msghdr,
    part: libc::iovec,
    pub from: SockAddrStorage,
    pub buf: Vec<u8>,
}

impl Letter {
    pub fn new(buf: Vec<u8>) -> Box<Self> {
        // SAFETY: integers and null pointers are valid values of both.
        let (header, part) = unsafe { (std::mem::zeroed(), std::mem::zeroed()) };
        let mut this = Box::new(Self { header, part, from: SockAddrStorage::zeroed(), buf });
        this.part = libc::iovec { iov_base: this.buf.as_mut_ptr().cast(), iov_len: this.buf.len() };
        this.header.msg_iov = &raw mut this.part;
        this.header.msg_iovlen = 1;
        this.header.msg_name = (&raw mut this.from).cast();
        this.header.msg_namelen = this.from.size_of();
        this
    }
}

impl Op {
    /// The entry of the submission queue. It points into `self`, whose memory is on the heap and does not move with it.
    pub fn entry(&mut self) -> Entry {
        let fd = Fd(self.fd as Number);
        match &mut self.kind {
            Kind::Accept => opcode::AcceptMulti::new(fd).flags(libc::SOCK_CLOEXEC).build(),
            Kind::AcceptOne => opcode::Accept::new(fd, std::ptr::null_mut(), std::ptr::null_mut()).flags(libc::SOCK_CLOEXEC).build(),
            Kind::Recv => {
                let entry = opcode::Recv::new(fd, std::ptr::null_mut(), self.asked as u32).buf_group(GROUP).build();
                entry.flags(Flags::BUFFER_SELECT)
            }
            Kind::Send { bytes, from } => {
                let rest = &bytes[*from..];
                opcode::Send::new(fd, rest.as_ptr(), rest.len() as u32).flags(libc::MSG_NOSIGNAL).build()
            }
            Kind::RecvFrom(letter) => opcode::RecvMsg::new(fd, &raw mut letter.header).build(),
            // POLLERR and POLLHUP are told whatever one asks for (poll(2)), but so is the peer's FIN (POLLRDHUP), which would end
            // a single poll.
            Kind::HangUp => opcode::PollAdd::new(fd, 0).multi(true).build(),
            Kind::Room => opcode::PollAdd::new(fd, libc::POLLOUT as u32).build(),
            Kind::Waker => opcode::PollAdd::new(fd, libc::POLLIN as u32).build(),
        }
    }

    /// Which operation it is, by the kernel's number (linux/io_uring.h).
    pub fn number(&self) -> i64 {
        let code = match self.kind {
            Kind::Accept | Kind::AcceptOne => opcode::AcceptMulti::CODE,
            Kind::Recv => opcode::Recv::CODE,
            Kind::Send { .. } => opcode::Send::CODE,
            Kind::RecvFrom(_) => opcode::RecvMsg::CODE,
            Kind::HangUp | Kind::Room | Kind::Waker => opcode::PollAdd::CODE,
        };
        code.into()
    }
}

/// The table; a place is used again once its operation has ended.
#[derive(Default)]
pub(super) struct Ops {
    places: Vec<Option<Op>>,
    free: Vec<usize>,
    /// The places of those on each descriptor.
    on: Vec<Vec<usize>>,
}

impl Ops {
    pub fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// The places of those on this descriptor.
    pub fn on(&self, fd: RawFd) -> &[usize] {
        usize::try_from(fd).ok().and_then(|fd| self.on.get(fd)).map_or(&[], Vec::as_slice)
    }

    /// The places of all.
    pub fn all(&self) -> Vec<usize> {
        self.on.iter().flatten().copied().collect()
    }

    /// Keeps it and makes its entry, which bears the number of its place.
    pub fn add(&mut self, mut op: Op) -> (usize, Entry) {
        let entry = op.entry();
        let fd = op.fd as usize;
        let place = self.free.pop().unwrap_or_else(|| {
            self.places.push(None);
            self.places.len() - 1
        });
        self.places[place] = Some(op);
        self.on.resize_with(self.on.len().max(fd + 1), Vec::new);
        self.on[fd].push(place);
        (place, entry.user_data(place as u64))
    }

    pub fn get_mut(&mut self, place: usize) -> Option<&mut Op> {
        self.places.get_mut(place)?.as_mut()
    }

    /// It has ended, or never reached the kernel.
    pub fn remove(&mut self, place: usize) -> Option<Op> {
        let op = self.places.get_mut(place)?.take()?;
        self.free.push(place);
        self.on[op.fd as usize].retain(|there| *there != place);
        Some(op)
    }
}
