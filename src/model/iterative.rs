//! Blocking, one client at a time: `accept` a connection, serve it to its end, `accept` the next one. Whoever comes in the
//! meantime is connected by the kernel and waits in the accept queue, unheard. Datagrams need no `accept`: `recvfrom` takes
//! the next one from whomever it is, `sendto` answers.

use std::io;

use crate::trace::Lane;

use super::ServerRun;
use super::desk::Desk;
use super::door::Door;
use super::peers::Peers;
use super::talk::Talk;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    if run.stream { streams(lane, &run) } else { datagrams(lane, &run) }
}

fn streams(lane: &Lane, run: &ServerRun) -> io::Result<()> {
    let mut door = Door::new(run);
    let mut desk = Desk::for_streams();
    // accept() sleeps until a client is there …
    while let Some(client) = door.wait(lane, run)? {
        let mut talk = Talk::open(lane, run, client, &mut desk);
        // … then recv() sleeps until this one client says something …
        while talk.recv(&mut desk) {
            // … and send() while there is no room for the answer, until it leaves.
            talk.send(&mut desk);
        }
        talk.finish(&mut desk);
    }
    Ok(())
}

/// Also what `threads` does: without connections there is nothing to give a thread to.
pub(super) fn datagrams(lane: &Lane, run: &ServerRun) -> io::Result<()> {
    let mut peers = Peers::new(run)?;
    let mut desk = Desk::for_datagrams();
    // recvfrom() sleeps until a datagram is there.
    while let Some(from) = peers.wait(lane, &mut desk) {
        // sendto() sleeps while there is no room for the answer.
        peers.answer(lane, &from, &mut desk);
    }
    peers.finish(lane);
    Ok(())
}
