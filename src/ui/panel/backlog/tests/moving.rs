//! Tokens on their way, and what a thousand clients cost.

use super::*;

fn seen<'a>(moves: &mut Moves, world: &'a mut World, seq: u64, now_s: f64, still: bool) -> Scene<'a> {
    world.snap.seq = seq;
    let world: &'a World = world;
    let mut scene = place(told(world), vec2(1_067.0, 413.0));
    moves.update(&scene, seq, 1.0, now_s, still);
    moves.apply(&mut scene, now_s);
    scene
}

fn spot(scene: &Scene<'_>, number: u32) -> eframe::egui::Pos2 {
    scene.tokens.iter().find(|t| t.guest.is_some_and(|g| g.number == Some(number))).unwrap().center
}

/// At 4.6 s client 5 is accepted: it leaves its place, the others move forward.
#[test]
fn a_token_moves_to_its_next_place_in_200_ms() {
    let (mut before, mut after) = (fake::full(), Run { now_ms: 4_601, ..Run::default() }.world());
    let mut moves = Moves::default();
    let first: Vec<_> = (4..=9).map(|n| spot(&seen(&mut moves, &mut before, 1, 10.0, false), n)).collect();
    assert_eq!(moves.next_frame(10.0), None, "the first snapshot is no news");
    seen(&mut moves, &mut before, 2, 10.5, false);
    assert_eq!(moves.next_frame(10.5), None, "nothing moved");
    let start: Vec<_> = (4..=9).map(|n| spot(&seen(&mut moves, &mut after, 3, 11.0, false), n)).collect();
    assert_eq!(start, first, "they start where they stood");
    let half: Vec<_> = (4..=9).map(|n| spot(&seen(&mut moves, &mut after, 3, 11.1, false), n)).collect();
    let end: Vec<_> = (4..=9).map(|n| spot(&seen(&mut moves, &mut after, 3, 11.201, false), n)).collect();
    assert_eq!(end[1], first[0], "client 5 is served where client 4 was");
    assert_eq!(end[2], first[1], "client 6 is next");
    assert_eq!(end[5], first[5], "client 9 does not move: only its next SYN gets it in");
    assert!(half[2].x > first[2].x + (end[2].x - first[2].x) * 0.5 && half[2].x < end[2].x, "ease-out");
    assert_eq!(moves.next_frame(11.201), None, "at rest");
}

#[test]
fn with_reduced_motion_a_ghost_stays_for_a_second_and_another_size_is_no_movement() {
    let (mut before, mut after) = (fake::full(), Run { now_ms: 4_601, ..Run::default() }.world());
    let mut moves = Moves::default();
    let first = spot(&seen(&mut moves, &mut before, 1, 10.0, true), 5);
    let now = spot(&seen(&mut moves, &mut after, 2, 11.0, true), 6);
    assert_eq!((now, moves.ghosts().any(|(at, _)| at == first)), (first, true), "at once, with a ghost");
    seen(&mut moves, &mut after, 2, 12.001, true);
    assert_eq!((moves.ghosts().count(), moves.next_frame(12.001)), (0, None));
    after.snap.seq = 3;
    let scene = place(told(&after), vec2(1_200.0, 413.0));
    moves.update(&scene, 3, 1.0, 13.0, false);
    assert_eq!(moves.next_frame(13.0), None);
}

#[test]
fn a_thousand_clients_cost_little() {
    let mut shown = harness(fake::long_queue(128), vec2(1_067.0, 414.0));
    shown.run();
    let start = std::time::Instant::now();
    for _ in 0..40 {
        shown.step();
    }
    let each = start.elapsed() / 40;
    // With accessibility tree and harness, in a debug build on a busy machine; the panel alone is far below.
    assert!(each < Duration::from_millis(30), "{each:?} for one frame");
    let world = fake::burst();
    let start = std::time::Instant::now();
    for _ in 0..100 {
        assert!(place(told(&world), vec2(1_067.0, 413.0)).rows.len() > 5);
    }
    let each = start.elapsed() / 100;
    assert!(each < Duration::from_millis(4), "{each:?} for facts and places");
}
