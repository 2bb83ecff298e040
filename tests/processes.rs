//! A process per connection, seen from outside: the system's own list of processes says who lives, who is a zombie and who
//! was reaped.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::collections::BTreeMap;

use socketlab::engine::{Call, Command, EndReason, GateMove, LaneDoing};
use socketlab::lab::{AcceptPace, Transport};
use support::{Peer, Rig, until};

/// The children of this process by id, with the letter of their state (proc_pid_stat(5)).
fn children() -> BTreeMap<u32, char> {
    let own = std::process::id().to_string();
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // The program's name may hold blanks; it ends at the last bracket.
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let (state, parent) = (fields.next(), fields.next());
        if parent == Some(&own) {
            found.insert(pid, state.and_then(|s| s.chars().next()).unwrap_or('?'));
        }
    }
    found
}

/// Whether this is the line of the model's file with these words.
fn is_in_loop((file, line): (&str, u32), words: &str) -> bool {
    let source = include_str!("../src/model/processes.rs");
    file.replace('\\', "/").ends_with("src/model/processes.rs") && source.lines().nth(line as usize - 1).is_some_and(|l| l.contains(words))
}

/// One test: they all look at the same list of children.
#[test]
fn children_serve_are_seen_and_are_reaped() {
    let rig = Rig::new();
    let server = rig.server(Transport::Tcp, "processes", "echo");
    let at = rig.start(&server);

    // Each connection has a child, whose calls are on the timeline.
    let mut first = Peer::connect(Transport::Tcp, &at).unwrap();
    let mut second = Peer::connect(Transport::Tcp, &at).unwrap();
    for (peer, words) in [(&mut first, b"one"), (&mut second, b"two")] {
        peer.send(words).unwrap();
        assert_eq!(peer.recv_exactly(3).unwrap(), words);
    }
    let pids: Vec<u32> = children().into_keys().collect();
    assert_eq!(pids.len(), 2);
    let view = rig.view_when(server.id, "both children sleep in recv", |s| {
        s.lanes.iter().filter(|l| matches!(l.doing, LaneDoing::InCall { call: Call::Recv, .. })).count() == 2
    });
    assert!(pids.iter().all(|pid| view.lanes.iter().any(|lane| lane.name.contains(&format!("pid {pid}")))), "{:?}", view.lanes);
    let calls: Vec<Call> = view.calls.log.iter().map(|record| record.call).collect();
    assert!(calls.contains(&Call::Spawn) && calls.contains(&Call::Send), "{calls:?}");
    assert_eq!((view.counters.rx_bytes, view.counters.tx_bytes), (6, 6));
    // A child's calls, and the one it stands in, name the line of the child's own loop.
    let asleep = view.lanes.iter().filter(|lane| lane.name.contains("pid ")).filter_map(|lane| lane.at);
    let places: Vec<_> = asleep.map(|at| (at.file, at.line)).collect();
    assert!(places.len() == 2 && places.iter().all(|at| is_in_loop(*at, "while talk.recv")), "{places:?}");
    let sent: Vec<_> = view.calls.log.iter().filter(|call| call.call == Call::Send).map(|c| (c.at.file(), c.at.line())).collect();
    assert!(sent.len() == 2 && sent.iter().all(|at| is_in_loop(*at, "talk.send")), "{sent:?}");

    // A child that is killed costs its own client the connection, and the server nothing.
    let killed = *pids.first().unwrap();
    let status = std::process::Command::new("kill").args(["-KILL", &killed.to_string()]).status().unwrap();
    assert!(status.success());
    let view = rig.view_when(server.id, "its connection has ended", |s| s.counters.open == 1);
    let end = view.connections.iter().find_map(|c| c.end.clone()).unwrap();
    assert!(matches!(&end, EndReason::Failed(failure) if failure.to_string().contains("signal 9")), "{end:?}");
    second.send(b"still").unwrap();
    assert_eq!(second.recv_exactly(5).unwrap(), b"still");

    // A held child answers nothing; a step at a time it does.
    let lane = view.lanes.iter().find(|l| l.name.contains(&format!("pid {}", pids[1]))).unwrap().id;
    let gate = |gate| rig.send(Command::Gate { session: server.id, lane: Some(lane), gate });
    let stands = |call: Option<Call>| {
        let view = rig.view_when(server.id, "the child is held", |s| {
            let at = s.lanes.iter().find(|l| l.id == lane).map(|l| l.doing);
            matches!(at, Some(LaneDoing::AtGate { call: now, .. }) if call.is_none_or(|call| call == now))
        });
        view.lanes.iter().find(|l| l.id == lane).map(|l| l.doing)
    };
    gate(GateMove::Pause);
    second.send(b"slow").unwrap();
    // It sleeps in recv and is held before the call after that; what it answers before it has heard of the pause is no matter.
    let mut answered = 3 + 5;
    until("the child is held", || {
        let view = rig.engine.snapshot().session(server.id).cloned()?;
        if view.lanes.iter().any(|l| l.id == lane && matches!(l.doing, LaneDoing::AtGate { .. })) {
            return Some(());
        }
        if view.connections.iter().any(|c| c.end.is_none() && c.tx_bytes == answered + 4) {
            answered += 4;
            assert_eq!(second.recv_exactly(4).unwrap(), b"slow");
            second.send(b"slow").unwrap();
        }
        None
    });
    if let Some(LaneDoing::AtGate { call: Call::Recv, .. }) = stands(None) {
        let view = rig.engine.snapshot().session(server.id).cloned().unwrap();
        if view.connections.iter().any(|c| c.end.is_none() && c.tx_bytes == answered + 4) {
            assert_eq!(second.recv_exactly(4).unwrap(), b"slow");
            second.send(b"slow").unwrap();
        }
        gate(GateMove::Step);
    }
    stands(Some(Call::Send));
    let sent = rig.engine.snapshot().session(server.id).unwrap().counters.tx_bytes;
    gate(GateMove::Step);
    assert_eq!(second.recv_exactly(4).unwrap(), b"slow");
    stands(Some(Call::Recv));
    rig.view_when(server.id, "the answer is counted", |s| s.counters.tx_bytes == sent + 4);

    // A stop is a stop, also of a child that is held.
    let took = rig.stop(server.id);
    assert!(took.as_millis() < 1_000, "{took:?}");
    assert_eq!(children(), BTreeMap::new());

    // A connection that its peer reset before it was accepted is a reset, not a child that does not know its peer.
    let mut paused = server.clone();
    paused.life.accept_pace = AcceptPace::Paused;
    let at: std::net::SocketAddr = rig.start(&paused).parse().unwrap();
    let peer = socket2::Socket::new(socket2::Domain::for_address(at), socket2::Type::STREAM, None).unwrap();
    peer.connect(&at.into()).unwrap();
    peer.set_linger(Some(std::time::Duration::ZERO)).unwrap();
    drop(peer);
    rig.send(Command::SetPace(server.id, AcceptPace::Eager));
    let view = rig.view_when(server.id, "it was taken and has ended", |s| s.connections.iter().any(|c| c.end.is_some()));
    let ended = view.connections.iter().find(|c| c.end.is_some()).unwrap();
    assert_eq!(ended.end, Some(EndReason::Reset));
    assert!(ended.info.peer.starts_with("127.0.0.1:"), "{ended:?}");
    rig.stop(server.id);
    assert_eq!(children(), BTreeMap::new());

    // Five hundred connections later there is no child left, and never was a zombie for long.
    let at = rig.start(&server);
    for round in 0..50 {
        let peers: Vec<Peer> = (0..10).map(|_| Peer::connect(Transport::Tcp, &at).unwrap()).collect();
        for mut peer in peers {
            peer.send(b"x").unwrap();
            assert_eq!(peer.recv_exactly(1).unwrap(), b"x", "round {round}");
        }
    }
    rig.view_when(server.id, "all are served", |s| s.counters.opened == 500 && s.counters.open == 0);
    until("every child was waited for", || children().is_empty().then_some(()));
    rig.stop(server.id);
}
