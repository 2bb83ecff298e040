//! `poll`: one thread, one array of descriptors. Each wait hands the whole array to the kernel, and each return is searched
//! for the entries that are ready; both cost time for every idle connection too.

use std::io;
use std::time::{Duration, Instant};

use crate::sys::{PollFd, poll};
use crate::trace::Lane;

use super::ServerRun;
use super::connection::{Connection, Ready};
use super::desk::Desk;
use super::door::Door;
use super::peers::Peers;

/// The first two entries; the connections follow.
const WAKER: usize = 0;
const SERVER: usize = 1;
const FIRST: usize = 2;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    run.socket.set_nonblocking(lane, true)?;
    let mut fds = vec![run.control.waker().poll_fd(), PollFd::new(&run.socket, true, false)];
    if run.stream { streams(lane, &run, &mut fds) } else { datagrams(lane, &run, &mut fds) }
}

fn streams(lane: &Lane, run: &ServerRun, fds: &mut Vec<PollFd>) -> io::Result<()> {
    let mut door = Door::new(run);
    let mut desk = Desk::for_streams();
    // fds[FIRST + i] watches connections[i].
    let mut connections: Vec<Connection> = Vec::new();
    let result = loop {
        // The only place where this thread sleeps.
        if let Err(error) = poll(lane, fds, sooner(door.timer(), &connections)) {
            break Err(error);
        }
        if run.control.is_stopping() {
            break Ok(());
        }
        if fds[WAKER].is_ready() && run.control.heed() {
            connections.iter_mut().for_each(Connection::heed);
        }
        for (fd, connection) in fds[FIRST..].iter().zip(&mut connections) {
            if fd.is_ready() {
                let ready = Ready { read: fd.is_readable(), write: fd.is_writable(), hung_up: fd.is_hung_up() };
                connection.send_waiting(lane, run, ready);
                connection.recv(lane, run, ready, &mut desk);
                connection.send(lane, run, &mut desk);
            }
        }
        for connection in connections.iter_mut().filter(|c| c.deadline().is_some_and(|at| at <= Instant::now())) {
            connection.tick(lane, run, &mut desk);
            connection.send(lane, run, &mut desk);
        }
        if fds[SERVER].is_readable() {
            match accept_all(lane, run, &mut door, &mut desk, &mut connections) {
                Ok(()) => {}
                Err(error) => break Err(error),
            }
        }
        keep_in_step(lane, run, fds, &mut connections, &mut door);
        if door.closes(run) {
            // No more clients are let in: the loop ends with the last connection.
            fds[SERVER].ignore();
            run.control.close_door(lane);
        }
    };
    connections.into_iter().for_each(|connection| connection.finish(lane, run));
    result
}

/// How long to sleep at most: until the door opens again, or the first deadline of a connection.
fn sooner(door: Option<Duration>, connections: &[Connection]) -> Option<Duration> {
    let first = connections.iter().filter_map(Connection::deadline).min();
    let first = first.map(|at| at.saturating_duration_since(Instant::now()));
    first.into_iter().chain(door).min()
}

fn accept_all(lane: &Lane, run: &ServerRun, door: &mut Door, desk: &mut Desk, to: &mut Vec<Connection>) -> io::Result<()> {
    while let Some(link) = door.next(lane, run)? {
        to.push(Connection::open(lane, run, link, desk));
    }
    Ok(())
}

/// Closes what is over and brings the array up to date for the next wait.
fn keep_in_step(lane: &Lane, run: &ServerRun, fds: &mut Vec<PollFd>, connections: &mut Vec<Connection>, door: &mut Door) {
    for connection in &connections[fds.len() - FIRST..] {
        fds.push(PollFd::new(connection.link().sock(), true, false));
    }
    let mut i = 0;
    while i < connections.len() {
        if connections[i].is_over() {
            fds.swap_remove(FIRST + i);
            connections.swap_remove(i).finish(lane, run);
            door.reopen();
        } else {
            let interest = connections[i].interest();
            fds[FIRST + i].set(interest.read, interest.write);
            i += 1;
        }
    }
    fds[SERVER].set(door.is_open(), false);
}

fn datagrams(lane: &Lane, run: &ServerRun, fds: &mut [PollFd]) -> io::Result<()> {
    let mut peers = Peers::new(run)?;
    let mut desk = Desk::for_datagrams();
    let result = loop {
        if let Err(error) = poll(lane, fds, peers.timer()) {
            break Err(error);
        }
        if run.control.is_stopping() {
            break Ok(());
        }
        if fds[WAKER].is_ready() {
            run.control.heed();
        }
        peers.flush(lane);
        if fds[SERVER].is_readable() {
            peers.receive(lane, &mut desk);
        }
        let interest = peers.interest();
        fds[SERVER].set(interest.read, interest.write);
    };
    peers.finish(lane);
    result
}
