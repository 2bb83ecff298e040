//! The I/O models work space on a real engine: the switch, stepping through a server's calls, its end while it is held.

use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use socketlab::engine::{LaneDoing, SessionState, SessionView};
use socketlab::ui::{App, Language};

use super::harness::{Window, state};

/// A client that sends every 20 ms to a server whose model every system has.
const LAB: &str = r#"
name = "stepping"
[[server]]
name = "echo-tcp"
transport = "tcp"
address = "127.0.0.1:0"
model = "poll"
[[server]]
name = "clock-udp"
transport = "udp"
address = "127.0.0.1:0"
model = "iterative"
[[client]]
name = "phone"
transport = "tcp"
server = "echo-tcp"
[client.packet]
body = "ping\\n"
every_ms = 20
times = 0
on_connect = true
"#;

fn session<'a>(h: &'a Harness<'static, App>, name: &str) -> &'a SessionView {
    h.state().snapshot().sessions.iter().find(|s| &*s.name == name).expect("it was started")
}

fn held(h: &Harness<'static, App>) -> bool {
    session(h, "echo-tcp").lanes.iter().any(|lane| matches!(lane.doing, LaneDoing::AtGate { .. }))
}

fn running(language: Language, light: bool) -> Window {
    let mut w = Window::open(LAB, language, light);
    w.key(Modifiers::COMMAND, Key::Num2);
    w.key(Modifiers::NONE, Key::F5);
    w.until("bytes come back", |h| state(h, "phone") == Some(SessionState::Running) && h.state().snapshot().counters.rx_messages > 5);
    w
}

#[test]
fn a_server_is_held_stepped_and_let_go() {
    let mut w = running(Language::English, false);
    assert!(w.has("Stepper") && w.has("Two phases of one read") && w.has("Counters"));
    w.key(Modifiers::NONE, Key::F6);
    w.until("held at the gate", held);
    w.until("and said to be", |h| {
        use egui_kittest::kittest::Queryable as _;
        h.query_all_by_label("waits for Step").next().is_some()
    });
    assert!(w.has("echo-tcp is held before ") && w.has("F11 steps one call"), "the status bar says how to go on");
    let calls = session(&w.0, "echo-tcp").counters.calls;
    w.click("Step call");
    w.until("one call more", |h| session(h, "echo-tcp").counters.calls == calls + 1 && held(h));
    w.key(Modifiers::SHIFT, Key::F11);
    w.until("before the wait", |h| {
        use egui_kittest::kittest::Queryable as _;
        h.query_all_by_label("before poll()").next().is_some()
    });
    assert!(w.has("poll(lane, fds") && w.has("stands before poll()"), "the line of the model's own file is lit");
    w.picture("io-models-held");

    let before = w.0.state().snapshot().counters.rx_messages;
    w.click("Run");
    w.until("it goes on", |h| h.state().snapshot().counters.rx_messages > before + 5);
    w.until("nothing is held", |h| !held(h));
    w.settle();
    assert!(!w.has("is held before"), "and the status bar is silent about it");
}

#[test]
fn a_held_server_stops() {
    let mut w = running(Language::English, false);
    w.key(Modifiers::NONE, Key::F6);
    w.until("held at the gate", held);
    w.key(Modifiers::SHIFT, Key::F5);
    w.until("stopped", |h| state(h, "echo-tcp") == Some(SessionState::Stopped));
}

#[test]
fn the_large_switch_changes_how_a_running_server_waits() {
    let mut w = running(Language::English, false);
    let port = session(&w.0, "echo-tcp").local.clone();
    w.click("threads");
    w.until("another model", |h| session(h, "echo-tcp").model == Some("threads") && state(h, "echo-tcp") == Some(SessionState::Running));
    assert_eq!(session(&w.0, "echo-tcp").local, port, "on the same address");
    w.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(w.0.state().lab().servers[0].model, "poll");
}

#[test]
fn a_server_finishes_by_the_palette() {
    let mut w = running(Language::English, false);
    w.key(Modifiers::COMMAND, Key::K);
    w.type_text("finish selected");
    w.key(Modifiers::NONE, Key::Enter);
    w.key(Modifiers::COMMAND, Key::Num1);
    w.row("Client phone");
    w.key(Modifiers::COMMAND, Key::Enter);
    w.until("finished with its last client", |h| state(h, "echo-tcp") == Some(SessionState::Stopped));
}

#[test]
fn pictures_of_the_io_models() {
    for (language, light, name) in [
        (Language::English, false, "io-models-dark-en"),
        (Language::English, true, "io-models-light-en"),
        (Language::Chinese, false, "io-models-dark-zh"),
        (Language::Chinese, true, "io-models-light-zh"),
    ] {
        let mut w = running(language, light);
        w.picture(name);
        w.key(Modifiers::NONE, Key::F6);
        w.until("held at the gate", held);
        w.settle();
        w.picture(&format!("{name}-held"));
    }
    for (size, name) in [([960.0, 600.0], "io-models-960"), ([1_280.0, 800.0], "io-models-1280")] {
        let mut w = Window::open_sized(LAB, Language::English, false, size);
        w.key(Modifiers::COMMAND, Key::Num2);
        w.key(Modifiers::NONE, Key::F5);
        w.until("bytes come back", |h| h.state().snapshot().counters.rx_messages > 5);
        w.picture(name);
    }
}
