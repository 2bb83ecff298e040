//! How the connect of a client's connection goes: whether it succeeded, and how often it had to be asked for again. Only what
//! its driver does itself; the kernel's retries of a SYN are the probe's to find. And for a server how many have come so far.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Board, Conn};

impl Conn {
    /// Clients: when its connect had succeeded.
    pub fn connected_at(&self) -> Option<Duration> {
        (self.connected_ns != 0).then_some(Duration::from_nanos(self.connected_ns))
    }

    /// Clients: how often its connect was asked for again. The kernel's own retries of a SYN are not among them.
    pub fn retries(&self) -> u32 {
        self.retries.load(Ordering::Relaxed)
    }

    /// Clients: when it is asked for again, if that is known.
    pub fn next_try(&self) -> Option<Duration> {
        let at = self.next_try_ns.load(Ordering::Relaxed);
        (at != 0).then_some(Duration::from_nanos(at))
    }
}

impl Board {
    /// Connections that were accepted, also those that were turned away at once. Cheaper than all totals.
    pub fn accepted(&self) -> u64 {
        let conns = self.conns.lock();
        conns.folded.opened + conns.folded.refused
    }

    /// The other side was full: its connect is asked for again after so long.
    pub fn asks_again(&self, conn: &Conn, after: Duration) {
        conn.next_try_ns.store(self.now_ns() + after.as_nanos() as u64, Ordering::Relaxed);
    }

    /// Its connect is asked for again now.
    pub fn asked_again(&self, conn: &Conn) {
        conn.next_try_ns.store(0, Ordering::Relaxed);
        conn.retries.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::trace::ConnStage;

    #[test]
    fn an_open_connection_remembers_how_often_it_was_asked_for() {
        let board = Board::new(Instant::now());
        let conn = board.add(5, "a", "b", ConnStage::Connecting);
        assert_eq!((conn.retries(), conn.next_try(), conn.connected_at()), (0, None, None));
        board.asks_again(&conn, Duration::from_secs(1));
        assert!(conn.next_try().is_some_and(|at| at >= Duration::from_secs(1)));
        board.asked_again(&conn);
        let open = board.opened(&conn, "a");
        assert_eq!((open.retries(), open.next_try()), (1, None));
        assert!(open.connected_at().is_some_and(|at| at.as_nanos() as u64 >= open.opened_ns));
    }
}
