//! `kqueue`, level-triggered: the kernel keeps a filter for each descriptor and direction, and each wait returns only those
//! whose condition holds, however many are idle. What `epoll` is on Linux, on macOS and the BSDs.

use std::io;

use crate::sys::Sock;
use crate::sys::kqueue::{Event, Filter, Kqueue};
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
/// Fits the kernel's pointer-sized field on every system.
const WAKER: u64 = usize::MAX as u64;
/// Events taken from the kernel at once.
const BATCH: usize = 256;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    let kqueue = Kqueue::new(lane)?;
    run.socket.set_nonblocking(lane, true)?;
    kqueue.add(lane, &run.socket, Filter::Read, SERVER)?;
    kqueue.add_waker(lane, run.control.waker(), WAKER)?;
    if run.stream {
        let mut served = ById::default();
        let result = streams(lane, &run, &kqueue, &mut served);
        served.into_values().for_each(|Watched { connection, .. }| connection.finish(lane, &run));
        result
    } else {
        datagrams(lane, &run, &kqueue)
    }
}

/// A connection and the filters the kernel has for it.
struct Watched {
    connection: Connection,
    interest: Interest,
}

/// Adds and deletes filters so that they match `to`.
fn change(lane: &Lane, kqueue: &Kqueue, sock: &Sock, token: u64, from: Interest, to: Interest) -> io::Result<()> {
    for (filter, is, should) in [(Filter::Read, from.read, to.read), (Filter::Write, from.write, to.write)] {
        match (is, should) {
            (false, true) => kqueue.add(lane, sock, filter, token)?,
            (true, false) => kqueue.delete(lane, sock, filter)?,
            (true, true) | (false, false) => {}
        }
    }
    Ok(())
}

fn streams(lane: &Lane, run: &ServerRun, kqueue: &Kqueue, served: &mut ById<u64, Watched>) -> io::Result<()> {
    let mut door = Door::new(run);
    let mut timers = Timers::default();
    let mut desk = Desk::for_streams();
    let mut ready = [Event::EMPTY; BATCH];
    let mut touched = Vec::new();
    let mut listening = true;
    loop {
        // The only place where this thread sleeps.
        let events = kqueue.wait(lane, &mut ready, timers.limit(door.timer()))?;
        if run.control.is_stopping() {
            return Ok(());
        }
        for event in events {
            match event.token() {
                SERVER => {
                    while let Some(link) = door.next(lane, run)? {
                        let id = link.conn.id.0;
                        let connection = Connection::open(lane, run, link, &mut desk);
                        served.insert(id, Watched { connection, interest: Interest::default() });
                        touched.push(id);
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
            let before = watched.interest;
            // One that is over is watched for nothing: closing it would delete its filters too, unless an operator still sends on it.
            let after = if watched.connection.is_over() { Interest::default() } else { watched.connection.interest() };
            let changed = change(lane, kqueue, watched.connection.link().sock(), id, before, after);
            watched.interest = after;
            if (watched.connection.is_over() || changed.is_err())
                && let Some(Watched { connection, .. }) = served.remove(&id)
            {
                match changed {
                    Ok(()) => connection.finish(lane, run),
                    Err(error) => connection.give_up(lane, run, Call::Kevent, error),
                }
                door.reopen();
            }
        }
        if door.closes(run) {
            // No more clients are let in: the loop ends with the last connection.
            change(lane, kqueue, &run.socket, SERVER, Interest { read: listening, write: false }, Interest::default())?;
            listening = false;
            run.control.close_door(lane);
        }
        let should_listen = door.is_open();
        let [from, to] = [listening, should_listen].map(|read| Interest { read, write: false });
        change(lane, kqueue, &run.socket, SERVER, from, to)?;
        listening = should_listen;
    }
}

fn datagrams(lane: &Lane, run: &ServerRun, kqueue: &Kqueue) -> io::Result<()> {
    let mut peers = Peers::new(run)?;
    let mut desk = Desk::for_datagrams();
    let mut ready = [Event::EMPTY; 4];
    let mut watched = Interest { read: true, write: false };
    let result = loop {
        let events = match kqueue.wait(lane, &mut ready, peers.timer()) {
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
        let wanted = peers.interest();
        if let Err(error) = change(lane, kqueue, &run.socket, SERVER, watched, wanted) {
            break Err(error);
        }
        watched = wanted;
    };
    peers.finish(lane);
    result
}
