//! The road from SYN to `accept`, with real listeners and clients.

#[cfg(target_os = "linux")]
use super::echo::{Pair, of, pair};
use super::*;
#[cfg(target_os = "linux")]
use crate::lab::AcceptPace;

/// The listener of a running server.
fn door(s: &Snapshot, server: &Server) -> Option<Arc<ListenerView>> {
    s.session(server.id)?.listener.clone()
}

/// Nobody accepts.
#[cfg(target_os = "linux")]
fn closed_door(rig: &Rig, pair: &mut Pair) {
    pair.server.life.accept_pace = AcceptPace::Paused;
    rig.tell(Command::Start(spec(&pair.server)));
    rig.until_state(pair.server.id, SessionState::Running);
}

#[cfg(target_os = "linux")]
fn connects(s: &Snapshot, pair: &Pair) -> Vec<(ConnState, Arc<ConnectView>)> {
    let session = s.session(pair.client.id);
    session.map_or(&[][..], |s| &*s.connections).iter().map(|c| (c.state, c.connect.clone().unwrap())).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn backlog_three_lets_four_wait_and_the_others_call_again() {
    for host in ["127.0.0.1", "::1"] {
        let rig = Rig::new();
        let mut pair = pair(Transport::Tcp, "poll");
        pair.server.address = Address::Inet { host: host.into(), port: 0 };
        (pair.server.backlog, pair.client.connections) = (3, 10);
        closed_door(&rig, &mut pair);
        pair.start_client(&rig);
        let full = rig.until("four wait, six call, the kernel says when again", |s| {
            let calling = connects(s, &pair).iter().filter(|(state, c)| *state == ConnState::Connecting && c.next_try.is_some()).count();
            door(s, &pair.server).is_some_and(|l| l.queue.value == 4) && calling == 6
        });
        let listener = door(&full, &pair.server).unwrap();
        assert_eq!((listener.pace, listener.next_accept), (AcceptPace::Paused, None));
        assert_eq!((listener.asked, listener.in_force.map(|f| f.value), listener.places), (3, Some(3), Some(4)));
        assert!(matches!(listener.queue.source, Source::Measured(_)) && listener.unavailable.is_none(), "{listener:?}");
        assert_eq!((listener.derived_queue, listener.accepted, listener.arrived), (4, 0, 4));
        assert_eq!(listener.clamp.map(|c| c.by), Some("net.core.somaxconn"));
        assert_eq!(of(&full, pair.server.id).queue.map(|q| (q.waiting, q.limit)), Some((4, Some(3))));
        for (state, connect) in connects(&full, &pair) {
            match state {
                ConnState::Waiting => assert!(connect.took.is_some() && connect.unread_there.map(|f| f.value) == Some(0), "{connect:?}"),
                ConnState::Connecting => assert!(connect.is_measured && connect.took.is_none(), "{connect:?}"),
                other => panic!("{other:?}"),
            }
        }
        // The first SYN is sent again after a second: RFC 6298, 2.1.
        let again = rig.until("the SYNs were sent again, in vain", |s| {
            let tried = connects(s, &pair).iter().filter(|(_, c)| c.retries == 1 && c.tries[0].is_some()).count();
            tried == 6 && door(s, &pair.server).is_some_and(|l| l.overflows.is_some_and(|f| f.value >= 12))
        });
        let conns = &of(&again, pair.client.id).connections;
        for conn in conns.iter().filter(|c| c.state == ConnState::Connecting) {
            let after = conn.connect.as_ref().unwrap().tries[0].unwrap() - conn.info.opened;
            assert!((Duration::from_millis(900)..Duration::from_millis(1_400)).contains(&after), "{after:?}");
        }
        let listener = door(&again, &pair.server).unwrap();
        assert!(listener.drops.unwrap().value >= 12 && listener.half_open.is_some(), "{listener:?}");
        // The door opens: those that wait go in at once, the others at their next try. They all try at the same moment, so that the
        // final ACK of some may find the queue full again: those believe that they are connected (listen(2), tcp_syncookies).
        rig.tell(Command::SetPace(pair.server.id, AcceptPace::Eager));
        let in_state = |s: &Snapshot, wanted: ConnState| connects(s, &pair).iter().filter(|(state, _)| *state == wanted).count();
        let done = rig.until("nobody calls any more", |s| {
            let met = door(s, &pair.server).map_or(0, |l| l.accepted);
            in_state(s, ConnState::Connecting) == 0 && met > 4 && in_state(s, ConnState::Open) as u64 == met
        });
        for (state, connect) in connects(&done, &pair) {
            let took = connect.took.unwrap();
            assert_eq!((connect.retries > 0, connect.next_try), (took > Duration::from_millis(900), None));
            assert_eq!(connect.unread_there.map(|f| f.value), (state == ConnState::Waiting).then_some(0));
            assert_eq!(connect.tries.iter().flatten().count(), connect.retries as usize, "{connect:?}");
        }
        let listener = door(&done, &pair.server).unwrap();
        assert_eq!((u64::from(listener.derived_queue) + listener.accepted, listener.queue.value), (10, 0));
        let series: Vec<_> = listener.series.iter().copied().collect();
        assert!(series.iter().any(|s| s.queue == 4) && series.iter().map(|s| s.arrived).is_sorted());
        assert!(series.iter().map(|s| s.accepted).is_sorted() && series.iter().map(|s| s.at_secs).is_sorted());
        let stopped = rig.engine.shutdown();
        assert!(of(&stopped, pair.server.id).listener.is_none(), "no listener, no figures");
        let kept: Vec<_> = connects(&stopped, &pair).iter().map(|(_, c)| c.retries).collect();
        assert_eq!(kept.iter().filter(|n| **n > 0).count(), 6, "what happened to them stays: {kept:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn bytes_of_one_that_nobody_accepted_wait_there() {
    for transport in [Transport::Tcp, Transport::UnixStream] {
        let rig = Rig::new();
        let mut pair = pair(transport, "poll");
        pair.client.packet.body = "hello".into();
        pair.client.packet.on_connect = true;
        closed_door(&rig, &mut pair);
        pair.start_client(&rig);
        rig.until("five bytes wait", |s| {
            connects(s, &pair).iter().any(|(state, c)| *state == ConnState::Waiting && c.unread_there.map(|f| f.value) == Some(5))
        });
        if transport == Transport::Tcp {
            rig.until("the kernel says so", |s| {
                let is_told = |c: &ConnectView| {
                    let figure = c.unread_there.filter(|f| matches!(f.source, Source::Measured(_)));
                    c.there == Some(HalfThere::Queued) && figure.is_some_and(|f| f.value == 5)
                };
                connects(s, &pair).iter().any(|(_, c)| is_told(c))
            });
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_derived_equals_what_is_measured_while_a_queue_fills_and_drains() {
    for transport in [Transport::Tcp, Transport::UnixStream] {
        let rig = Rig::new();
        let mut pair = pair(transport, "poll");
        pair.client.connections = 1;
        closed_door(&rig, &mut pair);
        pair.start_client(&rig);
        let mut seen = 0;
        let mut compare = |s: &Snapshot| {
            let Some(listener) = door(s, &pair.server) else { return 0 };
            assert!(matches!(listener.queue.source, Source::Measured(_)), "{transport}: {listener:?}");
            let measured = listener.queue.value;
            assert!(measured.abs_diff(listener.derived_queue.into()) <= 1, "{transport}: {measured} and {}", listener.derived_queue);
            seen += u32::from(measured > 0);
            measured
        };
        for count in 1..=20 {
            let full = rig.until("one more waits", |s| door(s, &pair.server).is_some_and(|l| l.queue.value == count));
            compare(&full);
            if count < 20 {
                rig.tell(Command::Open { client: pair.client.id, count: 1 });
            }
        }
        let both = rig.until("both say twenty", |s| door(s, &pair.server).is_some_and(|l| l.queue.value == 20 && l.derived_queue == 20));
        compare(&both);
        for left in (0..20).rev() {
            rig.tell(Command::AcceptOne(pair.server.id));
            loop {
                let seq = rig.engine.snapshot().seq;
                let next = rig.until("another picture", |s| s.seq > seq);
                if compare(&next) == left {
                    break;
                }
            }
        }
        assert!(seen >= 40, "only {seen} moments with a queue were compared");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_unix_listener_is_measured_too_and_a_full_one_makes_its_clients_ask_again() {
    let rig = Rig::new();
    let mut pair = pair(Transport::UnixStream, "poll");
    (pair.server.backlog, pair.client.connections) = (2, 5);
    closed_door(&rig, &mut pair);
    pair.start_client(&rig);
    let full = rig.until("three wait, two ask again", |s| {
        let asking = connects(s, &pair).iter().filter(|(state, _)| *state == ConnState::Connecting).count();
        door(s, &pair.server).is_some_and(|l| l.queue.value == 3 && l.derived_queue == 3) && asking == 2
    });
    let listener = door(&full, &pair.server).unwrap();
    assert_eq!((listener.places, listener.in_force.map(|f| f.value)), (Some(3), Some(2)));
    assert!(matches!(listener.queue.source, Source::Measured(_)));
    assert_eq!((listener.half_open, listener.overflows, listener.drops), (None, None, None), "there is no such thing: {listener:?}");
    assert!(listener.unavailable.is_some());
}

#[test]
fn ten_listeners_are_read_thirty_times_a_second_and_a_restart_keeps_the_history() {
    let rig = Rig::new();
    let servers: Vec<_> = (0..10).map(|n| Server { id: EndpointId(n + 1), ..server("poll") }).collect();
    servers.iter().for_each(|s| rig.tell(Command::Start(spec(s))));
    servers.iter().for_each(|s| drop(rig.until_state(s.id, SessionState::Running)));
    let points = |s: &Snapshot, server: &Server| door(s, server).map_or(0, |l| l.series.len());
    let snapshot = rig.until("sixty points each", |s| servers.iter().all(|server| points(s, server) >= 60));
    for server in &servers {
        let listener = door(&snapshot, server).unwrap();
        let times: Vec<_> = listener.series.iter().map(|s| s.at_secs).collect();
        let span = times.last().unwrap() - times[0];
        let rate = (times.len() - 1) as f64 / span;
        assert!((10.0..=31.0).contains(&rate), "{rate} a second");
        assert_eq!((listener.queue.value, listener.accepted, listener.derived_queue), (0, 0, 0));
    }
    let first = &servers[0];
    rig.tell(Command::Stop(first.id));
    assert!(rig.until_state(first.id, SessionState::Stopped).listener.is_none());
    rig.tell(Command::Start(spec(first)));
    rig.until("it has its history", |s| points(s, first) >= 60);
}

#[cfg(target_os = "linux")]
#[test]
fn another_backlog_is_in_force_at_once_and_a_paced_door_says_when_it_opens() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "poll");
    (pair.server.backlog, pair.client.connections) = (1, 4);
    closed_door(&rig, &mut pair);
    pair.start_client(&rig);
    rig.until("two wait", |s| door(s, &pair.server).is_some_and(|l| l.queue.value == 2 && l.places == Some(2)));
    rig.tell(Command::SetBacklog(pair.server.id, 9));
    let more = rig.until("all four wait", |s| door(s, &pair.server).is_some_and(|l| l.queue.value == 4));
    let listener = door(&more, &pair.server).unwrap();
    assert_eq!((listener.asked, listener.places, listener.accepted), (9, Some(10), 0));
    let places: Vec<_> = listener.series.iter().filter_map(|s| s.places).collect();
    assert!(places.is_sorted() && places.first() == Some(&2) && places.last() == Some(&10), "{places:?}");
    rig.tell(Command::SetPace(pair.server.id, AcceptPace::Every(300)));
    let paced = rig.until("the next one has its time", |s| {
        door(s, &pair.server).is_some_and(|l| l.pace == AcceptPace::Every(300) && l.accepted == 2 && l.next_accept.is_some())
    });
    let left = door(&paced, &pair.server).unwrap().next_accept.unwrap().saturating_sub(paced.at);
    assert!(left <= Duration::from_millis(310), "{left:?}");
    let drained = rig.until("all are in", |s| door(s, &pair.server).is_some_and(|l| l.accepted == 4));
    assert!(door(&drained, &pair.server).unwrap().accept_rate > 0.0);
    rig.until("the rate falls again", |s| door(s, &pair.server).is_some_and(|l| l.accept_rate == 0.0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_hundred_and_one_beside_unread_bytes_and_waiting_clients_end_cleanly() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "epoll-lt");
    (pair.server.backlog, pair.client.connections, pair.client.connect_timeout_ms) = (5, 101, 0);
    closed_door(&rig, &mut pair);
    pair.start_client(&rig);
    rig.until("six wait, the others call", |s| {
        let calling = connects(s, &pair).iter().filter(|(_, c)| c.next_try.is_some()).count();
        door(s, &pair.server).is_some_and(|l| l.queue.value == 6) && calling == 95
    });
    let asked = Instant::now();
    rig.tell(Command::StopAll);
    rig.until_state(pair.client.id, SessionState::Stopped);
    let last = rig.until_state(pair.server.id, SessionState::Stopped);
    assert!(asked.elapsed() < Duration::from_secs(2) && last.listener.is_none(), "{:?}", asked.elapsed());
    let view = rig.engine.shutdown();
    assert!(connects(&view, &pair).iter().all(|(state, c)| *state == ConnState::Closed && c.next_try.is_none()));
}

#[cfg(target_os = "linux")]
#[test]
fn the_kernel_says_who_stands_in_the_syn_queue() {
    let rig = Rig::new();
    let mut pair = pair(Transport::Tcp, "poll");
    (pair.server.backlog, pair.server.life.defer_accept_s) = (2, 60);
    (pair.client.connections, pair.client.packet.on_connect) = (6, false);
    closed_door(&rig, &mut pair);
    pair.start_client(&rig);
    // Nobody says anything, so those whom the SYN queue has room for are not handed over (tcp(7), TCP_DEFER_ACCEPT).
    let half_open = |s: &Snapshot| connects(s, &pair).iter().filter(|(_, c)| c.there == Some(HalfThere::HalfOpen)).count();
    rig.until("as many are named as the kernel counts", |s| {
        let all = connects(s, &pair);
        let is_known = all.len() == 6 && all.iter().all(|(state, c)| *state == ConnState::Waiting && c.there.is_some());
        let counted = door(s, &pair.server).and_then(|l| l.half_open).map_or(0, |f| f.value);
        is_known && counted > 0 && half_open(s) as u64 == counted
    });
}
