//! How a blocking worker serves one connection: `recv`, answer, `send`, until the end. Each call sleeps until it is done, or
//! until the service's timer or the idle time-out is due.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::service::After;
use crate::sys::{PollFd, SendFlags, poll, sleep};
use crate::trace::{Call, ConnStage, End, Lane};

use super::ServerRun;
use super::desk::{Desk, end_of};
use super::link::Link;
use super::mail::Pen;
use super::served::{Due, Served};

/// Looks at a pen that another holds, before it sleeps.
const POSTING: u32 = 100;
/// How long it then sleeps before it looks again.
const OPERATOR: Duration = Duration::from_millis(20);

/// Who does not read learns from no call that the peer is gone, and looks this often.
const LOOK: Duration = Duration::from_millis(250);

/// See the module.
pub(super) struct Talk<'a> {
    lane: &'a Lane,
    run: &'a ServerRun,
    link: Arc<Link>,
    served: Served,
    /// `SO_RCVTIMEO` as it is set now.
    limit: Option<Duration>,
    peer_ended: bool,
    over: Option<End>,
}

impl<'a> Talk<'a> {
    /// With a client that was just accepted. It is greeted if the service does so.
    #[track_caller]
    pub fn open(lane: &'a Lane, run: &'a ServerRun, client: Arc<Link>, desk: &mut Desk) -> Self {
        let served = Served::new(run, &client.conn);
        let mut this = Self { lane, run, link: client, served, limit: None, peer_ended: false, over: None };
        let limited = match this.served.idle_limit() {
            Some(limit) => this.link.sock().set_send_limit(lane, Some(limit)),
            None => Ok(()),
        };
        this.over = limited.err().map(|error| end_of(Call::SetSockOpt, error));
        this.served.open(&mut desk.out);
        this.send(desk);
        this
    }

    /// `recv`: sleeps until the client says something or something else is due. What the service answers is on the desk then,
    /// for [`send`](Self::send). `false` when the talk is over.
    #[track_caller]
    pub fn recv(&mut self, desk: &mut Desk) -> bool {
        match self.next(desk) {
            Ok(goes_on) => goes_on,
            Err(end) => {
                self.over = Some(end);
                false
            }
        }
    }

    /// `send`: all that the service left on the desk. It sleeps while there is no room. What is for others goes first and never
    /// sleeps.
    #[track_caller]
    pub fn send(&mut self, desk: &mut Desk) {
        match &self.run.relay {
            Some(relay) => relay.post(desk.out.posts()),
            None => self.run.control.post(self.lane, self.link.conn.id, desk.out.posts()),
        }
        if let Err(end) = self.answer(desk.out.stream()) {
            self.over = Some(end);
        }
        desk.out.clear();
    }

    /// Closes it and tells why it ended. The service may have a last word to the others.
    #[track_caller]
    pub fn finish(self, desk: &mut Desk) {
        desk.out.clear();
        let end = match self.over {
            Some(end) => end,
            None if self.peer_ended => self.served.end_after_peer(),
            None => self.served.end_of_service(),
        };
        if let Some(relay) = &self.run.relay {
            return relay.end(&end, self.served);
        }
        self.run.control.finish(self.lane, self.link, end);
        self.served.leave(self.lane, self.run);
    }

    #[track_caller]
    fn next(&mut self, desk: &mut Desk) -> Result<bool, End> {
        let mut in_vain = false;
        while self.over.is_none() && self.served.after() < After::Close {
            if self.is_called_off() {
                return Err(End::Here);
            }
            match self.due() {
                Some(Due::Timer) => {
                    self.served.time(&mut desk.out);
                    return Ok(true);
                }
                Some(Due::Idle) => return Err(End::Idle),
                None => {}
            }
            if self.served.wants_room() && !self.has_news()? {
                self.served.room(&mut desk.out);
                return Ok(true);
            }
            if self.peer_ended && self.link.is_local_ended() {
                break;
            }
            if self.peer_ended || !self.served.may_read() {
                self.look_whether_gone()?;
                self.rest();
                continue;
            }
            self.limit_recv(in_vain)?;
            self.tell(Call::Recv)?;
            match self.link.sock().recv(self.lane, self.served.most(&mut desk.buf)) {
                _ if self.is_called_off() => return Err(End::Here),
                Ok(0) => {
                    self.peer_ended = true;
                    self.run.board.half_ended(&self.link.conn, ConnStage::PeerEnded);
                    self.served.end(&mut desk.out);
                    return Ok(true);
                }
                Ok(n) => {
                    self.run.board.received(&self.link.conn, &desk.buf[..n], false);
                    self.served.hear(&desk.buf[..n], &mut desk.out);
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_late(&error) => in_vain = true,
                Err(error) => return Err(end_of(Call::Recv, error)),
            }
        }
        Ok(false)
    }

    #[track_caller]
    fn answer(&mut self, bytes: &[u8]) -> Result<(), End> {
        if self.over.is_none() && !bytes.is_empty() {
            self.take_pen()?;
            self.send_all(bytes, self.served.after())?;
            if !self.link.mail.lay_down() && !self.link.send_mail(self.lane, &self.run.board, self.served.wire()) {
                self.run.control.send_later(&self.link);
            }
        }
        match self.served.after() {
            After::HalfClose => self.link.half_close(self.lane, &self.run.board),
            After::Reset => drop(self.link.sock().set_reset_on_close(self.lane)),
            After::Stay | After::Close => {}
        }
        Ok(())
    }

    /// Waits until nobody else is in the middle of a message. Mail that was begun is finished.
    #[track_caller]
    fn take_pen(&mut self) -> Result<(), End> {
        for turn in 0.. {
            match self.link.mail.take_pen() {
                Pen::Taken => return Ok(()),
                Pen::TakenWithMail => {
                    self.link.mail.rests_until().into_iter().for_each(|at| self.rest_till(at));
                    let mail = self.link.mail.collect();
                    let sent = self.send_all(&mail, After::Stay);
                    self.link.mail.put_back(mail, usize::MAX);
                    return sent;
                }
                Pen::Busy if self.is_called_off() => return Err(End::Here),
                // Another peer's post: its call does not sleep.
                Pen::Busy if turn < POSTING => std::thread::yield_now(),
                // An operator's message, of which this client has not taken all. Whoever laid the pen down rings.
                Pen::Busy => sleep(self.lane, Some(OPERATOR), || self.link.rest(Some(OPERATOR), || self.is_called_off())),
            }
        }
        Ok(())
    }

    /// `send`, until all is with the kernel. What a reset follows does not wait for room.
    #[track_caller]
    fn send_all(&mut self, mut rest: &[u8], after: After) -> Result<(), End> {
        let flags = if after == After::Reset { SendFlags::DontWait } else { SendFlags::None };
        let piece = self.served.wire().piece().unwrap_or(usize::MAX);
        let mut even = Instant::now();
        while !rest.is_empty() && !self.link.is_local_ended() {
            self.tell(Call::Send)?;
            self.link.enter_send();
            let sent = if self.is_called_off() {
                Err(io::ErrorKind::Interrupted.into())
            } else {
                self.link.sock().send(self.lane, &rest[..rest.len().min(piece)], flags)
            };
            self.link.leave_send();
            match sent {
                _ if self.is_called_off() => return Err(End::Here),
                Ok(n) => {
                    self.run.board.sent(&self.link.conn, &rest[..n]);
                    rest = &rest[n..];
                    self.rest_between_pieces(&mut even, rest);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // An operator ended our side while this was on its way.
                Err(_) if self.link.is_local_ended() => {}
                // In a child process: perhaps the server ended our side. If it was the peer, `recv` says so.
                Err(error) if self.run.relay.is_some() && error.kind() == io::ErrorKind::BrokenPipe => {
                    self.link.half_close(self.lane, &self.run.board);
                }
                Err(error) if is_late(&error) && after == After::Reset => return Ok(()),
                Err(error) if is_late(&error) => self.give_up_if_idle()?,
                Err(error) => return Err(end_of(Call::Send, error)),
            }
        }
        Ok(())
    }

    /// Sleeps until the next piece may leave, if there is one.
    #[track_caller]
    fn rest_between_pieces(&self, even: &mut Instant, rest: &[u8]) {
        let Some(pause) = self.served.wire().piece_pause().filter(|_| !rest.is_empty()) else { return };
        *even += pause;
        self.rest_till(*even);
    }

    #[track_caller]
    fn rest_till(&self, at: Instant) {
        let is_called_off = || self.is_called_off() || self.link.is_local_ended();
        while let Some(left) = at.checked_duration_since(Instant::now()).filter(|left| !left.is_zero() && !is_called_off()) {
            sleep(self.lane, Some(left), || self.link.rest(Some(left), is_called_off));
        }
    }

    /// What is due by now. The clock is asked only where something can be due.
    fn due(&mut self) -> Option<Due> {
        if self.served.is_timed() { self.served.due(Instant::now(), &self.run.board, &self.link.conn) } else { None }
    }

    fn give_up_if_idle(&self) -> Result<(), End> {
        let quiet = self.run.board.quiet(&self.link.conn);
        if self.served.idle_limit().is_some_and(|limit| quiet >= limit) { Err(End::Idle) } else { Ok(()) }
    }

    /// Sleeps until something is due, or somebody wants something of it: this is not the time to read.
    #[track_caller]
    fn rest(&mut self) {
        let due = self.served.deadline(false).map(|at| at.saturating_duration_since(Instant::now()));
        let limit = due.into_iter().chain(self.is_deaf().then_some(LOOK)).min();
        let before = self.link.is_local_ended();
        if self.tell(Call::Sleep).is_err() {
            return self.link.mark_leaving();
        }
        sleep(self.lane, limit, || self.link.rest(limit, || self.is_called_off() || self.link.is_local_ended() != before));
    }

    /// No `recv` will tell that the peer is gone: the service never reads, or the peer's end was read already.
    fn is_deaf(&self) -> bool {
        self.peer_ended || self.served.never_reads()
    }

    /// `poll` without waiting, then `getsockopt(SO_ERROR)`: whether the connection failed or is over in both directions, for
    /// one who does not read. A peer that only said FIN may still listen.
    #[track_caller]
    fn look_whether_gone(&self) -> Result<(), End> {
        if !self.is_deaf() {
            return Ok(());
        }
        let mut fds = [PollFd::for_hang_up(self.link.sock())];
        poll(self.lane, &mut fds, Some(Duration::ZERO)).map_err(|error| end_of(Call::Poll, error))?;
        if !fds[0].is_over() {
            return Ok(());
        }
        match self.link.sock().take_error(self.lane) {
            Ok(Some(error)) | Err(error) => Err(end_of(Call::GetSockOpt, error)),
            Ok(None) => Err(End::Orderly),
        }
    }

    /// Whether `recv` would not sleep now: asked between two `send`s of a service that always has more.
    #[track_caller]
    fn has_news(&self) -> Result<bool, End> {
        if self.peer_ended || !self.served.may_read() {
            return Ok(false);
        }
        let mut fds = [PollFd::new(self.link.sock(), true, false)];
        let ready = poll(self.lane, &mut fds, Some(Duration::ZERO)).map_err(|error| end_of(Call::Poll, error))?;
        Ok(ready > 0)
    }

    /// Sets how long the coming `recv` may sleep, if that changed.
    #[track_caller]
    fn limit_recv(&mut self, in_vain: bool) -> Result<(), End> {
        if self.limit.is_none() && !self.served.is_timed() {
            return Ok(());
        }
        let limit = self.served.recv_limit(Instant::now(), in_vain);
        if limit != self.limit {
            self.link.sock().set_recv_limit(self.lane, limit).map_err(|error| end_of(Call::SetSockOpt, error))?;
            self.limit = limit;
        }
        Ok(())
    }

    /// In a child process: which call comes now. An error when the server is gone.
    #[track_caller]
    fn tell(&self, call: Call) -> Result<(), End> {
        match &self.run.relay {
            Some(relay) if !relay.before(self.lane, call, self.link.sock().fd()) => Err(End::Here),
            Some(_) | None => Ok(()),
        }
    }

    /// A person closed the connection, or the server stops.
    fn is_called_off(&self) -> bool {
        self.link.is_leaving() || self.run.control.is_stopping()
    }
}

/// A limit of `recv` or `send` is over: `EAGAIN` (socket(7), SO_RCVTIMEO), `WSAETIMEDOUT` on Windows.
fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}
