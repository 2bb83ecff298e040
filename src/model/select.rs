//! `select`: one thread, three sets of descriptors: whom to read, whom to write, whose urgent data to hear of. The sets are
//! filled before each wait, the kernel leaves in them who is ready, and every descriptor is looked up; on Unix no descriptor
//! from `FD_SETSIZE` (1,024) on can be in a set at all.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::sys::{FdSet, Sets, select};
use crate::trace::{Call, End, Lane};

use super::ServerRun;
use super::connection::{Connection, Ready};
use super::desk::Desk;
use super::door::Door;
use super::peers::Peers;

/// The waker and the listener are watched too.
const OURS: usize = 2;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    FdSet::admits_waker(run.control.waker()).map_err(|error| io::Error::other(format!("for the waker of this server: {error}")))?;
    FdSet::admits(&run.socket, 1).map_err(|error| io::Error::other(format!("for the socket of this server: {error}")))?;
    run.socket.set_nonblocking(lane, true)?;
    if run.stream {
        let mut connections = Vec::new();
        let result = streams(lane, &run, &mut connections);
        connections.into_iter().for_each(|connection| connection.finish(lane, &run));
        result
    } else {
        datagrams(lane, &run)
    }
}

fn streams(lane: &Lane, run: &ServerRun, connections: &mut Vec<Connection>) -> io::Result<()> {
    let mut door = Door::new(run);
    let mut desk = Desk::for_streams();
    let mut sets = Sets::default();
    loop {
        sets.clear();
        sets.read.insert_waker(run.control.waker());
        if door.is_open() {
            sets.read.insert(&run.socket);
        }
        for connection in &*connections {
            let (interest, sock) = (connection.interest(), connection.link().sock());
            if interest.read {
                sets.read.insert(sock);
            }
            // Only while bytes wait: there is nearly always room, and the wait would come back at once, for ever.
            if interest.write {
                sets.write.insert(sock);
            }
        }
        // The only place where this thread sleeps. No service wants urgent data, so the third set stays empty.
        select(lane, &mut sets, sooner(door.timer(), connections))?;
        if run.control.is_stopping() {
            return Ok(());
        }
        if sets.read.contains_waker(run.control.waker()) && run.control.heed() {
            connections.iter_mut().for_each(Connection::heed);
        }
        for connection in &mut *connections {
            let sock = connection.link().sock();
            // A failure makes both ready, and the next call says which.
            let ready = Ready { read: sets.read.contains(sock), write: sets.write.contains(sock), hung_up: false };
            if ready.read || ready.write {
                connection.send_waiting(lane, run, ready);
                connection.recv(lane, run, ready, &mut desk);
                connection.send(lane, run, &mut desk);
            }
            if connection.deadline().is_some_and(|at| at <= Instant::now()) {
                connection.tick(lane, run, &mut desk);
                connection.send(lane, run, &mut desk);
            }
        }
        if sets.read.contains(&run.socket) {
            accept_all(lane, run, &mut door, &mut desk, connections)?;
        }
        for over in connections.extract_if(.., |connection| connection.is_over()) {
            over.finish(lane, run);
            door.reopen();
        }
        if door.closes(run) {
            // No more clients are let in: the loop ends with the last connection.
            run.control.close_door(lane);
        }
    }
}

fn accept_all(lane: &Lane, run: &ServerRun, door: &mut Door, desk: &mut Desk, to: &mut Vec<Connection>) -> io::Result<()> {
    while let Some(link) = door.next(lane, run)? {
        match FdSet::admits(link.sock(), OURS + to.len()) {
            Ok(()) => to.push(Connection::open(lane, run, link, desk)),
            // FD_SET would write past the end of the set: this client is sent away, the others are served on.
            Err(error) => {
                run.board.trouble(Call::Select, Arc::clone(&link.conn.peer), io::Error::other(error.to_string()));
                run.control.finish(lane, link, End::Failed(Call::Select, error));
            }
        }
    }
    Ok(())
}

/// How long to sleep at most: until the door opens again, or the first deadline of a connection.
fn sooner(door: Option<Duration>, connections: &[Connection]) -> Option<Duration> {
    let first = connections.iter().filter_map(Connection::deadline).min();
    let first = first.map(|at| at.saturating_duration_since(Instant::now()));
    first.into_iter().chain(door).min()
}

fn datagrams(lane: &Lane, run: &ServerRun) -> io::Result<()> {
    let mut peers = Peers::new(run)?;
    let mut desk = Desk::for_datagrams();
    let mut sets = Sets::default();
    let result = loop {
        sets.clear();
        sets.read.insert_waker(run.control.waker());
        let interest = peers.interest();
        if interest.read {
            sets.read.insert(&run.socket);
        }
        if interest.write {
            sets.write.insert(&run.socket);
        }
        if let Err(error) = select(lane, &mut sets, peers.timer()) {
            break Err(error);
        }
        if run.control.is_stopping() {
            break Ok(());
        }
        if sets.read.contains_waker(run.control.waker()) {
            run.control.heed();
        }
        peers.flush(lane);
        if sets.read.contains(&run.socket) {
            peers.receive(lane, &mut desk);
        }
    };
    peers.finish(lane);
    result
}
