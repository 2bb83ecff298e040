//! The driver against plain sockets of the standard library, without the engine.

mod closing;
mod opening;
mod pacing;
#[cfg(unix)]
mod pairs;
mod process;
mod sending;

use std::io;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};

use crate::engine::{CloseHow, Failure, Outgoing, SendTo};
use crate::lab::{Address, Client, EndpointId, Packet, Reconnect, Target, Transport};
use crate::trace::{Board, Conn, ConnId, ConnStage, End, Lane, RawKind, Tap, Trouble};

use super::driver::Driver;
use super::target::Targets;
use super::{ClientControl, ClientNote, ClientRun, TargetSource, drive};

/// Nothing here takes that long unless it is broken.
const LIMIT: Duration = Duration::from_secs(10);

/// A running client.
struct Rig {
    control: Arc<ClientControl>,
    board: Arc<Board>,
    tap: Arc<Tap>,
    notes: Receiver<ClientNote>,
    thread: Option<JoinHandle<Result<(), Failure>>>,
}

/// A client's document for one connection, without reconnect.
fn client(transport: Transport) -> Client {
    Client {
        id: EndpointId(1),
        name: "client".into(),
        transport,
        target: Target::Server("unused".into()),
        local: None,
        connect_timeout_ms: 5_000,
        reconnect: Reconnect::Off,
        after_end: crate::lab::AfterEnd::Close,
        connections: 1,
        opening: crate::lab::Opening::default(),
        messages: crate::lab::Messages::default(),
        packet: Packet::default(),
    }
}

fn many(transport: Transport, connections: u32) -> Client {
    Client { connections, ..client(transport) }
}

fn to(transport: Transport, address: impl ToString) -> TargetSource {
    TargetSource::Address(Address::parse(transport, &address.to_string()).unwrap())
}

fn outgoing(bytes: &[u8], every_ms: u64, times: u32) -> Outgoing {
    Outgoing::fixed(bytes, Duration::from_millis(every_ms), times)
}

impl Rig {
    fn start(client: Client, target: TargetSource, first: Option<Outgoing>) -> Self {
        Self::start_by(client, target, first, drive)
    }

    /// A client whose name has these addresses, in this order.
    fn with_addresses(client: Client, addresses: &[std::net::SocketAddr]) -> Self {
        let targets = Targets::new(addresses.iter().map(|addr| (*addr).into()).collect());
        let target = to(client.transport, addresses[0]);
        Self::start_by(client, target, None, move |lane, run| {
            let mut driver = Driver::new(lane, run)?;
            driver.targets = targets;
            driver.run()
        })
    }

    fn start_by(
        client: Client,
        target: TargetSource,
        first: Option<Outgoing>,
        drive: impl FnOnce(&Lane, ClientRun) -> Result<(), Failure> + Send + 'static,
    ) -> Self {
        let control = ClientControl::new().unwrap();
        let epoch = Instant::now();
        let (board, tap) = (Board::new(epoch), Tap::new(epoch, 4_096));
        let (note, notes) = bounded(256);
        let run = ClientRun { client, target, board: Arc::clone(&board), control: Arc::clone(&control), first, notes: note };
        let lane = tap.lane("client");
        let thread = std::thread::Builder::new().name("client".into()).spawn(move || drive(&lane, run)).unwrap();
        Self { control, board, tap, notes, thread: Some(thread) }
    }

    fn tcp(listener: &TcpListener) -> Self {
        Self::start(client(Transport::Tcp), to(Transport::Tcp, listener.local_addr().unwrap()), None)
    }

    /// Waits until `board` says so.
    fn until(&self, what: &str, done: impl Fn(&Board) -> bool) {
        until(what, || done(&self.board));
    }

    fn until_open(&self, count: u64) {
        self.until("open", |board| board.totals().open == count);
    }

    fn one(&self) -> Arc<Conn> {
        self.until("one open connection", |board| board.live().first().is_some_and(|conn| conn.stage() == ConnStage::Open));
        self.board.live().remove(0)
    }

    fn ids(&self) -> Vec<ConnId> {
        self.board.live().iter().map(|conn| conn.id).collect()
    }

    fn send(&self, bytes: &[u8]) {
        self.control.send(SendTo::All, outgoing(bytes, 0, 1));
    }

    fn close(&self, how: CloseHow) {
        self.control.close(&self.ids(), how);
    }

    /// Everything received so far and not collected yet.
    fn received(&self) -> Vec<Vec<u8>> {
        let mut got = Vec::new();
        self.board.drain(|record| {
            if matches!(record.kind, RawKind::Received { .. }) {
                got.push(record.data.to_vec());
            }
        });
        got
    }

    fn receives(&self, expected: &[u8]) {
        let mut all = Vec::new();
        let start = Instant::now();
        while all.len() < expected.len() && start.elapsed() < LIMIT {
            self.received().into_iter().for_each(|part| all.extend(part));
            pause();
        }
        assert!(all == expected, "{} of {} bytes", all.len(), expected.len());
    }

    /// How the only connection ended.
    fn ended(&self) -> Arc<End> {
        self.until("ended", |board| !board.recently_ended(1).is_empty());
        Arc::clone(&self.board.recently_ended(1)[0].2)
    }

    fn trouble(&self) -> Trouble {
        let mut first = None;
        let start = Instant::now();
        while first.is_none() && start.elapsed() < LIMIT {
            first = self.board.drain_troubles().next();
            pause();
        }
        first.expect("no trouble was told")
    }

    fn note(&self, wanted: impl Fn(&ClientNote) -> bool) -> ClientNote {
        let limit = Instant::now() + LIMIT;
        loop {
            let note = self.notes.recv_deadline(limit).expect("the note did not come");
            if wanted(&note) {
                return note;
            }
        }
    }

    fn send_done(&self) -> u64 {
        match self.note(|note| matches!(note, ClientNote::SendDone { .. })) {
            ClientNote::SendDone { messages } => messages,
            ClientNote::Started { .. } | ClientNote::Retrying { .. } => unreachable!(),
        }
    }

    /// Stops it and answers how long that took.
    fn stop(mut self) -> Duration {
        let start = Instant::now();
        self.control.stop();
        self.thread.take().unwrap().join().unwrap().unwrap();
        let took = start.elapsed();
        let totals = self.board.totals();
        assert_eq!((totals.open, totals.connecting), (0, 0), "nothing is left open");
        assert_eq!(self.control.lost(), 0, "every request and note found room");
        took
    }

    /// What `drive` answered when it ended by itself.
    fn result(mut self) -> Result<(), Failure> {
        until("the driver ends", || self.thread.as_ref().unwrap().is_finished());
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.control.stop();
        if let Some(thread) = self.thread.take() {
            let _result = thread.join();
        }
    }
}

/// Between two looks at a condition.
fn pause() {
    std::thread::park_timeout(Duration::from_millis(1));
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < LIMIT, "did not happen: {what}");
        pause();
    }
}

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

/// `accept` with a limit; the stream has a limit for its reads too.
fn accept(listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).unwrap();
    let mut got = None;
    until("accept", || {
        got = match listener.accept() {
            Ok((stream, _)) => Some(stream),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            Err(error) => panic!("{error}"),
        };
        got.is_some()
    });
    let stream = got.unwrap();
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream
}

/// Accepts everything until dropped and keeps it open.
struct Acceptor {
    stop: Arc<std::sync::atomic::AtomicBool>,
    thread: Option<JoinHandle<Vec<TcpStream>>>,
}

impl Acceptor {
    fn start(listener: TcpListener) -> Self {
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let stopping = Arc::clone(&stop);
        listener.set_nonblocking(true).unwrap();
        let accept_all = move || {
            let mut streams = Vec::new();
            while !stopping.load(std::sync::atomic::Ordering::Relaxed) {
                match listener.accept() {
                    Ok((stream, _)) => streams.push(stream),
                    Err(_) => pause(),
                }
            }
            streams
        };
        Self { stop, thread: Some(std::thread::Builder::new().name("acceptor".into()).spawn(accept_all).unwrap()) }
    }

    fn stop(mut self) -> Vec<TcpStream> {
        self.stop.store(true, std::sync::atomic::Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        self.stop.store(true, std::sync::atomic::Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
