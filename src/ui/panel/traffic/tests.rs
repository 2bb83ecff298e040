//! The traffic panel by its accessible names.

use eframe::egui::pos2;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::*;
use crate::engine::RecordKind;
use crate::ui::ExportData;
use crate::ui::panel::tables_fake::{World, conn, looks, picture, record};

fn panel() -> Box<dyn Panel> {
    Box::new(Traffic::default())
}

fn click(harness: &mut Harness<'_, World>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(4);
}

fn type_into(harness: &mut Harness<'_, World>, field: &str, text: &str) {
    harness.get_by_label(field).focus();
    harness.run_steps(1);
    harness.get_by_label(field).type_text(text);
    harness.run_steps(3);
}

/// Opens the last row in sight with these words.
fn open(harness: &mut Harness<'_, World>, words: &str) {
    harness.query_all_by_label_contains(words).last().unwrap().click();
    harness.run_steps(3);
}

#[test]
fn an_empty_log_says_what_to_do() {
    let harness = World::stopped(panel()).window(560.0, 340.0);
    harness.get_by_label_contains("Start a server and a client");
}

#[test]
fn a_click_selects_the_connection_and_shows_all_bytes() {
    let mut harness = World::running(panel()).window(560.0, 340.0);
    open(&mut harness, "你好");
    assert!(matches!(harness.state().selection, Selection::Conn(..)));
    harness.get_by_label_contains("0000  e4 bd a0 e5");
    click(&mut harness, "Copy hex");
    let copied = harness.state().actions.iter().any(|a| matches!(a, Action::Copy(t) if t.starts_with("e4 bd a0")));
    assert!(copied);
    click(&mut harness, "Close detail");
    assert!(harness.query_by_label_contains("0000  e4").is_none());
}

#[test]
fn typing_filters_and_a_bad_term_is_named() {
    let mut harness = World::running(panel()).window(760.0, 340.0);
    type_into(&mut harness, "Filter traffic", "世界 dir:rx");
    assert!(harness.query_by_label_contains("hello from board").is_none());
    assert!(harness.query_all_by_label_contains("你好").count() > 3);
    type_into(&mut harness, "Filter traffic", " hex:0d0");
    harness.get_by_label_contains("is nothing for “hex”");
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
    click(&mut harness, "Jump to newest · +1,312");
    assert!(harness.query_all_by_label_contains("later").count() > 5);
}

#[test]
fn rows_are_exported_as_they_are_filtered() {
    let mut harness = World::running(panel()).window(760.0, 340.0);
    click(&mut harness, "More about traffic");
    click(&mut harness, "Export the 62 rows shown");
    click(&mut harness, "CSV");
    let exported = harness.state().actions.iter().find_map(|a| match a {
        Action::Export(name, ExportData::Rows(rows)) => Some((name.clone(), rows.indices.len(), rows.bytes().unwrap())),
        _ => None,
    });
    let (name, rows, bytes) = exported.unwrap();
    assert_eq!((name.as_str(), rows, String::from_utf8(bytes).unwrap().lines().count() > 60), ("traffic.csv", 62, true));
}

#[test]
fn a_stretch_of_rows_is_copied_as_a_command() {
    let mut harness = World::running(panel()).window(760.0, 340.0);
    harness.query_all_by_label_contains("How long is a string").last().unwrap().click_secondary();
    harness.run_steps(3);
    click(&mut harness, "Copy 1 as");
    click(&mut harness, "nc");
    let copied = harness.state().actions.iter().any(|a| matches!(a, Action::Copy(t) if t.contains("nc ") && t.contains("7788")));
    assert!(copied);
}

#[test]
fn times_are_shown_three_ways_and_text_in_other_encodings() {
    let mut world = World::running(panel());
    let end = conn(1, "echo-tcp", Some("board"));
    let gbk = [0xc4, 0xe3, 0xba, 0xc3];
    world.snap.traffic =
        [record(&end, RecordKind::Received, &gbk[..3]), record(&end, RecordKind::Received, &gbk[3..])].into_iter().collect();
    let mut harness = world.window(900.0, 340.0);
    harness.get_by_label("Time");
    click(&mut harness, "Times");
    harness.get_by_label("Time UTC");
    click(&mut harness, "Times");
    assert!(harness.query_by_label("Δ ms").is_some());
    click(&mut harness, "Data as");
    click(&mut harness, "GBK");
    harness.query_all_by_label_contains("board").next().unwrap().click();
    harness.run_steps(3);
    harness.get_by_label_contains("你");
}

#[test]
fn typing_offers_what_may_stand_there() {
    let mut harness = World::running(panel()).window(760.0, 340.0);
    type_into(&mut harness, "Filter traffic", "di");
    click(&mut harness, "dir:");
    click(&mut harness, "tx");
    harness.key_press(eframe::egui::Key::Escape);
    harness.run_steps(3);
    assert_eq!(harness.get_by_label("Filter traffic").accesskit_node().value().as_deref(), Some("dir:tx "));
    assert!(harness.query_by_label_contains("echo-tcp recv").is_none());
}

#[test]
fn searching_goes_from_row_to_row_and_filters_nothing() {
    let mut harness = World::running(panel()).window(760.0, 340.0);
    click(&mut harness, "Search");
    type_into(&mut harness, "Search for", "hello");
    click(&mut harness, "Next");
    harness.get_by_label_contains("0000  68 65 6c 6c 6f");
    assert!(harness.query_all_by_label_contains("你好").count() > 0);
    type_into(&mut harness, "Search for", " nowhere");
    click(&mut harness, "Previous");
    harness.get_by_label("nothing found");
}

#[test]
fn a_pinned_row_stays_in_sight_with_its_note() {
    let mut harness = World::running(panel()).window(900.0, 380.0);
    open(&mut harness, "你好");
    click(&mut harness, "Pin");
    type_into(&mut harness, "Note", "look here");
    click(&mut harness, "Close detail");
    type_into(&mut harness, "Filter traffic", "hello");
    assert_eq!(harness.query_all_by_label_contains("pinned").count(), 1, "also while the filter hides it");
}

#[test]
fn a_conversation_shows_one_connection_and_replies_through_it() {
    let mut world = World::running(panel());
    world.selection = Selection::Conn(world.server(), ConnId(1));
    let mut harness = world.window(760.0, 420.0);
    click(&mut harness, "Conversation");
    harness.get_by_label("Connection 1: echo-tcp and board");
    harness.query_all_by_label_contains("recv 17 B: hello from board\\n").next().unwrap();
    assert!(harness.query_by_label_contains("lamp").is_none());
    type_into(&mut harness, "Reply", "pong\\n");
    click(&mut harness, "Send");
    let sent = harness.state().actions.iter().any(|a| {
        matches!(a, Action::Engine(crate::engine::Command::Send { to: crate::engine::SendTo::One(ConnId(1)), outgoing, .. })
            if matches!(&outgoing.payload, crate::engine::Payload::Fixed(bytes) if **bytes == *b"pong\n"))
    });
    assert!(sent);
}

#[test]
fn a_long_message_has_a_few_lines_and_the_way_to_the_rest() {
    let mut world = World::running(panel());
    let end = conn(1, "echo-tcp", Some("board"));
    let long = "a line of words that goes on. ".repeat(20);
    world.snap.traffic =
        [record(&end, RecordKind::Received, b"short"), record(&end, RecordKind::Sent, long.as_bytes())].into_iter().collect();
    world.selection = Selection::Conn(world.server(), ConnId(1));
    let mut harness = world.window(760.0, 420.0);
    click(&mut harness, "Conversation");
    let height = |h: &Harness<'_, World>, words: &str| h.query_all_by_label_contains(words).next().unwrap().rect().height();
    assert_eq!((height(&harness, "short"), height(&harness, "goes on")), (100.0, 100.0), "46 and three more lines of 18");
    open(&mut harness, "goes on");
    harness.get_by_label_contains("0000  61 20 6c 69");
}

#[test]
fn a_recording_is_asked_for_shown_and_ended() {
    let mut harness = World::running(panel()).window(900.0, 380.0);
    click(&mut harness, "Record to disk");
    let asked =
        |h: &Harness<'_, World>| h.state().actions.iter().any(|a| matches!(a, Action::Record { limit_bytes } if *limit_bytes == 1 << 30));
    assert!(asked(&harness));
    let view = crate::engine::RecordingView {
        path: std::path::Path::new("/tmp/lesson.pcapng").into(),
        limit_bytes: 64 << 20,
        bytes: 1_234_567,
        records: 4_321,
        lost: 0,
        state: crate::engine::RecordingState::Running,
    };
    harness.state_mut().snap.recording = Some(view.clone());
    harness.run_steps(3);
    harness.get_by_label("Recording to lesson.pcapng");
    harness.get_by_label("1.2 MB of 64 MiB · 4,321 rows · 0 lost");
    harness.query_all_by_label("Stop recording").last().unwrap().click();
    harness.run_steps(3);
    assert!(harness.state().actions.iter().any(|a| matches!(a, Action::Engine(crate::engine::Command::Record(None)))));
    let failed = crate::engine::RecordingState::Failed("No space left on device".into());
    harness.state_mut().snap.recording = Some(crate::engine::RecordingView { state: failed, lost: 7, ..view });
    harness.run_steps(3);
    harness.get_by_label("Recording to lesson.pcapng failed: No space left on device");
    harness.get_by_label_contains("7 lost");
    click(&mut harness, "Hide");
    assert!(harness.query_by_label_contains("lesson.pcapng").is_none());
}

#[test]
fn a_million_rows_cost_little() {
    let mut world = World::running(panel());
    let end = conn(1, "echo-tcp", Some("board"));
    let row = record(&end, RecordKind::Received, b"flood");
    world.snap.traffic = std::iter::repeat_n(row, 1_000_000).collect();
    let mut harness = world.window(560.0, 340.0);
    harness.get_by_label_contains("filtering");
    for _ in 0..400 {
        harness.step();
        if harness.query_by_label_contains("filtering").is_none() {
            break;
        }
    }
    assert!(harness.query_by_label_contains("filtering").is_none());
    harness.run_steps(3);
    let visible = harness.query_all_by_label_contains("flood").count();
    assert!((10..20).contains(&visible), "only what is seen is built: {visible}");
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        let mut world = World::running(panel()).look(language, theme);
        world.snap.traffic_totals.dropped = 1_234;
        let mut harness = world.window(560.0, 340.0);
        picture(&mut harness, &format!("traffic-{name}"));
        open(&mut harness, "你好");
        picture(&mut harness, &format!("traffic-detail-{name}"));
    }
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures_of_a_narrow_tile() {
    for (language, theme, name) in looks() {
        let mut harness = World::running(panel()).look(language, theme).window(457.0, 300.0);
        picture(&mut harness, &format!("traffic-narrow-{name}"));
    }
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures_of_a_wide_panel_and_a_conversation() {
    for (language, theme, name) in looks() {
        let mut world = World::running(panel()).look(language, theme);
        world.selection = Selection::Conn(world.server(), ConnId(1));
        world.snap.traffic_totals.held_bytes = 12_345_678;
        world.snap.traffic_totals.limit_bytes = 256 << 20;
        let search = world.text.get("traffic-search").into_owned();
        let talk = world.text.get("traffic-talk").into_owned();
        let mut harness = world.window(1_100.0, 470.0);
        click(&mut harness, &search);
        picture(&mut harness, &format!("traffic-wide-{name}"));
        click(&mut harness, &talk);
        picture(&mut harness, &format!("traffic-talk-{name}"));
    }
}
