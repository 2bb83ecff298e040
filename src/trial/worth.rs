//! What a figure is worth at a moment. What this system does not tell is said so, never 0.

use std::fmt;

use super::Scene;
use super::heard::Heard;
use super::seen::Why;
use crate::bytes::FramingKind;
use crate::engine::{
    Call, ConnState, Counters, EndReason, Failure, HalfThere, LaneDoing, ListenerView, Rates, SequenceEnd, SequenceState, SessionState,
    SessionView, Unavailable, catalog,
};
use crate::lab::{AcceptPace, EndpointId, Side, Transport};
use crate::script::{CALLS, Figure, Quantity, Whose};

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Worth {
    Number(f64),
    /// Any of these: of several connections one that fits counts.
    Texts(Vec<Vec<u8>>),
    /// There is none, such as a queue of a client.
    Nothing,
    /// A word of a closed set.
    Word(Word),
    /// This system does not tell, and why.
    Untold(Why),
}

/// What some figures say: a word of a closed set, so that whoever shows it can say it in another language. Its
/// [`Display`](fmt::Display) is what checks compare with.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// Of a session.
    State(SessionState),
    /// Of a sequence.
    Sequence(SequenceWord),
    /// The framing in force.
    Framing(FramingKind),
    /// When a server accepts.
    Pace(AcceptPace),
    /// The latest failure.
    Failure(Box<Failure>),
}

/// How a sequence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum SequenceWord {
    Running,
    Waiting,
    Paused,
    Done,
    Stopped,
    Failed,
}

impl Word {
    pub(super) fn as_text(&self) -> Worth {
        text(self.to_string())
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(word) => f.write_str(state(*word)),
            Self::Sequence(word) => f.write_str(sequence(*word)),
            Self::Framing(kind) => f.write_str(kind.id()),
            Self::Pace(pace) => pace.fmt(f),
            Self::Failure(failure) => match failure.errno {
                Some(errno) => f.write_str(errno),
                None => failure.fmt(f),
            },
        }
    }
}

use Worth::{Nothing, Number};

/// Whether the traffic log must be read for it.
pub(super) fn is_heard(what: &Quantity) -> bool {
    matches!(what, Quantity::Last | Quantity::Received | Quantity::Truncated | Quantity::RxMost)
}

/// The endpoint of a figure.
pub(super) fn endpoint(figure: &Figure, scene: Scene<'_>) -> Option<EndpointId> {
    match &figure.of {
        Whose::Lab => None,
        Whose::Endpoint(name) => scene.lab.endpoint_named(name).ok().map(|(id, _)| id),
    }
}

pub(super) fn worth(figure: &Figure, scene: Scene<'_>, heard: Option<&Heard>) -> Worth {
    let Some(id) = endpoint(figure, scene) else {
        return match figure.of {
            Whose::Lab => of_counters(&figure.what, &scene.snapshot.counters, &scene.snapshot.rates),
            Whose::Endpoint(_) => Nothing,
        };
    };
    if let (true, Some(heard)) = (is_heard(&figure.what), heard) {
        return of_heard(&figure.what, heard);
    }
    if let (Quantity::MayBind, Some(server)) = (&figure.what, scene.lab.server(id)) {
        return catalog::may_bind(&server.address).map_or(Worth::Untold(Why::NoRule), count);
    }
    match scene.snapshot.session(id) {
        Some(session) => of_session(&figure.what, session),
        // Never started.
        None if figure.what == Quantity::State => Worth::Word(Word::State(SessionState::Stopped)),
        None if figure.what.is_text() => Nothing,
        None => Number(0.0),
    }
}

fn text(text: impl AsRef<[u8]>) -> Worth {
    Worth::Texts(vec![text.as_ref().to_vec()])
}

fn some_text(words: Option<impl AsRef<[u8]>>) -> Worth {
    words.map_or(Nothing, text)
}

fn count(n: impl TryInto<u64>) -> Worth {
    Number(n.try_into().unwrap_or(u64::MAX) as f64)
}

fn told<T: Into<u64>>(figure: Option<T>, why: Option<Unavailable>) -> Worth {
    match figure {
        Some(n) => Number(n.into() as f64),
        None => Worth::Untold(why.map_or(Why::Silent, Why::Unavailable)),
    }
}

fn of_heard(what: &Quantity, heard: &Heard) -> Worth {
    match what {
        Quantity::Last => some_text(heard.last.as_deref()),
        Quantity::Received if heard.received.is_empty() => Nothing,
        Quantity::Received => Worth::Texts(heard.received.values().cloned().collect()),
        Quantity::Truncated => count(heard.truncated),
        Quantity::RxMost => count(heard.most),
        _ => Nothing,
    }
}

/// Figures that all together have too.
fn of_counters(what: &Quantity, c: &Counters, r: &Rates) -> Worth {
    match what {
        Quantity::Open => count(c.open),
        Quantity::Waiting => count(c.waiting),
        Quantity::Opened => count(c.opened),
        Quantity::Failed => count(c.failed),
        Quantity::RxBytes => count(c.rx_bytes),
        Quantity::TxBytes => count(c.tx_bytes),
        Quantity::RxMessages => count(c.rx_messages),
        Quantity::TxMessages => count(c.tx_messages),
        Quantity::Calls => count(c.calls),
        Quantity::Wakeups => count(c.wakeups),
        Quantity::Eagain => count(c.eagain),
        Quantity::Switches => count(c.switches),
        Quantity::RxRate => Number(r.rx_bytes),
        Quantity::TxRate => Number(r.tx_bytes),
        Quantity::CallsRate => Number(r.calls),
        Quantity::EagainRate => Number(r.eagain),
        Quantity::WakeupsRate => Number(r.wakeups),
        Quantity::Cpu => Number((r.cpu * 1_000.0).round() / 10.0),
        _ => Nothing,
    }
}

fn of_session(what: &Quantity, s: &SessionView) -> Worth {
    let conns = |is: &dyn Fn(ConnState) -> bool| count(s.connections.iter().filter(|c| is(c.state)).count());
    match what {
        Quantity::State => Worth::Word(Word::State(s.state)),
        Quantity::Model => some_text(s.model),
        Quantity::Service => some_text(s.service),
        Quantity::Local if s.side == Side::Client => own_addresses(s),
        Quantity::Local => some_text(s.local.as_deref()),
        Quantity::Target => some_text(s.target.as_deref()),
        Quantity::Failure => s.failure.as_ref().map_or(Nothing, |f| Worth::Word(Word::Failure(Box::new(f.clone())))),
        Quantity::Framing => Worth::Word(Word::Framing(s.messages.framing.kind())),
        Quantity::Sequence => {
            s.messages.sequence.as_ref().map_or(Nothing, |sequence| Worth::Word(Word::Sequence(sequence_word(&sequence.state))))
        }
        Quantity::Connected => conns(&|state| !matches!(state, ConnState::Connecting | ConnState::Closed)),
        Quantity::Connecting => conns(&|state| state == ConnState::Connecting),
        Quantity::Conns(id) => conns(&|state| conn_state(state) == *id),
        Quantity::Ended(id) => count(s.connections.iter().filter(|c| c.end.as_ref().is_some_and(|end| ended(end) == *id)).count()),
        Quantity::Tcp(_) if s.transport != Transport::Tcp => Nothing,
        Quantity::Tcp(id) => match catalog::no_tcp_states() {
            Some(why) => Worth::Untold(Why::Unavailable(why)),
            None => count(s.connections.iter().filter(|c| c.tcp.is_some_and(|state| state.name() == *id)).count()),
        },
        Quantity::Errors(errno) => errors(s, errno),
        Quantity::TurnedAway => count(s.refused),
        Quantity::Lanes => count(s.live_lanes),
        Quantity::LanesIn(id) => count(s.lanes.iter().filter(|lane| call_of(&lane.doing).is_some_and(|call| is_call(call, id))).count()),
        Quantity::CallsOf(id) => count(s.calls.log.iter().filter(|c| is_call(c.call, id)).map(|c| u64::from(c.count)).sum::<u64>()),
        Quantity::Backlog => s.backlog.map_or(Nothing, count),
        Quantity::MessagesIn => count(s.messages.received),
        Quantity::MessagesOut => count(s.messages.sent),
        Quantity::ByRule => count(s.messages.by_rule),
        Quantity::Broken => count(s.messages.broken),
        Quantity::Groups => count(s.messages.groups.iter().filter(|g| g.error.is_none()).count()),
        Quantity::PeriodMs => s.messages.period.map_or(Nothing, |p| Number((p.mean.as_secs_f64() * 1e4).round() / 10.0)),
        Quantity::Unread => sum(s, |c| c.unread),
        Quantity::Unsent => sum(s, |c| c.unsent),
        Quantity::Attempt => s.retry.map_or(Number(0.0), |r| count(r.attempt)),
        Quantity::Retries => connects(s, |c| u64::from(c.retries)).map_or(Number(0.0), |all| count(all.into_iter().sum::<u64>())),
        Quantity::Unmet => {
            connects(s, |c| u64::from(c.there == Some(HalfThere::Nowhere))).map_or(Number(0.0), |all| count(all.into_iter().sum::<u64>()))
        }
        Quantity::ConnectMs => connects(s, |c| c.took.map_or(0, |took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)))
            .map_or(Nothing, |all| count(all.into_iter().max().unwrap_or(0))),
        Quantity::Switches if s.counters.switches == 0 && s.lanes.iter().all(|lane| lane.switches.is_none()) => {
            Worth::Untold(Why::Switches)
        }
        Quantity::Cpu if s.lanes.iter().all(|lane| lane.cpu.is_none()) && s.counters.cpu_us == 0 => Worth::Untold(Why::Cpu),
        Quantity::Queue
        | Quantity::QueueLimit
        | Quantity::Places
        | Quantity::HalfOpen
        | Quantity::Overflows
        | Quantity::Drops
        | Quantity::Accepted
        | Quantity::Arrived
        | Quantity::AcceptRate
        | Quantity::Pace => of_listener(what, s),
        other => of_counters(other, &s.counters, &s.rates),
    }
}

/// Of connections that are there.
fn own_addresses(s: &SessionView) -> Worth {
    let open = s.connections.iter().filter(|c| !matches!(c.state, ConnState::Closed | ConnState::Connecting));
    let all: Vec<Vec<u8>> = open.map(|c| c.info.local.as_bytes().to_vec()).collect();
    if all.is_empty() { Nothing } else { Worth::Texts(all) }
}

fn of_listener(what: &Quantity, s: &SessionView) -> Worth {
    let Some(listener) = &s.listener else {
        // Who serves datagrams, or does not run any more, still took so many.
        return match what {
            Quantity::Accepted if s.side == Side::Server => count(s.counters.opened),
            _ => Nothing,
        };
    };
    let l: &ListenerView = listener;
    let why = l.unavailable;
    match what {
        Quantity::Queue => count(l.queue.value),
        Quantity::QueueLimit => told(l.in_force.map(|f| f.value), why),
        Quantity::Places => told(l.places, why),
        Quantity::HalfOpen => told(l.half_open.map(|f| f.value), why),
        Quantity::Overflows => told(l.overflows.map(|f| f.value), why),
        Quantity::Drops => told(l.drops.map(|f| f.value), why),
        Quantity::Accepted => count(l.accepted),
        Quantity::Arrived => count(l.arrived),
        Quantity::AcceptRate => Number(l.accept_rate),
        Quantity::Pace => Worth::Word(Word::Pace(l.pace)),
        _ => Nothing,
    }
}

/// Of the connections that the system was asked about.
fn sum(s: &SessionView, of: impl Fn(&crate::engine::ConnView) -> Option<u32>) -> Worth {
    let live = s.connections.iter().filter(|c| !matches!(c.state, ConnState::Closed | ConnState::Connecting));
    let all: Vec<_> = live.map(of).collect();
    if !all.is_empty() && all.iter().all(Option::is_none) {
        return Worth::Untold(Why::Buffers);
    }
    count(all.into_iter().flatten().map(u64::from).sum::<u64>())
}

fn connects(s: &SessionView, of: impl Fn(&crate::engine::ConnectView) -> u64) -> Option<Vec<u64>> {
    let all: Vec<u64> = s.connections.iter().filter_map(|c| c.connect.as_deref()).map(of).collect();
    (!all.is_empty()).then_some(all)
}

/// At least one when the latest failure is of this kind, which may belong to no connection.
fn errors(s: &SessionView, errno: &str) -> Worth {
    // Winsock keeps it (WSAESHUTDOWN) for a side that this program itself ended.
    if cfg!(windows) && errno == "EPIPE" {
        return Worth::Untold(Why::NoEpipe);
    }
    let of = |failure: &Failure| failure.errno == Some(errno);
    let ended = s.connections.iter().filter(|c| match &c.end {
        Some(EndReason::Failed(failure)) => of(failure),
        Some(EndReason::Reset) => errno == "ECONNRESET",
        Some(EndReason::Orderly | EndReason::Here | EndReason::Service | EndReason::Idle | EndReason::Framing(_)) | None => false,
    });
    count(ended.count().max(usize::from(s.failure.as_ref().is_some_and(of))))
}

fn state(state: SessionState) -> &'static str {
    match state {
        SessionState::Starting => "starting",
        SessionState::Running => "running",
        SessionState::Stopping => "stopping",
        SessionState::Stopped => "stopped",
        SessionState::Failed => "failed",
    }
}

fn sequence_word(state: &SequenceState) -> SequenceWord {
    match state {
        SequenceState::Running => SequenceWord::Running,
        SequenceState::Waiting => SequenceWord::Waiting,
        SequenceState::Paused => SequenceWord::Paused,
        SequenceState::Ended(SequenceEnd::Done) => SequenceWord::Done,
        SequenceState::Ended(SequenceEnd::Stopped) => SequenceWord::Stopped,
        SequenceState::Ended(SequenceEnd::Failed { .. }) => SequenceWord::Failed,
    }
}

fn sequence(word: SequenceWord) -> &'static str {
    match word {
        SequenceWord::Running => "running",
        SequenceWord::Waiting => "waiting",
        SequenceWord::Paused => "paused",
        SequenceWord::Done => "done",
        SequenceWord::Stopped => "stopped",
        SequenceWord::Failed => "failed",
    }
}

fn conn_state(state: ConnState) -> &'static str {
    match state {
        ConnState::Connecting => "connecting",
        ConnState::Waiting => "waiting",
        ConnState::Open => "open",
        ConnState::PeerEnded => "peer-ended",
        ConnState::LocalEnded => "local-ended",
        ConnState::Closed => "closed",
    }
}

fn ended(end: &EndReason) -> &'static str {
    match end {
        EndReason::Orderly => "orderly",
        EndReason::Reset => "reset",
        EndReason::Here => "here",
        EndReason::Service => "service",
        EndReason::Idle => "idle",
        EndReason::Framing(_) => "framing",
        EndReason::Failed(_) => "failed",
    }
}

fn call_of(doing: &LaneDoing) -> Option<Call> {
    match doing {
        LaneDoing::InCall { call, .. } => Some(*call),
        LaneDoing::AtGate { .. } => Some(Call::Gate),
        LaneDoing::Running | LaneDoing::Gone => None,
    }
}

/// [`CALLS`] stand in the order of [`Call::ALL`]; a test holds that.
pub(super) fn is_call(call: Call, id: &str) -> bool {
    Call::ALL.iter().position(|c| *c == call).is_some_and(|at| CALLS.get(at) == Some(&id))
}
