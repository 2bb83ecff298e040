//! The answer of a lane's last readiness wait as rows: which descriptor, whose, asked for what, answered what, and what the
//! kernel still holds for it. Pure; the drawing is `table`'s affair.

use std::collections::HashMap;

use crate::engine::{ConnState, ConnView, Events, LaneDoing, LaneView, ReadyFd, ReadySet, SessionView, Source};
use crate::tr;
use crate::trace::{Call, ConnId};
use crate::ui::Text;
use crate::ui::widget::format;

/// Rows at most; of more, a count.
const ROWS: usize = 64;
/// Where the figures of unread bytes come from.
pub const UNREAD: Source = Source::Measured("FIONREAD / SIOCINQ; at most the first 64 connections");

/// Where a descriptor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// The lane works on it now.
    Now,
    /// The wait said that it is ready.
    Ready,
    /// Watched, nothing to do.
    Quiet,
}

/// One descriptor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub fd: i64,
    pub who: String,
    /// The connection behind it, to be selected.
    pub conn: Option<ConnId>,
    pub asked: String,
    pub got: String,
    /// What waits in the kernel, and where that figure comes from.
    pub unread: Option<(String, Source)>,
    pub stand: Stand,
}

/// The whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    pub rows: Vec<Row>,
    /// Rows that did not fit.
    pub more: u64,
    /// Whether a column says what was asked: `select` shows it as bits, and elsewhere the kernel keeps the list.
    pub shows_asked: bool,
    /// The descriptor that the lane works on, or the first that was answered: what the sentence below is about.
    pub first: Option<i64>,
}

/// The descriptor that a lane works on.
fn works_on(lane: &LaneView) -> Option<i64> {
    match lane.doing {
        LaneDoing::InCall { fd, .. } | LaneDoing::AtGate { fd, .. } => Some(fd),
        LaneDoing::Running | LaneDoing::Gone => None,
    }
}

/// The rows of a lane's last wait.
pub fn gather(text: &Text, session: &SessionView, lane: &LaneView, set: &ReadySet) -> Ready {
    let asks = set.watched.is_some();
    let now = works_on(lane);
    // Live connections come first, so that a descriptor used again names the living one.
    let mut conns: HashMap<i64, &ConnView> = HashMap::with_capacity(session.connections.len());
    for conn in session.connections.iter() {
        conns.entry(conn.info.fd).or_insert(conn);
    }
    let row = |fd: &ReadyFd| {
        let stand = match fd {
            fd if Some(fd.fd) == now => Stand::Now,
            fd if fd.got != Events::default() => Stand::Ready,
            _ => Stand::Quiet,
        };
        let conn = conns.get(&fd.fd).copied();
        let (who, unread) = match conn {
            _ if session.listener_fd == Some(fd.fd) => listener(text, session),
            Some(conn) => (name(text, conn), conn.unread.map(|n| (format::bytes(n.into()), UNREAD))),
            None => (tr!(text, "stepper-who-waker"), None),
        };
        let (asked, got) = (events(set.call, fd.asked), events(set.call, fd.got));
        Row { fd: fd.fd, who, conn: conn.map(|c| c.info.id), asked, got, unread, stand }
    };
    let mut rows: Vec<Row> = set.fds.iter().map(row).collect();
    let answered = rows.len();
    if !asks {
        // The list is the kernel's: what it watches besides is known from the connections that are open.
        let known = |fd: i64| set.fds.iter().any(|f| f.fd == fd);
        let open = session.connections.iter().filter(|c| c.state != ConnState::Closed).map(|c| c.info.fd);
        let quiet = session.listener_fd.into_iter().chain(open).filter(|fd| !known(*fd)).take(ROWS.saturating_sub(answered));
        rows.extend(quiet.map(|fd| row(&ReadyFd { fd, ..ReadyFd::default() })));
    }
    rows.sort_by_key(|r| match r.stand {
        Stand::Now if asks => 1,
        Stand::Now => 0,
        Stand::Ready => 1,
        Stand::Quiet => 2,
    });
    let (all, shown) = match set.watched {
        Some(watched) => (u64::from(watched), rows.len() as u64),
        None => {
            let unnamed = u64::from(set.ready).saturating_sub(answered as u64);
            (
                session.counters.open + u64::from(session.listener_fd.is_some()) + unnamed,
                rows.iter().filter(|r| !is_waker(session, r)).count() as u64,
            )
        }
    };
    let first = now.filter(|fd| conns.contains_key(fd));
    let first = first.or_else(|| set.fds.iter().find(|f| f.got.read && conns.contains_key(&f.fd)).map(|f| f.fd));
    Ready { rows, more: all.saturating_sub(shown), shows_asked: asks && set.call != Call::Select, first }
}

fn is_waker(session: &SessionView, row: &Row) -> bool {
    row.conn.is_none() && session.listener_fd != Some(row.fd)
}

fn listener(text: &Text, session: &SessionView) -> (String, Option<(String, Source)>) {
    if !session.transport.is_stream() {
        return (tr!(text, "stepper-who-socket"), None);
    }
    let pending = session.queue.map(|q| (tr!(text, "stepper-pending", n = q.waiting), q.source));
    (tr!(text, "stepper-who-listener"), pending)
}

/// The client's name with its number, or an outside peer's address.
fn name(text: &Text, conn: &ConnView) -> String {
    let info = &conn.info;
    match info.other_end.get() {
        Some((_, _, name)) => tr!(text, "stepper-who-client", n = info.number.to_string(), name = name.to_string()),
        None => info.peer.strip_prefix("127.0.0.1").unwrap_or(&info.peer).to_owned(),
    }
}

/// Kinds of readiness as the call names them.
pub fn events(call: Call, events: Events) -> String {
    let [read, write, error] = match call {
        Call::Select => ["read", "write", "except"],
        Call::Kevent => ["READ", "WRITE", "EOF"],
        _ => ["IN", "OUT", "ERR"],
    };
    let named = [(events.read, read), (events.write, write), (events.error, error)];
    named.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Language;
    use crate::ui::panel::stepper::tests::{epoll, polled};

    #[test]
    fn the_kernels_list_is_completed_by_what_is_open_and_the_one_at_work_comes_first() {
        let mut world = epoll();
        let text = Text::new(Language::English);
        let id = world.lab.servers[0].id;
        let session = world.session(id).clone();
        let lane = &session.lanes[0];
        let ready = gather(&text, &session, lane, lane.ready.as_deref().unwrap());
        let rows: Vec<_> = ready.rows.iter().map(|r| (r.fd, r.who.as_str(), r.got.as_str(), r.stand)).collect();
        assert_eq!(
            rows,
            [
                (21, "4 lamp", "IN", Stand::Now),
                (15, "1 board", "IN", Stand::Ready),
                (12, "listener", "", Stand::Quiet),
                (17, "2 phone", "", Stand::Quiet),
                (19, "3 kiosk", "", Stand::Quiet)
            ]
        );
        assert_eq!((ready.first, ready.shows_asked, ready.more), (Some(21), false, 0));
        assert_eq!(ready.rows[0].unread.as_ref().map(|(n, _)| n.as_str()), Some("64 B"));
        assert_eq!(ready.rows[2].unread.as_ref().map(|(n, _)| n.as_str()), Some("0 pending"));
    }

    #[test]
    fn a_poll_says_what_was_asked_and_what_it_does_not_name() {
        let mut world = polled();
        let id = world.lab.servers[0].id;
        let session = world.session(id).clone();
        let lane = &session.lanes[0];
        let ready = gather(&Text::new(Language::English), &session, lane, lane.ready.as_deref().unwrap());
        assert!(ready.shows_asked && ready.more == 30, "{}", ready.more);
        assert!(ready.rows.iter().any(|r| r.who == "waker" && r.asked == "IN"));
        assert!(ready.rows.iter().any(|r| r.asked == "IN OUT" && r.got == "OUT"));
        assert_eq!(events(Call::Kevent, Events { read: true, write: false, error: true }), "READ EOF");
    }
}
