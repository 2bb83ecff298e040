//! `epoll`, level-triggered: the kernel keeps the list of watched descriptors, and each wait returns only those that are
//! ready, however many are idle. A descriptor is returned again as long as it stays ready.

use std::io;

use crate::sys::epoll::{Epoll, Event};
use crate::trace::{Call, Lane};

use super::ServerRun;
use super::by_id::ById;
use super::connection::{Connection, Interest, Ready};
use super::desk::Desk;
use super::door::Door;
use super::peers::Peers;
use super::timers::Timers;

/// Tokens; the others are the connections' ids, which are never used twice and start at 1.
const SERVER: u64 = 0;
const WAKER: u64 = u64::MAX;
/// Ready descriptors taken from the kernel at once.
const BATCH: usize = 256;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    let epoll = Epoll::new(lane)?;
    run.socket.set_nonblocking(lane, true)?;
    epoll.add(lane, &run.socket, SERVER, true, false)?;
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

/// A connection and what the kernel was told to watch it for.
struct Watched {
    connection: Connection,
    interest: Interest,
}

fn streams(lane: &Lane, run: &ServerRun, epoll: &Epoll, served: &mut ById<u64, Watched>) -> io::Result<()> {
    let mut door = Door::new(run);
    let mut timers = Timers::default();
    let mut desk = Desk::for_streams();
    let mut ready = [Event::EMPTY; BATCH];
    let mut touched = Vec::new();
    let mut listening = true;
    loop {
        // The only place where this thread sleeps.
        let events = epoll.wait(lane, &mut ready, timers.limit(door.timer()))?;
        if run.control.is_stopping() {
            return Ok(());
        }
        for event in events {
            match event.token() {
                SERVER => {
                    while let Some(link) = door.next(lane, run)? {
                        let id = link.conn.id.0;
                        let connection = Connection::open(lane, run, link, &mut desk);
                        let interest = connection.interest();
                        match epoll.add(lane, connection.link().sock(), id, interest.read, interest.write) {
                            Ok(()) => {
                                served.insert(id, Watched { connection, interest });
                                touched.push(id);
                            }
                            Err(error) => connection.give_up(lane, run, Call::EpollCtl, error),
                        }
                    }
                }
                WAKER => {
                    if run.control.heed() {
                        served.values_mut().for_each(|watched| watched.connection.heed());
                        touched.extend(served.keys());
                    }
                }
                id => {
                    // One that ended earlier in this batch is not there any more.
                    if let Some(watched) = served.get_mut(&id) {
                        let ready = Ready { read: event.is_readable(), write: event.is_writable(), hung_up: event.is_hung_up() };
                        watched.connection.send_waiting(lane, run, ready);
                        watched.connection.recv(lane, run, ready, &mut desk);
                        watched.connection.send(lane, run, &mut desk);
                        touched.push(id);
                    }
                }
            }
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
            } else if watched.connection.interest() != watched.interest {
                watched.interest = watched.connection.interest();
                epoll.modify(lane, watched.connection.link().sock(), id, watched.interest.read, watched.interest.write)?;
            }
        }
        if door.closes(run) {
            // No more clients are let in: the loop ends with the last connection.
            listening = false;
            epoll.delete(lane, &run.socket)?;
            run.control.close_door(lane);
        }
        if door.is_open() != listening {
            listening = !listening;
            epoll.modify(lane, &run.socket, SERVER, listening, false)?;
        }
    }
}

fn datagrams(lane: &Lane, run: &ServerRun, epoll: &Epoll) -> io::Result<()> {
    let mut peers = Peers::new(run)?;
    let mut desk = Desk::for_datagrams();
    let mut ready = [Event::EMPTY; 2];
    let mut interest = Interest { read: true, write: false };
    let result = loop {
        let events = match epoll.wait(lane, &mut ready, peers.timer()) {
            Ok(events) => events,
            Err(error) => break Err(error),
        };
        if run.control.is_stopping() {
            break Ok(());
        }
        peers.flush(lane);
        for event in events {
            match event.token() {
                WAKER => drop(run.control.heed()),
                _ if event.is_readable() => peers.receive(lane, &mut desk),
                _ => {}
            }
        }
        if peers.interest() != interest {
            interest = peers.interest();
            if let Err(error) = epoll.modify(lane, &run.socket, SERVER, interest.read, interest.write) {
                break Err(error);
            }
        }
    };
    peers.finish(lane);
    result
}
