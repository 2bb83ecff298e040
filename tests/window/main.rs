//! The window as a person uses it, by the names of its controls: a real engine, a fake file dialog, no display.
#![cfg(feature = "gui")]
#![expect(clippy::expect_used, reason = "what fails here fails the test, with its words")]

mod about;
mod backlog;
mod code;
mod harness;
mod io_models;
mod lessons;
mod looks;
mod messages;
mod timeline;

use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use socketlab::engine::SessionState;
use socketlab::ui::{Language, Start};

use harness::{FakeDialogs, LAB, Window, state};

#[test]
fn a_server_is_added_renamed_removed_and_comes_back() {
    let mut w = Window::plain();
    assert_eq!(w.names(), ["echo-tcp", "client"]);
    w.click("Add");
    w.click("Add UDP server");
    assert_eq!(w.names(), ["echo-tcp", "echo-udp", "client"]);

    w.key(Modifiers::NONE, Key::F2);
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("clock");
    w.key(Modifiers::NONE, Key::Enter);
    assert_eq!(w.names(), ["echo-tcp", "clock", "client"]);

    w.row("Server clock");
    w.key(Modifiers::NONE, Key::Delete);
    assert_eq!(w.names(), ["echo-tcp", "client"]);
    w.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(w.names(), ["echo-tcp", "clock", "client"]);
    w.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(w.names(), ["echo-tcp", "client"]);
}

#[test]
fn a_taken_name_is_refused_and_escape_keeps_the_old_one() {
    let mut w = Window::plain();
    w.row("Client client");
    w.key(Modifiers::NONE, Key::F2);
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("echo-tcp");
    w.key(Modifiers::NONE, Key::Enter);
    assert!(w.has("This name is taken or empty"));
    w.key(Modifiers::NONE, Key::Escape);
    assert_eq!(w.names(), ["echo-tcp", "client"]);
    assert!(!w.has("This name is taken or empty"));
}

#[test]
fn the_lab_is_renamed_in_the_bar_and_undo_brings_its_name_back() {
    let mut w = Window::plain();
    let name = |w: &Window| w.0.state().lab().name.clone();
    w.0.get_by_label("Lab first-sockets").click_accesskit();
    w.settle();
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("  queues ");
    w.key(Modifiers::NONE, Key::Enter);
    assert_eq!(name(&w), "queues");
    assert!(w.has("Lab queues") && w.has("unsaved") && !w.has("Name of the lab"));

    w.click("Menu");
    w.click("Rename lab…");
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("lost");
    w.key(Modifiers::NONE, Key::Escape);
    assert_eq!(name(&w), "queues");

    w.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(name(&w), "first-sockets");

    w.0.get_by_label("Lab first-sockets").focus();
    w.settle();
    w.key(Modifiers::NONE, Key::F2);
    assert!(w.has("Name of the lab") && !w.has("New name"), "F2 renames what has the keyboard");
}

#[test]
fn keys_of_the_selection_belong_to_the_field_that_is_typed_in() {
    let mut w = Window::plain();
    w.row("Server echo-tcp");
    let body = |w: &Window| w.0.state().lab().servers[0].packet.body.clone();
    w.0.get_by_label("What is sent").click();
    w.settle();
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("first");
    assert_eq!(body(&w), "first");
    for (modifiers, key) in [(Modifiers::COMMAND, Key::Enter), (Modifiers::COMMAND, Key::D), (Modifiers::NONE, Key::F2)] {
        w.key(modifiers, key);
    }
    assert_eq!(w.names(), ["echo-tcp", "client"], "not duplicated, not removed");
    assert!(w.0.state().snapshot().sessions.is_empty(), "Ctrl+Enter sends; it starts nothing");
    assert!(!w.has("New name"));
    w.key(Modifiers::NONE, Key::Delete);
    assert_eq!((w.names().len(), body(&w)), (2, "first".to_owned()));

    // The field's own undo; the document's would also bring back what was done before it.
    w.key(Modifiers::COMMAND, Key::Z);
    assert_ne!(body(&w), "first");
    assert!(!w.has("Undone"), "the field took it, not the document");
}

#[test]
fn arrows_walk_the_tree() {
    let mut w = Window::plain();
    w.row("Server echo-tcp");
    let server = w.0.state().selection();
    w.key(Modifiers::NONE, Key::ArrowDown);
    assert_ne!(w.0.state().selection(), server);
    w.key(Modifiers::NONE, Key::ArrowUp);
    assert_eq!(w.0.state().selection(), server);
}

#[test]
fn the_language_switches_live() {
    let mut w = Window::plain();
    assert!(w.has("Start all") && !w.has("全部启动"));
    w.key(Modifiers::NONE, Key::F9);
    assert!(w.has("全部启动") && w.has("服务器 echo-tcp"), "both the bar and the tree");
    w.key(Modifiers::NONE, Key::F9);
    assert!(w.has("Start all"));
}

#[test]
fn the_palette_finds_a_command() {
    let mut w = Window::plain();
    w.key(Modifiers::COMMAND, Key::K);
    w.type_text("unix stream server");
    w.key(Modifiers::NONE, Key::Enter);
    assert_eq!(w.names(), ["echo-tcp", "echo-unix", "client"]);
    w.key(Modifiers::COMMAND, Key::K);
    w.key(Modifiers::NONE, Key::Escape);
    assert!(!w.has("Find a command"));
}

#[test]
fn nothing_is_lost_without_a_question() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mine.toml");
    let mut w = Window::new(FakeDialogs { path: Some(path.clone()), ..FakeDialogs::default() }, Language::English);
    w.key(Modifiers::NONE, Key::F2);
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("door");
    w.key(Modifiers::NONE, Key::Enter);
    assert!(w.has("unsaved"));

    w.key(Modifiers::COMMAND, Key::N);
    assert!(w.has("Save the changes"));
    w.picture("unsaved");
    w.click("Cancel");
    assert_eq!(w.names(), ["door", "client"]);

    w.key(Modifiers::COMMAND, Key::N);
    w.click("Save");
    w.until("saved, then new", |h| h.state().lab().servers.is_empty());
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"door\""), "{text}");
    assert!(w.has("Add a server to begin"));
}

#[test]
fn without_a_dialog_service_the_window_asks_for_the_path() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("typed.toml");
    let mut w = Window::new(FakeDialogs { missing: true, ..FakeDialogs::default() }, Language::English);
    w.key(Modifiers::COMMAND, Key::S);
    w.until("the prompt", |h| h.query_all_by_label("Path of the file to write").next().is_some());
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text("/no/such/folder/x.toml");
    w.key(Modifiers::NONE, Key::Enter);
    w.until("a refusal", |h| h.query_all_by_label_contains("its folder does not exist").next().is_some());
    w.key(Modifiers::COMMAND, Key::A);
    w.type_text(path.to_str().unwrap());
    w.key(Modifiers::NONE, Key::Enter);
    w.until("written", |_| path.exists());
    w.until("closed", |h| h.query_all_by_label_contains("Path of the file").next().is_none());
}

#[test]
fn everything_starts_runs_freezes_and_stops() {
    let mut w = Window::open(LAB, Language::English, false);
    assert!(w.0.state().snapshot().sessions.is_empty(), "opening starts nothing");
    w.click("Start all");
    w.until("running", |h| ["echo-tcp", "clock-udp", "phone", "watch"].iter().all(|n| state(h, n) == Some(SessionState::Running)));
    w.until("the failure is told", |h| state(h, "local") == Some(SessionState::Failed));
    w.until("bytes come back", |h| h.state().snapshot().counters.rx_bytes > 0);
    assert!(w.has("Server local, failed"));
    w.row("Server echo-tcp");
    let port = {
        let snap = w.0.state().snapshot();
        let session = snap.sessions.iter().find(|s| &*s.name == "echo-tcp").unwrap();
        session.local.clone().unwrap()
    };
    assert!(!port.ends_with(":0") && w.has(&format!("Server echo-tcp, running, {port}")), "{port}");

    w.click("Stop all");
    w.until("stopped", |h| {
        h.state().snapshot().sessions.iter().all(|s| !matches!(s.state, SessionState::Running | SessionState::Stopping))
    });
}

/// Binds everywhere, as a strange file may; both ports are the system's choice.
const OPEN_LAB: &str = r#"
name = "strange"
[[server]]
name = "wide-open"
transport = "tcp"
address = "0.0.0.0:0"
[[server]]
name = "home"
transport = "tcp"
address = "127.0.0.1:0"
"#;

#[test]
fn a_strange_lab_listens_on_the_network_only_after_a_question() {
    let mut w = Window::open(OPEN_LAB, Language::English, false);
    w.click("Start all");
    assert!(w.has("Listen on the network?") && w.has("wide-open – 0.0.0.0:0") && !w.has("home – "));
    w.picture("network");
    w.click("Cancel");
    assert!(w.0.state().snapshot().sessions.is_empty(), "nothing was started");

    w.row("Server home");
    w.key(Modifiers::COMMAND, Key::Enter);
    w.until("loopback needs no question", |h| state(h, "home") == Some(SessionState::Running));

    // What the person types is their own wish. The file's address, had again by undo, is the file's.
    w.row("Server wide-open");
    w.key(Modifiers::COMMAND, Key::Enter);
    assert!(w.has("Listen on the network?"));
    w.key(Modifiers::NONE, Key::Escape);
    assert!(state(&w.0, "wide-open").is_none());

    w.click("Start all");
    w.click("Listen on the network");
    w.until("agreed", |h| state(h, "wide-open") == Some(SessionState::Running));
    w.click("Stop all");
    w.until("stopped", |h| state(h, "wide-open") == Some(SessionState::Stopped) && state(h, "home") == Some(SessionState::Stopped));
    w.click("Start all");
    w.until("asked once", |h| state(h, "wide-open") == Some(SessionState::Running));
}

#[test]
fn a_removed_server_leaves_the_engine_too() {
    let mut w = Window::open(LAB, Language::English, false);
    w.row("Server clock-udp");
    w.key(Modifiers::COMMAND, Key::Enter);
    w.until("running", |h| state(h, "clock-udp") == Some(SessionState::Running));
    w.key(Modifiers::NONE, Key::Delete);
    w.until("forgotten", |h| state(h, "clock-udp").is_none());
    w.key(Modifiers::COMMAND, Key::Z);
    assert!(w.names().contains(&"clock-udp".to_owned()));
}

#[test]
fn freeze_holds_the_panels_while_the_network_goes_on() {
    let mut w = Window::open(LAB, Language::English, false);
    w.click("Start all");
    w.until("bytes come back", |h| h.state().snapshot().counters.rx_messages > 5);
    w.click("Freeze");
    let (held, words) = (w.0.state().snapshot().counters.rx_messages, w.words_of_the_tiles());
    assert!(words.len() > 20, "{words:?}");
    w.until("counters go on behind the picture", |h| h.state().snapshot().counters.rx_messages > held + 20);
    assert_eq!(w.words_of_the_tiles(), words);

    let new = |w: &Window| {
        let node = w.0.get_by_label_contains(" new").accesskit_node();
        let label = node.value().or_else(|| node.label()).unwrap_or_default();
        label.split('+').nth(1).and_then(|n| n.trim_end_matches(" new").replace(',', "").parse::<u64>().ok()).unwrap_or_default()
    };
    let first = new(&w);
    assert!(first >= 20, "{first}");
    let at = w.0.state().snapshot().traffic.end_index();
    w.until("more rows", |h| h.state().snapshot().traffic.end_index() > at + 5);
    assert!(new(&w) > first, "and it counts on");

    w.click("Freeze");
    w.until("the picture moves again", |_| true);
    assert_ne!(w.words_of_the_tiles(), words);
    assert!(w.0.query_all_by_label_contains(" new").next().is_none());
}

#[test]
fn an_insight_stands_over_the_stage_while_its_situation_lasts() {
    let lab = "name = 'queue'\n[[server]]\nname = 'one'\ntransport = 'tcp'\naddress = '127.0.0.1:0'\nmodel = 'iterative'\n\
               [[client]]\nname = 'crowd'\ntransport = 'tcp'\nserver = 'one'\nconnections = 3\n"
        .replace('\'', "\"");
    let mut w = Window::open(&lab, Language::English, false);
    w.click("Start all");
    let says = |words: &'static str| move |h: &egui_kittest::Harness<'static, _>| h.query_all_by_label_contains(words).next().is_some();
    w.until("it says who waits", says("2 clients wait behind crowd: the only thread of one"));
    w.picture("insight-explore");
    w.click("I/O models");
    w.until("also here", says("2 clients wait behind crowd"));
    w.picture("insight-io-models");
    w.click("Stop all");
    w.until("it is over", |h| h.query_all_by_label_contains("clients wait behind").next().is_none());
}

#[test]
fn a_removed_running_server_comes_back_stopped_and_starts_again() {
    let mut w = Window::open(LAB, Language::English, false);
    w.click("Start all");
    w.until("bytes come back", |h| h.state().snapshot().counters.rx_bytes > 0);
    let target = |w: &Window| w.0.state().lab().clients[0].target.clone();
    let before = target(&w);
    w.row("Server echo-tcp");
    w.key(Modifiers::NONE, Key::Delete);
    w.until("forgotten", |h| state(h, "echo-tcp").is_none());
    assert_ne!(target(&w), before, "its clients keep the address");
    w.key(Modifiers::COMMAND, Key::Z);
    assert_eq!((target(&w), w.has("Server echo-tcp, stopped")), (before, true));
    assert!(state(&w.0, "echo-tcp").is_none(), "undo starts nothing");

    w.row("Server echo-tcp");
    w.key(Modifiers::COMMAND, Key::Enter);
    w.until("running again", |h| state(h, "echo-tcp") == Some(SessionState::Running));
    w.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    w.until("redone while it runs", |h| state(h, "echo-tcp").is_none());
}

#[test]
fn a_bad_file_is_refused_with_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bad.toml");
    std::fs::write(&path, "name = \"x\"\n[[server]]\nname = \"a\"\ntransport = \"tcp\"\naddress = \"127.0.0.1\"\n").unwrap();
    let start = Start { dialogs: Box::new(FakeDialogs::default()), open: Some(path), ..Start::default() };
    let mut w = Window::start(start, [1_440.0, 900.0]);
    w.until("refused", |h| h.query_all_by_label_contains("A port is missing").next().is_some());
    assert!(w.has("Line 5"));
    w.picture("problem");
    w.click("Close");
    assert_eq!(w.names(), ["echo-tcp", "client"], "the lab before is still there");
}
