//! The picture as data: nothing overlaps, nothing is lost.

use eframe::egui::Rect;
use proptest::prelude::*;

use super::super::gather::{End, Who, gather};
use super::super::layout::{MIN_WIDTH, Scene, layout};
use super::super::touch::Thing;
use crate::engine::ConnState;
use crate::lab::Transport;
use crate::ui::Selection;
use crate::ui::panel::fake::{self, World};

/// Rectangles that must not touch each other.
pub(super) fn apart(scene: &Scene<'_>) {
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

pub(super) fn crowd(servers: usize, clients: usize, conns: usize, lanes: usize, backlog: u32, waiting: usize) -> World {
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
