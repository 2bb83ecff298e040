//! `socketlab send`: one client that sends, then prints what comes back, byte for byte.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use crossbeam_channel::{at, bounded, never, select};

use super::Problem;
use super::args::SendArgs;
use super::stop::stop_signal;
use crate::bytes;
use crate::engine::{
    Cause, Command, EndReason, Engine, EngineConfig, EngineGone, EngineHandle, EventKind, Failure, Operation, Record, RecordKind, Snapshot,
    Spec,
};
use crate::lab::{Address, Client, Lab, MAX_WAIT_MS, Packet, PacketFormat, Target};

pub(super) fn send(args: SendArgs) -> Result<bool, Problem> {
    let client = client(&args)?;
    let stop = stop_signal()?;
    let (knock, wake) = bounded(1);
    let engine = Engine::spawn(EngineConfig::default(), move || {
        // A full channel means that we are going to look anyway.
        let _already_awake = knock.try_send(());
    })
    .map_err(|e| Problem::Failed(format!("the engine cannot start: {e}")))?;
    engine.send(Command::Start(Box::new(Spec::Client { client, server: None }))).map_err(|e| Problem::Failed(e.to_string()))?;
    let mut talk = Talk { next: 0, sent: false, ended: false, lost: false, failure: None, quiet_since: Instant::now() };
    loop {
        talk.look(&engine)?;
        if talk.ended || talk.failure.is_some() {
            break;
        }
        // Until the last send is done there is no limit: it has a schedule, and connecting a time-out, of its own.
        let end = talk.sent.then(|| talk.quiet_since + args.wait);
        if end.is_some_and(|end| Instant::now() >= end) {
            break;
        }
        let timer = end.map_or_else(never, at);
        select! {
            recv(wake) -> news => if news.is_err() {
                return Err(Problem::Failed(EngineGone::Stopped.to_string()));
            },
            recv(stop) -> _ => break,
            recv(timer) -> _ => {}
        }
    }
    let last = engine.shutdown();
    talk.print(&last)?;
    match talk.failure {
        Some(failure) => Err(Problem::Failed(failure.to_string())),
        None if talk.lost => Err(Problem::Failed("more came than could be recorded: the output is incomplete".to_owned())),
        None if talk.ended && !talk.sent => Err(Problem::Failed("the peer closed before everything was sent".to_owned())),
        None => Ok(true),
    }
}

/// What was heard so far.
struct Talk {
    /// The traffic row to print next.
    next: u64,
    /// Whether the schedule is done.
    sent: bool,
    /// Whether the connection is over.
    ended: bool,
    /// Whether bytes that came are not in the log.
    lost: bool,
    failure: Option<Failure>,
    /// Since when nothing was sent or received.
    quiet_since: Instant,
}

impl Talk {
    fn look(&mut self, engine: &EngineHandle) -> Result<(), Problem> {
        // The snapshot first: what an event tells may come before it, and "sent" must not be missed at the end.
        let snapshot = engine.snapshot();
        for event in engine.drain_events() {
            match event.kind {
                EventKind::Failed(failure) | EventKind::Trouble(failure) => self.failure = self.failure.take().or(Some(failure)),
                EventKind::SendDone { .. } => {
                    self.sent = true;
                    self.quiet_since = Instant::now();
                }
                EventKind::Stopped { .. } => self.ended = true,
                EventKind::Started { .. }
                | EventKind::ReplacedStaleFile { .. }
                | EventKind::ModelSwitched { .. }
                | EventKind::Retrying { .. }
                | EventKind::SequenceEnded { .. }
                | EventKind::BacklogChanged { .. }
                | EventKind::ConnectionsClosed { .. } => {}
            }
        }
        self.print(&snapshot)
    }

    fn print(&mut self, snapshot: &Snapshot) -> Result<(), Problem> {
        let traffic = &snapshot.traffic;
        self.lost |= traffic.first_index() > self.next || snapshot.traffic_totals.dropped > 0;
        let mut stdout = io::stdout().lock();
        let from = self.next.max(traffic.first_index());
        for record in traffic.iter_from(from) {
            self.hear(record, &mut stdout)?;
        }
        self.next = traffic.end_index().max(self.next);
        stdout.flush()?;
        Ok(())
    }

    fn hear(&mut self, record: &Record, stdout: &mut impl Write) -> io::Result<()> {
        match &record.kind {
            RecordKind::Received => {
                self.quiet_since = Instant::now();
                self.lost |= (record.data.len() as u64) < u64::from(record.len);
                stdout.write_all(&record.data)?;
            }
            RecordKind::Sent => self.quiet_since = Instant::now(),
            RecordKind::Opened => {}
            RecordKind::Ended(reason) => {
                self.ended = true;
                match reason {
                    EndReason::Failed(failure) => self.failure = self.failure.take().or_else(|| Some(failure.clone())),
                    EndReason::Framing(why) => {
                        let failure = Failure::because(Operation::Framing, std::sync::Arc::clone(&record.conn.peer), Cause::Framing(*why));
                        self.failure = self.failure.take().or(Some(failure));
                    }
                    EndReason::Orderly | EndReason::Reset | EndReason::Here | EndReason::Service | EndReason::Idle => {}
                }
            }
        }
        Ok(())
    }
}

fn client(args: &SendArgs) -> Result<Client, Problem> {
    let address =
        |what: &str, text: &str| Address::parse(args.transport, text).map_err(|e| Problem::Usage(format!("{what} '{text}': {e}")));
    let target = address("address", &args.address)?;
    let local = args.local.as_deref().map(|text| address("--local", text)).transpose()?;
    let format = match (args.hex, args.file) {
        (true, _) => PacketFormat::Hex,
        (_, true) => PacketFormat::File,
        (false, false) => PacketFormat::Text,
    };
    let data = match format {
        PacketFormat::Text => bytes::parse_text(&args.data).map(drop),
        PacketFormat::Hex => bytes::parse_hex(&args.data).map(drop),
        PacketFormat::Base64 => bytes::parse_base64(&args.data).map(drop),
        PacketFormat::File => Ok(()),
    };
    data.map_err(|e| Problem::Usage(format!("DATA, {e}")))?;
    if format == PacketFormat::File {
        std::fs::File::open(&args.data).map_err(|e| Problem::Usage(format!("cannot read '{}': {e}", args.data)))?;
    }
    let mut lab = Lab::default();
    let id = lab.add_client(args.transport, None);
    let mut client = lab.client(id).cloned().ok_or_else(|| Problem::Failed("the lab lost its client".to_owned()))?;
    client.name = "send".into();
    client.target = Target::Address(target);
    client.local = local;
    client.connect_timeout_ms = millis(args.connect_timeout);
    client.packet =
        Packet { body: args.data.clone(), format, every_ms: millis(args.every), times: args.times, on_connect: true, ..Packet::default() };
    Ok(client)
}

/// Whole milliseconds; a short time never becomes 0, which has a meaning of its own.
fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(MAX_WAIT_MS).min(MAX_WAIT_MS)
}
