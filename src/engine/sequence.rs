//! Packets one after the other: a thread for each running sequence sends, waits, and listens for replies.
//!
//! It reads the files that its packets name, so it is no part of the engine's thread. It never waits for a peer to take bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, at, bounded, select};
use parking_lot::Mutex;

use super::client::ClientControl;
use super::note::{Note, NoteKind};
use super::transport::not_connected;
use super::{Cause, Failure, Operation, SendTo, SequenceEnd, SequenceState, SequenceView};
use crate::bytes::Framing;
use crate::lab::{EndpointId, Sequence, Step};
use crate::model::{Control, To};
use crate::packet::Recipe;
use crate::service::{Ear, LiveProtocol, Matcher};
use crate::trace::{Board, Lane, Tap};

/// Messages that wait to be looked at, and their bytes.
const HEARD: usize = 1_024;
const HEARD_BYTES: usize = 8 << 20;
/// Words of a person that wait.
const WORDS: usize = 64;
/// How long child processes may take to say that they hear; they look at once, unless the system holds them.
const FAR_EARS: Duration = Duration::from_secs(2);
/// Lateness that is made up for.
const MOST_LATE: Duration = Duration::from_millis(50);

/// Through whom it sends.
pub(super) enum Voice {
    Client(Arc<ClientControl>, SendTo),
    Server(Arc<Control>, To),
}

/// What a sequence runs with.
pub(super) struct Stage {
    pub session: EndpointId,
    pub generation: u32,
    pub name: Arc<str>,
    pub voice: Voice,
    pub tap: Arc<Tap>,
    pub board: Arc<Board>,
    pub notes: Sender<Note>,
}

/// A sequence of a session, as the engine knows it.
pub(super) struct Playing {
    pub number: u64,
    name: Arc<str>,
    steps: u32,
    of: u64,
    say: Sender<Word>,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

enum Word {
    Pause(bool),
    Stop,
}

/// Where it is. Written by its thread.
struct State {
    at: Mutex<(SequenceState, u32, u64)>,
    moves: AtomicU64,
}

/// Why it does not go on.
enum Halt {
    Stopped,
    Failed(Failure),
}

enum ReadyStep {
    Send(Recipe),
    Wait(Duration),
    Reply(Matcher, u32),
}

impl Playing {
    /// Begins it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn begin(number: u64, sequence: Sequence, stage: Stage) -> std::io::Result<Self> {
        let (say, words) = bounded(WORDS);
        let state = Arc::new(State { at: Mutex::new((SequenceState::Running, 1, 1)), moves: AtomicU64::new(0) });
        let (name, steps, of) = (Arc::from(sequence.name.as_str()), sequence.steps.len() as u32, u64::from(sequence.times));
        let its = Arc::clone(&state);
        let thread = Builder::new().name(format!("{}:sequence", stage.name).replace('\0', "")).spawn(move || {
            let lane = stage.tap.free_lane(format!("{}:sequence", stage.name));
            let end = Player::new(&lane, &stage, &its, words).play(&sequence);
            its.set(|at| at.0 = SequenceState::Ended(end));
            drop(lane);
            // Fails only when the engine has left.
            let kind = NoteKind::Sequence(number);
            let _left = stage.notes.send(Note { session: stage.session, generation: stage.generation, kind });
        })?;
        Ok(Self { number, name, steps, of, say, state, thread: Some(thread) })
    }

    pub fn pause(&self, paused: bool) {
        // Full of words of the same kind, or over.
        let _told = self.say.try_send(Word::Pause(paused));
    }

    pub fn stop(&self) {
        let _told = self.say.try_send(Word::Stop);
    }

    /// Grows with each thing that is to be shown.
    pub fn moves(&self) -> u64 {
        self.state.moves.load(Ordering::Relaxed)
    }

    pub fn view(&self) -> SequenceView {
        let (state, step, round) = self.state.at.lock().clone();
        SequenceView { name: Arc::clone(&self.name), state, step, steps: self.steps, round, of: self.of }
    }

    /// Whether its thread is gone and was joined.
    pub fn is_joined(&self) -> bool {
        self.thread.is_none()
    }

    /// It has said its last word: joins it and says how it ended.
    pub fn ended(&mut self) -> (Arc<str>, SequenceEnd) {
        if let Some(thread) = self.thread.take() {
            // A panic was reported by the panic hook.
            let _panicked = thread.join();
        }
        match self.view().state {
            SequenceState::Ended(end) => (Arc::clone(&self.name), end),
            SequenceState::Running | SequenceState::Waiting | SequenceState::Paused => (Arc::clone(&self.name), SequenceEnd::Stopped),
        }
    }
}

impl State {
    fn set(&self, change: impl FnOnce(&mut (SequenceState, u32, u64))) {
        change(&mut self.at.lock());
        self.moves.fetch_add(1, Ordering::Relaxed);
    }
}

/// The thread's side.
struct Player<'a> {
    lane: &'a Lane,
    stage: &'a Stage,
    state: &'a State,
    words: Receiver<Word>,
    heard: Receiver<Box<[u8]>>,
    heard_bytes: Arc<AtomicUsize>,
    ear: Ear,
    paused: bool,
    /// When what comes next is due; delays do not add up.
    clock: Instant,
}

impl<'a> Player<'a> {
    fn new(lane: &'a Lane, stage: &'a Stage, state: &'a State, words: Receiver<Word>) -> Self {
        let (tell, heard) = bounded::<Box<[u8]>>(HEARD);
        let heard_bytes = Arc::new(AtomicUsize::new(0));
        let held = Arc::clone(&heard_bytes);
        let ear = Ear::new(move |message| {
            // What does not fit is left out: nobody who floods is waited for.
            if held.load(Ordering::Relaxed) + message.len() <= HEARD_BYTES && tell.try_send(message.into()).is_ok() {
                held.fetch_add(message.len(), Ordering::Relaxed);
            }
        });
        Self { lane, stage, state, words, heard, heard_bytes, ear, paused: false, clock: Instant::now() }
    }

    fn play(mut self, sequence: &Sequence) -> SequenceEnd {
        let framing = self.stage.voice.protocol().now().framing.clone();
        let steps = match self.made(sequence, &framing) {
            Ok(steps) => steps,
            Err(end) => return end,
        };
        let times = u64::from(sequence.times);
        let Some(waits) = (1..).zip(&steps).find_map(|(at, step)| matches!(step, ReadyStep::Reply(..)).then_some(at)) else {
            return self.rounds(&steps, times);
        };
        let end = if self.listen() {
            self.rounds(&steps, times)
        } else {
            let words = "a child process of this server does not answer, so that its replies would not be heard";
            SequenceEnd::Failed { step: waits, why: self.failure(Cause::Other(words.into())) }
        };
        self.stage.voice.end_ear(self.lane, &self.ear);
        end
    }

    /// Hears each message from now on: nothing is sent before all who hear for it do. `false` when one of them does not.
    fn listen(&self) -> bool {
        let all_hear = self.stage.voice.add_ear(self.lane, self.ear.clone());
        all_hear.is_none_or(|all| matches!(all.recv_timeout(FAR_EARS), Err(RecvTimeoutError::Disconnected)))
    }

    fn rounds(&mut self, steps: &[ReadyStep], times: u64) -> SequenceEnd {
        let mut round = 0;
        while !steps.is_empty() && (times == 0 || round < times) {
            for (at, step) in (1..).zip(steps) {
                self.state.set(|now| *now = (SequenceState::Running, at, round + 1));
                let done = self.obey(None).and_then(|()| self.step(step, round));
                match done {
                    Ok(()) => {}
                    Err(Halt::Stopped) => return SequenceEnd::Stopped,
                    Err(Halt::Failed(why)) => return SequenceEnd::Failed { step: at, why },
                }
            }
            round += 1;
        }
        SequenceEnd::Done
    }

    fn made(&self, sequence: &Sequence, framing: &Framing) -> Result<Vec<ReadyStep>, SequenceEnd> {
        let ready = |step: &Step| match step {
            Step::Send(packet) => Recipe::of(packet, framing).map(ReadyStep::Send).map_err(|error| error.to_string()),
            Step::Wait(ms) => Ok(ReadyStep::Wait(Duration::from_millis((*ms).into()))),
            Step::Reply { when, within_ms } => {
                Matcher::of(when).map(|when| ReadyStep::Reply(when, *within_ms)).map_err(|error| error.to_string())
            }
        };
        let failed = |step, words: String| SequenceEnd::Failed { step, why: self.failure(Cause::Other(words.into())) };
        (1..).zip(&sequence.steps).map(|(at, step)| ready(step).map_err(|words| failed(at, words))).collect()
    }

    fn failure(&self, cause: Cause) -> Failure {
        Failure::because(Operation::Sequence, Arc::clone(&self.stage.name), cause)
    }

    fn step(&mut self, step: &ReadyStep, round: u64) -> Result<(), Halt> {
        match step {
            ReadyStep::Send(recipe) => {
                let bytes = recipe.render(round).map_err(|error| Halt::Failed(self.failure(Cause::Other(error.to_string().into()))))?;
                self.say(&bytes)
            }
            ReadyStep::Wait(time) => {
                let now = Instant::now();
                if now.saturating_duration_since(self.clock) > MOST_LATE {
                    self.clock = now;
                }
                self.clock += *time;
                self.obey(Some(self.clock))
            }
            ReadyStep::Reply(when, within) => {
                self.state.set(|now| now.0 = SequenceState::Waiting);
                let came = self.wait_for(when, *within);
                self.clock = Instant::now();
                came
            }
        }
    }

    fn say(&self, bytes: &Arc<[u8]>) -> Result<(), Halt> {
        let nobody = || Failure::new(Operation::Send, Arc::clone(&self.stage.name), &not_connected());
        let reached = match &self.stage.voice {
            Voice::Server(control, to) => control.say(self.lane, to, bytes) > 0,
            Voice::Client(control, to) => {
                if self.stage.board.totals().open == 0 {
                    false
                } else if control.post(to.clone(), Arc::clone(bytes)) {
                    true
                } else {
                    return Err(Halt::Failed(self.failure(Cause::Other("too many requests wait".into()))));
                }
            }
        };
        if reached { Ok(()) } else { Err(Halt::Failed(nobody())) }
    }

    fn wait_for(&mut self, when: &Matcher, within_ms: u32) -> Result<(), Halt> {
        let mut deadline = Instant::now() + Duration::from_millis(within_ms.into());
        let (heard, words) = (self.heard.clone(), self.words.clone());
        loop {
            select! {
                recv(heard) -> message => {
                    let Ok(message) = message else { return Err(Halt::Stopped) };
                    self.heard_bytes.fetch_sub(message.len(), Ordering::Relaxed);
                    if when.matches(&message) {
                        return Ok(());
                    }
                }
                recv(words) -> word => {
                    let held = Instant::now();
                    self.heed(word)?;
                    deadline += held.elapsed();
                    self.state.set(|now| now.0 = SequenceState::Waiting);
                }
                recv(at(deadline)) -> _ => return Err(Halt::Failed(self.failure(Cause::NoReply(within_ms)))),
            }
        }
    }

    /// Does what a person said, until this moment; holds while it is paused, which does not count as time.
    fn obey(&mut self, mut until: Option<Instant>) -> Result<(), Halt> {
        let words = self.words.clone();
        loop {
            while let Ok(word) = words.try_recv() {
                let held = Instant::now();
                self.heed(Ok(word))?;
                until = until.map(|until| until + held.elapsed());
                self.clock += held.elapsed();
            }
            let Some(deadline) = until.filter(|until| *until > Instant::now()) else { return Ok(()) };
            select! {
                recv(words) -> word => {
                    let held = Instant::now();
                    self.heed(word)?;
                    until = Some(deadline + held.elapsed());
                    self.clock += held.elapsed();
                }
                recv(at(deadline)) -> _ => {}
            }
        }
    }

    /// One word; while paused, all until it goes on.
    fn heed(&mut self, word: Result<Word, crossbeam_channel::RecvError>) -> Result<(), Halt> {
        let mut word = word;
        loop {
            match word {
                Ok(Word::Pause(paused)) => self.paused = paused,
                Ok(Word::Stop) | Err(_) => return Err(Halt::Stopped),
            }
            if !self.paused {
                self.state.set(|now| now.0 = SequenceState::Running);
                return Ok(());
            }
            self.state.set(|now| now.0 = SequenceState::Paused);
            word = self.words.recv();
        }
    }
}

impl Voice {
    /// What it answers is disconnected once all child processes that serve hear too.
    fn add_ear(&self, lane: &Lane, ear: Ear) -> Option<Receiver<()>> {
        match self {
            Self::Client(control, _) => {
                control.protocol().add_ear(ear);
                None
            }
            Self::Server(control, _) => Some(control.add_ear(lane, ear)),
        }
    }

    fn end_ear(&self, lane: &Lane, ear: &Ear) {
        match self {
            Self::Client(control, _) => control.protocol().end_ear(ear),
            Self::Server(control, _) => control.end_ear(lane, ear),
        }
    }

    fn protocol(&self) -> &Arc<LiveProtocol> {
        match self {
            Self::Client(control, _) => control.protocol(),
            Self::Server(control, _) => control.protocol(),
        }
    }
}
