//! The framing panel by its accessible names.

use std::time::Duration;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::bytes::FramingKind;
use crate::engine::{ConnState, EndReason, Record, RecordKind};
use crate::ui::panel::tables_fake::{World, conn, looks, picture, record, view};

/// A client sends lines; the server reads them as TCP brought them.
fn lines(framing: Framing) -> World {
    let mut world = World::running(Box::new(FramingPanel::default()));
    let (server, client) = (world.server(), world.client());
    let (far, near) = (conn(1, "echo-tcp", None), conn(11, "phone", Some("echo-tcp")));
    far.other_end.set((client, near.id, "phone".into())).unwrap();
    let rows: [(&Arc<ConnInfo>, RecordKind, &[u8]); 12] = [
        (&near, RecordKind::Opened, b""),
        (&far, RecordKind::Opened, b""),
        (&near, RecordKind::Sent, b"ping 1\n"),
        (&near, RecordKind::Sent, b"ping 2\n"),
        (&near, RecordKind::Sent, b"ping 3\n"),
        (&far, RecordKind::Received, b"ping 1\nping 2\nping"),
        (&far, RecordKind::Sent, b"pong\n"),
        (&far, RecordKind::Received, b" 3\n"),
        (&near, RecordKind::Sent, "a longer line, 中文\nand ".as_bytes()),
        (&far, RecordKind::Received, "a longer".as_bytes()),
        (&far, RecordKind::Received, " line, 中".as_bytes()),
        (&far, RecordKind::Received, "文\nand ".as_bytes()),
    ];
    let at = |n: usize| Duration::from_micros(42_118_000 + n as u64 * 1_377);
    world.snap.traffic =
        rows.into_iter().enumerate().map(|(n, (end, kind, data))| Record { at: at(n), ..record(end, kind, data) }).collect();
    let mut ends = [view(far, ConnState::Open), view(near, ConnState::Open)];
    ends.iter_mut().for_each(|end| (end.rx_bytes, end.active) = (0, Duration::ZERO));
    ends[0].rx_bytes = 47;
    let [far, near] = ends;
    world.session(server).connections = Arc::new([far]);
    world.session(client).connections = Arc::new([near]);
    world.lab.servers[0].messages.framing = framing;
    world
}

fn delimiter() -> Framing {
    FramingKind::Delimiter.usual()
}

#[test]
fn nothing_yet_says_what_to_do() {
    let harness = World::stopped(Box::new(FramingPanel::default())).window(760.0, 340.0);
    harness.get_by_label_contains("Start a server and a client");
}

#[test]
fn each_cut_is_a_block_with_its_length() {
    let mut harness = lines(delimiter()).window(900.0, 340.0);
    harness.get_by_label_contains("4 sends → 5 receives → 4 messages");
    harness.get_by_label_contains("Sent 7 B at byte 14: ping 3\\n");
    harness.get_by_label_contains("Received 18 B at byte 0");
    harness.get_by_label_contains("Message of 6 B at byte 7: ping 2");
    harness.get_by_label_contains("Message of 21 B at byte 21: a longer line, 中文");
    harness.get_by_label("4 B wait for the rest");
    assert!(harness.query_by_label_contains("no longer has the beginning").is_none());
    harness.get_by_label_contains("Received 3 B at byte 18").click();
    harness.run_steps(2);
    assert_eq!(picked::get(&harness.ctx).map(|(index, _)| index), Some(7));
    assert!(matches!(harness.state().selection, Selection::Conn(_, id) if id.0 == 1));
}

#[test]
fn another_framing_is_tried_and_then_used() {
    let mut harness = lines(Framing::Raw).window(900.0, 340.0);
    harness.get_by_label_contains("4 sends → 5 receives → 5 messages");
    choose(&mut harness, "Kind of framing", "Fixed size");
    harness.get_by_label_contains("→ 2 messages");
    assert_eq!(harness.state().lab.servers[0].messages.framing, Framing::Raw, "only tried");
    harness.get_by_label("Back").click();
    harness.run_steps(2);
    harness.get_by_label_contains("→ 5 messages");
    choose(&mut harness, "Kind of framing", "Delimiter");
    harness.get_by_label("Use it").click();
    harness.run_steps(2);
    assert_eq!(harness.state().lab.servers[0].messages.framing, delimiter());
    assert!(harness.query_by_label("Use it").is_none());
}

#[test]
fn what_breaks_the_framing_is_said_at_its_place() {
    let mut harness = lines(Framing::Raw).window(900.0, 340.0);
    choose(&mut harness, "Kind of framing", "Length first");
    let said = "Byte 0: a message of 1,885,957,735 bytes or more, at most 65,536";
    assert_eq!(harness.query_all_by_label_contains(said).count(), 2, "at its place, and in full below");
}

#[test]
fn a_log_without_the_beginning_says_so() {
    let mut world = lines(delimiter());
    world.snap.traffic = world.snap.traffic.iter().skip(2).cloned().collect();
    let harness = world.window(900.0, 340.0);
    harness.get_by_label_contains("no longer has the beginning");
}

#[test]
fn lost_rows_are_said_with_their_bytes() {
    let mut world = lines(delimiter());
    let server = world.server();
    let session = world.session(server);
    session.counters.dropped_records = 3;
    let mut conns = session.connections.to_vec();
    conns[0].rx_bytes += 1_234;
    session.connections = conns.into();
    let harness = world.window(900.0, 340.0);
    harness.get_by_label_contains("lost 1,234 bytes");
}

#[test]
fn a_flood_is_a_band_and_costs_little() {
    let mut world = lines(delimiter());
    let rows: Vec<_> = world.snap.traffic.iter().cloned().collect();
    let end = rows[1].conn.clone();
    let flood = std::iter::repeat_n(record(&end, RecordKind::Received, b"x\n"), 100_000);
    world.snap.traffic = rows.iter().cloned().chain(flood).collect();
    let mut harness = world.window(900.0, 340.0);
    harness.run_steps(8);
    for _ in 0..7 {
        harness.get_by_label("Zoom out").click();
        harness.run_steps(2);
    }
    assert!(harness.query_all_by_label_contains("zoom in to see each").count() == 2);
}

fn choose(harness: &mut Harness<'_, World>, combo: &str, choice: &str) {
    harness.get_by_label(combo).click();
    harness.run_steps(3);
    harness.get_by_label(choice).click();
    harness.run_steps(3);
}

#[test]
#[ignore = "draws, which needs a Vulkan driver: -- --ignored"]
fn pictures() {
    for (language, theme, name) in looks() {
        for (width, height) in [(868.0, 356.0), (560.0, 300.0)] {
            let mut harness = lines(delimiter()).look(language, theme.clone()).window(width, height);
            picture(&mut harness, &format!("framing-{name}-{width}"));
        }
        let mut world = lines(FramingKind::Length.usual()).look(language, theme.clone());
        let rows: Vec<_> = world.snap.traffic.iter().cloned().collect();
        let end = rows[1].conn.clone();
        let bad: [&[u8]; 2] = [b"\0\0\0\x05hello\0\0\0\x02ok", b"\0\0\0\x09nine byte\xff\xff\xff\xff rest"];
        let bad = bad.map(|b| record(&end, RecordKind::Received, b));
        world.snap.traffic =
            rows[..2].iter().cloned().chain(bad).chain([record(&end, RecordKind::Ended(EndReason::Orderly), b"")]).collect();
        let mut harness = world.window(868.0, 356.0);
        picture(&mut harness, &format!("framing-broken-{name}"));
    }
}
