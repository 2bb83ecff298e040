//! What must hold for the whole process. Runs alone in a process of its own, because other tests open descriptors and threads
//! beside it.

use super::echo::{Pair, of, pair};
use super::*;

fn count(dir: &str) -> usize {
    std::fs::read_dir(dir).unwrap().count()
}

#[test]
fn nothing_leaks() {
    let test = "engine::tests::process::two_hundred_rounds";
    let args = ["--exact", test, "--ignored", "--test-threads=1"];
    let run = std::process::Command::new(std::env::current_exe().unwrap()).args(args).output().unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
#[ignore = "run alone by `nothing_leaks`"]
fn two_hundred_rounds() {
    let rig = Rig::new();
    let mut pairs: Vec<Pair> = Transport::ALL.into_iter().map(|t| pair(t, "poll")).collect();
    for (pair, id) in pairs.iter_mut().zip((1..).step_by(2)) {
        (pair.server.id, pair.client.id) = (EndpointId(id), EndpointId(id + 1));
        pair.client.packet.on_connect = true;
    }
    let models_for = |transport: Transport| -> Vec<_> {
        let has_a_meaning = |m: &catalog::ModelInfo| transport.is_stream() || m.no_datagrams.is_none();
        catalog::models().filter(|m| m.missing.is_none() && has_a_meaning(m)).map(|m| m.id).collect()
    };
    let mut before = None;
    for round in 0..200 {
        for pair in &mut pairs {
            let models = models_for(pair.server.transport);
            pair.server.model = models[round % models.len()].into();
            rig.tell(Command::Start(spec(&pair.server)));
        }
        rig.until("all serve", |s| pairs.iter().all(|p| s.session(p.server.id).is_some_and(|s| s.state == SessionState::Running)));
        for pair in &pairs {
            let spec = Spec::Client { client: pair.client.clone(), server: Some(pair.server.clone()) };
            rig.tell(Command::Start(Box::new(spec)));
        }
        rig.until("all echoed", |s| {
            pairs.iter().all(|p| {
                let client = s.session(p.client.id);
                client.is_some_and(|c| usize::try_from(c.generation) == Ok(round + 1) && c.counters.rx_bytes == 6)
            })
        });
        rig.tell(Command::StopAll);
        rig.until("all stopped", |s| s.sessions.iter().all(|s| s.state == SessionState::Stopped));
        for pair in pairs.iter().filter(|p| p.server.transport.is_unix()) {
            assert!(!std::path::Path::new(&pair.server.address.to_string()).exists(), "the socket file was removed");
        }
        // The first round may open what the process keeps.
        let now = (count("/proc/self/fd"), count("/proc/self/task"));
        assert_eq!(*before.get_or_insert(now), now, "descriptors and threads in round {round}");
        rig.engine.drain_events().for_each(drop);
    }
    assert_eq!(rig.engine.dropped_events(), 0);
    let last = rig.engine.shutdown();
    assert!(last.sessions.iter().all(|s| s.generation == 200 && s.failure.is_none()), "{:?}", of(&last, EndpointId(1)).failure);
}
