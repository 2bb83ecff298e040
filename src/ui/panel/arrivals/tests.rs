//! The panel from hand-made moments: what it says, what a click does, how long a thousand clients take.

use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};

use super::*;
use crate::engine::ListenerSample;
use crate::lab::AcceptPace;
use crate::ui::panel::backlog::fake::{self, Run};
use crate::ui::panel::fake::{AT, World};
use crate::ui::panel::stepper::tests::{looks, picture, window};

/// The same run with the history of its queue: how many stood in it at each of thirty moments a second.
fn told(run: &Run) -> World {
    let mut world = run.world();
    let door = world.lab.servers[0].id;
    let began = AT - Duration::from_millis(run.now_ms);
    world.session(door).since = began;
    let rows = rows::rows(&world.snap, &world.lab, &world.lab.servers[0]);
    let stands = |at: f64| rows.iter().filter(|r| r.queue.is_some_and(|q| q.from <= at && q.to.is_none_or(|to| to > at))).count();
    let dropped = |at: f64| rows.iter().flat_map(|r| r.drops()).filter(|d| **d <= at).count() as u64;
    let first = (began.as_secs_f64() * 30.0) as u64;
    let last = (AT.as_secs_f64() * 30.0) as u64;
    let sample = |n: u64| {
        let at_secs = n as f64 / 30.0;
        let queue = stands(at_secs) as u32;
        ListenerSample { at_secs, queue, places: Some(run.backlog + 1), drops: dropped(at_secs), ..ListenerSample::default() }
    };
    fake::change(&mut world, |view| view.series = (first..=last).map(sample).collect());
    world
}

fn harness(world: World, size: (f32, f32)) -> egui_kittest::Harness<'static, (World, Box<dyn Panel>)> {
    window(world, Box::new(Arrivals::default()), size.0, size.1 + 32.0)
}

#[test]
fn the_mock_ups_run_stands_on_one_clock_and_says_each_client() {
    let harness = harness(told(&Run::default()), (1_067.0, 346.0));
    for part in [
        "SYN dropped (30)",
        "Queue over time: 4 of 4 now, limit 4 = listen(3) + 1",
        "Client 1: connect took 0 µs; was in the queue 0.60 s; was served 1.00 s",
        "Client 8: 4 SYNs dropped, at 0.14, 1.16, 2.16, 3.26 s; connect took 4.12 s",
        "Client 9: 5 SYNs dropped",
        "next SYN in 0.88 s",
    ] {
        assert!(harness.query_all_by_label_contains(part).next().is_some(), "{part}: {:#?}", labels(&harness));
    }
}

fn labels(harness: &egui_kittest::Harness<'_, (World, Box<dyn Panel>)>) -> Vec<String> {
    harness.query_all_by(|n| n.label().is_some()).filter_map(|n| n.accesskit_node().label()).collect()
}

#[test]
fn a_click_selects_the_connection_and_the_time_shown_can_be_chosen() {
    let mut harness = harness(told(&Run::default()), (1_067.0, 346.0));
    harness.get_by_label_contains("Client 9:").click();
    harness.run_steps(2);
    let world = &harness.state().0;
    let Some(Action::Select(Selection::Conn(owner, conn))) = world.actions.last() else { panic!("{:?}", world.actions) };
    let chosen = world.snap.session(*owner).unwrap().connections.iter().find(|c| c.info.id == *conn).unwrap();
    assert_eq!(chosen.info.number, 9);
    harness.get_by_label("Time shown").click();
    harness.run_steps(3);
    harness.get_by_label("the last 30 s").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Client 9:");
}

#[test]
fn a_thousand_clients_are_painted_in_time_and_only_those_in_sight_are_worded() {
    let world = told(&Run { clients: 1_000, backlog: 128, pace: AcceptPace::Every(5), now_ms: 12_000, ..Run::default() });
    let mut harness = harness(world, (1_067.0, 346.0));
    let rows = harness.query_all_by(|n| n.role() == Role::Button && n.label().is_some_and(|l| l.starts_with("Client "))).count();
    assert!((10..=30).contains(&rows), "{rows} rows");
    let best = (0..20)
        .map(|_| {
            let began = Instant::now();
            harness.step();
            began.elapsed()
        })
        .min()
        .unwrap();
    // The whole frame of the harness, with its accessibility tree, on a shared machine.
    assert!(best < Duration::from_millis(8), "{best:?}");
    println_to_test(best);
}

#[expect(clippy::print_stdout, reason = "a figure for whoever looks: --nocapture")]
fn println_to_test(best: Duration) {
    println!("a frame with 1,000 clients: {best:?}");
}

#[test]
fn stopped_and_datagram_servers_say_what_to_do() {
    let mut world = fake::full();
    world.snap.sessions.clear();
    harness(world, (600.0, 300.0)).get_by_label_contains("does not run");
    let mut world = World::empty();
    world.server("clock", crate::lab::Transport::Udp, "127.0.0.1:7713", "poll");
    harness(world, (600.0, 300.0)).get_by_label_contains("nobody connects");
    harness(World::empty(), (600.0, 300.0)).get_by_label_contains("Add a server that listens");
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        let look = |world: World| world.look(language, theme.clone());
        picture(&mut harness(look(told(&Run::default())), (1_067.0, 346.0)), &format!("arrivals-full-{name}"));
        let burst = Run { clients: 1_000, backlog: 128, pace: AcceptPace::Every(5), now_ms: 6_000, ..Run::default() };
        picture(&mut harness(look(told(&burst)), (907.0, 290.0)), &format!("arrivals-burst-{name}"));
        picture(&mut harness(look(fake::turned_away()), (907.0, 290.0)), &format!("arrivals-away-{name}"));
    }
}
