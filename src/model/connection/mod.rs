//! One connection as a selector serves it: never sleeping, it takes what is there and keeps what found no room.

#[cfg(target_os = "linux")]
mod submitted;

use std::io;
use std::sync::Arc;
use std::time::Instant;

use crate::service::{Actions, After};
use crate::sys::SendFlags;
use crate::trace::{Call, ConnStage, End, Lane};

use super::ServerRun;
use super::desk::{Desk, end_of, is_passing};
use super::link::Link;
use super::mail::Pen;
use super::served::{Due, Served};

/// With more than this waiting to be sent, nothing more is read: the peer must take its answers first.
const MOST_WAITING: usize = 256 << 10;
/// A service that always has more to send is asked for about so much, then the others have their turn.
const TURN: usize = 64 << 10;

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
    /// Bytes, and fewer than there was room for: nothing else was there.
    All,
    /// `EAGAIN`, or it was not the time to read.
    Nothing,
    /// The peer ended its side, or the connection failed.
    End,
}

/// See the module.
pub(super) struct Connection {
    link: Arc<Link>,
    served: Served,
    /// What waits for room is `out[taken..]`.
    out: Vec<u8>,
    taken: usize,
    /// The kernel has a part of `out`: until the rest is sent nobody else may write.
    has_pen: bool,
    /// The kernel sends by itself: nothing is sent here, see [`take_out`](Self::take_out).
    submits: bool,
    /// Bytes that were taken out and are not sent yet.
    under_way: usize,
    /// When the next piece may leave.
    next_piece: Option<Instant>,
    peer_ended: bool,
    over: Option<End>,
}

impl Connection {
    /// A connection that was just accepted. It greets if the service does.
    #[track_caller]
    pub fn open(lane: &Lane, run: &ServerRun, link: Arc<Link>, desk: &mut Desk) -> Self {
        let mut this = Self::new(run, link);
        match this.link.sock().set_nonblocking(lane, true) {
            Ok(()) => {
                this.served.open(&mut desk.out);
                this.answer(lane, run, desk);
            }
            Err(error) => this.over = Some(End::Failed(Call::Fcntl, error)),
        }
        this
    }

    /// The same where the kernel receives and sends by itself, on a blocking socket: see `submitted.rs`.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub fn open_submitting(lane: &Lane, run: &ServerRun, link: Arc<Link>, desk: &mut Desk) -> Self {
        let mut this = Self { submits: true, ..Self::new(run, link) };
        this.served.open(&mut desk.out);
        this.answer(lane, run, desk);
        this
    }

    fn new(run: &ServerRun, link: Arc<Link>) -> Self {
        let (served, out) = (Served::new(run, &link.conn), Vec::new());
        Self { link, served, out, taken: 0, has_pen: false, submits: false, under_way: 0, next_piece: None, peer_ended: false, over: None }
    }

    pub fn link(&self) -> &Link {
        &self.link
    }

    /// Whether there is nothing left to do but [`finish`](Self::finish).
    pub fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// Closes it and tells why it ended. The service may have a last word to the others.
    #[track_caller]
    pub fn finish(self, lane: &Lane, run: &ServerRun) {
        run.control.finish(lane, self.link, self.over.unwrap_or(End::Here));
        self.served.leave(lane, run);
    }

    /// Closes it because the list of the watched cannot take it; the others are served on. `poll` has no such list.
    #[track_caller]
    pub fn give_up(self, lane: &Lane, run: &ServerRun, call: Call, error: io::Error) {
        run.board.trouble(call, Arc::clone(&self.link.conn.peer), error);
        run.control.finish(lane, self.link, End::Here);
        self.served.leave(lane, run);
    }

    /// Room to write is waited for only while something waits for it; else the selector would come back at once, for ever. So it
    /// would while another writes to this connection, who asks the loop back when he is done.
    pub fn interest(&self) -> Interest {
        let is_read = !self.peer_ended && self.served.may_read() && self.waiting() <= MOST_WAITING;
        let is_write = (self.waits_for_room() || self.served.wants_room()) && !self.link.mail.is_wanted() && !self.rests();
        Interest { read: is_read, write: is_write }
    }

    /// Whether the service has more to send and the last `send` took all: it goes on with [`send`](Self::send), without waiting.
    pub fn can_go_on(&self) -> bool {
        !self.is_over() && self.served.wants_room() && !self.waits_for_room()
    }

    /// `send`: what waited for room, if the selector says there is some. `true` when there was too little (`EAGAIN`).
    #[track_caller]
    pub fn send_waiting(&mut self, lane: &Lane, run: &ServerRun, ready: Ready) -> bool {
        self.heed();
        ready.write && !self.is_over() && self.waits_for_room() && !self.rests() && self.flush(lane, run)
    }

    /// `recv`, once, if the selector says there is something and it may be read now. What the service answers is on the desk
    /// then, for [`send`](Self::send).
    #[track_caller]
    pub fn recv(&mut self, lane: &Lane, run: &ServerRun, ready: Ready, desk: &mut Desk) -> Heard {
        let wanted = ready.read && self.interest().read;
        let may_have_failed = ready.hung_up && self.waiting() == 0;
        if self.is_over() || !wanted && !may_have_failed {
            Heard::Nothing
        } else if !wanted && self.served.never_reads() {
            self.ask_why(lane)
        } else {
            // A failure is reported also to those who wait for nothing; `recv` says which.
            self.receive(lane, run, desk)
        }
    }

    /// `send`: what the service left on the desk; what finds no room waits here. A service that has more is asked for it.
    #[track_caller]
    pub fn send(&mut self, lane: &Lane, run: &ServerRun, desk: &mut Desk) {
        self.answer(lane, run, desk);
        let mut turn = 0;
        while turn < TURN && self.can_go_on() {
            self.served.room(&mut desk.out);
            turn += desk.out.stream().len();
            self.answer(lane, run, desk);
        }
    }

    /// When [`tick`](Self::tick) is due. `None` once it is over.
    pub fn deadline(&self) -> Option<Instant> {
        if self.is_over() {
            return None;
        }
        let due = self.served.deadline(self.waiting() > MOST_WAITING);
        // Of each connection at each wake-up, and most go out whole.
        let parked = self.link.mail.parked_until();
        if self.next_piece.is_none() && parked.is_none() { due } else { due.into_iter().chain(self.next_piece).chain(parked).min() }
    }

    /// Does what is due by now; what the service answers is on the desk then.
    #[track_caller]
    pub fn tick(&mut self, lane: &Lane, run: &ServerRun, desk: &mut Desk) {
        if (self.next_piece.is_some() || self.link.mail.is_parked()) && !self.rests() {
            self.next_piece = None;
            if self.waits_for_room() {
                self.flush(lane, run);
            }
        }
        match self.served.due(Instant::now(), &run.board, &self.link.conn) {
            Some(Due::Timer) => self.served.time(&mut desk.out),
            Some(Due::Idle) => self.over = Some(End::Idle),
            None => {}
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

    /// Between two pieces, of its own or of what others began.
    fn rests(&self) -> bool {
        self.next_piece.is_some_and(|at| at > Instant::now()) || self.link.mail.parked_until().is_some()
    }

    /// A piece left: the next one may after the pause.
    fn rest(&mut self) -> bool {
        self.next_piece = self.served.wire().piece_pause().map(|pause| Instant::now() + pause);
        self.next_piece.is_some()
    }

    fn waiting(&self) -> usize {
        self.out.len() - self.taken + self.under_way
    }

    /// Also what others posted may wait.
    fn waits_for_room(&self) -> bool {
        self.waiting() > 0 || self.link.mail.is_parked()
    }

    /// `getsockopt(SO_ERROR)`: why the selector says that a connection hung up whose bytes are never read.
    #[track_caller]
    fn ask_why(&mut self, lane: &Lane) -> Heard {
        self.over = Some(match self.link.sock().take_error(lane) {
            Ok(Some(error)) | Err(error) => end_of(Call::GetSockOpt, error),
            Ok(None) => End::Orderly,
        });
        Heard::End
    }

    #[track_caller]
    fn receive(&mut self, lane: &Lane, run: &ServerRun, desk: &mut Desk) -> Heard {
        let room = self.served.most(&mut desk.buf);
        let (most, got) = (room.len(), self.link.sock().recv(lane, room));
        let is_all = got.as_ref().is_ok_and(|n| *n < most);
        match self.heard(run, got.map(|n| &desk.buf[..n]), &mut desk.out) {
            Heard::Bytes if is_all => Heard::All,
            heard => heard,
        }
    }

    /// What a `recv` brought goes to the service, whose answer is in `out` then.
    pub fn heard(&mut self, run: &ServerRun, got: io::Result<&[u8]>, out: &mut Actions) -> Heard {
        match got {
            Ok([]) if self.peer_ended => {
                // Known already, so only the hang-up was news: nobody is there to hear us either.
                self.over = Some(End::Orderly);
                Heard::End
            }
            Ok([]) => {
                self.peer_ended = true;
                run.board.half_ended(&self.link.conn, ConnStage::PeerEnded);
                self.served.end(out);
                Heard::End
            }
            Ok(data) => {
                run.board.received(&self.link.conn, data, false);
                self.served.hear(data, out);
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
        run.control.post(lane, self.link.conn.id, desk.out.posts());
        let mut bytes = desk.out.stream();
        if !bytes.is_empty() && !self.link.is_local_ended() && !self.is_over() {
            if self.waiting() == 0 && !self.rests() && self.take_pen(lane, run) == Pen::Taken {
                let n = self.send_now(lane, run, bytes);
                bytes = &bytes[n..];
            }
            self.out.extend_from_slice(bytes);
            self.lay_down(lane, run);
        }
        desk.out.clear();
        self.settle(lane, run);
    }

    /// `true` when the kernel had no room for the rest.
    #[track_caller]
    fn flush(&mut self, lane: &Lane, run: &ServerRun) -> bool {
        let is_full = match self.take_pen(lane, run) {
            Pen::Taken => {
                let out = std::mem::take(&mut self.out);
                self.taken += self.send_now(lane, run, &out[self.taken..]);
                self.out = out;
                let is_full = self.waiting() > 0;
                if !is_full {
                    self.out.clear();
                    self.taken = 0;
                } else if self.taken > MOST_WAITING {
                    self.out.drain(..self.taken);
                    self.taken = 0;
                }
                self.lay_down(lane, run);
                is_full
            }
            Pen::TakenWithMail => true,
            Pen::Busy => false,
        };
        self.settle(lane, run);
        is_full
    }

    /// Takes the pen. What others began goes first; while that finds no room (`TakenWithMail`), our own waits.
    #[track_caller]
    fn take_pen(&mut self, lane: &Lane, run: &ServerRun) -> Pen {
        while !self.has_pen {
            match self.link.mail.take_pen_or_wish() {
                Pen::Taken => self.has_pen = true,
                Pen::TakenWithMail if self.link.send_mail(lane, &run.board, self.served.wire()) => {}
                pen @ (Pen::TakenWithMail | Pen::Busy) => return pen,
            }
        }
        Pen::Taken
    }

    /// Lays the pen down once all of our own is sent; what others left meanwhile goes out.
    #[track_caller]
    fn lay_down(&mut self, lane: &Lane, run: &ServerRun) {
        if self.waiting() == 0 && std::mem::take(&mut self.has_pen) && !self.link.mail.lay_down() {
            self.link.send_mail(lane, &run.board, self.served.wire());
        }
    }

    /// Sends until the socket has no more room; says how much went.
    #[track_caller]
    fn send_now(&mut self, lane: &Lane, run: &ServerRun, bytes: &[u8]) -> usize {
        let mut done = 0;
        let piece = self.served.wire().piece().unwrap_or(usize::MAX);
        while done < bytes.len() && !self.submits {
            let end = done.saturating_add(piece).min(bytes.len());
            match self.link.sock().send(lane, &bytes[done..end], SendFlags::None) {
                Ok(n) => {
                    run.board.sent(&self.link.conn, &bytes[done..done + n]);
                    done += n;
                    if piece < usize::MAX && self.rest() {
                        break;
                    }
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

    /// Once everything is sent, what the handler asked for happens; a reset does not wait for that.
    #[track_caller]
    fn settle(&mut self, lane: &Lane, run: &ServerRun) {
        let after = self.served.after();
        if self.is_over() || self.waits_for_room() && after != After::Reset {
            return;
        }
        match after {
            After::Close if self.peer_ended => self.over = Some(self.served.end_after_peer()),
            After::Close => self.over = Some(self.served.end_of_service()),
            After::HalfClose => self.link.half_close(lane, &run.board),
            After::Stay => {}
            After::Reset => {
                let _gone = self.link.sock().set_reset_on_close(lane);
                self.over = Some(self.served.end_of_service());
            }
        }
        self.heed();
    }
}
