//! What is exported and recorded, as other programs see it: tshark finds the same conversations and the same payloads, a full disk
//! holds writers back instead of losing rows, and a crash leaves a file that opens.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::fs;
use std::path::Path;
#[cfg(target_os = "linux")]
use std::process::Command as Process;
use std::time::Duration;

use socketlab::engine::{Command, Record, RecordKind, Recording, RecordingState, RecordingView, Spec, catalog};
use socketlab::lab::{Address, Client, Packet, Transport};
#[cfg(target_os = "linux")]
use socketlab::report::export;
use socketlab::report::import;
use support::{Peer, Rig, until};

fn record(rig: &Rig, path: &Path, limit_bytes: u64) {
    rig.send(Command::Record(Some(Recording { path: path.to_owned(), limit_bytes })));
    recording(rig, "it records", |r| *r.path == *path && (r.bytes > 0 || r.state != RecordingState::Running));
}

fn recording(rig: &Rig, what: &str, fits: impl Fn(&RecordingView) -> bool) -> RecordingView {
    until(what, || rig.engine.snapshot().recording.clone().filter(&fits))
}

fn end(rig: &Rig) -> RecordingView {
    rig.send(Command::Record(None));
    recording(rig, "the recording has ended", |r| !matches!(r.state, RecordingState::Running | RecordingState::Ending))
}

fn start_client(rig: &Rig, client: &Client) {
    rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: None })));
}

fn read(path: &Path) -> import::Imported {
    import::read(fs::File::open(path).unwrap(), &import::Limits::default()).unwrap()
}

/// Bytes in one direction.
fn payload<'a>(records: impl Iterator<Item = &'a Record>, kind: &RecordKind) -> Vec<u8> {
    records.filter(|r| r.kind == *kind).flat_map(|r| r.data.iter().copied()).collect()
}

/// What tshark says, a line for each packet that the filter lets through.
#[cfg(target_os = "linux")]
fn tshark(path: &Path, filter: &str, fields: &[&str]) -> Vec<Vec<String>> {
    let mut command = Process::new("tshark");
    command.args(["-n", "-r"]).arg(path).args(["-Y", filter, "-T", "fields", "-E", "separator=|"]);
    for option in ["ip.check_checksum", "tcp.check_checksum", "udp.check_checksum"] {
        command.args(["-o", &format!("{option}:TRUE")]);
    }
    for field in fields {
        command.args(["-e", field]);
    }
    let output = command.output().expect("tshark runs (package tshark)");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split('|').map(str::to_owned).collect()).collect()
}

#[cfg(target_os = "linux")]
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A lab with a talk over each transport: one client of ours, and one of the standard library.
#[cfg(target_os = "linux")]
fn talk(rig: &Rig, six: bool) {
    for transport in [Transport::Tcp, Transport::Udp, Transport::UnixStream, Transport::UnixDgram] {
        let mut server = rig.server(transport, catalog::default_model(), "upper");
        if six && !transport.is_unix() {
            server.address = Address::Inet { host: "::1".into(), port: 0 };
        }
        let at = rig.start(&server);
        let mut client = rig.client(transport, Address::parse(transport, &at).unwrap());
        client.packet = Packet { body: format!("ours over {transport}"), times: 1, on_connect: true, ..Packet::default() };
        start_client(rig, &client);
        rig.view_when(client.id, "ours has its answer", |s| s.counters.rx_bytes == s.counters.tx_bytes && s.counters.rx_bytes > 0);
        let mut peer = Peer::connect(transport, &at).unwrap();
        let text = format!("theirs over {transport}");
        peer.send(text.as_bytes()).unwrap();
        assert_eq!(peer.recv_exactly(text.len()).unwrap(), text.to_uppercase().as_bytes());
        drop(peer);
        rig.stop(client.id);
        rig.stop(server.id);
    }
}

/// The talks of a file, as tshark tells them.
#[cfg(target_os = "linux")]
fn check_talks(path: &Path) {
    for (protocol, transports) in [("tcp", [Transport::Tcp, Transport::UnixStream]), ("udp", [Transport::Udp, Transport::UnixDgram])] {
        let stream = format!("{protocol}.stream");
        let data = format!("{protocol}.payload");
        let lines = tshark(path, &format!("{protocol} && {data}"), &[&stream, &data]);
        let mut found: Vec<(String, Vec<String>)> = Vec::new();
        for line in lines {
            match found.iter_mut().find(|(stream, _)| *stream == line[0]) {
                Some((_, talk)) => talk.push(line[1].clone()),
                None => found.push((line[0].clone(), vec![line[1].clone()])),
            }
        }
        let mut talks: Vec<_> = found.into_iter().map(|(_, talk)| talk).collect();
        let texts = transports.iter().flat_map(|t| ["ours", "theirs"].map(|who| format!("{who} over {t}")));
        let mut expected: Vec<_> = texts.map(|text| vec![hex(text.as_bytes()), hex(text.to_uppercase().as_bytes())]).collect();
        talks.sort();
        expected.sort();
        assert_eq!(talks, expected, "{protocol}: each conversation once, with what was said");
    }
    let bad = "ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 || tcp.analysis.flags || _ws.malformed";
    assert_eq!(tshark(path, bad, &["frame.number", "_ws.expert.message"]), [[""; 0]; 0], "tshark has something to complain of");
    let handshakes = tshark(path, "tcp.flags.syn == 1", &["tcp.stream"]);
    assert_eq!(handshakes.len(), 4 * 2, "SYN and SYN-ACK of each TCP conversation");
    let said = tshark(path, "frame.number == 1", &["frame.comment"]);
    assert!(said[0][0].starts_with("Socketlab {"), "{said:?}");
    let about = Process::new("capinfos").arg("-k").arg(path).output();
    if let Ok(about) = about {
        assert!(String::from_utf8_lossy(&about.stdout).contains("synthesised"), "the file says that headers are synthesised");
    }
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "asks tshark, which is not everywhere: cargo test --test captures -- --ignored, as CI does"]
fn tshark_finds_the_same_talks_in_an_export() {
    for six in [false, true] {
        let rig = Rig::new();
        talk(&rig, six);
        let snapshot = rig.engine.snapshot();
        let path = rig.dir.path().join("export.pcapng");
        let origin = export::Origin { lab: "talks", started: snapshot.started };
        let mut file = fs::File::create(&path).unwrap();
        let written = export::write(&mut file, snapshot.traffic.iter(), export::Format::Pcapng, &origin).unwrap();
        assert!(written.left_out > 0, "the second telling of our own clients: {written:?}");
        check_talks(&path);
    }
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "asks tshark, which is not everywhere: cargo test --test captures -- --ignored, as CI does"]
fn tshark_finds_the_same_talks_in_a_recording() {
    let rig = Rig::new();
    let path = rig.dir.path().join("record.pcapng");
    record(&rig, &path, 1 << 30);
    talk(&rig, false);
    let view = end(&rig);
    assert_eq!((view.state, view.lost), (RecordingState::Done, 0));
    assert_eq!(view.bytes, fs::metadata(&path).unwrap().len());
    check_talks(&path);
}

/// A server that is sent as much as it takes.
fn flood(rig: &Rig) -> (socketlab::lab::Server, Client) {
    let server = rig.server(Transport::Tcp, catalog::default_model(), "discard");
    let at = rig.start(&server);
    let mut client = rig.client(Transport::Tcp, Address::parse(Transport::Tcp, &at).unwrap());
    client.packet = Packet { body: "x".repeat(200), every_ms: 0, times: 0, on_connect: true, ..Packet::default() };
    start_client(rig, &client);
    (server, client)
}

#[test]
fn a_flood_that_is_recorded_loses_nothing() {
    let rig = Rig::new();
    let path = rig.dir.path().join("flood.pcapng");
    record(&rig, &path, 1 << 30);
    let (server, client) = flood(&rig);
    rig.view_when(server.id, "twenty megabytes came", |s| s.counters.rx_bytes > 20_000_000);
    rig.stop(client.id);
    let sent = rig.engine.snapshot().session(client.id).unwrap().counters.tx_bytes;
    rig.view_when(server.id, "all was read", |s| s.counters.rx_bytes == sent);
    let view = end(&rig);
    assert_eq!((view.state, view.lost), (RecordingState::Done, 0));
    assert_eq!(rig.engine.snapshot().traffic_totals.dropped, 0);
    let back = read(&path);
    let told = payload(back.records.iter(), &RecordKind::Sent).len().max(payload(back.records.iter(), &RecordKind::Received).len());
    assert_eq!(told as u64, sent, "every byte is in the file");
    assert!(!back.is_cut_off && back.left_out == 0);
}

#[test]
fn a_full_recording_ends_and_the_lab_goes_on() {
    let rig = Rig::new();
    let path = rig.dir.path().join("full.pcapng");
    record(&rig, &path, 1_000_000);
    let (server, client) = flood(&rig);
    let view = recording(&rig, "it is full", |r| r.state == RecordingState::Full);
    let size = fs::metadata(&path).unwrap().len();
    assert!(size <= 1_000_000 && size > 900_000 && view.limit_bytes == 1_000_000, "{size}");
    let came = rig.engine.snapshot().session(server.id).unwrap().counters.rx_bytes;
    rig.view_when(server.id, "it goes on", |s| s.counters.rx_bytes > came + 5_000_000);
    assert!(recording(&rig, "rows are missing", |r| r.lost > 0).records > 10);
    assert!(read(&path).records.len() > 10);
    let again = rig.dir.path().join("again.pcapng");
    record(&rig, &again, 1 << 30);
    recording(&rig, "a new one takes its place", |r| *r.path == *again && r.records > 10);
    assert!(rig.stop(client.id) < Duration::from_secs(2));
    assert_eq!(end(&rig).state, RecordingState::Done);
    assert!(read(&again).records.len() > 10);
}

#[test]
fn a_file_that_cannot_be_made_is_told_and_nothing_else_suffers() {
    let rig = Rig::new();
    for (path, words) in [(rig.dir.path().join("no/such/dir.pcapng"), ""), (rig.dir.path().to_owned(), "no regular file")] {
        record(&rig, &path, 1 << 20);
        let view = recording(&rig, "it failed", |r| *r.path == *path && matches!(r.state, RecordingState::Failed(_)));
        assert!(matches!(&view.state, RecordingState::Failed(why) if why.contains(words)), "{view:?}");
    }
    let server = rig.server(Transport::Tcp, catalog::default_model(), "echo");
    let at = rig.start(&server);
    let mut peer = Peer::connect(Transport::Tcp, &at).unwrap();
    peer.send(b"still here").unwrap();
    assert_eq!(peer.recv_exactly(10).unwrap(), b"still here");
}

#[test]
fn the_memory_limit_of_the_log_is_set_and_shown() {
    let rig = Rig::new();
    assert_eq!(rig.engine.snapshot().traffic_totals.limit_bytes, 0, "before the first look");
    rig.send(Command::SetTrafficLimit(1 << 20));
    let (_server, client) = flood(&rig);
    let totals = until("rows went", || Some(rig.engine.snapshot().traffic_totals).filter(|t| t.evicted > 10_000));
    assert!(totals.limit_bytes == 1 << 20 && totals.held_bytes <= (1 << 20) + 256 * 66_000, "{totals:?}");
    rig.stop(client.id);
}

/// The program is killed while it records; what was sent a moment before is in the file.
#[cfg(unix)]
#[test]
fn a_crash_leaves_what_was_flushed() {
    use std::io::{BufRead, BufReader};
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("crash.pcapng");
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_socketlab"));
    program.args(["serve", "tcp", "127.0.0.1:0", "--record"]).arg(&path).args(["--record-limit", "64MiB"]);
    let mut child = program.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let at = line.strip_prefix("listening on ").and_then(|l| l.split(" (").next()).unwrap();
    let mut peer = Peer::connect(Transport::Tcp, at).unwrap();
    peer.send(b"before the crash").unwrap();
    assert_eq!(peer.recv_exactly(16).unwrap(), b"before the crash");
    let told = || {
        let back = read(&path);
        (payload(back.records.iter(), &RecordKind::Received) == b"before the crash").then_some(back)
    };
    until("it is on the disk without anybody asking", told);
    child.kill().unwrap();
    child.wait().unwrap();
    let back = told().unwrap();
    assert_eq!((payload(back.records.iter(), &RecordKind::Sent), back.is_cut_off), (b"before the crash".to_vec(), false));
}

/// A client sends all the time; the program is killed in the middle of it. The peer knows what it got and when.
#[cfg(unix)]
#[test]
fn a_crash_in_the_middle_loses_no_more_than_the_last_second() {
    use std::io::Read;
    use std::time::Instant;
    let dir = tempfile::tempdir().unwrap();
    let (lab, path) = (dir.path().join("lab.toml"), dir.path().join("crash.pcapng"));
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let at = listener.local_addr().unwrap();
    let packet = "body = '{{counter}};'\nevery_ms = 1\ntimes = 0\non_connect = true";
    fs::write(&lab, format!("[[client]]\nname = 'c'\ntransport = 'tcp'\naddress = '{at}'\n[client.packet]\n{packet}\n")).unwrap();
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_socketlab"));
    program.arg("run").arg(&lab).args(["--for", "1m", "--record"]).arg(&path).stdout(std::process::Stdio::null());
    let mut child = program.spawn().unwrap();
    let (mut peer, _) = listener.accept().unwrap();
    peer.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let (mut got, mut marks) = (Vec::new(), Vec::new());
    let mut killed = None;
    let mut buffer = [0; 4_096];
    loop {
        let n = match peer.read(&mut buffer) {
            Ok(n) => n,
            // What it had not sent yet goes with it.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => 0,
            Err(error) => panic!("{error}"),
        };
        if n == 0 {
            break;
        }
        got.extend_from_slice(&buffer[..n]);
        marks.push((Instant::now(), got.len()));
        // Much of it is older than the second that may be lost.
        let is_old = |mark: &&(Instant, usize)| mark.1 > 1_000 && mark.0.elapsed() > Duration::from_millis(1_500);
        if killed.is_none() && marks.iter().any(|mark| is_old(&mark)) {
            killed = Some(Instant::now());
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    let killed = killed.expect("it was killed while it sent");
    let old = marks.iter().rev().find(|(at, _)| *at + Duration::from_secs(1) <= killed).map(|(_, bytes)| *bytes).unwrap();
    let back = read(&path);
    let told = payload(back.records.iter(), &RecordKind::Sent);
    assert!(old > 1_000 && told.len() >= old, "{} of {old} bytes that were older than a second, of {} in all", told.len(), got.len());
    assert!(told.starts_with(b"1;2;3;") && got.starts_with(&told[..old]), "what is there is what was sent");
}

/// What the program itself says about a recording.
#[test]
fn a_run_says_what_it_recorded() {
    let dir = tempfile::tempdir().unwrap();
    let lab = dir.path().join("lab.toml");
    let client = "[[client]]\nname = \"one\"\nserver = \"echo\"\n[client.packet]\nbody = \"hello\"\non_connect = true\n";
    let server = "[[server]]\nname = \"echo\"\ntransport = \"tcp\"\naddress = \"127.0.0.1:0\"\n";
    fs::write(&lab, format!("{server}{client}")).unwrap();
    let out = dir.path().join("out.pcapng");
    let run = |out: &Path, more: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_socketlab"));
        program.arg("run").arg(&lab).args(["--for", "300ms", "--record"]).arg(out).args(more).output().unwrap()
    };
    let words = run(&out, &[]);
    let said = String::from_utf8_lossy(&words.stdout);
    assert!(words.status.success() && said.contains(&format!("rows in {}", out.display())), "{said}");
    let back = read(&out);
    assert_eq!(payload(back.records.iter(), &RecordKind::Sent), b"hello");
    let json = run(&out, &["--json"]);
    let last = String::from_utf8_lossy(&json.stdout).lines().last().unwrap().to_owned();
    let summary: serde_json::Value = serde_json::from_str(&last).unwrap();
    assert_eq!(summary["recording"]["state"], "done");
    assert_eq!(summary["recording"]["bytes"], fs::metadata(&out).unwrap().len());
    let failed = run(&dir.path().join("no/dir.pcapng"), &[]);
    let error = String::from_utf8_lossy(&failed.stderr);
    assert!(failed.status.code() == Some(1) && error.contains("cannot record to"), "{error}");
}
