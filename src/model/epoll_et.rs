//! `epoll`, edge-triggered: the kernel tells of a descriptor once, when something new comes, and not again while it stays
//! ready. So whoever is told must go on until `EAGAIN`: accept until, read until, write until. Who is ready and not through
//! yet stands in a list of this program's own; each has its turn, so that one endless sender does not starve the others.
//!
//! The classic mistakes can be turned on: one `recv` or one `accept` for each event. What is left then stays in the kernel,
//! and nobody is told of it until something new comes.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use crate::sys::epoll::{Epoll, Event};
use crate::trace::{Call, Lane};

use super::ServerRun;
use super::by_id::ById;
use super::connection::{Connection, Heard, Ready};
use super::desk::Desk;
use super::door::Door;
use super::peers::Peers;
use super::timers::Timers;
use super::{ACCEPT_ONCE, READ_BYTES, READ_ONCE};

/// Tokens; the others are the connections' ids, which are never used twice and start at 1.
const SERVER: u64 = 0;
const WAKER: u64 = u64::MAX;
/// Ready descriptors taken from the kernel at once.
const BATCH: usize = 256;
/// Calls in a row for one descriptor before the next one's turn comes.
const TURN: usize = 16;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    let epoll = Epoll::new(lane)?;
    run.socket.set_nonblocking(lane, true)?;
    epoll.add_edge(lane, &run.socket, SERVER, false)?;
    epoll.add_waker(lane, run.control.waker(), WAKER)?;
    if run.stream {
        let mut served = ById::default();
        let result = streams(lane, &run, &epoll, &mut served);
        served.into_values().for_each(|Watched { connection, .. }| connection.finish(lane, &run));
        result
    } else {
        datagrams(lane, &run, &epoll)
    }
}

/// A connection, and what the kernel told of it.
struct Watched {
    connection: Connection,
    /// Told, and no `EAGAIN` since: nobody will tell again.
    told: Ready,
    /// The kernel was asked to tell of room (`EPOLLOUT`), which it is only while bytes wait.
    asks_room: bool,
    /// It stands in the list of those who are ready.
    is_listed: bool,
}

impl Watched {
    /// Puts it into the list of those who are ready, if a turn would get somewhere. One that must not be read now keeps in mind
    /// that there is something, and is listed once it may.
    fn list(&mut self, id: u64, turns: &mut VecDeque<u64>) {
        let (told, interest) = (self.told, self.connection.interest());
        let has_more = self.connection.can_go_on();
        let can_go_on = told.read && interest.read || told.write && interest.write || told.hung_up || has_more;
        if can_go_on && !self.is_listed {
            self.is_listed = true;
            turns.push_back(id);
        }
    }
}

fn streams(lane: &Lane, run: &ServerRun, epoll: &Epoll, served: &mut ById<u64, Watched>) -> io::Result<()> {
    let mut door = Door::new(run);
    let mut timers = Timers::default();
    let mut desk = Desk::for_streams();
    desk.buf.truncate(run.settings.number(&READ_BYTES) as usize);
    let mut ready = [Event::EMPTY; BATCH];
    let mut turns = VecDeque::new();
    let mut touched = Vec::new();
    let mut is_somebody_at_the_door = false;
    loop {
        let goes_on = !turns.is_empty() || is_somebody_at_the_door && door.is_open();
        // The only place where this thread sleeps, and only if everybody is through.
        let events = epoll.wait(lane, &mut ready, if goes_on { Some(Duration::ZERO) } else { timers.limit(door.timer()) })?;
        if run.control.is_stopping() {
            return Ok(());
        }
        for event in events {
            match event.token() {
                SERVER => is_somebody_at_the_door = true,
                WAKER => {
                    if run.control.heed() {
                        served.values_mut().for_each(|watched| watched.connection.heed());
                        touched.extend(served.keys());
                    }
                }
                id => {
                    if let Some(watched) = served.get_mut(&id) {
                        watched.told.read |= event.is_readable();
                        watched.told.write |= event.is_writable();
                        watched.told.hung_up |= event.is_hung_up();
                        watched.list(id, &mut turns);
                    }
                }
            }
        }
        if is_somebody_at_the_door && door.is_open() {
            // accept() until EAGAIN.
            for _ in 0..TURN {
                let Some(link) = door.next(lane, run)? else {
                    // A door that was shut is tried again without being told.
                    is_somebody_at_the_door = door.left_somebody();
                    break;
                };
                let id = link.conn.id.0;
                let connection = Connection::open(lane, run, link, &mut desk);
                let asks_room = connection.interest().write;
                match epoll.add_edge(lane, connection.link().sock(), id, asks_room) {
                    Ok(()) => {
                        let told = Ready { read: false, write: false, hung_up: false };
                        served.insert(id, Watched { connection, told, asks_room, is_listed: false });
                        touched.push(id);
                    }
                    Err(error) => connection.give_up(lane, run, Call::EpollCtl, error),
                }
                if run.settings.is_on(&ACCEPT_ONCE) {
                    is_somebody_at_the_door = false;
                    break;
                }
            }
        }
        for _ in 0..turns.len() {
            let Some(id) = turns.pop_front() else { break };
            let Some(watched) = served.get_mut(&id) else { continue };
            watched.is_listed = false;
            take_turn(lane, run, watched, &mut desk);
            touched.push(id);
        }
        while let Some(id) = timers.due_now() {
            if let Some(watched) = served.get_mut(&id) {
                watched.connection.tick(lane, run, &mut desk);
                watched.connection.send(lane, run, &mut desk);
                touched.push(id);
            }
        }
        for id in touched.drain(..) {
            let Some(watched) = served.get_mut(&id) else { continue };
            timers.set(id, watched.connection.deadline());
            if watched.connection.is_over() {
                if let Some(watched) = served.remove(&id) {
                    // Closing the descriptor takes it off the kernel's list too, unless an operator still sends on it.
                    let _off_the_list = epoll.delete(lane, watched.connection.link().sock());
                    watched.connection.finish(lane, run);
                    door.reopen();
                }
                continue;
            }
            if watched.connection.interest().write != watched.asks_room {
                watched.asks_room = !watched.asks_room;
                epoll.modify_edge(lane, watched.connection.link().sock(), id, watched.asks_room)?;
            }
            watched.list(id, &mut turns);
        }
        if door.closes(run) {
            // No more clients are let in: the loop ends with the last connection.
            is_somebody_at_the_door = false;
            epoll.delete(lane, &run.socket)?;
            run.control.close_door(lane);
        }
    }
}

fn take_turn(lane: &Lane, run: &ServerRun, watched: &mut Watched, desk: &mut Desk) {
    let Watched { connection, told, .. } = watched;
    // send() until EAGAIN, or until nothing waits.
    let is_full = connection.send_waiting(lane, run, *told);
    told.write &= !is_full;
    // recv() until EAGAIN, or until its answers find no room: then it is not the time to read.
    for _ in 0..TURN {
        let may_read = connection.interest().read;
        let heard = connection.recv(lane, run, *told, desk);
        connection.send(lane, run, desk);
        told.hung_up = false;
        match heard {
            Heard::Bytes | Heard::All if run.settings.is_on(&READ_ONCE) => told.read = false,
            Heard::Bytes | Heard::All => {}
            Heard::Nothing => told.read &= !may_read,
            Heard::End => told.read = false,
        }
        if !told.read || !may_read || connection.is_over() {
            break;
        }
    }
}

fn datagrams(lane: &Lane, run: &ServerRun, epoll: &Epoll) -> io::Result<()> {
    let mut peers = Peers::new(run)?;
    let mut desk = Desk::for_datagrams();
    let mut ready = [Event::EMPTY; 2];
    let mut asks_room = false;
    // Told, and no `EAGAIN` since.
    let mut is_readable = false;
    let result = loop {
        // What may not be read yet is kept in mind: the kernel will not tell of it again.
        let goes_on = is_readable && peers.interest().read;
        let events = match epoll.wait(lane, &mut ready, if goes_on { Some(Duration::ZERO) } else { peers.timer() }) {
            Ok(events) => events,
            Err(error) => break Err(error),
        };
        if run.control.is_stopping() {
            break Ok(());
        }
        for event in events {
            match event.token() {
                WAKER => drop(run.control.heed()),
                _ => is_readable |= event.is_readable(),
            }
        }
        peers.flush(lane);
        // recvfrom() until EAGAIN, or until it is not the time to read.
        for _ in 0..TURN {
            if !is_readable || !peers.interest().read {
                break;
            }
            is_readable = peers.receive_one(lane, &mut desk) && !run.settings.is_on(&READ_ONCE);
        }
        if peers.wants_room() != asks_room {
            asks_room = !asks_room;
            if let Err(error) = epoll.modify_edge(lane, &run.socket, SERVER, asks_room) {
                break Err(error);
            }
        }
    };
    peers.finish(lane);
    result
}
