//! The Backlog work space on a real engine: presets, the door's controls, a prediction and what the run reveals.

use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use socketlab::engine::{ListenerView, SessionState};
use socketlab::lab::AcceptPace;
use socketlab::ui::{App, Language};

use super::harness::{FakeDialogs, Window, state};

fn view<'a>(h: &'a Harness<'static, App>, name: &str) -> Option<&'a ListenerView> {
    h.state().snapshot().sessions.iter().find(|s| &*s.name == name)?.listener.as_deref()
}

fn seen(h: &Harness<'static, App>, label: &str) -> bool {
    h.query_all_by_label_contains(label).next().is_some()
}

/// A window in the work space with a preset opened, as a person does it.
fn preset(label: &str, language: Language, light: bool, size: [f32; 2]) -> Window {
    let mut w = Window::sized(FakeDialogs::default(), language, light, size);
    w.key(Modifiers::COMMAND, Key::Num3);
    w.click(if language == Language::English { "Presets" } else { "预设实验" });
    w.click(label);
    assert!(w.0.state().snapshot().sessions.is_empty(), "a preset starts nothing");
    w
}

const PLAIN: [f32; 2] = [1_440.0, 900.0];

#[test]
fn backlog_pace_and_accept_change_on_a_running_server() {
    let mut w = preset("Open preset: raise the backlog live", Language::English, false, PLAIN);
    w.key(Modifiers::NONE, Key::F5);
    w.until("full", |h| view(h, "growing-door").is_some_and(|v| v.queue.value == 2));
    w.click("One place more");
    w.click("One place more");
    assert_eq!(w.0.state().lab().servers[0].backlog, 3);
    w.until("listen(3) is in force", |h| view(h, "growing-door").is_some_and(|v| v.asked == 3));
    if cfg!(target_os = "linux") {
        w.until("measured", |h| view(h, "growing-door").is_some_and(|v| v.places == Some(4)));
        w.until("said", |h| seen(h, "gives 4 places") && seen(h, "limit 4 = listen(3) + 1"));
        w.until("filled by retries", |h| view(h, "growing-door").is_some_and(|v| v.queue.value == 4));
    }
    w.until("nothing to apply", |h| !seen(h, "restart to apply"));
    let before = view(&w.0, "growing-door").expect("it runs").accepted;
    w.click("Accept 1");
    w.until("one was met", |h| view(h, "growing-door").is_some_and(|v| v.accepted == before + 1));
    w.click("Resume accepting");
    w.until("everybody was met", |h| view(h, "growing-door").is_some_and(|v| v.accepted == 8 && v.pace == AcceptPace::Eager));
    w.click("Pause accepting");
    w.until("paused", |h| view(h, "growing-door").is_some_and(|v| v.pace == AcceptPace::Paused));
    let waiting = view(&w.0, "growing-door").expect("it runs").queue.value;
    w.click("Client");
    w.until("one more waits", |h| view(h, "growing-door").is_some_and(|v| v.queue.value == waiting + 1));
    // Undo takes the newest edit back, on the running server too.
    w.key(Modifiers::COMMAND, Key::Z);
    w.until("it accepts again", |h| view(h, "growing-door").is_some_and(|v| v.pace == AcceptPace::Eager));
}

#[test]
fn people_predict_and_the_run_reveals() {
    let mut w = preset("Open preset: nobody accepts", Language::English, true, PLAIN);
    assert!(w.has("How many of these 8 clients will connect at once, after listen(5)?"));
    w.click("Add an answer");
    for (label, typed) in [("Answer 1", "5"), ("Name of answer 2", "Ada"), ("Answer 2", "6")] {
        w.0.get_by_label(label).focus();
        w.settle();
        w.type_text(typed);
    }
    w.click("Run and reveal");
    w.until("revealed", |h| seen(h, "First question, revealed"));
    let came =
        |h: &Harness<'static, App>| h.state().snapshot().sessions.iter().find(|s| &*s.name == "visitors").map(|s| s.connections.len());
    assert_eq!(came(&w.0), Some(8), "each comes at its beat, also behind one that finds no place");
    assert!(w.has("Ada") && w.has("person 1"));
    if cfg!(target_os = "linux") {
        assert!(w.has("Linux lets n + 1 in"), "n + 1 of 8 connected at once");
        assert!(w.has("A place becomes free. When does client 7 get in?"));
        w.until("they wait in the kernel", |h| view(h, "closed-door").is_some_and(|v| v.queue.value == 6));
        w.click("At its next SYN retry");
        w.click("Never");
        w.click("Accept 1");
        w.until("it got in", |h| seen(h, "It got in with its SYN number") || seen(h, "It gave up after"));
        assert!(w.has("Right: "), "one of both chose it");
    }
    w.picture("backlog-predicted-light-en");
    w.key(Modifiers::SHIFT, Key::F5);
    w.until("stopped", |h| state(h, "closed-door") == Some(SessionState::Stopped));
    assert!(w.has("Ada"), "answers stay until they are cleared");
}

/// Ten come to four places that nobody empties: over IPv6 and through a Unix socket as over IPv4.
#[cfg(target_os = "linux")]
#[test]
fn ipv6_and_unix_queues_fill_up_and_are_told_of() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("door.sock");
    let cases = [
        ("tcp", "[::1]:0", "The queue is full, so the kernel drops every further SYN.", "gets no answer: its SYN was sent"),
        ("unix-stream", path.to_str().expect("a path in text"), "4 of 4 places are taken", "finds no place: connect() answered EAGAIN"),
    ];
    for (transport, address, sentence, outside) in cases {
        let lab = format!(
            "name = \"{transport}\"\n[[server]]\nname = \"door\"\ntransport = \"{transport}\"\naddress = \"{address}\"\nmodel = \"poll\"\nbacklog = 3\n\
             [server.life]\naccept_pace = \"paused\"\n[[client]]\nname = \"crowd\"\ntransport = \"{transport}\"\nserver = \"door\"\nconnections = 10\n\
             connect_timeout_ms = 60000\n[client.opening]\nat_once = 10\n"
        );
        let mut w = Window::open(&lab, Language::English, false);
        w.key(Modifiers::COMMAND, Key::Num3);
        w.key(Modifiers::NONE, Key::F5);
        w.until("full", |h| view(h, "door").is_some_and(|v| v.queue.value == 4 && v.places == Some(4)));
        w.until("said", |h| seen(h, sentence) && h.query_all_by_label_contains(outside).count() == 6);
        assert!(w.has("4 of 4 places taken, measured: "), "{transport}");
        w.click("Accept 1");
        w.until("one was met", |h| view(h, "door").is_some_and(|v| v.accepted == 1));
        // Who is not met after a while would be called an outside program.
        let later = w.0.state().snapshot().at + std::time::Duration::from_secs(1);
        w.until("a while later", |h| h.state().snapshot().at > later && seen(h, "is being served"));
        assert!(!w.has("A program outside this lab"), "{transport}");
        w.key(Modifiers::SHIFT, Key::F5);
        w.until("all end", |h| state(h, "door") == Some(SessionState::Stopped) && state(h, "crowd") == Some(SessionState::Stopped));
    }
}

#[test]
fn a_preset_asks_about_unsaved_changes_and_has_the_work_space_and_the_bar() {
    let mut w = Window::plain();
    w.click("Menu");
    w.click("Presets");
    w.click("Open preset: backlog 0");
    w.settle();
    assert_eq!(w.0.state().lab().name, "backlog-0");
    assert!(w.has("Backlog theatre") && w.has("Queue and clients") && w.has("Controls") && w.has("SYN_SENT: 0"));
    w.click("One place more");
    w.key(Modifiers::COMMAND, Key::K);
    w.type_text("preset burst");
    w.key(Modifiers::NONE, Key::Enter);
    assert!(w.has("Save the changes of"), "a changed lab asks first");
    w.click("Discard");
    assert_eq!(w.0.state().lab().name, "backlog-burst");
    w.key(Modifiers::COMMAND, Key::Num4);
    assert!(!w.has("Queue and clients"));
}

#[test]
fn pictures_of_the_backlog() {
    let looks = [
        (Language::English, true, PLAIN, "backlog-light-en"),
        (Language::English, false, [1_280.0, 800.0], "backlog-dark-en-1280"),
        (Language::Chinese, true, [1_280.0, 800.0], "backlog-light-zh-1280"),
        (Language::Chinese, false, [1_920.0, 1_080.0], "backlog-dark-zh-1920"),
    ];
    for (language, light, size, name) in looks {
        let english = language == Language::English;
        let label = if english { "Open preset: a shop with a slow till" } else { "打开预设：收银很慢的商店" };
        let mut w = preset(label, language, light, size);
        w.picture(&format!("{name}-stopped"));
        w.key(Modifiers::NONE, Key::F5);
        w.until("some retry", |h| h.state().snapshot().at.as_secs_f64() > 4.0 && view(h, "till").is_some_and(|v| v.accepted >= 3));
        w.picture(name);
    }
    let mut w = preset("Open preset: a burst of 1,000", Language::English, false, PLAIN);
    w.key(Modifiers::NONE, Key::F5);
    w.until("it drains", |h| view(h, "busy-door").is_some_and(|v| v.accepted > 250));
    w.picture("backlog-burst-dark-en");
    let mut w = preset("Open preset: overflow with reset", Language::English, true, PLAIN);
    w.key(Modifiers::NONE, Key::F5);
    w.until("all believe they are connected", |h| {
        h.state().snapshot().sessions.iter().any(|s| {
            &*s.name == "visitors" && s.connections.iter().filter(|c| c.connect.as_ref().is_some_and(|c| c.took.is_some())).count() == 6
        })
    });
    w.until("they may send", |h| h.query_by_label("Clients send").is_some());
    w.click("Clients send");
    if cfg!(target_os = "linux") {
        w.until("three places are taken", |h| view(h, "deferring-door").is_some_and(|v| v.queue.value == 3));
    }
    w.picture("backlog-reset-light-en");
}
