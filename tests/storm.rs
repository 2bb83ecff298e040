//! A storm of commands in an order that no person would choose: nothing is stuck, nothing leaks, the engine leaves in time.
//! Alone in its program, because it counts the descriptors and threads of the process.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod support;

use std::time::{Duration, Instant};

use socketlab::engine::{CloseHow, Command, ConnPick, Outgoing, SendTo, SessionState, Spec};
use socketlab::lab::{Client, Reconnect, Server, Target, Transport};
use support::{Rig, models_for, transports, until};

const COMMANDS: usize = 2_000;

/// xorshift64: the same storm each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

fn descriptors_and_threads() -> Option<(usize, usize)> {
    let count = |dir| std::fs::read_dir(dir).ok().map(Iterator::count);
    Some((count("/proc/self/fd")?, count("/proc/self/task")?))
}

fn cast(rig: &Rig) -> Vec<(Server, Client)> {
    let pair = |(n, transport): (usize, Transport)| {
        let models = models_for(transport);
        let mut server = rig.server(transport, models[n % models.len()], "echo");
        let mut client = rig.client(transport, server.address.clone());
        if transport.is_unix() {
            server.name = format!("storm {n}");
        }
        client.target = Target::Server(server.name.clone());
        client.connections = 1 + u32::try_from(n).unwrap() % 7;
        client.reconnect = if n % 2 == 0 { Reconnect::Backoff } else { Reconnect::Off };
        (server, client)
    };
    // Each transport a few times, each with other models.
    let transports = transports();
    transports.iter().cycle().take(4 * transports.len() - 1).copied().enumerate().map(pair).collect()
}

fn command(dice: &mut Dice, cast: &mut [(Server, Client)]) -> Command {
    let at = dice.below(cast.len());
    let (server, client) = &mut cast[at];
    let models = models_for(server.transport);
    let is_server = dice.below(2) == 0;
    let id = if is_server { server.id } else { client.id };
    let spec = |server: &Server, client: &Client| {
        Box::new(if is_server {
            Spec::Server(server.clone())
        } else {
            Spec::Client { client: client.clone(), server: Some(server.clone()) }
        })
    };
    let how = [CloseHow::Orderly, CloseHow::HalfClose, CloseHow::Reset][dice.below(3)];
    match dice.below(16) {
        0..=4 => Command::Start(spec(server, client)),
        5..=6 => Command::Stop(id),
        7..=8 => {
            server.model = models[dice.below(models.len())].to_owned();
            Command::Restart(spec(server, client))
        }
        9 => Command::Forget(id),
        10 => Command::Rename(id, format!("renamed {}", dice.below(9))),
        11 => Command::Open { client: client.id, count: 1 + u32::try_from(dice.below(5)).unwrap() },
        12 => Command::Close { session: id, pick: [ConnPick::All, ConnPick::Newest(2)][dice.below(2)], how },
        13..=14 => {
            let every = Duration::from_millis(dice.below(3) as u64);
            Command::Send { from: id, to: SendTo::All, outgoing: Outgoing::fixed(*b"storm", every, 50) }
        }
        _ if dice.below(20) == 0 => Command::StopAll,
        _ => Command::StopSending(id),
    }
}

#[test]
fn two_thousand_commands_in_random_order_leave_nothing_behind() {
    let before = descriptors_and_threads();
    let rig = Rig::new();
    let mut cast = cast(&rig);
    let mut dice = Dice(0x5eed_50c7_e71a_b001);
    for round in 0..COMMANDS {
        rig.send(command(&mut dice, &mut cast));
        rig.engine.drain_events().for_each(drop);
        if round % 50 == 0 {
            // Lets what was asked for begin, so that the next commands meet endpoints in every state.
            let seq = rig.engine.snapshot().seq;
            until("the next picture", || (rig.engine.snapshot().seq > seq).then_some(()));
        }
    }
    rig.send(Command::StopAll);
    until("all stopped", || {
        let snapshot = rig.engine.snapshot();
        let still = |s: SessionState| !matches!(s, SessionState::Stopped | SessionState::Failed);
        (!snapshot.sessions.iter().any(|s| still(s.state))).then_some(())
    });
    let left: Vec<_> = std::fs::read_dir(rig.dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.is_empty(), "socket files: {left:?}");
    // Every endpoint still works.
    for (server, client) in &cast {
        rig.start(server);
        rig.send(Command::Start(Box::new(Spec::Client { client: client.clone(), server: Some(server.clone()) })));
        rig.view_when(client.id, "it connects after the storm", |s| s.counters.open > 0);
    }
    // Left while everything runs.
    let begin = Instant::now();
    drop(rig);
    assert!(begin.elapsed() < Duration::from_secs(3), "the engine left after {:?}", begin.elapsed());
    if let Some(before) = before {
        until("descriptors and threads are as before", || (descriptors_and_threads()? <= before).then_some(()));
    }
}
