//! The Stepper on moments written down by hand: what is lit, what is said, what the buttons ask for.

use std::sync::Arc;

use eframe::egui::{Context, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::*;
use crate::engine::{Events, ReadyFd, ReadySet, SourceLine};
use crate::lab::{EndpointId, Transport};
use crate::stats::LogView;
use crate::ui::panel::fake::{AT, World, ms};
use crate::ui::theme::Theme;
use crate::ui::{Language, Selection};

const IN: Events = Events { read: true, write: false, error: false };

fn answered(fd: i64) -> ReadyFd {
    ReadyFd { fd, got: IN, ..ReadyFd::default() }
}

/// The mock-up: a paused epoll server before `recv(21)`, with two ready of five.
pub(in crate::ui::panel) fn epoll() -> World {
    let mut world = World::empty();
    let echo = world.server("epoll-lt", Transport::Tcp, "127.0.0.1:7788", "epoll-lt");
    for (name, unread) in [("board", 64), ("phone", 0), ("kiosk", 0), ("lamp", 64)] {
        let client = world.client(name, echo);
        world.connect(client, echo, |far, _| far.unread = Some(unread));
    }
    // The fake gives descriptors to both ends; the server's own are these.
    let session = world.session(echo);
    let mut conns = session.connections.to_vec();
    for (conn, fd) in conns.iter_mut().zip([15, 17, 19, 21]) {
        let info = &conn.info;
        conn.info = Arc::new(crate::engine::ConnInfo {
            id: info.id,
            session: info.session,
            side: info.side,
            transport: info.transport,
            session_name: info.session_name.clone(),
            number: info.number,
            fd,
            local: info.local.clone(),
            peer: info.peer.clone(),
            opened: info.opened,
            other_end: info.other_end.clone(),
        });
    }
    session.connections = conns.into();
    world.lane(echo, "epoll-1", LaneDoing::AtGate { call: Call::Recv, fd: 21, since: AT - ms(800) }, Vec::new());
    let set = ReadySet { call: Call::EpollWait, at_ns: 0, fds: vec![answered(15), answered(21)], watched: None, ready: 2 };
    let source = catalog::models().find(|m| m.id == "epoll-lt").unwrap().source;
    let line = source.lines().position(|l| l.contains("connection.recv(")).unwrap() as u32 + 1;
    change_lane(&mut world, echo, |lane| {
        lane.at = Some(SourceLine { file: "src/model/epoll_lt.rs", line });
        lane.ready = Some(Arc::new(set));
    });
    world.session(echo).live_lanes = 1;
    world.selection = Selection::Endpoint(echo);
    world
}

/// A `poll` over forty descriptors of which ten are named, one of them the waker's.
pub(in crate::ui::panel) fn polled() -> World {
    let mut world = epoll();
    let id = world.lab.servers[0].id;
    world.lab.servers[0].model = "poll".into();
    let both = Events { write: true, ..IN };
    let fds = (0..10_i64)
        .map(|n| match n {
            0 => ReadyFd { fd: 4, asked: IN, got: Events::default() },
            1 => ReadyFd { fd: 15, asked: both, got: Events { write: true, ..Events::default() } },
            n => ReadyFd { fd: 15 + 2 * n, asked: IN, got: Events::default() },
        })
        .collect();
    let set = ReadySet { call: Call::Poll, at_ns: 0, fds, watched: Some(40), ready: 1 };
    world.session(id).model = Some("poll");
    change_lane(&mut world, id, |lane| lane.ready = Some(Arc::new(set)));
    world
}

/// A `select` whose sets have bits in two words.
fn selected() -> World {
    let mut world = polled();
    let id = world.lab.servers[0].id;
    change_lane(&mut world, id, |lane| {
        let mut set = ReadySet::clone(lane.ready.as_deref().unwrap());
        set.call = Call::Select;
        set.fds.push(ReadyFd { fd: 70, asked: IN, got: IN });
        lane.ready = Some(Arc::new(set));
    });
    world
}

fn change_lane(world: &mut World, id: EndpointId, change: impl FnOnce(&mut LaneView)) {
    let session = world.session(id);
    let mut lanes = session.lanes.to_vec();
    change(&mut lanes[0]);
    session.lanes = lanes.into();
}

/// A window of the mock-up's size with one panel.
pub(in crate::ui::panel) fn window(
    world: World,
    panel: Box<dyn Panel>,
    width: f32,
    height: f32,
) -> Harness<'static, (World, Box<dyn Panel>)> {
    let mut harness = Harness::builder()
        .with_size(vec2(width, height))
        .build_ui_state(|ui, (world, panel): &mut (World, Box<dyn Panel>)| world.show(&mut **panel, ui), (world, panel));
    harness.run_steps(4);
    harness
}

pub(in crate::ui::panel) fn picture(harness: &mut Harness<'_, (World, Box<dyn Panel>)>, name: &str) {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/io-models");
    std::fs::create_dir_all(&dir).unwrap();
    harness.render().unwrap().save(dir.join(format!("{name}.png"))).unwrap();
}

/// Both languages in both themes.
pub(in crate::ui::panel) fn looks() -> [(Language, Theme, &'static str); 4] {
    [
        (Language::English, Theme::dark(), "dark-en"),
        (Language::English, Theme::light(), "light-en"),
        (Language::Chinese, Theme::dark(), "dark-zh"),
        (Language::Chinese, Theme::light(), "light-zh"),
    ]
}

fn stepper(world: World) -> Harness<'static, (World, Box<dyn Panel>)> {
    window(world, Box::new(Stepper::default()), 408.0, 826.0)
}

#[test]
fn the_line_of_the_held_call_is_lit_and_scrolled_into_view() {
    let harness = stepper(epoll());
    harness.get_by_label_contains("watched.connection.recv(lane, run, ready, &mut desk);: epoll-1 stands before recv(21)");
    harness.get_by_label("before recv(21)");
    harness.get_by_label("waits for Step");
    harness.get_by_label_contains("Level-triggered: if the loop left bytes in 21");
}

#[test]
fn the_line_of_another_lane_is_scrolled_into_view_though_its_calls_are_short() {
    let mut world = epoll();
    let id = world.lab.servers[0].id;
    let source = catalog::models().find(|m| m.id == "epoll-lt").unwrap().source;
    let last = source.lines().count() as u32;
    let short = LaneDoing::InCall { call: Call::Recv, fd: 21, since: AT - ms(1) };
    for (lane, line) in [(0, 1), (1, last)] {
        if lane == 1 {
            world.lane(id, "epoll-2", short, Vec::new());
        }
        let session = world.session(id);
        let mut lanes = session.lanes.to_vec();
        (lanes[lane].doing, lanes[lane].at) = (short, Some(SourceLine { file: "src/model/epoll_lt.rs", line }));
        session.lanes = lanes.into();
    }
    let mut harness = stepper(world);
    assert!(harness.query_by_label_contains("epoll-1 stands").is_some() && harness.query_by_label_contains("epoll-2 stands").is_none());
    let second = harness.state_mut().0.session(id).lanes[1].id;
    subject::choose_lane(&harness.ctx, id, Some(second));
    harness.run_steps(4);
    assert!(harness.query_by_label_contains("epoll-2 stands").is_some());
}

#[test]
fn the_buttons_ask_for_the_commands_of_the_keys() {
    let mut harness = stepper(epoll());
    for label in ["Step call", "To next wait", "Run", "Pause"] {
        harness.get_by_label(label).click();
        harness.run_steps(2);
    }
    let asked: Vec<_> =
        harness.state().0.actions.iter().map(|a| if let Action::Ui(command) = a { *command } else { panic!("{a:?}") }).collect();
    assert_eq!(asked, [UiCommand::StepCall, UiCommand::StepToWait, UiCommand::RunLanes, UiCommand::PauseLanes]);
}

#[test]
fn a_row_of_the_ready_set_selects_its_connection() {
    let mut harness = stepper(epoll());
    harness.get_by_label_contains("15 1 board").click();
    harness.run_steps(2);
    let conn = harness.state().0.snap.sessions.iter().find(|s| s.listener_fd.is_some()).unwrap().connections[0].info.id;
    assert!(matches!(harness.state().0.actions[..], [Action::Select(Selection::Conn(_, id))] if id == conn));
}

#[test]
fn a_call_of_another_file_is_named_and_lights_nothing() {
    let mut world = epoll();
    let id = world.lab.servers[0].id;
    change_lane(&mut world, id, |lane| lane.at = Some(SourceLine { file: "src/model/door.rs", line: 42 }));
    let harness = stepper(world);
    harness.get_by_label_contains("model/door.rs, line 42");
    assert!(harness.query_by_label_contains("stands before").is_none());
}

#[test]
fn a_stopped_server_can_be_read_and_started() {
    let mut world = epoll();
    world.snap.sessions.clear();
    let mut harness = stepper(world);
    harness.get_by_label_contains("loop {");
    harness.get_by_label("Step call").click();
    harness.get_by_label("Start").click();
    harness.run_steps(2);
    assert!(matches!(harness.state().0.actions[..], [Action::Start(_)]), "{:?}", harness.state().0.actions);
}

#[test]
fn a_blocking_model_needs_no_ready_set_and_an_empty_lab_says_what_to_do() {
    let mut world = epoll();
    let id = world.lab.servers[0].id;
    world.session(id).model = Some("threads");
    change_lane(&mut world, id, |lane| lane.ready = None);
    stepper(world).get_by_label_contains("waits in the call itself");
    stepper(World::empty()).get_by_label("Add a server");
}

#[test]
fn select_shows_its_three_sets_as_bits() {
    let harness = stepper(selected());
    harness.get_by_label("readfds: 11 asked, 1 answered");
    harness.get_by_label("exceptfds: 0 asked, 0 answered");
}

#[test]
fn the_last_answer_is_read_from_the_log() {
    let mut world = epoll();
    let id = world.lab.servers[0].id;
    let lane = LogView::from_iter([CallRecord {
        lane: 0,
        call: Call::EpollWait,
        fd: 5,
        args: [0; 2],
        result: 2,
        count: 1,
        at: crate::trace::Place::caller(),
        start_ns: 0,
        took_ns: 10,
        bytes: 0,
        errno: 0,
        again: false,
    }]);
    world.session(id).calls.log = lane;
    stepper(world).get_by_label("epoll_wait(5) = 2");
    let ctx = Context::default();
    assert!(subject::chosen_lane(&ctx, epoll().session(id)).is_none());
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        picture(&mut stepper(epoll().look(language, theme.clone())), &format!("stepper-epoll-{name}"));
        picture(&mut stepper(polled().look(language, theme.clone())), &format!("stepper-poll-{name}"));
        picture(&mut stepper(selected().look(language, theme.clone())), &format!("stepper-select-{name}"));
        let mut stopped = epoll().look(language, theme);
        stopped.snap.sessions.clear();
        picture(&mut stepper(stopped), &format!("stepper-stopped-{name}"));
    }
}
