//! A finished call as one line of text, the way `strace -T` writes it.

use std::fmt::{self, Display, Formatter};

use super::{Call, CallRecord, errno_name};

impl CallRecord {
    /// The whole line: `recv(17, 65536) = 64 <0.000012>`.
    pub fn to_line(&self) -> String {
        format!("{} = {} <{}>", self.asked(), self.answered(), self.took())
    }

    /// The call with its arguments: `epoll_ctl(5, ADD, 17, IN)`.
    pub fn asked(&self) -> impl Display {
        Words(*self, asked)
    }

    /// Its result: `64`, or `-1 EAGAIN`, or `-1 EAGAIN ×312` for many in a row.
    pub fn answered(&self) -> impl Display {
        Words(*self, answered)
    }

    /// How long it took, in seconds: `0.000012`.
    pub fn took(&self) -> impl Display {
        Words(*self, |call, f| write!(f, "{}.{:06}", call.took_ns / 1_000_000_000, call.took_ns / 1_000 % 1_000_000))
    }

    /// Whether it is about this descriptor: called on it, names it in its arguments, or made it.
    pub fn touches(&self, fd: i64) -> bool {
        let made = self.errno == 0 && self.result == fd;
        fd >= 0
            && (self.fd == fd
                || match self.call {
                    Call::EpollCtl => self.args[1] == fd,
                    Call::Kevent => self.args[0] > 0 && self.args[1] == fd,
                    Call::Accept | Call::Socket | Call::EpollCreate | Call::Kqueue | Call::IoUringSetup => made,
                    _ => false,
                })
    }

    /// Calls these words stand for.
    pub(super) fn calls_in(words: &super::record::Words) -> u64 {
        words[super::record::MOVED] & u64::from(u32::MAX)
    }
}

struct Words(CallRecord, fn(&CallRecord, &mut Formatter<'_>) -> fmt::Result);

impl Display for Words {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.1(&self.0, f)
    }
}

fn asked(record: &CallRecord, f: &mut Formatter<'_>) -> fmt::Result {
    let [a, b] = record.args;
    write!(f, "{}(", record.call.name())?;
    if record.count > 1 && record.fd < 0 {
        // Calls on several descriptors.
        return f.write_str("…)");
    }
    let fd = record.fd;
    match record.call {
        Call::Recv | Call::RecvFrom | Call::Send | Call::SendTo | Call::Listen => write!(f, "{fd}, {a}"),
        Call::Shutdown => write!(f, "{fd}, {}", ["SHUT_RD", "SHUT_WR", "SHUT_RDWR"].get(a as usize).unwrap_or(&"?")),
        Call::Fcntl => write!(f, "{fd}, {}", if a != 0 { "O_NONBLOCK" } else { "~O_NONBLOCK" }),
        Call::Poll => write!(f, "{a} fds, {b}"),
        Call::Select => write!(f, "{a}, {b}"),
        Call::Sleep if a >= 0 => write!(f, "{a} µs"),
        Call::EpollCtl => {
            let ctl = ["ADD", "DEL", "MOD"].get(((a & 0xff) as usize).wrapping_sub(1)).unwrap_or(&"?");
            write!(f, "{fd}, {ctl}, {b}")?;
            let events = (a >> 8) as u32;
            if events != 0 { write!(f, ", {}", EpollEvents(events)) } else { Ok(()) }
        }
        Call::EpollWait => write!(f, "{fd}, {a}, {b}"),
        Call::Kevent if a > 0 => write!(f, "{fd}, change {b}"),
        Call::Kevent => write!(f, "{fd}, {b}"),
        _ if fd >= 0 => write!(f, "{fd}"),
        _ => Ok(()),
    }?;
    f.write_str(")")
}

fn answered(record: &CallRecord, f: &mut Formatter<'_>) -> fmt::Result {
    match record.errno {
        0 => write!(f, "{}", record.result)?,
        errno => match errno_name(errno) {
            Some(name) => write!(f, "-1 {name}")?,
            None if record.again => f.write_str("-1 EAGAIN")?,
            None if errno > 0 => write!(f, "-1 errno {errno}")?,
            None => f.write_str("-1")?,
        },
    }
    if record.count > 1 { write!(f, " ×{}", record.count) } else { Ok(()) }
}

/// The bits of `epoll_event.events`, without their prefix (epoll_ctl(2); the numbers are Linux' ABI, sys/epoll.h).
struct EpollEvents(u32);

impl Display for EpollEvents {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const NAMES: [(u32, &str); 8] = [
            (0x1, "IN"),
            (0x2, "PRI"),
            (0x4, "OUT"),
            (0x8, "ERR"),
            (0x10, "HUP"),
            (0x2000, "RDHUP"),
            (1 << 28, "EXCLUSIVE"),
            (1 << 31, "ET"),
        ];
        let mut rest = self.0;
        let mut bar = "";
        for (bit, name) in NAMES.into_iter().chain([(1 << 30, "ONESHOT")]) {
            if self.0 & bit != 0 {
                write!(f, "{bar}{name}")?;
                (rest, bar) = (rest & !bit, "|");
            }
        }
        if rest != 0 { write!(f, "{bar}{rest:#x}") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Place;

    fn record(call: Call, fd: i64, args: [i64; 2], result: i64) -> CallRecord {
        let at = Place::caller();
        CallRecord { lane: 0, call, fd, args, result, count: 1, at, start_ns: 0, took_ns: 12_345, bytes: 0, errno: 0, again: false }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn lines_read_like_strace() {
        let lines = [
            (record(Call::Recv, 17, [65_536, 0], 64), "recv(17, 65536) = 64"),
            (record(Call::Accept, 3, [0; 2], 17), "accept4(3) = 17"),
            (record(Call::EpollCtl, 5, [1 | 0x2001 << 8, 17], 0), "epoll_ctl(5, ADD, 17, IN|RDHUP) = 0"),
            (record(Call::EpollCtl, 5, [3 | 0x8000_0005 << 8, 17], 0), "epoll_ctl(5, MOD, 17, IN|OUT|ET) = 0"),
            (record(Call::EpollCtl, 5, [2, 17], 0), "epoll_ctl(5, DEL, 17) = 0"),
            (record(Call::EpollWait, 5, [256, -1], 2), "epoll_wait(5, 256, -1) = 2"),
            (record(Call::Poll, -1, [12, -1], 1), "poll(12 fds, -1) = 1"),
            (CallRecord { errno: libc::EINPROGRESS, ..record(Call::Connect, 9, [0; 2], 0) }, "connect(9) = -1 EINPROGRESS"),
            (record(Call::Shutdown, 9, [1, 0], 0), "shutdown(9, SHUT_WR) = 0"),
            (record(Call::Socket, -1, [0; 2], 7), "socket() = 7"),
        ];
        for (record, line) in lines {
            assert_eq!(record.to_line(), format!("{line} <0.000012>"));
        }
        let many = CallRecord { errno: libc::EAGAIN, again: true, count: 312, took_ns: 2_000_001_000, ..record(Call::Recv, -1, [9, 0], 0) };
        assert_eq!(many.to_line(), "recv(…) = -1 EAGAIN ×312 <2.000001>");
        assert_eq!(CallRecord { fd: 17, ..many }.to_line(), "recv(17, 9) = -1 EAGAIN ×312 <2.000001>");
    }

    #[test]
    fn a_filter_by_descriptor_finds_also_those_that_name_or_make_it() {
        let on = |call, fd, args, result| record(call, fd, args, result).touches(17);
        assert!(on(Call::Recv, 17, [0; 2], 5) && on(Call::EpollCtl, 5, [1, 17], 0) && on(Call::Accept, 3, [0; 2], 17));
        assert!(!on(Call::Recv, 5, [17, 0], 17) && !on(Call::Kevent, 5, [0, 17], 0) && on(Call::Kevent, 5, [1, 17], 0));
        assert!(!CallRecord { errno: 11, ..record(Call::Accept, 3, [0; 2], 17) }.touches(17));
    }
}
