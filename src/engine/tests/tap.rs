//! Levels, the gate, ready sets and what threads cost, through the engine's face with real servers and clients.

use super::echo::{Pair, of, pair};
use super::*;
use crate::lab::Packet;

fn lane_of(s: &Snapshot, id: EndpointId) -> &LaneView {
    &of(s, id).lanes[0]
}

/// A client that sends again and again to a server with one thread, both running.
fn talking(rig: &Rig, model: &str, every_ms: u64) -> Pair {
    let mut pair = pair(Transport::Tcp, model);
    pair.client.packet = Packet { body: "hello".into(), every_ms, times: 0, on_connect: true, ..Packet::default() };
    pair.start(rig);
    rig.until("they talk", |s| of(s, pair.client.id).counters.rx_messages >= 3);
    pair
}

fn at_gate(s: &Snapshot, id: EndpointId) -> Option<Call> {
    match lane_of(s, id).doing {
        LaneDoing::AtGate { call, .. } => Some(call),
        LaneDoing::Running | LaneDoing::InCall { .. } | LaneDoing::Gone => None,
    }
}

#[test]
fn each_level_keeps_what_it_says_and_the_next_start_keeps_the_level() {
    let rig = Rig::new();
    let pair = talking(&rig, catalog::default_model(), 1);
    let server = pair.server.id;
    let full = rig.until("calls are kept", |s| of(s, server).calls.log.len() > 20);
    let calls = &of(&full, server).calls;
    assert_eq!((calls.level, calls.dropped), (TapLevel::Full, 0));
    assert!(calls.log.iter().map(CallRecord::end_ns).is_sorted());
    assert!(calls.log.iter().any(|c| c.call == Call::Recv && c.at.file().starts_with("src/model/") && c.to_line().starts_with("recv(")));
    rig.until("sums are kept", |s| of(s, server).calls.slices.iter().any(|slice| slice.calls > 0));
    rig.tell(Command::SetTap(server, TapLevel::Counters));
    let counted = rig.until("only counted", |s| of(s, server).calls.level == TapLevel::Counters);
    let (kept, made) = (of(&counted, server).calls.log.len(), of(&counted, server).counters.calls);
    let later = rig.until("a hundred calls more", |s| of(s, server).counters.calls > made + 100);
    assert!(of(&later, server).calls.log.len() < kept + 20, "at most what was under way");
    rig.tell(Command::SetTap(server, TapLevel::Off));
    let moved = rig.until("off", |s| of(s, server).calls.level == TapLevel::Off);
    let (calls, bytes) = (of(&moved, server).counters.calls, of(&moved, server).counters.rx_bytes);
    let later = rig.until("it goes on talking", |s| of(s, server).counters.rx_bytes > bytes + 500);
    assert!(of(&later, server).counters.calls < calls + 20, "not counted");
    // What a stopped session kept stays until the next start, which has its level.
    rig.tell(Command::Stop(server));
    let stopped = rig.until_state(server, SessionState::Stopped);
    assert!(stopped.calls.log.len() >= kept);
    rig.tell(Command::Start(spec(&pair.server)));
    let again = rig.until_state(server, SessionState::Running);
    assert_eq!((again.calls.level, again.calls.log.len(), again.calls.evicted), (TapLevel::Off, 0, 0));
}

#[test]
fn a_paused_server_stands_at_the_gate_and_a_step_is_one_call() {
    for model in ["poll", "iterative"] {
        let rig = Rig::new();
        let pair = talking(&rig, model, 1);
        let server = pair.server.id;
        let gate = |lane, gate| rig.tell(Command::Gate { session: server, lane, gate });
        gate(None, GateMove::Pause);
        let held = rig.until("it stands at the gate", |s| at_gate(s, server).is_some());
        let line = lane_of(&held, server).at.unwrap();
        assert!(line.file.starts_with("src/") && line.line > 0, "{line:?}");
        // Counters may be a look behind what the lane does.
        let calls = |s: &Snapshot| lane_of(s, server).calls;
        let mut made = calls(&held);
        for _ in 0..6 {
            gate(Some(0), GateMove::Step);
            rig.until("one call more", |s| calls(s) == made + 1 && at_gate(s, server).is_some());
            made += 1;
        }
        gate(None, GateMove::ToNextWait);
        let waits = rig.until("it stands before a wait", |s| {
            calls(s) > made
                && at_gate(s, server).is_some_and(|c| c == if model == "poll" { Call::Poll } else { Call::Recv } || c == Call::Send)
        });
        assert!(model != "poll" || at_gate(&waits, server) == Some(Call::Poll));
        let asked = Instant::now();
        rig.tell(Command::Stop(server));
        rig.until_state(server, SessionState::Stopped);
        assert!(asked.elapsed() < Duration::from_secs(1), "{model}: {:?}", asked.elapsed());
    }
}

#[test]
fn all_threads_also_new_ones_are_held_and_closing_from_outside_is_not() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "threads");
    pair.client.connections = 5;
    pair.start(&rig);
    let (server, client) = (pair.server.id, pair.client.id);
    let asleep =
        |s: &Snapshot| of(s, server).lanes.iter().filter(|l| matches!(l.doing, LaneDoing::InCall { call: Call::Recv, .. })).count();
    rig.until("five workers sleep in recv", |s| asleep(s) == 5);
    rig.tell(Command::Gate { session: server, lane: None, gate: GateMove::Pause });
    rig.tell(Command::Send { from: client, to: SendTo::All, outgoing: Outgoing::once(*b"x") });
    let held = |s: &Snapshot| of(s, server).lanes.iter().filter(|l| matches!(l.doing, LaneDoing::AtGate { call: Call::Send, .. })).count();
    rig.until("five workers stand before send", |s| held(s) == 5);
    // Asked from outside: does not stand at the gate, so the engine goes on.
    let first = of(&rig.engine.snapshot(), server).connections[0].info.id;
    rig.tell(Command::Close { session: server, pick: ConnPick::One(first), how: CloseHow::Orderly });
    rig.until("the client hears of it", |s| of(s, client).counters.open == 4);
    // The client is paused too, and a stop of both takes effect.
    rig.tell(Command::Gate { session: client, lane: None, gate: GateMove::Pause });
    let asked = Instant::now();
    rig.tell(Command::StopAll);
    rig.until_state(server, SessionState::Stopped);
    rig.until_state(client, SessionState::Stopped);
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    // A gate is closed for this generation only; of one that does not run nobody stands there.
    rig.tell(Command::Gate { session: server, lane: None, gate: GateMove::Pause });
    pair.start(&rig);
    rig.until("served again", |s| of(s, server).counters.open == 5);
}

#[test]
#[cfg(target_os = "linux")]
fn the_ready_set_and_what_a_busy_lane_costs_are_told() {
    let rig = Rig::new();
    let pair = talking(&rig, "epoll-lt", 0);
    let server = pair.server.id;
    let snapshot = rig.until("a connection is ready", |s| {
        let fd = of(s, server).connections.first().map(|c| c.info.fd);
        lane_of(s, server)
            .ready
            .as_ref()
            .is_some_and(|set| set.fds.iter().any(|ready| Some(ready.fd) == fd && ready.got.read && ready.asked.read))
    });
    assert_eq!(lane_of(&snapshot, server).ready.as_ref().map(|set| (set.call, set.watched)), Some((Call::EpollWait, None)));
    let busy = rig.until("time and switches", |s| {
        let (lane, of) = (lane_of(s, server), of(s, server));
        lane.cpu.is_some_and(|cpu| cpu > Duration::from_millis(20))
            && lane.switches.is_some_and(|n| n.voluntary + n.involuntary > 5)
            && of.counters.cpu_us > 20_000
            && of.rates.cpu > 0.01
    });
    assert!(of(&busy, server).rates.cpu < 1.5 && of(&busy, server).live_lanes == 1, "{:?}", of(&busy, server).rates);
    let before = of(&busy, server).counters;
    rig.tell(Command::StopAll);
    let after = rig.until_state(server, SessionState::Stopped);
    assert!(after.counters.cpu_us >= before.cpu_us && after.counters.switches >= before.switches, "also of ended threads");
    assert!(after.lanes[0].cpu.is_some_and(|cpu| cpu.as_micros() as u64 >= before.cpu_us), "{:?}", after.lanes);
}

/// Of the child, not of our thread that waits for it: busy ones are told while they work, and all of it once they are gone.
#[test]
fn what_a_worker_process_costs_is_told_too() {
    let rig = Rig::new();
    let pair = talking(&rig, "processes", 0);
    let server = pair.server.id;
    let is_child = |lane: &&LaneView| lane.name.contains(" pid ");
    let busy = rig.until("a busy child's time and switches", |s| {
        let of = of(s, server);
        of.lanes.iter().find(is_child).is_some_and(|child| {
            child.cpu.is_some_and(|cpu| cpu > Duration::from_millis(2) && of.counters.cpu_us as u128 >= cpu.as_micros())
                && (cfg!(not(target_os = "linux")) || child.switches.is_some_and(|n| n.voluntary + n.involuntary > 5))
        })
    });
    let before = of(&busy, server).counters;
    rig.tell(Command::StopAll);
    let after = rig.until_state(server, SessionState::Stopped);
    let child = after.lanes.iter().find(is_child).unwrap();
    assert!(after.counters.cpu_us >= before.cpu_us && after.counters.switches >= before.switches, "also of ended ones");
    assert!(child.cpu.is_some_and(|cpu| cpu > Duration::from_millis(2)), "{child:?}");
}

#[test]
fn every_model_stops_while_it_is_paused() {
    // In a process of its own: other tests hold thousands of descriptors, and `select` refuses those from 1,024 on.
    let args = ["--exact", "engine::tests::tap::paused_and_stopped", "--ignored", "--test-threads=1"];
    let run = std::process::Command::new(std::env::current_exe().unwrap()).args(args).output().unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
#[ignore = "run alone by `every_model_stops_while_it_is_paused`"]
fn paused_and_stopped() {
    for model in catalog::models().filter(|m| m.missing.is_none()) {
        let rig = Rig::new();
        let mut pair = pair(Transport::Tcp, model.id);
        pair.client.connections = 3;
        pair.client.packet = Packet { body: "hello".into(), every_ms: 1, times: 0, on_connect: true, ..Packet::default() };
        pair.start(&rig);
        let (server, client) = (pair.server.id, pair.client.id);
        rig.until("they talk", |s| of(s, client).counters.rx_messages >= 3);
        rig.tell(Command::Gate { session: server, lane: None, gate: GateMove::Pause });
        rig.until(model.id, |s| of(s, server).lanes.iter().any(|l| matches!(l.doing, LaneDoing::AtGate { .. })));
        let asked = Instant::now();
        rig.tell(Command::Stop(server));
        rig.until_state(server, SessionState::Stopped);
        assert!(asked.elapsed() < Duration::from_secs(2), "{}: {:?}", model.id, asked.elapsed());
    }
}
