//! Completion: the thread asks the kernel for no readiness, it hands over whole operations (`accept`, `recv`, `send`) and is
//! told when they are done. Between the two the kernel waits and copies by itself; one `io_uring_enter` hands over many
//! operations and sleeps until one of them is done.

use std::io;

use crate::sys::uring::{Chunk, Completion, Done, Ring};
use crate::trace::Lane;

use super::ServerRun;
use super::by_id::ById;
use super::connection::{Connection, Ready};
use super::desk::Desk;
use super::door::{Door, Leave};
use super::peers::Peers;
use super::timers::Timers;

/// The token of operations on the server's socket; the others are the connections' ids, which are never used twice and start at 1.
const SERVER: u64 = 0;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    let mut ring = Ring::new(lane)?;
    if run.stream {
        let mut served = ById::default();
        let result = streams(lane, &run, &mut ring, &mut served);
        // A descriptor that is closed under an operation stays open in the kernel: first all operations are called off.
        drop(ring);
        served.into_values().for_each(|Served { connection, .. }| connection.finish(lane, &run));
        result
    } else {
        datagrams(lane, &run, &mut ring)
    }
}

/// A connection, and which operations on it are with the kernel.
struct Served {
    connection: Connection,
    receiving: bool,
    sending: bool,
    /// Whoever does not receive is told in another way when the connection is over or failed …
    watching: bool,
    /// … and asks `recv` once which it is.
    hung_up: HungUp,
    /// Bytes wait, and cannot be handed over before others' have gone.
    wants_room: bool,
    called_off: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum HungUp {
    No,
    Yes,
    Asked,
}

impl Served {
    fn new(connection: Connection) -> Self {
        let [receiving, sending, watching, wants_room, called_off] = [false; 5];
        Self { connection, receiving, sending, watching, hung_up: HungUp::No, wants_room, called_off }
    }
}

fn streams(lane: &Lane, run: &ServerRun, ring: &mut Ring, served: &mut ById<u64, Served>) -> io::Result<()> {
    let mut door = Door::new(run);
    let mut timers = Timers::default();
    let mut desk = Desk::for_streams();
    let mut touched = Vec::new();
    // What the kernel was asked for: everybody, one (the gate before accept is shut behind it), or nobody.
    let mut accepting = Leave::None;
    let mut calling_off = false;
    ring.watch_waker(lane, run.control.waker())?;
    loop {
        match (accepting, door.leave(accepting)) {
            (Leave::None, Leave::None) => {}
            (Leave::None, leave) => {
                if leave == Leave::All {
                    ring.accept(lane, &run.socket, SERVER)?
                } else {
                    ring.accept_one(lane, &run.socket, SERVER)?
                }
                (accepting, calling_off) = (leave, false);
            }
            // The gate was shut meanwhile. There is still a last completion.
            (_, Leave::None) if !calling_off => {
                ring.cancel(&run.socket);
                calling_off = true;
            }
            (_, _) => {}
        }
        // The only place where this thread sleeps.
        ring.wait(lane, timers.limit(door.timer()))?;
        if run.control.is_stopping() {
            return Ok(());
        }
        while let Some(Completion { token, done }) = ring.next(lane) {
            match done {
                Done::Accept { result, last } => {
                    if last {
                        accepting = Leave::None;
                    }
                    if let Some(link) = door.let_in(lane, run, result)? {
                        let id = link.conn.id.0;
                        let connection = Connection::open_submitting(lane, run, link, &mut desk);
                        served.insert(id, Served::new(connection));
                        touched.push(id);
                    }
                }
                Done::Woken => {
                    if run.control.heed() {
                        served.values_mut().for_each(|it| it.connection.heed());
                        touched.extend(served.keys());
                    }
                    ring.watch_waker(lane, run.control.waker())?;
                }
                Done::Recv(result) => {
                    if let Some(it) = served.get_mut(&token) {
                        it.receiving = false;
                        received(lane, run, ring, it, result, &mut desk);
                        touched.push(token);
                    }
                }
                Done::Send { bytes, from, result } => {
                    if let Some(it) = served.get_mut(&token) {
                        it.sending = false;
                        it.connection.heed();
                        let rest = it.connection.sent(lane, run, bytes, from, result);
                        if let Some((bytes, from)) = rest.filter(|_| !it.connection.is_over()) {
                            ring.send(lane, it.connection.link().sock(), token, bytes, from)?;
                            it.sending = true;
                        }
                        touched.push(token);
                    }
                }
                Done::HungUp { last } => {
                    if let Some(it) = served.get_mut(&token) {
                        it.watching &= !last;
                        if it.hung_up == HungUp::No {
                            it.hung_up = HungUp::Yes;
                        }
                        touched.push(token);
                    }
                }
                Done::Room => {
                    if let Some(it) = served.get_mut(&token) {
                        it.wants_room = false;
                        it.connection.send_waiting(lane, run, Ready { read: false, write: true, hung_up: false });
                        touched.push(token);
                    }
                }
                Done::RecvFrom { .. } => {}
            }
        }
        while let Some(id) = timers.due_now() {
            if let Some(it) = served.get_mut(&id) {
                it.connection.tick(lane, run, &mut desk);
                it.connection.send(lane, run, &mut desk);
                touched.push(id);
            }
        }
        for id in touched.drain(..) {
            let Some(it) = served.get_mut(&id) else { continue };
            if !it.sending && it.connection.can_go_on() {
                it.connection.send(lane, run, &mut desk);
            }
            timers.set(id, it.connection.deadline());
            if submit(lane, ring, id, it, &mut desk)?
                && let Some(it) = served.remove(&id)
            {
                it.connection.finish(lane, run);
                door.reopen();
            }
        }
        if door.closes(run) {
            // No more clients are let in: the loop ends with the last connection.
            run.control.close_door(lane);
        }
    }
}

/// Bytes came, or the end, or an error: the service answers.
fn received(lane: &Lane, run: &ServerRun, ring: &mut Ring, it: &mut Served, result: io::Result<Chunk>, desk: &mut Desk) {
    it.connection.heed();
    match result {
        // Every buffer was in use; by the next time some are back.
        Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => {}
        _ if it.connection.is_over() => {}
        Err(error) => drop(it.connection.heard(run, Err(error), &mut desk.out)),
        Ok(chunk) => {
            it.connection.heard(run, Ok(&chunk), &mut desk.out);
            ring.give_back(chunk);
        }
    }
    it.connection.send(lane, run, desk);
}

/// Hands over what is to be done next on this connection; says whether it is over and nothing of it is with the kernel any more.
fn submit(lane: &Lane, ring: &mut Ring, id: u64, it: &mut Served, desk: &mut Desk) -> io::Result<bool> {
    if it.hung_up == HungUp::Yes && !it.sending && !it.connection.is_over() && it.connection.hung_up(lane) {
        it.hung_up = HungUp::Asked;
    }
    let sock = it.connection.link().sock();
    if it.connection.is_over() {
        let busy = it.receiving || it.sending || it.watching || it.wants_room;
        if busy && !std::mem::replace(&mut it.called_off, true) {
            ring.cancel(sock);
        }
        return Ok(!busy);
    }
    let asks = it.hung_up == HungUp::Yes && !it.sending;
    if !it.receiving && (it.connection.interest().read || asks) {
        ring.recv(lane, sock, id, it.connection.most(&mut desk.buf))?;
        it.receiving = true;
    }
    if asks {
        it.hung_up = HungUp::Asked;
    }
    if !it.receiving && !it.watching && it.hung_up == HungUp::No {
        ring.watch(lane, sock, id)?;
        it.watching = true;
    }
    if it.sending {
        return Ok(false);
    }
    if let Some(bytes) = it.connection.take_out() {
        ring.send(lane, it.connection.link().sock(), id, bytes, 0)?;
        it.sending = true;
    } else if it.connection.interest().write && !it.wants_room {
        ring.wait_for_room(lane, it.connection.link().sock(), id)?;
        it.wants_room = true;
    }
    Ok(false)
}

/// Datagrams are received by the kernel. Answers go out with `sendto`, which does not wait: what finds no room is sent once
/// the kernel says that there is some.
fn datagrams(lane: &Lane, run: &ServerRun, ring: &mut Ring) -> io::Result<()> {
    let mut peers = Peers::new(run)?;
    let mut desk = Desk::for_datagrams();
    let result = receive_and_answer(lane, run, ring, &mut peers, &mut desk);
    peers.finish(lane);
    result
}

fn receive_and_answer(lane: &Lane, run: &ServerRun, ring: &mut Ring, peers: &mut Peers, desk: &mut Desk) -> io::Result<()> {
    let (mut receiving, mut waiting_for_room) = (false, false);
    ring.watch_waker(lane, run.control.waker())?;
    loop {
        let interest = peers.interest();
        if interest.read && !receiving {
            desk.fit_datagrams(run.control.wire());
            ring.recv_from(lane, &run.socket, SERVER, std::mem::take(&mut desk.buf))?;
            receiving = true;
        }
        if interest.write && !waiting_for_room {
            ring.wait_for_room(lane, &run.socket, SERVER)?;
            waiting_for_room = true;
        }
        // The only place where this thread sleeps.
        ring.wait(lane, peers.timer())?;
        if run.control.is_stopping() {
            return Ok(());
        }
        peers.flush(lane);
        while let Some(Completion { done, .. }) = ring.next(lane) {
            match done {
                Done::RecvFrom { buf, result } => {
                    receiving = false;
                    desk.buf = buf;
                    // What the end of the door woke is no datagram.
                    if !run.control.is_finishing() {
                        peers.heard(lane, result, desk);
                    }
                }
                Done::Woken => {
                    run.control.heed();
                    ring.watch_waker(lane, run.control.waker())?;
                }
                Done::Room => waiting_for_room = false,
                Done::Accept { .. } | Done::Recv(_) | Done::Send { .. } | Done::HungUp { .. } => {}
            }
        }
    }
}
