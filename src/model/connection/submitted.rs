//! A connection whose bytes the kernel moves by itself: what is handed over, and what comes back.

use std::io;

use super::super::ServerRun;
use super::super::desk::{end_of, is_passing};
use super::Connection;
use crate::trace::{Call, Lane};

impl Connection {
    /// Of this buffer, how many bytes the next `recv` may bring.
    pub fn most(&self, buf: &mut [u8]) -> usize {
        self.served.most(buf).len()
    }

    /// The connection is over or failed, as whoever does not receive was told. `false` when `recv` is to say which it is; a
    /// service that never reads learns it in another way.
    #[track_caller]
    pub fn hung_up(&mut self, lane: &Lane) -> bool {
        if self.served.never_reads() {
            self.ask_why(lane);
        }
        self.served.never_reads()
    }

    /// What is to be sent next. It comes back with [`sent`](Self::sent), and nothing else is taken out before.
    pub fn take_out(&mut self) -> Option<Vec<u8>> {
        if self.under_way > 0 || self.out.is_empty() || !self.has_pen || self.is_over() || self.rests() {
            return None;
        }
        let piece = self.served.wire().piece().unwrap_or(usize::MAX);
        let rest = if piece < self.out.len() { self.out.split_off(piece) } else { Vec::new() };
        self.under_way = self.out.len();
        Some(std::mem::replace(&mut self.out, rest))
    }

    /// The kernel sent so many of `bytes[from..]`; what is left to send of them, and from where.
    #[track_caller]
    pub fn sent(
        &mut self,
        lane: &Lane,
        run: &ServerRun,
        mut bytes: Vec<u8>,
        from: usize,
        result: io::Result<usize>,
    ) -> Option<(Vec<u8>, usize)> {
        let done = match result {
            Ok(n) => {
                run.board.sent(&self.link.conn, &bytes[from..from + n]);
                from + n
            }
            Err(error) if is_passing(&error) => from,
            // An operator ended our side while this was on its way.
            Err(_) if self.link.is_local_ended() => bytes.len(),
            Err(error) => {
                self.over.get_or_insert(end_of(Call::Send, error));
                from
            }
        };
        self.under_way = bytes.len() - done;
        if self.under_way > 0 {
            return Some((bytes, done));
        }
        self.rest();
        if self.out.is_empty() {
            // Its memory serves the next answer.
            bytes.clear();
            self.out = bytes;
        }
        self.lay_down(lane, run);
        self.settle(lane, run);
        None
    }
}
