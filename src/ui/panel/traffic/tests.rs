//! The traffic panel by its accessible names.

use eframe::egui::pos2;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::engine::RecordKind;
use crate::ui::ExportData;
use crate::ui::panel::tables_fake::{World, conn, looks, picture, record};

fn panel() -> Box<dyn Panel> {
    Box::new(Traffic::default())
}

#[test]
fn an_empty_log_says_what_to_do() {
    let harness = World::stopped(panel()).window(560.0, 340.0);
    harness.get_by_label_contains("Start a server and a client");
}

#[test]
fn a_click_selects_the_connection_and_shows_all_bytes() {
    let mut harness = World::running(panel()).window(560.0, 340.0);
    let row = harness.query_all_by_label_contains("你好").last().unwrap();
    row.click();
    harness.run_steps(3);
    assert!(matches!(harness.state().selection, Selection::Conn(..)));
    harness.get_by_label_contains("0000  e4 bd a0 e5");
    harness.get_by_label("Copy hex").click();
    harness.run_steps(2);
    let copied = harness.state().actions.iter().any(|a| matches!(a, Action::Copy(t) if t.starts_with("e4 bd a0")));
    assert!(copied);
    harness.get_by_label("Close detail").click();
    harness.run_steps(2);
    assert!(harness.query_by_label_contains("0000  e4").is_none());
}

#[test]
fn typing_filters_and_a_bad_term_is_named() {
    let mut harness = World::running(panel()).window(760.0, 340.0);
    harness.get_by_label("Filter traffic").focus();
    harness.get_by_label("Filter traffic").type_text("世界 dir:rx");
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("hello from board").is_none());
    assert!(harness.query_all_by_label_contains("你好").count() > 3);
    harness.get_by_label("Filter traffic").type_text(" hex:0d0");
    harness.run_steps(3);
    harness.get_by_label_contains("hex:0d0");
    assert!(harness.query_all_by_label_contains("你好").count() > 3, "the filter before stays");
}

#[test]
fn scrolling_up_unpins_and_the_button_goes_back() {
    let mut harness = World::running(panel()).window(560.0, 340.0);
    assert!(harness.query_by_label_contains("Jump to newest").is_none());
    harness.hover_at(pos2(200.0, 200.0));
    harness.event(eframe::egui::Event::MouseWheel {
        unit: eframe::egui::MouseWheelUnit::Point,
        delta: vec2(0.0, 300.0),
        modifiers: Default::default(),
        phase: eframe::egui::TouchPhase::Move,
        source: eframe::egui::MouseWheelSource::Wheel,
    });
    harness.run_steps(12);
    let end = conn(1, "echo-tcp", Some("board"));
    let mut rows: Vec<_> = harness.state().snap.traffic.iter().cloned().collect();
    rows.extend((0..1_312).map(|_| record(&end, RecordKind::Received, b"later")));
    harness.state_mut().snap.traffic = rows.into_iter().collect();
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("later").is_none(), "the rows one looks at stay");
    harness.get_by_label("Jump to newest · +1,312").click();
    harness.run_steps(3);
    assert!(harness.query_all_by_label_contains("later").count() > 5);
}

#[test]
fn rows_are_exported_as_they_are_filtered() {
    let mut harness = World::running(panel()).window(760.0, 340.0);
    harness.get_by_label("More about traffic").click();
    harness.run_steps(3);
    harness.get_by_label("Export as CSV").click();
    harness.run_steps(2);
    let exported = harness.state().actions.iter().find_map(|a| match a {
        Action::Export(name, ExportData::Text(text)) => Some((name.clone(), text.lines().count())),
        _ => None,
    });
    assert_eq!(exported, Some(("traffic.csv".into(), 63)));
}

#[test]
fn two_hundred_thousand_rows_cost_little() {
    let mut world = World::running(panel());
    let end = conn(1, "echo-tcp", Some("board"));
    let row = record(&end, RecordKind::Received, b"flood");
    world.snap.traffic = std::iter::repeat_n(row, 200_000).collect();
    let mut harness = world.window(560.0, 340.0);
    harness.get_by_label_contains("filtering");
    harness.run_steps(10);
    assert!(harness.query_by_label_contains("filtering").is_none());
    #[cfg(feature = "picture-tests")]
    picture(&mut harness, "traffic-flood");
    let visible = harness.query_all_by_label_contains("flood").count();
    assert!((10..20).contains(&visible), "only what is seen is built: {visible}");
}

#[test]
#[cfg_attr(not(feature = "picture-tests"), ignore = "draws, which needs a Vulkan driver: --features picture-tests")]
fn pictures() {
    for (language, theme, name) in looks() {
        let mut world = World::running(panel()).look(language, theme);
        world.snap.traffic_totals.dropped = 1_234;
        let mut harness = world.window(560.0, 340.0);
        picture(&mut harness, &format!("traffic-{name}"));
        let row = harness.query_all_by_label_contains("你好").last().unwrap();
        row.click();
        harness.run_steps(3);
        picture(&mut harness, &format!("traffic-detail-{name}"));
    }
}

#[test]
#[cfg_attr(not(feature = "picture-tests"), ignore = "draws, which needs a Vulkan driver: --features picture-tests")]
fn pictures_of_a_narrow_tile() {
    for (language, theme, name) in looks() {
        let mut harness = World::running(panel()).look(language, theme).window(457.0, 300.0);
        picture(&mut harness, &format!("traffic-narrow-{name}"));
    }
}
