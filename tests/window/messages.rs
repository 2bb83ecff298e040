//! Packets of files, and a recording, through the window: real files, a real engine.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use socketlab::engine::RecordingState;
use socketlab::ui::Language;

use super::harness::{FakeDialogs, LAB, Window};

/// The library of the Composer, with this file as the answer of each dialog.
fn library(dir: &std::path::Path, name: &str, content: &[u8]) -> Window {
    let path = dir.join(name);
    std::fs::write(&path, content).expect("the file is written");
    let mut w = Window::new(FakeDialogs { path: Some(path), ..FakeDialogs::default() }, Language::English);
    w.key(Modifiers::COMMAND, Key::Num4);
    w.0.get_by_role_and_label(Role::Tab, "Composer").click();
    w.settle();
    w.click("Library");
    w
}

#[test]
fn own_packets_come_from_a_file_and_are_loaded_by_name() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = b"[[packet]]\nname = 'reading'\nfolder = 'meters'\nbody = '01 03'\nformat = 'hex'\n[[packet]]\nname = 'hi'\nbody = 'hi'\n";
    let mut w = library(dir.path(), "packets.toml", file);
    w.click("Import");
    w.until("they came in", |h| h.query_by_label_contains("2 packets imported from").is_some());
    w.until("they are on the shelf", |h| h.query_by_label("Load reading").is_some());
    assert!(w.has("Your own (2)") && w.has("meters"));
    assert_eq!(w.names(), ["echo-tcp", "client"], "the lab stays");
    w.click("Load reading");
    assert_eq!(w.0.state().lab().servers[0].packet.body, "01 03");

    // The same again gets names of its own.
    w.click("Library");
    w.click("Import");
    w.until("again", |h| h.query_by_label("Load reading 2").is_some());
}

#[test]
fn packet_senders_files_are_told_by_their_content() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut w = library(dir.path(), "export.txt", include_bytes!("../packets/packet-sender.json"));
    w.click("Import");
    w.until("they came in", |h| h.query_by_label("Load read ten registers").is_some());
    assert!(w.has("3 packets imported from") && w.has("1 HTTP request was left out") && w.has("1 was sent over TLS there"));
    // It may lie below what is in sight.
    w.0.get_by_label("Load read ten registers").click_accesskit();
    w.settle();
    let packet = &w.0.state().lab().servers[0].packet;
    assert_eq!((packet.body.as_str(), packet.every_ms, packet.times), ("01 03 00 00 00 0a c5 cd", 250, 0));

    let mut w = library(dir.path(), "packets.ini", include_bytes!("../packets/packet-sender.ini"));
    w.click("Import");
    w.until("they came in", |h| h.query_by_label("Load My packet").is_some());

    let mut w = library(dir.path(), "bad.json", br#"[{"name": "broken", "hexstring": "48 6"}]"#);
    w.click("Import");
    w.until("refused", |h| h.query_by_label_contains("The hex of packet \u{201c}broken\u{201d} has a mistake").is_some());
    assert!(w.has("at character 4"));
}

#[test]
fn traffic_is_recorded_to_the_chosen_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("lesson.pcapng");
    let lab = dir.path().join("lab.toml");
    std::fs::write(&lab, LAB).expect("the lab is written");
    let dialogs = FakeDialogs { path: Some(path.clone()), ..FakeDialogs::default() };
    let start = socketlab::ui::Start { dialogs: Box::new(dialogs), language: Language::English, light: false, open: Some(lab) };
    let mut w = Window::start(start, [1_440.0, 900.0]);
    w.until("the lab is open", |h| h.state().lab().name == "several");
    w.key(Modifiers::COMMAND, Key::Num4);
    w.click("Record to disk");
    let state = |h: &egui_kittest::Harness<'static, socketlab::ui::App>| h.state().snapshot().recording.clone();
    w.until("it runs", |h| state(h).is_some_and(|r| r.state == RecordingState::Running));
    w.click("Start all");
    w.until("rows are in it", |h| state(h).is_some_and(|r| r.records > 20));
    assert!(w.has("Recording to lesson.pcapng") && w.has("of 1 GiB") && w.has("0 lost"));
    w.picture("recording");
    w.0.query_all_by_label("Stop recording").last().expect("the line's button").click();
    w.until("it is done", |h| state(h).is_some_and(|r| r.state == RecordingState::Done));
    let view = state(&w.0).expect("the last recording");
    assert_eq!((view.lost, &*view.path), (0, path.as_path()));
    assert!(w.has("Recorded to lesson.pcapng"));
    assert_eq!(std::fs::metadata(&path).expect("the file").len(), view.bytes);
}
