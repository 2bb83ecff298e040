//! Calls as a POSIX transcript: the line of each as the tap words it, with the lane where there are several, and with the error in
//! words. Order is the caller's.

use std::fmt::Write as _;

use crate::trace::CallRecord;

/// See the module.
pub(super) fn of(records: &[CallRecord]) -> String {
    let is_one_lane = records.windows(2).all(|two| two[0].lane == two[1].lane);
    let mut text = String::new();
    for record in records {
        // Writing to a String never fails.
        if !is_one_lane {
            let _ok = write!(text, "[{:>3}] ", record.lane);
        }
        let answered = record.answered().to_string();
        let words = meaning(&answered).map(|words| format!(" ({words})")).unwrap_or_default();
        let _ok = writeln!(text, "{} = {answered}{words} <{}>", record.asked(), record.took());
    }
    text
}

/// What POSIX calls the error (`<errno.h>`, the words of glibc's `strerror`).
fn meaning(answered: &str) -> Option<&'static str> {
    let name = answered.strip_prefix("-1 ")?.split(' ').next()?;
    Some(match name {
        "EAGAIN" => "Resource temporarily unavailable",
        "EINPROGRESS" => "Operation now in progress",
        "EINTR" => "Interrupted system call",
        "ECONNREFUSED" => "Connection refused",
        "ECONNRESET" => "Connection reset by peer",
        "ECONNABORTED" => "Software caused connection abort",
        "EPIPE" => "Broken pipe",
        "ETIMEDOUT" => "Connection timed out",
        "EADDRINUSE" => "Address already in use",
        "EADDRNOTAVAIL" => "Cannot assign requested address",
        "EACCES" => "Permission denied",
        "ENOENT" => "No such file or directory",
        "EMFILE" => "Too many open files",
        "EMSGSIZE" => "Message too long",
        "ENOTCONN" => "Transport endpoint is not connected",
        "ENETUNREACH" => "Network is unreachable",
        "EHOSTUNREACH" => "No route to host",
        "EINVAL" => "Invalid argument",
        "EBADF" => "Bad file descriptor",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::of as calls;
    use super::*;
    use crate::trace::{Call, Place};

    fn record(lane: u32, call: Call, fd: i64, args: [i64; 2], result: i64) -> CallRecord {
        let at = Place::caller();
        CallRecord { lane, call, fd, args, result, count: 1, at, start_ns: 0, took_ns: 12_345, bytes: 0, errno: 0, again: false }
    }

    #[test]
    fn a_transcript_reads_like_strace() {
        let socket = record(1, Call::Socket, -1, [0; 2], 3);
        let listen = record(1, Call::Listen, 3, [128, 0], 0);
        // Windows has other numbers, and EAGAIN is told by its mark everywhere.
        let again = CallRecord { errno: -1, again: true, count: 312, ..record(1, Call::Recv, 7, [65_536, 0], 0) };
        let one = calls(&[socket, listen, again]);
        let expected = "socket() = 3 <0.000012>\nlisten(3, 128) = 0 <0.000012>\n\
                        recv(7, 65536) = -1 EAGAIN ×312 (Resource temporarily unavailable) <0.000012>\n";
        assert_eq!(one, expected);
        let two = calls(&[socket, record(12, Call::Recv, 7, [100, 0], 5)]);
        assert_eq!(two, "[  1] socket() = 3 <0.000012>\n[ 12] recv(7, 100) = 5 <0.000012>\n");
        assert_eq!(calls(&[]), "");
    }
}
