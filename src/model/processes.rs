//! Blocking, a process per connection: the server sleeps in `accept`, starts a child process for each connection and hands it
//! the socket, which the child serves alone and blocking. The children share no memory with each other; each is waited for
//! when it ends, so that none is left as a zombie.

use std::io;
use std::sync::Arc;

use crate::settings::{SettingDef, Unit};
use crate::trace::Lane;

use super::ServerRun;
use super::desk::Desk;
use super::door::Door;
use super::link::Link;
use super::talk::Talk;
use super::worker::Workers;

/// Children at one time; more clients wait in the accept queue.
pub(super) const MOST: SettingDef = SettingDef::number("most", (1, 512, 4_096), Unit::Count, "child processes at one time");

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    let run = Arc::new(run);
    let mut door = Door::new(&run);
    let mut workers = Workers::new(&run);
    // accept() sleeps until a client is there …
    let result = loop {
        match door.wait(lane, &run) {
            // … which gets a process of its own; we keep a copy of the socket only to be able to close it from here.
            Ok(Some(client)) => workers.spawn(lane, client),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
        // Enough children: the next client waits in the accept queue until one of them has ended.
        workers.wait_for_room(run.settings.number(&MOST));
    };
    if result.is_err() {
        run.control.stop();
    }
    workers.join_all();
    result
}

/// What each child does.
pub(super) fn converse(lane: &Lane, run: &ServerRun, client: Arc<Link>) {
    let mut desk = Desk::for_streams();
    let mut talk = Talk::open(lane, run, client, &mut desk);
    // recv() sleeps until this client says something …
    while talk.recv(&mut desk) {
        // … and send() while there is no room for the answer.
        talk.send(&mut desk);
    }
    talk.finish(&mut desk);
}
