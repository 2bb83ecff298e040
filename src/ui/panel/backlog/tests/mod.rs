//! The theatre as data (nobody lost, nothing overlaps), and as the panel: names, clicks, empty states. Over time in `moving`, with a real
//! kernel in `real`.

mod moving;
mod pictures;
#[cfg(target_os = "linux")]
mod real;

use eframe::egui::{Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::fake::{self, Run};
use super::gather::{Facts, Guest, Step, facts, subject};
use super::layout::{fit, place};
use super::*;
use crate::lab::{AcceptPace, Transport};
use crate::ui::panel::fake::{World, ms};
use crate::ui::theme::Theme;
use crate::ui::{Action, Language, Selection, UiCommand};

type Make = fn() -> World;

/// Every moment there is a picture of.
const MOMENTS: [(&str, Make); 12] = [
    ("filling", fake::filling),
    ("full", fake::full),
    ("draining", fake::draining),
    ("paused", fake::paused),
    ("burst", fake::burst),
    ("backlog-10", || fake::long_queue(10)),
    ("backlog-128", || fake::long_queue(128)),
    ("backlog-5000", || fake::long_queue(5_000)),
    ("unix", fake::unix),
    ("turned-away", fake::turned_away),
    ("ghosts", fake::ghosts),
    ("derived", fake::derived),
];

fn told(world: &World) -> Facts<'_> {
    facts(&world.snap, &world.lab, subject(&world.lab, &world.snap, world.selection).unwrap())
}

fn numbers(guests: &[Guest<'_>]) -> Vec<u32> {
    guests.iter().filter_map(|g| g.number).collect()
}

#[test]
fn the_mock_up_is_what_the_facts_say() {
    let world = fake::full();
    let facts = told(&world);
    assert_eq!(numbers(&facts.queued), [5, 6, 7, 8], "the next out first");
    assert_eq!(numbers(&facts.calling), [9, 10, 11, 12]);
    assert_eq!((numbers(&facts.serving), numbers(&facts.done), facts.done_count), (vec![4], vec![1, 2, 3], 3));
    assert!(facts.full());
    let (left, part) = facts.calling[0].next_try(facts.now).unwrap();
    assert_eq!((left, facts.calling[0].sent()), (ms(880), 5), "retries at 1.0, 2.0, 3.1, 4.1 s and a little after it came at 0.16 s");
    assert!((part - 0.12).abs() < 0.01, "{part}");
    let drops = world.snap.sessions[0].listener.as_ref().unwrap().drops.unwrap().value;
    assert_eq!(drops, 30, "as many × as in the mock-up");
}

#[test]
fn every_client_is_somewhere_and_only_once() {
    for (name, make) in MOMENTS {
        let world = make();
        let facts = told(&world);
        let all: usize = [&facts.calling, &facts.half_open, &facts.forgotten, &facts.queued, &facts.serving, &facts.done, &facts.lost]
            .map(|l| l.len())
            .iter()
            .sum();
        let clients: usize = world.snap.sessions.iter().filter(|s| s.id != facts.doc.id).map(|s| s.connections.len()).sum();
        let older = facts.done_count as usize - facts.done.len();
        assert_eq!(all + older, clients, "{name}");
    }
}

#[test]
fn who_belongs_to_several_clients_is_numbered_on() {
    let world = fake::derived();
    let facts = told(&world);
    assert_eq!(numbers(&facts.queued), [3, 1, 2], "by arrival: `late` came first");
    assert_eq!((facts.strangers, facts.places), (1, None), "the kernel counts one more than we know");
}

#[test]
fn who_the_kernel_holds_half_open_stands_in_the_syn_queue_though_it_believes_to_be_connected() {
    let world = fake::turned_away();
    let facts = told(&world);
    assert_eq!((numbers(&facts.queued), numbers(&facts.half_open)), (vec![1, 2], vec![3, 4]));
    let steps: Vec<Step> = facts.lost.iter().map(|g| g.step).collect();
    assert_eq!(steps, [Step::TimedOut, Step::Broken, Step::Refused], "the latest first");
}

#[test]
fn who_only_believes_to_be_connected_is_told_apart_and_the_sentence_names_those_in_the_queue() {
    let world = fake::ghosts();
    let facts = told(&world);
    assert_eq!((numbers(&facts.queued), numbers(&facts.forgotten)), (vec![1, 2, 3, 5], vec![4, 6]));
    let text = crate::ui::Text::new(Language::English);
    let says = voice::details(&text, &facts);
    assert!(says.contains("4 clients believe"), "{says}");
}

fn apart(rects: &[Rect], inside: Rect, what: &str) {
    for (n, a) in rects.iter().enumerate() {
        assert!(inside.expand(0.6).contains_rect(*a), "{what}: {a:?} leaves {inside:?}");
        for b in &rects[n + 1..] {
            let both = a.intersect(*b);
            assert!(both.width() < 0.6 || both.height() < 0.6, "{what}: {a:?} and {b:?} overlap");
        }
    }
}

#[test]
fn nothing_overlaps_at_any_size() {
    for (name, make) in MOMENTS {
        for (w, h) in
            [(1_067.0, 414.0), (907.0, 362.0), (1_440.0, 700.0), (760.0, 300.0), (1_067.0, 800.0), (1_900.0, 500.0), (614.0, 412.0)]
        {
            let world = make();
            let (scale, size) = fit(vec2(w, h));
            let scene = place(told(&world), size);
            let what = format!("{name} {w}×{h}");
            assert!((0.73..=2.6).contains(&scale), "{what}");
            let page = Rect::from_min_size(eframe::egui::Pos2::ZERO, size);
            let heads = scene.heads.iter().flat_map(|(a, b)| [*a, *b]);
            let all: Vec<Rect> = heads.chain([scene.sentence, scene.details, scene.outside, scene.kernel, scene.server]).collect();
            apart(&all, page, &what);
            let rows: Vec<Rect> = scene.rows.iter().map(|r| r.rect).chain(scene.more.iter().map(|m| m.rect)).collect();
            apart(&rows, scene.outside.expand2(vec2(0.0, 8.0)), &what);
            let mut kernel = vec![scene.order, scene.syn, scene.claim];
            kernel.extend(&scene.slots.alone);
            kernel.extend(scene.slots.rest.map(|r| r.rect));
            apart(&kernel, scene.kernel, &what);
            let circles = scene.tokens.iter().map(|t| Rect::from_center_size(t.center, vec2(2.0 * t.r, 2.0 * t.r)));
            apart(&circles.collect::<Vec<_>>(), page, &what);
        }
    }
}

#[test]
fn those_without_a_row_are_counted() {
    let world = fake::burst();
    let (_, size) = fit(vec2(1_067.0, 414.0));
    let scene = place(told(&world), size);
    let counted: usize = scene.more.iter().map(|m| m.count).sum();
    assert_eq!(scene.rows.len() + counted, scene.facts.calling.len());
    assert!(scene.rows.len() >= 6 && counted > 900, "{} rows, {counted} counted", scene.rows.len());
    let world = Run { clients: 1_000, backlog: 2, pace: AcceptPace::Paused, ..Run::default() }.world();
    assert_eq!(told(&world).to_come, 1_000 - 221, "20 ms apart: the rest has not called yet");
}

#[test]
fn one_sentence_for_each_situation() {
    let mut free = fake::full();
    fake::change(&mut free, |view| view.queue.value = 3);
    let mut refuses = fake::turned_away();
    fake::change(&mut refuses, |view| view.queue.value = 4);
    let mut no_callers = Run { clients: 4, now_ms: 300, ..Run::default() }.world();
    fake::change(&mut no_callers, |_| {});
    let eager = |clients, now_ms| Run { clients, pace: AcceptPace::Eager, now_ms, ..Run::default() }.world();
    let says = [
        (fake::full(), "The queue is full, so the kernel drops every further SYN."),
        (no_callers, "4 of 4 places are taken: listen(3) holds n + 1."),
        (fake::filling(), "The server accepts one client each 1,000 ms."),
        (free, "A place is free, but who was dropped gets in only at its next SYN."),
        (fake::paused(), "Accepting is paused: clients connect all the same, the kernel answers for the server."),
        (eager(2, 900), "2 clients are connected and wait for the server to call accept()."),
        (eager(0, 900), "Nobody waits."),
        (fake::unix(), "3 of 3 places are taken: a blocking connect waits, a non-blocking one gets EAGAIN."),
        (refuses, "The queue is full, so the kernel drops every further SYN."),
    ];
    for (world, words) in says {
        assert_eq!(voice::sentence(&world.text, &told(&world)), words);
    }
    let world = fake::full();
    let details = "listen(3) makes 4 places. Clients 5 to 8 believe they are connected, yet the server has not met them. \
                   Clients 9 to 12 retry by themselves.";
    assert_eq!(voice::details(&world.text, &told(&world)), details);
    let clamped = voice::details(&world.text, &told(&fake::long_queue(5_000)));
    assert!(clamped.starts_with("listen(5,000) was cut to 4,096 by net.core.somaxconn, which makes 4,097 places."), "{clamped}");
}

fn harness(world: World, size: Vec2) -> Harness<'static, (World, Backlog)> {
    Harness::builder()
        .with_size(size + vec2(0.0, 32.0))
        .build_ui_state(|ui, (world, panel): &mut (World, Backlog)| world.show(panel, ui), (world, Backlog::default()))
}

#[test]
fn every_client_place_and_figure_has_a_name() {
    let mut shown = harness(fake::full(), vec2(1_067.0, 414.0));
    shown.run();
    for name in [
        "Client 9 gets no answer: its SYN was sent 5 times, and goes out again in 0.88 s",
        "Place 1 of 4: Client 5 believes it is connected; nobody has accepted it for 3.30 s",
        "Client 4 is being served: accept() returned 9",
        "Client 3 was served; its connection is closed",
        "4 of 4 places taken, measured: TCP_INFO, tcpi_unacked",
        "0 of 4 half-open, measured: inet_diag, SYN_RECV",
        "next accept in 0.20 s",
        "4 clients, no answer yet",
        "The queue is full, so the kernel drops every further SYN.",
    ] {
        assert_eq!(shown.query_all_by_label(name).count(), 1, "{name}: {:?}", labels(&shown));
    }
    let mut shown = harness(fake::paused(), vec2(1_067.0, 414.0));
    shown.run();
    assert_eq!(shown.query_all_by_label_contains("36 B that it sent wait in the kernel").count(), 3);
    assert!(shown.query_by_label("Place 6 of 6: free").is_some());
    let mut shown = harness(fake::turned_away(), vec2(1_067.0, 414.0));
    shown.run();
    for part in ["Client 8 gave up", "Client 9 was refused", "Client 10 is gone", "Client 3 believes it is connected for"] {
        assert_eq!(shown.query_all_by_label_contains(part).count(), 1, "{part}: {:?}", labels(&shown));
    }
    let mut shown = harness(fake::derived(), vec2(1_067.0, 414.0));
    shown.run();
    assert!(shown.query_by_label("4 waiting, limit not told, derived: connects completed − accepts").is_some());
    let mut shown = harness(fake::unix(), vec2(1_067.0, 414.0));
    shown.run();
    for part in ["Client 4 finds no place: connect() answered EAGAIN 92 times", "Client 5 sleeps in connect()", "Client 6 was refused"] {
        assert!(shown.query_by_label_contains(part).is_some(), "{part}: {:?}", labels(&shown));
    }
}

fn labels(harness: &Harness<'_, (World, Backlog)>) -> Vec<String> {
    harness.query_all_by(|n| n.label().is_some()).filter_map(|n| n.accesskit_node().label()).collect()
}

#[test]
fn a_click_selects_the_connection_everywhere() {
    let mut shown = harness(fake::full(), vec2(1_067.0, 414.0));
    shown.run();
    for (part, number) in [("Client 10 gets", 10), ("Client 7 believes", 7), ("Client 4 is", 4), ("Client 2 was", 2)] {
        shown.get_by_label_contains(part).click();
        shown.run();
        let world = &shown.state().0;
        let Some(Action::Select(Selection::Conn(owner, conn))) = world.actions.last() else { panic!("{part}: {:?}", world.actions) };
        assert_eq!(*owner, world.lab.clients[0].id);
        let session = world.snap.session(*owner).unwrap();
        assert_eq!(session.connections.iter().find(|c| c.info.id == *conn).unwrap().info.number, number);
    }
}

#[test]
fn several_listeners_have_a_switch_in_the_head() {
    let mut shown = harness(fake::derived(), vec2(1_067.0, 414.0));
    shown.run();
    shown.get_by_label("Server").click();
    shown.run();
    shown.get_by_label("side-door").click();
    shown.run();
    let world = &shown.state().0;
    assert!(matches!(world.actions.last(), Some(Action::Select(Selection::Endpoint(id))) if *id == world.lab.servers[1].id));
    let mut alone = harness(fake::full(), vec2(1_067.0, 414.0));
    alone.run();
    assert!(alone.query_by_label("Server").is_none());
}

#[test]
fn every_empty_state_says_what_to_do_and_does_it() {
    let act = |world: World, button: &str| {
        let mut shown = harness(world, vec2(907.0, 362.0));
        shown.run();
        shown.get_by_label(button).click();
        shown.run();
        std::mem::take(&mut shown.state_mut().0.actions)
    };
    assert!(matches!(act(World::empty(), "Add a TCP server")[..], [Action::Ui(UiCommand::AddServer(Transport::Tcp))]));
    let mut world = World::empty();
    let door = world.server("door", Transport::Tcp, "127.0.0.1:7788", "iterative");
    assert!(matches!(act(world, "Start door")[..], [Action::Start(id)] if id == door));
    let mut world = World::empty();
    let door = world.server("door", Transport::UnixStream, "/tmp/door", "iterative");
    let clock = world.server("clock", Transport::Udp, "127.0.0.1:7713", "iterative");
    world.selection = Selection::Endpoint(clock);
    assert!(matches!(act(world, "Show door")[..], [Action::Select(Selection::Endpoint(id))] if id == door));
    let open = |clients: usize, run: bool| {
        let mut world = World::empty();
        let door = world.server("door", Transport::Tcp, "127.0.0.1:7788", "iterative");
        world.session(door).listener = Some(std::sync::Arc::new(fake::listener(3, 0, AcceptPace::Eager)));
        for n in 0..clients {
            let client = world.client(&format!("client-{n}"), door);
            if run {
                world.session(client);
            }
        }
        world
    };
    assert!(matches!(act(open(0, false), "Add a client")[..], [Action::Select(_), Action::Ui(UiCommand::AddClient(Transport::Tcp))]));
    assert!(matches!(act(open(1, false), "Start client-0")[..], [Action::Start(_)]));
    assert_eq!(act(open(3, false), "Start the clients").len(), 3);
    assert!(matches!(act(open(1, true), "Connect one client")[..], [Action::Engine(crate::engine::Command::Open { count: 1, .. })]));
}

#[test]
fn every_moment_is_shown_in_both_languages_and_themes() {
    for (name, make) in MOMENTS {
        for (language, theme) in [(Language::English, Theme::light()), (Language::Chinese, Theme::dark())] {
            for size in [vec2(907.0, 362.0), vec2(700.0, 300.0)] {
                let mut shown = harness(make().look(language, theme.clone()), size);
                shown.run();
                assert!(shown.query_all_by_label_contains("listen(").next().is_some(), "{name}");
                let raw: Vec<String> = labels(&shown).into_iter().filter(|l| l.starts_with("backlog-")).collect();
                assert!(raw.is_empty(), "{name}: keys without words: {raw:?}");
            }
        }
    }
}
