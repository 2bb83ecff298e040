//! The ladder by its accessible names.

use std::sync::Arc;
use std::time::Duration;

use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::engine::{ConnInfo, ConnState, EndReason, RecordKind, Snapshot};
use crate::lab::EndpointId;
use crate::ui::panel::tables_fake::{World, conn, looks, picture, record, snapshot, view};

/// Both ends of one connection: the server's and the client's.
pub fn ends() -> (Arc<ConnInfo>, Arc<ConnInfo>) {
    let (far, near) = (conn(1, "echo-tcp", None), conn(11, "phone", None));
    far.other_end.set((EndpointId(2), near.id, "phone".into())).unwrap();
    near.other_end.set((EndpointId(1), far.id, "echo-tcp".into())).unwrap();
    (far, near)
}

/// A moment with these records, 0.4 ms after each other.
pub fn snap_of(rows: &[(&Arc<ConnInfo>, RecordKind, &[u8])]) -> Snapshot {
    let at = |n: usize| Duration::from_micros(42_118_000 + n as u64 * 400);
    let rows = rows.iter().enumerate().map(|(n, (end, kind, data))| Record { at: at(n), ..record(end, kind.clone(), data) });
    Snapshot { traffic: rows.collect(), ..snapshot() }
}

fn world() -> World {
    use RecordKind::{Ended, Opened, Received, Sent};
    let (far, near) = ends();
    let outside = conn(3, "echo-tcp", None);
    let mut world = World::running(Box::new(Ladder::default()));
    world.snap.traffic = snap_of(&[
        (&near, Opened, b""),
        (&far, Opened, b""),
        (&near, Sent, b"ping 1\n"),
        (&near, Sent, b"ping 2\n"),
        (&far, Received, b"ping 1\nping 2\n"),
        (&far, Sent, "pong 中文\n".as_bytes()),
        (&near, Received, "pong 中".as_bytes()),
        (&near, Received, "文\n".as_bytes()),
        (&outside, Received, b"hi from elsewhere"),
        (&outside, Sent, b"hello"),
        (&near, Sent, b"never read"),
        (&near, Ended(EndReason::Reset), b""),
        (&far, Ended(EndReason::Reset), b""),
    ])
    .traffic;
    let (server, client) = (world.server(), world.client());
    world.session(server).connections = Arc::new([view(far, ConnState::Open)]);
    world.session(client).connections = Arc::new([view(near, ConnState::Open)]);
    world
}

fn panel() -> Box<dyn Panel> {
    Box::new(Ladder::default())
}

#[test]
fn nothing_yet_says_what_to_do() {
    let harness = World::stopped(panel()).window(760.0, 340.0);
    harness.get_by_label_contains("Start a server and a client");
}

#[test]
fn each_record_is_a_row_and_a_click_picks_it() {
    let mut harness = world().window(868.0, 480.0);
    harness.get_by_label("phone sent 7 B to echo-tcp: ping 1\\n");
    harness.get_by_label("127.0.0.1");
    assert_eq!(harness.query_all_by_label_contains("was reset").count(), 2, "each end tells");
    harness.get_by_label("echo-tcp received 14 B from phone: ping 1\\nping 2\\n").click();
    harness.run_steps(3);
    assert_eq!(picked::get(&harness.ctx).map(|(index, _)| index), Some(4));
    assert!(harness.query_by_label("127.0.0.1").is_none(), "only the selected connection");
    harness.get_by_label("Everything").click();
    harness.run_steps(3);
    harness.get_by_label("127.0.0.1");
}

#[test]
fn rows_are_filtered_and_zoomed() {
    let mut harness = world().window(868.0, 480.0);
    harness.get_by_label("Filter the ladder").focus();
    harness.run_steps(1);
    harness.get_by_label("Filter the ladder").type_text("ping");
    harness.run_steps(3);
    assert_eq!(harness.query_all_by_label_contains("ping 1").count(), 2);
    assert!(harness.query_by_label_contains("was reset").is_none());
    for _ in 0..3 {
        harness.get_by_label("Taller rows").click();
        harness.run_steps(2);
    }
    assert_eq!(harness.query_all_by_label_contains("ping 1").count(), 2);
}

#[test]
fn it_is_exported_as_a_drawing() {
    let mut harness = world().window(868.0, 480.0);
    harness.get_by_label("Export the ladder").click();
    harness.run_steps(3);
    harness.get_by_label("SVG drawing").click();
    harness.run_steps(2);
    let drawing = harness.state().actions.iter().find_map(|a| match a {
        Action::Export(name, ExportData::Text(text)) if name == "ladder.svg" => Some(text.clone()),
        _ => None,
    });
    let drawing = drawing.unwrap();
    assert!(drawing.starts_with("<svg ") && drawing.trim_end().ends_with("</svg>"));
    assert_eq!((drawing.matches("<circle").count(), drawing.matches("7 B · ").count()), (9, 2));
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tables");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("ladder.svg"), drawing).unwrap();
}

#[test]
fn a_long_log_costs_little() {
    let (far, near) = ends();
    let mut world = world();
    let opened = [record(&near, RecordKind::Opened, b""), record(&far, RecordKind::Opened, b"")];
    let pair = [record(&near, RecordKind::Sent, b"x"), record(&far, RecordKind::Received, b"x")];
    world.snap.traffic = opened.into_iter().chain(pair.into_iter().cycle().take(150_000)).collect();
    let mut harness = world.window(868.0, 480.0);
    harness.run_steps(60);
    assert!((5..40).contains(&harness.query_all_by_label_contains("sent 1 B").count()));
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        for (width, height) in [(868.0, 440.0), (560.0, 340.0)] {
            let mut harness = world().look(language, theme.clone()).window(width, height);
            picture(&mut harness, &format!("ladder-{name}-{width}"));
        }
    }
}
