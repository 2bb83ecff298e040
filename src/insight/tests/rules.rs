//! Each rule on snapshots written down by hand: it speaks with these figures, and stays silent at what only looks like it.

use crate::engine::{Call, CallRecord, CallsView, Cause, ConnState, EndReason, Failure, LaneDoing, LaneView, Operation, Switches};
use crate::insight::fake::{Fake, ms, only, ready, session};
use crate::insight::{Figure, Insight, Rule};
use crate::lab::{EndpointId, Side};
use crate::stats::Log;
use crate::trace::Unserved;

fn iterative() -> Fake {
    let mut fake = Fake::new("iterative");
    fake.conn(7, ms(4_000));
    fake.waiting(2);
    fake.in_call(Call::Recv, 7, ms(900));
    fake
}

#[test]
fn the_second_client_waits_behind_the_first() {
    let mut fake = iterative();
    assert_eq!(fake.stay(ms(900)), []);
    let said = only(&fake.stay(ms(1_500)), Rule::SecondWaits);
    assert_eq!((said.figure("waiting"), said.conn.map(|c| c.0), said.lane), (Some(&Figure::Count(2)), Some(1), Some(0)));
    assert_eq!(
        said.to_string(),
        "2 clients wait behind 127.0.0.1:50001: the only thread of echo has served it alone for 6.4 s and is in recv(7)"
    );
    fake.waiting(0);
    assert_eq!(fake.stay(ms(300)).len(), 1, "it does not flicker");
    assert_eq!(fake.stay(ms(600)), []);
}

#[test]
fn nobody_waits_behind_a_server_that_goes_on_accepting_or_has_more_threads() {
    let mut accepting = iterative();
    assert_eq!(accepting.run(ms(4_000), |fake| fake.server.counters.opened += 1), []);
    let mut two = iterative();
    two.in_call(Call::Accept, 5, ms(900));
    assert_eq!(two.stay(ms(4_000)), []);
    let mut idle = iterative();
    idle.change_lanes(|lane| lane.doing = LaneDoing::InCall { call: Call::Accept, fd: 5, since: ms(59_000) });
    assert_eq!(idle.stay(ms(4_000)), []);
    let mut alone = iterative();
    alone.waiting(0);
    assert_eq!(alone.stay(ms(4_000)), []);
}

#[test]
fn a_full_queue_is_told_and_one_with_a_free_place_is_not() {
    let mut fake = Fake::new("poll");
    fake.listener(3, 3);
    assert_eq!(fake.stay(ms(2_000)), []);
    fake.listener(4, 4);
    let said = only(&fake.stay(ms(500)), Rule::QueueFull);
    assert_eq!(said.to_string(), "The accept queue of echo is full: 4 of 4 places are taken, so whoever calls now has to call again");
    fake.listener(0, 0);
    assert_eq!(fake.stay(ms(1_000)), []);
}

#[test]
fn a_client_that_stands_in_no_queue_believes_that_it_is_connected() {
    let mut fake = Fake::new("poll");
    fake.listener(2, 3);
    assert_eq!(fake.stay(ms(500)), [], "the two figures are not of quite the same moment");
    fake.listener(2, 2);
    assert_eq!(fake.stay(ms(1_500)), []);
    fake.listener(2, 4);
    let said = only(&fake.stay(ms(1_500)), Rule::Unmet);
    assert!(said.to_string().starts_with("2 clients believe that they are connected, and echo has not met them"), "{said}");
    fake.server.transport = crate::lab::Transport::UnixStream;
    assert_eq!(fake.stay(ms(2_000)), [], "Unix sockets have no handshake");
}

#[test]
fn busy_polling_is_told_with_its_price() {
    let mut fake = Fake::new("busy-poll");
    fake.lane(LaneDoing::Running);
    (fake.server.rates.eagain, fake.server.rates.calls, fake.server.rates.cpu) = (812_345.4, 812_400.0, 0.987);
    assert_eq!(fake.stay(ms(1_000)), []);
    let said = only(&fake.stay(ms(1_000)), Rule::BusyPolling);
    assert_eq!(said.to_string(), "echo asks 812,345 times a second in vain (EAGAIN), and its threads use 0.99 processor cores");
    fake.server.rates.eagain = 4_000.0;
    fake.server.rates.calls = 4_100.0;
    assert_eq!(fake.stay(ms(2_000)).len(), 1, "somewhat less is still the same");
    fake.server.rates.cpu = 0.01;
    assert_eq!(fake.stay(ms(2_000)), []);
}

#[test]
fn many_eagain_among_much_work_or_without_a_price_is_no_busy_polling() {
    for (eagain, calls, cpu) in [(100_000.0, 300_000.0, 0.9), (800_000.0, 800_000.0, 0.0), (900.0, 1_000.0, 0.9)] {
        let mut fake = Fake::new("busy-poll");
        (fake.server.rates.eagain, fake.server.rates.calls, fake.server.rates.cpu) = (eagain, calls, cpu);
        assert_eq!(fake.stay(ms(4_000)), [], "{eagain} {calls} {cpu}");
    }
}

fn spinning_for_room(fds: &'static [(i64, bool, bool)], sends: u64) -> Vec<Insight> {
    let mut fake = Fake::new("epoll-lt");
    fake.conn(9, ms(4_000));
    fake.lane(LaneDoing::Running);
    fake.run(ms(4_000), |fake| {
        fake.server.counters.wakeups += 5_000;
        fake.server.counters.tx_messages += sends;
        let at = fake.at;
        fake.change_lanes(|lane| lane.ready = ready(Call::EpollWait, at, fds));
    })
}

#[test]
fn write_interest_that_is_never_removed_is_told() {
    let said = only(&spinning_for_room(&[(9, false, true)], 0), Rule::WriteInterest);
    assert_eq!(said.conn.map(|c| c.0), Some(1));
    assert_eq!(
        said.to_string(),
        "epoll_wait of echo comes back 50,000 times a second only because 9 has room, and nothing is sent: its write interest was never \
         removed"
    );
}

#[test]
fn waits_that_answer_with_work_or_sends_are_in_order() {
    assert_eq!(spinning_for_room(&[(9, true, true)], 0), []);
    assert_eq!(spinning_for_room(&[(9, false, true), (11, true, false)], 0), []);
    assert_eq!(spinning_for_room(&[(9, false, true)], 3), []);
    // One old answer for room, and a wait that sleeps.
    let mut fake = Fake::new("epoll-lt");
    fake.in_call(Call::EpollWait, 3, ms(100));
    fake.change_lanes(|lane| lane.ready = ready(Call::EpollWait, ms(10), &[(9, false, true)]));
    assert_eq!(fake.run(ms(4_000), |fake| fake.server.counters.wakeups += 5_000), []);
}

fn edge(unread: u32) -> Fake {
    let mut fake = Fake::new("epoll-et");
    fake.conn(9, ms(4_000)).unread = Some(unread);
    fake.in_call(Call::EpollWait, 4, ms(100));
    fake
}

#[test]
fn bytes_that_nobody_is_told_of_again_are_told_here() {
    let mut fake = edge(600);
    fake.mistake("read_once");
    assert_eq!(fake.stay(ms(300)), []);
    let said = only(&fake.stay(ms(900)), Rule::EdgeUnread);
    assert_eq!((said.mistake, said.figure("unread")), (Some("read_once"), Some(&Figure::Bytes(600))));
    assert!(
        said.to_string().ends_with("slept in epoll_wait(4) for 1.3 s: read_once is on, so recv is called once for each event"),
        "{said}"
    );
    fake.last_conn().unread = Some(0);
    assert_eq!(fake.stay(ms(500)), []);
    let said = only(&edge(600).stay(ms(1_500)), Rule::EdgeUnread);
    assert!(said.mistake.is_none() && said.to_string().ends_with("edge-triggered, epoll told of it once"), "{said}");
}

#[test]
fn bytes_that_are_read_slowly_on_purpose_or_at_once_are_no_stall() {
    assert_eq!(edge(0).stay(ms(3_000)), []);
    let mut slow = edge(600);
    slow.server.service = Some("slow-reader");
    assert_eq!(slow.stay(ms(3_000)), []);
    let mut full = edge(600);
    full.last_conn().unsent = Some(90_000);
    assert_eq!(full.stay(ms(3_000)), [], "its answers are not taken");
    let mut level = edge(600);
    level.server.model = Some("epoll-lt");
    assert_eq!(level.stay(ms(3_000)), []);
    let mut awake = edge(600);
    let wakes = |fake: &mut Fake| {
        let since = fake.at;
        fake.change_lanes(|lane| lane.doing = LaneDoing::InCall { call: Call::EpollWait, fd: 4, since });
    };
    assert_eq!(awake.run(ms(3_000), wakes), []);
    let mut unknown = edge(0);
    unknown.last_conn().unread = None;
    assert_eq!(unknown.stay(ms(3_000)), []);
}

#[test]
fn clients_at_the_door_of_a_sleeper_are_told() {
    let mut fake = edge(0);
    fake.mistake("accept_once");
    fake.waiting(1);
    let said = only(&fake.stay(ms(1_500)), Rule::EdgeAccept);
    assert_eq!(
        said.to_string(),
        "A client waits in the accept queue while echo has slept in epoll_wait(4) for 1.6 s: accept_once is on, so accept is called once \
         for each event"
    );
    fake.waiting(0);
    assert_eq!(fake.stay(ms(500)), []);
}

/// Four threads watch one listener; each accept makes them sleep anew `switches` times in all.
fn pool(switches: u64, recvs: u64, accepts_per_look: u64, lanes: usize) -> Vec<Insight> {
    let mut fake = Fake::new("threads");
    for _ in 0..lanes {
        fake.in_call(Call::Poll, -1, ms(50));
    }
    let at = fake.at;
    fake.change_lanes(|lane| lane.ready = ready(Call::Poll, at, &[(5, true, false)]));
    let mut log = Log::default();
    fake.run(ms(4_000), |fake| {
        fake.server.counters.opened += accepts_per_look;
        // What wakes in vain hears EAGAIN or does not: it must not matter.
        fake.server.counters.eagain += 4;
        let mut left = switches * accepts_per_look;
        fake.change_lanes(|lane: &mut LaneView| {
            let part = switches * accepts_per_look / lanes as u64;
            left -= part.min(left);
            let voluntary = lane.switches.unwrap().voluntary + part;
            lane.switches = Some(Switches { voluntary, involuntary: 0 });
        });
        for _ in 0..recvs * accepts_per_look {
            log.push(recv(fake.at.as_nanos() as u64));
        }
        fake.server.calls = CallsView { log: log.view(), ..CallsView::default() };
    })
}

fn recv(start_ns: u64) -> CallRecord {
    CallRecord {
        lane: 0,
        call: Call::Recv,
        fd: 9,
        args: [0; 2],
        result: 1,
        count: 1,
        at: crate::trace::Place::caller(),
        start_ns,
        took_ns: 1_000_000,
        bytes: 1,
        errno: 0,
        again: false,
    }
}

#[test]
fn a_herd_is_told_by_switches_for_each_accept() {
    let said = only(&pool(8, 2, 2, 4), Rule::Herd);
    let (Some(Figure::Amount(each)), Some(Figure::Count(4))) = (said.figure("each"), said.figure("lanes")) else { panic!("{said:?}") };
    assert!((5.5..=6.5).contains(each), "8 switches less the 2 of recv: {each}");
}

#[test]
fn one_wake_up_for_each_accept_is_no_herd() {
    assert_eq!(pool(4, 3, 2, 4), [], "three of four sleeps were for bytes");
    assert_eq!(pool(0, 0, 2, 4), []);
    assert_eq!(pool(8, 0, 0, 4), [], "nobody came");
    assert_eq!(pool(8, 0, 2, 1), [], "one thread is no herd");
}

fn threads(model: &'static str, lanes: u32) -> Fake {
    let mut fake = Fake::new(model);
    for fd in 0..3 {
        fake.in_call(if fd == 0 { Call::Accept } else { Call::Recv }, fd, ms(500));
    }
    fake.server.live_lanes = lanes;
    fake.server.counters.open = u64::from(lanes) - 1;
    fake
}

#[test]
fn a_thousand_threads_are_told_and_a_few_are_not() {
    let mut fake = threads("threads", 1_024);
    let said = only(&fake.stay(ms(1_500)), Rule::ManyThreads);
    assert_eq!(said.to_string(), "echo has 1,024 threads for 1,023 connections, one for each; of 3 in view, 2 sleep in a receive call");
    fake.server.live_lanes = 950;
    assert_eq!(fake.stay(ms(2_000)).len(), 1);
    fake.server.live_lanes = 800;
    assert_eq!(fake.stay(ms(2_000)), []);
    assert_eq!(threads("threads", 999).stay(ms(3_000)), []);
    assert_eq!(threads("thread-pool", 1_024).stay(ms(3_000)), []);
}

#[test]
fn the_descriptor_limit_is_told_at_the_one_who_holds_most() {
    for (open, limit, speaks) in [(90, Some(100), true), (60, Some(100), false), (90, None, false), (90, Some(1_000), false)] {
        let mut fake = Fake::limited("epoll-lt", limit);
        fake.server.counters.open = open;
        let mut client = session(EndpointId(77), Side::Client, "");
        client.counters.open = 3;
        fake.others.push(client);
        let said = fake.stay(ms(2_000));
        if speaks {
            let said = only(&said, Rule::Descriptors);
            assert_eq!(said.session, fake.server.id);
            assert_eq!(said.to_string(), "94 of the 100 descriptors of this process are in use (94 %), 91 of them by echo");
            fake.server.counters.open = 10;
            assert_eq!(fake.stay(ms(1_000)), []);
        } else {
            assert_eq!(said, [], "{open} of {limit:?}");
        }
    }
}

#[test]
fn a_member_that_did_not_read_is_told_for_ten_seconds_and_other_ends_are_not() {
    let end = |cause| {
        let mut fake = Fake::new("epoll-lt");
        let at = fake.at;
        let conn = fake.conn(9, ms(4_000));
        (conn.state, conn.closed) = (ConnState::Closed, Some(at));
        conn.end = Some(EndReason::Failed(Failure { operation: Operation::Serve, endpoint: "p".into(), cause, errno: None }));
        fake
    };
    let mut fake = end(Cause::Unserved(Unserved::TooSlow { limit: 1 << 20 }));
    let said = only(&fake.stay(ms(200)), Rule::CutOff);
    assert_eq!(said.to_string(), "echo disconnected 127.0.0.1:50001: more than 1.0 MB from others waited for it to read");
    assert_eq!(fake.stay(ms(9_000)).len(), 1);
    assert_eq!(fake.stay(ms(1_500)), []);
    assert_eq!(end(Cause::Reset).stay(ms(1_000)), []);
}

#[test]
fn a_lane_that_is_held_long_is_told_with_who_waits() {
    let held = |ago: u64, clients: u64| {
        let mut fake = Fake::new("epoll-lt");
        let since = fake.at - ms(ago);
        fake.lane(LaneDoing::AtGate { call: Call::Recv, fd: 7, since });
        fake.server.counters.open = clients;
        fake
    };
    let mut fake = held(9_000, 3);
    assert_eq!(fake.stay(ms(900)), []);
    let said = only(&fake.stay(ms(300)), Rule::LaneHeld);
    assert_eq!(said.to_string(), "3 clients wait for echo: its thread lane-0 has been held before recv(7) for 10 s");
    fake.change_lanes(|lane| lane.doing = LaneDoing::Running);
    assert_eq!(fake.stay(ms(100)), []);
    assert_eq!(held(60_000, 0).stay(ms(200)), [], "nobody waits");
    let mut one_of_two = held(60_000, 3);
    one_of_two.in_call(Call::Recv, 9, ms(50));
    assert_eq!(one_of_two.stay(ms(200)), [], "the other lane serves them");
}

#[test]
fn a_stop_and_a_new_generation_end_every_sentence() {
    let mut fake = iterative();
    assert_eq!(fake.stay(ms(3_000)).len(), 1);
    fake.server.generation += 1;
    assert_eq!(fake.after(ms(100)), []);
    assert_eq!(fake.stay(ms(3_000)).len(), 1);
    fake.server.state = crate::engine::SessionState::Stopping;
    assert_eq!(fake.after(ms(100)), []);
}

#[test]
fn the_most_important_comes_first() {
    let mut fake = iterative();
    (fake.server.rates.eagain, fake.server.rates.calls, fake.server.rates.cpu) = (90_000.0, 90_000.0, 0.9);
    let said = fake.stay(ms(3_000));
    assert_eq!(said.iter().map(|i| i.rule).collect::<Vec<_>>(), [Rule::SecondWaits, Rule::BusyPolling]);
    assert_eq!(Insight::foremost(&said, fake.server.id).map(|i| i.rule), Some(Rule::SecondWaits));
    assert!(Rule::ALL.is_sorted() && Insight::foremost(&said, EndpointId(999)).is_none());
}
