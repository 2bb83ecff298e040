//! The timeline and the call log of real servers: lanes, their calls, the held lane.

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use socketlab::engine::{LaneDoing, SessionState};
use socketlab::ui::Language;

use crate::harness::{Window, state};

/// Two servers alike but for how they wait, each with two clients that send all the time.
const TWO_MODELS: &str = r#"
name = "two-models"
[[server]]
name = "many-threads"
transport = "tcp"
address = "127.0.0.1:0"
model = "threads"
[[server]]
name = "one-thread"
transport = "tcp"
address = "127.0.0.1:0"
model = "poll"
[[client]]
name = "a"
server = "many-threads"
connections = 2
[client.packet]
body = 'ping\n'
every_ms = 20
times = 0
on_connect = true
[[client]]
name = "b"
server = "one-thread"
connections = 2
[client.packet]
body = 'ping\n'
every_ms = 20
times = 0
on_connect = true
"#;

#[test]
fn a_running_lab_has_lanes_with_their_calls_and_a_held_lane_says_so() {
    for (language, light, name) in [(Language::English, false, "timeline-dark-en"), (Language::Chinese, true, "timeline-light-zh")] {
        let mut w = Window::open(TWO_MODELS, language, light);
        w.key(Modifiers::COMMAND, Key::Num2);
        w.key(Modifiers::NONE, Key::F5);
        w.until("running", |h| ["a", "b"].iter().all(|n| state(h, n) == Some(SessionState::Running)));
        w.until("calls are kept", |h| {
            let calls = |name: &str| h.state().snapshot().sessions.iter().find(|s| &*s.name == name).map_or(0, |s| s.calls.log.len());
            calls("many-threads") > 400 && calls("one-thread") > 400
        });
        let sleeping = if language == Language::English { "recv(" } else { "，recv(" };
        w.until("a worker sleeps in its recv", |h| h.query_all_by_label_contains(sleeping).next().is_some());
        w.until("the selector's descriptors are listed", |h| h.query_all_by_label_contains("fd ").count() > 1);
        w.picture(name);
        // The head of a session selects it; the keys of stepping are about the selected server.
        w.0.get_by_label_contains("one-thread: ").click();
        w.settle();
        w.key(Modifiers::NONE, Key::F6);
        w.until("its thread is held", |h| {
            let session = h.state().snapshot().sessions.iter().find(|s| &*s.name == "one-thread").cloned();
            session.is_some_and(|s| s.lanes.iter().any(|l| matches!(l.doing, LaneDoing::AtGate { .. })))
        });
        let held = if language == Language::English { "before " } else { " 之前" };
        w.until("the lane says so", |h| h.query_all_by_label_contains(held).next().is_some());
        w.picture(&format!("{name}-held"));
        w.click(if language == Language::English { "Call log" } else { "调用记录" });
        w.until("calls are rows", |h| h.query_all_by_label_contains("many-threads:").count() > 3);
        w.picture(&format!("{name}-calls"));
        w.key(Modifiers::SHIFT, Key::F5);
        w.until("a stop frees the held", |h| state(h, "one-thread") == Some(SessionState::Stopped));
    }
}
