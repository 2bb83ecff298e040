//! The timeline by its accessible names, its pictures, and its cost.

use std::time::{Duration, Instant};

use eframe::egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, TouchPhase, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::stats::Log;
use crate::trace::{Call, CallRecord};
use crate::ui::panel::fake::World;
use crate::ui::theme::Theme;
use crate::ui::{Language, Selection};

type Window = Harness<'static, (World, Timeline)>;

fn harness(world: World, size: Vec2) -> Window {
    let mut harness = Harness::builder()
        .with_size(size)
        .build_ui_state(|ui, (world, timeline): &mut (World, Timeline)| world.show(timeline, ui), (world, Timeline::default()));
    harness.run_steps(3);
    harness
}

/// The timeline at the mock-up's 500 µs and in its size.
fn mock_up(language: Language, theme: Theme) -> Window {
    let world = fake::two_models().look(language, theme);
    let now = world.snap.at.as_nanos() as f64;
    // Eight points of margin on every side are the test's.
    let mut harness = harness(world, vec2(1_047.0, 486.0));
    harness.state_mut().1.view.show(now - 500e3, now, now);
    harness.run_steps(3);
    harness
}

/// Where a moment of the mock-up lies on the screen, in the middle of the row with this name.
fn place(harness: &Window, row: &str, us: f32) -> Pos2 {
    let area = Rect::from_min_size(pos2(8.0, 8.0), vec2(1_031.0, 470.0));
    let plot = Across::of(area).plot;
    let y = harness.get_by_label_contains(row).rect();
    pos2(plot.min + plot.span() * us / 500.0, if y.height() > 60.0 { y.top() + 44.0 } else { y.center().y - 2.0 })
}

fn click(harness: &mut Window, at: Pos2) {
    harness.hover_at(at);
    harness.run_steps(1);
    for pressed in [true, false] {
        harness.event(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
    }
    harness.run_steps(2);
}

fn wheel(harness: &mut Window, at: Pos2, y: f32) {
    harness.hover_at(at);
    let (unit, modifiers) = (MouseWheelUnit::Point, Modifiers::NONE);
    harness.event(Event::MouseWheel { unit, delta: vec2(0.0, y), modifiers, phase: TouchPhase::Move, source: MouseWheelSource::Wheel });
    harness.run_steps(12);
}

#[test]
fn lanes_say_what_they_are_in_and_descriptors_what_waits() {
    let harness = mock_up(Language::English, Theme::dark());
    let accept = format!("main, {}(31) for 238 µs", Call::Accept.name());
    for name in [
        "threads: each connection has a thread, asleep in its own recv",
        "worker-1, recv(33) for 62 µs",
        &accept,
        "epoll-1, before recv(21)",
        "fd 12, listener, quiet",
    ] {
        harness.get_by_label_contains(name);
    }
    harness.get_by_label_contains("fd 21, load-2 (127.0.0.1:51842), 64 B, ready");
    assert_eq!(harness.query_all_by_label_contains("load-1").count(), 0, "clients' lanes are shown on request");
}

#[test]
fn a_click_on_a_call_selects_its_connection_and_its_lane() {
    let mut harness = mock_up(Language::English, Theme::dark());
    let at = place(&harness, "worker-1,", 78.0);
    click(&mut harness, at);
    let (world, timeline) = harness.state();
    let Some(Action::Select(Selection::Conn(id, conn))) = world.actions.last() else { panic!("{:?}", world.actions) };
    let session = world.snap.session(*id).unwrap();
    let fd = session.connections.iter().find(|c| c.info.id == *conn).unwrap().info.fd;
    let studied = subject::chosen_lane(&harness.ctx, session).map(|l| l.id);
    assert_eq!((fd, studied, timeline.ended), (33, Some(1), None));
    let tall = harness.get_by_label_contains("worker-1,").rect().height();
    assert!(tall > 60.0, "the studied lane is larger: {tall}");
}

#[test]
fn hovering_names_the_call_its_time_and_what_is_derived() {
    let mut harness = mock_up(Language::English, Theme::dark());
    let at = place(&harness, "epoll-1,", 78.0);
    harness.hover_at(at);
    harness.run_steps(60);
    harness.get_by_label_contains("send(15");
    harness.get_by_label_contains("took 16 µs");
    let at = place(&harness, "worker-2,", 100.0);
    harness.hover_at(at);
    harness.run_steps(60);
    harness.get_by_label_contains("○ derived: about");
}

#[test]
fn wheel_keys_and_drag_move_the_window() {
    let mut harness = mock_up(Language::English, Theme::dark());
    let at = place(&harness, "worker-2,", 250.0);
    let under = |harness: &Window| {
        let (world, timeline) = harness.state();
        let (from, to) = timeline.view.window(world.snap.at.as_nanos() as f64);
        (from + (to - from) * 0.5, to - from)
    };
    let (middle, span) = under(&harness);
    wheel(&mut harness, at, 240.0);
    let (after, shorter) = under(&harness);
    assert!(shorter < span * 0.6 && (after - middle).abs() < span * 0.01, "{span} -> {shorter}, {middle} -> {after}");
    assert!(!harness.state().1.view.follows());
    harness.key_press(Key::Plus);
    harness.run_steps(2);
    assert!(under(&harness).1 < shorter * 0.6);
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(2);
    assert!(under(&harness).0 < after);
    harness.drag_at(at);
    harness.run_steps(1);
    harness.hover_at(at + vec2(100.0, 0.0));
    harness.run_steps(1);
    let moved = under(&harness).0;
    harness.drop_at(at + vec2(100.0, 0.0));
    harness.run_steps(2);
    assert!(moved < after - shorter * 0.02, "dragged back in time");
    harness.hover_at(at);
    harness.run_steps(1);
    harness.key_press(Key::Home);
    harness.run_steps(2);
    assert_eq!(harness.state().1.view, View::default());
}

#[test]
fn follow_holds_and_clients_are_shown_on_request() {
    let mut harness = mock_up(Language::English, Theme::dark());
    harness.get_by_label("Follow").click();
    harness.run_steps(2);
    let held = harness.state().1.view.window(1e15);
    harness.state_mut().0.snap.at += Duration::from_secs(5);
    harness.run_steps(2);
    assert_eq!(harness.state().1.view.window(1e15), held);
    harness.get_by_label("Follow").click();
    harness.get_by_label("Clients’ lanes").click();
    harness.run_steps(2);
    assert!(harness.state().1.view.follows());
    let (world, timeline) = harness.state();
    let heads = timeline.rows.all().iter().filter_map(|r| if let Row::Head { session } = r.row { Some(session) } else { None });
    let names: Vec<_> = heads.map(|at| &*world.snap.sessions[at].name).collect();
    assert_eq!(names, ["threads", "epoll-lt", "load-1", "load-2"]);
}

#[test]
fn an_empty_timeline_has_one_sentence_and_one_button() {
    let mut harness = harness(fake::world(), vec2(700.0, 300.0));
    harness.get_by_label_contains("Start a server");
    harness.get_by_label("Add a TCP server").click();
    harness.run_steps(2);
    assert!(matches!(harness.state().0.actions[..], [Action::Ui(UiCommand::AddServer(Transport::Tcp))]));
}

#[test]
fn a_session_whose_calls_are_not_kept_says_so_and_can_be_recorded() {
    let mut world = fake::two_models();
    let id = world.lab.servers[0].id;
    world.session(id).calls.level = TapLevel::Counters;
    let mut harness = harness(world, vec2(1_047.0, 486.0));
    harness.get_by_label_contains("its calls are not recorded");
    harness.get_by_label("Record calls").click();
    harness.run_steps(2);
    let asked = harness.state().0.actions.last();
    assert!(matches!(asked, Some(Action::Engine(engine::Command::SetTap(to, TapLevel::Full))) if *to == id), "{asked:?}");
}

/// A million calls over 2,000 lanes, and one lane with a million; what a frame costs at each zoom.
#[test]
fn a_million_calls_zoom_within_the_time_of_a_frame() {
    for (lanes, name) in [(2_000_u64, "2,000 lanes"), (1, "one lane")] {
        let mut world = fake::world();
        let id = fake::server(&mut world, "threads");
        let end = world.snap.at.as_nanos() as u64;
        let calls = 1_000_000_u64;
        // A minute; each lane receives and sends in turn, with code of its own between.
        let step = 60_000_000_000 / calls;
        let mut log = Log::default();
        for n in 0..calls {
            let call = if (n / lanes) % 2 == 0 { Call::Recv } else { Call::Send };
            let took = step * lanes * 9 / 10;
            let start = end - 60_000_000_000 + n * step;
            log.push(CallRecord {
                bytes: 64,
                ..fake::record((n % lanes) as u32, call, 20 + (n % lanes) as i64, start.saturating_sub(took), took)
            });
        }
        fake::log(&mut world, id, log.view());
        let views: Vec<_> = (0..lanes as u32).map(|n| fake::lane(n, &format!("worker-{n}"), Call::Recv, 20 + i64::from(n))).collect();
        world.session(id).lanes = views.into();
        world.session(id).live_lanes = lanes as u32;
        let mut harness = harness(world, vec2(1_440.0, 900.0));
        let mut reading = Vec::new();
        while harness.query_by_label_contains("reading older calls").is_some() {
            let began = Instant::now();
            harness.step();
            reading.push(began.elapsed());
        }
        assert!(reading.len() < 100, "{}", reading.len());
        reading.sort();
        let ms = reading[reading.len() / 2].as_secs_f64() * 1e3;
        report(&format!("{name}: {} calls taken in in {ms:.2} ms", index::RECORDS_A_FRAME));
        let now = harness.state().0.snap.at.as_nanos() as f64;
        for span in [60e9, 10e9, 1e9, 100e6, 10e6, 1e6, 100e3] {
            harness.state_mut().1.view.show(now - 30e9 - span / 2.0, now - 30e9 + span / 2.0, now);
            harness.run_steps(2);
            // What the window itself does in a frame: build the picture and make triangles of it.
            let mut best = Duration::MAX;
            let mut shapes = 0;
            for _ in 0..5 {
                let began = Instant::now();
                harness.step();
                let output = harness.output().shapes.clone();
                shapes = output.len();
                let triangles = harness.ctx.tessellate(output, 1.0);
                best = best.min(began.elapsed());
                drop(triangles);
            }
            let ms = best.as_secs_f64() * 1e3;
            report(&format!("{name}, window {:>9.1} ms: {ms:.2} ms a frame, {shapes} shapes", span / 1e6));
            assert!(shapes < 12_000, "{name} at {span} ns: {shapes} shapes");
            // Unoptimised and beside other tests: ten times the aim of a release build means it grew with the calls.
            assert!(ms < 80.0, "{name} at {span} ns: {ms} ms");
        }
    }
}

#[expect(clippy::print_stderr, reason = "figures for whoever runs the test with --nocapture")]
fn report(line: &str) {
    eprintln!("{line}");
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    let accept = format!("{}(12", Call::Accept.name());
    for (language, theme, name) in fake::looks() {
        let mut harness = mock_up(language, theme);
        fake::picture(&mut harness, name);
        let at = place(&harness, "epoll-1", 250.0);
        harness.hover_at(at);
        harness.run_steps(60);
        fake::picture(&mut harness, &format!("hover-{name}"));
        assert!(harness.query_all_by_label_contains(&accept).next().is_some(), "{name}");
    }
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures_of_other_moments() {
    for (language, theme, name) in fake::looks() {
        for (world, what, span, size) in [
            (fake::spinning(), "spinning", 2e6, vec2(1_047.0, 300.0)),
            (fake::busy_minute(), "minute", 60e9, vec2(1_047.0, 300.0)),
            (fake::busy_minute(), "narrow", 10e9, vec2(460.0, 300.0)),
        ] {
            let world = world.look(language, theme.clone());
            let now = world.snap.at.as_nanos() as f64;
            let mut harness = harness(world, size);
            harness.state_mut().1.view.show(now - span, now, now);
            harness.run_steps(3);
            fake::picture(&mut harness, &format!("{what}-{name}"));
            assert!(harness.state().1.rows.height() > 50.0, "{what} {name}");
        }
    }
}
