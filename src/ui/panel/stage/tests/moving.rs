//! Motion: what moved is seen to move, and comes to rest.

use super::super::gather::gather;
use super::super::layout::{Scene, layout};
use super::super::motion::Motion;
use super::super::moves::Moves;
use super::super::touch::Thing;
use crate::engine::ConnState;
use crate::lab::Transport;
use crate::ui::Selection;
use crate::ui::panel::fake::{self, World};

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
