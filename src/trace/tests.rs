//! Lanes and their tap from outside: what each level keeps, what is folded, who stands at the gate, and what a call costs.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;

const LIMIT: Duration = Duration::from_secs(10);

fn nothing(lane: &Lane, call: Call, fd: i64) {
    let result: io::Result<()> = lane.call(call, fd, [9, 0], false, || Err(io::ErrorKind::WouldBlock.into()), Got::done);
    assert!(result.is_err());
}

fn some(lane: &Lane, call: Call, may_sleep: bool) {
    lane.call(call, 7, [9, 0], may_sleep, || Ok(3), |n| Got::moved(*n)).unwrap();
}

fn until(holds: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while !holds() {
        if start.elapsed() > LIMIT {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

#[test]
fn a_lane_says_what_it_is_in_and_keeps_its_counts_after_it_is_gone() {
    let tap = Tap::new(Instant::now(), 2);
    let lane = tap.lane("worker");
    let state = Arc::clone(lane.state());
    let inside = lane.call(Call::Recv, 7, [0; 2], true, || Ok(state.doing()), |_| Got::moved(3)).unwrap();
    assert!(matches!(inside, Doing::InCall(Call::Recv, 7, _)), "{inside:?}");
    assert_eq!(state.doing(), Doing::Running);
    let line = line!() + 1;
    let here = lane.call(Call::Send, 7, [0; 2], false, || Ok(state.at()), |_| Got::moved(3)).unwrap().unwrap();
    assert_eq!((here.file(), here.line()), (file!(), line));
    for _ in 0..2 {
        let failed: io::Result<()> = lane.call(Call::Accept, -1, [0; 2], false, || Err(io::ErrorKind::NotConnected.into()), Got::done);
        assert!(failed.is_err());
    }
    drop(lane);
    assert_eq!(state.doing(), Doing::Gone);
    assert_eq!((tap.counts(), tap.dropped(), tap.live_lanes()), ([4, 1, 0], 2, 0));
    let drained: Vec<_> = tap.drain().collect();
    assert_eq!((drained.len(), drained[0].bytes, drained[0].fd, drained[1].at), (2, 3, 7, here));
    assert!(drained[0].start_ns <= drained[0].end_ns() && drained[0].end_ns() <= drained[1].start_ns);
}

#[test]
fn each_level_keeps_what_it_says() {
    let tap = Tap::new(Instant::now(), 64);
    let lane = tap.lane("worker");
    let state = Arc::clone(lane.state());
    let seen = |level| {
        tap.set_level(level);
        let inside = lane.call(Call::Recv, 7, [0; 2], true, || Ok(state.doing()), |_| Got::moved(3)).unwrap();
        nothing(&lane, Call::Recv, 7);
        lane.publish_ready(Call::Poll, Some(0), 0, []);
        // Another kind of call: what was folded is to be seen.
        some(&lane, Call::Poll, true);
        let is_in = matches!(inside, Doing::InCall(Call::Recv, 7, since) if since > Duration::ZERO);
        (is_in, tap.counts(), tap.drain().count(), state.ready_since(0).is_some())
    };
    assert_eq!(seen(TapLevel::Off), (false, [0; 3], 0, false));
    assert_eq!(seen(TapLevel::Counters), (true, [3, 2, 1], 0, false));
    assert_eq!(seen(TapLevel::Full), (true, [6, 4, 2], 3, true));
    assert_eq!(seen(TapLevel::Off), (false, [6, 4, 2], 0, true));
    assert_eq!(tap.level(), TapLevel::Off);
}

#[test]
fn calls_that_find_nothing_are_folded_and_none_is_lost() {
    let tap = Tap::new(Instant::now(), 1_024);
    let lane = tap.lane("poller");
    // A busy poller: the door and two connections in each round.
    let round = || {
        nothing(&lane, Call::Accept, 3);
        nothing(&lane, Call::Recv, 7);
        nothing(&lane, Call::Recv, 8);
    };
    (0..50).for_each(|_| round());
    let few: Vec<_> = tap.drain().collect();
    some(&lane, Call::Recv, false);
    nothing(&lane, Call::Recv, 7);
    let records: Vec<_> = few.into_iter().chain(tap.drain()).collect();
    let sum = |call: Call| records.iter().filter(|r| r.call == call && r.again).map(|r| u64::from(r.count)).sum::<u64>();
    assert_eq!((sum(Call::Accept), sum(Call::Recv)), (50, 100), "{records:#?}");
    assert!(records.len() < 30, "{}", records.len());
    assert!(records.iter().all(|r| !r.again
        || r.fd
            == if r.call == Call::Accept {
                3
            } else if r.count == 1 {
                r.fd
            } else {
                -1
            }));
    let last = records.last().unwrap();
    assert_eq!((last.call, last.count, last.errno, last.result), (Call::Recv, 1, 0, 3));
    assert_eq!(tap.counts(), [152, 0, 151]);
    // Before a wait, after a while, and at the lane's end they become records.
    some(&lane, Call::EpollWait, true);
    assert_eq!(tap.drain().map(|r| (r.call, r.again)).collect::<Vec<_>>(), [(Call::Recv, true), (Call::EpollWait, false)]);
    let start = Instant::now();
    let mut made = 0_u64;
    let mut told = 0;
    while told == 0 && start.elapsed() < LIMIT {
        nothing(&lane, Call::Recv, 7);
        made += 1;
        told += tap.drain().map(|r| u64::from(r.count)).sum::<u64>();
    }
    assert!(told > 0 && start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    drop(lane);
    assert_eq!(told + tap.drain().map(|r| u64::from(r.count)).sum::<u64>(), made);
}

#[test]
fn a_held_lane_stands_before_its_call_and_goes_on_as_told() {
    let tap = Tap::new(Instant::now(), 1_024);
    let lane = tap.lane("worker");
    let state = Arc::clone(lane.state());
    tap.gate(None, GateMove::Pause);
    let stands_before = |call: Call| until(|| matches!(state.doing(), Doing::AtGate(at, 7, since) if at == call && since > Duration::ZERO));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // A turn of a selector, three times.
            for _ in 0..3 {
                some(&lane, Call::EpollWait, true);
                some(&lane, Call::Recv, false);
                some(&lane, Call::Send, false);
            }
        });
        assert!(stands_before(Call::EpollWait));
        assert_eq!(tap.counts()[0], 0);
        assert_eq!(state.at().map(|at| at.file()), Some(file!()));
        tap.gate(Some(0), GateMove::Step);
        assert!(stands_before(Call::Recv) && tap.counts()[0] == 1);
        tap.gate(None, GateMove::Step);
        assert!(stands_before(Call::Send) && tap.counts()[0] == 2);
        tap.gate(None, GateMove::ToNextWait);
        assert!(stands_before(Call::EpollWait) && tap.counts()[0] == 3);
        tap.gate(Some(0), GateMove::ToNextWait);
        assert!(until(|| tap.counts()[0] == 6) && stands_before(Call::EpollWait));
        // One that is asked for from outside is not held, a new one is.
        some(&tap.free_lane("operator"), Call::Shutdown, false);
        let late = tap.lane("late");
        let late_state = Arc::clone(late.state());
        scope.spawn(move || some(&late, Call::Recv, true));
        assert!(until(|| matches!(late_state.doing(), Doing::AtGate(Call::Recv, 7, _))));
        tap.gate(Some(late_state.id), GateMove::Run);
        assert!(until(|| late_state.doing() == Doing::Gone) && stands_before(Call::EpollWait));
        tap.open_gates();
    });
    tap.gate(None, GateMove::Pause);
    some(&lane, Call::Recv, false);
    assert_eq!(tap.counts(), [12, 4, 0]);
}

#[test]
fn moves_at_the_gate_go_where_the_calls_are_made() {
    let tap = Tap::new(Instant::now(), 64);
    let (told, moves) = crossbeam_channel::unbounded();
    tap.gate(None, GateMove::Pause);
    let child = tap.task_lane("child");
    child.relay_gate(move |gate| told.send(gate).unwrap());
    child.relay_enters(Call::Recv, 9, Place::caller(), 5, true);
    assert_eq!(child.state().doing(), Doing::AtGate(Call::Recv, 9, Duration::from_nanos(5)));
    tap.gate(Some(child.state().id), GateMove::Step);
    tap.gate(Some(77), GateMove::Step);
    child.relay_enters(Call::Recv, 9, Place::caller(), 6, false);
    some(&tap.free_lane("x"), Call::Recv, false);
    let mut record = tap.drain().next().unwrap();
    record.lane = 0;
    child.relay_called(record);
    tap.open_gates();
    assert_eq!(moves.try_iter().collect::<Vec<_>>(), [GateMove::Pause, GateMove::Step, GateMove::Run]);
    assert_eq!((child.state().counts(), tap.drain().count()), ([1, 1, 0], 1));
}

#[test]
fn what_another_process_used_is_its_lanes_and_the_sessions_and_what_nobody_tells_is_none() {
    let tap = Tap::new(Instant::now(), 64);
    let (a, b) = (tap.task_lane("a"), tap.task_lane("b"));
    assert_eq!((tap.total_spent(), tap.spent(&[Arc::clone(a.state())])), (Spent::default(), vec![Spent::default()]));
    a.relay_spent(Spent { cpu_ns: Some(100), switches: None });
    assert_eq!(tap.total_spent(), Spent { cpu_ns: Some(100), switches: None });
    a.relay_spent(Spent { cpu_ns: Some(150), switches: Some([3, 4]) });
    b.relay_spent(Spent { cpu_ns: Some(1_000), switches: Some([10, 20]) });
    assert_eq!(tap.spent(&[Arc::clone(a.state())]), [Spent { cpu_ns: Some(150), switches: Some([3, 4]) }]);
    let (a_state, all) = (Arc::clone(a.state()), Spent { cpu_ns: Some(1_150), switches: Some([13, 24]) });
    drop(a);
    assert_eq!((tap.total_spent(), tap.spent(&[a_state])[0].cpu_ns), (all, Some(150)), "also once it has ended");
}

#[test]
fn a_tasks_wait_counts_and_what_the_kernel_does_alone_is_recorded_only() {
    let tap = Tap::new(Instant::now(), 64);
    let task = tap.task_lane("task");
    let begun = task.begin(Call::Await, 5, [1, 2]);
    assert!(matches!(task.state().doing(), Doing::InCall(Call::Await, 5, _)));
    task.end(begun, 3);
    task.completed(Call::Completion, 6, [0; 2], 0, Err(104));
    tap.set_level(TapLevel::Counters);
    task.completed(Call::Completion, 6, [0; 2], 0, Ok(Got::moved(1)));
    let records: Vec<_> = tap.drain().collect();
    assert_eq!(
        records.iter().map(|r| (r.call, r.args, r.result, r.errno)).collect::<Vec<_>>(),
        [(Call::Await, [1, 2], 3, 0), (Call::Completion, [0; 2], 0, 104)]
    );
    assert_eq!((tap.counts(), task.state().doing()), ([1, 1, 0], Doing::Running));
}

#[test]
fn two_thousand_lanes_are_drained_in_order_of_time() {
    let tap = Tap::new(Instant::now(), 1_024);
    let lanes: Vec<_> = (0..2_000).map(|n| tap.lane(format!("{n}"))).collect();
    for _ in 0..10 {
        lanes.iter().for_each(|lane| some(lane, Call::Recv, true));
    }
    drop(lanes);
    let records: Vec<_> = tap.drain().collect();
    // Of lanes that ended, a thousand wait to be drained.
    assert_eq!(records.len() as u64 + tap.dropped(), 20_000);
    assert!(records.len() >= 10_000 && records.is_sorted_by_key(CallRecord::end_ns));
    assert_eq!(tap.counts(), [20_000, 20_000, 0]);
}

#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stderr, reason = "a figure for whoever runs it by hand")]
fn what_a_call_costs() {
    let tap = Tap::new(Instant::now(), 16_384);
    let lane = tap.lane("worker");
    const CALLS: u32 = 1_000;
    // The best of many short stretches, because other programs run too.
    let ns = |what: &str, call: &dyn Fn()| {
        let best = (0..3_000).map(|_| {
            let start = Instant::now();
            (0..CALLS).for_each(|_| call());
            let took = start.elapsed();
            tap.drain().for_each(drop);
            took
        });
        eprintln!("{what}: {:.1} ns a call", best.min().unwrap_or_default().as_nanos() as f64 / f64::from(CALLS));
    };
    ns("one look at the clock", &|| {
        std::hint::black_box(tap.now_ns());
    });
    let made = || drop(lane.call(Call::Recv, 7, [9, 0], false, || std::hint::black_box(Ok(3)), |n| Got::moved(*n)));
    ns("the loop alone", &|| drop(std::hint::black_box(io::Result::Ok(3))));
    for level in [TapLevel::Off, TapLevel::Counters, TapLevel::Full] {
        tap.set_level(level);
        ns(&format!("{level:?}"), &made);
    }
    ns("full, EAGAIN", &|| {
        drop(lane.call(Call::Recv, 7, [9, 0], false, || io::Result::<()>::Err(io::ErrorKind::WouldBlock.into()), Got::done))
    });
    let ready = |fd| ReadyFd { fd, got: Events { read: true, ..Events::default() }, ..ReadyFd::default() };
    for fds in [1, 64] {
        ns(&format!("publishing {fds} ready"), &|| lane.publish_ready(Call::EpollWait, None, fds as u32, (0..fds).map(ready)));
    }
    tap.gate(Some(99), GateMove::Pause);
    ns("full, the gate closed for another lane", &made);
}
