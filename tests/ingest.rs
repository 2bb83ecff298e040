//! Figures, by hand: `cargo test --release --test ingest -- --ignored --nocapture --test-threads=1`. What they say depends on the
//! machine; what they check does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "figures for whoever runs it by hand")]

mod support;

use std::fs;
use std::time::{Duration, Instant};

use socketlab::engine::{Command, EngineConfig, Recording, RecordingState, Spec, catalog};
use socketlab::lab::{Address, Client, Packet, PacketFormat, Server, Transport};
use support::{Rig, until};

/// The most memory that this process has had so far, in bytes: `VmHWM` of proc(5).
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib << 10)
}

fn flood(rig: &Rig, message: usize) -> (Server, Client) {
    let server = rig.server(Transport::Tcp, catalog::default_model(), "discard");
    let at = rig.start(&server);
    let path = rig.dir.path().join("message");
    fs::write(&path, vec![b'x'; message]).unwrap();
    let mut client = rig.client(Transport::Tcp, Address::parse(Transport::Tcp, &at).unwrap());
    let body = path.display().to_string();
    client.packet = Packet { body, format: PacketFormat::File, every_ms: 0, times: 0, on_connect: true, ..Packet::default() };
    rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
    (server, client)
}

/// Stops the sender, and answers what it sent once all of it was received.
fn settle(rig: &Rig, server: &Server, client: &Client) -> u64 {
    rig.stop(client.id);
    let sent = rig.engine.snapshot().session(client.id).unwrap().counters.tx_bytes;
    rig.view_when(server.id, "all was received", |s| s.counters.rx_bytes == sent);
    sent
}

#[test]
#[ignore = "a measurement"]
fn a_gibibyte_streams_through_with_memory_under_the_limit() {
    let rig = Rig::new();
    let before = peak();
    let start = Instant::now();
    let (server, client) = flood(&rig, 16 << 10);
    until("a gibibyte came", || rig.engine.snapshot().session(server.id).filter(|s| s.counters.rx_bytes >= 1 << 30).map(drop));
    let took = start.elapsed();
    let sent = settle(&rig, &server, &client);
    let totals = rig.engine.snapshot().traffic_totals;
    let limit = EngineConfig::default().traffic_limit_bytes;
    assert!(totals.held_bytes <= limit + (256 << 16), "{totals:?}");
    assert_eq!(totals.made, rig.engine.snapshot().traffic.len() as u64 + totals.evicted + totals.dropped);
    eprintln!("{sent} bytes in {took:.2?}; the log holds {} of {limit}; {} rows dropped", totals.held_bytes, totals.dropped);
    if let (Some(before), Some(after)) = (before, peak()) {
        eprintln!("the process grew by {} MiB at most", (after - before) >> 20);
        assert!(after - before < limit + (256 << 20));
    }
}

#[test]
#[ignore = "a measurement"]
fn what_a_recording_takes() {
    let rig = Rig::new();
    let path = rig.dir.path().join("record.pcapng");
    rig.send(Command::Record(Some(Recording { path: path.clone(), limit_bytes: 8 << 30 })));
    until("it records", || rig.engine.snapshot().recording.clone().filter(|r| r.bytes > 0));
    let start = Instant::now();
    let (server, client) = flood(&rig, 1_000);
    until("a while", || (start.elapsed() > Duration::from_secs(5)).then_some(()));
    let sent = settle(&rig, &server, &client);
    let took = start.elapsed().as_secs_f64();
    rig.send(Command::Record(None));
    let view = until("it is over", || rig.engine.snapshot().recording.clone().filter(|r| r.state == RecordingState::Done));
    assert_eq!((view.lost, rig.engine.snapshot().traffic_totals.dropped), (0, 0));
    let counters = rig.engine.snapshot().session(server.id).unwrap().counters;
    eprintln!(
        "{:.0} MB/s and {:.0} sends, {:.0} receives a second while all of it is recorded; {} MB in the file, {} rows, none lost",
        sent as f64 / took / 1e6,
        sent as f64 / 1e3 / took,
        counters.rx_messages as f64 / took,
        view.bytes / 1_000_000,
        view.records
    );
}
