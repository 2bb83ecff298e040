//! Blocking, a thread per connection: one thread sleeps in `accept`, and each connection has a thread that sleeps in `recv`
//! and `send` for it alone. Datagrams have no connections, so there is one thread with the `recvfrom` loop of `iterative`.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use parking_lot::Mutex;

use crate::trace::{Call, End, Lane};

use super::ServerRun;
use super::desk::Desk;
use super::door::Door;
use super::link::Link;
use super::talk::Talk;

/// Enough for `converse`; its buffer is on the heap.
const STACK_BYTES: usize = 192 << 10;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    if run.stream { streams(lane, &Arc::new(run)) } else { super::iterative::datagrams(lane, &run) }
}

fn streams(lane: &Lane, run: &Arc<ServerRun>) -> io::Result<()> {
    let mut door = Door::new(run);
    let mut threads = Threads::default();
    // accept() sleeps until a client is there …
    let result = loop {
        match door.wait(lane, run) {
            // … which gets a thread of its own.
            Ok(Some(client)) => threads.start(lane, run, client),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
        threads.join_ended();
    };
    if result.is_err() {
        run.control.stop();
    }
    threads.join_all();
    result
}

/// What each thread does.
fn converse(lane: &Lane, run: &ServerRun, client: Arc<Link>) {
    let mut desk = Desk::for_streams();
    let mut talk = Talk::open(lane, run, client, &mut desk);
    // recv() sleeps until this client says something …
    while talk.recv(&mut desk) {
        // … and send() while there is no room for the answer.
        talk.send(&mut desk);
    }
    talk.finish(&mut desk);
}

/// The threads that were started and are not joined yet.
#[derive(Default)]
struct Threads {
    running: HashMap<u32, JoinHandle<()>>,
    /// The numbers of those that came to their end.
    ended: Arc<Mutex<Vec<u32>>>,
}

impl Threads {
    fn start(&mut self, lane: &Lane, run: &Arc<ServerRun>, client: Arc<Link>) {
        let (id, number) = (client.conn.id, client.conn.number);
        let name = format!("{}:{number}", run.control.name());
        let (run_there, ended, tap) = (Arc::clone(run), Arc::clone(&self.ended), Arc::clone(lane.tap()));
        let work = move || {
            let lane = tap.lane(std::thread::current().name().unwrap_or_default());
            converse(&lane, &run_there, client);
            ended.lock().push(number);
        };
        match Builder::new().name(name).stack_size(STACK_BYTES).spawn(work) {
            Ok(thread) => drop(self.running.insert(number, thread)),
            Err(error) => {
                // Too many threads: this client is sent away, the others are served on.
                let Some(client) = run.control.links().get(id) else { return };
                let error = io::Error::other(format!("no thread for this connection: {error}"));
                run.board.trouble(Call::Accept, Arc::clone(&client.conn.peer), error);
                run.control.finish(lane, client, End::Here);
            }
        }
    }

    fn join_ended(&mut self) {
        let ended = std::mem::take(&mut *self.ended.lock());
        for thread in ended.iter().filter_map(|number| self.running.remove(number)) {
            // A panic was reported where it happened; the other clients are served on.
            let _panicked = thread.join();
        }
    }

    fn join_all(&mut self) {
        for (_, thread) in self.running.drain() {
            let _panicked = thread.join();
        }
    }
}
