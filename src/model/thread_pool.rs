//! Blocking, a pool of n threads: one thread sleeps in `accept` and puts each connection into a bounded queue; n workers take
//! them out and serve each to its end. When all workers are busy, whoever comes next is accepted and waits in the queue,
//! unheard; when the queue is full too, nobody is accepted any more and clients wait in the kernel's accept queue.

use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use crate::settings::{SettingDef, Unit};
use crate::sys::Handover;
use crate::trace::{End, Lane};

use super::ServerRun;
use super::desk::Desk;
use super::door::Door;
use super::link::Link;
use super::talk::Talk;

const WORKERS: SettingDef = SettingDef::number("workers", (1, 4, 256), Unit::Count, "threads that serve");
const QUEUE: SettingDef = SettingDef::number("queue", (1, 64, 4_096), Unit::Count, "accepted connections that wait for a worker");
pub(super) static SETTINGS: [SettingDef; 2] = [WORKERS, QUEUE];

pub(super) const NO_DATAGRAMS: &str = "a pool hands connections to its workers, and datagrams have none. Several workers in recvfrom \
     on one socket would answer the datagrams of one peer out of order";

/// Enough for `work`; its buffer is on the heap.
const STACK_BYTES: usize = 192 << 10;

type Queue = Handover<Arc<Link>>;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    let queue = Arc::new(Queue::new(run.settings.number(&QUEUE) as usize));
    let run = Arc::new(run);
    let mut workers = Vec::new();
    let mut result = (1..=run.settings.number(&WORKERS)).try_for_each(|n| {
        workers.push(start(n, lane, &run, &queue)?);
        Ok(())
    });
    if result.is_ok() {
        result = accept_all(lane, &run, &queue);
    }
    if result.is_err() {
        run.control.stop();
    }
    queue.close();
    for worker in workers {
        // A panic was reported where it happened.
        let _panicked = worker.join();
    }
    result
}

fn accept_all(lane: &Lane, run: &ServerRun, queue: &Queue) -> io::Result<()> {
    let mut door = Door::new(run);
    // accept() sleeps until a client is there …
    while let Some(client) = door.wait(lane, run)? {
        client.wait_for_worker(&run.board);
        // … which waits in the queue for a worker. While the queue is full, this thread sleeps here.
        if let Err(client) = queue.put(lane, client) {
            run.control.finish(lane, client, End::Here);
            return Err(io::Error::other("a worker of the pool panicked"));
        }
    }
    Ok(())
}

fn work(lane: &Lane, run: &ServerRun, queue: &Queue) {
    let mut desk = Desk::for_streams();
    // Sleeps until a client is in the queue …
    while let Some(client) = queue.take(lane) {
        if !client.leave_queue(&run.board) {
            // An operator closed it as it waited.
            Link::release(client, lane);
            continue;
        }
        let mut talk = Talk::open(lane, run, client, &mut desk);
        // … then recv() sleeps until this one client says something …
        while talk.recv(&mut desk) {
            // … and send() while there is no room for the answer, until it leaves.
            talk.send(&mut desk);
        }
        talk.finish(&mut desk);
    }
}

fn start(n: u64, lane: &Lane, run: &Arc<ServerRun>, queue: &Arc<Queue>) -> io::Result<JoinHandle<()>> {
    let name = format!("{}:worker-{n}", run.control.name());
    let (run, queue, tap) = (Arc::clone(run), Arc::clone(queue), Arc::clone(lane.tap()));
    let lane = tap.lane(name.as_str());
    let work = move || {
        let _watch = Watch(&queue);
        work(&lane, &run, &queue);
    };
    let no_thread = |error| io::Error::other(format!("no thread for worker {n}: {error}"));
    Builder::new().name(name).stack_size(STACK_BYTES).spawn(work).map_err(no_thread)
}

/// A worker that panics closes the queue: else a pool without workers would hold up its server's stop.
struct Watch<'a>(&'a Queue);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.close();
        }
    }
}
