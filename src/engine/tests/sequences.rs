//! Sequences on real sockets: send, wait, wait for a reply; pause and stop; from a client and from a server.

use super::echo::{of, pair};
use super::*;
use crate::lab::{Match, Packet, Sequence, Step};

fn send(body: &str) -> Step {
    Step::Send(Packet { body: body.into(), ..Packet::default() })
}

fn reply(when: Match, within_ms: u32) -> Step {
    Step::Reply { when, within_ms }
}

fn sequence(times: u32, steps: Vec<Step>) -> Box<Sequence> {
    Box::new(Sequence { name: "talk".into(), steps, times })
}

fn end(rig: &Rig) -> SequenceEnd {
    match rig.event(|k| matches!(k, EventKind::SequenceEnded { .. })).kind {
        EventKind::SequenceEnded { sequence, end } => {
            assert_eq!(&*sequence, "talk");
            end
        }
        _ => unreachable!(),
    }
}

#[test]
fn a_client_sends_waits_and_hears_the_reply() {
    let rig = Rig::new();
    let pair = pair(Transport::Tcp, "threads");
    pair.start(&rig);
    let client = pair.client.id;
    rig.until("connected", |s| of(s, client).counters.open == 1);
    let steps = vec![send("a{{counter}}"), reply(Match::Contains("a".into()), 5_000), Step::Wait(50), send("b")];
    let start = Instant::now();
    rig.tell(Command::RunSequence { from: client, to: SendTo::All, sequence: sequence(3, steps) });
    assert_eq!(end(&rig), SequenceEnd::Done);
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(150) && took < Duration::from_secs(5), "{took:?}");
    let snapshot = rig.until("all was sent", |s| of(s, client).counters.tx_bytes == 9);
    let view = of(&snapshot, client).messages.sequence.clone().unwrap();
    assert_eq!((view.state, view.step, view.steps, view.round, view.of), (SequenceState::Ended(SequenceEnd::Done), 4, 4, 3, 3));
    rig.tell(Command::RunSequence {
        from: client,
        to: SendTo::All,
        sequence: sequence(1, vec![send("x"), reply(Match::Exact("never".into()), 60)]),
    });
    let SequenceEnd::Failed { step: 2, why } = end(&rig) else { panic!("it goes on") };
    assert_eq!((why.operation, why.cause), (Operation::Sequence, Cause::NoReply(60)));
    rig.tell(Command::RunSequence { from: client, to: SendTo::All, sequence: sequence(1, vec![send(r"\q")]) });
    assert!(matches!(end(&rig), SequenceEnd::Failed { step: 1, .. }));
}

#[test]
fn it_is_held_goes_on_and_is_stopped() {
    let rig = Rig::new();
    let pair = pair(Transport::Tcp, "poll");
    pair.start(&rig);
    let client = pair.client.id;
    rig.until("connected", |s| of(s, client).counters.open == 1);
    let state = |s: &Snapshot| of(s, client).messages.sequence.clone().map(|view| view.state);
    rig.tell(Command::RunSequence { from: client, to: SendTo::All, sequence: sequence(0, vec![send("."), Step::Wait(5)]) });
    rig.until("it sends", |s| of(s, client).counters.tx_bytes > 3);
    rig.tell(Command::PauseSequence(client, true));
    let held = rig.until("it is held", |s| state(s) == Some(SequenceState::Paused));
    let sent = of(&held, client).counters.tx_bytes;
    let later = rig.until("time goes by", |s| s.at >= held.at + Duration::from_millis(300));
    // One may have been on its way as the word came.
    assert!(of(&later, client).counters.tx_bytes <= sent + 1);
    rig.tell(Command::PauseSequence(client, false));
    rig.until("it goes on", |s| of(s, client).counters.tx_bytes > sent + 3);
    rig.tell(Command::StopSequence(client));
    assert_eq!(end(&rig), SequenceEnd::Stopped);
    // The end of the client ends it too.
    rig.tell(Command::RunSequence { from: client, to: SendTo::All, sequence: sequence(0, vec![Step::Wait(3_600_000)]) });
    rig.until("it waits", |s| state(s) == Some(SequenceState::Running));
    rig.tell(Command::Stop(client));
    assert_eq!(end(&rig), SequenceEnd::Stopped);
}

#[test]
fn a_server_does_it_over_streams_and_datagrams_and_hears_its_child_processes() {
    for (transport, model) in [(Transport::Tcp, "threads"), (Transport::Udp, "poll"), (Transport::Tcp, "processes")] {
        let rig = Rig::new();
        let mut pair = pair(transport, model);
        pair.server.service = "manual".into();
        // The client answers by itself.
        let rule = crate::lab::Rule { is_on: true, when: Match::Any, reply: Packet { body: "yes".into(), ..Packet::default() } };
        pair.client.messages.rules = vec![rule];
        pair.client.packet = Packet { body: "hello".into(), on_connect: true, ..Packet::default() };
        pair.start(&rig);
        let server = pair.server.id;
        rig.until("it was heard", |s| of(s, server).counters.rx_bytes == 5);
        let steps = vec![send("ready?"), reply(Match::Exact("yes".into()), 5_000)];
        rig.tell(Command::RunSequence { from: server, to: SendTo::All, sequence: sequence(2, steps) });
        assert_eq!(end(&rig), SequenceEnd::Done, "{transport}");
        rig.until("both answers", |s| of(s, server).counters.rx_bytes == 5 + 6);
        // One that is over takes nothing from the one that takes its place, and each hears again.
        let again = |body: &str| sequence(1, vec![send(body), reply(Match::Exact("yes".into()), 5_000)]);
        let forever = sequence(1, vec![reply(Match::Exact("never".into()), 3_600_000)]);
        rig.tell(Command::RunSequence { from: server, to: SendTo::All, sequence: forever });
        rig.tell(Command::RunSequence { from: server, to: SendTo::All, sequence: again("still?") });
        let mut ends = [end(&rig), end(&rig)];
        ends.sort_by_key(|end| *end != SequenceEnd::Stopped);
        assert_eq!(ends, [SequenceEnd::Stopped, SequenceEnd::Done], "{transport} {model}");
    }
    let rig = Rig::new();
    let lonely = server("poll");
    rig.tell(Command::Start(spec(&lonely)));
    rig.until_state(lonely.id, SessionState::Running);
    rig.tell(Command::RunSequence { from: lonely.id, to: SendTo::All, sequence: sequence(1, vec![send("?")]) });
    assert!(matches!(end(&rig), SequenceEnd::Failed { step: 1, why } if why.operation == Operation::Send));
}
