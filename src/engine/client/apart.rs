//! UDP to an address that no connection of the client is connected to: another host, a broadcast, a multicast group.
//!
//! It leaves through the socket of the first open connection (`sendto`), and stands on the board as a peer of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::{SendTo, transport};
use crate::sys::{SendFlags, SockAddr, errno_name, fmt_addr};
use crate::trace::{Board, Call, Conn, ConnStage, End};

use super::driver::Driver;
use super::link::Link;
use super::sending::next_due;
use super::timers::Due;

/// Datagrams in one turn of the loop.
const TURN: u32 = 16;
/// The kernel had no room for a datagram.
const PAUSE: Duration = Duration::from_millis(5);

/// What follows a datagram.
enum Next {
    At(Instant),
    Now,
    Over,
}

impl Driver<'_> {
    /// The rounds of the person's schedule that are due now.
    pub fn round_apart(&mut self) {
        for _ in 0..TURN {
            match self.send_apart() {
                Next::Now => {}
                Next::At(due) => return self.again_apart(due),
                Next::Over => return self.end_schedule(),
            }
        }
        self.again_apart(Instant::now());
    }

    /// One datagram, besides any schedule.
    pub fn post_apart(&self, address: &Arc<str>, bytes: &[u8]) {
        let Ok(to) = address.parse::<SocketAddr>().map(SockAddr::from) else { return };
        let Some(link) = self.links.values().find(|link| link.can_send()) else {
            return self.run.board.trouble(Call::SendTo, Arc::clone(address), transport::not_connected());
        };
        match link.sock.send_to(self.lane, bytes, &to, SendFlags::None) {
            Ok(_) => {
                let conn = peer_apart(&self.run.board, link, address);
                self.run.board.sent(&conn, bytes);
                self.run.board.ended(&conn, End::Here);
            }
            Err(error) => self.run.board.trouble(Call::SendTo, Arc::clone(address), error),
        }
    }

    fn again_apart(&mut self, due: Instant) {
        let timer = self.timers.at(due, Due::Round);
        if let Some(schedule) = &mut self.sending.person {
            schedule.timer = Some(timer);
        }
    }

    fn send_apart(&mut self) -> Next {
        let Some(schedule) = &mut self.sending.person else { return Next::Over };
        schedule.timer = None;
        let SendTo::Address(address) = &schedule.to else { return Next::Over };
        let Ok(to) = address.parse::<SocketAddr>().map(SockAddr::from) else { return Next::Over };
        let Some(link) = self.links.values().find(|link| link.can_send()) else {
            if self.somebody_may_come() {
                return Next::At(Instant::now() + PAUSE);
            }
            self.nobody_there();
            return Next::Over;
        };
        let bytes = match schedule.outgoing.payload.render(schedule.done) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.tell_not_made(&error);
                return Next::Over;
            }
        };
        match link.sock.send_to(self.lane, &bytes, &to, SendFlags::None) {
            Ok(_) => {
                let conn = self.sending.apart.take().unwrap_or_else(|| peer_apart(&self.run.board, link, address));
                self.run.board.sent(&conn, &bytes);
                self.sending.apart = Some(conn);
                schedule.tally.taken.set(schedule.tally.taken.get() + 1);
                if let Some(beat) = &self.sending.beat {
                    beat.mark();
                }
            }
            Err(error) => match errno_name(&error) {
                Some("EAGAIN" | "ENOBUFS" | "EINTR") => return Next::At(Instant::now() + PAUSE),
                // ICMP about an earlier datagram (udp(7)): this one is tried again.
                Some("ECONNREFUSED" | "ECONNRESET") => return Next::Now,
                Some(_) | None => {
                    self.run.board.trouble(Call::SendTo, Arc::clone(address), error);
                    return Next::Over;
                }
            },
        }
        schedule.done += 1;
        if !schedule.has_rounds_left() {
            return Next::Over;
        }
        let (now, rate) = (Instant::now(), schedule.outgoing.bytes_per_s);
        let every = match schedule.outgoing.every {
            every if !every.is_zero() => every,
            _ if rate > 0 => Duration::from_nanos((bytes.len() as u64).saturating_mul(1_000_000_000) / rate),
            _ => return Next::Now,
        };
        schedule.due = next_due(schedule.due, every, now);
        if schedule.due > now { Next::At(schedule.due) } else { Next::Now }
    }

    /// The schedule is over: its peer leaves the board.
    pub fn leave_apart(&mut self) {
        if let Some(conn) = self.sending.apart.take() {
            self.run.board.ended(&conn, End::Here);
        }
    }
}

/// Its place on the board: a peer that is reached through the socket of this connection.
fn peer_apart(board: &Board, through: &Link, address: &Arc<str>) -> Arc<Conn> {
    let local = through.sock.local_addr().map_or_else(|_| String::new(), |local| fmt_addr(&local));
    board.add(through.sock.fd(), local, Arc::clone(address), ConnStage::Open)
}
