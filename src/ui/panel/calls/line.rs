//! A finished call in one line, as strace(1) writes it. The one place that decides how.

use crate::trace::{Call, CallRecord};

/// `recv(33, …, 4096)`: the call and what it was given.
pub fn call(record: &CallRecord) -> String {
    let name = record.call.name();
    let fd = record.fd;
    let [a, b] = record.args;
    match record.call {
        Call::Recv | Call::RecvFrom | Call::Send | Call::SendTo => format!("{name}({fd}, …, {a})"),
        Call::Listen => format!("{name}({fd}, {a})"),
        Call::EpollWait => format!("{name}({fd}, …, {a}, {b})"),
        Call::EpollCtl => format!("{name}({fd}, …, {b})"),
        Call::Poll | Call::Select => format!("{name}(…, {a}, {b})"),
        Call::Accept | Call::Connect | Call::Bind | Call::GetSockOpt | Call::SetSockOpt | Call::Fcntl => format!("{name}({fd}, …)"),
        Call::Shutdown | Call::Close | Call::Kevent | Call::SigWait | Call::IoUringEnter | Call::Completion | Call::Await if fd >= 0 => {
            format!("{name}({fd})")
        }
        Call::Shutdown
        | Call::Close
        | Call::Kevent
        | Call::SigWait
        | Call::IoUringEnter
        | Call::Completion
        | Call::Await
        | Call::Socket
        | Call::EpollCreate
        | Call::Kqueue
        | Call::GetAddrInfo
        | Call::Unlink
        | Call::IoUringSetup
        | Call::Sleep
        | Call::Spawn
        | Call::WaitPid
        | Call::CondWait => format!("{name}()"),
    }
}

/// `64`, `−1 EAGAIN`: what it answered.
pub fn result(record: &CallRecord) -> String {
    match errno(record) {
        None => match record.bytes {
            0 => record.result.to_string(),
            n => n.to_string(),
        },
        Some(name) => format!("−1 {name}"),
    }
}

/// Whether it is about this descriptor: called on it, or names it in its arguments.
pub fn touches(record: &CallRecord, fd: i64) -> bool {
    record.fd == fd
        || record.call == Call::EpollCtl && record.args[1] == fd
        || record.call == Call::Accept && record.errno == 0 && record.result == fd
}

/// When it came back.
pub fn end(record: &CallRecord) -> u64 {
    record.start_ns.saturating_add(record.took_ns)
}

/// The error by name.
pub fn errno(record: &CallRecord) -> Option<String> {
    if record.errno == 0 {
        return None;
    }
    let error = std::io::Error::from_raw_os_error(record.errno);
    let name = crate::engine::Failure::new(crate::engine::Operation::Receive, "", &error).errno;
    Some(name.map_or_else(|| format!("errno {}", record.errno), str::to_owned))
}

/// `recv(33, …, 4096) = 64 <62 µs>`, for texts.
pub fn whole(record: &CallRecord) -> String {
    let times = if record.count > 1 { format!(" ×{}", record.count) } else { String::new() };
    format!("{} = {}{times} <{}>", call(record), result(record), took(record.took_ns))
}

/// How long, short and exact enough for a table: `0.4 µs`, `62 µs`, `1.24 ms`, `3.20 s`.
pub fn took(ns: u64) -> String {
    let us = ns as f64 / 1e3;
    match us {
        us if us < 9.95 => format!("{us:.1} µs"),
        us if us < 999.5 => format!("{us:.0} µs"),
        us if us < 9_995.0 => format!("{:.2} ms", us / 1e3),
        us if us < 999_500.0 => format!("{:.0} ms", us / 1e3),
        us => format!("{:.2} s", us / 1e6),
    }
}

/// A moment since start with microseconds: `04:12.118 206`.
pub fn clock(ns: u64) -> String {
    let (us, secs) = (ns / 1_000 % 1_000_000, ns / 1_000_000_000);
    let (h, m, s) = (secs / 3_600, secs / 60 % 60, secs % 60);
    let short = format!("{m:02}:{s:02}.{:03} {:03}", us / 1_000, us % 1_000);
    if h > 0 { format!("{h}:{short}") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panel::timeline::fake::{eagain, record};

    #[test]
    fn lines_read_like_strace() {
        let recv = CallRecord { args: [4_096, 0], bytes: 64, ..record(0, Call::Recv, 33, 0, 62_000) };
        assert_eq!(whole(&recv), "recv(33, …, 4096) = 64 <62 µs>");
        let again = CallRecord { errno: eagain(), again: true, count: 7, bytes: 0, ..recv };
        assert_eq!(whole(&again), "recv(33, …, 4096) = −1 EAGAIN ×7 <62 µs>");
        let socket = CallRecord { result: 12, ..record(0, Call::Socket, -1, 0, 3_400) };
        assert_eq!(whole(&socket), "socket() = 12 <3.4 µs>");
        assert_eq!([400, 62_000, 1_240_000, 40_000_000, 3_200_000_000].map(took), ["0.4 µs", "62 µs", "1.24 ms", "40 ms", "3.20 s"]);
        assert_eq!(clock(252_118_206_000), "04:12.118 206");
    }
}
