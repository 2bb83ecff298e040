//! Runs a lab from start to summary: servers first, then clients, then events and figures until the end.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, at, bounded, never, select};

use super::Problem;
use super::insights::Insights;
use super::out::{Out, aligned, complain, human};
use super::play::{self, Played, Tally};
use super::stop::stop_signal;
use crate::engine::{
    Command, Engine, EngineConfig, EngineGone, EngineHandle, Event, EventKind, Recording, RecordingState, RecordingView, SessionState,
    Snapshot, Spec,
};
use crate::lab::{EndpointId, Lab, Side, Target};
use crate::report::{
    ConnectsLine, EndpointSummary, EventLine, Line, RecordingLine, SnapshotLine, StartLine, SummaryLine, TotalsLine, state_id, words,
};

/// How long servers may take to come up before the clients start anyway (a name that resolves slowly).
const SETTLE: Duration = Duration::from_secs(10);
/// How long the end may take before it goes on without the last figures.
const STOPPING: Duration = Duration::from_secs(5);
const SAMPLE_EVERY: Duration = Duration::from_secs(1);
const LIVE_EVERY: Duration = Duration::from_millis(250);

/// How it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Lines of words, a summary.
    Words,
    /// Words; where the server listens comes first.
    Serve,
    /// JSON lines.
    Json,
}

/// How a lab is run.
#[derive(Debug)]
pub(super) struct How {
    /// How long; without it until Ctrl-C.
    pub limit: Option<Duration>,
    /// How it is told.
    pub style: Style,
    /// Where its traffic goes.
    pub recording: Option<Recording>,
    /// Whether the steps of the lab are played.
    pub plays: bool,
}

/// Runs the endpoints of `cast`; `lab` is the whole document, in which clients look up their servers. True when all ran.
pub(super) fn drive(lab: &Lab, cast: &Lab, how: How) -> Result<bool, Problem> {
    let How { limit, style, recording, plays } = how;
    let stop = stop_signal()?;
    let (knock, wake) = bounded(1);
    let engine = Engine::spawn(EngineConfig::default(), move || {
        // A full channel means that we are going to look anyway.
        let _already_awake = knock.try_send(());
    })
    .map_err(|e| Problem::Failed(format!("the engine cannot start: {e}")))?;
    let mut show = Show { engine, wake, stop, style, out: Out::new(style != Style::Json), cast, insights: Insights::new() };
    warn_of_open_doors(cast);
    if style == Style::Json {
        show.out.json(&Line::Start(StartLine::of(cast)))?;
    }
    if let Some(recording) = recording {
        show.record(recording)?;
    }
    let begin = Instant::now();
    // Steps that do nothing are about a lab that runs.
    let starts = !plays || lab.steps.iter().all(|step| step.does.is_empty());
    if starts && show.start(lab)? == Woken::Stop {
        return show.finish(None);
    }
    if !plays {
        show.watch(limit)?;
        return show.finish(None);
    }
    let tally = play::play(&lab.steps, lab, limit, &mut Played { show: &mut show, lab })?;
    if let Some(limit) = limit {
        show.watch(Some(limit.saturating_sub(begin.elapsed())))?;
    }
    show.finish(Some(tally))
}

/// The run in progress.
pub(super) struct Show<'a> {
    pub(super) engine: EngineHandle,
    wake: Receiver<()>,
    stop: Receiver<()>,
    pub(super) style: Style,
    pub(super) out: Out,
    cast: &'a Lab,
    pub(super) insights: Insights,
}

/// Why a wait came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    News,
    Stop,
    Time,
}

impl Show<'_> {
    /// Opens the file before anything else happens; without it the run is not what was asked for.
    fn record(&mut self, recording: Recording) -> Result<(), Problem> {
        self.send(Command::Record(Some(recording)))?;
        let is_open = |r: &RecordingView| r.bytes > 0 || r.state != RecordingState::Running;
        self.until(|s| s.recording.as_ref().is_some_and(is_open), STOPPING)?;
        match self.engine.snapshot().recording.as_ref() {
            Some(RecordingView { state: RecordingState::Failed(why), path, .. }) => {
                Err(Problem::Failed(format!("cannot record to '{}': {why}", path.display())))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Servers, then clients. A stop that came meanwhile is the answer.
    fn start(&mut self, lab: &Lab) -> Result<Woken, Problem> {
        for server in &self.cast.servers {
            self.send(Command::Start(Box::new(Spec::Server(server.clone()))))?;
        }
        let servers: Vec<EndpointId> = self.cast.servers.iter().map(|s| s.id).collect();
        let up = |s: &Snapshot| servers.iter().all(|id| state(s, *id).is_some_and(|s| s != SessionState::Starting));
        if self.until(up, SETTLE)? == Woken::Stop {
            return Ok(Woken::Stop);
        }
        for client in &self.cast.clients {
            let server = match &client.target {
                Target::Server(name) => lab.server_named(name).cloned(),
                Target::Address(_) | Target::Pair => None,
            };
            self.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server })))?;
        }
        // The time that was asked for begins when all have begun, else `--for 0s` would stop clients before their start.
        let clients: Vec<EndpointId> = self.cast.clients.iter().map(|c| c.id).collect();
        let begun = |s: &Snapshot| clients.iter().all(|id| state(s, *id).is_some_and(|s| s != SessionState::Starting));
        self.until(begun, SETTLE)
    }

    /// Tells events and figures until the time is over, Ctrl-C, or nothing is left that runs: all failed, or served what they had
    /// to serve.
    fn watch(&mut self, limit: Option<Duration>) -> Result<(), Problem> {
        let begin = Instant::now();
        let end = limit.map(|limit| begin + limit);
        let every = match self.style {
            Style::Json => Some(SAMPLE_EVERY),
            Style::Words | Style::Serve => self.out.is_live().then_some(LIVE_EVERY),
        };
        let mut next = every.map(|every| begin + every);
        loop {
            self.tell_events()?;
            let snapshot = self.engine.snapshot();
            self.insights.look(&snapshot, self.cast, self.style, &mut self.out)?;
            if self.cast.names().all(|(id, _)| state(&snapshot, id).is_some_and(is_over)) {
                return Ok(());
            }
            let now = Instant::now();
            if end.is_some_and(|end| now >= end) {
                return self.tell_figures(&snapshot);
            }
            if let (Some(due), Some(every)) = (next, every)
                && now >= due
            {
                self.tell_figures(&snapshot)?;
                next = Some(due + every);
            }
            match self.wait(end.into_iter().chain(next).min())? {
                Woken::Stop => return Ok(()),
                Woken::News | Woken::Time => {}
            }
        }
    }

    /// Stops everything, sums up, says whether all ran.
    fn finish(mut self, tally: Option<Tally>) -> Result<bool, Problem> {
        self.out.clear();
        self.tell_events()?;
        let before = self.engine.snapshot();
        self.insights.end(&before, self.style, &mut self.out)?;
        self.send(Command::StopAll)?;
        let over = |s: &Snapshot| s.sessions.iter().all(|s| is_over(s.state));
        // A second Ctrl-C ends the process by itself.
        let _stop_is_late = self.until(over, STOPPING)?;
        let dropped_events = self.engine.dropped_events();
        let after = self.engine.shutdown();
        let endpoints: Vec<EndpointSummary> = self
            .cast
            .names()
            .map(|(id, name)| (self.cast.client(id).is_some_and(|c| c.connections == 0), id, name))
            .map(|(opens_none, id, name)| match (before.session(id), after.session(id)) {
                // Nothing was asked of it but to be there.
                (Some(before), Some(after)) if opens_none && before.state == SessionState::Running => {
                    EndpointSummary { ok: true, ..EndpointSummary::of(before, after) }
                }
                (Some(before), Some(after)) => EndpointSummary::of(before, after),
                (Some(only), None) | (None, Some(only)) => EndpointSummary::of(only, only),
                (None, None) => EndpointSummary {
                    name: name.to_owned(),
                    side: if self.cast.server(id).is_some() { Side::Server } else { Side::Client },
                    ok: false,
                    totals: TotalsLine::default(),
                    turned_away: 0,
                    listener: None,
                    connects: ConnectsLine::default(),
                    failure: None,
                },
            })
            .collect();
        // An experiment may be about an endpoint that fails: its checks decide.
        let ok = tally.map_or_else(|| endpoints.iter().all(|e| e.ok), Tally::is_ok);
        let totals = TotalsLine { open: before.counters.open, waiting: before.counters.waiting, ..TotalsLine::from(&after.counters) };
        let recording = after.recording.as_ref().map(RecordingLine::from);
        let ok = ok && recording.as_ref().is_none_or(|r| r.failure.is_none());
        let summary = SummaryLine { seconds: SnapshotLine::from(&*after).at_secs, ok, totals, endpoints, dropped_events, recording };
        match self.style {
            Style::Json => self.out.json(&Line::Summary(summary))?,
            Style::Words | Style::Serve => {
                tell_summary(&mut self.out, &summary)?;
                tally.iter().try_for_each(|tally| self.out.line(&tally.words()))?;
            }
        }
        Ok(ok)
    }

    fn send(&self, command: Command) -> Result<(), Problem> {
        self.engine.send(command).map_err(|e| Problem::Failed(e.to_string()))
    }

    /// Waits for news, Ctrl-C, or a moment.
    pub(super) fn wait(&self, until: Option<Instant>) -> Result<Woken, Problem> {
        let timer = until.map_or_else(never, at);
        select! {
            recv(self.wake) -> news => match news {
                Ok(()) => Ok(Woken::News),
                // The engine holds the other end for as long as it lives.
                Err(_) => Err(Problem::Failed(EngineGone::Stopped.to_string())),
            },
            recv(self.stop) -> _ => Ok(Woken::Stop),
            recv(timer) -> _ => Ok(Woken::Time),
        }
    }

    /// Tells events until the snapshot is as wished, at most this long.
    fn until(&mut self, wished: impl Fn(&Snapshot) -> bool, limit: Duration) -> Result<Woken, Problem> {
        let end = Instant::now() + limit;
        loop {
            let done = wished(&self.engine.snapshot());
            self.tell_events()?;
            if done {
                return Ok(Woken::News);
            }
            match self.wait(Some(end))? {
                Woken::News => {}
                other => return Ok(other),
            }
        }
    }

    pub(super) fn tell_events(&mut self) -> Result<(), Problem> {
        let events: Vec<Event> = self.engine.drain_events().collect();
        for event in &events {
            match self.style {
                Style::Json => self.out.json(&Line::Event(EventLine::from(event)))?,
                Style::Serve => self.tell_serving(event)?,
                Style::Words => self.out.line(&format!("{:8.3}  {}", event.at.as_secs_f64(), words(event)))?,
            }
        }
        Ok(())
    }

    fn tell_serving(&mut self, event: &Event) -> Result<(), Problem> {
        match (&event.kind, self.cast.server(event.session)) {
            (EventKind::Started { local: Some(local) }, Some(server)) => {
                self.out.line(&format!("listening on {local} ({}, {}, {})", server.transport, server.model, server.service))?;
            }
            // What is not where it listens must not come before that line, on which scripts wait.
            (EventKind::ReplacedStaleFile { .. } | EventKind::Failed(_) | EventKind::Trouble(_), _) => {
                self.out.clear();
                complain(&words(event));
            }
            _ => self.out.line(&words(event))?,
        }
        Ok(())
    }

    fn tell_figures(&mut self, snapshot: &Snapshot) -> Result<(), Problem> {
        match self.style {
            Style::Json => self.out.json(&Line::Sample(SnapshotLine::from(snapshot)))?,
            Style::Words | Style::Serve => self.out.show(live_words(snapshot)),
        }
        Ok(())
    }
}

fn state(snapshot: &Snapshot, id: EndpointId) -> Option<SessionState> {
    snapshot.session(id).map(|s| s.state)
}

fn is_over(state: SessionState) -> bool {
    matches!(state, SessionState::Stopped | SessionState::Failed)
}

/// Fits into 80 columns.
fn live_words(snapshot: &Snapshot) -> String {
    let (c, r) = (&snapshot.counters, &snapshot.rates);
    let running = snapshot.sessions.iter().filter(|s| s.state == SessionState::Running).count();
    format!(
        "{:.1} s · {running} {} · {} open, {} waiting · in {}/s · out {}/s",
        snapshot.at.as_secs_f64(),
        state_id(SessionState::Running),
        c.open,
        c.waiting,
        human(r.rx_bytes),
        human(r.tx_bytes),
    )
}

fn tell_summary(out: &mut Out, summary: &SummaryLine) -> Result<(), Problem> {
    out.line(&format!("ran {:.1} s", summary.seconds))?;
    let row = |e: &EndpointSummary| {
        let t = &e.totals;
        [
            format!("  {}", if e.side == Side::Server { "server" } else { "client" }),
            e.name.clone(),
            if e.ok { "ran" } else { "FAILED" }.to_owned(),
            format!("{} opened", t.opened),
            format!("received {} in {}", human(t.rx_bytes as f64), t.rx_messages),
            format!("sent {} in {}", human(t.tx_bytes as f64), t.tx_messages),
            e.failure.as_ref().map(|f| f.words.clone()).unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = summary.endpoints.iter().map(row).collect();
    aligned(&rows).try_for_each(|line| out.line(&line))?;
    for endpoint in &summary.endpoints {
        if let Some(listener) = &endpoint.listener {
            out.line(&format!("  {}", listener.words(&endpoint.name)))?;
        }
    }
    for endpoint in summary.endpoints.iter().filter(|e| e.turned_away > 0) {
        out.line(&format!("  {} turned away {} peers that its filter does not let in", endpoint.name, endpoint.turned_away))?;
    }
    if let Some(recording) = &summary.recording {
        out.line(&format!("  {}", recording.words()))?;
    }
    if summary.totals.dropped_records > 0 {
        out.line(&format!("  {} log rows were dropped; the totals are exact", summary.totals.dropped_records))?;
    }
    if summary.dropped_events > 0 {
        out.line(&format!(
            "  {} more events were counted, not told: repeats within a second, or more than were read in time",
            summary.dropped_events
        ))?;
    }
    Ok(())
}

/// Servers that others can reach are asked for knowingly, but said.
fn warn_of_open_doors(cast: &Lab) {
    for server in cast.servers.iter().filter(|s| !s.address.is_loopback()) {
        complain(&format!("note: server {} binds {}, which other machines may reach", server.name, server.address));
    }
}
