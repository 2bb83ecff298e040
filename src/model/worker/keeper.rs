//! The server's side of its child processes: for each a thread that hears what the child tells, puts it on the board and the
//! timeline, and waits for the child's end.

use std::collections::HashMap;
use std::io::{self, BufReader};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use crate::sys::{self, Channel, Shutdown, Worker, errno_name};
use crate::trace::{Call, ConnStage, End, Lane, Place};

use super::child::Start;
use super::frame::{self, EndFields, Outbox, Said, Told};
use super::{messages, program};
use crate::model::ServerRun;
use crate::model::link::{FarWord, Link};
use crate::service::{MessageCounts, Post};

/// It copies small frames.
const STACK_BYTES: usize = 128 << 10;
/// Frames come many at a time.
const READ_BYTES: usize = 16 << 10;
/// A child whose connection is shut down ends at once; one that does not is ended by force.
const GRACE: Duration = Duration::from_millis(300);
/// How long a lack is waited out when no child ends in the meantime.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a wait for the next end lasts before it looks whether the server stops.
const PATIENCE: Duration = Duration::from_millis(50);

/// The children of one server.
pub(in crate::model) struct Workers {
    run: Arc<ServerRun>,
    kept: HashMap<u32, Kept>,
    ended: Arc<Ended>,
}

/// The numbers of those that were reaped, and a place to wait for the next.
#[derive(Default)]
struct Ended {
    numbers: Mutex<Vec<u32>>,
    changed: Condvar,
}

impl Ended {
    fn add(&self, number: u32) {
        self.numbers.lock().push(number);
        self.changed.notify_all();
    }

    fn wait(&self, limit: Duration) {
        let mut numbers = self.numbers.lock();
        let _timed_out = self.changed.wait_while_for(&mut numbers, |numbers| numbers.is_empty(), limit);
    }
}

struct Kept {
    thread: JoinHandle<()>,
    /// `None` once it is reaped: its process id may then be another's.
    child: Arc<Mutex<Option<Worker>>>,
}

impl Workers {
    pub fn new(run: &Arc<ServerRun>) -> Self {
        Self { run: Arc::clone(run), kept: HashMap::new(), ended: Arc::default() }
    }

    /// Starts a child for this client. When that fails the client is sent away and the others are served on.
    #[track_caller]
    pub fn spawn(&mut self, lane: &Lane, client: Arc<Link>) {
        let (id, peer) = (client.conn.id, Arc::clone(&client.conn.peer));
        let result = self.started(lane, &client).and_then(|(worker, channel)| self.keep(lane, client, worker, channel));
        if let Err(error) = result {
            if !self.run.control.is_stopping() {
                self.run.board.trouble(Call::Spawn, peer, error);
            }
            if let Some(client) = self.run.control.links().get(id) {
                self.run.control.finish(lane, client, End::Here);
            }
        }
        self.join_ended();
    }

    /// A lack of descriptors, memory or processes is told once and waited out, as the door does: the client stays.
    #[track_caller]
    fn started(&mut self, lane: &Lane, client: &Arc<Link>) -> io::Result<(Worker, Channel)> {
        let mut told = false;
        loop {
            let error = match program().and_then(|(program, args)| Worker::spawn(lane, &program, &args, client.sock())) {
                Ok(started) => return Ok(started),
                Err(error) => error,
            };
            let lacks = matches!(errno_name(&error), Some("EMFILE" | "ENFILE" | "EAGAIN" | "ENOMEM"));
            if !lacks || self.run.control.is_stopping() || client.is_leaving() {
                return Err(error);
            }
            if !std::mem::replace(&mut told, true) {
                self.run.board.trouble(Call::Spawn, Arc::clone(&client.conn.peer), error);
            }
            self.ended.wait(PAUSE);
            self.join_ended();
        }
    }

    fn keep(&mut self, lane: &Lane, client: Arc<Link>, worker: Worker, channel: Channel) -> io::Result<()> {
        let number = client.conn.number;
        let name = format!("{}:{number}", self.run.control.name());
        let (run, ended, tap) = (Arc::clone(&self.run), Arc::clone(&self.ended), Arc::clone(lane.tap()));
        let child = Arc::new(Mutex::new(Some(worker)));
        let keeps = Arc::clone(&child);
        let work = move || {
            let pid = keeps.lock().as_ref().map_or(0, Worker::id);
            let lane = tap.task_lane(format!("{}:{number} pid {pid}", run.control.name()));
            let told = hear(&lane, &run, &client, channel);
            client.listens_far(u64::MAX);
            let end = reap(&lane, &run, &client, &keeps, told);
            run.control.finish(&lane, client, end);
            ended.add(number);
        };
        match Builder::new().name(name).stack_size(STACK_BYTES).spawn(work) {
            Ok(thread) => {
                self.kept.insert(number, Kept { thread, child });
                Ok(())
            }
            Err(error) => {
                if let Some(mut worker) = child.lock().take() {
                    worker.kill();
                    let _reaped = worker.reap(lane);
                }
                Err(error)
            }
        }
    }

    /// Waits until fewer than `most` are left, or the server stops.
    pub fn wait_for_room(&mut self, most: u64) {
        self.join_ended();
        while self.kept.len() as u64 >= most && !self.run.control.is_stopping() {
            self.ended.wait(PATIENCE);
            self.join_ended();
        }
    }

    fn join_ended(&mut self) {
        let ended = std::mem::take(&mut *self.ended.numbers.lock());
        for kept in ended.iter().filter_map(|number| self.kept.remove(number)) {
            // A panic was reported where it happened; the other clients are served on.
            let _panicked = kept.thread.join();
        }
    }

    /// Waits for all of them. A stop has ended their connections; a child that does not end within the grace is ended by force.
    pub fn join_all(&mut self) {
        let mut deadline = None;
        while !self.kept.is_empty() {
            if self.run.control.is_stopping() && Instant::now() >= *deadline.get_or_insert_with(|| Instant::now() + GRACE) {
                break;
            }
            self.ended.wait(PATIENCE);
            self.join_ended();
        }
        for (_, kept) in self.kept.drain() {
            if let Some(worker) = kept.child.lock().as_mut() {
                worker.kill();
            }
            let _panicked = kept.thread.join();
        }
    }
}

/// Hears the child out; its last word if it had one.
fn hear(lane: &Lane, run: &ServerRun, client: &Arc<Link>, channel: Channel) -> Option<EndFields> {
    let Channel { from, to } = channel;
    let (mut from, mut body) = (BufReader::with_capacity(READ_BYTES, from), Vec::new());
    let (to, protocol) = (Arc::new(Mutex::new(to)), Arc::clone(run.control.protocol()));
    let channel = Arc::clone(&to);
    // What is told is asked for when its turn has come: of several changes the last one is told last.
    let tell = move |told: &dyn Fn() -> Told| {
        let mut to = channel.lock();
        let mut outbox = Outbox::default();
        outbox.tell(&told());
        // A child that is gone needs to hear nothing.
        let _gone = outbox.flush(&mut *to);
    };
    {
        let mut first = to.lock();
        let far = tell.clone();
        // Before what it begins with is looked up, so that a change is in that or is told after it.
        client.work_far(move |word| match word {
            FarWord::Leave => far(&|| Told::Leave),
            FarWord::Messages(now) => far(&|| Told::Messages(messages::to_json(now))),
            FarWord::Ear(number) => far(&|| Told::Ear(protocol.is_overheard(), number)),
        });
        let mut outbox = Outbox::default();
        outbox.tell(&Told::Start(Start::of(run, lane, client, &run.control.messages())?.to_json()));
        outbox.flush(&mut *first).ok()?;
    }
    frame::greeted(&mut from).ok()?;
    if client.is_leaving() || run.control.is_stopping() {
        // Somebody asked for it before there was a child to tell.
        client.interrupt(Shutdown::Read);
    }
    lane.relay_gate(move |gate_move| tell(&|| Told::Gate(gate_move)));
    let mut last = None;
    let mut lines: HashMap<u16, Place> = HashMap::new();
    let at = |lines: &HashMap<u16, Place>, number| lines.get(&number).copied().unwrap_or_default();
    while let Ok(Some(said)) = frame::said(&mut from, &mut body) {
        match said {
            Said::Line { number, line, file } => drop(lines.insert(number, Place::told(&file, line))),
            Said::Enters { call, fd, at: number, since_ns, held } => {
                // A reset looks whether there is a sleeper to wake.
                if call == Call::Send {
                    client.enter_send();
                    // A reset that came before this was known found no sleeper.
                    if client.is_leaving() {
                        run.control.wake_sender(lane, client);
                    }
                } else {
                    client.leave_send()
                }
                lane.relay_enters(call, fd, at(&lines, number), since_ns, held);
            }
            Said::Called(fields) => lane.relay_called(fields.into_record(lane.state().id, at(&lines, fields.at))),
            Said::Moved { sent, at_ns, len, data } => run.board.relayed(at_ns, &client.conn, sent, &data, len),
            Said::HalfEnded { here } => {
                run.board.half_ended(&client.conn, if here { ConnStage::LocalEnded } else { ConnStage::PeerEnded });
            }
            Said::Post(to, bytes) => run.control.post(lane, client.conn.id, &[Post { to, bytes: bytes.into() }]),
            Said::Messages([received, sent, by_rule]) => {
                run.control.protocol().count(MessageCounts { received, sent, by_rule, broken: 0 });
            }
            Said::Listens(number) => client.listens_far(number),
            Said::Heard(message) => run.control.protocol().overhear(&message),
            Said::Spent(spent) => lane.relay_spent(spent),
            Said::Ended(end) => {
                let broken = u64::from(matches!(end, EndFields::Framing(_)));
                run.control.protocol().count(MessageCounts { broken, ..MessageCounts::default() });
                last = Some(end);
            }
        }
    }
    last
}

/// Waits for the child's end and says how the connection ended.
fn reap(lane: &Lane, run: &ServerRun, client: &Link, child: &Mutex<Option<Worker>>, told: Option<EndFields>) -> End {
    let Some(mut worker) = child.lock().take() else { return End::Here };
    // It closed its channel, so it is ending; without a last word it has ended already, or does not know how to.
    let pid = worker.id();
    if told.is_none() && !worker.has_ended() {
        worker.kill();
    }
    let status = worker.reap(lane);
    if let Some(end) = told {
        return end.into_end();
    }
    let how = match status.as_ref().map(|s| (sys::ending_signal(*s), s.code())) {
        Ok((Some(signal), _)) => format!("child process {pid} was ended by signal {signal}"),
        Ok((None, Some(code))) => format!("child process {pid} ended with exit code {code}"),
        Ok((None, None)) | Err(_) => format!("child process {pid} ended without a word"),
    };
    if !run.control.is_stopping() && !client.is_leaving() {
        run.board.trouble(Call::WaitPid, Arc::clone(&client.conn.peer), io::Error::other(how.clone()));
    }
    End::Failed(Call::WaitPid, io::Error::other(how))
}
