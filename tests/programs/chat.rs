//! Two members of a generated chat. Members join on threads of their own: what is read here holds in whatever order these ran.

use std::io;
use std::time::{Duration, Instant};

use super::case::Case;
use super::support::{LIMIT, Peer, serves_only_some};

/// A member, and the part of a line that it has read.
struct Member {
    peer: Peer,
    text: Vec<u8>,
}

impl Member {
    /// The next line, if one comes within `wait`.
    fn line(&mut self, wait: Duration) -> io::Result<Option<String>> {
        self.peer.wait_at_most(wait)?;
        // Byte by byte from a stream, so that the next line stays in the kernel.
        let room = if self.peer.is_stream() { 1 } else { 500 };
        while !self.text.ends_with(b"\n") {
            let mut buffer = [0; 500];
            match self.peer.recv(&mut buffer[..room]) {
                Ok(0) if room == 1 => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(n) => self.text.extend_from_slice(&buffer[..n]),
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(Some(String::from_utf8(std::mem::take(&mut self.text)).unwrap()))
    }

    /// Waits for a line of another member with this at its end. That the other joined may be heard once more before.
    fn hears(&mut self, case: &Case, expected: &str) {
        loop {
            let line = self.line(LIMIT).unwrap_or_else(|error| panic!("{}: {error}, expected '{expected}'", case.name()));
            let line = line.unwrap_or_else(|| panic!("{}: silent, expected '{expected}'", case.name()));
            if line.starts_with('[') && line.ends_with(expected) {
                return;
            }
            assert!(line.starts_with('[') && line.ends_with("] joined\n"), "{}: '{line}', expected '{expected}'", case.name());
        }
    }
}

/// The talk: join, say, be heard, leave.
pub fn chat(case: &Case, first: Peer, connect: impl Fn() -> Peer) {
    if serves_only_some(case.model) && case.model != "thread-pool" {
        return;
    }
    let mut first = Member { peer: first, text: Vec::new() };
    if !case.transport.is_stream() {
        first.peer.send(b"here\n").unwrap();
    }
    let mut second = Member { peer: connect(), text: Vec::new() };
    if case.transport.is_stream() {
        wait_until_one_hears_of_the_other(case, &mut first, &mut second);
        second.peer.send(b"hi ").unwrap();
        second.peer.send(b"all\n").unwrap();
    } else {
        second.peer.send(b"hi all\n").unwrap();
        first.hears(case, "] joined\n");
    }
    first.hears(case, "] hi all\n");
    first.peer.send(b"hello\n").unwrap();
    second.hears(case, "] hello\n");
    second.peer.send(b"quit\n").unwrap();
    first.hears(case, "] left\n");
}

/// A member adds itself to the table and then tells the others. Two that come at the same time may each hear of the other; one of
/// them does so for certain, and then both are in the table.
fn wait_until_one_hears_of_the_other(case: &Case, first: &mut Member, second: &mut Member) {
    let end = Instant::now() + LIMIT;
    while Instant::now() < end {
        for member in [&mut *first, &mut *second] {
            if let Some(line) = member.line(Duration::from_millis(20)).unwrap_or_else(|error| panic!("{}: {error}", case.name())) {
                assert!(line.starts_with('[') && line.ends_with("] joined\n"), "{}: '{line}'", case.name());
                return;
            }
        }
    }
    panic!("{}: neither hears that the other joined", case.name());
}
