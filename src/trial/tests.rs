//! The closed lists of the languages are those of the engine; a watcher answers when it must.

use std::time::Duration;

use super::worth::is_call;
use super::{Player, Scene, Turn, Verdict, Watcher, carry_out};
use crate::engine::{Call, Command, Engine, EngineConfig, TcpState};
use crate::insight::Rule;
use crate::lab::{AcceptPace, Lab};
use crate::script::{CALLS, Check, Deed, INSIGHTS, TCP_STATES};

#[test]
fn the_lists_of_the_language_are_those_of_the_engine() {
    assert_eq!(Rule::ALL.map(Rule::id), INSIGHTS);
    for (call, id) in Call::ALL.into_iter().zip(CALLS) {
        assert!(is_call(call, id), "{id}");
    }
    assert!(is_call(Call::Accept, "accept") && is_call(Call::CondWait, "cond_wait") && !is_call(Call::Recv, "recvfrom"));
    assert_eq!(TcpState::ALL.map(TcpState::name), TCP_STATES);
    assert_eq!((Call::RecvFrom.name(), CALLS[7], CALLS[18], Call::ALL[18]), ("recvfrom", "recvfrom", "epoll_wait", Call::EpollWait));
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Nothing ever ran: every counter is 0, every state is stopped.
#[test]
fn a_check_becomes_true_in_its_time_and_stays_so_for_its_time() {
    let engine = Engine::spawn(EngineConfig::default(), || {}).unwrap();
    let (lab, snapshot) = (Lab::starter("poll"), engine.snapshot());
    let scene = Scene { lab: &lab, snapshot: &snapshot, said: &[] };
    let after = |line: &str, times: &[u64]| {
        let mut watcher = Watcher::new(Check::parse(line).unwrap());
        times.iter().map(|at| watcher.see(ms(*at), scene).clone()).collect::<Vec<_>>().pop().unwrap()
    };
    let held = |line, times: &[u64]| matches!(after(line, times), Verdict::Held { .. });
    let failed = |line, times: &[u64]| match after(line, times) {
        Verdict::Failed { seen, after: None } => seen.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        other => format!("{other:?}"),
    };
    assert!(held("client.open == 0 and echo-tcp.state == stopped", &[7]));
    assert!(held("no insight herd and lab.open < 1", &[7]));
    assert_eq!(after("client.open == 0 for 500ms", &[7, 506]), Verdict::Pending);
    assert!(held("client.open == 0 for 500ms", &[7, 506, 507]));
    assert_eq!(after("client.open == 1 within 1s", &[7, 1_006]), Verdict::Pending);
    assert_eq!(failed("client.open == 1 within 1s", &[7, 1_007]), "client.open is 0, not 1");
    assert_eq!(failed("client.open > 1 and client.open < 5 for 1s", &[7]), "client.open is 0, not above 1");
    assert_eq!(failed("insight herd", &[0, 3_000]), "insight herd is silent");
    assert_eq!(failed("client.last == \"x\"", &[0, 3_000]), "client.last has no value, and \"x\" was expected");
    assert_eq!(failed("client.rx_bytes > client.tx_bytes", &[0, 3_000]), "client.rx_bytes is 0, not above client.tx_bytes (0)");
}

#[test]
fn a_deed_changes_the_lab_and_a_bad_one_changes_nothing() {
    let engine = Engine::spawn(EngineConfig::default(), || {}).unwrap();
    let (mut lab, snapshot) = (Lab::starter("poll"), engine.snapshot());
    let mut carry = |line: &str| carry_out(&Deed::parse(line).unwrap(), &mut lab, &snapshot).map_err(|e| e.to_string());
    let started = carry("start client, echo-tcp").unwrap();
    assert!(matches!(&started[..], [Command::Start(server), Command::Start(client)] if server.id() < client.id()), "servers first");
    assert!(carry("set echo-tcp backlog=7 pace=1s service=list-echo service.delimiter=\";\"").unwrap().is_empty(), "it does not run");
    assert!(matches!(carry("pause echo-tcp").unwrap()[..], [Command::SetPace(_, AcceptPace::Paused)]));
    assert!(matches!(carry("accept echo-tcp 2").unwrap()[..], [Command::AcceptOne(_), Command::AcceptOne(_)]));
    assert_eq!(
        carry("set echo-tcp backlog=9 pace=never").unwrap_err(),
        "'pace' cannot be 'never': write eager, paused, or a time such as 250ms"
    );
    assert_eq!(carry("set client address of echo-tcp").unwrap_err(), "server 'echo-tcp' has no address yet; start it first");
    assert!(carry("set client backlog=1").unwrap_err().starts_with("'client' is a client; 'backlog' is for a server"));
    let server = &lab.servers[0];
    assert_eq!((server.backlog, server.life.accept_pace, server.service.as_str()), (7, AcceptPace::Paused, "list-echo"));
}

#[test]
fn a_player_does_then_judges_then_goes_on() {
    let engine = Engine::spawn(EngineConfig::default(), || {}).unwrap();
    let (mut lab, snapshot) = (Lab::starter("poll"), engine.snapshot());
    let step = |does: &[&str], expects: &[&str]| crate::lab::GuideStep {
        does: does.iter().map(|line| Deed::parse(line).unwrap()).collect(),
        expects: expects.iter().map(|line| Check::parse(line).unwrap()).collect(),
        ..Default::default()
    };
    lab.steps = vec![step(&["clear traffic", "wait 1s"], &["lab.open == 1 within 1s", "lab.open == 0"]), step(&[], &[])];
    let scene = Scene { lab: &lab, snapshot: &snapshot, said: &[] };
    let mut player = Player::new(&lab.steps);
    let mut told = Vec::new();
    for tenth in 0..60 {
        loop {
            match player.turn(ms(tenth * 100), scene, &snapshot) {
                Turn::Wait | Turn::Over => break,
                turn => told.push((tenth, turn)),
            }
        }
    }
    let words: Vec<_> = told
        .iter()
        .map(|(tenth, turn)| match turn {
            Turn::Step(at) => format!("{tenth} step {at}"),
            Turn::Do(deed) => format!("{tenth} {deed}"),
            Turn::Judged { check, verdict } => format!("{tenth} check {check} {}", matches!(verdict, Verdict::Held { .. })),
            Turn::Wait | Turn::Over => String::new(),
        })
        .collect();
    assert_eq!(words[..3], ["0 step 0", "0 clear traffic", "0 wait 1s"]);
    // 0.4 s without a newer snapshot, then a second for the check that does not hold.
    assert_eq!(words[3..], ["24 check 0 false", "24 check 1 true", "24 step 1"]);
    assert_eq!(player.turn(ms(6_000), scene, &snapshot), Turn::Over);
}
