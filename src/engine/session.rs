//! One endpoint as the engine knows it: where it is in its life, its running thread and what is shown of it.
//!
//! Idle is the absence of a session; it is made by the first start and kept, with its history, until it is forgotten.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use super::client::{ClientControl, ClientNote};
use super::messages::Changing;
use super::sequence::Playing;
use super::server::Wreck;
use super::view::Shown;
use super::{Failure, GroupView, SessionState, Spec};
use crate::lab::{Address, EndpointId, Side, Transport};
use crate::trace::{Board, Call, Tap, TapLevel, Trouble};
use crate::{model, probe};

/// Finished calls a busy lane keeps between two looks: a look's worth at 500,000 calls a second.
const TAP_RING: usize = 16_384;
/// Troubles of one kind that are told in a second; an `EMFILE` storm has thousands.
const TROUBLES_A_SECOND: u32 = 10;

/// While traffic is recorded, a stop leaves its last rows so much time for the disk.
const STOP_PATIENCE: Duration = Duration::from_millis(100);

/// See the module.
pub(super) struct Session {
    pub id: EndpointId,
    pub side: Side,
    pub name: Arc<str>,
    pub transport: Transport,
    /// Grows by one with each start.
    pub generation: u32,
    pub state: SessionState,
    pub since: Duration,
    /// What it runs, or ran last, as written.
    pub spec: Box<Spec>,
    pub tap: Arc<Tap>,
    /// Of this and the next generations' taps.
    level: TapLevel,
    pub board: Arc<Board>,
    pub link: Link,
    /// Joined when its `Ended` note came.
    pub thread: Option<JoinHandle<()>>,
    /// What follows once it has stopped.
    pub after: After,
    /// Connections that were open when the stop was asked for.
    pub closing: u32,
    /// It is stopping as its clients leave: none is closed.
    pub finishing: bool,
    /// It starts again after a restart: the model before and the connections that were closed.
    pub switch: Option<(Arc<str>, u32)>,
    /// Servers: what `getsockname` answered.
    pub local: Option<Arc<str>>,
    pub inet: Option<SocketAddr>,
    pub listener_fd: Option<i64>,
    /// Clients.
    pub target: Option<Arc<str>>,
    pub failure: Option<Failure>,
    /// Changes of its messages so far, and those whose files are being read.
    pub changes: u64,
    pub changing: Vec<Changing>,
    /// Servers: multicast groups they were to join.
    pub groups: Arc<[GroupView]>,
    /// The running, or else the last, sequence.
    pub sequence: Option<Playing>,
    /// Stopped ones whose thread has not said its last word.
    pub retired: Vec<Playing>,
    /// Sequences begun so far.
    pub sequences: u64,
    pub shown: Shown,
    told: HashMap<(Call, Option<i32>), (Duration, u32)>,
}

/// The way to its running thread.
pub(super) enum Link {
    /// Not running.
    None,
    /// A server; no control until it is bound.
    Server { control: Option<Arc<model::Control>>, cancelled: Arc<AtomicBool>, wreck: Arc<Wreck> },
    /// A client; its notes end before its thread does.
    Client { control: Arc<ClientControl>, notes: Option<Receiver<ClientNote>> },
}

/// What follows once a session has stopped.
#[derive(Default)]
pub(super) struct After {
    /// Start again with this.
    pub start: Option<Box<Spec>>,
    /// That start keeps the port which the system chose.
    pub keeps_port: bool,
    /// A person asked for the stop itself, so it is told.
    pub tells_stop: bool,
    /// Drop the session.
    pub forgets: bool,
}

impl Session {
    /// Before its first start.
    pub fn new(epoch: Instant, spec: Box<Spec>) -> Self {
        let (side, transport, name) = traits(&spec);
        let id = spec.id();
        Self {
            id,
            side,
            name,
            transport,
            generation: 0,
            state: SessionState::Stopped,
            since: Duration::ZERO,
            spec,
            tap: Tap::new(epoch, 1),
            level: TapLevel::default(),
            board: Board::new(epoch),
            link: Link::None,
            thread: None,
            after: After::default(),
            closing: 0,
            finishing: false,
            switch: None,
            local: None,
            inet: None,
            listener_fd: None,
            target: None,
            failure: None,
            changes: 0,
            changing: Vec::new(),
            groups: Arc::default(),
            sequence: None,
            retired: Vec::new(),
            sequences: 0,
            shown: Shown::new(id, side, transport),
            told: HashMap::new(),
        }
    }

    /// Whether it is about to be bound: by its thread, or by the start that follows a stop.
    pub fn is_coming(&self) -> bool {
        match self.state {
            SessionState::Starting => true,
            SessionState::Stopping => self.after.start.is_some(),
            SessionState::Running | SessionState::Stopped | SessionState::Failed => false,
        }
    }

    /// Whether it has a thread.
    pub fn is_live(&self) -> bool {
        match self.state {
            SessionState::Starting | SessionState::Running | SessionState::Stopping => true,
            SessionState::Stopped | SessionState::Failed => false,
        }
    }

    /// Enters a state; the view follows at once.
    pub fn enter(&mut self, state: SessionState, now: Duration) {
        self.state = state;
        self.since = now;
        self.shown.stale = true;
    }

    /// A fresh tap and board for the next generation; history and what was lost so far stay.
    pub fn renew(&mut self, epoch: Instant, spec: Box<Spec>, now: Duration) {
        (self.side, self.transport, self.name) = traits(&spec);
        self.spec = spec;
        self.generation += 1;
        self.shown.renew(self.board.dropped(), self.id, self.side, self.transport);
        self.tap = Tap::with_threads(epoch, TAP_RING, probe::THREADS);
        self.tap.set_level(self.level);
        self.board = Board::new(epoch);
        (self.local, self.inet, self.listener_fd, self.target) = (None, None, None, None);
        self.failure = None;
        self.groups = Arc::default();
        if let Some(sequence) = self.sequence.take_if(|sequence| !sequence.is_joined()) {
            sequence.stop();
            self.retired.push(sequence);
        }
        self.sequence = None;
        self.told.clear();
        self.after = After::default();
        self.finishing = false;
        self.enter(SessionState::Starting, now);
    }

    /// Asks its thread to end. Never waits.
    pub fn ask_to_stop(&mut self, now: Duration) {
        self.finishing = false;
        self.closing = u32::try_from(self.board.totals().open).unwrap_or(u32::MAX);
        if let Some(sequence) = &self.sequence {
            sequence.stop();
        }
        // Whoever stands at the gate goes on, and finds the stop.
        self.tap.open_gates();
        // Whoever waits for the disk goes on soon.
        self.board.limit_patience(STOP_PATIENCE);
        match &self.link {
            Link::None => {}
            Link::Server { control, cancelled, .. } => {
                cancelled.store(true, Ordering::Release);
                if let Some(control) = control {
                    control.stop();
                }
            }
            Link::Client { control, .. } => control.stop(),
        }
        self.enter(SessionState::Stopping, now);
    }

    /// Joins the threads besides its own, as the engine leaves. Whatever they wait for is over.
    pub fn join_aside(&mut self) {
        for playing in self.sequence.iter_mut().chain(&mut self.retired) {
            playing.stop();
            playing.ended();
        }
    }

    /// How much of its calls is kept.
    pub fn set_tap(&mut self, level: TapLevel) {
        self.level = level;
        self.tap.set_level(level);
        self.shown.stale = true;
    }

    /// The address to bind for a start with `spec` that keeps the port which the system chose, if it chose one for the same
    /// written address.
    pub fn kept_address(&self, spec: &Spec) -> Option<Address> {
        let (Spec::Server(old), Spec::Server(new), Some(inet)) = (&*self.spec, spec, self.inet) else { return None };
        match &new.address {
            Address::Inet { host, port: 0 } if new.address == old.address && new.transport == old.transport => {
                Some(Address::Inet { host: host.clone(), port: inet.port() })
            }
            Address::Inet { .. } | Address::Path(_) => None,
        }
    }

    /// Whether a trouble of this kind may be told now.
    pub fn may_tell(&mut self, trouble: &Trouble, now: Duration) -> bool {
        let (since, count) = self.told.entry((trouble.call, trouble.error.raw_os_error())).or_insert((now, 0));
        if now.saturating_sub(*since) >= Duration::from_secs(1) {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= TROUBLES_A_SECOND
    }

    /// The id of its model; empty for clients.
    pub fn model(&self) -> &str {
        match &*self.spec {
            Spec::Server(server) => &server.model,
            Spec::Client { .. } => "",
        }
    }
}

fn traits(spec: &Spec) -> (Side, Transport, Arc<str>) {
    match spec {
        Spec::Server(server) => (Side::Server, server.transport, server.name.as_str().into()),
        Spec::Client { client, .. } => (Side::Client, client.transport, client.name.as_str().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Lab;

    #[test]
    fn a_storm_of_one_trouble_is_told_ten_times_a_second_and_hides_no_other() {
        let mut lab = Lab::default();
        lab.add_server(Transport::Tcp, "poll");
        let mut session = Session::new(Instant::now(), Box::new(Spec::Server(lab.servers.remove(0))));
        let mut told = |call, errno, ms| {
            let trouble = Trouble { call, endpoint: "a".into(), error: std::io::Error::from_raw_os_error(errno) };
            session.may_tell(&trouble, Duration::from_millis(ms))
        };
        assert_eq!((0..900).filter(|ms| told(Call::Accept, 24, *ms)).count(), 10);
        assert!(told(Call::Accept, 23, 900) && told(Call::Send, 24, 900));
        assert!(told(Call::Accept, 24, 1_000));
    }
}
