//! The picture as the panel: names, clicks, worlds; as data in `places`, over time in `moving`.

mod fares;
mod moving;
mod places;

use eframe::egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::*;
use crate::lab::Transport;
use crate::ui::Selection;
use crate::ui::panel::fake::{self, World};
use crate::ui::{Language, theme::Theme};

fn harness(world: World, size: Vec2) -> Harness<'static, (World, Stage)> {
    Harness::builder()
        .with_size(size)
        .build_ui_state(|ui, (world, stage): &mut (World, Stage)| world.show(stage, ui), (world, Stage::new()))
}

#[test]
fn a_click_selects_and_everything_has_a_name() {
    let mut harness = harness(fake::busy(), vec2(868.0, 486.0));
    harness.run();
    harness.get_by_label_contains("phone, :").click();
    harness.run();
    let phone = harness.state().0.lab.clients[1].id;
    assert!(matches!(harness.state().0.actions.last(), Some(Action::Select(Selection::Endpoint(id))) if *id == phone));
    harness.get_by_label_contains("36 B to read").click();
    harness.run();
    assert!(matches!(harness.state().0.actions.last(), Some(Action::Select(Selection::Conn(..)))));
    assert!(harness.query_by_label_contains("1 of 9 waiting").is_some());
    assert!(harness.query_by_label_contains("clock-udp, UDP").is_some());
}

/// Both of its ends are its own: a loop at its token, and no line to anybody.
#[test]
fn a_client_of_a_pair_stands_alone() {
    let mut world = World::empty();
    let id = world.lab.add_client(Transport::UnixStream, None);
    world.lab.client_mut(id).unwrap().target = crate::lab::Target::Pair;
    for _ in 0..2 {
        let conn = world.conn(id, "unnamed", fake::AT - fake::ms(900));
        world.push(id, conn);
    }
    let scene = layout(&world.snap, &world.lab, world.selection, 700.0, false);
    assert_eq!((scene.tokens.len(), scene.facts.links.len(), scene.outside.len(), scene.cards.len()), (1, 0, 0, 0));
    let mut harness = harness(world, vec2(700.0, 300.0));
    harness.run();
    harness.get_by_label_contains("client ×2").click();
    harness.run();
    assert!(matches!(harness.state().0.actions.last(), Some(Action::Select(Selection::Endpoint(chosen))) if *chosen == id));
}

/// The example lab as it runs: four servers of which one failed, five clients and a load.
fn first_sockets() -> World {
    let mut world = World::empty();
    let echo = world.server("echo-tcp", Transport::Tcp, "127.0.0.1:7788", "epoll-lt");
    let clock = world.server("clock-udp", Transport::Udp, "127.0.0.1:7713", "iterative");
    let greeter = world.server("greeter", Transport::Tcp, "127.0.0.1:7790", "iterative");
    let web = world.server("web", Transport::Tcp, "192.0.2.7:80", "epoll-lt");
    let [board, phone, load] = ["board", "phone", "load"].map(|name| world.client(name, echo));
    let (watch, one, two) = (world.client("watch", clock), world.client("one", greeter), world.client("two", greeter));
    for client in [board, phone].into_iter().chain([load; 40]) {
        world.connect(client, echo, |far, near| (far.rx_rate, near.tx_rate, far.active) = (2_200.0, 2_200.0, fake::AT));
    }
    let rates = |n| crate::engine::Rates { rx_bytes: n, tx_bytes: n, ..Default::default() };
    for (client, rate) in [(board, 34.0), (phone, 38.0), (load, 88_900.0)] {
        world.session(client).rates = rates(rate);
    }
    world.connect(watch, clock, |_, _| {});
    world.connect(one, greeter, |_, _| {});
    world.wait(two, greeter);
    let asleep = |call, ms| crate::engine::LaneDoing::InCall { call, fd: 20, since: fake::AT - fake::ms(ms) };
    world.lane(echo, "echo-tcp", asleep(crate::trace::Call::EpollWait, 1), fake::busy_spans());
    world.lane(clock, "clock-udp", asleep(crate::trace::Call::RecvFrom, 900), Vec::new());
    world.lane(greeter, "greeter", asleep(crate::trace::Call::Recv, 9_900), Vec::new());
    let failure =
        crate::engine::Failure::because(crate::engine::Operation::Bind, "192.0.2.7:80", crate::engine::Cause::AddressNotAvailable);
    let session = world.session(web);
    (session.state, session.failure, session.local) = (crate::engine::SessionState::Failed, Some(failure), None);
    world.selection = Selection::Endpoint(echo);
    world
}

#[test]
fn the_example_lab_fits_its_panel() {
    let world = first_sockets();
    let mut stage = Stage::new();
    let mut actions = Vec::new();
    let cx = Cx {
        theme: &world.theme,
        text: &world.text,
        lab: &world.lab,
        snap: &world.snap,
        frozen: false,
        selection: world.selection,
        stale: &[],
        insights: &[],
        in_lesson: false,
        own: &[],
        rename: None,
        still: true,
        actions: &mut actions,
    };
    let (scene, scale) = stage.fitted(&cx, vec2(836.0, 430.0));
    assert!((scene.size * scale).y <= 430.5 && scale >= 0.85, "{:?} at {scale}", scene.size);
    assert_eq!((scene.cards.len(), scene.tokens.len()), (4, 6));
    places::apart(&scene);
    stage.fit = false;
    assert_eq!(stage.fitted(&cx, vec2(836.0, 430.0)).1, 1.0);
}

#[test]
fn what_is_known_of_a_lane_fills_its_strip() {
    for age_us in [250_u64, 999, 1_400, 14_000, 99_000, 480_000, 7_000_000, 90_000_000] {
        let mut world = World::empty();
        let echo = world.server("echo", Transport::Tcp, "127.0.0.1:7788", "epoll-lt");
        let span = crate::engine::Span {
            call: crate::trace::Call::Recv,
            fd: 5,
            start: fake::AT - std::time::Duration::from_micros(age_us),
            took: std::time::Duration::from_micros(10),
            bytes: 1,
            again: false,
        };
        world.lane(echo, "echo", crate::engine::LaneDoing::Running, vec![span]);
        let window = lane::window(&world.session(echo).lanes, fake::AT).as_micros() as u64;
        assert!(window <= age_us + age_us / 32 && (window * 3 >= age_us || age_us > 10_000_000), "{window} of {age_us}");
    }
}

#[test]
fn an_empty_lab_offers_a_server() {
    let mut harness = harness(World::empty(), vec2(800.0, 400.0));
    harness.run();
    harness.get_by_label("Add a TCP server").click();
    harness.run();
    assert!(matches!(harness.state().0.actions[..], [Action::Ui(UiCommand::AddServer(Transport::Tcp))]));
}

#[test]
fn every_world_is_shown_in_both_languages_and_themes() {
    for make in [fake::busy, fake::idle, fake::iterative, fake::failed, fake::threads, fake::udp_and_unix] {
        for (language, theme) in [(Language::English, Theme::light()), (Language::Chinese, Theme::dark())] {
            let mut harness = harness(make().look(language, theme), vec2(706.0, 400.0));
            harness.run();
            let first = harness.state().0.lab.servers[0].name.clone();
            assert!(harness.query_all_by_label_contains(&first).next().is_some(), "{first}");
            assert!(harness.query_all_by_label_contains("stage-").next().is_none(), "a key without words");
        }
    }
}

/// Writes pictures to `target/gallery` to look at; needs a Vulkan driver.
#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn gallery() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery");
    std::fs::create_dir_all(&dir).unwrap();
    type Make = fn() -> World;
    let crowded: Make = || places::crowd(6, 12, 2, 3, 20, 2);
    let many: Make = || places::crowd(2, 12, 1, 2, 15, 5);
    let worlds: [(&str, Make); 9] = [
        ("first", first_sockets),
        ("crowd", crowded),
        ("many", many),
        ("busy", fake::busy),
        ("idle", fake::idle),
        ("iterative", fake::iterative),
        ("failed", fake::failed),
        ("threads", fake::threads),
        ("udp", fake::udp_and_unix),
    ];
    for (name, make) in worlds {
        for (look, language, theme) in [("dark-en", Language::English, Theme::dark()), ("light-zh", Language::Chinese, Theme::light())] {
            for (w, h) in [(868.0, 486.0), (866.0, 452.0), (706.0, 400.0)] {
                let mut harness = harness(make().look(language, theme.clone()), vec2(w, h));
                harness.run();
                let picture = harness.render().unwrap();
                picture.save(dir.join(format!("stage-{name}-{look}-{w}.png"))).unwrap();
            }
        }
    }
}
