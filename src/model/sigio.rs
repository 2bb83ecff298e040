//! Signal-driven: the kernel sends a signal whenever something may have become possible on a descriptor, and one thread takes
//! these signals like messages. They tell of changes, so each is followed by `recv` and `send` until nothing is left to do. A
//! full queue loses signals; plain `SIGIO` says so, and then all descriptors are looked at.

use std::collections::{HashSet, VecDeque};
use std::io;
use std::time::Duration;

use crate::sys::sigio::{Signal, Signals};
use crate::sys::{PollFd, RawFd, poll};
use crate::trace::{Call, Lane};

use super::ServerRun;
use super::by_id::ById;
use super::connection::{Connection, Heard, Ready};
use super::desk::Desk;
use super::door::Door;
use super::peers::Peers;
use super::timers::Timers;

/// A signal is a hint, not the truth: both directions are tried.
const TRY_BOTH: Ready = Ready { read: true, write: true, hung_up: false };
/// The kernel tells only those of room whose `send` found none, and only one of them (`SOCKWQ_ASYNC_NOSPACE`). An operator who
/// sends on the same socket may be that one, so who waits for room looks also without a signal.
const AGAIN: Duration = Duration::from_millis(10);
/// Receives in a row on one connection before the others have their turn.
const TURN: usize = 16;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    // Blocked before the first one can come: unblocked, such a signal ends the process.
    let signals = Signals::block()?;
    run.socket.set_nonblocking(lane, true)?;
    let mut served = ById::default();
    let result = wait_and_serve(lane, &run, &signals, &mut served);
    // Nothing may be sent to this thread any more when `signals` lets signals through again.
    signals.disarm(lane, &run.socket);
    signals.disarm_waker(lane, run.control.waker());
    served.into_values().for_each(|connection| close(lane, &run, &signals, connection));
    result
}

fn wait_and_serve(lane: &Lane, run: &ServerRun, signals: &Signals, served: &mut ById<RawFd, Connection>) -> io::Result<()> {
    let waker = signals.arm_waker(lane, run.control.waker())?;
    signals.arm(lane, &run.socket)?;
    if run.stream { streams(lane, run, signals, waker, served) } else { datagrams(lane, run, signals, waker) }
}

fn streams(lane: &Lane, run: &ServerRun, signals: &Signals, waker: RawFd, served: &mut ById<RawFd, Connection>) -> io::Result<()> {
    let server = run.socket.fd();
    let mut door = Door::new(run);
    let mut timers = Timers::default();
    let mut desk = Desk::for_streams();
    // Connections on which something may be possible.
    let mut hints: VecDeque<(RawFd, Ready)> = VecDeque::new();
    let mut wait_for_room: HashSet<RawFd> = HashSet::new();
    // No signal told of what was there before O_ASYNC: look at everything once.
    let mut signal = Some(Signal::Overflow);
    let mut somebody_waits = false;
    while !run.control.is_stopping() {
        match signal {
            None => {}
            Some(Signal::Ready { fd, .. }) if fd == server => somebody_waits = true,
            Some(Signal::Ready { fd, .. }) if fd == waker => heed(run, served, &mut hints),
            Some(Signal::Ready { fd, hung_up: false }) => hints.push_back((fd, TRY_BOTH)),
            Some(Signal::Ready { fd, hung_up: true }) => look(lane, served.get_key_value(&fd), &mut hints)?,
            Some(Signal::Overflow) => {
                somebody_waits = true;
                heed(run, served, &mut hints);
                look(lane, &*served, &mut hints)?;
            }
        }
        // The listener's signal is not repeated either, so nobody is left waiting but at a shut door.
        if somebody_waits && door.is_open() {
            while let Some(link) = door.next(lane, run)? {
                let connection = Connection::open(lane, run, link, &mut desk);
                let fd = connection.link().sock().fd();
                match signals.arm(lane, connection.link().sock()) {
                    Ok(()) => {
                        served.insert(fd, connection);
                        hints.push_back((fd, TRY_BOTH));
                    }
                    Err(error) => connection.give_up(lane, run, Call::Fcntl, error),
                }
            }
            somebody_waits = door.left_somebody();
        }
        while let Some(key) = timers.due_now() {
            if let Some(connection) = served.get_mut(&(key as RawFd)) {
                connection.tick(lane, run, &mut desk);
                connection.send(lane, run, &mut desk);
                hints.push_back((key as RawFd, TRY_BOTH));
            }
        }
        for _ in 0..hints.len() {
            let Some((fd, ready)) = hints.pop_front() else { break };
            // A signal may come late: this one has ended, and the number may be another connection's by now.
            let Some(connection) = served.get_mut(&fd) else { continue };
            for turn in 1.. {
                connection.send_waiting(lane, run, ready);
                let heard = connection.recv(lane, run, ready, &mut desk);
                connection.send(lane, run, &mut desk);
                if !matches!(heard, Heard::Bytes | Heard::All) && !connection.can_go_on() {
                    break;
                }
                if turn == TURN {
                    hints.push_back((fd, TRY_BOTH));
                    break;
                }
            }
            if connection.interest().write {
                look(lane, [(&fd, &*connection)], &mut hints)?;
                wait_for_room.insert(fd);
            } else {
                wait_for_room.remove(&fd);
            }
            timers.set(fd as u64, connection.deadline());
            if connection.is_over()
                && let Some(connection) = served.remove(&fd)
            {
                wait_for_room.remove(&fd);
                close(lane, run, signals, connection);
                door.reopen();
            }
        }
        if door.closes(run) {
            // No more clients are let in: the loop ends with the last connection.
            signals.disarm(lane, &run.socket);
            run.control.close_door(lane);
        }
        let again = if wait_for_room.is_empty() { None } else { Some(AGAIN) };
        let limit = if hints.is_empty() { timers.limit(door.timer().into_iter().chain(again).min()) } else { Some(Duration::ZERO) };
        // The only place where this thread sleeps.
        signal = signals.wait(lane, limit)?;
        if signal.is_none() {
            look(lane, wait_for_room.iter().filter_map(|fd| served.get_key_value(fd)), &mut hints)?;
        }
    }
    Ok(())
}

/// Somebody may have asked connections to leave, or left words for them.
fn heed(run: &ServerRun, served: &mut ById<RawFd, Connection>, hints: &mut VecDeque<(RawFd, Ready)>) {
    if run.control.heed() {
        served.values_mut().for_each(Connection::heed);
        hints.extend(served.keys().map(|fd| (*fd, TRY_BOTH)));
    }
}

/// Asks which of these are ready in truth, without waiting. Once there is room, bytes that waited to be read may be, too.
fn look<'a>(
    lane: &Lane,
    served: impl IntoIterator<Item = (&'a RawFd, &'a Connection)>,
    hints: &mut VecDeque<(RawFd, Ready)>,
) -> io::Result<()> {
    let watch = |(fd, connection): (&RawFd, &Connection)| {
        let interest = connection.interest();
        (*fd, PollFd::new(connection.link().sock(), interest.read, interest.write))
    };
    let (numbers, mut fds): (Vec<RawFd>, Vec<PollFd>) = served.into_iter().map(watch).unzip();
    if !fds.is_empty() {
        poll(lane, &mut fds, Some(Duration::ZERO))?;
    }
    for (number, fd) in numbers.into_iter().zip(&fds).filter(|(_, fd)| fd.is_ready()) {
        hints.push_back((number, Ready { hung_up: fd.is_hung_up(), ..TRY_BOTH }));
    }
    Ok(())
}

/// An operator may still hold the socket, so closing alone would not end its signals.
fn close(lane: &Lane, run: &ServerRun, signals: &Signals, connection: Connection) {
    signals.disarm(lane, connection.link().sock());
    connection.finish(lane, run);
}

fn datagrams(lane: &Lane, run: &ServerRun, signals: &Signals, waker: RawFd) -> io::Result<()> {
    let mut peers = Peers::new(run)?;
    let mut desk = Desk::for_datagrams();
    let mut signal = Ok(Some(Signal::Overflow));
    let result = loop {
        if run.control.is_stopping() {
            break Ok(());
        }
        match signal {
            Err(error) => break Err(error),
            Ok(Some(Signal::Ready { fd, .. })) if fd == waker => drop(run.control.heed()),
            Ok(Some(Signal::Overflow)) => drop(run.control.heed()),
            Ok(_) => {}
        }
        peers.flush(lane);
        // recvfrom() until EAGAIN: what is left over makes no second signal.
        let mut turn = 0;
        while turn < TURN && peers.receive_one(lane, &mut desk) {
            turn += 1;
        }
        // The only place where this thread sleeps.
        signal = signals.wait(lane, if turn == TURN { Some(Duration::ZERO) } else { peers.timer() });
    };
    peers.finish(lane);
    result
}
