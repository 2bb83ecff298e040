//! The table of two servers, and what it does not say.

use egui_kittest::kittest::Queryable;

use super::*;
use crate::engine::{Counters, Rates, Sample};
use crate::lab::Transport;
use crate::ui::panel::fake::World;
use crate::ui::panel::stepper::tests::{looks, picture, window};

/// Twelve seconds of history with this many CPU microseconds in each second.
fn history(cpu_us: impl Fn(u64) -> u64) -> LogView<Sample> {
    let mut counters = Counters { cpu_us: 1, ..Counters::default() };
    let samples = (0..120_u64).map(|n| {
        counters.cpu_us += cpu_us(n / 10) / 10;
        counters.calls += 1_600;
        Sample { at_secs: n as f64 * 0.1, counters }
    });
    samples.collect::<Vec<_>>().into_iter().collect()
}

/// The mock-up's two servers.
fn two(epoll_cpu: impl Fn(u64) -> u64) -> World {
    let mut world = World::empty();
    let servers = [("threads", 16_036.0, 8_024.0, 0.0, 5, 0.21), ("epoll-lt", 22_470.0, 6_410.0, 12.0, 1, 0.18)];
    for (name, calls, wakeups, eagain, lanes, cpu) in servers {
        let id = world.server(name, Transport::Tcp, "127.0.0.1:7788", name);
        let series = if name == "threads" { history(|n| 190_000 + n % 3 * 20_000) } else { history(&epoll_cpu) };
        let session = world.session(id);
        session.rates = Rates { rx_messages: 8_000.0, calls, wakeups, eagain, cpu, switches: wakeups, ..Rates::default() };
        session.counters = Counters { cpu_us: 1_000, switches: 1_000, ..Counters::default() };
        (session.live_lanes, session.series) = (lanes, series);
    }
    world.selection = crate::ui::Selection::Endpoint(world.lab.servers[0].id);
    world
}

#[test]
fn figures_stand_side_by_side_and_no_winner_is_named_when_the_spread_covers_them() {
    let harness = window(two(|n| 160_000 + n % 2 * 60_000), Box::new(CountersPanel::default()), 372.0, 352.0);
    harness.get_by_label("requests/s, threads 8,000, epoll-lt 8,000");
    harness.get_by_label("CPU of one core, threads 21 %, epoll-lt 18 %");
    harness.get_by_label("calls per message, threads 2.0, epoll-lt 2.8");
    harness.get_by_label_contains("so no winner is named");
}

#[test]
fn figures_that_lie_apart_are_said_to_and_still_none_is_called_better() {
    let harness = window(two(|_| 20_000), Box::new(CountersPanel::default()), 372.0, 352.0);
    harness.get_by_label_contains("more than their spread");
    for word in ["best", "wins", "fast", "better"] {
        assert!(harness.query_by_label_contains(word).is_none(), "{word}");
    }
}

#[test]
fn what_nobody_tells_is_a_dash() {
    let mut world = two(|_| 0);
    let id = world.lab.servers[1].id;
    world.session(id).counters = Counters::default();
    let harness = window(world, Box::new(CountersPanel::default()), 372.0, 352.0);
    harness.get_by_label("CPU of one core, threads 21 %, epoll-lt –");
}

#[test]
fn a_person_chooses_with_whom_to_compare() {
    let mut harness = window(two(|_| 0), Box::new(CountersPanel::default()), 372.0, 352.0);
    harness.get_by_label("Compare with").click();
    harness.run_steps(3);
    harness.get_by_label("epoll-lt").click();
    harness.run_steps(3);
    harness.get_by_label("requests/s, threads 8,000");
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        let shown = |world: World| window(world.look(language, theme.clone()), Box::new(CountersPanel::default()), 372.0, 352.0);
        picture(&mut shown(two(|n| 160_000 + n % 2 * 60_000)), &format!("counters-two-{name}"));
        let mut three = two(|_| 20_000);
        let id = three.server("a long name", Transport::Tcp, "127.0.0.1:1", "poll");
        three.session(id).rates.calls = 123_456.0;
        picture(&mut shown(three), &format!("counters-three-{name}"));
        picture(&mut shown(World::empty()), &format!("counters-empty-{name}"));
    }
}
