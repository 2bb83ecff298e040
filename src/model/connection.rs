//! One connection as a selector serves it: never sleeping, it takes what is there and keeps what found no room.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use crate::service::{Actions, After, Handler, Peer, PeerId};
use crate::sys::SendFlags;
use crate::trace::{Call, ConnStage, End, Lane};

use super::ServerRun;
use super::desk::{Desk, end_of, is_passing};
use super::link::Link;

/// With more than this waiting to be sent, nothing more is read: the peer must take its answers first.
const MOST_WAITING: usize = 256 << 10;

/// What a selector should wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Interest {
    pub read: bool,
    pub write: bool,
}

/// What the selector said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ready {
    pub read: bool,
    pub write: bool,
    pub hung_up: bool,
}

/// What a `recv` brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// Bytes; there may be more.
    Bytes,
    /// `EAGAIN`, or it was not the time to read.
    Nothing,
    /// The peer ended its side, or the connection failed.
    End,
}

/// See the module.
pub(super) struct Connection {
    link: Arc<Link>,
    handler: Box<dyn Handler>,
    /// What waits for room is `out[taken..]`.
    out: Vec<u8>,
    taken: usize,
    /// The kernel sends by itself: bytes are not sent here but fetched with [`take_out`](Self::take_out).
    submits: bool,
    /// Bytes that were fetched and are not sent yet.
    under_way: usize,
    after: After,
    wake_at: Option<Instant>,
    peer_ended: bool,
    over: Option<End>,
}

impl Connection {
    /// A connection that was just accepted. It greets if the service does.
    pub fn open(lane: &Lane, run: &ServerRun, link: Arc<Link>, desk: &mut Desk) -> Self {
        let mut this = Self::new(run, link);
        match this.link.sock().set_nonblocking(lane, true) {
            Ok(()) => {
                this.handler.on_open(&mut desk.out);
                this.answer(lane, run, desk);
            }
            Err(error) => this.over = Some(End::Failed(Call::Fcntl, error)),
        }
        this
    }

    /// The same where the kernel receives and sends by itself, on a blocking socket: see [`heard`](Self::heard),
    /// [`take_out`](Self::take_out) and [`sent`](Self::sent).
    #[cfg(target_os = "linux")]
    pub fn open_submitting(lane: &Lane, run: &ServerRun, link: Arc<Link>, desk: &mut Desk) -> Self {
        let mut this = Self { submits: true, ..Self::new(run, link) };
        this.handler.on_open(&mut desk.out);
        this.answer(lane, run, desk);
        this
    }

    fn new(run: &ServerRun, link: Arc<Link>) -> Self {
        let handler = run.service.connect(&Peer { id: PeerId(link.conn.id.0), address: &link.conn.peer });
        let (out, after) = (Vec::new(), After::Stay);
        Self { link, handler, out, taken: 0, submits: false, under_way: 0, after, wake_at: None, peer_ended: false, over: None }
    }

    pub fn link(&self) -> &Link {
        &self.link
    }

    /// Whether there is nothing left to do but [`finish`](Self::finish).
    pub fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// Closes it and tells why it ended.
    #[track_caller]
    pub fn finish(self, lane: &Lane, run: &ServerRun) {
        run.control.finish(lane, self.link, self.over.unwrap_or(End::Here));
    }

    /// Closes it because the kernel's list of the watched cannot take it; the others are served on. `poll` has no such list.
    #[cfg(not(windows))]
    pub fn give_up(self, lane: &Lane, run: &ServerRun, call: Call, error: io::Error) {
        run.board.trouble(call, Arc::clone(&self.link.conn.peer), error);
        run.control.finish(lane, self.link, End::Here);
    }

    /// Room to write is waited for only while something waits for it; else the selector would come back at once, for ever.
    pub fn interest(&self) -> Interest {
        let is_read = !self.peer_ended && self.after < After::Close && self.waiting() <= MOST_WAITING;
        Interest { read: is_read, write: self.waiting() > 0 }
    }

    /// `send`: what waited for room, if the selector says there is some.
    #[track_caller]
    pub fn send_waiting(&mut self, lane: &Lane, run: &ServerRun, ready: Ready) {
        self.heed();
        if ready.write && !self.is_over() && self.waiting() > 0 {
            self.flush(lane, run);
        }
    }

    /// `recv`, once, if the selector says there is something and it may be read now. What the service answers is on the desk
    /// then, for [`send`](Self::send).
    #[track_caller]
    pub fn recv(&mut self, lane: &Lane, run: &ServerRun, ready: Ready, desk: &mut Desk) -> Heard {
        let wanted = ready.read && self.interest().read;
        // A failure is reported also to those who wait for nothing; `recv` says which.
        if !self.is_over() && (wanted || ready.hung_up && self.waiting() == 0) { self.receive(lane, run, desk) } else { Heard::Nothing }
    }

    /// `send`: what the service left on the desk; what finds no room waits here.
    #[track_caller]
    pub fn send(&mut self, lane: &Lane, run: &ServerRun, desk: &mut Desk) {
        self.answer(lane, run, desk);
    }

    /// When [`tick`](Self::tick) is due. `None` once it is over.
    pub fn deadline(&self) -> Option<Instant> {
        if self.is_over() { None } else { self.wake_at }
    }

    /// Does what is due by now; what the service answers is on the desk then.
    #[track_caller]
    pub fn tick(&mut self, _lane: &Lane, _run: &ServerRun, desk: &mut Desk) {
        if self.wake_at.take_if(|at| *at <= Instant::now()).is_some() {
            self.handler.on_timer(&mut desk.out);
        }
    }

    /// An operator may have asked it to leave, or have ended our side.
    pub fn heed(&mut self) {
        if self.link.is_leaving() {
            self.over = Some(End::Here);
        } else if self.link.is_local_ended() {
            self.out.clear();
            self.taken = 0;
            if self.peer_ended {
                self.over.get_or_insert(End::Orderly);
            }
        }
    }

    /// What is to be sent next, if nothing is under way. It comes back with [`sent`](Self::sent).
    #[cfg(target_os = "linux")]
    pub fn take_out(&mut self) -> Option<Vec<u8>> {
        if self.under_way > 0 || self.out.is_empty() || self.is_over() {
            return None;
        }
        self.under_way = self.out.len();
        Some(std::mem::take(&mut self.out))
    }

    /// The kernel sent so many of `bytes[from..]`; what is left to send of them, and from where.
    #[cfg(target_os = "linux")]
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
        if self.out.is_empty() {
            // Its memory serves the next answer.
            bytes.clear();
            self.out = bytes;
        }
        self.settle(lane, run);
        None
    }

    fn waiting(&self) -> usize {
        self.out.len() - self.taken + self.under_way
    }

    #[track_caller]
    fn receive(&mut self, lane: &Lane, run: &ServerRun, desk: &mut Desk) -> Heard {
        let got = self.link.sock().recv(lane, &mut desk.buf);
        self.heard(run, got.map(|n| &desk.buf[..n]), &mut desk.out)
    }

    /// What `recv` brought goes to the service, whose answer is in `out` then.
    pub fn heard(&mut self, run: &ServerRun, got: io::Result<&[u8]>, out: &mut Actions) -> Heard {
        match got {
            Ok([]) if self.peer_ended => Heard::End,
            Ok([]) => {
                self.peer_ended = true;
                run.board.half_ended(&self.link.conn, ConnStage::PeerEnded);
                self.handler.on_end(out);
                Heard::End
            }
            Ok(data) => {
                run.board.received(&self.link.conn, data, false);
                self.handler.on_bytes(data, out);
                Heard::Bytes
            }
            Err(error) if is_passing(&error) => Heard::Nothing,
            Err(error) => {
                self.over = Some(end_of(Call::Recv, error));
                Heard::End
            }
        }
    }

    /// Sends what the handler left on the desk; what finds no room waits here.
    #[track_caller]
    fn answer(&mut self, lane: &Lane, run: &ServerRun, desk: &mut Desk) {
        if !self.link.is_local_ended() {
            let mut bytes = desk.out.stream();
            if self.waiting() == 0 {
                let n = self.send_now(lane, run, bytes);
                bytes = &bytes[n..];
            }
            self.out.extend_from_slice(bytes);
        }
        self.after = self.after.max(desk.out.after());
        if let Some(time) = desk.out.timer() {
            self.wake_at = Some(Instant::now() + time);
        }
        desk.out.clear();
        self.settle(lane, run);
    }

    #[track_caller]
    fn flush(&mut self, lane: &Lane, run: &ServerRun) {
        let out = std::mem::take(&mut self.out);
        self.taken += self.send_now(lane, run, &out[self.taken..]);
        self.out = out;
        if self.waiting() == 0 {
            self.out.clear();
            self.taken = 0;
        } else if self.taken > MOST_WAITING {
            self.out.drain(..self.taken);
            self.taken = 0;
        }
        self.settle(lane, run);
    }

    /// Sends until the socket has no more room; says how much went.
    #[track_caller]
    fn send_now(&mut self, lane: &Lane, run: &ServerRun, bytes: &[u8]) -> usize {
        let mut done = 0;
        while done < bytes.len() && !self.submits {
            match self.link.sock().send(lane, &bytes[done..], SendFlags::None) {
                Ok(n) => {
                    run.board.sent(&self.link.conn, &bytes[done..done + n]);
                    done += n;
                }
                Err(error) if is_passing(&error) => break,
                // An operator ended our side while this was on its way.
                Err(_) if self.link.is_local_ended() => return bytes.len(),
                Err(error) => {
                    self.over = Some(end_of(Call::Send, error));
                    break;
                }
            }
        }
        done
    }

    /// Once everything is sent, what the handler asked for happens.
    #[track_caller]
    fn settle(&mut self, lane: &Lane, run: &ServerRun) {
        if self.is_over() || self.waiting() > 0 {
            return;
        }
        match self.after {
            After::Close if self.peer_ended => self.over = Some(End::Orderly),
            After::Close => self.over = Some(End::Service),
            After::HalfClose => self.link.half_close(lane, &run.board),
            After::Stay => {}
            After::Reset => {
                let _gone = self.link.sock().set_reset_on_close(lane);
                self.over = Some(End::Service);
            }
        }
        self.heed();
    }
}
