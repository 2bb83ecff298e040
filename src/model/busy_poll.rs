//! Non-blocking, busy polling: no call ever sleeps. Round after round every socket is asked whether it has something, and
//! almost always the answer is `EAGAIN`: a processor core is spent on asking. A pause per round gives most of it back and
//! costs delay instead.

use std::io;
use std::time::{Duration, Instant};

use crate::settings::{SettingDef, Unit};
use crate::sys::nap;
use crate::trace::Lane;

use super::ServerRun;
use super::connection::{Connection, Ready};
use super::desk::Desk;
use super::door::Door;
use super::peers::Peers;

const PAUSE: SettingDef = SettingDef::number("pause_us", (0, 0, 1_000_000), Unit::Micros, "sleep after each round");
pub(super) static SETTINGS: [SettingDef; 1] = [PAUSE];

/// Nobody says what is ready: each call is tried.
const PERHAPS: Ready = Ready { read: true, write: true, hung_up: false };

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
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
    while !run.control.is_stopping() {
        // accept(): EAGAIN when nobody is there.
        if door.is_open() {
            while let Some(link) = door.next(lane, run)? {
                connections.push(Connection::open(lane, run, link, &mut desk));
            }
        }
        if door.closes(run) {
            // No more clients are let in: the loop ends with the last connection.
            run.control.close_door(lane);
        }
        for connection in &mut *connections {
            connection.send_waiting(lane, run, PERHAPS);
            // recv(): EAGAIN when nothing is there.
            connection.recv(lane, run, PERHAPS, &mut desk);
            connection.send(lane, run, &mut desk);
            if connection.deadline().is_some_and(|at| at <= Instant::now()) {
                connection.tick(lane, run, &mut desk);
                connection.send(lane, run, &mut desk);
            }
        }
        for over in connections.extract_if(.., |connection| connection.is_over()) {
            over.finish(lane, run);
            door.reopen();
        }
        pause(lane, run);
    }
    Ok(())
}

fn datagrams(lane: &Lane, run: &ServerRun) -> io::Result<()> {
    let mut peers = Peers::new(run)?;
    let mut desk = Desk::for_datagrams();
    while !run.control.is_stopping() {
        peers.flush(lane);
        // recvfrom() until EAGAIN.
        peers.receive(lane, &mut desk);
        pause(lane, run);
    }
    peers.finish(lane);
    Ok(())
}

/// The only sleep, and only if asked for; a stop or an operator's request ends it.
#[track_caller]
fn pause(lane: &Lane, run: &ServerRun) {
    let time = Duration::from_micros(run.settings.number(&PAUSE));
    if !time.is_zero() {
        nap(lane, time, run.control.waker());
        run.control.heed();
    }
}
