//! The connections panel by its accessible names.

use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::ui::panel::tables_fake::{World, conn, looks, picture, view};

fn panel() -> Box<dyn Panel> {
    Box::new(Connections::default())
}

fn closes(world: &World) -> Vec<(ConnPick, CloseHow)> {
    let pick = |a: &Action| match a {
        Action::Engine(Command::Close { pick, how, .. }) => Some((*pick, *how)),
        _ => None,
    };
    world.actions.iter().filter_map(pick).collect()
}

#[test]
fn nothing_connected_says_what_to_do() {
    World::stopped(panel()).window(1_100.0, 300.0).get_by_label_contains("Start a server and a client");
}

#[test]
fn a_row_is_selected_and_reset() {
    let mut harness = World::running(panel()).window(1_100.0, 300.0);
    harness.get_by_label_contains("127.0.0.1:51842").click();
    harness.run_steps(3);
    assert_eq!(harness.state().selection.conn(), Some(ConnId(2)));
    harness.get_by_label("Reset").click();
    harness.run_steps(2);
    assert_eq!(closes(harness.state()), [(ConnPick::One(ConnId(2)), CloseHow::Reset)]);
}

#[test]
fn a_range_with_shift_that_is_all_of_a_session_is_one_request() {
    let mut harness = World::running(panel()).window(1_100.0, 300.0);
    harness.get_by_label_contains("127.0.0.1:51841").click();
    harness.run_steps(2);
    harness.get_by_label_contains("127.0.0.1:51843").click_modifiers(Modifiers::SHIFT);
    harness.run_steps(2);
    harness.get_by_label("Close").click();
    harness.run_steps(2);
    assert_eq!(closes(harness.state()), [(ConnPick::All, CloseHow::Orderly)]);
}

#[test]
fn heads_sort_and_ended_ones_hide() {
    let mut harness = World::running(panel()).window(1_100.0, 300.0);
    let top = |harness: &egui_kittest::Harness<'_, World>, part: &str| harness.get_by_label_contains(part).rect().top();
    assert!(top(&harness, "127.0.0.1:51841") < top(&harness, "client 127.0.0.1:9000"));
    harness.get_by_label("Session").click();
    harness.run_steps(3);
    assert!(top(&harness, "127.0.0.1:51841") > top(&harness, "client 127.0.0.1:9000"));
    harness.get_by_label("Session ↑").click();
    harness.run_steps(3);
    assert!(top(&harness, "127.0.0.1:51841") < top(&harness, "client 127.0.0.1:9000"));
    harness.get_by_label("Ended").click();
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("127.0.0.1:51843").is_none());
}

#[test]
fn the_keys_walk_through_thousands_of_rows() {
    let mut world = World::running(panel());
    let server = world.server();
    let views: Vec<_> = (1..=5_000).map(|n| view(conn(n % 9 + 1, "echo-tcp", None), ConnState::Open)).collect();
    let views: Vec<_> = views
        .into_iter()
        .zip(1..)
        .map(|(mut v, n)| {
            let info = conn(1, "echo-tcp", None);
            let info = Arc::into_inner(info).unwrap();
            v.info = Arc::new(crate::engine::ConnInfo { id: ConnId(100 + n), number: n as u32, ..info });
            v
        })
        .collect();
    world.session(server).connections = views.into();
    let mut harness = world.window(1_100.0, 300.0);
    harness.query_all_by_label_contains("echo-tcp").next().unwrap().click();
    harness.run_steps(2);
    for _ in 0..12 {
        harness.key_press(eframe::egui::Key::ArrowDown);
        harness.run_steps(3);
    }
    // The client's one connection has number 11 too and stands in between.
    assert_eq!(harness.state().selection.conn(), Some(ConnId(112)), "below what is seen at first");
    harness.key_press(eframe::egui::Key::End);
    harness.run_steps(4);
    assert_eq!(harness.state().selection.conn(), Some(ConnId(5_100)));
    harness.key_press_modifiers(Modifiers::COMMAND, eframe::egui::Key::A);
    harness.run_steps(3);
    harness.get_by_label("Half-close").click();
    harness.run_steps(2);
    let half = closes(harness.state());
    assert_eq!((half.len(), half[0]), (2, (ConnPick::All, CloseHow::HalfClose)));
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        let mut harness = World::running(panel()).look(language, theme).window(1_180.0, 220.0);
        let row = harness.query_all_by_label_contains("127.0.0.1:51842").next().unwrap();
        row.click();
        harness.run_steps(3);
        picture(&mut harness, &format!("connections-{name}"));
    }
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures_of_a_narrow_tile() {
    for (language, theme, name) in looks() {
        let mut harness = World::running(panel()).look(language, theme).window(470.0, 220.0);
        harness.query_all_by_label_contains("127.0.0.1:51842").next().unwrap().click();
        harness.run_steps(3);
        picture(&mut harness, &format!("connections-narrow-{name}"));
    }
}

#[test]
fn a_narrow_head_closes_from_its_menu() {
    let mut harness = World::running(panel()).window(400.0, 300.0);
    // Its middle is out of sight.
    harness.get_by_label_contains("127.0.0.1:51842").click_accesskit();
    harness.run_steps(3);
    assert!(harness.query_by_label("Reset").is_none(), "in the menu");
    harness.get_by_label("More").click();
    harness.run_steps(3);
    harness.get_by_label("Reset").click();
    harness.run_steps(2);
    assert_eq!(closes(harness.state()), [(ConnPick::One(ConnId(2)), CloseHow::Reset)]);
}
