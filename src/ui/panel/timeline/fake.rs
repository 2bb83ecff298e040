//! Hand-made calls for the tests of the timeline and the call log.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{LaneDoing, LaneSlice, LaneView};
use crate::lab::{EndpointId, Transport};
use crate::stats::LogView;
use crate::trace::{Call, CallRecord, Events, Place, ReadyFd, ReadySet};
use crate::ui::Language;
use crate::ui::panel::fake::{AT, World};
use crate::ui::theme::Theme;

/// A finished call that worked and moved nothing.
#[track_caller]
pub fn record(lane: u32, call: Call, fd: i64, start_ns: u64, took_ns: u64) -> CallRecord {
    CallRecord {
        lane,
        call,
        fd,
        args: [0; 2],
        result: 0,
        count: 1,
        at: Place::caller(),
        start_ns,
        took_ns,
        bytes: 0,
        errno: 0,
        again: false,
    }
}

/// This system's number of `EAGAIN`.
pub fn eagain() -> i32 {
    let is = |n: &i32| std::io::Error::from_raw_os_error(*n).kind() == std::io::ErrorKind::WouldBlock;
    (1..200).find(is).unwrap_or(10_035)
}

/// Nothing started.
pub fn world() -> World {
    World::empty()
}

/// A running server under this model.
pub fn server(world: &mut World, model: &'static str) -> EndpointId {
    let port = 7_788 + world.lab.servers.len();
    let id = world.server(model, Transport::Tcp, &format!("127.0.0.1:{port}"), model);
    world.session(id).model = Some(model);
    id
}

/// Gives a session these finished calls.
pub fn calls(world: &mut World, id: EndpointId, calls: impl IntoIterator<Item = CallRecord>) {
    let mut all: Vec<_> = calls.into_iter().collect();
    all.sort_by_key(|c| c.start_ns + c.took_ns);
    log(world, id, all.into_iter().collect());
}

/// Gives a session this log.
pub fn log(world: &mut World, id: EndpointId, view: LogView<CallRecord>) {
    world.session(id).calls.log = view;
}

/// A lane that has stood in this call for 174 µs.
pub fn lane(id: u32, name: &str, call: Call, fd: i64) -> LaneView {
    LaneView {
        id,
        name: name.into(),
        doing: LaneDoing::InCall { call, fd, since: AT - Duration::from_micros(174) },
        calls: 1,
        eagain: 0,
        spans: Arc::new([]),
        at: None,
        ready: None,
        cpu: None,
        switches: None,
    }
}

/// The mock-up's 500 µs: a thread per connection beside one epoll loop that is held before `recv(21)`.
pub fn two_models() -> World {
    const BEGIN: u64 = 252_000_000_000 - 500_000;
    let at = |us: u64| BEGIN + us * 1_000;
    let mut world = World::empty();
    let (threads, epoll) = (server(&mut world, "threads"), server(&mut world, "epoll-lt"));
    let [first, second] = [threads, epoll].map(|id| world.client(if id == threads { "load-1" } else { "load-2" }, id));
    // A call as the mock-up's drawing says it: from and to in microseconds.
    let span = |lane, call, fd, from: u64, to: u64| CallRecord {
        bytes: if matches!(call, Call::Recv | Call::Send) { 64 } else { 0 },
        result: if matches!(call, Call::Recv | Call::Send) { 64 } else { 0 },
        args: if matches!(call, Call::Recv | Call::Send) { [4_096, 0] } else { [0; 2] },
        ..record(lane, call, fd, at(from), (to - from) * 1_000)
    };
    let mut all = vec![CallRecord { start_ns: at(0) - 400_000, took_ns: 662_000, result: 39, ..record(0, Call::Accept, 31, 0, 0) }];
    for (lane, fd, serves) in [(1, 33, &[60, 412][..]), (2, 35, &[165]), (3, 37, &[300]), (4, 39, &[410])] {
        let mut asleep = if lane == 4 { at(262) } else { at(0) - 300_000 };
        for &us in serves {
            let recv = at(us + 7);
            all.push(CallRecord { start_ns: asleep, took_ns: recv - asleep, ..span(lane, Call::Recv, fd, us, us + 7) });
            all.push(span(lane, Call::Send, fd, us + 10, us + 26));
            asleep = at(us + 26);
        }
    }
    calls(&mut world, threads, all);
    let since = |us: u64| Duration::from_nanos(at(us));
    let asleep = |call, fd, us| LaneDoing::InCall { call, fd, since: since(us) };
    world.lane(threads, "main", asleep(Call::Accept, 31, 262), Vec::new());
    for (name, fd, us) in [("worker-1", 33, 438), ("worker-2", 35, 191), ("worker-3", 37, 326), ("worker-4", 39, 436)] {
        world.lane(threads, name, asleep(Call::Recv, fd, us), Vec::new());
    }
    let mut all = Vec::new();
    for (from, to) in [(0, 60), (86, 165), (191, 240), (271, 300), (326, 411)] {
        all.push(CallRecord { result: 1, ..span(0, Call::EpollWait, 5, from, to) });
    }
    for (us, fd) in [(60, 15), (165, 17), (300, 19)] {
        all.extend([span(0, Call::Recv, fd, us, us + 7), span(0, Call::Send, fd, us + 10, us + 26)]);
    }
    all.push(CallRecord { result: 21, ..span(0, Call::Accept, 12, 240, 258) });
    all.push(CallRecord { again: true, errno: eagain(), ..span(0, Call::Accept, 12, 258, 264) });
    calls(&mut world, epoll, all);
    world.lane(epoll, "epoll-1", LaneDoing::AtGate { call: Call::Recv, fd: 21, since: since(412) }, Vec::new());
    for (n, unread) in [64, 0, 0, 64].into_iter().enumerate() {
        world.connect(second, epoll, |far, _| {
            let info = Arc::get_mut(&mut far.info).unwrap();
            (info.fd, info.opened) = (15 + 2 * n as i64, if n == 3 { since(264) } else { AT - Duration::from_secs(9) });
            far.unread = Some(unread);
        });
    }
    for (n, opened) in [0, 0, 0, 262].into_iter().enumerate() {
        world.connect(first, threads, |far, _| {
            let info = Arc::get_mut(&mut far.info).unwrap();
            (info.fd, info.opened) = (33 + 2 * n as i64, if opened > 0 { since(opened) } else { AT - Duration::from_secs(9) });
            far.unread = Some(0);
        });
    }
    let ready = |fd| ReadyFd { fd, asked: Events::default(), got: Events { read: true, ..Events::default() } };
    let set = ReadySet { call: Call::EpollWait, at_ns: at(409), fds: vec![ready(15), ready(21)], watched: None, ready: 2 };
    for id in [threads, epoll] {
        let session = world.session(id);
        let mut lanes = session.lanes.to_vec();
        lanes[0].ready = (id == epoll).then(|| Arc::new(set.clone()));
        (session.live_lanes, session.lanes) = (lanes.len() as u32, lanes.into());
        session.listener_fd = Some(if id == epoll { 12 } else { 31 });
        // The log goes further back than what is shown.
        session.calls.evicted = 256;
    }
    world
}

/// Both languages in both themes.
pub fn looks() -> [(Language, Theme, &'static str); 4] {
    [
        (Language::English, Theme::dark(), "en-dark"),
        (Language::English, Theme::light(), "en-light"),
        (Language::Chinese, Theme::dark(), "zh-dark"),
        (Language::Chinese, Theme::light(), "zh-light"),
    ]
}

/// A picture under `target/timeline`, to be looked at.
pub fn picture<S>(harness: &mut egui_kittest::Harness<'_, S>, name: &str) {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/timeline");
    std::fs::create_dir_all(&dir).unwrap();
    harness.render().unwrap().save(dir.join(format!("{name}.png"))).unwrap();
}

/// A busy poll that asks in vain between two requests, and a thread that ended.
pub fn spinning() -> World {
    let mut world = World::empty();
    let id = server(&mut world, "busy-poll");
    let end = AT.as_nanos() as u64;
    let mut all = Vec::new();
    for n in 0..4_u64 {
        let at = end - 1_950_000 + n * 480_000;
        let again = CallRecord { again: true, errno: eagain(), count: 900, ..record(0, Call::Recv, -1, at, 420_000) };
        all.extend([again, CallRecord { bytes: 64, ..record(0, Call::Recv, 15, at + 421_000, 9_000) }]);
        all.push(CallRecord { bytes: 64, ..record(0, Call::Send, 15, at + 436_000, 30_000) });
    }
    all.push(CallRecord { bytes: 64, ..record(1, Call::Recv, 17, end - 2_500_000, 1_200_000) });
    all.push(record(1, Call::Close, 17, end - 1_290_000, 60_000));
    calls(&mut world, id, all);
    world.lane(id, "busy-poll", LaneDoing::Running, Vec::new());
    world.lane(id, "helper", LaneDoing::Gone, Vec::new());
    world
}

/// A minute of which the log keeps the last twenty seconds and sums tell the rest.
pub fn busy_minute() -> World {
    let mut world = World::empty();
    let id = server(&mut world, "epoll-lt");
    let end = AT.as_nanos() as u64;
    let mut all = Vec::new();
    let mut at = end - 20_000_000_000;
    let mut noise = 7_u64;
    while at < end - 3_000_000 {
        noise = noise * 16_807 % 2_147_483_647;
        // Bursts of work with quiet seconds between.
        let sleep = if (at / 1_000_000_000).is_multiple_of(3) { 900_000_000 } else { 100_000 + noise % 900_000 };
        let sleep = sleep.min(end - 3_000_000 - at + 1);
        all.push(record(0, Call::EpollWait, 5, at, sleep));
        at += sleep + 1_000;
        all.push(CallRecord { bytes: 64, ..record(0, Call::Recv, 15, at, 60_000 + noise % 90_000) });
        at += 153_000;
        all.push(CallRecord { bytes: 64, ..record(0, Call::Send, 15, at, 90_000 + noise % 130_000) });
        at += 230_000;
    }
    calls(&mut world, id, all);
    world.session(id).calls.slices = (0..400_u64)
        .map(|n| {
            let load = (n % 40) as u32 * 2_000;
            LaneSlice {
                lane: 0,
                start: AT - Duration::from_secs(60) + Duration::from_millis(n * 100),
                len: Duration::from_millis(100),
                spent: [load / 3, load / 2, 0, 100_000 - load, 0, 0, 0],
                calls: load / 100,
                eagain: 0,
            }
        })
        .collect();
    world.lane(id, "epoll-1", LaneDoing::InCall { call: Call::EpollWait, fd: 5, since: AT - Duration::from_millis(3) }, Vec::new());
    world.session(id).live_lanes = 1;
    world
}
