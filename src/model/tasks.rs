//! Tasks: each connection is a task that reads like a blocking thread. Where such a thread would sleep, a task `await`s: it
//! leaves its thread to the tasks that can go on, and a runtime (tokio) that waits for all sockets in `epoll`, `kqueue` or a
//! completion port lets it go on later. All tasks share one thread, or a few.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch::{self, Receiver};
use tokio::task::{JoinSet, coop, yield_now};

use crate::settings::{SettingDef, Unit};
use crate::sys::tasks::{Watched, Wish, runtime};
use crate::sys::{PollFd, poll};
use crate::trace::{Call, Lane};

use super::ServerRun;
use super::connection::{Connection, Heard, Ready};
use super::desk::Desk;
use super::door::Door;
use super::link::Link;
use super::peers::Peers;

pub(super) const THREADS: SettingDef = SettingDef::number("threads", (1, 1, 64), Unit::Count, "threads that run the tasks");

/// Messages in a row, then the other tasks have their turn.
const TURN: usize = 16;

pub(super) fn serve(lane: &Lane, run: ServerRun) -> io::Result<()> {
    run.socket.set_nonblocking(lane, true)?;
    // Dropped last: its threads are joined then.
    let runtime = runtime(lane.tap(), run.control.name(), run.settings.number(&THREADS) as usize)?;
    let run = Arc::new(run);
    runtime.block_on(async { if run.stream { streams(lane, &run).await } else { datagrams(lane, &run).await } })
}

async fn streams(lane: &Lane, run: &Arc<ServerRun>) -> io::Result<()> {
    let mut tasks = JoinSet::new();
    let (tell, _) = watch::channel(());
    let result = accept(lane, run, &mut tasks, &tell).await;
    if result.is_err() {
        run.control.stop();
    }
    // Each task sees that the server stops, and ends by itself.
    tell.send_replace(());
    while tasks.join_next().await.is_some() {}
    result
}

async fn accept(lane: &Lane, run: &Arc<ServerRun>, tasks: &mut JoinSet<()>, tell: &watch::Sender<()>) -> io::Result<()> {
    let listener = Watched::new(&*run.socket)?;
    let bell = Watched::new(run.control.waker())?;
    let mut door = Door::new(run);
    loop {
        let wish = Wish { read: door.is_open(), ..Wish::default() };
        // accept().await: until a client is there, the tasks have the thread …
        let woke = listener.wait(lane, wish, door.timer().map(|time| Instant::now() + time), bell.readable()).await?;
        if run.control.is_stopping() {
            return Ok(());
        }
        if woke.news {
            heed(run, &bell, tell);
        }
        for _ in 0..TURN {
            let mut client = Ok(None);
            let nobody = listener.try_read(|| {
                client = door.next(lane, run);
                if matches!(client, Ok(None)) && !door.left_somebody() { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
            });
            let Some(client) = client?.filter(|_| nobody.is_ok()) else { break };
            // … and it gets a task of its own.
            let name = format!("{}:{}", run.control.name(), client.conn.number);
            tasks.spawn(serve_one(lane.tap().task_lane(name), Arc::clone(run), client, tell.subscribe()));
        }
        while tasks.try_join_next().is_some() {
            door.reopen();
        }
        if door.closes(run) {
            // No more clients are let in: the loop ends with the last connection.
            run.control.close_door(lane);
        }
        coop::consume_budget().await;
    }
}

/// Takes back the wakes so far; tells the tasks if somebody asked connections to leave or left words for them.
fn heed(run: &ServerRun, bell: &Watched<&crate::sys::Waker>, tell: &watch::Sender<()>) {
    let mut asked = false;
    let _drained = bell.try_read(|| {
        asked = run.control.heed();
        Err(io::ErrorKind::WouldBlock.into())
    });
    if asked {
        tell.send_replace(());
    }
}

async fn serve_one(lane: Lane, run: Arc<ServerRun>, client: Arc<Link>, mut news: Receiver<()>) {
    let socket = Arc::clone(&client);
    let mut connection = with_desk(|desk| Connection::open(&lane, &run, client, desk));
    let result = match Watched::new(socket) {
        Ok(socket) => converse(&lane, &run, &mut connection, &socket, &mut news).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => connection.finish(&lane, &run),
        Err(error) => connection.give_up(&lane, &run, Call::Await, error),
    }
}

async fn converse(
    lane: &Lane,
    run: &ServerRun,
    connection: &mut Connection,
    socket: &Watched<Arc<Link>>,
    news: &mut Receiver<()>,
) -> io::Result<()> {
    let mut told_end = false;
    while !connection.is_over() && !run.control.is_stopping() {
        let interest = connection.interest();
        let wish = Wish { read: interest.read, write: interest.write, end: !told_end };
        // recv().await: the thread is left to other tasks until this client says something, there is room, or it is time.
        let woke = socket.wait(lane, wish, connection.deadline(), changed(news)).await?;
        told_end |= woke.hung_up;
        let has_more = with_desk(|desk| {
            if connection.deadline().is_some_and(|at| at <= Instant::now()) {
                connection.tick(lane, run, desk);
                connection.send(lane, run, desk);
            }
            // send(): what waited for room.
            connection.send_waiting(lane, run, Ready { read: false, write: true, hung_up: false });
            if woke.hung_up {
                connection.recv(lane, run, Ready { read: false, write: false, hung_up: true }, desk);
            }
            // recv() until nothing else is there, or its answers find no room.
            for _ in 0..TURN {
                if !woke.read || !connection.interest().read || connection.is_over() {
                    break;
                }
                let nothing =
                    socket.try_read(|| match connection.recv(lane, run, Ready { read: true, write: false, hung_up: false }, desk) {
                        Heard::Nothing => Err(io::ErrorKind::WouldBlock.into()),
                        // As tokio's own streams do: what comes after it is told anew, and no EAGAIN is asked for. On Windows only
                        // a call that would have blocked asks for news.
                        Heard::All if cfg!(unix) => Err(io::ErrorKind::WouldBlock.into()),
                        Heard::Bytes | Heard::All | Heard::End => Ok(()),
                    });
                connection.send(lane, run, desk);
                if nothing.is_err() {
                    return false;
                }
            }
            connection.send(lane, run, desk);
            woke.read && connection.interest().read
        });
        if connection.interest().write {
            socket.forget_room(|| has_room(lane, connection));
        }
        if has_more || connection.can_go_on() {
            yield_now().await;
        } else {
            coop::consume_budget().await;
        }
    }
    Ok(())
}

/// Somebody may have asked connections to leave, left words for them, or stopped the server.
async fn changed(news: &mut Receiver<()>) {
    // The sender lives until every task has ended.
    let _told = news.changed().await;
}

fn has_room(lane: &Lane, connection: &Connection) -> bool {
    poll(lane, &mut [PollFd::new(connection.link().sock(), false, true)], Some(Duration::ZERO)).is_ok_and(|ready| ready > 0)
}

/// One for all tasks of a thread: none of them keeps it over an `await`.
fn with_desk<T>(work: impl FnOnce(&mut Desk) -> T) -> T {
    thread_local! {
        static DESK: RefCell<Desk> = RefCell::new(Desk::for_streams());
    }
    DESK.with_borrow_mut(work)
}

async fn datagrams(lane: &Lane, run: &Arc<ServerRun>) -> io::Result<()> {
    let mut peers = Peers::new(run)?;
    let result = receive_and_answer(lane, run, &mut peers).await;
    peers.finish(lane);
    result
}

/// Datagrams have no connections, so there is one task.
async fn receive_and_answer(lane: &Lane, run: &Arc<ServerRun>, peers: &mut Peers<'_>) -> io::Result<()> {
    let socket = Watched::new(&*run.socket)?;
    let bell = Watched::new(run.control.waker())?;
    let (tell, _) = watch::channel(());
    let mut desk = Desk::for_datagrams();
    loop {
        let interest = peers.interest();
        let wish = Wish { read: interest.read, write: interest.write, end: false };
        // recvfrom().await
        let woke = socket.wait(lane, wish, peers.timer().map(|time| Instant::now() + time), bell.readable()).await?;
        if run.control.is_stopping() {
            return Ok(());
        }
        if woke.news {
            heed(run, &bell, &tell);
        }
        peers.flush(lane);
        for _ in 0..TURN {
            if !peers.interest().read {
                break;
            }
            let nothing =
                socket.try_read(|| if peers.receive_one(lane, &mut desk) { Ok(()) } else { Err(io::ErrorKind::WouldBlock.into()) });
            if nothing.is_err() {
                break;
            }
        }
        if peers.wants_room() {
            let has_room = || poll(lane, &mut [PollFd::new(&run.socket, false, true)], Some(Duration::ZERO)).is_ok_and(|n| n > 0);
            socket.forget_room(has_room);
        }
        coop::consume_budget().await;
    }
}
