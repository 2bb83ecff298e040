//! The panel by its names: range, source, pause, export; pictures to look at.

use eframe::egui::vec2;
use eframe::egui::{Key, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::*;
use crate::ui::panel::fake::{self, World};
use crate::ui::{Action, ExportData, Selection};
use crate::ui::{Language, theme::Theme};

fn harness(world: World, size: Vec2) -> Harness<'static, (World, Plots)> {
    Harness::builder()
        .with_size(size)
        .build_ui_state(|ui, (world, plots): &mut (World, Plots)| world.show(plots, ui), (world, Plots::new()))
}

#[test]
fn charts_say_their_values() {
    let mut harness = harness(fake::busy(), Vec2::new(320.0, 340.0));
    harness.run();
    assert!(harness.query_by_label_contains("Connections, open 43, waiting 1").is_some());
    let throughput = harness.get_by_label_contains("Throughput, received").accesskit_node().label();
    assert_eq!(throughput.as_deref(), Some("echo-tcp, Throughput, received 129.9 kB/s, sent 123.4 kB/s"));
}

#[test]
fn what_traffic_costs_is_shown_instead_when_asked() {
    let mut world = fake::busy();
    let id = world.lab.servers[0].id;
    let samples = world.session(id).series.iter().enumerate().map(|(n, sample)| {
        let mut sample = *sample;
        (sample.counters.calls, sample.counters.cpu_us) = (n as u64 * 200, n as u64 * 25_000);
        sample
    });
    let series = samples.collect::<Vec<_>>().into_iter().collect();
    world.session(id).series = series;
    let mut harness = harness(world, Vec2::new(320.0, 340.0));
    harness.run();
    harness.get_by_label("Calls and processor").click();
    harness.run();
    assert!(harness.query_by_label_contains("Calls, calls 2,000 /s, wake-ups 0 /s").is_some());
    assert!(harness.query_by_label_contains("CPU of one core, used 25 %").is_some());
    assert!(harness.query_by_label_contains("Throughput").is_none());
}

#[test]
fn exports_are_offered_with_a_name_and_the_shown_rows() {
    let mut harness = harness(fake::busy(), Vec2::new(420.0, 340.0));
    harness.run();
    harness.get_by_label("Export").click();
    harness.run();
    harness.get_by_label("Save figures as CSV").click();
    harness.run();
    let Some(Action::Export(name, ExportData::Text(csv))) = harness.state().0.actions.last() else {
        panic!("{:?}", harness.state().0.actions);
    };
    assert_eq!(name, "echo-tcp.csv");
    assert!((595..=602).contains(&csv.lines().count()), "{} lines for 60 s", csv.lines().count());
}

#[test]
fn pause_holds_the_right_edge_and_freeze_needs_nothing() {
    let mut harness = harness(fake::busy(), Vec2::new(420.0, 340.0));
    harness.run();
    harness.get_by_label("Pause").click();
    harness.run();
    let at = fake::AT.as_secs_f64();
    harness.state_mut().0.snap.at += fake::ms(5_000);
    harness.run();
    let now = harness.state().0.snap.at.as_secs_f64();
    assert_eq!(harness.state().1.window.edges(now), (at - 60.0, at));
    harness.get_by_label("Pause").click();
    harness.run();
    assert_eq!(harness.state().1.window.edges(now), (now - 60.0, now));
}

#[test]
fn a_chart_with_the_keyboard_is_moved_zoomed_and_brought_back() {
    let mut harness = harness(fake::busy(), Vec2::new(420.0, 340.0));
    harness.run();
    harness.get_by_label_contains("Throughput, received").focus();
    harness.run();
    let now = fake::AT.as_secs_f64();
    let mut press = |key: Key| {
        harness.key_press(key);
        harness.run();
        harness.state().1.window.edges(now)
    };
    assert_eq!(press(Key::ArrowLeft), (now - 66.0, now - 6.0));
    assert_eq!(press(Key::ArrowRight), (now - 60.0, now));
    let (left, right) = press(Key::Plus);
    assert!((right - left - 48.0).abs() < 1e-9 && (left + right - 2.0 * now + 60.0).abs() < 1e-9, "round the middle: {left} {right}");
    assert!((press(Key::Home), press(Key::ArrowUp).1) == ((now - 60.0, now), now), "up to now, the newest stays");
    press(Key::ArrowDown);
    assert_eq!(press(Key::Num0), (now - 60.0, now));
}

#[test]
fn nothing_to_show_is_one_sentence() {
    let mut world = World::empty();
    world.selection = Selection::None;
    let mut harness = harness(world, Vec2::new(420.0, 340.0));
    harness.run();
    assert!(harness.query_by_label_contains("Connections").is_none());
}

/// Writes pictures to `target/gallery` to look at; needs a Vulkan driver.
#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn gallery() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery");
    std::fs::create_dir_all(&dir).unwrap();
    for (look, language, theme) in [("dark-en", Language::English, Theme::dark()), ("light-zh", Language::Chinese, Theme::light())] {
        for size in [vec2(296.0, 338.0), vec2(322.0, 290.0), vec2(640.0, 420.0), vec2(836.0, 266.0), vec2(680.0, 230.0)] {
            let mut harness = harness(fake::busy().look(language, theme.clone()), size);
            harness.run();
            harness.render().unwrap().save(dir.join(format!("plots-{look}-{}.png", size.x))).unwrap();
            harness.hover_at(pos2(size.x * 0.6, size.y * 0.5));
            harness.run();
            harness.render().unwrap().save(dir.join(format!("plots-{look}-{}-hover.png", size.x))).unwrap();
        }
    }
}
