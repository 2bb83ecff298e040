//! The picture as data: nothing overlaps, nothing is lost; and as the panel: names, clicks, motion.

use eframe::egui::{Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use proptest::prelude::*;

use super::gather::{End, Who, gather};
use super::layout::{MIN_WIDTH, Scene, layout};
use super::motion::Motion;
use super::moves::Moves;
use super::touch::Thing;
use super::*;
use crate::engine::ConnState;
use crate::lab::Transport;
use crate::ui::Selection;
use crate::ui::panel::fake::{self, World};
use crate::ui::{Language, theme::Theme};

/// Rectangles that must not touch each other.
fn apart(scene: &Scene<'_>) {
    let cards = scene.cards.iter().map(|c| c.rect);
    let all: Vec<Rect> = cards.chain(scene.outside.iter().copied()).chain(scene.tokens.iter().map(|t| t.rect())).collect();
    check(&all, Rect::from_min_size(eframe::egui::Pos2::ZERO, scene.size));
    for card in &scene.cards {
        let mut parts = vec![card.header];
        parts.extend(card.note);
        parts.extend(card.heads);
        parts.extend(card.more_lanes);
        parts.extend(card.rows.iter().map(|r| r.rect));
        parts.extend(card.lanes.iter().flat_map(|l| [l.name, l.strip, l.now]).filter(|r| r.is_positive()));
        if let Some(queue) = &card.queue {
            parts.extend([queue.bar, queue.accept, queue.words]);
            check(&queue.places, queue.bar.expand(0.5));
        }
        check(&parts, card.rect);
        for row in card.rows.iter().filter(|_| card.large) {
            check(&[row.chip, row.receive, row.send, row.words], row.rect);
        }
    }
}

fn check(rects: &[Rect], inside: Rect) {
    for (n, a) in rects.iter().enumerate() {
        assert!(inside.expand(0.6).contains_rect(*a), "{a:?} leaves {inside:?}");
        for b in &rects[n + 1..] {
            let both = a.intersect(*b);
            assert!(both.width() < 0.6 || both.height() < 0.6, "{a:?} and {b:?} overlap");
        }
    }
}

fn crowd(servers: usize, clients: usize, conns: usize, lanes: usize, backlog: u32, waiting: usize) -> World {
    let mut world = World::empty();
    let transports = [Transport::Tcp, Transport::Udp, Transport::UnixStream];
    let ids: Vec<_> = (0..servers)
        .map(|n| {
            let transport = transports[n % 3];
            let address = if transport.is_unix() { format!("/tmp/s{n}.sock") } else { format!("127.0.0.1:{}", 7_000 + n) };
            let id = world.server(&format!("a server with a rather long name {n}"), transport, &address, "threads");
            world.lab.server_mut(id).unwrap().backlog = backlog;
            id
        })
        .collect();
    for (n, id) in ids.iter().enumerate().filter(|(n, _)| n % 4 != 3) {
        world.session(*id);
        for lane in 0..lanes {
            world.lane(*id, &format!("worker-{n}-{lane}"), crate::engine::LaneDoing::Running, fake::busy_spans());
        }
    }
    for n in 0..clients {
        if servers == 0 {
            world.outside_client("lonely", &format!("10.0.0.{n}:80"));
            continue;
        }
        let server = ids[n % servers];
        let client = world.client(&format!("client {n} 一个很长的名字"), server);
        if world.snap.session(server).is_some() {
            for _ in 0..conns {
                world.connect(client, server, |_, _| {});
            }
            if n < waiting {
                world.wait(client, server);
            }
        }
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn nothing_overlaps(
        (servers, clients, conns, lanes) in (0..=6_usize, 0..=12_usize, 0..=6_usize, 0..=6_usize),
        (backlog, waiting, width, all) in (0..40_u32, 0..4_usize, 300.0..1_900.0_f32, any::<bool>()),
    ) {
        let world = crowd(servers, clients, conns, lanes, backlog, waiting);
        let scene = layout(&world.snap, &world.lab, Selection::None, width, all);
        apart(&scene);
        let things = Thing::all(&scene);
        let ids: std::collections::HashSet<_> = things.iter().map(|t| eframe::egui::Id::NULL.with(t)).collect();
        prop_assert_eq!(ids.len(), things.len(), "two things have one id: {:?}", things);
        prop_assert!(scene.size.x >= MIN_WIDTH);
        prop_assert!(scene.curves.iter().all(|c| c.to.x > c.from.x));
    }
}

#[test]
fn every_fake_is_laid_out_apart() {
    for world in [fake::idle(), fake::busy(), fake::iterative(), fake::failed(), fake::threads(), fake::udp_and_unix()] {
        for width in [600.0, 706.0, 868.0, 1_300.0] {
            apart(&layout(&world.snap, &world.lab, world.selection, width, false));
        }
    }
}

#[test]
fn busy_world_has_a_row_for_each_client_and_one_for_the_load() {
    let world = fake::busy();
    let facts = gather(&world.snap, &world.lab, world.selection, false);
    let echo = &facts.servers[0];
    let counts: Vec<_> = echo.rows.iter().map(|r| r.count).collect();
    assert_eq!(counts, [1, 1, 1, 40]);
    assert_eq!((echo.rows[1].unread, echo.rows[1].hot), (Some(36), true));
    assert_eq!((echo.rows[3].unread, echo.rows[3].unsent), (Some(5 * 64), Some(3 * 64)));
    assert_eq!(echo.waiting.iter().map(|w| w.number).collect::<Vec<_>>(), [4], "kiosk is the fourth client");
    assert_eq!(echo.open, 43);
    let ends: Vec<_> = facts.links.iter().filter(|l| l.from == 4).map(|l| (l.to, l.count)).collect();
    assert_eq!(ends, [(End::Row(0, 3), 40)], "the load is one line of forty");
    assert!(facts.links.iter().any(|l| l.to == End::Queue(0) && l.from == 3 && !l.tentative));
}

#[test]
fn many_threads_and_outside_peers_are_counted_not_lost() {
    let world = fake::threads();
    let facts = gather(&world.snap, &world.lab, Selection::None, false);
    let server = &facts.servers[0];
    assert_eq!(server.more_lanes, [(Some(crate::trace::Call::Recv), 296)]);
    assert_eq!(server.rows.iter().filter(|r| r.state != ConnState::Closed).map(|r| r.count).sum::<usize>(), 301);
    assert!(facts.clients.iter().any(|c| matches!(c.who, Who::Outside(_, "127.0.0.1:40022"))));
    assert_eq!(facts.outside, ["127.0.0.1:9000"]);
}

#[test]
fn five_thousand_connections_are_folded_into_a_few_rows() {
    let mut world = World::empty();
    let echo = world.server("echo", Transport::Tcp, "127.0.0.1:7788", "epoll-lt");
    let load = world.client("load", echo);
    let (mut near, mut far) = (Vec::new(), Vec::new());
    for _ in 0..5_000 {
        let a = world.conn(load, "127.0.0.1:7788", fake::AT - fake::ms(9_000));
        let b = world.conn(echo, "127.0.0.1:4000", fake::AT - fake::ms(9_000));
        b.info.other_end.set((load, a.info.id, "load".into())).unwrap();
        near.push(a);
        far.push(b);
    }
    world.session(load).connections = near.into();
    world.session(echo).connections = far.into();
    let scene = layout(&world.snap, &world.lab, Selection::None, 900.0, false);
    assert_eq!((scene.facts.servers[0].rows.len(), scene.facts.servers[0].rows[0].count, scene.curves.len()), (1, 5_000, 1));
    // Each connection is looked at a small fixed number of times; an accidental square would be thousands of times slower.
    let start = std::time::Instant::now();
    for _ in 0..20 {
        assert_eq!(layout(&world.snap, &world.lab, Selection::None, 900.0, false).curves.len(), 1);
    }
    let each = start.elapsed() / 20;
    assert!(each < std::time::Duration::from_millis(20), "{each:?} for one layout in a debug build");
}

#[test]
fn marks_start_only_for_bytes_that_moved_and_come_to_rest() {
    let mut world = fake::busy();
    let mut motion = Motion::default();
    let facts = |world: &World| -> usize { gather(&world.snap, &world.lab, world.selection, false).links.len() };
    assert!(facts(&world) > 0);
    motion.update(&gather(&world.snap, &world.lab, world.selection, false), 1, 0.0, false);
    assert!(!motion.moving(), "the first snapshot is no news");
    motion.update(&gather(&world.snap, &world.lab, world.selection, false), 2, 0.1, false);
    assert!(!motion.moving(), "nothing moved");
    let echo = world.lab.servers[0].id;
    let mut all = world.session(echo).connections.to_vec();
    all[1].rx_bytes += 36;
    world.session(echo).connections = all.into();
    motion.update(&gather(&world.snap, &world.lab, world.selection, false), 3, 0.2, false);
    assert!(motion.moving());
    let scene = gather(&world.snap, &world.lab, world.selection, false);
    let on: Vec<_> = (0..scene.links.len()).flat_map(|n| motion.on(&scene, n, 0.5).collect::<Vec<_>>()).collect();
    assert!(matches!(on[..], [(part, true)] if part > 0.3 && part < 1.0), "{on:?}");
    motion.update(&scene, 3, 1.0, false);
    assert!(!motion.moving(), "at rest after 600 ms");
}

fn seen<'a>(moves: &mut Moves, world: &'a mut World, seq: u64, now_s: f64, still: bool) -> Scene<'a> {
    world.snap.seq = seq;
    let world: &'a World = world;
    let mut scene = layout(&world.snap, &world.lab, world.selection, 868.0, false);
    moves.update(&scene, &world.snap, 1.0, false, now_s, still);
    moves.apply(&mut scene, now_s);
    scene
}

/// Three connections wait; then the first is accepted: the others move a place forward and it leaves through `accept`.
fn queue_of_three() -> (World, World) {
    let make = |accepted: bool| {
        let mut world = World::empty();
        let echo = world.server("echo", Transport::Tcp, "127.0.0.1:7788", "iterative");
        world.lab.server_mut(echo).unwrap().backlog = 5;
        let clients = ["one", "two", "three"].map(|name| world.client(name, echo));
        world.session(echo);
        clients.into_iter().for_each(|client| world.wait(client, echo));
        if accepted {
            let mut all = world.session(clients[0]).connections.to_vec();
            all[0].state = ConnState::Open;
            world.session(clients[0]).connections = all.into();
        }
        world
    };
    (make(false), make(true))
}

#[test]
fn a_token_moves_forward_in_200_ms_and_what_it_says_is_new_at_once() {
    let (mut before, mut after) = queue_of_three();
    let mut moves = Moves::default();
    let places = |scene: &Scene<'_>| scene.cards[0].queue.as_ref().unwrap().tokens.clone();
    let first = places(&seen(&mut moves, &mut before, 1, 10.0, false));
    assert_eq!((first.len(), moves.next_frame(10.0)), (3, None), "the first snapshot is no news");
    seen(&mut moves, &mut before, 2, 10.5, false);
    assert_eq!(moves.next_frame(10.5), None, "nothing moved");

    let scene = seen(&mut moves, &mut after, 3, 11.0, false);
    let start = places(&scene);
    let waiting: Vec<_> = scene.facts.servers[0].waiting.iter().map(|w| w.number).collect();
    assert_eq!(waiting, [2, 3], "the facts do not wait");
    assert_eq!((start[0], start[1]), (first[1], first[2]), "they start where they stood");
    assert_eq!(moves.extras(11.0).map(|e| (e.at, e.number, e.ghost)).collect::<Vec<_>>(), [(first[0], 1, false)]);
    let half = places(&seen(&mut moves, &mut after, 3, 11.1, false));
    assert!(half[0].x > first[1].x + (first[0].x - first[1].x) * 0.5 && half[0].x < first[0].x, "ease-out: {half:?}");
    assert!(moves.next_frame(11.1).is_some());
    let end = places(&seen(&mut moves, &mut after, 3, 11.201, false));
    assert_eq!((end[0], end[1]), (first[0], first[1]));
    assert_eq!((moves.next_frame(11.201), moves.extras(11.201).count()), (None, 0), "at rest");
}

#[test]
fn with_reduced_motion_a_token_is_there_at_once_and_leaves_a_ghost_for_a_second() {
    let (mut before, mut after) = queue_of_three();
    let mut moves = Moves::default();
    let places = |scene: &Scene<'_>| scene.cards[0].queue.as_ref().unwrap().tokens.clone();
    let first = places(&seen(&mut moves, &mut before, 1, 10.0, true));
    let now = places(&seen(&mut moves, &mut after, 2, 11.0, true));
    assert_eq!((now[0], now[1]), (first[0], first[1]), "at once");
    assert!(moves.extras(11.9).all(|e| e.ghost && first.contains(&e.at)) && moves.extras(11.9).count() == 3);
    assert_eq!(moves.next_frame(11.0), Some(1.0), "no frame in between");
    seen(&mut moves, &mut after, 2, 12.001, true);
    assert_eq!((moves.extras(12.001).count(), moves.next_frame(12.001)), (0, None));
}

#[test]
fn another_width_or_selection_is_no_movement() {
    let (mut before, mut after) = queue_of_three();
    let mut moves = Moves::default();
    seen(&mut moves, &mut before, 1, 10.0, false);
    after.snap.seq = 2;
    let scene = layout(&after.snap, &after.lab, after.selection, 900.0, false);
    moves.update(&scene, &after.snap, 1.0, false, 11.0, false);
    assert_eq!(moves.next_frame(11.0), None);
}

/// A bundle stands at place 2 beside the connection with the number 2.
#[test]
fn a_bundle_and_a_connection_are_two_things() {
    let mut world = World::empty();
    let echo = world.server("echo", Transport::Tcp, "127.0.0.1:7788", "epoll-lt");
    let clients = ["one", "two", "load"].map(|name| world.client(name, echo));
    for client in [clients[0], clients[1]].into_iter().chain([clients[2]; 5]) {
        world.connect(client, echo, |_, _| {});
    }
    let scene = layout(&world.snap, &world.lab, Selection::None, 900.0, false);
    let things = Thing::all(&scene);
    assert!(things.contains(&Thing::Row(echo, crate::trace::ConnId(2))) && things.contains(&Thing::Bundle(echo, 2)), "{things:?}");
}

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
        rename: None,
        still: true,
        actions: &mut actions,
    };
    let (scene, scale) = stage.fitted(&cx, vec2(836.0, 430.0));
    assert!((scene.size * scale).y <= 430.5 && scale >= 0.85, "{:?} at {scale}", scene.size);
    assert_eq!((scene.cards.len(), scene.tokens.len()), (4, 6));
    apart(&scene);
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
#[cfg(feature = "picture-tests")]
fn gallery() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery");
    std::fs::create_dir_all(&dir).unwrap();
    type Make = fn() -> World;
    let crowded: Make = || crowd(6, 12, 2, 3, 20, 2);
    let many: Make = || crowd(2, 12, 1, 2, 15, 5);
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
