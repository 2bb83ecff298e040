//! The Code panel in the whole window, on a real engine.

use eframe::egui::{Key, Modifiers};
use socketlab::engine::SessionState;
use socketlab::ui::{Language, Start};

use super::harness::{FakeDialogs, LAB, Window, state};

/// All runs and bytes go to and fro.
fn run(w: &mut Window) {
    w.key(Modifiers::NONE, Key::F5);
    w.until("running", |h| state(h, "phone") == Some(SessionState::Running));
    w.until("bytes come back", |h| h.state().snapshot().counters.rx_messages > 20);
}

#[test]
fn the_code_of_what_is_selected_comes_to_the_front_and_is_saved() {
    let dir = tempfile::tempdir().expect("a folder");
    let (lab, file) = (dir.path().join("lab.toml"), dir.path().join("client.py"));
    std::fs::write(&lab, LAB).expect("the lab is written");
    let dialogs = Box::new(FakeDialogs { path: Some(file.clone()), ..FakeDialogs::default() });
    let start = Start { dialogs, language: Language::English, light: false, open: Some(lab) };
    let mut w = Window::start(start, [1_440.0, 900.0]);
    w.until("the lab is open", |h| h.state().lab().name == "several");

    w.row("Client phone");
    w.key(Modifiers::NONE, Key::F12);
    assert!(w.has("chosen when it starts"), "the port is not known yet");
    run(&mut w);
    let local = |h: &egui_kittest::Harness<'static, socketlab::ui::App>| {
        h.state().snapshot().sessions.iter().find(|s| &*s.name == "echo-tcp").and_then(|s| s.local.clone())
    };
    let port = local(&w.0).and_then(|local| local.rsplit(':').next().map(ToOwned::to_owned)).expect("a bound port");
    w.until("a line is marked", |h| {
        use egui_kittest::kittest::Queryable as _;
        h.query_all_by_label_contains("newest call ").count() >= 2
    });
    w.click("Save as file");
    w.until("the file is written", |_| std::fs::read_to_string(&file).is_ok_and(|text| !text.is_empty()));
    let text = std::fs::read_to_string(&file).expect("the program");
    assert!(text.contains(&port), "the program connects to port {port}: {text}");

    // A work space that has no such panel gives way to one that has.
    w.key(Modifiers::COMMAND, Key::Num4);
    assert!(!w.has("python3 "));
    w.key(Modifiers::NONE, Key::F12);
    assert!(w.has("python3 "));
    w.key(Modifiers::COMMAND, Key::Num2);
    assert!(!w.has("python3 "));
    w.key(Modifiers::NONE, Key::F12);
    assert!(w.has("python3 ") && w.has("Step call"), "beside the Stepper");
    w.click("Calls");
    w.until("a transcript", |h| {
        use egui_kittest::kittest::Queryable as _;
        h.query_all_by_label_contains("send(").next().is_some()
    });
}

#[test]
fn pictures_for_a_look() {
    for (language, light, look) in [
        (Language::English, false, "dark-en"),
        (Language::English, true, "light-en"),
        (Language::Chinese, false, "dark-zh"),
        (Language::Chinese, true, "light-zh"),
    ] {
        for (size, width) in [([1_440.0, 900.0], 1_440), ([1_280.0, 800.0], 1_280)] {
            let mut w = Window::open_sized(LAB, language, light, size);
            w.row(if language == Language::English { "Server echo-tcp" } else { "服务器 echo-tcp" });
            run(&mut w);
            w.key(Modifiers::NONE, Key::F12);
            w.picture(&format!("code-explore-{look}-{width}"));
            w.key(Modifiers::COMMAND, Key::Num2);
            w.key(Modifiers::NONE, Key::F12);
            w.click(if light { "C" } else { "Rust" });
            w.picture(&format!("code-io-models-{look}-{width}"));
            w.click(if language == Language::English { "Calls" } else { "调用" });
            w.picture(&format!("code-calls-{look}-{width}"));
        }
    }
}
